/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoelpreset
 * @title: echoelpreset
 *
 * A platform as an element: raw video and audio go in, streams leave as
 * TikTok, Instagram, YouTube, Facebook, X or Twitch wants them: raster, frame
 * rate, encoder, settings, limits. Inside are deinterlacing and turning
 * upright where a stream needs them, an exactly constant frame rate,
 * #GstEchoelCrop, the best encoder that works on this machine, and a parser.
 *
 * Video always has its two pads. Audio is asked for with the request pad
 * audio_sink, which brings audio_src. The platforms are the element's presets
 * (#GstPreset) and are data: see docs/presets.md.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! echoelpreset platform=tiktok ! echoelmp4mux ! filesink location=out.mp4
 * ]| The picture of a file, for TikTok.
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin name=d  d. ! queue ! echoelpreset name=p platform=tiktok ! queue ! mux.  d. ! queue ! p.audio_sink  p.audio_src ! queue ! mux.  echoelmp4mux name=mux ! filesink location=out.mp4
 * ]| The same with its sound.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include "audiochain.h"
#include "audiowatch.h"
#include "binparts.h"
#include "bitraterequest.h"
#include "durationguard.h"
#include "presetlist.h"
#include "presetsettings.h"
#include "refusal.h"
#include "videochain.h"

GST_DEBUG_CATEGORY_STATIC (echoelpreset_debug);
#define GST_CAT_DEFAULT echoelpreset_debug

#define GST_TYPE_ECHOEL_PRESET (gst_echoel_preset_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelPreset, gst_echoel_preset, GST, ECHOEL_PRESET,
    GstBin);

struct _GstEchoelPreset
{
  GstBin parent;

  PresetSettings settings;      /* guarded by the object lock */
  GstPad *video_sink, *video_src;

  /* Exist from READY on; changed only while nothing streams, the pointers
   * under the object lock. */
  EchoelPreset *platform;
  EchoelPlan plan;
  VideoChain *video;
  DurationGuard guard;

  /* Guarded by the object lock. */
  GstPad *audio_sink, *audio_src;
  AudioChain *audio;
  gchar *active_encoder;
  gboolean audio_connected, audio_ended, video_ended;
  GstClockTime first_frame, last_frame; /* running times, ns */

  gint failed;                  /* atomic: an error was posted */
  AudioWatch watch;
  gint bridging;                /* atomic: silence stands in for late audio */
};

static GstStaticPadTemplate video_sink_template =
GST_STATIC_PAD_TEMPLATE ("video_sink", GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-raw(ANY)"));
static GstStaticPadTemplate video_src_template =
    GST_STATIC_PAD_TEMPLATE ("video_src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=(string){ avc, avc3, "
        "byte-stream }, alignment=(string){ au, nal }; "
        "video/x-h265, stream-format=(string){ hvc1, hev1, byte-stream }, "
        "alignment=(string){ au, nal }; " "video/x-av1; video/x-prores"));
static GstStaticPadTemplate audio_sink_template =
GST_STATIC_PAD_TEMPLATE ("audio_sink", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("audio/x-raw"));
static GstStaticPadTemplate audio_src_template =
GST_STATIC_PAD_TEMPLATE ("audio_src", GST_PAD_SRC, GST_PAD_SOMETIMES,
    GST_STATIC_CAPS ("audio/mpeg, mpegversion=(int)4, "
        "stream-format=(string){ raw, adts }, framed=(boolean)true"));

/* *INDENT-OFF* */
G_DEFINE_FINAL_TYPE_WITH_CODE (GstEchoelPreset, gst_echoel_preset,
    GST_TYPE_BIN,
    G_IMPLEMENT_INTERFACE (GST_TYPE_PRESET, preset_list_interface_init))
GST_ELEMENT_REGISTER_DEFINE (echoelpreset, "echoelpreset", GST_RANK_NONE,
    GST_TYPE_ECHOEL_PRESET)
/* *INDENT-ON* */

/* Returns: (transfer full) (nullable) */
static AudioChain *
get_audio (GstEchoelPreset * self)
{
  AudioChain *audio;

  GST_OBJECT_LOCK (self);
  audio = self->audio ? audio_chain_ref (self->audio) : NULL;
  GST_OBJECT_UNLOCK (self);
  return audio;
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
  AudioChain *audio = get_audio (self);

  if (audio == NULL)
    return;
  audio_chain_finish_silent (audio, get_time (self, &self->first_frame));
  audio_chain_unref (audio);
}

/* Silence up to where video is, so that a muxer that waits for audio takes
 * more video, until the audio itself begins. */
static void
bridge_audio (GstElement * element)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  AudioChain *audio = get_audio (self);

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
  AudioChain *audio = get_audio (self);

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

/* The limit of audio counts from where video begins. */
static void
limit_audio (GstEchoelPreset * self)
{
  AudioChain *audio = get_audio (self);

  if (audio == NULL)
    return;
  if (self->guard.policy == DURATION_POLICY_TRIM)
    audio_chain_set_limit (audio, get_time (self, &self->first_frame),
        echoel_plan_sample_limit (&self->plan));
  audio_chain_unref (audio);
}

static void
begin_stream (GstEchoelPreset * self)
{
  limit_audio (self);
  if (self->plan.usage == ECHOEL_USAGE_EXPORT)
    audio_watch_start (&self->watch);
}

static GstFlowReturn
on_frame (GstPad * pad, GstBuffer * frame, gpointer user_data)
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
    bridge_audio (GST_ELEMENT (self));
  flow = duration_guard_frame (&self->guard, GST_ELEMENT (self),
      self->video_sink);
  if (flow == GST_FLOW_ERROR)
    g_atomic_int_set (&self->failed, TRUE);
  return flow;
}

/* Says once what does not fit, before the source says that something does
 * not. */
static void
refuse_caps (GstEchoelPreset * self)
{
  if (g_atomic_int_compare_and_exchange (&self->failed, FALSE, TRUE))
    refusal_post (GST_ELEMENT (self), self->video_src, &self->plan,
        self->platform->title);
}

static GstFlowReturn
video_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstFlowReturn flow = gst_proxy_pad_chain_default (pad, parent, buffer);

  if (flow == GST_FLOW_NOT_NEGOTIATED)
    refuse_caps (GST_ECHOEL_PRESET (parent));
  return flow;
}

/* Frames that can stay in memory of a GPU are asked for first. */
static gboolean
video_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);
  GstCaps *offered = NULL;

  if (!refusal_sink_query (pad, parent, query))
    return FALSE;
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return TRUE;
  GST_OBJECT_LOCK (self);
  if (self->video != NULL && self->video->offered != NULL)
    offered = gst_caps_ref (self->video->offered);
  GST_OBJECT_UNLOCK (self);
  if (offered != NULL)
    refusal_offer (query, offered);
  return TRUE;
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

/* Notes that one stream has ended. Returns FALSE when EOS must not go on: a
 * source sends it after an error too, and no muxer is to finish the file
 * then. */
static gboolean
stream_ends (GstEchoelPreset * self, gboolean * ended)
{
  AudioChain *audio = get_audio (self);
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

/* What was seen of the video so far counts no more: after a flush, or in
 * READY. */
static void
forget_video (GstEchoelPreset * self)
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

static void
forget_audio (GstEchoelPreset * self)
{
  AudioChain *audio = get_audio (self);

  GST_OBJECT_LOCK (self);
  self->audio_connected = self->audio_ended = FALSE;
  GST_OBJECT_UNLOCK (self);
  if (audio != NULL) {
    audio_chain_reset (audio);
    audio_chain_unref (audio);
  }
}

static gboolean
video_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);
  gboolean is_eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
  gboolean is_caps = GST_EVENT_TYPE (event) == GST_EVENT_CAPS, done;

  if (is_eos && !stream_ends (self, &self->video_ended)) {
    gst_event_unref (event);
    return TRUE;
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    forget_video (self);
  if (!is_eos && self->video != NULL) {
    event = video_chain_filter_event (self->video, event);
    if (event == NULL)
      return FALSE;
  }
  done = gst_pad_event_default (pad, parent, event);
  if (is_caps && !done && !GST_PAD_IS_FLUSHING (pad))
    refuse_caps (self);
  return done;
}

/* What comes up from behind: a request for a bitrate ends here. */
static gboolean
video_src_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);

  if (!echoel_bitrate_request_is (event))
    return gst_pad_event_default (pad, parent, event);
  GST_OBJECT_LOCK (self);
  if (self->video != NULL)
    encoder_slot_request (self->video->slot, event);
  GST_OBJECT_UNLOCK (self);
  gst_event_unref (event);
  return TRUE;
}

static gboolean
audio_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (parent);
  gboolean is_eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS, done = FALSE;
  AudioChain *audio;

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    forget_audio (self);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    GST_OBJECT_LOCK (self);
    self->audio_connected = TRUE;
    GST_OBJECT_UNLOCK (self);
  } else if (is_eos && !stream_ends (self, &self->audio_ended)) {
    done = TRUE;
  } else if (is_eos && (audio = get_audio (self)) != NULL) {
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

static gboolean
make_plan (GstEchoelPreset * self, const PresetSettings * settings)
{
  GError *error = NULL;
  gchar *text;

  if (settings->platform == NULL || *settings->platform == '\0') {
    text = preset_list_names ();
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("No platform is set: write platform= and one of %s.", text), (NULL));
    g_free (text);
    return FALSE;
  }
  self->platform = echoel_preset_find (settings->platform, &error);
  if (self->platform == NULL
      || !echoel_plan_make (self->platform, &settings->overrides, &self->plan,
          &error)) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS, ("%s", error->message),
        ("platform=%s", settings->platform));
    g_error_free (error);
    return FALSE;
  }
  text = echoel_plan_check (&self->plan, self->platform);
  if (text != NULL)
    GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS,
        ("%s may refuse this: %s", self->platform->title, text),
        ("source: %s", GST_STR_NULL (self->platform->platform.source)));
  g_free (text);
  return TRUE;
}

/* Builds the audio half when it was asked for and can be. */
static gboolean
build_audio (GstEchoelPreset * self)
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
  limit_audio (self);
  return TRUE;
}

static void
drop_audio (GstEchoelPreset * self)
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

static void
take_down (GstEchoelPreset * self)
{
  VideoChain *video;
  EchoelPreset *platform;

  drop_audio (self);
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->video_sink), NULL);
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->video_src), NULL);
  GST_OBJECT_LOCK (self);
  video = self->video;
  platform = self->platform;
  self->video = NULL;
  self->platform = NULL;
  g_clear_pointer (&self->active_encoder, g_free);
  GST_OBJECT_UNLOCK (self);
  video_chain_free (video);
  echoel_preset_free (platform);
}

static void
encoder_changed (const EncoderChoice * choice, gpointer user_data)
{
  GstEchoelPreset *self = user_data;

  GST_OBJECT_LOCK (self);
  g_free (self->active_encoder);
  self->active_encoder = g_strdup (choice->factory);
  GST_OBJECT_UNLOCK (self);
  gst_element_post_message (GST_ELEMENT (self), encoder_choice_message (choice,
          GST_OBJECT (self), "echoelpreset-encoder"));
  g_object_notify (G_OBJECT (self), "active-encoder");
}

static void
encoder_is_gone (gpointer user_data)
{
  GstEchoelPreset *self = user_data;

  g_atomic_int_set (&self->failed, TRUE);
}

static const EncoderSlotFuncs slot_funcs = { encoder_changed, encoder_is_gone };

static gboolean
build (GstEchoelPreset * self)
{
  PresetSettings settings;
  gboolean done = FALSE;

  g_atomic_int_set (&self->failed, FALSE);
  GST_OBJECT_LOCK (self);
  preset_settings_copy (&settings, &self->settings);
  GST_OBJECT_UNLOCK (self);
  if (make_plan (self, &settings)) {
    duration_guard_init (&self->guard, settings.duration_policy,
        self->platform->title, &self->plan);
    self->video = video_chain_new (GST_BIN (self), self->video_sink,
        self->video_src, &self->plan, settings.encoder, &slot_funcs, on_frame,
        self);
    done = self->video != NULL && build_audio (self);
  }
  preset_settings_clear (&settings);
  if (!done)
    take_down (self);
  return done;
}

static void
reset_stream (GstEchoelPreset * self)
{
  forget_video (self);
  forget_audio (self);
  self->guard.told = FALSE;
  if (self->video != NULL)
    encoder_slot_reset (self->video->slot);
  g_atomic_int_set (&self->failed, FALSE);
}

/* The video chain goes only when nothing streams, but a message may come from
 * any thread. */
static gboolean
encoder_has_failed (GstEchoelPreset * self, GstMessage * message)
{
  EncoderSlot *slot;

  GST_OBJECT_LOCK (self);
  slot = self->video ? self->video->slot : NULL;
  GST_OBJECT_UNLOCK (self);
  return slot != NULL && encoder_slot_take_error (slot, message);
}

/* What the inside says about caps speaks of pads that nobody outside knows. */
static void
gst_echoel_preset_handle_message (GstBin * bin, GstMessage * message)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (bin);

  if (encoder_has_failed (self, message)) {
    gst_message_unref (message);
    return;
  }
  if (refusal_is_negotiation_error (message)) {
    refuse_caps (self);
    gst_message_unref (message);
    return;
  }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    g_atomic_int_set (&self->failed, TRUE);
  GST_BIN_CLASS (gst_echoel_preset_parent_class)->handle_message (bin, message);
}

static GstStateChangeReturn
gst_echoel_preset_change_state (GstElement * element, GstStateChange change)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  GstStateChangeReturn result;

  if (change == GST_STATE_CHANGE_NULL_TO_READY && !build (self))
    return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    audio_watch_stop (&self->watch);

  result = GST_ELEMENT_CLASS (gst_echoel_preset_parent_class)
      ->change_state (element, change);

  if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
    reset_stream (self);
  if (change == GST_STATE_CHANGE_READY_TO_NULL
      || (change == GST_STATE_CHANGE_NULL_TO_READY
          && result == GST_STATE_CHANGE_FAILURE))
    take_down (self);
  return result;
}

static GstPad *
add_ghost (GstEchoelPreset * self, GstStaticPadTemplate * template)
{
  GstPadTemplate *made = gst_static_pad_template_get (template);
  GstPad *pad =
      gst_ghost_pad_new_no_target_from_template (template->name_template, made);

  gst_object_unref (made);
  return pad;
}

static GstPad *
gst_echoel_preset_request_new_pad (GstElement * element,
    GstPadTemplate * template, const gchar * name, const GstCaps * caps)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);

  if (self->audio_sink != NULL) {
    GST_WARNING_OBJECT (self, "audio_sink exists already");
    return NULL;
  }
  self->audio_sink = add_ghost (self, &audio_sink_template);
  self->audio_src = add_ghost (self, &audio_src_template);
  gst_pad_set_event_function (self->audio_sink, audio_event);
  if (!build_audio (self)) {
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
gst_echoel_preset_release_pad (GstElement * element, GstPad * pad)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);

  if (pad != self->audio_sink)
    return;
  gst_pad_set_active (self->audio_sink, FALSE);
  gst_pad_set_active (self->audio_src, FALSE);
  drop_audio (self);
  gst_element_remove_pad (element, self->audio_sink);
  gst_element_remove_pad (element, self->audio_src);
  self->audio_sink = self->audio_src = NULL;
}

/* A bitrate written while frames flow reaches the encoder with the next one;
 * one that is not possible is refused with a warning and changes nothing. */
static void
change_bitrate (GstEchoelPreset * self, gint before)
{
  EchoelPlan plan;
  GError *error = NULL;

  GST_OBJECT_LOCK (self);
  if (self->video != NULL) {
    plan = self->plan;
    if (echoel_plan_set_bitrate (&plan, self->platform,
            self->settings.overrides.bitrate, &error))
      encoder_slot_set_bitrate (self->video->slot, plan.bitrate);
    else
      self->settings.overrides.bitrate = before;
  }
  GST_OBJECT_UNLOCK (self);
  if (error != NULL) {
    GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS, ("%s", error->message),
        ("the bitrate stays as it was"));
    g_error_free (error);
  }
}

static void
gst_echoel_preset_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (object);
  gboolean known;
  gint bitrate;

  GST_OBJECT_LOCK (self);
  bitrate = self->settings.overrides.bitrate;
  known = preset_settings_set (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  if (id == PRESET_PROP_BITRATE)
    change_bitrate (self, bitrate);
}

static GstStructure *
make_stats (GstEchoelPreset * self)
{
  VideoStats stats = { 0, };
  guint bitrate = 0;

  GST_OBJECT_LOCK (self);
  if (self->video != NULL) {
    stats = self->video->stats;
    bitrate = encoder_slot_bitrate (self->video->slot);
  }
  GST_OBJECT_UNLOCK (self);
  return gst_structure_new ("application/x-echoel-preset-stats",
      "frames-in", G_TYPE_UINT64, stats.frames_in,
      "frames-out", G_TYPE_UINT64, stats.frames_out,
      "keyframes-out", G_TYPE_UINT64, stats.keyframes_out,
      "bytes-out", G_TYPE_UINT64, stats.bytes_out,
      "bitrate", G_TYPE_UINT, bitrate, NULL);
}

static void
gst_echoel_preset_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (object);
  gboolean known = TRUE;

  if (id == PRESET_PROP_STATS) {
    g_value_take_boxed (value, make_stats (self));
    return;
  }
  GST_OBJECT_LOCK (self);
  if (id == PRESET_PROP_ACTIVE_ENCODER)
    g_value_set_string (value, self->active_encoder);
  else
    known = preset_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_preset_finalize (GObject * object)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (object);

  preset_settings_clear (&self->settings);
  G_OBJECT_CLASS (gst_echoel_preset_parent_class)->finalize (object);
}

static void
gst_echoel_preset_init (GstEchoelPreset * self)
{
  preset_settings_init (&self->settings);
  self->first_frame = self->last_frame = GST_CLOCK_TIME_NONE;
  self->watch.owner = GST_ELEMENT (self);
  self->watch.look = look_for_audio;
  self->watch.give_up = end_silent_audio;
  self->watch.fill = bridge_audio;

  self->video_sink = add_ghost (self, &video_sink_template);
  self->video_src = add_ghost (self, &video_src_template);
  gst_pad_set_event_function (self->video_sink, video_event);
  gst_pad_set_chain_function (self->video_sink, video_chain);
  gst_pad_set_query_function (self->video_sink, video_query);
  gst_pad_set_event_function (self->video_src, video_src_event);
  gst_element_add_pad (GST_ELEMENT (self), self->video_sink);
  gst_element_add_pad (GST_ELEMENT (self), self->video_src);
}

static void
gst_echoel_preset_class_init (GstEchoelPresetClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (echoelpreset_debug, "echoelpreset", 0,
      "Echoel platform presets");

  object_class->set_property = gst_echoel_preset_set_property;
  object_class->get_property = gst_echoel_preset_get_property;
  object_class->finalize = gst_echoel_preset_finalize;
  preset_settings_install (object_class);

  gst_element_class_set_static_metadata (element_class, "Echoel preset",
      "Codec/Encoder/Video",
      "Encodes video and audio as a platform wants them", "The Echoel authors");
  gst_element_class_add_static_pad_template (element_class,
      &video_sink_template);
  gst_element_class_add_static_pad_template (element_class,
      &video_src_template);
  gst_element_class_add_static_pad_template (element_class,
      &audio_sink_template);
  gst_element_class_add_static_pad_template (element_class,
      &audio_src_template);
  GST_BIN_CLASS (klass)->handle_message = gst_echoel_preset_handle_message;
  element_class->change_state = gst_echoel_preset_change_state;
  element_class->request_new_pad = gst_echoel_preset_request_new_pad;
  element_class->release_pad = gst_echoel_preset_release_pad;
}
