/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which regions the window is for. */
#include "regions.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define WIDTH 1920
#define HEIGHT 1080
#define FRAME (1.0 / 30)

/* What may be used of the window. */
#define FREE_WIDTH 600
#define FREE_HEIGHT 1080

static const EchoelRegion left = { 100, 300, 200, 300, -1 };
static const EchoelRegion middle = { 400, 500, 100, 100, -1 };
static const EchoelRegion right = { 1500, 300, 200, 300, -1 };

/* One frame with these regions. */
static gboolean
choose (EchoelRegions * regions, const EchoelRegion * boxes, guint n,
    EchoelRegion * box)
{
  guint i;

  echoel_regions_begin (regions, WIDTH, HEIGHT);
  for (i = 0; i < n; i++)
    echoel_regions_add (regions, &boxes[i]);
  return echoel_regions_choose (regions, FRAME, FREE_WIDTH, FREE_HEIGHT, box);
}

static void
check_box (const EchoelRegion * box, gdouble x, gdouble y, gdouble width,
    gdouble height)
{
  fail_unless (ABS (box->x - x) < 1e-6 && ABS (box->y - y) < 1e-6
      && ABS (box->width - width) < 1e-6 && ABS (box->height - height) < 1e-6,
      "%g,%g %gx%g, not %g,%g %gx%g", box->x, box->y, box->width, box->height,
      x, y, width, height);
}

GST_START_TEST (test_nothing_is_nothing)
{
  EchoelRegions *regions = echoel_regions_new ();
  EchoelRegion box;

  fail_if (choose (regions, NULL, 0, &box));
  fail_unless (choose (regions, &left, 1, &box));
  check_box (&box, 100, 300, 200, 300);
  fail_if (choose (regions, NULL, 0, &box));
  echoel_regions_free (regions);
  echoel_regions_free (NULL);
}

GST_END_TEST;

GST_START_TEST (test_what_fits_is_shown_together)
{
  const EchoelRegion near[] = { left, middle }, far[] = { middle, right };
  const EchoelRegion exact[] = { {100, 0, 300, 10, -1}, {400, 0, 300, 10, -1} };
  const EchoelRegion more[] = { {100, 0, 300, 10, -1}, {401, 0, 300, 10, -1} };
  EchoelRegions *regions = echoel_regions_new ();
  EchoelRegion box;

  fail_unless (choose (regions, near, 2, &box));
  check_box (&box, 100, 300, 400, 300);
  echoel_regions_reset (regions);
  fail_unless (choose (regions, far, 2, &box));
  check_box (&box, 1500, 300, 200, 300);
  echoel_regions_reset (regions);
  fail_unless (choose (regions, exact, 2, &box));
  check_box (&box, 100, 0, 600, 10);
  echoel_regions_reset (regions);
  fail_unless (choose (regions, more, 2, &box));
  fail_unless_equals_float (box.width, 300);
  echoel_regions_free (regions);
}

GST_END_TEST;

/* What is followed stays until another is clearly more. */
GST_START_TEST (test_choice_is_kept)
{
  EchoelRegion boxes[] = { left, right };
  EchoelRegions *regions = echoel_regions_new ();
  EchoelRegion box;
  guint i;

  boxes[0].height = 310;
  for (i = 0; i < 120; i++) {
    fail_unless (choose (regions, boxes, 2, &box));
    fail_unless (box.x == 100, "frame %u: %g", i, box.x);
    /* They take turns at being larger. */
    boxes[1].height = i & 1 ? 280 : 350;
    /* And in their order. */
    if (i & 1)
      fail_unless (choose (regions, (EchoelRegion[]) {
              boxes[1], boxes[0]}
            , 2, &box) && box.x == 100);
  }
  boxes[1].height = 500;
  fail_unless (choose (regions, boxes, 2, &box));
  fail_unless_equals_float (box.x, 1500);
  /* And it is kept in turn. */
  boxes[1].height = 300;
  fail_unless (choose (regions, boxes, 2, &box));
  fail_unless_equals_float (box.x, 1500);
  echoel_regions_free (regions);
}

GST_END_TEST;

GST_START_TEST (test_what_was_seen_for_long_beats_what_is_new)
{
  const EchoelRegion old = left;
  EchoelRegion both[] = { left, right };
  EchoelRegions *regions = echoel_regions_new ();
  EchoelRegion box;
  guint i;

  for (i = 0; i < 120; i++)
    choose (regions, &old, 1, &box);
  both[1].height = 600;
  fail_unless (choose (regions, both, 2, &box));
  fail_unless_equals_float (box.x, 100);
  /* After a cut nothing counts but the size. */
  echoel_regions_reset (regions);
  fail_unless (choose (regions, both, 2, &box));
  fail_unless_equals_float (box.x, 1500);
  echoel_regions_free (regions);
}

GST_END_TEST;

/* With ids a region may jump; without them it must overlap. */
GST_START_TEST (test_ids_say_which_is_which)
{
  guint with;

  for (with = 0; with < 2; with++) {
    EchoelRegion a[] = { {100, 300, 200, 300, -1}, {1500, 300, 200, 290, -1}
    };
    EchoelRegion b[] = { {1500, 300, 200, 290, -1}, {100, 300, 200, 300, -1}
    };
    EchoelRegions *regions = echoel_regions_new ();
    EchoelRegion box;
    guint i;

    a[0].id = b[0].id = with ? 7 : -1;
    a[1].id = b[1].id = with ? 8 : -1;
    for (i = 0; i < 60; i++)
      choose (regions, a, 2, &box);
    fail_unless_equals_float (box.x, 100);
    /* The two change places: number 7 is on the right now. */
    fail_unless (choose (regions, b, 2, &box));
    fail_unless (box.x == (with ? 1500 : 100), "%u: %g", with, box.x);
    echoel_regions_free (regions);
  }
}

GST_END_TEST;

GST_START_TEST (test_nonsense_is_left_out)
{
  const gdouble bad[] = { NAN, INFINITY, -INFINITY, -1e300, -5, 0, G_MAXDOUBLE
  };
  EchoelRegions *regions = echoel_regions_new ();
  EchoelRegion box, odd;
  guint i, side;

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    for (side = 0; side < 4; side++) {
      gdouble *sides[] = { &odd.x, &odd.y, &odd.width, &odd.height };

      odd = left;
      *sides[side] = bad[i];
      if (choose (regions, &odd, 1, &box))
        fail_unless (box.x >= 0 && box.y >= 0 && box.width > 0
            && box.height > 0 && box.x + box.width <= WIDTH
            && box.y + box.height <= HEIGHT, "%g as side %u: %g,%g %gx%g",
            bad[i], side, box.x, box.y, box.width, box.height);
      else
        fail_if (side >= 2 && bad[i] == G_MAXDOUBLE, "a large one is lost");
      fail_if (isnan (bad[i]) && choose (regions, &odd, 1, &box));
      /* It does not hide the others. */
      fail_unless (choose (regions, (EchoelRegion[]) {
              odd, right}
              , 2, &box));
    }
  }
  odd = (EchoelRegion) {
  WIDTH, 0, 50, 50, -1};
  fail_if (choose (regions, &odd, 1, &box));
  odd = (EchoelRegion) {
  -20, -30, 50, 50, -1};
  fail_unless (choose (regions, &odd, 1, &box));
  check_box (&box, 0, 0, 30, 20);
  odd = (EchoelRegion) {
  WIDTH - 10, HEIGHT - 20, 50, 50, -1};
  fail_unless (choose (regions, &odd, 1, &box));
  check_box (&box, WIDTH - 10, HEIGHT - 20, 10, 20);
  echoel_regions_free (regions);
}

GST_END_TEST;

/* The large one counts wherever it stands among many. */
GST_START_TEST (test_too_many_leave_out_the_smallest)
{
  guint at;

  for (at = 0; at < 1000; at += 111) {
    EchoelRegions *regions = echoel_regions_new ();
    EchoelRegion boxes[1000], box;
    guint i;

    for (i = 0; i < 1000; i++)
      boxes[i] = (EchoelRegion) {
      (i * 37) % 1900, (i * 53) % 1070, 2, 2, -1};
    boxes[at] = right;
    fail_unless (choose (regions, boxes, 1000, &box));
    check_box (&box, 1500, 300, 200, 300);
    echoel_regions_free (regions);
  }
}

GST_END_TEST;

static Suite *
regions_suite (void)
{
  Suite *s = suite_create ("regions");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_nothing_is_nothing);
  tcase_add_test (tc, test_what_fits_is_shown_together);
  tcase_add_test (tc, test_choice_is_kept);
  tcase_add_test (tc, test_what_was_seen_for_long_beats_what_is_new);
  tcase_add_test (tc, test_ids_say_which_is_which);
  tcase_add_test (tc, test_nonsense_is_left_out);
  tcase_add_test (tc, test_too_many_leave_out_the_smallest);
  return s;
}

GST_CHECK_MAIN (regions);
