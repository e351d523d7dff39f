/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline.h"

#define MS G_GINT64_CONSTANT (1000000)

/* A step forward that neither the clock nor the other track has seen, and one
 * backward, are jumps when they are longer. */
#define FORWARD (1000 * MS)
#define BACKWARD (500 * MS)

/* How far a track may begin from the other. */
#define APART (10000 * MS)

/* What comes first after a jump comes so much later than the last. */
#define STEP (20 * MS)

/* Whether @time is where the other track is, or would be by now. */
static gboolean
is_beside (const EchoelTimelineTrack * other, gint64 time, gint64 now,
    gint64 apart)
{
  return other->seen && time >= other->last - apart
      && time <= other->last + (now - other->at) + apart;
}

static gboolean
is_likely (const EchoelTimelineTrack * track,
    const EchoelTimelineTrack * other, gint64 time, gint64 now)
{
  if (!track->seen)
    return !other->seen || is_beside (other, time, now, APART);
  if (time < track->last - BACKWARD)
    return FALSE;
  return time <= track->last + (now - track->at) + FORWARD
      || is_beside (other, time, now, FORWARD);
}

/* The offset that makes sense of @time: the one in use, that of the other
 * track, which may have jumped first, or the one before, when a single frame
 * was wrong; else a new one, behind all that there was. */
static gint64
choose_offset (EchoelTimeline * timeline, const EchoelTimelineTrack * track,
    const EchoelTimelineTrack * other, gint64 time, gint64 now)
{
  gint64 known[] = { track->offset, other->offset, track->before };
  gint64 newest = track->seen ? track->last : other->last;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (known); i++)
    if (is_likely (track, other, time + known[i], now))
      return known[i];
  timeline->jumps++;
  if (other->seen)
    newest = MAX (newest, other->last);
  return newest + STEP - time;
}

void
echoel_timeline_map (EchoelTimeline * timeline, gboolean video, gint64 now,
    gint64 * dts, gint64 * pts)
{
  EchoelTimelineTrack *track = video ? &timeline->video : &timeline->audio;
  EchoelTimelineTrack *other = video ? &timeline->audio : &timeline->video;
  gint64 offset = choose_offset (timeline, track, other, *dts, now);

  if (offset != track->offset)
    track->before = track->offset;
  track->offset = offset;
  *dts += offset;
  *pts += offset;
  if (track->seen)
    *dts = MAX (*dts, track->last);
  track->last = *dts;
  track->at = now;
  track->seen = TRUE;
}
