/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an SRT connection carries is told from what its sender counts. */
#include <gst/check/gstcheck.h>

#include "srtpath.h"

#define TICK ECHOEL_CAPACITY_INTERVAL
#define SECOND 10               /* ticks */
#define PAYLOAD 1316
#define PACKET (PAYLOAD + 44)
#define LATENCY (125 * GST_MSECOND)
#define GIVEN 0.95              /* bytes of frames in a byte of payload */

typedef struct
{
  EchoelSrtPath path;
  EchoelSrtCounters counters;
  EchoelTransportSample sample;
  guint64 given;
} Sender;

static void
start (Sender * sender)
{
  memset (sender, 0, sizeof *sender);
  echoel_srt_path_init (&sender->path);
  sender->counters.latency = LATENCY;
}

/* What happens in each of so many ticks, in packets. */
static void
run (Sender * sender, guint ticks, guint offered, guint first, guint again,
    guint lost, guint rtt_ms)
{
  EchoelSrtCounters *c = &sender->counters;
  guint i;

  for (i = 0; i < ticks; i++) {
    c->accepted += offered * PAYLOAD;
    c->packets_sent += first + again;
    c->packets_resent += again;
    c->packets_lost += lost;
    c->sent += (first + again) * PACKET;
    c->resent += again * PACKET;
    c->rtt = rtt_ms * GST_MSECOND;
    sender->given += offered * PAYLOAD * GIVEN;
    sender->sample.time += TICK;
    sender->sample.waiting = 0;
    echoel_srt_path_update (&sender->path, c, sender->given, &sender->sample);
  }
}

/* Packets that arrive in a tick, over the next second. */
static gdouble
carried (Sender * sender, guint offered, guint first, guint again, guint lost,
    guint rtt_ms)
{
  guint64 before = sender->sample.delivered;

  run (sender, SECOND, offered, first, again, lost, rtt_ms);
  return (sender->sample.delivered - before) / (PAYLOAD * GIVEN * SECOND);
}

static void
is_near (gdouble value, gdouble expected)
{
  fail_unless (value > expected * 0.9 && value < expected * 1.1,
      "%f is not %f", value, expected);
}

GST_START_TEST (test_ample_path_carries_all)
{
  Sender sender;

  start (&sender);
  run (&sender, 2 * SECOND, 25, 25, 0, 0, 1);
  is_near (carried (&sender, 25, 25, 0, 0, 1), 25);
  fail_unless (sender.sample.waiting == 0);
}

GST_END_TEST;

/* As it was seen on a token bucket of 1 Mbit/s with 32 KiB. */
GST_START_TEST (test_full_buffer_carries_what_is_not_lost)
{
  Sender sender;

  start (&sender);
  run (&sender, 2 * SECOND, 25, 25, 0, 0, 1);
  run (&sender, SECOND, 25, 25, 18, 20, 245);
  is_near (carried (&sender, 25, 25, 18, 20, 245), 8.6);
  fail_unless (sender.sample.waiting > 15 * PAYLOAD);
  fail_unless (sender.sample.unacknowledged > 10 * PAYLOAD);
  fail_unless (sender.sample.min_rtt == GST_MSECOND);
}

GST_END_TEST;

/* Each packet that is missed arrives the second time. */
GST_START_TEST (test_losses_that_are_mended_cost_nothing)
{
  Sender sender;

  start (&sender);
  run (&sender, SECOND, 25, 25, 5, 5, 1);
  is_near (carried (&sender, 25, 25, 5, 5, 1), 25);
  fail_unless (sender.sample.waiting < PAYLOAD);
}

GST_END_TEST;

/* A deep buffer loses nothing; the sender's window is full then. */
GST_START_TEST (test_what_the_sender_holds_waits)
{
  Sender sender;

  start (&sender);
  run (&sender, 2 * SECOND, 25, 25, 0, 0, 1);
  run (&sender, SECOND, 25, 14, 0, 0, 370);
  fail_unless (sender.sample.waiting > 9 * SECOND * PAYLOAD * GIVEN);
  is_near (carried (&sender, 25, 14, 0, 0, 370), 14);
  /* What was too old is gone. */
  sender.counters.dropped = 11 * 2 * SECOND * PAYLOAD;
  run (&sender, 1, 14, 14, 0, 0, 370);
  fail_unless (sender.sample.waiting < PAYLOAD);
}

GST_END_TEST;

GST_START_TEST (test_new_connection_begins_anew)
{
  Sender sender;
  guint64 given;

  start (&sender);
  run (&sender, 2 * SECOND, 25, 25, 10, 20, 245);
  given = sender.given;
  memset (&sender.counters, 0, sizeof sender.counters);
  sender.counters.latency = LATENCY;
  sender.given = given;
  run (&sender, 1, 25, 25, 0, 0, 30);
  fail_unless (sender.sample.waiting == 0);
  fail_unless (sender.sample.min_rtt == 30 * GST_MSECOND);
  is_near (carried (&sender, 25, 25, 0, 0, 30), 22);
}

GST_END_TEST;

static Suite *
srtpath_suite (void)
{
  Suite *s = suite_create ("srtpath");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_ample_path_carries_all);
  tcase_add_test (tc, test_full_buffer_carries_what_is_not_lost);
  tcase_add_test (tc, test_losses_that_are_mended_cost_nothing);
  tcase_add_test (tc, test_what_the_sender_holds_waits);
  tcase_add_test (tc, test_new_connection_begins_anew);
  return s;
}

GST_CHECK_MAIN (srtpath);
