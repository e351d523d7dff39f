/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoders that fail at an awkward moment, and what else happens then. */
#include "doublebench.h"

#include <string.h>

#define DEADLINE (20 * G_TIME_SPAN_SECOND)

/* --- threads --- */

#define N_CALLS 20000

typedef struct
{
  Bench *bench;
  GstElement *part;             /* posts errors that are not an encoder's */
  GAsyncQueue *done;
} Callers;

static gpointer
read_stats (gpointer user_data)
{
  Callers *callers = user_data;
  guint i;

  for (i = 0; i < N_CALLS; i++) {
    GstStructure *stats = NULL;

    g_object_get (callers->bench->preset, "stats", &stats, NULL);
    gst_structure_free (stats);
    g_object_set (callers->bench->preset, "bitrate", 600 + i % 100, NULL);
  }
  g_async_queue_push (callers->done, callers);
  return NULL;
}

static gpointer
post_errors (gpointer user_data)
{
  Callers *callers = user_data;
  guint i;

  for (i = 0; i < N_CALLS; i++) {
    GError *error = g_error_new_literal (GST_STREAM_ERROR,
        GST_STREAM_ERROR_FAILED, "not the encoder");

    gst_element_post_message (callers->part,
        gst_message_new_error (GST_OBJECT (callers->part), error, NULL));
    g_error_free (error);
  }
  g_async_queue_push (callers->done, callers);
  return NULL;
}

/* Whoever posts an error climbs up to the preset, whoever asks comes down. */
GST_START_TEST (test_stats_are_read_while_a_part_posts_errors)
{
  Bench *bench = bench_new ("videotestsrc ! " BENCH_SMALL
      "! fakesink name=video");
  Callers callers = { bench, NULL, g_async_queue_new () };
  GstBus *bus = gst_element_get_bus (bench->pipeline);
  GThread *threads[2];
  guint i;

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  gst_bus_set_flushing (bus, TRUE);
  callers.part = bench_part (bench, "rate");
  threads[0] = g_thread_new ("stats", read_stats, &callers);
  threads[1] = g_thread_new ("errors", post_errors, &callers);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    fail_unless (g_async_queue_timeout_pop (callers.done, DEADLINE) != NULL,
        "they wait for each other");
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gst_bus_set_flushing (bus, FALSE);
  gst_object_unref (bus);
  gst_object_unref (callers.part);
  g_async_queue_unref (callers.done);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
encoderfaults_suite (void)
{
  Suite *s = suite_create ("encoderfaults");
  TCase *tc = tcase_create ("faults");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 120);
  tcase_add_test (tc, test_stats_are_read_while_a_part_posts_errors);
  return s;
}

GST_CHECK_MAIN (encoderfaults);
