/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blurs a small picture in place. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * echoel_small_blur:
 * @frame: 8-bit planes; a large one takes its time
 *
 * Three box passes each way come close to a Gaussian of two samples. Pure,
 * allocates nothing.
 */
void echoel_small_blur (GstVideoFrame * frame);

G_END_DECLS
