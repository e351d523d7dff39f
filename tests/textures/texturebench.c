/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "texturebench.h"

#include <string.h>

#define DEADLINE (10 * G_TIME_SPAN_SECOND)
#define STEP G_TIME_SPAN_MILLISECOND

static void
note_release (GstElement * src, guint64 id, TextureBench * bench)
{
  g_mutex_lock (&bench->lock);
  g_array_append_val (bench->released, id);
  g_mutex_unlock (&bench->lock);
}

TextureBench *
bench_new_stopped (const gchar * properties)
{
  TextureBench *bench = g_new0 (TextureBench, 1);
  gchar *line = g_strdup_printf ("echoelmetalsrc %s", properties);
  GstBus *bus = gst_bus_new ();

  bench_register ();
  bench->src = gst_parse_launch (line, NULL);
  fail_unless (bench->src != NULL, "%s", line);
  g_free (line);
  g_mutex_init (&bench->lock);
  bench->released = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_signal_connect (bench->src, "texture-released", G_CALLBACK (note_release),
      bench);
  bench->h = gst_harness_new_with_element (bench->src, NULL, "src");
  gst_harness_add_propose_allocation_meta (bench->h, GST_VIDEO_META_API_TYPE,
      NULL);
  gst_element_set_bus (bench->src, bus);
  gst_object_unref (bus);
  return bench;
}

TextureBench *
bench_new (const gchar * properties)
{
  TextureBench *bench = bench_new_stopped (properties);

  gst_harness_use_testclock (bench->h);
  gst_harness_play (bench->h);
  return bench;
}

void
bench_free (TextureBench * bench)
{
  gst_element_set_state (bench->src, GST_STATE_NULL);
  gst_element_set_bus (bench->src, NULL);
  gst_harness_teardown (bench->h);
  g_signal_handlers_disconnect_by_data (bench->src, bench);
  gst_object_unref (bench->src);
  g_array_unref (bench->released);
  g_mutex_clear (&bench->lock);
  g_free (bench);
}

void
bench_set_time (TextureBench * bench, GstClockTime time)
{
  fail_unless (gst_harness_set_time (bench->h, time));
}

GstFlowReturn
bench_push (GstElement * src, GstStructure * texture, GstClockTime pts)
{
  GstFlowReturn flow = GST_FLOW_CUSTOM_ERROR;

  g_signal_emit_by_name (src, "push-texture", texture, pts,
      GST_CLOCK_TIME_NONE, &flow);
  if (texture != NULL)
    gst_structure_free (texture);
  return flow;
}

GstStructure *
bench_surface (guint64 id)
{
  static guint8 pixels[BENCH_WIDTH * BENCH_HEIGHT * 4];

  return gst_structure_new ("memory", "data", G_TYPE_POINTER, pixels,
      "width", G_TYPE_INT, BENCH_WIDTH, "height", G_TYPE_INT, BENCH_HEIGHT,
      "format", G_TYPE_STRING, "BGRA", "id", G_TYPE_UINT64, id, NULL);
}

GstBuffer *
bench_pull (TextureBench * bench)
{
  GstBuffer *buffer = gst_harness_pull (bench->h);

  fail_unless (buffer != NULL, "no buffer came out");
  return buffer;
}

guint
bench_released (TextureBench * bench, guint64 id)
{
  guint i, n = 0;

  g_mutex_lock (&bench->lock);
  for (i = 0; i < bench->released->len; i++)
    n += g_array_index (bench->released, guint64, i) == id;
  g_mutex_unlock (&bench->lock);
  return n;
}

guint
bench_all_released (TextureBench * bench)
{
  guint n;

  g_mutex_lock (&bench->lock);
  n = bench->released->len;
  g_mutex_unlock (&bench->lock);
  return n;
}

guint64
bench_stat (GstElement * src, const gchar * name)
{
  GstStructure *stats;
  guint64 value = 0;
  guint small;

  g_object_get (src, "stats", &stats, NULL);
  if (gst_structure_get_uint (stats, name, &small))
    value = small;
  else
    fail_unless (gst_structure_get_uint64 (stats, name, &value), "%s", name);
  gst_structure_free (stats);
  return value;
}

void
bench_wait_for_stat (GstElement * src, const gchar * name, guint64 value)
{
  gint64 end = g_get_monotonic_time () + DEADLINE;

  while (bench_stat (src, name) != value) {
    fail_unless (g_get_monotonic_time () < end, "%s is %" G_GUINT64_FORMAT
        " and not %" G_GUINT64_FORMAT, name, bench_stat (src, name), value);
    g_usleep (STEP);
  }
}

GstMessage *
bench_message (TextureBench * bench, GstMessageType types)
{
  GstBus *bus = gst_element_get_bus (bench->src);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, 10 * GST_SECOND,
      types);

  gst_object_unref (bus);
  return message;
}

void
bench_assert_error (GstMessage * message, GQuark domain, gint code)
{
  GError *error = NULL;
  gchar *debug = NULL;

  fail_unless (message != NULL, "no message came");
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, &debug);
  else
    gst_message_parse_warning (message, &error, &debug);
  fail_unless (g_error_matches (error, domain, code), "%s (%s)",
      error->message, debug);
  g_error_free (error);
  g_free (debug);
  gst_message_unref (message);
}

const TextureKind *
texture_kind_find (const gchar * backend)
{
  guint i;

  for (i = 0; texture_kinds[i] != NULL; i++)
    if (g_strcmp0 (texture_kinds[i]->backend, backend) == 0)
      return texture_kinds[i];
  return NULL;
}
