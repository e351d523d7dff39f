/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presetsettings.h"

#include <gst/gst.h>

#define DEFAULT_ENCODER "auto"
#define DEFAULT_FORMAT "auto"
/* What x264 takes at most. */
#define MAX_THREADS 128

#define DEFINE_ENUM(Name, name, ...) \
static GType \
gst_echoel_preset_##name##_get_type (void) \
{ \
  static gsize type = 0; \
  static const GEnumValue values[] = { __VA_ARGS__, {0, NULL, NULL} }; \
  if (g_once_init_enter (&type)) \
    g_once_init_leave (&type, \
        g_enum_register_static ("GstEchoelPreset" #Name, values)); \
  return type; \
}

/* *INDENT-OFF* */
DEFINE_ENUM (Usage, usage,
    {ECHOEL_USAGE_AUTO, "As the platform's preset says", "auto"},
    {ECHOEL_USAGE_EXPORT, "A file: best picture for the bits", "export"},
    {ECHOEL_USAGE_LIVE, "A live stream: low latency, steady bitrate", "live"})

DEFINE_ENUM (Quality, quality,
    {ECHOEL_QUALITY_AUTO, "The platform's bitrate", "auto"},
    {ECHOEL_QUALITY_LOW, "2500 kbit/s at 1080p30", "low"},
    {ECHOEL_QUALITY_MEDIUM, "5000 kbit/s at 1080p30", "medium"},
    {ECHOEL_QUALITY_HIGH, "8000 kbit/s at 1080p30", "high"},
    {ECHOEL_QUALITY_MAXIMUM, "12000 kbit/s at 1080p30", "maximum"})

DEFINE_ENUM (DurationPolicy, duration_policy,
    {DURATION_POLICY_WARN, "Post a warning and go on", "warn"},
    {DURATION_POLICY_TRIM, "End video and audio at the limit", "trim"},
    {DURATION_POLICY_ERROR, "Post an error and stop", "error"},
    {DURATION_POLICY_IGNORE, "Do nothing", "ignore"})
/* *INDENT-ON* */

void
preset_settings_init (PresetSettings * settings)
{
  memset (settings, 0, sizeof (*settings));
  settings->encoder = g_strdup (DEFAULT_ENCODER);
  settings->format = g_strdup (DEFAULT_FORMAT);
  settings->overrides.format = settings->format;
  settings->overrides.fps_d = 1;
  settings->overrides.bitrate = -1;
  settings->overrides.max_duration = GST_CLOCK_TIME_NONE;
}

void
preset_settings_clear (PresetSettings * settings)
{
  g_free (settings->platform);
  g_free (settings->encoder);
  g_free (settings->format);
  g_free (settings->resolution);
}

void
preset_settings_copy (PresetSettings * to, const PresetSettings * from)
{
  *to = *from;
  to->platform = g_strdup (from->platform);
  to->encoder = g_strdup (from->encoder);
  to->format = g_strdup (from->format);
  to->overrides.format = to->format;
  to->resolution = g_strdup (from->resolution);
  to->overrides.resolution = to->resolution;
}

static void
take_string (gchar ** field, const GValue * value)
{
  g_free (*field);
  *field = g_value_dup_string (value);
}

gboolean
preset_settings_set (PresetSettings * settings, guint id, const GValue * value)
{
  switch (id) {
    case PRESET_PROP_PLATFORM:
      take_string (&settings->platform, value);
      break;
    case PRESET_PROP_USAGE:
      settings->overrides.usage = g_value_get_enum (value);
      break;
    case PRESET_PROP_ENCODER:
      take_string (&settings->encoder, value);
      if (settings->encoder == NULL)
        settings->encoder = g_strdup (DEFAULT_ENCODER);
      break;
    case PRESET_PROP_FORMAT:
      take_string (&settings->format, value);
      settings->overrides.format = settings->format;
      break;
    case PRESET_PROP_RESOLUTION:
      take_string (&settings->resolution, value);
      settings->overrides.resolution = settings->resolution;
      break;
    case PRESET_PROP_FRAMERATE:
      settings->overrides.fps_n = gst_value_get_fraction_numerator (value);
      settings->overrides.fps_d = gst_value_get_fraction_denominator (value);
      break;
    case PRESET_PROP_BITRATE:
      settings->overrides.bitrate = g_value_get_int (value);
      break;
    case PRESET_PROP_QUALITY:
      settings->overrides.quality = g_value_get_enum (value);
      break;
    case PRESET_PROP_MAX_DURATION:
      settings->overrides.max_duration = g_value_get_uint64 (value);
      break;
    case PRESET_PROP_DURATION_POLICY:
      settings->duration_policy = g_value_get_enum (value);
      break;
    case PRESET_PROP_N_THREADS:
      settings->overrides.threads = g_value_get_uint (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
preset_settings_get (const PresetSettings * settings, guint id, GValue * value)
{
  const EchoelOverrides *overrides = &settings->overrides;

  switch (id) {
    case PRESET_PROP_PLATFORM:
      g_value_set_string (value, settings->platform);
      break;
    case PRESET_PROP_USAGE:
      g_value_set_enum (value, overrides->usage);
      break;
    case PRESET_PROP_ENCODER:
      g_value_set_string (value, settings->encoder);
      break;
    case PRESET_PROP_FORMAT:
      g_value_set_string (value, settings->format);
      break;
    case PRESET_PROP_RESOLUTION:
      g_value_set_string (value, settings->resolution);
      break;
    case PRESET_PROP_FRAMERATE:
      gst_value_set_fraction (value, overrides->fps_n, overrides->fps_d);
      break;
    case PRESET_PROP_BITRATE:
      g_value_set_int (value, overrides->bitrate);
      break;
    case PRESET_PROP_QUALITY:
      g_value_set_enum (value, overrides->quality);
      break;
    case PRESET_PROP_MAX_DURATION:
      g_value_set_uint64 (value, overrides->max_duration);
      break;
    case PRESET_PROP_DURATION_POLICY:
      g_value_set_enum (value, settings->duration_policy);
      break;
    case PRESET_PROP_N_THREADS:
      g_value_set_uint (value, overrides->threads);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

static void
install_stream (GObjectClass * object_class)
{
  const GParamFlags ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;
  const GParamFlags playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;
  const GType usage = gst_echoel_preset_usage_get_type ();
  const GType quality = gst_echoel_preset_quality_get_type ();

  gst_type_mark_as_plugin_api (usage, 0);
  gst_type_mark_as_plugin_api (quality, 0);

  /**
   * GstEchoelPreset:platform:
   *
   * The id or alias of a preset file. Must be set before READY.
   */
  g_object_class_install_property (object_class, PRESET_PROP_PLATFORM,
      g_param_spec_string ("platform", "Platform",
          "Platform to encode for: the id or alias of a preset, such as "
          "tiktok or twitch; must be set", NULL, ready));
  /**
   * GstEchoelPreset:usage:
   *
   * Whether the stream goes into a file or on air.
   */
  g_object_class_install_property (object_class, PRESET_PROP_USAGE,
      g_param_spec_enum ("usage", "Usage", "What the stream is for",
          usage, ECHOEL_USAGE_AUTO, ready));
  /**
   * GstEchoelPreset:encoder:
   *
   * Which video encoder may be used. "auto" takes the best that really opens.
   */
  g_object_class_install_property (object_class, PRESET_PROP_ENCODER,
      g_param_spec_string ("encoder", "Encoder",
          "Video encoder: auto, hardware, software or the name of an encoder "
          "element", DEFAULT_ENCODER, ready));
  /**
   * GstEchoelPreset:format:
   *
   * Another codec and profile than the platform's. ProRes is for files.
   */
  g_object_class_install_property (object_class, PRESET_PROP_FORMAT,
      g_param_spec_string ("format", "Format",
          "Video codec and profile: auto (the platform's), h264-baseline, "
          "h264-main, h264-high, hevc-main, hevc-main10, prores-422-proxy, "
          "prores-422-lt, prores-422, prores-422-hq, prores-4444 or av1",
          DEFAULT_FORMAT, ready));
  /**
   * GstEchoelPreset:resolution:
   *
   * Another size than the platform's. The named ones keep the platform's
   * orientation: 720p is 1280x720, 720x1280 or 720x720.
   */
  g_object_class_install_property (object_class, PRESET_PROP_RESOLUTION,
      g_param_spec_string ("resolution", "Resolution",
          "Size of the picture: 480p, 720p, 1080p, 2160p, original (the "
          "source's) or WIDTHxHEIGHT in pixels; unset = the platform's", NULL,
          ready));
  /**
   * GstEchoelPreset:framerate:
   *
   * Another frame rate than the platform's. It is exactly constant.
   */
  g_object_class_install_property (object_class, PRESET_PROP_FRAMERATE,
      gst_param_spec_fraction ("framerate", "Frame rate",
          "Frames per second, as a fraction, 24000/1001 to 120/1; "
          "0/1 = the platform's", 0, 1, G_MAXINT, 1, 0, 1, ready));
  /**
   * GstEchoelPreset:bitrate:
   *
   * Another video bitrate than the platform's. Written while PLAYING it takes
   * effect with the next frame.
   */
  g_object_class_install_property (object_class, PRESET_PROP_BITRATE,
      g_param_spec_int ("bitrate", "Bitrate",
          "Average video bitrate in kbit/s, 50 to 500000; -1 = the platform's",
          -1, G_MAXINT, -1, playing));
  /**
   * GstEchoelPreset:quality:
   *
   * Bitrate by the pixels a second, and encoder effort.
   * #GstEchoelPreset:bitrate goes before it.
   */
  g_object_class_install_property (object_class, PRESET_PROP_QUALITY,
      g_param_spec_enum ("quality", "Quality",
          "Bitrate, scaled by size and frame rate, and encoder effort",
          quality, ECHOEL_QUALITY_AUTO, ready));
}

static void
install_rest (GObjectClass * object_class)
{
  const GParamFlags ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GType policy = gst_echoel_preset_duration_policy_get_type ();

  gst_type_mark_as_plugin_api (policy, 0);
  /**
   * GstEchoelPreset:max-duration:
   *
   * Another limit than the platform's for #GstEchoelPreset:duration-policy.
   */
  g_object_class_install_property (object_class, PRESET_PROP_MAX_DURATION,
      g_param_spec_uint64 ("max-duration", "Maximum duration",
          "Longest duration in nanoseconds, 0 = no limit, "
          "18446744073709551615 = the platform's", 0, G_MAXUINT64,
          GST_CLOCK_TIME_NONE, ready));
  /**
   * GstEchoelPreset:duration-policy:
   *
   * What to do with video that is longer than the limit. Checked at the first
   * frame where upstream knows its duration, and while running.
   */
  g_object_class_install_property (object_class, PRESET_PROP_DURATION_POLICY,
      g_param_spec_enum ("duration-policy", "Duration policy",
          "What happens to video that is longer than the limit",
          policy, DURATION_POLICY_WARN, ready));
  /**
   * GstEchoelPreset:n-threads:
   *
   * Threads of the video encoder, where it lets them be set.
   */
  g_object_class_install_property (object_class, PRESET_PROP_N_THREADS,
      g_param_spec_uint ("n-threads", "Threads",
          "Threads of the video encoder; 0 = as many as it thinks best", 0,
          MAX_THREADS, 0, ready));
  /**
   * GstEchoelPreset:active-encoder:
   *
   * The video encoder that was chosen; %NULL before READY.
   */
  g_object_class_install_property (object_class, PRESET_PROP_ACTIVE_ENCODER,
      g_param_spec_string ("active-encoder", "Active encoder",
          "Name of the video encoder element that was chosen", NULL, readable));
  /**
   * GstEchoelPreset:stats:
   *
   * frames-in: raw frames at the platform's rate, frames-out and
   * keyframes-out: encoded frames, bytes-out: their size.
   */
  g_object_class_install_property (object_class, PRESET_PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Counts of frames-in, frames-out, keyframes-out and bytes-out, and "
          "bitrate in kbit/s", GST_TYPE_STRUCTURE, readable));
}

void
preset_settings_install (GObjectClass * object_class)
{
  install_stream (object_class);
  install_rest (object_class);
}
