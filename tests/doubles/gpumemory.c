/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames in memory of a GPU: where they stay there, and how they come back.
 * On doubles, whose memory is ordinary: what is proven is which element gets
 * which caps, and that every frame comes out. */
#include "doublebench.h"
#include "doubleconvert.h"

#include <gst/video/video.h>
#include <string.h>

#define N_FRAMES 6
#define WIDTH 160
#define HEIGHT 90
#define VERSION "1.28"

static Bench *
new_bench (const gchar * feature, const gchar * mode, const gchar * settings)
{
  return
      bench_new ("appsrc name=source format=time caps=\"video/x-raw(memory:%s"
      "),format=(string)NV12,width=(int)%d,height=(int)%d,framerate=(fraction)"
      "30/1,interlace-mode=(string)%s,pixel-aspect-ratio=(fraction)1/1,"
      "colorimetry=(string)bt709,chroma-site=(string)mpeg2\" ! echoelpreset "
      "name=p platform=tiktok resolution=72x128 framerate=30/1 %s "
      "! avdec_h264 ! fakesink name=video", feature, WIDTH, HEIGHT, mode,
      settings);
}

/* The frames from @first on, without an end. */
static void
push_some (Bench * bench, guint first)
{
  GstElement *source = bench_part (bench, "source");
  gsize size = WIDTH * HEIGHT * 3 / 2;
  GstFlowReturn flow;
  guint i;

  for (i = first; i < first + N_FRAMES; i++) {
    GstBuffer *frame = gst_buffer_new_allocate (NULL, size, NULL);

    gst_buffer_memset (frame, 0, 128, size);
    gst_buffer_add_video_meta (frame, GST_VIDEO_FRAME_FLAG_NONE,
        GST_VIDEO_FORMAT_NV12, WIDTH, HEIGHT);
    GST_BUFFER_PTS (frame) = gst_util_uint64_scale_round (i, GST_SECOND, 30);
    GST_BUFFER_DURATION (frame) = GST_SECOND / 30;
    g_signal_emit_by_name (source, "push-buffer", frame, &flow);
    gst_buffer_unref (frame);
  }
  gst_object_unref (source);
}

static void
push_end (Bench * bench)
{
  GstElement *source = bench_part (bench, "source");
  GstFlowReturn flow;

  g_signal_emit_by_name (source, "end-of-stream", &flow);
  gst_object_unref (source);
}

static void
push_frames (Bench * bench)
{
  push_some (bench, 0);
  push_end (bench);
}

static void
run (Bench * bench)
{
  fail_unless (bench_start (bench));
  push_frames (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  double_bench_check_frames (bench, N_FRAMES);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING,
          GST_STREAM_ERROR), 0);
}

/* What the encoder got: a caps feature, or NULL for system memory. */
static void
assert_memory (Bench * bench, const gchar * encoder, const gchar * feature)
{
  GstElement *element = bench_part (bench, "video-encoder");
  GstPad *pad = gst_element_get_static_pad (element, "sink");
  GstPad *peer = gst_pad_get_peer (pad);
  GstCaps *caps = gst_pad_get_current_caps (peer);
  GstCapsFeatures *features = gst_caps_get_features (caps, 0);
  gchar *active = NULL;
  gint width = 0, height = 0;

  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless_equals_string (active, encoder);
  if (feature != NULL)
    fail_unless (gst_caps_features_contains (features, feature), "%s",
        gst_caps_to_string (caps));
  else
    fail_unless (gst_caps_features_is_equal (features,
            GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY), "%s",
        gst_caps_to_string (caps));
  gst_structure_get (gst_caps_get_structure (caps, 0), "width", G_TYPE_INT,
      &width, "height", G_TYPE_INT, &height, NULL);
  fail_unless (width == 72 && height == 128, "%dx%d", width, height);
  g_free (active);
  gst_caps_unref (caps);
  gst_object_unref (peer);
  gst_object_unref (pad);
  gst_object_unref (element);
}

static void
install (const gchar * first, const gchar * second)
{
  doubles_install_one (VERSION, first, TRUE);
  if (second != NULL)
    doubles_install_one (VERSION, second, TRUE);
}

/* Cropped by the meta, scaled on the GPU, encoded there. */
GST_START_TEST (test_frames_stay_where_the_encoder_takes_them)
{
  Bench *bench;

  install ("vah264enc", "x264enc");
  bench = new_bench ("VAMemory", "progressive", "");
  run (bench);
  assert_memory (bench, "vah264enc", "memory:VAMemory");
  fail_unless (bench_has_part (bench, "scaler"));
  fail_if (bench_has_part (bench, "download"));
  fail_unless_equals_int (double_convert_frames ("vapostproc"), N_FRAMES);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* Memory goes before the order of the table. */
GST_START_TEST (test_encoder_is_the_one_that_takes_the_memory)
{
  Bench *bench;

  install ("nvh264enc", "vah264enc");
  bench = new_bench ("VAMemory", "progressive", "usage=live");
  run (bench);
  assert_memory (bench, "vah264enc", "memory:VAMemory");
  bench_free (bench);
  /* Unless another was asked for. */
  bench = new_bench ("VAMemory", "progressive", "encoder=nvh264enc");
  run (bench);
  assert_memory (bench, "nvh264enc", NULL);
  fail_unless (bench_has_part (bench, "download"));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

static const struct
{
  const gchar *feature, *download, *mode;
} downloads[] = {
  /* *INDENT-OFF* */
  {"VAMemory", "vapostproc", "progressive"},
  {"CUDAMemory", "cudadownload", "progressive"},
  {"D3D11Memory", "d3d11download", "progressive"},
  {"D3D12Memory", "d3d12download", "progressive"},
  {"GLMemory", "gldownload", "progressive"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_frames_are_downloaded_for_software)
{
  Bench *bench;

  install ("x264enc", NULL);
  bench = new_bench (downloads[__i__].feature, downloads[__i__].mode, "");
  run (bench);
  assert_memory (bench, "x264enc", NULL);
  fail_unless (bench_has_part (bench, "download"));
  fail_if (bench_has_part (bench, "scaler"));
  fail_unless_equals_int (double_convert_frames (downloads[__i__].download),
      N_FRAMES);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* cudaconvertscale reads the meta from 1.28 on. */
GST_START_TEST (test_cuda_frames_stay_where_they_can_be_cropped)
{
  Bench *bench;
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  install ("nvh264enc", "x264enc");
  bench = new_bench ("CUDAMemory", "progressive", "");
  run (bench);
  assert_memory (bench, "nvh264enc", minor >= 28 ? "memory:CUDAMemory" : NULL);
  fail_unless (bench_has_part (bench, "download") == (minor < 28));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* What takes over in the middle gets its frames downloaded, by itself. */
GST_START_TEST (test_software_takes_over_from_the_gpu)
{
  Bench *bench;

  install ("vah264enc", __i__ ? "openh264enc" : "x264enc");
  doubles_set_fate ("vah264enc", __i__ ? DOUBLE_FAILS_AFTER
      : DOUBLE_FAILS_AT_CAPS, 3);
  bench = new_bench ("VAMemory", "progressive", "usage=live");
  run (bench);
  fail_unless (bench_has_part (bench, "scaler"));
  fail_unless (bench_has_part (bench, "encoder-convert"));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* Nothing deinterlaces there. */
GST_START_TEST (test_interlaced_frames_are_downloaded)
{
  Bench *bench;

  install ("vah264enc", "x264enc");
  bench = new_bench ("VAMemory", "interleaved", "");
  fail_unless (bench_start (bench));
  push_frames (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  assert_memory (bench, "vah264enc", NULL);
  fail_unless (bench_has_part (bench, "download"));
  fail_unless (bench_has_part (bench, "deinterlace"));
  fail_unless (bench->video.frames->len >= N_FRAMES);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

static void
turn (Bench * bench)
{
  GstElement *source = bench_part (bench, "source");

  gst_element_send_event (source, gst_event_new_tag (gst_tag_list_new
          (GST_TAG_IMAGE_ORIENTATION, "rotate-90", NULL)));
  gst_object_unref (source);
}

/* Nothing turns pictures there: they are brought down, and back. The tag comes
 * when the caps have gone, before the first frame or behind the sixth. */
GST_START_TEST (test_turned_frames_come_back)
{
  Bench *bench;
  guint n = 0;

  install ("vah264enc", "x264enc");
  bench = new_bench ("VAMemory", "progressive", "");
  fail_unless (bench_start (bench));
  if (__i__ > 0) {
    push_some (bench, 0);
    bench_wait_frames (bench, &bench->video, 1);
    n = N_FRAMES;
  }
  turn (bench);
  push_some (bench, n);
  push_end (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  double_bench_check_frames (bench, n + N_FRAMES);
  assert_memory (bench, "vah264enc", "memory:VAMemory");
  fail_unless (bench_has_part (bench, "download"));
  fail_unless (bench_has_part (bench, "videoflip"));
  fail_unless (bench_has_part (bench, "upload"));
  fail_unless (bench_has_part (bench, "scaler"));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

static void
change_caps (Bench * bench, const gchar * feature, const gchar * mode)
{
  GstElement *source = bench_part (bench, "source");
  GstCaps *caps;

  g_object_get (source, "caps", &caps, NULL);
  caps = gst_caps_make_writable (caps);
  gst_caps_set_features_simple (caps, feature ? gst_caps_features_new (feature,
          NULL) : NULL);
  gst_caps_set_simple (caps, "interlace-mode", G_TYPE_STRING, mode, NULL);
  g_object_set (source, "caps", caps, NULL);
  gst_caps_unref (caps);
  gst_object_unref (source);
}

static const struct
{
  const gchar *encoder;
  const gchar *features[3];     /* in what frames come */
  guint minor;                  /* of the GStreamer from which on it is cropped
                                 * in the first, 0: it is never */
} moves[] = {
  /* *INDENT-OFF* */
  {"vah264enc", {"memory:VAMemory", NULL, NULL}, 22},
  {"vah264enc", {"memory:VAMemory", NULL, "memory:VAMemory"}, 22},
  {"vah264enc", {"memory:VAMemory", "memory:CUDAMemory", NULL}, 22},
  {"vah264enc", {"memory:VAMemory", "memory:CUDAMemory", "memory:GLMemory"},
      22},
  {"vah264enc", {"memory:VAMemory", "memory:GLMemory", "memory:VAMemory"}, 22},
  {"nvh264enc", {"memory:CUDAMemory", NULL, "memory:CUDAMemory"}, 28},
  {"amfh264enc", {"memory:D3D11Memory", NULL, "memory:D3D11Memory"}, 22},
  {"d3d12h264enc", {"memory:D3D12Memory", NULL, "memory:D3D12Memory"}, 24},
  {"vah264enc", {NULL, "memory:VAMemory", "memory:GLMemory"}, 0},
  /* *INDENT-ON* */
};

/* What the encoder of a move gets. */
static const gchar *
stays_in (guint move)
{
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  return moves[move].minor > 0 && minor >= moves[move].minor
      ? moves[move].features[0] : NULL;
}

/* In the middle of a stream they come in another memory: the encoder goes on in
 * that in which it began. */
GST_START_TEST (test_stream_goes_on_when_frames_change_memory)
{
  const gchar *const *features = moves[__i__].features;
  Bench *bench;
  guint i;

  install (moves[__i__].encoder, "x264enc");
  bench = new_bench ("VAMemory", "progressive", "");
  change_caps (bench, features[0], "progressive");
  fail_unless (bench_start (bench));
  for (i = 0; i < 3; i++) {
    change_caps (bench, features[i], "progressive");
    push_some (bench, i * N_FRAMES);
    bench_wait_frames (bench, &bench->video, i * N_FRAMES + 1);
  }
  push_end (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  double_bench_check_frames (bench, 3 * N_FRAMES);
  assert_memory (bench, moves[__i__].encoder, stays_in (__i__));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* An appsrc that runs again says its old caps once more. */
static void
replace_source (Bench * bench)
{
  GstElement *old = bench_part (bench, "source");
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstCaps *caps;

  g_object_get (old, "caps", &caps, NULL);
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, NULL);
  gst_element_set_state (old, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (bench->pipeline), old);
  gst_object_set_name (GST_OBJECT (source), "source");
  gst_bin_add (GST_BIN (bench->pipeline), source);
  fail_unless (gst_element_link_pads (source, "src", bench->preset,
          "video_sink"));
  gst_caps_unref (caps);
  gst_object_unref (old);
}

static const struct
{
  const gchar *feature, *mode;
  const gchar *gets;
} runs[] = {
  /* *INDENT-OFF* */
  {"memory:VAMemory", "interleaved", NULL},
  {"memory:VAMemory", "progressive", "memory:VAMemory"},
  {NULL, "progressive", NULL},
  {"memory:CUDAMemory", "progressive", NULL},
  {"memory:VAMemory", "progressive", "memory:VAMemory"},
  /* *INDENT-ON* */
};

/* What one stream brought with it is gone when the next one comes. */
GST_START_TEST (test_each_run_has_a_memory_of_its_own)
{
  Bench *bench;
  guint i;

  install ("vah264enc", "x264enc");
  bench = new_bench ("VAMemory", "progressive", "encoder=vah264enc");
  for (i = 0; i < G_N_ELEMENTS (runs); i++) {
    change_caps (bench, runs[i].feature, runs[i].mode);
    fail_unless (bench_start (bench));
    push_frames (bench);
    bench_wait (bench, GST_MESSAGE_EOS);
    assert_memory (bench, "vah264enc", runs[i].gets);
    fail_unless (bench_has_part (bench, "deinterlace") == (i == 0));
    bench_rewind (bench);
    replace_source (bench);
  }
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* In the middle of a stream they become interlaced. */
GST_START_TEST (test_interlaced_frames_come_back)
{
  Bench *bench;

  install ("vah264enc", "x264enc");
  bench = new_bench ("VAMemory", "progressive", "");
  fail_unless (bench_start (bench));
  push_some (bench, 0);
  bench_wait_frames (bench, &bench->video, 1);
  change_caps (bench, "memory:VAMemory", "interleaved");
  push_some (bench, N_FRAMES);
  push_end (bench);
  bench_wait (bench, GST_MESSAGE_EOS);
  fail_unless (bench->video.frames->len >= 2 * N_FRAMES - 1);
  assert_memory (bench, "vah264enc", "memory:VAMemory");
  fail_unless (bench_has_part (bench, "deinterlace"));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* It opened when it was chosen, and then did not start. */
GST_START_TEST (test_next_takes_over_when_the_one_for_the_memory_does_not_start)
{
  Bench *bench;

  install ("vah264enc", "nvh264enc");
  doubles_set_fate ("vah264enc", DOUBLE_FAILS_TO_PAUSE, 1);
  bench = new_bench ("VAMemory", "progressive", "");
  run (bench);
  assert_memory (bench, "nvh264enc", NULL);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* Who was refused once is not asked again, nor named twice. */
GST_START_TEST (test_refused_stay_refused_when_memory_chooses_another)
{
  const GstStructure *choice = NULL;
  Bench *bench;
  guint i;

  install ("vah264enc", "vah264lpenc");
  install ("amfh264enc", "x264enc");
  doubles_set_fate ("vah264enc", DOUBLE_FAILS_TO_OPEN, 0);
  doubles_set_fate ("amfh264enc", DOUBLE_FAILS_AT_CAPS, 0);
  bench = new_bench ("D3D11Memory", "progressive", "");
  run (bench);
  assert_memory (bench, "vah264lpenc", NULL);
  for (i = 0; i < bench->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (bench->messages, i);

    if (gst_message_has_name (message, "echoelpreset-encoder"))
      choice = gst_message_get_structure (message);
  }
  fail_unless_equals_string (gst_structure_get_string (choice, "refused"),
      "vah264enc, amfh264enc");
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

static Suite *
gpumemory_suite (void)
{
  Suite *s = suite_create ("gpumemory");
  TCase *tc = tcase_create ("memory");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_frames_stay_where_the_encoder_takes_them);
  tcase_add_test (tc, test_encoder_is_the_one_that_takes_the_memory);
  tcase_add_loop_test (tc, test_frames_are_downloaded_for_software, 0,
      G_N_ELEMENTS (downloads));
  tcase_add_test (tc, test_cuda_frames_stay_where_they_can_be_cropped);
  tcase_add_loop_test (tc, test_software_takes_over_from_the_gpu, 0, 2);
  tcase_add_test (tc, test_interlaced_frames_are_downloaded);
  tcase_add_loop_test (tc, test_turned_frames_come_back, 0, 2);
  tcase_add_loop_test (tc, test_stream_goes_on_when_frames_change_memory, 0,
      G_N_ELEMENTS (moves));
  tcase_add_test (tc, test_each_run_has_a_memory_of_its_own);
  tcase_add_test (tc, test_interlaced_frames_come_back);
  tcase_add_test (tc,
      test_next_takes_over_when_the_one_for_the_memory_does_not_start);
  tcase_add_test (tc, test_refused_stay_refused_when_memory_chooses_another);
  return s;
}

GST_CHECK_MAIN (gpumemory);
