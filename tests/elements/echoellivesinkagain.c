/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes after something else: a flush, a second run, a pause, a pad that
 * goes. */
#include "livebench.h"

/* The first caps, segment and pictures after a flush; the encoder's clock goes
 * on or begins anew with the pictures' numbers. */
static void
flush (Bench * b)
{
  GstSegment segment;

  gst_harness_push_event (b->video, gst_event_new_flush_start ());
  gst_harness_push_event (b->video, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (b->video, gst_event_new_segment (&segment));
}

static guint32
last_picture_time (Bench * b)
{
  GArray *all = rtmp_double_messages (b->server);
  guint32 time = 0;
  guint i;

  for (i = 0; i < all->len; i++)
    if (g_array_index (all, RtmpMessage, i).kind == RTMP_PICTURE)
      time = g_array_index (all, RtmpMessage, i).time;
  g_array_unref (all);
  return time;
}

GST_START_TEST (test_time_goes_on_after_a_flush)
{
  guint32 before;
  guint i;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  bench_send_pictures (&b, 2 * GOP, SMALL);
  before = last_picture_time (&b);
  flush (&b);
  b.pictures = 0;
  for (i = 1; i <= GOP; i++) {
    bench_push_picture (&b, SMALL);
    rtmp_double_wait (b.server, RTMP_PICTURE, 2 * GOP + 1 + i);
    fail_unless (last_picture_time (&b) > before, "%u ms, then %u ms", before,
        last_picture_time (&b));
    before = last_picture_time (&b);
  }
  bench_teardown (&b);
}

GST_END_TEST;

/* A destination that is switched on in the middle of a GOP that is too long to
 * be kept has to ask. */
static void
need_key (Bench * b, guint frames)
{
  for (; frames > 0; frames--) {
    b->pictures = MAX (b->pictures, 1);
    if (b->pictures % GOP == 0)
      b->pictures++;
    bench_push_picture (b, SMALL);
  }
}

/* Returns: how often */
static guint64
switch_on_in_a_gop (Bench * b)
{
  guint64 before;

  bench_begin (b);
  bench_wait_for_state (b, "publishing");
  need_key (b, 4 * GOP);
  bench_set_child (b, "one::enabled", FALSE);
  bench_wait_for_state (b, "disabled");
  before = bench_get_stat (b, "key-requests");
  bench_set_child (b, "one::enabled", TRUE);
  bench_wait_for_state (b, "publishing");
  need_key (b, 4 * GOP);
  return bench_get_stat (b, "key-requests") - before;
}

GST_START_TEST (test_key_frames_are_asked_for_in_every_run)
{
  guint run;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  for (run = 0; run < 2; run++) {
    b.pictures = 0;
    fail_unless (switch_on_in_a_gop (&b) > 0, "none in run %u", run);
    gst_element_set_state (b.sink, GST_STATE_NULL);
    gst_element_set_state (b.sink, GST_STATE_PLAYING);
    flush (&b);
  }
  bench_teardown (&b);
}

GST_END_TEST;

/* A bin forgets who has ended when it pauses, and expects to be told again. */
GST_START_TEST (test_end_is_told_again_after_a_pause)
{
  guint round;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  bench_push_end (&b);
  bench_wait_for_end (&b);
  for (round = 0; round < 2; round++) {
    gst_element_set_state (b.sink, GST_STATE_PAUSED);
    gst_element_set_state (b.sink, GST_STATE_PLAYING);
    bench_wait_for_end (&b);
  }
  bench_teardown (&b);
}

GST_END_TEST;

static void
release (Bench * b, const gchar * name)
{
  GstPad *pad = gst_element_get_static_pad (b->sink, name);

  gst_element_release_request_pad (b->sink, pad);
  gst_object_unref (pad);
}

GST_START_TEST (test_sound_goes_on_when_the_picture_is_taken_away)
{
  guint had;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, TRUE);
  bench_go_live (&b);
  bench_push_sound (&b);
  bench_send_pictures (&b, FPS, SMALL);
  release (&b, "video");
  had = rtmp_double_count (b.server, RTMP_SOUND, FALSE);
  b.sounds = b.pictures * FRAME / SOUND + 1;
  while (b.sounds * SOUND < 5 * GST_SECOND) {
    bench_push_sound (&b);
    rtmp_double_wait (b.server, RTMP_SOUND, ++had);
  }
  bench_teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_end_comes_when_the_pad_that_lacks_it_goes)
{
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, TRUE);
  bench_go_live (&b);
  bench_push_sound (&b);
  gst_harness_push_event (b.video, gst_event_new_eos ());
  release (&b, "audio");
  bench_wait_for_end (&b);
  bench_teardown (&b);
}

GST_END_TEST;

static gchar *
get_state (Bench * b)
{
  gchar *state = NULL;

  gst_child_proxy_get (GST_CHILD_PROXY (b->sink), "one::state", &state, NULL);
  return state;
}

GST_START_TEST (test_nothing_is_sent_when_nothing_runs)
{
  gchar *state;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  gst_element_set_state (b.sink, GST_STATE_NULL);
  state = get_state (&b);
  fail_unless_equals_string (state, "idle");
  fail_unless_equals_uint64 (bench_get_stat (&b, "uptime"), 0);
  g_free (state);
  bench_teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_a_stream_without_time_is_an_error)
{
  GstMessage *message;
  GstSegment segment;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (b.video, gst_event_new_segment (&segment));
  message = gst_bus_timed_pop_filtered (b.bus, WITHIN, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_unref (message);
  bench_teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_frames_without_time_are_warned_of_once)
{
  GstMessage *message;
  GstBuffer *buffer;
  guint i;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  for (i = 0; i < 3; i++) {
    buffer = gst_buffer_new_allocate (NULL, SMALL, NULL);
    fail_unless_equals_int (gst_harness_push (b.video, buffer), GST_FLOW_OK);
  }
  message = gst_bus_timed_pop_filtered (b.bus, WITHIN, GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (b.bus, GST_MESSAGE_WARNING) == NULL);
  bench_teardown (&b);
}

GST_END_TEST;

static Suite *
echoellivesinkagain_suite (void)
{
  Suite *suite = suite_create ("echoellivesinkagain");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_time_goes_on_after_a_flush);
  tcase_add_test (tc, test_key_frames_are_asked_for_in_every_run);
  tcase_add_test (tc, test_end_is_told_again_after_a_pause);
  tcase_add_test (tc, test_sound_goes_on_when_the_picture_is_taken_away);
  tcase_add_test (tc, test_end_comes_when_the_pad_that_lacks_it_goes);
  tcase_add_test (tc, test_nothing_is_sent_when_nothing_runs);
  tcase_add_test (tc, test_a_stream_without_time_is_an_error);
  tcase_add_test (tc, test_frames_without_time_are_warned_of_once);
  return suite;
}

GST_CHECK_MAIN (echoellivesinkagain);
