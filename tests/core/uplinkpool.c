/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two connections on one uplink, or on two that only seem to be one. */
#include <gst/check/gstcheck.h>

#include "uplinkpool.h"

#define TICK (100 * GST_MSECOND)
#define TICKS 10                /* a second */
#define MBIT 1e6

/* Each is sent what the pool says; what it cannot carry waits. */
typedef struct
{
  EchoelUplinkPool pool;
  GstClockTime now;
  gdouble rate;                 /* that the pool says, bit/s */
  gdouble backlog[2];           /* bits */
  gdouble most, least;          /* of the rate, since they were reset */
  gdouble worst;                /* delay, s, likewise */
} Bench;

static void
bench_init (Bench * b, gdouble rate)
{
  memset (b, 0, sizeof *b);
  b->rate = rate;
}

static void
forget (Bench * b)
{
  b->most = b->worst = 0.0;
  b->least = G_MAXDOUBLE;
}

static void
report (Bench * b, EchoelUplinkSum * sum, guint i, gdouble carries)
{
  gdouble in = b->rate / TICKS + b->backlog[i];
  gdouble out = MIN (in, carries / TICKS);
  EchoelCapacityReport report = { 0, };

  b->backlog[i] = in - out;
  report.rate = carries;
  report.delivered = out * TICKS;
  report.busy = b->backlog[i] > 0.0;
  report.leaving = report.busy ? report.delivered : carries;
  report.delay = b->backlog[i] / report.leaving * GST_SECOND;
  b->worst = MAX (b->worst, b->backlog[i] / report.leaving);
  echoel_uplink_sum_add (sum, &report);
}

/* @swing: how much the one takes from the other, now and then. */
static void
run (Bench * b, gdouble seconds, gdouble first, gdouble second, gdouble swing)
{
  guint tick;

  for (tick = 0; tick < seconds * TICKS; tick++) {
    EchoelUplinkSum sum = { 0, };
    gdouble taken = tick / 4 % 2 ? swing : -swing;

    b->now += TICK;
    report (b, &sum, 0, first + taken);
    report (b, &sum, 1, second - taken);
    b->rate = echoel_uplink_pool_update (&b->pool, &sum, b->now);
    b->most = MAX (b->most, b->rate);
    b->least = MIN (b->least, b->rate);
  }
}

GST_START_TEST (test_one_alone_shares_nothing)
{
  EchoelCapacityReport report = {.rate = MBIT,.delivered = MBIT };
  EchoelUplinkSum none = { 0, }, one = { 0, };
  EchoelUplinkPool pool = { 0, };

  echoel_uplink_sum_add (&one, &report);
  fail_unless (echoel_uplink_pool_update (&pool, &none, TICK) == 0.0);
  fail_unless (echoel_uplink_pool_update (&pool, &one, 2 * TICK) == 0.0);
}

GST_END_TEST;

/* Each has half, used well and steadily, however they take from each other. */
GST_START_TEST (test_full_uplink_is_used_steadily)
{
  Bench b;

  bench_init (&b, 2.5 * MBIT);
  run (&b, 5.0, 0.8 * MBIT, 0.8 * MBIT, 0.3 * MBIT);
  forget (&b);
  run (&b, 30.0, 0.8 * MBIT, 0.8 * MBIT, 0.3 * MBIT);
  fail_unless (b.least > 0.9 * 0.8 * MBIT, "%f", b.least);
  fail_unless (b.most < 1.1 * 0.8 * MBIT, "%f", b.most);
  fail_unless (b.worst < 1.0, "%f s", b.worst);
}

GST_END_TEST;

GST_START_TEST (test_worse_uplink_is_followed_at_once)
{
  Bench b;

  bench_init (&b, 2.0 * MBIT);
  run (&b, 10.0, 2.0 * MBIT, 2.0 * MBIT, 0.0);
  forget (&b);
  run (&b, 1.0, 0.5 * MBIT, 0.5 * MBIT, 0.0);
  fail_unless (b.rate < 0.6 * MBIT, "%f", b.rate);
  run (&b, 3.0, 0.5 * MBIT, 0.5 * MBIT, 0.0);
  forget (&b);
  run (&b, 10.0, 0.5 * MBIT, 0.5 * MBIT, 0.0);
  fail_unless (b.worst < 1.0, "%f s", b.worst);
}

GST_END_TEST;

/* Back to what it was soon, beyond that slowly. */
GST_START_TEST (test_better_uplink_is_tried_with_care)
{
  Bench b;

  bench_init (&b, 1.0 * MBIT);
  run (&b, 10.0, 0.5 * MBIT, 0.5 * MBIT, 0.0);
  run (&b, 1.0, 2.0 * MBIT, 2.0 * MBIT, 0.0);
  fail_unless (b.rate < 0.9 * MBIT, "%f", b.rate);
  run (&b, 10.0, 2.0 * MBIT, 2.0 * MBIT, 0.0);
  fail_unless (b.rate > 1.5 * MBIT, "%f", b.rate);
}

GST_END_TEST;

/* Taken for one by mistake: the weaker is not buried. */
GST_START_TEST (test_two_uplinks_are_no_harm)
{
  Bench b;

  bench_init (&b, 2.5 * MBIT);
  run (&b, 10.0, 0.8 * MBIT, 2.0 * MBIT, 0.0);
  forget (&b);
  run (&b, 20.0, 0.8 * MBIT, 2.0 * MBIT, 0.0);
  fail_unless (b.worst < 1.5, "%f s", b.worst);
  fail_unless (b.rate < 1.1 * 0.8 * MBIT, "%f", b.rate);
}

GST_END_TEST;

static Suite *
uplinkpool_suite (void)
{
  Suite *s = suite_create ("uplinkpool");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_one_alone_shares_nothing);
  tcase_add_test (tc, test_full_uplink_is_used_steadily);
  tcase_add_test (tc, test_worse_uplink_is_followed_at_once);
  tcase_add_test (tc, test_better_uplink_is_tried_with_care);
  tcase_add_test (tc, test_two_uplinks_are_no_harm);
  return s;
}

GST_CHECK_MAIN (uplinkpool);
