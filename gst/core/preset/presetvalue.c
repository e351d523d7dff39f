/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values in a preset file, one function for each type of key. */

#include "presetvalue.h"

#include <string.h>

/* Long values are cut in messages, counted in characters. */
#define SHOWN_LENGTH 48

/* Query parameters with such names carry what must stay secret. */
static const gchar *const secret_names[] = {
  "key", "token", "secret", "pass", "auth", "sig", "stream", "cid", "user"
};

/* Longer values of a query parameter, or longer parts of a path that hold a
 * digit, are taken for a stream key. */
#define LONGEST_QUERY_VALUE 8
#define LONGEST_PATH_PART 15

gchar *
echoel_preset_format_thousandths (guint64 thousandths)
{
  gchar *text = g_strdup_printf ("%" G_GUINT64_FORMAT ".%03u",
      thousandths / 1000, (guint) (thousandths % 1000));
  gsize length = strlen (text);

  while (text[length - 1] == '0')
    length--;
  if (text[length - 1] == '.')
    length--;
  text[length] = '\0';
  return text;
}

gchar *
echoel_preset_shorten (const gchar * text)
{
  gchar *start, *cut;

  if (g_utf8_strlen (text, -1) <= SHOWN_LENGTH)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, SHOWN_LENGTH);
  cut = g_strconcat (start, "...", NULL);
  g_free (start);
  return cut;
}

gboolean
echoel_preset_is_one_of (const gchar * words, const gchar * text)
{
  gchar **list = g_strsplit (words, " ", -1);
  gboolean found = g_strv_contains ((const gchar * const *) list, text);

  g_strfreev (list);
  return found;
}

gchar *
echoel_preset_why_not_one_of (const gchar * words, const gchar * text)
{
  gchar *shown = echoel_preset_shorten (text);
  gchar **list = g_strsplit (words, " ", -1);
  gchar *choices = g_strjoinv (", ", list);
  gchar *why = g_strdup_printf ("\"%s\" is not allowed here; allowed: %s",
      shown, choices);

  g_free (shown);
  g_strfreev (list);
  g_free (choices);
  return why;
}

/* Digits with at most @places behind a point, times ten to the @places: no
 * sign, exponent or locale, and no silent overflow. */
static gboolean
read_decimal (const gchar * text, guint places, guint64 * value)
{
  gint behind = -1;
  guint64 sum = 0;
  const gchar *p;

  for (p = text; *p; p++) {
    if (*p == '.' && behind < 0 && places > 0 && p > text && p[1]) {
      behind = 0;
      continue;
    }
    if (!g_ascii_isdigit (*p) || behind == (gint) places ||
        !g_uint64_checked_mul (&sum, sum, 10) ||
        !g_uint64_checked_add (&sum, sum, *p - '0'))
      return FALSE;
    if (behind >= 0)
      behind++;
  }
  for (behind = MAX (behind, 0); behind < (gint) places; behind++)
    if (!g_uint64_checked_mul (&sum, sum, 10))
      return FALSE;
  *value = sum;
  return p > text;
}

static gchar *
why_not_a_number (const EchoelPresetKey * key, const gchar * text, guint places)
{
  guint64 scale = places ? 1 : 1000;
  gchar *min = echoel_preset_format_thousandths (key->min * scale);
  gchar *max = echoel_preset_format_thousandths (key->max * scale);
  gchar *shown = echoel_preset_shorten (text);
  gchar *why = g_strdup_printf ("\"%s\" is not a %s from %s to %s", shown,
      places ? "number with at most three decimals" : "whole number", min, max);

  g_free (min);
  g_free (max);
  g_free (shown);
  return why;
}

/* One function a key type: stores the value, or returns why it cannot. */

static gchar *
take_uint (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  guint64 value;

  if (!read_decimal (text, 0, &value) || value < key->min || value > key->max)
    return why_not_a_number (key, text, 0);
  if (key->to != ECHOEL_PRESET_NOWHERE)
    G_STRUCT_MEMBER (guint, preset, key->to) = (guint) value;
  return NULL;
}

static gchar *
take_seconds (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  guint64 ms, ns;

  if (!read_decimal (text, 3, &ms) || ms < key->min || ms > key->max ||
      !g_uint64_checked_mul (&ns, ms, GST_MSECOND))
    return why_not_a_number (key, text, 3);
  G_STRUCT_MEMBER (GstClockTime, preset, key->to) = ns;
  return NULL;
}

static gchar *
take_rate (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  guint64 value;

  if (!read_decimal (text, 3, &value) || value < key->min || value > key->max)
    return why_not_a_number (key, text, 3);
  G_STRUCT_MEMBER (gdouble, preset, key->to) = value / 1000.0;
  return NULL;
}

/* Top, right, bottom and left; of two that face each other something is left
 * in the middle. */
static gchar *
take_sides (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  gchar **parts = g_strsplit (text, ";", -1), *shown, *why;
  EchoelSides *sides = &G_STRUCT_MEMBER (EchoelSides, preset, key->to);
  gdouble *const to[] = { &sides->top, &sides->right, &sides->bottom,
    &sides->left
  };
  guint64 value[G_N_ELEMENTS (to)] = { 0, };
  gboolean ok = g_strv_length (parts) == G_N_ELEMENTS (to);
  guint i;

  for (i = 0; ok && i < G_N_ELEMENTS (to); i++)
    ok = read_decimal (parts[i], 3, &value[i]) && value[i] < 1000;
  for (i = 0; ok && i < G_N_ELEMENTS (to); i++)
    *to[i] = value[i] / 1000.0;
  g_strfreev (parts);
  if (ok && value[0] + value[2] < 1000 && value[1] + value[3] < 1000)
    return NULL;
  shown = echoel_preset_shorten (text);
  why = g_strdup_printf ("\"%s\" is not TOP;RIGHT;BOTTOM;LEFT, each a fraction "
      "of the picture below 1 with at most three decimals, and something left "
      "in the middle", shown);
  g_free (shown);
  return why;
}

static gchar *
take_choice (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  return echoel_preset_is_one_of (key->allowed, text) ? NULL :
      echoel_preset_why_not_one_of (key->allowed, text);
}

static gchar *
take_flag (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  if (!echoel_preset_is_one_of (key->allowed, text))
    return echoel_preset_why_not_one_of (key->allowed, text);
  G_STRUCT_MEMBER (gboolean, preset, key->to) = g_str_equal (text, "true");
  return NULL;
}

static gchar *
take_usage (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  if (!echoel_preset_is_one_of (key->allowed, text))
    return echoel_preset_why_not_one_of (key->allowed, text);
  preset->usage = g_str_equal (text, "live") ? ECHOEL_USAGE_LIVE :
      ECHOEL_USAGE_EXPORT;
  return NULL;
}

static gchar *
keep_text (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  if (key->to != ECHOEL_PRESET_NOWHERE) {
    g_free (G_STRUCT_MEMBER (gchar *, preset, key->to));
    G_STRUCT_MEMBER (gchar *, preset, key->to) = g_strdup (text);
  }
  return NULL;
}

static gchar *
take_text (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  glong length = g_utf8_strlen (text, -1);

  if (length < (glong) key->min || length > (glong) key->max)
    return g_strdup_printf ("has %ld characters; allowed: %u to %u", length,
        (guint) key->min, (guint) key->max);
  return keep_text (key, text, preset);
}

static gchar *
take_date (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  guint64 year, month, day;
  gchar **parts = g_strsplit (text, "-", -1);
  gboolean ok = strlen (text) == strlen ("YYYY-MM-DD") &&
      g_strv_length (parts) == 3 && strlen (parts[0]) == 4 &&
      strlen (parts[1]) == 2 && read_decimal (parts[0], 0, &year) &&
      read_decimal (parts[1], 0, &month) && read_decimal (parts[2], 0, &day) &&
      g_date_valid_dmy (day, month, year);

  g_strfreev (parts);
  if (!ok) {
    gchar *shown = echoel_preset_shorten (text);
    gchar *why = g_strdup_printf ("\"%s\" is not a day as YYYY-MM-DD", shown);

    g_free (shown);
    return why;
  }
  return keep_text (key, text, preset);
}

/* The rule of GStreamer's encoding targets. */
static gboolean
is_name (const gchar * text)
{
  if (!g_ascii_islower (*text))
    return FALSE;
  for (; *text; text++)
    if (!g_ascii_islower (*text) && !g_ascii_isdigit (*text) && *text != '-')
      return FALSE;
  return TRUE;
}

static gchar *
take_names (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  gchar **names = g_strsplit (text, ";", -1);
  guint i;

  for (i = 0; names[i]; i++) {
    if (!is_name (names[i])) {
      gchar *shown = echoel_preset_shorten (names[i]);
      gchar *why = g_strdup_printf ("\"%s\" is no name; allowed: a lower case "
          "letter, then lower case letters, digits and hyphens, with ; between "
          "several names", shown);

      g_free (shown);
      g_strfreev (names);
      return why;
    }
  }
  g_strfreev (preset->names);
  preset->names = names;
  g_free (preset->id);
  preset->id = g_strdup (names[0]);
  return NULL;
}

static gboolean
is_secret_parameter (const gchar * parameter)
{
  const gchar *value = strchr (parameter, '=');
  gchar *name = g_ascii_strdown (parameter, value ? value - parameter : -1);
  gboolean secret = !value || strlen (value + 1) > LONGEST_QUERY_VALUE;
  guint i;

  for (i = 0; !secret && i < G_N_ELEMENTS (secret_names); i++)
    secret = strstr (name, secret_names[i]) != NULL;
  g_free (name);
  return secret;
}

static gboolean
is_secret_path_part (const gchar * part)
{
  return strlen (part) > LONGEST_PATH_PART &&
      part[strcspn (part, "0123456789")] != '\0';
}

/* Whether any of the parts of @text between the characters in @separators is
 * secret. */
static gboolean
any_part (const gchar * text, const gchar * separators,
    gboolean (*is_secret) (const gchar * part))
{
  gchar **parts = g_strsplit_set (text ? text : "", separators, -1);
  gboolean found = FALSE;
  guint i;

  for (i = 0; !found && parts[i]; i++)
    found = *parts[i] && is_secret (parts[i]);
  g_strfreev (parts);
  return found;
}

/* Messages never quote the address: it may hold somebody's key. */
static gchar *
take_url (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  GUri *uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  gchar *why = NULL;

  if (!uri || !g_uri_get_host (uri) || !*g_uri_get_host (uri) ||
      !echoel_preset_is_one_of (key->allowed, g_uri_get_scheme (uri)))
    why = g_strdup_printf ("is not an address SCHEME://HOST/PATH with a scheme "
        "of: %s", key->allowed);
  else if (g_uri_get_userinfo (uri))
    why = g_strdup ("holds a user name or a password; a preset file must not");
  else if (g_uri_get_fragment (uri)
      || any_part (g_uri_get_query (uri), "&;", is_secret_parameter)
      || any_part (g_uri_get_path (uri), "/", is_secret_path_part))
    why = g_strdup ("seems to hold a stream key; allowed: the address alone, "
        "the key belongs to the destination");
  if (uri)
    g_uri_unref (uri);
  return why ? why : keep_text (key, text, preset);
}

static gchar *
take_later (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  return NULL;
}

static gchar *
take_nothing (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  return g_strdup_printf ("is not allowed: %s", key->allowed);
}

/* *INDENT-OFF* */
static gchar *(*const takers[ECHOEL_PRESET_N_KEY_TYPES])
    (const EchoelPresetKey * key, const gchar * text, EchoelPreset * preset) = {
  [ECHOEL_PRESET_KEY_UINT] = take_uint,
  [ECHOEL_PRESET_KEY_SECONDS] = take_seconds,
  [ECHOEL_PRESET_KEY_RATE] = take_rate,
  [ECHOEL_PRESET_KEY_FLAG] = take_flag,
  [ECHOEL_PRESET_KEY_TEXT] = take_text,
  [ECHOEL_PRESET_KEY_NAMES] = take_names,
  [ECHOEL_PRESET_KEY_CHOICE] = take_choice,
  [ECHOEL_PRESET_KEY_USAGE] = take_usage,
  [ECHOEL_PRESET_KEY_DATE] = take_date,
  [ECHOEL_PRESET_KEY_URL] = take_url,
  [ECHOEL_PRESET_KEY_SIDES] = take_sides,
  [ECHOEL_PRESET_KEY_CAPS] = take_later,
  [ECHOEL_PRESET_KEY_REFUSED] = take_nothing,
};
/* *INDENT-ON* */

gchar *
echoel_preset_take_value (const EchoelPresetKey * key, const gchar * text,
    EchoelPreset * preset)
{
  return takers[key->type] (key, text, preset);
}
