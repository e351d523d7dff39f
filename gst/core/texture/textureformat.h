/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Metal, Core Video and DRM call the pixel formats of GStreamer.
 *
 * The numbers of other systems stand here as numbers, so that the tables are
 * compiled and tested everywhere. Pure, any thread. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/* Four characters as Core Video counts them, first one on top. */
#define ECHOEL_CV_FOURCC(a, b, c, d) (((guint32) (a) << 24) \
    | ((guint32) (b) << 16) | ((guint32) (c) << 8) | (guint32) (d))

/* Rows one after the other, not in tiles. */
#define ECHOEL_DRM_LINEAR G_GUINT64_CONSTANT (0)
/* What a driver says that has no modifiers. */
#define ECHOEL_DRM_INVALID G_GUINT64_CONSTANT (0x00ffffffffffffff)

/**
 * echoel_format_from_metal:
 * @pixel_format: an MTLPixelFormat
 *
 * Returns: the format with the same bytes, or %GST_VIDEO_FORMAT_UNKNOWN
 */
GstVideoFormat echoel_format_from_metal (guint pixel_format);

/**
 * echoel_format_to_metal:
 *
 * Returns: the MTLPixelFormat that a blit can fill, 0 = none
 */
guint echoel_format_to_metal (GstVideoFormat format);

/**
 * echoel_format_from_cv:
 * @pixel_format: an OSType of Core Video
 * @full_range: (out) (optional): whether it stands for full-range YUV
 *
 * Returns: the format with the same bytes, or %GST_VIDEO_FORMAT_UNKNOWN
 */
GstVideoFormat echoel_format_from_cv (guint32 pixel_format,
    gboolean * full_range);

/* Returns: the OSType of Core Video, 0 = none */
guint32 echoel_format_to_cv (GstVideoFormat format, gboolean full_range);

/* Returns: the format with the same bytes as linear @fourcc, or
 *     %GST_VIDEO_FORMAT_UNKNOWN */
GstVideoFormat echoel_format_from_drm (guint32 fourcc);

/* Returns: DRM's fourcc, 0 = none */
guint32 echoel_format_to_drm (GstVideoFormat format);

/**
 * echoel_drm_parse:
 * @text: four characters, or four and a modifier: "AR24:0x0100000000000002"
 * @modifier: (out): linear when @text names none
 *
 * Returns: whether @text is a DRM format
 */
gboolean echoel_drm_parse (const gchar * text, guint32 * fourcc,
    guint64 * modifier);

/* Returns: (transfer full): what caps call it, the modifier left out when it
 *     is linear */
gchar *echoel_drm_print (guint32 fourcc, guint64 modifier);

/**
 * echoel_dmabuf_caps:
 * @info: size, format and colours; the format may be unknown when only DRM
 *     has a name for it
 * @drm_caps: whether this GStreamer knows format=DMA_DRM (1.24 and later)
 *
 * Returns: (transfer full): the caps of such a buffer, best first, without a
 *     frame rate; empty when this GStreamer has no name for it
 */
GstCaps *echoel_dmabuf_caps (const GstVideoInfo * info, guint32 fourcc,
    guint64 modifier, gboolean drm_caps);

/**
 * echoel_texture_caps:
 * @feature: (nullable): of the caps, %NULL = system memory
 *
 * Returns: (transfer full): caps of @info without a frame rate
 */
GstCaps *echoel_texture_caps (const GstVideoInfo * info,
    const gchar * feature);

G_END_DECLS
