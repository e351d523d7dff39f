/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where echoelcrop's window and its picture are. No state, any thread. */
#pragma once

#include <gst/video/video.h>

#include "cropsettings.h"
#include "geometry.h"

G_BEGIN_DECLS

/* Where the window is when it follows nothing. A crop without scaling has its
 * edges on chroma samples, so that colours stay where they were; any other
 * window is exact to the subpixel. */
EchoelWindow crop_window_find (const CropSettings * settings,
    const GstVideoInfo * in, const GstVideoInfo * out);

/* Where the picture is in the target. */
EchoelRect crop_window_picture (const CropSettings * settings,
    const GstVideoInfo * in, const GstVideoInfo * out);

/**
 * crop_window_is_part:
 * @rect: (out): that part, when it is
 *
 * Returns: whether the output is a part of the input, pixel for pixel
 */
gboolean crop_window_is_part (const CropSettings * settings,
    const GstVideoInfo * in, const GstVideoInfo * out,
    const EchoelWindow * window, EchoelRect * rect);

/* Whether @rect begins with a whole chroma sample. */
gboolean crop_window_is_on_chroma (const EchoelRect * rect,
    const GstVideoInfo * info);

G_END_DECLS
