/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections on one uplink, or on two that only seem to be one. */
#include <gst/check/gstcheck.h>

#include "uplinkpool.h"

#define TICK (100 * GST_MSECOND)
#define TICKS 10                /* a second */
#define MBIT 1e6
#define BEST (6 * MBIT)
#define MOST_MEMBERS 3

/* Each is sent what the pool says; what it cannot carry waits. */
typedef struct
{
  EchoelUplinkPool pool;
  GstClockTime now;
  guint members;
  EchoelTransportSample last[MOST_MEMBERS];
  gdouble rate;                 /* that the pool says, bit/s */
  gdouble most, least, sum;     /* of the rate, since they were reset */
  guint ticks;                  /* since then */
  gdouble worst;                /* delay, s, likewise */
} Bench;

static void
forget (Bench * b)
{
  b->most = b->worst = b->sum = 0.0;
  b->least = G_MAXDOUBLE;
  b->ticks = 0;
}

static void
bench_init (Bench * b, guint members, gdouble rate)
{
  memset (b, 0, sizeof *b);
  b->members = members;
  b->rate = rate;
  forget (b);
}

/* One tick of a connection that carries so many bit/s. */
static void
send (Bench * b, guint i, gdouble carries)
{
  EchoelTransportSample *last = &b->last[i], sample = *last;
  EchoelCapacityReport report = {.rate = carries };
  guint64 in = b->rate / TICKS / 8, out;

  out = MIN (in + last->waiting, carries / TICKS / 8);
  sample.time = b->now;
  sample.offered += in;
  sample.delivered += out;
  sample.waiting = last->waiting + in - out;
  b->worst = MAX (b->worst, sample.waiting * 8.0 / carries);
  report.sample = sample;
  report.backlog = sample.waiting;
  echoel_uplink_pool_add (&b->pool, last->time > 0 ? last : NULL, &report);
  *last = sample;
}

/* Each carries @each bit/s, but the first takes @swing of it from the second
 * for a while, and gives it back. */
static void
run (Bench * b, gdouble seconds, gdouble each, gdouble swing)
{
  guint tick, i;

  for (tick = 0; tick < seconds * TICKS; tick++) {
    gdouble taken = tick / 4 % 2 ? swing : -swing;

    b->now += TICK;
    for (i = 0; i < b->members; i++)
      send (b, i, each + (i == 0 ? taken : i == 1 ? -taken : 0.0));
    b->rate = echoel_uplink_pool_update (&b->pool, BEST,
        b->members != b->pool.members, b->now);
    b->most = MAX (b->most, b->rate);
    b->least = MIN (b->least, b->rate);
    b->sum += b->rate;
    b->ticks++;
  }
}

GST_START_TEST (test_one_alone_shares_nothing)
{
  EchoelCapacityReport report = {.rate = MBIT };
  EchoelUplinkPool pool = { 0, };

  fail_unless (echoel_uplink_pool_update (&pool, BEST, TRUE, TICK) == 0.0);
  echoel_uplink_pool_add (&pool, NULL, &report);
  fail_unless (echoel_uplink_pool_update (&pool, BEST, TRUE, 2 * TICK) == 0.0);
}

GST_END_TEST;

/* It begins with what is known of each. */
GST_START_TEST (test_first_rate_is_what_each_carries)
{
  Bench b;

  bench_init (&b, 2, 2 * MBIT);
  run (&b, 0.1, MBIT, 0.5 * MBIT);
  fail_unless (ABS (b.rate - MBIT) < 1.0, "%f", b.rate);
}

GST_END_TEST;

/* Each has its part, used well and steadily, however they take from each
 * other. */
GST_START_TEST (test_full_uplink_is_used_steadily)
{
  Bench b;

  bench_init (&b, __i__, 2.5 * MBIT);
  run (&b, 5.0, 0.8 * MBIT, 0.3 * MBIT);
  forget (&b);
  run (&b, 30.0, 0.8 * MBIT, 0.3 * MBIT);
  fail_unless (b.sum / b.ticks > 0.95 * 0.8 * MBIT, "%f", b.sum / b.ticks);
  fail_unless (b.least > 0.75 * 0.8 * MBIT, "%f", b.least);
  fail_unless (b.most < 1.25 * 0.8 * MBIT, "%f", b.most);
  fail_unless (b.worst < 1.0, "%f s", b.worst);
}

GST_END_TEST;

GST_START_TEST (test_worse_uplink_is_followed_at_once)
{
  Bench b;

  bench_init (&b, 2, 2.0 * MBIT);
  run (&b, 10.0, 2.0 * MBIT, 0.0);
  run (&b, 1.0, 0.5 * MBIT, 0.0);
  fail_unless (b.rate < 0.6 * MBIT, "%f", b.rate);
  run (&b, 3.0, 0.5 * MBIT, 0.0);
  forget (&b);
  run (&b, 10.0, 0.5 * MBIT, 0.0);
  fail_unless (b.worst < 1.0, "%f s", b.worst);
}

GST_END_TEST;

GST_START_TEST (test_better_uplink_is_found)
{
  Bench b;

  bench_init (&b, 2, 1.0 * MBIT);
  run (&b, 10.0, 0.5 * MBIT, 0.0);
  run (&b, 5.0, 2.0 * MBIT, 0.0);
  fail_unless (b.rate > 1.5 * MBIT, "%f", b.rate);
  run (&b, 10.0, 10.0 * MBIT, 0.0);
  fail_unless_equals_int (b.rate, BEST);
}

GST_END_TEST;

/* Taken for one by mistake: the weaker is not buried. */
GST_START_TEST (test_two_uplinks_are_no_harm)
{
  guint tick;
  Bench b;

  bench_init (&b, 2, 2.5 * MBIT);
  for (tick = 0; tick < 30 * TICKS; tick++) {
    if (tick == 10 * TICKS)
      forget (&b);
    b.now += TICK;
    send (&b, 0, 0.8 * MBIT);
    send (&b, 1, 2.0 * MBIT);
    b.rate = echoel_uplink_pool_update (&b.pool, BEST, tick == 0, b.now);
  }
  fail_unless (b.worst < 1.5, "%f s", b.worst);
  fail_unless (b.rate < 1.2 * 0.8 * MBIT, "%f", b.rate);
}

GST_END_TEST;

/* Who comes brings its part, who goes takes it along. */
GST_START_TEST (test_members_come_and_go)
{
  gdouble before;
  Bench b;

  bench_init (&b, 2, 2.0 * MBIT);
  run (&b, 10.0, MBIT, 0.0);
  before = b.rate;
  b.members = 3;
  run (&b, 0.1, MBIT, 0.0);
  fail_unless (ABS (b.rate - before) < 1.0, "%f, %f", before, b.rate);
  run (&b, 10.0, MBIT, 0.0);
  before = b.rate;
  b.members = 2;
  run (&b, 0.1, MBIT, 0.0);
  fail_unless (ABS (b.rate - before) < 1.0, "%f, %f", before, b.rate);
  b.members = 1;
  run (&b, 0.1, MBIT, 0.0);
  fail_unless (b.rate == 0.0);
}

GST_END_TEST;

/* Counters that begin anew are no bytes that went backwards. */
GST_START_TEST (test_new_connection_is_no_jump)
{
  Bench b;

  bench_init (&b, 2, 2.0 * MBIT);
  run (&b, 10.0, MBIT, 0.0);
  b.last[1].offered = b.last[1].delivered = b.last[1].waiting = 0;
  forget (&b);
  run (&b, 5.0, MBIT, 0.0);
  fail_unless (b.least > 0.7 * MBIT && b.most < 1.3 * MBIT, "%f to %f",
      b.least, b.most);
}

GST_END_TEST;

static Suite *
uplinkpool_suite (void)
{
  Suite *s = suite_create ("uplinkpool");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_one_alone_shares_nothing);
  tcase_add_test (tc, test_first_rate_is_what_each_carries);
  tcase_add_loop_test (tc, test_full_uplink_is_used_steadily, 2,
      MOST_MEMBERS + 1);
  tcase_add_test (tc, test_worse_uplink_is_followed_at_once);
  tcase_add_test (tc, test_better_uplink_is_found);
  tcase_add_test (tc, test_two_uplinks_are_no_harm);
  tcase_add_test (tc, test_members_come_and_go);
  tcase_add_test (tc, test_new_connection_is_no_jump);
  return s;
}

GST_CHECK_MAIN (uplinkpool);
