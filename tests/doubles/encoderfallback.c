/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoders that fail, each at its time, and what takes their place. */
#include "doublebench.h"

#include <string.h>

#define N_FRAMES 12
#define DIES_AFTER 5

/* The newest message about encoders. */
static const GstStructure *
last_choice (Bench * bench)
{
  const GstStructure *s = NULL;
  guint i;

  for (i = 0; i < bench->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (bench->messages, i);

    if (gst_message_has_name (message, "echoelpreset-encoder"))
      s = gst_message_get_structure (message);
  }
  fail_unless (s != NULL);
  return s;
}

static void
assert_choice (Bench * bench, const gchar * chosen, const gchar * refused,
    const gchar * why)
{
  const GstStructure *s;
  gchar *active = NULL;

  bench_count (bench, GST_MESSAGE_ERROR, 0);
  s = last_choice (bench);
  fail_unless_equals_string (gst_structure_get_string (s, "chosen"), chosen);
  /* Software that is not there in this version may follow. */
  fail_unless (g_str_has_prefix (gst_structure_get_string (s, "refused"),
          refused), "refused: %s", gst_structure_get_string (s, "refused"));
  fail_unless (strstr (gst_structure_get_string (s, "why"), why) != NULL,
      "why: %s", gst_structure_get_string (s, "why"));
  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless_equals_string (active, chosen);
  g_free (active);
}

/* Nobody said that anything was wrong. */
static void
assert_quiet (Bench * bench)
{
  guint i;

  for (i = 0; i < bench->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (bench->messages, i);

    fail_if (GST_MESSAGE_TYPE (message) & (GST_MESSAGE_ERROR
            | GST_MESSAGE_WARNING), "%s", gst_structure_to_string
        (gst_message_get_structure (message)));
  }
}

static void
run_to_end (Bench * bench)
{
  fail_unless (bench_start (bench));
  bench_wait (bench, GST_MESSAGE_EOS);
}

/* The factories that software can stand in for. */
static gboolean
is_replaceable (const gchar * factory)
{
  return double_bench_codec (factory) != NULL
      && double_bench_row (factory)->kind != ECHOEL_KIND_SOFTWARE;
}

static void
install_two (const gchar * version, const gchar * factory,
    const DoubleCodec * codec)
{
  doubles_install_one (version, factory, TRUE);
  doubles_install_one (version, codec->software, TRUE);
}

static void
fail_at_caps (const gchar * factory, const gchar * version, const gchar * usage)
{
  const DoubleCodec *codec = double_bench_codec (factory);
  gchar *settings = g_strdup_printf ("usage=%s", usage);
  Bench *bench;

  install_two (version, factory, codec);
  doubles_set_fate (factory, DOUBLE_FAILS_AT_CAPS, 0);
  bench = double_bench_new (codec, N_FRAMES, TRUE, settings);
  run_to_end (bench);
  double_bench_check_frames (bench, N_FRAMES);
  assert_choice (bench, codec->software, factory, "has no session");
  assert_quiet (bench);
  bench_free (bench);
  doubles_uninstall ();
  g_free (settings);
}

/* Not a frame is lost, and no error seen. */
GST_START_TEST (test_next_takes_over_when_one_fails_at_first_caps)
{
  const gchar *version = double_versions[__i__];
  gchar **factories = doubles_list (version);
  guint i;

  double_bench_strict ();
  for (i = 0; factories[i] != NULL; i++) {
    if (is_replaceable (factories[i]))
      fail_at_caps (factories[i], version, __i__ % 2
          && double_bench_is_live (factories[i]) ? "live" : "export");
  }
  g_strfreev (factories);
}

GST_END_TEST;

static void
fail_to_open (const gchar * factory, const gchar * version)
{
  const DoubleCodec *codec = double_bench_codec (factory);
  Bench *bench;

  install_two (version, factory, codec);
  doubles_set_fate (factory, DOUBLE_FAILS_TO_OPEN, 0);
  bench = double_bench_new (codec, N_FRAMES, TRUE, "");
  run_to_end (bench);
  double_bench_check_frames (bench, N_FRAMES);
  assert_choice (bench, codec->software, factory, factory);
  assert_quiet (bench);
  bench_free (bench);
  doubles_uninstall ();
}

/* The registry may still list a device that has gone. */
GST_START_TEST (test_next_is_taken_when_one_does_not_open)
{
  static const gchar *const factories[] = {
    "vah264enc", "nvh264enc", "msdkh265enc", "qsvh264enc", "nvautogpuh264enc"
  };
  guint i;

  double_bench_strict ();
  for (i = 0; i < G_N_ELEMENTS (factories); i++)
    fail_to_open (factories[i], double_versions[__i__]);
}

GST_END_TEST;

static void
die_live (const gchar * factory, const gchar * version, guint after)
{
  const DoubleCodec *codec = double_bench_codec (factory);
  guint i;
  Bench *bench;

  install_two (version, factory, codec);
  doubles_set_fate (factory, DOUBLE_FAILS_AFTER, after);
  bench = double_bench_new (codec, N_FRAMES, FALSE, "usage=live");
  run_to_end (bench);
  double_bench_check_frames (bench, N_FRAMES);
  for (i = 0; i < N_FRAMES; i++)
    fail_unless (g_array_index (bench->video.frames, BenchFrame, i).key
        == (i == 0 || i == after), "%s: frame %u", factory, i);
  assert_choice (bench, codec->software, factory, "has lost its device");
  assert_quiet (bench);
  bench_free (bench);
  doubles_uninstall ();
}

/* The very frame on which one dies is the next one's first, a key frame. */
GST_START_TEST (test_live_goes_on_when_an_encoder_dies)
{
  const gchar *version = double_versions[__i__];
  gchar **factories = doubles_list (version);
  guint i;

  double_bench_strict ();
  for (i = 0; factories[i] != NULL; i++) {
    if (is_replaceable (factories[i]) && double_bench_is_live (factories[i]))
      die_live (factories[i], version, i % 2 ? DIES_AFTER : 0);
  }
  g_strfreev (factories);
}

GST_END_TEST;

GST_START_TEST (test_file_ends_with_an_error_when_an_encoder_dies)
{
  const DoubleCodec *codec = double_bench_codec ("nvh264enc");
  Bench *bench;

  install_two ("1.26", "nvh264enc", codec);
  doubles_set_fate ("nvh264enc", DOUBLE_FAILS_AFTER, DIES_AFTER);
  bench = double_bench_new (codec, N_FRAMES, FALSE, "usage=export");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_ENCODE, "The encoder nvh264enc failed in the middle of "
      "the stream: The double has lost its device.");
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  fail_unless_equals_int (bench->video.n_eos, 0);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* With its first frame nothing has been written yet. */
GST_START_TEST (test_file_is_whole_when_the_first_frame_is_refused)
{
  const DoubleCodec *codec = double_bench_codec ("vah265enc");
  Bench *bench;

  install_two ("1.28", "vah265enc", codec);
  doubles_set_fate ("vah265enc", DOUBLE_FAILS_AFTER, 0);
  bench = double_bench_new (codec, N_FRAMES, TRUE, "usage=export");
  run_to_end (bench);
  double_bench_check_frames (bench, N_FRAMES);
  assert_choice (bench, "x265enc", "vah265enc", "has lost its device");
  assert_quiet (bench);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

static const struct
{
  const gchar *factory, *version, *settings;
  gboolean early;               /* known before there is a stream */
} named[] = {
  /* *INDENT-OFF* */
  {"nvh264enc", "1.24", "usage=live", TRUE},
  {"vtenc_h264_hw", "1.28", "usage=export", TRUE},
  {"msdkh265enc", "1.22", "usage=export", TRUE},
  {"vaav1enc", "1.26", "usage=live", TRUE},
  /* Only the source knows how large its frames are. */
  {"nvh264enc", "1.26", "usage=export resolution=original", FALSE},
  /* *INDENT-ON* */
};

/* Who was asked for by name has no substitute. */
GST_START_TEST (test_named_encoder_fails_with_one_error)
{
  const gchar *factory = named[__i__].factory;
  const DoubleCodec *codec = double_bench_codec (factory);
  gchar *settings = g_strdup_printf ("encoder=%s %s", factory,
      named[__i__].settings), *text;
  Bench *bench;

  install_two (named[__i__].version, factory, codec);
  doubles_set_fate (factory, DOUBLE_FAILS_AT_CAPS, 0);
  bench = double_bench_new (codec, N_FRAMES, FALSE, settings);
  fail_unless_equals_int (gst_element_set_state (bench->pipeline,
          GST_STATE_READY), named[__i__].early ? GST_STATE_CHANGE_FAILURE
      : GST_STATE_CHANGE_SUCCESS);
  if (!named[__i__].early)
    fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  text = g_strdup_printf ("encoder=%s cannot be used here; with encoder=auto "
      "others are tried. %s: The double has no session for these caps.",
      factory, factory);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS, text);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  /* Nothing is missing. */
  fail_unless (bench_message (bench, "missing-plugin") == NULL);
  g_free (text);
  g_free (settings);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

GST_START_TEST (test_one_error_names_all_when_every_encoder_fails)
{
  const DoubleCodec *codec = double_bench_codec ("x264enc");
  gchar **factories = doubles_list ("1.28");
  Bench *bench;
  guint i;

  doubles_install ("1.28", TRUE);
  for (i = 0; factories[i] != NULL; i++)
    doubles_set_fate (factories[i], DOUBLE_FAILS_AT_CAPS, 0);
  bench = double_bench_new (codec, N_FRAMES, FALSE, "usage=live");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_CORE_ERROR,
      GST_CORE_ERROR_MISSING_PLUGIN,
      "vtenc_h264_hw: The double has no session");
  bench_expect (bench, GST_MESSAGE_ERROR, GST_CORE_ERROR,
      GST_CORE_ERROR_MISSING_PLUGIN, "; x264enc: The double has no session");
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  bench_free (bench);
  doubles_uninstall ();
  g_strfreev (factories);
}

GST_END_TEST;

/* The order in which everything that is there is tried. */
GST_START_TEST (test_hardware_goes_before_software)
{
  static const struct
  {
    const gchar *wish, *format, *chosen;
  } wishes[] = {
    /* *INDENT-OFF* */
    {"auto", "h264-high", "vtenc_h264_hw"},
    /* vtenc has 10 bit in 1.26 as AYUV64 only, which its row allows. */
    {"hardware", "hevc-main10", "vtenc_h265_hw"},
    {"software", "h264-high", "x264enc"},
    {"software", "hevc-main10", "x265enc"},
    {"software", "av1", "svtav1enc"},
    {"nvh264device1enc", "h264-high", "nvh264device1enc"},
    {"auto", "prores-422-lt", "vtenc_prores"},
    {"software", "prores-422-lt", "avenc_prores_ks"},
    {"software", "prores-422-hq", "avenc_prores_aw"},
    /* *INDENT-ON* */
  };
  guint i;

  doubles_install ("1.26", TRUE);
  for (i = 0; i < G_N_ELEMENTS (wishes); i++) {
    Bench *bench = bench_new (BENCH_SMALL "encoder=%s format=%s",
        wishes[i].wish, wishes[i].format);
    gchar *active = NULL;

    fail_unless (gst_element_set_state (bench->pipeline,
            GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS, "%s", wishes[i].wish);
    g_object_get (bench->preset, "active-encoder", &active, NULL);
    fail_unless_equals_string (active, wishes[i].chosen);
    g_free (active);
    bench_free (bench);
  }
  doubles_uninstall ();
}

GST_END_TEST;

/* Two streams, one session: the second goes to software, both are whole. */
GST_START_TEST (test_two_streams_share_one_device)
{
  const DoubleCodec *codec = double_bench_codec ("nvh264enc");
  Bench *bench;
  GstElement *other;
  gchar *first = NULL, *second = NULL;

  install_two ("1.26", "nvh264enc", codec);
  doubles_set_sessions ("nvh264enc", 1);
  bench = bench_new ("videotestsrc num-buffers=%d ! video/x-raw,width=128,"
      "height=72,framerate=30/1 ! tee name=t  t. ! queue ! " BENCH_SMALL
      "framerate=30/1 usage=live ! fakesink name=video  t. ! queue "
      "! echoelpreset name=other platform=youtube resolution=128x72 "
      "framerate=30/1 usage=live ! fakesink name=audio", N_FRAMES);
  other = bench_part (bench, "other");
  run_to_end (bench);
  fail_unless_equals_int (bench->video.frames->len, N_FRAMES);
  fail_unless_equals_int (bench->audio.frames->len, N_FRAMES);
  g_object_get (bench->preset, "active-encoder", &first, NULL);
  g_object_get (other, "active-encoder", &second, NULL);
  fail_if (strcmp (first, second) == 0, "both by %s", first);
  fail_unless_equals_int (doubles_sessions ("nvh264enc"), 1);
  fail_unless_equals_int (doubles_sessions ("x264enc"), 1);
  assert_quiet (bench);
  gst_object_unref (other);
  g_free (first);
  g_free (second);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* What follows refuses the stream: no encoder is to blame. */
GST_START_TEST (test_encoder_stays_when_what_follows_refuses)
{
  Bench *bench;
  gchar *active = NULL;

  install_two ("1.26", "nvh264enc", double_bench_codec ("nvh264enc"));
  bench = bench_new ("videotestsrc num-buffers=10 ! video/x-raw,width=128,"
      "height=72,framerate=30/1 ! " BENCH_SMALL "framerate=30/1 "
      "! video/x-h264,width=64 ! fakesink name=video");
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_CORE_ERROR,
      GST_CORE_ERROR_NEGOTIATION, "but what follows accepts only");
  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless_equals_string (active, "nvh264enc");
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  g_free (active);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* From READY on it runs once more, with the encoder that it has. */
GST_START_TEST (test_stream_runs_again_after_a_fallback)
{
  const DoubleCodec *codec = double_bench_codec ("nvh265enc");
  Bench *bench;
  guint again;

  install_two ("1.24", "nvh265enc", codec);
  doubles_set_fate ("nvh265enc", DOUBLE_FAILS_AT_CAPS, 0);
  bench = double_bench_new (codec, N_FRAMES, TRUE, "usage=export");
  for (again = 0; again < 3; again++) {
    run_to_end (bench);
    double_bench_check_frames (bench, N_FRAMES);
    fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
    bench_rewind (bench);
  }
  /* From NULL on the device gets another chance. */
  bench_reset (bench);
  doubles_set_fate ("nvh265enc", DOUBLE_WORKS, 0);
  run_to_end (bench);
  assert_choice (bench, "nvh265enc", "", "");
  fail_unless_equals_string (gst_structure_get_string (last_choice (bench),
          "refused"), "");
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

static Suite *
encoderfallback_suite (void)
{
  Suite *s = suite_create ("encoderfallback");
  TCase *tc = tcase_create ("fallback");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 120);
  tcase_add_test (tc, test_hardware_goes_before_software);
  tcase_add_loop_test (tc, test_next_takes_over_when_one_fails_at_first_caps,
      0, N_VERSIONS);
  tcase_add_loop_test (tc, test_next_is_taken_when_one_does_not_open, 0,
      N_VERSIONS);
  tcase_add_loop_test (tc, test_live_goes_on_when_an_encoder_dies, 0,
      N_VERSIONS);
  tcase_add_test (tc, test_file_ends_with_an_error_when_an_encoder_dies);
  tcase_add_test (tc, test_file_is_whole_when_the_first_frame_is_refused);
  tcase_add_loop_test (tc, test_named_encoder_fails_with_one_error, 0,
      G_N_ELEMENTS (named));
  tcase_add_test (tc, test_one_error_names_all_when_every_encoder_fails);
  tcase_add_test (tc, test_two_streams_share_one_device);
  tcase_add_test (tc, test_encoder_stays_when_what_follows_refuses);
  tcase_add_test (tc, test_stream_runs_again_after_a_fallback);
  return s;
}

GST_CHECK_MAIN (encoderfallback);
