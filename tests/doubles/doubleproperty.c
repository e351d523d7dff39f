/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doubleproperty.h"

#include <string.h>

enum
{ KIND, LOW, HIGH, INITIAL, FLAGS, NICKS, N_FIELDS };

static GParamFlags
read_flags (const gchar * text)
{
  GParamFlags flags = G_PARAM_READWRITE;

  if (strstr (text, "PLAYING") != NULL)
    flags |= GST_PARAM_MUTABLE_PLAYING;
  else if (strstr (text, "READY") != NULL)
    flags |= GST_PARAM_MUTABLE_READY;
  if (strstr (text, "conditional") != NULL)
    flags |= GST_PARAM_CONDITIONALLY_AVAILABLE;
  return flags;
}

DoubleProperty *
double_property_read (GKeyFile * facts, const gchar * group,
    gboolean conditional, guint * n)
{
  gchar **keys = g_key_file_get_keys (facts, group, NULL, NULL);
  DoubleProperty *properties = g_new0 (DoubleProperty, g_strv_length (keys));
  guint i;

  *n = 0;
  for (i = 0; keys[i] != NULL; i++) {
    DoubleProperty *property = &properties[*n];
    gchar *text, **fields;

    if (keys[i][0] == '@')
      continue;
    text = g_key_file_get_value (facts, group, keys[i], NULL);
    fields = g_strsplit (text, "|", N_FIELDS);
    g_assert (g_strv_length (fields) == N_FIELDS);
    property->flags = read_flags (fields[FLAGS]);
    if (conditional || !(property->flags & GST_PARAM_CONDITIONALLY_AVAILABLE)) {
      property->name = g_strdup (keys[i]);
      property->kind = g_strdup (fields[KIND]);
      property->low = g_strdup (fields[LOW]);
      property->high = g_strdup (fields[HIGH]);
      property->initial = g_strdup (fields[INITIAL]);
      property->nicks = g_strsplit (fields[NICKS], "/", -1);
      (*n)++;
    }
    g_strfreev (fields);
    g_free (text);
  }
  g_strfreev (keys);
  return properties;
}

/* One type for each list of nicks. */
static GType
nick_type (const DoubleProperty * property, gboolean flags)
{
  gchar *all = g_strjoinv ("-", property->nicks);
  gchar *name = g_strdup_printf ("GstDouble%s-%s", flags ? "Flags" : "Enum",
      all);
  guint i, n = g_strv_length (property->nicks);
  GType type;

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-", '_');
  type = g_type_from_name (name);
  if (type == 0 && flags) {
    GFlagsValue *values = g_new0 (GFlagsValue, n + 1);

    for (i = 0; i < n; i++) {
      values[i].value = 1u << i;
      values[i].value_name = values[i].value_nick =
          g_strdup (property->nicks[i]);
    }
    type = g_flags_register_static (name, values);
  } else if (type == 0) {
    GEnumValue *values = g_new0 (GEnumValue, n + 1);

    for (i = 0; i < n; i++) {
      values[i].value = (gint) i;
      values[i].value_name = values[i].value_nick =
          g_strdup (property->nicks[i]);
    }
    type = g_enum_register_static (name, values);
  }
  g_free (name);
  g_free (all);
  return type;
}

static gint
nick_index (const DoubleProperty * property)
{
  gint i;

  for (i = 0; property->nicks[i] != NULL; i++) {
    if (strcmp (property->nicks[i], property->initial) == 0)
      return i;
  }
  return 0;
}

static GParamSpec *
number_spec (const DoubleProperty * p)
{
  gint64 low = g_ascii_strtoll (p->low, NULL, 10);
  gint64 high = g_ascii_strtoll (p->high, NULL, 10);
  gint64 value = g_ascii_strtoll (p->initial, NULL, 10);

  value = CLAMP (value, low, high);
  if (strcmp (p->kind, "uint") == 0)
    return g_param_spec_uint (p->name, p->name, p->name, (guint) low,
        (guint) high, (guint) value, p->flags);
  if (strcmp (p->kind, "int") == 0)
    return g_param_spec_int (p->name, p->name, p->name, (gint) low,
        (gint) high, (gint) value, p->flags);
  if (strcmp (p->kind, "int64") == 0)
    return g_param_spec_int64 (p->name, p->name, p->name, low, high, value,
        p->flags);
  return g_param_spec_uint64 (p->name, p->name, p->name,
      g_ascii_strtoull (p->low, NULL, 10), g_ascii_strtoull (p->high, NULL, 10),
      g_ascii_strtoull (p->initial, NULL, 10), p->flags);
}

GParamSpec *
double_property_spec (const DoubleProperty * p)
{
  gdouble low = g_ascii_strtod (p->low, NULL);
  gdouble high = g_ascii_strtod (p->high, NULL);
  gdouble value = g_ascii_strtod (p->initial, NULL);

  if (strstr (p->kind, "int") != NULL)
    return number_spec (p);
  if (strcmp (p->kind, "boolean") == 0)
    return g_param_spec_boolean (p->name, p->name, p->name, value != 0,
        p->flags);
  if (strcmp (p->kind, "double") == 0)
    return g_param_spec_double (p->name, p->name, p->name, low, high, value,
        p->flags);
  if (strcmp (p->kind, "float") == 0)
    return g_param_spec_float (p->name, p->name, p->name, (gfloat) low,
        (gfloat) high, (gfloat) value, p->flags);
  if (strcmp (p->kind, "enum") == 0)
    return g_param_spec_enum (p->name, p->name, p->name, nick_type (p, FALSE),
        nick_index (p), p->flags);
  if (strcmp (p->kind, "flags") == 0)
    return g_param_spec_flags (p->name, p->name, p->name, nick_type (p, TRUE),
        0, p->flags);
  if (strcmp (p->kind, "boxed") == 0)
    return g_param_spec_boxed (p->name, p->name, p->name, GST_TYPE_STRUCTURE,
        p->flags);
  if (strcmp (p->kind, "object") == 0)
    return g_param_spec_object (p->name, p->name, p->name, GST_TYPE_OBJECT,
        p->flags);
  if (strcmp (p->kind, "fraction") == 0)
    return gst_param_spec_fraction (p->name, p->name, p->name, 0, 1, G_MAXINT,
        1, 0, 1, p->flags);
  return g_param_spec_string (p->name, p->name, p->name, p->initial, p->flags);
}

void
double_property_default (const DoubleProperty * property, GValue * value)
{
  GParamSpec *spec = g_param_spec_ref_sink (double_property_spec (property));

  g_value_init (value, spec->value_type);
  g_param_value_set_default (spec, value);
  g_param_spec_unref (spec);
}

static void
add_formats (GstCaps * caps, const gchar * media, const gchar * raw,
    const gchar * feature)
{
  gchar *list = g_strdup (raw), *text;
  GstCaps *one;

  text = g_strdup_printf ("%s%s%s%s,format=(string){ %s }", media,
      feature ? "(memory:" : "", feature ? feature : "", feature ? ")" : "",
      g_strdelimit (list, " ", ','));
  one = gst_caps_from_string (text);
  g_assert (one != NULL);
  gst_caps_append (caps, one);
  g_free (text);
  g_free (list);
}

GstCaps *
double_property_sink_caps (const gchar * codec, const gchar * raw,
    const gchar * memory)
{
  gboolean audio = strcmp (codec, "aac") == 0;
  const gchar *media = audio ? "audio/x-raw" : "video/x-raw";
  gchar **features = g_strsplit (memory, " ", -1);
  GstCaps *caps = gst_caps_new_empty ();
  guint i, first = g_strcmp0 (features[0], "only") == 0;

  for (i = first; features[i] != NULL && !audio; i++)
    add_formats (caps, media, raw, features[i]);
  if (!first)
    add_formats (caps, media, raw, NULL);
  g_strfreev (features);
  return caps;
}

GstCaps *
double_property_src_caps (const gchar * codec, const gchar * fields)
{
  static const gchar *const media[][2] = {
    /* *INDENT-OFF* */
    {"h264", "video/x-h264,profile=(string){ high, main, baseline, "
        "constrained-baseline }"},
    {"h265", "video/x-h265,profile=(string){ main, main-10 }"},
    {"av1", "video/x-av1"}, {"prores", "video/x-prores"},
    {"aac", "audio/mpeg,mpegversion=4"},
    /* *INDENT-ON* */
  };
  gchar *text;
  GstCaps *caps;
  guint i = 0;

  while (strcmp (media[i][0], codec) != 0)
    i++;
  text = g_strconcat (media[i][1], *fields ? "," : "", fields, NULL);
  caps = gst_caps_from_string (text);
  g_assert (caps != NULL);
  g_free (text);
  return caps;
}

static GstElement *
make_part (const gchar * text, GHashTable * real, GError ** error)
{
  gchar **words = g_strsplit (text, " ", -1);
  GstElementFactory *hidden = g_hash_table_lookup (real, words[0]);
  GstElement *part = hidden ? gst_element_factory_create (hidden, NULL)
      : gst_element_factory_make (words[0], NULL);
  guint i;

  if (part == NULL)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "no element %s", words[0]);
  for (i = 1; part != NULL && words[i] != NULL; i++) {
    gchar **setting = g_strsplit (words[i], "=", 2);

    if (*setting[0])
      gst_util_set_object_arg (G_OBJECT (part), setting[0], setting[1]);
    g_strfreev (setting);
  }
  g_strfreev (words);
  return part;
}

GstElement *
double_property_parse_line (const gchar * line, GHashTable * real,
    GError ** error)
{
  gchar **texts = g_strsplit (line, " ! ", -1);
  GstElement *bin = gst_bin_new (NULL), *before = NULL;
  guint i;

  for (i = 0;; i++) {
    GstElement *part = make_part (texts[i] ? texts[i] : "capsfilter name=out",
        real, error);

    if (part == NULL)
      break;
    gst_bin_add (GST_BIN (bin), part);
    if (before != NULL && !gst_element_link (before, part))
      g_error ("%s does not fit", texts[i]);
    before = part;
    if (texts[i] == NULL) {
      g_strfreev (texts);
      return bin;
    }
  }
  gst_object_unref (bin);
  g_strfreev (texts);
  return NULL;
}

GstPad *
double_property_pad (GstElement * bin, const gchar * name)
{
  GstElement *part = gst_bin_get_by_name (GST_BIN (bin), name);
  gboolean in = strcmp (name, "in") == 0;
  GstPad *inner = gst_element_get_static_pad (part, in ? "sink" : "src");
  GstPad *pad = gst_ghost_pad_new (in ? "sink" : "src", inner);

  gst_element_add_pad (bin, gst_object_ref (pad));
  gst_object_unref (inner);
  gst_object_unref (part);
  return pad;
}
