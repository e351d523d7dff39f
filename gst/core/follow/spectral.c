/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectral.h"

#include <math.h>
#include <string.h>

#define SIZE ECHOEL_SPECTRAL_SIZE
#define COLUMNS ECHOEL_CELL_COLUMNS
#define ROWS ECHOEL_CELL_ROWS

/* Grey levels between the darkest and the brightest pixel of a picture that
 * shows nothing but noise. */
#define CONTRAST 12.0f

/* Keeps the logarithm of what is not there finite. */
#define LEAST_POWER 1e-6f

/* Rounds of smoothing over three by three cells. */
#define SMOOTHING 2

void
echoel_spectral_init (EchoelSpectral * spectral)
{
  guint i;

  memset (spectral, 0, sizeof *spectral);
  for (i = 0; i < SIZE / 2; i++) {
    spectral->cosine[i] = (gfloat) cos (2.0 * G_PI * i / SIZE);
    spectral->sine[i] = (gfloat) - sin (2.0 * G_PI * i / SIZE);
  }
}

/* Returns: the least and the most of it apart */
static gfloat
take_picture (const guint8 * gray, guint stride, gfloat * pixels)
{
  gfloat least = 255.0f, most = 0.0f;
  guint x, y, u, v;

  for (y = 0; y < SIZE; y++) {
    guint top = y * ECHOEL_ANALYSIS_HEIGHT / SIZE;
    guint bottom = ((y + 1) * ECHOEL_ANALYSIS_HEIGHT + SIZE - 1) / SIZE;

    for (x = 0; x < SIZE; x++) {
      guint left = x * ECHOEL_ANALYSIS_WIDTH / SIZE;
      guint right = (x + 1) * ECHOEL_ANALYSIS_WIDTH / SIZE;
      guint sum = 0;
      gfloat level;

      for (v = top; v < bottom; v++) {
        for (u = left; u < right; u++)
          sum += gray[v * stride + u];
      }
      level = (gfloat) sum / ((bottom - top) * (right - left));
      least = MIN (least, level);
      most = MAX (most, level);
      pixels[y * SIZE + x] = level;
    }
  }
  return most - least;
}

static void
swap_rows (gfloat * a, gfloat * b)
{
  gfloat row[SIZE];

  memcpy (row, a, sizeof row);
  memcpy (a, b, sizeof row);
  memcpy (b, row, sizeof row);
}

/* Rows in the order of their mirrored numbers. */
static void
reorder_rows (gfloat * real, gfloat * imaginary)
{
  guint i, bit, mirrored = 0;

  for (i = 0; i < SIZE; i++) {
    if (i < mirrored) {
      swap_rows (real + i * SIZE, real + mirrored * SIZE);
      swap_rows (imaginary +i * SIZE, imaginary +mirrored * SIZE);
    }
    for (bit = SIZE / 2; mirrored & bit; bit /= 2)
      mirrored ^= bit;
    mirrored |= bit;
  }
}

/* One step of the transform for all columns at once. */
static void
combine_rows (gfloat * restrict real_a, gfloat * restrict imaginary_a,
    gfloat * restrict real_b, gfloat * restrict imaginary_b, gfloat cosine,
    gfloat sine)
{
  guint x;

  for (x = 0; x < SIZE; x++) {
    gfloat real = real_b[x] * cosine - imaginary_b[x] * sine;
    gfloat imaginary = real_b[x] * sine + imaginary_b[x] * cosine;

    real_b[x] = real_a[x] - real;
    imaginary_b[x] = imaginary_a[x] - imaginary;
    real_a[x] += real;
    imaginary_a[x] += imaginary;
  }
}

static void
transform_columns (const EchoelSpectral * spectral, gfloat * real,
    gfloat * imaginary)
{
  guint half, start, i;

  reorder_rows (real, imaginary);
  for (half = 1; half < SIZE; half *= 2) {
    for (start = 0; start < SIZE; start += 2 * half) {
      for (i = 0; i < half; i++) {
        guint a = (start + i) * SIZE, b = a + half * SIZE;
        guint angle = i * (SIZE / 2 / half);

        combine_rows (real + a, imaginary +a, real + b, imaginary +b,
            spectral->cosine[angle], spectral->sine[angle]);
      }
    }
  }
}

static void
transpose (gfloat * pixels)
{
  guint x, y;

  for (y = 0; y < SIZE; y++) {
    for (x = 0; x < y; x++) {
      gfloat pixel = pixels[y * SIZE + x];

      pixels[y * SIZE + x] = pixels[x * SIZE + y];
      pixels[x * SIZE + y] = pixel;
    }
  }
}

/* Leaves the spectrum transposed; with real and imaginary parts swapped it
 * is the inverse, but for a factor, and sets a transposed one right. */
static void
transform (const EchoelSpectral * spectral, gfloat * real, gfloat * imaginary)
{
  transform_columns (spectral, real, imaginary);
  transpose (real);
  transpose (imaginary);
  transform_columns (spectral, real, imaginary);
}

/* Divides each amplitude by the geometric mean of those around it. */
static void
flatten_spectrum (EchoelSpectral * spectral)
{
  guint i, x, y;

  for (i = 0; i < ECHOEL_SPECTRAL_PIXELS; i++) {
    gfloat real = spectral->real[i], imaginary = spectral->imaginary[i];

    spectral->level[i] = 0.5f * logf (real * real + imaginary *imaginary
        +LEAST_POWER);
  }
  for (y = 0; y < SIZE; y++) {
    const gfloat *row = spectral->level + y * SIZE;
    const gfloat *above = spectral->level + (y + SIZE - 1) % SIZE * SIZE;
    const gfloat *below = spectral->level + (y + 1) % SIZE * SIZE;

    for (x = 0; x < SIZE; x++) {
      guint left = (x + SIZE - 1) % SIZE, right = (x + 1) % SIZE;
      gfloat mean = (row[left] + row[x] + row[right] + above[left]
          + above[x] + above[right] + below[left] + below[x]
          + below[right]) / 9.0f;
      gfloat factor = expf (-mean);

      spectral->real[y * SIZE + x] *= factor;
      spectral->imaginary[y * SIZE + x] *= factor;
    }
  }
}

static void
sum_cells (const EchoelSpectral * spectral, gfloat cells[ECHOEL_CELLS])
{
  guint column, row, x, y;

  for (row = 0; row < ROWS; row++) {
    guint top = row * SIZE / ROWS, bottom = (row + 1) * SIZE / ROWS;

    for (column = 0; column < COLUMNS; column++) {
      gfloat sum = 0.0f;

      for (y = top; y < bottom; y++) {
        for (x = column * SIZE / COLUMNS; x < (column + 1) * SIZE / COLUMNS;
            x++) {
          gfloat real = spectral->real[y * SIZE + x];
          gfloat imaginary = spectral->imaginary[y * SIZE + x];

          sum += real * real + imaginary *imaginary;
        }
      }
      cells[row * COLUMNS + column] = sum / (bottom - top);
    }
  }
}

static void
smooth_cells (gfloat cells[ECHOEL_CELLS])
{
  gfloat before[ECHOEL_CELLS];
  gint column, row, x, y;

  memcpy (before, cells, sizeof before);
  for (row = 0; row < ROWS; row++) {
    for (column = 0; column < COLUMNS; column++) {
      gfloat sum = 0.0f;
      guint n = 0;

      for (y = MAX (row - 1, 0); y <= MIN (row + 1, ROWS - 1); y++) {
        for (x = MAX (column - 1, 0); x <= MIN (column + 1, COLUMNS - 1); x++) {
          sum += before[y * COLUMNS + x];
          n++;
        }
      }
      cells[row * COLUMNS + column] = sum / n;
    }
  }
}

gboolean
echoel_spectral_find (EchoelSpectral * spectral, const guint8 * gray,
    guint stride, gfloat cells[ECHOEL_CELLS])
{
  gfloat contrast = take_picture (gray, stride, spectral->real), sum = 0.0f;
  guint i;

  for (i = 0; i < ECHOEL_CELLS; i++)
    cells[i] = 1.0f;
  if (contrast < CONTRAST)
    return FALSE;
  memset (spectral->imaginary, 0, sizeof spectral->imaginary);
  transform (spectral, spectral->real, spectral->imaginary);
  flatten_spectrum (spectral);
  transform (spectral, spectral->imaginary, spectral->real);
  sum_cells (spectral, cells);
  for (i = 0; i < SMOOTHING; i++)
    smooth_cells (cells);
  for (i = 0; i < ECHOEL_CELLS; i++)
    sum += cells[i];
  for (i = 0; i < ECHOEL_CELLS; i++)
    cells[i] *= ECHOEL_CELLS / sum;
  return TRUE;
}
