/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes into echoelexportsink, and what an application does to it. */
#include <glib/gstdio.h>
#include <string.h>

#include "presetbench.h"

#define SMALL "platforms=tiktok:resolution=72x128,encoder=software"
#define N_FRAMES 30
#define VIDEO "videotestsrc num-buffers=30 pattern=ball " \
    "! video/x-raw,width=160,height=90,framerate=30/1 "
#define WAIT (20 * GST_SECOND)

static gchar *folder;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("echoel-export-XXXXXX", NULL);
  fail_unless (folder != NULL);
}

/* Removes what was made; returns the last name that is no hidden one. */
static gchar *
empty_folder (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  gchar *last = NULL;

  while ((name = g_dir_read_name (dir)) != NULL) {
    gchar *path = g_build_filename (folder, name, NULL);

    if (name[0] != '.') {
      g_free (last);
      last = g_strdup (name);
    }
    g_unlink (path);
    g_free (path);
  }
  g_dir_close (dir);
  return last;
}

static void
expect_file (const gchar * wanted)
{
  gchar *name = empty_folder ();

  fail_unless_equals_string (name, wanted);
  g_free (name);
}

static void
take_down (void)
{
  g_free (empty_folder ());
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
}

/* @sources end in "p.video" and the like. */
static Bench *
export_new (const gchar * sources, const gchar * settings)
{
  return bench_new ("%s echoelexportsink name=p directory=%s %s", sources,
      folder, settings);
}

static void
expect_no_picture (const gchar * sources)
{
  Bench *bench = export_new (sources, SMALL);

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_FAILED, "No picture arrived");
  bench_free (bench);
  expect_file (NULL);
}

/* More sound than all queues take. */
static const gchar *const without_picture[] = {
  "audiotestsrc num-buffers=40 ! audio/x-raw,rate=48000 ! p.audio",
  "audiotestsrc num-buffers=40 ! audio/x-raw,rate=48000 ! p.audio "
      "identity ! p.video",
  "audiotestsrc num-buffers=4000 ! audio/x-raw,rate=48000 ! p.audio "
      "identity ! p.video",
  "videotestsrc num-buffers=0 ! p.video identity ! p.audio"
};

GST_START_TEST (test_sound_alone_is_an_error)
{
  expect_no_picture (without_picture[__i__]);
}

GST_END_TEST;

static const gchar *const formats[] = {
  "RGB16", "v210", "UYVP", "RGBA", "GRAY8", "P010_10LE", "Y444_16LE"
};

GST_START_TEST (test_any_raw_video_is_taken)
{
  gchar *source = g_strdup_printf ("videotestsrc num-buffers=%d "
      "! video/x-raw,format=%s,width=160,height=90,framerate=30/1 ! p.video",
      N_FRAMES, formats[__i__]);
  Bench *bench = export_new (source, SMALL);

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_free (bench);
  g_free (source);
  expect_file ("video_tiktok.mp4");
}

GST_END_TEST;

/* Returns: how often the pipeline changed its state after the summary. */
static guint
count_changes_after_summary (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessageType type = GST_MESSAGE_UNKNOWN;
  gboolean summed = FALSE;
  guint n = 0;

  while (type != GST_MESSAGE_EOS) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, WAIT,
        GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT
        | GST_MESSAGE_STATE_CHANGED);

    fail_unless (message != NULL, "it never ends");
    type = GST_MESSAGE_TYPE (message);
    fail_if (type == GST_MESSAGE_ERROR);
    summed |= gst_message_has_name (message, "echoelexportsink-summary");
    n += summed && type == GST_MESSAGE_STATE_CHANGED
        && GST_MESSAGE_SRC (message) == GST_OBJECT (pipeline);
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  fail_unless (summed);
  return n;
}

/* A preview that goes on is not disturbed by an export that has ended. */
GST_START_TEST (test_another_sink_goes_on_playing)
{
  Bench *bench = export_new ("videotestsrc num-buffers=45 "
      "! video/x-raw,framerate=15/1 ! fakesink sync=true " VIDEO "! p.video",
      SMALL);

  fail_unless (bench_start (bench));
  fail_unless_equals_int (count_changes_after_summary (bench->pipeline), 0);
  bench_free (bench);
}

GST_END_TEST;

static void
wait_for_plan (Bench * bench)
{
  while (bench_message (bench, "echoelexportsink-plan") == NULL)
    bench_wait (bench, GST_MESSAGE_ELEMENT);
}

/* Its sound would be lost without a word. */
GST_START_TEST (test_a_pad_that_comes_too_late_is_refused)
{
  Bench *bench = export_new (VIDEO "! p.video", SMALL);
  GstPad *pad;

  fail_unless (bench_start (bench));
  wait_for_plan (bench);
  fail_unless (gst_element_request_pad_simple (bench->preset, "audio") == NULL);
  bench_wait (bench, GST_MESSAGE_EOS);
  bench_rewind (bench);
  pad = gst_element_request_pad_simple (bench->preset, "audio");
  fail_unless (pad != NULL);
  gst_object_unref (pad);
  bench_free (bench);
}

GST_END_TEST;

static GstBuffer *
silence (void)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 48000 * 2, NULL);

  gst_buffer_memset (buffer, 0, 0, 48000 * 2);
  GST_BUFFER_PTS (buffer) = 0;
  GST_BUFFER_DURATION (buffer) = GST_SECOND;
  return buffer;
}

/* Sound that an application takes away has ended there. */
GST_START_TEST (test_a_released_pad_ends_its_stream)
{
  Bench *bench = export_new (VIDEO "! p.video appsrc name=a format=time "
      "caps=audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1 "
      "! p.audio", SMALL);
  GstElement *source = bench_part (bench, "a");
  GstPad *pad = gst_element_get_static_pad (bench->preset, "audio");
  GstBuffer *buffer = silence ();
  GstFlowReturn flow;

  fail_unless (bench_start (bench));
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  gst_buffer_unref (buffer);
  wait_for_plan (bench);
  gst_element_unlink (source, bench->preset);
  gst_element_release_request_pad (bench->preset, pad);
  bench_wait (bench, GST_MESSAGE_EOS);
  gst_object_unref (pad);
  gst_object_unref (source);
  bench_free (bench);
  expect_file ("video_tiktok.mp4");
}

GST_END_TEST;

GST_START_TEST (test_properties_count_until_paused)
{
  Bench *bench = export_new (VIDEO "! p.video", SMALL);

  fail_unless (gst_element_set_state (bench->pipeline, GST_STATE_READY)
      == GST_STATE_CHANGE_SUCCESS);
  g_object_set (bench->preset, "base-name", "changed", NULL);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_free (bench);
  expect_file ("changed_tiktok.mp4");
}

GST_END_TEST;

/* The files have begun: whoever asks is told that it is too late. */
GST_START_TEST (test_a_seek_is_refused)
{
  Bench *bench = export_new (VIDEO "! p.video", SMALL);

  fail_if (gst_element_set_state (bench->pipeline, GST_STATE_PAUSED)
      == GST_STATE_CHANGE_FAILURE);
  fail_if (gst_element_seek_simple (bench->pipeline, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SECOND / 2));
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_free (bench);
}

GST_END_TEST;

static GstPadProbeReturn
refuse (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_NOT_NEGOTIATED;
  return GST_PAD_PROBE_HANDLED;
}

/* Its file fails, and the other one is whole. */
GST_START_TEST (test_an_element_that_breaks_without_a_word)
{
  Bench *bench = export_new (VIDEO "! p.video", SMALL ",twitter:"
      "resolution=128x72,encoder=software");
  GstElement *unit, *crop;
  GstPad *pad;

  fail_unless (gst_element_set_state (bench->pipeline, GST_STATE_READY)
      == GST_STATE_CHANGE_SUCCESS);
  unit = bench_part (bench, "reframe-0");
  crop = gst_bin_get_by_name (GST_BIN (unit), "crop");
  pad = gst_element_get_static_pad (crop, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, refuse, NULL, NULL);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_FAILED, "1 of 2 files failed: tiktok: An element does "
      "not take the stream and does not say why (not-negotiated)");
  gst_object_unref (pad);
  gst_object_unref (crop);
  gst_object_unref (unit);
  bench_free (bench);
  expect_file ("video_twitter.mp4");
}

GST_END_TEST;

static Suite *
echoelexportsink_suite (void)
{
  Suite *s = suite_create ("echoelexportsink");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, set_up, take_down);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, test_sound_alone_is_an_error, 0,
      G_N_ELEMENTS (without_picture));
  tcase_add_loop_test (tc, test_any_raw_video_is_taken, 0,
      G_N_ELEMENTS (formats));
  tcase_add_test (tc, test_another_sink_goes_on_playing);
  tcase_add_test (tc, test_a_pad_that_comes_too_late_is_refused);
  tcase_add_test (tc, test_a_released_pad_ends_its_stream);
  tcase_add_test (tc, test_properties_count_until_paused);
  tcase_add_test (tc, test_a_seek_is_refused);
  tcase_add_test (tc, test_an_element_that_breaks_without_a_word);
  return s;
}

GST_CHECK_MAIN (echoelexportsink);
