/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What geometry.h needs to know of a video format. Pure, any thread. */
#pragma once

#include <gst/video/video.h>

#include "geometry.h"

G_BEGIN_DECLS

/**
 * echoel_raster_from_info:
 *
 * Returns: pixels, and the shape of one, of the pictures of @info
 */
static inline EchoelRaster
echoel_raster_from_info (const GstVideoInfo * info)
{
  EchoelRaster raster = { GST_VIDEO_INFO_WIDTH (info),
    GST_VIDEO_INFO_HEIGHT (info),
    {GST_VIDEO_INFO_PAR_N (info), GST_VIDEO_INFO_PAR_D (info)}
  };

  return raster;
}

/**
 * echoel_chroma_step_x:
 *
 * Returns: pixels beside each other that share a chroma sample: 1, 2 or 4
 */
static inline guint
echoel_chroma_step_x (const GstVideoInfo * info)
{
  return 1u << GST_VIDEO_FORMAT_INFO_W_SUB (info->finfo, 1);
}

/**
 * echoel_chroma_step_y:
 *
 * Returns: pixels below each other that share a chroma sample: 1, 2 or 4
 */
static inline guint
echoel_chroma_step_y (const GstVideoInfo * info)
{
  return 1u << GST_VIDEO_FORMAT_INFO_H_SUB (info->finfo, 1);
}

G_END_DECLS
