/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstVideoInfo in zimg's words: samples, matrix, range, chroma siting. */
#pragma once

#include <gst/video/video.h>
#include <zimg.h>

#include "pixelrows.h"

G_BEGIN_DECLS

/**
 * echoel_zimg_formats:
 * @in: source; its colorimetry may be unknown
 * @out: target
 * @in_format: (out): @in as zimg sees it
 * @out_format: (out): @out as zimg sees it
 *
 * Unknown colorimetry on one side is taken to equal the other side's, so
 * that nothing is converted on a guess. The transfer functions of ordinary
 * video (BT.709, BT.601, sRGB, ...) count as one, as players treat them; PQ
 * and HLG do not, and are converted. Alpha is kept when both sides have it.
 */
void echoel_zimg_formats (const GstVideoInfo * in, const EchoelRows * in_rows,
    const GstVideoInfo * out, const EchoelRows * out_rows,
    zimg_image_format * in_format, zimg_image_format * out_format);

G_END_DECLS
