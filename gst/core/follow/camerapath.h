/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a window of fixed size should be, frame by frame, so that it shows
 * what is followed and moves as a calm camera operator would.
 *
 * Positions are those of the window's centre, in source widths on both axes:
 * the middle of a 16:9 picture is 0.5, 0.28125. Speeds are source widths a
 * second. No clock and no thread: the time is that of the frames. A path
 * belongs to one thread at a time; docs/camera-path.md explains the method.*/
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Measured in docs/camera-path.md. */
#define ECHOEL_PATH_MAX_SPEED 0.4       /* W/s */
#define ECHOEL_PATH_MAX_ACCELERATION 1.0        /* W/s^2 */
#define ECHOEL_PATH_DEAD_BAND 0.04      /* W */

/* The longest look-ahead; a longer one is cut to this. */
#define ECHOEL_PATH_MAX_LOOKAHEAD (10 * GST_SECOND)

typedef struct _EchoelCameraPath EchoelCameraPath;

typedef struct
{
  gdouble x, y;
} EchoelPathPoint;

/* Where the centre may be: it depends on the size of the window. */
typedef struct
{
  EchoelPathPoint min, max;
} EchoelPathRange;

/* Values that are not numbers, or not above zero, count as the default; a
 * dead band of zero is fine. */
typedef struct
{
  gdouble max_speed;            /* W/s */
  gdouble max_acceleration;     /* W/s^2 */
  gdouble dead_band;            /* W, either side of a resting window */
} EchoelPathLimits;

/* What is wanted of one frame. */
typedef struct
{
  EchoelPathPoint wanted;       /* where the centre would best be */
  gboolean valid;               /* wanted is known; not finite: unknown */
  gboolean cut;                 /* a new scene starts with this very frame */
} EchoelPathTarget;

/**
 * echoel_camera_path_new:
 * @limits: (nullable): the limits, NULL for the defaults
 * @lookahead: how much of the future is known before a frame is placed, to
 *     the nearest frame; 0 = each frame is placed at once
 *
 * Returns: (transfer full): a path without frames
 */
EchoelCameraPath *echoel_camera_path_new (const EchoelPathLimits * limits,
    GstClockTime lookahead);

void echoel_camera_path_free (EchoelCameraPath * path);

/* Forgets all frames and where the window was: the next one is the first. */
void echoel_camera_path_reset (EchoelCameraPath * path);

/* From the next placed frame on. The window never jumps for it: when it is
 * faster than the new limit, it brakes. */
void echoel_camera_path_set_limits (EchoelCameraPath * path,
    const EchoelPathLimits * limits);

/* As in echoel_camera_path_new(); fewer or more frames wait from now on. */
void echoel_camera_path_set_lookahead (EchoelCameraPath * path,
    GstClockTime lookahead);

/**
 * echoel_camera_path_push:
 * @pts: time of the frame. One that is not after the last one leaves the
 *     window where it is; one that is unknown counts as one frame later
 * @target: what is followed there. Where it is unknown, its last place in the
 *     same scene counts, and before there is one the window rests
 * @range: where the centre may be
 *
 * Adds a frame. The first one, and each that starts a scene, is placed on its
 * target at once, without a move.
 */
void echoel_camera_path_push (EchoelCameraPath * path, GstClockTime pts,
    const EchoelPathTarget * target, const EchoelPathRange * range);

/* No frame follows: all that wait are placed. Frames may be pushed again. */
void echoel_camera_path_flush (EchoelCameraPath * path);

/**
 * echoel_camera_path_pull:
 * @pts: (out) (optional): the time of the frame, as it was pushed
 * @centre: (out): where the window's centre is, always inside its range
 *
 * Takes the next frame, in the order in which they were pushed.
 *
 * Returns: FALSE when none is placed yet
 */
gboolean echoel_camera_path_pull (EchoelCameraPath * path,
    GstClockTime * pts, EchoelPathPoint * centre);

/* How many frames were pushed and not yet pulled. */
guint echoel_camera_path_get_pending (EchoelCameraPath * path);

G_END_DECLS
