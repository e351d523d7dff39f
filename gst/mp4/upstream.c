/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "upstream.h"

/* No pipeline has as many elements in a row. */
#define MOST_STEPS 64

/* The factory of the element that @pad belongs to, when it encodes audio. */
static const gchar *
encoder_of (GstPad * pad)
{
  GstElement *element = gst_pad_get_parent_element (pad);
  GstElementFactory *factory;
  const gchar *name = NULL;

  if (element == NULL)
    return NULL;
  factory = gst_element_get_factory (element);
  if (factory != NULL && !GST_IS_BIN (element)
      && gst_element_factory_list_is_type (factory,
          GST_ELEMENT_FACTORY_TYPE_AUDIO_ENCODER))
    name = g_intern_string (GST_OBJECT_NAME (factory));
  gst_object_unref (element);
  return name;
}

/* Takes @pad, a source pad; returns the first sink pad that feeds it. */
static GstPad *
step_through (GstPad * pad)
{
  GstIterator *links = gst_pad_iterate_internal_links (pad);
  GValue item = G_VALUE_INIT;
  GstPad *next = NULL;

  gst_object_unref (pad);
  if (links == NULL)
    return NULL;
  if (gst_iterator_next (links, &item) == GST_ITERATOR_OK) {
    next = g_value_dup_object (&item);
    g_value_unset (&item);
  }
  gst_iterator_free (links);
  return next;
}

const gchar *
upstream_find_audio_encoder (GstPad * pad)
{
  const gchar *found = NULL;
  guint steps;

  gst_object_ref (pad);
  for (steps = 0; pad != NULL && found == NULL && steps < MOST_STEPS; steps++) {
    GstPad *peer = gst_pad_get_peer (pad);

    gst_object_unref (pad);
    pad = NULL;
    if (peer == NULL)
      break;
    found = encoder_of (peer);
    pad = step_through (peer);
  }
  gst_clear_object (&pad);
  return found;
}
