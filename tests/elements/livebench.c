/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livebench.h"

const guint8 bench_config[BENCH_CONFIG] = { 1, 100, 0, 31, 0xff, 0xe0, 0 };
const guint8 bench_other_config[BENCH_CONFIG] =
    { 1, 100, 0, 30, 0xff, 0xe0, 0 };
const guint8 bench_sound_config[2] = { 0x12, 0x08 };

/* --- what goes in -------------------------------------------------------- */

static void
set_caps (GstHarness * harness, const gchar * text, gconstpointer config,
    gsize size)
{
  GstCaps *caps = gst_caps_from_string (text);
  GstBuffer *data = gst_buffer_new_memdup (config, size);

  gst_caps_set_simple (caps, "codec_data", GST_TYPE_BUFFER, data, NULL);
  gst_harness_set_src_caps (harness, caps);
  gst_buffer_unref (data);
}

void
bench_set_picture_caps (Bench * b, const guint8 * config)
{
  set_caps (b->video, "video/x-h264, stream-format=avc, alignment=au, "
      "width=640, height=360, framerate=30/1", config, BENCH_CONFIG);
}

void
bench_set_sound_caps (Bench * b)
{
  set_caps (b->audio, "audio/mpeg, mpegversion=4, stream-format=raw, "
      "framed=true, rate=44100, channels=1", bench_sound_config,
      sizeof (bench_sound_config));
}

static void
push (GstHarness * harness, guint8 * data, gsize size, GstClockTime time)
{
  GstBuffer *buffer = gst_buffer_new_wrapped (data, size);

  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = time;
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
}

void
bench_push_picture (Bench * b, gsize size)
{
  guint8 *data = g_malloc0 (size);

  GST_WRITE_UINT32_BE (data, size - 4);
  data[4] = b->pictures % GOP == 0 ? 0x65 : 0x41;
  push (b->video, data, size, b->pictures++ * FRAME);
}

void
bench_push_pictures (Bench * b, guint count, gsize size)
{
  for (; count > 0; count--)
    bench_push_picture (b, size);
}

void
bench_send_pictures (Bench * b, guint count, gsize size)
{
  for (; count > 0; count--) {
    bench_push_picture (b, size);
    rtmp_double_wait (b->server, RTMP_PICTURE, b->pictures);
  }
}

void
bench_push_sound (Bench * b)
{
  push (b->audio, g_malloc0 (SOUND_BYTES), SOUND_BYTES, b->sounds++ * SOUND);
}

void
bench_push_end (Bench * b)
{
  fail_unless (gst_harness_push_event (b->video, gst_event_new_eos ()));
  if (b->audio != NULL)
    fail_unless (gst_harness_push_event (b->audio, gst_event_new_eos ()));
}

/* --- what is said -------------------------------------------------------- */

GstMessage *
bench_wait_for_message (Bench * b, const gchar * name)
{
  GstMessage *message;

  while ((message = gst_bus_timed_pop_filtered (b->bus, WITHIN,
              GST_MESSAGE_ELEMENT)) != NULL) {
    if (gst_message_has_name (message, name))
      return message;
    gst_message_unref (message);
  }
  fail ("no message %s", name);
  return NULL;
}

void
bench_wait_for_state (Bench * b, const gchar * state)
{
  gboolean seen = FALSE;

  while (!seen) {
    GstMessage *message = bench_wait_for_message (b, "echoellivesink-state");
    const GstStructure *s = gst_message_get_structure (message);

    seen = g_strcmp0 (gst_structure_get_string (s, "id"), "one") == 0
        && g_strcmp0 (gst_structure_get_string (s, "new"), state) == 0;
    gst_message_unref (message);
  }
}

void
bench_wait_for_end (Bench * b)
{
  gint64 began = g_get_monotonic_time ();
  GstMessage *message = gst_bus_timed_pop_filtered (b->bus, WITHIN,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  GstClockTime took = (g_get_monotonic_time () - began) * GST_USECOND;

  fail_unless (message != NULL, "it does not end");
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  fail_unless (took <= END_WITHIN, "the end took %" GST_TIME_FORMAT,
      GST_TIME_ARGS (took));
  gst_message_unref (message);
}

/* --- the bench ----------------------------------------------------------- */

void
bench_setup_at (Bench * b, RtmpManner manner, gboolean sound,
    const gchar * destination)
{
  gchar *address, *text;

  b->server = rtmp_double_new (manner);
  b->sink = gst_element_factory_make ("echoellivesink", NULL);
  fail_unless (b->sink != NULL);
  gst_object_ref_sink (b->sink);
  b->bus = gst_bus_new ();
  gst_element_set_bus (b->sink, b->bus);
  address = rtmp_double_address (b->server, "SECRET");
  text = g_strdup_printf ("one=%s", destination ? destination : address);
  g_object_set (b->sink, "destinations", text, NULL);
  b->video = gst_harness_new_with_element (b->sink, "video", NULL);
  b->audio = sound ? gst_harness_new_with_element (b->sink, "audio", NULL)
      : NULL;
  b->pictures = b->sounds = 0;
  g_free (address);
  g_free (text);
}

void
bench_setup (Bench * b, RtmpManner manner, gboolean sound)
{
  bench_setup_at (b, manner, sound, NULL);
}

void
bench_teardown (Bench * b)
{
  gst_element_set_state (b->sink, GST_STATE_NULL);
  if (b->audio != NULL)
    gst_harness_teardown (b->audio);
  gst_harness_teardown (b->video);
  gst_element_set_bus (b->sink, NULL);
  gst_object_unref (b->bus);
  gst_object_unref (b->sink);
  rtmp_double_free (b->server);
}

void
bench_begin (Bench * b)
{
  bench_set_picture_caps (b, bench_config);
  if (b->audio != NULL)
    bench_set_sound_caps (b);
  bench_push_picture (b, SMALL);
}

void
bench_go_live (Bench * b)
{
  bench_begin (b);
  bench_wait_for_state (b, "publishing");
  rtmp_double_wait (b->server, RTMP_PICTURE, 1);
}

void
bench_set_child (Bench * b, const gchar * name, gboolean value)
{
  gst_child_proxy_set (GST_CHILD_PROXY (b->sink), name, value, NULL);
}

guint64
bench_get_stat (Bench * b, const gchar * field)
{
  GstStructure *s = NULL;
  GValue number = G_VALUE_INIT;
  guint64 found;

  gst_child_proxy_get (GST_CHILD_PROXY (b->sink), "one::stats", &s, NULL);
  g_value_init (&number, G_TYPE_UINT64);
  fail_unless (s != NULL && gst_structure_has_field (s, field));
  g_value_transform (gst_structure_get_value (s, field), &number);
  found = g_value_get_uint64 (&number);
  gst_structure_free (s);
  return found;
}
