/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoders.h"

#include <string.h>

/* Sources: gst-inspect-1.0 of each element and, for what it does not say,
 * its code in gst-plugins-ugly, -bad and gst-libav; docs/encoders.md has the
 * facts behind each row.
 *
 * A row's columns after the factory: codec, hardware, package, raw format,
 * bitrate property and its unit, efforts (auto, low, medium, high, maximum),
 * live effort, settings. */
static const EchoelEncoder encoders[] = {
  /* *INDENT-OFF* */
  {"x264enc", ECHOEL_CODEC_H264, FALSE, "gst-plugins-ugly", "I420",
      "bitrate", ECHOEL_VALUE_KBPS,
      {"veryfast", "superfast", "veryfast", "faster", "medium"}, "veryfast", {
    {"speed-preset", ECHOEL_VALUE_EFFORT, NULL, ECHOEL_WHEN_ALWAYS, TRUE},
    {"bitrate", ECHOEL_VALUE_KBPS, NULL, ECHOEL_WHEN_ALWAYS, TRUE},
    {"pass", ECHOEL_VALUE_TEXT, "cbr", ECHOEL_WHEN_ALWAYS, TRUE},
    {"key-int-max", ECHOEL_VALUE_KEYFRAME_FRAMES, NULL, ECHOEL_WHEN_ALWAYS,
        TRUE},
    {"threads", ECHOEL_VALUE_THREADS, NULL, ECHOEL_WHEN_ALWAYS, FALSE},
    /* A speed-preset makes x264enc ignore its own defaults: say them. */
    {"cabac", ECHOEL_VALUE_TEXT, "true", ECHOEL_WHEN_ALWAYS, TRUE},
    {"dct8x8", ECHOEL_VALUE_TEXT, "true", ECHOEL_WHEN_ALWAYS, TRUE},
    {"tune", ECHOEL_VALUE_TEXT, "zerolatency", ECHOEL_WHEN_LIVE, TRUE},
    {"bframes", ECHOEL_VALUE_TEXT, "0", ECHOEL_WHEN_LIVE, TRUE},
    {"vbv-buf-capacity", ECHOEL_VALUE_TEXT, "1000", ECHOEL_WHEN_LIVE, FALSE},
    /* No scene-cut key frames: servers expect one exactly every interval. */
    {"option-string", ECHOEL_VALUE_TEXT,
        "scenecut=0:open-gop=0:slice-max-size=1400", ECHOEL_WHEN_LIVE, TRUE},
    {"bframes", ECHOEL_VALUE_TEXT, "2", ECHOEL_WHEN_EXPORT, FALSE},
    {"vbv-buf-capacity", ECHOEL_VALUE_TEXT, "2000", ECHOEL_WHEN_EXPORT, FALSE},
    {"option-string", ECHOEL_VALUE_TEXT, "open-gop=0", ECHOEL_WHEN_EXPORT,
        FALSE}}},
  /* max-slice-size of openh264enc is stored and never used, so it is left
   * alone; its B frames do not exist. */
  {"openh264enc", ECHOEL_CODEC_H264, FALSE, "gst-plugins-bad", "I420",
      "bitrate", ECHOEL_VALUE_BPS,
      {"medium", "low", "medium", "high", "high"}, "medium", {
    {"complexity", ECHOEL_VALUE_EFFORT, NULL, ECHOEL_WHEN_ALWAYS, TRUE},
    {"rate-control", ECHOEL_VALUE_TEXT, "bitrate", ECHOEL_WHEN_ALWAYS, TRUE},
    {"bitrate", ECHOEL_VALUE_BPS, NULL, ECHOEL_WHEN_ALWAYS, TRUE},
    {"gop-size", ECHOEL_VALUE_KEYFRAME_FRAMES, NULL, ECHOEL_WHEN_ALWAYS, TRUE},
    {"multi-thread", ECHOEL_VALUE_THREADS, NULL, ECHOEL_WHEN_ALWAYS, FALSE},
    {"enable-frame-skip", ECHOEL_VALUE_TEXT, "false", ECHOEL_WHEN_ALWAYS,
        TRUE},
    {"scene-change-detection", ECHOEL_VALUE_TEXT, "false", ECHOEL_WHEN_LIVE,
        TRUE}}},
  {"avenc_aac", ECHOEL_CODEC_AAC, FALSE, "gst-libav", NULL,
      "bitrate", ECHOEL_VALUE_BPS, {NULL}, NULL, {
    {"bitrate", ECHOEL_VALUE_BPS, NULL, ECHOEL_WHEN_ALWAYS, TRUE}}},
  {"voaacenc", ECHOEL_CODEC_AAC, FALSE, "gst-plugins-bad", NULL,
      "bitrate", ECHOEL_VALUE_BPS, {NULL}, NULL, {
    {"bitrate", ECHOEL_VALUE_BPS, NULL, ECHOEL_WHEN_ALWAYS, TRUE}}},
  /* *INDENT-ON* */
};

const EchoelEncoder *
echoel_encoders (guint * n)
{
  *n = G_N_ELEMENTS (encoders);
  return encoders;
}

const EchoelEncoder *
echoel_encoder_find (const gchar * factory)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (encoders); i++) {
    if (g_strcmp0 (encoders[i].factory, factory) == 0)
      return &encoders[i];
  }
  return NULL;
}

gchar *
echoel_encoder_names (EchoelCodec codec)
{
  GString *names = g_string_new (NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (encoders); i++) {
    if (encoders[i].codec == codec)
      g_string_append_printf (names, "%s%s", names->len ? ", " : "",
          encoders[i].factory);
  }
  return g_string_free (names, FALSE);
}

static const gchar *
effort_text (const EchoelEncoder * encoder, const EchoelPlan * plan)
{
  if (plan->usage == ECHOEL_USAGE_LIVE && plan->quality == ECHOEL_QUALITY_AUTO)
    return encoder->live_effort;
  return encoder->effort[plan->quality];
}

gchar *
echoel_encoder_value (const EchoelEncoder * encoder,
    const EchoelEncoderSetting * setting, const EchoelPlan * plan)
{
  EchoelWhen now = plan->usage == ECHOEL_USAGE_LIVE ? ECHOEL_WHEN_LIVE
      : ECHOEL_WHEN_EXPORT;
  guint kbps = encoder->codec == ECHOEL_CODEC_AAC ? plan->audio_bitrate
      : plan->bitrate;

  if ((setting->when & now) == 0)
    return NULL;
  switch (setting->value) {
    case ECHOEL_VALUE_KBPS:
      return g_strdup_printf ("%u", kbps);
    case ECHOEL_VALUE_BPS:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64) kbps * 1000);
    case ECHOEL_VALUE_KEYFRAME_FRAMES:
      return g_strdup_printf ("%u", plan->keyframe_frames);
    case ECHOEL_VALUE_THREADS:
      return plan->threads ? g_strdup_printf ("%u", plan->threads) : NULL;
    case ECHOEL_VALUE_EFFORT:
      return g_strdup (effort_text (encoder, plan));
    case ECHOEL_VALUE_TEXT:
      break;
  }
  return g_strdup (setting->text);
}
