/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A short queue of frames, and what it does when it is full.
 *
 * It holds pointers and never looks at them. No lock: the caller has one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_QUEUE_DROP_OLDEST,     /* the newest picture counts */
  ECHOEL_QUEUE_DROP_NEWEST,     /* what waits goes first */
  ECHOEL_QUEUE_BLOCK            /* whoever brings a frame waits for room */
} EchoelQueuePolicy;

typedef enum
{
  ECHOEL_QUEUE_TAKE,            /* there is room: push it */
  ECHOEL_QUEUE_DROP_FIRST,      /* pop one, drop it, ask again */
  ECHOEL_QUEUE_REFUSE,          /* drop the one that comes */
  ECHOEL_QUEUE_WAIT             /* ask again when one has been popped */
} EchoelQueueVerdict;

/* Zero-initialized it is empty and takes one frame at a time. */
typedef struct
{
  GQueue frames;
  guint limit;                  /* 0 counts as 1 */
  EchoelQueuePolicy policy;
} EchoelFrameQueue;

/* What to do with a frame that comes now. */
EchoelQueueVerdict echoel_frame_queue_ask (const EchoelFrameQueue * queue);

/* Adds @frame, also above the limit. */
void echoel_frame_queue_push (EchoelFrameQueue * queue, gpointer frame);

/* Returns: (transfer full) (nullable): the frame that has waited longest */
gpointer echoel_frame_queue_pop (EchoelFrameQueue * queue);

guint echoel_frame_queue_length (const EchoelFrameQueue * queue);

/**
 * echoel_frame_queue_steal:
 * @frames: (out caller-allocates): an empty queue that gets all frames
 *
 * Empties the queue, so that the caller can let go of the frames without
 * its lock.
 *
 * Returns: how many there were
 */
guint echoel_frame_queue_steal (EchoelFrameQueue * queue, GQueue * frames);

G_END_DECLS
