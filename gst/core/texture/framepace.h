/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When frames of a live source are shown, and what fills the time when one
 * does not come.
 *
 * Two times are kept apart: the timestamps, which are the caller's, and when
 * frames came in, by the pipeline's clock. Whether a frame is missed is a
 * question of the second alone, so a caller whose timestamps run ahead or
 * behind is treated like any other. All times are running times in ns. Pure:
 * the caller brings the time, and a lock. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A timestamp that goes back by this much starts a new timeline; by less, the
 * frame is late. */
#define ECHOEL_PACE_NEW_TIMELINE GST_SECOND

typedef enum
{
  ECHOEL_IDLE_REPEAT,           /* the last frame again */
  ECHOEL_IDLE_GAP,              /* say that nothing comes */
  ECHOEL_IDLE_WAIT              /* nothing */
} EchoelIdle;

typedef enum
{
  ECHOEL_PACE_SHOW,
  ECHOEL_PACE_SHOW_NEW_TIMELINE,        /* went back far: placed at now */
  ECHOEL_PACE_LATE              /* its time has been shown already: drop it */
} EchoelPaceVerdict;

typedef struct
{
  EchoelIdle idle;
  GstClockTime period;          /* of the negotiated rate, NONE = unknown */

  /* Private. */
  gboolean started;
  GstClockTime last;            /* timestamp shown last */
  GstClockTime length;          /* how long that frame lasts, NONE = unknown */
  GstClockTime came;            /* when it came, or should have come */
  GstClockTimeDiff shift;       /* added to the caller's timestamps */
} EchoelFramePace;

/* Nothing has been shown yet; @pace keeps its idle and period. */
void echoel_frame_pace_reset (EchoelFramePace * pace);

/**
 * echoel_frame_pace_show:
 * @pts: (inout): the caller's timestamp, NONE = @now; gets the time to show it
 * @duration: (inout): the caller's, NONE = unknown; gets the period then
 * @now: when the frame came
 *
 * Places a frame. Timestamps that reach downstream always rise.
 */
EchoelPaceVerdict echoel_frame_pace_show (EchoelFramePace * pace,
    GstClockTime * pts, GstClockTime * duration, GstClockTime now);

/**
 * echoel_frame_pace_deadline:
 *
 * Returns: when echoel_frame_pace_fill() is due unless a frame comes before;
 *     NONE = never
 */
GstClockTime echoel_frame_pace_deadline (const EchoelFramePace * pace);

/**
 * echoel_frame_pace_fill:
 * @pts: (out): of the frame or gap that fills the time
 * @duration: (out): its length
 *
 * To be called when the deadline has passed, once for each missing frame.
 */
void echoel_frame_pace_fill (EchoelFramePace * pace, GstClockTime * pts,
    GstClockTime * duration);

/* How long after its timestamp a frame that fills the time can leave. */
GstClockTime echoel_frame_pace_latency (const EchoelFramePace * pace);

G_END_DECLS
