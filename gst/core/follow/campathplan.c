/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The camera path that knows some of the future.
 *
 * For each frame it plans from where the window is through all that is known:
 * the accelerations that make the sum of misses over time, plus the sum of
 * absolute accelerations, smallest. Only the first step of a plan is taken.
 * The absolute value, unlike a square, leaves most accelerations at exactly
 * zero: the window moves steadily and changes its mind seldom. */
#include "campath.h"

#include <math.h>

/* Numbers without a unit or a reason below are measured: docs/camera-path.md
 * has the table. */

/* Weighs acceleration (W/s^2) against squared misses (W^2). */
#define CALM 0.0175
/* ... in proportion to the known future up to this much of it, s: with less,
 * the gain of a move is not seen to its end. */
#define CALM_LOOKAHEAD 0.67
/* A miss beyond this, in W, grows only in proportion: a target that jumps
 * away and comes back is not worth a move. */
#define FAR_MISS 0.23
/* ... and a little more than that, so that no distance is ignored. */
#define FAR_GROWTH 0.028
/* After what is known the target is taken to stay where it is, for this
 * long, and to count that much at first and less and less later. */
#define EXTENSION 0.87
#define EXTENSION_WEIGHT 0.56
#define EXTENSION_DECAY 1.03
#define EXTENSION_SAMPLES 12
/* The first acceleration is held for this long, in s; the next ones for
 * longer and longer. */
#define FIRST_KNOT 0.077
#define KNOT_GROWTH 2.11
/* A window this slow (W/s) is stopped, this gently (W/s^2), where it then
 * needs no move for all that is known. */
#define STOP_SPEED 0.01
#define STOP_ACCELERATION 0.29
/* ... by this part of the dead band, so that it does not stop and go, and
 * where the target goes nowhere (W/s). */
#define STOP_BAND 0.5
#define STOP_DRIFT 0.005

/* When all that is known stays outside the dead band, calm is halved after
 * this long, in s: short look-aheads would otherwise never see a gain. */
#define PATIENCE 0.5

#define SWEEPS 8
#define PRECISION 1e-4          /* W/s^2 */
#define SAMPLES (ECHOEL_PATH_SAMPLES + EXTENSION_SAMPLES)

typedef struct
{
  guint n_samples, n_knots;
  gdouble calm;                 /* weight of accelerations */
  gdouble time[SAMPLES], weight[SAMPLES];
  gdouble miss[SAMPLES];        /* with the accelerations so far */
  gdouble reach[ECHOEL_PATH_KNOTS][SAMPLES];    /* of 1 W/s^2, in W */
  guint first[ECHOEL_PATH_KNOTS];       /* sample with a reach */
  gdouble length[ECHOEL_PATH_KNOTS];    /* seconds */
} Plan;

/* How far 1 W/s^2 from @start for @length has led at @time. */
static gdouble
reach (gdouble time, gdouble start, gdouble length)
{
  gdouble on = CLAMP (time - start, 0.0, length);

  return on * on / 2.0 + on * MAX (time - start - length, 0.0);
}

/* How long nothing that is known has been near enough to the window. */
static void
count_outside (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    const EchoelPathView * view, gdouble seconds)
{
  gdouble band = limits->dead_band;
  gboolean outside = view->n > 0 && (view->low > axis->position + band
      || view->high < axis->position - band);

  axis->outside = outside ? axis->outside + seconds : 0.0;
}

static void
add_sample (Plan * plan, const EchoelPathAxis * axis, gdouble time,
    gdouble weight, gdouble wanted)
{
  guint i = plan->n_samples++;

  plan->time[i] = time;
  plan->weight[i] = weight;
  plan->miss[i] = axis->position + axis->speed * time - wanted;
}

static void
add_samples (Plan * plan, const EchoelPathAxis * axis,
    const EchoelPathView * view)
{
  gdouble piece = EXTENSION / EXTENSION_SAMPLES;
  gdouble end = view->time[view->n - 1];
  guint i;

  for (i = 0; i < view->n; i++)
    add_sample (plan, axis, view->time[i], view->weight[i], view->wanted[i]);
  for (i = 0; i < EXTENSION_SAMPLES && !view->ends; i++) {
    gdouble after = (i + 1) * piece;

    add_sample (plan, axis, end + after,
        piece * EXTENSION_WEIGHT * exp (-after / EXTENSION_DECAY), view->last);
  }
}

/* The first knot lasts as long as the step, so that it is all of the step. */
static void
add_knots (Plan * plan, gdouble seconds)
{
  gdouble end = plan->time[plan->n_samples - 1], start = 0.0;
  gdouble length = MAX (FIRST_KNOT, seconds);
  guint i;

  while (plan->n_knots < ECHOEL_PATH_KNOTS && start < end) {
    guint k = plan->n_knots++;

    plan->length[k] = MIN (length, end - start);
    for (i = 0; i < plan->n_samples; i++)
      plan->reach[k][i] = reach (plan->time[i], start, plan->length[k]);
    for (i = 0; i < plan->n_samples && plan->reach[k][i] <= 0.0;)
      i++;
    plan->first[k] = i;
    start += length;
    length *= KNOT_GROWTH;
  }
}

/* Changes one acceleration and with it all later misses. */
static void
change (Plan * plan, guint knot, gdouble * acceleration, gdouble value)
{
  gdouble difference = value - *acceleration;
  guint i;

  *acceleration = value;
  for (i = plan->first[knot]; i < plan->n_samples; i++)
    plan->miss[i] += difference * plan->reach[knot][i];
}

/* The best value of one acceleration, all others left as they are: a Newton
 * step, then towards zero by what an acceleration costs. */
static gdouble
best (const Plan * plan, guint knot, gdouble acceleration, gdouble limit)
{
  gdouble slope = 0.0, bend = 0.0, value, calm;
  guint i;

  for (i = plan->first[knot]; i < plan->n_samples; i++) {
    gdouble miss = plan->miss[i];
    gdouble part = plan->weight[i] * plan->reach[knot][i];
    gboolean near = fabs (miss) < FAR_MISS;

    slope += part * (CLAMP (miss, -FAR_MISS, FAR_MISS) + FAR_GROWTH * miss);
    bend += part * plan->reach[knot][i] * ((near ? 1.0 : 0.0) + FAR_GROWTH);
  }
  bend = MAX (bend, 1e-9);
  value = acceleration - slope / bend;
  calm = plan->calm * plan->length[knot] / bend;
  value = value > 0.0 ? MAX (value - calm, 0.0) : MIN (value + calm, 0.0);
  return CLAMP (value, -limit, limit);
}

/* The acceleration to begin with. */
static gdouble
solve (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    const EchoelPathView * view, gdouble seconds)
{
  gdouble limit = limits->max_acceleration, moved;
  guint sweep, k;
  Plan plan;

  plan.n_samples = plan.n_knots = 0;
  plan.calm = CALM / (1.0 + axis->outside / PATIENCE);
  if (!view->ends)
    plan.calm *= MIN (view->time[view->n - 1] / CALM_LOOKAHEAD, 1.0);
  add_samples (&plan, axis, view);
  add_knots (&plan, seconds);
  /* The last frame's plan is a good guess. */
  for (k = 0; k < plan.n_knots; k++) {
    gdouble guess = CLAMP (axis->plan[k], -limit, limit);

    axis->plan[k] = 0.0;
    change (&plan, k, &axis->plan[k], guess);
  }
  for (sweep = 0; sweep < SWEEPS; sweep++) {
    moved = 0.0;
    for (k = 0; k < plan.n_knots; k++) {
      gdouble value = best (&plan, k, axis->plan[k], limit);

      moved = MAX (moved, fabs (value - axis->plan[k]));
      change (&plan, k, &axis->plan[k], value);
    }
    if (moved < PRECISION)
      break;
  }
  return axis->plan[0];
}

/* Whether the window may rest where it would stop now: a person behind the
 * camera would not touch it. A target that drifts on is no reason to stop. */
static gboolean
may_rest (const EchoelPathAxis * axis, const EchoelPathLimits * limits,
    const EchoelPathView * view)
{
  gdouble gentle = MIN (STOP_ACCELERATION, limits->max_acceleration);
  gdouble speed = axis->speed, band = limits->dead_band;
  gdouble stop = axis->position + speed * fabs (speed) / (2.0 * gentle);
  gdouble drift = fabs (view->last - view->first);

  if (speed != 0.0) {
    if (drift > STOP_DRIFT * view->time[view->n - 1])
      return FALSE;
    band *= STOP_BAND;
  }
  return fabs (speed) <= STOP_SPEED && view->low >= stop - band
      && view->high <= stop + band;
}

/* @speed, but never back while the target only goes on, and never faster than
 * can be stopped within what a plan sees. */
static gdouble
careful (const EchoelPathAxis * axis, const EchoelPathLimits * limits,
    const EchoelPathView * view, gdouble speed)
{
  gdouble top = limits->max_acceleration * EXTENSION;

  if (view->rising && axis->position <= view->high)
    speed = MAX (speed, 0.0);
  if (view->falling && axis->position >= view->low)
    speed = MIN (speed, 0.0);
  return CLAMP (speed, -top, top);
}

void
echoel_path_axis_plan (EchoelPathAxis * axis, const EchoelPathLimits * limits,
    const EchoelPathView * view, gdouble seconds)
{
  gdouble gentle = MIN (STOP_ACCELERATION, limits->max_acceleration) * seconds;
  gdouble speed = axis->speed;

  if (seconds <= 0.0)
    return;
  count_outside (axis, limits, view, seconds);
  if (view->n == 0 || may_rest (axis, limits, view)) {
    speed = CLAMP (0.0, speed - gentle, speed + gentle);
  } else {
    speed += solve (axis, limits, view, seconds) * seconds;
    speed = careful (axis, limits, view, speed);
  }
  echoel_path_axis_move (axis, limits, speed, seconds);
}
