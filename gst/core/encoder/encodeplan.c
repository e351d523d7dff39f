/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encodeplan.h"

#include <stdlib.h>
#include <string.h>

/* *INDENT-OFF* */
G_DEFINE_QUARK (echoel-plan-error-quark, echoel_plan_error)

#define H264(name, profile) \
  {name, ECHOEL_CODEC_H264, "H.264", "video/x-h264,profile=(string)" profile, \
      "h264parse", "video/x-h264", ECHOEL_PICTURE_420_8, profile}
#define HEVC(name, profile, picture) \
  {name, ECHOEL_CODEC_HEVC, "HEVC", "video/x-h265,profile=(string)" profile, \
      "h265parse", "video/x-h265", picture, profile}
#define PRORES(name, variant, picture) \
  {name, ECHOEL_CODEC_PRORES, "ProRes", \
      "video/x-prores,variant=(string)" variant, NULL, \
      "video/x-prores,variant=(string)" variant, picture, variant, TRUE}

static const EchoelVideoFormat formats[] = {
  H264 ("h264-baseline", "constrained-baseline"),
  H264 ("h264-main", "main"),
  H264 ("h264-high", "high"),
  HEVC ("hevc-main", "main", ECHOEL_PICTURE_420_8),
  HEVC ("hevc-main10", "main-10", ECHOEL_PICTURE_420_10),
  PRORES ("prores-422-proxy", "proxy", ECHOEL_PICTURE_422_10),
  PRORES ("prores-422-lt", "lt", ECHOEL_PICTURE_422_10),
  PRORES ("prores-422", "standard", ECHOEL_PICTURE_422_10),
  PRORES ("prores-422-hq", "hq", ECHOEL_PICTURE_422_10),
  PRORES ("prores-4444", "4444", ECHOEL_PICTURE_4444_10),
  {"av1", ECHOEL_CODEC_AV1, "AV1", "video/x-av1", "av1parse", "video/x-av1",
      ECHOEL_PICTURE_420_8, "main"},
};
/* *INDENT-ON* */

/* Named sizes: the longer side of a wide picture with that shorter side.
 * Tall platforms turn it, square ones use the shorter side twice. */
static const struct
{
  const gchar *name;
  guint longer, shorter;
} sizes[] = {
  /* *INDENT-OFF* */
  {"480p", 640, 480},
  {"720p", 1280, 720},
  {"1080p", 1920, 1080},
  {"2160p", 3840, 2160},
  /* *INDENT-ON* */
};

/* Video kbit/s at 1920x1080 and 30 frames per second. */
static const guint quality_kbps[ECHOEL_N_QUALITIES] = {
  [ECHOEL_QUALITY_LOW] = 2500,
  [ECHOEL_QUALITY_MEDIUM] = 5000,
  [ECHOEL_QUALITY_HIGH] = 8000,
  [ECHOEL_QUALITY_MAXIMUM] = 12000,
};

#define MIN_SIDE 64
#define MAX_SIDE 8192
#define MIN_FPS 24
#define MAX_FPS 120
#define MIN_KBPS 50
#define MAX_KBPS 500000

const EchoelVideoFormat *
echoel_video_format_find (const gchar * name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (g_strcmp0 (formats[i].name, name) == 0)
      return &formats[i];
  }
  return NULL;
}

gchar *
echoel_video_format_names (void)
{
  GString *names = g_string_new (NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    g_string_append_printf (names, "%s%s", i ? ", " : "", formats[i].name);
  return g_string_free (names, FALSE);
}

static gboolean
refuse (GError ** error, const gchar * property, const gchar * value,
    const gchar * possible)
{
  g_set_error (error, ECHOEL_PLAN_ERROR, 0, "%s=%s is not possible: %s.",
      property, value ? value : "(the platform's)", possible);
  return FALSE;
}

/* "1280x720", nothing before, between or after. */
static gboolean
parse_size (const gchar * text, guint * width, guint * height)
{
  gchar *end;
  guint64 w, h;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  w = g_ascii_strtoull (text, &end, 10);
  if (*end != 'x' || !g_ascii_isdigit (end[1]))
    return FALSE;
  h = g_ascii_strtoull (end + 1, &end, 10);
  if (*end != '\0' || w > G_MAXINT || h > G_MAXINT)
    return FALSE;
  *width = (guint) w;
  *height = (guint) h;
  return TRUE;
}

static gboolean
named_size (const gchar * name, const EchoelPreset * preset, guint * width,
    guint * height)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    if (strcmp (sizes[i].name, name) != 0)
      continue;
    *width = preset->width > preset->height ? sizes[i].longer
        : sizes[i].shorter;
    *height = preset->height > preset->width ? sizes[i].longer
        : sizes[i].shorter;
    return TRUE;
  }
  return FALSE;
}

static gboolean
choose_size (const EchoelPreset * preset, const gchar * resolution,
    EchoelPlan * plan, GError ** error)
{
  guint width = preset->width, height = preset->height;

  if (resolution != NULL && strcmp (resolution, "original") == 0) {
    plan->width = plan->height = 0;
    return TRUE;
  }
  if (resolution != NULL && !named_size (resolution, preset, &width, &height)
      && !parse_size (resolution, &width, &height))
    return refuse (error, "resolution", resolution,
        "write 480p, 720p, 1080p, 2160p, original or WIDTHxHEIGHT");
  if (width < MIN_SIDE || height < MIN_SIDE || width > MAX_SIDE
      || height > MAX_SIDE)
    return refuse (error, "resolution", resolution,
        "each side must have 64 to 8192 pixels");
  if ((width | height) & 1)
    return refuse (error, "resolution", resolution,
        "4:2:0 and 4:2:2 need even sizes");
  plan->width = width;
  plan->height = height;
  return TRUE;
}

static gboolean
choose_rate (const EchoelPreset * preset, const EchoelOverrides * overrides,
    EchoelPlan * plan, GError ** error)
{
  gint n = overrides->fps_n, d = overrides->fps_d;

  plan->fps_n = preset->fps_n;
  plan->fps_d = preset->fps_d;
  if (n == 0)
    return TRUE;
  /* 24000/1001 counts as 24. */
  if (n < 0 || d < 1 || (gint64) n * 1001 < (gint64) MIN_FPS * 1000 * d
      || (gint64) n > (gint64) MAX_FPS * d) {
    gchar *value = g_strdup_printf ("%d/%d", n, d);

    refuse (error, "framerate", value, "24000/1001 to 120/1 frames per second");
    g_free (value);
    return FALSE;
  }
  plan->fps_n = (guint) n;
  plan->fps_d = (guint) d;
  return TRUE;
}

/* Bits follow the pixels a second; a source of unknown size counts as the
 * platform's. */
static guint
bitrate_for_quality (EchoelQuality quality, const EchoelPlan * plan,
    const EchoelPreset * preset)
{
  guint64 pixels = (guint64) (plan->width ? plan->width : preset->width)
      * (plan->height ? plan->height : preset->height);
  guint64 at_30 = gst_util_uint64_scale_round (quality_kbps[quality], pixels,
      1920 * 1080);
  guint64 kbps = gst_util_uint64_scale_round (at_30, plan->fps_n,
      (guint64) plan->fps_d * 30);

  return (guint) CLAMP (kbps, MIN_KBPS, MAX_KBPS);
}

gboolean
echoel_plan_set_bitrate (EchoelPlan * plan, const EchoelPreset * preset,
    gint kbps, GError ** error)
{
  if (kbps == -1) {
    plan->bitrate = plan->quality == ECHOEL_QUALITY_AUTO ? preset->bitrate
        : bitrate_for_quality (plan->quality, plan, preset);
    return TRUE;
  }
  if (kbps < MIN_KBPS || kbps > MAX_KBPS) {
    gchar *value = g_strdup_printf ("%d", kbps);

    refuse (error, "bitrate", value,
        "50 to 500000 kbit/s, or -1 for the platform's own");
    g_free (value);
    return FALSE;
  }
  plan->bitrate = (guint) kbps;
  return TRUE;
}

static gboolean
choose_format (const EchoelPreset * preset, const EchoelOverrides * overrides,
    EchoelPlan * plan, GError ** error)
{
  gboolean own = overrides->format != NULL
      && strcmp (overrides->format, "auto") != 0;
  gchar *names;

  plan->format = echoel_video_format_find (own ? overrides->format
      : preset->video_format);
  if (plan->format != NULL && plan->format->export_only
      && plan->usage == ECHOEL_USAGE_LIVE)
    return refuse (error, "format", plan->format->name,
        "it is for files, no live stream carries it");
  if (plan->format != NULL)
    return TRUE;
  if (!own) {
    g_set_error (error, ECHOEL_PLAN_ERROR, 0,
        "Platform \"%s\" asks for %s video, which cannot be encoded yet.",
        preset->id, preset->video_format);
    return FALSE;
  }
  names = echoel_video_format_names ();
  refuse (error, "format", overrides->format, names);
  g_free (names);
  return FALSE;
}

gboolean
echoel_plan_make (const EchoelPreset * preset,
    const EchoelOverrides * overrides, EchoelPlan * plan, GError ** error)
{
  memset (plan, 0, sizeof (*plan));
  plan->usage = overrides->usage != ECHOEL_USAGE_AUTO ? overrides->usage
      : preset->usage;
  plan->quality = overrides->quality;
  if (!choose_format (preset, overrides, plan, error)
      || !choose_size (preset, overrides->resolution, plan, error)
      || !choose_rate (preset, overrides, plan, error)
      || !echoel_plan_set_bitrate (plan, preset, overrides->bitrate, error))
    return FALSE;

  plan->keyframe_frames = (guint) MAX (1,
      gst_util_uint64_scale_round (preset->keyframe_interval, plan->fps_n,
          plan->fps_d * GST_SECOND));
  plan->audio_bitrate = preset->audio_bitrate;
  plan->audio_rate = preset->audio_rate;
  plan->audio_channels = preset->audio_channels;
  plan->threads = overrides->threads;
  plan->safe_area = preset->platform.safe_area;
  plan->max_duration = preset->max_duration;
  if (GST_CLOCK_TIME_IS_VALID (overrides->max_duration))
    plan->max_duration = overrides->max_duration ? overrides->max_duration
        : GST_CLOCK_TIME_NONE;
  return TRUE;
}

static void
complain (GString * text, const gchar * what, gdouble have, const gchar * limit,
    gdouble allowed, const gchar * unit)
{
  g_string_append_printf (text, "%s%s %g is %s %g%s.", text->len ? " " : "",
      what, have, limit, allowed, unit);
}

static void
check_size (GString * text, const gchar * what, guint have, guint min,
    guint max)
{
  if (max && have > max)
    complain (text, what, have, "above", max, "");
  if (min && have && have < min)
    complain (text, what, have, "below", min, "");
}

gchar *
echoel_plan_check (const EchoelPlan * plan, const EchoelPreset * preset)
{
  const EchoelPlatformRules *rules = &preset->platform;
  gdouble fps = (gdouble) plan->fps_n / plan->fps_d;
  gdouble gap = plan->keyframe_frames / fps;
  gdouble max_gap = (gdouble) rules->max_keyframe_interval / GST_SECOND;
  GString *text = g_string_new (NULL);

  if (rules->max_bitrate && plan->bitrate > rules->max_bitrate)
    complain (text, "Bitrate", plan->bitrate, "above", rules->max_bitrate,
        " kbit/s");
  if (rules->max_audio_bitrate
      && plan->audio_bitrate > rules->max_audio_bitrate)
    complain (text, "Audio bitrate", plan->audio_bitrate, "above",
        rules->max_audio_bitrate, " kbit/s");
  if (rules->max_framerate > 0 && fps > rules->max_framerate + 0.001)
    complain (text, "Frame rate", fps, "above", rules->max_framerate, "");
  /* 24000/1001 counts as 24. */
  if (rules->min_framerate > 0 && fps < rules->min_framerate - 0.03)
    complain (text, "Frame rate", fps, "below", rules->min_framerate, "");
  /* Whole frames: half a frame more is as near as it gets. */
  if (max_gap > 0 && gap > max_gap + 0.5 / fps)
    complain (text, "Key frame distance", gap, "above", max_gap, " s");
  check_size (text, "Width", plan->width, rules->min_width, rules->max_width);
  check_size (text, "Height", plan->height, rules->min_height,
      rules->max_height);
  return g_string_free (text, text->len == 0);
}

guint64
echoel_plan_frame_limit (const EchoelPlan * plan)
{
  if (!GST_CLOCK_TIME_IS_VALID (plan->max_duration))
    return G_MAXUINT64;
  return MAX (1, gst_util_uint64_scale (plan->max_duration, plan->fps_n,
          plan->fps_d * GST_SECOND));
}

guint64
echoel_plan_sample_limit (const EchoelPlan * plan)
{
  if (!GST_CLOCK_TIME_IS_VALID (plan->max_duration))
    return G_MAXUINT64;
  return gst_util_uint64_scale_round (echoel_plan_frame_limit (plan),
      (guint64) plan->fps_d * plan->audio_rate, plan->fps_n);
}

/* ITU-T H.264 table A-1: macroblocks a second and a frame, kbit/s of High. */
static const struct
{
  const gchar *level;
  guint mb_rate, mb_frame, kbps;
} levels[] = {
  /* *INDENT-OFF* */
  {"3", 40500, 1620, 12500}, {"3.1", 108000, 3600, 17500},
  {"3.2", 216000, 5120, 25000}, {"4", 245760, 8192, 25000},
  {"4.1", 245760, 8192, 62500}, {"4.2", 522240, 8704, 62500},
  {"5", 589824, 22080, 168750}, {"5.1", 983040, 36864, 300000},
  {"5.2", 2073600, 36864, 300000},
  /* *INDENT-ON* */
};

const gchar *
echoel_plan_h264_level (const EchoelPlan * plan)
{
  guint width = plan->width ? plan->width : 1920;
  guint height = plan->height ? plan->height : 1080;
  guint64 mbs = (guint64) ((width + 15) / 16) * ((height + 15) / 16);
  guint64 rate = gst_util_uint64_scale_ceil (mbs, plan->fps_n, plan->fps_d);
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (levels) && (rate > levels[i].mb_rate
          || mbs > levels[i].mb_frame || plan->bitrate > levels[i].kbps))
    i++;
  return levels[i].level;
}
