/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What moved between two small pictures, seen apart from the camera's own
 * movement. Pure functions, callable from any thread. */
#pragma once

#include "structure.h"

G_BEGIN_DECLS

/* A structure picture, whole, halved and quartered. */
typedef struct
{
  guint8 whole[ECHOEL_ANALYSIS_WIDTH * ECHOEL_ANALYSIS_HEIGHT];
  guint8 half[ECHOEL_ANALYSIS_WIDTH / 2 * (ECHOEL_ANALYSIS_HEIGHT / 2)];
  guint8 quarter[ECHOEL_ANALYSIS_WIDTH / 4 * (ECHOEL_ANALYSIS_HEIGHT / 4)];
} EchoelPyramid;

/* How far the background went from one picture to the next, in pixels. */
typedef struct
{
  gint x, y;
} EchoelShift;

/**
 * echoel_pyramid_fill:
 * @gray: ECHOEL_ANALYSIS_WIDTH times ECHOEL_ANALYSIS_HEIGHT pixels
 */
void echoel_pyramid_fill (EchoelPyramid * pyramid, const guint8 * gray,
    guint stride);

/**
 * echoel_find_shift:
 * @before: an earlier picture
 * @now: a later one
 *
 * Returns: the one movement, up to 15 % of the width, that explains most of
 *     @now: that of the background while it fills more than about half
 */
EchoelShift echoel_find_shift (const EchoelPyramid * before,
    const EchoelPyramid * now);

/**
 * echoel_find_turn:
 * @shift: of the background
 *
 * Returns: whether opposite sides of the picture move apart, together or past
 *     each other: the camera zooms, walks on or rolls
 */
gboolean echoel_find_turn (const EchoelPyramid * before,
    const EchoelPyramid * now, EchoelShift shift);

/**
 * echoel_find_residual:
 * @shift: of the background
 * @pixels: (out): row by row, how far each pixel is from all that @before
 *     shows there, noise left out
 */
void echoel_find_residual (const EchoelPyramid * before,
    const EchoelPyramid * now, EchoelShift shift,
    guint8 pixels[ECHOEL_ANALYSIS_PIXELS]);

G_END_DECLS
