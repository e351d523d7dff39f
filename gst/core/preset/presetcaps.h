/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The caps in a preset file. Private to the preset reader. */
#pragma once

#include "preset.h"

G_BEGIN_DECLS

/* In the order in which they must be taken, so that each can be checked
 * against those before. */
typedef enum
{
  ECHOEL_PRESET_CAPS_EXPORT,    /* container for export */
  ECHOEL_PRESET_CAPS_LIVE,      /* container for live */
  ECHOEL_PRESET_CAPS_VIDEO,     /* encoded video */
  ECHOEL_PRESET_CAPS_VIDEO_RAW,
  ECHOEL_PRESET_CAPS_AUDIO,     /* encoded audio */
  ECHOEL_PRESET_CAPS_AUDIO_RAW
} EchoelPresetCaps;

/* Stores what the untrusted @text says in @preset. Returns: (transfer full)
 * (nullable): why it cannot, or NULL. */
gchar *echoel_preset_take_caps (EchoelPresetCaps which, const gchar * text,
    EchoelPreset * preset);

G_END_DECLS
