/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoellivesink
 * @title: echoellivesink
 *
 * One encoded stream, many live destinations, none of which can hurt another
 * or the rest of the pipeline: a server that refuses, hangs, dies or crawls
 * costs its own viewers frames and nobody else. Each destination connects,
 * reconnects and recovers by itself; after a gap its picture goes on with a
 * key frame, and where there is no sound silence is sent.
 *
 * Errors of a destination are messages, not errors of the pipeline: see
 * docs/elements/echoellivesink.md.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -m videotestsrc is-live=true ! x264enc tune=zerolatency key-int-max=60 ! h264parse ! echoellivesink destinations="twitch:{env:TWITCH_KEY} youtube:{env:YOUTUBE_KEY}"
 * ]| A test picture with silence to two services.
 * |[
 * gst-launch-1.0 v4l2src ! echoelpreset name=p platform=custom-live ! tee name=v  pulsesrc ! queue ! p.audio_sink p.audio_src ! tee name=a  v. ! queue ! echoellivesink name=live destinations="rtmp://a.example/live/KEY rtmps://b.example/app/KEY"  a. ! queue ! live.audio  v. ! queue ! echoelmp4mux name=file ! filesink location=take.mp4  a. ! queue ! file.
 * ]| A camera to two servers and a recording, from one encode.
 */
#include "livesinkelement.h"

#include <gst/pbutils/pbutils.h>

#include "../echoelelements.h"

#include "bitrateproperties.h"
#include "bitraterequest.h"
#include "livechildren.h"
#include "livedebug.h"
#include "transport.h"

GST_DEBUG_CATEGORY (echoellivesink_debug);

enum
{
  PROP_0,
  PROP_DESTINATIONS,
  PROP_BITRATE                  /* the first of LIVE_BITRATE_PROPERTIES */
};

enum
{
  SIGNAL_ADD_DESTINATION,
  SIGNAL_REMOVE_DESTINATION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* *INDENT-OFF* */
G_DEFINE_FINAL_TYPE_WITH_CODE (GstEchoelLiveSink, gst_echoel_live_sink,
    GST_TYPE_ELEMENT,
    G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY, live_children_interface_init))
GST_ELEMENT_REGISTER_DEFINE (echoellivesink, "echoellivesink", GST_RANK_NONE,
    GST_TYPE_ECHOEL_LIVE_SINK)
/* *INDENT-ON* */

LiveKeeper *
live_children_get_keeper (gpointer sink)
{
  return &GST_ECHOEL_LIVE_SINK (sink)->keeper;
}

/* --- the encoder --------------------------------------------------------- */

/* The keeper's thread. */
static gboolean
ask_for_bitrate (GstElement * element, guint kbps, GstClockTime expires)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  gchar *requester = g_strdup_printf ("%s %p", GST_OBJECT_NAME (self), self);
  GstPad *pad = NULL;
  gboolean followed;

  GST_OBJECT_LOCK (self);
  if (self->video.pad != NULL)
    pad = gst_object_ref (self->video.pad);
  GST_OBJECT_UNLOCK (self);
  followed = pad != NULL && gst_pad_push_event (pad,
      echoel_bitrate_request_new (requester, kbps, expires));
  gst_clear_object (&pad);
  g_free (requester);
  return followed;
}

/* --- signals ------------------------------------------------------------- */

static gchar *
gst_echoel_live_sink_add_destination (GstEchoelLiveSink * self,
    const gchar * text)
{
  GError *error = NULL;
  gchar *name;

  if (text == NULL)
    return NULL;
  name = live_sink_add (self, text, &error);
  if (name == NULL) {
    live_sink_warn (self, error);
    g_error_free (error);
  }
  return name;
}

static gboolean
gst_echoel_live_sink_remove_destination (GstEchoelLiveSink * self,
    const gchar * name)
{
  return name != NULL && live_sink_remove (self, name);
}

/* --- states -------------------------------------------------------------- */

/* Says which element is missing for a destination before anything runs. */
static gboolean
has_elements (GstEchoelLiveSink * self)
{
  GPtrArray *all = live_keeper_list (&self->keeper);
  const gchar *missing = NULL;
  guint i;

  for (i = 0; i < all->len && missing == NULL; i++)
    missing = live_transport_find_missing (live_transport_find
        (live_destination_get_transport (g_ptr_array_index (all, i))));
  g_ptr_array_unref (all);
  if (missing == NULL)
    return TRUE;
  gst_element_post_message (GST_ELEMENT (self),
      gst_missing_element_message_new (GST_ELEMENT (self), missing));
  GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
      ("The element \"%s\", which a destination needs, is not installed.",
          missing), (NULL));
  return FALSE;
}

static gboolean
check_settings (GstEchoelLiveSink * self)
{
  gchar *text = NULL;

  GST_OBJECT_LOCK (self);
  if (self->refused != NULL)
    text = g_strdup (self->refused->message);
  GST_OBJECT_UNLOCK (self);
  if (text != NULL)
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS, ("%s", text), (NULL));
  g_free (text);
  return text == NULL && has_elements (self);
}

static void
begin (GstEchoelLiveSink * self)
{
  gboolean has_video, has_audio;

  GST_OBJECT_LOCK (self);
  has_video = self->video.pad != NULL;
  has_audio = self->audio.pad != NULL;
  self->video.ended = self->audio.ended = self->ended = FALSE;
  self->warned = FALSE;
  GST_OBJECT_UNLOCK (self);
  live_input_expect_sound (&self->input, has_audio);
  live_input_reset (&self->input);
  live_feed_reset (self->keeper.feed, has_video);
  /* A pad may have come or gone meanwhile. */
  GST_OBJECT_LOCK (self);
  has_video = self->video.pad != NULL;
  GST_OBJECT_UNLOCK (self);
  live_feed_expect_video (self->keeper.feed, has_video);
  live_keeper_start (&self->keeper);
}

static GstStateChangeReturn
gst_echoel_live_sink_change_state (GstElement * element, GstStateChange change)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  GstStateChangeReturn result;

  if (change == GST_STATE_CHANGE_NULL_TO_READY && !check_settings (self))
    return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED)
    begin (self);
  result = GST_ELEMENT_CLASS (gst_echoel_live_sink_parent_class)
      ->change_state (element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY
      || (change == GST_STATE_CHANGE_READY_TO_PAUSED
          && result == GST_STATE_CHANGE_FAILURE))
    live_keeper_stop (&self->keeper);
  return result;
}

static void
gst_echoel_live_sink_state_changed (GstElement * element, GstState old,
    GstState new, GstState pending)
{
  if (new == GST_STATE_PLAYING)
    live_sink_post_end (element, FALSE);
}

/* --- object -------------------------------------------------------------- */

static void
gst_echoel_live_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  if (id == PROP_DESTINATIONS)
    live_sink_set_destinations (GST_ECHOEL_LIVE_SINK (object),
        g_value_get_string (value));
  else if (id >= PROP_BITRATE && id < PROP_BITRATE + LIVE_BITRATE_PROPERTIES)
    live_bitrate_set_property (GST_ECHOEL_LIVE_SINK (object)->keeper.bitrate,
        id - PROP_BITRATE, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_live_sink_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  if (id == PROP_DESTINATIONS)
    g_value_take_string (value,
        live_sink_describe (GST_ECHOEL_LIVE_SINK (object)));
  else if (id >= PROP_BITRATE && id < PROP_BITRATE + LIVE_BITRATE_PROPERTIES)
    live_bitrate_get_property (GST_ECHOEL_LIVE_SINK (object)->keeper.bitrate,
        id - PROP_BITRATE, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_live_sink_dispose (GObject * object)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (object);
  GPtrArray *all = live_keeper_list (&self->keeper);
  guint i;

  for (i = 0; i < all->len; i++)
    live_sink_remove (self, GST_OBJECT_NAME (g_ptr_array_index (all, i)));
  g_ptr_array_unref (all);
  live_keeper_cut (&self->keeper);
  G_OBJECT_CLASS (gst_echoel_live_sink_parent_class)->dispose (object);
}

static void
gst_echoel_live_sink_finalize (GObject * object)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (object);

  live_input_clear (&self->input);
  live_keeper_clear (&self->keeper);
  g_clear_error (&self->refused);
  G_OBJECT_CLASS (gst_echoel_live_sink_parent_class)->finalize (object);
}

static void
post_end (GstElement * element)
{
  live_sink_post_end (element, TRUE);
}

static void
gst_echoel_live_sink_init (GstEchoelLiveSink * self)
{
  live_keeper_init (&self->keeper, GST_ELEMENT (self), post_end,
      ask_for_bitrate);
  live_input_init (&self->input, GST_ELEMENT (self), self->keeper.feed);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
}

static void
gst_echoel_live_sink_class_init (GstEchoelLiveSinkClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (echoellivesink_debug, "echoellivesink", 0,
      "Echoel live destinations");

  object_class->set_property = gst_echoel_live_sink_set_property;
  object_class->get_property = gst_echoel_live_sink_get_property;
  object_class->dispose = gst_echoel_live_sink_dispose;
  object_class->finalize = gst_echoel_live_sink_finalize;

  /**
   * GstEchoelLiveSink:destinations:
   *
   * Where to send, separated by blanks: SERVICE:KEY, an rtmp, rtmps or srt
   * address, or hls:FOLDER, each with NAME= before it if it is to have a name.
   * {env:NAME} and {file:PATH} stand for a key kept elsewhere. Written while
   * the element runs, destinations that stay are not touched. Reads back
   * without keys.
   */
  g_object_class_install_property (object_class, PROP_DESTINATIONS,
      g_param_spec_string ("destinations", "Destinations",
          "Where to send, separated by blanks: SERVICE:KEY, an address, "
          "hls:FOLDER; {env:NAME} and {file:PATH} stand for a key", NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
          | GST_PARAM_MUTABLE_PLAYING));

  live_bitrate_install_properties (object_class, PROP_BITRATE);

  /**
   * GstEchoelLiveSink::add-destination:
   * @self: the sink
   * @text: one destination, as in #GstEchoelLiveSink:destinations
   *
   * Returns: (nullable): its name; %NULL when it is refused, with a warning
   */
  signals[SIGNAL_ADD_DESTINATION] = g_signal_new_class_handler
      ("add-destination", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_echoel_live_sink_add_destination), NULL, NULL, NULL,
      G_TYPE_STRING, 1, G_TYPE_STRING);
  /**
   * GstEchoelLiveSink::remove-destination:
   * @self: the sink
   * @name: of the destination
   *
   * Ends it in good order; no other is touched.
   *
   * Returns: whether there was one
   */
  signals[SIGNAL_REMOVE_DESTINATION] = g_signal_new_class_handler
      ("remove-destination", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_echoel_live_sink_remove_destination), NULL, NULL, NULL,
      G_TYPE_BOOLEAN, 1, G_TYPE_STRING);

  gst_element_class_set_static_metadata (element_class, "Echoel live sink",
      "Sink/Network", "Sends one stream to many live destinations, none of "
      "which can hurt another", "The Echoel authors");
  live_sink_add_templates (element_class);
  element_class->change_state = gst_echoel_live_sink_change_state;
  element_class->state_changed = gst_echoel_live_sink_state_changed;
  element_class->request_new_pad = live_sink_request_pad;
  element_class->release_pad = live_sink_release_pad;
}
