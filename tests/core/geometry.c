/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gst/check/gstcheck.h>
#include <math.h>

#include "geometry.h"

#define PX(n) ((gint64) (n) << ECHOEL_SUBPIXEL_SHIFT)

/* *INDENT-OFF* */
static const EchoelRaster full_hd = {1920, 1080, {1, 1}};
static const EchoelRaster dv_pal = {720, 576, {16, 15}};
/* *INDENT-ON* */

static const struct
{
  EchoelRaster source;
  EchoelRatio aspect;
  gdouble x, y, width, height;  /* pixels */
} cover_cases[] = {
  /* *INDENT-OFF* */
  {{1920, 1080, {1, 1}}, {9, 16}, 656.25, 0, 607.5, 1080},
  {{1920, 1080, {1, 1}}, {1, 1}, 420, 0, 1080, 1080},
  {{1920, 1080, {1, 1}}, {16, 9}, 0, 0, 1920, 1080},
  {{1080, 1920, {1, 1}}, {16, 9}, 0, 656.25, 1080, 607.5},
  {{720, 576, {16, 15}}, {9, 16}, 208.125, 0, 303.75, 576},
  {{720, 576, {16, 15}}, {4, 3}, 0, 0, 720, 576},
  {{720, 405, {1, 1}}, {9, 16}, 246.09375, 0, 227.8125, 405},
  {{64, 64, {1, 1}}, {9, 16}, 14, 0, 36, 64},
  {{1, 1, {1, 1}}, {9, 16}, 0, 0, 1, 1},
  {{3, 100, {1, 1}}, {1, 1000}, 1, 0, 1, 100},
  {{100, 3, {1, 1}}, {1000, 1}, 0, 1, 100, 1},
  {{16384, 8640, {1, 1}}, {9, 16}, 5762, 0, 4860, 8640},
  /* *INDENT-ON* */
};

GST_START_TEST (test_cover_is_exact)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cover_cases); i++) {
    EchoelWindow w = echoel_window_cover (&cover_cases[i].source,
        cover_cases[i].aspect, 0.5, 0.5);

    fail_unless_equals_int64 (w.x, (gint64) (cover_cases[i].x * PX (1)));
    fail_unless_equals_int64 (w.y, (gint64) (cover_cases[i].y * PX (1)));
    fail_unless_equals_int64 (w.width,
        (gint64) (cover_cases[i].width * PX (1)));
    fail_unless_equals_int64 (w.height,
        (gint64) (cover_cases[i].height * PX (1)));
  }
}

GST_END_TEST;

GST_START_TEST (test_cover_is_placed_by_the_anchors)
{
  EchoelRaster source = full_hd;
  EchoelRatio tall = { 9, 16 }, wide = { 32, 9 };
  EchoelWindow w;

  w = echoel_window_cover (&source, tall, 0.0, 0.5);
  fail_unless_equals_int64 (w.x, 0);
  w = echoel_window_cover (&source, tall, 1.0, 0.5);
  fail_unless_equals_int64 (w.x + w.width, PX (1920));
  w = echoel_window_cover (&source, wide, 0.5, 0.0);
  fail_unless_equals_int64 (w.y, 0);
  w = echoel_window_cover (&source, wide, 0.5, 1.0);
  fail_unless_equals_int64 (w.y + w.height, PX (1080));
  w = echoel_window_cover (&source, tall, NAN, 0.5);
  fail_unless_equals_int64 (w.x, (gint64) (656.25 * PX (1)));
  w = echoel_window_cover (&source, tall, -INFINITY, 0.5);
  fail_unless_equals_int64 (w.x, 0);
  w = echoel_window_cover (&source, tall, INFINITY, 0.5);
  fail_unless_equals_int64 (w.x + w.width, PX (1920));
}

GST_END_TEST;

static const struct
{
  EchoelRaster source;
  EchoelRatio aspect;
  guint step_x, step_y;
  EchoelRect rect;
} rect_cases[] = {
  /* *INDENT-OFF* */
  {{1920, 1080, {1, 1}}, {9, 16}, 2, 2, {656, 0, 608, 1080}},
  {{1920, 1080, {1, 1}}, {9, 16}, 1, 1, {656, 0, 608, 1080}},
  {{1280, 720, {1, 1}}, {9, 16}, 2, 2, {438, 0, 406, 720}},
  {{720, 405, {1, 1}}, {9, 16}, 2, 2, {246, 0, 228, 405}},
  {{405, 720, {1, 1}}, {16, 9}, 2, 2, {0, 246, 405, 228}},
  {{641, 480, {1, 1}}, {4, 3}, 4, 1, {0, 0, 640, 480}},
  {{1920, 1080, {1, 1}}, {16, 9}, 2, 2, {0, 0, 1920, 1080}},
  {{1, 1, {1, 1}}, {9, 16}, 2, 2, {0, 0, 1, 1}},
  {{3, 3, {1, 1}}, {1, 100}, 2, 2, {0, 0, 2, 3}},
  /* *INDENT-ON* */
};

GST_START_TEST (test_rect_lies_on_chroma)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rect_cases); i++) {
    const EchoelRect *want = &rect_cases[i].rect;
    EchoelRect r = echoel_rect_cover (&rect_cases[i].source,
        rect_cases[i].aspect, 0.5, 0.5, rect_cases[i].step_x,
        rect_cases[i].step_y);

    fail_unless (r.x == want->x && r.y == want->y && r.width == want->width
        && r.height == want->height, "case %u: %u,%u %ux%u", i, r.x, r.y,
        r.width, r.height);
  }
}

GST_END_TEST;

/* Any source, shape and anchor: the window is inside, and as large as the
 * shape allows. */
GST_START_TEST (test_random_windows_stay_inside)
{
  GRand *rand = g_rand_new_with_seed (20240601);
  guint i;

  for (i = 0; i < 50000; i++) {
    EchoelRaster source = { g_rand_int_range (rand, 1, 20000),
      g_rand_int_range (rand, 1, 20000),
      {g_rand_int_range (rand, 1, 5000), g_rand_int_range (rand, 1, 5000)}
    };
    EchoelRatio aspect = { g_rand_int_range (rand, 1, 20000),
      g_rand_int_range (rand, 1, 20000)
    };
    gdouble ax = g_rand_double_range (rand, -0.5, 1.5);
    gdouble ay = g_rand_double_range (rand, -0.5, 1.5);
    guint step = 1 << g_rand_int_range (rand, 0, 3);
    EchoelWindow w = echoel_window_cover (&source, aspect, ax, ay);
    EchoelRect r = echoel_rect_cover (&source, aspect, ax, ay, step, step);

    fail_unless (w.x >= 0 && w.y >= 0);
    fail_unless (w.width >= PX (1) && w.height >= PX (1));
    fail_unless (w.x + w.width <= PX (source.width));
    fail_unless (w.y + w.height <= PX (source.height));
    fail_unless (w.width == PX (source.width)
        || w.height == PX (source.height));
    fail_unless (r.width >= 1 && r.height >= 1);
    fail_unless (r.x + r.width <= source.width);
    fail_unless (r.y + r.height <= source.height);
    fail_unless (r.x % step == 0 && r.y % step == 0);
  }
  g_rand_free (rand);
}

GST_END_TEST;

GST_START_TEST (test_sizes_follow_the_aspect)
{
  EchoelRatio square = { 1, 1 }, pal = { 16, 15 }, wide = { 16, 9 };
  EchoelRatio tall = { 9, 16 };
  EchoelRatio aspect = echoel_raster_aspect (&dv_pal);

  fail_unless_equals_int (echoel_raster_width_for (1080, wide, square), 1920);
  fail_unless_equals_int (echoel_raster_width_for (1920, tall, square), 1080);
  fail_unless_equals_int (echoel_raster_height_for (1920, wide, square), 1080);
  fail_unless_equals_int (echoel_raster_width_for (576, wide, pal), 960);
  fail_unless_equals_int (echoel_raster_height_for (960, wide, pal), 576);
  fail_unless_equals_int (echoel_raster_width_for (1, tall, square), 1);
  fail_unless (aspect.num == 4 && aspect.den == 3);
}

GST_END_TEST;

GST_START_TEST (test_whole_windows_are_known)
{
  EchoelRaster source = full_hd;
  EchoelRatio square = { 1, 1 }, tall = { 9, 16 };
  EchoelRect rect = { 0, };
  EchoelWindow w = echoel_window_cover (&source, square, 0.5, 0.5);

  fail_unless (echoel_window_is_whole (&w, &rect));
  fail_unless_equals_int (rect.x, 420);
  fail_unless_equals_int (rect.width, 1080);
  w = echoel_window_from_rect (&rect);
  fail_unless (echoel_window_is_whole (&w, NULL));
  w = echoel_window_cover (&source, tall, 0.5, 0.5);
  fail_if (echoel_window_is_whole (&w, &rect));
}

GST_END_TEST;

static Suite *
geometry_suite (void)
{
  Suite *s = suite_create ("geometry");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_cover_is_exact);
  tcase_add_test (tc, test_cover_is_placed_by_the_anchors);
  tcase_add_test (tc, test_rect_lies_on_chroma);
  tcase_add_test (tc, test_random_windows_stay_inside);
  tcase_add_test (tc, test_sizes_follow_the_aspect);
  tcase_add_test (tc, test_whole_windows_are_known);
  return s;
}

GST_CHECK_MAIN (geometry);
