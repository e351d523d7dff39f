/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How near resampled frames come to what arithmetic without rounding gives.
 *
 * usage: resample-psnr SOURCE WIDTH HEIGHT RESULT WIDTH HEIGHT C
 *
 * SOURCE and RESULT are raw I420; the whole of one became the whole of the
 * other. The reference is the separable cubic filter with B = 0 and the given
 * C in double precision, as wide as the target's pixels where it makes the
 * picture smaller. The PSNR of luma in dB is printed; a rim is left out, for
 * what lies beyond an edge is a matter of taste. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RIM 8

typedef struct
{
  guint width, height;
  const guint8 *data;
  gsize size;
} Clip;

typedef struct
{
  gint first;                   /* sample of the source */
  guint n;
  gdouble *weights;
} Tap;

static gdouble
cubic (gdouble x, gdouble c)
{
  x = fabs (x);
  if (x < 1.0)
    return (2.0 - c) * x * x * x + (c - 3.0) * x * x + 1.0;
  if (x < 2.0)
    return -c * x * x * x + 5.0 * c * x * x - 8.0 * c * x + 4.0 * c;
  return 0.0;
}

static Tap
make_tap (guint at, guint from, guint to, gdouble c)
{
  gdouble step = (gdouble) from / to, wide = MAX (step, 1.0), sum = 0.0;
  gdouble centre = (at + 0.5) * step - 0.5;
  Tap tap = { (gint) ceil (centre - 2.0 * wide), 0, NULL };
  guint i;

  tap.n = (guint) (floor (centre + 2.0 * wide) - tap.first) + 1;
  tap.weights = g_new (gdouble, tap.n);
  for (i = 0; i < tap.n; i++) {
    tap.weights[i] = cubic ((tap.first + (gint) i - centre) / wide, c);
    sum += tap.weights[i];
  }
  for (i = 0; i < tap.n; i++)
    tap.weights[i] /= sum;
  return tap;
}

static Tap *
make_taps (guint from, guint to, gdouble c)
{
  Tap *taps = g_new (Tap, to);
  guint i;

  for (i = 0; i < to; i++)
    taps[i] = make_tap (i, from, to, c);
  return taps;
}

static void
free_taps (Tap * taps, guint n)
{
  guint i;

  for (i = 0; i < n; i++)
    g_free (taps[i].weights);
  g_free (taps);
}

static guint
inside (gint at, guint size)
{
  return (guint) CLAMP (at, 0, (gint) size - 1);
}

/* All rows of @source, as wide as the target. */
static gdouble *
resample_rows (const Clip * source, const guint8 * luma, const Tap * taps,
    guint width)
{
  gdouble *rows = g_new (gdouble, (gsize) width * source->height);
  guint x, y, i;

  for (y = 0; y < source->height; y++) {
    for (x = 0; x < width; x++) {
      gdouble sum = 0.0;

      for (i = 0; i < taps[x].n; i++)
        sum += taps[x].weights[i] * luma[(gsize) y * source->width
            + inside (taps[x].first + (gint) i, source->width)];
      rows[(gsize) y * width + x] = sum;
    }
  }
  return rows;
}

/* The sum of squares of what one frame is off by. */
static gdouble
compare_frame (const Clip * source, const Clip * result, guint frame,
    const Tap * across, const Tap * down)
{
  const guint8 *from = source->data + (gsize) frame * source->width
      * source->height * 3 / 2;
  const guint8 *got = result->data + (gsize) frame * result->width
      * result->height * 3 / 2;
  gdouble *rows = resample_rows (source, from, across, result->width);
  gdouble squares = 0.0;
  guint x, y, i;

  for (y = RIM; y < result->height - RIM; y++) {
    for (x = RIM; x < result->width - RIM; x++) {
      gdouble sum = 0.0;

      for (i = 0; i < down[y].n; i++)
        sum += down[y].weights[i] * rows[(gsize) inside (down[y].first
                + (gint) i, source->height) * result->width + x];
      sum = CLAMP (sum, 0.0, 255.0) - got[(gsize) y * result->width + x];
      squares += sum * sum;
    }
  }
  g_free (rows);
  return squares;
}

static gboolean
open_clip (Clip * clip, char **argv)
{
  gchar *data;

  clip->width = (guint) atoi (argv[1]);
  clip->height = (guint) atoi (argv[2]);
  if (clip->width <= 2 * RIM || clip->height <= 2 * RIM
      || !g_file_get_contents (argv[0], &data, &clip->size, NULL))
    return FALSE;
  clip->data = (guint8 *) data;
  clip->size /= (gsize) clip->width * clip->height * 3 / 2;
  return clip->size > 0;
}

int
main (int argc, char **argv)
{
  gdouble squares = 0.0, c, n;
  Clip source, result;
  Tap *across, *down;
  guint frame;

  if (argc != 8 || !open_clip (&source, argv + 1)
      || !open_clip (&result, argv + 4) || source.size != result.size) {
    fprintf (stderr, "usage: resample-psnr SOURCE WIDTH HEIGHT RESULT WIDTH "
        "HEIGHT C, raw I420 of as many frames each\n");
    return 2;
  }
  c = g_ascii_strtod (argv[7], NULL);
  across = make_taps (source.width, result.width, c);
  down = make_taps (source.height, result.height, c);
  for (frame = 0; frame < source.size; frame++)
    squares += compare_frame (&source, &result, frame, across, down);
  n = (gdouble) (result.width - 2 * RIM) * (result.height - 2 * RIM)
      * source.size;
  printf ("%.2f\n", 10.0 * log10 (255.0 * 255.0 * n / MAX (squares, 1e-9)));
  free_taps (across, source.width > 0 ? result.width : 0);
  free_taps (down, result.height);
  g_free ((gpointer) source.data);
  g_free ((gpointer) result.data);
  return 0;
}
