/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The camera path: calm, in time, and never outside. */
#include <gst/check/gstcheck.h>
#include <math.h>

#include "camerapath.h"

#define FPS 30
#define FRAME (GST_SECOND / FPS)
#define LONGEST 4000
/* What rounding may add to a position, a speed, an acceleration. */
#define TINY 1e-9
#define SLACK 1e-6
#define WIDTH 1920.0            /* of a source, for what is said in pixels */

static const EchoelPathLimits usual = { 0.4, 1.0, 0.04 };
static const EchoelPathRange wide = { {0.15, 0.1}, {0.85, 0.45} };

static const GstClockTime lookaheads[] = { 0, 300 * GST_MSECOND,
  670 * GST_MSECOND, 2 * GST_SECOND
};

static gdouble centres[LONGEST];

static EchoelPathTarget
target_at (gdouble x)
{
  EchoelPathTarget target = { {x, 0.28}, TRUE, FALSE };

  return target;
}

/* The path of @n targets at FPS into centres. */
static void
run_path (const EchoelPathLimits * limits, GstClockTime lookahead,
    const EchoelPathTarget * targets, guint n)
{
  EchoelCameraPath *path = echoel_camera_path_new (limits, lookahead);
  EchoelPathPoint centre;
  GstClockTime pts;
  guint i, done = 0;

  for (i = 0; i <= n; i++) {
    if (i < n)
      echoel_camera_path_push (path, i * FRAME, &targets[i], &wide);
    else
      echoel_camera_path_flush (path);
    while (echoel_camera_path_pull (path, &pts, &centre)) {
      fail_unless_equals_uint64 (pts, done * FRAME);
      centres[done++] = centre.x;
    }
  }
  fail_unless_equals_int (done, n);
  fail_unless_equals_int (echoel_camera_path_get_pending (path), 0);
  echoel_camera_path_free (path);
}

/* Speed of the step to frame @i. */
static gdouble
speed_at (guint i)
{
  return i == 0 ? 0.0 : (centres[i] - centres[i - 1]) * FPS;
}

static void
check_limits (const EchoelPathLimits * limits, guint from, guint to)
{
  guint i;

  for (i = from; i < to; i++) {
    gdouble change = fabs (speed_at (i) - speed_at (i - 1)) * FPS;

    fail_unless (fabs (speed_at (i)) <= limits->max_speed + SLACK,
        "speed %g at %u", speed_at (i), i);
    fail_unless (change <= limits->max_acceleration + SLACK,
        "acceleration %g at %u", change, i);
  }
}

/* A second at 0.2, then at 0.2 + @step. */
static void
make_step (EchoelPathTarget * targets, guint n, gdouble step)
{
  guint i;

  for (i = 0; i < n; i++)
    targets[i] = target_at (i < FPS ? 0.2 : 0.2 + step);
}

static const EchoelPathLimits many_limits[] = {
  {0.1, 0.05, 0.04}, {0.4, 0.2, 0.04}, {0.4, 1.0, 0.04}, {0.3, 0.6, 0.0},
  {1.0, 2.0, 0.1}, {0.05, 3.0, 0.05}
};

static const gdouble steps[] = { 0.11, 0.3, 0.6 };

GST_START_TEST (test_step_lands_without_overshoot_when_causal)
{
  static EchoelPathTarget targets[900];
  guint l, s, i;

  for (l = 0; l < G_N_ELEMENTS (many_limits); l++) {
    for (s = 0; s < G_N_ELEMENTS (steps); s++) {
      make_step (targets, 900, steps[s]);
      run_path (&many_limits[l], 0, targets, 900);
      check_limits (&many_limits[l], 1, 900);
      for (i = 0; i < FPS; i++)
        fail_unless (centres[i] == 0.2);
      for (i = 1; i < 900; i++) {
        fail_unless (centres[i] >= centres[i - 1], "back at %u", i);
        fail_unless (centres[i] <= 0.2 + steps[s] + TINY, "over at %u", i);
      }
      fail_unless (fabs (centres[899] - 0.2 - steps[s]) < TINY,
          "%u, %u: ends at %g", l, s, centres[899]);
      fail_unless (centres[899] == centres[889]);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_step_ends_at_rest_in_the_dead_band_with_lookahead)
{
  static EchoelPathTarget targets[900];
  guint a, l, s, i;

  for (a = 1; a < G_N_ELEMENTS (lookaheads); a++) {
    for (l = 0; l < 3; l++) {
      for (s = 0; s < G_N_ELEMENTS (steps); s++) {
        gdouble end = 0.2 + steps[s], band = many_limits[l].dead_band;

        make_step (targets, 900, steps[s]);
        run_path (&many_limits[l], lookaheads[a], targets, 900);
        check_limits (&many_limits[l], 1, 900);
        for (i = 1; i < 900; i++) {
          fail_unless (centres[i] >= centres[i - 1], "back at %u", i);
          fail_unless (centres[i] <= end + band, "over at %u", i);
        }
        fail_unless (fabs (centres[899] - end) <= band);
        fail_unless (centres[899] == centres[869], "moves at the end");
      }
    }
  }
}

GST_END_TEST;

/* With a second of future the move begins before the target does. */
GST_START_TEST (test_lookahead_moves_before_the_target_does)
{
  EchoelPathTarget targets[300];
  guint i;

  for (i = 0; i < 300; i++)
    targets[i] = target_at (i < 150 ? 0.3 : 0.6);
  run_path (&usual, GST_SECOND, targets, 300);
  fail_unless (centres[119] == 0.3);
  fail_unless (centres[149] > 0.35, "%g", centres[149]);
  fail_unless (centres[165] > 0.5, "%g", centres[165]);
}

GST_END_TEST;

GST_START_TEST (test_nothing_moves_when_noise_stays_in_the_dead_band)
{
  static EchoelPathTarget targets[1000];
  GRand *random = g_rand_new_with_seed (7);
  guint a, i;

  for (i = 0; i < 1000; i++)
    targets[i] = target_at (g_rand_double_range (random, 0.48, 0.52));
  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    run_path (&usual, lookaheads[a], targets, 1000);
    for (i = 1; i < 1000; i++)
      fail_unless (centres[i] == centres[0], "%u moves at %u", a, i);
  }
  g_rand_free (random);
}

GST_END_TEST;

/* 0.05 pixels a frame^2 is what is hard to see; the start of the pan, when
 * the window leaves its rest, is limited by the acceleration alone. */
GST_START_TEST (test_slow_pan_is_smooth)
{
  static EchoelPathTarget targets[900];
  static const gdouble speeds[] = { 0.01, 0.02, 0.05 };
  guint a, s, i;

  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    for (s = 0; s < G_N_ELEMENTS (speeds); s++) {
      /* A rest of a second, then a pan that the range does not cut short. */
      guint n = MIN (900, (guint) (0.6 / speeds[s] * FPS));
      guint moving = FPS + (guint) (FPS * (0.05 / speeds[s] + 3));
      gdouble sum = 0.0;

      for (i = 0; i < n; i++)
        targets[i] = target_at (0.2 + speeds[s] * MAX (0, (gint) i - FPS)
            / FPS);
      run_path (&usual, lookaheads[a], targets, n);
      for (i = 1; i < n; i++) {
        gdouble jitter = fabs (speed_at (i) - speed_at (i - 1)) / FPS * WIDTH;

        sum += jitter;
        fail_unless (centres[i] >= centres[i - 1], "back at %u", i);
        if (i >= moving && i + 3 * FPS < n)
          fail_unless (jitter <= 0.05, "%u, %u: jitter %g at %u", a, s,
              jitter, i);
      }
      fail_unless (sum / n <= 0.05, "mean jitter %g", sum / n);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_limits_hold_when_the_target_swings)
{
  static EchoelPathTarget targets[1200];
  guint a, l, p, i;

  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    for (l = 0; l < G_N_ELEMENTS (many_limits); l++) {
      for (p = 1; p <= 16; p *= 2) {
        for (i = 0; i < 1200; i++)
          targets[i] = target_at (0.5 + 0.25 * sin (i * 2.0 * G_PI / (10 * p)));
        run_path (&many_limits[l], lookaheads[a], targets, 1200);
        check_limits (&many_limits[l], 1, 1200);
      }
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_path_never_goes_back_when_the_target_only_goes_on)
{
  static EchoelPathTarget targets[600];
  GRand *random = g_rand_new_with_seed (11);
  guint round, a, i;

  for (round = 0; round < 100; round++) {
    gdouble x = 0.2, pace = 0.0;

    for (i = 0; i < 600; i++) {
      if (g_rand_int_range (random, 0, 20) == 0)
        pace = g_rand_double_range (random, -0.01, 0.01);
      if (g_rand_int_range (random, 0, 100) == 0)
        x += g_rand_double_range (random, 0.0, 0.2);
      x = MIN (x + MAX (pace, 0.0), 0.8);
      targets[i] = target_at (x);
    }
    for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
      run_path (&usual, lookaheads[a], targets, 600);
      for (i = 1; i < 600; i++)
        fail_unless (centres[i] >= centres[i - 1], "%u, %u: back by %g at %u",
            round, a, centres[i - 1] - centres[i], i);
    }
  }
  g_rand_free (random);
}

GST_END_TEST;

GST_START_TEST (test_cut_snaps_on_the_very_frame)
{
  EchoelPathTarget targets[200];
  guint a, i;

  for (i = 0; i < 200; i++)
    targets[i] = target_at (i < 100 ? 0.3 : 0.7);
  targets[100].cut = TRUE;
  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    run_path (&usual, lookaheads[a], targets, 200);
    for (i = 0; i < 200; i++)
      fail_unless (fabs (centres[i] - (i < 100 ? 0.3 : 0.7)) < TINY,
          "%u: %g at %u", a, centres[i], i);
  }
}

GST_END_TEST;

/* A move that is under way does not cross into the next scene. */
GST_START_TEST (test_cut_starts_at_rest)
{
  EchoelPathTarget targets[200];
  guint a, i;

  for (i = 0; i < 200; i++)
    targets[i] = target_at (i < 50 ? 0.2 : i < 60 ? 0.8 : 0.4);
  targets[60].cut = TRUE;
  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    run_path (&usual, lookaheads[a], targets, 200);
    for (i = 60; i < 200; i++)
      fail_unless (fabs (centres[i] - 0.4) < TINY, "%u: %g at %u", a,
          centres[i], i);
  }
}

GST_END_TEST;

GST_START_TEST (test_path_holds_when_the_subject_is_lost)
{
  static const gdouble nowhere[] = { NAN, INFINITY, -INFINITY, 0.8 };
  EchoelPathTarget targets[400];
  guint a, w, i;

  for (w = 0; w < G_N_ELEMENTS (nowhere); w++) {
    for (i = 0; i < 400; i++) {
      targets[i] = target_at (i < 100 ? 0.3 : nowhere[w]);
      targets[i].valid = i < 100 || w < 3;
    }
    targets[200].cut = TRUE;
    for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
      run_path (&usual, lookaheads[a], targets, 400);
      for (i = 0; i < 400; i++)
        fail_unless (fabs (centres[i] - 0.3) < TINY, "%g at %u", centres[i], i);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_path_rests_in_the_middle_before_there_is_a_subject)
{
  EchoelPathTarget targets[300];
  guint i;

  for (i = 0; i < 300; i++) {
    targets[i] = target_at (0.7);
    targets[i].valid = i >= 100;
  }
  run_path (&usual, 0, targets, 300);
  for (i = 0; i < 100; i++)
    fail_unless (fabs (centres[i] - 0.5) < TINY);
  check_limits (&usual, 1, 300);
  fail_unless (fabs (centres[299] - 0.7) < TINY);
}

GST_END_TEST;

GST_START_TEST (test_latency_is_the_lookahead_to_the_nearest_frame)
{
  static const struct
  {
    GstClockTime lookahead;
    guint frames;
  } cases[] = {
    {0, 0}, {20 * GST_MSECOND, 1},
    {670 * GST_MSECOND, 20}, {GST_SECOND, 30}, {2 * GST_SECOND, 60},
    {GST_CLOCK_TIME_NONE, 300}
  };
  EchoelPathTarget target = target_at (0.5);
  EchoelPathPoint centre;
  GstClockTime pts;
  guint c, i, got;

  for (c = 0; c < G_N_ELEMENTS (cases); c++) {
    EchoelCameraPath *path = echoel_camera_path_new (NULL, cases[c].lookahead);

    for (i = 0; i < 400; i++) {
      gboolean due = i >= cases[c].frames;

      echoel_camera_path_push (path, i * FRAME, &target, &wide);
      fail_unless (echoel_camera_path_pull (path, &pts, &centre) == due,
          "case %u, frame %u", c, i);
      fail_unless (!due || pts == (i - cases[c].frames) * FRAME);
      fail_if (echoel_camera_path_pull (path, NULL, &centre));
      fail_unless_equals_int (echoel_camera_path_get_pending (path),
          MIN (i + 1, cases[c].frames));
    }
    echoel_camera_path_flush (path);
    for (got = 0; echoel_camera_path_pull (path, &pts, &centre); got++);
    fail_unless_equals_int (got, cases[c].frames);
    fail_unless_equals_uint64 (pts, 399 * FRAME);
    echoel_camera_path_free (path);
  }
}

GST_END_TEST;

/* All that wait come out, and those after them wait again. */
GST_START_TEST (test_lookahead_changes_without_a_jump)
{
  EchoelCameraPath *path = echoel_camera_path_new (&usual, GST_SECOND);
  EchoelPathPoint centre;
  guint i, got = 0;

  for (i = 0; i < 600; i++) {
    EchoelPathTarget target = target_at (0.5 + 0.2 * sin (i / 40.0));

    if (i == 200)
      echoel_camera_path_set_lookahead (path, 0);
    if (i == 400)
      echoel_camera_path_set_lookahead (path, GST_SECOND / 2);
    echoel_camera_path_push (path, i * FRAME, &target, &wide);
    while (echoel_camera_path_pull (path, NULL, &centre))
      centres[got++] = centre.x;
    fail_unless_equals_int (got, i < 30 ? 0 : i < 200 ? i - 29 :
        i < 400 ? i + 1 : i < 414 ? 400 : i - 14);
  }
  check_limits (&usual, 1, got);
  echoel_camera_path_free (path);
}

GST_END_TEST;

GST_START_TEST (test_limits_change_without_a_jump)
{
  static const EchoelPathLimits slow = { 0.05, 0.3, 0.04 };
  guint a, i, got;

  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    EchoelCameraPath *path = echoel_camera_path_new (&usual, lookaheads[a]);
    EchoelPathPoint centre;

    for (i = got = 0; i < 900; i++) {
      EchoelPathTarget target = target_at (i / 150 % 2 ? 0.6 : 0.4);

      if (i % 40 == 0)
        echoel_camera_path_set_limits (path, i % 80 ? &slow : &usual);
      echoel_camera_path_push (path, i * FRAME, &target, &wide);
      while (echoel_camera_path_pull (path, NULL, &centre))
        centres[got++] = centre.x;
    }
    check_limits (&usual, 1, got);
    echoel_camera_path_free (path);
  }
}

GST_END_TEST;

GST_START_TEST (test_bad_limits_count_as_the_default)
{
  static const EchoelPathLimits bad[] = {
    {NAN, NAN, NAN}, {0.0, -1.0, -0.1}, {-INFINITY, 0.0, NAN},
  };
  static const EchoelPathLimits defaults = { ECHOEL_PATH_MAX_SPEED,
    ECHOEL_PATH_MAX_ACCELERATION, ECHOEL_PATH_DEAD_BAND
  };
  EchoelPathTarget targets[200];
  gdouble expected[200];
  guint b, i;

  make_step (targets, 200, 0.5);
  run_path (&defaults, 0, targets, 200);
  for (i = 0; i < 200; i++)
    expected[i] = centres[i];
  for (b = 0; b < G_N_ELEMENTS (bad); b++) {
    run_path (&bad[b], 0, targets, 200);
    for (i = 0; i < 200; i++)
      fail_unless (centres[i] == expected[i]);
  }
}

GST_END_TEST;

/* A second frame at the same time, one from the past, one without a time. */
GST_START_TEST (test_window_stays_when_time_does_not_go_on)
{
  static const GstClockTime times[] = { 0, 1, 2, 2, 2, 1, 0, 1, 2, 3,
    GST_CLOCK_TIME_NONE, 5
  };
  static const gboolean moves[] = { FALSE, TRUE, TRUE, FALSE, FALSE, FALSE,
    FALSE, TRUE, TRUE, TRUE, TRUE, TRUE
  };
  EchoelCameraPath *path = echoel_camera_path_new (&usual, 0);
  EchoelPathPoint centre = { 0.2, };
  GstClockTime pts;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (times); i++) {
    EchoelPathTarget target = target_at (i == 0 ? 0.2 : 0.8);
    GstClockTime at = times[i] == GST_CLOCK_TIME_NONE ? times[i]
        : times[i] * FRAME;
    gdouble before = centre.x;

    echoel_camera_path_push (path, at, &target, &wide);
    fail_unless (echoel_camera_path_pull (path, &pts, &centre));
    fail_unless (pts == at);
    fail_unless ((centre.x != before) == moves[i], "frame %u", i);
  }
  echoel_camera_path_free (path);
}

GST_END_TEST;

/* Frames that all have one time do not wait for ever. */
GST_START_TEST (test_frames_come_out_when_time_stands_still)
{
  EchoelCameraPath *path = echoel_camera_path_new (NULL, GST_SECOND);
  EchoelPathTarget target = target_at (0.5);
  EchoelPathPoint centre;
  guint i, got = 0;

  for (i = 0; i < 10000; i++) {
    echoel_camera_path_push (path, GST_SECOND, &target, &wide);
    while (echoel_camera_path_pull (path, NULL, &centre))
      got++;
  }
  fail_unless (got > 5000);
  echoel_camera_path_free (path);
}

GST_END_TEST;

GST_START_TEST (test_the_first_frame_after_a_reset_is_placed_at_once)
{
  guint a;

  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    EchoelCameraPath *path = echoel_camera_path_new (&usual, lookaheads[a]);
    EchoelPathTarget target = target_at (0.3);
    EchoelPathPoint centre;
    guint i;

    for (i = 0; i < 10; i++)
      echoel_camera_path_push (path, i * FRAME, &target, &wide);
    echoel_camera_path_reset (path);
    fail_if (echoel_camera_path_pull (path, NULL, &centre));
    target = target_at (0.7);
    echoel_camera_path_push (path, 0, &target, &wide);
    echoel_camera_path_flush (path);
    fail_unless (echoel_camera_path_pull (path, NULL, &centre));
    fail_unless (fabs (centre.x - 0.7) < TINY);
    fail_unless (fabs (centre.y - 0.28) < TINY);
    echoel_camera_path_free (path);
  }
}

GST_END_TEST;

/* The same movement at 24, 60 and 240 frames a second. */
GST_START_TEST (test_path_does_not_depend_on_the_frame_rate)
{
  static const guint rates[] = { 24, 60, 240 };
  gdouble at[G_N_ELEMENTS (rates)][3];
  guint a, r, i;

  for (a = 0; a < G_N_ELEMENTS (lookaheads); a++) {
    for (r = 0; r < G_N_ELEMENTS (rates); r++) {
      EchoelCameraPath *path = echoel_camera_path_new (&usual, lookaheads[a]);
      EchoelPathPoint centre;
      guint n = rates[r] * 6, got = 0;

      for (i = 0; i <= n; i++) {
        EchoelPathTarget target = target_at (i < rates[r] ? 0.2 : 0.7);

        if (i < n)
          echoel_camera_path_push (path, gst_util_uint64_scale (i, GST_SECOND,
                  rates[r]), &target, &wide);
        else
          echoel_camera_path_flush (path);
        for (; echoel_camera_path_pull (path, NULL, &centre); got++)
          if (got % (rates[r] / 2) == 0 && got / (rates[r] / 2) % 2 == 1
              && got / rates[r] < 3)
            at[r][got / rates[r]] = centre.x;
      }
      echoel_camera_path_free (path);
    }
    for (r = 1; r < G_N_ELEMENTS (rates); r++)
      for (i = 0; i < 3; i++)
        fail_unless (fabs (at[r][i] - at[0][i]) < 0.06, "%u: %g, %g", a,
            at[r][i], at[0][i]);
  }
}

GST_END_TEST;

/* What is known of the last frames that came out. */
typedef struct
{
  guint64 step;                 /* ns, as the path counts it */
  gboolean free;                /* not cut, and off the range's edges */
  gdouble x, speed;
} Seen;

typedef struct
{
  GstClockTime pts;
  guint64 step;
  gboolean cut;
  EchoelPathRange range;
} Sent;

static gdouble
strange (GRand * random, gdouble usual_value)
{
  static const gdouble values[] = { NAN, INFINITY, -INFINITY, 1e308, -1e308,
    -5.0, 7.0, 0.0, 1e-320
  };

  if (g_rand_int_range (random, 0, 50))
    return usual_value;
  return values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
}

static GstClockTime
next_time (GRand * random, GstClockTime pts)
{
  switch (g_rand_int_range (random, 0, 60)) {
    case 0:
      return pts;
    case 1:
      return pts / 2;
    case 2:
      return pts + g_rand_int_range (random, 1, 100) * GST_SECOND;
    case 3:
      return pts + g_rand_int_range (random, 1, 1000);
    case 4:
      return pts + g_rand_int_range (random, 0, GST_SECOND);
    default:
      return pts + FRAME + g_rand_int_range (random, -GST_MSECOND, GST_MSECOND);
  }
}

static void
check_output (const Sent * sent, Seen * last, EchoelPathPoint at,
    const EchoelPathLimits * limits)
{
  const EchoelPathRange *range = &sent->range;
  gdouble seconds = (gdouble) sent->step / GST_SECOND;
  gdouble before = (gdouble) last->step / GST_SECOND;
  Seen now = { sent->step, FALSE, at.x, 0.0 };

  fail_unless (at.x >= range->min.x && at.x <= range->max.x, "x %g", at.x);
  fail_unless (at.y >= range->min.y && at.y <= range->max.y, "y %g", at.y);
  now.free = !sent->cut && at.x > range->min.x + TINY
      && at.x < range->max.x - TINY;
  if (now.free && sent->step == 0)
    fail_unless (!last->free || at.x == last->x, "moves without time");
  if (sent->step > 0)
    now.speed = (at.x - last->x) / seconds;
  /* Steps of less than a millisecond say nothing: rounding. */
  if (now.free && last->free && sent->step > GST_MSECOND
      && last->step > GST_MSECOND) {
    gdouble change = fabs (now.speed - last->speed);
    gdouble allowed = limits->max_acceleration * (seconds + before) / 2.0;

    fail_unless (fabs (now.speed) <= MAX (limits->max_speed,
            fabs (last->speed)) + SLACK, "speed %g", now.speed);
    fail_unless (change <= allowed + SLACK, "change %g, not %g", change,
        allowed);
  }
  *last = now;
}

static void
fuzz_path (guint32 seed, guint frames)
{
  GRand *random = g_rand_new_with_seed (seed);
  GstClockTime ahead = lookaheads[g_rand_int_range (random, 0, 4)];
  EchoelPathLimits limits = many_limits[g_rand_int_range (random, 0, 6)];
  EchoelCameraPath *path = echoel_camera_path_new (&limits, ahead);
  GQueue sent = G_QUEUE_INIT;
  Seen last = { 0, };
  GstClockTime pts = 0;
  gdouble x = 0.5, half = 0.16;
  guint i;

  for (i = 0; i <= frames; i++) {
    EchoelPathTarget target;
    EchoelPathPoint at;
    GstClockTime out;
    Sent *frame = g_new0 (Sent, 1);

    if (g_rand_int_range (random, 0, 30) == 0)
      x = g_rand_double (random);
    if (g_rand_int_range (random, 0, 100) == 0)
      half = g_rand_double_range (random, 0.05, 0.5);
    x = CLAMP (x + g_rand_double_range (random, -0.005, 0.005), 0.0, 1.0);
    target = target_at (strange (random, x));
    target.wanted.y = strange (random, x / 2.0);
    target.valid = g_rand_int_range (random, 0, 20) != 0;
    target.cut = g_rand_int_range (random, 0, 90) == 0;
    frame->pts = i == 0 ? 0 : next_time (random, pts);
    frame->step = frame->pts > pts ? MIN (frame->pts - pts, GST_SECOND) : 0;
    frame->cut = i == 0 || target.cut;
    frame->range.min.x = half;
    frame->range.max.x = 1.0 - half;
    frame->range.min.y = frame->range.max.y = 0.28;
    pts = frame->pts;
    g_queue_push_tail (&sent, frame);
    if (i < frames)
      echoel_camera_path_push (path, pts, &target, &frame->range);
    else
      echoel_camera_path_flush (path);
    while (echoel_camera_path_pull (path, &out, &at)) {
      Sent *sender = g_queue_pop_head (&sent);

      fail_unless_equals_uint64 (out, sender->pts);
      check_output (sender, &last, at, &limits);
      g_free (sender);
    }
  }
  /* The one that stood for the flush. */
  fail_unless_equals_int (g_queue_get_length (&sent), 1);
  g_free (g_queue_pop_head (&sent));
  echoel_camera_path_free (path);
  g_rand_free (random);
}

GST_START_TEST (test_everything_holds_when_input_is_random)
{
  guint32 seed;

  for (seed = 1; seed <= 400; seed++)
    fuzz_path (seed, 600);
}

GST_END_TEST;

/* Limits, ranges and look-ahead that make no sense, at any time. */
GST_START_TEST (test_output_is_inside_when_everything_changes)
{
  GRand *random = g_rand_new_with_seed (23);
  EchoelCameraPath *path = echoel_camera_path_new (NULL, 0);
  guint64 pushed = 0, pulled = 0;
  GstClockTime pts = 0;
  EchoelPathPoint at;
  guint i;

  for (i = 0; i < 60000; i++) {
    gdouble a = g_rand_double (random), b = g_rand_double (random);
    EchoelPathRange range = { {strange (random, a), strange (random, b)},
    {strange (random, b), strange (random, a)}
    };
    EchoelPathTarget target = { {strange (random, a), strange (random, b)},
    g_rand_boolean (random), g_rand_int_range (random, 0, 50) == 0
    };
    EchoelPathLimits limits = { strange (random, a), strange (random, 4 * b),
      strange (random, b / 10)
    };

    if (g_rand_int_range (random, 0, 100) == 0)
      echoel_camera_path_set_limits (path, &limits);
    if (g_rand_int_range (random, 0, 1000) == 0)
      echoel_camera_path_set_lookahead (path, (GstClockTime) (a * 3e9));
    if (g_rand_int_range (random, 0, 1000) == 0)
      echoel_camera_path_flush (path);
    pts = g_rand_int_range (random, 0, 100) ? next_time (random, pts)
        : g_rand_int (random) * (guint64) g_rand_int (random);
    echoel_camera_path_push (path, pts, &target, &range);
    pushed++;
    while (echoel_camera_path_pull (path, NULL, &at)) {
      fail_unless (isfinite (at.x) && isfinite (at.y));
      fail_unless (fabs (at.x) <= 1e3 && fabs (at.y) <= 1e3);
      pulled++;
    }
    fail_unless_equals_uint64 (pushed - pulled,
        echoel_camera_path_get_pending (path));
  }
  echoel_camera_path_free (path);
  g_rand_free (random);
}

GST_END_TEST;

static Suite *
camera_path_suite (void)
{
  Suite *s = suite_create ("camerapath");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_step_lands_without_overshoot_when_causal);
  tcase_add_test (tc, test_step_ends_at_rest_in_the_dead_band_with_lookahead);
  tcase_add_test (tc, test_lookahead_moves_before_the_target_does);
  tcase_add_test (tc, test_nothing_moves_when_noise_stays_in_the_dead_band);
  tcase_add_test (tc, test_slow_pan_is_smooth);
  tcase_add_test (tc, test_limits_hold_when_the_target_swings);
  tcase_add_test (tc, test_path_never_goes_back_when_the_target_only_goes_on);
  tcase_add_test (tc, test_cut_snaps_on_the_very_frame);
  tcase_add_test (tc, test_cut_starts_at_rest);
  tcase_add_test (tc, test_path_holds_when_the_subject_is_lost);
  tcase_add_test (tc, test_path_rests_in_the_middle_before_there_is_a_subject);
  tcase_add_test (tc, test_latency_is_the_lookahead_to_the_nearest_frame);
  tcase_add_test (tc, test_lookahead_changes_without_a_jump);
  tcase_add_test (tc, test_limits_change_without_a_jump);
  tcase_add_test (tc, test_bad_limits_count_as_the_default);
  tcase_add_test (tc, test_window_stays_when_time_does_not_go_on);
  tcase_add_test (tc, test_frames_come_out_when_time_stands_still);
  tcase_add_test (tc, test_the_first_frame_after_a_reset_is_placed_at_once);
  tcase_add_test (tc, test_path_does_not_depend_on_the_frame_rate);
  tcase_add_test (tc, test_everything_holds_when_input_is_random);
  tcase_add_test (tc, test_output_is_inside_when_everything_changes);
  return s;
}

GST_CHECK_MAIN (camera_path);
