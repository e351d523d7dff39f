/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two destinations that share an uplink, or do not, told from the counters of
 * their connections. */
#include <gst/check/gstcheck.h>

#include "uplinksharing.h"

#define TICK (100 * GST_MSECOND)
#define TICKS 10                /* a second */
#define MBIT 1e6
#define BEST (6 * MBIT)
#define N 2

typedef struct
{
  EchoelUplinkPool pool;
  EchoelUplinkMember members[N];
  EchoelCapacity capacities[N];
  EchoelTransportSample samples[N];
  GPtrArray *all;
  GstClockTime now;
  guint tick;
} Bench;

static void
bench_init (Bench * b)
{
  guint i;

  memset (b, 0, sizeof *b);
  b->all = g_ptr_array_new ();
  for (i = 0; i < N; i++) {
    echoel_uplink_member_init (&b->members[i]);
    b->members[i].online = TRUE;
    echoel_capacity_init (&b->capacities[i], BEST);
    g_ptr_array_add (b->all, &b->members[i]);
  }
}

static void
bench_clear (Bench * b)
{
  g_ptr_array_unref (b->all);
}

/* One tick of one connection that is sent and carries so many bit/s. */
static void
send (Bench * b, guint i, gdouble sent, gdouble carries)
{
  EchoelTransportSample *sample = &b->samples[i];
  guint64 in = sent / TICKS / 8;
  guint64 out = MIN (in + sample->waiting, carries / TICKS / 8);
  guint64 on_path = out * TICKS * sample->min_rtt / GST_SECOND;

  sample->time = b->now;
  sample->offered += in;
  sample->delivered += out;
  sample->waiting += in - out;
  sample->unacknowledged = on_path;
  b->members[i].report = *echoel_capacity_update (&b->capacities[i], sample);
  b->members[i].eligible = b->members[i].online;
}

/* The second is sent and carries what the first does, but @swing more, and
 * then less, which it takes from the first. */
static void
run (Bench * b, gdouble seconds, gdouble sent, gdouble carries, gdouble swing)
{
  guint end = b->tick + seconds * TICKS;

  for (; b->tick < end; b->tick++) {
    gdouble taken = b->tick / 3 % 2 ? swing : -swing;

    b->now += TICK;
    send (b, 0, sent, carries - taken);
    send (b, 1, sent, carries + taken);
    echoel_uplink_sharing_step (&b->pool, b->all, BEST, b->now);
  }
}

GST_START_TEST (test_congested_together_share)
{
  Bench b;

  bench_init (&b);
  run (&b, 2.0, MBIT, 20 * MBIT, 0.0);
  fail_if (b.members[0].shares || b.members[1].shares);
  run (&b, 2.0, MBIT, 0.6 * MBIT, 0.2 * MBIT);
  fail_unless (b.members[0].shares && b.members[1].shares);
  fail_unless (b.members[0].rate == b.members[1].rate);
  bench_clear (&b);
}

GST_END_TEST;

/* One is always full, the other carries what it is sent, which changes. */
GST_START_TEST (test_separate_ways_are_not_shared)
{
  guint i;
  Bench b;

  bench_init (&b);
  for (i = 0; i < 20 * TICKS; i++) {
    b.now += TICK;
    send (&b, 0, (i / 5 % 2 ? 3 : 2) * MBIT, 20 * MBIT);
    send (&b, 1, MBIT, 0.5 * MBIT);
    echoel_uplink_sharing_step (&b.pool, b.all, BEST, b.now);
    fail_if (b.members[0].shares || b.members[1].shares);
  }
  fail_unless (b.members[0].rate == BEST);
  bench_clear (&b);
}

GST_END_TEST;

/* What each is to be sent when the uplink has become wide again. */
static gdouble
rate_with_round_trip (GstClockTime round_trip)
{
  gdouble rate;
  Bench b;

  bench_init (&b);
  b.samples[0].min_rtt = 20 * GST_MSECOND;
  b.samples[1].min_rtt = round_trip;
  run (&b, 3.0, 2 * MBIT, 1.5 * MBIT, 0.3 * MBIT);
  fail_unless (b.members[0].shares && b.members[1].shares);
  run (&b, 6.0, MBIT, 20 * MBIT, 0.0);
  rate = b.members[0].rate;
  bench_clear (&b);
  return rate;
}

/* What is merely on its way to one far away waits for nobody: more may be sent
 * than is. */
GST_START_TEST (test_far_destination_is_no_queue)
{
  gdouble near = rate_with_round_trip (20 * GST_MSECOND);
  gdouble far = rate_with_round_trip (420 * GST_MSECOND);

  fail_unless (near > 1.1 * MBIT && far > 1.1 * MBIT, "%f and %f", near, far);
}

GST_END_TEST;

GST_START_TEST (test_who_goes_shares_no_more)
{
  Bench b;

  bench_init (&b);
  run (&b, 4.0, MBIT, 0.6 * MBIT, 0.2 * MBIT);
  fail_unless (b.members[0].shares);
  b.members[1].online = FALSE;
  run (&b, 0.2, 0.5 * MBIT, 0.6 * MBIT, 0.0);
  fail_if (b.members[0].shares || b.members[1].shares);
  fail_unless (b.members[0].rate == b.members[0].report.rate);
  /* Back, by another connection. */
  memset (&b.samples[1], 0, sizeof b.samples[1]);
  b.members[1].online = TRUE;
  run (&b, 0.2, 0.5 * MBIT, 0.6 * MBIT, 0.0);
  fail_if (b.members[0].shares || b.members[1].shares);
  bench_clear (&b);
}

GST_END_TEST;

/* Something waits and nothing arrives: that one has gone, and gets no part. */
GST_START_TEST (test_silent_one_gets_no_part)
{
  guint i;
  Bench b;

  bench_init (&b);
  run (&b, 4.0, MBIT, 0.6 * MBIT, 0.2 * MBIT);
  fail_unless (b.members[1].shares);
  for (i = 0; i < 5 * TICKS; i++) {
    b.now += TICK;
    send (&b, 0, 0.6 * MBIT, 1.2 * MBIT);
    send (&b, 1, 0.6 * MBIT, 0.0);
    echoel_uplink_sharing_step (&b.pool, b.all, BEST, b.now);
  }
  fail_if (b.members[0].shares || b.members[1].shares);
  bench_clear (&b);
}

GST_END_TEST;

static Suite *
uplinksharing_suite (void)
{
  Suite *s = suite_create ("uplinksharing");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_congested_together_share);
  tcase_add_test (tc, test_separate_ways_are_not_shared);
  tcase_add_test (tc, test_far_destination_is_no_queue);
  tcase_add_test (tc, test_who_goes_shares_no_more);
  tcase_add_test (tc, test_silent_one_gets_no_part);
  return s;
}

GST_CHECK_MAIN (uplinksharing);
