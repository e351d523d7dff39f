/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "cropregions.h"

#include <string.h>

#ifdef HAVE_GST_ANALYTICS
#include <gst/analytics/analytics.h>
#endif

/* Whether @types, names separated by commas, has @type. */
static gboolean
is_listed (const gchar * types, GQuark type)
{
  const gchar *name = g_quark_to_string (type), *at = types;
  gsize length;

  if (types == NULL || *types == '\0')
    return TRUE;
  if (name == NULL)
    return FALSE;
  length = strlen (name);
  while (at != NULL) {
    gsize n;

    at += strspn (at, ", ");
    n = strcspn (at, ",");
    while (n > 0 && at[n - 1] == ' ')
      n--;
    if (n == length && strncmp (at, name, length) == 0)
      return TRUE;
    at = strchr (at, ',');
  }
  return FALSE;
}

static void
read_roi (EchoelRegions * regions, GstBuffer * buffer, const gchar * types)
{
  GstVideoRegionOfInterestMeta *meta;
  gpointer state = NULL;

  while ((meta = (GstVideoRegionOfInterestMeta *)
          gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)) != NULL) {
    EchoelRegion region = { meta->x, meta->y, meta->w, meta->h,
      meta->id > 0 ? meta->id : -1
    };

    if (is_listed (types, meta->roi_type))
      echoel_regions_add (regions, &region);
  }
}

#ifdef HAVE_GST_ANALYTICS
static void
read_analytics (EchoelRegions * regions, GstBuffer * buffer,
    const gchar * types)
{
  GstAnalyticsRelationMeta *meta =
      gst_buffer_get_analytics_relation_meta (buffer);
  GstAnalyticsODMtd found;
  gpointer state = NULL;

  if (meta == NULL)
    return;
  while (gst_analytics_relation_meta_iterate (meta, &state,
          gst_analytics_od_mtd_get_mtd_type (), &found)) {
    gint x, y, width, height;
    gfloat confidence;

    if (is_listed (types, gst_analytics_od_mtd_get_obj_type (&found))
        && gst_analytics_od_mtd_get_location (&found, &x, &y, &width, &height,
            &confidence)) {
      EchoelRegion region = { x, y, width, height, -1 };

      echoel_regions_add (regions, &region);
    }
  }
}
#endif

void
crop_regions_read (EchoelRegions * regions, GstBuffer * buffer,
    const gchar * types)
{
  read_roi (regions, buffer, types);
#ifdef HAVE_GST_ANALYTICS
  read_analytics (regions, buffer, types);
#endif
}
