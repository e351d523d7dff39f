/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop does when a setting changes in a running stream, and when a
 * buffer or a run is not what it should be. */
#include <string.h>

#include "cropbench.h"

#define SOURCE "video/x-raw,format=I420,width=320,height=180" RATE
#define PART "video/x-raw,width=100,height=180"

/* Each pixel has another value than its neighbours. */
static GstBuffer *
picture_new (guint n)
{
  GstBuffer *buffer = bench_buffer_new (SOURCE, 0);
  GstMapInfo map;
  guint i;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (i = 0; i < map.size; i++)
    map.data[i] = (i * 7 + i / 320 * 3) % 200;
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = n * GST_SECOND / 30;
  return buffer;
}

static GstHarness *
open_crop (const gchar * properties, const gchar * sink)
{
  GstHarness *h = bench_crop_new (properties);

  if (sink != NULL)
    gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, SOURCE);
  return h;
}

static void
check_same_pixels (GstBuffer * a, GstBuffer * b, const gchar * what)
{
  GstVideoInfo info = bench_info (SOURCE);
  GstVideoFrame x, y;
  gint row;

  fail_unless (gst_video_frame_map (&x, &info, a, GST_MAP_READ));
  fail_unless (gst_video_frame_map (&y, &info, b, GST_MAP_READ));
  for (row = 0; row < info.height; row++) {
    const guint8 *p = GST_VIDEO_FRAME_PLANE_DATA (&x, 0);
    const guint8 *q = GST_VIDEO_FRAME_PLANE_DATA (&y, 0);

    fail_unless (memcmp (p + row * GST_VIDEO_FRAME_PLANE_STRIDE (&x, 0),
            q + row * GST_VIDEO_FRAME_PLANE_STRIDE (&y, 0), info.width) == 0,
        "%s: row %d", what, row);
  }
  gst_video_frame_unmap (&x);
  gst_video_frame_unmap (&y);
}

/* The same caps on both sides, where nothing had to be done so far. */
GST_START_TEST (test_zoom_changes_identical_caps)
{
  static const gchar *const zooms[] = { "1", "4", "1", "1.5", "2.5", "1" };
  GstHarness *h = open_crop ("", NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (zooms); i++) {
    gchar *properties = g_strdup_printf ("zoom=%s", zooms[i]);
    GstHarness *fresh = open_crop (properties, NULL);
    GstBuffer *in = picture_new (i), *out, *expected;

    gst_util_set_object_arg (G_OBJECT (h->element), "zoom", zooms[i]);
    out = bench_pull (h, gst_buffer_ref (in));
    expected = bench_pull (fresh, picture_new (i));
    check_same_pixels (out, expected, properties);
    fail_unless ((out == in) == (strcmp (zooms[i], "1") == 0));
    gst_buffer_unref (in);
    gst_buffer_unref (out);
    gst_buffer_unref (expected);
    gst_harness_teardown (fresh);
    g_free (properties);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

static GstPadProbeReturn
count_allocation (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  guint *n = user_data;

  if ((info->type & GST_PAD_PROBE_TYPE_PUSH)
      && GST_QUERY_TYPE (info->data) == GST_QUERY_ALLOCATION)
    (*n)++;
  return GST_PAD_PROBE_OK;
}

/* The numbers of this process's threads, in order of their names. */
static gchar *
list_threads (void)
{
  GString *all = g_string_new ("");
  GDir *dir = g_dir_open ("/proc/self/task", 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_string_append_printf (all, "%s ", name);
  g_clear_pointer (&dir, g_dir_close);
  return g_string_free (all, FALSE);
}

GST_START_TEST (test_an_animated_zoom_keeps_pool_and_threads)
{
  GstHarness *h = open_crop ("n-threads=4", PART);
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  gchar *before, *after;
  guint i, queries = 0;

  gst_buffer_unref (bench_pull (h, picture_new (0)));
  before = list_threads ();
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      count_allocation, &queries, NULL);
  for (i = 1; i < 30; i++) {
    g_object_set (h->element, "zoom", 1.0 + i * 0.05, NULL);
    gst_buffer_unref (bench_pull (h, picture_new (i)));
  }
  after = list_threads ();
  fail_unless_equals_int (queries, 0);
  fail_unless_equals_string (before, after);
  g_free (before);
  g_free (after);
  gst_object_unref (pad);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Returns: what a frame of these strides comes to */
static GstFlowReturn
push_strides (const gchar * properties, const gchar * sink, gint luma,
    gint chroma, gsize first)
{
  gsize offset[GST_VIDEO_MAX_PLANES] = { first, 320 * 180,
    320 * 180 + 160 * 90
  };
  gint stride[GST_VIDEO_MAX_PLANES] = { luma, chroma, 160 };
  GstHarness *h = bench_crop_new (properties);
  GstBuffer *buffer = picture_new (0);
  GstFlowReturn flow;

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  if (sink != NULL)
    gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, SOURCE);
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_I420, 320, 180, 3, offset, stride);
  flow = gst_harness_push (h, buffer);
  gst_harness_teardown (h);
  return flow;
}

GST_START_TEST (test_strides_beyond_the_memory_are_refused)
{
  static const struct
  {
    gint luma, chroma;
    gsize first;
    GstFlowReturn flow;
  } cases[] = {
    {320, 160, 0, GST_FLOW_OK},
    {480, 160, 0, GST_FLOW_OK},
    {100000, 160, 0, GST_FLOW_ERROR},
    {320, 100000, 0, GST_FLOW_ERROR},
    {320, G_MAXINT, 0, GST_FLOW_ERROR},
    {-320, 160, 320 * 179, GST_FLOW_OK},
    {-320, 160, 320 * 100, GST_FLOW_ERROR},
    {320, 160, 320 * 100, GST_FLOW_ERROR}
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    fail_unless (push_strides ("", PART, cases[i].luma, cases[i].chroma,
            cases[i].first) == cases[i].flow, "scaled, case %u", i);
    fail_unless (push_strides ("follow=motion", PART, cases[i].luma,
            cases[i].chroma, cases[i].first) == cases[i].flow,
        "followed, case %u", i);
    fail_unless (push_strides ("aspect-ratio=9/16", NULL, cases[i].luma,
            cases[i].chroma, cases[i].first) == cases[i].flow,
        "viewed, case %u", i);
  }
}

GST_END_TEST;

/* A view has a GstVideoMeta, with which nobody would look at the size. */
GST_START_TEST (test_a_short_buffer_is_not_viewed)
{
  GstHarness *h = bench_crop_new ("aspect-ratio=9/16");
  GstBuffer *buffer = picture_new (0);

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  gst_harness_set_src_caps_str (h, SOURCE);
  gst_buffer_resize (buffer, 0, gst_buffer_get_size (buffer) - 8000);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* A view of such memory would be a copy of all of it. */
GST_START_TEST (test_memory_that_cannot_be_shared_is_cropped)
{
  GstHarness *h = bench_crop_new ("aspect-ratio=9/16");
  GstBuffer *buffer = picture_new (0), *out;
  GstMapInfo map;
  GstMemory *memory;
  gpointer own;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  own = g_memdup2 (map.data, map.size);
  memory = gst_memory_new_wrapped (GST_MEMORY_FLAG_NO_SHARE, own, map.size, 0,
      map.size, own, g_free);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_replace_all_memory (buffer, memory);
  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  gst_harness_set_src_caps_str (h, SOURCE);
  out = bench_pull (h, buffer);
  fail_unless (gst_buffer_get_size (out) < 320 * 180,
      "%" G_GSIZE_FORMAT " bytes", gst_buffer_get_size (out));
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_an_error_is_told_in_each_run)
{
  GstElement *pipeline = gst_parse_launch ("videotestsrc num-buffers=3 ! "
      "video/x-raw,interlace-mode=interleaved,width=320,height=180 ! "
      "echoelcrop name=crop ! video/x-raw,width=64,height=64 ! fakesink", NULL);
  GstBus *bus = gst_element_get_bus (pipeline);
  guint run;

  for (run = 0; run < 3; run++) {
    GstMessage *message;

    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    message = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND,
        GST_MESSAGE_ERROR);
    fail_unless (message != NULL);
    fail_unless (strcmp (GST_MESSAGE_SRC_NAME (message), "crop") == 0,
        "run %u: %s", run, GST_MESSAGE_SRC_NAME (message));
    gst_message_unref (message);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    gst_bus_set_flushing (bus, TRUE);
    gst_bus_set_flushing (bus, FALSE);
  }
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

GST_END_TEST;

static Suite *
echoelcropchange_suite (void)
{
  Suite *s = suite_create ("echoelcropchange");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_zoom_changes_identical_caps);
  tcase_add_test (tc, test_an_animated_zoom_keeps_pool_and_threads);
  tcase_add_test (tc, test_strides_beyond_the_memory_are_refused);
  tcase_add_test (tc, test_a_short_buffer_is_not_viewed);
  tcase_add_test (tc, test_memory_that_cannot_be_shared_is_cropped);
  tcase_add_test (tc, test_an_error_is_told_in_each_run);
  return s;
}

GST_CHECK_MAIN (echoelcropchange);
