/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The writable properties of echoelpreset and what they are set to. The
 * caller locks. */
#pragma once

#include "durationguard.h"
#include "encodeplan.h"

G_BEGIN_DECLS

enum
{
  PRESET_PROP_0,
  PRESET_PROP_PLATFORM,
  PRESET_PROP_USAGE,
  PRESET_PROP_ENCODER,
  PRESET_PROP_FORMAT,
  PRESET_PROP_RESOLUTION,
  PRESET_PROP_FRAMERATE,
  PRESET_PROP_BITRATE,
  PRESET_PROP_QUALITY,
  PRESET_PROP_MAX_DURATION,
  PRESET_PROP_DURATION_POLICY,
  PRESET_PROP_N_THREADS,
  PRESET_PROP_ACTIVE_ENCODER,
  PRESET_PROP_STATS
};

typedef struct
{
  gchar *platform;
  gchar *encoder;
  gchar *format;
  gchar *resolution;
  EchoelOverrides overrides;    /* its strings are those above */
  DurationPolicy duration_policy;
} PresetSettings;

void preset_settings_init (PresetSettings * settings);
void preset_settings_clear (PresetSettings * settings);

/* Makes @to, which holds nothing, a deep copy of @from. */
void preset_settings_copy (PresetSettings * to, const PresetSettings * from);

/* Return whether @id is one of these properties. */
gboolean preset_settings_set (PresetSettings * settings, guint id,
    const GValue * value);
gboolean preset_settings_get (const PresetSettings * settings, guint id,
    GValue * value);

/* Installs every property, the read-only ones too. */
void preset_settings_install (GObjectClass * object_class);

G_END_DECLS
