/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The video pads of echoelpreset: what comes in, what is asked for, how a
 * stream ends. */
#include "presetelement.h"

#include "binparts.h"
#include "bitraterequest.h"
#include "refusal.h"

static GstStaticPadTemplate video_sink_template =
GST_STATIC_PAD_TEMPLATE ("video_sink", GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-raw(ANY)"));
static GstStaticPadTemplate video_src_template =
    GST_STATIC_PAD_TEMPLATE ("video_src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=(string){ avc, avc3, "
        "byte-stream }, alignment=(string){ au, nal }; "
        "video/x-h265, stream-format=(string){ hvc1, hev1, byte-stream }, "
        "alignment=(string){ au, nal }; " "video/x-av1; video/x-prores"));

static void
begin_stream (GstEchoelPreset * self)
{
  preset_audio_limit (self);
  if (self->plan.usage == ECHOEL_USAGE_EXPORT)
    audio_watch_start (&self->watch);
}

GstFlowReturn
preset_video_on_frame (GstPad * pad, GstBuffer * frame, gpointer user_data)
{
  GstEchoelPreset *self = user_data;
  GstClockTime time = bin_part_running_time (pad, GST_BUFFER_PTS (frame));
  GstFlowReturn flow;
  gboolean first;

  GST_OBJECT_LOCK (self);
  first = !GST_CLOCK_TIME_IS_VALID (self->first_frame);
  self->last_frame = GST_CLOCK_TIME_IS_VALID (time) ? time : 0;
  if (first)
    self->first_frame = self->last_frame;
  GST_OBJECT_UNLOCK (self);
  if (first)
    begin_stream (self);
  if (g_atomic_int_get (&self->bridging))
    preset_audio_bridge (GST_ELEMENT (self));
  flow = duration_guard_frame (&self->guard, GST_ELEMENT (self),
      self->video_sink);
  if (flow == GST_FLOW_ERROR)
    g_atomic_int_set (&self->failed, TRUE);
  return flow;
}

void
preset_video_refuse_caps (GstEchoelPreset * self)
{
  EchoelPlan plan;
  gchar *title;

  if (!g_atomic_int_compare_and_exchange (&self->failed, FALSE, TRUE))
    return;
  GST_OBJECT_LOCK (self);
  plan = self->plan;
  title = g_strdup (self->platform ? self->platform->title : "The platform");
  GST_OBJECT_UNLOCK (self);
  if (plan.format != NULL)
    refusal_post (GST_ELEMENT (self), self->video_src, &plan, title);
  g_free (title);
}

static GstFlowReturn
video_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstFlowReturn flow = gst_proxy_pad_chain_default (pad, parent, buffer);

  if (flow == GST_FLOW_NOT_NEGOTIATED)
    preset_video_refuse_caps (GST_ECHOEL_PRESET (parent));
  return flow;
}

/* Frames that can stay in memory of a GPU are asked for first. */
static gboolean
video_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);
  GstCaps *offered = NULL, *system = gst_caps_new_empty_simple ("video/x-raw");
  gboolean done;

  GST_OBJECT_LOCK (self);
  if (self->video != NULL)
    gst_caps_replace (&offered, self->video->offered);
  GST_OBJECT_UNLOCK (self);
  done = front_query (pad, parent, query, offered, system);
  gst_clear_caps (&offered);
  gst_caps_unref (system);
  return done;
}

/* Whether the source of an export gave what it announced. Video alone cannot
 * tell: another stream of the source may be the longer one. */
static gboolean
check_whole (GstEchoelPreset * self, AudioChain * audio)
{
  GstClockTime end = video_chain_end (self->video);
  GstClockTime audio_end = audio ? audio_chain_end (audio)
      : GST_CLOCK_TIME_NONE;

  if (GST_CLOCK_TIME_IS_VALID (end) && GST_CLOCK_TIME_IS_VALID (audio_end))
    end = MAX (end, audio_end);
  if (duration_guard_is_whole (&self->guard, GST_ELEMENT (self),
          self->video_sink, end, GST_CLOCK_TIME_IS_VALID (audio_end)))
    return TRUE;
  g_atomic_int_set (&self->failed, TRUE);
  return FALSE;
}

gboolean
preset_stream_ends (GstEchoelPreset * self, gboolean * ended)
{
  AudioChain *audio = preset_audio_get (self);
  gboolean all, whole = !g_atomic_int_get (&self->failed);

  GST_OBJECT_LOCK (self);
  *ended = TRUE;
  all = self->video_ended && (audio == NULL || self->audio_ended);
  GST_OBJECT_UNLOCK (self);
  if (whole && ended == &self->video_ended && self->video != NULL)
    duration_guard_ended (&self->guard, GST_ELEMENT (self),
        video_chain_end (self->video));
  if (whole && all && self->plan.usage == ECHOEL_USAGE_EXPORT)
    whole = check_whole (self, audio);
  if (audio != NULL)
    audio_chain_unref (audio);
  return whole;
}

void
preset_video_forget (GstEchoelPreset * self)
{
  audio_watch_stop (&self->watch);
  if (self->video != NULL)
    video_chain_reset (self->video);
  self->guard.frames = 0;
  self->guard.over = FALSE;
  g_atomic_int_set (&self->bridging, FALSE);
  GST_OBJECT_LOCK (self);
  self->video_ended = FALSE;
  self->first_frame = self->last_frame = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (self);
}

static gboolean
video_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);
  gboolean is_eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
  gboolean is_caps = GST_EVENT_TYPE (event) == GST_EVENT_CAPS, done;

  if (is_eos && !preset_stream_ends (self, &self->video_ended)) {
    gst_event_unref (event);
    return TRUE;
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    preset_video_forget (self);
  if (!is_eos && self->video != NULL) {
    event = video_chain_filter_event (self->video, event);
    if (event == NULL)
      return FALSE;
  }
  done = gst_pad_event_default (pad, parent, event);
  if (is_caps && !done && !GST_PAD_IS_FLUSHING (pad))
    preset_video_refuse_caps (self);
  return done;
}

EncoderSlot *
preset_video_get_slot (GstEchoelPreset * self)
{
  EncoderSlot *slot;

  GST_OBJECT_LOCK (self);
  slot = self->video ? encoder_slot_ref (self->video->slot) : NULL;
  GST_OBJECT_UNLOCK (self);
  return slot;
}

/* What comes up from behind: a request for a bitrate ends here. */
static gboolean
video_src_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  EncoderSlot *slot;

  if (!echoel_bitrate_request_is (event))
    return gst_pad_event_default (pad, parent, event);
  slot = preset_video_get_slot (GST_ECHOEL_PRESET (parent));
  if (slot != NULL) {
    encoder_slot_request (slot, event);
    encoder_slot_unref (slot);
  }
  gst_event_unref (event);
  return TRUE;
}

void
preset_video_add_pads (GstEchoelPreset * self)
{
  self->first_frame = self->last_frame = GST_CLOCK_TIME_NONE;
  self->video_sink = preset_element_make_pad (&video_sink_template);
  self->video_src = preset_element_make_pad (&video_src_template);
  gst_pad_set_event_function (self->video_sink, video_event);
  gst_pad_set_chain_function (self->video_sink, video_chain);
  gst_pad_set_query_function (self->video_sink, video_query);
  gst_pad_set_event_function (self->video_src, video_src_event);
  gst_element_add_pad (GST_ELEMENT (self), self->video_sink);
  gst_element_add_pad (GST_ELEMENT (self), self->video_src);
}

void
preset_video_install (GstElementClass * klass)
{
  gst_element_class_add_static_pad_template (klass, &video_sink_template);
  gst_element_class_add_static_pad_template (klass, &video_src_template);
}
