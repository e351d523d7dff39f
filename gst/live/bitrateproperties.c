/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "bitrateproperties.h"

#define MOST 1000000            /* kbit/s */

/* Those that are a number of kbit/s. */
typedef struct
{
  const gchar *name, *nick, *blurb;
  guint start;                  /* kbit/s */
  gsize offset;                 /* in LiveBitrateSettings */
} Row;

static const Row rows[LIVE_BITRATE_PROPERTIES] = {
  [LIVE_BITRATE_BEST] = {"max-bitrate", "Maximum bitrate",
      "Bitrate of the video when nothing limits it, in kbit/s; 0 = what the "
        "encoder makes", 0, G_STRUCT_OFFSET (LiveBitrateSettings, best)},
  [LIVE_BITRATE_FLOOR] = {"min-bitrate", "Minimum bitrate",
        "Lowest bitrate of the video to ask the encoder for, in kbit/s", 300,
      G_STRUCT_OFFSET (LiveBitrateSettings, floor)},
  [LIVE_BITRATE_RECORD_FLOOR] = {"record-floor", "Record floor",
        "Lowest bitrate of the video for a recording that shares the encoder, "
        "in kbit/s; 0 = none", 0,
      G_STRUCT_OFFSET (LiveBitrateSettings, record_floor)},
  [LIVE_BITRATE_UPLINK] = {"uplink-bitrate", "Uplink bitrate",
        "What all destinations together may send, in kbit/s; 0 = not known", 0,
      G_STRUCT_OFFSET (LiveBitrateSettings, uplink)},
};

void
live_bitrate_install_properties (GObjectClass * klass, guint first)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;
  guint i;

  g_object_class_install_property (klass, first + LIVE_BITRATE_ADAPTIVE,
      g_param_spec_boolean ("adaptive", "Adaptive",
          "Whether to ask the encoder for what the destinations can carry",
          TRUE, flags));
  for (i = LIVE_BITRATE_BEST; i < LIVE_BITRATE_PROPERTIES; i++)
    g_object_class_install_property (klass, first + i,
        g_param_spec_uint (rows[i].name, rows[i].nick, rows[i].blurb, 0, MOST,
            rows[i].start, flags));
}

static guint *
number (LiveBitrateSettings * settings, guint which)
{
  return (guint *) ((guint8 *) settings + rows[which].offset);
}

void
live_bitrate_set_property (LiveBitrate * self, guint which,
    const GValue * value)
{
  LiveBitrateSettings settings;

  live_bitrate_get_settings (self, &settings);
  if (which == LIVE_BITRATE_ADAPTIVE)
    settings.adaptive = g_value_get_boolean (value);
  else
    *number (&settings, which) = g_value_get_uint (value);
  live_bitrate_set_settings (self, &settings);
}

void
live_bitrate_get_property (LiveBitrate * self, guint which, GValue * value)
{
  LiveBitrateSettings settings;

  live_bitrate_get_settings (self, &settings);
  if (which == LIVE_BITRATE_ADAPTIVE)
    g_value_set_boolean (value, settings.adaptive);
  else
    g_value_set_uint (value, *number (&settings, which));
}
