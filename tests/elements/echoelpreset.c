/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelpreset: settings, encoders, the list of platforms. */
#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#include "presetbench.h"

#define SECOND_OF_VIDEO "videotestsrc num-buffers=30 pattern=ball " \
    "! video/x-raw,width=160,height=90,framerate=30/1 ! "

static void
assert_down (Bench * bench)
{
  gchar *active = NULL;

  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless (active == NULL, "active-encoder is %s", active);
  fail_unless (GST_STATE (bench->preset) == GST_STATE_NULL);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (bench->preset), 0);
}

static void
assert_refused (Bench * bench, GQuark domain, gint code, const gchar * words)
{
  fail_if (bench_start (bench), "nothing refused, so nobody says \"%s\"",
      words);
  bench_expect (bench, GST_MESSAGE_ERROR, domain, code, words);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  assert_down (bench);
}

static void
assert_runs (Bench * bench)
{
  bench_reset (bench);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  fail_unless_equals_int (bench->video.frames->len, 30);
  fail_unless_equals_int (bench->video.n_eos, 1);
  bench_reset (bench);
  assert_down (bench);
}

static const struct
{
  const gchar *settings, *words;
} impossible[] = {
  /* *INDENT-OFF* */
  {"", "No platform is set: write platform= and one of custom-live, "},
  {"platform=\"\"", "No platform is set"},
  {"platform=nosuch", "nosuch"},
  {"platform=nosuch", "tiktok"},
  {"platform=TikTok/../tiktok", "tiktok"},
  {"platform=tiktok bitrate=0", "bitrate=0 is not possible: 50 to 500000"},
  {"platform=tiktok bitrate=49", "bitrate=49"},
  {"platform=tiktok bitrate=500001", "bitrate=500001"},
  {"platform=tiktok resolution=1x1", "resolution=1x1"},
  {"platform=tiktok resolution=62x64", "64 to 8192 pixels"},
  {"platform=tiktok resolution=64x8194", "64 to 8192 pixels"},
  {"platform=tiktok resolution=63x64", "resolution=63x64"},
  {"platform=tiktok resolution=65x64", "even"},
  {"platform=tiktok resolution=large", "resolution=large is not possible: "
      "write 480p, 720p, 1080p, 2160p, original or WIDTHxHEIGHT"},
  {"platform=tiktok resolution=\"\"", "resolution="},
  {"platform=tiktok resolution=128x-72", "resolution=128x-72"},
  {"platform=tiktok resolution=128x72x", "resolution=128x72x"},
  {"platform=tiktok framerate=5/1", "framerate=5/1"},
  {"platform=tiktok framerate=121/1", "framerate=121/1"},
  {"platform=tiktok framerate=23/1", "24000/1001 to 120/1"},
  {"platform=tiktok format=mpeg2", "format=mpeg2 is not possible: h264-baseline, "},
  {"platform=twitch format=prores-422", "it is for files"},
  {"platform=tiktok format=hevc-main encoder=x264enc",
      "encoder=x264enc makes H.264, not HEVC"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_ready_fails_when_a_setting_is_impossible)
{
  Bench *bench = bench_new ("echoelpreset name=p %s",
      impossible[__i__].settings);

  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      impossible[__i__].words);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_element_works_when_its_settings_are_mended)
{
  Bench *bench = bench_new (SECOND_OF_VIDEO
      "echoelpreset name=p platform=nosuch resolution=63x64 bitrate=0 "
      "framerate=5/1 encoder=nosuch ! fakesink name=video");

  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "nosuch");
  bench_reset (bench);
  g_object_set (bench->preset, "platform", "youtube", NULL);
  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "resolution=63x64");
  bench_reset (bench);
  g_object_set (bench->preset, "resolution", "128x72", NULL);
  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "framerate=5/1");
  bench_reset (bench);
  g_object_set (bench->preset, "framerate", 30, 1, NULL);
  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "bitrate=0");
  bench_reset (bench);
  g_object_set (bench->preset, "bitrate", -1, NULL);
  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "encoder=nosuch");
  g_object_set (bench->preset, "encoder", NULL, NULL);
  assert_runs (bench);
  bench_free (bench);
}

GST_END_TEST;

/* A broken file that claims a platform is an error that names file and key,
 * and no reason to take the built-in one. */
GST_START_TEST (test_ready_fails_when_the_preset_file_is_broken)
{
  gchar *before = g_strdup (g_getenv ("GST_ENCODING_TARGET_PATH"));
  gchar *folder = g_dir_make_tmp ("echoelpreset-XXXXXX", NULL);
  gchar *category = g_build_filename (folder, "online-service", NULL);
  gchar *file = g_build_filename (category, "tiktok.gep", NULL);
  Bench *bench = bench_new (SECOND_OF_VIDEO
      "echoelpreset name=p platform=tiktok resolution=72x128 "
      "! fakesink name=video");

  fail_unless (g_mkdir (category, 0700) == 0);
  fail_unless (g_file_set_contents (file, "[GStreamer Encoding Target]\n"
          "name=tiktok\ncategory=online-service\ndescription=Broken\n"
          "[echoel]\nbitrate-kbps=many\n", -1, NULL));
  g_setenv ("GST_ENCODING_TARGET_PATH", folder, TRUE);
  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, file);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS, "bitrate-kbps");
  g_remove (file);
  assert_runs (bench);

  if (before != NULL)
    g_setenv ("GST_ENCODING_TARGET_PATH", before, TRUE);
  else
    g_unsetenv ("GST_ENCODING_TARGET_PATH");
  g_rmdir (category);
  g_rmdir (folder);
  g_free (before);
  g_free (folder);
  g_free (category);
  g_free (file);
  bench_free (bench);
}

GST_END_TEST;

/* The platform itself may refuse what is asked for: a warning, no error. */
GST_START_TEST (test_warning_comes_when_a_rule_is_broken)
{
  Bench *bench = bench_new ("echoelpreset name=p platform=tiktok "
      "resolution=72x128");

  fail_unless (bench_start (bench));
  bench_expect (bench, GST_MESSAGE_WARNING, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS, "TikTok may refuse this: Width 72 is below "
      "360. Height 128 is below 360.");
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 1);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  bench_free (bench);
}

GST_END_TEST;

static void
assert_chosen (Bench * bench, const gchar * chosen, const gchar * words)
{
  const GstStructure *s;
  const gchar *refused, *why;
  gchar *active = NULL;

  bench_reset (bench);
  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  g_object_get (bench->preset, "active-encoder", &active, NULL);
  fail_unless_equals_string (active, chosen);
  s = bench_message (bench, "echoelpreset-encoder");
  fail_unless (s != NULL);
  fail_unless_equals_string (gst_structure_get_string (s, "chosen"), chosen);
  refused = gst_structure_get_string (s, "refused");
  why = gst_structure_get_string (s, "why");
  if (words == NULL) {
    fail_unless_equals_string (refused, "");
    fail_unless_equals_string (why, "");
  } else {
    fail_unless (strstr (why, words) != NULL, "why: %s", why);
    fail_unless (g_str_has_prefix (words, refused), "refused: %s", refused);
  }
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  bench_reset (bench);
  g_free (active);
}

GST_START_TEST (test_encoder_is_the_one_asked_for)
{
  Bench *bench = bench_new (BENCH_SMALL);

  assert_chosen (bench, "x264enc", NULL);
  g_object_set (bench->preset, "encoder", "software", NULL);
  assert_chosen (bench, "x264enc", NULL);
  g_object_set (bench->preset, "encoder", "openh264enc", NULL);
  assert_chosen (bench, "openh264enc", NULL);
  g_object_set (bench->preset, "encoder", "x264enc", NULL);
  assert_chosen (bench, "x264enc", NULL);
  bench_free (bench);
}

GST_END_TEST;

static const struct
{
  const gchar *encoder, *words;
} bad_encoders[] = {
  /* *INDENT-OFF* */
  {"nosuch", "encoder=nosuch is not installed; use auto, hardware, software "
      "or one of: vtenc_h264_hw, "},
  {"nosuch", ", x264enc, openh264enc."},
  {"videotestsrc", "encoder=videotestsrc is not an encoder;"},
  {"jpegenc", "encoder=jpegenc is not an encoder known here;"},
  {"avenc_aac", "encoder=avenc_aac makes AAC, not H.264;"},
  {"x265enc", "encoder=x265enc makes HEVC, not H.264;"},
  {"", "encoder="},
  /* *INDENT-ON* */
};

GST_START_TEST (test_ready_fails_when_the_encoder_is_none)
{
  Bench *bench = bench_new (BENCH_SMALL "encoder=\"%s\"",
      bad_encoders[__i__].encoder);

  assert_refused (bench, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      bad_encoders[__i__].words);
  fail_unless (bench_message (bench, "missing-plugin") == NULL);
  bench_free (bench);
}

GST_END_TEST;

static gboolean
has_hardware (void)
{
  GstElement *preset = gst_element_factory_make ("echoelpreset", NULL);
  gboolean has;

  g_object_set (preset, "platform", "youtube", "encoder", "hardware", NULL);
  has = gst_element_set_state (preset, GST_STATE_READY)
      == GST_STATE_CHANGE_SUCCESS;
  gst_element_set_state (preset, GST_STATE_NULL);
  gst_object_unref (preset);
  return has;
}

GST_START_TEST (test_ready_fails_when_there_is_no_hardware)
{
  Bench *bench = bench_new (BENCH_SMALL "encoder=hardware");

  if (!has_hardware ()) {
    assert_refused (bench, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "No H.264 encoder can be used (encoder=hardware)");
    fail_unless (bench_message (bench, "missing-plugin") != NULL);
  }
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_next_encoder_is_taken_when_one_is_missing)
{
  Bench *bench = bench_new (SECOND_OF_VIDEO BENCH_SMALL "framerate=30/1 "
      "! fakesink name=video");
  GstPluginFeature *x264 = bench_hide ("x264enc"), *openh264;
  const GstStructure *s;

  assert_chosen (bench, "openh264enc", "x264enc: not installed");
  assert_runs (bench);
  openh264 = bench_hide ("openh264enc");
  assert_refused (bench, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
      "openh264enc: not installed");
  bench_expect (bench, GST_MESSAGE_ERROR, GST_CORE_ERROR,
      GST_CORE_ERROR_MISSING_PLUGIN, "x264enc: not installed");
  s = bench_message (bench, "missing-plugin");
  fail_unless (s != NULL);
  fail_unless_equals_string (gst_structure_get_string (s, "type"), "encoder");
  bench_unhide (openh264);
  bench_unhide (x264);
  assert_chosen (bench, "x264enc", NULL);
  bench_free (bench);
}

GST_END_TEST;

static const gchar *parts[] = { "videorate", "echoelcrop", "h264parse" };

GST_START_TEST (test_ready_fails_when_a_part_is_missing)
{
  Bench *bench = bench_new (SECOND_OF_VIDEO BENCH_SMALL "framerate=30/1 "
      "! fakesink name=video");
  GstPluginFeature *part = bench_hide (parts[__i__]);
  const GstStructure *s;

  assert_refused (bench, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
      parts[__i__]);
  s = bench_message (bench, "missing-plugin");
  fail_unless (s != NULL);
  fail_unless_equals_string (gst_structure_get_string (s, "detail"),
      parts[__i__]);
  bench_unhide (part);
  assert_runs (bench);
  bench_free (bench);
}

GST_END_TEST;

typedef struct
{
  const gchar *property, *value;
} Setting;

static const Setting x264_live[] = {
  /* *INDENT-OFF* */
  {"speed-preset", "veryfast"}, {"bitrate", "4500"}, {"pass", "cbr"},
  {"key-int-max", "60"}, {"cabac", "true"}, {"dct8x8", "true"},
  {"tune", "zerolatency"}, {"bframes", "0"}, {"vbv-buf-capacity", "300"},
  {"option-string", "scenecut=0:open-gop=0:slice-max-size=1400"}, {NULL}
  /* *INDENT-ON* */
};

static const Setting x264_export[] = {
  /* *INDENT-OFF* */
  {"speed-preset", "superfast"}, {"bitrate", "6000"}, {"pass", "cbr"},
  {"key-int-max", "60"}, {"cabac", "true"}, {"dct8x8", "true"},
  {"bframes", "2"}, {"vbv-buf-capacity", "2000"},
  {"option-string", "open-gop=0:vbv-init=0.5:"
      "aq-mode=2:b-adapt=0:b-pyramid=none"}, {NULL}
  /* *INDENT-ON* */
};

static const Setting x264_best[] = {
  /* *INDENT-OFF* */
  {"speed-preset", "medium"}, {"bitrate", "700"}, {"pass", "cbr"},
  {"key-int-max", "48"}, {"cabac", "true"}, {"dct8x8", "true"},
  {"bframes", "2"}, {"vbv-buf-capacity", "2000"},
  {"option-string", "open-gop=0:vbv-init=0.5"}, {NULL}
  /* *INDENT-ON* */
};

static const Setting openh264_live[] = {
  /* *INDENT-OFF* */
  {"complexity", "medium"}, {"rate-control", "bitrate"},
  {"bitrate", "4500000"}, {"max-bitrate", "4500000"}, {"gop-size", "120"},
  {"enable-frame-skip", "false"}, {"scene-change-detection", "false"}, {NULL}
  /* *INDENT-ON* */
};

static const Setting openh264_export[] = {
  /* *INDENT-OFF* */
  {"complexity", "medium"}, {"rate-control", "bitrate"},
  {"bitrate", "6000000"}, {"gop-size", "60"}, {"enable-frame-skip", "false"},
  {NULL}
  /* *INDENT-ON* */
};

static const struct
{
  const gchar *line, *factory;
  const Setting *settings;
} told[] = {
  /* *INDENT-OFF* */
  {"platform=custom-live", "x264enc", x264_live},
  {"platform=tiktok", "x264enc", x264_export},
  {"platform=custom-live usage=export bitrate=6000", "x264enc", x264_export},
  {"platform=tiktok usage=live bitrate=4500", "x264enc", x264_live},
  {"platform=tiktok quality=maximum framerate=24/1 bitrate=700", "x264enc",
      x264_best},
  {"platform=custom-live encoder=openh264enc framerate=60/1", "openh264enc",
      openh264_live},
  {"platform=tiktok encoder=openh264enc", "openh264enc", openh264_export},
  /* *INDENT-ON* */
};

/* The encoder got these settings and no other ones. */
static void
assert_settings (GstElement * encoder, const gchar * factory,
    const Setting * settings)
{
  GstElement *model = gst_element_factory_make (factory, NULL);
  GParamSpec **specs;
  guint i, n;

  for (; settings->property != NULL; settings++)
    gst_util_set_object_arg (G_OBJECT (model), settings->property,
        settings->value);
  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (model), &n);
  for (i = 0; i < n; i++) {
    GValue want = G_VALUE_INIT, have = G_VALUE_INIT;

    if ((specs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE
        || specs[i]->owner_type == GST_TYPE_OBJECT)
      continue;
    g_object_get_property (G_OBJECT (model), specs[i]->name, &want);
    g_object_get_property (G_OBJECT (encoder), specs[i]->name, &have);
    fail_unless (g_param_values_cmp (specs[i], &want, &have) == 0,
        "%s of %s is %s and not %s", specs[i]->name, factory,
        gst_value_serialize (&have), gst_value_serialize (&want));
    g_value_unset (&want);
    g_value_unset (&have);
  }
  g_free (specs);
  gst_object_unref (model);
}

GST_START_TEST (test_encoder_gets_the_settings_of_its_usage)
{
  Bench *bench = bench_new ("echoelpreset name=p %s", told[__i__].line);
  GstElement *encoder;

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  encoder = bench_part (bench, "video-encoder");
  fail_unless_equals_string (GST_OBJECT_NAME (gst_element_get_factory
          (encoder)), told[__i__].factory);
  assert_settings (encoder, told[__i__].factory, told[__i__].settings);
  gst_object_unref (encoder);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_platform_is_read_anew_at_ready)
{
  Bench *bench = bench_new ("echoelpreset name=p platform=tiktok");
  GstElement *encoder;
  guint kbps = 0;

  gst_element_set_state (bench->pipeline, GST_STATE_READY);
  g_object_set (bench->preset, "platform", "custom-live", NULL);
  encoder = bench_part (bench, "video-encoder");
  g_object_get (encoder, "bitrate", &kbps, NULL);
  fail_unless_equals_int (kbps, 6000);
  gst_object_unref (encoder);
  gst_element_set_state (bench->pipeline, GST_STATE_NULL);
  gst_element_set_state (bench->pipeline, GST_STATE_READY);
  encoder = bench_part (bench, "video-encoder");
  g_object_get (encoder, "bitrate", &kbps, NULL);
  fail_unless_equals_int (kbps, 4500);
  gst_object_unref (encoder);
  bench_free (bench);
}

GST_END_TEST;

/* From one run to the next nothing stays, whether it ended well or not. */
GST_START_TEST (test_states_can_be_repeated_when_a_run_failed)
{
  Bench *bench = bench_new (SECOND_OF_VIDEO BENCH_SMALL "framerate=30/1 "
      "! fakesink name=video  audiotestsrc num-buffers=40 ! p.audio_sink  "
      "p.audio_src ! fakesink name=audio");
  guint i;

  for (i = 0; i < 5; i++) {
    g_object_set (bench->preset, "duration-policy", 2 /* error */ ,
        "max-duration", GST_SECOND / 2, NULL);
    fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
    bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
        GST_STREAM_ERROR_ENCODE, "at most 0.500 s");
    g_object_set (bench->preset, "max-duration", GST_CLOCK_TIME_NONE, NULL);
    assert_runs (bench);
  }
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_presets_are_the_platforms)
{
  static const gchar *const ids[] = { "custom-live", "facebook",
    "facebook-live", "instagram-post", "instagram-reel", "instagram-story",
    "tiktok", "twitch", "twitter", "youtube-live", "youtube-short",
    "youtube-video", NULL
  };
  GstElement *element = gst_element_factory_make ("echoelpreset", NULL);
  GstPreset *preset = GST_PRESET (element);
  gchar **names = gst_preset_get_preset_names (preset), *text = NULL;
  guint i;

  fail_unless (g_strv_equal ((const gchar * const *) names, ids));
  for (i = 0; names[i] != NULL; i++) {
    fail_unless (gst_preset_get_meta (preset, names[i], "comment", &text),
        "%s has no comment", names[i]);
    g_clear_pointer (&text, g_free);
    fail_unless (gst_preset_load_preset (preset, names[i]));
    g_object_get (element, "platform", &text, NULL);
    fail_unless_equals_string (text, names[i]);
    g_clear_pointer (&text, g_free);
  }
  g_strfreev (names);
  gst_preset_get_meta (preset, "tiktok", "comment", &text);
  fail_unless_equals_string (text, "TikTok - 9:16, max 180 s, 6 Mbit/s");
  g_clear_pointer (&text, g_free);
  names = gst_preset_get_property_names (preset);
  fail_unless (names != NULL && g_strv_length (names) == 1);
  fail_unless_equals_string (names[0], "platform");
  g_strfreev (names);
  gst_object_unref (element);
}

GST_END_TEST;

GST_START_TEST (test_presets_cannot_be_changed)
{
  GstElement *element = gst_element_factory_make ("echoelpreset", NULL);
  GstPreset *preset = GST_PRESET (element);
  gchar *text = NULL;

  g_object_set (element, "platform", "facebook", NULL);
  fail_if (gst_preset_load_preset (preset, "nosuch"));
  g_object_get (element, "platform", &text, NULL);
  fail_unless_equals_string (text, "facebook");
  g_clear_pointer (&text, g_free);
  fail_if (gst_preset_save_preset (preset, "mine"));
  fail_if (gst_preset_save_preset (preset, "tiktok"));
  fail_if (gst_preset_rename_preset (preset, "tiktok", "mine"));
  fail_if (gst_preset_delete_preset (preset, "tiktok"));
  fail_if (gst_preset_set_meta (preset, "tiktok", "comment", "mine"));
  fail_if (gst_preset_get_meta (preset, "nosuch", "comment", &text));
  fail_unless (text == NULL);
  fail_if (gst_preset_get_meta (preset, "tiktok", "colour", &text));
  fail_unless (text == NULL);
  gst_object_unref (element);
}

GST_END_TEST;

static void
assert_stats (Bench * bench, guint64 in, guint64 out, guint64 keys,
    guint64 bytes)
{
  guint64 n[4] = { G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, G_MAXUINT64 };
  GstStructure *stats = NULL;

  g_object_get (bench->preset, "stats", &stats, NULL);
  fail_unless (gst_structure_get (stats, "frames-in", G_TYPE_UINT64, &n[0],
          "frames-out", G_TYPE_UINT64, &n[1], "keyframes-out", G_TYPE_UINT64,
          &n[2], "bytes-out", G_TYPE_UINT64, &n[3], NULL));
  fail_unless_equals_uint64 (n[0], in);
  fail_unless_equals_uint64 (n[1], out);
  fail_unless_equals_uint64 (n[2], keys);
  fail_unless_equals_uint64 (n[3], bytes);
  gst_structure_free (stats);
}

static void
count_notify (GstElement * preset, GParamSpec * pspec, gpointer count)
{
  (*(guint *) count)++;
}

GST_START_TEST (test_stats_count_what_came_out)
{
  Bench *bench = bench_new (SECOND_OF_VIDEO BENCH_SMALL "framerate=30/1 "
      "! fakesink name=video");
  guint64 bytes = 0, keys = 0;
  guint i, n_notified = 0;

  g_signal_connect (bench->preset, "notify::active-encoder",
      G_CALLBACK (count_notify), &n_notified);
  assert_stats (bench, 0, 0, 0, 0);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  fail_unless_equals_int (n_notified, 1);
  for (i = 0; i < bench->video.frames->len; i++) {
    const BenchFrame *frame = &g_array_index (bench->video.frames, BenchFrame,
        i);

    bytes += frame->size;
    keys += frame->key;
  }
  fail_unless_equals_int (bench->video.frames->len, 30);
  fail_unless (keys >= 1);
  assert_stats (bench, 30, 30, keys, bytes);
  bench_reset (bench);
  assert_stats (bench, 0, 0, 0, 0);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
echoelpreset_suite (void)
{
  Suite *s = suite_create ("echoelpreset");
  TCase *tc = tcase_create ("settings");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_ready_fails_when_a_setting_is_impossible, 0,
      G_N_ELEMENTS (impossible));
  tcase_add_test (tc, test_element_works_when_its_settings_are_mended);
  tcase_add_test (tc, test_ready_fails_when_the_preset_file_is_broken);
  tcase_add_test (tc, test_warning_comes_when_a_rule_is_broken);
  tcase_add_test (tc, test_encoder_is_the_one_asked_for);
  tcase_add_loop_test (tc, test_ready_fails_when_the_encoder_is_none, 0,
      G_N_ELEMENTS (bad_encoders));
  tcase_add_test (tc, test_ready_fails_when_there_is_no_hardware);
  tcase_add_test (tc, test_next_encoder_is_taken_when_one_is_missing);
  tcase_add_loop_test (tc, test_ready_fails_when_a_part_is_missing, 0,
      G_N_ELEMENTS (parts));
  tcase_add_loop_test (tc, test_encoder_gets_the_settings_of_its_usage, 0,
      G_N_ELEMENTS (told));
  tcase_add_test (tc, test_platform_is_read_anew_at_ready);
  tcase_add_test (tc, test_states_can_be_repeated_when_a_run_failed);
  tcase_add_test (tc, test_presets_are_the_platforms);
  tcase_add_test (tc, test_presets_cannot_be_changed);
  tcase_add_test (tc, test_stats_count_what_came_out);
  return s;
}

GST_CHECK_MAIN (echoelpreset);
