/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportsource.h"

/* Of a pipeline between two elements, ghosts and their insides counted; more
 * is a loop. */
#define MAX_STEPS 500

/* Base of what the timelines of GStreamer Editing Services are made of. */
#define TIMELINE_TYPE "NleObject"

gchar *
export_source_uri (GstPad * video, GstPad * audio)
{
  GstPad *pads[] = { video, audio };
  GstQuery *query = gst_query_new_uri ();
  gchar *uri = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pads) && uri == NULL; i++) {
    if (pads[i] != NULL && gst_pad_peer_query (pads[i], query))
      gst_query_parse_uri (query, &uri);
  }
  gst_query_unref (query);
  return uri;
}

/* Returns: (transfer full) (nullable): the one pad that feeds @src; @n: how
 * many there are */
static GstPad *
feeding_pad (GstPad * src, guint * n)
{
  GstIterator *pads = gst_pad_iterate_internal_links (src);
  GValue value = G_VALUE_INIT;
  GstPad *pad = NULL;

  *n = 0;
  while (pads != NULL) {
    GstIteratorResult result = gst_iterator_next (pads, &value);

    if (result == GST_ITERATOR_OK) {
      gst_clear_object (&pad);
      pad = g_value_dup_object (&value);
      g_value_reset (&value);
      ++*n;
    } else if (result == GST_ITERATOR_RESYNC) {
      gst_iterator_resync (pads);
      *n = 0;
    } else {
      break;
    }
  }
  if (pads != NULL)
    gst_iterator_free (pads);
  if (G_IS_VALUE (&value))
    g_value_unset (&value);
  return pad;
}

static gboolean
is_of_timeline (GstPad * pad)
{
  GType timeline = g_type_from_name (TIMELINE_TYPE);
  GstObject *object = gst_object_ref (GST_OBJECT (pad)), *parent;
  gboolean found = FALSE;

  while (timeline != 0 && object != NULL && !found) {
    found = g_type_is_a (G_OBJECT_TYPE (object), timeline);
    parent = gst_object_get_parent (object);
    gst_object_unref (object);
    object = parent;
  }
  gst_clear_object (&object);
  return found;
}

/* Whether the element of @src, which nothing feeds, reads @uri. */
static gboolean
reads (GstPad * src, const gchar * uri)
{
  GstElement *element = gst_pad_get_parent_element (src);
  gchar *own = element != NULL && GST_IS_URI_HANDLER (element)
      ? gst_uri_handler_get_uri (GST_URI_HANDLER (element)) : NULL;
  gboolean same = g_strcmp0 (own, uri) == 0;

  g_free (own);
  gst_clear_object (&element);
  return same;
}

gboolean
export_source_is (GstPad * pad, const gchar * uri)
{
  GstPad *sink = pad ? gst_object_ref (pad) : NULL, *src;
  gboolean is = sink == NULL;
  guint steps, n;

  for (steps = 0; sink != NULL && steps < MAX_STEPS; steps++) {
    src = gst_pad_get_peer (sink);
    gst_clear_object (&sink);
    if (src == NULL)
      break;
    sink = feeding_pad (src, &n);
    if (n == 0)
      is = reads (src, uri);
    if (n > 1 || is_of_timeline (src))
      gst_clear_object (&sink);
    gst_object_unref (src);
  }
  gst_clear_object (&sink);
  return is;
}
