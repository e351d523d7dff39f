/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The camera path that knows no future. */
#include "campath.h"

#include <math.h>
#include <string.h>

/* How fast a distance is closed: W/s for each W. Higher covers more and
 * moves more; measured in docs/camera-path.md. */
#define CLOSING 2.1
/* How fast speed is gained, in parts of what is missing a second. */
#define GAINING 14.0
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
  axis->position = axis->goal = axis->slow = position;
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

  if (distance < stretch)
    return CLOSING * sqrt (distance * stretch);
  if (distance <= bend)
    return CLOSING * distance;
  return sqrt (2.0 * a * (distance - bend / 2.0));
}

/* Rests, follows or finishes? @pace is the target's speed. */
static void
choose_goal (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble wanted, gdouble pace)
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
  axis->settled = fabs (pace) < QUIET_SPEED && away <= band * LAST_STRETCH;
}

/* Whether a step can end on the goal and at rest: @mean, the speed it takes
 * on average, is one that the acceleration allows between @speed and 0. */
static gboolean
can_land (gdouble mean, gdouble speed, gdouble change)
{
  gdouble part = speed / change;

  return fabs (mean - speed / 2.0) <= change / 4.0 * (1.0 - part * part);
}

static void
approach (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble seconds)
{
  gdouble a = limits->max_acceleration;
  gdouble side = axis->goal >= axis->position ? 1.0 : -1.0;
  gdouble distance = fabs (axis->goal - axis->position);
  gdouble speed = side * axis->speed;
  gdouble next = MIN (closing_speed (limits, distance), limits->max_speed);

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

void
echoel_path_axis_steer (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    gdouble wanted, gdouble seconds)
{
  guint pieces = (guint) ceil (seconds / PIECE - 1e-6), i;
  gdouble pace;

  if (isnan (wanted)) {
    wanted = axis->position;
    axis->following = axis->speed != 0.0;
    axis->settled = FALSE;
  }
  axis->slow += (wanted - axis->slow) * -expm1 (-seconds / QUIET_TIME);
  pace = (wanted - axis->slow) / QUIET_TIME;
  choose_goal (axis, limits, wanted, pace);
  for (i = 0; i < pieces; i++) {
    if (axis->following)
      approach (axis, limits, seconds / pieces);
    else
      echoel_path_axis_move (axis, limits, 0.0, seconds / pieces);
  }
}
