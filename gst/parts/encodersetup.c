/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encodersetup.h"

#include <string.h>

/* Returns: (nullable): the first of the alternatives that the object has */
static GParamSpec *
find_property (GstElement * element, const gchar * alternatives)
{
  gchar **names = g_strsplit (alternatives, "|", -1);
  GParamSpec *pspec = NULL;
  guint i;

  for (i = 0; names[i] != NULL && pspec == NULL; i++)
    pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (element),
        names[i]);
  g_strfreev (names);
  if (pspec != NULL && !(pspec->flags & G_PARAM_WRITABLE))
    return NULL;
  return pspec;
}

/* Sets the property to the first of the alternatives that it takes. */
static gboolean
set_text (GstElement * element, GParamSpec * pspec, const gchar * alternatives)
{
  gchar **texts = g_strsplit (alternatives, "|", -1);
  gboolean set = FALSE;
  guint i;

  for (i = 0; texts[i] != NULL && !set; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (pspec));
    set = gst_value_deserialize_with_pspec (&value, texts[i], pspec)
        && !g_param_value_validate (pspec, &value);
    if (set)
      g_object_set_property (G_OBJECT (element), pspec->name, &value);
    g_value_unset (&value);
  }
  g_strfreev (texts);
  return set;
}

/* Whether the flags in property @guard name @nick. */
static gboolean
is_supported (GstElement * element, const gchar * guard, const gchar * nick)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), guard);
  GFlagsValue *flag;
  guint flags = 0;

  if (pspec == NULL || !G_IS_PARAM_SPEC_FLAGS (pspec))
    return FALSE;
  flag = g_flags_get_value_by_nick (G_PARAM_SPEC_FLAGS (pspec)->flags_class,
      nick);
  g_object_get (element, guard, &flags, NULL);
  return flag != NULL && (flags & flag->value) == flag->value;
}

/* Returns why the setting was not made, or NULL. */
static gchar *
apply (GstElement * element, const EchoelEncoderSetting * setting,
    const gchar * text)
{
  GParamSpec *pspec = find_property (element, setting->property);

  if (pspec == NULL)
    return g_strdup_printf ("has no property %s", setting->property);
  if (setting->guard != NULL && !is_supported (element, setting->guard, text))
    return g_strdup_printf ("%s does not name %s", setting->guard, text);
  if (!set_text (element, pspec, text))
    return g_strdup_printf ("%s does not take %s", setting->property, text);
  return NULL;
}

/* Makes the settings that have all bits of @set. Returns why the encoder is
 * unfit, or NULL. */
static gchar *
apply_all (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan, guint set)
{
  const EchoelEncoderSetting *s;

  for (s = row->settings; s->aspect != ECHOEL_ASPECT_NONE; s++) {
    gchar *text, *why;

    if ((s->set & set) != set)
      continue;
    text = echoel_encoder_value (row, s, plan);
    why = text ? apply (element, s, text) : NULL;
    g_free (text);
    if (why != NULL && (s->set & ECHOEL_SET_REQUIRED))
      return why;
    if (why != NULL)
      GST_DEBUG_OBJECT (element, "left out: %s", why);
    g_free (why);
  }
  return NULL;
}

GstCaps *
encoder_setup_raw_caps (const EchoelPlan * plan, const gchar * format,
    const gchar * feature)
{
  GstCaps *caps = gst_caps_new_simple ("video/x-raw",
      "format", G_TYPE_STRING, format,
      "framerate", GST_TYPE_FRACTION, (gint) plan->fps_n, (gint) plan->fps_d,
      NULL);

  if (plan->width != 0)
    gst_caps_set_simple (caps, "width", G_TYPE_INT, (gint) plan->width,
        "height", G_TYPE_INT, (gint) plan->height, NULL);
  if (feature != NULL)
    gst_caps_set_features_simple (caps, gst_caps_features_new (feature, NULL));
  return caps;
}

/* Whether pad @name of an opened element can have these caps. */
static gboolean
pad_takes (GstElement * element, const gchar * name, GstCaps * caps)
{
  GstPad *pad = gst_element_get_static_pad (element, name);
  GstCaps *able = gst_pad_query_caps (pad, NULL);
  gboolean takes = gst_caps_can_intersect (able, caps);

  gst_caps_unref (able);
  gst_object_unref (pad);
  return takes;
}

/* Returns: (transfer full) (nullable): the raw format that is there already,
 * or the first that it takes */
static gchar *
choose_raw (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan, const gchar * flowing)
{
  gchar **formats = g_strsplit (row->raw[plan->format->picture], "|", -1);
  const gchar *first = NULL;
  gchar *chosen;
  guint i;

  for (i = 0; formats[i] != NULL; i++) {
    GstCaps *caps = encoder_setup_raw_caps (plan, formats[i], row->upload
        ? row->memory : NULL);

    if (pad_takes (element, "sink", caps) && (first == NULL
            || g_strcmp0 (formats[i], flowing) == 0))
      first = formats[i];
    gst_caps_unref (caps);
  }
  chosen = g_strdup (first);
  g_strfreev (formats);
  return chosen;
}

/* Returns why the encoder does not take the platform's sound, or NULL. */
static gchar *
check_audio (GstElement * element, const EchoelPlan * plan)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw",
      "rate", G_TYPE_INT, (gint) plan->audio_rate,
      "channels", G_TYPE_INT, (gint) plan->audio_channels, NULL);
  gboolean takes = pad_takes (element, "sink", caps);

  gst_caps_unref (caps);
  return takes ? NULL : g_strdup_printf ("does not take %u channels at %u Hz",
      plan->audio_channels, plan->audio_rate);
}

/* What can be told of an opened encoder before caps arrive. Returns why it is
 * unfit, or NULL. */
static gchar *
check_caps (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan, const gchar * flowing, gchar ** raw_format)
{
  gchar *text;
  GstCaps *caps;
  gboolean makes;

  if (row->codec == ECHOEL_CODEC_AAC)
    return check_audio (element, plan);
  text = echoel_encoder_caps (row, plan);
  caps = gst_caps_from_string (text);
  makes = pad_takes (element, "src", caps);
  gst_caps_unref (caps);
  g_free (text);
  if (!makes)
    return g_strdup_printf ("does not make %s", plan->format->name);
  *raw_format = choose_raw (element, row, plan, flowing);
  if (*raw_format == NULL)
    return plan->width ? g_strdup_printf ("does not take %ux%u at %u/%u for "
        "%s", plan->width, plan->height, plan->fps_n, plan->fps_d,
        plan->format->name)
        : g_strdup_printf ("does not take pictures for %s", plan->format->name);
  return NULL;
}

static gboolean
makes_profile (const EchoelEncoder * row, const EchoelPlan * plan)
{
  gchar **profiles;
  gboolean makes;

  if (row->codec == ECHOEL_CODEC_AAC)
    return TRUE;
  if (row->raw[plan->format->picture] == NULL)
    return FALSE;
  if (row->profiles == NULL)
    return TRUE;
  profiles = g_strsplit (row->profiles, "|", -1);
  makes = g_strv_contains ((const gchar * const *) profiles,
      plan->format->profile);
  g_strfreev (profiles);
  return makes;
}

static void
discard (GstElement * element)
{
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_ref_sink (element);
  gst_object_unref (element);
}

/* Some open their device on the way to PAUSED. */
static gboolean
opens (GstElement * element)
{
  return gst_element_set_state (element,
      GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE
      && gst_element_set_state (element,
      GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
}

/* An encoder that takes no system memory is of no use without its upload. */
static gboolean
upload_opens (const EchoelEncoder * row)
{
  GstElement *upload;
  gboolean works;

  if (row->upload == NULL)
    return TRUE;
  upload = gst_element_factory_make (row->upload, NULL);
  works = upload != NULL && opens (upload);
  if (upload != NULL)
    discard (upload);
  return works;
}

static gchar *
open_row (const gchar * factory, const EchoelEncoder * row,
    const EchoelPlan * plan, const gchar * name, const gchar * flowing,
    GstElement ** element, gchar ** raw_format)
{
  GstElement *made;
  gchar *why;

  if (!makes_profile (row, plan))
    return g_strdup_printf ("does not make %s", plan->format->name);
  made = gst_element_factory_make (factory, name);
  if (made == NULL)
    return g_strdup_printf ("not installed (%s)", row->package);
  why = apply_all (made, row, plan, 0);
  if (why == NULL && !opens (made))
    why = g_strdup ("does not open on this machine");
  if (why == NULL && !upload_opens (row))
    why = g_strdup_printf ("%s does not open on this machine", row->upload);
  if (why == NULL)
    why = check_caps (made, row, plan, flowing, raw_format);
  if (why == NULL)
    *element = made;
  else
    discard (made);
  return why;
}

gchar *
encoder_setup_apply (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan)
{
  return apply_all (element, row, plan, 0);
}

gchar *
encoder_setup_open (const gchar * factory, const EchoelEncoder ** row,
    const EchoelPlan * plan, const gchar * name, const gchar * flowing,
    GstElement ** element, gchar ** raw_format)
{
  const EchoelEncoder *rows, *own = *row;
  gchar *why = NULL;
  guint i, n;

  rows = echoel_encoders (&n);
  *raw_format = NULL;
  for (i = (guint) (own - rows); i < n && rows[i].codec == own->codec
      && strcmp (rows[i].factory, own->factory) == 0; i++) {
    g_free (why);
    why = open_row (factory, &rows[i], plan, name, flowing, element,
        raw_format);
    *row = &rows[i];
    if (why == NULL)
      return NULL;
  }
  return why;
}

gboolean
encoder_setup_takes_memory (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan, const gchar * raw_format, const gchar * feature)
{
  GstCaps *caps = encoder_setup_raw_caps (plan, raw_format, feature);
  gboolean takes = row->upload == NULL && pad_takes (element, "sink", caps);

  gst_caps_unref (caps);
  return takes;
}

gboolean
encoder_setup_can_change (GstElement * element, const EchoelEncoder * row)
{
  const EchoelEncoderSetting *s;

  if (row->change != ECHOEL_CHANGE_FLAGGED)
    return row->change == ECHOEL_CHANGE_FOLLOWS;
  for (s = row->settings; s->aspect != ECHOEL_ASPECT_NONE; s++) {
    if (s->aspect == ECHOEL_ASPECT_BITRATE && (s->set & ECHOEL_SET_CHANGE)) {
      GParamSpec *pspec = find_property (element, s->property);

      return pspec != NULL && (pspec->flags & GST_PARAM_MUTABLE_PLAYING);
    }
  }
  return FALSE;
}

gchar *
encoder_setup_change (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan)
{
  return apply_all (element, row, plan, ECHOEL_SET_CHANGE);
}
