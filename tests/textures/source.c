/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelmetalsrc itself: times, what fills them, the queue, the card. */
#include "texturebench.h"

#define MS GST_MSECOND
#define NONE GST_CLOCK_TIME_NONE
#define AT_50 "caps=video/x-raw,framerate=50/1 "
#define PERIOD (20 * MS)

static void
assert_next (TextureBench * bench, GstClockTime pts)
{
  GstBuffer *buffer = bench_pull (bench);

  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), pts);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), PERIOD);
  gst_buffer_unref (buffer);
}

static void
assert_stat (TextureBench * bench, const gchar * name, guint64 value)
{
  guint64 have = bench_stat (bench->src, name);

  fail_unless (have == value, "%s is %" G_GUINT64_FORMAT, name, have);
}

static void
push_ok (TextureBench * bench, guint64 id, GstClockTime pts)
{
  fail_unless_equals_int (bench_push (bench->src, bench_surface (id), pts),
      GST_FLOW_OK);
}

GST_START_TEST (test_texture_is_stamped_when_it_is_pushed)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);

  bench_set_time (bench, 123 * MS);
  push_ok (bench, 1, NONE);
  assert_next (bench, 123 * MS);
  bench_set_time (bench, 150 * MS);
  push_ok (bench, 2, 7 * GST_SECOND);
  assert_next (bench, 7 * GST_SECOND);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_own_times_are_ignored_when_do_timestamp_is_set)
{
  TextureBench *bench = bench_new ("idle=wait do-timestamp=true " AT_50);

  bench_set_time (bench, 40 * MS);
  push_ok (bench, 1, 7 * GST_SECOND);
  assert_next (bench, 40 * MS);
  bench_free (bench);
}

GST_END_TEST;

/* Two of five come: the stream has five all the same. */
GST_START_TEST (test_last_texture_is_repeated_when_idle)
{
  TextureBench *bench = bench_new ("idle=repeat " AT_50);
  guint i;

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  for (i = 1; i < 4; i++) {
    fail_unless (gst_harness_crank_single_clock_wait (bench->h));
    assert_next (bench, i * PERIOD);
  }
  bench_set_time (bench, 4 * PERIOD);
  push_ok (bench, 2, 4 * PERIOD);
  assert_next (bench, 4 * PERIOD);
  assert_stat (bench, "repeated", 3);
  assert_stat (bench, "shown", 2);
  assert_stat (bench, "dropped", 0);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_gap_is_sent_when_idle)
{
  TextureBench *bench = bench_new ("idle=gap " AT_50);
  GstClockTime pts, duration;
  GstEvent *event;

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  while ((event = gst_harness_pull_event (bench->h)) != NULL
      && GST_EVENT_TYPE (event) != GST_EVENT_GAP)
    gst_event_unref (event);
  fail_unless (event != NULL);
  gst_event_parse_gap (event, &pts, &duration);
  fail_unless_equals_uint64 (pts, PERIOD);
  fail_unless_equals_uint64 (duration, PERIOD);
  gst_event_unref (event);
  assert_stat (bench, "gaps", 1);
  /* Nothing is kept to be shown again. */
  fail_unless_equals_int (bench_released (bench, 1), 1);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_nothing_is_sent_when_waiting)
{
  TextureBench *bench = bench_new ("idle=wait backend=memory " AT_50);

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  bench_set_time (bench, 10 * GST_SECOND);
  push_ok (bench, 2, NONE);
  assert_next (bench, 10 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (bench->h), 0);
  assert_stat (bench, "repeated", 0);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_frame_is_dropped_when_its_time_was_filled)
{
  TextureBench *bench = bench_new ("idle=repeat " AT_50);

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  assert_next (bench, PERIOD);
  push_ok (bench, 2, PERIOD);
  bench_wait_for_stat (bench->src, "dropped-late", 1);
  fail_unless_equals_int (bench_released (bench, 2), 1);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_stream_goes_on_when_times_start_again)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);

  push_ok (bench, 1, 100 * GST_SECOND);
  assert_next (bench, 100 * GST_SECOND);
  bench_set_time (bench, 101 * GST_SECOND);
  push_ok (bench, 2, 0);
  assert_next (bench, 101 * GST_SECOND);
  push_ok (bench, 3, PERIOD);
  assert_next (bench, 101 * GST_SECOND + PERIOD);
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED);
  bench_free (bench);
}

GST_END_TEST;

static GstClockTime
min_latency (TextureBench * bench)
{
  GstQuery *query = gst_query_new_latency ();
  GstClockTime min, max;
  gboolean live;

  fail_unless (gst_pad_peer_query (bench->h->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  gst_query_unref (query);
  fail_unless (live);
  fail_unless (max >= min);
  return min;
}

/* A frame that is filled in leaves half a frame late. */
GST_START_TEST (test_stream_goes_on_when_a_flush_resets_time)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);

  bench_set_time (bench, GST_SECOND);
  push_ok (bench, 1, NONE);
  assert_next (bench, GST_SECOND);
  fail_unless (gst_element_send_event (bench->src,
          gst_event_new_flush_start ()));
  fail_unless (gst_element_send_event (bench->src,
          gst_event_new_flush_stop (TRUE)));
  /* What a pipeline does then. */
  gst_element_set_base_time (bench->src, GST_SECOND);
  push_ok (bench, 2, NONE);
  assert_next (bench, 0);
  assert_stat (bench, "dropped", 0);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_latency_is_that_of_frames_that_are_filled_in)
{
  TextureBench *bench = bench_new ("idle=repeat " AT_50);

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  fail_unless_equals_uint64 (min_latency (bench), PERIOD / 2);
  g_object_set (bench->src, "idle", 2, NULL);
  push_ok (bench, 2, PERIOD);
  assert_next (bench, PERIOD);
  push_ok (bench, 3, 2 * PERIOD);
  assert_next (bench, 2 * PERIOD);
  fail_unless_equals_uint64 (min_latency (bench), 0);
  bench_free (bench);
}

GST_END_TEST;

/* --- the queue: PAUSED, so that nobody takes anything out of it --- */

GST_START_TEST (test_oldest_goes_when_the_queue_is_full)
{
  TextureBench *bench = bench_new ("policy=drop-oldest max-textures=2 "
      "idle=wait " AT_50);
  guint i;

  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  for (i = 1; i <= 5; i++)
    push_ok (bench, i, i * PERIOD);
  assert_stat (bench, "dropped-full", 3);
  assert_stat (bench, "queued", 2);
  fail_unless_equals_int (bench_released (bench, 3), 1);
  gst_element_set_state (bench->src, GST_STATE_PLAYING);
  assert_next (bench, 4 * PERIOD);
  assert_next (bench, 5 * PERIOD);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_newest_goes_when_the_queue_is_full)
{
  TextureBench *bench = bench_new ("policy=drop-newest max-textures=2 "
      "idle=wait " AT_50);
  guint i;

  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  for (i = 1; i <= 5; i++)
    push_ok (bench, i, i * PERIOD);
  assert_stat (bench, "dropped-full", 3);
  fail_unless_equals_int (bench_released (bench, 3), 1);
  gst_element_set_state (bench->src, GST_STATE_PLAYING);
  assert_next (bench, PERIOD);
  assert_next (bench, 2 * PERIOD);
  bench_free (bench);
}

GST_END_TEST;

static gpointer
push_three (gpointer data)
{
  TextureBench *bench = data;
  guint i;

  for (i = 1; i <= 3; i++)
    push_ok (bench, i, i * PERIOD);
  return NULL;
}

GST_START_TEST (test_push_waits_when_asked_to)
{
  TextureBench *bench = bench_new ("policy=block max-textures=1 idle=wait "
      AT_50);
  GThread *thread;

  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  thread = g_thread_new ("compositor", push_three, bench);
  bench_wait_for_stat (bench->src, "queued", 1);
  assert_stat (bench, "pushed", 1);
  gst_element_set_state (bench->src, GST_STATE_PLAYING);
  assert_next (bench, PERIOD);
  assert_next (bench, 2 * PERIOD);
  assert_next (bench, 3 * PERIOD);
  g_thread_join (thread);
  assert_stat (bench, "dropped", 0);
  bench_free (bench);
}

GST_END_TEST;

static gpointer
push_until_refused (gpointer data)
{
  TextureBench *bench = data;
  GstFlowReturn flow;

  do
    flow = bench_push (bench->src, bench_surface (1), NONE);
  while (flow == GST_FLOW_OK);
  return GINT_TO_POINTER (flow);
}

static void
stop_waiting_push (GstState state, gboolean end, GstFlowReturn want)
{
  TextureBench *bench = bench_new ("policy=block max-textures=1 idle=wait");
  GThread *thread;

  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  thread = g_thread_new ("compositor", push_until_refused, bench);
  bench_wait_for_stat (bench->src, "queued", 1);
  if (end)
    gst_element_send_event (bench->src, gst_event_new_eos ());
  gst_element_set_state (bench->src, state);
  fail_unless_equals_int (GPOINTER_TO_INT (g_thread_join (thread)), want);
  bench_free (bench);
}

GST_START_TEST (test_push_stops_waiting_when_the_source_stops)
{
  stop_waiting_push (GST_STATE_READY, FALSE, GST_FLOW_FLUSHING);
  stop_waiting_push (GST_STATE_NULL, FALSE, GST_FLOW_FLUSHING);
  stop_waiting_push (GST_STATE_PLAYING, TRUE, GST_FLOW_EOS);
}

GST_END_TEST;

/* --- the end --- */

GST_START_TEST (test_all_that_waits_is_shown_when_the_stream_ends)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);
  GstFlowReturn flow;
  GstEvent *event;

  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  push_ok (bench, 1, PERIOD);
  push_ok (bench, 2, 2 * PERIOD);
  g_signal_emit_by_name (bench->src, "end-of-stream", &flow);
  fail_unless_equals_int (flow, GST_FLOW_OK);
  fail_unless_equals_int (bench_push (bench->src, bench_surface (3), NONE),
      GST_FLOW_EOS);
  gst_element_set_state (bench->src, GST_STATE_PLAYING);
  assert_next (bench, PERIOD);
  assert_next (bench, 2 * PERIOD);
  while ((event = gst_harness_pull_event (bench->h)) != NULL
      && GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    gst_event_unref (event);
  fail_unless (event != NULL);
  gst_event_unref (event);
  g_signal_emit_by_name (bench->src, "end-of-stream", &flow);
  fail_unless_equals_int (flow, GST_FLOW_EOS);
  fail_unless_equals_int (bench_all_released (bench), 2);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_textures_are_taken_again_when_started_again)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);
  guint i;

  for (i = 0; i < 3; i++) {
    push_ok (bench, i, i * PERIOD);
    assert_next (bench, i * PERIOD);
    assert_stat (bench, "pushed", 1);
    gst_element_send_event (bench->src, gst_event_new_eos ());
    while (bench_push (bench->src, bench_surface (99), NONE) == GST_FLOW_OK);
    gst_element_set_state (bench->src, GST_STATE_NULL);
    fail_unless_equals_int (bench_push (bench->src, bench_surface (99), NONE),
        GST_FLOW_FLUSHING);
    gst_element_set_state (bench->src, GST_STATE_PLAYING);
    while (gst_harness_buffers_in_queue (bench->h) > 0)
      gst_buffer_unref (gst_harness_pull (bench->h));
  }
  bench_free (bench);
}

GST_END_TEST;

/* --- the card --- */

GST_START_TEST (test_card_is_shown_when_asked_for)
{
  TextureBench *bench = bench_new ("backend=pattern " AT_50);
  guint i;

  for (i = 0; i < 5; i++) {
    assert_next (bench, i * PERIOD);
    fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  }
  fail_unless_equals_int (bench_push (bench->src, bench_surface (1), NONE),
      GST_FLOW_NOT_SUPPORTED);
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  bench_free (bench);
}

GST_END_TEST;

static gint
current_width (TextureBench * bench)
{
  GstCaps *caps = gst_pad_get_current_caps (bench->h->sinkpad);
  gint width = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width);
  gst_caps_unref (caps);
  return width;
}

GST_START_TEST (test_card_goes_for_good_when_a_texture_comes)
{
  TextureBench *bench = bench_new ("backend=auto idle=repeat " AT_50);
  GstBuffer *buffer;
  guint i;

  /* Half a second of patience, then the card, with a word about it. */
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  assert_next (bench, 500 * MS);
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  fail_unless_equals_int (current_width (bench), 1280);
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  assert_next (bench, 520 * MS);
  bench_set_time (bench, 530 * MS);
  push_ok (bench, 1, NONE);
  assert_next (bench, 530 * MS);
  fail_unless_equals_int (current_width (bench), BENCH_WIDTH);
  for (i = 0; i < 100; i++) {
    fail_unless (gst_harness_crank_single_clock_wait (bench->h));
    buffer = bench_pull (bench);
    fail_unless (gst_buffer_get_video_meta (buffer) != NULL);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (current_width (bench), BENCH_WIDTH);
  bench_free (bench);
}

GST_END_TEST;

/* Not after the source was stopped either: somebody has a compositor. */
GST_START_TEST (test_card_stays_away_when_started_again)
{
  TextureBench *bench = bench_new ("backend=auto idle=repeat " AT_50);

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  gst_element_set_state (bench->src, GST_STATE_NULL);
  gst_element_set_state (bench->src, GST_STATE_PLAYING);
  bench_set_time (bench, 60 * GST_SECOND);
  push_ok (bench, 2, NONE);
  assert_next (bench, 60 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (bench->h), 0);
  bench_free (bench);
}

GST_END_TEST;

/* What is repeated has the size that its caps say. */
GST_START_TEST (test_gap_is_sent_when_the_last_texture_has_old_caps)
{
  TextureBench *bench = bench_new ("idle=repeat " AT_50);
  GstStructure *small = bench_surface (2);

  push_ok (bench, 1, PERIOD);
  assert_next (bench, PERIOD);
  gst_structure_set (small, "width", G_TYPE_INT, 32, NULL);
  fail_unless_equals_int (bench_push (bench->src, small, PERIOD), GST_FLOW_OK);
  bench_wait_for_stat (bench->src, "dropped-late", 1);
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  bench_wait_for_stat (bench->src, "gaps", 1);
  assert_stat (bench, "repeated", 0);
  fail_unless_equals_int (bench_released (bench, 1), 1);
  bench_free (bench);
}

GST_END_TEST;

/* What follows may want another rate while no texture comes. */
GST_START_TEST (test_repetitions_follow_when_other_caps_are_wanted)
{
  TextureBench *bench = bench_new ("idle=repeat " AT_50);
  GstCaps *caps = gst_caps_from_string ("video/x-raw,framerate=25/1");
  GstBuffer *buffer;

  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  g_object_set (bench->src, "caps", caps, NULL);
  gst_caps_unref (caps);
  /* This one may have been waited for already. */
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  gst_buffer_unref (bench_pull (bench));
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  buffer = bench_pull (bench);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), 2 * PERIOD);
  gst_buffer_unref (buffer);
  bench_free (bench);
}

GST_END_TEST;

/* --- what downstream takes --- */

GST_START_TEST (test_rows_are_packed_when_nobody_reads_their_layout)
{
  TextureBench *bench = bench_new_stopped ("idle=wait " AT_50);
  GstHarness *plain = gst_harness_new_with_element (bench->src, NULL, NULL);
  GstStructure *texture = bench_surface (1);
  GstPad *sink = bench->h->sinkpad;
  guint8 *rows = g_malloc (BENCH_HEIGHT * 320);
  GstBuffer *buffer;
  guint8 pixel[4];
  guint y;

  gst_harness_teardown (plain);
  /* The harness forgets that it knows the meta. */
  gst_pad_set_query_function (sink, gst_pad_query_default);
  for (y = 0; y < BENCH_HEIGHT; y++)
    memset (rows + y * 320, y, 320);
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  gst_structure_set (texture, "data", G_TYPE_POINTER, rows, "stride",
      G_TYPE_INT, 320, NULL);
  fail_unless_equals_int (bench_push (bench->src, texture, 0), GST_FLOW_OK);
  buffer = bench_pull (bench);
  fail_unless_equals_int (gst_buffer_get_size (buffer),
      BENCH_WIDTH * BENCH_HEIGHT * 4);
  gst_buffer_extract (buffer, 7 * BENCH_WIDTH * 4, pixel, 4);
  fail_unless (pixel[0] == 7 && pixel[3] == 7);
  gst_buffer_unref (buffer);
  assert_stat (bench, "copied-bytes", BENCH_WIDTH * BENCH_HEIGHT * 4);
  fail_unless_equals_int (bench_released (bench, 1), 1);
  bench_free (bench);
  g_free (rows);
}

GST_END_TEST;

/* Such an element takes a buffer for as many bytes as the caps say. */
static void
check_size (const gchar * format, guint width, guint64 size, guint stride)
{
  TextureBench *bench = bench_new_stopped ("idle=wait " AT_50);
  static guint8 pixels[BENCH_WIDTH * BENCH_HEIGHT * 4];
  GstBuffer *buffer;
  GstVideoInfo info;

  gst_pad_set_query_function (bench->h->sinkpad, gst_pad_query_default);
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  fail_unless_equals_int (bench_push (bench->src, gst_structure_new ("memory",
              "data", G_TYPE_POINTER, pixels, "width", G_TYPE_INT, width,
              "height", G_TYPE_INT, 9, "format", G_TYPE_STRING, format,
              "stride", G_TYPE_INT, stride, "size", G_TYPE_UINT64, size, NULL),
          0), GST_FLOW_OK);
  buffer = bench_pull (bench);
  gst_video_info_set_format (&info, gst_video_format_from_string (format),
      width, 9);
  fail_unless_equals_int (gst_buffer_get_size (buffer), info.size);
  gst_buffer_unref (buffer);
  bench_free (bench);
}

GST_START_TEST (test_size_is_that_of_the_caps_when_nobody_reads_the_layout)
{
  check_size ("BGRA", 17, 17 * 9 * 4 + 100, 17 * 4);
  /* The last row ends before its padding. */
  check_size ("RGB", 17, 0, 52);
}

GST_END_TEST;

GST_START_TEST (test_first_texture_is_an_error_when_it_does_not_fit)
{
  TextureBench *bench = bench_new_stopped ("idle=wait");

  gst_harness_set_sink_caps_str (bench->h, "video/x-raw,format=NV12");
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  push_ok (bench, 1, 0);
  bench_assert_error (bench_message (bench, GST_MESSAGE_ERROR),
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION);
  bench_wait_for_stat (bench->src, "dropped-unfit", 1);
  fail_unless_equals_int (bench_released (bench, 1), 1);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_later_texture_is_dropped_when_it_does_not_fit)
{
  TextureBench *bench = bench_new_stopped ("idle=wait " AT_50);
  GstStructure *wide = bench_surface (2);

  gst_harness_set_sink_caps_str (bench->h, "video/x-raw,width=64");
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  push_ok (bench, 1, 0);
  assert_next (bench, 0);
  gst_structure_set (wide, "width", G_TYPE_INT, 32, NULL);
  fail_unless_equals_int (bench_push (bench->src, wide, PERIOD), GST_FLOW_OK);
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION);
  bench_wait_for_stat (bench->src, "dropped-unfit", 1);
  push_ok (bench, 3, 2 * PERIOD);
  assert_next (bench, 2 * PERIOD);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_missing_fields_come_from_the_caps)
{
  TextureBench *bench = bench_new ("idle=wait caps=video/x-raw,format=NV12,"
      "width=32,height=16,framerate=50/1,colorimetry=(string)bt601");
  static guint8 pixels[32 * 16 * 3 / 2];
  GstCaps *caps;

  fail_unless_equals_int (bench_push (bench->src, gst_structure_new ("memory",
              "data", G_TYPE_POINTER, pixels, NULL), 0), GST_FLOW_OK);
  assert_next (bench, 0);
  caps = gst_pad_get_current_caps (bench->h->sinkpad);
  fail_unless_equals_string (gst_structure_get_string (gst_caps_get_structure
          (caps, 0), "format"), "NV12");
  fail_unless_equals_string (gst_structure_get_string (gst_caps_get_structure
          (caps, 0), "colorimetry"), "bt601");
  gst_caps_unref (caps);
  bench_free (bench);
}

GST_END_TEST;

/* Whoever draws on a frame gets a copy: the texture is the compositor's. */
GST_START_TEST (test_texture_stays_as_it_was_when_a_filter_writes)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);
  guint8 *pixels = g_malloc0 (BENCH_WIDTH * BENCH_HEIGHT * 4);
  GstStructure *texture = bench_surface (1);
  GstBuffer *buffer;

  gst_structure_set (texture, "data", G_TYPE_POINTER, pixels, NULL);
  bench_push (bench->src, texture, 0);
  buffer = gst_buffer_make_writable (bench_pull (bench));
  gst_buffer_memset (buffer, 0, 0xff, 100);
  fail_unless_equals_int (pixels[0], 0);
  gst_buffer_unref (buffer);
  bench_free (bench);
  g_free (pixels);
}

GST_END_TEST;

/* As bindings of other languages call it: with values instead of arguments. */
GST_START_TEST (test_texture_can_be_pushed_with_values)
{
  TextureBench *bench = bench_new ("idle=wait " AT_50);
  GValue values[4] = { G_VALUE_INIT, }, result = G_VALUE_INIT;
  GstStructure *texture = bench_surface (1);
  guint i;

  g_value_init (&values[0], G_OBJECT_TYPE (bench->src));
  g_value_set_object (&values[0], bench->src);
  g_value_init (&values[1], GST_TYPE_STRUCTURE);
  g_value_take_boxed (&values[1], texture);
  for (i = 2; i < 4; i++)
    g_value_init (&values[i], G_TYPE_UINT64);
  g_value_set_uint64 (&values[2], 3 * PERIOD);
  g_value_set_uint64 (&values[3], PERIOD);
  g_value_init (&result, GST_TYPE_FLOW_RETURN);
  g_signal_emitv (values, g_signal_lookup ("push-texture",
          G_OBJECT_TYPE (bench->src)), 0, &result);
  fail_unless_equals_int (g_value_get_enum (&result), GST_FLOW_OK);
  assert_next (bench, 3 * PERIOD);
  for (i = 0; i < 4; i++)
    g_value_unset (&values[i]);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
source_suite (void)
{
  Suite *s = suite_create ("source");
  TCase *tc = tcase_create ("times");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_texture_is_stamped_when_it_is_pushed);
  tcase_add_test (tc, test_own_times_are_ignored_when_do_timestamp_is_set);
  tcase_add_test (tc, test_last_texture_is_repeated_when_idle);
  tcase_add_test (tc, test_gap_is_sent_when_idle);
  tcase_add_test (tc, test_nothing_is_sent_when_waiting);
  tcase_add_test (tc, test_gap_is_sent_when_the_last_texture_has_old_caps);
  tcase_add_test (tc, test_repetitions_follow_when_other_caps_are_wanted);
  tcase_add_test (tc, test_frame_is_dropped_when_its_time_was_filled);
  tcase_add_test (tc, test_stream_goes_on_when_times_start_again);
  tcase_add_test (tc, test_stream_goes_on_when_a_flush_resets_time);
  tcase_add_test (tc, test_latency_is_that_of_frames_that_are_filled_in);
  tc = tcase_create ("queue");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_oldest_goes_when_the_queue_is_full);
  tcase_add_test (tc, test_newest_goes_when_the_queue_is_full);
  tcase_add_test (tc, test_push_waits_when_asked_to);
  tcase_add_test (tc, test_push_stops_waiting_when_the_source_stops);
  tcase_add_test (tc, test_all_that_waits_is_shown_when_the_stream_ends);
  tcase_add_test (tc, test_textures_are_taken_again_when_started_again);
  tc = tcase_create ("card");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_card_is_shown_when_asked_for);
  tcase_add_test (tc, test_card_goes_for_good_when_a_texture_comes);
  tcase_add_test (tc, test_card_stays_away_when_started_again);
  tc = tcase_create ("downstream");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_rows_are_packed_when_nobody_reads_their_layout);
  tcase_add_test (tc,
      test_size_is_that_of_the_caps_when_nobody_reads_the_layout);
  tcase_add_test (tc, test_first_texture_is_an_error_when_it_does_not_fit);
  tcase_add_test (tc, test_later_texture_is_dropped_when_it_does_not_fit);
  tcase_add_test (tc, test_texture_can_be_pushed_with_values);
  tcase_add_test (tc, test_missing_fields_come_from_the_caps);
  tcase_add_test (tc, test_texture_stays_as_it_was_when_a_filter_writes);
  return s;
}

GST_CHECK_MAIN (source);
