/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metadata from elsewhere, moves between states, and what the bin makes of its
 * settings. The files themselves are judged by tests/pipelines/mp4*.py. */
#include <gst/check/gstcheck.h>
#include <string.h>

#define FRAMES 10
#define DEADLINE (30 * GST_SECOND)

/* All that went to the sink, and where. */
typedef struct
{
  GByteArray *file;
  guint64 at;
} Output;

static gboolean
answer_seeking (GstPad * pad, GstObject * parent, GstQuery * query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_SEEKING)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_seeking (query, GST_FORMAT_BYTES, TRUE, 0, -1);
  return TRUE;
}

static GstPadProbeReturn
take (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Output *output = user_data;
  const GstSegment *segment;
  GstMapInfo map;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ);
    if (output->at + map.size > output->file->len)
      g_byte_array_set_size (output->file, (guint) (output->at + map.size));
    memcpy (output->file->data + output->at, map.data, map.size);
    output->at += map.size;
    gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  } else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))
      == GST_EVENT_SEGMENT) {
    gst_event_parse_segment (GST_PAD_PROBE_INFO_EVENT (info), &segment);
    output->at = segment->start;
  }
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_pipeline (Output * output, const gchar * settings)
{
  gchar *line = g_strdup_printf ("videotestsrc num-buffers=%d ! video/x-raw,"
      "format=I420,width=64,height=48,framerate=30/1 ! x264enc "
      "speed-preset=superfast ! h264parse ! identity name=before ! mux.video_0 "
      "echoelmp4mux name=mux %s ! fakesink name=sink async=false", FRAMES,
      settings);
  GstElement *pipeline = gst_parse_launch (line, NULL), *sink;
  GstPad *pad;

  fail_unless (pipeline != NULL);
  g_free (line);
  output->file = g_byte_array_new ();
  output->at = 0;
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_set_query_function (pad, answer_seeking);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, take, output, NULL);
  gst_object_unref (pad);
  gst_object_unref (sink);
  return pipeline;
}

static void
play (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, DEADLINE, GST_MESSAGE_EOS
      | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "it does not end");
  fail_unless_equals_string (GST_MESSAGE_TYPE_NAME (message), "eos");
  gst_message_unref (message);
  gst_object_unref (bus);
}

static guint
count (const GByteArray * file, const gchar * text, gsize size)
{
  guint n = 0, i;

  for (i = 0; i + size <= file->len; i++)
    n += memcmp (file->data + i, text, size) == 0;
  return n;
}

#define COUNT(output, text) \
    count ((output)->file, text, sizeof (text) - 1)

static GstBuffer *
buffer_of (const gchar * text, gsize size)
{
  return gst_buffer_new_memdup (text, size);
}

#define DVVC "\0\0\0\14dvvCABCD"
#define UNIT "\6metadata of one picture"

static GstPad *
video_pad (GstElement * pipeline, GstElement ** mux)
{
  GstPad *pad;

  *mux = gst_bin_get_by_name (GST_BIN (pipeline), "mux");
  pad = gst_element_get_static_pad (*mux, "video_0");
  fail_unless (pad != NULL);
  return pad;
}

GST_START_TEST (test_metadata_comes_by_signal)
{
  Output output;
  GstElement *pipeline = make_pipeline (&output, "safety=fast"), *mux;
  GstPad *pad = video_pad (pipeline, &mux);
  GstBuffer *boxes = buffer_of (DVVC, 12), *cut = buffer_of (DVVC, 11);
  GstBuffer *unit = buffer_of (UNIT, sizeof (UNIT) - 1);
  gboolean done;
  guint i;

  g_signal_emit_by_name (mux, "set-sample-entry-boxes", pad, cut, &done);
  fail_if (done);
  g_signal_emit_by_name (mux, "set-sample-entry-boxes", pad, boxes, &done);
  fail_unless (done);
  gst_element_set_state (pipeline, GST_STATE_READY);
  for (i = 0; i < FRAMES; i++) {
    g_signal_emit_by_name (mux, "insert-nal", pad,
        gst_util_uint64_scale (i, GST_SECOND, 30), i % 2, unit, &done);
    fail_unless (done);
  }
  /* For a picture that never comes. */
  g_signal_emit_by_name (mux, "insert-nal", pad, 100 * GST_SECOND, FALSE, unit,
      &done);
  play (pipeline);
  fail_unless_equals_int (COUNT (&output, "dvvCABCD"), 1);
  fail_unless_equals_int (COUNT (&output, "dby1"), 1);
  fail_unless_equals_int (COUNT (&output, UNIT), FRAMES);
  fail_unless_equals_int (COUNT (&output, "\0\0\0\30" UNIT), FRAMES);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_buffer_unref (boxes);
  gst_buffer_unref (cut);
  gst_buffer_unref (unit);
  gst_object_unref (pad);
  gst_object_unref (mux);
  gst_object_unref (pipeline);
  g_byte_array_unref (output.file);
}

GST_END_TEST;

/* What an element upstream does before its first picture. */
static GstPadProbeReturn
send_metadata (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstBuffer *boxes = buffer_of (DVVC, 12);
  GstBuffer *unit = buffer_of (UNIT, sizeof (UNIT) - 1);

  gst_pad_push_event (pad,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
          gst_structure_new ("GstEchoelSampleEntry", "boxes", GST_TYPE_BUFFER,
              boxes, NULL)));
  gst_pad_push_event (pad, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
          gst_structure_new ("GstEchoelMetadataNal", "nal", GST_TYPE_BUFFER,
              unit, "running-time", G_TYPE_UINT64, G_GUINT64_CONSTANT (0),
              "last", G_TYPE_BOOLEAN, TRUE, NULL)));
  gst_buffer_unref (boxes);
  gst_buffer_unref (unit);
  return GST_PAD_PROBE_REMOVE;
}

GST_START_TEST (test_metadata_comes_by_event)
{
  Output output;
  GstElement *pipeline = make_pipeline (&output, "safety=fast"), *before;
  GstPad *pad;

  before = gst_bin_get_by_name (GST_BIN (pipeline), "before");
  pad = gst_element_get_static_pad (before, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, send_metadata, NULL, NULL);
  gst_object_unref (pad);
  gst_object_unref (before);
  play (pipeline);
  fail_unless_equals_int (COUNT (&output, "dvvCABCD"), 1);
  fail_unless_equals_int (COUNT (&output, UNIT), 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_byte_array_unref (output.file);
}

GST_END_TEST;

/* The same element makes one file after the other. */
GST_START_TEST (test_files_follow_each_other)
{
  static const gchar *const safeties[] = { "robust", "fast", "fragmented" };
  Output output;
  GstElement *pipeline = make_pipeline (&output, ""), *mux;
  GstPad *pad = video_pad (pipeline, &mux);
  guint i;

  for (i = 0; i < 6; i++) {
    gst_util_set_object_arg (G_OBJECT (mux), "safety", safeties[i % 3]);
    g_byte_array_set_size (output.file, 0);
    output.at = 0;
    play (pipeline);
    /* A robust file may keep an old index in a free box. */
    fail_unless (COUNT (&output, "moov") >= 1);
    fail_unless (memcmp (output.file->data + 4, "ftyp", 4) == 0);
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
  gst_object_unref (pad);
  gst_object_unref (mux);
  gst_object_unref (pipeline);
  g_byte_array_unref (output.file);
}

GST_END_TEST;

static GstPadProbeReturn
count_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return GST_PAD_PROBE_OK;
}

/* Upstream waits in the muxer for a stream that never comes. */
GST_START_TEST (test_a_pad_that_waits_can_go)
{
  GstElement *pipeline =
      gst_parse_launch ("audiotestsrc ! avenc_aac ! aacparse "
      "! mux.audio_0 appsrc ! mux.video_0 echoelmp4mux name=mux ! fakesink "
      "async=false", NULL);
  GstElement *mux = gst_bin_get_by_name (GST_BIN (pipeline), "mux");
  GstPad *pad = gst_element_get_static_pad (mux, "audio_0");
  gint n = 0, before = -1;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, count_buffer, &n, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (g_atomic_int_get (&n) == 0 || g_atomic_int_get (&n) != before) {
    before = g_atomic_int_get (&n);
    g_usleep (G_USEC_PER_SEC / 10);
  }
  gst_element_release_request_pad (mux, pad);
  fail_unless_equals_int (mux->numsinkpads, 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (mux);
  gst_object_unref (pipeline);
}

GST_END_TEST;

static GstMessage *
find_error (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  gst_object_unref (bus);
  return message;
}

/* A live source gives nothing before PLAYING: its stream is not missed. */
GST_START_TEST (test_a_live_source_may_rest)
{
  GstElement *pipeline =
      gst_parse_launch ("audiotestsrc is-live=true ! avenc_aac ! aacparse "
      "! mux.audio_0 videotestsrc ! video/x-raw,width=64,height=64 ! jpegenc "
      "! mux.video_0 echoelmp4mux name=mux container=mov "
      "stall-timeout=100000000 ! fakesink async=false", NULL);
  GstBus *bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  /* As long as it would take to be missed some times. */
  fail_unless (gst_bus_timed_pop_filtered (bus, GST_SECOND / 2,
          GST_MESSAGE_ERROR) == NULL);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

GST_END_TEST;

/* What comes too late must not cost the file that is there. */
GST_START_TEST (test_a_file_that_has_begun_stays)
{
  Output output;
  GstElement *pipeline = make_pipeline (&output, ""), *mux;
  GstPad *pad = video_pad (pipeline, &mux);
  GstMessage *message;
  GError *error = NULL;

  play (pipeline);
  fail_unless (gst_element_request_pad_simple (mux, "audio_%u") == NULL);
  fail_unless_equals_int (mux->numsinkpads, 1);
  fail_if (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, 0));
  fail_unless (find_error (pipeline) == NULL);
  gst_pad_send_event (pad, gst_event_new_flush_start ());
  gst_pad_send_event (pad, gst_event_new_flush_stop (TRUE));
  message = find_error (pipeline);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, "flushed") != NULL, "%s",
      error->message);
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (mux);
  gst_object_unref (pipeline);
  g_byte_array_unref (output.file);
}

GST_END_TEST;

static Suite *
echoelmp4mux_suite (void)
{
  Suite *s = suite_create ("echoelmp4mux");
  TCase *tc = tcase_create ("bin");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_metadata_comes_by_signal);
  tcase_add_test (tc, test_metadata_comes_by_event);
  tcase_add_test (tc, test_files_follow_each_other);
  tcase_add_test (tc, test_a_pad_that_waits_can_go);
  tcase_add_test (tc, test_a_live_source_may_rest);
  tcase_add_test (tc, test_a_file_that_has_begun_stays);
  return s;
}

GST_CHECK_MAIN (echoelmp4mux);
