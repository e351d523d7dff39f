/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio half of echoelpreset: asked for, heard or not, ended. */
#include "presetelement.h"

GST_DEBUG_CATEGORY_EXTERN (echoelpreset_debug);
#define GST_CAT_DEFAULT echoelpreset_debug

static GstStaticPadTemplate audio_sink_template =
GST_STATIC_PAD_TEMPLATE ("audio_sink", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("audio/x-raw"));
static GstStaticPadTemplate audio_src_template =
GST_STATIC_PAD_TEMPLATE ("audio_src", GST_PAD_SRC, GST_PAD_SOMETIMES,
    GST_STATIC_CAPS ("audio/mpeg, mpegversion=(int)4, "
        "stream-format=(string){ raw, adts }, framed=(boolean)true"));

/* Returns: (transfer full) (nullable) */
AudioChain *
preset_audio_get (GstEchoelPreset * self)
{
  AudioChain *audio;

  GST_OBJECT_LOCK (self);
  audio = self->audio ? audio_chain_ref (self->audio) : NULL;
  GST_OBJECT_UNLOCK (self);
  return audio;
}

gboolean
preset_audio_said (GstEchoelPreset * self, GstMessage * message)
{
  GstObject *part = GST_MESSAGE_SRC (message)
      ? gst_object_ref (GST_MESSAGE_SRC (message)) : NULL;
  gboolean said;

  while (part != NULL && !gst_object_has_as_parent (part, GST_OBJECT (self))) {
    GstObject *parent = gst_object_get_parent (part);

    gst_object_unref (part);
    part = parent;
  }
  said = part != NULL
      && g_str_has_prefix (GST_OBJECT_NAME (part), AUDIO_CHAIN_PREFIX);
  gst_clear_object (&part);
  return said;
}

static GstClockTime
get_time (GstEchoelPreset * self, const GstClockTime * time)
{
  GstClockTime value;

  GST_OBJECT_LOCK (self);
  value = *time;
  GST_OBJECT_UNLOCK (self);
  return value;
}

static void
end_silent_audio (GstElement * element)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  AudioChain *audio = preset_audio_get (self);

  if (audio == NULL)
    return;
  audio_chain_finish_silent (audio, get_time (self, &self->first_frame));
  audio_chain_unref (audio);
}

void
preset_audio_bridge (GstElement * element)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  AudioChain *audio = preset_audio_get (self);

  g_atomic_int_set (&self->bridging, TRUE);
  if (audio == NULL)
    return;
  audio_chain_fill (audio, get_time (self, &self->first_frame),
      get_time (self, &self->last_frame));
  audio_chain_unref (audio);
}

/* Without an audio pad there is nothing to wait for. */
static void
look_for_audio (GstElement * element, EchoelSilenceFacts * facts)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  AudioChain *audio = preset_audio_get (self);

  GST_OBJECT_LOCK (self);
  facts->heard = audio == NULL || audio_chain_heard (audio);
  facts->connected = self->audio_connected;
  facts->video_ended = self->video_ended;
  if (self->video != NULL)
    facts->video_frames = self->video->stats.frames_in;
  facts->video_time = (gdouble) facts->video_frames * self->plan.fps_d
      / self->plan.fps_n;
  GST_OBJECT_UNLOCK (self);
  if (audio != NULL)
    audio_chain_unref (audio);
}

void
preset_audio_limit (GstEchoelPreset * self)
{
  AudioChain *audio = preset_audio_get (self);

  if (audio == NULL)
    return;
  if (self->guard.policy == DURATION_POLICY_TRIM)
    audio_chain_set_limit (audio, get_time (self, &self->first_frame),
        echoel_plan_sample_limit (&self->plan));
  audio_chain_unref (audio);
}

gboolean
preset_audio_build (GstEchoelPreset * self)
{
  AudioChain *audio;

  if (self->audio_sink == NULL || self->video == NULL)
    return TRUE;
  audio = audio_chain_new (GST_BIN (self), self->audio_sink, self->audio_src,
      &self->plan);
  if (audio == NULL)
    return FALSE;
  GST_OBJECT_LOCK (self);
  self->audio = audio;
  GST_OBJECT_UNLOCK (self);
  preset_audio_limit (self);
  return TRUE;
}

void
preset_audio_drop (GstEchoelPreset * self)
{
  AudioChain *audio;

  GST_OBJECT_LOCK (self);
  audio = self->audio;
  self->audio = NULL;
  GST_OBJECT_UNLOCK (self);
  if (audio != NULL) {
    audio_chain_remove (audio);
    audio_chain_unref (audio);
  }
}

void
preset_audio_forget (GstEchoelPreset * self)
{
  AudioChain *audio = preset_audio_get (self);

  GST_OBJECT_LOCK (self);
  self->audio_connected = self->audio_ended = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (audio != NULL) {
    audio_chain_reset (audio);
    audio_chain_unref (audio);
  }
}

static gboolean
audio_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);
  gboolean is_eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS, done = FALSE;
  AudioChain *audio;

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    preset_audio_forget (self);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    GST_OBJECT_LOCK (self);
    self->audio_connected = TRUE;
    GST_OBJECT_UNLOCK (self);
  } else if (is_eos && !preset_stream_ends (self, &self->audio_ended)) {
    done = TRUE;
  } else if (is_eos && (audio = preset_audio_get (self)) != NULL) {
    /* An audio stream that ends before it begins would leave a track that no
     * player opens. */
    done = audio_chain_finish_silent (audio,
        get_time (self, &self->first_frame));
    audio_chain_unref (audio);
  }
  if (done) {
    gst_event_unref (event);
    return TRUE;
  }
  return gst_pad_event_default (pad, parent, event);
}

static GstPad *
request_new_pad (GstElement * element, GstPadTemplate * template,
    const gchar * name, const GstCaps * caps)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);

  if (self->audio_sink != NULL) {
    GST_WARNING_OBJECT (self, "audio_sink exists already");
    return NULL;
  }
  self->audio_sink = preset_element_make_pad (&audio_sink_template);
  self->audio_src = preset_element_make_pad (&audio_src_template);
  gst_pad_set_event_function (self->audio_sink, audio_event);
  if (!preset_audio_build (self)) {
    gst_clear_object (&self->audio_sink);
    gst_clear_object (&self->audio_src);
    return NULL;
  }
  if (GST_STATE (self) > GST_STATE_READY
      || GST_STATE_NEXT (self) > GST_STATE_READY) {
    gst_pad_set_active (self->audio_sink, TRUE);
    gst_pad_set_active (self->audio_src, TRUE);
  }
  if (self->audio != NULL)
    audio_chain_sync_state (self->audio);
  gst_element_add_pad (element, self->audio_src);
  gst_element_add_pad (element, self->audio_sink);
  return self->audio_sink;
}

static void
release_pad (GstElement * element, GstPad * pad)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  AudioChain *audio = preset_audio_get (self);
  GstPad *behind = NULL;

  if (pad != self->audio_sink)
    goto done;
  if (audio != NULL && audio_chain_stop (audio, self->audio_src))
    behind = gst_pad_get_peer (self->audio_src);
  gst_pad_set_active (self->audio_sink, FALSE);
  gst_pad_set_active (self->audio_src, FALSE);
  preset_audio_drop (self);
  if (behind != NULL)
    gst_pad_send_event (behind, gst_event_new_flush_stop (FALSE));
  gst_clear_object (&behind);
  gst_element_remove_pad (element, self->audio_sink);
  gst_element_remove_pad (element, self->audio_src);
  self->audio_sink = self->audio_src = NULL;

done:
  if (audio != NULL)
    audio_chain_unref (audio);
}

void
preset_audio_setup_watch (GstEchoelPreset * self)
{
  self->watch.owner = GST_ELEMENT (self);
  self->watch.look = look_for_audio;
  self->watch.give_up = end_silent_audio;
  self->watch.fill = preset_audio_bridge;
}

void
preset_audio_install (GstElementClass * klass)
{
  gst_element_class_add_static_pad_template (klass, &audio_sink_template);
  gst_element_class_add_static_pad_template (klass, &audio_src_template);
  klass->request_new_pad = request_new_pad;
  klass->release_pad = release_pad;
}
