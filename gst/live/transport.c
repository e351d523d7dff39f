/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transport.h"

static const LiveTransport *const transports[] = {
  &live_transport_rtmp,
  &live_transport_srt,
  &live_transport_hls,
};

const LiveTransport *
live_transport_find (EchoelTransport id)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (transports); i++)
    if (transports[i]->id == id)
      return transports[i];
  g_return_val_if_reached (transports[0]);
}

const gchar *
live_transport_find_missing (const LiveTransport * transport)
{
  GstElementFactory *factory;
  guint i;

  for (i = 0; transport->factories[i] != NULL; i++) {
    factory = gst_element_factory_find (transport->factories[i]);
    if (factory == NULL)
      return transport->factories[i];
    gst_object_unref (factory);
  }
  return NULL;
}

GstElement *
live_transport_add (LiveAttempt * attempt, const gchar * factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  gst_bin_add (GST_BIN (attempt->pipeline), element);
  return element;
}

void
live_transport_set (GstElement * element, const gchar * property,
    const gchar * value)
{
  GObjectClass *klass = G_OBJECT_GET_CLASS (element);

  if (g_object_class_find_property (klass, property) != NULL)
    gst_util_set_object_arg (G_OBJECT (element), property, value);
}
