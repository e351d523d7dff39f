/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scaler whose window moved is as good as one built where it is now. */
#include <gst/check/gstcheck.h>

#include "picture.h"

/* Edges are rounded to this. */
#define GRAIN (ECHOEL_SUBPIXEL / 64)

static const gchar *const formats[] = { "I420", "NV12", "BGRA" };

typedef struct
{
  guint in_width, in_height, out_width, out_height;
  gdouble width, height;        /* of the window */
} Sizes;

static const Sizes sizes[] = {
  {97, 61, 33, 41, 40.5, 50.25},        /* down, odd */
  {97, 61, 121, 149, 40.5, 50.25},      /* up, odd */
  {64, 48, 64, 48, 32, 24},     /* twice */
  {128, 96, 32, 32, 64, 64},    /* half */
  {50, 40, 20, 30, 20, 30}      /* not at all */
};

/* The largest difference of two 8-bit pictures of one format. */
static gint
find_difference (const Picture * a, const Picture * b, guint at[3])
{
  const GstVideoInfo *info = &a->frame.info;
  gint most = 0;
  guint p, x, y;

  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++) {
    for (y = 0; y < picture_plane_rows (info, p); y++) {
      const guint8 *ra = (const guint8 *) a->frame.data[p]
          + (gsize) y * a->frame.info.stride[p];
      const guint8 *rb = (const guint8 *) b->frame.data[p]
          + (gsize) y * b->frame.info.stride[p];

      /* A row of chroma may end before its stride does. */
      for (x = 0; x < (guint) GST_VIDEO_INFO_COMP_WIDTH (info, p)
          * GST_VIDEO_INFO_COMP_PSTRIDE (info, p); x++)
        if (ABS (ra[x] - rb[x]) > most) {
          most = ABS (ra[x] - rb[x]);
          at[0] = p;
          at[1] = x;
          at[2] = y;
        }
    }
  }
  return most;
}

static gint64
to_grain (gint64 at)
{
  return (at + GRAIN / 2) / GRAIN * GRAIN;
}

/* Moves one scaler along and compares it everywhere. */
static void
check_moves (const gchar * from, const gchar * to, const Sizes * size,
    EchoelFilter filter)
{
  gint64 free_x = PX (size->in_width - size->width);
  gint64 free_y = PX (size->in_height - size->height);
  EchoelWindow window = { free_x / 2, free_y / 2, PX (size->width),
    PX (size->height)
  };
  Picture in, moved, fresh;
  EchoelScaler *scaler;
  guint i;

  picture_init (&in, from, size->in_width, size->in_height, PICTURE_ALIGNED);
  picture_fill_random (&in, 11);
  picture_init (&moved, to, size->out_width, size->out_height, PICTURE_ODD);
  picture_init (&fresh, to, size->out_width, size->out_height, PICTURE_ODD);
  scaler = echoel_scaler_new (&in.frame.info, &moved.frame.info, &window,
      filter, NULL);
  fail_unless (scaler != NULL);
  for (i = 0; i <= 12; i++) {
    /* To both edges, whole pixels, halves and what lies between. */
    const gint64 xs[] = { 0, free_x, PX (1), PX (2), PX (2.5), PX (3.015625),
      PX (4.7), free_x / 3, free_x - 700, 999, 0, free_x, PX (5)
    };
    GError *error = NULL;
    guint at[3] = { 0, };
    gint most;

    window.x = MIN (xs[i], free_x);
    window.y = MIN (xs[(i * 5 + 3) % 13], free_y);
    fail_unless (echoel_scaler_move (scaler, window.x, window.y, &error), "%s",
        error ? error->message : "no error");
    fail_unless (echoel_scaler_run (scaler, &in.frame, &moved.frame, &error));
    window.x = MIN (to_grain (window.x), free_x);
    window.y = MIN (to_grain (window.y), free_y);
    picture_scale_with (&in, &fresh, window, filter);
    most = find_difference (&moved, &fresh, at);
    if (most > 1)
      picture_complain
          ("%s %ux%u to %s %ux%u, filter %d, at %g,%g: %d in plane "
          "%u at %u,%u", from, size->in_width, size->in_height, to,
          size->out_width, size->out_height, filter,
          window.x / (gdouble) ECHOEL_SUBPIXEL,
          window.y / (gdouble) ECHOEL_SUBPIXEL, most, at[0], at[1], at[2]);
    picture_check_guards (&moved);
  }
  echoel_scaler_free (scaler);
  picture_clear (&in);
  picture_clear (&moved);
  picture_clear (&fresh);
}

GST_START_TEST (test_moved_windows_are_like_new_ones)
{
  EchoelFilter filter;
  guint f, s;

  for (f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (filter = ECHOEL_FILTER_BILINEAR; filter <= ECHOEL_FILTER_SPLINE36;
          filter++)
        check_moves (formats[f], formats[f], &sizes[s], filter);
    }
  }
  picture_verdict ();
}

GST_END_TEST;

GST_START_TEST (test_moved_windows_convert_as_new_ones_do)
{
  guint a, b;

  for (a = 0; a < G_N_ELEMENTS (formats); a++) {
    for (b = 0; b < G_N_ELEMENTS (formats); b++) {
      if (a != b)
        check_moves (formats[a], formats[b], &sizes[0], ECHOEL_FILTER_BICUBIC);
    }
  }
  picture_verdict ();
}

GST_END_TEST;

static Suite *
scalermove_suite (void)
{
  Suite *s = suite_create ("scalermove");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_moved_windows_are_like_new_ones);
  tcase_add_test (tc, test_moved_windows_convert_as_new_ones_do);
  return s;
}

GST_CHECK_MAIN (scalermove);
