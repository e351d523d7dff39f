/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The caps in a preset file: which fields they may have, and what becomes of
 * them. */

#include "presetcaps.h"

#include <stddef.h>
#include <string.h>

#include "presetvalue.h"

/* What caps may be made of here. */
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define VALUE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_./:" NAME_CHARACTERS

#define MAX_SIZE 8192           /* pixels */
#define MAX_RATE 240            /* frames per second */

/* In the tables below, alternatives have blanks between them. A value is kept
 * by the first field that has it; the next must agree. */
typedef struct _Field Field;
typedef gchar *(*TakeField) (const Field * field, const GstStructure * caps,
    EchoelPreset * preset);

struct _Field
{
  const gchar *name;            /* NULL ends a table */
  TakeField take;               /* returns why not, or NULL */
  gboolean required;
  const gchar *allowed;
  gint min, max, step;
  glong to;                     /* offset in EchoelPreset, or NOWHERE */
};

#define AT(field) ((glong) offsetof (EchoelPreset, field))
#define NOWHERE ECHOEL_PRESET_NOWHERE

/* *INDENT-OFF* */
static const struct
{
  const gchar *media, *profile, *name;
  const gchar *raw;             /* the pixel formats that can carry it */
} video_formats[] = {
  {"video/x-h264", "constrained-baseline", "h264-baseline", "I420"},
  {"video/x-h264", "baseline", "h264-baseline", "I420"},
  {"video/x-h264", "main", "h264-main", "I420"},
  {"video/x-h264", "high", "h264-high", "I420"},
  {"video/x-h265", "main", "hevc-main", "I420"},
  {"video/x-h265", "main-10", "hevc-main10", "I420_10LE P010_10LE"},
};
/* *INDENT-ON* */

#define VIDEO_FORMATS_ALLOWED "video/x-h264 with profile " \
    "constrained-baseline, baseline, main or high, or video/x-h265 with " \
    "profile main or main-10"

/* fps_d is written through the offset of fps_n. */
G_STATIC_ASSERT (offsetof (EchoelPreset, fps_d) ==
    offsetof (EchoelPreset, fps_n) + sizeof (guint));

static gchar *
take_int (const Field * field, const GstStructure * caps, EchoelPreset * preset)
{
  gint number = -1;
  guint *kept;

  gst_structure_get_int (caps, field->name, &number);
  if (number < field->min || number > field->max || number % field->step)
    return g_strdup_printf ("must be one %s number from %d to %d",
        field->step == 2 ? "even" : "whole", field->min, field->max);
  if (field->to == NOWHERE)
    return NULL;
  kept = &G_STRUCT_MEMBER (guint, preset, field->to);
  if (*kept && *kept != (guint) number)
    return g_strdup_printf ("contradicts the format, which says %u", *kept);
  *kept = number;
  return NULL;
}

static gchar *
take_rate (const Field * field, const GstStructure * caps,
    EchoelPreset * preset)
{
  guint *kept = &G_STRUCT_MEMBER (guint, preset, field->to);
  gint n = 0, d = 1;

  gst_structure_get_fraction (caps, field->name, &n, &d);
  if (d <= 0 || n < (gint64) field->min * d || n > (gint64) field->max * d)
    return g_strdup_printf ("must be one fraction such as 30/1, from %d/1 to "
        "%d/1", field->min, field->max);
  if (kept[0] && (kept[0] != (guint) n || kept[1] != (guint) d))
    return g_strdup_printf ("contradicts the format, which says %u/%u",
        kept[0], kept[1]);
  kept[0] = n;
  kept[1] = d;
  return NULL;
}

static gchar *
take_square (const Field * field, const GstStructure * caps,
    EchoelPreset * preset)
{
  gint n = 0, d = 0;

  gst_structure_get_fraction (caps, field->name, &n, &d);
  return n == 1 && d == 1 ? NULL : g_strdup ("must be 1/1");
}

static gchar *
take_word (const Field * field, const GstStructure * caps,
    EchoelPreset * preset)
{
  const gchar *text = gst_structure_get_string (caps, field->name);

  if (!text)
    return g_strdup ("must be one word");
  return echoel_preset_is_one_of (field->allowed, text) ? NULL :
      echoel_preset_why_not_one_of (field->allowed, text);
}

static gchar *
take_profile (const Field * field, const GstStructure * caps,
    EchoelPreset * preset)
{
  const gchar *profile = gst_structure_get_string (caps, field->name);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (video_formats); i++) {
    if (!gst_structure_has_name (caps, video_formats[i].media) ||
        g_strcmp0 (profile, video_formats[i].profile) != 0)
      continue;
    g_free (preset->video_format);
    preset->video_format = g_strdup (video_formats[i].name);
    return NULL;
  }
  return g_strdup ("is no known codec and profile; allowed: "
      VIDEO_FORMATS_ALLOWED);
}

/* The pixel format must be one that the codec and profile can carry. */
static gchar *
take_pixels (const Field * field, const GstStructure * caps,
    EchoelPreset * preset)
{
  Field words = *field;
  guint i = 0;

  while (g_strcmp0 (video_formats[i].name, preset->video_format) != 0)
    i++;
  words.allowed = video_formats[i].raw;
  return take_word (&words, caps, preset);
}

/* *INDENT-OFF* */
static const Field container[] = {
  {"variant", take_word, FALSE, "iso", 0, 0, 0, NOWHERE},
  {NULL}
};

static const Field live_container[] = {
  {NULL}
};

static const Field video[] = {
  {"profile", take_profile, TRUE, NULL, 0, 0, 0, NOWHERE},
  {"width", take_int, FALSE, NULL, 16, MAX_SIZE, 2, AT (width)},
  {"height", take_int, FALSE, NULL, 16, MAX_SIZE, 2, AT (height)},
  {"framerate", take_rate, FALSE, NULL, 1, MAX_RATE, 0, AT (fps_n)},
  {NULL}
};

static const Field raw_video[] = {
  {"format", take_pixels, TRUE, NULL, 0, 0, 0, NOWHERE},
  {"width", take_int, TRUE, NULL, 16, MAX_SIZE, 2, AT (width)},
  {"height", take_int, TRUE, NULL, 16, MAX_SIZE, 2, AT (height)},
  {"framerate", take_rate, TRUE, NULL, 1, MAX_RATE, 0, AT (fps_n)},
  {"pixel-aspect-ratio", take_square, TRUE, NULL, 0, 0, 0, NOWHERE},
  {"interlace-mode", take_word, TRUE, "progressive", 0, 0, 0, NOWHERE},
  {"colorimetry", take_word, TRUE, "bt709", 0, 0, 0, NOWHERE},
  {NULL}
};

static const Field audio[] = {
  {"mpegversion", take_int, TRUE, NULL, 4, 4, 1, NOWHERE},
  {"base-profile", take_word, TRUE, "lc", 0, 0, 0, NOWHERE},
  {"rate", take_int, FALSE, NULL, 8000, 96000, 1, AT (audio_rate)},
  {"channels", take_int, FALSE, NULL, 1, 8, 1, AT (audio_channels)},
  {NULL}
};

static const Field raw_audio[] = {
  {"rate", take_int, TRUE, NULL, 8000, 96000, 1, AT (audio_rate)},
  {"channels", take_int, TRUE, NULL, 1, 8, 1, AT (audio_channels)},
  {NULL}
};

static const struct
{
  const gchar *media;
  const Field *fields;
} rules[] = {
  [ECHOEL_PRESET_CAPS_EXPORT] = {"video/quicktime", container},
  [ECHOEL_PRESET_CAPS_LIVE] = {"video/x-flv video/mpegts", live_container},
  [ECHOEL_PRESET_CAPS_VIDEO] = {"video/x-h264 video/x-h265", video},
  [ECHOEL_PRESET_CAPS_VIDEO_RAW] = {"video/x-raw", raw_video},
  [ECHOEL_PRESET_CAPS_AUDIO] = {"audio/mpeg", audio},
  [ECHOEL_PRESET_CAPS_AUDIO_RAW] = {"audio/x-raw", raw_audio},
};
/* *INDENT-ON* */

static gchar *
why_unknown_field (const Field * fields, const gchar * name)
{
  GString *why = g_string_new (NULL);
  gchar *shown = echoel_preset_shorten (name);

  g_string_printf (why, "%s: is not a known field; allowed:", shown);
  g_free (shown);
  for (; fields->name; fields++)
    g_string_append_printf (why, " %s", fields->name);
  return g_string_free (why, FALSE);
}

static gchar *
check_field_names (const GstStructure * caps, const Field * fields)
{
  gint i;

  for (i = 0; i < gst_structure_n_fields (caps); i++) {
    const gchar *name = gst_structure_nth_field_name (caps, i);
    const Field *field = fields;

    while (field->name && !g_str_equal (field->name, name))
      field++;
    if (!field->name)
      return why_unknown_field (fields, name);
  }
  return NULL;
}

static gchar *
read_fields (const GstStructure * caps, const Field * fields,
    EchoelPreset * preset)
{
  gchar *why = check_field_names (caps, fields);

  for (; !why && fields->name; fields++) {
    gboolean there = gst_structure_has_field (caps, fields->name);
    gchar *reason = NULL;

    if (there)
      reason = fields->take (fields, caps, preset);
    else if (fields->required)
      reason = g_strdup ("is missing");
    if (reason)
      why = g_strconcat (fields->name, ": ", reason, NULL);
    g_free (reason);
  }
  return why;
}

/* NAME=VALUE with one plain value, whose type may be given. */
static gboolean
is_plain_field (const gchar * text)
{
  static const gchar *const types[] = { "(int)", "(string)", "(fraction)" };
  gsize length = strspn (text, NAME_CHARACTERS);
  guint i;

  if (length == 0 || text[length] != '=')
    return FALSE;
  text += length + 1;
  for (i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_prefix (text, types[i])) {
      text += strlen (types[i]);
      break;
    }
  return *text && text[strspn (text, VALUE_CHARACTERS)] == '\0';
}

/* GStreamer's own parser reports some mistakes as programming errors, and
 * silently takes the last of a field given twice: it gets nothing but what
 * passes here. */
static gchar *
check_caps_text (const gchar * text, const gchar * media)
{
  gchar **parts = g_strsplit (text, ",", -1);
  gchar *why = NULL;
  guint i;

  if (!echoel_preset_is_one_of (media, g_strstrip (parts[0])))
    why = echoel_preset_why_not_one_of (media, parts[0]);
  for (i = 1; !why && parts[i]; i++)
    if (!is_plain_field (g_strstrip (parts[i]))) {
      gchar *shown = echoel_preset_shorten (parts[i]);

      why = g_strdup_printf ("\"%s\" is not a field; allowed: NAME=VALUE with "
          "one value", shown);
      g_free (shown);
    }
  g_strfreev (parts);
  return why;
}

static gint
count_fields (const gchar * text)
{
  gint n = 0;

  for (; *text; text++)
    n += *text == '=';
  return n;
}

gchar *
echoel_preset_take_caps (EchoelPresetCaps which, const gchar * text,
    EchoelPreset * preset)
{
  gchar *why = check_caps_text (text, rules[which].media);
  GstCaps *caps = why ? NULL : gst_caps_from_string (text);
  const GstStructure *structure;

  if (why)
    return why;
  if (!caps || gst_caps_get_size (caps) != 1) {
    gst_clear_caps (&caps);
    return g_strdup ("cannot be parsed as caps");
  }
  structure = gst_caps_get_structure (caps, 0);
  if (gst_structure_n_fields (structure) != count_fields (text))
    why = g_strdup ("gives a field twice");
  else
    why = read_fields (structure, rules[which].fields, preset);
  gst_caps_unref (caps);
  return why;
}
