/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livelimits.h"

#define RATE_MARGIN 1.1
/* Rates such as 60000/1001, and intervals in whole frames. */
#define FRAMERATE_MARGIN 1.01
#define INTERVAL_MARGIN 1.05

static void
check (GString * text, const gchar * what, gdouble have, gdouble most,
    gdouble margin, const gchar * unit)
{
  if (most <= 0 || have <= most * margin)
    return;
  g_string_append_printf (text, "%s%s %.4g%s is above %.4g%s.",
      text->len ? " " : "", what, have, unit, most, unit);
}

gchar *
echoel_live_limits_check (const EchoelPreset * preset,
    const EchoelLiveFacts * facts)
{
  const EchoelPlatformRules *rules = &preset->platform;
  GString *text = g_string_new (NULL);

  check (text, "Bitrate", facts->bitrate, rules->max_bitrate, RATE_MARGIN,
      " kbit/s");
  check (text, "Audio bitrate", facts->audio_bitrate,
      rules->max_audio_bitrate, RATE_MARGIN, " kbit/s");
  check (text, "Width", facts->width, rules->max_width, 1.0, "");
  check (text, "Height", facts->height, rules->max_height, 1.0, "");
  check (text, "Frame rate", facts->framerate, rules->max_framerate,
      FRAMERATE_MARGIN, "");
  check (text, "Key frame interval", facts->key_interval,
      (gdouble) rules->max_keyframe_interval / GST_SECOND, INTERVAL_MARGIN,
      " s");
  return g_string_free (text, text->len == 0);
}
