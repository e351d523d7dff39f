/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropwindow.h"

#include "videoraster.h"

EchoelWindow
crop_window_find (const CropSettings * settings, const GstVideoInfo * in,
    const GstVideoInfo * out)
{
  EchoelRaster source = echoel_raster_from_info (in), target =
      echoel_raster_from_info (out);
  EchoelRatio aspect = echoel_raster_aspect (&target);
  EchoelWindow window;
  EchoelRect rect;

  if (settings->fit != ECHOEL_FIT_COVER)
    return echoel_window_full (&source);

  rect = echoel_rect_cover (&source, aspect, settings->anchor_x,
      settings->anchor_y, echoel_chroma_step_x (in), echoel_chroma_step_y (in));
  if (rect.width == target.width && rect.height == target.height
      && settings->zoom <= 1.0)
    return echoel_window_from_rect (&rect);
  window = echoel_window_cover (&source, aspect, settings->anchor_x,
      settings->anchor_y);
  echoel_window_zoom (&source, &window, settings->zoom, settings->anchor_x,
      settings->anchor_y);
  return window;
}

EchoelRect
crop_window_picture (const CropSettings * settings, const GstVideoInfo * in,
    const GstVideoInfo * out)
{
  EchoelRaster source = echoel_raster_from_info (in), target =
      echoel_raster_from_info (out);
  EchoelRect all = { 0, 0, target.width, target.height };

  if (settings->fit != ECHOEL_FIT_CONTAIN && settings->fit != ECHOEL_FIT_BLUR)
    return all;
  return echoel_rect_cover (&target, echoel_raster_aspect (&source), 0.5, 0.5,
      echoel_chroma_step_x (out), echoel_chroma_step_y (out));
}

gboolean
crop_window_is_part (const CropSettings * settings, const GstVideoInfo * in,
    const GstVideoInfo * out, const EchoelWindow * window, EchoelRect * rect)
{
  return settings->fit == ECHOEL_FIT_COVER
      && GST_VIDEO_INFO_FORMAT (in) == GST_VIDEO_INFO_FORMAT (out)
      && gst_video_colorimetry_is_equal (&in->colorimetry, &out->colorimetry)
      && GST_VIDEO_INFO_CHROMA_SITE (in) == GST_VIDEO_INFO_CHROMA_SITE (out)
      && echoel_window_is_whole (window, rect)
      && rect->width == (guint) GST_VIDEO_INFO_WIDTH (out)
      && rect->height == (guint) GST_VIDEO_INFO_HEIGHT (out);
}

gboolean
crop_window_is_on_chroma (const EchoelRect * rect, const GstVideoInfo * info)
{
  return rect->x % echoel_chroma_step_x (info) == 0
      && rect->y % echoel_chroma_step_y (info) == 0;
}
