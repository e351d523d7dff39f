/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The camera path that knows no future. */
#include "campath.h"

#include <math.h>
#include <string.h>

/* How fast a distance is closed: W/s for each W. Higher covers more and
 * moves more; measured in docs/camera-path.md. */
#define CLOSING 2.1
/* From this distance on, in W, by only so much: what jumps away often comes
 * back. */
#define FAR 0.08
#define CLOSING_FAR 0.9
/* How fast speed is gained, in parts of what is missing a second. */
#define GAINING 14.0
/* A subject that keeps going is led: what its speed, measured over this time,
 * has above this, in W/s, is added so many times. Otherwise the faster it goes
 * the further behind it the window is. */
#define PACE_TIME 0.4
#define FAST 0.18
#define LEAD 2.0
/* The last stretch, as a part of the dead band: the goal is kept there, so
 * that noise cannot hold up the arrival, and it is reached in finite time. */
#define LAST_STRETCH 0.25
/* A target is at rest below this speed, W/s, measured over this time. */
#define QUIET_SPEED 0.005
#define QUIET_TIME 0.5
/* Longer steps are cut into pieces of at most this, so that the path does not
 * depend on the frame rate. */
#define PIECE (1.0 / 60.0)

void
echoel_path_axis_place (EchoelPathAxis * axis, gdouble position)
{
  memset (axis, 0, sizeof *axis);
  axis->position = axis->goal = axis->slow = axis->last = position;
}

void
echoel_path_axis_move (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble speed, gdouble seconds)
{
  gdouble change = limits->max_acceleration * seconds;
  gdouble top = limits->max_speed;
  gdouble before = axis->speed;

  speed = CLAMP (speed, -top, top);
  axis->speed = CLAMP (speed, before - change, before + change);
  axis->position += (before + axis->speed) / 2.0 * seconds;
}

/* Solves way + speed^2 / (2 * acceleration) = distance, where way is that of
 * this step: the mean of both speeds times its length. */
gdouble
echoel_path_braking_speed (gdouble distance, gdouble speed,
    gdouble acceleration, gdouble seconds)
{
  gdouble half = seconds / 2.0;
  gdouble left = distance - speed * half;

  if (left <= 0.0)
    return left / half;
  /* acceleration * (sqrt (half^2 + 2 * left / acceleration) - half), without
   * its cancellation */
  return 2.0 * left / (half + sqrt (half * half + 2.0 * left / acceleration));
}

/* The speed at which @distance, not negative, is closed: in proportion, as
 * far as that brakes within the limits, and in finite time at the end. */
static gdouble
closing_speed (const EchoelPathLimits * limits, gdouble distance)
{
  gdouble a = limits->max_acceleration;
  gdouble bend = a / (CLOSING * CLOSING);
  gdouble stretch = MIN (limits->dead_band * LAST_STRETCH, bend);

  gdouble speed = CLOSING * MIN (distance, FAR)
      + CLOSING_FAR * MAX (distance - FAR, 0.0);

  if (distance < stretch)
    return CLOSING * sqrt (distance * stretch);
  if (distance <= bend)
    return speed;
  return MIN (speed, sqrt (2.0 * a * (distance - bend / 2.0)));
}

/* Rests, follows or finishes? @drift is the target's speed. */
static void
choose_goal (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble wanted, gdouble drift)
{
  gdouble band = limits->dead_band;
  gdouble away = fabs (wanted - axis->position);

  if (axis->settled && fabs (wanted - axis->goal) > band)
    axis->settled = FALSE;
  if (!axis->following && away <= band)
    return;
  if (!axis->following)
    axis->settled = FALSE;
  axis->following = TRUE;
  if (axis->settled)
    return;
  axis->goal = wanted;
  axis->settled = fabs (drift) < QUIET_SPEED && away <= band * LAST_STRETCH;
}

/* Whether a step can end on the goal and at rest: @mean, the speed it takes
 * on average, is one that the acceleration allows between @speed and 0. */
static gboolean
can_land (gdouble mean, gdouble speed, gdouble change)
{
  gdouble part = speed / change;

  return fabs (mean - speed / 2.0) <= change / 4.0 * (1.0 - part * part);
}

/* What a subject adds that runs away from the window. */
static gdouble
leading_speed (const EchoelPathAxis * axis, gdouble side)
{
  return LEAD * MAX (side * axis->pace - FAST, 0.0);
}

static void
approach (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble seconds)
{
  gdouble a = limits->max_acceleration;
  gdouble side = axis->goal >= axis->position ? 1.0 : -1.0;
  gdouble distance = fabs (axis->goal - axis->position);
  gdouble speed = side * axis->speed;
  gdouble next = MIN (closing_speed (limits, distance)
      + leading_speed (axis, side), limits->max_speed);

  if (can_land (distance / seconds, speed, a * seconds)) {
    axis->position = axis->goal;
    axis->speed = 0.0;
    axis->following = !axis->settled;
    return;
  }
  if (next > speed)
    next = speed + (next - speed) * -expm1 (-GAINING * seconds);
  next = MIN (next, echoel_path_braking_speed (distance, speed, a, seconds));
  echoel_path_axis_move (axis, limits, side * next, seconds);
}

/* A jump counts as a step at the window's own top speed: it says nothing of
 * where the subject goes on to. */
static void
measure_pace (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble wanted, gdouble seconds)
{
  gdouble way = limits->max_speed * seconds;
  gdouble speed;

  if (!(way > 0.0))
    return;
  speed = CLAMP (wanted - axis->last, -way, way) / seconds;
  axis->pace += (speed - axis->pace) * -expm1 (-seconds / PACE_TIME);
  axis->last = wanted;
}

void
echoel_path_axis_steer (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble wanted, gdouble seconds)
{
  guint pieces = (guint) ceil (seconds / PIECE - 1e-6), i;
  gdouble drift;

  if (isnan (wanted)) {
    wanted = axis->last = axis->position;
    axis->following = axis->speed != 0.0;
    axis->settled = FALSE;
  }
  axis->slow += (wanted - axis->slow) * -expm1 (-seconds / QUIET_TIME);
  drift = (wanted - axis->slow) / QUIET_TIME;
  measure_pace (axis, limits, wanted, seconds);
  choose_goal (axis, limits, wanted, drift);
  for (i = 0; i < pieces; i++) {
    if (axis->following)
      approach (axis, limits, seconds / pieces);
    else
      echoel_path_axis_move (axis, limits, 0.0, seconds / pieces);
  }
}
