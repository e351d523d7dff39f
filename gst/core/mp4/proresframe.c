/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proresframe.h"

#include <gst/video/video.h>
#include <string.h>

/* Behind the frame's size: its identifier, then the header. */
#define IDENTIFIER 4
#define COLORS 22

/* ITU-T H.273 */
#define UNSPECIFIED 2

void
echoel_prores_colors_read (const GstCaps * caps, EchoelProresColors * colors)
{
  const gchar *text = gst_structure_get_string
      (gst_caps_get_structure (caps, 0), "colorimetry");
  GstVideoColorimetry color;

  memset (colors, 0, sizeof (*colors));
  if (text == NULL || !gst_video_colorimetry_from_string (&color, text))
    return;
  if (color.primaries != GST_VIDEO_COLOR_PRIMARIES_UNKNOWN)
    colors->primaries = (guint8)
        gst_video_color_primaries_to_iso (color.primaries);
  if (color.transfer != GST_VIDEO_TRANSFER_UNKNOWN)
    colors->transfer = (guint8)
        gst_video_transfer_function_to_iso (color.transfer);
  if (color.matrix != GST_VIDEO_COLOR_MATRIX_UNKNOWN)
    colors->matrix = (guint8) gst_video_color_matrix_to_iso (color.matrix);
}

static gboolean
set (guint8 * field, guint8 value)
{
  if (value == 0 || *field == value || (*field != 0 && *field != UNSPECIFIED))
    return FALSE;
  *field = value;
  return TRUE;
}

gboolean
echoel_prores_frame_color (guint8 * head, const EchoelProresColors * colors)
{
  gboolean changed;

  if (memcmp (head + IDENTIFIER, "icpf", 4) != 0)
    return FALSE;
  changed = set (head + COLORS, colors->primaries);
  changed |= set (head + COLORS + 1, colors->transfer);
  changed |= set (head + COLORS + 2, colors->matrix);
  return changed;
}
