/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two connections that share an uplink, or do not. */
#include <gst/check/gstcheck.h>

#include "crosstalk.h"

#define TICK (100 * GST_MSECOND)
#define TICKS 10                /* a second */
#define MBIT 1e6
#define SECONDS 3

typedef struct
{
  EchoelFlow flows[3];
  guint64 delivered[3];
  GstClockTime now;
} Bench;

/* One tick, in bit/s. */
static void
step (Bench * b, gdouble first, gdouble second, gdouble third, gboolean busy)
{
  gdouble rates[] = { first, second, third };
  guint i;

  b->now += TICK;
  for (i = 0; i < G_N_ELEMENTS (rates); i++) {
    b->delivered[i] += rates[i] / 8 / TICKS;
    echoel_flow_add (&b->flows[i], b->now, b->delivered[i], busy);
  }
}

static EchoelCrosstalk
judge (const Bench * b, guint n_others)
{
  const EchoelFlow *others[] = { &b->flows[1], &b->flows[2] };

  return echoel_crosstalk_judge (&b->flows[0], others, n_others);
}

/* 0.3 s up, 0.3 s down, as it takes. */
static gdouble
swing (guint tick, gdouble most)
{
  return tick / 3 % 2 ? most : -most;
}

GST_START_TEST (test_one_gets_what_the_other_leaves)
{
  Bench b = { 0, };
  guint tick;

  for (tick = 0; tick < SECONDS * TICKS; tick++)
    step (&b, MBIT + swing (tick, 0.4 * MBIT), MBIT - swing (tick, 0.4 * MBIT),
        0.0, TRUE);
  fail_unless_equals_int (judge (&b, 1), ECHOEL_CROSSTALK_SHARED);
}

GST_END_TEST;

/* Two that take from each other and from a third: it takes all to see it. */
GST_START_TEST (test_all_of_them_make_up_for_one)
{
  Bench b = { 0, };
  guint tick;

  for (tick = 0; tick < SECONDS * TICKS; tick++) {
    gdouble taken = swing (tick, 0.4 * MBIT);
    gdouble second = tick / 6 % 2 ? taken : 0.0;

    step (&b, MBIT + taken, MBIT - second, MBIT - taken + second, TRUE);
  }
  fail_unless_equals_int (judge (&b, 2), ECHOEL_CROSSTALK_SHARED);
  fail_unless (judge (&b, 1) != ECHOEL_CROSSTALK_SHARED);
}

GST_END_TEST;

/* A weak path is full all the time, and the other carries what it is sent. */
GST_START_TEST (test_separate_ways_leave_each_other_alone)
{
  Bench b = { 0, };
  guint tick;

  for (tick = 0; tick < SECONDS * TICKS; tick++)
    step (&b, MBIT / 2, MBIT + swing (tick, 0.4 * MBIT), 0.0, TRUE);
  fail_unless_equals_int (judge (&b, 1), ECHOEL_CROSSTALK_SEPARATE);
}

GST_END_TEST;

/* Nothing happens, or the same to both: the uplink gets better or worse. */
GST_START_TEST (test_too_little_says_nothing)
{
  guint tick, common;

  for (common = 0; common < 2; common++) {
    Bench b = { 0, };

    for (tick = 0; tick < SECONDS * TICKS; tick++)
      step (&b, MBIT + swing (tick, common * 0.4 * MBIT),
          MBIT + swing (tick, common * 0.4 * MBIT), 0.0, TRUE);
    fail_unless_equals_int (judge (&b, 1), ECHOEL_CROSSTALK_UNKNOWN);
  }
}

GST_END_TEST;

/* What is not full carries what it is sent, which is the same for both. */
GST_START_TEST (test_idle_moments_say_nothing)
{
  Bench b = { 0, };
  guint tick;

  for (tick = 0; tick < SECONDS * TICKS; tick++)
    step (&b, MBIT + swing (tick, 0.4 * MBIT), MBIT - swing (tick, 0.4 * MBIT),
        0.0, tick % 3 == 0);
  fail_unless_equals_int (judge (&b, 1), ECHOEL_CROSSTALK_UNKNOWN);
}

GST_END_TEST;

GST_START_TEST (test_new_connection_is_not_known)
{
  Bench b = { 0, };
  guint tick;

  fail_unless_equals_int (judge (&b, 1), ECHOEL_CROSSTALK_UNKNOWN);
  for (tick = 0; tick < SECONDS * TICKS; tick++)
    step (&b, MBIT + swing (tick, 0.4 * MBIT), MBIT - swing (tick, 0.4 * MBIT),
        0.0, TRUE);
  b.delivered[1] = 0;
  step (&b, MBIT, MBIT, 0.0, TRUE);
  fail_unless_equals_int (judge (&b, 1), ECHOEL_CROSSTALK_UNKNOWN);
}

GST_END_TEST;

static Suite *
crosstalk_suite (void)
{
  Suite *s = suite_create ("crosstalk");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_one_gets_what_the_other_leaves);
  tcase_add_test (tc, test_all_of_them_make_up_for_one);
  tcase_add_test (tc, test_separate_ways_leave_each_other_alone);
  tcase_add_test (tc, test_too_little_says_nothing);
  tcase_add_test (tc, test_idle_moments_say_nothing);
  tcase_add_test (tc, test_new_connection_is_not_known);
  return s;
}

GST_CHECK_MAIN (crosstalk);
