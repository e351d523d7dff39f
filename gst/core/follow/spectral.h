/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a still picture stands out from itself.
 *
 * The spectral residual: what all of a picture has in common is smooth in the
 * logarithm of its spectrum; take that away, and what is left is where
 * something is unlike the rest (X. Hou, L. Zhang: Saliency Detection, A
 * Spectral Residual Approach, CVPR 2007). */
#pragma once

#include "structure.h"

G_BEGIN_DECLS

#define ECHOEL_SPECTRAL_SIZE 64
#define ECHOEL_SPECTRAL_PIXELS (ECHOEL_SPECTRAL_SIZE * ECHOEL_SPECTRAL_SIZE)

/* Working space: one thread at a time. */
typedef struct
{
  gfloat real[ECHOEL_SPECTRAL_PIXELS], imaginary[ECHOEL_SPECTRAL_PIXELS];
  gfloat level[ECHOEL_SPECTRAL_PIXELS];
  gfloat cosine[ECHOEL_SPECTRAL_SIZE / 2], sine[ECHOEL_SPECTRAL_SIZE / 2];
} EchoelSpectral;

void echoel_spectral_init (EchoelSpectral * spectral);

/**
 * echoel_spectral_find:
 * @gray: ECHOEL_ANALYSIS_WIDTH times ECHOEL_ANALYSIS_HEIGHT pixels
 * @stride: bytes from one row to the next
 * @cells: (out): how much each cell stands out, 1 on average, row by row
 *
 * Allocates nothing.
 *
 * Returns: %FALSE when the picture shows nothing; @cells are all 1
 */
gboolean echoel_spectral_find (EchoelSpectral * spectral,
    const guint8 * gray, guint stride, gfloat cells[ECHOEL_CELLS]);

G_END_DECLS
