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

#include "presetelement.h"
#include "presetlist.h"
#include "refusal.h"

GST_DEBUG_CATEGORY (echoelpreset_debug);
#define GST_CAT_DEFAULT echoelpreset_debug

/* *INDENT-OFF* */
G_DEFINE_FINAL_TYPE_WITH_CODE (GstEchoelPreset, gst_echoel_preset,
    GST_TYPE_BIN,
    G_IMPLEMENT_INTERFACE (GST_TYPE_PRESET, preset_list_interface_init))
GST_ELEMENT_REGISTER_DEFINE (echoelpreset, "echoelpreset", GST_RANK_NONE,
    GST_TYPE_ECHOEL_PRESET)
/* *INDENT-ON* */

GstPad *
preset_element_make_pad (GstStaticPadTemplate * template)
{
  GstPadTemplate *made = gst_static_pad_template_get (template);
  GstPad *pad =
      gst_ghost_pad_new_no_target_from_template (template->name_template, made);

  gst_object_unref (made);
  return pad;
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

static void
take_down (GstEchoelPreset * self)
{
  VideoChain *video;
  EchoelPreset *platform;

  preset_audio_drop (self);
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
        self->video_src, &self->plan, settings.encoder, &slot_funcs,
        preset_video_on_frame, self);
    done = self->video != NULL && preset_audio_build (self);
  }
  preset_settings_clear (&settings);
  if (!done)
    take_down (self);
  return done;
}

static void
reset_stream (GstEchoelPreset * self)
{
  preset_video_forget (self);
  preset_audio_forget (self);
  self->guard.told = FALSE;
  if (self->video != NULL) {
    video_chain_rewind (self->video);
    encoder_slot_reset (self->video->slot);
  }
  g_atomic_int_set (&self->failed, FALSE);
}

/* The video chain goes only when nothing streams, but a message may come from
 * any thread. */
static gboolean
encoder_has_failed (GstEchoelPreset * self, GstMessage * message)
{
  EncoderSlot *slot = preset_video_get_slot (self);
  gboolean taken;

  if (slot == NULL)
    return FALSE;
  taken = encoder_slot_take_error (slot, message);
  encoder_slot_unref (slot);
  return taken;
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
  if (refusal_is_negotiation_error (message)
      && !preset_audio_said (self, message)) {
    preset_video_refuse_caps (self);
    gst_message_unref (message);
    return;
  }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    g_atomic_int_set (&self->failed, TRUE);
  GST_BIN_CLASS (gst_echoel_preset_parent_class)->handle_message (bin, message);
}

/* Before anything else wakes up. */
static gboolean
open_stream (GstEchoelPreset * self)
{
  g_atomic_int_set (&self->failed, FALSE);
  return encoder_slot_open (self->video->slot);
}

static GstStateChangeReturn
gst_echoel_preset_change_state (GstElement * element, GstStateChange change)
{
  GstEchoelPreset *self = GST_ECHOEL_PRESET (element);
  GstStateChangeReturn result;

  if (change == GST_STATE_CHANGE_NULL_TO_READY && !build (self))
    return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED && !open_stream (self))
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

/* A bitrate written while frames flow reaches the encoder with the next one;
 * one that is not possible is refused with a warning and changes nothing. */
static void
change_bitrate (GstEchoelPreset * self, gint before)
{
  EncoderSlot *slot = preset_video_get_slot (self);
  EchoelPlan plan;
  GError *error = NULL;
  gboolean possible = FALSE;

  GST_OBJECT_LOCK (self);
  if (self->video != NULL) {
    plan = self->plan;
    possible = echoel_plan_set_bitrate (&plan, self->platform,
        self->settings.overrides.bitrate, &error);
    if (!possible)
      self->settings.overrides.bitrate = before;
  }
  GST_OBJECT_UNLOCK (self);
  if (slot != NULL) {
    if (possible)
      encoder_slot_set_bitrate (slot, plan.bitrate);
    encoder_slot_unref (slot);
  }
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
  EncoderSlot *slot = preset_video_get_slot (self);
  VideoStats stats = { 0, };
  guint bitrate = 0;

  GST_OBJECT_LOCK (self);
  if (self->video != NULL)
    stats = self->video->stats;
  GST_OBJECT_UNLOCK (self);
  if (slot != NULL) {
    bitrate = encoder_slot_bitrate (slot);
    encoder_slot_unref (slot);
  }
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
  preset_audio_setup_watch (self);
  preset_video_add_pads (self);
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
  preset_video_install (element_class);
  preset_audio_install (element_class);
  GST_BIN_CLASS (klass)->handle_message = gst_echoel_preset_handle_message;
  element_class->change_state = gst_echoel_preset_change_state;
}
