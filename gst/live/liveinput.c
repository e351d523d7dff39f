/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "liveinput.h"

#include "aac.h"

#define MADE_UP_RATE 48000      /* Hz, as echoel_aac_config_default() */
#define MADE_UP_FRAME ((gint64) GST_SECOND * 1024 / MADE_UP_RATE)

void
live_input_init (LiveInput * input, GstElement * element, LiveFeed * feed)
{
  g_mutex_init (&input->lock);
  input->element = element;
  input->feed = feed;
}

static void
forget_all (LiveInput * input)
{
  EchoelTimeline timeline = { {FALSE,}, };
  EchoelAudioFill fresh = { 0, };

  input->timeline = timeline;
  input->fill = fresh;
  input->heard_silence = input->told_silence = FALSE;
  g_clear_pointer (&input->sound, echoel_format_unref);
  g_clear_pointer (&input->picture, echoel_format_unref);
  gst_clear_buffer (&input->silence);
}

void
live_input_clear (LiveInput * input)
{
  forget_all (input);
  g_mutex_clear (&input->lock);
}

void
live_input_reset (LiveInput * input)
{
  g_mutex_lock (&input->lock);
  forget_all (input);
  g_mutex_unlock (&input->lock);
}

void
live_input_flush (LiveInput * input)
{
  EchoelAudioFill fresh = { 0, };

  g_mutex_lock (&input->lock);
  input->fill = fresh;
  live_feed_flush (input->feed);
  g_mutex_unlock (&input->lock);
}

void
live_input_expect_sound (LiveInput * input, gboolean expected)
{
  g_mutex_lock (&input->lock);
  input->sound_expected = expected;
  g_mutex_unlock (&input->lock);
}

gboolean
live_input_is_silent (LiveInput * input)
{
  gboolean silent;

  g_mutex_lock (&input->lock);
  silent = input->fill.silent;
  g_mutex_unlock (&input->lock);
  return silent;
}

/* --- the lock is held ---------------------------------------------------- */

static void
set_sound (LiveInput * input, EchoelFormat * format)
{
  EchoelAacConfig config;
  GBytes *frame;

  echoel_aac_config_parse (format->config, &config);
  frame = echoel_aac_silence (&config);
  echoel_format_unref (input->sound);
  input->sound = echoel_format_ref (format);
  gst_clear_buffer (&input->silence);
  input->silence = gst_buffer_new_wrapped_bytes (frame);
  g_bytes_unref (frame);
  live_feed_set_format (input->feed, format);
}

/* No track was seen: a stereo one is made up. */
static void
make_up_sound (LiveInput * input)
{
  GBytes *config = echoel_aac_config_default ();
  GstBuffer *data = gst_buffer_new_wrapped_bytes (config);
  GstCaps *caps = gst_caps_new_simple ("audio/mpeg",
      "mpegversion", G_TYPE_INT, 4, "stream-format", G_TYPE_STRING, "raw",
      "framed", G_TYPE_BOOLEAN, TRUE, "rate", G_TYPE_INT, MADE_UP_RATE,
      "channels", G_TYPE_INT, 2, "codec_data", GST_TYPE_BUFFER, data, NULL);
  EchoelFormat *format = echoel_format_new (caps, NULL);

  set_sound (input, format);
  echoel_format_unref (format);
  gst_caps_unref (caps);
  gst_buffer_unref (data);
  g_bytes_unref (config);
}

static gint64
frame_duration (const EchoelFormat * sound)
{
  return gst_util_uint64_scale_int (GST_SECOND, sound->frame_samples,
      sound->rate);
}

/* The track that is made up has the same duration as the one assumed. */
static void
fill_up (LiveInput * input, gint64 time)
{
  gint64 start, duration = input->sound != NULL
      ? frame_duration (input->sound) : MADE_UP_FRAME;
  guint frames = echoel_audio_fill_video (&input->fill, time,
      input->sound_expected, duration, &start);

  if (frames == 0)
    return;
  if (input->sound == NULL)
    make_up_sound (input);
  input->heard_silence = TRUE;
  for (; frames > 0; frames--, start += duration) {
    EchoelMedia *media = echoel_media_new (input->sound, input->silence,
        start, start);

    live_feed_push (input->feed, media);
    echoel_media_unref (media);
  }
}

/* Everything behind this trusts the times: one wrong frame, or a source that
 * starts over, would otherwise look like a queue of hours. */
static void
set_right (LiveInput * input, gboolean video, gint64 * dts, gint64 * pts)
{
  guint64 before = input->timeline.jumps;
  gint64 was = *dts;

  echoel_timeline_map (&input->timeline, video, g_get_monotonic_time () * 1000,
      dts, pts);
  if (input->timeline.jumps != before)
    GST_WARNING_OBJECT (input->element, "the time of %s jumps to %"
        GST_STIME_FORMAT ", goes on as %" GST_STIME_FORMAT,
        video ? "video" : "sound", GST_STIME_ARGS (was), GST_STIME_ARGS (*dts));
}

/* Returns: whether this frame is not too late */
static gboolean
note_sound (LiveInput * input, gint64 time)
{
  gboolean pass = echoel_audio_fill_sound (&input->fill, time,
      frame_duration (input->sound));

  if (pass)
    input->heard_silence = FALSE;
  return pass;
}

/* --- the lock is not held ------------------------------------------------ */

static void
post_silence (LiveInput * input, gboolean silent)
{
  GstStructure *s = gst_structure_new ("echoellivesink-silence", "active",
      G_TYPE_BOOLEAN, silent, NULL);

  GST_INFO_OBJECT (input->element, "%" GST_PTR_FORMAT, s);
  gst_element_post_message (input->element,
      gst_message_new_element (GST_OBJECT (input->element), s));
}

/* Says it when it changes. Whoever hears of it may take all the time it likes
 * and ask for pads: the other track goes on, and what changes meanwhile is told
 * by the thread that is at it, in order. */
static void
tell_silence (LiveInput * input)
{
  gboolean silent;

  g_mutex_lock (&input->lock);
  while (!input->telling && input->told_silence != input->heard_silence) {
    silent = input->told_silence = input->heard_silence;
    input->telling = TRUE;
    g_mutex_unlock (&input->lock);
    post_silence (input, silent);
    g_mutex_lock (&input->lock);
    input->telling = FALSE;
  }
  g_mutex_unlock (&input->lock);
}

/* --- from the pads ------------------------------------------------------- */

gboolean
live_input_set_caps (LiveInput * input, const GstCaps * caps, GError ** error)
{
  EchoelFormat *format = echoel_format_new (caps, error);

  if (format == NULL)
    return FALSE;
  g_mutex_lock (&input->lock);
  if (echoel_format_is_video (format)) {
    echoel_format_unref (input->picture);
    input->picture = echoel_format_ref (format);
    live_feed_set_format (input->feed, format);
  } else {
    set_sound (input, format);
  }
  g_mutex_unlock (&input->lock);
  echoel_format_unref (format);
  return TRUE;
}

gboolean
live_input_push (LiveInput * input, gboolean video, GstBuffer * buffer,
    gint64 dts, gint64 pts)
{
  EchoelFormat *format;
  EchoelMedia *media;
  gboolean ask = FALSE, changed;

  g_mutex_lock (&input->lock);
  format = video ? input->picture : input->sound;
  set_right (input, video, &dts, &pts);
  if (video)
    fill_up (input, dts);
  if (format != NULL && (video || note_sound (input, dts))) {
    media = echoel_media_new (format, buffer, dts, pts);
    ask = live_feed_push (input->feed, media);
    echoel_media_unref (media);
  }
  changed = input->told_silence != input->heard_silence;
  g_mutex_unlock (&input->lock);
  if (changed)
    tell_silence (input);
  return ask;
}
