/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one-pass scaler against arithmetic in floating point, and against
 * memory that it must not touch. */
#include <gst/check/gstcheck.h>
#include <math.h>
#include <string.h>

#include "picture.h"

/* The filters' kernels, from their definitions. */

static gdouble
bilinear (gdouble x)
{
  return x < 1 ? 1 - x : 0;
}

static gdouble
catmull_rom (gdouble x)
{
  return x < 1 ? (1.5 * x - 2.5) * x * x + 1
      : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

static gdouble
lanczos3 (gdouble x)
{
  if (x < 1e-9)
    return 1;
  return x < 3 ? 3 * sin (G_PI * x) * sin (G_PI * x / 3) / (G_PI * G_PI * x *
      x) : 0;
}

static gdouble
spline36 (gdouble x)
{
  if (x < 1)
    return ((13.0 / 11 * x - 453.0 / 209) * x - 3.0 / 209) * x + 1;
  if (x < 2)
    return ((-6.0 / 11 * (x - 1) + 270.0 / 209) * (x - 1) - 156.0 / 209)
        * (x - 1);
  return x < 3 ? ((1.0 / 11 * (x - 2) - 45.0 / 209) * (x - 2) + 26.0 / 209)
      * (x - 2) : 0;
}

typedef struct
{
  gdouble (*kernel) (gdouble distance);
  gdouble radius;               /* source samples, when not shrinking */
} Kernel;

/* Indexed by EchoelFilter. */
static const Kernel kernels[] = {
  {bilinear, 1}, {catmull_rom, 2}, {lanczos3, 3}, {spline36, 3}
};

/* Where one axis of the target is in the source, in source samples. */
typedef struct
{
  gdouble start, ratio;
} Axis;

/* One line: @n samples, @step apart, become @m. Behind an edge the picture
 * goes on as in a mirror. */
static void
resample_line (const gdouble * src, guint step, gint n, gdouble * dst, gint m,
    Axis axis, const Kernel * kernel)
{
  gdouble shrink = MAX (axis.ratio, 1.0), radius = kernel->radius * shrink;
  gint i, j;

  for (i = 0; i < m; i++) {
    gdouble at = axis.start + (i + 0.5) * axis.ratio, sum = 0, total = 0;

    for (j = (gint) floor (at - radius); j <= (gint) ceil (at + radius); j++) {
      gdouble weight = kernel->kernel (fabs (j + 0.5 - at) / shrink);
      gint k = j < 0 ? -1 - j : j >= n ? 2 * n - 1 - j : j;

      sum += weight * src[(gsize) CLAMP (k, 0, n - 1) * step];
      total += weight;
    }
    dst[(gsize) i * step] = sum / total;
  }
}

/* A plane of bytes: rows first, then columns. */
static gdouble *
resample (const guint8 * src, gint stride, guint width, guint height,
    guint out_width, guint out_height, Axis x_axis, Axis y_axis,
    const Kernel * kernel)
{
  gsize wide = MAX (width, out_width), high = MAX (height, out_height);
  gdouble *a = g_new0 (gdouble, wide * high), *b =
      g_new0 (gdouble, wide * high);
  guint x, y;

  for (y = 0; y < height; y++)
    for (x = 0; x < width; x++)
      a[y * wide + x] = src[(gsize) y * stride + x];
  for (y = 0; y < height; y++)
    resample_line (a + y * wide, 1, width, b + y * wide, out_width, x_axis,
        kernel);
  for (x = 0; x < out_width; x++)
    resample_line (b + x, (guint) wide, height, a + x, out_height, y_axis,
        kernel);
  for (y = 0; y < out_height; y++)
    memmove (b + (gsize) y * out_width, a + y * wide,
        out_width * sizeof (gdouble));
  g_free (a);
  return b;
}

/* A smooth picture: a few random waves, away from black and white. */
static void
fill_waves (Picture * picture, guint plane, guint32 seed)
{
  const GstVideoInfo *info = &picture->frame.info;
  GRand *rand = g_rand_new_with_seed (seed);
  gdouble wave[6][3];
  guint x, y, w, i;

  for (w = 0; w < G_N_ELEMENTS (wave); w++)
    for (i = 0; i < 3; i++)
      wave[w][i] = g_rand_double_range (rand, i == 2 ? 0 : -0.35,
          i == 2 ? 6.28 : 0.35);
  for (y = 0; y < picture_plane_rows (info, plane); y++) {
    guint8 *row = (guint8 *) picture->frame.data[plane]
        + (gsize) y * info->stride[plane];

    for (x = 0; x < (guint) GST_VIDEO_INFO_COMP_WIDTH (info, plane); x++) {
      gdouble value = 128;

      for (w = 0; w < G_N_ELEMENTS (wave); w++)
        value += 15 * cos (wave[w][0] * x + wave[w][1] * y + wave[w][2]);
      row[x] = (guint8) (value + 0.5);
    }
  }
  g_rand_free (rand);
}

/* Peak signal to noise of a plane, in dB. */
static gdouble
psnr (const Picture * picture, guint plane, const gdouble * want)
{
  const GstVideoInfo *info = &picture->frame.info;
  guint width = GST_VIDEO_INFO_COMP_WIDTH (info, plane), x, y;
  guint height = picture_plane_rows (info, plane);
  gdouble sum = 0;

  for (y = 0; y < height; y++) {
    const guint8 *row = (const guint8 *) picture->frame.data[plane]
        + (gsize) y * info->stride[plane];

    for (x = 0; x < width; x++) {
      gdouble wrong = row[x] - want[(gsize) y * width + x];

      sum += wrong * wrong;
    }
  }
  return 10 * log10 (255.0 * 255.0 * width * height / MAX (sum, 1e-9));
}

#define MIN_PSNR 50.0

/* Of one plane, both pictures having 8 bits and a plane a component. Chroma
 * sited left is half a luma pixel left of the middle of its pair. */
static gdouble
quality (const Picture * in, const Picture * out, guint plane,
    EchoelWindow window, EchoelFilter filter)
{
  const GstVideoInfo *a = &in->frame.info, *b = &out->frame.info;
  gdouble sub_x = 1 << GST_VIDEO_FORMAT_INFO_W_SUB (a->finfo, plane);
  gdouble sub_y = 1 << GST_VIDEO_FORMAT_INFO_H_SUB (a->finfo, plane);
  Axis x_axis = { window.x / (gdouble) PX (1) / sub_x,
    window.width / (gdouble) PX (1) / b->width
  };
  Axis y_axis = { window.y / (gdouble) PX (1) / sub_y,
    window.height / (gdouble) PX (1) / b->height
  };
  gdouble *want, db;

  if (sub_x > 1 && a->chroma_site != GST_VIDEO_CHROMA_SITE_NONE)
    x_axis.start += 0.25;
  if (sub_x > 1 && b->chroma_site != GST_VIDEO_CHROMA_SITE_NONE)
    x_axis.start -= 0.25 * x_axis.ratio;
  want = resample (in->frame.data[plane], a->stride[plane],
      GST_VIDEO_INFO_COMP_WIDTH (a, plane), picture_plane_rows (a, plane),
      GST_VIDEO_INFO_COMP_WIDTH (b, plane), picture_plane_rows (b, plane),
      x_axis, y_axis, &kernels[filter]);
  db = psnr (out, plane, want);
  g_free (want);
  return db;
}

static void
check_quality (const gchar * format, guint in_width, guint in_height,
    guint out_width, guint out_height, EchoelWindow window,
    EchoelFilter filter, gboolean noise)
{
  Picture in, out;
  guint plane;

  picture_init (&in, format, in_width, in_height, PICTURE_ALIGNED);
  picture_init (&out, format, out_width, out_height, PICTURE_ALIGNED);
  if (noise)
    picture_fill_random (&in, 4711);
  for (plane = 0; !noise && plane < in.frame.info.finfo->n_planes; plane++)
    fill_waves (&in, plane, in_width + plane);
  picture_scale_with (&in, &out, window, filter);
  for (plane = 0; plane < in.frame.info.finfo->n_planes; plane++) {
    gdouble db = quality (&in, &out, plane, window, filter);

    if (db < MIN_PSNR)
      picture_complain ("%s %ux%u to %ux%u, filter %d, plane %u: %.1f dB",
          format, in_width, in_height, out_width, out_height, filter, plane,
          db);
  }
  picture_clear (&in);
  picture_clear (&out);
}

static const struct
{
  guint in_width, in_height, out_width, out_height;
  gdouble x, y, width, height;  /* pixels; no width: all */
} quality_cases[] = {
  /* *INDENT-OFF* */
  {64, 48, 160, 100, 0, 0, 0, 0},
  {320, 240, 100, 70, 0, 0, 0, 0},
  {320, 240, 320, 70, 0, 0, 0, 0},
  {320, 240, 100, 240, 0, 0, 0, 0},
  {320, 180, 108, 192, 109.375, 0, 101.25, 180},        /* 9:16 */
  {320, 180, 108, 192, 0, 0, 101.25, 180},
  {320, 180, 108, 192, 218.75, 0, 101.25, 180},
  {320, 180, 54, 96, 33.3, 0, 101.25, 180},
  {320, 180, 320, 180, 3.5, 2.25, 300, 170},
  /* No scaling, but between the pixels. */
  {96, 64, 64, 48, 10.5, 8.25, 64, 48},
  {96, 64, 64, 48, 11, 7, 64, 48},
  /* All four edges. */
  {96, 64, 64, 64, 0, 0, 32, 32},
  {96, 64, 64, 64, 64, 0, 32, 32},
  {96, 64, 64, 64, 0, 32, 32, 32},
  {96, 64, 64, 64, 64, 32, 32, 32},
  /* Odd sizes. */
  {321, 181, 107, 191, 0, 0, 0, 0},
  {321, 181, 107, 191, 109.8125, 0, 101.375, 181},
  {107, 191, 321, 181, 0, 0, 0, 0},
  /* Very wide, very small. */
  {16384, 8, 160, 90, 0, 0, 0, 0},
  {16384, 8, 160, 8, 16380, 0, 4, 8},
  /* *INDENT-ON* */
};

static EchoelWindow
window_of (guint i)
{
  EchoelRaster raster = { quality_cases[i].in_width,
    quality_cases[i].in_height, {1, 1}
  };
  EchoelWindow window = { PX (quality_cases[i].x), PX (quality_cases[i].y),
    PX (quality_cases[i].width), PX (quality_cases[i].height)
  };

  return window.width ? window : echoel_window_full (&raster);
}

GST_START_TEST (test_bicubic_is_what_the_formula_says)
{
  static const gchar *const formats[] = { "GRAY8", "I420", "Y42B", "Y444" };
  guint i, f;

  for (i = 0; i < G_N_ELEMENTS (quality_cases); i++)
    for (f = 0; f < G_N_ELEMENTS (formats); f++)
      check_quality (formats[f], quality_cases[i].in_width,
          quality_cases[i].in_height, quality_cases[i].out_width,
          quality_cases[i].out_height, window_of (i), ECHOEL_FILTER_BICUBIC,
          FALSE);
  picture_verdict ();
}

GST_END_TEST;

/* Noise tells the kernels apart; its overshoots are not clipped here. */
GST_START_TEST (test_each_filter_has_its_kernel)
{
  guint filter, other;

  for (filter = 0; filter < G_N_ELEMENTS (kernels); filter++) {
    EchoelWindow window = { PX (3.5), PX (2), PX (40), PX (30) };
    Picture in, out;
    guint x, y;

    picture_init (&in, "GRAY8", 64, 48, PICTURE_ALIGNED);
    picture_init (&out, "GRAY8", 100, 70, PICTURE_ALIGNED);
    picture_fill_random (&in, 1);
    for (y = 0; y < 48; y++)
      for (x = 0; x < 64; x++) {
        guint8 *at = (guint8 *) in.frame.data[0] + y * in.frame.info.stride[0]
            + x;

        *at = 72 + *at * 7 / 16;
      }
    picture_scale_with (&in, &out, window, filter);
    for (other = 0; other < G_N_ELEMENTS (kernels); other++) {
      gdouble db = quality (&in, &out, 0, window, other);

      if ((db >= MIN_PSNR) != (filter == other))
        picture_complain ("filter %u and kernel %u: %.1f dB", filter, other,
            db);
    }
    picture_clear (&in);
    picture_clear (&out);
  }
  picture_verdict ();
}

GST_END_TEST;

GST_START_TEST (test_chroma_siting_moves_chroma)
{
  static const GstVideoChromaSite sites[] = {
    GST_VIDEO_CHROMA_SITE_NONE, GST_VIDEO_CHROMA_SITE_H_COSITED,
    GST_VIDEO_CHROMA_SITE_UNKNOWN
  };
  guint i, j, plane;

  for (i = 0; i < G_N_ELEMENTS (sites); i++) {
    for (j = 0; j < G_N_ELEMENTS (sites); j++) {
      Picture in, out;

      picture_init (&in, "I420", 128, 96, PICTURE_ALIGNED);
      picture_init (&out, "I420", 96, 64, PICTURE_ALIGNED);
      in.frame.info.chroma_site = sites[i];
      out.frame.info.chroma_site = sites[j];
      for (plane = 0; plane < 3; plane++)
        fill_waves (&in, plane, plane);
      picture_scale (&in, &out);
      for (plane = 0; plane < 3; plane++)
        if (quality (&in, &out, plane, picture_window (&in),
                ECHOEL_FILTER_BICUBIC) < MIN_PSNR)
          picture_complain ("%u to %u, plane %u", i, j, plane);
      picture_clear (&in);
      picture_clear (&out);
    }
  }
  picture_verdict ();
}

GST_END_TEST;

/* A window of less than a pixel is the picture at one place. */
GST_START_TEST (test_tiny_windows_show_one_place)
{
  static const gint64 sizes[] = { 1, 2, 255, ECHOEL_SUBPIXEL / 2,
    ECHOEL_SUBPIXEL - 1, ECHOEL_SUBPIXEL
  };
  static const gdouble places[][2] = { {0, 0}, {31, 23}, {63, 0}, {0, 47},
  {63, 47}
  };
  guint s, p;

  for (s = 0; s < G_N_ELEMENTS (sizes); s++) {
    for (p = 0; p < G_N_ELEMENTS (places); p++) {
      EchoelWindow window = { PX (places[p][0]), PX (places[p][1]), sizes[s],
        sizes[s]
      };

      check_quality ("I420", 64, 48, 40, 30, window, ECHOEL_FILTER_BICUBIC,
          FALSE);
      window.x += ECHOEL_SUBPIXEL - sizes[s];
      window.y += ECHOEL_SUBPIXEL - sizes[s];
      check_quality ("I420", 64, 48, 41, 31, window, ECHOEL_FILTER_BICUBIC,
          FALSE);
    }
  }
  picture_verdict ();
}

GST_END_TEST;

#define N_PAIRS (PICTURE_N_ALIGNMENTS * PICTURE_N_ALIGNMENTS)

static void
check_crop (const gchar * format)
{
  static const guint rects[][4] = { {0, 0, 64, 40}, {12, 8, 32, 24},
  {32, 16, 32, 24}, {4, 0, 4, 4}, {0, 0, 64, 4}
  };
  gboolean same = TRUE;
  guint i, pair;

  for (i = 0; i < G_N_ELEMENTS (rects); i++) {
    EchoelRect rect = { rects[i][0], rects[i][1], rects[i][2], rects[i][3] };

    for (pair = 0; same && pair < N_PAIRS; pair++) {
      Picture in, out;

      picture_init (&in, format, 64, 40, pair % PICTURE_N_ALIGNMENTS);
      picture_init (&out, format, rect.width, rect.height,
          pair / PICTURE_N_ALIGNMENTS);
      picture_fill_random (&in, i);
      picture_scale_with (&in, &out, echoel_window_from_rect (&rect),
          ECHOEL_FILTER_BICUBIC);
      same = picture_check_same (&in, rect.x, rect.y, &out);
      picture_clear (&in);
      picture_clear (&out);
    }
  }
}

GST_START_TEST (test_whole_windows_are_copied_bit_by_bit)
{
  picture_for_all_formats (check_crop);
  picture_verdict ();
}

GST_END_TEST;

static void
check_odd_copy (const gchar * format)
{
  static const guint sizes[][2] = { {721, 405}, {1, 1}, {2, 1}, {1, 2}, {3, 3},
  {65, 2}
  };
  gboolean same = TRUE;
  guint i, aligned;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (aligned = 0; same && aligned < PICTURE_N_ALIGNMENTS; aligned++) {
      Picture in, out;

      picture_init (&in, format, sizes[i][0], sizes[i][1], aligned);
      picture_init (&out, format, sizes[i][0], sizes[i][1], aligned);
      picture_fill_random (&in, i);
      picture_scale (&in, &out);
      same = picture_check_same (&in, 0, 0, &out);
      picture_clear (&in);
      picture_clear (&out);
    }
  }
}

GST_START_TEST (test_odd_sizes_are_copied_bit_by_bit)
{
  picture_for_all_formats (check_odd_copy);
  picture_verdict ();
}

GST_END_TEST;

/* Nothing but the picture is read: what is beside it would be seen. */
GST_START_TEST (test_flat_pictures_stay_flat_when_sizes_are_odd)
{
  static const gchar *const formats[] = { "I420", "NV12", "A420", "YUV9",
    "Y42B", "Y41B", "NV16", "YUY2", "UYVY", "Y444", "v308", "AYUV", "GRAY8",
    "RGB", "BGRA", "xRGB", "GBR", "I420_10LE", "ARGB64"
  };
  static const guint sizes[][2] = { {181, 101}, {1, 1}, {2, 1}, {1, 2}, {3, 3},
  {66, 5}
  };
  static const guint value[4] = { 90, 60, 200, 77 };
  guint f, i, j, aligned;

  for (f = 0; f < G_N_ELEMENTS (formats); f++)
    for (i = 0; i < G_N_ELEMENTS (sizes); i++)
      for (j = 0; j < G_N_ELEMENTS (sizes); j++)
        for (aligned = 0; aligned < PICTURE_N_ALIGNMENTS; aligned++) {
          Picture in, out;

          picture_init (&in, formats[f], sizes[i][0], sizes[i][1], aligned);
          picture_init (&out, formats[f], sizes[j][0], sizes[j][1], aligned);
          picture_fill_flat (&in, value);
          picture_scale (&in, &out);
          picture_check_flat (&out, value, 0, 3, 0);
          picture_clear (&in);
          picture_clear (&out);
        }
  picture_verdict ();
}

GST_END_TEST;

/* The same scaler takes frames as they come. */
static void
check_alignment (const gchar * format)
{
  EchoelWindow window = { PX (5.25), PX (3.5), PX (50), PX (30) };
  Picture in[PICTURE_N_ALIGNMENTS], out[N_PAIRS];
  EchoelScaler *scaler;
  guint i;

  for (i = 0; i < PICTURE_N_ALIGNMENTS; i++) {
    picture_init (&in[i], format, 66, 38, i);
    picture_fill_random (&in[i], 99);
  }
  for (i = 0; i < N_PAIRS; i++)
    picture_init (&out[i], format, 90, 70, i / PICTURE_N_ALIGNMENTS);
  scaler = echoel_scaler_new (&in[0].frame.info, &out[0].frame.info, &window,
      ECHOEL_FILTER_BICUBIC, NULL);
  fail_unless (scaler != NULL);
  for (i = 0; i < N_PAIRS; i++) {
    fail_unless (echoel_scaler_run (scaler,
            &in[i % PICTURE_N_ALIGNMENTS].frame, &out[i].frame, NULL));
    picture_check_guards (&out[i]);
    picture_check_same (&out[0], 0, 0, &out[i]);
  }
  echoel_scaler_free (scaler);
  for (i = 0; i < PICTURE_N_ALIGNMENTS; i++)
    picture_clear (&in[i]);
  for (i = 0; i < N_PAIRS; i++)
    picture_clear (&out[i]);
}

GST_START_TEST (test_alignment_changes_nothing)
{
  picture_for_all_formats (check_alignment);
  picture_verdict ();
}

GST_END_TEST;

/* Refused, with the name of the format. */
static void
check_unsupported (const gchar * from, const gchar * to, const gchar * named)
{
  EchoelScaler *scaler;
  GError *error = NULL;
  EchoelWindow window;
  Picture in, out;

  picture_init (&in, from, 64, 48, PICTURE_ALIGNED);
  picture_init (&out, to, 32, 32, PICTURE_ALIGNED);
  window = picture_window (&in);
  scaler = echoel_scaler_new (&in.frame.info, &out.frame.info, &window,
      ECHOEL_FILTER_BICUBIC, &error);
  fail_unless (scaler == NULL, "%s to %s", from, to);
  fail_unless (g_error_matches (error, ECHOEL_SCALER_ERROR, 0));
  fail_unless (strstr (error->message, named) != NULL, "%s", error->message);
  g_clear_error (&error);
  scaler = echoel_scaler_new (&in.frame.info, &out.frame.info, &window,
      ECHOEL_FILTER_BICUBIC, NULL);
  fail_unless (scaler == NULL);
  picture_clear (&in);
  picture_clear (&out);
}

GST_START_TEST (test_unsupported_formats_are_refused)
{
  check_unsupported ("v210", "NV12", "v210");
  check_unsupported ("NV12", "v210", "v210");
  check_unsupported ("v210", "v210", "v210");
  check_unsupported ("RGB16", "I420", "RGB16");
  fail_if (echoel_scaler_supports (GST_VIDEO_FORMAT_v210));
  fail_if (echoel_scaler_supports (GST_VIDEO_FORMAT_UNKNOWN));
  fail_if (echoel_scaler_supports (GST_VIDEO_FORMAT_ENCODED));
  echoel_scaler_free (NULL);
  picture_verdict ();
}

GST_END_TEST;

static Suite *
scaler_suite (void)
{
  Suite *s = suite_create ("scaler");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_bicubic_is_what_the_formula_says);
  tcase_add_test (tc, test_each_filter_has_its_kernel);
  tcase_add_test (tc, test_chroma_siting_moves_chroma);
  tcase_add_test (tc, test_tiny_windows_show_one_place);
  tcase_add_test (tc, test_whole_windows_are_copied_bit_by_bit);
  tcase_add_test (tc, test_odd_sizes_are_copied_bit_by_bit);
  tcase_add_test (tc, test_flat_pictures_stay_flat_when_sizes_are_odd);
  tcase_add_test (tc, test_alignment_changes_nothing);
  tcase_add_test (tc, test_unsupported_formats_are_refused);
  return s;
}

GST_CHECK_MAIN (scaler);
