/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a pipeline as gst-launch-1.0 -m does, and lets a test steer it: each
 * line of its input is a command, each answer and message a line of output.
 *
 *   add DESTINATION            remove NAME
 *   set CHILD::PROPERTY VALUE  get CHILD::PROPERTY
 *   state STATE                eos
 *   switch ELEMENT PROPERTY VALUE
 *
 * Commands go to the element "live" where they name none. */
#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  GMainLoop *loop;
  GstElement *pipeline, *live;
  gint status;
} Steer;

static void
answer (const gchar * text)
{
  printf ("%s\n", text);
  fflush (stdout);
}

static void
add (Steer * steer, const gchar * text)
{
  gchar *name = NULL, *line;

  g_signal_emit_by_name (steer->live, "add-destination", text, &name);
  line = g_strdup_printf ("added %s", name ? name : "nothing");
  answer (line);
  g_free (line);
  g_free (name);
}

static void
take_away (Steer * steer, const gchar * name)
{
  gboolean done = FALSE;

  g_signal_emit_by_name (steer->live, "remove-destination", name, &done);
  answer (done ? "removed" : "removed nothing");
}

static void
set (Steer * steer, const gchar * text)
{
  gchar **words = g_strsplit (text, " ", 2);
  GParamSpec *spec = NULL;
  GObject *target = NULL;

  if (words[1] != NULL
      && gst_child_proxy_lookup (GST_CHILD_PROXY (steer->live), words[0],
          &target, &spec)) {
    gst_util_set_object_arg (target, spec->name, words[1]);
    g_object_unref (target);
    answer ("set");
  } else {
    answer ("set nothing");
  }
  g_strfreev (words);
}

static void
get (Steer * steer, const gchar * name)
{
  GValue value = G_VALUE_INIT;
  gchar *text, *line;

  gst_child_proxy_get_property (GST_CHILD_PROXY (steer->live), name, &value);
  if (G_VALUE_HOLDS_STRING (&value))
    text = g_value_dup_string (&value);
  else
    text = G_IS_VALUE (&value) ? gst_value_serialize (&value) : NULL;
  line = g_strdup_printf ("got %s", GST_STR_NULL (text));
  answer (line);
  g_free (line);
  g_free (text);
  if (G_IS_VALUE (&value))
    g_value_unset (&value);
}

static void
go (Steer * steer, const gchar * name)
{
  GstState state = g_str_equal (name, "NULL") ? GST_STATE_NULL
      : g_str_equal (name, "READY") ? GST_STATE_READY
      : g_str_equal (name, "PAUSED") ? GST_STATE_PAUSED : GST_STATE_PLAYING;

  gst_element_set_state (steer->pipeline, state);
  answer ("went");
}

static void
throw_switch (Steer * steer, const gchar * text)
{
  gchar **words = g_strsplit (text, " ", 3);
  GstElement *element = gst_bin_get_by_name (GST_BIN (steer->pipeline),
      words[0]);

  gst_util_set_object_arg (G_OBJECT (element), words[1], words[2]);
  answer ("set");
  gst_object_unref (element);
  g_strfreev (words);
}

static void
end (Steer * steer, const gchar * text)
{
  answer ("EOS on shutdown enabled");
  gst_element_send_event (steer->pipeline, gst_event_new_eos ());
}

static const struct
{
  const gchar *word;
  void (*run) (Steer * steer, const gchar * text);
} commands[] = {
  /* *INDENT-OFF* */
  {"add ", add}, {"remove ", take_away}, {"set ", set}, {"get ", get},
  {"state ", go}, {"switch ", throw_switch}, {"eos", end},
  /* *INDENT-ON* */
};

static gboolean
on_input (GIOChannel * channel, GIOCondition condition, gpointer user_data)
{
  Steer *steer = user_data;
  gchar *line = NULL;
  guint i;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL)
      != G_IO_STATUS_NORMAL) {
    g_free (line);
    return G_SOURCE_REMOVE;
  }
  g_strchomp (line);
  for (i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_has_prefix (line, commands[i].word))
      commands[i].run (steer, line + strlen (commands[i].word));
  g_free (line);
  return G_SOURCE_CONTINUE;
}

static void
print_fault (const gchar * kind, GstMessage * message)
{
  GError *error = NULL;
  gchar *debug = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, &debug);
  else
    gst_message_parse_warning (message, &error, &debug);
  printf ("%s: from element %s: %s\n%s\n", kind,
      GST_OBJECT_NAME (GST_MESSAGE_SRC (message)), error->message,
      GST_STR_NULL (debug));
  fflush (stdout);
  g_error_free (error);
  g_free (debug);
}

static gboolean
on_message (GstBus * bus, GstMessage * message, gpointer user_data)
{
  Steer *steer = user_data;
  gchar *text;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      text = gst_structure_to_string (gst_message_get_structure (message));
      printf ("Got message from element \"%s\" (element): %s\n",
          GST_OBJECT_NAME (GST_MESSAGE_SRC (message)), text);
      fflush (stdout);
      g_free (text);
      break;
    case GST_MESSAGE_NEW_CLOCK:
      answer ("New clock");
      break;
    case GST_MESSAGE_WARNING:
      print_fault ("WARNING", message);
      break;
    case GST_MESSAGE_ERROR:
      print_fault ("ERROR", message);
      steer->status = 1;
      g_main_loop_quit (steer->loop);
      break;
    case GST_MESSAGE_EOS:
      answer ("Got EOS from element \"pipeline0\"");
      g_main_loop_quit (steer->loop);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
start (Steer * steer, const gchar * line)
{
  GError *error = NULL;
  GstBus *bus;

  steer->pipeline = gst_parse_launch (line, &error);
  if (error != NULL) {
    printf ("ERROR: %s\n", error->message);
    g_error_free (error);
    return FALSE;
  }
  steer->live = gst_bin_get_by_name (GST_BIN (steer->pipeline), "live");
  bus = gst_element_get_bus (steer->pipeline);
  gst_bus_add_watch (bus, on_message, steer);
  gst_object_unref (bus);
  return gst_element_set_state (steer->pipeline, GST_STATE_PLAYING)
      != GST_STATE_CHANGE_FAILURE;
}

int
main (int argc, char **argv)
{
  Steer steer = { NULL, };
  GIOChannel *input;

  gst_init (&argc, &argv);
  if (argc != 2) {
    fprintf (stderr, "usage: %s PIPELINE\n", argv[0]);
    return 2;
  }
  steer.loop = g_main_loop_new (NULL, FALSE);
  if (!start (&steer, argv[1]))
    return 1;
  input = g_io_channel_unix_new (0);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, &steer);
  g_main_loop_run (steer.loop);
  gst_element_set_state (steer.pipeline, GST_STATE_NULL);
  gst_object_unref (steer.live);
  gst_object_unref (steer.pipeline);
  g_io_channel_unref (input);
  g_main_loop_unref (steer.loop);
  return steer.status;
}
