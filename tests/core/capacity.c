/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a path carries is told from what it did, and nothing else is blamed
 * on it. tests/adaptive closes the loop. */
#include <gst/check/gstcheck.h>

#include "capacity.h"

#define TICK ECHOEL_CAPACITY_INTERVAL
#define TICKS 10                /* a second */
#define MBIT 1e6
#define BEST (6 * MBIT)
#define RTT (40 * GST_MSECOND)

/* Bytes go in at @offers and out at @carries; what the estimate says does not
 * change what is offered, unless @follows. */
typedef struct
{
  EchoelCapacity capacity;
  EchoelTransportSample sample;
  EchoelCapacityReport report;
  gdouble backlog;
  gboolean follows;
} Pipe;

static void
pipe_init (Pipe * pipe)
{
  memset (pipe, 0, sizeof *pipe);
  echoel_capacity_init (&pipe->capacity, BEST);
}

static void
run (Pipe * pipe, gdouble seconds, gdouble offers, gdouble carries)
{
  guint tick;

  for (tick = 0; tick < seconds * TICKS; tick++) {
    gdouble in = (pipe->follows ? MIN (offers, pipe->capacity.rate) : offers)
        / 8 / TICKS;
    gdouble out = MIN (carries / 8 / TICKS, pipe->backlog + in);

    pipe->sample.time += TICK;
    pipe->sample.offered += in;
    pipe->sample.delivered += out;
    pipe->backlog += in - out;
    /* Half of it at each place, and a sample never sees an empty wire. */
    pipe->sample.waiting = pipe->backlog / 2;
    pipe->sample.unacknowledged = pipe->backlog / 2;
    pipe->report = *echoel_capacity_update (&pipe->capacity, &pipe->sample);
  }
}

static void
is_reason (const Pipe * pipe, const gchar * reason)
{
  fail_unless_equals_string (echoel_capacity_reason_to_string
      (pipe->report.reason), reason);
}

static void
is_near (gdouble value, gdouble wanted, gdouble part)
{
  fail_unless (value >= wanted * (1.0 - part)
      && value <= wanted * (1.0 + part), "%f is not near %f", value, wanted);
}

GST_START_TEST (test_free_path_is_ample)
{
  Pipe pipe;

  pipe_init (&pipe);
  run (&pipe, 60.0, BEST, 20 * MBIT);
  fail_unless (pipe.report.rate == BEST);
  is_reason (&pipe, "ample");
  is_near (pipe.report.delivered, BEST, 0.01);
  fail_unless (pipe.report.delay == 0);
}

GST_END_TEST;

GST_START_TEST (test_congestion_is_seen_within_half_a_second)
{
  Pipe pipe;

  pipe_init (&pipe);
  run (&pipe, 10.0, BEST, 20 * MBIT);
  run (&pipe, 0.5, BEST, 3 * MBIT);
  fail_unless (pipe.report.rate < 3.1 * MBIT);
  fail_unless (pipe.report.busy);
  fail_unless (pipe.report.delay > 300 * GST_MSECOND);
  /* Half of it is in the kernel, with the rate of a second to judge it. */
  fail_unless (pipe.report.beyond > pipe.report.delay / 4);
  fail_unless (pipe.report.beyond < pipe.report.delay / 1.9);
}

GST_END_TEST;

GST_START_TEST (test_estimate_settles_at_what_is_carried)
{
  static const gdouble rates[] = { 0.2, 0.5, 1, 2, 3, 5 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rates); i++) {
    Pipe pipe;

    pipe_init (&pipe);
    pipe.follows = TRUE;
    run (&pipe, 30.0, BEST, rates[i] * MBIT);
    is_near (pipe.report.rate, rates[i] * MBIT, 0.1);
    fail_unless (pipe.report.delay < 500 * GST_MSECOND);
  }
}

GST_END_TEST;

GST_START_TEST (test_free_path_is_found_again)
{
  Pipe pipe;

  pipe_init (&pipe);
  pipe.follows = TRUE;
  run (&pipe, 30.0, BEST, 1 * MBIT);
  run (&pipe, 10.0, BEST, 20 * MBIT);
  fail_unless (pipe.report.rate == BEST);
}

GST_END_TEST;

/* A queue that drains faster shows the better path before it is empty. */
GST_START_TEST (test_better_path_is_seen_in_the_queue)
{
  Pipe pipe;

  pipe_init (&pipe);
  pipe.follows = TRUE;
  run (&pipe, 30.0, BEST, 2 * MBIT);
  run (&pipe, 1.5, BEST, 4 * MBIT);
  fail_unless (pipe.report.rate > 2.6 * MBIT);
}

GST_END_TEST;

GST_START_TEST (test_server_that_does_not_read_is_not_the_path)
{
  Pipe pipe;

  pipe_init (&pipe);
  run (&pipe, 10.0, BEST, 20 * MBIT);
  pipe.sample.window_closed = TRUE;
  run (&pipe, 20.0, BEST, 0);
  fail_unless (pipe.report.rate == BEST);
  is_reason (&pipe, "server");
}

GST_END_TEST;

GST_START_TEST (test_quiet_scene_proves_little)
{
  Pipe pipe;

  pipe_init (&pipe);
  pipe.follows = TRUE;
  run (&pipe, 20.0, BEST, 1 * MBIT);
  pipe.follows = FALSE;
  /* The queue drains no faster than before. */
  run (&pipe, 1.0, 0.3 * MBIT, 1 * MBIT);
  run (&pipe, 60.0, 0.3 * MBIT, 20 * MBIT);
  /* One more Mbit/s than it sends, and the last step beyond that. */
  fail_unless (pipe.report.rate > 1.2 * MBIT);
  fail_unless (pipe.report.rate < 1.6 * MBIT, "%f", pipe.report.rate);
}

GST_END_TEST;

GST_START_TEST (test_rate_waits_while_frames_are_dropped)
{
  gdouble before;
  Pipe pipe;
  guint i;

  pipe_init (&pipe);
  pipe.follows = TRUE;
  run (&pipe, 20.0, BEST, 1 * MBIT);
  run (&pipe, 1.0, 0.5 * MBIT, 1 * MBIT);
  before = pipe.report.rate;
  for (i = 0; i < 20; i++) {
    pipe.sample.dropped += 1000;
    run (&pipe, 0.4, 0.5 * MBIT, 20 * MBIT);
    fail_unless (pipe.report.dropping);
  }
  fail_unless (pipe.report.rate <= before * 1.15);
  run (&pipe, 2.0, 0.5 * MBIT, 20 * MBIT);
  fail_if (pipe.report.dropping);
}

GST_END_TEST;

/* What the path carried before it fell is no place to return to: where it is
 * full now, the rate rises with care. */
GST_START_TEST (test_fall_is_another_path)
{
  Pipe pipe;

  pipe_init (&pipe);
  pipe.follows = TRUE;
  run (&pipe, 20.0, BEST, 5 * MBIT);
  run (&pipe, 5.0, BEST, 2 * MBIT);
  pipe.follows = FALSE;
  run (&pipe, 6.0, 1.8 * MBIT, 2 * MBIT);
  fail_unless (pipe.report.rate < 1.2 * 2 * MBIT, "%f", pipe.report.rate);
}

GST_END_TEST;

/* What waits in the kernel while nothing flows leaves as it did before: the
 * first frame that can get through must not be thrown away for it. */
GST_START_TEST (test_path_that_flows_again_is_as_before)
{
  Pipe pipe;

  pipe_init (&pipe);
  run (&pipe, 10.0, 2 * MBIT, 20 * MBIT);
  run (&pipe, 0.3, 2 * MBIT, 0.0);
  run (&pipe, 3.0, 0.0, 0.0);
  run (&pipe, 0.1, 0.0, 0.1 * MBIT);
  fail_unless (pipe.report.delay > 3 * GST_SECOND);
  fail_unless (pipe.report.beyond < 300 * GST_MSECOND, "%" GST_TIME_FORMAT,
      GST_TIME_ARGS (pipe.report.beyond));
  /* It does not: then it is late. */
  run (&pipe, 1.0, 0.0, 0.1 * MBIT);
  fail_unless (pipe.report.beyond > 2 * GST_SECOND, "%" GST_TIME_FORMAT,
      GST_TIME_ARGS (pipe.report.beyond));
}

GST_END_TEST;

/* A sender that is kept from running for a moment, with a few bytes left from
 * before, says nothing about the path. */
GST_START_TEST (test_sender_that_did_not_run_is_not_the_path)
{
  Pipe pipe;

  pipe_init (&pipe);
  run (&pipe, 10.0, BEST, 20 * MBIT);
  pipe.backlog = 24;
  run (&pipe, 0.1, 0, 1);
  run (&pipe, 0.1, BEST, 1);
  fail_unless (pipe.report.rate == BEST);
  run (&pipe, 0.1, BEST, 20 * MBIT);
  fail_unless (pipe.report.rate == BEST);
  /* Nor what was on its way when the other side stopped reading. */
  pipe.backlog = 20000;
  run (&pipe, 0.1, BEST, BEST);
  run (&pipe, 0.1, BEST, 1);
  fail_unless (pipe.report.rate == BEST);
  run (&pipe, 0.3, BEST, 1);
  fail_unless (pipe.report.rate < 0.1 * BEST);
}

GST_END_TEST;

/* A path that is full where it holds next to nothing loses what is too much:
 * no queue shows it. What a radio link loses all the time says nothing. */
GST_START_TEST (test_rate_waits_while_much_is_lost)
{
  static const gdouble parts[] = { 0.0, 0.01, 0.2 };
  gdouble rates[G_N_ELEMENTS (parts)];
  guint i, tick;

  for (i = 0; i < G_N_ELEMENTS (parts); i++) {
    gdouble lost = 0.0;
    Pipe pipe;

    pipe_init (&pipe);
    pipe.follows = TRUE;
    run (&pipe, 20.0, BEST, 1 * MBIT);
    for (tick = 0; tick < 10; tick++) {
      lost += parts[i] * pipe.report.rate / TICKS / 8 / 1448;
      pipe.sample.losses = lost;
      run (&pipe, 0.1, BEST, 20 * MBIT);
    }
    rates[i] = pipe.report.rate;
  }
  fail_unless (rates[1] == rates[0]);
  fail_unless (rates[2] < 0.9 * rates[0], "%f and %f", rates[2], rates[0]);
}

GST_END_TEST;

/* Bytes in flight are no queue, however long the way is. */
GST_START_TEST (test_long_way_is_no_congestion)
{
  Pipe pipe;
  guint tick;

  pipe_init (&pipe);
  pipe.sample.min_rtt = 300 * GST_MSECOND;
  for (tick = 0; tick < 200; tick++) {
    pipe.sample.time += TICK;
    pipe.sample.offered += BEST / 8 / TICKS;
    pipe.sample.unacknowledged = MIN (tick + 1, 3) * BEST / 8 / TICKS;
    pipe.sample.delivered = pipe.sample.offered - pipe.sample.unacknowledged;
    pipe.report = *echoel_capacity_update (&pipe.capacity, &pipe.sample);
    fail_unless (pipe.report.rate == BEST, "tick %u", tick);
  }
}

GST_END_TEST;

/* Where segments are large, a slow stream is told by less than one of them. */
GST_START_TEST (test_large_segments_hide_no_congestion)
{
  Pipe pipe;

  pipe_init (&pipe);
  pipe.sample.segment = 65483;
  pipe.follows = TRUE;
  run (&pipe, 30.0, 0.5 * MBIT, 0.3 * MBIT);
  fail_unless (pipe.report.rate < 0.4 * MBIT, "%f", pipe.report.rate);
  fail_unless (pipe.report.delay < GST_SECOND);
}

GST_END_TEST;

/* What was seen, each tenth of a second, of a server on loopback that had just
 * been stopped: its system still takes all, and acknowledges late. */
static const struct
{
  guint offered, delivered, unacknowledged;
} late[] = {
  /* *INDENT-OFF* */
  {3361828, 3374415, 0}, {3410831, 3414928, 8215}, {3433467, 3423143, 23124},
  {3473680, 3458641, 27416}, {3505195, 3492298, 25546},
  {3538511, 3532669, 18611}, {3570571, 3551280, 32463},
  {3602113, 3597375, 17685}, {3633536, 3629122, 17422},
  /* *INDENT-ON* */
};

/* The least rate meanwhile, where segments are of this many bytes. */
static gdouble
least_while_late (guint segment)
{
  gdouble best = 2.6 * MBIT, least = best;
  EchoelCapacity capacity;
  EchoelTransportSample sample = {.segment = segment };
  guint i;

  echoel_capacity_init (&capacity, best);
  for (i = 0; i < G_N_ELEMENTS (late); i++) {
    sample.time += TICK;
    sample.offered = late[i].offered;
    sample.delivered = late[i].delivered;
    sample.unacknowledged = late[i].unacknowledged;
    least = MIN (least, echoel_capacity_update (&capacity, &sample)->rate);
  }
  return least / best;
}

GST_START_TEST (test_part_of_a_segment_may_be_late)
{
  fail_unless (least_while_late (65483) == 1.0);
  /* Many of Ethernet's would be congestion. */
  fail_unless (least_while_late (1448) < 0.9);
}

GST_END_TEST;

GST_START_TEST (test_new_connection_keeps_the_estimate)
{
  gdouble before;
  Pipe pipe;

  pipe_init (&pipe);
  pipe.follows = TRUE;
  run (&pipe, 20.0, BEST, 1 * MBIT);
  before = pipe.report.rate;
  pipe.sample.delivered = pipe.sample.offered = 0;
  pipe.sample.dropped = pipe.sample.losses = 0;
  pipe.backlog = 0;
  run (&pipe, 0.2, 0.9 * MBIT, 1 * MBIT);
  is_near (pipe.report.rate, before, 0.1);
}

GST_END_TEST;

GST_START_TEST (test_best_rate_moves_the_estimate)
{
  Pipe pipe;

  pipe_init (&pipe);
  run (&pipe, 2.0, MBIT, 20 * MBIT);
  echoel_capacity_set_best (&pipe.capacity, 2 * BEST);
  run (&pipe, 0.1, MBIT, 20 * MBIT);
  fail_unless (pipe.report.rate == 2 * BEST);
  echoel_capacity_set_best (&pipe.capacity, MBIT);
  fail_unless (pipe.capacity.rate == MBIT);
  echoel_capacity_set_best (&pipe.capacity, BEST);
  fail_unless (pipe.capacity.rate == BEST);
}

GST_END_TEST;

GST_START_TEST (test_anything_is_survived)
{
  GRand *random = g_rand_new_with_seed (5);
  EchoelTransportSample sample = { 0, };
  EchoelCapacity capacity;
  guint i;

  echoel_capacity_init (&capacity, 0.0);
  echoel_capacity_init (&capacity, BEST);
  for (i = 0; i < 100000; i++) {
    const EchoelCapacityReport *report;
    guint64 *counters[] = { &sample.offered, &sample.dropped,
      &sample.delivered, &sample.waiting, &sample.unacknowledged,
      &sample.min_rtt
    };
    guint64 *counter = counters[g_rand_int_range (random, 0, 6)];

    *counter = g_rand_int_range (random, 0, 10) == 0
        ? (guint64) g_rand_int (random) << 32
        : *counter + g_rand_int_range (random, 0, 1 << 20);
    sample.time += g_rand_int_range (random, -1, 4) * (GST_SECOND / 30);
    sample.window_closed = g_rand_int_range (random, 0, 9) == 0;
    report = echoel_capacity_update (&capacity, &sample);
    fail_unless (report->rate > 0.0 && report->rate <= BEST);
    fail_unless (report->delivered >= 0.0 && report->offered >= 0.0);
  }
  g_rand_free (random);
}

GST_END_TEST;

static Suite *
capacity_suite (void)
{
  Suite *suite = suite_create ("capacity");
  TCase *tcase = tcase_create ("capacity");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_free_path_is_ample);
  tcase_add_test (tcase, test_congestion_is_seen_within_half_a_second);
  tcase_add_test (tcase, test_estimate_settles_at_what_is_carried);
  tcase_add_test (tcase, test_free_path_is_found_again);
  tcase_add_test (tcase, test_better_path_is_seen_in_the_queue);
  tcase_add_test (tcase, test_server_that_does_not_read_is_not_the_path);
  tcase_add_test (tcase, test_quiet_scene_proves_little);
  tcase_add_test (tcase, test_rate_waits_while_frames_are_dropped);
  tcase_add_test (tcase, test_fall_is_another_path);
  tcase_add_test (tcase, test_path_that_flows_again_is_as_before);
  tcase_add_test (tcase, test_sender_that_did_not_run_is_not_the_path);
  tcase_add_test (tcase, test_rate_waits_while_much_is_lost);
  tcase_add_test (tcase, test_long_way_is_no_congestion);
  tcase_add_test (tcase, test_part_of_a_segment_may_be_late);
  tcase_add_test (tcase, test_large_segments_hide_no_congestion);
  tcase_add_test (tcase, test_new_connection_keeps_the_estimate);
  tcase_add_test (tcase, test_best_rate_moves_the_estimate);
  tcase_add_test (tcase, test_anything_is_survived);
  return suite;
}

GST_CHECK_MAIN (capacity);
