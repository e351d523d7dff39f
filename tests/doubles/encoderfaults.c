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

/* --- what a stream must survive --- */

#define N_FRAMES 12

static Bench *
faulty (const gchar * version, const gchar * factory, DoubleFate fate,
    guint n_frames, const gchar * settings)
{
  const DoubleCodec *codec = double_bench_codec (factory);

  doubles_install_one (version, factory, TRUE);
  doubles_install_one (version, codec->software, TRUE);
  doubles_set_fate (factory, fate, n_frames);
  return double_bench_new (codec, N_FRAMES, FALSE, settings);
}

static void
finish (Bench * bench)
{
  bench_free (bench);
  doubles_uninstall ();
}

/* Errors and warnings of anyone. */
static guint
count_complaints (Bench * bench)
{
  guint i, n = 0;

  bench_count (bench, GST_MESSAGE_ERROR, 0);
  for (i = 0; i < bench->messages->len; i++)
    n += (GST_MESSAGE_TYPE (g_ptr_array_index (bench->messages, i))
        & (GST_MESSAGE_ERROR | GST_MESSAGE_WARNING)) != 0;
  return n;
}

static void
assert_active (Bench * bench, const gchar * factory)
{
  gchar *active = NULL;

  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless_equals_string (active, factory);
  g_free (active);
}

static void
run_well (Bench * bench, const gchar * factory)
{
  fail_unless (bench_start (bench));
  bench_wait (bench, GST_MESSAGE_EOS);
  double_bench_check_frames (bench, N_FRAMES);
  assert_active (bench, factory);
  fail_unless_equals_int (count_complaints (bench), 0);
}

/* --- at the end --- */

/* It looks whole to whoever does not count frames: no muxer is to finish it. */
GST_START_TEST (test_file_is_not_finished_when_an_encoder_fails_at_its_end)
{
  static const DoubleFate fates[] = {
    DOUBLE_FAILS_AT_END, DOUBLE_COMPLAINS_AFTER
  };
  Bench *bench = faulty ("1.26", "nvh264enc", fates[__i__], N_FRAMES,
      "usage=export");

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_ENCODE, "The encoder nvh264enc failed in the middle of "
      "the stream: The double has lost");
  fail_unless_equals_int (count_complaints (bench), 1);
  fail_unless_equals_int (bench->video.n_eos, 0);
  finish (bench);
}

GST_END_TEST;

/* What is live has ended anyway. */
GST_START_TEST (test_live_stream_ends_when_an_encoder_fails_at_its_end)
{
  Bench *bench = faulty ("1.26", "nvh264enc", DOUBLE_FAILS_AT_END, 0,
      "usage=live");

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_expect (bench, GST_MESSAGE_WARNING, GST_STREAM_ERROR,
      GST_STREAM_ERROR_ENCODE, "nvh264enc failed at the end of the stream: The "
      "double has lost its last frames");
  fail_unless_equals_int (count_complaints (bench), 1);
  double_bench_check_frames (bench, N_FRAMES);
  finish (bench);
}

GST_END_TEST;

/* --- from a thread of its own --- */

GST_START_TEST (test_error_from_another_thread_is_heard_with_the_next_frame)
{
  Bench *bench = faulty ("1.28", "vtenc_h264", DOUBLE_COMPLAINS_AFTER, 5,
      "usage=live");

  run_well (bench, "x264enc");
  finish (bench);
  bench = faulty ("1.28", "vtenc_h264", DOUBLE_COMPLAINS_AFTER, 5,
      "usage=export");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_ENCODE, "vtenc_h264 failed in the middle");
  fail_unless_equals_int (bench->video.frames->len, 5);
  finish (bench);
}

GST_END_TEST;

/* --- on the way to PAUSED --- */

/* It opened for READY, then somebody else took the device. */
GST_START_TEST (test_next_takes_over_when_one_does_not_pause)
{
  const gchar *version = double_versions[__i__];
  Bench *bench = faulty (version, "msdkh264enc", DOUBLE_FAILS_TO_PAUSE, 1,
      "usage=live");
  guint again;

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  assert_active (bench, "msdkh264enc");
  for (again = 0; again < 2; again++) {
    run_well (bench, "x264enc");
    bench_rewind (bench);
  }
  finish (bench);
}

GST_END_TEST;

GST_START_TEST (test_one_error_says_why_a_named_one_does_not_pause)
{
  /* It was there when it opened and when it was tried. */
  Bench *bench = faulty ("1.26", "msdkh264enc", DOUBLE_FAILS_TO_PAUSE, 2,
      "usage=live encoder=msdkh264enc");

  fail_if (bench_start (bench));
  fail_unless_equals_int (count_complaints (bench), 1);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  /* When the device is free again the same element starts. */
  bench_rewind (bench);
  doubles_set_fate ("msdkh264enc", DOUBLE_WORKS, 0);
  run_well (bench, "msdkh264enc");
  finish (bench);
}

GST_END_TEST;

/* A device that is open from PAUSED on, two streams. */
GST_START_TEST (test_two_streams_share_a_device_that_opens_at_paused)
{
  Bench *bench;
  GstElement *other;
  gchar *first = NULL, *second = NULL;

  doubles_install_one ("1.26", "msdkh264enc", TRUE);
  doubles_install_one ("1.26", "x264enc", TRUE);
  doubles_set_sessions ("msdkh264enc", 1);
  bench = bench_new ("videotestsrc num-buffers=%d ! video/x-raw,width=128,"
      "height=72,framerate=30/1 ! tee name=t  t. ! queue ! " BENCH_SMALL
      "framerate=30/1 usage=live ! fakesink name=video  t. ! queue "
      "! echoelpreset name=other platform=youtube-video resolution=128x72 "
      "framerate=30/1 usage=live ! fakesink name=audio", N_FRAMES);
  other = bench_part (bench, "other");
  fail_unless (bench_start (bench));
  bench_wait (bench, GST_MESSAGE_EOS);
  fail_unless_equals_int (bench->video.frames->len, N_FRAMES);
  fail_unless_equals_int (bench->audio.frames->len, N_FRAMES);
  g_object_get (bench->preset, "active-encoder", &first, NULL);
  g_object_get (other, "active-encoder", &second, NULL);
  fail_if (strcmp (first, second) == 0, "both by %s", first);
  fail_unless_equals_int (count_complaints (bench), 0);
  gst_object_unref (other);
  g_free (first);
  g_free (second);
  finish (bench);
}

GST_END_TEST;

/* --- while it is stopped --- */

GST_START_TEST (test_nobody_complains_when_an_encoder_fails_while_it_stops)
{
  static const guint after[] = { 0, 3 };
  Bench *bench = faulty ("1.26", "nvh264enc", DOUBLE_FAILS_WHEN_STOPPED,
      after[__i__ % 2], __i__ / 2 ? "usage=export" : "usage=live");

  fail_unless (bench_start (bench));
  doubles_wait_kept ("nvh264enc");
  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (count_complaints (bench), 0);
  assert_active (bench, "nvh264enc");
  bench_rewind (bench);
  doubles_set_fate ("nvh264enc", DOUBLE_WORKS, 0);
  run_well (bench, "nvh264enc");
  finish (bench);
}

GST_END_TEST;

/* --- a flush --- */

GST_START_TEST (test_error_because_of_a_flush_is_forgotten)
{
  Bench *bench = faulty ("1.26", "nvh264enc", DOUBLE_COMPLAINS_WHEN_FLUSHED,
      0, __i__ ? "usage=export" : "usage=live");

  gst_element_set_state (bench->pipeline, GST_STATE_PAUSED);
  bench_wait (bench, GST_MESSAGE_ASYNC_DONE);
  fail_unless (gst_element_seek_simple (bench->pipeline, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, 0));
  fail_unless (bench_start (bench));
  bench_wait (bench, GST_MESSAGE_EOS);
  assert_active (bench, "nvh264enc");
  fail_unless_equals_int (count_complaints (bench), 0);
  finish (bench);
}

GST_END_TEST;

/* --- events --- */

static GstPadProbeReturn
add_event (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  gint *n = user_data;

  if ((*n)-- == 0)
    gst_pad_push_event (pad, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
            gst_structure_new_empty ("Note")));
  return GST_PAD_PROBE_OK;
}

typedef struct
{
  guint n_frames, n_notes, before;      /* which frame the last note came */
} Notes;

static GstPadProbeReturn
see_event (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Notes *notes = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    notes->n_frames++;
  } else if (gst_event_has_name (GST_PAD_PROBE_INFO_EVENT (info), "Note")) {
    notes->n_notes++;
    notes->before = notes->n_frames;
  }
  return GST_PAD_PROBE_OK;
}

static void
probe (Bench * bench, const gchar * part, const gchar * name,
    GstPadProbeType type, GstPadProbeCallback callback, gpointer user_data)
{
  GstElement *element = bench_part (bench, part);
  GstPad *pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, type, callback, user_data, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
}

static const struct
{
  DoubleFate fate;
  guint n_frames;
  gint note;                    /* before which frame */
  const gchar *active;
} noted[] = {
  /* *INDENT-OFF* */
  {DOUBLE_WORKS, 0, 0, "nvh264enc"},
  {DOUBLE_WORKS, 0, 5, "nvh264enc"},
  {DOUBLE_FAILS_AFTER, 0, 0, "x264enc"},
  {DOUBLE_FAILS_AFTER, 5, 5, "x264enc"},
  {DOUBLE_FAILS_AFTER, 5, 4, "x264enc"},
  /* *INDENT-ON* */
};

/* An encoder keeps an event until the frame behind it leaves. */
GST_START_TEST (test_events_come_once_when_an_encoder_is_replaced)
{
  Bench *bench = faulty ("1.26", "nvh264enc", noted[__i__].fate,
      noted[__i__].n_frames, "usage=live");
  gint left = noted[__i__].note;
  Notes notes = { 0, };

  probe (bench, "source", "src", GST_PAD_PROBE_TYPE_BUFFER, add_event, &left);
  probe (bench, "video", "sink", GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, see_event, &notes);
  run_well (bench, noted[__i__].active);
  fail_unless_equals_int (notes.n_notes, 1);
  /* videorate holds one frame back, not the events. */
  fail_unless (notes.before + 1 >= (guint) noted[__i__].note
      && notes.before <= (guint) noted[__i__].note, "before frame %u",
      notes.before);
  finish (bench);
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
  tcase_add_loop_test (tc,
      test_file_is_not_finished_when_an_encoder_fails_at_its_end, 0, 2);
  tcase_add_test (tc, test_live_stream_ends_when_an_encoder_fails_at_its_end);
  tcase_add_test (tc,
      test_error_from_another_thread_is_heard_with_the_next_frame);
  tcase_add_loop_test (tc, test_next_takes_over_when_one_does_not_pause, 0,
      N_VERSIONS);
  tcase_add_test (tc, test_one_error_says_why_a_named_one_does_not_pause);
  tcase_add_test (tc, test_two_streams_share_a_device_that_opens_at_paused);
  tcase_add_loop_test (tc,
      test_nobody_complains_when_an_encoder_fails_while_it_stops, 0, 4);
  tcase_add_loop_test (tc, test_error_because_of_a_flush_is_forgotten, 0, 2);
  tcase_add_loop_test (tc, test_events_come_once_when_an_encoder_is_replaced,
      0, G_N_ELEMENTS (noted));
  return s;
}

GST_CHECK_MAIN (encoderfaults);
