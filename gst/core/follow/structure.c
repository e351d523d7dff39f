/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "structure.h"

#include <math.h>
#include <string.h>

#define WIDTH ECHOEL_ANALYSIS_WIDTH

/* Grey levels of deviation that count as noise: a surface without texture
 * stays near flat instead of showing its noise enlarged. */
#define NOISE 8.0f

/* Sums over a window of rows, for each column. */
typedef struct
{
  guint32 value[WIDTH], square[WIDTH];
} Columns;

static void
add_row (Columns * columns, const guint8 * row, guint width)
{
  guint x;

  for (x = 0; x < width; x++) {
    guint32 v = row[x];

    columns->value[x] += v;
    columns->square[x] += v * v;
  }
}

static void
remove_row (Columns * columns, const guint8 * row, guint width)
{
  guint x;

  for (x = 0; x < width; x++) {
    guint32 v = row[x];

    columns->value[x] -= v;
    columns->square[x] -= v * v;
  }
}

/* Sums over windows that reach @radius columns to each side. */
static void
sum_windows (const guint32 * columns, guint width, guint radius, guint32 * sums)
{
  guint32 running = 0;
  guint x;

  for (x = 0; x < MIN (radius, width); x++)
    running += columns[x];
  for (x = 0; x < width; x++) {
    if (x + radius < width)
      running += columns[x + radius];
    if (x > radius)
      running -= columns[x - radius - 1];
    sums[x] = running;
  }
}

static void
normalise_row (const guint8 * row, const Columns * sums,
    const gfloat * per_pixel, gfloat per_row, guint width, guint8 * out)
{
  gfloat level[WIDTH];
  guint x;

  for (x = 0; x < width; x++) {
    gfloat weight = per_pixel[x] * per_row;
    gfloat mean = (gint32) sums->value[x] * weight;
    gfloat variance = (gint32) sums->square[x] * weight - mean * mean;
    gfloat deviation = variance > 0.0f ? sqrtf (variance) : 0.0f;

    level[x] = ECHOEL_STRUCTURE_FLAT + 0.5f + ECHOEL_STRUCTURE_DEVIATION
        * ((gint) row[x] - mean) / (deviation + NOISE);
  }
  for (x = 0; x < width; x++)
    out[x] = (guint8) CLAMP ((gint) level[x], 0, 255);
}

void
echoel_structure (const guint8 * gray, guint stride, guint width,
    guint height, guint radius, guint8 * structure)
{
  Columns columns, sums;
  gfloat per_pixel[WIDTH];
  guint x, y;

  memset (&columns, 0, sizeof columns);
  for (x = 0; x < width; x++)
    per_pixel[x] = 1.0f / (MIN (x, radius) + MIN (width - 1 - x, radius) + 1);
  for (y = 0; y < MIN (radius, height); y++)
    add_row (&columns, gray + y * stride, width);
  for (y = 0; y < height; y++) {
    guint rows = MIN (y, radius) + MIN (height - 1 - y, radius) + 1;

    if (y + radius < height)
      add_row (&columns, gray + (y + radius) * stride, width);
    if (y > radius)
      remove_row (&columns, gray + (y - radius - 1) * stride, width);
    sum_windows (columns.value, width, radius, sums.value);
    sum_windows (columns.square, width, radius, sums.square);
    normalise_row (gray + y * stride, &sums, per_pixel, 1.0f / rows, width,
        structure + y * width);
  }
}

void
echoel_halve (const guint8 * picture, guint stride, guint width,
    guint height, guint8 * half)
{
  guint x, y;

  for (y = 0; y < height; y++) {
    const guint8 *upper = picture + 2 * y * stride;
    const guint8 *lower = upper + stride;

    for (x = 0; x < width; x++)
      half[y * width + x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x]
          + lower[2 * x + 1] + 2) >> 2;
  }
}

guint
echoel_differ_block (const guint8 * a, guint stride_a, const guint8 * b,
    guint stride_b)
{
  guint x, y, sum = 0;

  for (y = 0; y < ECHOEL_BLOCK; y++) {
    for (x = 0; x < ECHOEL_BLOCK; x++)
      sum += ABS (a[x] - b[x]);
    a += stride_a;
    b += stride_b;
  }
  return sum;
}

gdouble
echoel_elapsed (gdouble seconds)
{
  if (!(seconds > 0.0) || !isfinite (seconds))
    return 1.0 / 30.0;
  return CLAMP (seconds, 0.001, 1.0);
}
