/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colours, ranges, depths and alpha through the scaler, against the maths. */
#include <gst/check/gstcheck.h>
#include <math.h>
#include <string.h>

#include "picture.h"

static gboolean
is_full (const GstVideoInfo * info)
{
  return GST_VIDEO_INFO_IS_RGB (info)
      || info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
}

/* A grey of @level 0..1, not rounded, in the format's own numbers. */
static gdouble
luma_code (const GstVideoInfo * info, gdouble level)
{
  guint depth = info->finfo->depth[0];

  return is_full (info) ? level * ((1u << depth) - 1)
      : (16 + 219 * level) * (1u << (depth - 8));
}

static void
grey_value (const GstVideoInfo * info, gdouble level, guint value[4])
{
  guint depth = info->finfo->depth[0], grey = luma_code (info, level) + 0.5;

  value[0] = grey;
  value[1] = value[2] = GST_VIDEO_INFO_IS_RGB (info) ? grey : 1u << (depth - 1);
  value[3] = (1u << depth) - 1;
}

/* What grey @code of @from is in @to. */
static void
converted_grey (const GstVideoInfo * from, guint code, const GstVideoInfo * to,
    guint value[4])
{
  gdouble black = luma_code (from, 0), white = luma_code (from, 1);

  grey_value (to, (code - black) / (white - black), value);
}

static void
check_grey (const gchar * from, const gchar * to)
{
  guint in_value[4], out_value[4];
  Picture in, out;

  picture_init (&in, from, 64, 48, PICTURE_ODD);
  picture_init (&out, to, 38, 70, PICTURE_ODD);
  grey_value (&in.frame.info, 0.5, in_value);
  converted_grey (&in.frame.info, in_value[0], &out.frame.info, out_value);
  picture_fill_flat (&in, in_value);
  picture_scale (&in, &out);
  picture_check_flat (&out, out_value, 0, 3, 1);
  picture_clear (&in);
  picture_clear (&out);
}

static void
check_grey_there_and_back (const gchar * format)
{
  check_grey (format, "NV12");
  check_grey ("I420", format);
  check_grey ("BGRA", format);
  check_grey (format, format);
}

GST_START_TEST (test_grey_stays_grey_in_every_format)
{
  picture_for_all_formats (check_grey_there_and_back);
  picture_verdict ();
}

GST_END_TEST;

/* Kr and Kb of a matrix. */
typedef struct
{
  gdouble red, blue;
} Matrix;

static const Matrix bt601 = { 0.299, 0.114 }, bt709 = { 0.2126, 0.0722 };

/* Codes of 8 bits and 0..1 RGB, not rounded. */
static void
yuv_from_rgb (const gdouble rgb[3], const Matrix * m, gboolean full,
    gdouble yuv[3])
{
  gdouble y = m->red * rgb[0] + (1 - m->red - m->blue) * rgb[1]
      + m->blue * rgb[2];

  yuv[0] = full ? 255 * y : 16 + 219 * y;
  yuv[1] = 128 + (full ? 255 : 224) * (rgb[2] - y) / (2 * (1 - m->blue));
  yuv[2] = 128 + (full ? 255 : 224) * (rgb[0] - y) / (2 * (1 - m->red));
}

static void
rgb_from_yuv (const gdouble yuv[3], const Matrix * m, gboolean full,
    gdouble rgb[3])
{
  gdouble y = full ? yuv[0] / 255 : (yuv[0] - 16) / 219;
  gdouble u = (yuv[1] - 128) / (full ? 255 : 224);
  gdouble v = (yuv[2] - 128) / (full ? 255 : 224);

  rgb[2] = y + 2 * (1 - m->blue) * u;
  rgb[0] = y + 2 * (1 - m->red) * v;
  rgb[1] = (y - m->red * rgb[0] - m->blue * rgb[2]) / (1 - m->red - m->blue);
}

/* One flat colour from one format to another. */
static void
check_colour (const gchar * from, const gchar * in_colours, const guint in[4],
    const gchar * to, const gchar * out_colours, const gdouble want[3])
{
  guint value[4] = { 0, 0, 0, 255 }, c;
  Picture source, target;

  for (c = 0; c < 3; c++)
    value[c] = (guint) (CLAMP (want[c], 0, 255) + 0.5);
  picture_init (&source, from, 32, 16, PICTURE_ODD);
  picture_init (&target, to, 32, 16, PICTURE_ODD);
  if (in_colours)
    picture_set_colours (&source, in_colours);
  if (out_colours)
    picture_set_colours (&target, out_colours);
  picture_fill_flat (&source, in);
  picture_scale (&source, &target);
  picture_check_flat (&target, value, 0, 3, 1);
  picture_clear (&source);
  picture_clear (&target);
}

static const gdouble corners[][3] = {
  {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1},
  {1, 1, 1}, {0, 0, 0}, {0.5, 0.5, 0.5}, {0.75, 0.25, 0.1}
};

/* The codes that everyone knows: 63,102,240 is red. */
GST_START_TEST (test_rgb_becomes_the_right_yuv)
{
  static const gchar *const rgb_formats[] = { "RGB", "BGRx", "ARGB", "GBR" };
  static const gdouble red[] = { 62.56, 102.33, 240 };
  gdouble yuv[3];
  guint i, f, c;

  yuv_from_rgb (corners[0], &bt709, FALSE, yuv);
  for (c = 0; c < 3; c++)
    fail_unless (fabs (yuv[c] - red[c]) < 0.01);
  for (i = 0; i < G_N_ELEMENTS (corners); i++) {
    guint rgb[4] = { 0, 0, 0, 255 };

    for (c = 0; c < 3; c++)
      rgb[c] = (guint) (corners[i][c] * 255 + 0.5);
    for (f = 0; f < G_N_ELEMENTS (rgb_formats); f++) {
      yuv_from_rgb (corners[i], &bt709, FALSE, yuv);
      check_colour (rgb_formats[f], NULL, rgb, "NV12", "bt709", yuv);
      yuv_from_rgb (corners[i], &bt601, FALSE, yuv);
      check_colour (rgb_formats[f], NULL, rgb, "I420", "2:4:5:1", yuv);
      yuv_from_rgb (corners[i], &bt601, TRUE, yuv);
      check_colour (rgb_formats[f], NULL, rgb, "YUY2", "1:4:5:1", yuv);
    }
  }
  picture_verdict ();
}

GST_END_TEST;

GST_START_TEST (test_yuv_becomes_the_right_rgb)
{
  guint i, c;

  for (i = 0; i < G_N_ELEMENTS (corners); i++) {
    guint value[4] = { 0, 0, 0, 255 };
    gdouble yuv[3], rgb[3];

    yuv_from_rgb (corners[i], &bt709, FALSE, yuv);
    for (c = 0; c < 3; c++) {
      value[c] = (guint) (yuv[c] + 0.5);
      yuv[c] = value[c];
    }
    rgb_from_yuv (yuv, &bt709, FALSE, rgb);
    for (c = 0; c < 3; c++)
      rgb[c] *= 255;
    check_colour ("NV12", "bt709", value, "BGRA", NULL, rgb);
    check_colour ("I420", "bt709", value, "GBR", NULL, rgb);
  }
  picture_verdict ();
}

GST_END_TEST;

/* Matrix and range alone: the primaries are the same. */
GST_START_TEST (test_full_601_becomes_limited_709)
{
  GRand *rand = g_rand_new_with_seed (601);
  guint i, c;

  for (i = 0; i < 200; i++) {
    guint value[4] = { 0, 0, 0, 255 };
    gdouble rgb[3], yuv[3];

    for (c = 0; c < 3; c++)
      rgb[c] = g_rand_double (rand);
    yuv_from_rgb (rgb, &bt601, TRUE, yuv);
    for (c = 0; c < 3; c++) {
      value[c] = (guint) (yuv[c] + 0.5);
      yuv[c] = value[c];
    }
    rgb_from_yuv (yuv, &bt601, TRUE, rgb);
    yuv_from_rgb (rgb, &bt709, FALSE, yuv);
    check_colour ("I420", "1:4:5:1", value, "NV12", "2:3:5:1", yuv);
  }
  g_rand_free (rand);
  picture_verdict ();
}

GST_END_TEST;

static void
invert (const gdouble m[3][3], gdouble out[3][3])
{
  gdouble det = 0;
  guint i, j;

  for (i = 0; i < 3; i++)
    det += m[0][i] * (m[1][(i + 1) % 3] * m[2][(i + 2) % 3]
        - m[1][(i + 2) % 3] * m[2][(i + 1) % 3]);
  for (i = 0; i < 3; i++)
    for (j = 0; j < 3; j++)
      out[j][i] = (m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3]
          - m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3]) / det;
}

static void
multiply (const gdouble m[3][3], const gdouble v[3], gdouble out[3])
{
  guint i;

  for (i = 0; i < 3; i++)
    out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
}

/* Light of red, green and blue with white of D65 to XYZ. */
static void
xyz_from_light (const gdouble xy[3][2], gdouble out[3][3])
{
  static const gdouble white[3] = { 0.3127 / 0.3290, 1, 0.3583 / 0.3290 };
  gdouble inverse[3][3], strength[3];
  guint i;

  for (i = 0; i < 3; i++) {
    out[0][i] = xy[i][0] / xy[i][1];
    out[1][i] = 1;
    out[2][i] = (1 - xy[i][0] - xy[i][1]) / xy[i][1];
  }
  invert (out, inverse);
  multiply (inverse, white, strength);
  for (i = 0; i < 9; i++)
    out[i / 3][i % 3] *= strength[i % 3];
}

/* What caps call bt601 has other primaries than bt709, too. Light is what a
 * screen makes of the codes: a power of 2.4. */
GST_START_TEST (test_primaries_are_converted_in_light)
{
  static const gdouble ntsc[3][2] = { {0.630, 0.340}, {0.310, 0.595},
  {0.155, 0.070}
  };
  static const gdouble hd[3][2] = { {0.640, 0.330}, {0.300, 0.600},
  {0.150, 0.060}
  };
  GRand *rand = g_rand_new_with_seed (170);
  gdouble from[3][3], to[3][3], back[3][3];
  guint i, c;

  xyz_from_light (ntsc, from);
  xyz_from_light (hd, to);
  invert (to, back);
  for (i = 0; i < 50; i++) {
    guint value[4] = { 0, 0, 0, 255 };
    gdouble rgb[3], yuv[3], xyz[3];

    for (c = 0; c < 3; c++)
      rgb[c] = g_rand_double_range (rand, 0.3, 0.8);
    yuv_from_rgb (rgb, &bt601, FALSE, yuv);
    for (c = 0; c < 3; c++) {
      value[c] = (guint) (yuv[c] + 0.5);
      yuv[c] = value[c];
    }
    rgb_from_yuv (yuv, &bt601, FALSE, rgb);
    for (c = 0; c < 3; c++)
      rgb[c] = pow (rgb[c], 2.4);
    multiply (from, rgb, xyz);
    multiply (back, xyz, rgb);
    for (c = 0; c < 3; c++)
      rgb[c] = pow (MAX (rgb[c], 0), 1 / 2.4);
    yuv_from_rgb (rgb, &bt709, FALSE, yuv);
    check_colour ("I420", "bt601", value, "NV12", "bt709", yuv);
  }
  g_rand_free (rand);
  picture_verdict ();
}

GST_END_TEST;

/* Colours that caps do not tell are those of the other side. */
GST_START_TEST (test_unknown_colours_are_not_converted)
{
  static const guint value[4] = { 90, 60, 200, 255 };
  static const gdouble same[3] = { 90, 60, 200 };

  check_colour ("I420", "2:0:0:0", value, "NV12", "bt709", same);
  check_colour ("I420", "bt601", value, "NV12", "2:0:0:0", same);
  check_colour ("I420", "2:0:0:0", value, "NV12", "2:0:0:0", same);
  check_colour ("I420", "2:4:16:1", value, "NV12", "2:4:5:1", same);
  picture_verdict ();
}

GST_END_TEST;

/* Alpha is the fourth component of every format that has it. */
static void
set_alpha (Picture * picture, guint width, guint height)
{
  guint x, y;

  for (y = 0; y < height; y++)
    for (x = 0; x < width; x++)
      ((guint8 *) picture->frame.data[0])[y * picture->frame.info.stride[0]
          + 4 * x + 3] = (guint8) (x * 3 + y);
}

/* The largest difference from what set_alpha() set. */
static gint
alpha_error (const Picture * picture, guint width, guint height)
{
  gint worst = 0;
  guint x, y;

  for (y = 0; y < height; y++) {
    const guint8 *row = (const guint8 *) picture->frame.data[0]
        + y * picture->frame.info.stride[0];

    for (x = 0; x < width; x++)
      worst = MAX (worst, ABS ((gint) row[4 * x + 3] - (guint8) (x * 3 + y)));
  }
  return worst;
}

/* Ten bits are dithered into eight; all the others hold each value. */
static const struct
{
  const gchar *format;
  gint error;
} between[] = {
  /* *INDENT-OFF* */
  {"A420", 0}, {"AYUV", 0}, {"BGRA", 0}, {"ARGB64", 0}, {"GBRA", 0},
  {"VUYA", 0}, {"AV12", 0}, {"A444_10LE", 1}, {"GBRA_12LE", 1},
  /* *INDENT-ON* */
};

GST_START_TEST (test_alpha_comes_back)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (between); i++) {
    Picture in, middle, out;
    gint error;

    picture_init (&in, "RGBA", 65, 33, PICTURE_ALIGNED);
    picture_init (&middle, between[i].format, 65, 33, i & 1);
    picture_init (&out, "RGBA", 65, 33, PICTURE_ODD);
    picture_fill_random (&in, 5);
    set_alpha (&in, 65, 33);
    picture_scale (&in, &middle);
    picture_scale (&middle, &out);
    error = alpha_error (&out, 65, 33);
    if (error > between[i].error)
      picture_complain ("%s: alpha is %d off", between[i].format, error);
    picture_clear (&in);
    picture_clear (&middle);
    picture_clear (&out);
  }
  picture_verdict ();
}

GST_END_TEST;

static void
check_opaque (const gchar * format)
{
  static const gchar *const sources[] = { "I420", "BGRx", "I420_10LE",
    "GRAY8"
  };
  static const guint grey[4] = { 128, 128, 128, 0 };
  guint value[4] = { 0, 0, 0, 0 }, i;
  Picture in, out;

  for (i = 0; i < G_N_ELEMENTS (sources); i++) {
    picture_init (&in, sources[i], 20, 10, PICTURE_ALIGNED);
    picture_init (&out, format, 31, 17, i & 1);
    picture_fill_flat (&in, grey);
    picture_scale (&in, &out);
    value[3] = (1u << out.frame.info.finfo->depth[0]) - 1;
    if (GST_VIDEO_INFO_HAS_ALPHA (&out.frame.info))
      picture_check_flat (&out, value, 3, 3, 0);
    picture_clear (&in);
    picture_clear (&out);
  }
}

GST_START_TEST (test_pictures_without_alpha_become_opaque)
{
  picture_for_all_formats (check_opaque);
  picture_verdict ();
}

GST_END_TEST;

/* Transparent pixels lose their alpha, not their colour. */
GST_START_TEST (test_alpha_is_dropped_without_a_trace)
{
  static const guint clear[4] = { 255, 0, 0, 0 };
  static const gdouble red[3] = { 62.56, 102.33, 240 };

  check_colour ("RGBA", NULL, clear, "NV12", "bt709", red);
  picture_verdict ();
}

GST_END_TEST;

/* Red of full alpha beside a green that nobody can see: it stays unseen where
 * the two meet. */
GST_START_TEST (test_hidden_colours_do_not_bleed)
{
  Picture in, out;
  guint x, y, between_them = 0;

  picture_init (&in, "RGBA", 32, 16, PICTURE_ALIGNED);
  picture_init (&out, "RGBA", 83, 41, PICTURE_ODD);
  for (y = 0; y < 16; y++) {
    guint8 *row = (guint8 *) in.frame.data[0] + y * in.frame.info.stride[0];

    for (x = 0; x < 32; x++) {
      row[4 * x] = x < 16 ? 255 : 0;
      row[4 * x + 1] = x < 16 ? 0 : 255;
      row[4 * x + 2] = 0;
      row[4 * x + 3] = x < 16 ? 255 : 0;
    }
  }
  picture_scale (&in, &out);
  for (x = 0; x < 83; x++) {
    const guint8 *pixel = (const guint8 *) out.frame.data[0]
        + 20 * out.frame.info.stride[0] + 4 * x;

    between_them += pixel[3] > 32 && pixel[3] < 224;
    if (pixel[3] > 32 && (pixel[0] < 245 || pixel[1] > 10))
      picture_complain ("column %u: %u,%u,%u of alpha %u", x, pixel[0],
          pixel[1], pixel[2], pixel[3]);
  }
  if (between_them == 0)
    picture_complain ("alpha has no edge");
  picture_clear (&in);
  picture_clear (&out);
  picture_verdict ();
}

GST_END_TEST;

/* What lies between two codes of eight bits is a mix of both, not a band. */
GST_START_TEST (test_ten_bits_are_dithered_into_eight)
{
  guint quarter, x, y;

  for (quarter = 0; quarter <= 4; quarter++) {
    guint value[4] = { 400 + quarter, 512, 512, 1023 };
    Picture in, out;
    gdouble mean = 0;

    picture_init (&in, "I420_10LE", 64, 64, PICTURE_ALIGNED);
    picture_init (&out, "NV12", 64, 64, PICTURE_ODD);
    picture_fill_flat (&in, value);
    picture_scale (&in, &out);
    for (y = 0; y < 64; y++)
      for (x = 0; x < 64; x++)
        mean += ((const guint8 *) out.frame.data[0])
            [y * out.frame.info.stride[0] + x] / (64.0 * 64.0);
    if (fabs (mean - (100 + quarter / 4.0)) > 0.1)
      picture_complain ("%u becomes %.3f", value[0], mean);
    picture_clear (&in);
    picture_clear (&out);
  }
  picture_verdict ();
}

GST_END_TEST;

static Suite *
scalercolour_suite (void)
{
  Suite *s = suite_create ("scalercolour");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_grey_stays_grey_in_every_format);
  tcase_add_test (tc, test_rgb_becomes_the_right_yuv);
  tcase_add_test (tc, test_yuv_becomes_the_right_rgb);
  tcase_add_test (tc, test_full_601_becomes_limited_709);
  tcase_add_test (tc, test_primaries_are_converted_in_light);
  tcase_add_test (tc, test_unknown_colours_are_not_converted);
  tcase_add_test (tc, test_alpha_comes_back);
  tcase_add_test (tc, test_pictures_without_alpha_become_opaque);
  tcase_add_test (tc, test_alpha_is_dropped_without_a_trace);
  tcase_add_test (tc, test_hidden_colours_do_not_bleed);
  tcase_add_test (tc, test_ten_bits_are_dithered_into_eight);
  return s;
}

GST_CHECK_MAIN (scalercolour);
