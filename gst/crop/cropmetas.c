/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "cropmetas.h"

#include <math.h>
#include <string.h>

#ifdef HAVE_GST_ANALYTICS
#include <gst/analytics/analytics.h>
#endif

/* From the window to the picture. */
typedef struct
{
  const EchoelWindow *window;
  const EchoelRect *picture;
} Mapping;

/* One axis of a box. Values are those of an upstream element: any.
 *
 * Returns: whether any pixel of it is seen */
static gboolean
map_axis (gdouble start, gdouble length, gint64 window_start,
    gint64 window_length, guint picture_start, guint picture_length,
    guint * mapped_start, guint * mapped_length)
{
  gdouble scale = (gdouble) picture_length / window_length;
  gdouble from = (start * ECHOEL_SUBPIXEL - window_start) * scale;
  gdouble to = from + length * ECHOEL_SUBPIXEL * scale;

  from = floor (CLAMP (from, 0.0, picture_length) + 0.5);
  to = floor (CLAMP (to, 0.0, picture_length) + 0.5);
  if (!(to > from))
    return FALSE;
  *mapped_start = picture_start + (guint) from;
  *mapped_length = (guint) (to - from);
  return TRUE;
}

static gboolean
map_box (const Mapping * mapping, gdouble x, gdouble y, gdouble width,
    gdouble height, EchoelRect * mapped)
{
  const EchoelWindow *window = mapping->window;
  const EchoelRect *picture = mapping->picture;

  return map_axis (x, width, window->x, window->width, picture->x,
      picture->width, &mapped->x, &mapped->width)
      && map_axis (y, height, window->y, window->height, picture->y,
      picture->height, &mapped->y, &mapped->height);
}

static void
map_region (GstBuffer * target, const GstVideoRegionOfInterestMeta * meta,
    const Mapping * mapping)
{
  GstVideoRegionOfInterestMeta *mapped;
  EchoelRect box;
  GList *param;

  if (!map_box (mapping, meta->x, meta->y, meta->w, meta->h, &box))
    return;
  mapped = gst_buffer_add_video_region_of_interest_meta_id (target,
      meta->roi_type, box.x, box.y, box.width, box.height);
  mapped->id = meta->id;
  mapped->parent_id = meta->parent_id;
  for (param = meta->params; param != NULL; param = param->next)
    gst_video_region_of_interest_meta_add_param (mapped,
        gst_structure_copy (param->data));
}

#ifdef HAVE_GST_ANALYTICS
/* The detections, with their boxes where they are now. What is related to them
 * stays behind: a box in there cannot be changed, and a wrong one is worse
 * than none. */
static void
map_detections (GstBuffer * target, GstAnalyticsRelationMeta * meta,
    const Mapping * mapping)
{
  GstAnalyticsRelationMeta *mapped = NULL;
  GstAnalyticsODMtd found, added;
  gpointer state = NULL;

  while (gst_analytics_relation_meta_iterate (meta, &state,
          gst_analytics_od_mtd_get_mtd_type (), &found)) {
    gint x, y, width, height;
    gfloat confidence;
    EchoelRect box;

    if (!gst_analytics_od_mtd_get_location (&found, &x, &y, &width, &height,
            &confidence)
        || !map_box (mapping, x, y, width, height, &box))
      continue;
    if (mapped == NULL)
      mapped = gst_buffer_add_analytics_relation_meta (target);
    gst_analytics_relation_meta_add_od_mtd (mapped,
        gst_analytics_od_mtd_get_obj_type (&found), (gint) box.x,
        (gint) box.y, (gint) box.width, (gint) box.height, confidence, &added);
  }
}
#endif

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
crop_metas_take (GstBuffer * target, GstMeta * meta,
    const EchoelWindow * window, const EchoelRect * picture)
{
  const Mapping mapping = { window, picture };

  if (meta->info->api == GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE) {
    map_region (target, (GstVideoRegionOfInterestMeta *) meta, &mapping);
    return FALSE;
  }
#ifdef HAVE_GST_ANALYTICS
  if (meta->info->api == GST_ANALYTICS_RELATION_META_API_TYPE) {
    map_detections (target, (GstAnalyticsRelationMeta *) meta, &mapping);
    return FALSE;
  }
#endif
  return is_about_the_whole (meta->info->api);
}
