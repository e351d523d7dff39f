/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of a destination: deadlines, waiting times, and their end. */
#include <gst/check/gstcheck.h>

#include "keyrequest.h"
#include "link.h"

#define SECOND ((gint64) GST_SECOND)

typedef struct
{
  EchoelLink link;
  EchoelLinkFacts facts;
  gint64 now;
  EchoelLinkAction last;        /* other than nothing */
} Bench;

static void
setup (Bench * b)
{
  Bench fresh = { {ECHOEL_LINK_IDLE,}, };

  *b = fresh;
  b->now = 1000 * SECOND;
  b->facts.enabled = TRUE;
  b->facts.late = ECHOEL_FAULT_NO_ANSWER;
  echoel_link_init (&b->link, &echoel_link_deadlines_default, 7);
}

static void
teardown (Bench * b)
{
  echoel_link_clear (&b->link);
}

/* Ten steps a second, doing at once what is asked for. */
static void
run (Bench * b, gdouble seconds)
{
  gint64 end = b->now + seconds * SECOND;

  for (; b->now < end; b->now += SECOND / 10) {
    EchoelLinkAction action = echoel_link_step (&b->link, &b->facts, b->now);

    if (action != ECHOEL_LINK_DO_NOTHING)
      b->last = action;
    if (action == ECHOEL_LINK_DO_OPEN) {
      fail_if (b->facts.open, "two attempts at once");
      b->facts.open = TRUE;
      b->facts.progress = 0;
    } else if (action == ECHOEL_LINK_DO_CLOSE) {
      b->facts.open = b->facts.connected = b->facts.drained = FALSE;
      b->facts.fault = ECHOEL_FAULT_NONE;
    }
  }
}

static void
go_live (Bench * b)
{
  b->facts.can_begin = TRUE;
  run (b, 0.2);
  b->facts.connected = TRUE;
  run (b, 0.2);
  fail_unless_equals_int (b->link.state, ECHOEL_LINK_PUBLISHING);
}

GST_START_TEST (test_waits_for_something_to_send)
{
  Bench b;

  setup (&b);
  run (&b, 60);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_IDLE);
  go_live (&b);
  fail_unless_equals_int (b.link.connects, 1);
  teardown (&b);
}

GST_END_TEST;

/* Tracks that cannot change are no failure: it ends in good order and begins
 * anew at once. */
GST_START_TEST (test_begins_anew_with_other_tracks)
{
  Bench b;

  setup (&b);
  go_live (&b);
  b.facts.outdated = TRUE;
  run (&b, 0.2);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_DRAINING);
  fail_unless_equals_int (b.last, ECHOEL_LINK_DO_DRAIN);
  b.facts.drained = TRUE;
  run (&b, 0.1);
  fail_unless_equals_int (b.last, ECHOEL_LINK_DO_CLOSE);
  b.facts.drained = b.facts.outdated = b.facts.connected = FALSE;
  run (&b, 0.2);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_CONNECTING);
  fail_unless_equals_int (b.link.failures, 0);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_gives_up_connecting_after_8_s)
{
  Bench b;

  setup (&b);
  b.facts.can_begin = TRUE;
  run (&b, 7.9);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_CONNECTING);
  run (&b, 0.3);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_BACKOFF);
  fail_unless_equals_int (b.link.reason, ECHOEL_FAULT_NO_ANSWER);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_stalls_5_s_after_the_last_byte)
{
  Bench b;
  guint i;

  setup (&b);
  go_live (&b);
  b.facts.waiting = TRUE;
  for (i = 0; i < 100; i++) {
    b.facts.progress++;
    run (&b, 1);
  }
  run (&b, 3.8);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_PUBLISHING);
  run (&b, 0.4);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_BACKOFF);
  fail_unless_equals_int (b.link.reason, ECHOEL_FAULT_STALLED);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_first_byte_may_take_8_s)
{
  Bench b;

  setup (&b);
  go_live (&b);
  b.facts.waiting = TRUE;
  run (&b, 7.5);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_PUBLISHING);
  run (&b, 0.7);
  fail_unless_equals_int (b.link.reason, ECHOEL_FAULT_STALLED);
  teardown (&b);
}

GST_END_TEST;

/* Paused or with nothing to send, nobody is to blame. */
GST_START_TEST (test_silence_is_no_stall)
{
  Bench b;

  setup (&b);
  go_live (&b);
  run (&b, 600);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_PUBLISHING);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_delay_doubles_and_is_forgiven)
{
  static const gdouble seconds[] = { 0.5, 1, 2, 4, 8, 16, 30, 30, 30 };
  Bench b;
  guint i;

  setup (&b);
  b.facts.can_begin = TRUE;
  for (i = 0; i < G_N_ELEMENTS (seconds); i++) {
    gint64 since = b.now, waited;

    while (b.link.state != ECHOEL_LINK_CONNECTING)
      run (&b, 0.1);
    waited = b.now - since;
    if (i > 0)
      fail_unless (waited > seconds[i - 1] * 0.75 * SECOND
          && waited < seconds[i - 1] * 1.25 * SECOND + SECOND / 5,
          "try %u after %" GST_TIME_FORMAT, i, GST_TIME_ARGS (waited));
    b.facts.fault = ECHOEL_FAULT_REFUSED;
    while (b.link.state == ECHOEL_LINK_CONNECTING)
      run (&b, 0.1);
  }
  fail_unless (b.link.failures == G_N_ELEMENTS (seconds));
  while (b.link.state != ECHOEL_LINK_CONNECTING)
    run (&b, 0.1);
  go_live (&b);
  run (&b, 31);
  fail_unless_equals_int (b.link.failures, 0);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_refused_key_is_final_after_3_tries)
{
  Bench b;
  guint i;

  setup (&b);
  b.facts.can_begin = TRUE;
  for (i = 0; i < ECHOEL_AUTH_TRIES; i++) {
    while (b.link.state != ECHOEL_LINK_CONNECTING)
      run (&b, 0.1);
    b.facts.fault = ECHOEL_FAULT_AUTH;
    run (&b, 0.1);
  }
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_FATAL);
  run (&b, 600);
  fail_unless_equals_int (b.link.attempts, ECHOEL_AUTH_TRIES);
  /* Switched off and on again, it is a new life. */
  b.facts.enabled = FALSE;
  run (&b, 0.2);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_DISABLED);
  b.facts.enabled = TRUE;
  run (&b, 0.3);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_CONNECTING);
  teardown (&b);
}

GST_END_TEST;

static void
fail_with (Bench * b, EchoelFault fault)
{
  while (b->link.state != ECHOEL_LINK_CONNECTING)
    run (b, 0.1);
  b->facts.fault = fault;
  run (b, 0.1);
}

/* A server that comes up may refuse a login once: what else went wrong before
 * is no reason to give it up. */
GST_START_TEST (test_failures_of_another_kind_do_not_count)
{
  Bench b;
  guint i;

  setup (&b);
  b.facts.can_begin = TRUE;
  for (i = 0; i < ECHOEL_AUTH_TRIES; i++)
    fail_with (&b, ECHOEL_FAULT_REFUSED);
  for (i = 1; i < ECHOEL_AUTH_TRIES; i++) {
    fail_with (&b, ECHOEL_FAULT_AUTH);
    fail_unless_equals_int (b.link.state, ECHOEL_LINK_BACKOFF);
  }
  fail_with (&b, ECHOEL_FAULT_CLOSED);
  fail_with (&b, ECHOEL_FAULT_AUTH);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_BACKOFF);
  /* A key that is found in use waits as for the first time. */
  fail_with (&b, ECHOEL_FAULT_KEY_IN_USE);
  fail_unless (b.link.next_try - b.now <= 6 * SECOND,
      "%" GST_TIME_FORMAT, GST_TIME_ARGS (b.link.next_try - b.now));
  for (i = 0; i < ECHOEL_AUTH_TRIES; i++)
    fail_with (&b, ECHOEL_FAULT_AUTH);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_FATAL);
  teardown (&b);
}

GST_END_TEST;

/* A new try waits until the old attempt is gone, however long that takes. */
GST_START_TEST (test_never_two_attempts_at_once)
{
  EchoelLinkAction action;
  Bench b;
  guint i;

  setup (&b);
  b.facts.can_begin = TRUE;
  run (&b, 0.1);
  b.facts.fault = ECHOEL_FAULT_CLOSED;
  action = echoel_link_step (&b.link, &b.facts, b.now);
  fail_unless_equals_int (action, ECHOEL_LINK_DO_CLOSE);
  for (i = 0; i < 1000; i++, b.now += SECOND / 10)
    fail_unless_equals_int (echoel_link_step (&b.link, &b.facts, b.now),
        ECHOEL_LINK_DO_NOTHING);
  b.facts.open = FALSE;
  fail_unless_equals_int (echoel_link_step (&b.link, &b.facts, b.now),
      ECHOEL_LINK_DO_OPEN);
  teardown (&b);
}

GST_END_TEST;

/* The end of the stream, in each state: nothing lasts longer than 3 s. */
GST_START_TEST (test_end_comes_in_time_from_every_state)
{
  guint state;
  Bench b;

  for (state = ECHOEL_LINK_IDLE; state <= ECHOEL_LINK_FATAL; state++) {
    gint64 since;

    setup (&b);
    if (state == ECHOEL_LINK_PUBLISHING || state == ECHOEL_LINK_DRAINING)
      go_live (&b);
    b.facts.can_begin = state != ECHOEL_LINK_IDLE;
    b.facts.open = state == ECHOEL_LINK_CONNECTING
        || state == ECHOEL_LINK_PUBLISHING || state == ECHOEL_LINK_STALLED;
    b.link.state = state;
    b.link.since = since = b.now;
    b.facts.waiting = TRUE;
    b.facts.ending = TRUE;
    while (b.link.state != ECHOEL_LINK_ENDED
        && b.link.state != ECHOEL_LINK_FATAL
        && b.link.state != ECHOEL_LINK_DISABLED) {
      run (&b, 0.1);
      fail_unless (b.now - since < 3.3 * SECOND, "still %s",
          echoel_link_state_nick (b.link.state));
    }
    teardown (&b);
  }
}

GST_END_TEST;

GST_START_TEST (test_drained_ends_at_once)
{
  Bench b;

  setup (&b);
  go_live (&b);
  b.facts.ending = TRUE;
  run (&b, 0.2);
  fail_unless_equals_int (b.last, ECHOEL_LINK_DO_DRAIN);
  b.facts.drained = TRUE;
  run (&b, 0.2);
  fail_unless_equals_int (b.link.state, ECHOEL_LINK_ENDED);
  fail_unless_equals_int (b.last, ECHOEL_LINK_DO_CLOSE);
  teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_backoff_of_each_fault)
{
  guint fault, n;

  for (fault = ECHOEL_FAULT_NONE; fault <= ECHOEL_FAULT_OTHER; fault++) {
    fail_unless (*echoel_fault_nick (fault) && *echoel_fault_text (fault));
    for (n = 1; n < 100; n++) {
      gint64 least = echoel_backoff_delay (fault, n, n, 0.0);
      gint64 most = echoel_backoff_delay (fault, n, n, 1.0);

      fail_unless (least >= 0.4 * SECOND && most <= 36 * SECOND);
      fail_unless (least < most);
    }
  }
  fail_unless (echoel_backoff_delay (ECHOEL_FAULT_KEY_IN_USE, 9, 1, 0.5)
      == 5 * SECOND);
}

GST_END_TEST;

/* A hundred destinations that all want a key frame, for a minute. */
GST_START_TEST (test_key_requests_are_rare)
{
  EchoelKeyRequests encoder, destination[100];
  gint64 now;
  guint i;

  echoel_key_requests_init (&encoder);
  for (i = 0; i < 100; i++)
    echoel_key_requests_init (&destination[i]);
  for (now = 0; now < 60 * SECOND; now += SECOND / 30)
    for (i = 0; i < 100; i++)
      echoel_key_requests_ask (&encoder, &destination[i], now, G_MAXINT64);
  fail_unless (encoder.count >= 59 && encoder.count <= 60);
  for (i = 0; i < 100; i++)
    fail_unless (destination[i].count <= 30);
}

GST_END_TEST;

GST_START_TEST (test_no_key_request_when_one_comes_anyway)
{
  EchoelKeyRequests encoder, destination;

  echoel_key_requests_init (&encoder);
  echoel_key_requests_init (&destination);
  fail_if (echoel_key_requests_ask (&encoder, &destination, SECOND,
          SECOND + SECOND / 4));
  fail_unless (echoel_key_requests_ask (&encoder, &destination, SECOND,
          SECOND * 2));
}

GST_END_TEST;

static Suite *
link_suite (void)
{
  Suite *s = suite_create ("link");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_waits_for_something_to_send);
  tcase_add_test (tc, test_begins_anew_with_other_tracks);
  tcase_add_test (tc, test_gives_up_connecting_after_8_s);
  tcase_add_test (tc, test_stalls_5_s_after_the_last_byte);
  tcase_add_test (tc, test_first_byte_may_take_8_s);
  tcase_add_test (tc, test_silence_is_no_stall);
  tcase_add_test (tc, test_delay_doubles_and_is_forgiven);
  tcase_add_test (tc, test_refused_key_is_final_after_3_tries);
  tcase_add_test (tc, test_failures_of_another_kind_do_not_count);
  tcase_add_test (tc, test_never_two_attempts_at_once);
  tcase_add_test (tc, test_end_comes_in_time_from_every_state);
  tcase_add_test (tc, test_drained_ends_at_once);
  tcase_add_test (tc, test_backoff_of_each_fault);
  tcase_add_test (tc, test_key_requests_are_rare);
  tcase_add_test (tc, test_no_key_request_when_one_comes_anyway);
  return s;
}

GST_CHECK_MAIN (link);
