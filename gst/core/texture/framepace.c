/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "framepace.h"

/* A compositor's frames come early and late by some milliseconds: one counts
 * as missed when it is this part of a frame overdue. */
#define PATIENCE(length) ((length) / 2)

void
echoel_frame_pace_reset (EchoelFramePace * pace)
{
  pace->started = FALSE;
  pace->last = pace->came = 0;
  pace->length = GST_CLOCK_TIME_NONE;
  pace->shift = 0;
}

/* Returns: how long a frame lasts that does not say so, NONE = nobody knows */
static GstClockTime
usual_length (const EchoelFramePace * pace)
{
  return GST_CLOCK_TIME_IS_VALID (pace->period) ? pace->period : pace->length;
}

/* The caller's timestamps with a new timeline's shift; never before 0. */
static GstClockTime
shifted (const EchoelFramePace * pace, GstClockTime pts)
{
  if (pace->shift < 0 && pts < (GstClockTime) - pace->shift)
    return 0;
  return pts + pace->shift;
}

EchoelPaceVerdict
echoel_frame_pace_show (EchoelFramePace * pace, GstClockTime * pts,
    GstClockTime * duration, GstClockTime now)
{
  EchoelPaceVerdict verdict = ECHOEL_PACE_SHOW;
  GstClockTime time = GST_CLOCK_TIME_IS_VALID (*pts)
      ? shifted (pace, *pts) : now;

  if (pace->started && time <= pace->last) {
    if (!GST_CLOCK_TIME_IS_VALID (*pts)
        || pace->last - time < ECHOEL_PACE_NEW_TIMELINE)
      return ECHOEL_PACE_LATE;
    verdict = ECHOEL_PACE_SHOW_NEW_TIMELINE;
    time = MAX (now, pace->last + 1);
    pace->shift = GST_CLOCK_DIFF (*pts, time);
  }
  if (!GST_CLOCK_TIME_IS_VALID (*duration) || *duration == 0)
    *duration = pace->period;
  pace->started = TRUE;
  pace->last = *pts = time;
  pace->length = *duration;
  pace->came = now;
  return verdict;
}

GstClockTime
echoel_frame_pace_deadline (const EchoelFramePace * pace)
{
  GstClockTime length = usual_length (pace);

  if (!pace->started || pace->idle == ECHOEL_IDLE_WAIT
      || !GST_CLOCK_TIME_IS_VALID (length))
    return GST_CLOCK_TIME_NONE;
  return pace->came + length + PATIENCE (length);
}

void
echoel_frame_pace_fill (EchoelFramePace * pace, GstClockTime * pts,
    GstClockTime * duration)
{
  GstClockTime length = usual_length (pace);

  *pts = pace->last + length;
  *duration = length;
  pace->last = *pts;
  pace->came += length;
}

GstClockTime
echoel_frame_pace_latency (const EchoelFramePace * pace)
{
  GstClockTime length = usual_length (pace);

  if (pace->idle == ECHOEL_IDLE_WAIT || !GST_CLOCK_TIME_IS_VALID (length))
    return 0;
  return PATIENCE (length);
}
