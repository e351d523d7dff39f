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
#include "livedebug.h"

#include <gst/pbutils/pbutils.h>
#include <gst/video/video.h>

#include "../echoelelements.h"

#include "bitrateproperties.h"
#include "bitraterequest.h"
#include "livechildren.h"
#include "liveinput.h"
#include "livekeeper.h"
#include "livesecrets.h"
#include "transport.h"

GST_DEBUG_CATEGORY (echoellivesink_debug);

#define GST_TYPE_ECHOEL_LIVE_SINK (gst_echoel_live_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelLiveSink, gst_echoel_live_sink, GST,
    ECHOEL_LIVE_SINK, GstElement);

typedef struct
{
  GstPad *pad;                  /* NULL: not asked for */
  gboolean ended;
} Track;

struct _GstEchoelLiveSink
{
  GstElement parent;

  LiveKeeper keeper;
  LiveInput input;

  /* Guarded by the object lock. */
  Track video, audio;
  gboolean ended;               /* all has; said whenever PLAYING is reached */
  gboolean warned;              /* of frames without a time */
  guint32 eos_seqnum;
  GError *refused;              /* why a destination was not taken */
  guint named;                  /* names given so far */
};

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

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("video/x-h264, stream-format=(string)avc, "
        "alignment=(string)au; "
        "video/x-h265, stream-format=(string)hvc1, alignment=(string)au"));
static GstStaticPadTemplate audio_template =
GST_STATIC_PAD_TEMPLATE ("audio", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("audio/mpeg, mpegversion=(int)4, "
        "stream-format=(string)raw, framed=(boolean)true"));

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

/* --- destinations -------------------------------------------------------- */

/* A name that no destination has. Returns: (transfer full) */
static gchar *
choose_name (GstEchoelLiveSink * self, const gchar * wanted)
{
  LiveDestination *other;
  guint n = 2;
  gchar *name;

  if (wanted != NULL)
    name = g_strdup (wanted);
  else
    name = g_strdup_printf ("destination%u", self->named++);
  while ((other = live_keeper_find (&self->keeper, name)) != NULL) {
    gst_object_unref (other);
    g_free (name);
    name = wanted ? g_strdup_printf ("%s-%u", wanted, n++)
        : g_strdup_printf ("destination%u", self->named++);
  }
  return name;
}

/* Returns: (transfer full) (nullable): the name of the new destination */
static gchar *
add_target (GstEchoelLiveSink * self, EchoelDestination * target,
    GError ** error)
{
  gchar *name = choose_name (self, target->name);
  LiveDestination *child = live_destination_new (name, target,
      self->keeper.around);
  gboolean added = live_keeper_add (&self->keeper, child);

  if (added) {
    gst_object_set_parent (GST_OBJECT (child), GST_OBJECT (self));
    gst_child_proxy_child_added (GST_CHILD_PROXY (self), G_OBJECT (child),
        name);
  } else {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_FORM, "There is a destination already that "
        "sends to %s with the same key.", target->shown);
    g_clear_pointer (&name, g_free);
  }
  gst_object_unref (child);
  return name;
}

static gchar *
add_text (GstEchoelLiveSink * self, const gchar * text, GError ** error)
{
  EchoelDestination *target = echoel_destination_parse (text,
      live_secret_lookup, NULL, error);
  gchar *name;

  if (target == NULL)
    return NULL;
  name = add_target (self, target, error);
  echoel_destination_unref (target);
  return name;
}

static gboolean
remove_name (GstEchoelLiveSink * self, const gchar * name)
{
  LiveDestination *child = live_keeper_find (&self->keeper, name);

  if (child == NULL || !live_keeper_remove (&self->keeper, name)) {
    gst_clear_object (&child);
    return FALSE;
  }
  gst_object_unparent (GST_OBJECT (child));
  gst_child_proxy_child_removed (GST_CHILD_PROXY (self), G_OBJECT (child),
      name);
  gst_object_unref (child);
  return TRUE;
}

static void
warn_of (GstEchoelLiveSink * self, const GError * error)
{
  GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS, ("%s", error->message),
      ("the destination is left out"));
}

static gchar *
gst_echoel_live_sink_add_destination (GstEchoelLiveSink * self,
    const gchar * text)
{
  GError *error = NULL;
  gchar *name;

  if (text == NULL)
    return NULL;
  name = add_text (self, text, &error);
  if (name == NULL) {
    warn_of (self, error);
    g_error_free (error);
  }
  return name;
}

static gboolean
gst_echoel_live_sink_remove_destination (GstEchoelLiveSink * self,
    const gchar * name)
{
  return name != NULL && remove_name (self, name);
}

/* Whether a destination of the list sends to the same place. */
static gboolean
is_wanted (LiveDestination * child, GPtrArray * targets)
{
  guint i;

  for (i = 0; i < targets->len; i++)
    if (live_destination_sends_to (child, g_ptr_array_index (targets, i)))
      return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable) (element-type EchoelDestination) */
static GPtrArray *
parse_list (const gchar * text, GError ** error)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify)
      echoel_destination_unref);
  gchar **words = echoel_destination_split (text);
  guint i;

  for (i = 0; words[i] != NULL; i++) {
    EchoelDestination *target = echoel_destination_parse (words[i],
        live_secret_lookup, NULL, error);

    if (target == NULL) {
      g_clear_pointer (&targets, g_ptr_array_unref);
      break;
    }
    g_ptr_array_add (targets, target);
  }
  g_strfreev (words);
  return targets;
}

/* Those that stay are not touched. */
static gboolean
replace_all (GstEchoelLiveSink * self, GPtrArray * targets, GError ** error)
{
  GPtrArray *have = live_keeper_list (&self->keeper);
  gboolean done = TRUE, known;
  guint i, j;

  for (i = 0; i < have->len; i++)
    if (!is_wanted (g_ptr_array_index (have, i), targets))
      remove_name (self, GST_OBJECT_NAME (g_ptr_array_index (have, i)));
  for (i = 0; i < targets->len && done; i++) {
    EchoelDestination *target = g_ptr_array_index (targets, i);

    for (j = 0, known = FALSE; j < have->len; j++)
      known |= live_destination_sends_to (g_ptr_array_index (have, j), target);
    if (!known) {
      gchar *name = add_target (self, target, error);

      done = name != NULL;
      g_free (name);
    }
  }
  g_ptr_array_unref (have);
  return done;
}

/* In a property nobody hears of an error: it is kept until the element is to
 * run, and told at once when it runs. */
static void
set_destinations (GstEchoelLiveSink * self, const gchar * text)
{
  GError *error = NULL;
  GPtrArray *targets = parse_list (text, &error);

  if (targets != NULL) {
    replace_all (self, targets, &error);
    g_ptr_array_unref (targets);
  }
  if (error != NULL && GST_STATE (self) > GST_STATE_NULL)
    warn_of (self, error);
  GST_OBJECT_LOCK (self);
  g_clear_error (&self->refused);
  self->refused = error;
  GST_OBJECT_UNLOCK (self);
}

/* Returns: (transfer full) (nullable) */
static gchar *
describe_destinations (GstEchoelLiveSink * self)
{
  GPtrArray *all = live_keeper_list (&self->keeper);
  GString *text = g_string_new (NULL);
  gchar *location;
  guint i;

  for (i = 0; i < all->len; i++) {
    g_object_get (g_ptr_array_index (all, i), "location", &location, NULL);
    g_string_append_printf (text, "%s%s=%s", i ? " " : "",
        GST_OBJECT_NAME (g_ptr_array_index (all, i)), location);
    g_free (location);
  }
  g_ptr_array_unref (all);
  return g_string_free (text, text->len == 0);
}

/* --- the end ------------------------------------------------------------- */

/* Like any sink, it says so in PLAYING alone, and each time that is reached:
 * a bin forgets it when it pauses. */
static void
post_end_if_due (GstElement * element, gboolean now)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  GstMessage *message;
  gboolean due;

  GST_OBJECT_LOCK (self);
  self->ended |= now;
  due = self->ended && GST_STATE (self) == GST_STATE_PLAYING;
  GST_OBJECT_UNLOCK (self);
  if (!due)
    return;
  message = gst_message_new_eos (GST_OBJECT (self));
  gst_message_set_seqnum (message, self->eos_seqnum);
  gst_element_post_message (element, message);
}

static void
post_end (GstElement * element)
{
  post_end_if_due (element, TRUE);
}

/* The stream ends when all pads that there are have ended; a sound track that
 * silence stands in for has nothing to say about that. */
static void
end_if_all_ended (GstEchoelLiveSink * self)
{
  gboolean all, silent = live_input_is_silent (&self->input);

  GST_OBJECT_LOCK (self);
  all = (self->video.pad == NULL || self->video.ended)
      && (self->audio.pad == NULL || self->audio.ended || silent)
      && (self->video.pad != NULL || self->audio.pad != NULL);
  GST_OBJECT_UNLOCK (self);
  if (all)
    live_keeper_set_ending (&self->keeper, TRUE);
}

static void
note_end (GstEchoelLiveSink * self, Track * track, GstEvent * event)
{
  GST_OBJECT_LOCK (self);
  track->ended = TRUE;
  self->eos_seqnum = gst_event_get_seqnum (event);
  GST_OBJECT_UNLOCK (self);
  if (track == &self->audio)
    live_input_expect_sound (&self->input, FALSE);
  end_if_all_ended (self);
}

static void
note_flush (GstEchoelLiveSink * self, Track * track)
{
  GST_OBJECT_LOCK (self);
  track->ended = self->ended = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (track == &self->audio)
    live_input_expect_sound (&self->input, TRUE);
  live_input_flush (&self->input);
  live_keeper_set_ending (&self->keeper, FALSE);
}

/* --- pads ---------------------------------------------------------------- */

static Track *
get_track (GstEchoelLiveSink * self, GstPad * pad)
{
  return pad == self->video.pad ? &self->video : &self->audio;
}

static gboolean
set_caps (GstEchoelLiveSink * self, GstEvent * event)
{
  GError *error = NULL;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (live_input_set_caps (&self->input, caps, &error))
    return TRUE;
  GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("%s", error->message),
      ("caps %" GST_PTR_FORMAT, caps));
  g_error_free (error);
  return FALSE;
}

/* Without a time nothing can be sent. */
static gboolean
check_segment (GstEchoelLiveSink * self, GstEvent * event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_TIME)
    return TRUE;
  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("The stream has no time: a parser before the sink may give it one."),
      ("segment in %s", gst_format_get_name (segment->format)));
  return FALSE;
}

static gboolean
sink_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (parent);
  gboolean done = TRUE;

  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    done = set_caps (self, event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
    done = check_segment (self, event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    note_end (self, get_track (self, pad), event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    note_flush (self, get_track (self, pad));
  gst_event_unref (event);
  return done;
}

/* Signed: the first frames of a stream with reordering are decoded before 0. */
static gboolean
get_running_time (const GstSegment * segment, GstClockTime time,
    gint64 * result)
{
  guint64 running;
  gint sign = gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, time,
      &running);

  *result = sign < 0 ? -(gint64) running : (gint64) running;
  return sign != 0;
}

static gboolean
get_times (GstPad * pad, GstBuffer * buffer, gint64 * dts, gint64 * pts)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  gboolean done;

  if (event == NULL)
    return FALSE;
  gst_event_parse_segment (event, &segment);
  done = segment->format == GST_FORMAT_TIME
      && get_running_time (segment, GST_BUFFER_DTS_OR_PTS (buffer), dts)
      && get_running_time (segment, GST_BUFFER_PTS_IS_VALID (buffer)
      ? GST_BUFFER_PTS (buffer) : GST_BUFFER_DTS (buffer), pts);
  gst_event_unref (event);
  return done;
}

static void
warn_once (GstEchoelLiveSink * self, GstPad * pad, GstBuffer * buffer)
{
  gboolean first;

  GST_DEBUG_OBJECT (pad, "no time: %" GST_PTR_FORMAT, buffer);
  GST_OBJECT_LOCK (self);
  first = !self->warned;
  self->warned = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (first)
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("Frames without a time are left out."), ("pad %s",
            GST_PAD_NAME (pad)));
}

/* Never waits for a destination and never fails because of one. */
static GstFlowReturn
sink_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (parent);
  gboolean video = pad == self->video.pad, ask = FALSE;
  gint64 dts, pts;

  if (get_times (pad, buffer, &dts, &pts))
    ask = live_input_push (&self->input, video, buffer, dts, pts);
  else
    warn_once (self, pad, buffer);
  gst_buffer_unref (buffer);
  if (ask)
    gst_pad_push_event (pad, gst_video_event_new_upstream_force_key_unit
        (GST_CLOCK_TIME_NONE, TRUE, 0));
  return GST_FLOW_OK;
}

static GstPad *
gst_echoel_live_sink_request_new_pad (GstElement * element,
    GstPadTemplate * template, const gchar * name, const GstCaps * caps)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  const gchar *kind = GST_PAD_TEMPLATE_NAME_TEMPLATE (template);
  gboolean video = g_str_equal (kind, "video");
  Track *track = video ? &self->video : &self->audio;
  GstPad *pad;

  if (track->pad != NULL) {
    GST_WARNING_OBJECT (self, "the pad %s exists already", kind);
    return NULL;
  }
  pad = gst_pad_new_from_template (template, kind);
  gst_pad_set_chain_function (pad, sink_chain);
  gst_pad_set_event_function (pad, sink_event);
  GST_OBJECT_LOCK (self);
  track->pad = pad;
  track->ended = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (video)
    live_feed_expect_video (self->keeper.feed);
  else
    live_input_expect_sound (&self->input, TRUE);
  if (GST_STATE (self) > GST_STATE_READY
      || GST_STATE_NEXT (self) > GST_STATE_READY)
    gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (element, pad);
  return pad;
}

static void
gst_echoel_live_sink_release_pad (GstElement * element, GstPad * pad)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  Track *track = get_track (self, pad);

  gst_pad_set_active (pad, FALSE);
  if (track == &self->audio)
    live_input_expect_sound (&self->input, FALSE);
  GST_OBJECT_LOCK (self);
  track->pad = NULL;
  GST_OBJECT_UNLOCK (self);
  gst_element_remove_pad (element, pad);
  end_if_all_ended (self);
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
    post_end_if_due (element, FALSE);
}

/* --- object -------------------------------------------------------------- */

static void
gst_echoel_live_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  if (id == PROP_DESTINATIONS)
    set_destinations (GST_ECHOEL_LIVE_SINK (object),
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
        describe_destinations (GST_ECHOEL_LIVE_SINK (object)));
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
    remove_name (self, GST_OBJECT_NAME (g_ptr_array_index (all, i)));
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
  gst_element_class_add_static_pad_template (element_class, &video_template);
  gst_element_class_add_static_pad_template (element_class, &audio_template);
  element_class->change_state = gst_echoel_live_sink_change_state;
  element_class->state_changed = gst_echoel_live_sink_state_changed;
  element_class->request_new_pad = gst_echoel_live_sink_request_new_pad;
  element_class->release_pad = gst_echoel_live_sink_release_pad;
}
