/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element that makes the container. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* Returns: the suffix of files with @format */
const gchar *muxer_ext (const EchoelVideoFormat * format);

/**
 * muxer_make:
 * @duration: that the file will have at most, ns, or GST_CLOCK_TIME_NONE: room
 *     for the index in front is made for it
 *
 * Posts an error when it cannot be made.
 *
 * Returns: (transfer none) (nullable): a muxer for one file, in @bin
 */
GstElement *muxer_make (GstBin * bin, const EchoelVideoFormat * format,
    GstClockTime duration);

G_END_DECLS
