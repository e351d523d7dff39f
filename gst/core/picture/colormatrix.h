/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* 8-bit RGB rows to 16-bit YUV rows.
 *
 * A resampler that gets 16 bits loses nothing to this step, and one that gets
 * YUV scales chroma only as far as the target needs it. Pure, any thread. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

typedef struct
{
  /* What one 8-bit step of R, G and B adds, and the offset. */
  gfloat y[4], u[4], v[4];
} EchoelColorMatrix;

/**
 * echoel_color_matrix_init:
 * @matrix: of the target
 * @full: whether the target has full range
 *
 * Returns: whether such a matrix is a weighted sum of R, G and B
 */
gboolean echoel_color_matrix_init (EchoelColorMatrix * self,
    GstVideoColorMatrix matrix, gboolean full);

/* Converts @n pixels. */
void echoel_color_matrix_row (const EchoelColorMatrix * self,
    const guint8 * r, const guint8 * g, const guint8 * b, guint n,
    guint16 * y, guint16 * u, guint16 * v);

/**
 * echoel_color_matrix_pixels:
 * @pixels: @n packed pixels of four bytes
 * @shifts: of R, G and B in a pixel that is read as a number of the host
 *
 * The same without a step between: packed pixels are read once.
 */
void echoel_color_matrix_pixels (const EchoelColorMatrix * self,
    const guint8 * pixels, const guint shifts[3], guint n, guint16 * y,
    guint16 * u, guint16 * v);

G_END_DECLS
