/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the threads that push and the one that streams: textures that wait,
 * who waits for them, and the counts. Any thread unless said otherwise. */
#pragma once

#include "framequeue.h"
#include "texturebackend.h"

G_BEGIN_DECLS

typedef struct _TextureFeed TextureFeed;

typedef enum
{
  TEXTURE_COUNT_PUSHED,         /* taken from the application */
  TEXTURE_COUNT_REFUSED,        /* not taken: not a texture */
  TEXTURE_COUNT_DROPPED_FULL,   /* the queue was full */
  TEXTURE_COUNT_DROPPED_LATE,   /* its time had been shown */
  TEXTURE_COUNT_DROPPED_GONE,   /* was no texture any more */
  TEXTURE_COUNT_DROPPED_UNFIT,  /* what follows takes no such texture */
  TEXTURE_COUNT_DROPPED_STOPPED,        /* the stream ended before its turn */
  TEXTURE_COUNT_REPEATED,
  TEXTURE_COUNT_GAPS,
  TEXTURE_COUNT_COPIED_BYTES,   /* by the processor, to pack rows */
  TEXTURE_N_COUNTS
} TextureCount;

typedef enum
{
  TEXTURE_NEXT_STOP,            /* flushing */
  TEXTURE_NEXT_AGAIN,           /* poked: the caller looks around and waits on */
  TEXTURE_NEXT_END,             /* ended, and nothing waits */
  TEXTURE_NEXT_FRAME,
  TEXTURE_NEXT_DEADLINE         /* has passed, nothing came */
} TextureNext;

TextureFeed *texture_feed_new (void);
void texture_feed_free (TextureFeed * feed);

/* Closes the feed, counts from zero, takes textures. */
void texture_feed_open (TextureFeed * feed);

/* Drops what waits and takes nothing more; whoever waits is woken. */
void texture_feed_close (TextureFeed * feed);

/* While flushing, texture_feed_wait() returns at once. */
void texture_feed_set_flushing (TextureFeed * feed, gboolean flushing);

/* Lets texture_feed_wait() return, now or when it is called next. */
void texture_feed_poke (TextureFeed * feed);

/* Takes nothing more. With @drop what waits is dropped, too. */
void texture_feed_end (TextureFeed * feed, gboolean drop);

void texture_feed_set_limits (TextureFeed * feed, guint limit,
    EchoelQueuePolicy policy);

/* Returns: what texture_feed_push() would, %GST_FLOW_OK, %GST_FLOW_FLUSHING
 *     or %GST_FLOW_EOS; spares the caller to read the texture */
GstFlowReturn texture_feed_check (TextureFeed * feed);

/**
 * texture_feed_push:
 * @frame: (transfer full): also when it is not taken
 *
 * Waits for room with %ECHOEL_QUEUE_BLOCK, but never while this thread gives
 * a texture back: then the queue grows.
 *
 * Returns: %GST_FLOW_OK when the texture was taken, if only to be dropped:
 *     then its owner is told; else the texture stays its owner's
 */
GstFlowReturn texture_feed_push (TextureFeed * feed, TextureFrame * frame);

/* Whether a texture has ever been taken. */
gboolean texture_feed_has_started (TextureFeed * feed);

/**
 * texture_feed_wait:
 * @take: whether frames, the end and @deadline count; else only a flush or a
 *     poke ends the wait
 * @clock: (nullable): without one, @deadline is not waited for
 * @deadline: clock time, NONE = none
 * @frame: (out): (transfer full): for TEXTURE_NEXT_FRAME
 *
 * Streaming thread.
 */
TextureNext texture_feed_wait (TextureFeed * feed, gboolean take,
    GstClock * clock, GstClockTime deadline, TextureFrame ** frame);

/* Counts @n of @what; for drops use texture_feed_drop(). */
void texture_feed_count (TextureFeed * feed, TextureCount what, guint64 n);

/* Counts @frame as dropped for @why and gives its texture back. */
void texture_feed_drop (TextureFeed * feed, TextureFrame * frame,
    TextureCount why);

/* The texture @frame leaves now: for the latency. Frees @frame. */
void texture_feed_shown (TextureFeed * feed, TextureFrame * frame);

/* Adds the fields of the property "stats". */
void texture_feed_get_stats (TextureFeed * feed, GstStructure * stats);

/* Frees @frame, giving the texture back when nothing else holds it. */
void texture_frame_free (TextureFrame * frame);

G_END_DECLS
