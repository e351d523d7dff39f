/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop does to buffers. */
#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <string.h>

#include "cropbench.h"

#define FRAME (GST_SECOND / 30)
#define STRIDE_ALIGN 64

/* Left half black, right half white; GRAY8. */
static GstBuffer *
halves_new (guint width, guint height)
{
  gchar *caps = g_strdup_printf ("video/x-raw,format=GRAY8,width=%u,height=%u"
      RATE, width, height);
  GstVideoInfo info = bench_info (caps);
  GstBuffer *buffer = bench_buffer_new (caps, 0);
  GstVideoFrame frame;
  guint y;

  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  for (y = 0; y < height; y++)
    memset ((guint8 *) frame.data[0] + y * frame.info.stride[0] + width / 2,
        255, width / 2);
  gst_video_frame_unmap (&frame);
  g_free (caps);
  return buffer;
}

/* Caps events that have reached downstream since the last call. */
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

GST_START_TEST (test_times_and_flags_stay)
{
  GstHarness *h = bench_crop_new ("");
  GstBuffer *in = bench_buffer_new (HD, 90), *out;

  gst_harness_set_sink_caps_str (h, "video/x-raw,width=90,height=160");
  gst_harness_set_src_caps_str (h, HD);
  GST_BUFFER_PTS (in) = 123456789;
  GST_BUFFER_DTS (in) = 123450000;
  GST_BUFFER_DURATION (in) = FRAME;
  GST_BUFFER_OFFSET (in) = 7;
  GST_BUFFER_OFFSET_END (in) = 8;
  GST_BUFFER_FLAG_SET (in, GST_BUFFER_FLAG_DISCONT | GST_BUFFER_FLAG_DROPPABLE
      | GST_BUFFER_FLAG_MARKER);
  out = bench_pull (h, in);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (out), 123456789);
  fail_unless_equals_uint64 (GST_BUFFER_DTS (out), 123450000);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (out), FRAME);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (out), 7);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET_END (out), 8);
  fail_unless (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_DISCONT));
  fail_unless (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_DROPPABLE));
  fail_unless (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_MARKER));
  fail_if (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_GAP));
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_caps_may_change_with_every_buffer)
{
  static const gchar *const formats[] = { "GRAY8", "I420", "YUY2", "BGRA",
    "NV12"
  };
  GstHarness *h = bench_crop_new ("");
  guint i;

  gst_harness_set_sink_caps_str (h,
      "video/x-raw,format=GRAY8,width=9,height=16,colorimetry=(string)1:4:0:0");
  for (i = 0; i < 50; i++) {
    gchar *source = g_strdup_printf ("video/x-raw,format=%s,width=%u,height=%u"
        RATE, formats[i % 5], 17 + 3 * i, 90 - i);
    GstBuffer *out;
    GstVideoInfo info;

    gst_harness_set_src_caps_str (h, source);
    out = bench_pull (h, bench_buffer_new (source, 128));
    info = bench_output_info (h);
    fail_unless (info.width == 9 && info.height == 16);
    fail_unless (ABS ((gint) bench_sample (h, out, 0, 4, 8) - 128) <= 12, "%s",
        source);
    gst_buffer_unref (out);
    g_free (source);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

#define HALVES "video/x-raw,format=GRAY8,width=64,height=32" RATE

GST_START_TEST (test_anchor_moves_the_window_between_buffers)
{
  static const struct
  {
    const gchar *property;
    gdouble value;
    guint grey;
  } steps[] = { {"anchor-x", 0.0, 0}, {"anchor-x", 1.0, 255},
  {"anchor-y", 0.0, 255}, {"anchor-x", 0.0, 0}, {"anchor-y", 1.0, 0},
  {"anchor-x", 0.9, 255}
  };
  GstHarness *h = bench_crop_new ("");
  guint i;

  gst_harness_set_sink_caps_str (h, "video/x-raw,width=18,height=32");
  gst_harness_set_src_caps_str (h, HALVES);
  for (i = 0; i < G_N_ELEMENTS (steps); i++) {
    GstBuffer *out;

    g_object_set (h->element, steps[i].property, steps[i].value, NULL);
    out = bench_pull (h, halves_new (64, 32));
    fail_unless_equals_int (bench_sample (h, out, 0, 1, 16), steps[i].grey);
    fail_unless_equals_int (bench_sample (h, out, 0, 16, 16), steps[i].grey);
    gst_buffer_unref (out);
  }
  fail_unless_equals_int (count_caps_events (h), 1);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_fit_chooses_between_crop_and_distortion)
{
  GstHarness *h = bench_crop_new ("anchor-x=1 fit=stretch");
  GstBuffer *out;

  gst_harness_set_sink_caps_str (h, "video/x-raw,width=18,height=32");
  gst_harness_set_src_caps_str (h, HALVES);
  out = bench_pull (h, halves_new (64, 32));
  fail_unless_equals_int (bench_sample (h, out, 0, 1, 16), 0);
  fail_unless_equals_int (bench_sample (h, out, 0, 16, 16), 255);
  gst_buffer_unref (out);
  gst_util_set_object_arg (G_OBJECT (h->element), "fit", "cover");
  out = bench_pull (h, halves_new (64, 32));
  fail_unless_equals_int (bench_sample (h, out, 0, 1, 16), 255);
  gst_buffer_unref (out);
  fail_unless_equals_int (count_caps_events (h), 1);
  gst_harness_teardown (h);
}

GST_END_TEST;

#define RAMP_FRAMES 30

/* From black on the left to white on the right. */
static GstBuffer *
ramp_new (GstClockTime time)
{
  GstBuffer *buffer =
      bench_buffer_new ("video/x-raw,format=GRAY8,width=256,height=32" RATE, 0);
  GstMapInfo map;
  gsize i;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (i = 0; i < map.size; i++)
    map.data[i] = (guint8) (i % 256);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = time;
  return buffer;
}

GST_START_TEST (test_anchor_follows_a_controller)
{
  GstHarness *h = bench_crop_new ("");
  GstControlSource *source = gst_interpolation_control_source_new ();
  GstTimedValueControlSource *values = GST_TIMED_VALUE_CONTROL_SOURCE (source);
  guint i, grey = 0;

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_LINEAR, NULL);
  gst_timed_value_control_source_set (values, 0, 0.0);
  gst_timed_value_control_source_set (values, RAMP_FRAMES * FRAME, 1.0);
  gst_object_add_control_binding (GST_OBJECT (h->element),
      gst_direct_control_binding_new (GST_OBJECT (h->element), "anchor-x",
          source));
  gst_harness_set_sink_caps_str (h, "video/x-raw,width=18,height=32");
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=GRAY8,width=256,height=32" RATE);
  for (i = 0; i <= RAMP_FRAMES; i++) {
    GstBuffer *out = bench_pull (h, ramp_new (i * FRAME));
    guint now = bench_sample (h, out, 0, 9, 16);
    /* The middle of a window 18 wide in 256. */
    gint want = (256 - 18) * i / RAMP_FRAMES + 9;

    fail_unless (i == 0 || now > grey, "frame %u: %u after %u", i, now, grey);
    fail_unless (ABS ((gint) now - want) <= 2, "frame %u: %u, not %d", i, now,
        want);
    grey = now;
    gst_buffer_unref (out);
  }
  fail_unless_equals_int (count_caps_events (h), 1);
  gst_object_unref (source);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Stream start, caps and segment, as after a change of state. */
static void
push_caps (GstHarness * h, const gchar * caps_text)
{
  GstCaps *caps = gst_caps_from_string (caps_text);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_stream_start ("test"));
  gst_harness_push_event (h, gst_event_new_caps (caps));
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  gst_caps_unref (caps);
}

/* Counts the errors on @bus and keeps the text of the first. */
static guint
count_errors (GstBus * bus, gchar ** text)
{
  GstMessage *message;
  guint n = 0;

  *text = NULL;
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR)) != NULL) {
    GError *error = NULL;

    gst_message_parse_error (message, &error, NULL);
    if (n++ == 0)
      *text = g_strdup (error->message);
    g_error_free (error);
    gst_message_unref (message);
  }
  return n;
}

#define INTERLACED "video/x-raw,format=I420,width=720,height=576," \
    "interlace-mode=interleaved,field-order=top-field-first" RATE

/* One message whose text has @word in it, however often upstream tries. */
static void
check_refused (const gchar * source, const gchar * sink, const gchar * word)
{
  GstHarness *h = bench_crop_new ("");
  GstBus *bus = gst_bus_new ();
  gchar *text;
  guint n;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_sink_caps_str (h, sink);
  push_caps (h, source);
  fail_if (gst_harness_push (h, bench_buffer_new (source, 0)) == GST_FLOW_OK);
  n = count_errors (bus, &text);
  fail_unless (n >= 1, "no error");
  fail_unless (strstr (text, word) != NULL, "%s", text);
  fail_unless (n == 1, "%u errors, the first: %s", n, text);
  g_free (text);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}

GST_START_TEST (test_interlaced_video_is_refused_when_scaled)
{
  check_refused (INTERLACED, "video/x-raw,width=90,height=160", "deinterlace");
}

GST_END_TEST;

GST_START_TEST (test_caps_are_refused_when_downstream_wants_others)
{
  check_refused (HD, "video/x-raw,framerate=25/1", "25/1");
}

GST_END_TEST;

static void
check_passed_on (const gchar * source, const gchar * sink)
{
  GstHarness *h = bench_crop_new ("");
  GstBuffer *in = bench_buffer_new (source, 0), *out;

  gst_harness_set_sink_caps_str (h, sink);
  gst_harness_set_src_caps_str (h, source);
  out = bench_pull (h, in);
  fail_unless (in == out);
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

GST_START_TEST (test_interlaced_video_passes_when_nothing_changes)
{
  check_passed_on (INTERLACED ",colorimetry=bt601", "video/x-raw");
  check_passed_on (INTERLACED ",colorimetry=bt601",
      INTERLACED ",colorimetry=bt601");
  check_passed_on (INTERLACED, "video/x-raw");
}

GST_END_TEST;

GST_START_TEST (test_short_buffers_are_an_error)
{
  GstHarness *h = bench_crop_new ("");
  GstBus *bus = gst_bus_new ();
  gchar *text;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_sink_caps_str (h, "video/x-raw,width=90,height=160");
  gst_harness_set_src_caps_str (h, HD);
  fail_unless_equals_int (gst_harness_push (h, bench_buffer_new (SD "I420", 0)),
      GST_FLOW_ERROR);
  fail_unless_equals_int (count_errors (bus, &text), 1);
  g_free (text);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_smallest_pictures_work)
{
  static const gchar *const formats[] = { "I420", "NV12", "YUY2", "BGRA",
    "I420_10LE", "GRAY8"
  };
  static const gchar *const sinks[] = { "video/x-raw,width=90,height=160",
    "video/x-raw,width=1,height=1,format=I420", "video/x-raw,width=3,height=1"
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    for (j = 0; j < G_N_ELEMENTS (sinks); j++) {
      gchar *source = g_strdup_printf ("video/x-raw,format=%s,width=1,height=1"
          RATE, formats[i]);
      GstHarness *h = bench_crop_new ("");

      gst_harness_set_sink_caps_str (h, sinks[j]);
      gst_harness_set_src_caps_str (h, source);
      gst_buffer_unref (bench_pull (h, bench_buffer_new (source, 80)));
      gst_harness_teardown (h);
      g_free (source);
    }
  }
}

GST_END_TEST;

static void
check_buffer_is_aligned (GstBuffer * buffer)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  GstMapInfo map;
  guint p;

  fail_unless (meta != NULL, "no video meta");
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (p = 0; p < meta->n_planes; p++) {
    fail_unless (meta->stride[p] % STRIDE_ALIGN == 0, "plane %u: stride %d", p,
        meta->stride[p]);
    fail_unless ((GPOINTER_TO_SIZE (map.data) + meta->offset[p])
        % STRIDE_ALIGN == 0, "plane %u is not aligned", p);
  }
  gst_buffer_unmap (buffer, &map);
}

/* For elements that do not look at strides, as those around OpenCV. */
static void
check_buffer_is_plain (GstBuffer * buffer, const gchar * caps)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  GstVideoInfo info = bench_info (caps);

  fail_unless_equals_int (gst_buffer_get_size (buffer), info.size);
  if (meta != NULL)
    fail_unless_equals_int (meta->stride[0], info.stride[0]);
}

GST_START_TEST (test_upstream_gets_an_aligned_pool)
{
  static const gchar *const sources[] = {
    "video/x-raw,format=I420,width=721,height=405" RATE,
    "video/x-raw,format=NV12,width=100,height=100" RATE,
    "video/x-raw,format=BGRA,width=33,height=9" RATE,
    "video/x-raw,format=RGB,width=400,height=300" RATE
  };
  const guint n_planar = 2;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sources); i++) {
    GstCaps *caps = gst_caps_from_string (sources[i]);
    GstHarness *h = bench_crop_new ("");
    GstBufferPool *pool = NULL;
    GstBuffer *buffer = NULL;
    GstQuery *query;
    guint size, min, max;

    gst_harness_set_sink_caps_str (h, "video/x-raw,width=90,height=160");
    gst_harness_set_src_caps (h, gst_caps_ref (caps));
    query = gst_query_new_allocation (caps, TRUE);
    fail_unless (gst_pad_peer_query (h->srcpad, query));
    fail_unless (gst_query_find_allocation_meta (query,
            GST_VIDEO_META_API_TYPE, NULL));
    fail_unless (gst_query_get_n_allocation_pools (query) > 0);
    gst_query_parse_nth_allocation_pool (query, 0, &pool, &size, &min, &max);
    fail_unless (pool != NULL);
    fail_unless (gst_buffer_pool_set_active (pool, TRUE));
    fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer,
            NULL), GST_FLOW_OK);
    fail_unless_equals_int (gst_buffer_get_size (buffer), size);
    if (i < n_planar)
      check_buffer_is_aligned (buffer);
    else
      check_buffer_is_plain (buffer, sources[i]);
    gst_buffer_memset (buffer, 0, 100, size);
    /* And it is as good as any. */
    gst_buffer_unref (bench_pull (h, buffer));
    gst_buffer_pool_set_active (pool, FALSE);
    gst_object_unref (pool);
    gst_query_unref (query);
    gst_caps_unref (caps);
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

GST_START_TEST (test_output_is_aligned_when_downstream_can)
{
  GstHarness *h = bench_crop_new ("");
  GstBuffer *out;

  gst_harness_set_sink_caps_str (h, "video/x-raw,width=90,height=161");
  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  gst_harness_set_src_caps_str (h, HD);
  out = bench_pull (h, bench_buffer_new (HD, 90));
  check_buffer_is_aligned (out);
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Who does not know video meta must find the default strides. */
GST_START_TEST (test_output_is_plain_when_downstream_cannot)
{
  GstHarness *h = bench_crop_new ("");
  GstVideoInfo info;
  GstVideoMeta *meta;
  GstBuffer *out;
  guint p;

  gst_harness_set_sink_caps_str (h, "video/x-raw,width=90,height=161");
  gst_harness_set_src_caps_str (h, HD);
  out = bench_pull (h, bench_buffer_new (HD, 90));
  info = bench_output_info (h);
  fail_unless_equals_int (gst_buffer_get_size (out), info.size);
  meta = gst_buffer_get_video_meta (out);
  for (p = 0; meta && p < meta->n_planes; p++) {
    fail_unless_equals_int (meta->stride[p], info.stride[p]);
    fail_unless_equals_int (meta->offset[p], info.offset[p]);
  }
  gst_buffer_unref (out);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_states_go_up_and_down)
{
  GstHarness *h = bench_crop_new ("");
  guint i;

  gst_harness_set_sink_caps_str (h, "video/x-raw,width=90,height=160");
  for (i = 0; i < 20; i++) {
    const gchar *source = i & 1 ? HD : SD "BGRA";

    fail_unless_equals_int (gst_element_set_state (h->element,
            GST_STATE_PLAYING), GST_STATE_CHANGE_SUCCESS);
    push_caps (h, source);
    gst_buffer_unref (bench_pull (h, bench_buffer_new (source, 50)));
    fail_unless_equals_int (gst_element_set_state (h->element,
            i % 3 ? GST_STATE_NULL : GST_STATE_READY),
        GST_STATE_CHANGE_SUCCESS);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
echoelcrop_suite (void)
{
  Suite *s = suite_create ("echoelcrop");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_times_and_flags_stay);
  tcase_add_test (tc, test_caps_may_change_with_every_buffer);
  tcase_add_test (tc, test_anchor_moves_the_window_between_buffers);
  tcase_add_test (tc, test_fit_chooses_between_crop_and_distortion);
  tcase_add_test (tc, test_anchor_follows_a_controller);
  tcase_add_test (tc, test_interlaced_video_is_refused_when_scaled);
  tcase_add_test (tc, test_caps_are_refused_when_downstream_wants_others);
  tcase_add_test (tc, test_interlaced_video_passes_when_nothing_changes);
  tcase_add_test (tc, test_short_buffers_are_an_error);
  tcase_add_test (tc, test_smallest_pictures_work);
  tcase_add_test (tc, test_upstream_gets_an_aligned_pool);
  tcase_add_test (tc, test_output_is_aligned_when_downstream_can);
  tcase_add_test (tc, test_output_is_plain_when_downstream_cannot);
  tcase_add_test (tc, test_states_go_up_and_down);
  return s;
}

GST_CHECK_MAIN (echoelcrop);
