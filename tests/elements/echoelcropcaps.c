/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop negotiates. */
#include "cropbench.h"

/* An empty sink takes anything. */
static const struct
{
  const gchar *properties, *source, *sink;
  const gchar *format;
  gint width, height, par_n, par_d;
} caps_cases[] = {
  /* *INDENT-OFF* */
  /* Both sizes given: filled exactly. */
  {"", HD, "width=1080,height=1920", "I420", 1080, 1920, 1, 1},
  {"", HD, "width=1081,height=1921", "I420", 1081, 1921, 1, 1},
  {"", PAL, "width=1080,height=1920", "I420", 1080, 1920, 1, 1},
  {"", HD, "width=1,height=1", "I420", 1, 1, 1, 1},
  {"fit=stretch", HD, "width=100,height=100", "I420", 100, 100, 1, 1},
  /* One size: the other follows, in whole chroma samples. */
  {"", HD, "width=1280", "I420", 1280, 720, 1, 1},
  {"", HD, "width=720", "I420", 720, 406, 1, 1},
  {"", HD, "width=720,format=Y42B", "Y42B", 720, 406, 1, 1},
  {"", "video/x-raw,format=Y444,width=1920,height=1080" RATE, "width=720",
      "Y444", 720, 405, 1, 1},
  {"", HD, "height=720", "I420", 1280, 720, 1, 1},
  {"", TALL, "height=1280", "I420", 720, 1280, 1, 1},
  {"", PAL, "width=640", "I420", 640, 480, 1, 1},
  {"", PAL, "height=576,pixel-aspect-ratio=16/15", "I420", 720, 576, 16, 15},
  {"aspect-ratio=9/16", HD, "width=540", "I420", 540, 960, 1, 1},
  {"aspect-ratio=1/1", HD, "height=720", "I420", 720, 720, 1, 1},
  /* Only a shape: the largest window of it, chroma uncut, not scaled. */
  {"aspect-ratio=9/16", HD, "", "I420", 608, 1080, 1, 1},
  {"aspect-ratio=1/1", HD, "", "I420", 1080, 1080, 1, 1},
  {"aspect-ratio=16/9", TALL, "", "I420", 1080, 608, 1, 1},
  {"aspect-ratio=16/9", HD, "", "I420", 1920, 1080, 1, 1},
  {"aspect-ratio=9/16", PAL, "", "I420", 304, 576, 16, 15},
  {"aspect-ratio=4/3", PAL, "", "I420", 720, 576, 16, 15},
  {"aspect-ratio=4/3", "video/x-raw,format=YUY2,width=641,height=480" RATE,
      "", "YUY2", 640, 480, 1, 1},
  {"aspect-ratio=9/16", PAL, "pixel-aspect-ratio=1/1", "I420", 324, 576, 1, 1},
  /* A shape and a size: the pixels get the shape that it needs. */
  {"aspect-ratio=16/9", HD, "width=720,height=576,"
      "pixel-aspect-ratio=[1/100,100/1]", "I420", 720, 576, 64, 45},
  {"aspect-ratio=16/9", HD, "width=720,height=576", "I420", 720, 576, 64, 45},
  {"aspect-ratio=16/9", HD, "width=720,height=576,pixel-aspect-ratio=1/1",
      "I420", 720, 576, 1, 1},
  /* Square pixels from others. */
  {"", PAL, "pixel-aspect-ratio=1/1", "I420", 768, 576, 1, 1},
  {"", PAL, "", "I420", 720, 576, 16, 15},
  {"", PAL, "width=720,height=576", "I420", 720, 576, 1, 1},
  /* Limits downstream: the shape stays. */
  {"", HD, "width=[1,1280]", "I420", 1280, 720, 1, 1},
  {"", HD, "height=[1,540]", "I420", 960, 540, 1, 1},
  {"", HD, "width=[1,640],height=[1,640]", "I420", 640, 360, 1, 1},
  {"", TALL, "width=[1,640],height=[1,640]", "I420", 360, 640, 1, 1},
  {"", HD, "width=[1,4096],height=[1,4096]", "I420", 1920, 1080, 1, 1},
  {"", HD, "width=[3840,7680]", "I420", 3840, 2160, 1, 1},
  {"aspect-ratio=9/16", HD, "width=[1,304]", "I420", 304, 540, 1, 1},
  /* The format that loses least. */
  {"", HD, "format={BGRA,NV12}", "NV12", 1920, 1080, 1, 1},
  {"", HD, "format={GRAY8,BGRA,Y444}", "Y444", 1920, 1080, 1, 1},
  {"", "video/x-raw,format=BGRA,width=64,height=64" RATE, "format={I420,RGBA}",
      "RGBA", 64, 64, 1, 1},
  {"", "video/x-raw,format=I420_10LE,width=64,height=64" RATE,
      "format={I420,P010_10LE}", "P010_10LE", 64, 64, 1, 1},
  {"", "video/x-raw,format=GRAY8,width=64,height=64" RATE,
      "format={I420,GRAY8},width=32,height=32", "GRAY8", 32, 32, 1, 1},
  /* *INDENT-ON* */
};

GST_START_TEST (test_caps_are_what_both_sides_want)
{
  guint i = __i__;
  GstHarness *h = bench_crop_new (caps_cases[i].properties);
  gchar *sink = g_strdup_printf ("video/x-raw%s%s", *caps_cases[i].sink ? ","
      : "", caps_cases[i].sink);
  GstVideoInfo info;
  GstBuffer *out;

  gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, caps_cases[i].source);
  out = bench_pull (h, bench_buffer_new (caps_cases[i].source, 100));
  info = bench_output_info (h);
  fail_unless (g_str_equal (info.finfo->name, caps_cases[i].format)
      && info.width == caps_cases[i].width
      && info.height == caps_cases[i].height
      && info.par_n == caps_cases[i].par_n && info.par_d == caps_cases[i].par_d,
      "%s from %s with \"%s\": %s %dx%d, pixels %d/%d", sink,
      caps_cases[i].source, caps_cases[i].properties, info.finfo->name,
      info.width, info.height, info.par_n, info.par_d);
  fail_unless (info.fps_n == 30 && info.fps_d == 1);
  fail_unless (gst_buffer_get_size (out) >= info.size);
  gst_buffer_unref (out);
  g_free (sink);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* NULL: the caps do not say; a NULL chroma site is not looked at. */
static const struct
{
  const gchar *source, *sink;
  const gchar *colorimetry, *chroma_site;
} colour_cases[] = {
  /* *INDENT-OFF* */
  {SD "I420,colorimetry=bt601", "width=32,height=32", "bt601", NULL},
  {SD "I420,colorimetry=bt709", "width=32,height=32", "bt709", NULL},
  {SD "I420,colorimetry=(string)1:4:0:0", "width=32,height=32", "1:4:0:0",
      NULL},
  {SD "I420_10LE,colorimetry=bt2100-pq", "width=32,height=32", "bt2100-pq",
      NULL},
  {SD "I420,colorimetry=bt601,chroma-site=jpeg", "width=32,height=32", "bt601",
      "jpeg"},
  {SD "I420,colorimetry=bt601", "colorimetry=bt709", "bt709", NULL},
  {SD "I420,colorimetry=bt601", "width=32,height=32,colorimetry=bt709",
      "bt709", NULL},
  {SD "I420,colorimetry=bt601", "width=32,height=32,"
      "colorimetry=(string){bt709,bt601}", "bt601", NULL},
  {SD "I420,colorimetry=bt2020", "width=32,height=32,"
      "colorimetry=(string){bt709,bt601}", "bt709", NULL},
  {SD "NV12,colorimetry=bt601", "format=I420", "bt601", NULL},
  {SD "BGRA,colorimetry=sRGB", "format=RGB", "sRGB", NULL},
  {SD "BGRA,colorimetry=sRGB", "format=I420,colorimetry=bt709", "bt709", NULL},
  {SD "BGRA", "format=I420,colorimetry=bt601", "bt601", NULL},
  /* What they are in one family says nothing about the other. */
  {SD "BGRA,colorimetry=sRGB", "format=I420", NULL, NULL},
  {SD "I420,colorimetry=bt601", "format=BGRA", NULL, NULL},
  /* *INDENT-ON* */
};

GST_START_TEST (test_colours_are_in_the_caps)
{
  guint i = __i__;
  gchar *sink = g_strdup_printf ("video/x-raw,%s", colour_cases[i].sink);
  GstHarness *h = bench_crop_new ("");
  GstStructure *s;
  GstCaps *caps;

  gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, colour_cases[i].source);
  caps = gst_pad_get_current_caps (h->sinkpad);
  fail_unless (caps != NULL, "%s", sink);
  s = gst_caps_get_structure (caps, 0);
  fail_unless_equals_string (gst_structure_get_string (s, "colorimetry"),
      colour_cases[i].colorimetry);
  if (colour_cases[i].chroma_site)
    fail_unless_equals_string (gst_structure_get_string (s, "chroma-site"),
        colour_cases[i].chroma_site);
  gst_caps_unref (caps);
  g_free (sink);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Red, and what it is in the caps that come out, whatever they are. */
static void
check_red (const gchar * sink, guint y, guint u, guint v)
{
  static const gchar source[] = SD "RGB";
  GstHarness *h = bench_crop_new ("");
  GstBuffer *in = bench_buffer_new (source, 0), *out;
  GstMapInfo map;
  gsize i;

  gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, source);
  fail_unless (gst_buffer_map (in, &map, GST_MAP_WRITE));
  for (i = 0; i < map.size; i += 3)
    map.data[i] = 255;
  gst_buffer_unmap (in, &map);
  out = bench_pull (h, in);
  fail_unless (ABS ((gint) bench_sample (h, out, 0, 5, 5) - (gint) y) <= 1);
  fail_unless (ABS ((gint) bench_sample (h, out, 1, 5, 5) - (gint) u) <= 1);
  fail_unless (ABS ((gint) bench_sample (h, out, 2, 5, 5) - (gint) v) <= 1);
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

GST_START_TEST (test_rgb_becomes_what_the_caps_say)
{
  GstVideoInfo small = bench_info (SD "I420");

  check_red ("video/x-raw,format=I420,colorimetry=bt709", 63, 102, 240);
  /* bt601 with the primaries of bt709, so that red stays red. */
  check_red ("video/x-raw,format=I420,colorimetry=(string)2:4:5:1", 81, 90,
      240);
  /* Nothing said is the default, which is bt601 for a picture that small. */
  fail_unless (small.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT601);
  fail_unless (small.colorimetry.range == GST_VIDEO_COLOR_RANGE_16_235);
}

GST_END_TEST;

GST_START_TEST (test_same_caps_pass_the_buffer_on)
{
  static const gchar *const same[] = { HD, PAL, SD "BGRA", SD "P010_10LE",
    SD "YUY2,colorimetry=bt601"
  };
  guint i, n;

  for (i = 0; i < G_N_ELEMENTS (same); i++) {
    GstHarness *h = bench_crop_new ("");

    gst_harness_set_sink_caps_str (h, "video/x-raw");
    gst_harness_set_src_caps_str (h, same[i]);
    for (n = 0; n < 3; n++) {
      GstBuffer *in = bench_buffer_new (same[i], 3), *out = bench_pull (h, in);

      fail_unless (in == out, "%s is copied", same[i]);
      gst_buffer_unref (out);
    }
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

/* A source that can choose is told what saves the work: all that it could
 * hand on as it is, then the same format in any size, then the rest. */
GST_START_TEST (test_downstreams_format_is_offered_first)
{
  GstHarness *h = bench_crop_new ("");
  const GValue *formats, *width;
  GstStructure *s;
  GstCaps *caps;
  guint i, n;

  gst_harness_set_sink_caps_str (h,
      "video/x-raw,format=NV12,width=100,height=100" RATE);
  caps = gst_pad_peer_query_caps (h->srcpad, NULL);
  n = gst_caps_get_size (caps);
  fail_unless (n >= 2);
  for (i = 0; i < n; i++) {
    gint fps_n = 0, fps_d = 0;

    s = gst_caps_get_structure (caps, i);
    fail_unless (gst_structure_get_fraction (s, "framerate", &fps_n, &fps_d));
    fail_unless (fps_n == 30 && fps_d == 1);
    if (i + 1 < n)
      fail_unless_equals_string (gst_structure_get_string (s, "format"),
          "NV12");
  }
  formats = gst_structure_get_value (s, "format");
  width = gst_structure_get_value (s, "width");
  fail_unless (GST_VALUE_HOLDS_LIST (formats));
  fail_unless (gst_value_list_get_size (formats) > 40);
  fail_unless (GST_VALUE_HOLDS_INT_RANGE (width));
  fail_unless_equals_int (gst_value_get_int_range_min (width), 1);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
}

GST_END_TEST;

#define SMALL "video/x-raw,format=GRAY8,width=64,height=32" RATE

GST_START_TEST (test_aspect_ratio_changes_the_caps_while_running)
{
  static const struct
  {
    gint n, d, width, height;
  } steps[] = { {0, 1, 64, 32}, {1, 1, 32, 32}, {9, 16, 18, 32}, {2, 1, 64,
      32}, {4, 1, 64, 16}, {0, 1, 64, 32}
  };
  GstHarness *h = bench_crop_new ("");
  guint i;

  gst_harness_set_sink_caps_str (h, "video/x-raw");
  gst_harness_set_src_caps_str (h, SMALL);
  for (i = 0; i < G_N_ELEMENTS (steps); i++) {
    GstVideoInfo info;

    g_object_set (h->element, "aspect-ratio", steps[i].n, steps[i].d, NULL);
    gst_buffer_unref (bench_pull (h, bench_buffer_new (SMALL, 9)));
    info = bench_output_info (h);
    fail_unless (info.width == steps[i].width
        && info.height == steps[i].height, "%d/%d: %dx%d", steps[i].n,
        steps[i].d, info.width, info.height);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
echoelcropcaps_suite (void)
{
  Suite *s = suite_create ("echoelcropcaps");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_caps_are_what_both_sides_want, 0,
      G_N_ELEMENTS (caps_cases));
  tcase_add_loop_test (tc, test_colours_are_in_the_caps, 0,
      G_N_ELEMENTS (colour_cases));
  tcase_add_test (tc, test_rgb_becomes_what_the_caps_say);
  tcase_add_test (tc, test_same_caps_pass_the_buffer_on);
  tcase_add_test (tc, test_downstreams_format_is_offered_first);
  tcase_add_test (tc, test_aspect_ratio_changes_the_caps_while_running);
  return s;
}

GST_CHECK_MAIN (echoelcropcaps);
