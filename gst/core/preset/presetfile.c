/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One preset file: its text becomes an EchoelPreset, or an error that names
 * file, group and key. What may stand in a file is in the tables. */

#include "presetfile.h"

#include <stddef.h>
#include <string.h>

#include "presetcaps.h"
#include "presetvalue.h"

#define GROUP_NAME_TARGET "GStreamer Encoding Target"
#define GROUP_NAME_ECHOEL "echoel"

/* Alternatives have blanks between them. */
#define URL_SCHEMES "rtmp rtmps srt http https"

typedef enum
{
  GROUP_TARGET = 1 << 0,
  GROUP_PROFILE = 1 << 1,
  GROUP_STREAM = 1 << 2,
  GROUP_ECHOEL = 1 << 3
} Group;

/* Short names for the table. */
#define AT(field) ((glong) offsetof (EchoelPreset, field))
#define NOWHERE ECHOEL_PRESET_NOWHERE
#define KEY(type) ECHOEL_PRESET_KEY_##type
#define ANY ECHOEL_USAGE_AUTO
#define LIVE ECHOEL_USAGE_LIVE
#define ALL_STREAMS (GROUP_PROFILE | GROUP_STREAM)

#define MAX_BITRATE 200000      /* kbit/s */
#define MAX_AUDIO_BITRATE 1536  /* kbit/s */
#define MAX_DURATION 604800000  /* ms: a week */
#define MAX_SIZE 8192           /* pixels */
#define MAX_RATE 240            /* frames per second */

#define PRESET_WHY "encodebin would skip every encoder that has no preset of " \
    "this name; leave the key out"

/* *INDENT-OFF* */
static const EchoelPresetKey keys[] = {
  {GROUP_TARGET, "name", KEY (NAMES), 0, 0, NULL, TRUE, ANY, NOWHERE},
  {GROUP_TARGET, "category", KEY (CHOICE), 0, 0, "online-service", TRUE, ANY,
      NOWHERE},
  {GROUP_TARGET, "description", KEY (TEXT), 1, 400, NULL, TRUE, ANY, NOWHERE},

  {GROUP_PROFILE, "name", KEY (CHOICE), 0, 0, "default", TRUE, ANY, NOWHERE},
  {GROUP_PROFILE, "type", KEY (CHOICE), 0, 0, "container", TRUE, ANY, NOWHERE},
  {GROUP_PROFILE, "description", KEY (TEXT), 1, 400, NULL, TRUE, ANY, NOWHERE},

  {GROUP_STREAM, "parent", KEY (CHOICE), 0, 0, "default", TRUE, ANY, NOWHERE},
  {GROUP_STREAM, "type", KEY (CHOICE), 0, 0, "video audio", TRUE, ANY, NOWHERE},
  {GROUP_STREAM, "name", KEY (TEXT), 1, 80, NULL, FALSE, ANY, NOWHERE},
  {GROUP_STREAM, "description", KEY (TEXT), 1, 400, NULL, FALSE, ANY, NOWHERE},
  {GROUP_STREAM, "restriction", KEY (CAPS), 0, 0, NULL, TRUE, ANY, NOWHERE},
  {GROUP_STREAM, "presence", KEY (UINT), 0, 1, NULL, FALSE, ANY, NOWHERE},
  {GROUP_STREAM, "pass", KEY (UINT), 0, 0, NULL, FALSE, ANY, NOWHERE},
  {GROUP_STREAM, "variableframerate", KEY (CHOICE), 0, 0, "false", FALSE, ANY,
      NOWHERE},

  {ALL_STREAMS, "format", KEY (CAPS), 0, 0, NULL, TRUE, ANY, NOWHERE},
  {ALL_STREAMS, "preset", KEY (REFUSED), 0, 0, PRESET_WHY, FALSE, ANY, NOWHERE},

  {GROUP_ECHOEL, "format-version", KEY (UINT), 1, 1, NULL, TRUE, ANY, NOWHERE},
  {GROUP_ECHOEL, "title", KEY (TEXT), 1, 80, NULL, TRUE, ANY, AT (title)},
  {GROUP_ECHOEL, "usage", KEY (USAGE), 0, 0, "export live", TRUE, ANY,
      AT (usage)},
  {GROUP_ECHOEL, "bitrate-kbps", KEY (UINT), 100, MAX_BITRATE, NULL, TRUE, ANY,
      AT (bitrate)},
  {GROUP_ECHOEL, "audio-bitrate-kbps", KEY (UINT), 16, MAX_AUDIO_BITRATE, NULL,
      TRUE, ANY, AT (audio_bitrate)},
  {GROUP_ECHOEL, "keyframe-interval-s", KEY (SECONDS), 100, 60000, NULL, TRUE,
      ANY, AT (keyframe_interval)},
  {GROUP_ECHOEL, "max-duration-s", KEY (SECONDS), 1000, MAX_DURATION, NULL,
      FALSE, ANY, AT (max_duration)},
  {GROUP_ECHOEL, "ingest-url", KEY (URL), 0, 0, URL_SCHEMES, FALSE, LIVE,
      AT (ingest_url)},
  {GROUP_ECHOEL, "source", KEY (TEXT), 1, 400, NULL, TRUE, ANY, AT (source)},

  {GROUP_ECHOEL, "platform-min-duration-s", KEY (SECONDS), 1, MAX_DURATION,
      NULL, FALSE, ANY, AT (platform.min_duration)},
  {GROUP_ECHOEL, "platform-max-duration-s", KEY (SECONDS), 1, MAX_DURATION,
      NULL, FALSE, ANY, AT (platform.max_duration)},
  {GROUP_ECHOEL, "platform-min-width-px", KEY (UINT), 1, MAX_SIZE, NULL, FALSE,
      ANY, AT (platform.min_width)},
  {GROUP_ECHOEL, "platform-max-width-px", KEY (UINT), 1, MAX_SIZE, NULL, FALSE,
      ANY, AT (platform.max_width)},
  {GROUP_ECHOEL, "platform-min-height-px", KEY (UINT), 1, MAX_SIZE, NULL, FALSE,
      ANY, AT (platform.min_height)},
  {GROUP_ECHOEL, "platform-max-height-px", KEY (UINT), 1, MAX_SIZE, NULL, FALSE,
      ANY, AT (platform.max_height)},
  {GROUP_ECHOEL, "platform-min-framerate", KEY (RATE), 1000, MAX_RATE * 1000,
      NULL, FALSE, ANY, AT (platform.min_framerate)},
  {GROUP_ECHOEL, "platform-max-framerate", KEY (RATE), 1000, MAX_RATE * 1000,
      NULL, FALSE, ANY, AT (platform.max_framerate)},
  {GROUP_ECHOEL, "platform-max-bitrate-kbps", KEY (UINT), 100, MAX_BITRATE,
      NULL, FALSE, ANY, AT (platform.max_bitrate)},
  {GROUP_ECHOEL, "platform-max-audio-bitrate-kbps", KEY (UINT), 16,
      MAX_AUDIO_BITRATE, NULL, FALSE, ANY, AT (platform.max_audio_bitrate)},
  {GROUP_ECHOEL, "platform-max-keyframe-interval-s", KEY (SECONDS), 100, 60000,
      NULL, FALSE, ANY, AT (platform.max_keyframe_interval)},
  {GROUP_ECHOEL, "platform-audio-required", KEY (FLAG), 0, 0, "true false",
      FALSE, ANY, AT (platform.audio_required)},
  {GROUP_ECHOEL, "platform-safe-area", KEY (SIDES), 0, 0, NULL, FALSE, ANY,
      AT (platform.safe_area)},
  {GROUP_ECHOEL, "platform-note", KEY (TEXT), 1, 400, NULL, FALSE, ANY,
      AT (platform.note)},
  {GROUP_ECHOEL, "platform-source", KEY (TEXT), 1, 400, NULL, FALSE, ANY,
      AT (platform.source)},
  {GROUP_ECHOEL, "platform-checked", KEY (DATE), 0, 0, NULL, FALSE, ANY,
      AT (platform.checked)},
};

/* The first of each pair must not be above the second. */
static const gchar *const ordered_keys[][2] = {
  {"platform-min-duration-s", "platform-max-duration-s"},
  {"platform-min-width-px", "platform-max-width-px"},
  {"platform-min-height-px", "platform-max-height-px"},
  {"platform-min-framerate", "platform-max-framerate"},
};

static const struct
{
  Group group;
  const gchar *name;            /* whole, or ending in a hyphen: a prefix */
} groups[] = {
  {GROUP_TARGET, GROUP_NAME_TARGET},
  {GROUP_PROFILE, "profile-"},
  {GROUP_STREAM, "streamprofile-"},
  {GROUP_ECHOEL, GROUP_NAME_ECHOEL},
};
/* *INDENT-ON* */

#define GROUPS_ALLOWED "[" GROUP_NAME_TARGET "], one [profile-NAME], two " \
    "[streamprofile-NAME] and [" GROUP_NAME_ECHOEL "]"

typedef struct
{
  GKeyFile *file;
  const gchar *origin;
  EchoelPreset *preset;
  gchar *profile_group, *video_group, *audio_group;
} Reader;

GQuark
echoel_preset_error_quark (void)
{
  return g_quark_from_static_string ("echoel-preset-error-quark");
}

/* Sets the error and returns FALSE; @group and @key may be NULL. Takes the
 * ownership of @why. */
static gboolean
refuse (GError ** error, const gchar * origin, const gchar * group,
    const gchar * key, gchar * why)
{
  gchar *shown_group = group ? echoel_preset_shorten (group) : NULL;
  gchar *shown_key = key ? echoel_preset_shorten (key) : NULL;
  GString *text = g_string_new (origin);

  if (shown_group)
    g_string_append_printf (text, ": [%s]", shown_group);
  if (shown_key)
    g_string_append_printf (text, "%s %s", shown_group ? "" : ":", shown_key);
  g_string_append_printf (text, ": %s", why);
  g_set_error_literal (error, ECHOEL_PRESET_ERROR, ECHOEL_PRESET_ERROR_INVALID,
      text->str);
  g_string_free (text, TRUE);
  g_free (shown_group);
  g_free (shown_key);
  g_free (why);
  return FALSE;
}

/* The text itself: what GKeyFile would let pass or silently merge. */

static gboolean
has_control_characters (const gchar * text)
{
  for (; *text; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    if (c != '\t' && g_unichar_iscntrl (c))
      return TRUE;
  }
  return FALSE;
}

/* A name of the line for messages, e.g. "title" or "line 12". */
static gchar *
name_line (const gchar * line, guint number)
{
  gchar *key = g_strndup (line, strcspn (line, "="));

  g_strstrip (key);
  if (strchr (line, '=') && *key && g_utf8_validate (key, -1, NULL) &&
      !has_control_characters (key))
    return key;
  g_free (key);
  return g_strdup_printf ("line %u", number);
}

/* Returns why the line cannot stand there, or NULL. */
static gchar *
check_line (const gchar * line, const gchar * name, const gchar * group,
    GHashTable * seen)
{
  gchar *entry;

  if (!g_utf8_validate (line, -1, NULL))
    return g_strdup ("is not UTF-8 text");
  if (has_control_characters (line))
    return g_strdup ("holds a control character");
  if (*line == '#' || *line == '\0')
    return NULL;
  entry = *line == '[' ? g_strdup (line) :
      g_strdup_printf ("%s\n%s", group ? group : "", name);
  if (!g_hash_table_add (seen, entry))
    return g_strdup ("is given twice");
  return NULL;
}

static gboolean
check_lines (const gchar * text, const gchar * origin, GError ** error)
{
  gchar **lines = g_strsplit (text, "\n", -1);
  GHashTable *seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gchar *group = NULL;
  gboolean ok = TRUE;
  guint i;

  for (i = 0; ok && lines[i]; i++) {
    const gchar *line = g_strstrip (lines[i]);
    gchar *name = name_line (line, i + 1);
    gchar *why = check_line (line, name, group, seen);

    if (why) {
      ok = refuse (error, origin, group, name, why);
    } else if (*line == '[') {
      g_free (group);
      group = g_strndup (line + 1, strcspn (line + 1, "]"));
    }
    g_free (name);
  }
  g_free (group);
  g_hash_table_unref (seen);
  g_strfreev (lines);
  return ok;
}

static gboolean
check_text (const gchar * data, gsize size, const gchar * origin,
    GError ** error)
{
  gchar *text;
  gboolean ok;

  if (size > ECHOEL_PRESET_FILE_MAX_SIZE)
    return refuse (error, origin, NULL, NULL,
        g_strdup_printf ("is larger than %u KiB, so it is no preset file",
            (guint) (ECHOEL_PRESET_FILE_MAX_SIZE / 1024)));
  if (size == 0)
    return refuse (error, origin, NULL, NULL, g_strdup ("is empty"));
  if (memchr (data, 0, size))
    return refuse (error, origin, NULL, NULL,
        g_strdup ("holds a NUL byte, so it is no text file"));
  text = g_strndup (data, size);
  ok = check_lines (text, origin, error);
  g_free (text);
  return ok;
}

/* Translated keys are kept because GKeyFile drops them unseen otherwise. */
static GKeyFile *
load_key_file (const gchar * data, gsize size, GError ** error)
{
  GKeyFile *file = g_key_file_new ();

  if (size <= ECHOEL_PRESET_FILE_MAX_SIZE && g_key_file_load_from_data (file,
          data, size, G_KEY_FILE_KEEP_TRANSLATIONS, error))
    return file;
  g_key_file_free (file);
  return NULL;
}

/* Keys and groups */

static Group
find_group (const gchar * name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (groups); i++) {
    gboolean prefix = g_str_has_suffix (groups[i].name, "-");

    if (prefix ? g_str_has_prefix (name, groups[i].name) :
        g_str_equal (name, groups[i].name))
      return groups[i].group;
  }
  return 0;
}

/* Programs that write encoding targets add description[de]= and the like. */
static gboolean
is_translated_description (const gchar * name)
{
  return g_str_has_prefix (name, "description[") && g_str_has_suffix (name,
      "]");
}

static const EchoelPresetKey *
find_key (Group group, const gchar * name)
{
  guint i;

  if (group != GROUP_ECHOEL && is_translated_description (name))
    name = "description";
  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    if ((keys[i].groups & group) && g_str_equal (keys[i].name, name))
      return &keys[i];
  return NULL;
}

static gchar *
why_unknown_key (Group group)
{
  GString *why = g_string_new ("is not a known key; allowed: ");
  const gchar *separator = "";
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (!(keys[i].groups & group) || keys[i].type == KEY (REFUSED))
      continue;
    g_string_append_printf (why, "%s%s", separator, keys[i].name);
    separator = ", ";
  }
  return g_string_free (why, FALSE);
}

/* As GStreamer reads them: as written, without escapes. */
static gchar *
get_value (const Reader * reader, const gchar * group, const gchar * key)
{
  gchar *value = g_key_file_get_value (reader->file, group, key, NULL);

  return value ? g_strchomp (value) : NULL;
}

static gboolean
read_key (Reader * reader, const gchar * group, const gchar * name,
    GError ** error)
{
  const EchoelPresetKey *key = find_key (find_group (group), name);
  gchar *text, *why;

  if (!key)
    return refuse (error, reader->origin, group, name,
        why_unknown_key (find_group (group)));
  text = get_value (reader, group, name);
  if (key->type != KEY (REFUSED) && (!text || !*text))
    why = g_strdup ("has no value");
  else
    why = echoel_preset_take_value (key, text, reader->preset);
  g_free (text);
  return why ? refuse (error, reader->origin, group, name, why) : TRUE;
}

static gboolean
read_group (Reader * reader, const gchar * group, GError ** error)
{
  gchar **names = g_key_file_get_keys (reader->file, group, NULL, NULL);
  gboolean ok = TRUE;
  guint i;

  for (i = 0; ok && names && names[i]; i++)
    ok = read_key (reader, group, names[i], error);
  g_strfreev (names);
  return ok;
}

/* What only the whole group can tell: missing keys and keys of the other
 * usage. */
static gboolean
check_group (Reader * reader, const gchar * group, GError ** error)
{
  EchoelUsage usage = reader->preset->usage;
  Group kind = find_group (group);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++) {
    const EchoelPresetKey *key = &keys[i];
    gboolean fits = key->usage == ECHOEL_USAGE_AUTO || key->usage == usage;
    gboolean there = g_key_file_has_key (reader->file, group, key->name, NULL);

    if (!(key->groups & kind))
      continue;
    if (there && !fits)
      return refuse (error, reader->origin, group, key->name,
          g_strdup_printf ("is allowed with usage=%s only",
              key->usage == ECHOEL_USAGE_LIVE ? "live" : "export"));
    if (!there && fits && key->required)
      return refuse (error, reader->origin, group, key->name,
          g_strdup ("is missing"));
  }
  return TRUE;
}

static gchar **
find_stream_slot (Reader * reader, const gchar * group)
{
  gchar *type = get_value (reader, group, "type");
  gchar **slot = g_strcmp0 (type, "audio") == 0 ? &reader->audio_group :
      &reader->video_group;

  g_free (type);
  return slot;
}

/* Remembers which group describes what; each may be there once. */
static gboolean
note_group (Reader * reader, const gchar * group, GError ** error)
{
  gchar **slot;

  switch (find_group (group)) {
    case GROUP_PROFILE:
      slot = &reader->profile_group;
      break;
    case GROUP_STREAM:
      slot = find_stream_slot (reader, group);
      break;
    default:
      return TRUE;
  }
  if (*slot)
    return refuse (error, reader->origin, group, "type",
        g_strdup_printf ("contradicts [%s]; allowed: " GROUPS_ALLOWED
            ", one for video and one for audio", *slot));
  *slot = g_strdup (group);
  return TRUE;
}

static gboolean
read_groups (Reader * reader, GError ** error)
{
  gchar **names = g_key_file_get_groups (reader->file, NULL);
  gboolean ok = TRUE;
  guint i;

  for (i = 0; ok && names[i]; i++) {
    if (find_group (names[i]) == 0)
      ok = refuse (error, reader->origin, names[i], NULL,
          g_strdup ("is not a known group; allowed: " GROUPS_ALLOWED));
    else
      ok = read_group (reader, names[i], error) &&
          note_group (reader, names[i], error);
  }
  for (i = 0; ok && names[i]; i++)
    ok = check_group (reader, names[i], error);
  g_strfreev (names);
  return ok;
}

static gboolean
check_groups_present (Reader * reader, GError ** error)
{
  /* *INDENT-OFF* */
  const struct
  {
    const gchar *name, *what;
    gboolean there;
  } needed[] = {
    {GROUP_NAME_TARGET, "group",
        g_key_file_has_group (reader->file, GROUP_NAME_TARGET)},
    {GROUP_NAME_ECHOEL, "group",
        g_key_file_has_group (reader->file, GROUP_NAME_ECHOEL)},
    {"profile-default", "container profile", reader->profile_group != NULL},
    {"streamprofile-video", "video profile", reader->video_group != NULL},
    {"streamprofile-audio", "audio profile", reader->audio_group != NULL},
  };
  /* *INDENT-ON* */
  guint i;

  for (i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!needed[i].there)
      return refuse (error, reader->origin, needed[i].name, NULL,
          g_strdup_printf ("the %s is missing", needed[i].what));
  return TRUE;
}

static gboolean
read_caps (Reader * reader, const gchar * group, const gchar * key,
    EchoelPresetCaps which, GError ** error)
{
  gchar *text = get_value (reader, group, key);
  gchar *why = echoel_preset_take_caps (which, text, reader->preset);

  g_free (text);
  return why ? refuse (error, reader->origin, group, key, why) : TRUE;
}

static gboolean
read_all_caps (Reader * reader, GError ** error)
{
  return read_caps (reader, reader->profile_group, "format",
      reader->preset->usage == ECHOEL_USAGE_LIVE ? ECHOEL_PRESET_CAPS_LIVE :
      ECHOEL_PRESET_CAPS_EXPORT, error) &&
      read_caps (reader, reader->video_group, "format",
      ECHOEL_PRESET_CAPS_VIDEO, error) &&
      read_caps (reader, reader->video_group, "restriction",
      ECHOEL_PRESET_CAPS_VIDEO_RAW, error) &&
      read_caps (reader, reader->audio_group, "format",
      ECHOEL_PRESET_CAPS_AUDIO, error) &&
      read_caps (reader, reader->audio_group, "restriction",
      ECHOEL_PRESET_CAPS_AUDIO_RAW, error);
}

/* Between keys */

static gdouble
get_number (const EchoelPreset * preset, const EchoelPresetKey * key)
{
  switch (key->type) {
    case KEY (SECONDS):
      return (gdouble) G_STRUCT_MEMBER (GstClockTime, preset, key->to);
    case KEY (RATE):
      return G_STRUCT_MEMBER (gdouble, preset, key->to);
    default:
      return G_STRUCT_MEMBER (guint, preset, key->to);
  }
}

static gboolean
check_order (Reader * reader, GError ** error)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (ordered_keys); i++) {
    const EchoelPresetKey *low = find_key (GROUP_ECHOEL, ordered_keys[i][0]);
    const EchoelPresetKey *high = find_key (GROUP_ECHOEL, ordered_keys[i][1]);
    gdouble max = get_number (reader->preset, high);

    if (max > 0 && get_number (reader->preset, low) > max)
      return refuse (error, reader->origin, GROUP_NAME_ECHOEL, low->name,
          g_strdup_printf ("is above %s", high->name));
  }
  return TRUE;
}

/* A fact about a platform is worth nothing without where and when. */
static gboolean
check_facts_sourced (Reader * reader, GError ** error)
{
  gchar **names =
      g_key_file_get_keys (reader->file, GROUP_NAME_ECHOEL, NULL, NULL);
  const EchoelPlatformRules *platform = &reader->preset->platform;
  gboolean facts = FALSE;
  guint i;

  for (i = 0; names[i]; i++)
    facts |= g_str_has_prefix (names[i], "platform-");
  g_strfreev (names);
  if (facts && (!platform->source || !platform->checked))
    return refuse (error, reader->origin, GROUP_NAME_ECHOEL,
        platform->source ? "platform-checked" : "platform-source",
        g_strdup ("is missing; every platform- key needs it"));
  return TRUE;
}

static gboolean
read_preset (Reader * reader, GError ** error)
{
  return read_groups (reader, error) && check_groups_present (reader, error) &&
      read_all_caps (reader, error) && check_order (reader, error) &&
      check_facts_sourced (reader, error);
}

static EchoelPreset *
new_preset (const gchar * origin)
{
  EchoelPreset *preset = g_new0 (EchoelPreset, 1);

  preset->origin = g_strdup (origin);
  preset->max_duration = GST_CLOCK_TIME_NONE;
  return preset;
}

EchoelPreset *
echoel_preset_parse (const gchar * data, gsize size, const gchar * origin,
    GError ** error)
{
  Reader reader = { NULL };
  GError *broken = NULL;

  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (origin != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_text (data, size, origin, error))
    return NULL;
  reader.origin = origin;
  reader.file = load_key_file (data, size, &broken);
  if (!reader.file) {
    refuse (error, origin, NULL, NULL, g_strdup (broken->message));
    g_error_free (broken);
    return NULL;
  }
  reader.preset = new_preset (origin);
  if (!read_preset (&reader, error))
    g_clear_pointer (&reader.preset, echoel_preset_free);
  g_key_file_free (reader.file);
  g_free (reader.profile_group);
  g_free (reader.video_group);
  g_free (reader.audio_group);
  return reader.preset;
}

gboolean
echoel_preset_file_is_plain (const gchar * data, gsize size)
{
  GKeyFile *file = load_key_file (data, size, NULL);
  gboolean plain = file && g_key_file_has_group (file, GROUP_NAME_TARGET) &&
      !g_key_file_has_group (file, GROUP_NAME_ECHOEL);

  if (file)
    g_key_file_free (file);
  return plain;
}

gchar **
echoel_preset_file_names (const gchar * data, gsize size)
{
  GKeyFile *file = load_key_file (data, size, NULL);
  gchar *text = file ? g_key_file_get_value (file, GROUP_NAME_TARGET, "name",
      NULL) : NULL;
  gchar **names = text ? g_strsplit (g_strchomp (text), ";", -1) : NULL;

  g_free (text);
  if (file)
    g_key_file_free (file);
  return names;
}
