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

/* Zooming and rolling are seen in strips along the sides of the halved
 * picture, this wide and searched this far. */
#define STRIP 16
#define STRIP_REACH 3
/* How much better, in structure levels of all pixels of a block. */
#define CLEARLY (0.5 * ECHOEL_BLOCK * ECHOEL_BLOCK)

/* Rows with a free pixel at both ends. */
#define MARGIN 1
#define PADDED (WIDTH + 2 * MARGIN)

/* Structure levels by which a pixel may leave what was there before, at
 * least, and as a multiple of what half the pixels differ by: noise. */
#define TOLERANCE 8
#define TOLERANCE_OF_NOISE 1.5

/* A part of one level of two pyramids. */
typedef struct
{
  const guint8 *before, *now;
  gint width, height;           /* of the level */
  gint left, top, right, bottom;        /* of the part */
} Level;

void
echoel_pyramid_fill (EchoelPyramid * pyramid, const guint8 * gray, guint stride)
{
  echoel_structure (gray, stride, WIDTH, HEIGHT, SURROUNDINGS, pyramid->whole);
  echoel_halve (pyramid->whole, WIDTH, WIDTH / 2, HEIGHT / 2, pyramid->half);
  echoel_halve (pyramid->half, WIDTH / 2, WIDTH / 4, HEIGHT / 4,
      pyramid->quarter);
}

static Level
make_level (const guint8 * before, const guint8 * now, guint part)
{
  Level level = { before, now, WIDTH / part, HEIGHT / part, 0, 0,
    WIDTH / part, HEIGHT / part
  };

  return level;
}

/* Leaves out what is not in both pictures when the later is shifted @by. */
static Level
find_overlap (const Level * level, EchoelShift by)
{
  Level both = *level;

  both.left = MAX (level->left, by.x);
  both.right = MIN (level->right, level->width + by.x);
  both.top = MAX (level->top, by.y);
  both.bottom = MIN (level->bottom, level->height + by.y);
  return both;
}

static guint
compare_block (const Level * level, gint x, gint y, EchoelShift by)
{
  return echoel_differ_block (level->now + y * level->width + x, level->width,
      level->before + (y - by.y) * level->width + x - by.x, level->width);
}

/* Mean difference over the blocks that both pictures have. */
static gdouble
compare_shifted (const Level * level, EchoelShift by)
{
  Level both = find_overlap (level, by);
  gint x, y;
  guint sum = 0, n = 0;

  for (y = both.top; y + ECHOEL_BLOCK <= both.bottom; y += ECHOEL_BLOCK) {
    for (x = both.left; x + ECHOEL_BLOCK <= both.right; x += ECHOEL_BLOCK) {
      sum += compare_block (level, x, y, by);
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

/* Whether the block at @x and @y went along with @shift. */
static gboolean
follows_shift (const Level * level, gint x, gint y, EchoelShift shift)
{
  const EchoelShift none = { 0, 0 };
  guint still = compare_block (level, x, y, none);

  return still > MOVED && 2 * compare_block (level, x, y, shift) < still;
}

/* The background reaches the edges of the picture and an object does not, not
 * even the only thing before a plain wall. */
static gboolean
reaches_edges (const Level * level, EchoelShift shift)
{
  Level both = find_overlap (level, shift);
  guint sides[4] = { 0, }, side, reached = 0;
  gint x, y;

  for (y = both.top; y + ECHOEL_BLOCK <= both.bottom; y += ECHOEL_BLOCK) {
    for (x = both.left; x + ECHOEL_BLOCK <= both.right; x += ECHOEL_BLOCK) {
      if (!follows_shift (level, x, y, shift))
        continue;
      sides[0] += x < both.left + EDGE;
      sides[1] += x + ECHOEL_BLOCK + EDGE >= both.right;
      sides[2] += y < both.top + EDGE;
      sides[3] += y + ECHOEL_BLOCK + EDGE >= both.bottom;
    }
  }
  for (side = 0; side < G_N_ELEMENTS (sides); side++)
    reached += sides[side] >= BLOCKS_AT_EDGE;
  return reached >= 3;
}

EchoelShift
echoel_find_shift (const EchoelPyramid * before, const EchoelPyramid * now)
{
  Level quarter = make_level (before->quarter, now->quarter, 4);
  Level half = make_level (before->half, now->half, 2);
  Level whole = make_level (before->whole, now->whole, 1);
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

/* The movement of one strip of the halved picture, if it is a clear one. */
static EchoelShift
find_strip_shift (const Level * half, gint left, gint top, gint right,
    gint bottom, EchoelShift around)
{
  Level strip = *half;
  EchoelShift shift;

  strip.left = left;
  strip.top = top;
  strip.right = right;
  strip.bottom = bottom;
  shift = search_shift (&strip, around, STRIP_REACH);
  return compare_shifted (&strip, shift) + CLEARLY
      < compare_shifted (&strip, around) ? shift : around;
}

gboolean
echoel_find_turn (const EchoelPyramid * before, const EchoelPyramid * now,
    EchoelShift shift)
{
  Level half = make_level (before->half, now->half, 2);
  EchoelShift around = { shift.x / 2, shift.y / 2 };
  gint width = half.width, height = half.height;
  EchoelShift left = find_strip_shift (&half, 0, 0, STRIP, height, around);
  EchoelShift right = find_strip_shift (&half, width - STRIP, 0, width,
      height, around);
  EchoelShift top = find_strip_shift (&half, 0, 0, width, STRIP, around);
  EchoelShift bottom = find_strip_shift (&half, 0, height - STRIP, width,
      height, around);
  gint grows_x = right.x - left.x, grows_y = bottom.y - top.y;
  gint rolls_x = top.x - bottom.x, rolls_y = right.y - left.y;

  return (ABS (grows_x) > 1 && grows_x * grows_y > 0)
      || (ABS (rolls_y) > 1 && rolls_x * rolls_y > 0);
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
find_outside (const guint8 * row, const guint8 least[WIDTH],
    const guint8 most[WIDTH], gint tolerance, guint8 pixels[WIDTH])
{
  guint x;

  for (x = 0; x < WIDTH; x++) {
    /* What stands out more also changes more with the light. */
    gint16 slack = tolerance + (ABS (row[x] - ECHOEL_STRUCTURE_FLAT) >> 3);
    gint16 over = row[x] - most[x], under = least[x] - row[x];
    gint16 outside = MAX (over, under) - slack;

    pixels[x] = (guint8) MAX (outside, 0);
  }
}

/* Nothing is said of what the camera has just come to see. */
static void
clear_sides (gint shift, guint8 pixels[WIDTH])
{
  if (shift > 0)
    memset (pixels, 0, shift);
  else
    memset (pixels + WIDTH + shift, 0, -shift);
}

void
echoel_find_residual (const EchoelPyramid * before, const EchoelPyramid * now,
    EchoelShift shift, guint8 pixels[ECHOEL_ANALYSIS_PIXELS])
{
  gint tolerance = MAX (TOLERANCE,
      (gint) (TOLERANCE_OF_NOISE * measure_noise (before, now, shift)));
  guint8 rows[3][PADDED], least[WIDTH], most[WIDTH];
  gint y;

  shift_row (before->whole, -shift.y - 1, shift.x, rows[0]);
  shift_row (before->whole, -shift.y, shift.x, rows[1]);
  for (y = 0; y < HEIGHT; y++) {
    gint there = y - shift.y;
    guint8 *row = pixels + y * WIDTH;

    shift_row (before->whole, there + 1, shift.x, rows[(y + 2) % 3]);
    if (there < 0 || there >= HEIGHT) {
      memset (row, 0, WIDTH);
      continue;
    }
    find_range (rows, least, most);
    find_outside (now->whole + y * WIDTH, least, most, tolerance, row);
    clear_sides (shift.x, row);
  }
}
