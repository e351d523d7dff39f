/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "encodertrial.h"

#include "encodersetup.h"

/* The frames that echoelpreset makes. */
static GstCaps *
first_caps (const EchoelPlan * plan, const gchar * raw_format)
{
  GstCaps *caps = encoder_setup_raw_caps (plan, raw_format, NULL);

  gst_caps_set_simple (caps, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
      "interlace-mode", G_TYPE_STRING, "progressive",
      "colorimetry", G_TYPE_STRING, "bt709",
      "chroma-site", G_TYPE_STRING, "mpeg2", NULL);
  return caps;
}

/* Returns: (transfer floating) (nullable) */
static GstElement *
make_exit (const EchoelEncoder * row, const EchoelPlan * plan)
{
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);
  gchar *text = echoel_encoder_caps (row, plan);

  if (filter != NULL)
    gst_util_set_object_arg (G_OBJECT (filter), "caps", text);
  g_free (text);
  return filter;
}

/* Returns: (transfer full) (nullable): encoder ! what stands behind it */
static GstElement *
build (const gchar * factory, const EchoelEncoder * row,
    const EchoelPlan * plan, GstElement ** encoder)
{
  GstElement *pipeline = gst_pipeline_new ("encoder-trial");
  GstElement *parts[] = {
    gst_element_factory_make (factory, "video-encoder"), make_exit (row, plan),
    gst_element_factory_make ("fakesink", NULL)
  };
  gboolean whole = TRUE;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (parts[i] != NULL)
      gst_bin_add (GST_BIN (pipeline), parts[i]);
    whole = whole && parts[i] != NULL;
  }
  *encoder = parts[0];
  if (whole) {
    g_object_set (parts[2], "async", FALSE, NULL);
    g_free (encoder_setup_apply (*encoder, row, plan));
    whole = gst_element_link_many (parts[0], parts[1], parts[2], NULL);
  }
  if (!whole)
    gst_clear_object (&pipeline);
  return pipeline;
}

/* Returns: (transfer full) (nullable): the first error */
static gchar *
error_of (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gchar *text = NULL;
  GError *error;

  if (message != NULL) {
    gst_message_parse_error (message, &error, NULL);
    text = g_strdup (error->message);
    g_error_free (error);
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  return text;
}

static gboolean
send_caps (GstElement * encoder, GstCaps * caps)
{
  GstPad *pad = gst_element_get_static_pad (encoder, "sink");
  gboolean taken = gst_pad_send_event (pad,
      gst_event_new_stream_start ("encoder-trial"))
      && gst_pad_send_event (pad, gst_event_new_caps (caps));

  gst_object_unref (pad);
  return taken;
}

gchar *
encoder_trial (const gchar * factory, const EchoelEncoder * row,
    const EchoelPlan * plan, const gchar * raw_format)
{
  GstElement *pipeline, *encoder;
  gboolean taken;
  GstCaps *caps;
  gchar *why;

  if (plan->width == 0 || row->upload != NULL || raw_format == NULL)
    return NULL;
  pipeline = build (factory, row, plan, &encoder);
  if (pipeline == NULL)
    return NULL;
  caps = first_caps (plan, raw_format);
  taken = gst_element_set_state (pipeline,
      GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE
      && send_caps (encoder, caps);
  why = error_of (pipeline);
  if (why == NULL && !taken)
    why = g_strdup ("does not take the caps");
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  gst_caps_unref (caps);
  return why;
}
