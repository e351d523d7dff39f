/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is where in a small picture, whatever the light.
 *
 * Cuts and motion are found in a small grey picture. Brightness and contrast
 * change with flashes, fades, lamps and exposure; the structure picture does
 * not: each of its pixels says by how many standard deviations of its
 * surroundings the pixel differs from their mean.
 *
 * Pure functions, callable from any thread. None of them allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pictures are scaled to this size, whatever their shape: 8-bit grey. */
#define ECHOEL_ANALYSIS_WIDTH 160
#define ECHOEL_ANALYSIS_HEIGHT 90
#define ECHOEL_ANALYSIS_PIXELS \
    (ECHOEL_ANALYSIS_WIDTH * ECHOEL_ANALYSIS_HEIGHT)

/* What is found is summed up in cells of this many pixels a side. */
#define ECHOEL_CELL 5
#define ECHOEL_CELL_COLUMNS (ECHOEL_ANALYSIS_WIDTH / ECHOEL_CELL)
#define ECHOEL_CELL_ROWS (ECHOEL_ANALYSIS_HEIGHT / ECHOEL_CELL)
#define ECHOEL_CELLS (ECHOEL_CELL_COLUMNS * ECHOEL_CELL_ROWS)

/* A structure pixel that equals its surroundings, and what one standard
 * deviation adds: three of them are told apart. */
#define ECHOEL_STRUCTURE_FLAT 128
#define ECHOEL_STRUCTURE_DEVIATION 40

/* Side of a block, in pixels. */
#define ECHOEL_BLOCK 8

/**
 * echoel_structure:
 * @gray: a picture of @width times @height pixels, at most
 *     ECHOEL_ANALYSIS_WIDTH columns
 * @stride: bytes from one row to the next
 * @radius: how far the surroundings of a pixel reach; they end at the edges
 * @structure: (out): rows of @width bytes
 */
void echoel_structure (const guint8 * gray, guint stride, guint width,
    guint height, guint radius, guint8 * structure);

/**
 * echoel_halve:
 * @width: of @half, which is half of what @picture has
 * @height: of @half; an odd last row of @picture is left out
 *
 * Each pixel of @half is the mean of four.
 */
void echoel_halve (const guint8 * picture, guint stride, guint width,
    guint height, guint8 * half);

/**
 * echoel_differ_block:
 *
 * Returns: the sum of absolute differences of two blocks of ECHOEL_BLOCK
 *     times ECHOEL_BLOCK pixels
 */
guint echoel_differ_block (const guint8 * a, guint stride_a,
    const guint8 * b, guint stride_b);

/**
 * echoel_elapsed:
 * @seconds: since the picture before, as a caller says it
 *
 * Returns: @seconds within reason: a thirtieth when it is no time at all,
 *     never less than a millisecond or more than a second
 */
gdouble echoel_elapsed (gdouble seconds);

G_END_DECLS
