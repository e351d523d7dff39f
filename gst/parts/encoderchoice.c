/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encoderchoice.h"

#include <string.h>

/* Sets @property from text. Returns why not, or NULL when it is set. */
static gchar *
apply (GstElement * element, const gchar * property, const gchar * text)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), property);
  GValue value = G_VALUE_INIT;
  gchar *why = NULL;

  if (pspec == NULL || !(pspec->flags & G_PARAM_WRITABLE))
    return g_strdup_printf ("has no property %s", property);

  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (pspec));
  if (!gst_value_deserialize_with_pspec (&value, text, pspec)
      || g_param_value_validate (pspec, &value))
    why = g_strdup_printf ("%s does not take %s", property, text);
  else
    g_object_set_property (G_OBJECT (element), property, &value);
  g_value_unset (&value);
  return why;
}

/* Returns why the encoder is unfit, or NULL when it is set up. */
static gchar *
set_up (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan)
{
  guint i;

  for (i = 0; i < ECHOEL_ENCODER_MAX_SETTINGS
      && row->settings[i].property != NULL; i++) {
    const EchoelEncoderSetting *setting = &row->settings[i];
    gchar *text = echoel_encoder_value (row, setting, plan), *why;

    if (text == NULL)
      continue;
    why = apply (element, setting->property, text);
    g_free (text);
    if (why != NULL && setting->required)
      return why;
    if (why != NULL)
      GST_DEBUG_OBJECT (element, "left out: %s", why);
    g_free (why);
  }
  return NULL;
}

/* Returns why @row cannot be used, or NULL with @element opened. */
static gchar *
open_row (const EchoelEncoder * row, const EchoelPlan * plan,
    const gchar * name, GstElement ** element)
{
  GstElement *made = gst_element_factory_make (row->factory, name);
  gchar *why;

  if (made == NULL)
    return g_strdup_printf ("not installed (%s)", row->package);
  why = set_up (made, row, plan);
  if (why == NULL
      && gst_element_set_state (made,
          GST_STATE_READY) == GST_STATE_CHANGE_FAILURE)
    why = g_strdup ("does not open on this machine");
  if (why != NULL) {
    gst_element_set_state (made, GST_STATE_NULL);
    gst_object_ref_sink (made);
    gst_object_unref (made);
    return why;
  }
  *element = made;
  return NULL;
}

static gboolean
wanted (const EchoelEncoder * row, EchoelCodec codec, const gchar * wish)
{
  if (row->codec != codec)
    return FALSE;
  if (strcmp (wish, "hardware") == 0)
    return row->hardware;
  if (strcmp (wish, "software") == 0)
    return !row->hardware;
  return strcmp (wish, "auto") == 0 || strcmp (wish, row->factory) == 0;
}

static gboolean
is_class (const gchar * wish)
{
  return strcmp (wish, "auto") == 0 || strcmp (wish, "hardware") == 0
      || strcmp (wish, "software") == 0;
}

/* A factory that was named but has no row: say what is wrong with it. */
static gboolean
refuse_name (const gchar * wish, EchoelCodec codec, GError ** error)
{
  GstElementFactory *factory = gst_element_factory_find (wish);
  gchar *known = echoel_encoder_names (codec);
  const gchar *why = factory == NULL ? "is not installed"
      : gst_element_factory_list_is_type (factory,
      GST_ELEMENT_FACTORY_TYPE_ENCODER) ? "is not an encoder known here"
      : "is not an encoder";

  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "encoder=%s %s; use auto, hardware, software or one of: %s.", wish, why,
      known);
  g_free (known);
  g_clear_object (&factory);
  return FALSE;
}

gboolean
encoder_choose (EchoelCodec codec, const gchar * wish,
    const EchoelPlan * plan, const gchar * name, EncoderChoice * choice,
    GError ** error)
{
  GString *refused = g_string_new (NULL);
  const EchoelEncoder *rows;
  guint i, n, n_wanted = 0;

  memset (choice, 0, sizeof (*choice));
  rows = echoel_encoders (&n);
  for (i = 0; i < n && choice->element == NULL; i++) {
    gchar *why;

    if (!wanted (&rows[i], codec, wish))
      continue;
    n_wanted++;
    why = open_row (&rows[i], plan, name, &choice->element);
    if (why == NULL)
      choice->row = &rows[i];
    else
      g_string_append_printf (refused, "%s%s: %s", refused->len ? "; " : "",
          rows[i].factory, why);
    g_free (why);
  }
  choice->refused = g_string_free (refused, refused->len == 0);
  if (choice->element != NULL)
    return TRUE;
  if (n_wanted == 0 && !is_class (wish))
    return refuse_name (wish, codec, error);
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
      "No %s encoder can be used (encoder=%s): %s.",
      codec == ECHOEL_CODEC_AAC ? "AAC" : plan->format->title, wish,
      choice->refused ? choice->refused : "none is known");
  return FALSE;
}

void
encoder_choice_clear (EncoderChoice * choice)
{
  if (choice->element != NULL) {
    gst_element_set_state (choice->element, GST_STATE_NULL);
    gst_object_ref_sink (choice->element);
    gst_object_unref (choice->element);
  }
  g_free (choice->refused);
  memset (choice, 0, sizeof (*choice));
}

void
encoder_set_bitrate (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan)
{
  EchoelEncoderSetting setting = { row->bitrate_property, row->bitrate_unit,
    NULL, ECHOEL_WHEN_ALWAYS, TRUE
  };
  gchar *text = echoel_encoder_value (row, &setting, plan);
  gchar *why = apply (element, row->bitrate_property, text);

  if (why != NULL)
    GST_WARNING_OBJECT (element, "bitrate stays: %s", why);
  g_free (why);
  g_free (text);
}
