/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelexportsink with encoders that cost nothing: what hardware would get is
 * dropped in front of each.
 *
 * usage: bench-exportnull CLIP FOLDER */
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

static GstPadProbeReturn
drop (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return GST_PAD_PROBE_DROP;
}

static void
see_element (GstBin * bin, GstBin * parent, GstElement * element,
    gpointer user_data)
{
  GstPad *pad;

  if (strcmp (GST_OBJECT_NAME (element), "video-encoder") != 0)
    return;
  pad = gst_element_get_static_pad (element, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, drop, user_data, NULL);
  gst_object_unref (pad);
}

int
main (int argc, char **argv)
{
  gchar *line;
  GstElement *pipeline;
  GstMessage *message;
  GstBus *bus;
  gint frames = 0;

  gst_init (&argc, &argv);
  if (argc != 3)
    return EXIT_FAILURE;
  line = g_strdup_printf ("filesrc location=\"%s\" ! decodebin name=d  "
      "d. ! queue ! e.video  d. ! queue ! e.audio  "
      "echoelexportsink name=e platforms=all directory=\"%s\"", argv[1],
      argv[2]);
  pipeline = gst_parse_launch (line, NULL);
  g_free (line);
  g_signal_connect (pipeline, "deep-element-added", G_CALLBACK (see_element),
      &frames);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  /* No stream comes out, so the files fail, at the very end. */
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_print ("%d frames\n", frames);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
  return frames > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
