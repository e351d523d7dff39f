/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A compositor in one file: draws a scene with OpenGL off screen, sixty times
 * a second, and hands each texture to echoelmetalsrc. The pipeline encodes it
 * once, records it and sends it to as many servers as are named.
 *
 *   compositor --record=take.mp4 [--send=URL]... [--seconds=N]
 *
 * It ends with the source's statistics, one line of them. */
#include <gst/gst.h>
#include <locale.h>

#include "compositorgl.h"

#define WIDTH 640
#define HEIGHT 360
#define RATE 60

/* Textures in turn: those that wait, one that is encoded, one that is drawn,
 * and some room. */
#define TEXTURES 8

/* The number of the frame as black and white cells at the lower edge, white
 * and black in front. */
#define COUNTER_BITS 16
#define CELLS (COUNTER_BITS + 2)

/* A recording comes first here: when the machine cannot keep up, this render
 * thread waits, and no frame is lost. On a stage it would be the other way
 * round: leave policy and idle as they are. */
#define PIPELINE \
    "echoelmetalsrc name=screen backend=gl policy=block idle=wait " \
    "  caps=video/x-raw,framerate=60/1 " \
    "! queue ! echoelpreset name=p platform=custom-live usage=live " \
    "  resolution=640x360 framerate=60 bitrate=2500 ! tee name=v " \
    "audiotestsrc name=sound is-live=true wave=ticks " \
    "! audio/x-raw,format=S16LE ! queue " \
    "! p.audio_sink  p.audio_src ! tee name=a " \
    "v. ! queue ! file.  a. ! queue ! file. " \
    "echoelmp4mux name=file ! filesink name=recording "
#define SENDING \
    "v. ! queue ! live.video  a. ! queue ! live.audio echoellivesink name=live"

typedef struct
{
  CompositorGl *gl;
  GstElement *pipeline, *screen;
  guint textures[TEXTURES];
  gpointer syncs[TEXTURES];     /* of what is drawn in each, or NULL */
  GAsyncQueue *free;            /* numbers of textures, from 1 */
} Compositor;

static gchar *record;
static gchar **send;
static gint seconds = 10;

static const GOptionEntry options[] = {
  {"record", 'r', 0, G_OPTION_ARG_FILENAME, &record, "Record to FILE", "FILE"},
  {"send", 's', 0, G_OPTION_ARG_STRING_ARRAY, &send,
      "Send to a server, as echoellivesink writes it", "URL"},
  {"seconds", 'n', 0, G_OPTION_ARG_INT, &seconds, "How long", "N"},
  {NULL}
};

/* From whichever thread used the texture last. */
static void
take_back (GstElement * screen, guint64 id, Compositor * self)
{
  g_async_queue_push (self->free, GSIZE_TO_POINTER ((gsize) id));
}

/* The source asks for the context that textures are shared with. */
static GstBusSyncReply
answer (GstBus * bus, GstMessage * message, gpointer data)
{
  if (!compositor_gl_answer (((Compositor *) data)->gl, message))
    return GST_BUS_PASS;
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static GstElement *
make_pipeline (GError ** error)
{
  gchar *line = g_strconcat (PIPELINE, send ? SENDING : NULL, NULL);
  GstElement *pipeline = gst_parse_launch (line, error), *element;

  g_free (line);
  if (pipeline == NULL)
    return NULL;
  element = gst_bin_get_by_name (GST_BIN (pipeline), "recording");
  g_object_set (element, "location", record, NULL);
  gst_object_unref (element);
  if (send != NULL) {
    gchar *all = g_strjoinv (" ", send);

    element = gst_bin_get_by_name (GST_BIN (pipeline), "live");
    g_object_set (element, "destinations", all, NULL);
    gst_object_unref (element);
    g_free (all);
  }
  return pipeline;
}

static void
draw_scene (Compositor * self, guint texture, guint number)
{
  gint size = WIDTH / CELLS, step = number % (WIDTH - 80), i;

  compositor_gl_fill (self->gl, texture, 0x203040);
  compositor_gl_box (self->gl, 40, 40, WIDTH - 80, HEIGHT / 4, 0x406080);
  compositor_gl_box (self->gl, step, HEIGHT / 2, 80, 60, 0xe0a030);
  for (i = 0; i < CELLS; i++) {
    gint x = WIDTH * i / CELLS;
    gboolean lit = i == 0 || (i > 1 && (number >> (CELLS - 1 - i) & 1));

    compositor_gl_box (self->gl, x, HEIGHT - size,
        WIDTH * (i + 1) / CELLS - x, size, lit ? 0xffffff : 0);
  }
}

/* Draws into a texture that nobody uses and hands it over. */
static GstFlowReturn
show_frame (Compositor * self, guint number)
{
  gsize slot = GPOINTER_TO_SIZE (g_async_queue_pop (self->free));
  guint texture = self->textures[slot - 1];
  GstStructure *description;
  GstFlowReturn flow;

  if (self->syncs[slot - 1] != NULL)
    compositor_gl_sync_free (self->gl, self->syncs[slot - 1]);
  draw_scene (self, texture, number);
  self->syncs[slot - 1] = compositor_gl_sync (self->gl);
  description = gst_structure_new ("gl", "texture", G_TYPE_UINT, texture,
      "width", G_TYPE_INT, WIDTH, "height", G_TYPE_INT, HEIGHT,
      "sync", G_TYPE_POINTER, self->syncs[slot - 1],
      "id", G_TYPE_UINT64, (guint64) slot, NULL);
  g_signal_emit_by_name (self->screen, "push-texture", description,
      gst_util_uint64_scale (number, GST_SECOND, RATE),
      gst_util_uint64_scale (1, GST_SECOND, RATE), &flow);
  gst_structure_free (description);
  return flow;
}

/* Sixty times a second, by the pipeline's clock: its time is that of the
 * sound, too. */
static void
wait_for_time (Compositor * self, guint number)
{
  GstClock *clock = gst_element_get_clock (self->pipeline);
  GstClockID id = gst_clock_new_single_shot_id (clock,
      gst_element_get_base_time (self->pipeline)
      + gst_util_uint64_scale (number, GST_SECOND, RATE));

  gst_clock_id_wait (id, NULL);
  gst_clock_id_unref (id);
  gst_object_unref (clock);
}

/* Waits until everything is written. Returns whether it is. */
static gboolean
finish (Compositor * self)
{
  GstElement *sound = gst_bin_get_by_name (GST_BIN (self->pipeline), "sound");
  GstBus *bus = gst_element_get_bus (self->pipeline);
  GstMessage *message;
  GstFlowReturn flow;
  gboolean done;

  g_signal_emit_by_name (self->screen, "end-of-stream", &flow);
  gst_element_send_event (sound, gst_event_new_eos ());
  gst_object_unref (sound);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  done = message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  if (message != NULL && !done) {
    GError *error;

    gst_message_parse_error (message, &error, NULL);
    g_printerr ("compositor: %s\n", error->message);
    g_error_free (error);
  }
  gst_clear_message (&message);
  gst_object_unref (bus);
  return done;
}

static void
print_stats (Compositor * self)
{
  GstStructure *stats;
  gchar *text;

  g_object_get (self->screen, "stats", &stats, NULL);
  text = gst_structure_to_string (stats);
  g_print ("%s\n", text);
  g_free (text);
  gst_structure_free (stats);
}

static gboolean
run (Compositor * self)
{
  GstBus *bus = gst_element_get_bus (self->pipeline);
  GstFlowReturn flow = GST_FLOW_OK;
  guint i;
  gboolean done;

  for (i = 0; i < TEXTURES; i++) {
    self->textures[i] = compositor_gl_texture_new (self->gl, WIDTH, HEIGHT);
    g_async_queue_push (self->free, GSIZE_TO_POINTER (i + 1));
  }
  gst_bus_set_sync_handler (bus, answer, self, NULL);
  gst_object_unref (bus);
  g_signal_connect (self->screen, "texture-released", G_CALLBACK (take_back),
      self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  gst_element_get_state (self->pipeline, NULL, NULL, 5 * GST_SECOND);
  for (i = 0; i < (guint) seconds * RATE && flow == GST_FLOW_OK; i++) {
    wait_for_time (self, i);
    flow = show_frame (self, i);
  }
  done = finish (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  print_stats (self);
  for (i = 0; i < TEXTURES; i++) {
    if (self->syncs[i] != NULL)
      compositor_gl_sync_free (self->gl, self->syncs[i]);
    compositor_gl_texture_free (self->gl, self->textures[i]);
  }
  return done && flow == GST_FLOW_OK;
}

int
main (int argc, char **argv)
{
  GOptionContext *context = g_option_context_new ("- draws and streams");
  Compositor self = { NULL, };
  GError *error = NULL;
  gboolean done;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || record == NULL || (self.pipeline = make_pipeline (&error)) == NULL) {
    g_printerr ("compositor: %s\n", error ? error->message
        : "--record=FILE is missing");
    return 1;
  }
  g_option_context_free (context);
  self.gl = compositor_gl_new ();
  if (self.gl == NULL) {
    g_print ("SKIP: EGL gives no context off screen "
        "(Debian: libgl1-mesa-dri)\n");
    return 77;
  }
  self.free = g_async_queue_new ();
  self.screen = gst_bin_get_by_name (GST_BIN (self.pipeline), "screen");
  done = run (&self);
  gst_object_unref (self.screen);
  gst_object_unref (self.pipeline);
  compositor_gl_free (self.gl);
  g_async_queue_unref (self.free);
  g_strfreev (send);
  g_free (record);
  return done ? 0 : 1;
}
