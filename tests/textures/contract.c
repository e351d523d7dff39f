/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds for every back end, whatever its textures are. The environment
 * variable ECHOEL_TEXTURE_KIND names the back end of this run. */
#include "texturebench.h"

#define SKIPPED 77

#define MS GST_MSECOND
#define NONE GST_CLOCK_TIME_NONE

/* The kind of this run. */
static const TextureKind *kind;

static TextureBench *
open_bench (const gchar * properties)
{
  gchar *line = g_strdup_printf ("backend=%s %s", kind->backend, properties);
  TextureBench *bench = bench_new_stopped (line);

  g_free (line);
  if (kind->open != NULL)
    kind->open (bench->src);
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  return bench;
}

GST_START_TEST (test_texture_is_shown_where_it_lies)
{
  TextureBench *bench = open_bench ("idle=wait");
  gpointer texture;
  GstBuffer *buffer;
  guint64 id;

  texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  id = kind->id (texture);
  fail_unless_equals_int (bench_push (bench->src, kind->describe (texture),
          20 * MS), GST_FLOW_OK);
  buffer = bench_pull (bench);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), 20 * MS);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), GST_SECOND / 60);
  fail_unless_equals_uint64 (kind->reads (texture, buffer), 0);
  fail_unless_equals_uint64 (bench_stat (bench->src, "copied-bytes"), 0);
  fail_unless (kind->is_in (texture, buffer));

  /* It is released when nobody has it, and once. */
  fail_unless_equals_int (bench_released (bench, id), 0);
  fail_unless_equals_uint64 (bench_stat (bench->src, "in-flight"), 1);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (bench_released (bench, id), 1);
  fail_unless_equals_uint64 (bench_stat (bench->src, "in-flight"), 0);
  kind->free (texture);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_caps_are_those_of_the_texture)
{
  TextureBench *bench = open_bench ("idle=wait");
  gpointer small, large;
  GstBuffer *buffer;
  GstStructure *s;
  GstCaps *caps;
  guint i;

  small = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  large = kind->new (2 * BENCH_WIDTH, BENCH_HEIGHT);
  for (i = 0; i < 4; i++) {
    gint width, height, n, d;

    fail_unless_equals_int (bench_push (bench->src,
            kind->describe (i % 2 ? large : small), NONE), GST_FLOW_OK);
    buffer = bench_pull (bench);
    fail_unless (kind->is_in (i % 2 ? large : small, buffer));
    gst_buffer_unref (buffer);
    caps = gst_pad_get_current_caps (bench->h->sinkpad);
    s = gst_caps_get_structure (caps, 0);
    fail_unless (gst_structure_get_int (s, "width", &width)
        && gst_structure_get_int (s, "height", &height)
        && gst_structure_get_fraction (s, "framerate", &n, &d));
    fail_unless_equals_int (width, i % 2 ? 2 * BENCH_WIDTH : BENCH_WIDTH);
    fail_unless_equals_int (height, BENCH_HEIGHT);
    fail_unless (n == 60 && d == 1);
    gst_caps_unref (caps);
    bench_set_time (bench, (i + 1) * 20 * MS);
  }
  kind->free (small);
  kind->free (large);
  bench_free (bench);
}

GST_END_TEST;


GST_START_TEST (test_texture_is_refused_when_its_description_is_wrong)
{
  TextureBench *bench = open_bench ("idle=wait");
  gpointer texture;
  GstBuffer *buffer;
  guint i;

  texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  for (i = 0; kind->wrong[i] != NULL; i++) {
    GstStructure *right = kind->describe (texture), *wrong;
    gchar *text = g_strdup_printf ("wrong,%s", kind->wrong[i]);

    wrong = gst_structure_from_string (text, NULL);
    fail_unless (wrong != NULL, "%s", text);
    gst_structure_set_value (right, gst_structure_nth_field_name (wrong, 0),
        gst_structure_get_value (wrong, gst_structure_nth_field_name (wrong,
                0)));
    fail_unless (bench_push (bench->src, right, NONE)
        == GST_FLOW_NOT_SUPPORTED, "%s was taken", text);
    gst_structure_free (wrong);
    g_free (text);
  }
  fail_unless_equals_int (bench_push (bench->src, gst_structure_new_empty
          (kind->backend), NONE), GST_FLOW_NOT_SUPPORTED);
  fail_unless_equals_int (bench_push (bench->src, gst_structure_new_empty
          ("nothing"), NONE), GST_FLOW_NOT_SUPPORTED);
  fail_unless_equals_int (bench_push (bench->src, NULL, NONE),
      GST_FLOW_NOT_SUPPORTED);
  fail_unless_equals_uint64 (bench_stat (bench->src, "refused"), i + 3);

  /* Said once, and the next right one goes on as if nothing had been. */
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  fail_unless_equals_int (bench_push (bench->src, kind->describe (texture),
          NONE), GST_FLOW_OK);
  buffer = bench_pull (bench);
  fail_unless (kind->is_in (texture, buffer));
  gst_buffer_unref (buffer);
  fail_unless_equals_int (bench_all_released (bench), 1);
  kind->free (texture);
  bench_free (bench);
}

GST_END_TEST;


GST_START_TEST (test_texture_is_shown_again_when_none_comes)
{
  TextureBench *bench = open_bench ("idle=repeat");
  gpointer texture;
  GstBuffer *first, *second;

  texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  bench_push (bench->src, kind->describe (texture), 0);
  first = bench_pull (bench);
  fail_unless (gst_harness_crank_single_clock_wait (bench->h));
  second = bench_pull (bench);
  fail_unless (kind->is_in (texture, second));
  fail_unless_equals_uint64 (GST_BUFFER_PTS (second), GST_SECOND / 60);
  fail_unless_equals_uint64 (bench_stat (bench->src, "in-flight"), 1);
  gst_buffer_unref (first);
  gst_buffer_unref (second);
  /* The element keeps it: it might be wanted once more. */
  fail_unless_equals_int (bench_all_released (bench), 0);
  gst_element_set_state (bench->src, GST_STATE_READY);
  fail_unless_equals_int (bench_released (bench, kind->id (texture)), 1);
  kind->free (texture);
  bench_free (bench);
}

GST_END_TEST;

static void
count_callback (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

GST_START_TEST (test_owner_is_told_when_the_element_is_gone)
{
  TextureBench *bench = open_bench ("idle=wait");
  gint calls = 0;
  gpointer texture;
  GstStructure *described;
  GstBuffer *buffer;

  texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  described = kind->describe (texture);
  gst_structure_set (described, "release", G_TYPE_POINTER, count_callback,
      "release-data", G_TYPE_POINTER, &calls, NULL);
  fail_unless_equals_int (bench_push (bench->src, described, 0), GST_FLOW_OK);
  buffer = bench_pull (bench);
  bench_free (bench);
  fail_unless_equals_int (calls, 0);
  fail_unless (kind->is_in (texture, buffer));
  gst_buffer_unref (buffer);
  fail_unless_equals_int (calls, 1);
  kind->free (texture);
}

GST_END_TEST;


GST_START_TEST (test_own_id_and_callback_are_used_when_given)
{
  TextureBench *bench = open_bench ("idle=wait policy=drop-newest "
      "max-textures=1");
  gint calls = 0;
  gpointer texture;
  guint i;

  texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  for (i = 1; i <= 3; i++) {
    GstStructure *described = kind->describe (texture);

    gst_structure_set (described, "id", G_TYPE_UINT64, (guint64) 70 + i,
        "release", G_TYPE_POINTER, count_callback, "release-data",
        G_TYPE_POINTER, &calls, NULL);
    fail_unless_equals_int (bench_push (bench->src, described, NONE),
        GST_FLOW_OK);
  }
  fail_unless_equals_int (calls, 2);
  fail_unless_equals_int (bench_released (bench, 72), 1);
  fail_unless_equals_int (bench_released (bench, 73), 1);
  gst_element_set_state (bench->src, GST_STATE_NULL);
  fail_unless_equals_int (bench_released (bench, 71), 1);
  fail_unless_equals_int (calls, 3);
  fail_unless_equals_uint64 (kind->reads (texture, NULL), 0);
  kind->free (texture);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_texture_is_dropped_when_it_is_gone)
{
  TextureBench *bench;
  gpointer one, other;
  GstBuffer *buffer;

  if (kind->destroy == NULL)
    return;
  bench = open_bench ("idle=wait");
  one = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  other = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  gst_element_set_state (bench->src, GST_STATE_PAUSED);
  fail_unless_equals_int (bench_push (bench->src, kind->describe (one), NONE),
      GST_FLOW_OK);
  fail_unless_equals_int (bench_push (bench->src, kind->describe (other),
          MS), GST_FLOW_OK);
  kind->destroy (one);
  gst_element_set_state (bench->src, GST_STATE_PLAYING);
  buffer = bench_pull (bench);
  fail_unless (kind->is_in (other, buffer));
  gst_buffer_unref (buffer);
  fail_unless_equals_uint64 (bench_stat (bench->src, "dropped-gone"), 1);
  fail_unless_equals_int (bench_all_released (bench), 2);
  bench_assert_error (bench_message (bench, GST_MESSAGE_WARNING),
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  kind->free (one);
  kind->free (other);
  bench_free (bench);
}

GST_END_TEST;

/* A sink that knows nothing of this kind of memory reads it like any other. */
GST_START_TEST (test_pixels_can_be_read_by_anybody)
{
  gchar *line = g_strdup_printf ("backend=%s idle=wait", kind->backend);
  TextureBench *bench = bench_new_stopped (line);
  gpointer texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  GstBuffer *buffer;
  GstVideoFrame frame;
  GstVideoInfo info;
  GstCaps *caps;
  const guint8 *row;

  g_free (line);
  if (kind->open != NULL)
    kind->open (bench->src);
  gst_harness_set_sink_caps_str (bench->h, "video/x-raw");
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  kind->paint (texture, 0x5a);
  fail_unless_equals_int (bench_push (bench->src, kind->describe (texture),
          0), GST_FLOW_OK);
  buffer = bench_pull (bench);
  caps = gst_pad_get_current_caps (bench->h->sinkpad);
  fail_unless (gst_video_info_from_caps (&info, caps));
  gst_caps_unref (caps);
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  row = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0)
      + (BENCH_HEIGHT - 1) * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
  fail_unless_equals_int (row[0], 0x5a);
  fail_unless_equals_int (row[(BENCH_WIDTH - 1) * 4 + 1], 0x5a);
  gst_video_frame_unmap (&frame);
  fail_unless (kind->reads (texture, buffer) > 0);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (bench_all_released (bench), 1);
  kind->free (texture);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
contract_suite (void)
{
  Suite *s = suite_create ("contract");
  TCase *tc = tcase_create ("every back end");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_texture_is_shown_where_it_lies);
  tcase_add_test (tc, test_caps_are_those_of_the_texture);
  tcase_add_test (tc, test_texture_is_refused_when_its_description_is_wrong);
  tcase_add_test (tc, test_texture_is_shown_again_when_none_comes);
  tcase_add_test (tc, test_owner_is_told_when_the_element_is_gone);
  tcase_add_test (tc, test_own_id_and_callback_are_used_when_given);
  tcase_add_test (tc, test_texture_is_dropped_when_it_is_gone);
  tcase_add_test (tc, test_pixels_can_be_read_by_anybody);
  return s;
}

int
main (int argc, char **argv)
{
  const gchar *name = g_getenv ("ECHOEL_TEXTURE_KIND"), *why;
  gint failed;

  gst_check_init (&argc, &argv);
  kind = texture_kind_find (name ? name : "memory");
  if (kind == NULL) {
    g_print ("There is no kind of texture called %s.\n", name);
    return 1;
  }
  why = kind->prepare ? kind->prepare () : NULL;
  if (why != NULL) {
    g_print ("SKIP: %s\n", why);
    return SKIPPED;
  }
  failed = gst_check_run_suite (contract_suite (), "contract", __FILE__);
  if (kind->finish != NULL)
    kind->finish ();
  return failed;
}
