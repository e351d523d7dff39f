/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelpreset from the inside: its video, its audio and the element itself
 * have a file each. */
#pragma once

#include "audiochain.h"
#include "audiowatch.h"
#include "durationguard.h"
#include "presetsettings.h"
#include "videochain.h"

G_BEGIN_DECLS

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

/* Returns: (transfer floating): a ghost pad without a target, not added yet */
GstPad *preset_element_make_pad (GstStaticPadTemplate * template);

/* presetvideo.c */

/* Add the pad templates of the class, and the pads of an element. */
void preset_video_install (GstElementClass * klass);
void preset_video_add_pads (GstEchoelPreset * self);

/* A VideoFrameFunc with the element as its data. */
GstFlowReturn preset_video_on_frame (GstPad * pad, GstBuffer * frame,
    gpointer user_data);

/* Returns: (transfer full) (nullable): the place of the encoder. Any thread. */
EncoderSlot *preset_video_get_slot (GstEchoelPreset * self);

/* Says once what does not fit, before the source says that something does
 * not. Any thread. */
void preset_video_refuse_caps (GstEchoelPreset * self);

/* What was seen of the video so far counts no more: after a flush, or in
 * READY. */
void preset_video_forget (GstEchoelPreset * self);

/**
 * preset_stream_ends:
 * @ended: video_ended or audio_ended of @self
 *
 * Notes that one stream has ended. Its streaming thread.
 *
 * Returns: %FALSE when EOS must not go on: a source sends it after an error
 *     too, and no muxer is to finish the file then
 */
gboolean preset_stream_ends (GstEchoelPreset * self, gboolean * ended);

/* presetaudio.c */

/* Adds the pad templates of the class, and its functions for pads that come
 * and go; fills in what the watch for sound of an element asks. */
void preset_audio_install (GstElementClass * klass);
void preset_audio_setup_watch (GstEchoelPreset * self);

/* Builds the audio half when it was asked for and can be. Returns: %FALSE
 * after an error was posted. */
gboolean preset_audio_build (GstEchoelPreset * self);

/* Takes it down. Only when nothing streams. */
void preset_audio_drop (GstEchoelPreset * self);

/* Returns: (transfer full) (nullable): the audio half. Any thread. */
AudioChain *preset_audio_get (GstEchoelPreset * self);

/* Returns: whether an element of the audio half posted @message. Any thread,
 * without locks. */
gboolean preset_audio_said (GstEchoelPreset * self, GstMessage * message);

/* The limit of audio counts from where video begins. */
void preset_audio_limit (GstEchoelPreset * self);

/* Silence up to where video is, so that a muxer that waits for audio takes
 * more video, until the audio itself begins. Any thread. */
void preset_audio_bridge (GstElement * element);

/* As preset_video_forget(). */
void preset_audio_forget (GstEchoelPreset * self);

G_END_DECLS
