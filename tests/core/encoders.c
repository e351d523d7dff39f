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

  for (s = encoder->settings; s->property; s++) {
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
} exact_cases[] = {
  /* *INDENT-OFF* */
  {"x264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "speed-preset=veryfast\n" "bitrate=6001\n" "pass=cbr\n"
      "key-int-max=60\n" "threads=3\n" "cabac=true\n" "dct8x8=true\n"
      "tune=zerolatency\n"
      "bframes=0\n" "vbv-buf-capacity=1000\n"
      "option-string=scenecut=0:open-gop=0:slice-max-size=1400\n"},
  {"x264enc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_AUTO,
      "speed-preset=veryfast\n" "bitrate=6001\n" "pass=cbr\n"
      "key-int-max=60\n" "threads=3\n" "cabac=true\n" "dct8x8=true\n"
      "bframes=2\n"
      "vbv-buf-capacity=2000\n" "option-string=open-gop=0\n"},
  {"openh264enc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO,
      "complexity=medium\n" "rate-control=bitrate\n" "bitrate=6001000\n"
      "gop-size=60\n" "multi-thread=3\n" "enable-frame-skip=false\n"
      "scene-change-detection=false\n"},
  {"openh264enc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_LOW,
      "complexity=low\n" "rate-control=bitrate\n" "bitrate=6001000\n"
      "gop-size=60\n" "multi-thread=3\n" "enable-frame-skip=false\n"},
  {"avenc_aac", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_AUTO, "bitrate=193000\n"},
  {"avenc_aac", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_HIGH, "bitrate=193000\n"},
  {"voaacenc", ECHOEL_USAGE_LIVE, ECHOEL_QUALITY_LOW, "bitrate=193000\n"},
  {"voaacenc", ECHOEL_USAGE_EXPORT, ECHOEL_QUALITY_AUTO, "bitrate=193000\n"},
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
      {"veryfast", "superfast", "veryfast", "faster", "medium"}},
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

    while (s->value != ECHOEL_VALUE_EFFORT)
      s++;
    fail_unless (s->property != NULL);
    for (quality = 0; quality < ECHOEL_N_QUALITIES; quality++) {
      EchoelPlan plan = make_plan (effort_cases[i].usage, quality);
      gchar *value = echoel_encoder_value (encoder, s, &plan);

      fail_unless_equals_string (value, effort_cases[i].effort[quality]);
      g_free (value);
    }
  }
}

GST_END_TEST;

/* The element, or NULL after saying that it is not there. */
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

  for (s = encoder->settings; s->property; s++) {
    gchar *text = echoel_encoder_value (encoder, s, plan);
    gboolean wanted = (s->when & (plan->usage == ECHOEL_USAGE_LIVE
            ? ECHOEL_WHEN_LIVE : ECHOEL_WHEN_EXPORT)) != 0;

    fail_unless ((text != NULL) == wanted, "%s %s", encoder->factory,
        s->property);
    if (text != NULL)
      check_value (encoder, element, s, text);
    g_free (text);
  }
}

GST_START_TEST (test_settings_fit_the_installed_encoders)
{
  guint i, u, quality, n;
  const EchoelEncoder *rows = echoel_encoders (&n);

  for (i = 0; i < n; i++) {
    GstElement *element = make_encoder (rows[i].factory);

    for (u = 0; u < G_N_ELEMENTS (usages); u++) {
      for (quality = 0; quality < ECHOEL_N_QUALITIES; quality++) {
        EchoelPlan plan = make_plan (usages[u], quality);

        check_row (&rows[i], element, &plan);
      }
    }
    gst_object_unref (element);
  }
}

GST_END_TEST;

/* The pinned raw format and the encoded caps are the element's own. */
GST_START_TEST (test_formats_fit_the_installed_encoders)
{
  guint i, n;
  const EchoelEncoder *rows = echoel_encoders (&n);

  for (i = 0; i < n; i++) {
    GstElement *element = make_encoder (rows[i].factory);
    GstElementFactory *factory;
    GstCaps *raw, *encoded;

    factory = gst_element_get_factory (element);
    raw = rows[i].codec == ECHOEL_CODEC_AAC
        ? gst_caps_from_string ("audio/x-raw,rate=48000,channels=2")
        : gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING,
        rows[i].raw_format, NULL);
    encoded = rows[i].codec == ECHOEL_CODEC_AAC
        ? gst_caps_from_string ("audio/mpeg,mpegversion=4")
        : gst_caps_from_string ("video/x-h264");
    fail_unless (gst_element_factory_can_sink_any_caps (factory, raw),
        "%s takes no %s", rows[i].factory, GST_STR_NULL (rows[i].raw_format));
    fail_unless (gst_element_factory_can_src_any_caps (factory, encoded),
        "%s makes something else", rows[i].factory);
    gst_caps_unref (raw);
    gst_caps_unref (encoded);
    gst_object_unref (element);
  }
}

GST_END_TEST;

static void
check_settings_of_row (const EchoelEncoder * row)
{
  guint s, t;
  gboolean bitrate = FALSE, ended = FALSE;

  for (s = 0; s < ECHOEL_ENCODER_MAX_SETTINGS; s++) {
    const EchoelEncoderSetting *a = &row->settings[s];

    if (a->property == NULL) {
      ended = TRUE;
      continue;
    }
    fail_if (ended, "%s: %s stands behind the end", row->factory, a->property);
    fail_unless ((a->when & ~ECHOEL_WHEN_ALWAYS) == 0 && a->when != 0);
    fail_unless ((a->value == ECHOEL_VALUE_TEXT) == (a->text != NULL),
        "%s: %s", row->factory, a->property);
    if (g_strcmp0 (a->property, row->bitrate_property) == 0) {
      bitrate = TRUE;
      fail_unless (a->value == row->bitrate_unit && a->required);
      fail_unless (a->when == ECHOEL_WHEN_ALWAYS);
    }
    for (t = s + 1; row->settings[t].property; t++)
      fail_if (g_strcmp0 (a->property, row->settings[t].property) == 0
          && (a->when & row->settings[t].when) != 0, "%s: %s twice",
          row->factory, a->property);
  }
  fail_unless (ended, "%s: no end", row->factory);
  fail_unless (bitrate, "%s: no bitrate", row->factory);
}

GST_START_TEST (test_rows_are_whole)
{
  guint i, j, quality, n = 0;
  const EchoelEncoder *rows = echoel_encoders (&n);

  fail_unless (n >= 4);
  for (i = 0; i < n; i++) {
    const EchoelEncoder *row = &rows[i];

    fail_unless (row->factory && row->package && row->bitrate_property);
    fail_unless (row->codec != ECHOEL_CODEC_NONE);
    fail_unless (row->bitrate_unit == ECHOEL_VALUE_KBPS
        || row->bitrate_unit == ECHOEL_VALUE_BPS);
    check_settings_of_row (row);
    fail_unless (echoel_encoder_find (row->factory) == row);
    for (j = 0; j < i; j++)
      fail_if (g_strcmp0 (rows[j].factory, row->factory) == 0);
    if (row->codec == ECHOEL_CODEC_AAC)
      continue;
    fail_unless (row->raw_format && row->live_effort);
    for (quality = 0; quality < ECHOEL_N_QUALITIES; quality++)
      fail_unless (row->effort[quality] != NULL);
  }
}

GST_END_TEST;

GST_START_TEST (test_names_are_listed)
{
  gchar *video = echoel_encoder_names (ECHOEL_CODEC_H264);
  gchar *audio = echoel_encoder_names (ECHOEL_CODEC_AAC);
  gchar *none = echoel_encoder_names (ECHOEL_CODEC_NONE);

  fail_unless_equals_string (video, "x264enc, openh264enc");
  fail_unless_equals_string (audio, "avenc_aac, voaacenc");
  fail_unless_equals_string (none, "");
  fail_unless (echoel_encoder_find ("x264") == NULL);
  fail_unless (echoel_encoder_find ("") == NULL);
  fail_unless (echoel_encoder_find (NULL) == NULL);
  g_free (video);
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
  tcase_add_test (tc, test_names_are_listed);
  return s;
}

GST_CHECK_MAIN (encoders);
