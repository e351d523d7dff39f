/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pixel format keeps most of a picture. Pure, any thread. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * echoel_format_loss:
 * @from: the format of the picture
 * @to: a format it could be converted to
 *
 * Returns: 0 when @to is @from, else a penalty: first for what is lost
 *     (colour, alpha, depth, chroma samples, in this order), then for the
 *     work and memory spent on what is not there
 */
guint echoel_format_loss (GstVideoFormat from, GstVideoFormat to);

/**
 * echoel_format_end:
 *
 * Returns: one more than the last raw format that this GStreamer knows; those
 *     from %GST_VIDEO_FORMAT_I420 on may be asked for their names
 */
GstVideoFormat echoel_format_end (void);

G_END_DECLS
