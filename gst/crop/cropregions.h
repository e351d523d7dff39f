/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The regions that detectors upstream left on a buffer. */
#pragma once

#include <gst/video/video.h>

#include "regions.h"

G_BEGIN_DECLS

/**
 * crop_regions_read:
 * @regions: gets each region of @buffer; begun by the caller
 * @buffer: a buffer with GstVideoRegionOfInterestMeta or, where built against
 *     GStreamer 1.24 or later, object detections of GstAnalytics
 * @types: names of the types that count, separated by commas, or %NULL
 */
void crop_regions_read (EchoelRegions * regions, GstBuffer * buffer,
    const gchar * types);

G_END_DECLS
