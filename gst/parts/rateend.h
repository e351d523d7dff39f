/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps videorate from making the end of a stream longer, or shorter, than its
 * source. */
#pragma once

#include "front.h"

G_BEGIN_DECLS

typedef struct
{
  const Front *front;           /* not owned */
  GstClockTime end;             /* timestamp at which the last source frame
                                 * ends, where that is known exactly; streaming
                                 * thread only, as is the rest */
  GstBuffer *picture;           /* the last one that came */
  GstClockTime origin, next;    /* of what leaves: where the count of frames
                                 * began, and where the next would stand */
  gint fps_n, fps_d;
  gboolean ending;              /* the source has ended */
} RateEnd;

/**
 * rate_end_init:
 * @end: outlives the elements
 * @front: what stands in front of them, now or later
 * @rate: a videorate
 * @behind: the element behind it
 *
 * Watches both; before anything streams.
 */
void rate_end_init (RateEnd * end, const Front * front, GstElement * rate,
    GstElement * behind);

/* After a flush, or when nothing streams: the stream is another from now on. */
void rate_end_forget (RateEnd * end);

G_END_DECLS
