/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How encoders take turns: gst/export/turns.c alone. */
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#include "turns.h"

#define MAX_USERS 3

static Turns turns;
static GstClockTime order[MAX_USERS];
static gint n_ordered;

/* Takes a turn once, notes when it came, and gives it back. */
static gpointer
use (gpointer data)
{
  GstClockTime time = (GstClockTime) GPOINTER_TO_SIZE (data);

  turns_take (&turns, time);
  order[g_atomic_int_add (&n_ordered, 1)] = time;
  turns_give (&turns);
  return NULL;
}

static guint
count_waiting (void)
{
  guint n;

  g_mutex_lock (&turns.lock);
  n = g_list_length (turns.waiting);
  g_mutex_unlock (&turns.lock);
  return n;
}

/* Returns once @n wait; the test's own timeout is the deadline. */
static void
wait_for_waiting (guint n)
{
  while (count_waiting () < n)
    g_thread_yield ();
}

static GThread *
start (GstClockTime time, guint n)
{
  GThread *thread = g_thread_new ("user", use, GSIZE_TO_POINTER (time));

  wait_for_waiting (n);
  return thread;
}

GST_START_TEST (test_the_earliest_goes_first_when_one_ends)
{
  static const GstClockTime times[MAX_USERS] = { 30, 10, 20 };
  GThread *threads[MAX_USERS];
  guint i;

  turns_init (&turns, 1);
  n_ordered = 0;
  turns_take (&turns, 0);
  for (i = 0; i < MAX_USERS; i++)
    threads[i] = start (times[i], i + 1);
  fail_unless_equals_int (g_atomic_int_get (&n_ordered), 0);
  turns_give (&turns);
  for (i = 0; i < MAX_USERS; i++)
    g_thread_join (threads[i]);
  fail_unless_equals_uint64 (order[0], 10);
  fail_unless_equals_uint64 (order[1], 20);
  fail_unless_equals_uint64 (order[2], 30);
  turns_clear (&turns);
}

GST_END_TEST;

GST_START_TEST (test_nobody_waits_when_there_are_turns)
{
  GThread *thread;

  turns_init (&turns, 2);
  n_ordered = 0;
  turns_take (&turns, 10);
  turns_take (&turns, 20);
  thread = start (5, 1);
  turns_give (&turns);
  g_thread_join (thread);
  turns_give (&turns);
  fail_unless_equals_int (turns.n_free, 2);
  turns_clear (&turns);
}

GST_END_TEST;

/* A buffer that comes to @pad finds no turn left. */
static GstFlowReturn
see_turn (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  fail_unless_equals_int (turns.n_free, 0);
  n_ordered++;
  gst_buffer_unref (buffer);
  return GST_FLOW_EOS;
}

GST_START_TEST (test_a_buffer_has_a_turn_until_it_was_taken)
{
  GstElement *bin = gst_bin_new ("seat");
  GstElement *inside = gst_element_factory_make ("identity", NULL);
  GstPad *sink = gst_element_get_static_pad (inside, "sink");
  GstPad *src = gst_element_get_static_pad (inside, "src");
  GstHarness *h;

  gst_bin_add (GST_BIN (bin), inside);
  turns_init (&turns, 1);
  n_ordered = 0;
  turns_add_pads (bin, &turns, sink, src);
  h = gst_harness_new_with_element (bin, "sink", "src");
  gst_pad_set_chain_function (h->sinkpad, see_turn);
  gst_harness_set_src_caps_str (h, "video/x-raw");
  fail_unless_equals_int (gst_harness_push (h, gst_buffer_new ()),
      GST_FLOW_EOS);
  fail_unless_equals_int (n_ordered, 1);
  fail_unless_equals_int (turns.n_free, 1);
  gst_harness_teardown (h);
  gst_object_unref (sink);
  gst_object_unref (src);
  gst_object_unref (bin);
  turns_clear (&turns);
}

GST_END_TEST;

static Suite *
exportturns_suite (void)
{
  Suite *s = suite_create ("exportturns");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_the_earliest_goes_first_when_one_ends);
  tcase_add_test (tc, test_nobody_waits_when_there_are_turns);
  tcase_add_test (tc, test_a_buffer_has_a_turn_until_it_was_taken);
  return s;
}

GST_CHECK_MAIN (exportturns);
