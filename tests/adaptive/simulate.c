/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole loop, simulated: every trace on short and long ways with both
 * congestion controls, beside what OBS Studio does on the same path. */
#include <gst/check/gstcheck.h>

#include "score.h"

/* The goals. */
#define USED 0.90
#define DELAY 1.0               /* s, 99th percentile */
#define OSCILLATION 0.10        /* of what a constant path carries */
#define STEP_CHANGES 15
#define STEP_BACK 20.0          /* s */
/* Of those that share an uplink, each gets at least that of an equal part. */
#define LEAST_PART 0.9
/* From then on the weak traces are. */
#define WEAK_AT 20.0            /* s */
#define WEAK_USED 0.9           /* of the others' path, in 90 s */
/* In so many traces a path is out; it is used again after so long. */
#define LEAST_OUTAGES 5
#define RESUMED 1.5             /* s */
/* Beside the baseline less than this is no difference. */
#define EVEN 0.01

/* Each test runs on paths of this many steps there and back, with both. */
static const guint round_trips[] = { 10, 40, 100 };

#define N_PATHS (2 * G_N_ELEMENTS (round_trips))
/* Those of them that are score_standard's. */
#define FIRST_STANDARD 2
#define END_STANDARD 4

static GPtrArray *traces;

static void
setup (void)
{
  traces = traces_make ();
}

static void
teardown (void)
{
  g_ptr_array_unref (traces);
}

static const Trace *
trace_named (const gchar * name)
{
  guint i;

  for (i = 0; i < traces->len; i++) {
    const Trace *trace = g_ptr_array_index (traces, i);

    if (g_str_equal (trace->name, name))
      return trace;
  }
  fail ("no trace %s", name);
  return NULL;
}

/* @path: below N_PATHS */
static Score
score_of (const Trace * trace, guint path, ControlKind kind)
{
  Run run = score_standard;

  run.kind = kind;
  run.path.control = path % 2 ? PATH_BBR : PATH_CUBIC;
  run.path.rtt = round_trips[path / 2];
  return score_run (&run, trace, NULL);
}

GST_START_TEST (test_every_trace_is_used_without_delay)
{
  guint i;

  for (i = 0; i < traces->len; i++) {
    const Trace *trace = g_ptr_array_index (traces, i);
    Score score = score_of (trace, __i__, CONTROL_ECHOEL);

    fail_unless (score.used >= USED, "%s: %.3f used", trace->name, score.used);
    fail_unless (score.delay <= DELAY, "%s: %.2f s", trace->name, score.delay);
    fail_unless (score.most <= RUN_BEST && score.least >= RUN_FLOOR);
  }
}

GST_END_TEST;

GST_START_TEST (test_baseline_is_beaten_wherever_the_path_varies)
{
  guint i;

  for (i = 0; i < traces->len; i++) {
    const Trace *trace = g_ptr_array_index (traces, i);
    Score ours = score_of (trace, __i__, CONTROL_ECHOEL);
    Score obs = score_of (trace, __i__, CONTROL_OBS);

    fail_unless (ours.in_time >= obs.in_time - EVEN, "%s: %.3f and %.3f",
        trace->name, ours.in_time, obs.in_time);
    if (!trace->varies)
      continue;
    fail_unless (ours.in_time > obs.in_time, "%s: %.3f and %.3f", trace->name,
        ours.in_time, obs.in_time);
    fail_unless (ours.delay <= MAX (obs.delay, DELAY / 2), "%s: %.2f and %.2f",
        trace->name, ours.delay, obs.delay);
  }
}

GST_END_TEST;

GST_START_TEST (test_bitrate_is_calm_on_a_constant_path)
{
  guint i;

  for (i = 0; i < traces->len; i++) {
    const Trace *trace = g_ptr_array_index (traces, i);
    gdouble carried = MIN (trace->rates[0] / 1000.0, RUN_BEST);
    Score score;

    if (trace->varies)
      continue;
    score = score_of (trace, __i__, CONTROL_ECHOEL);
    fail_unless (score.high - score.low <= OSCILLATION * carried,
        "%s: %.0f to %.0f kbit/s", trace->name, score.low, score.high);
  }
}

GST_END_TEST;

GST_START_TEST (test_step_is_followed_and_undone)
{
  Score score = score_of (trace_named ("step 20 1 20"), __i__, CONTROL_ECHOEL);

  fail_unless (score.changes <= STEP_CHANGES, "%u changes", score.changes);
  fail_unless (score.back > 50.0 && score.back <= 50.0 + STEP_BACK,
      "back at %.1f s", score.back);
}

GST_END_TEST;

/* The streams that are also sent on real connections, there by three encoders,
 * with many seeds: one as above, one that is restless, on paths that acknowledge
 * in larger steps, and one that is slow to follow, too. */
#define SEEDS 24
#define SLOW_LAG 450            /* ms */
#define SLOW_DELAY 1.1
#define RARELY 0.01             /* of the runs need more changes ... */
#define RARE_CHANGES 20         /* ... but never more than these */

GST_START_TEST (test_steps_need_few_changes_of_any_encoder)
{
  static const struct
  {
    const gchar *trace;
    guint best;
  } steps[] = { {"step 20 1 20", 2500}, {"step 6 3 6", 5000} };
  static const guint ways[] = { 2, 10, 40 };
  gboolean slow = __i__ / 2 == 2;
  guint i, way, seed, runs = 0, many = 0;

  for (i = 0; i < G_N_ELEMENTS (steps); i++)
    for (way = 0; way < G_N_ELEMENTS (ways); way++)
      for (seed = 1; seed <= SEEDS; seed++) {
        Run run = score_standard;
        Score score;

        if (__i__ / 2 > 0) {
          run.encoder = score_restless (seed);
          run.path.acked += seed % 2;
        }
        if (slow)
          run.encoder.lag = SLOW_LAG;
        run.path.control = __i__ % 2 ? PATH_BBR : PATH_CUBIC;
        run.path.rtt = ways[way];
        run.best = steps[i].best;
        run.seed = seed * 7919;
        score = score_run (&run, trace_named (steps[i].trace), NULL);
        fail_unless (score.back <= 50.0 + STEP_BACK);
        fail_unless (score.used >= USED);
        fail_unless (score.delay <= (slow ? SLOW_DELAY : DELAY));
        fail_unless (score.changes <= RARE_CHANGES, "%s, %u: %u changes",
            steps[i].trace, seed, score.changes);
        many += score.changes > STEP_CHANGES;
        runs++;
      }
  fail_unless (many <= RARELY * runs, "%u of %u", many, runs);
}

GST_END_TEST;

/* Frames are the last to go: only where nobody could lower the bitrate in
 * time, and never before it was lowered. */
GST_START_TEST (test_bitrate_falls_before_frames_are_lost)
{
  static const gchar *const gentle[] = { "ramp 8 1 8", "sine 1 5, 40 s",
    "sine 2 5, 15 s", "step 20 4 20", "slow walk 1", "slow walk 2",
    "slow walk 3"
  };
  guint i;

  for (i = 0; i < traces->len; i++) {
    Score score = score_of (g_ptr_array_index (traces, i), __i__,
        CONTROL_ECHOEL);

    fail_unless (score.first_loss > score.first_fall
        || score.first_loss == G_MAXDOUBLE);
  }
  for (i = 0; i < G_N_ELEMENTS (gentle); i++)
    fail_unless (score_of (trace_named (gentle[i]), __i__,
            CONTROL_ECHOEL).lost == 0.0, "%s", gentle[i]);
}

GST_END_TEST;

/* What is scored apart: back at once, and better than the baseline but where a
 * path was out for no longer than frames may wait. */
GST_START_TEST (test_outages_are_over_at_once)
{
  guint i, outages = 0;

  for (i = 0; i < traces->len; i++) {
    const Trace *trace = g_ptr_array_index (traces, i);
    OutageScore ours = score_of (trace, __i__, CONTROL_ECHOEL).outages;
    OutageScore obs = score_of (trace, __i__, CONTROL_OBS).outages;

    if (ours.seconds == 0.0)
      continue;
    outages++;
    fail_unless (ours.resumed <= RESUMED, "%s: %.2f s", trace->name,
        ours.resumed);
    fail_unless (ours.resumed <= obs.resumed + EVEN, "%s: %.2f and %.2f s",
        trace->name, ours.resumed, obs.resumed);
    fail_unless (ours.seconds < 1.5 * LATE || ours.in_time > obs.in_time,
        "%s: %.3f and %.3f", trace->name, ours.in_time, obs.in_time);
  }
  fail_unless (outages >= LEAST_OUTAGES);
}

GST_END_TEST;

/* Several behind one uplink, which is so much wider. */
GST_START_TEST (test_shared_uplink_is_used_without_delay)
{
  guint i;

  for (i = 0; i < traces->len; i++) {
    const Trace *trace = g_ptr_array_index (traces, i);
    Run run = score_standard;
    Score score;

    run.path.control = __i__ % 2 ? PATH_BBR : PATH_CUBIC;
    run.sharing = 2;
    score = score_run (&run, trace, NULL);
    fail_unless (score.used >= USED, "%s: %.3f used", trace->name, score.used);
    fail_unless (score.delay <= DELAY, "%s: %.2f s", trace->name, score.delay);
    fail_unless (score.least_part >= LEAST_PART, "%s: %.2f", trace->name,
        score.least_part);
  }
}

GST_END_TEST;

/* One more destination carries less than the floor, or far less than the
 * others: soon these have what they can carry, nothing of theirs is lost, and
 * those of them that share an uplink are not taken for one with it. */
GST_START_TEST (test_weak_destination_does_not_drag_others_down)
{
  static const struct
  {
    gdouble carries;            /* Mbit/s */
    gdouble back;               /* s after it became weak */
  } cases[] = { {0.1, 12.0}, {0.3, 12.0}, {1.5, 20.0} };
  Trace *good = trace_fall (20.0, 1.0, 20.0, 90.0);
  guint i, sharing;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    for (sharing = 1; sharing <= 2; sharing++) {
      Trace *weak = trace_fall (20.0, WEAK_AT, cases[i].carries, 90.0);
      Run run = score_standard;
      Score score;

      run.path.control = __i__ % 2 ? PATH_BBR : PATH_CUBIC;
      run.sharing = sharing;
      run.weak = weak;
      score = score_run (&run, good, NULL);
      fail_unless (!score.weak_votes, "%.1f", cases[i].carries);
      fail_unless (score.used >= WEAK_USED, "%.1f: %.3f used",
          cases[i].carries, score.used);
      /* Two may hinder each other for a moment. */
      fail_unless (sharing > 1 || score.low >= 0.9 * RUN_BEST);
      fail_unless (sharing > 1 || score.back <= WEAK_AT + cases[i].back,
          "%.1f: back at %.1f s", cases[i].carries, score.back);
      fail_unless (score.lost == 0.0 && score.delay <= DELAY);
      trace_free (weak);
    }
  trace_free (good);
}

GST_END_TEST;

/* The simulator itself: without control a path that is too weak is late, and
 * one that is not carries everything. */
GST_START_TEST (test_fixed_rate_needs_a_path_that_carries_it)
{
  Score weak = score_of (trace_named ("constant 3"), __i__, CONTROL_FIXED);
  Score free = score_of (trace_named ("constant 20"), __i__, CONTROL_FIXED);

  fail_unless (weak.lost > 0.3);
  fail_unless (free.lost == 0.0 && free.used > 0.98 && free.delay < 0.2);
}

GST_END_TEST;

static Suite *
simulate_suite (void)
{
  Suite *suite = suite_create ("simulate");
  TCase *tcase = tcase_create ("simulate");

  suite_add_tcase (suite, tcase);
  tcase_add_unchecked_fixture (tcase, setup, teardown);
  tcase_add_loop_test (tcase, test_every_trace_is_used_without_delay, 0,
      N_PATHS);
  tcase_add_loop_test (tcase, test_baseline_is_beaten_wherever_the_path_varies,
      0, N_PATHS);
  tcase_add_loop_test (tcase, test_bitrate_is_calm_on_a_constant_path,
      FIRST_STANDARD, END_STANDARD);
  tcase_add_loop_test (tcase, test_step_is_followed_and_undone,
      FIRST_STANDARD, END_STANDARD);
  tcase_add_loop_test (tcase, test_steps_need_few_changes_of_any_encoder, 0, 6);
  tcase_add_loop_test (tcase, test_bitrate_falls_before_frames_are_lost, 0,
      N_PATHS);
  tcase_add_loop_test (tcase, test_outages_are_over_at_once, 0, N_PATHS);
  tcase_add_loop_test (tcase, test_shared_uplink_is_used_without_delay, 0, 2);
  tcase_add_loop_test (tcase, test_weak_destination_does_not_drag_others_down,
      0, 2);
  tcase_add_loop_test (tcase, test_fixed_rate_needs_a_path_that_carries_it,
      FIRST_STANDARD, END_STANDARD);
  return suite;
}

GST_CHECK_MAIN (simulate);
