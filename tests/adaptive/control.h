/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decides about the bitrate of a stream: ours, and what others do, who
 * know of one destination only. */
#pragma once

#include "ratearbiter.h"
#include "stream.h"

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
  EchoelCapacity capacities[STREAM_SENDERS];
  EchoelRateArbiter *arbiter;
  EchoelRateDecision decision;
  /* OBS */
  SentFrame sent[CONTROL_SENT];
  guint64 n_sent, first_sent, seen;
  gdouble bitrate, previous;    /* kbit/s */
  gdouble raise_at;             /* seconds, 0: not */
} Control;

/* @n: destinations */
void control_init (Control * control, ControlKind kind, guint best,
    guint floor, guint audio, guint n);
void control_clear (Control * control);

/* Whether a destination has a say. */
gboolean control_votes (const Control * control, guint destination);

/* After each step of @stream. */
void control_step (Control * control, Stream * stream);
