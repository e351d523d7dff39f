/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The encoder table against the encoders that are installed. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "encoders.h"

static const EchoelUsage usages[] = { ECHOEL_USAGE_EXPORT, ECHOEL_USAGE_LIVE };

/* A plan with numbers that cannot be taken for each other. */
static EchoelPlan
make_plan (EchoelUsage usage, EchoelQuality quality)
{
  EchoelPlan plan = { 0, };

  plan.usage = usage;
  plan.quality = quality;
  plan.format = echoel_video_format_find ("h264-high");
  plan.width = 1080;
  plan.height = 1920;
  plan.fps_n = 30000;
  plan.fps_d = 1001;
  plan.bitrate = 6001;
  plan.keyframe_frames = 60;
  plan.audio_bitrate = 193;
  plan.audio_rate = 48000;
  plan.audio_channels = 2;
  plan.max_duration = GST_CLOCK_TIME_NONE;
  plan.threads = 3;
  return plan;
}

/* "property=value" of each setting that applies, one a line. */
static gchar *
settings_text (const EchoelEncoder * encoder, const EchoelPlan * plan)
{
  GString *text = g_string_new (NULL);
  const EchoelEncoderSetting *s;

  for (s = encoder->settings; s->aspect; s++) {
    gchar *value = echoel_encoder_value (encoder, s, plan);

    if (value != NULL)
      g_string_append_printf (text, "%s=%s\n", s->property, value);
    g_free (value);
  }
  return g_string_free (text, FALSE);
}

static const struct
{
  const gchar *factory;
  EchoelUsage usage;
  EchoelQuality quality;
  const gchar *settings;
  guint nth;                    /* row of that factory */
} exact_cases[] = {
  /* *INDENT-OFF* */
  {"x264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "speed-preset=veryfast\n" "bitrate=6001\n" "pass=cbr\n"
      "key-int-max=60\n" "threads=3\n" "cabac=true\n" "dct8x8=true\n"
      "tune=zerolatency\n"
      "bframes=0\n" "vbv-buf-capacity=300\n"
      "option-string=scenecut=0:open-gop=0:slice-max-size=1400\n"},
  {"x264enc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_AUTO,
      "speed-preset=superfast\n" "bitrate=6001\n" "pass=cbr\n"
      "key-int-max=60\n" "threads=3\n" "cabac=true\n" "dct8x8=true\n"
      "bframes=2\n"
      "vbv-buf-capacity=2000\n" "option-string=open-gop=0:vbv-init=0.5:"
      "aq-mode=2:b-adapt=0:b-pyramid=none\n"},
  {"x264enc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_MEDIUM,
      "speed-preset=veryfast\n" "bitrate=6001\n" "pass=cbr\n"
      "key-int-max=60\n" "threads=3\n" "cabac=true\n" "dct8x8=true\n"
      "bframes=2\n"
      "vbv-buf-capacity=2000\n" "option-string=open-gop=0:vbv-init=0.5\n"},
  {"openh264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "complexity=medium\n" "rate-control=bitrate\n" "bitrate=6001000\n"
      "max-bitrate=6001000\n" "gop-size=60\n" "multi-thread=3\n"
      "enable-frame-skip=false\n" "scene-change-detection=false\n"},
  {"openh264enc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_LOW,
      "complexity=low\n" "rate-control=bitrate\n" "bitrate=6001000\n"
      "gop-size=60\n" "multi-thread=3\n" "enable-frame-skip=false\n"},
  {"avenc_aac", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO, "bitrate=193000\n"},
  {"avenc_aac", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_HIGH, "bitrate=193000\n"},
  {"voaacenc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_LOW, "bitrate=193000\n"},
  {"voaacenc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_AUTO, "bitrate=193000\n"},
  /* 60 frames of 30000/1001 a second last 2.002 s. */
  {"vtenc_h264", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "bitrate=6001\n" "rate-control=cbr\n" "max-keyframe-interval=60\n"
      "max-keyframe-interval-duration=2002000000\n"
      "allow-frame-reordering=false\n" "realtime=true\n"},
  {"vtenc_h265_hw", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_HIGH,
      "bitrate=6001\n" "rate-control=cbr\n" "max-keyframe-interval=60\n"
      "max-keyframe-interval-duration=2002000000\n"
      "allow-frame-reordering=true\n" "realtime=false\n" "quality=0.7\n"},
  {"vah264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "rate-control=cbr|vbr\n" "bitrate=6001\n" "key-int-max=60\n"
      "b-frames=0\n" "target-usage=6\n"},
  {"vah265lpenc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_MAXIMUM,
      "rate-control=vbr|cbr\n" "bitrate=6001\n" "target-percentage=66\n"
      "key-int-max=60\n" "b-frames=2\n" "target-usage=2\n"},
  {"nvh264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "preset=p4\n" "tune=low-latency\n" "zerolatency=true\n"
      "rc-mode=cbr\n" "bitrate=6001\n" "gop-size=60\n" "bframes=0\n"},
  {"nvh264enc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_HIGH,
      "preset=p6\n" "tune=high-quality\n" "rc-mode=vbr\n"
      "bitrate=6001\n" "max-bitrate=9001\n" "gop-size=60\n"
      "bframes=2\n"},
  {"nvh265enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "preset=low-latency-hq\n" "zerolatency=true\n" "rc-mode=cbr\n"
      "bitrate=6001\n" "gop-size=60\n" "bframes=0\n", 1},
  {"nvcudah264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "preset=p4|low-latency-hq\n" "tune=low-latency\n"
      "zero-reorder-delay=true\n" "rate-control=cbr\n" "bitrate=6001\n"
      "gop-size=60\n" "b-frames=0\n"},
  {"v4l2h264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "extra-controls=c,video_bitrate=(int)6001000,"
      "video_bitrate_mode=(int)1,video_gop_size=(int)60,"
      "h264_i_frame_period=(int)60,video_b_frames=(int)0,"
      "repeat_sequence_header=(boolean)true,"
      "slice_partitioning_method=(int)2,"
      "maximum_bytes_in_a_slice=(int)1400\n", 1},
  {"amcvidenc-*", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "bitrate=6001000\n" "i-frame-interval=2\n"},
  {"x265enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "speed-preset=superfast\n" "bitrate=6001\n" "key-int-max=60\n"
      "tune=zerolatency\n" "option-string=bframes=0:open-gop=0:scenecut=0:"
      "repeat-headers=1:vbv-maxrate=6001:vbv-bufsize=6001\n"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_settings_are_exact)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (exact_cases); i++) {
    EchoelPlan plan = make_plan (exact_cases[i].usage, exact_cases[i].quality);
    const EchoelEncoder *encoder = echoel_encoder_find (exact_cases[i].factory);
    gchar *text;

    fail_unless (encoder != NULL, "no %s", exact_cases[i].factory);
    encoder += exact_cases[i].nth;
    fail_unless_equals_string (encoder->factory, exact_cases[i].factory);
    text = settings_text (encoder, &plan);
    fail_unless_equals_string (text, exact_cases[i].settings);
    g_free (text);
  }
}

GST_END_TEST;

/* What the wanted quality costs in time. */
static const struct
{
  const gchar *factory;
  EchoelUsage usage;
  const gchar *effort[ECHOEL_N_QUALITIES];
} effort_cases[] = {
  /* *INDENT-OFF* */
  {"x264enc", ECHOEL_USAGE_EXPORT,
      {"superfast", "superfast", "veryfast", "faster", "medium"}},
  {"x264enc", ECHOEL_USAGE_LIVE,
      {"veryfast", "superfast", "veryfast", "faster", "medium"}},
  {"openh264enc", ECHOEL_USAGE_EXPORT,
      {"medium", "low", "medium", "high", "high"}},
  {"openh264enc", ECHOEL_USAGE_LIVE,
      {"medium", "low", "medium", "high", "high"}},
  /* *INDENT-ON* */
};

GST_START_TEST (test_threads_are_left_alone_when_none_are_said)
{
  const EchoelEncoder *encoder = echoel_encoder_find ("x264enc");
  EchoelPlan plan = make_plan (ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_AUTO);
  gchar *text;

  plan.threads = 0;
  text = settings_text (encoder, &plan);
  fail_if (strstr (text, "threads=") != NULL);
  g_free (text);
}

GST_END_TEST;

GST_START_TEST (test_effort_follows_the_quality)
{
  guint i, quality;

  for (i = 0; i < G_N_ELEMENTS (effort_cases); i++) {
    const EchoelEncoder *encoder =
        echoel_encoder_find (effort_cases[i].factory);
    const EchoelEncoderSetting *s = encoder->settings;

    while (s->aspect != ECHOEL_ASPECT_EFFORT)
      s++;
    for (quality = 0; quality < ECHOEL_N_QUALITIES; quality++) {
      EchoelPlan plan = make_plan (effort_cases[i].usage, quality);
      gchar *value = echoel_encoder_value (encoder, s, &plan);

      fail_unless_equals_string (value, effort_cases[i].effort[quality]);
      g_free (value);
    }
  }
}

GST_END_TEST;

/* What the packages of ./dev bring everywhere; the doubles stand in for the
 * rest. */
static const gchar *const installed[] = {
  "x264enc", "openh264enc", "x265enc", "av1enc", "avenc_prores_ks",
  "avenc_prores_aw", "avenc_prores", "avenc_aac", "voaacenc"
};

static GstElement *
make_encoder (const gchar * factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  fail_unless (element != NULL, "%s is not installed", factory);
  gst_object_ref_sink (element);
  return element;
}

/* The value, and the one it becomes in the property, are the same. */
static void
check_value (const EchoelEncoder * encoder, GstElement * element,
    const EchoelEncoderSetting * s, const gchar * text)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), s->property);
  GValue want = G_VALUE_INIT, have = G_VALUE_INIT;

  fail_unless (pspec != NULL, "%s has no %s", encoder->factory, s->property);
  fail_unless (pspec->flags & G_PARAM_WRITABLE);
  g_value_init (&want, pspec->value_type);
  g_value_init (&have, pspec->value_type);
  fail_unless (gst_value_deserialize_with_pspec (&want, text, pspec),
      "%s %s=%s cannot be read", encoder->factory, s->property, text);
  fail_if (g_param_value_validate (pspec, &want), "%s %s=%s is out of range",
      encoder->factory, s->property, text);

  g_object_set_property (G_OBJECT (element), s->property, &want);
  g_object_get_property (G_OBJECT (element), s->property, &have);
  fail_unless (g_param_values_cmp (pspec, &want, &have) == 0,
      "%s %s=%s is not kept", encoder->factory, s->property, text);
  g_value_unset (&want);
  g_value_unset (&have);
}

static void
check_row (const EchoelEncoder * encoder, GstElement * element,
    const EchoelPlan * plan)
{
  const EchoelEncoderSetting *s;

  for (s = encoder->settings; s->aspect; s++) {
    gchar *text = echoel_encoder_value (encoder, s, plan);
    gboolean wanted = s->property && (s->set & (plan->usage
            == ECHOEL_USAGE_LIVE ? ECHOEL_SET_LIVE : ECHOEL_SET_EXPORT)) != 0;

    fail_unless ((text != NULL) == wanted, "%s %s", encoder->factory,
        s->property);
    if (text != NULL)
      check_value (encoder, element, s, text);
    g_free (text);
  }
}

GST_START_TEST (test_settings_fit_the_installed_encoders)
{
  guint i, u, quality;

  for (i = 0; i < G_N_ELEMENTS (installed); i++) {
    const EchoelEncoder *row = echoel_encoder_find (installed[i]);
    GstElement *element = make_encoder (installed[i]);

    for (u = 0; u < G_N_ELEMENTS (usages); u++) {
      for (quality = 0; quality < ECHOEL_N_QUALITIES; quality++) {
        EchoelPlan plan = make_plan (usages[u], quality);

        if (row->codec == ECHOEL_CODEC_PRORES)
          plan.format = echoel_video_format_find ("prores-422-hq");
        check_row (row, element, &plan);
      }
    }
    gst_object_unref (element);
  }
}

GST_END_TEST;

static const gchar *const codec_caps[] = {
  NULL, "video/x-h264", "video/x-h265", "video/x-av1", "video/x-prores",
  "audio/mpeg,mpegversion=4"
};

static void
check_raw (const EchoelEncoder * row, GstElementFactory * factory,
    const gchar * alternatives)
{
  gchar **formats = g_strsplit (alternatives, "|", -1);
  guint i;

  for (i = 0; formats[i] != NULL; i++) {
    GstCaps *raw = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING,
        formats[i], NULL);

    fail_unless (gst_element_factory_can_sink_any_caps (factory, raw),
        "%s takes no %s", row->factory, formats[i]);
    gst_caps_unref (raw);
  }
  g_strfreev (formats);
}

/* The raw formats and the encoded caps are the element's own. */
GST_START_TEST (test_formats_fit_the_installed_encoders)
{
  guint i, picture;

  for (i = 0; i < G_N_ELEMENTS (installed); i++) {
    const EchoelEncoder *row = echoel_encoder_find (installed[i]);
    GstElementFactory *factory = gst_element_factory_find (installed[i]);
    GstCaps *encoded = gst_caps_from_string (codec_caps[row->codec]);

    for (picture = 0; picture < ECHOEL_N_PICTURES; picture++) {
      if (row->raw[picture] != NULL)
        check_raw (row, factory, row->raw[picture]);
    }
    fail_unless (gst_element_factory_can_src_any_caps (factory, encoded),
        "%s makes something else", row->factory);
    gst_caps_unref (encoded);
    gst_object_unref (factory);
  }
}

GST_END_TEST;

/* The same property is not set twice. */
static void
check_once (const EchoelEncoder * row, const EchoelEncoderSetting * a)
{
  const EchoelEncoderSetting *b;

  for (b = a + 1; b->aspect; b++)
    fail_if (a->property && g_strcmp0 (a->property, b->property) == 0
        && (a->set & b->set & ECHOEL_SET_BOTH) != 0, "%s: %s twice",
        row->factory, a->property);
}

/* Every brace is filled in. */
static void
check_values (const EchoelEncoder * row, const EchoelEncoderSetting * s)
{
  guint u, quality;

  for (u = 0; u < G_N_ELEMENTS (usages); u++) {
    for (quality = 0; quality < ECHOEL_N_QUALITIES; quality++) {
      EchoelPlan plan = make_plan (usages[u], quality);
      gchar *text = echoel_encoder_value (row, s, &plan);
      guint now = usages[u] == ECHOEL_USAGE_LIVE ? ECHOEL_SET_LIVE
          : ECHOEL_SET_EXPORT;

      fail_unless ((text != NULL) == (s->property && (s->set & now)),
          "%s: %s has no value", row->factory, s->property);
      fail_if (text && (strpbrk (text, "{}") || *text == '\0'), "%s: %s=%s",
          row->factory, s->property, text);
      g_free (text);
    }
  }
}

/* Something is said about each aspect that a stream depends on. */
static void
check_settings_of_row (const EchoelEncoder * row)
{
  static const EchoelAspect video[] = {
    ECHOEL_ASPECT_RATE_CONTROL, ECHOEL_ASPECT_KEY_FRAMES,
    ECHOEL_ASPECT_CLOSED_GOP, ECHOEL_ASPECT_REORDERING, ECHOEL_ASPECT_SLICES
  };
  const EchoelEncoderSetting *s;
  guint seen = 0, i;

  for (s = row->settings; s->aspect; s++) {
    seen |= 1 << s->aspect;
    fail_unless (s->aspect < ECHOEL_N_ASPECTS && s->text != NULL);
    fail_unless ((s->set & ECHOEL_SET_BOTH) != 0);
    check_once (row, s);
    check_values (row, s);
  }
  fail_unless (seen & (1 << ECHOEL_ASPECT_BITRATE), "%s: no bitrate",
      row->factory);
  for (i = 0; i < G_N_ELEMENTS (video)
      && row->codec < ECHOEL_CODEC_PRORES; i++)
    fail_unless (seen & (1 << video[i]), "%s: nothing about aspect %d",
        row->factory, video[i]);
}

/* One that follows its bitrate has a setting to be written again. */
static void
check_change_of_row (const EchoelEncoder * row)
{
  const EchoelEncoderSetting *s;
  gboolean again = FALSE;

  for (s = row->settings; s->aspect; s++)
    again |= s->aspect == ECHOEL_ASPECT_BITRATE
        && (s->set & ECHOEL_SET_CHANGE) != 0;
  fail_unless (again == (row->change != ECHOEL_CHANGE_RECREATE), "%s",
      row->factory);
}

GST_START_TEST (test_rows_are_whole)
{
  guint i, j, picture, n = 0;
  const EchoelEncoder *rows = echoel_encoders (&n);

  for (i = 0; i < n; i++) {
    const EchoelEncoder *row = &rows[i];
    gboolean any = FALSE;

    fail_unless (row->factory && row->package && row->efforts && row->settings);
    fail_unless (row->codec != ECHOEL_CODEC_NONE);
    fail_if (row->upload && !row->memory);
    fail_if (row->more && row->kind == ECHOEL_KIND_SOFTWARE);
    fail_unless (echoel_encoder_is_for (row, row->factory));
    check_settings_of_row (row);
    if (row->codec != ECHOEL_CODEC_AAC)
      check_change_of_row (row);
    for (picture = 0; picture < ECHOEL_N_PICTURES; picture++)
      any |= row->raw[picture] != NULL;
    fail_unless (any == (row->codec != ECHOEL_CODEC_AAC));
    /* Rows of one factory and codec stand together. */
    for (j = 0; j + 1 < i; j++)
      fail_if (strcmp (rows[j].factory, row->factory) == 0
          && rows[j].codec == row->codec, "%s", row->factory);
  }
}

GST_END_TEST;

static const struct
{
  const gchar *row, *factory;
  gboolean is_for;
} devices[] = {
  /* *INDENT-OFF* */
  {"nvh264enc", "nvh264enc", TRUE}, {"nvh264enc", "nvh264device1enc", TRUE},
  {"nvh264enc", "nvh265device1enc", FALSE},
  {"vah264enc", "varenderD129h264enc", TRUE},
  {"vah264enc", "varenderD129h264lpenc", FALSE},
  {"vah264lpenc", "varenderD129h264lpenc", TRUE},
  {"v4l2h264enc", "v4l2video11h264enc", TRUE},
  {"amcvidenc-*", "amcvidenc-omxqcomvideoencoderavc", TRUE},
  {"x264enc", "x264enc2", FALSE},
  /* *INDENT-ON* */
};

GST_START_TEST (test_further_devices_have_the_same_row)
{
  fail_unless (echoel_encoder_is_for (echoel_encoder_find (devices[__i__].row),
          devices[__i__].factory) == devices[__i__].is_for);
}

GST_END_TEST;

GST_START_TEST (test_names_are_listed)
{
  gchar *video = echoel_encoder_names (ECHOEL_CODEC_H264, ECHOEL_ALL_KINDS);
  gchar *hardware = echoel_encoder_names (ECHOEL_CODEC_H264,
      1u << ECHOEL_KIND_HARDWARE);
  gchar *audio = echoel_encoder_names (ECHOEL_CODEC_AAC, ECHOEL_ALL_KINDS);
  gchar *none = echoel_encoder_names (ECHOEL_CODEC_NONE, ECHOEL_ALL_KINDS);

  fail_unless (g_str_has_prefix (video, "vtenc_h264_hw, vtenc_h264, "
          "nvh264enc, nvcudah264enc, "), "%s", video);
  fail_unless (g_str_has_suffix (video, ", x264enc, openh264enc"));
  fail_unless (strstr (hardware, "nvh264enc") != NULL);
  fail_unless (strstr (hardware, "264enc, x264enc") == NULL
      && strstr (hardware, "openh264enc") == NULL, "%s", hardware);
  fail_unless_equals_string (audio, "avenc_aac, fdkaacenc, atenc, voaacenc");
  fail_unless_equals_string (none, "");
  fail_unless (echoel_encoder_find ("x264") == NULL);
  fail_unless (echoel_encoder_find ("") == NULL);
  fail_unless (echoel_encoder_find (NULL) == NULL);
  g_free (video);
  g_free (hardware);
  g_free (audio);
  g_free (none);
}

GST_END_TEST;

static Suite *
encoders_suite (void)
{
  Suite *s = suite_create ("encoders");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_settings_are_exact);
  tcase_add_test (tc, test_threads_are_left_alone_when_none_are_said);
  tcase_add_test (tc, test_effort_follows_the_quality);
  tcase_add_test (tc, test_settings_fit_the_installed_encoders);
  tcase_add_test (tc, test_formats_fit_the_installed_encoders);
  tcase_add_test (tc, test_rows_are_whole);
  tcase_add_loop_test (tc, test_further_devices_have_the_same_row, 0,
      G_N_ELEMENTS (devices));
  tcase_add_test (tc, test_names_are_listed);
  return s;
}

GST_CHECK_MAIN (encoders);
