/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds for every back end, whatever its textures are. One loop over
 * the kinds that this program knows. */
#include "texturebench.h"

#define MS GST_MSECOND
#define NONE GST_CLOCK_TIME_NONE

/* The kind of this run, and whether it can be had here. */
static const TextureKind *kind;

static TextureBench *
open_bench (const gchar * properties)
{
  gchar *line = g_strdup_printf ("backend=%s %s", kind->backend, properties);
  TextureBench *bench = bench_new_stopped (line);

  g_free (line);
  if (kind->open != NULL && !kind->open (bench->src)) {
    bench_free (bench);
    return NULL;
  }
  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  return bench;
}

static void
close_bench (TextureBench * bench)
{
  bench_free (bench);
  if (kind->close != NULL)
    kind->close ();
}

#define CONTRACT_TEST(name) \
static void check_##name (void); \
GST_START_TEST (test_##name) \
{ \
  kind = texture_kinds[__i__]; \
  check_##name (); \
} \
GST_END_TEST; \
static void check_##name (void)

/* *INDENT-OFF* */
CONTRACT_TEST (texture_is_shown_where_it_lies)
/* *INDENT-ON* */
{
  TextureBench *bench = open_bench ("idle=wait");
  gpointer texture;
  GstBuffer *buffer;
  guint64 id;

  if (bench == NULL)
    return;
  texture = kind->new (BENCH_WIDTH, BENCH_HEIGHT);
  id = kind->id (texture);
  fail_unless_equals_int (bench_push (bench->src, kind->describe (texture),
          20 * MS), GST_FLOW_OK);
  buffer = bench_pull (bench);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), 20 * MS);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), GST_SECOND / 60);
  fail_unless_equals_uint64 (kind->reads (texture), 0);
  fail_unless_equals_uint64 (bench_stat (bench->src, "copied-bytes"), 0);
  fail_unless (kind->is_in (texture, buffer));

  /* It is released when nobody has it, and once. */
  fail_unless_equals_int (bench_released (bench, id), 0);
  fail_unless_equals_uint64 (bench_stat (bench->src, "in-flight"), 1);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (bench_released (bench, id), 1);
  fail_unless_equals_uint64 (bench_stat (bench->src, "in-flight"), 0);
  kind->free (texture);
  close_bench (bench);
}

/* *INDENT-OFF* */
CONTRACT_TEST (caps_are_those_of_the_texture)
/* *INDENT-ON* */

{
  TextureBench *bench = open_bench ("idle=wait");
  gpointer small, large;
  GstBuffer *buffer;
  GstStructure *s;
  GstCaps *caps;
  guint i;

  if (bench == NULL)
    return;
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
  close_bench (bench);
}

/* *INDENT-OFF* */
CONTRACT_TEST (texture_is_refused_when_its_description_is_wrong)
/* *INDENT-ON* */

{
  TextureBench *bench = open_bench ("idle=wait");
  gpointer texture;
  GstBuffer *buffer;
  guint i;

  if (bench == NULL)
    return;
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
  close_bench (bench);
}

/* *INDENT-OFF* */
CONTRACT_TEST (texture_is_shown_again_when_none_comes)
/* *INDENT-ON* */

{
  TextureBench *bench = open_bench ("idle=repeat");
  gpointer texture;
  GstBuffer *first, *second;

  if (bench == NULL)
    return;
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
  close_bench (bench);
}

static void
count_callback (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

/* *INDENT-OFF* */
CONTRACT_TEST (owner_is_told_when_the_element_is_gone)
/* *INDENT-ON* */

{
  TextureBench *bench = open_bench ("idle=wait");
  gint calls = 0;
  gpointer texture;
  GstStructure *described;
  GstBuffer *buffer;

  if (bench == NULL)
    return;
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
  if (kind->close != NULL)
    kind->close ();
}

/* *INDENT-OFF* */
CONTRACT_TEST (own_id_and_callback_are_used_when_given)
/* *INDENT-ON* */

{
  TextureBench *bench = open_bench ("idle=wait policy=drop-newest "
      "max-textures=1");
  gint calls = 0;
  gpointer texture;
  guint i;

  if (bench == NULL)
    return;
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
  fail_unless_equals_uint64 (kind->reads (texture), 0);
  kind->free (texture);
  close_bench (bench);
}

static Suite *
contract_suite (void)
{
  Suite *s = suite_create ("contract");
  TCase *tc = tcase_create ("every back end");
  guint n;

  for (n = 0; texture_kinds[n] != NULL; n++);
  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_texture_is_shown_where_it_lies, 0, n);
  tcase_add_loop_test (tc, test_caps_are_those_of_the_texture, 0, n);
  tcase_add_loop_test (tc,
      test_texture_is_refused_when_its_description_is_wrong, 0, n);
  tcase_add_loop_test (tc, test_texture_is_shown_again_when_none_comes, 0, n);
  tcase_add_loop_test (tc, test_owner_is_told_when_the_element_is_gone, 0, n);
  tcase_add_loop_test (tc, test_own_id_and_callback_are_used_when_given, 0, n);
  return s;
}

GST_CHECK_MAIN (contract);
