/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presetbench.h"

#include <string.h>

#define DEADLINE (40 * GST_SECOND)

static GstPadProbeReturn
log_item (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Bench *bench = user_data;
  BenchStream *stream = strcmp (GST_OBJECT_NAME (GST_PAD_PARENT (pad)),
      "audio") == 0 ? &bench->audio : &bench->video;
  GstEvent *event;

  g_mutex_lock (&bench->lock);
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
    BenchFrame frame = { GST_CLOCK_TIME_NONE, gst_buffer_get_size (buffer),
      !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT)
    };
    const GstSegment *segment;

    event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
    if (event != NULL) {
      gst_event_parse_segment (event, &segment);
      if (segment->format == GST_FORMAT_TIME)
        frame.time = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
            GST_BUFFER_PTS (buffer));
      gst_event_unref (event);
    }
    g_array_append_val (stream->frames, frame);
  } else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS) {
    stream->n_eos++;
  }
  g_cond_broadcast (&bench->cond);
  g_mutex_unlock (&bench->lock);
  return GST_PAD_PROBE_OK;
}

static void
watch_sink (Bench * bench, const gchar * name)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (bench->pipeline), name);
  GstPad *pad;

  if (sink == NULL)
    return;
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, log_item, bench, NULL);
  gst_object_unref (pad);
  gst_object_unref (sink);
}

Bench *
bench_new (const gchar * format, ...)
{
  Bench *bench = g_new0 (Bench, 1);
  GError *error = NULL;
  gchar *line;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  bench->pipeline = gst_parse_launch_full (line, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  fail_unless (bench->pipeline != NULL, "%s: %s", line,
      error ? error->message : "no reason");
  g_free (line);
  /* One element alone comes without a pipeline. */
  if (!GST_IS_PIPELINE (bench->pipeline)) {
    GstElement *pipeline = gst_pipeline_new (NULL);

    gst_bin_add (GST_BIN (pipeline), bench->pipeline);
    bench->pipeline = pipeline;
  }
  gst_pipeline_set_auto_flush_bus (GST_PIPELINE (bench->pipeline), FALSE);
  bench->preset = bench_part (bench, "p");
  bench->messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_message_unref);
  bench->video.frames = g_array_new (FALSE, FALSE, sizeof (BenchFrame));
  bench->audio.frames = g_array_new (FALSE, FALSE, sizeof (BenchFrame));
  g_mutex_init (&bench->lock);
  g_cond_init (&bench->cond);
  watch_sink (bench, "video");
  watch_sink (bench, "audio");
  return bench;
}

void
bench_free (Bench * bench)
{
  bench_reset (bench);
  gst_object_unref (bench->preset);
  gst_object_unref (bench->pipeline);
  g_ptr_array_unref (bench->messages);
  g_array_unref (bench->video.frames);
  g_array_unref (bench->audio.frames);
  g_mutex_clear (&bench->lock);
  g_cond_clear (&bench->cond);
  g_free (bench);
}

GstElement *
bench_part (Bench * bench, const gchar * name)
{
  GstElement *part = gst_bin_get_by_name (GST_BIN (bench->pipeline), name);

  fail_unless (part != NULL, "there is no element %s", name);
  return part;
}

gboolean
bench_has_part (Bench * bench, const gchar * name)
{
  GstElement *part = gst_bin_get_by_name (GST_BIN (bench->preset), name);
  gboolean has = part != NULL;

  gst_clear_object (&part);
  return has;
}

GstCaps *
bench_caps (Bench * bench, const gchar * name)
{
  GstElement *sink = bench_part (bench, name);
  GstPad *pad = gst_element_get_static_pad (sink, "sink");
  GstCaps *caps = gst_pad_get_current_caps (pad);

  fail_unless (caps != NULL, "sink %s has no caps", name);
  gst_object_unref (pad);
  gst_object_unref (sink);
  return caps;
}

gboolean
bench_start (Bench * bench)
{
  return gst_element_set_state (bench->pipeline,
      GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

/* Takes the next message, waiting for @wait ns. */
static GstMessage *
next_message (Bench * bench, GstClockTime wait)
{
  GstBus *bus = gst_element_get_bus (bench->pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, wait,
      GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_EOS
      | GST_MESSAGE_ELEMENT | GST_MESSAGE_ASYNC_DONE);

  gst_object_unref (bus);
  if (message != NULL)
    g_ptr_array_add (bench->messages, message);
  return message;
}

static void
drain (Bench * bench)
{
  while (next_message (bench, 0) != NULL);
}

static gchar *
error_text (GstMessage * message)
{
  GError *error = NULL;
  gchar *debug = NULL, *text;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, &debug);
  else
    gst_message_parse_warning (message, &error, &debug);
  text = g_strdup_printf ("%s: %s (%s)", GST_OBJECT_NAME (message->src),
      error->message, debug ? debug : "");
  g_error_free (error);
  g_free (debug);
  return text;
}

GstMessageType
bench_wait (Bench * bench, GstMessageType types)
{
  for (;;) {
    GstMessage *message = next_message (bench, DEADLINE);

    fail_unless (message != NULL, "no message came in time");
    if (GST_MESSAGE_TYPE (message) & types)
      return GST_MESSAGE_TYPE (message);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      fail ("%s", error_text (message));
  }
}

void
bench_wait_frames (Bench * bench, BenchStream * stream, guint n)
{
  gint64 end = g_get_monotonic_time () + DEADLINE / 1000;
  gboolean came = TRUE;

  g_mutex_lock (&bench->lock);
  while (stream->frames->len < n && came)
    came = g_cond_wait_until (&bench->cond, &bench->lock, end);
  g_mutex_unlock (&bench->lock);
  fail_unless (came, "%u buffers did not come in time", n);
}

GstMessageType
bench_run (Bench * bench)
{
  bench_start (bench);
  return bench_wait (bench, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
}

static void
go_back (Bench * bench, GstState state)
{
  fail_unless (gst_element_set_state (bench->pipeline,
          state) == GST_STATE_CHANGE_SUCCESS);
  drain (bench);
  g_ptr_array_set_size (bench->messages, 0);
  g_array_set_size (bench->video.frames, 0);
  g_array_set_size (bench->audio.frames, 0);
  bench->video.n_eos = bench->audio.n_eos = 0;
}

void
bench_reset (Bench * bench)
{
  go_back (bench, GST_STATE_NULL);
}

void
bench_rewind (Bench * bench)
{
  go_back (bench, GST_STATE_READY);
}

static GError *
parse (GstMessage * message)
{
  GError *error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else
    gst_message_parse_warning (message, &error, NULL);
  return error;
}

guint
bench_count (Bench * bench, GstMessageType type, GQuark domain)
{
  guint i, n = 0;

  drain (bench);
  for (i = 0; i < bench->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (bench->messages, i);
    GError *error;

    if (GST_MESSAGE_TYPE (message) != type
        || GST_MESSAGE_SRC (message) != GST_OBJECT (bench->preset))
      continue;
    error = parse (message);
    n += domain == 0 || error->domain == domain;
    g_error_free (error);
  }
  return n;
}

const GstStructure *
bench_message (Bench * bench, const gchar * name)
{
  guint i;

  drain (bench);
  for (i = 0; i < bench->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (bench->messages, i);

    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT
        && gst_message_has_name (message, name))
      return gst_message_get_structure (message);
  }
  return NULL;
}

void
bench_expect (Bench * bench, GstMessageType type, GQuark domain, gint code,
    const gchar * words)
{
  GstMessage *found = NULL;
  GError *error;
  guint i;

  drain (bench);
  for (i = 0; i < bench->messages->len; i++) {
    GstMessage *message = g_ptr_array_index (bench->messages, i);

    if (GST_MESSAGE_TYPE (message) == type
        && GST_MESSAGE_SRC (message) == GST_OBJECT (bench->preset))
      found = message;
  }
  fail_unless (found != NULL, "nothing said \"%s\"", words);
  error = parse (found);
  fail_unless (g_error_matches (error, domain, code),
      "\"%s\" has the domain %s and the code %d", error->message,
      g_quark_to_string (error->domain), error->code);
  fail_unless (strstr (error->message, words) != NULL,
      "\"%s\" is not in: %s", words, error->message);
  g_error_free (error);
}

static gint
by_time (gconstpointer a, gconstpointer b)
{
  GstClockTime x = *(const GstClockTime *) a, y = *(const GstClockTime *) b;

  return (x > y) - (x < y);
}

GArray *
bench_times (BenchStream * stream)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (GstClockTime));
  guint i;

  for (i = 0; i < stream->frames->len; i++)
    g_array_append_val (times,
        g_array_index (stream->frames, BenchFrame, i).time);
  g_array_sort (times, by_time);
  return times;
}

GstPluginFeature *
bench_hide (const gchar * factory)
{
  GstPluginFeature *feature = gst_registry_lookup_feature (gst_registry_get (),
      factory);

  fail_unless (feature != NULL, "%s is not installed", factory);
  gst_registry_remove_feature (gst_registry_get (), feature);
  return feature;
}

void
bench_unhide (GstPluginFeature * feature)
{
  gst_registry_add_feature (gst_registry_get (), feature);
  gst_object_unref (feature);
}
