/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The value of one key of a preset file, and the words for messages about it.
 * Texts are valid UTF-8. Private to the preset reader. */
#pragma once

#include "preset.h"

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_PRESET_KEY_UINT,          /* whole number, into a guint */
  ECHOEL_PRESET_KEY_SECONDS,       /* thousandths, into a GstClockTime */
  ECHOEL_PRESET_KEY_RATE,          /* thousandths, into a gdouble */
  ECHOEL_PRESET_KEY_FLAG,          /* true or false, into a gboolean */
  ECHOEL_PRESET_KEY_TEXT,          /* into a string */
  ECHOEL_PRESET_KEY_NAMES,         /* id and aliases */
  ECHOEL_PRESET_KEY_CHOICE,        /* one of the words in allowed */
  ECHOEL_PRESET_KEY_USAGE,         /* as CHOICE, into an EchoelUsage */
  ECHOEL_PRESET_KEY_DATE,          /* YYYY-MM-DD, into a string */
  ECHOEL_PRESET_KEY_URL,           /* into a string; never shown */
  ECHOEL_PRESET_KEY_SIDES,         /* thousandths, into an EchoelSides */
  ECHOEL_PRESET_KEY_CAPS,          /* taken by presetcaps.h */
  ECHOEL_PRESET_KEY_REFUSED,       /* never allowed */
  ECHOEL_PRESET_N_KEY_TYPES
} EchoelPresetKeyType;

/* A value that is checked but not kept. */
#define ECHOEL_PRESET_NOWHERE (-1)

typedef struct
{
  guint groups;                 /* bits: where the key may stand */
  const gchar *name;
  EchoelPresetKeyType type;
  guint64 min, max;             /* in units of the type */
  const gchar *allowed;         /* choices, or why the key is refused */
  gboolean required;
  EchoelUsage usage;            /* AUTO: both */
  glong to;                     /* offset in EchoelPreset, or NOWHERE */
} EchoelPresetKey;

/* Stores the value of @key in @preset. Returns: (transfer full) (nullable):
 * why it cannot, or NULL. */
gchar *echoel_preset_take_value (const EchoelPresetKey * key,
    const gchar * text, EchoelPreset * preset);

/* Returns: (transfer full): @text, cut when it is long. */
gchar *echoel_preset_shorten (const gchar * text);

/* Returns: whether @text is one of @words, which have blanks between them. */
gboolean echoel_preset_is_one_of (const gchar * words, const gchar * text);

/* Returns: (transfer full): that @text is none of @words. */
gchar *echoel_preset_why_not_one_of (const gchar * words, const gchar * text);

/* Returns: (transfer full): @thousandths as a decimal number without needless
 * digits: 4500 gives "4.5" in every locale. */
gchar *echoel_preset_format_thousandths (guint64 thousandths);

G_END_DECLS
