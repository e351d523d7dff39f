/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live sink from its pads to what a server is sent, one frame at a time,
 * without encoders: what goes in and when is the test's own choice. */
#include <gst/video/video.h>
#include <string.h>

#include "livebench.h"

#define STALL_WITHIN (7 * G_TIME_SPAN_SECOND)
#define MEMORY_BOUND (8 * 1024 * 1024)

/* --- pads ---------------------------------------------------------------- */

static GstPad *
ask_for_pad (GstElement * sink, const gchar * kind)
{
  return gst_element_request_pad (sink, gst_element_get_pad_template (sink,
          kind), NULL, NULL);
}

GST_START_TEST (test_pads_are_asked_for_once)
{
  GstElement *sink = gst_element_factory_make ("echoellivesink", NULL);
  static const gchar *const kinds[] = { "video", "audio" };
  guint i, round;

  for (i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (round = 0; round < 2; round++) {
      GstPad *pad = ask_for_pad (sink, kinds[i]);

      fail_unless_equals_string (GST_PAD_NAME (pad), kinds[i]);
      fail_unless (ask_for_pad (sink, kinds[i]) == NULL);
      gst_element_release_request_pad (sink, pad);
      gst_object_unref (pad);
    }
  gst_object_unref (sink);
}

GST_END_TEST;

/* What is asked of a pad is answered on the spot, whatever destinations do. */
GST_START_TEST (test_queries_are_answered_by_the_pads)
{
  GstCaps *caps, *template, *wrong;
  GstQuery *query;
  GstPad *pad;
  Bench b;

  bench_setup (&b, RTMP_ACCEPTS, TRUE);
  pad = gst_element_get_static_pad (b.sink, "video");
  template = gst_pad_get_pad_template_caps (pad);
  caps = gst_pad_query_caps (pad, NULL);
  fail_unless (gst_caps_is_equal (caps, template));
  wrong = gst_caps_from_string ("video/x-h264, stream-format=byte-stream, "
      "alignment=au");
  fail_if (gst_pad_query_accept_caps (pad, wrong));
  query = gst_query_new_allocation (caps, TRUE);
  fail_if (gst_pad_query (pad, query));
  gst_query_unref (query);
  gst_caps_unref (wrong);
  gst_caps_unref (template);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  bench_teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_caps_without_a_configuration_are_an_error)
{
  GstMessage *message;
  GError *error = NULL;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  gst_harness_set_src_caps_str (b.video, "video/x-h264, stream-format=avc, "
      "alignment=au");
  message = gst_bus_timed_pop_filtered (b.bus, WITHIN, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR,
          GST_STREAM_ERROR_FORMAT));
  g_error_free (error);
  gst_message_unref (message);
  bench_teardown (&b);
}

GST_END_TEST;

/* --- frames -------------------------------------------------------------- */

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, two = *(const gint64 *) b;

  return one < two ? -1 : one > two;
}

/* The last message of a kind. */
static gint64
arrival (Bench * b, RtmpKind kind)
{
  GArray *all = rtmp_double_messages (b->server);
  gint64 at = 0;
  guint i;

  for (i = 0; i < all->len; i++)
    if (g_array_index (all, RtmpMessage, i).kind == kind)
      at = g_array_index (all, RtmpMessage, i).at;
  g_array_unref (all);
  return at;
}

/* Nothing is held back for what comes after it: the server has each picture,
 * and the sound up to it, before the next one exists. */
GST_START_TEST (test_each_picture_arrives_before_the_next_exists)
{
  GArray *took = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 pushed, time;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, TRUE);
  bench_go_live (&b);
  while (b.pictures < 3 * GOP) {
    while (b.sounds * SOUND < b.pictures * FRAME)
      bench_push_sound (&b);
    pushed = g_get_monotonic_time ();
    bench_push_picture (&b, SMALL);
    rtmp_double_wait (b.server, RTMP_PICTURE, b.pictures);
    rtmp_double_wait (b.server, RTMP_SOUND, b.sounds);
    time = arrival (&b, RTMP_PICTURE) - pushed;
    g_array_append_val (took, time);
  }
  fail_unless_equals_int (rtmp_double_count (b.server, RTMP_PICTURE, FALSE),
      b.pictures);
  g_array_sort (took, compare_times);
  time = g_array_index (took, gint64, took->len / 2);
  GST_INFO ("half of the pictures took %" G_GINT64_FORMAT " us or less, all %"
      G_GINT64_FORMAT, time, g_array_index (took, gint64, took->len - 1));
  fail_unless (time * GST_USECOND <= FRAME);
  fail_unless (gst_bus_pop_filtered (b.bus, GST_MESSAGE_LATENCY) == NULL);
  g_array_unref (took);
  bench_teardown (&b);
}

GST_END_TEST;

/* A server that has been taking everything stops: nobody upstream waits for
 * it, what is kept for it is bounded, and it is given up in time by a clock
 * that is not the sink's: rtmp2sink has no deadline for that from 1.28.5 on.
 */
GST_START_TEST (test_server_that_stops_is_told_of_in_time)
{
  gint64 stopped;
  guint asked = 0;
  GstEvent *event;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  bench_send_pictures (&b, GOP - 1, SMALL);
  rtmp_double_stop (b.server);
  stopped = g_get_monotonic_time ();
  while (b.pictures < 20 * GOP) {
    bench_push_picture (&b, LARGE);
    fail_unless (bench_get_stat (&b, "queue-ms") <= 2000);
    fail_unless (bench_get_stat (&b, "queue-bytes") <= MEMORY_BOUND);
  }
  bench_wait_for_state (&b, "stalled");
  fail_unless (g_get_monotonic_time () - stopped <= STALL_WITHIN);
  while ((event = gst_harness_try_pull_upstream_event (b.video)) != NULL) {
    asked += gst_video_event_is_force_key_unit (event);
    gst_event_unref (event);
  }
  /* At most one in 2 s of the stream. */
  fail_unless (asked <= b.pictures / GOP, "%u key frames asked for", asked);
  fail_unless (bench_get_stat (&b, "dropped-gop") > 0);
  bench_teardown (&b);
}

GST_END_TEST;

/* Returns: (transfer full): the pictures' headers and frames */
static GArray *
get_pictures (Bench * b)
{
  GArray *all = rtmp_double_messages (b->server);
  guint i;

  for (i = all->len; i > 0; i--)
    if (g_array_index (all, RtmpMessage, i - 1).kind != RTMP_PICTURE)
      g_array_remove_index (all, i - 1);
  return all;
}

GST_START_TEST (test_new_format_is_told_before_its_first_frame)
{
  GArray *pictures;
  guint i;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  bench_send_pictures (&b, GOP - 1, SMALL);
  bench_set_picture_caps (&b, bench_other_config);
  bench_send_pictures (&b, GOP, SMALL);
  pictures = get_pictures (&b);
  fail_unless_equals_int (pictures->len, 2 * GOP + 2);
  for (i = 0; i < pictures->len; i++)
    fail_unless_equals_int (rtmp_message_is_header (&g_array_index (pictures,
                RtmpMessage, i)), i == 0 || i == 1 + GOP);
  /* The frame behind a header is a key frame; the headers differ. */
  fail_unless_equals_int (g_array_index (pictures, RtmpMessage, 2 +
          GOP).head[0], 0x17);
  fail_unless (memcmp (g_array_index (pictures, RtmpMessage, 0).head + 5,
          bench_config, BENCH_CONFIG) == 0);
  fail_unless (memcmp (g_array_index (pictures, RtmpMessage, 1 + GOP).head + 5,
          bench_other_config, BENCH_CONFIG) == 0);
  g_array_unref (pictures);
  bench_teardown (&b);
}

GST_END_TEST;

/* --- sound --------------------------------------------------------------- */

static gboolean
wait_for_silence (Bench * b)
{
  GstMessage *message = bench_wait_for_message (b, "echoellivesink-silence");
  gboolean active = FALSE;

  gst_structure_get_boolean (gst_message_get_structure (message), "active",
      &active);
  gst_message_unref (message);
  return active;
}

/* Each sound follows the one before it by its own length, to a millisecond,
 * but for one change of hands each way; their format is told once. */
static void
check_sounds (Bench * b, guint * real, guint * silent)
{
  GArray *all = rtmp_double_messages (b->server);
  guint i, headers = 0;
  gint64 last = -1;

  *real = *silent = 0;
  for (i = 0; i < all->len; i++) {
    const RtmpMessage *m = &g_array_index (all, RtmpMessage, i);

    if (m->kind != RTMP_SOUND)
      continue;
    if (rtmp_message_is_header (m)) {
      headers++;
      fail_unless_equals_int (m->head[2], bench_sound_config[0]);
      fail_unless_equals_int (m->head[3], bench_sound_config[1]);
      continue;
    }
    *(m->size == 2 + SOUND_BYTES ? real : silent) += 1;
    if (last >= 0)
      fail_unless (m->time - last >= 10 && m->time - last <= 50,
          "%" G_GINT64_FORMAT " ms, then %u ms", last, m->time);
    last = m->time;
  }
  fail_unless_equals_int (headers, 1);
  g_array_unref (all);
}

/* A microphone that is unplugged says nothing at all, not even that it ends;
 * then it is plugged in again. */
GST_START_TEST (test_silence_bridges_sound_that_dies_without_a_word)
{
  guint real, silent, before;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, TRUE);
  bench_go_live (&b);
  for (; b.pictures < 2 * GOP; bench_send_pictures (&b, 1, SMALL))
    while (b.sounds * SOUND <= b.pictures * FRAME)
      bench_push_sound (&b);
  before = b.sounds;
  bench_send_pictures (&b, 2 * GOP, SMALL);
  fail_unless (wait_for_silence (&b));
  b.sounds = b.pictures * FRAME / SOUND + 1;
  for (; b.pictures < 6 * GOP; bench_send_pictures (&b, 1, SMALL))
    while (b.sounds * SOUND <= b.pictures * FRAME) {
      bench_push_sound (&b);
      before++;
    }
  fail_if (wait_for_silence (&b));
  check_sounds (&b, &real, &silent);
  fail_unless_equals_int (real, before);
  fail_unless (silent >= 2 * GOP * FRAME / SOUND - 2, "%u", silent);
  bench_teardown (&b);
}

GST_END_TEST;

/* --- destinations -------------------------------------------------------- */

/* Index 1: the pipeline cannot do without it. */
GST_START_TEST (test_giving_up_is_an_error_when_required)
{
  GstMessage *message;
  GError *error = NULL;
  Bench b;

  bench_setup (&b, RTMP_DENIES, FALSE);
  bench_set_child (&b, "one::required", __i__);
  bench_begin (&b);
  message = gst_bus_timed_pop_filtered (b.bus, WITHIN, GST_MESSAGE_ERROR
      | GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), __i__
      ? GST_MESSAGE_ERROR : GST_MESSAGE_WARNING);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (b.sink));
  if (__i__)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_OPEN_WRITE));
  fail_unless (strstr (error->message, "\"one\" is given up after 3 tries"));
  g_error_free (error);
  gst_message_unref (message);
  bench_teardown (&b);
}

GST_END_TEST;

static void
count_child (GstChildProxy * sink, GObject * child, const gchar * name,
    gpointer user_data)
{
  *(guint *) user_data += 1;
}

GST_START_TEST (test_children_are_the_destinations)
{
  guint added = 0, removed = 0;
  gchar *name = NULL, *location = NULL;
  gboolean done = FALSE;
  GstChildProxy *proxy;
  Bench b;

  bench_setup (&b, RTMP_ACCEPTS, FALSE);
  proxy = GST_CHILD_PROXY (b.sink);
  g_signal_connect (b.sink, "child-added", G_CALLBACK (count_child), &added);
  g_signal_connect (b.sink, "child-removed", G_CALLBACK (count_child),
      &removed);
  g_signal_emit_by_name (b.sink, "add-destination",
      "rtmp://127.0.0.1:1/app/SECRET-2", &name);
  fail_unless_equals_string (name, "destination0");
  fail_unless_equals_int (gst_child_proxy_get_children_count (proxy), 2);
  gst_child_proxy_get (proxy, "destination0::location", &location, NULL);
  fail_unless_equals_string (location, "rtmp://127.0.0.1:1/app/***");
  g_signal_emit_by_name (b.sink, "remove-destination", name, &done);
  fail_unless (done);
  g_signal_emit_by_name (b.sink, "remove-destination", name, &done);
  fail_if (done);
  fail_unless_equals_int (gst_child_proxy_get_children_count (proxy), 1);
  fail_unless_equals_int (added, 1);
  fail_unless_equals_int (removed, 1);
  g_free (location);
  g_free (name);
  bench_teardown (&b);
}

GST_END_TEST;

/* A stream after another, by way of READY, and after a flush. */
GST_START_TEST (test_it_runs_again)
{
  Bench b;
  guint round;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  for (round = 1; round <= 3; round++) {
    b.pictures = 0;
    bench_begin (&b);
    bench_wait_for_state (&b, "publishing");
    bench_push_pictures (&b, FPS / 2, SMALL);
    rtmp_double_wait (b.server, RTMP_PICTURE, round * (FPS / 2 + 1));
    if (round == 2) {
      bench_push_end (&b);
      bench_wait_for_end (&b);
    }
    gst_element_set_state (b.sink, GST_STATE_READY);
    gst_element_set_state (b.sink, GST_STATE_PLAYING);
    gst_harness_push_event (b.video, gst_event_new_flush_start ());
    gst_harness_push_event (b.video, gst_event_new_flush_stop (TRUE));
  }
  bench_teardown (&b);
}

GST_END_TEST;

static Suite *
echoellivesink_suite (void)
{
  Suite *suite = suite_create ("echoellivesink");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_pads_are_asked_for_once);
  tcase_add_test (tc, test_queries_are_answered_by_the_pads);
  tcase_add_test (tc, test_caps_without_a_configuration_are_an_error);
  tcase_add_test (tc, test_each_picture_arrives_before_the_next_exists);
  tcase_add_test (tc, test_server_that_stops_is_told_of_in_time);
  tcase_add_test (tc, test_new_format_is_told_before_its_first_frame);
  tcase_add_test (tc, test_silence_bridges_sound_that_dies_without_a_word);
  tcase_add_loop_test (tc, test_giving_up_is_an_error_when_required, 0, 2);
  tcase_add_test (tc, test_children_are_the_destinations);
  tcase_add_test (tc, test_it_runs_again);
  return suite;
}

GST_CHECK_MAIN (echoellivesink);
