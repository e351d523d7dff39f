/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audiochain.h"

#include <gst/audio/audio.h>
#include <gst/pbutils/missing-plugins.h>
#include <string.h>

#include "binparts.h"
#include "encoderchoice.h"

/* Video encoders hold back a second and more; audio must be able to wait for
 * it, or a demuxer that feeds both stands still. */
#define QUEUE_TIME (10 * GST_SECOND)

#define SILENT_SAMPLES 1024     /* one AAC frame */

struct _AudioChain
{
  GstBin *bin;
  GstPad *entry;                /* sink pad of convert */
  EchoelPlan plan;

  GstElement *convert, *resample, *filter, *encoder, *parser, *queue;

  gint heard;                   /* atomic */
  gint closed;                  /* atomic: somebody ends it */
  gint unlimited;               /* atomic: TRUE until a limit is set */
  guint64 limit;                /* samples, set before unlimited is cleared */

  /* Streaming thread only. */
  guint64 samples;              /* passed so far */
  GstClockTime last;            /* timestamp at which the last buffer ends */
};

/* Cuts the buffer that crosses the limit and ends the stream there. */
static GstPadProbeReturn
limit_samples (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  AudioChain *chain = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint bpf = sizeof (gfloat) * chain->plan.audio_channels;
  GstCaps *caps = gst_pad_get_current_caps (pad);
  GstAudioInfo audio;
  guint64 n, left;

  if (caps != NULL && gst_audio_info_from_caps (&audio, caps))
    bpf = GST_AUDIO_INFO_BPF (&audio);
  gst_clear_caps (&caps);

  n = gst_buffer_get_size (buffer) / bpf;
  if (g_atomic_int_get (&chain->unlimited)
      || chain->samples + n <= chain->limit) {
    chain->samples += n;
    return GST_PAD_PROBE_OK;
  }
  left = chain->limit - MIN (chain->limit, chain->samples);
  chain->samples += left;
  if (left > 0) {
    GST_PAD_PROBE_INFO_DATA (info) =
        gst_audio_buffer_truncate (buffer, bpf, 0, left);
    return GST_PAD_PROBE_OK;
  }
  gst_buffer_unref (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  gst_pad_push_event (pad, gst_event_new_eos ());
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_EOS;
  return GST_PAD_PROBE_HANDLED;
}

static GstPadProbeReturn
hear (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  AudioChain *chain = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  g_atomic_int_set (&chain->heard, TRUE);
  if (GST_BUFFER_PTS_IS_VALID (buffer))
    chain->last = GST_BUFFER_PTS (buffer)
        + (GST_BUFFER_DURATION_IS_VALID (buffer) ?
        GST_BUFFER_DURATION (buffer) : 0);
  return GST_PAD_PROBE_OK;
}

static void
probe (GstElement * element, const gchar * name, GstPadProbeCallback callback,
    gpointer user_data)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, user_data, NULL);
  gst_object_unref (pad);
}

static GstElement *
make_encoder (AudioChain * chain)
{
  EncoderChoice choice;
  GstElement *element;
  GError *error = NULL;

  if (!encoder_choose (ECHOEL_CODEC_AAC, "auto", &chain->plan,
          "audio-encoder", &choice, &error)) {
    GstCaps *caps = gst_caps_from_string ("audio/mpeg,mpegversion=(int)4");

    gst_element_post_message (GST_ELEMENT (chain->bin),
        gst_missing_encoder_message_new (GST_ELEMENT (chain->bin), caps));
    gst_caps_unref (caps);
    GST_ELEMENT_ERROR (chain->bin, CORE, MISSING_PLUGIN,
        ("%s", error->message), (NULL));
    g_error_free (error);
    encoder_choice_clear (&choice);
    return NULL;
  }
  element = choice.element;
  choice.element = NULL;
  encoder_choice_clear (&choice);
  gst_bin_add (chain->bin, element);
  return element;
}

static gboolean
make_parts (AudioChain * chain)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw",
      "rate", G_TYPE_INT, (gint) chain->plan.audio_rate,
      "channels", G_TYPE_INT, (gint) chain->plan.audio_channels, NULL);

  return (chain->filter = bin_part_filter (chain->bin, caps, "audio-shape"))
      && (chain->convert = bin_part_make (chain->bin, "audioconvert",
          "audio-convert"))
      && (chain->resample = bin_part_make (chain->bin, "audioresample",
          "audio-resample"))
      && (chain->encoder = make_encoder (chain))
      && (chain->parser = bin_part_make (chain->bin, "aacparse",
          "audio-parser"))
      && (chain->queue = bin_part_make (chain->bin, "queue", "audio-queue"));
}

AudioChain *
audio_chain_new (GstBin * bin, GstPad * sink, GstPad * src,
    const EchoelPlan * plan)
{
  AudioChain *chain = g_atomic_rc_box_new0 (AudioChain);

  chain->bin = bin;
  chain->plan = *plan;
  chain->unlimited = TRUE;
  chain->last = GST_CLOCK_TIME_NONE;
  if (!make_parts (chain))
    goto incomplete;
  g_object_set (chain->queue, "max-size-time", (guint64) QUEUE_TIME,
      "max-size-bytes", 0, "max-size-buffers", 0, NULL);
  if (!gst_element_link_many (chain->convert, chain->resample, chain->filter,
          chain->encoder, chain->parser, chain->queue, NULL)) {
    GST_ELEMENT_ERROR (bin, CORE, NEGOTIATION,
        ("The audio elements do not fit together."), (NULL));
    goto incomplete;
  }
  chain->entry = gst_element_get_static_pad (chain->convert, "sink");
  probe (chain->convert, "sink", hear, chain);
  probe (chain->filter, "src", limit_samples, chain);
  bin_part_expose (sink, chain->convert, "sink");
  bin_part_expose (src, chain->queue, "src");
  return chain;

incomplete:
  audio_chain_remove (chain);
  audio_chain_unref (chain);
  return NULL;
}

AudioChain *
audio_chain_ref (AudioChain * chain)
{
  return g_atomic_rc_box_acquire (chain);
}

static void
clear (gpointer data)
{
  AudioChain *chain = data;

  gst_clear_object (&chain->entry);
}

void
audio_chain_unref (AudioChain * chain)
{
  g_atomic_rc_box_release_full (chain, clear);
}

void
audio_chain_remove (AudioChain * chain)
{
  bin_part_remove (chain->bin, &chain->convert);
  bin_part_remove (chain->bin, &chain->resample);
  bin_part_remove (chain->bin, &chain->filter);
  bin_part_remove (chain->bin, &chain->encoder);
  bin_part_remove (chain->bin, &chain->parser);
  bin_part_remove (chain->bin, &chain->queue);
}

/* From the end to the start, so that nothing meets a part that sleeps. */
void
audio_chain_sync_state (AudioChain * chain)
{
  gst_element_sync_state_with_parent (chain->queue);
  gst_element_sync_state_with_parent (chain->parser);
  gst_element_sync_state_with_parent (chain->encoder);
  gst_element_sync_state_with_parent (chain->filter);
  gst_element_sync_state_with_parent (chain->resample);
  gst_element_sync_state_with_parent (chain->convert);
}

void
audio_chain_set_limit (AudioChain * chain, guint64 samples)
{
  chain->limit = samples;
  g_atomic_int_set (&chain->unlimited, samples == G_MAXUINT64);
}

gboolean
audio_chain_heard (AudioChain * chain)
{
  return g_atomic_int_get (&chain->heard);
}

GstClockTime
audio_chain_end (AudioChain * chain)
{
  return bin_part_stream_time (chain->entry, chain->last);
}

static GstBuffer *
silence (const AudioChain * chain, GstClockTime start)
{
  gsize size = SILENT_SAMPLES * chain->plan.audio_channels * sizeof (gint16);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, 0, size);
  GST_BUFFER_PTS (buffer) = start;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (SILENT_SAMPLES,
      GST_SECOND, chain->plan.audio_rate);
  return buffer;
}

gboolean
audio_chain_finish_silent (AudioChain * chain, GstClockTime start)
{
  GstCaps *caps;
  GstSegment segment;
  GstPad *pad;

  if (audio_chain_heard (chain)
      || !g_atomic_int_compare_and_exchange (&chain->closed, FALSE, TRUE))
    return FALSE;

  GST_ELEMENT_WARNING (chain->bin, STREAM, FAILED,
      ("No audio arrived: the audio track is left empty."),
      ("nothing came on audio_sink"));
  caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      GST_AUDIO_NE (S16), "layout", G_TYPE_STRING, "interleaved",
      "rate", G_TYPE_INT, (gint) chain->plan.audio_rate,
      "channels", G_TYPE_INT, (gint) chain->plan.audio_channels, NULL);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  pad = gst_object_ref (chain->entry);
  gst_pad_send_event (pad, gst_event_new_stream_start ("echoelpreset-silence"));
  gst_pad_send_event (pad, gst_event_new_caps (caps));
  gst_pad_send_event (pad, gst_event_new_segment (&segment));
  gst_pad_chain (pad, silence (chain, GST_CLOCK_TIME_IS_VALID (start) ? start
          : 0));
  gst_pad_send_event (pad, gst_event_new_eos ());
  gst_object_unref (pad);
  gst_caps_unref (caps);
  return TRUE;
}
