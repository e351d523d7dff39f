/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line of time for a stream whose sources start over, jump or have a frame
 * with a wrong time: what comes out goes on without a step, and both tracks
 * stay together. Every limit behind it may then trust the times.
 * Pure: the clock comes in. Not thread safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean seen;
  gint64 last;                  /* newest time that came out, ns */
  gint64 at;                    /* when that was, ns of the clock */
  gint64 offset;                /* what is added to times, ns */
  gint64 before;                /* the offset before that one */
} EchoelTimelineTrack;

/* All zero is a fresh one. */
typedef struct
{
  EchoelTimelineTrack video, audio;
  guint64 jumps;                /* so far */
} EchoelTimeline;

/**
 * echoel_timeline_map:
 * @video: which track the frame is of
 * @now: of a monotonic clock, ns: a pause that the clock has seen is true
 * @dts: (inout): time of decoding, ns; comes out no earlier than the one before
 * @pts: (inout): time of showing, ns; moved as far
 */
void echoel_timeline_map (EchoelTimeline * timeline, gboolean video,
    gint64 now, gint64 * dts, gint64 * pts);

G_END_DECLS
