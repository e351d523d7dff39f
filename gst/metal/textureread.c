/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "textureread.h"

/* Beyond it strides and sizes would not fit their types. */
#define MAX_SIDE 32768

/* Beyond it the ends of planes might not fit theirs. */
#define MAX_OFFSET ((guint64) 1 << 40)

G_DEFINE_QUARK (echoel - texture - error - quark, texture_error);

const GValue *
texture_field (const GstStructure * texture, const GstStructure * defaults,
    const gchar * name)
{
  const GValue *value = gst_structure_get_value (texture, name);

  if (value == NULL && defaults != NULL)
    value = gst_structure_get_value (defaults, name);
  return value;
}

static guint64
number_of (const GValue * value)
{
  gint64 number = 0;

  if (value == NULL)
    return 0;
  if (G_VALUE_HOLDS_INT (value))
    number = g_value_get_int (value);
  else if (G_VALUE_HOLDS_INT64 (value))
    number = g_value_get_int64 (value);
  else if (G_VALUE_HOLDS_UINT (value))
    return g_value_get_uint (value);
  else if (G_VALUE_HOLDS_UINT64 (value))
    return g_value_get_uint64 (value);
  return MAX (number, 0);
}

guint64
texture_number (const GstStructure * texture, const GstStructure * defaults,
    const gchar * name)
{
  return number_of (texture_field (texture, defaults, name));
}

gpointer
texture_pointer (const GstStructure * texture, const gchar * name)
{
  const GValue *value = gst_structure_get_value (texture, name);

  return value != NULL && G_VALUE_HOLDS_POINTER (value)
      ? g_value_get_pointer (value) : NULL;
}

guint
texture_numbers (const GstStructure * texture, const gchar * name,
    guint64 * values, guint max)
{
  const GValue *value = gst_structure_get_value (texture, name);
  guint i, n;

  if (value == NULL)
    return 0;
  if (!GST_VALUE_HOLDS_ARRAY (value)) {
    values[0] = number_of (value);
    return 1;
  }
  n = gst_value_array_get_size (value);
  for (i = 0; i < MIN (n, max); i++)
    values[i] = number_of (gst_value_array_get_value (value, i));
  return n;
}

static const gchar *
text_of (const GValue * value)
{
  return value != NULL && G_VALUE_HOLDS_STRING (value)
      ? g_value_get_string (value) : NULL;
}

static void
read_colours (const GstStructure * texture, const GstStructure * defaults,
    gboolean full_range, GstVideoInfo * info)
{
  const gchar *colours = text_of (texture_field (texture, defaults,
          "colorimetry"));
  const GValue *par = texture_field (texture, defaults, "pixel-aspect-ratio");

  if (full_range)
    info->colorimetry.range = GST_VIDEO_COLOR_RANGE_0_255;
  if (colours != NULL)
    gst_video_colorimetry_from_string (&info->colorimetry, colours);
  if (par != NULL && GST_VALUE_HOLDS_FRACTION (par)) {
    info->par_n = gst_value_get_fraction_numerator (par);
    info->par_d = gst_value_get_fraction_denominator (par);
  }
}

gboolean
texture_read_info (const GstStructure * texture,
    const GstStructure * defaults, GstVideoFormat format, gboolean full_range,
    TextureFrame * frame, GError ** error)
{
  guint64 width = texture_number (texture, defaults, "width");
  guint64 height = texture_number (texture, defaults, "height");
  const gchar *name = text_of (texture_field (texture, defaults, "format"));
  guint i;

  if (format == GST_VIDEO_FORMAT_UNKNOWN && name != NULL)
    format = gst_video_format_from_string (name);
  if (width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "width and height must be 1 to %d", MAX_SIDE);
    return FALSE;
  }
  if (format == GST_VIDEO_FORMAT_UNKNOWN
      || format == GST_VIDEO_FORMAT_ENCODED
      || !gst_video_info_set_format (&frame->info, format, width, height)) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
        "%s is not a pixel format", name ? name : "nothing");
    return FALSE;
  }
  read_colours (texture, defaults, full_range, &frame->info);
  frame->n_planes = GST_VIDEO_INFO_N_PLANES (&frame->info);
  for (i = 0; i < frame->n_planes; i++) {
    frame->offset[i] = GST_VIDEO_INFO_PLANE_OFFSET (&frame->info, i);
    frame->stride[i] = GST_VIDEO_INFO_PLANE_STRIDE (&frame->info, i);
  }
  return TRUE;
}

/* Bytes in a row of @plane that hold pixels, and rows. */
static void
measure_plane (const TextureFrame * frame, guint plane, gsize * row,
    gsize * rows)
{
  const GstVideoInfo *info = &frame->info;
  const GstVideoFormatInfo *finfo = info->finfo;
  gint comp[GST_VIDEO_MAX_COMPONENTS];

  gst_video_format_info_component (finfo, plane, comp);
  *rows = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (finfo, comp[0], info->height);
  /* Where pixels share bytes the packed row is the least. */
  if (GST_VIDEO_FORMAT_INFO_IS_COMPLEX (finfo))
    *row = GST_VIDEO_INFO_PLANE_STRIDE (info, plane);
  else
    *row = (gsize) GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (finfo, comp[0],
        info->width) * finfo->pixel_stride[comp[0]];
}

gsize
texture_plane_size (const TextureFrame * frame, guint plane)
{
  gsize row, rows;

  measure_plane (frame, plane, &row, &rows);
  return (rows - 1) * frame->stride[plane] + row;
}

gsize
texture_size (const TextureFrame * frame)
{
  gsize end = 0;
  guint i;

  for (i = 0; i < frame->n_planes; i++)
    end = MAX (end, frame->offset[i] + texture_plane_size (frame, i));
  return end;
}

gboolean
texture_read_layout (const GstStructure * texture, TextureFrame * frame,
    GError ** error)
{
  guint64 strides[GST_VIDEO_MAX_PLANES], offsets[GST_VIDEO_MAX_PLANES];
  guint n_strides = texture_numbers (texture, "stride", strides,
      GST_VIDEO_MAX_PLANES);
  guint n_offsets = texture_numbers (texture, "offset", offsets,
      GST_VIDEO_MAX_PLANES);
  gsize row, rows, start = 0;
  guint i;

  if (GST_VIDEO_FORMAT_INFO_IS_TILED (frame->info.finfo)) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
        "%s has tiles, no rows: only a DMA buffer with a modifier can have them",
        GST_VIDEO_INFO_NAME (&frame->info));
    return FALSE;
  }
  for (i = 0; i < frame->n_planes; i++) {
    measure_plane (frame, i, &row, &rows);
    if (i < n_strides) {
      if (strides[i] < row || strides[i] > G_MAXINT) {
        g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
            "a stride of %" G_GUINT64_FORMAT " cannot hold the %"
            G_GSIZE_FORMAT " bytes of a row", strides[i], row);
        return FALSE;
      }
      frame->stride[i] = strides[i];
      /* Planes follow each other unless their offsets are told. */
      frame->offset[i] = start;
    }
    if (i < n_offsets && offsets[i] > MAX_OFFSET) {
      g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
          "an offset of %" G_GUINT64_FORMAT " lies in no texture", offsets[i]);
      return FALSE;
    }
    if (i < n_offsets)
      frame->offset[i] = offsets[i];
    start = frame->offset[i] + rows * frame->stride[i];
  }
  return TRUE;
}

void
texture_add_video_meta (const TextureFrame * frame, GstBuffer * buffer)
{
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_INFO_FORMAT (&frame->info), GST_VIDEO_INFO_WIDTH (&frame->info),
      GST_VIDEO_INFO_HEIGHT (&frame->info), frame->n_planes,
      (gsize *) frame->offset, (gint *) frame->stride);
}
