/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audiotail.h"

#include <gst/audio/audio.h>

#include "priming.h"

#define AAC_FRAME 1024

struct _AudioTail
{
  GstPad *raw, *encoded;
  gulong raw_probe, encoded_probe;
  guint32 priming;              /* samples in front of the sound */
  guint32 behind;               /* samples of silence to follow it */

  /* Under the stream lock of raw. */
  guint64 samples;              /* of sound */
  GstClockTime end;             /* timestamp at which it ends */
  gboolean own;                 /* the silence is on its way */

  GMutex lock;                  /* guards the end */
  guint rate;                   /* Hz, when there is a limit */
  guint64 limit;                /* samples of priming and sound, G_MAXUINT64:
                                 * it goes on */

  /* Under the stream lock of encoded. */
  guint64 made;                 /* encoded samples */
  GstClockTime next;            /* timestamp of the next frame */
};

static gboolean
get_info (GstPad * pad, GstAudioInfo * info)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gboolean done = caps != NULL && gst_audio_info_from_caps (info, caps);

  gst_clear_caps (&caps);
  return done;
}

static void
count_sound (AudioTail * tail, GstPad * pad, GstBuffer * buffer)
{
  GstAudioInfo info;

  if (tail->own || !get_info (pad, &info))
    return;
  tail->samples += gst_buffer_get_size (buffer) / GST_AUDIO_INFO_BPF (&info);
  if (GST_BUFFER_PTS_IS_VALID (buffer)
      && GST_BUFFER_DURATION_IS_VALID (buffer))
    tail->end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
}

static void
feed_silence (AudioTail * tail, GstPad * pad)
{
  GstAudioInfo info;
  GstBuffer *buffer;
  GstMapInfo map;

  if (tail->samples == 0 || !get_info (pad, &info))
    return;
  g_mutex_lock (&tail->lock);
  tail->limit = tail->priming + tail->samples;
  tail->rate = (guint) GST_AUDIO_INFO_RATE (&info);
  g_mutex_unlock (&tail->lock);
  buffer = gst_buffer_new_allocate (NULL,
      (gsize) tail->behind * GST_AUDIO_INFO_BPF (&info), NULL);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  gst_audio_format_info_fill_silence (info.finfo, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = tail->end;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (tail->behind,
      GST_SECOND, GST_AUDIO_INFO_RATE (&info));
  tail->own = TRUE;
  gst_pad_chain (pad, buffer);
  tail->own = FALSE;
}

static GstPadProbeReturn
on_raw (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  AudioTail *tail = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    count_sound (tail, pad, GST_PAD_PROBE_INFO_BUFFER (info));
  else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
    feed_silence (tail, pad);
  return GST_PAD_PROBE_OK;
}

/* The encoder dates its last frames by the end of the sound: they follow the
 * others instead. The one that the sound ends in becomes as short as what it
 * holds. */
static GstBuffer *
date_last (AudioTail * tail, GstBuffer * buffer, guint64 samples, guint rate)
{
  buffer = gst_buffer_make_writable (buffer);
  if (GST_CLOCK_TIME_IS_VALID (tail->next))
    GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = tail->next;
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale_round (samples, GST_SECOND, rate);
  return buffer;
}

static GstPadProbeReturn
on_encoded (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  AudioTail *tail = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint64 begin = tail->made, limit;
  guint rate;

  g_mutex_lock (&tail->lock);
  limit = tail->limit;
  rate = tail->rate;
  g_mutex_unlock (&tail->lock);
  tail->made += AAC_FRAME;
  if (begin >= limit)
    return GST_PAD_PROBE_DROP;
  if (limit != G_MAXUINT64)
    buffer = date_last (tail, buffer, MIN (limit - begin, AAC_FRAME), rate);
  tail->next = GST_BUFFER_PTS_IS_VALID (buffer)
      && GST_BUFFER_DURATION_IS_VALID (buffer)
      ? GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer)
      : GST_CLOCK_TIME_NONE;
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

AudioTail *
audio_tail_new (GstPad * raw, GstPad * encoded, const gchar * factory)
{
  guint32 behind = echoel_priming_behind (factory);
  AudioTail *tail;

  if (behind == 0)
    return NULL;
  tail = g_new0 (AudioTail, 1);
  g_mutex_init (&tail->lock);
  tail->behind = behind;
  echoel_priming_find (factory, &tail->priming);
  tail->raw = gst_object_ref (raw);
  tail->encoded = gst_object_ref (encoded);
  audio_tail_reset (tail);
  tail->raw_probe = gst_pad_add_probe (raw, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_raw, tail, NULL);
  tail->encoded_probe = gst_pad_add_probe (encoded, GST_PAD_PROBE_TYPE_BUFFER,
      on_encoded, tail, NULL);
  return tail;
}

void
audio_tail_reset (AudioTail * tail)
{
  if (tail == NULL)
    return;
  tail->samples = tail->made = 0;
  tail->end = tail->next = GST_CLOCK_TIME_NONE;
  g_mutex_lock (&tail->lock);
  tail->limit = G_MAXUINT64;
  g_mutex_unlock (&tail->lock);
}

void
audio_tail_free (AudioTail * tail)
{
  if (tail == NULL)
    return;
  gst_pad_remove_probe (tail->raw, tail->raw_probe);
  gst_pad_remove_probe (tail->encoded, tail->encoded_probe);
  gst_object_unref (tail->raw);
  gst_object_unref (tail->encoded);
  g_mutex_clear (&tail->lock);
  g_free (tail);
}
