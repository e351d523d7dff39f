/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decides about the bitrate of a sender: ours, and what others do. */
#pragma once

#include "ratearbiter.h"
#include "sender.h"

#define CONTROL_SENT 512

typedef enum
{
  CONTROL_ECHOEL,
  CONTROL_OBS,                  /* its dynamic bitrate */
  CONTROL_FIXED
} ControlKind;

typedef struct
{
  gdouble begun, entered;       /* seconds */
  gdouble size;                 /* bytes */
} SentFrame;

typedef struct
{
  ControlKind kind;
  guint best, floor, audio;     /* kbit/s */
  guint changes;                /* asked of the encoder so far */
  EchoelCapacity capacity;
  EchoelRateArbiter *arbiter;
  EchoelCapacityReport report;
  /* OBS */
  SentFrame sent[CONTROL_SENT];
  guint64 n_sent, first_sent, seen;
  gdouble bitrate, previous;    /* kbit/s */
  gdouble raise_at;             /* seconds, 0: not */
} Control;

void control_init (Control * control, ControlKind kind, guint best,
    guint floor, guint audio);
void control_clear (Control * control);

/* After each step of @sender. */
void control_step (Control * control, Sender * sender);
