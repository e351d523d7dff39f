/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several threads push, stop, read and release at once, in any order: nothing
 * is lost, and nothing waits for ever. Also built with the thread sanitizer. */
#include "texturebench.h"

#define NONE GST_CLOCK_TIME_NONE
#define MANY 10000
#define ROUNDS 12

/* Each texture that was taken is given back: counted on both sides. */
typedef struct
{
  GstElement *src;
  gint taken, given_back, refused;      /* atomic */
  gint again;                   /* atomic: pushes left for callbacks */
  gint stop;                    /* atomic */
  guint n;                      /* pushes a thread, 0 = until stop */
} Traffic;

static GstFlowReturn push_counted (Traffic * traffic);

static void
take_back (gpointer data)
{
  Traffic *traffic = data;

  g_atomic_int_inc (&traffic->given_back);
  if (g_atomic_int_add (&traffic->again, -1) > 0)
    push_counted (traffic);
}

static GstFlowReturn
push_counted (Traffic * traffic)
{
  GstStructure *texture = bench_surface (1);
  GstFlowReturn flow;

  gst_structure_set (texture, "release", G_TYPE_POINTER, take_back,
      "release-data", G_TYPE_POINTER, traffic, NULL);
  flow = bench_push (traffic->src, texture, NONE);
  g_atomic_int_inc (flow == GST_FLOW_OK ? &traffic->taken : &traffic->refused);
  return flow;
}

static gpointer
push_many (gpointer data)
{
  Traffic *traffic = data;
  guint i;

  for (i = 0; traffic->n == 0 || i < traffic->n; i++) {
    if (g_atomic_int_get (&traffic->stop))
      break;
    push_counted (traffic);
  }
  return NULL;
}

static void
assert_all_back (Traffic * traffic)
{
  fail_unless_equals_int (g_atomic_int_get (&traffic->given_back),
      g_atomic_int_get (&traffic->taken));
}

/* Buffers stay in front of the pad until it is flushed. */
static GstPadProbeReturn
hold_up (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_memory_is_bounded_when_nobody_reads)
{
  TextureBench *bench = bench_new_stopped ("idle=wait max-textures=4");
  Traffic traffic = { bench->src, 0, 0, 0, 0, 0, MANY };

  GstPad *pad = gst_element_get_static_pad (bench->src, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER,
      hold_up, NULL, NULL);
  gst_object_unref (pad);
  gst_harness_play (bench->h);
  push_many (&traffic);
  fail_unless_equals_int (traffic.taken, MANY);
  /* The queue, one that is pushed, one that is stuck downstream. */
  fail_unless (bench_stat (bench->src, "in-flight") <= 4 + 2);
  fail_unless (bench_stat (bench->src, "dropped-full") >= MANY - 4 - 2);
  bench_free (bench);
  assert_all_back (&traffic);
}

GST_END_TEST;

GST_START_TEST (test_pushes_are_refused_when_not_started_or_stopped)
{
  TextureBench *bench = bench_new_stopped ("idle=wait");
  Traffic traffic = { bench->src, 0, 0, 0, 0, 0, 10 };

  gst_harness_set_drop_buffers (bench->h, TRUE);
  push_many (&traffic);
  gst_element_set_state (bench->src, GST_STATE_READY);
  push_many (&traffic);
  fail_unless_equals_int (traffic.refused, 20);
  gst_harness_play (bench->h);
  push_many (&traffic);
  fail_unless_equals_int (traffic.taken, 10);
  gst_element_set_state (bench->src, GST_STATE_NULL);
  push_many (&traffic);
  fail_unless_equals_int (traffic.refused, 30);
  assert_all_back (&traffic);
  bench_free (bench);
}

GST_END_TEST;

/* With a queue between, textures come back in its thread; whoever pushes from
 * there must not wait for room that only it could make. */
static void
push_from_callbacks (const gchar * policy)
{
  gchar *line = g_strdup_printf ("echoelmetalsrc name=src idle=wait policy=%s "
      "max-textures=1 ! queue max-size-buffers=2 ! fakesink sync=false",
      policy);
  GstElement *pipeline, *src;
  Traffic traffic = { 0, };
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  bench_register ();
  pipeline = gst_parse_launch (line, NULL);
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  traffic.src = src;
  traffic.again = MANY / 10;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  /* Until it is on its way, callbacks come from this very thread. */
  while (g_atomic_int_get (&traffic.again) > 0) {
    push_counted (&traffic);
    fail_unless (g_get_monotonic_time () < end, "%d pushes are left",
        g_atomic_int_get (&traffic.again));
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  assert_all_back (&traffic);
  gst_object_unref (src);
  gst_object_unref (pipeline);
  g_free (line);
}

GST_START_TEST (test_textures_can_be_pushed_from_callbacks)
{
  push_from_callbacks ("block");
  push_from_callbacks ("drop-oldest");
  push_from_callbacks ("drop-newest");
}

GST_END_TEST;

static void
count_signal (GstElement * src, guint64 id, Traffic * traffic)
{
  if (g_atomic_int_add (&traffic->again, -1) > 0)
    bench_push (src, bench_surface (id + 1), NONE);
}

GST_START_TEST (test_textures_can_be_pushed_from_the_signal)
{
  TextureBench *bench = bench_new_stopped ("idle=repeat policy=drop-newest "
      "max-textures=1");
  Traffic traffic = { bench->src, 0, 0, 0, 100, 0, 0 };

  gst_harness_set_drop_buffers (bench->h, TRUE);
  g_signal_connect (bench->src, "texture-released", G_CALLBACK (count_signal),
      &traffic);
  gst_harness_play (bench->h);
  while (g_atomic_int_get (&traffic.again) > 0)
    bench_push (bench->src, bench_surface (1), NONE);
  gst_element_set_state (bench->src, GST_STATE_NULL);
  g_signal_handlers_disconnect_by_data (bench->src, &traffic);
  fail_unless_equals_int (bench_all_released (bench),
      bench_stat (bench->src, "pushed"));
  bench_free (bench);
}

GST_END_TEST;

static gpointer
read_all_the_time (gpointer data)
{
  Traffic *traffic = data;
  guint i = 0;

  while (!g_atomic_int_get (&traffic->stop)) {
    bench_stat (traffic->src, "pushed");
    g_object_set (traffic->src, "max-textures", 1 + i % 4, "policy", i % 2,
        "idle", i % 3, NULL);
    i++;
  }
  return NULL;
}

/* Two compositors, one that looks and sets, and the states go up and down. */
GST_START_TEST (test_states_change_while_threads_push)
{
  static const GstState states[] = { GST_STATE_PLAYING, GST_STATE_PAUSED,
    GST_STATE_PLAYING, GST_STATE_READY, GST_STATE_PLAYING, GST_STATE_NULL
  };
  GstElement *pipeline, *src;
  Traffic traffic = { 0, };
  GThread *threads[3];
  guint i;

  bench_register ();
  pipeline = gst_parse_launch ("echoelmetalsrc name=src ! queue ! "
      "fakesink sync=false async=false", NULL);
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  traffic.src = src;
  threads[0] = g_thread_new ("first", push_many, &traffic);
  threads[1] = g_thread_new ("second", push_many, &traffic);
  threads[2] = g_thread_new ("reader", read_all_the_time, &traffic);
  for (i = 0; i < ROUNDS * G_N_ELEMENTS (states); i++) {
    gint before = g_atomic_int_get (&traffic.taken)
        + g_atomic_int_get (&traffic.refused);

    fail_unless (gst_element_set_state (pipeline,
            states[i % G_N_ELEMENTS (states)]) != GST_STATE_CHANGE_FAILURE);
    while (g_atomic_int_get (&traffic.taken)
        + g_atomic_int_get (&traffic.refused) < before + 20)
      g_thread_yield ();
    if (i % 7 == 0)
      gst_element_send_event (pipeline, gst_event_new_eos ());
  }
  g_atomic_int_set (&traffic.stop, TRUE);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  fail_unless (traffic.taken > 100);
  assert_all_back (&traffic);
  gst_object_unref (src);
  gst_object_unref (pipeline);
}

GST_END_TEST;

GST_START_TEST (test_two_threads_push_at_once)
{
  TextureBench *bench = bench_new_stopped ("idle=repeat");
  Traffic traffic = { bench->src, 0, 0, 0, 0, 0, MANY / 4 };
  GThread *threads[2];

  gst_harness_set_drop_buffers (bench->h, TRUE);
  gst_harness_play (bench->h);
  threads[0] = g_thread_new ("first", push_many, &traffic);
  threads[1] = g_thread_new ("second", push_many, &traffic);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
  fail_unless_equals_int (traffic.taken, MANY / 2);
  fail_unless_equals_uint64 (bench_stat (bench->src, "pushed"), MANY / 2);
  bench_free (bench);
  assert_all_back (&traffic);
}

GST_END_TEST;

static Suite *
threads_suite (void)
{
  Suite *s = suite_create ("threads");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_memory_is_bounded_when_nobody_reads);
  tcase_add_test (tc, test_pushes_are_refused_when_not_started_or_stopped);
  tcase_add_test (tc, test_textures_can_be_pushed_from_callbacks);
  tcase_add_test (tc, test_textures_can_be_pushed_from_the_signal);
  tcase_add_test (tc, test_states_change_while_threads_push);
  tcase_add_test (tc, test_two_threads_push_at_once);
  return s;
}

GST_CHECK_MAIN (threads);
