/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pads of echoellivesink: what comes in, and how it ends. */
#include "livesinkelement.h"

#include <gst/video/video.h>

#include "livedebug.h"

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("video/x-h264, stream-format=(string)avc, "
        "alignment=(string)au; "
        "video/x-h265, stream-format=(string)hvc1, alignment=(string)au"));
static GstStaticPadTemplate audio_template =
GST_STATIC_PAD_TEMPLATE ("audio", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("audio/mpeg, mpegversion=(int)4, "
        "stream-format=(string)raw, framed=(boolean)true"));

/* --- the end ------------------------------------------------------------- */

/* Like any sink, it says so in PLAYING alone, and each time that is reached:
 * a bin forgets it when it pauses. */
void
live_sink_post_end (GstElement * element, gboolean now)
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

/* Returns: whether the track had no pad. */
static gboolean
take_track (GstEchoelLiveSink * self, Track * track, GstPad * pad)
{
  gboolean taken;

  GST_OBJECT_LOCK (self);
  taken = track->pad == NULL;
  if (taken) {
    track->pad = pad;
    track->ended = FALSE;
  }
  GST_OBJECT_UNLOCK (self);
  return taken;
}

GstPad *
live_sink_request_pad (GstElement * element,
    GstPadTemplate * template, const gchar * name, const GstCaps * caps)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  const gchar *kind = GST_PAD_TEMPLATE_NAME_TEMPLATE (template);
  gboolean video = g_str_equal (kind, "video");
  Track *track = video ? &self->video : &self->audio;
  GstPad *pad = gst_pad_new_from_template (template, kind);

  gst_pad_set_chain_function (pad, sink_chain);
  gst_pad_set_event_function (pad, sink_event);
  if (!take_track (self, track, pad)) {
    GST_WARNING_OBJECT (self, "the pad %s exists already", kind);
    gst_object_unref (gst_object_ref_sink (pad));
    return NULL;
  }
  if (video)
    live_feed_expect_video (self->keeper.feed, TRUE);
  else
    live_input_expect_sound (&self->input, TRUE);
  if (GST_STATE (self) > GST_STATE_READY
      || GST_STATE_NEXT (self) > GST_STATE_READY)
    gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (element, pad);
  return pad;
}

void
live_sink_release_pad (GstElement * element, GstPad * pad)
{
  GstEchoelLiveSink *self = GST_ECHOEL_LIVE_SINK (element);
  Track *track = get_track (self, pad);

  gst_pad_set_active (pad, FALSE);
  GST_OBJECT_LOCK (self);
  track->pad = NULL;
  GST_OBJECT_UNLOCK (self);
  if (track == &self->audio)
    live_input_expect_sound (&self->input, FALSE);
  else
    live_feed_expect_video (self->keeper.feed, FALSE);
  gst_element_remove_pad (element, pad);
  end_if_all_ended (self);
}

void
live_sink_add_templates (GstElementClass * klass)
{
  gst_element_class_add_static_pad_template (klass, &video_template);
  gst_element_class_add_static_pad_template (klass, &audio_template);
}
