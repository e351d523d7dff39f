/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropmetas.h"

#include <math.h>
#include <string.h>

/* One axis of a region: from the window to the picture. Values are those of
 * an upstream element: any unsigned ones.
 *
 * Returns: whether any pixel of it is seen */
static gboolean
map_axis (guint start, guint length, gint64 window_start,
    gint64 window_length, guint picture_start, guint picture_length,
    guint * mapped_start, guint * mapped_length)
{
  gdouble scale = (gdouble) picture_length / window_length;
  gdouble from = ((gdouble) start * ECHOEL_SUBPIXEL - window_start) * scale;
  gdouble to = from + (gdouble) length * ECHOEL_SUBPIXEL * scale;

  from = floor (CLAMP (from, 0.0, picture_length) + 0.5);
  to = floor (CLAMP (to, 0.0, picture_length) + 0.5);
  *mapped_start = picture_start + (guint) from;
  *mapped_length = (guint) (to - from);
  return to > from;
}

static void
map_region (GstBuffer * target, const GstVideoRegionOfInterestMeta * meta,
    const EchoelWindow * window, const EchoelRect * picture)
{
  GstVideoRegionOfInterestMeta *mapped;
  guint x, y, width, height;
  GList *param;

  if (!map_axis (meta->x, meta->w, window->x, window->width, picture->x,
          picture->width, &x, &width)
      || !map_axis (meta->y, meta->h, window->y, window->height, picture->y,
          picture->height, &y, &height))
    return;
  mapped = gst_buffer_add_video_region_of_interest_meta_id (target,
      meta->roi_type, x, y, width, height);
  mapped->id = meta->id;
  mapped->parent_id = meta->parent_id;
  for (param = meta->params; param != NULL; param = param->next)
    gst_video_region_of_interest_meta_add_param (mapped,
        gst_structure_copy (param->data));
}

/* Whether metas of @api say nothing of sizes, places, turns or colours. */
static gboolean
is_about_the_whole (GType api)
{
  const gchar *const *tag = gst_meta_api_type_get_tags (api);

  for (; tag != NULL && *tag != NULL; tag++) {
    if (strcmp (*tag, GST_META_TAG_VIDEO_STR) != 0)
      return FALSE;
  }
  return TRUE;
}

gboolean
crop_metas_take (GstBuffer * target, const GstMeta * meta,
    const EchoelWindow * window, const EchoelRect * picture)
{
  if (meta->info->api == GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE) {
    map_region (target, (const GstVideoRegionOfInterestMeta *) meta, window,
        picture);
    return FALSE;
  }
  return is_about_the_whole (meta->info->api);
}
