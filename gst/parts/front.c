/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "front.h"

#include <gst/video/video.h>

#include "binparts.h"

/* New links repeat the segment, which says nothing new to what stands behind:
 * videorate would begin anew. */
static GstPadProbeReturn
drop_repeated (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Front *front = user_data;
  GstEvent *event, *before;
  const GstSegment *segment, *last;
  gboolean repeated;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    front->relinked = FALSE;
    return GST_PAD_PROBE_OK;
  }
  event = GST_PAD_PROBE_INFO_EVENT (info);
  if (!front->relinked || GST_EVENT_TYPE (event) != GST_EVENT_SEGMENT)
    return GST_PAD_PROBE_OK;
  before = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  if (before == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  gst_event_parse_segment (before, &last);
  repeated = gst_segment_is_equal (segment, last);
  gst_event_unref (before);
  return repeated ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

void
front_init (Front * front, GstBin * bin, GstPad * ghost, GstElement * next,
    GstElement * reader)
{
  GstPad *pad = gst_element_get_static_pad (next, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, drop_repeated, front, NULL);
  gst_object_unref (pad);
  front->reader = reader;
  front->bin = bin;
  front->ghost = ghost;
  front->next = next;
  bin_part_expose (ghost, next, "sink");
}

static void
unlink_pad (GstElement * element, const gchar * name)
{
  GstPad *pad = gst_element_get_static_pad (element, name);
  GstPad *peer = gst_pad_get_peer (pad);

  if (peer != NULL) {
    if (GST_PAD_IS_SRC (pad))
      gst_pad_unlink (pad, peer);
    else
      gst_pad_unlink (peer, pad);
    gst_object_unref (peer);
  }
  gst_object_unref (pad);
}

/* Links what there is, from the ghost pad to the chain. Sticky events go
 * down the new links by themselves before whatever is pushed next. */
static gboolean
relink (Front * front)
{
  GstElement *parts[] = { front->download, front->unpack,
    front->deinterlace_convert, front->deinterlace, front->flip_convert,
    front->flip, front->upload, front->next
  };
  GstElement *before = NULL;
  guint i;

  front->relinked = TRUE;
  bin_part_expose (front->ghost, NULL, NULL);
  for (i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (parts[i] == NULL)
      continue;
    unlink_pad (parts[i], "sink");
    if (before == NULL) {
      bin_part_expose (front->ghost, parts[i], "sink");
    } else {
      unlink_pad (before, "src");
      /* What comes in may not have told its caps yet. */
      if (!gst_element_link_pads_full (before, "src", parts[i], "sink",
              GST_PAD_LINK_CHECK_NOTHING))
        return FALSE;
    }
    before = parts[i];
  }
  return TRUE;
}

/* Adds a converter and @factory behind it; the converter is idle for every
 * format that @factory takes as it is. */
static gboolean
insert (Front * front, const gchar * factory, GstElement ** convert,
    GstElement ** element)
{
  gchar *name = g_strdup_printf ("%s-convert", factory);
  gboolean done;

  *convert = bin_part_make (front->bin, "videoconvert", name);
  g_free (name);
  if (*convert == NULL)
    return FALSE;
  *element = bin_part_make (front->bin, factory, factory);
  if (*element == NULL)
    return FALSE;

  done = relink (front);
  gst_element_sync_state_with_parent (*element);
  gst_element_sync_state_with_parent (*convert);
  if (!done)
    GST_ELEMENT_ERROR (front->bin, CORE, NEGOTIATION,
        ("%s cannot be put in front of the video.", factory), (NULL));
  return done;
}

/* A format that the chain cannot read goes through a converter that can. */
static gboolean
see_format (Front * front, GstCaps * caps)
{
  GstPad *pad = gst_element_get_static_pad (front->reader, "sink");
  GstCaps *known = gst_pad_get_pad_template_caps (pad);
  gboolean readable = gst_caps_can_intersect (caps, known);

  gst_caps_unref (known);
  gst_object_unref (pad);
  if (readable || front->unpack != NULL)
    return TRUE;
  front->unpack = bin_part_make (front->bin, "videoconvert", "unpack");
  if (front->unpack == NULL || !relink (front))
    return FALSE;
  return gst_element_sync_state_with_parent (front->unpack);
}

static gboolean
see_caps (Front * front, GstEvent * event)
{
  GstVideoInfo info;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (!see_format (front, caps))
    return FALSE;
  if (front->deinterlace != NULL || !gst_video_info_from_caps (&info, caps)
      || !GST_VIDEO_INFO_IS_INTERLACED (&info))
    return TRUE;
  if (!insert (front, "deinterlace", &front->deinterlace_convert,
          &front->deinterlace))
    return FALSE;
  gst_util_set_object_arg (G_OBJECT (front->deinterlace), "mode",
      "auto-strict");
  gst_util_set_object_arg (G_OBJECT (front->deinterlace), "method", "yadif");
  return TRUE;
}

static gboolean
see_tags (Front * front, GstTagList * tags)
{
  GstVideoOrientationMethod method = GST_VIDEO_ORIENTATION_IDENTITY;

  if (!gst_video_orientation_from_tag (tags, &method))
    return TRUE;
  if (front->flip == NULL) {
    if (method == GST_VIDEO_ORIENTATION_IDENTITY)
      return TRUE;
    if (!insert (front, "videoflip", &front->flip_convert, &front->flip))
      return FALSE;
  }
  g_object_set (front->flip, "video-direction", method, NULL);
  return TRUE;
}

/* The picture leaves upright: a player that turned it again would be wrong. */
static GstEvent *
without_orientation (GstEvent * event, const GstTagList * tags)
{
  GstTagList *rest = gst_tag_list_copy (tags);
  GstEvent *changed;

  gst_tag_list_remove_tag (rest, GST_TAG_IMAGE_ORIENTATION);
  changed = gst_event_new_tag (rest);
  gst_event_set_seqnum (changed, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return changed;
}

GstEvent *
front_filter_event (Front * front, GstEvent * event)
{
  GstTagList *tags;
  gboolean ok = TRUE;

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    /* Tags are a stream's own: the next one may be upright. */
    if (front->flip != NULL)
      g_object_set (front->flip, "video-direction",
          GST_VIDEO_ORIENTATION_IDENTITY, NULL);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    ok = see_caps (front, event);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_TAG) {
    gst_event_parse_tag (event, &tags);
    ok = see_tags (front, tags);
    if (ok && gst_tag_list_get_tag_size (tags, GST_TAG_IMAGE_ORIENTATION) > 0)
      return without_orientation (event, tags);
  }
  if (ok)
    return event;
  gst_event_unref (event);
  return NULL;
}

/* The part of @caps that the query asks for. */
static GstCaps *
asked_for (GstQuery * query, GstCaps * caps)
{
  GstCaps *filter;

  gst_query_parse_caps (query, &filter);
  return filter ? gst_caps_intersect_full (filter, caps,
      GST_CAPS_INTERSECT_FIRST) : gst_caps_ref (caps);
}

static gboolean
accept_template (GstPad * pad, GstQuery * query)
{
  GstCaps *known = gst_pad_get_pad_template_caps (pad), *caps;

  gst_query_parse_accept_caps (query, &caps);
  gst_query_set_accept_caps_result (query, gst_caps_is_subset (caps, known));
  gst_caps_unref (known);
  return TRUE;
}

gboolean
front_query (GstPad * pad, GstObject * parent, GstQuery * query,
    GstCaps * first, GstCaps * last)
{
  GstCaps *passing, *all;

  if (GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS)
    return accept_template (pad, query);
  if (!gst_pad_query_default (pad, parent, query))
    return FALSE;
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return TRUE;
  gst_query_parse_caps_result (query, &passing);
  all = gst_caps_merge (gst_caps_ref (passing), asked_for (query, last));
  if (first != NULL)
    all = gst_caps_merge (asked_for (query, first), all);
  gst_query_set_caps_result (query, all);
  gst_caps_unref (all);
  return TRUE;
}

gboolean
front_download (Front * front, const GpuMemory * memory)
{
  const gchar *factory = memory ? memory->download : NULL;

  if (g_strcmp0 (front->downloads, factory) == 0)
    return TRUE;
  front->downloads = NULL;
  bin_part_remove (front->bin, &front->download);
  if (factory == NULL)
    return relink (front);
  front->download = bin_part_download (front->bin, factory, "download");
  if (front->download == NULL || !relink (front)
      || !gst_element_sync_state_with_parent (front->download))
    return FALSE;
  front->downloads = factory;
  return TRUE;
}

gboolean
front_works (const Front * front)
{
  return front->unpack != NULL || front->deinterlace != NULL
      || front->flip != NULL;
}

gboolean
front_add_upload (Front * front, const GpuMemory * memory)
{
  if (front->upload != NULL)
    return TRUE;
  front->upload = bin_part_upload (front->bin, memory->upload,
      memory->feature, "upload");
  return front->upload != NULL && relink (front)
      && gst_element_sync_state_with_parent (front->upload);
}

void
front_clear (Front * front)
{
  bin_part_remove (front->bin, &front->download);
  front->downloads = NULL;
  bin_part_remove (front->bin, &front->unpack);
  bin_part_remove (front->bin, &front->deinterlace_convert);
  bin_part_remove (front->bin, &front->deinterlace);
  bin_part_remove (front->bin, &front->flip_convert);
  bin_part_remove (front->bin, &front->flip);
  bin_part_remove (front->bin, &front->upload);
  front->relinked = FALSE;
}
