/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoellivesink in the hands of a program: what it may do at any time without
 * waiting for a destination, and what it may still hold afterwards. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#define WAIT (20 * GST_SECOND)

typedef struct
{
  GstElement *pipeline, *sink;
  GstBus *bus;
  gchar *folder;                /* of its own, empty at first */
} Bench;

static void
setup (Bench * b, const gchar * encoder)
{
  gchar *line = g_strdup_printf ("videotestsrc is-live=true pattern=black "
      "! video/x-raw,width=160,height=120,framerate=30/1 ! x264enc %s "
      "tune=zerolatency speed-preset=ultrafast ! h264parse "
      "! echoellivesink name=live", encoder);

  b->folder = g_dir_make_tmp ("echoel-livelife-XXXXXX", NULL);
  b->pipeline = gst_parse_launch (line, NULL);
  b->sink = gst_bin_get_by_name (GST_BIN (b->pipeline), "live");
  b->bus = gst_element_get_bus (b->pipeline);
  g_free (line);
}

static void
remove_tree (const gchar * path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    gchar *inner = g_build_filename (path, name, NULL);

    remove_tree (inner);
    g_free (inner);
  }
  if (dir != NULL)
    g_dir_close (dir);
  g_remove (path);
}

static void
teardown (Bench * b)
{
  gst_element_set_state (b->pipeline, GST_STATE_NULL);
  gst_object_unref (b->bus);
  gst_object_unref (b->sink);
  gst_object_unref (b->pipeline);
  remove_tree (b->folder);
  g_free (b->folder);
}

/* --- messages ------------------------------------------------------------ */

static GstBusSyncReply
take_sound (GstBus * bus, GstMessage * message, gpointer user_data)
{
  Bench *b = user_data;
  GstPad *pad;

  if (!gst_message_has_name (message, "echoellivesink-silence"))
    return GST_BUS_PASS;
  pad = gst_element_request_pad_simple (b->sink, "audio");
  gst_element_release_request_pad (b->sink, pad);
  gst_object_unref (pad);
  gst_element_post_message (b->sink, gst_message_new_application (GST_OBJECT
          (b->sink), gst_structure_new_empty ("done")));
  return GST_BUS_PASS;
}

/* The obvious answer to the news that there is no sound. */
GST_START_TEST (test_sound_can_be_asked_for_when_silence_is_told)
{
  GstMessage *message;
  Bench b;

  setup (&b, "");
  gst_bus_set_sync_handler (b.bus, take_sound, &b, NULL);
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (b.bus, WAIT, GST_MESSAGE_APPLICATION);
  fail_unless (message != NULL, "the handler never came back");
  gst_message_unref (message);
  teardown (&b);
}

GST_END_TEST;

static Suite *
livelife_suite (void)
{
  Suite *s = suite_create ("livelife");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_sound_can_be_asked_for_when_silence_is_told);
  return s;
}

GST_CHECK_MAIN (livelife);
