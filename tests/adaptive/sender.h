/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A relay and a connection: what happens to each frame on its way to one
 * destination. */
#pragma once

#include "encoder.h"
#include "path.h"

#define SENDER_FRAMES 8192

typedef struct
{
  gdouble size, left;           /* bytes, and of them not in the socket */
  gdouble audio;                /* bytes of them, that are never dropped */
  gdouble end;                  /* of it, in bytes the socket accepted */
  guint64 step;                 /* when it was encoded */
  guint64 begun;                /* when it came to the socket; 0: not yet */
  guint64 entered;              /* when all of it was in the socket */
  gboolean key, dropped;
} Frame;

typedef struct
{
  gboolean drops;               /* frames are lost before the delay grows */
  Path path;
  guint64 step;
  gdouble beyond;               /* seconds behind the relay, as is believed */
  guint64 n_frames;             /* that came so far */
  gboolean key_needed;
  guint64 key_asked_at;         /* step, 0: never */
  Frame frames[SENDER_FRAMES];  /* by number */
  guint64 head;                 /* the first that is not all in the socket */
  guint64 arrived;              /* the first that has not arrived */
  gdouble offered;              /* bytes so far */
  guint64 lost;                 /* frames so far */
} Sender;

void sender_init (Sender * sender, gboolean drops, const PathSettings * path);

/* Returns: whether a key frame is needed at once */
gboolean sender_push (Sender * sender, const EncodedFrame * frame);

/* The two halves of a step: before and after the bottleneck served it.
 * @space: see path_send(). */
void sender_send (Sender * sender, gdouble space);
void sender_arrive (Sender * sender);

/* Bytes in the relay. */
gdouble sender_waiting (const Sender * sender);

/* Seconds for which the oldest frame that has not arrived has waited. */
gdouble sender_delay (const Sender * sender);

/* Seconds of video in the relay. */
gdouble sender_queued (const Sender * sender);
