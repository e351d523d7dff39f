/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelexportsink with encoders that break, and with hardware that does not
 * take all. */
#ifdef __linux__
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sched.h>
#endif
#include <glib/gstdio.h>
#include <gst/video/video.h>
#include <string.h>

#include "doublebench.h"
#include "doubleconvert.h"

#define VERSION "1.26"
#define HARDWARE "nvh264enc"
#define N_FRAMES 150
#define BREAKS_AT 100
#define N_GPU_FRAMES 10
#define SMALL ":resolution=128x72"

static gchar *folder;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("echoel-export-XXXXXX", NULL);
  fail_unless (folder != NULL);
  doubles_install_one (VERSION, HARDWARE, TRUE);
  doubles_install_one (VERSION, "x264enc", TRUE);
}

/* Removes what was made; returns how many files had their final name. */
static guint
empty_folder (void)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    gchar *path = g_build_filename (folder, name, NULL);

    n += name[0] != '.';
    g_unlink (path);
    g_free (path);
  }
  g_dir_close (dir);
  return n;
}

static void
take_down (void)
{
  doubles_uninstall ();
  empty_folder ();
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
}

static Bench *
export_new (const gchar * platforms, const gchar * settings)
{
  return bench_new ("videotestsrc num-buffers=%d pattern=ball "
      "! video/x-raw,width=160,height=90,framerate=30/1 "
      "! echoelexportsink name=p directory=%s platforms=%s %s", N_FRAMES,
      folder, platforms, settings);
}

/* The field of the file of @platform in the summary. */
static const GValue *
file_field (Bench * bench, const gchar * platform, const gchar * field)
{
  const GstStructure *s = bench_message (bench, "echoelexportsink-summary");
  const GValue *files;
  guint i;

  fail_unless (s != NULL, "no summary");
  files = gst_structure_get_value (s, "files");
  for (i = 0; i < gst_value_array_get_size (files); i++) {
    const GstStructure *file =
        g_value_get_boxed (gst_value_array_get_value (files, i));

    if (g_strcmp0 (gst_structure_get_string (file, "platform"), platform) == 0)
      return gst_structure_get_value (file, field);
  }
  fail ("no file of %s", platform);
  return NULL;
}

static void
expect_state (Bench * bench, const gchar * platform, const gchar * state)
{
  fail_unless_equals_string (g_value_get_string (file_field (bench, platform,
              "state")), state);
}

/* It ends alone, and no other file has lost a frame. */
GST_START_TEST (test_an_encoder_that_breaks_ends_its_file_alone)
{
  Bench *bench;

  doubles_set_fate (HARDWARE, DOUBLE_FAILS_AFTER, BREAKS_AT);
  bench = export_new ("tiktok" SMALL ",encoder=" HARDWARE ",twitter" SMALL
      ",encoder=software,facebook" SMALL ",encoder=software", "");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_FAILED, "1 of 3 files failed: tiktok: ");
  expect_state (bench, "tiktok", "failed");
  expect_state (bench, "twitter", "done");
  expect_state (bench, "facebook", "done");
  fail_unless_equals_uint64 (g_value_get_uint64 (file_field (bench, "twitter",
              "frames")), N_FRAMES);
  bench_free (bench);
  fail_unless_equals_int (empty_folder (), 2);
}

GST_END_TEST;

/* With require=any that is not the end of the world. */
GST_START_TEST (test_one_that_breaks_is_a_warning_when_any_is_enough)
{
  Bench *bench;

  doubles_set_fate (HARDWARE, DOUBLE_FAILS_AFTER, BREAKS_AT);
  bench = export_new ("tiktok" SMALL ",encoder=" HARDWARE ",twitter" SMALL
      ",encoder=software", "require=any");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_expect (bench, GST_MESSAGE_WARNING, GST_STREAM_ERROR,
      GST_STREAM_ERROR_FAILED, "tiktok failed: ");
  bench_free (bench);
  fail_unless_equals_int (empty_folder (), 1);
}

GST_END_TEST;

GST_START_TEST (test_encodes_beyond_the_hardwares_limit_are_done_in_software)
{
  Bench *bench;

  doubles_set_sessions (HARDWARE, 2);
  bench = export_new ("all" SMALL, "hardware-sessions=2");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  fail_unless_equals_int (doubles_sessions (HARDWARE), 2);
  expect_state (bench, "youtube-video", "done");
  bench_free (bench);
  fail_unless_equals_int (empty_folder (), 8);
}

GST_END_TEST;

static const gchar *const memories[][2] = {
  /* *INDENT-OFF* */
  {"VAMemory", "vapostproc"},
  {"CUDAMemory", "cudadownload"},
  {"D3D11Memory", "d3d11download"},
  {"D3D12Memory", "d3d12download"},
  {"GLMemory", "gldownload"},
  /* *INDENT-ON* */
};

static void
push_frames (Bench * bench)
{
  GstElement *source = bench_part (bench, "source");
  const gsize size = 160 * 90 * 3 / 2;
  GstFlowReturn flow;
  guint i;

  for (i = 0; i < N_GPU_FRAMES; i++) {
    GstBuffer *frame = gst_buffer_new_allocate (NULL, size, NULL);

    gst_buffer_memset (frame, 0, 128, size);
    gst_buffer_add_video_meta (frame, GST_VIDEO_FRAME_FLAG_NONE,
        GST_VIDEO_FORMAT_NV12, 160, 90);
    GST_BUFFER_PTS (frame) = gst_util_uint64_scale_round (i, GST_SECOND, 30);
    GST_BUFFER_DURATION (frame) = GST_SECOND / 30;
    g_signal_emit_by_name (source, "push-buffer", frame, &flow);
    gst_buffer_unref (frame);
  }
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  gst_object_unref (source);
}

/* What is cut and encoded here stands in system memory. */
GST_START_TEST (test_frames_of_a_gpu_are_downloaded_once)
{
  Bench *bench = bench_new ("appsrc name=source format=time caps=\"video/x-raw("
      "memory:%s),format=(string)NV12,width=(int)160,height=(int)90,framerate="
      "(fraction)30/1,interlace-mode=(string)progressive,pixel-aspect-ratio="
      "(fraction)1/1,colorimetry=(string)bt709,chroma-site=(string)mpeg2\" "
      "! echoelexportsink name=p directory=%s platforms=tiktok" SMALL
      ",twitter" SMALL, memories[__i__][0], folder);

  fail_unless (bench_start (bench));
  push_frames (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  expect_state (bench, "tiktok", "done");
  expect_state (bench, "twitter", "done");
  fail_unless_equals_int (double_convert_frames (memories[__i__][1]),
      N_GPU_FRAMES);
  bench_free (bench);
  fail_unless_equals_int (empty_folder (), 2);
}

GST_END_TEST;

/* What was built for one run is not for another. */
GST_START_TEST (test_a_second_run_makes_the_file_again)
{
  Bench *bench = export_new ("twitter" SMALL ",encoder=software",
      "overwrite=true");
  gchar *plan;

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_rewind (bench);
  g_object_get (bench->preset, "plan", &plan, NULL);
  fail_unless (strstr (plan, "-> twitter") != NULL, "%s", plan);
  g_free (plan);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  expect_state (bench, "twitter", "done");
  fail_unless_equals_uint64 (g_value_get_uint64 (file_field (bench, "twitter",
              "frames")), N_FRAMES);
  bench_reset (bench);
  g_object_get (bench->preset, "plan", &plan, NULL);
  fail_unless (plan == NULL);
  bench_free (bench);
  fail_unless_equals_int (empty_folder (), 1);
}

GST_END_TEST;

#ifdef __linux__
/* Behind taskset there are fewer processors than the machine has. */
GST_START_TEST (test_processors_of_others_are_not_planned_for)
{
  cpu_set_t all, one;
  gint first = 0;
  Bench *bench;
  gchar *plan;

  fail_unless (sched_getaffinity (0, sizeof (all), &all) == 0);
  while (!CPU_ISSET (first, &all))
    first++;
  CPU_ZERO (&one);
  CPU_SET (first, &one);
  fail_unless (sched_setaffinity (0, sizeof (one), &one) == 0);
  bench = export_new ("twitter" SMALL, "overwrite=true");
  bench_rewind (bench);
  g_object_get (bench->preset, "plan", &plan, NULL);
  sched_setaffinity (0, sizeof (all), &all);
  fail_unless (strstr (plan, ", 1 core,") != NULL, "%s", plan);
  g_free (plan);
  bench_free (bench);
  empty_folder ();
}

GST_END_TEST;
#endif

static Suite *
exportdoubles_suite (void)
{
  Suite *s = suite_create ("exportdoubles");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, set_up, take_down);
  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, test_an_encoder_that_breaks_ends_its_file_alone);
  tcase_add_test (tc, test_one_that_breaks_is_a_warning_when_any_is_enough);
  tcase_add_test (tc,
      test_encodes_beyond_the_hardwares_limit_are_done_in_software);
  tcase_add_loop_test (tc, test_frames_of_a_gpu_are_downloaded_once, 0,
      G_N_ELEMENTS (memories));
  tcase_add_test (tc, test_a_second_run_makes_the_file_again);
#ifdef __linux__
  tcase_add_test (tc, test_processors_of_others_are_not_planned_for);
#endif
  return s;
}

GST_CHECK_MAIN (exportdoubles);
