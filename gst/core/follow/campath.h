/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One axis of a camera path: inside gst/core, see camerapath.h.
 *
 * All times are in seconds, all positions in source widths. A step never
 * changes the speed by more than the acceleration times its length, and the
 * position by the mean of the speeds before and after. */
#pragma once

#include "camerapath.h"

G_BEGIN_DECLS

/* Samples of the future that a plan looks at, and accelerations it chooses. */
#define ECHOEL_PATH_SAMPLES 36
#define ECHOEL_PATH_KNOTS 10

typedef struct
{
  gdouble position, speed;
  /* Without look-ahead. */
  gboolean following;           /* on the way, not resting */
  gboolean settled;             /* goal stays where it is */
  gdouble goal;
  gdouble slow;                 /* the target, low-passed: is it on the move? */
  gdouble last;                 /* the target of the step before */
  gdouble pace;                 /* its speed, low-passed, jumps left out */
  /* With look-ahead. */
  gdouble outside;              /* seconds away from all that is known */
  gdouble plan[ECHOEL_PATH_KNOTS];      /* where the next search starts */
} EchoelPathAxis;

/* What is known of one axis' future within the scene. */
typedef struct
{
  guint n;                      /* 0: nothing is followed */
  gdouble time[ECHOEL_PATH_SAMPLES];    /* after the last placed frame */
  gdouble weight[ECHOEL_PATH_SAMPLES];  /* seconds it stands for */
  gdouble wanted[ECHOEL_PATH_SAMPLES];
  gdouble low, high, first, last;       /* of all known frames */
  gboolean rising, falling;     /* never the other way */
  gboolean ends;                /* the scene ends with the last frame */
} EchoelPathView;

/* At rest on @position. */
void echoel_path_axis_place (EchoelPathAxis * axis, gdouble position);

/* One step of @seconds towards @wanted, which may be NAN: stop. */
void echoel_path_axis_steer (EchoelPathAxis * axis,
    const EchoelPathLimits * limits, gdouble wanted, gdouble seconds);

/* One step of @seconds along the best way through @view. */
void echoel_path_axis_plan (EchoelPathAxis * axis,
    const EchoelPathLimits * limits, const EchoelPathView * view,
    gdouble seconds);

/* Takes on @speed as far as the limits let it in @seconds, and moves. */
void echoel_path_axis_move (EchoelPathAxis * axis,
    const EchoelPathLimits * limits, gdouble speed, gdouble seconds);

/**
 * echoel_path_braking_speed:
 * @distance: to where it must be possible to stop
 * @speed: now, towards there
 *
 * Returns: the highest speed after @seconds from which that is possible;
 *     negative when it is too late
 */
gdouble echoel_path_braking_speed (gdouble distance, gdouble speed,
    gdouble acceleration, gdouble seconds);

G_END_DECLS
