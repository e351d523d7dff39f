/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "residual.h"

#include <stdlib.h>
#include <string.h>

#define WIDTH ECHOEL_ANALYSIS_WIDTH
#define HEIGHT ECHOEL_ANALYSIS_HEIGHT
#define SURROUNDINGS 8

/* How far the quartered picture is searched: 15 % of the width. */
#define REACH 6

/* A block has moved when its pixels differ by this on average; the camera
 * has when this many did within EDGE pixels of three sides. */
#define MOVED (6 * ECHOEL_BLOCK * ECHOEL_BLOCK)
#define EDGE (2 * ECHOEL_BLOCK)
#define BLOCKS_AT_EDGE 3

/* Rows with a free pixel at both ends. */
#define MARGIN 1
#define PADDED (WIDTH + 2 * MARGIN)

/* Structure levels by which a pixel may leave what was there before, at
 * least, and as a multiple of what half the pixels differ by: noise. */
#define TOLERANCE 8
#define TOLERANCE_OF_NOISE 1.5

/* One level of two pyramids. */
typedef struct
{
  const guint8 *before, *now;
  gint width, height;
} Level;

void
echoel_pyramid_fill (EchoelPyramid * pyramid, const guint8 * gray,
    guint stride)
{
  echoel_structure (gray, stride, WIDTH, HEIGHT, SURROUNDINGS,
      pyramid->whole);
  echoel_halve (pyramid->whole, WIDTH, WIDTH / 2, HEIGHT / 2, pyramid->half);
  echoel_halve (pyramid->half, WIDTH / 2, WIDTH / 4, HEIGHT / 4,
      pyramid->quarter);
}

/* Mean difference over the blocks that both pictures have. */
static gdouble
compare_shifted (const Level * level, EchoelShift by)
{
  gint left = MAX (by.x, 0), right = level->width + MIN (by.x, 0);
  gint top = MAX (by.y, 0), bottom = level->height + MIN (by.y, 0);
  gint x, y;
  guint sum = 0, n = 0;

  for (y = top; y + ECHOEL_BLOCK <= bottom; y += ECHOEL_BLOCK) {
    for (x = left; x + ECHOEL_BLOCK <= right; x += ECHOEL_BLOCK) {
      sum += echoel_differ_block (level->now + y * level->width + x,
          level->width,
          level->before + (y - by.y) * level->width + x - by.x, level->width);
      n++;
    }
  }
  return n > 0 ? (gdouble) sum / n : G_MAXDOUBLE;
}

/* Ties go to @around, so that plain pictures do not move. */
static EchoelShift
search_shift (const Level * level, EchoelShift around, gint reach)
{
  gdouble least = compare_shifted (level, around);
  EchoelShift best = around, by;

  for (by.y = around.y - reach; by.y <= around.y + reach; by.y++) {
    for (by.x = around.x - reach; by.x <= around.x + reach; by.x++) {
      gdouble difference = compare_shifted (level, by);

      if (difference < least) {
        least = difference;
        best = by;
      }
    }
  }
  return best;
}

/* Whether the block of @level at @x and @y went along with @shift. */
static gboolean
follows_shift (const Level * level, gint x, gint y, EchoelShift shift)
{
  const guint8 *now = level->now + y * level->width + x;
  guint still = echoel_differ_block (now, level->width,
      level->before + y * level->width + x, level->width);

  return still > MOVED && 2 * echoel_differ_block (now, level->width,
      level->before + (y - shift.y) * level->width + x - shift.x,
      level->width) < still;
}

/* The background reaches the edges of the picture and an object does not, not
 * even the only thing before a plain wall. */
static gboolean
reaches_edges (const Level * level, EchoelShift shift)
{
  gint left = MAX (shift.x, 0), right = level->width + MIN (shift.x, 0);
  gint top = MAX (shift.y, 0), bottom = level->height + MIN (shift.y, 0);
  guint sides[4] = { 0, }, side, reached = 0;
  gint x, y;

  for (y = top; y + ECHOEL_BLOCK <= bottom; y += ECHOEL_BLOCK) {
    for (x = left; x + ECHOEL_BLOCK <= right; x += ECHOEL_BLOCK) {
      if (!follows_shift (level, x, y, shift))
        continue;
      sides[0] += x < left + EDGE;
      sides[1] += x >= right - EDGE - ECHOEL_BLOCK;
      sides[2] += y < top + EDGE;
      sides[3] += y >= bottom - EDGE - ECHOEL_BLOCK;
    }
  }
  for (side = 0; side < G_N_ELEMENTS (sides); side++)
    reached += sides[side] >= BLOCKS_AT_EDGE;
  return reached >= 3;
}

EchoelShift
echoel_find_shift (const EchoelPyramid * before, const EchoelPyramid * now)
{
  Level quarter = { before->quarter, now->quarter, WIDTH / 4, HEIGHT / 4 };
  Level half = { before->half, now->half, WIDTH / 2, HEIGHT / 2 };
  Level whole = { before->whole, now->whole, WIDTH, HEIGHT };
  EchoelShift still = { 0, 0 }, shift;

  shift = search_shift (&quarter, still, REACH);
  shift.x *= 2;
  shift.y *= 2;
  shift = search_shift (&half, shift, 1);
  shift.x *= 2;
  shift.y *= 2;
  shift = search_shift (&whole, shift, 1);
  return reaches_edges (&whole, shift) ? shift : still;
}

/* Row @y of @picture moved by @by; what it does not have repeats its edge. */
static void
shift_row (const guint8 * picture, gint y, gint by, guint8 padded[PADDED])
{
  const guint8 *row = picture + CLAMP (y, 0, HEIGHT - 1) * WIDTH;
  gint left = MAX (by + MARGIN, 0);
  gint right = MIN (WIDTH + by + MARGIN, PADDED);

  memset (padded, row[0], left);
  memcpy (padded + left, row + left - by - MARGIN, right - left);
  memset (padded + right, row[WIDTH - 1], PADDED - right);
}

/* What half of all pixels differ by, or less. */
static guint
measure_noise (const EchoelPyramid * before, const EchoelPyramid * now,
    EchoelShift shift)
{
  guint counts[256] = { 0, }, level = 0, below = 0, x;
  guint8 row[PADDED];
  gint y;

  /* Every other row tells as much. */
  for (y = 0; y < HEIGHT; y += 2) {
    shift_row (before->whole, y - shift.y, shift.x, row);
    for (x = 0; x < WIDTH; x++)
      counts[ABS (now->whole[y * WIDTH + x] - row[x + MARGIN])]++;
  }
  for (level = 0; level < 255; level++) {
    below += counts[level];
    if (below >= WIDTH * HEIGHT / 4)
      break;
  }
  return level;
}

/* Least and most of each pixel and its eight neighbours in three rows. */
static void
find_range (guint8 rows[3][PADDED], guint8 least[WIDTH], guint8 most[WIDTH])
{
  guint8 low[PADDED], high[PADDED];
  guint x;

  for (x = 0; x < PADDED; x++) {
    guint8 a = rows[0][x], b = rows[1][x], c = rows[2][x];

    low[x] = MIN (MIN (a, b), c);
    high[x] = MAX (MAX (a, b), c);
  }
  for (x = 0; x < WIDTH; x++) {
    least[x] = MIN (MIN (low[x], low[x + 1]), low[x + 2]);
    most[x] = MAX (MAX (high[x], high[x + 1]), high[x + 2]);
  }
}

static void
add_outside (const guint8 * row, const guint8 least[WIDTH],
    const guint8 most[WIDTH], gint tolerance, guint16 sums[WIDTH])
{
  guint x;

  for (x = 0; x < WIDTH; x++) {
    /* What stands out more also changes more with the light. */
    gint16 slack = tolerance + (ABS (row[x] - ECHOEL_STRUCTURE_FLAT) >> 3);
    gint16 over = row[x] - most[x], under = least[x] - row[x];
    gint16 outside = MAX (over, under) - slack;

    sums[x] += MAX (outside, 0);
  }
}

/* The mean of each cell of one row of cells, none where the camera has just
 * come to look. */
static void
sum_cells (const guint16 sums[WIDTH], gint shift, gfloat * cells)
{
  gint left = MAX (shift, 0), right = WIDTH + MIN (shift, 0);
  gint column, x;

  for (column = 0; column < ECHOEL_CELL_COLUMNS; column++) {
    guint sum = 0;

    for (x = column * ECHOEL_CELL; x < (column + 1) * ECHOEL_CELL; x++)
      sum += x >= left && x < right ? sums[x] : 0;
    cells[column] = (gfloat) sum / (ECHOEL_CELL * ECHOEL_CELL);
  }
}

void
echoel_find_residual (const EchoelPyramid * before, const EchoelPyramid * now,
    EchoelShift shift, gfloat cells[ECHOEL_CELLS])
{
  gint tolerance = MAX (TOLERANCE,
      (gint) (TOLERANCE_OF_NOISE * measure_noise (before, now, shift)));
  guint8 rows[3][PADDED], least[WIDTH], most[WIDTH];
  guint16 sums[WIDTH];
  gint y;

  memset (sums, 0, sizeof sums);
  shift_row (before->whole, -shift.y - 1, shift.x, rows[0]);
  shift_row (before->whole, -shift.y, shift.x, rows[1]);
  for (y = 0; y < HEIGHT; y++) {
    gint there = y - shift.y;

    shift_row (before->whole, there + 1, shift.x, rows[(y + 2) % 3]);
    if (there >= 0 && there < HEIGHT) {
      find_range (rows, least, most);
      add_outside (now->whole + y * WIDTH, least, most, tolerance, sums);
    }
    if (y % ECHOEL_CELL == ECHOEL_CELL - 1) {
      sum_cells (sums, shift.x,
          cells + y / ECHOEL_CELL * ECHOEL_CELL_COLUMNS);
      memset (sums, 0, sizeof sums);
    }
  }
}
