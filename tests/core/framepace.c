/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When frames are shown, and when one counts as missed. */
#include <gst/check/gstcheck.h>

#include "framepace.h"

#define MS GST_MSECOND
#define NONE GST_CLOCK_TIME_NONE
#define PERIOD (20 * MS)

static EchoelFramePace
pace_of (EchoelIdle idle, GstClockTime period)
{
  EchoelFramePace pace = { idle, period, FALSE, 0, 0, 0, 0 };

  echoel_frame_pace_reset (&pace);
  return pace;
}

static EchoelPaceVerdict
show (EchoelFramePace * pace, GstClockTime pts, GstClockTime now,
    GstClockTime * shown)
{
  GstClockTime duration = NONE;

  *shown = pts;
  return echoel_frame_pace_show (pace, shown, &duration, now);
}

static void
assert_shown (EchoelFramePace * pace, GstClockTime pts, GstClockTime now,
    GstClockTime want)
{
  GstClockTime shown;

  fail_unless (show (pace, pts, now, &shown) == ECHOEL_PACE_SHOW);
  fail_unless_equals_uint64 (shown, want);
}

GST_START_TEST (test_times_are_the_callers_when_given)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_REPEAT, PERIOD);
  GstClockTime pts = 7 * MS, duration = 3 * MS;

  fail_unless (echoel_frame_pace_show (&pace, &pts, &duration, 100 * MS)
      == ECHOEL_PACE_SHOW);
  fail_unless_equals_uint64 (pts, 7 * MS);
  fail_unless_equals_uint64 (duration, 3 * MS);
}

GST_END_TEST;

GST_START_TEST (test_times_are_those_of_the_push_when_not_given)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_REPEAT, PERIOD);
  GstClockTime pts = NONE, duration = NONE;

  fail_unless (echoel_frame_pace_show (&pace, &pts, &duration, 100 * MS)
      == ECHOEL_PACE_SHOW);
  fail_unless_equals_uint64 (pts, 100 * MS);
  fail_unless_equals_uint64 (duration, PERIOD);
}

GST_END_TEST;

GST_START_TEST (test_frame_is_late_when_its_time_was_shown)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_WAIT, PERIOD);
  GstClockTime shown;

  assert_shown (&pace, 100 * MS, 0, 100 * MS);
  fail_unless (show (&pace, 100 * MS, 5 * MS, &shown) == ECHOEL_PACE_LATE);
  fail_unless (show (&pace, 60 * MS, 6 * MS, &shown) == ECHOEL_PACE_LATE);
  assert_shown (&pace, 101 * MS, 7 * MS, 101 * MS);
}

GST_END_TEST;

/* A compositor that starts its clock again must not be dropped for ever. */
GST_START_TEST (test_new_timeline_goes_on_when_times_go_back_far)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_WAIT, PERIOD);
  GstClockTime shown;

  assert_shown (&pace, 10 * GST_SECOND, 10 * GST_SECOND, 10 * GST_SECOND);
  fail_unless (show (&pace, 0, 10 * GST_SECOND + PERIOD, &shown)
      == ECHOEL_PACE_SHOW_NEW_TIMELINE);
  fail_unless_equals_uint64 (shown, 10 * GST_SECOND + PERIOD);
  assert_shown (&pace, PERIOD, 10 * GST_SECOND + 2 * PERIOD,
      10 * GST_SECOND + 2 * PERIOD);
  /* Forward again, as far as before. */
  fail_unless (show (&pace, 0, 10 * GST_SECOND + 3 * PERIOD, &shown)
      == ECHOEL_PACE_LATE);
}

GST_END_TEST;

GST_START_TEST (test_new_timeline_rises_when_the_clock_stands)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_WAIT, PERIOD);
  GstClockTime shown;

  assert_shown (&pace, 10 * GST_SECOND, 0, 10 * GST_SECOND);
  fail_unless (show (&pace, 0, 0, &shown) == ECHOEL_PACE_SHOW_NEW_TIMELINE);
  fail_unless_equals_uint64 (shown, 10 * GST_SECOND + 1);
}

GST_END_TEST;

GST_START_TEST (test_nothing_is_missed_before_the_first_frame)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_REPEAT, PERIOD);

  fail_unless_equals_uint64 (echoel_frame_pace_deadline (&pace), NONE);
}

GST_END_TEST;

GST_START_TEST (test_frame_is_missed_when_half_a_frame_overdue)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_REPEAT, PERIOD);
  GstClockTime pts, duration;

  /* The caller's clock is another one: only when frames come counts. */
  assert_shown (&pace, 5 * GST_SECOND, 100 * MS, 5 * GST_SECOND);
  fail_unless_equals_uint64 (echoel_frame_pace_deadline (&pace), 130 * MS);
  echoel_frame_pace_fill (&pace, &pts, &duration);
  fail_unless_equals_uint64 (pts, 5 * GST_SECOND + PERIOD);
  fail_unless_equals_uint64 (duration, PERIOD);
  fail_unless_equals_uint64 (echoel_frame_pace_deadline (&pace), 150 * MS);
  echoel_frame_pace_fill (&pace, &pts, &duration);
  fail_unless_equals_uint64 (pts, 5 * GST_SECOND + 2 * PERIOD);
}

GST_END_TEST;

/* Half the negotiated rate: each second frame is filled in, none is late. */
GST_START_TEST (test_rate_is_even_when_frames_come_at_half_of_it)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_REPEAT, PERIOD);
  GstClockTime now, pts, duration;

  for (now = 0; now < GST_SECOND; now += 2 * PERIOD) {
    assert_shown (&pace, now, now, now);
    fail_unless_equals_uint64 (echoel_frame_pace_deadline (&pace),
        now + PERIOD + PERIOD / 2);
    echoel_frame_pace_fill (&pace, &pts, &duration);
    fail_unless_equals_uint64 (pts, now + PERIOD);
    fail_unless (echoel_frame_pace_deadline (&pace) > now + 2 * PERIOD);
  }
}

GST_END_TEST;

static const struct
{
  EchoelIdle idle;
  GstClockTime period, length;  /* of the rate; of the frame shown */
  GstClockTime deadline, latency;       /* after it came */
} deadlines[] = {
  /* *INDENT-OFF* */
  {ECHOEL_IDLE_REPEAT, PERIOD, NONE, 30 * MS, 10 * MS},
  {ECHOEL_IDLE_GAP, PERIOD, NONE, 30 * MS, 10 * MS},
  {ECHOEL_IDLE_WAIT, PERIOD, NONE, NONE, 0},
  /* The rate says how many frames a second there are. */
  {ECHOEL_IDLE_REPEAT, PERIOD, 5 * GST_SECOND, 30 * MS, 10 * MS},
  /* Without a rate a frame says how long it lasts, or nobody does. */
  {ECHOEL_IDLE_REPEAT, NONE, 40 * MS, 60 * MS, 20 * MS},
  {ECHOEL_IDLE_REPEAT, NONE, NONE, NONE, 0},
  /* *INDENT-ON* */
};

GST_START_TEST (test_deadline_and_latency_follow_idle_and_rate)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (deadlines); i++) {
    EchoelFramePace pace = pace_of (deadlines[i].idle, deadlines[i].period);
    GstClockTime pts = 0, duration = deadlines[i].length;

    echoel_frame_pace_show (&pace, &pts, &duration, 0);
    fail_unless (echoel_frame_pace_deadline (&pace) == deadlines[i].deadline
        && echoel_frame_pace_latency (&pace) == deadlines[i].latency,
        "row %u", i);
  }
}

GST_END_TEST;

GST_START_TEST (test_all_is_forgotten_when_reset)
{
  EchoelFramePace pace = pace_of (ECHOEL_IDLE_REPEAT, PERIOD);
  GstClockTime shown;

  assert_shown (&pace, 10 * GST_SECOND, 0, 10 * GST_SECOND);
  show (&pace, 0, 20 * GST_SECOND, &shown);
  echoel_frame_pace_reset (&pace);
  fail_unless_equals_uint64 (echoel_frame_pace_deadline (&pace), NONE);
  assert_shown (&pace, 3 * MS, 50 * MS, 3 * MS);
}

GST_END_TEST;

static Suite *
framepace_suite (void)
{
  Suite *s = suite_create ("framepace");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_times_are_the_callers_when_given);
  tcase_add_test (tc, test_times_are_those_of_the_push_when_not_given);
  tcase_add_test (tc, test_frame_is_late_when_its_time_was_shown);
  tcase_add_test (tc, test_new_timeline_goes_on_when_times_go_back_far);
  tcase_add_test (tc, test_new_timeline_rises_when_the_clock_stands);
  tcase_add_test (tc, test_nothing_is_missed_before_the_first_frame);
  tcase_add_test (tc, test_frame_is_missed_when_half_a_frame_overdue);
  tcase_add_test (tc, test_rate_is_even_when_frames_come_at_half_of_it);
  tcase_add_test (tc, test_deadline_and_latency_follow_idle_and_rate);
  tcase_add_test (tc, test_all_is_forgotten_when_reset);
  return s;
}

GST_CHECK_MAIN (framepace);
