/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sampleentry.h"

#include <gst/video/video.h>

#include "tracktimes.h"

/* Version, flags and count of stsd. */
#define STSD_HEADER 8

/* What stands before the boxes in the entry of a picture, with its header. */
#define VISUAL_HEADER 86

#define MDCV ECHOEL_BOX ('m', 'd', 'c', 'v')
#define CLLI ECHOEL_BOX ('c', 'l', 'l', 'i')

gboolean
echoel_boxes_are_whole (EchoelSpan boxes)
{
  EchoelBox box;
  guint n = 0;

  while (echoel_box_next (&boxes, &box))
    n++;
  return n > 0 && boxes.size == 0;
}

static void
put_others (GByteArray * out, EchoelSpan * boxes, EchoelSpan added)
{
  EchoelBox box, same;

  while (echoel_box_next (boxes, &box))
    if (!echoel_box_find (added, box.type, &same))
      echoel_put_box (out, &box);
}

GByteArray *
echoel_boxes_merge (EchoelSpan boxes, EchoelSpan added)
{
  GByteArray *out = g_byte_array_new ();

  put_others (out, &boxes, added);
  echoel_put_span (out, added);
  return out;
}

static void
write_entry (GByteArray * out, const EchoelBox * entry, EchoelSpan added)
{
  gsize start = echoel_box_begin (out, entry->type);
  EchoelSpan head = entry->whole, rest;

  head.data += ECHOEL_BOX_HEADER;
  head.size = VISUAL_HEADER - ECHOEL_BOX_HEADER;
  echoel_put_span (out, head);
  rest.data = entry->whole.data + VISUAL_HEADER;
  rest.size = entry->whole.size - VISUAL_HEADER;
  put_others (out, &rest, added);
  echoel_put_span (out, added);
  /* QuickTime may end an entry with four bytes of zero. */
  echoel_put_span (out, rest);
  echoel_box_end (out, start);
}

gboolean
echoel_sample_entries_write (GByteArray * out, const EchoelBox * stsd,
    guint32 handler, GBytes * boxes)
{
  EchoelSpan rest = stsd->body, added = { NULL, 0 };
  EchoelBox entry;
  gsize start;

  if (boxes != NULL)
    added.data = g_bytes_get_data (boxes, &added.size);
  if (handler != ECHOEL_TRACK_VIDEO || added.size == 0) {
    echoel_put_box (out, stsd);
    return TRUE;
  }
  if (rest.size < STSD_HEADER)
    return FALSE;
  start = echoel_box_begin (out, stsd->type);
  g_byte_array_append (out, rest.data, STSD_HEADER);
  rest.data += STSD_HEADER;
  rest.size -= STSD_HEADER;
  while (echoel_box_next (&rest, &entry)) {
    if (entry.whole.size < VISUAL_HEADER
        || entry.body.size + ECHOEL_BOX_HEADER != entry.whole.size)
      return FALSE;
    write_entry (out, &entry, added);
  }
  echoel_box_end (out, start);
  return rest.size == 0;
}

/* The box has green, blue, red; caps have red, green, blue. */
static void
put_mdcv (GByteArray * out, const GstVideoMasteringDisplayInfo * info)
{
  static const guint order[] = { 1, 2, 0 };
  gsize start = echoel_box_begin (out, MDCV);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (order); i++) {
    echoel_put_u16 (out, info->display_primaries[order[i]].x);
    echoel_put_u16 (out, info->display_primaries[order[i]].y);
  }
  echoel_put_u16 (out, info->white_point.x);
  echoel_put_u16 (out, info->white_point.y);
  echoel_put_u32 (out, info->max_display_mastering_luminance);
  echoel_put_u32 (out, info->min_display_mastering_luminance);
  echoel_box_end (out, start);
}

GByteArray *
echoel_sample_entry_boxes (const GstCaps * caps)
{
  GByteArray *out = g_byte_array_new ();
  GstVideoMasteringDisplayInfo display;
  GstVideoContentLightLevel light;
  gsize start;

  if (gst_video_mastering_display_info_from_caps (&display, (GstCaps *) caps))
    put_mdcv (out, &display);
  if (gst_video_content_light_level_from_caps (&light, (GstCaps *) caps)) {
    start = echoel_box_begin (out, CLLI);
    echoel_put_u16 (out, light.max_content_light_level);
    echoel_put_u16 (out, light.max_frame_average_light_level);
    echoel_box_end (out, start);
  }
  return out;
}
