/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame in jobs: whatever their number and order, the same picture. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "reframer.h"

typedef struct
{
  GstVideoInfo info;
  GstBuffer *buffer;
  GstVideoFrame frame;
} Picture;

static GstVideoInfo
info_for (GstVideoFormat format, guint width, guint height)
{
  GstVideoInfo info;

  fail_unless (gst_video_info_set_format (&info, format, width, height));
  return info;
}

/* Every byte @value, or with @value -1 slopes that differ everywhere. */
static void
picture_init (Picture * picture, const GstVideoInfo * info, gint value)
{
  GstMapInfo map;
  gsize i;

  picture->info = *info;
  picture->buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  fail_unless (gst_buffer_map (picture->buffer, &map, GST_MAP_WRITE));
  for (i = 0; i < map.size; i++)
    map.data[i] = value >= 0 ? (guint8) value
        : (guint8) (40 + (i * 7 + i / 97 * 31) % 160);
  gst_buffer_unmap (picture->buffer, &map);
  fail_unless (gst_video_frame_map (&picture->frame, &picture->info,
          picture->buffer, GST_MAP_READWRITE));
}

static void
picture_clear (Picture * picture)
{
  gst_video_frame_unmap (&picture->frame);
  gst_buffer_unref (picture->buffer);
}

static guint8
luma_at (const Picture * picture, guint x, guint y)
{
  return ((const guint8 *) GST_VIDEO_FRAME_COMP_DATA (&picture->frame, 0))
      [y * GST_VIDEO_FRAME_COMP_STRIDE (&picture->frame, 0) + x];
}

static EchoelWindow
middle_of (const GstVideoInfo * in, const GstVideoInfo * out)
{
  EchoelRaster source = { in->width, in->height, {1, 1} };
  EchoelRaster target = { out->width, out->height, {1, 1} };

  return echoel_window_cover (&source, echoel_raster_aspect (&target), 0.5,
      0.5);
}

/* All jobs, the last one first when @backwards. */
static void
run_jobs (EchoelReframer * reframer, const Picture * in, Picture * out,
    gboolean backwards)
{
  guint n = echoel_reframer_n_jobs (reframer), job;
  GError *error = NULL;

  fail_unless (echoel_reframer_prepare (reframer, &in->frame, &error));
  for (job = 0; job < n; job++)
    fail_unless (echoel_reframer_run (reframer, backwards ? n - 1 - job : job,
            &in->frame, &out->frame, &error), "job %u: %s", job,
        error ? error->message : "");
}

static gint
find_difference (const Picture * a, const Picture * b)
{
  gint most = 0;
  guint x, y;

  for (y = 0; y < (guint) a->info.height; y++)
    for (x = 0; x < (guint) a->info.width; x++)
      most = MAX (most, ABS (luma_at (a, x, y) - luma_at (b, x, y)));
  return most;
}

static const EchoelFit fits[] = { ECHOEL_FIT_COVER, ECHOEL_FIT_CONTAIN,
  ECHOEL_FIT_BLUR, ECHOEL_FIT_STRETCH
};

static const guint slice_counts[] = { 1, 2, 7, 64, 1000 };

/* Every pixel is written, by one job, the same whatever the slices are. */
GST_START_TEST (test_jobs_make_the_picture_in_any_order)
{
  GstVideoInfo in_info = info_for (GST_VIDEO_FORMAT_I420, 320, 180);
  GstVideoInfo out_info = info_for (GST_VIDEO_FORMAT_I420, 180, 322);
  EchoelWindow window = middle_of (&in_info, &out_info);
  EchoelReframing how = { fits[__i__], ECHOEL_FILTER_BICUBIC, 0xff204080, 1 };
  Picture in, first, again;
  guint i, before = 0;

  picture_init (&in, &in_info, -1);
  picture_init (&first, &out_info, 0);
  for (i = 0; i < G_N_ELEMENTS (slice_counts); i++) {
    EchoelReframer *reframer;
    gint most;

    how.n_slices = slice_counts[i];
    reframer = echoel_reframer_new (&in_info, &out_info, &how, &window, NULL);
    fail_unless (reframer != NULL);
    fail_unless (echoel_reframer_n_jobs (reframer) >= before);
    before = echoel_reframer_n_jobs (reframer);
    picture_init (&again, &out_info, 255);
    run_jobs (reframer, &in, i == 0 ? &first : &again, i % 2);
    most = i == 0 ? 0 : find_difference (&first, &again);
    fail_unless (most <= 1, "%u slices: %d", slice_counts[i], most);
    picture_clear (&again);
    echoel_reframer_free (reframer);
  }
  picture_clear (&in);
  picture_clear (&first);
}

GST_END_TEST;

/* Moved there or made there: the same. */
GST_START_TEST (test_a_moved_window_shows_what_a_new_one_does)
{
  GstVideoInfo in_info = info_for (GST_VIDEO_FORMAT_NV12, 320, 180);
  GstVideoInfo out_info = info_for (GST_VIDEO_FORMAT_NV12, 90, 160);
  EchoelWindow window = middle_of (&in_info, &out_info);
  EchoelReframing how = { ECHOEL_FIT_COVER, ECHOEL_FILTER_BICUBIC, 0, 4 };
  EchoelReframer *moved = echoel_reframer_new (&in_info, &out_info, &how,
      &window, NULL);
  Picture in, one, other;
  guint i;

  picture_init (&in, &in_info, -1);
  picture_init (&one, &out_info, 0);
  picture_init (&other, &out_info, 0);
  for (i = 0; i < 5; i++) {
    EchoelReframer *fresh;

    window.x = (gint64) i *50 * ECHOEL_SUBPIXEL + ECHOEL_SUBPIXEL / 4 * i;
    fail_unless (echoel_reframer_move (moved, window.x, window.y, NULL));
    fresh = echoel_reframer_new (&in_info, &out_info, &how, &window, NULL);
    run_jobs (moved, &in, &one, FALSE);
    run_jobs (fresh, &in, &other, FALSE);
    fail_unless (find_difference (&one, &other) <= 1, "at %u: %d", i,
        find_difference (&one, &other));
    echoel_reframer_free (fresh);
  }
  picture_clear (&in);
  picture_clear (&one);
  picture_clear (&other);
  echoel_reframer_free (moved);
}

GST_END_TEST;

/* The bars of contain are the background, the picture is between them. */
GST_START_TEST (test_bars_are_the_background)
{
  GstVideoInfo in_info = info_for (GST_VIDEO_FORMAT_GRAY8, 160, 90);
  GstVideoInfo out_info = info_for (GST_VIDEO_FORMAT_GRAY8, 90, 160);
  EchoelWindow window = middle_of (&in_info, &out_info);
  EchoelReframing how = { ECHOEL_FIT_CONTAIN, ECHOEL_FILTER_BILINEAR,
    0xffffffff, 2
  };
  EchoelReframer *reframer = echoel_reframer_new (&in_info, &out_info, &how,
      &window, NULL);
  Picture in, out;

  picture_init (&in, &in_info, 60);
  picture_init (&out, &out_info, 0);
  run_jobs (reframer, &in, &out, FALSE);
  fail_unless (luma_at (&out, 45, 5) > 230 && luma_at (&out, 45, 155) > 230);
  fail_unless_equals_int (luma_at (&out, 45, 80), 60);
  picture_clear (&in);
  picture_clear (&out);
  echoel_reframer_free (reframer);
  echoel_reframer_free (NULL);
}

GST_END_TEST;

/* Sizes at the ends of what there is, each in all fits. */
static const guint sizes[][4] = {
  {1, 1, 1, 1}, {1, 1, 64, 64}, {1, 1, 33, 1}, {64, 64, 1, 1}, {2, 4000, 9, 16},
  {4000, 2, 16, 9}, {3, 5, 7, 11}, {16384, 2, 90, 160}, {90, 160, 16384, 2}
};

GST_START_TEST (test_extreme_sizes_are_made)
{
  const guint *size = sizes[__i__];
  GstVideoInfo in_info = info_for (GST_VIDEO_FORMAT_I420, size[0], size[1]);
  GstVideoInfo out_info = info_for (GST_VIDEO_FORMAT_I420, size[2], size[3]);
  EchoelWindow window = middle_of (&in_info, &out_info);
  Picture in, out;
  guint f, x;

  /* What is guessed depends on the height. */
  out_info.colorimetry = in_info.colorimetry;
  out_info.chroma_site = in_info.chroma_site;
  picture_init (&in, &in_info, 90);
  picture_init (&out, &out_info, 0);
  for (f = 0; f < G_N_ELEMENTS (fits); f++) {
    EchoelReframing how = { fits[f], ECHOEL_FILTER_LANCZOS, 0xff000000, 3 };
    EchoelReframer *reframer;
    GError *error = NULL;

    reframer = echoel_reframer_new (&in_info, &out_info, &how, &window, &error);
    fail_unless ((reframer != NULL) == (error == NULL));
    /* A picture that would be too thin to be made is refused with a reason. */
    if (reframer == NULL) {
      fail_unless (f == ECHOEL_FIT_CONTAIN || f == ECHOEL_FIT_BLUR, "%s",
          error->message);
      g_error_free (error);
      continue;
    }
    run_jobs (reframer, &in, &out, FALSE);
    for (x = 0; x < size[2] && f == ECHOEL_FIT_COVER; x++)
      fail_unless (ABS (luma_at (&out, x, size[3] / 2) - 90) <= 1,
          "%u,%u: %u", x, size[3] / 2, luma_at (&out, x, size[3] / 2));
    echoel_reframer_free (reframer);
  }
  picture_clear (&in);
  picture_clear (&out);
}

GST_END_TEST;

static Suite *
reframer_suite (void)
{
  Suite *s = suite_create ("reframer");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_jobs_make_the_picture_in_any_order, 0,
      G_N_ELEMENTS (fits));
  tcase_add_test (tc, test_a_moved_window_shows_what_a_new_one_does);
  tcase_add_test (tc, test_bars_are_the_background);
  tcase_add_loop_test (tc, test_extreme_sizes_are_made, 0,
      G_N_ELEMENTS (sizes));
  return s;
}

GST_CHECK_MAIN (reframer);
