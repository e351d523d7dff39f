/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop's fits, threads and views do to pixels. */
#include <string.h>

#include "cropbench.h"

#define WIDE "video/x-raw,width=320,height=180" RATE ",format="
#define UPRIGHT "video/x-raw,width=180,height=320" RATE ",format="

static const gchar *const formats[] = { "I420", "NV12", "BGRA" };

static guint8 *
sample_at (GstVideoFrame * frame, guint c, guint x, guint y)
{
  return (guint8 *) GST_VIDEO_FRAME_COMP_DATA (frame, c)
      + y * GST_VIDEO_FRAME_COMP_STRIDE (frame, c)
      + x * GST_VIDEO_FRAME_COMP_PSTRIDE (frame, c);
}

/* Slopes and steps in each component, different for each @seed. */
static GstBuffer *
picture_new (const gchar * caps, guint seed)
{
  GstVideoInfo info = bench_info (caps);
  GstBuffer *buffer = bench_buffer_new (caps, 0);
  GstVideoFrame frame;
  guint c, x, y;

  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  for (c = 0; c < GST_VIDEO_INFO_N_COMPONENTS (&info); c++) {
    for (y = 0; y < (guint) GST_VIDEO_INFO_COMP_HEIGHT (&info, c); y++) {
      for (x = 0; x < (guint) GST_VIDEO_INFO_COMP_WIDTH (&info, c); x++)
        *sample_at (&frame, c, x, y) = c == 3 ? 255 : 50 + (x + 2 * y
            + 40 * c + 17 * seed + (x / 20 + y / 16) % 3 * 30) % 150;
    }
  }
  gst_video_frame_unmap (&frame);
  return buffer;
}

/* One colour: Y, U, V or R, G, B. */
static GstBuffer *
colour_new (const gchar * caps, const guint8 colour[3])
{
  GstVideoInfo info = bench_info (caps);
  GstBuffer *buffer = bench_buffer_new (caps, 255);
  GstVideoFrame frame;
  guint c, x, y;

  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  for (c = 0; c < 3; c++) {
    for (y = 0; y < (guint) GST_VIDEO_INFO_COMP_HEIGHT (&info, c); y++) {
      for (x = 0; x < (guint) GST_VIDEO_INFO_COMP_WIDTH (&info, c); x++)
        *sample_at (&frame, c, x, y) = colour[c];
    }
  }
  gst_video_frame_unmap (&frame);
  return buffer;
}

static GstHarness *
open_crop (const gchar * properties, const gchar * source, const gchar * sink)
{
  GstHarness *h = bench_crop_new (properties);

  gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, source);
  return h;
}

/* What @properties make of @in, which is taken. */
static GstBuffer *
make (const gchar * properties, const gchar * source, const gchar * sink,
    GstBuffer * in)
{
  GstHarness *h = open_crop (properties, source, sink);
  GstBuffer *out = bench_pull (h, in);

  gst_harness_teardown (h);
  return out;
}

/* A sample of component @c in @rect, whose edges are even, that is further
 * than @tolerance from @level: FALSE when there is none. Found before it is
 * told, because each call of fail_unless() is a system call. */
static gboolean
find_wrong (GstVideoFrame * frame, guint c, GstVideoRectangle rect,
    gint level, gint tolerance, gint * at_x, gint * at_y)
{
  guint sx = frame->info.finfo->w_sub[c], sy = frame->info.finfo->h_sub[c];
  gint x, y;

  for (y = rect.y >> sy; y < (rect.y + rect.h) >> sy; y++) {
    for (x = rect.x >> sx; x < (rect.x + rect.w) >> sx; x++) {
      if (ABS (*sample_at (frame, c, x, y) - level) > tolerance) {
        *at_x = x;
        *at_y = y;
        return TRUE;
      }
    }
  }
  return FALSE;
}

/* All samples of @rect are within @tolerance. */
static void
check_colour (GstBuffer * buffer, const gchar * caps, GstVideoRectangle rect,
    const guint8 colour[3], gint tolerance)
{
  GstVideoInfo info = bench_info (caps);
  GstVideoFrame frame;
  gint x = 0, y = 0;
  guint c;

  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  for (c = 0; c < 3; c++)
    fail_if (find_wrong (&frame, c, rect, colour[c], tolerance, &x, &y),
        "%s: component %u of %d,%d is %u, not %u", caps, c, x, y,
        *sample_at (&frame, c, x, y), colour[c]);
  gst_video_frame_unmap (&frame);
}

/* The largest difference of a sample of @rect in @a from @b at 0,0. */
static gint
find_difference (GstBuffer * a, const gchar * caps_a, GstVideoRectangle rect,
    GstBuffer * b, const gchar * caps_b)
{
  GstVideoInfo info_a = bench_info (caps_a), info_b = bench_info (caps_b);
  GstVideoFrame fa, fb;
  gint most = 0, x, y;
  guint c;

  fail_unless (gst_video_frame_map (&fa, &info_a, a, GST_MAP_READ));
  fail_unless (gst_video_frame_map (&fb, &info_b, b, GST_MAP_READ));
  for (c = 0; c < GST_VIDEO_INFO_N_COMPONENTS (&info_a); c++) {
    guint sx = info_a.finfo->w_sub[c], sy = info_a.finfo->h_sub[c];

    for (y = 0; y < rect.h >> sy; y++) {
      for (x = 0; x < rect.w >> sx; x++)
        most = MAX (most, ABS (*sample_at (&fa, c, x + (rect.x >> sx),
                    y + (rect.y >> sy)) - *sample_at (&fb, c, x, y)));
    }
  }
  gst_video_frame_unmap (&fa);
  gst_video_frame_unmap (&fb);
  return most;
}

typedef struct
{
  const gchar *source, *sink;   /* a format has to follow */
  GstVideoRectangle picture, bars[2];
  const gchar *plain;           /* the picture alone */
} Layout;

static const Layout layouts[] = {
  {WIDE, "video/x-raw,width=576,height=1024" RATE ",format=",
        {0, 350, 576, 324}, {{0, 0, 576, 350}, {0, 674, 576, 350}},
      "video/x-raw,width=576,height=324" RATE ",format="},
  {UPRIGHT, "video/x-raw,width=1024,height=576" RATE ",format=",
        {350, 0, 324, 576}, {{0, 0, 350, 576}, {674, 0, 350, 576}},
      "video/x-raw,width=324,height=576" RATE ",format="}
};

/* The picture of @fit is what stretch makes of it. */
static void
check_picture (const Layout * layout, const gchar * fit, const gchar * format)
{
  gchar *source = g_strconcat (layout->source, format, NULL);
  gchar *sink = g_strconcat (layout->sink, format, NULL);
  gchar *plain = g_strconcat (layout->plain, format, NULL);
  GstBuffer *whole = make (fit, source, sink, picture_new (source, 1));
  GstBuffer *alone = make ("fit=stretch n-threads=1", source, plain,
      picture_new (source, 1));
  gint most = find_difference (whole, sink, layout->picture, alone, plain);

  fail_unless (most <= 1, "%s, %s: %d", fit, sink, most);
  gst_buffer_unref (whole);
  gst_buffer_unref (alone);
  g_free (source);
  g_free (sink);
  g_free (plain);
}

GST_START_TEST (test_contain_and_blur_show_the_whole_picture)
{
  guint l, f;

  for (l = 0; l < G_N_ELEMENTS (layouts); l++) {
    for (f = 0; f < G_N_ELEMENTS (formats); f++) {
      check_picture (&layouts[l], "fit=contain n-threads=1", formats[f]);
      check_picture (&layouts[l], "fit=blur n-threads=1", formats[f]);
      check_picture (&layouts[l], "fit=contain n-threads=3", formats[f]);
    }
  }
}

GST_END_TEST;

/* Blue 0x0000ff in BT.601 and its limited range. */
static const guint8 blue_yuv[] = { 41, 240, 110 }, blue_rgb[] = { 0, 0, 255 };

static const guint8 grey[] = { 128, 128, 128 };

GST_START_TEST (test_contain_has_bars_of_the_background)
{
  guint l, f, b;

  for (l = 0; l < G_N_ELEMENTS (layouts); l++) {
    for (f = 0; f < G_N_ELEMENTS (formats); f++) {
      gboolean rgb = strcmp (formats[f], "BGRA") == 0;
      const gchar *colours = rgb ? "" : ",colorimetry=bt601";
      gchar *source = g_strconcat (layouts[l].source, formats[f], colours,
          NULL);
      gchar *sink = g_strconcat (layouts[l].sink, formats[f], colours, NULL);
      GstBuffer *out = make ("fit=contain background=0xff0000ff", source, sink,
          colour_new (source, grey));

      for (b = 0; b < 2; b++)
        check_colour (out, sink, layouts[l].bars[b], rgb ? blue_rgb : blue_yuv,
            1);
      check_colour (out, sink, layouts[l].picture, grey, 0);
      gst_buffer_unref (out);
      g_free (source);
      g_free (sink);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_blur_has_bars_like_the_frame)
{
  static const guint8 red_yuv[] = { 81, 90, 240 }, red_rgb[] = { 255, 0, 0 };
  guint l, f, b, i;

  for (l = 0; l < G_N_ELEMENTS (layouts); l++) {
    for (f = 0; f < G_N_ELEMENTS (formats); f++) {
      gboolean rgb = strcmp (formats[f], "BGRA") == 0;
      const gchar *colours = rgb ? "" : ",colorimetry=bt601";
      gchar *source = g_strconcat (layouts[l].source, formats[f], colours,
          NULL);
      gchar *sink = g_strconcat (layouts[l].sink, formats[f], colours, NULL);
      GstHarness *h = open_crop ("fit=blur", source, sink);

      for (i = 0; i < 4; i++) {
        const guint8 *colour = i == 2 ? grey : rgb ? red_rgb : red_yuv;
        GstBuffer *out = bench_pull (h, colour_new (source, colour));

        for (b = 0; b < 2; b++)
          check_colour (out, sink, layouts[l].bars[b], colour, rgb ? 3 : 1);
        gst_buffer_unref (out);
      }
      gst_harness_teardown (h);
      g_free (source);
      g_free (sink);
    }
  }
}

GST_END_TEST;

static void
check_threads (const gchar * properties, const gchar * source,
    const gchar * sink, gint tolerance)
{
  static const guint counts[] = { 1, 2, 5 };
  GstVideoInfo info = bench_info (sink);
  GstVideoRectangle all = { 0, 0, info.width, info.height };
  GstBuffer *first = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (counts); i++) {
    gchar *line = g_strdup_printf ("%s n-threads=%u", properties, counts[i]);
    GstBuffer *out = make (line, source, sink, picture_new (source, 4));
    gint most = i == 0 ? 0 : find_difference (first, sink, all, out, sink);

    fail_unless (most <= tolerance, "%s, %s: %d", line, sink, most);
    if (i == 0)
      first = gst_buffer_ref (out);
    gst_buffer_unref (out);
    g_free (line);
  }
  gst_buffer_unref (first);
}

GST_START_TEST (test_threads_change_nothing)
{
  guint f;

  for (f = 0; f < G_N_ELEMENTS (formats); f++) {
    gchar *source = g_strconcat (WIDE, formats[f], NULL);
    gchar *sink = g_strconcat (UPRIGHT, formats[f], NULL);

    check_threads ("", source, sink, 0);
    check_threads ("zoom=1.7 anchor-x=0.3", source, sink, 1);
    check_threads ("fit=contain", source, sink, 1);
    check_threads ("fit=blur", source, sink, 1);
    check_threads ("fit=stretch filter=lanczos", source, sink, 1);
    g_free (source);
    g_free (sink);
  }
}

GST_END_TEST;

#define SQUARE "video/x-raw,format=I420,width=256,height=256," \
    "colorimetry=bt601" RATE

/* Twice: the second time the middle of the source, at its own size. */
GST_START_TEST (test_zoom_shows_the_middle)
{
  const gchar *half = "video/x-raw,format=I420,width=128,height=128" RATE;
  const GstVideoRectangle middle = { 64, 64, 128, 128 };
  GstBuffer *in = picture_new (SQUARE, 2);
  GstBuffer *out = make ("zoom=2", SQUARE, half, gst_buffer_ref (in));
  gint most;

  most = find_difference (in, SQUARE, middle, out, half);
  fail_unless (most <= 1, "%d", most);
  gst_buffer_unref (out);
  out = make ("zoom=1", SQUARE, half, gst_buffer_ref (in));
  fail_unless (find_difference (in, SQUARE, middle, out, half) > 20);
  gst_buffer_unref (out);
  gst_buffer_unref (in);
}

GST_END_TEST;

/* A view where downstream takes one, else a copy: the same pixels. */
static void
check_crop_only (const gchar * format, gboolean meta)
{
  /* A format, and more of the caps. */
  gchar *source = g_strconcat (WIDE, format, NULL);
  GstHarness *h = bench_crop_new ("aspect-ratio=9/16 anchor-x=0.77");
  GstBuffer *in = picture_new (source, 3), *out;
  GstVideoRectangle rect = { 0, 0, 0, 180 };
  GstVideoInfo info;
  GstVideoMeta *found;
  gint step;
  gchar *sink;
  GstCaps *caps;

  if (meta)
    gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  gst_harness_set_src_caps_str (h, source);
  out = bench_pull (h, gst_buffer_ref (in));
  info = bench_output_info (h);
  caps = gst_video_info_to_caps (&info);
  sink = gst_caps_to_string (caps);
  fail_unless_equals_int (info.height, 180);
  fail_unless (info.width >= 100 && info.width <= 102);
  rect.w = info.width;
  step = 1 << GST_VIDEO_FORMAT_INFO_W_SUB (info.finfo, 1);
  rect.x = (gint) ((320 - info.width) / step * 0.77 + 0.5) * step;
  found = gst_buffer_get_video_meta (out);
  fail_unless ((gst_buffer_peek_memory (in, 0)
          == gst_buffer_peek_memory (out, 0)) == meta, "%s, %s: meta %d",
      format, sink, found != NULL);
  if (meta) {
    GstVideoInfo all = bench_info (source);
    gint left;

    fail_unless (found != NULL);
    left = (gint) found->offset[0] / GST_VIDEO_INFO_COMP_PSTRIDE (&all, 0);
    fail_unless (left == rect.x, "%s: %d, not %d", format, left, rect.x);
    fail_unless_equals_int (found->stride[0], all.stride[0]);
    fail_unless_equals_int (found->width, info.width);
    fail_unless_equals_int (found->height, info.height);
  }
  fail_unless (find_difference (in, source, rect, out, sink) == 0, "%s at %d",
      format, rect.x);
  gst_buffer_unref (out);
  gst_buffer_unref (in);
  gst_harness_teardown (h);
  gst_caps_unref (caps);
  g_free (sink);
  g_free (source);
}

GST_START_TEST (test_a_crop_is_a_view)
{
  check_crop_only ("I420,colorimetry=bt601", TRUE);
  check_crop_only ("NV12,colorimetry=bt601", TRUE);
  check_crop_only ("YUY2,colorimetry=bt601", TRUE);
  check_crop_only ("BGRA", TRUE);
}

GST_END_TEST;

GST_START_TEST (test_a_crop_is_a_view_where_caps_leave_colours_open)
{
  check_crop_only ("I420", TRUE);
  check_crop_only ("NV12", TRUE);
}

GST_END_TEST;

GST_START_TEST (test_a_crop_is_a_copy_without_video_meta)
{
  check_crop_only ("I420,colorimetry=bt601", FALSE);
  check_crop_only ("NV12,colorimetry=bt601", FALSE);
  check_crop_only ("YUY2,colorimetry=bt601", FALSE);
  check_crop_only ("BGRA", FALSE);
  check_crop_only ("I420", FALSE);
}

GST_END_TEST;

static guint
count_caps_events (GstHarness * h)
{
  GstEvent *event;
  guint n = 0;

  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    n += GST_EVENT_TYPE (event) == GST_EVENT_CAPS;
    gst_event_unref (event);
  }
  return n;
}

/* Each setting shows with the next frame, as if it had been set before. */
GST_START_TEST (test_properties_change_between_frames)
{
  static const gchar *const settings[][2] = {
    {"zoom", "2.5"}, {"filter", "lanczos"}, {"n-threads", "4"},
    {"fit", "contain"}, {"background", "0xff00ff00"}, {"fit", "blur"},
    {"filter", "bilinear"}, {"fit", "stretch"}, {"fit", "cover"},
    {"zoom", "1"}, {"n-threads", "1"}, {"filter", "spline36"}
  };
  GString *all = g_string_new ("n-threads=2");
  GstHarness *h = open_crop ("n-threads=2", WIDE "I420", UPRIGHT "I420");
  const GstVideoRectangle rect = { 0, 0, 180, 320 };
  guint i;

  gst_buffer_unref (bench_pull (h, picture_new (WIDE "I420", 1)));
  fail_unless_equals_int (count_caps_events (h), 1);
  for (i = 0; i < G_N_ELEMENTS (settings); i++) {
    GstBuffer *out, *fresh;
    gint most;

    gst_util_set_object_arg (G_OBJECT (h->element), settings[i][0],
        settings[i][1]);
    g_string_append_printf (all, " %s=%s", settings[i][0], settings[i][1]);
    out = bench_pull (h, picture_new (WIDE "I420", i));
    fresh = make (all->str, WIDE "I420", UPRIGHT "I420",
        picture_new (WIDE "I420", i));
    most = find_difference (out, UPRIGHT "I420", rect, fresh, UPRIGHT "I420");
    fail_unless (most == 0, "after %s: %d", all->str, most);
    fail_unless (count_caps_events (h) == 0, "caps after %s", all->str);
    gst_buffer_unref (out);
    gst_buffer_unref (fresh);
  }
  g_string_free (all, TRUE);
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
echoelcropfit_suite (void)
{
  Suite *s = suite_create ("echoelcropfit");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_contain_and_blur_show_the_whole_picture);
  tcase_add_test (tc, test_contain_has_bars_of_the_background);
  tcase_add_test (tc, test_blur_has_bars_like_the_frame);
  tcase_add_test (tc, test_threads_change_nothing);
  tcase_add_test (tc, test_zoom_shows_the_middle);
  tcase_add_test (tc, test_a_crop_is_a_view);
  tcase_add_test (tc, test_a_crop_is_a_view_where_caps_leave_colours_open);
  tcase_add_test (tc, test_a_crop_is_a_copy_without_video_meta);
  tcase_add_test (tc, test_properties_change_between_frames);
  return s;
}

GST_CHECK_MAIN (echoelcropfit);
