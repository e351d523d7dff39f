/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "textureformat.h"

#include <string.h>

#define CV ECHOEL_CV_FOURCC
#define DRM(a, b, c, d) CV (d, c, b, a)

/* MTLPixelFormat of Metal's documentation; OSType of Core Video's
 * CVPixelBuffer.h; fourcc of the kernel's drm_fourcc.h, which names the bits
 * of a little-endian word from the top, so B comes first in ARGB8888. Where
 * two rows have a format, the first one is what it becomes. */
static const struct
{
  GstVideoFormat format;
  guint metal;
  guint32 cv, cv_full, drm;
} formats[] = {
  /* *INDENT-OFF* */
  {GST_VIDEO_FORMAT_BGRA, 80, CV ('B', 'G', 'R', 'A'), 0, DRM ('A', 'R', '2', '4')},
  {GST_VIDEO_FORMAT_BGRA, 81, 0, 0, 0}, /* the same bytes, sampled as sRGB */
  {GST_VIDEO_FORMAT_RGBA, 70, CV ('R', 'G', 'B', 'A'), 0, DRM ('A', 'B', '2', '4')},
  {GST_VIDEO_FORMAT_RGBA, 71, 0, 0, 0},
  {GST_VIDEO_FORMAT_ARGB, 0, 32, 0, DRM ('B', 'A', '2', '4')},
  {GST_VIDEO_FORMAT_ABGR, 0, CV ('A', 'B', 'G', 'R'), 0, DRM ('R', 'A', '2', '4')},
  {GST_VIDEO_FORMAT_BGRx, 0, 0, 0, DRM ('X', 'R', '2', '4')},
  {GST_VIDEO_FORMAT_RGBx, 0, 0, 0, DRM ('X', 'B', '2', '4')},
  {GST_VIDEO_FORMAT_xRGB, 0, 0, 0, DRM ('B', 'X', '2', '4')},
  {GST_VIDEO_FORMAT_xBGR, 0, 0, 0, DRM ('R', 'X', '2', '4')},
  {GST_VIDEO_FORMAT_RGB, 0, 24, 0, DRM ('B', 'G', '2', '4')},
  {GST_VIDEO_FORMAT_BGR, 0, CV ('2', '4', 'B', 'G'), 0, DRM ('R', 'G', '2', '4')},
  {GST_VIDEO_FORMAT_RGB10A2_LE, 90, 0, 0, DRM ('A', 'B', '3', '0')},
  {GST_VIDEO_FORMAT_BGR10A2_LE, 94, CV ('l', '1', '0', 'r'), 0, DRM ('A', 'R', '3', '0')},
  {GST_VIDEO_FORMAT_RGBA64_LE, 110, CV ('l', '6', '4', 'r'), 0, 0},
  {GST_VIDEO_FORMAT_NV12, 0, CV ('4', '2', '0', 'v'), CV ('4', '2', '0', 'f'), DRM ('N', 'V', '1', '2')},
  {GST_VIDEO_FORMAT_NV21, 0, 0, 0, DRM ('N', 'V', '2', '1')},
  {GST_VIDEO_FORMAT_I420, 0, CV ('y', '4', '2', '0'), CV ('f', '4', '2', '0'), DRM ('Y', 'U', '1', '2')},
  {GST_VIDEO_FORMAT_YV12, 0, 0, 0, DRM ('Y', 'V', '1', '2')},
  {GST_VIDEO_FORMAT_UYVY, 0, CV ('2', 'v', 'u', 'y'), 0, DRM ('U', 'Y', 'V', 'Y')},
  {GST_VIDEO_FORMAT_YUY2, 0, CV ('y', 'u', 'v', 's'), CV ('y', 'u', 'v', 'f'), DRM ('Y', 'U', 'Y', 'V')},
  {GST_VIDEO_FORMAT_P010_10LE, 0, CV ('x', '4', '2', '0'), CV ('x', 'f', '2', '0'), DRM ('P', '0', '1', '0')},
  {GST_VIDEO_FORMAT_NV16, 0, CV ('4', '2', '2', 'v'), CV ('4', '2', '2', 'f'), DRM ('N', 'V', '1', '6')},
  {GST_VIDEO_FORMAT_GRAY8, 10, CV ('L', '0', '0', '8'), 0, DRM ('R', '8', ' ', ' ')},
  /* *INDENT-ON* */
};

GstVideoFormat
echoel_format_from_metal (guint pixel_format)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].metal == pixel_format && pixel_format != 0)
      return formats[i].format;
  return GST_VIDEO_FORMAT_UNKNOWN;
}

guint
echoel_format_to_metal (GstVideoFormat format)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == format)
      return formats[i].metal;
  return 0;
}

GstVideoFormat
echoel_format_from_cv (guint32 pixel_format, gboolean * full_range)
{
  guint i;

  if (full_range != NULL)
    *full_range = FALSE;
  for (i = 0; i < G_N_ELEMENTS (formats) && pixel_format != 0; i++) {
    if (formats[i].cv == pixel_format)
      return formats[i].format;
    if (formats[i].cv_full == pixel_format) {
      if (full_range != NULL)
        *full_range = TRUE;
      return formats[i].format;
    }
  }
  return GST_VIDEO_FORMAT_UNKNOWN;
}

guint32
echoel_format_to_cv (GstVideoFormat format, gboolean full_range)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == format)
      return full_range && formats[i].cv_full != 0 ? formats[i].cv_full
          : formats[i].cv;
  return 0;
}

GstVideoFormat
echoel_format_from_drm (guint32 fourcc)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].drm == fourcc && fourcc != 0)
      return formats[i].format;
  return GST_VIDEO_FORMAT_UNKNOWN;
}

guint32
echoel_format_to_drm (GstVideoFormat format)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == format)
      return formats[i].drm;
  return 0;
}

gboolean
echoel_drm_parse (const gchar * text, guint32 * fourcc, guint64 * modifier)
{
  const gchar *colon = text ? strchr (text, ':') : NULL;
  gsize length = text == NULL ? 0 : strcspn (text, ":");
  gchar *end;

  if (length != 4)
    return FALSE;
  *fourcc = DRM (text[0], text[1], text[2], text[3]);
  *modifier = ECHOEL_DRM_LINEAR;
  if (colon == NULL)
    return TRUE;
  *modifier = g_ascii_strtoull (colon + 1, &end, 16);
  return end != colon + 1 && *end == '\0';
}

gchar *
echoel_drm_print (guint32 fourcc, guint64 modifier)
{
  gchar name[5] = { fourcc & 0xff, (fourcc >> 8) & 0xff, (fourcc >> 16) & 0xff,
    fourcc >> 24, '\0'
  };

  if (modifier == ECHOEL_DRM_LINEAR)
    return g_strdup (name);
  return g_strdup_printf ("%s:0x%016" G_GINT64_MODIFIER "x", name, modifier);
}

GstCaps *
echoel_texture_caps (const GstVideoInfo * info, const gchar * feature)
{
  GstCaps *caps = gst_video_info_to_caps (info);

  /* How fast textures come they do not say themselves. */
  gst_structure_remove_field (gst_caps_get_structure (caps, 0), "framerate");
  if (feature != NULL)
    gst_caps_set_features_simple (caps, gst_caps_features_new (feature, NULL));
  return caps;
}

#define DMABUF "memory:DMABuf"

static GstCaps *
drm_caps_of (const GstVideoInfo * info, guint32 fourcc, guint64 modifier)
{
  gchar *name = echoel_drm_print (fourcc, modifier);
  GstCaps *caps = gst_caps_new_simple ("video/x-raw",
      "format", G_TYPE_STRING, "DMA_DRM", "drm-format", G_TYPE_STRING, name,
      "width", G_TYPE_INT, GST_VIDEO_INFO_WIDTH (info),
      "height", G_TYPE_INT, GST_VIDEO_INFO_HEIGHT (info),
      "interlace-mode", G_TYPE_STRING, "progressive",
      "pixel-aspect-ratio", GST_TYPE_FRACTION, GST_VIDEO_INFO_PAR_N (info),
      GST_VIDEO_INFO_PAR_D (info), NULL);
  gchar *colours = gst_video_colorimetry_to_string (&info->colorimetry);

  if (colours != NULL)
    gst_caps_set_simple (caps, "colorimetry", G_TYPE_STRING, colours, NULL);
  gst_caps_set_features_simple (caps, gst_caps_features_new (DMABUF, NULL));
  g_free (colours);
  g_free (name);
  return caps;
}

GstCaps *
echoel_dmabuf_caps (const GstVideoInfo * info, guint32 fourcc,
    guint64 modifier, gboolean drm_caps)
{
  gboolean named = GST_VIDEO_INFO_FORMAT (info) != GST_VIDEO_FORMAT_UNKNOWN;
  /* Without modifiers the driver decides: before DMA_DRM that is what caps
   * with a plain format meant, and nothing could be mapped for sure. */
  gboolean linear = modifier == ECHOEL_DRM_LINEAR;
  GstCaps *caps = gst_caps_new_empty ();

  if (drm_caps && modifier != ECHOEL_DRM_INVALID)
    gst_caps_append (caps, drm_caps_of (info, fourcc, modifier));
  if (named && (linear || (modifier == ECHOEL_DRM_INVALID && !drm_caps)))
    gst_caps_append (caps, echoel_texture_caps (info, DMABUF));
  /* Rows that stand one after the other anything can map. */
  if (named && linear)
    gst_caps_append (caps, echoel_texture_caps (info, NULL));
  return caps;
}
