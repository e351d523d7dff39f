/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small grey pictures whose truth is known: textures, sprites, noise. All of
 * it follows from seeds. */
#pragma once

#include <math.h>
#include <string.h>

#include "structure.h"

#define WIDTH ECHOEL_ANALYSIS_WIDTH
#define HEIGHT ECHOEL_ANALYSIS_HEIGHT
#define PIXELS (WIDTH * HEIGHT)

/* A texture repeats itself after so many pixels. */
#define TEXTURE 256

typedef struct
{
  guint8 pixels[TEXTURE * TEXTURE];
} Texture;

/* A picture in the making. */
typedef struct
{
  gdouble pixels[PIXELS];
  guint32 random;
} Canvas;

static inline guint32
next_random (guint32 * state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/* A number for a point of a lattice that repeats, -0.5 to 0.5. */
static inline gdouble
lattice (guint32 seed, guint x, guint y, guint size)
{
  guint32 hash = seed * 2654435761u + (x % size) * 73856093u
      + (y % size) * 19349663u;

  hash = (hash ^ (hash >> 15)) * 2246822519u;
  hash = (hash ^ (hash >> 13)) * 3266489917u;
  return (hash ^ (hash >> 16)) / 4294967296.0 - 0.5;
}

static inline gdouble
smooth_noise (guint32 seed, guint x, guint y, guint cell)
{
  guint left = x / cell, top = y / cell, size = TEXTURE / cell;
  gdouble u = (x % cell) / (gdouble) cell, v = (y % cell) / (gdouble) cell;
  gdouble a = lattice (seed, left, top, size);
  gdouble b = lattice (seed, left + 1, top, size);
  gdouble c = lattice (seed, left, top + 1, size);
  gdouble d = lattice (seed, left + 1, top + 1, size);

  u = u * u * (3.0 - 2.0 * u);
  v = v * v * (3.0 - 2.0 * v);
  return (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v;
}

static inline void
texture_fill (Texture * texture, guint32 seed, gdouble mean, gdouble contrast)
{
  guint x, y;

  for (y = 0; y < TEXTURE; y++) {
    for (x = 0; x < TEXTURE; x++) {
      gdouble level = mean + contrast * (smooth_noise (seed, x, y, 32)
          + smooth_noise (seed + 1, x, y, 16) * 0.7
          + smooth_noise (seed + 2, x, y, 8) * 0.5);

      texture->pixels[y * TEXTURE + x] = (guint8) CLAMP (level, 0.0, 255.0);
    }
  }
}

/* Between pixels, too. */
static inline gdouble
texture_at (const Texture * texture, gdouble x, gdouble y)
{
  gint left = (gint) floor (x), top = (gint) floor (y);
  gdouble u = x - left, v = y - top;
  const guint8 *upper = texture->pixels + (top & (TEXTURE - 1)) * TEXTURE;
  const guint8 *lower = texture->pixels
      + ((top + 1) & (TEXTURE - 1)) * TEXTURE;
  gint right = (left + 1) & (TEXTURE - 1);

  left &= TEXTURE - 1;
  return (upper[left] * (1 - u) + upper[right] * u) * (1 - v)
      + (lower[left] * (1 - u) + lower[right] * u) * v;
}

/* The texture from @x and @y on, @zoom of its pixels a pixel, about the
 * centre. */
static inline void
canvas_fill (Canvas * canvas, const Texture * texture, gdouble x, gdouble y,
    gdouble zoom)
{
  gint column, row;

  for (row = 0; row < HEIGHT; row++) {
    for (column = 0; column < WIDTH; column++)
      canvas->pixels[row * WIDTH + column] = texture_at (texture,
          x + (column - WIDTH / 2) * zoom, y + (row - HEIGHT / 2) * zoom);
  }
}

/* An ellipse of another texture, its edge a little soft. */
static inline void
canvas_add_sprite (Canvas * canvas, const Texture * texture, gdouble x,
    gdouble y, gdouble radius_x, gdouble radius_y)
{
  gint column, row;

  for (row = 0; row < HEIGHT; row++) {
    for (column = 0; column < WIDTH; column++) {
      gdouble u = (column + 0.5 - x) / radius_x;
      gdouble v = (row + 0.5 - y) / radius_y;
      gdouble cover = CLAMP ((1.2 - u * u - v * v) / 0.3, 0.0, 1.0);
      gdouble *pixel = canvas->pixels + row * WIDTH + column;

      if (cover > 0.0)
        *pixel += cover * (texture_at (texture, column - x, row - y) - *pixel);
    }
  }
}

/* To bytes, after light and noise. */
static inline void
canvas_finish (Canvas * canvas, gdouble gain, gdouble offset, gdouble noise,
    guint8 gray[PIXELS])
{
  guint i, j;

  for (i = 0; i < PIXELS; i++) {
    gdouble level = canvas->pixels[i] * gain + offset, sum = 0.0;

    /* Four even ones make one that is bell-shaped enough. */
    for (j = 0; j < 4 && noise > 0.0; j++)
      sum += next_random (&canvas->random) / 16777216.0 - 0.5;
    level += sum * 1.732 * noise;
    gray[i] = (guint8) CLAMP (level + 0.5, 0.0, 255.0);
  }
}
