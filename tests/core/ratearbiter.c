/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One bitrate for several destinations, and who has a say in it. */
#include <gst/check/gstcheck.h>

#include "ratearbiter.h"

#define TICK ECHOEL_CAPACITY_INTERVAL
#define BEST 6000
#define FLOOR 500
#define AUDIO 128
#define A 1
#define B 2
#define C 3

typedef struct
{
  EchoelRateArbiter *arbiter;
  EchoelRateDecision decision;
  GstClockTime now;
  guint changes;
} Bench;

static const EchoelRateLimits limits = {.best = BEST,.floor = FLOOR,
  .audio = AUDIO
};

static void
bench_init (Bench * bench, const EchoelRateLimits * with, guint n)
{
  guint id;

  memset (bench, 0, sizeof *bench);
  bench->arbiter = echoel_rate_arbiter_new (with);
  for (id = 1; id <= n; id++)
    echoel_rate_arbiter_add (bench->arbiter, id, ECHOEL_VOTE_QUORUM, 1.0);
}

static void
bench_clear (Bench * bench)
{
  echoel_rate_arbiter_free (bench->arbiter);
}

/* What video may take, in kbit/s, as a report of what everything may. */
static EchoelCapacityReport
report_of (gdouble video, EchoelCapacityReason reason)
{
  EchoelCapacityReport report = {
    .rate = (video + AUDIO) * 1010.0 + 1.0,.reason = reason
  };

  report.delivered = report.offered = report.leaving = report.rate;
  report.busy = reason == ECHOEL_CAPACITY_CONGESTED;
  return report;
}

/* All report the same as before for @seconds; 0 is offline. */
static void
run (Bench * bench, gdouble seconds, gdouble a, gdouble b, gdouble c)
{
  gdouble rates[] = { a, b, c };
  guint tick, i;

  for (tick = 0; tick < seconds * (GST_SECOND / TICK); tick++) {
    bench->now += TICK;
    for (i = 0; i < G_N_ELEMENTS (rates); i++) {
      EchoelCapacityReport report = report_of (rates[i],
          ECHOEL_CAPACITY_HELD);

      echoel_rate_arbiter_report (bench->arbiter, i + 1,
          rates[i] > 0.0 ? &report : NULL);
    }
    bench->changes += echoel_rate_arbiter_decide (bench->arbiter, bench->now,
        &bench->decision);
  }
}

#define is_isolated(bench, id, why) \
  fail_unless_equals_string (echoel_isolation_to_string ( \
          echoel_rate_arbiter_get_isolation ((bench)->arbiter, id)), why)

#define is_decided(bench, kbps, why, who) G_STMT_START { \
  fail_unless_equals_int ((bench)->decision.bitrate, kbps); \
  fail_unless_equals_string (echoel_rate_reason_to_string ( \
          (bench)->decision.reason), why); \
  fail_unless_equals_int ((bench)->decision.limiter, who); \
} G_STMT_END

GST_START_TEST (test_weakest_voter_sets_the_rate)
{
  Bench bench;

  bench_init (&bench, &limits, 3);
  run (&bench, 1.0, BEST, BEST, 0);
  is_decided (&bench, BEST, "start", 0);
  run (&bench, 1.0, 5000, 4000, BEST);
  is_decided (&bench, 4000, "congested", B);
  run (&bench, 2.0, 5000, BEST, BEST);
  is_decided (&bench, 5000, "recovering", A);
  run (&bench, 2.0, BEST, BEST, BEST);
  is_decided (&bench, BEST, "best", 0);
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_rate_stays_within_its_limits)
{
  static const gdouble rates[] = { 1e-9, 1, 499, 501, 5999, 6001, 1e9 };
  Bench bench;
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (rates); i++)
    for (j = 0; j < G_N_ELEMENTS (rates); j++) {
      bench_init (&bench, &limits, 2);
      run (&bench, 30.0, rates[i], rates[j], 0);
      fail_unless (bench.decision.bitrate >= FLOOR);
      fail_unless (bench.decision.bitrate <= BEST);
      bench_clear (&bench);
    }
}

GST_END_TEST;

/* The other keeps its bitrate, within the time that T6 allows. */
GST_START_TEST (test_destination_below_the_floor_loses_its_vote)
{
  Bench bench;

  bench_init (&bench, &limits, 2);
  run (&bench, 1.0, BEST, BEST, 0);
  run (&bench, 1.0, BEST, 300, 0);
  is_decided (&bench, FLOOR, "floor", B);
  run (&bench, 3.0, BEST, 300, 0);
  is_isolated (&bench, B, "floor");
  is_isolated (&bench, A, "none");
  is_decided (&bench, BEST, "vote-lost", 0);
  /* Just above the floor is not enough, and a moment is not, either. */
  run (&bench, 20.0, BEST, FLOOR + 1, 0);
  is_isolated (&bench, B, "floor");
  run (&bench, 4.0, BEST, 5000, 0);
  is_isolated (&bench, B, "floor");
  run (&bench, 2.0, BEST, 5000, 0);
  is_isolated (&bench, B, "none");
  is_decided (&bench, 5000, "vote-regained", B);
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_far_weaker_destination_loses_its_vote_later)
{
  Bench bench;

  bench_init (&bench, &limits, 3);
  run (&bench, 9.0, 5000, 2000, 5500);
  is_decided (&bench, 2000, "congested", B);
  run (&bench, 3.0, 5000, 2000, 5500);
  is_isolated (&bench, B, "weak");
  is_decided (&bench, 5000, "vote-lost", A);
  /* When most are as weak, none of them is the weak one. */
  run (&bench, 30.0, 2000, 2000, 5500);
  is_isolated (&bench, A, "none");
  is_isolated (&bench, B, "none");
  is_decided (&bench, 2000, "congested", A);
  bench_clear (&bench);

  bench_init (&bench, &limits, 2);
  echoel_rate_arbiter_add (bench.arbiter, B, ECHOEL_VOTE_YES, 1.0);
  run (&bench, 60.0, BEST, 700, 0);
  is_isolated (&bench, B, "none");
  is_decided (&bench, 700, "congested", B);
  bench_clear (&bench);
}

GST_END_TEST;

/* Nobody gains by silencing the only one. */
GST_START_TEST (test_only_destination_keeps_its_vote)
{
  Bench bench;

  bench_init (&bench, &limits, 1);
  run (&bench, 60.0, 100, 0, 0);
  is_isolated (&bench, A, "none");
  is_decided (&bench, FLOOR, "floor", A);
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_recording_keeps_its_floor)
{
  EchoelRateLimits with = limits;
  Bench bench;

  with.record_floor = 3000;
  bench_init (&bench, &with, 1);
  run (&bench, 1.0, 1000, 0, 0);
  is_decided (&bench, 3000, "floor", A);
  run (&bench, 1.0, 4000, 0, 0);
  is_decided (&bench, 4000, "recovering", A);
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_stalled_server_changes_nothing)
{
  EchoelCapacityReport stalled = report_of (10, ECHOEL_CAPACITY_SERVER);
  Bench bench;
  guint tick;

  bench_init (&bench, &limits, 1);
  run (&bench, 2.0, 4000, 0, 0);
  bench.changes = 0;
  /* The estimate of a real one stands; this one falls, and must not count. */
  for (tick = 0; tick < 200; tick++) {
    bench.now += TICK;
    stalled.rate = tick < 15 ? 4200e3 : 10e3;
    echoel_rate_arbiter_report (bench.arbiter, A, &stalled);
    bench.changes += echoel_rate_arbiter_decide (bench.arbiter, bench.now,
        &bench.decision);
  }
  is_isolated (&bench, A, "server");
  fail_unless_equals_int (bench.changes, 0);
  fail_unless_equals_int (bench.decision.bitrate, 4000);
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_offline_destination_has_no_vote)
{
  Bench bench;

  bench_init (&bench, &limits, 2);
  run (&bench, 2.0, BEST, 1000, 0);
  fail_unless_equals_int (bench.decision.bitrate, 1000);
  run (&bench, 2.0, BEST, 0, 0);
  is_isolated (&bench, B, "offline");
  fail_unless_equals_int (bench.decision.bitrate, BEST);
  echoel_rate_arbiter_remove (bench.arbiter, A);
  echoel_rate_arbiter_remove (bench.arbiter, B);
  run (&bench, 2.0, 1000, 1000, 0);
  fail_unless_equals_int (bench.decision.bitrate, BEST);
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_destination_without_vote_by_choice)
{
  Bench bench;

  bench_init (&bench, &limits, 2);
  echoel_rate_arbiter_add (bench.arbiter, B, ECHOEL_VOTE_NO, 1.0);
  run (&bench, 2.0, BEST, 1000, 0);
  is_isolated (&bench, B, "choice");
  is_decided (&bench, BEST, "start", 0);
  bench_clear (&bench);
}

GST_END_TEST;

/* Two that congest at one time share what both carry: one encoder feeds them,
 * so that each needs as much of it, whatever its weight. */
GST_START_TEST (test_congested_uplink_is_shared)
{
  EchoelCapacityReport a = report_of (3000, ECHOEL_CAPACITY_CONGESTED);
  EchoelCapacityReport b = report_of (1000, ECHOEL_CAPACITY_CONGESTED);
  Bench bench;

  bench_init (&bench, &limits, 2);
  echoel_rate_arbiter_add (bench.arbiter, A, ECHOEL_VOTE_QUORUM, 3.0);
  run (&bench, 1.0, BEST, BEST, 0);
  echoel_rate_arbiter_report (bench.arbiter, A, &a);
  echoel_rate_arbiter_report (bench.arbiter, B, &b);
  fail_unless (echoel_rate_arbiter_decide (bench.arbiter, bench.now + TICK,
          &bench.decision));
  is_decided (&bench, 2000, "shared", A);
  bench_clear (&bench);
}

GST_END_TEST;

/* Of two that were congested together by chance the weaker decides again once
 * the other has not been full for a while. */
GST_START_TEST (test_chance_shares_no_uplink_for_long)
{
  EchoelCapacityReport a = report_of (3000, ECHOEL_CAPACITY_CONGESTED);
  EchoelCapacityReport b = report_of (1500, ECHOEL_CAPACITY_CONGESTED);
  GstClockTime end;
  Bench bench;

  bench_init (&bench, &limits, 2);
  run (&bench, 1.0, BEST, BEST, 0);
  end = bench.now + 11 * GST_SECOND;
  while (bench.now < end) {
    bench.now += TICK;
    echoel_rate_arbiter_report (bench.arbiter, A, &a);
    echoel_rate_arbiter_report (bench.arbiter, B, &b);
    echoel_rate_arbiter_decide (bench.arbiter, bench.now, &bench.decision);
    a.busy = FALSE;
    a.reason = ECHOEL_CAPACITY_HELD;
  }
  is_decided (&bench, 1500, "congested", B);
  bench_clear (&bench);
}

GST_END_TEST;

/* A, beside C, for 5 s. Returns: the least that was asked for. */
static guint
least_beside (Bench * bench, EchoelCapacityReport * a, EchoelCapacityReport * c)
{
  GstClockTime end = bench->now + 5 * GST_SECOND;
  guint least = BEST;

  while (bench->now < end) {
    bench->now += TICK;
    echoel_rate_arbiter_report (bench->arbiter, A, a);
    echoel_rate_arbiter_report (bench->arbiter, C, c);
    echoel_rate_arbiter_decide (bench->arbiter, bench->now, &bench->decision);
    least = MIN (least, bench->decision.bitrate);
    /* What arrives is no more than what is sent. */
    a->delivered = a->offered = (bench->decision.bitrate + AUDIO) * 1010.0;
  }
  return least;
}

/* Who has no say shares nothing with those who have, though it is always full. */
GST_START_TEST (test_no_uplink_is_shared_with_the_weak)
{
  static const EchoelVoteMode modes[] = { ECHOEL_VOTE_NO, ECHOEL_VOTE_QUORUM };
  EchoelCapacityReport a = report_of (3000, ECHOEL_CAPACITY_CONGESTED);
  EchoelCapacityReport c = report_of (100, ECHOEL_CAPACITY_CONGESTED);
  Bench bench;

  bench_init (&bench, &limits, 3);
  echoel_rate_arbiter_add (bench.arbiter, C, modes[__i__], 1.0);
  /* Long enough for the second to lose its vote. */
  run (&bench, 20.0, 3000, 3000, __i__ == 1 ? 100 : 3000);
  echoel_rate_arbiter_report (bench.arbiter, B, NULL);
  fail_unless (least_beside (&bench, &a, &c) >= 2900, "%u",
      bench.decision.bitrate);
  bench_clear (&bench);
}

GST_END_TEST;

/* Nor one that has gone without a word; of one that is crowded out something
 * arrives now and then. */
GST_START_TEST (test_no_uplink_is_shared_with_the_dead)
{
  EchoelCapacityReport a = report_of (3000, ECHOEL_CAPACITY_CONGESTED);
  EchoelCapacityReport c = report_of (3000, ECHOEL_CAPACITY_CONGESTED);
  Bench bench;

  bench_init (&bench, &limits, 3);
  run (&bench, 2.0, 3000, 0, 3000);
  c.delivered = 0.0;
  c.delay = 5 * GST_SECOND;
  least_beside (&bench, &a, &c);
  fail_unless (bench.decision.bitrate >= 2900, "%u", bench.decision.bitrate);
  bench_clear (&bench);
}

GST_END_TEST;

/* One that weighs more than the others together is not outvoted by them. */
GST_START_TEST (test_weight_counts_when_votes_are_lost)
{
  Bench bench;

  bench_init (&bench, &limits, 3);
  echoel_rate_arbiter_add (bench.arbiter, C, ECHOEL_VOTE_QUORUM, 2.5);
  run (&bench, 20.0, BEST, BEST, 1000);
  is_isolated (&bench, C, "none");
  is_decided (&bench, 1000, "congested", C);
  echoel_rate_arbiter_add (bench.arbiter, C, ECHOEL_VOTE_QUORUM, 2.0);
  run (&bench, 20.0, BEST, BEST, 1000);
  is_isolated (&bench, C, "weak");
  fail_unless_equals_int (bench.decision.bitrate, BEST);
  bench_clear (&bench);
}

GST_END_TEST;

/* Of two others that disagree the heavier decides. */
GST_START_TEST (test_majority_is_one_of_weight)
{
  Bench bench;

  bench_init (&bench, &limits, 3);
  echoel_rate_arbiter_add (bench.arbiter, A, ECHOEL_VOTE_QUORUM, 3.0);
  run (&bench, 20.0, 1500, BEST, 1000);
  is_isolated (&bench, C, "none");
  echoel_rate_arbiter_add (bench.arbiter, A, ECHOEL_VOTE_QUORUM, 1.0);
  echoel_rate_arbiter_add (bench.arbiter, B, ECHOEL_VOTE_QUORUM, 3.0);
  run (&bench, 20.0, 1500, BEST, 1000);
  is_isolated (&bench, C, "weak");
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_known_uplink_is_shared)
{
  EchoelRateLimits with = limits;
  Bench bench;

  with.uplink = 6000;
  bench_init (&bench, &with, 3);
  run (&bench, 2.0, BEST, BEST, BEST);
  fail_unless_equals_string (echoel_rate_reason_to_string
      (bench.decision.reason), "budget");
  fail_unless (bench.decision.bitrate <= 6000 / 3 / 1.01 - AUDIO);
  fail_unless (bench.decision.bitrate >= 6000 / 3 / 1.01 - AUDIO - 10);
  run (&bench, 5.0, BEST, BEST, 0);
  fail_unless (bench.decision.bitrate <= 6000 / 2 / 1.01 - AUDIO);
  fail_unless (bench.decision.bitrate >= 6000 / 2 / 1.01 - AUDIO - 10);
  bench_clear (&bench);
}

GST_END_TEST;

/* Whether anybody votes or not. */
GST_START_TEST (test_known_uplink_is_kept_without_voters)
{
  EchoelRateLimits with = limits;
  Bench bench;

  with.uplink = 6000;
  bench_init (&bench, &with, 2);
  echoel_rate_arbiter_add (bench.arbiter, A, ECHOEL_VOTE_NO, 1.0);
  echoel_rate_arbiter_add (bench.arbiter, B, ECHOEL_VOTE_NO, 1.0);
  run (&bench, 2.0, BEST, BEST, 0);
  fail_unless_equals_string (echoel_rate_reason_to_string
      (bench.decision.reason), "budget");
  fail_unless (bench.decision.bitrate <= 6000 / 2 / 1.01 - AUDIO);
  fail_unless (bench.decision.bitrate >= 6000 / 2 / 1.01 - AUDIO - 10);
  run (&bench, 2.0, 0, 0, 0);
  fail_unless_equals_int (bench.decision.bitrate, BEST);
  bench_clear (&bench);
}

GST_END_TEST;

/* While the only one that votes connects anew, its path is no better. */
GST_START_TEST (test_lost_connection_does_not_raise_the_rate)
{
  Bench bench;

  bench_init (&bench, &limits, 1);
  run (&bench, 2.0, 1000, 0, 0);
  run (&bench, 29.0, 0, 0, 0);
  fail_unless_equals_int (bench.decision.bitrate, 1000);
  run (&bench, 2.0, 0, 0, 0);
  fail_unless_equals_int (bench.decision.bitrate, BEST);
  bench_clear (&bench);
}

GST_END_TEST;

/* A weak destination that connects anew again and again has no vote each
 * time. */
GST_START_TEST (test_lost_vote_outlives_the_connection)
{
  Bench bench;
  guint i;

  bench_init (&bench, &limits, 2);
  run (&bench, 4.0, BEST, FLOOR / 2, 0);
  is_isolated (&bench, B, "floor");
  run (&bench, 2.0, BEST, FLOOR / 2, 0);
  for (i = 0; i < 10; i++) {
    run (&bench, 2.0, BEST, 0, 0);
    is_isolated (&bench, B, "offline");
    run (&bench, 6.0, BEST, FLOOR / 2, 0);
    is_isolated (&bench, B, "floor");
    fail_unless_equals_int (bench.decision.bitrate, BEST);
  }
  run (&bench, 6.0, BEST, BEST, 0);
  is_isolated (&bench, B, "none");
  bench_clear (&bench);
}

GST_END_TEST;

/* Whatever best rate and sound there are: what carries both limits nothing. */
GST_START_TEST (test_ample_path_limits_nothing)
{
  EchoelRateLimits with = limits;
  guint best, audio;

  for (best = 1001; best < 9000; best += 97)
    for (audio = 96; audio <= 192; audio += 3) {
      EchoelCapacityReport report = {
        .rate = (best + audio) * 1000.0 * 1.01,.reason = ECHOEL_CAPACITY_AMPLE
      };
      Bench bench;

      with.best = best;
      with.audio = audio;
      bench_init (&bench, &with, 1);
      echoel_rate_arbiter_report (bench.arbiter, A, &report);
      fail_if (echoel_rate_arbiter_decide (bench.arbiter, GST_SECOND,
              &bench.decision), "%u and %u: %u", best, audio,
          bench.decision.bitrate);
      bench_clear (&bench);
    }
}

GST_END_TEST;

/* An encoder is not told of noise, and not too often of anything. */
GST_START_TEST (test_small_and_quick_changes_are_kept_back)
{
  Bench bench;
  guint tick;

  bench_init (&bench, &limits, 1);
  run (&bench, 2.0, 4000, 0, 0);
  bench.changes = 0;
  for (tick = 0; tick < 600; tick++)
    run (&bench, 0.1, tick % 2 ? 4100 : 3900, 0, 0);
  fail_unless_equals_int (bench.changes, 0);
  for (tick = 0; tick < 600; tick++)
    run (&bench, 0.1, tick % 2 ? 1000 : BEST, 0, 0);
  fail_unless (bench.changes <= 180);
  bench_clear (&bench);
}

GST_END_TEST;

/* A large rise comes soon after a change, a small one later. */
GST_START_TEST (test_small_rise_waits_longer)
{
  Bench bench;

  bench_init (&bench, &limits, 1);
  run (&bench, 5.0, 3000, 0, 0);
  run (&bench, 0.6, 2000, 0, 0);
  run (&bench, 0.6, 2600, 0, 0);
  is_decided (&bench, 2600, "recovering", A);
  run (&bench, 0.4, 2800, 0, 0);
  is_decided (&bench, 2600, "recovering", A);
  run (&bench, 1.0, 2800, 0, 0);
  is_decided (&bench, 2800, "recovering", A);
  bench_clear (&bench);
}

GST_END_TEST;

/* What wants more than before is limited by nobody, at no moment. */
GST_START_TEST (test_higher_best_rate_is_no_limit)
{
  EchoelRateLimits with = limits;
  Bench bench;
  guint i;

  bench_init (&bench, &limits, 1);
  run (&bench, 1.0, 4 * BEST, 0, 0);
  for (i = 0; i < 10; i++) {
    with.best = i % 2 ? BEST : 3 * BEST;
    echoel_rate_arbiter_set_limits (bench.arbiter, &with);
    run (&bench, 0.1, 4 * BEST, 0, 0);
    fail_unless_equals_int (bench.decision.bitrate, with.best);
  }
  bench_clear (&bench);
}

GST_END_TEST;

GST_START_TEST (test_new_limits_hold_at_once)
{
  EchoelRateLimits with = limits;
  Bench bench;

  bench_init (&bench, &limits, 1);
  run (&bench, 2.0, 5000, 0, 0);
  with.best = 2500;
  echoel_rate_arbiter_set_limits (bench.arbiter, &with);
  run (&bench, 0.1, 5000, 0, 0);
  fail_unless_equals_int (bench.decision.bitrate, 2500);
  with.floor = 9000;
  echoel_rate_arbiter_set_limits (bench.arbiter, &with);
  run (&bench, 5.0, 1000, 0, 0);
  fail_unless_equals_int (bench.decision.bitrate, 2500);
  bench_clear (&bench);
}

GST_END_TEST;

static Suite *
ratearbiter_suite (void)
{
  Suite *suite = suite_create ("ratearbiter");
  TCase *tcase = tcase_create ("ratearbiter");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_weakest_voter_sets_the_rate);
  tcase_add_test (tcase, test_rate_stays_within_its_limits);
  tcase_add_test (tcase, test_destination_below_the_floor_loses_its_vote);
  tcase_add_test (tcase, test_far_weaker_destination_loses_its_vote_later);
  tcase_add_test (tcase, test_only_destination_keeps_its_vote);
  tcase_add_test (tcase, test_recording_keeps_its_floor);
  tcase_add_test (tcase, test_stalled_server_changes_nothing);
  tcase_add_test (tcase, test_offline_destination_has_no_vote);
  tcase_add_test (tcase, test_destination_without_vote_by_choice);
  tcase_add_test (tcase, test_congested_uplink_is_shared);
  tcase_add_test (tcase, test_chance_shares_no_uplink_for_long);
  tcase_add_loop_test (tcase, test_no_uplink_is_shared_with_the_weak, 0, 2);
  tcase_add_test (tcase, test_no_uplink_is_shared_with_the_dead);
  tcase_add_test (tcase, test_weight_counts_when_votes_are_lost);
  tcase_add_test (tcase, test_majority_is_one_of_weight);
  tcase_add_test (tcase, test_known_uplink_is_kept_without_voters);
  tcase_add_test (tcase, test_lost_connection_does_not_raise_the_rate);
  tcase_add_test (tcase, test_lost_vote_outlives_the_connection);
  tcase_add_test (tcase, test_ample_path_limits_nothing);
  tcase_add_test (tcase, test_known_uplink_is_shared);
  tcase_add_test (tcase, test_small_and_quick_changes_are_kept_back);
  tcase_add_test (tcase, test_small_rise_waits_longer);
  tcase_add_test (tcase, test_higher_best_rate_is_no_limit);
  tcase_add_test (tcase, test_new_limits_hold_at_once);
  return suite;
}

GST_CHECK_MAIN (ratearbiter);
