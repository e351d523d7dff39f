/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps videorate from making the end of a stream longer than its source. */
#pragma once

#include "front.h"

G_BEGIN_DECLS

typedef struct
{
  const Front *front;           /* not owned */
  GstClockTime end;             /* timestamp at which the last source frame
                                 * ends, where that is known exactly; streaming
                                 * thread only */
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

G_END_DECLS
