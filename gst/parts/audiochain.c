/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audiochain.h"

#include <gst/audio/audio.h>
#include <gst/pbutils/missing-plugins.h>
#include <string.h>

#include "audiotail.h"
#include "binparts.h"
#include "encoderchoice.h"

/* Video encoders hold back a second and more; audio must be able to wait for
 * it, or a demuxer that feeds both stands still. */
#define QUEUE_TIME (10 * GST_SECOND)

/* What follows has this long to let go of a buffer, us; a sink that waits for
 * PLAYING never does. */
#define LET_GO_TIME (200 * G_TIME_SPAN_MILLISECOND)

/* Silence comes in pieces of this length: more than one AAC frame. */
#define SILENCE_TIME (50 * GST_MSECOND)

struct _AudioChain
{
  GstBin *bin;
  GstPad *entry;                /* sink pad of convert */
  EchoelPlan plan;

  GstElement *convert, *resample, *filter, *encoder, *parser, *queue;

  AudioTail *tail;              /* (nullable) */
  gint heard;                   /* atomic */
  gint closed;                  /* atomic: somebody ends it */

  GMutex lock;                  /* guards the limit */
  GstClockTime start;           /* running time that the limit counts from */
  guint64 limit;                /* samples, G_MAXUINT64: none */

  /* Under the stream lock of entry. */
  guint64 samples;              /* position behind the last sample */
  GstClockTime last;            /* timestamp at which the last buffer ends */
  GstClockTime filled;          /* running time that silence reaches to */
  GstBuffer *own;               /* silence on its way in; not owned */
};

/* The position of a buffer in samples from where the limit counts; what bears
 * no time follows what came before. */
static gint64
position_of (AudioChain * chain, GstPad * pad, GstBuffer * buffer,
    GstClockTime start)
{
  GstClockTime time = bin_part_running_time (pad, GST_BUFFER_PTS (buffer));

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return (gint64) chain->samples;
  if (!GST_CLOCK_TIME_IS_VALID (start))
    start = 0;
  if (time >= start)
    return (gint64) gst_util_uint64_scale_round (time - start,
        chain->plan.audio_rate, GST_SECOND);
  return -(gint64) gst_util_uint64_scale_round (start - time,
      chain->plan.audio_rate, GST_SECOND);
}

static guint
bytes_per_frame (GstPad * pad)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  GstAudioInfo info;
  guint bpf = 1;

  if (caps != NULL && gst_audio_info_from_caps (&info, caps))
    bpf = GST_AUDIO_INFO_BPF (&info);
  gst_clear_caps (&caps);
  return bpf;
}

/* Cuts the buffer that crosses the limit and ends the stream there. */
static GstPadProbeReturn
limit_samples (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  AudioChain *chain = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint bpf = bytes_per_frame (pad);
  gint64 n = (gint64) (gst_buffer_get_size (buffer) / bpf), at, left;
  GstClockTime start;
  guint64 limit;

  g_mutex_lock (&chain->lock);
  limit = chain->limit;
  start = chain->start;
  g_mutex_unlock (&chain->lock);
  at = position_of (chain, pad, buffer, start);
  chain->samples = (guint64) MAX (at + n, 0);
  if (limit == G_MAXUINT64 || at + n <= (gint64) limit)
    return GST_PAD_PROBE_OK;

  left = (gint64) limit - at;
  if (left > 0) {
    GST_PAD_PROBE_INFO_DATA (info) =
        gst_audio_buffer_truncate (buffer, bpf, 0, (gsize) left);
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

  if (buffer == chain->own)
    return GST_PAD_PROBE_OK;
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

static AudioTail *
make_tail (AudioChain * chain)
{
  GstPad *raw = gst_element_get_static_pad (chain->encoder, "sink");
  GstPad *encoded = gst_element_get_static_pad (chain->parser, "src");
  AudioTail *tail = audio_tail_new (raw, encoded,
      GST_OBJECT_NAME (gst_element_get_factory (chain->encoder)));

  gst_object_unref (raw);
  gst_object_unref (encoded);
  return tail;
}

AudioChain *
audio_chain_new (GstBin * bin, GstPad * sink, GstPad * src,
    const EchoelPlan * plan)
{
  AudioChain *chain = g_atomic_rc_box_new0 (AudioChain);

  chain->bin = bin;
  chain->plan = *plan;
  g_mutex_init (&chain->lock);
  chain->limit = G_MAXUINT64;
  chain->start = chain->last = chain->filled = GST_CLOCK_TIME_NONE;
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
  chain->tail = make_tail (chain);
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
  audio_tail_free (chain->tail);
  g_mutex_clear (&chain->lock);
}

void
audio_chain_unref (AudioChain * chain)
{
  g_atomic_rc_box_release_full (chain, clear);
}

typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean reached;
} Idle;

static GstPadProbeReturn
note_idle (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Idle *idle = user_data;

  g_mutex_lock (&idle->lock);
  idle->reached = TRUE;
  g_cond_broadcast (&idle->cond);
  g_mutex_unlock (&idle->lock);
  return GST_PAD_PROBE_OK;
}

static gboolean
wait_idle (Idle * idle)
{
  gint64 end = g_get_monotonic_time () + LET_GO_TIME;
  gboolean reached;

  g_mutex_lock (&idle->lock);
  while (!idle->reached && g_cond_wait_until (&idle->cond, &idle->lock, end));
  reached = idle->reached;
  g_mutex_unlock (&idle->lock);
  return reached;
}

gboolean
audio_chain_stop (AudioChain * chain, GstPad * src)
{
  GstPad *pad = gst_element_get_static_pad (chain->queue, "src");
  Idle idle = { 0, };
  gboolean flush;
  gulong id;

  g_mutex_init (&idle.lock);
  g_cond_init (&idle.cond);
  /* Nothing more goes down from here on. */
  id = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_IDLE, note_idle, &idle, NULL);
  flush = !wait_idle (&idle);
  if (flush)
    gst_pad_push_event (src, gst_event_new_flush_start ());
  /* Sends whoever waits for room back, and joins the queue's thread. */
  gst_element_set_locked_state (chain->queue, TRUE);
  gst_element_set_state (chain->queue, GST_STATE_NULL);
  gst_pad_remove_probe (pad, id);
  g_mutex_clear (&idle.lock);
  g_cond_clear (&idle.cond);
  gst_object_unref (pad);
  return flush;
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
audio_chain_set_limit (AudioChain * chain, GstClockTime start, guint64 samples)
{
  g_mutex_lock (&chain->lock);
  chain->start = start;
  chain->limit = samples;
  g_mutex_unlock (&chain->lock);
}

void
audio_chain_reset (AudioChain * chain)
{
  g_atomic_int_set (&chain->heard, FALSE);
  g_atomic_int_set (&chain->closed, FALSE);
  audio_tail_reset (chain->tail);
  chain->samples = 0;
  chain->last = chain->filled = GST_CLOCK_TIME_NONE;
}

gboolean
audio_chain_heard (AudioChain * chain)
{
  return g_atomic_int_get (&chain->heard)
      || g_atomic_int_get (&chain->closed);
}

GstClockTime
audio_chain_end (AudioChain * chain)
{
  return bin_part_stream_time (chain->entry, chain->last);
}

/* A pad that has not got as far brings its own caps and segment. */
static gboolean
prepare_entry (AudioChain * chain, GstAudioInfo * info)
{
  GstCaps *caps = gst_pad_get_current_caps (chain->entry);
  GstEvent *event;
  GstSegment segment;
  gboolean done;

  event = gst_pad_get_sticky_event (chain->entry, GST_EVENT_STREAM_START, 0);
  if (event == NULL)
    gst_pad_send_event (chain->entry,
        gst_event_new_stream_start ("echoelpreset-silence"));
  gst_clear_event (&event);
  if (caps == NULL) {
    caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
        GST_AUDIO_NE (S16), "layout", G_TYPE_STRING, "interleaved",
        "rate", G_TYPE_INT, (gint) chain->plan.audio_rate,
        "channels", G_TYPE_INT, (gint) chain->plan.audio_channels, NULL);
    gst_pad_send_event (chain->entry, gst_event_new_caps (caps));
  }
  done = gst_audio_info_from_caps (info, caps);
  gst_caps_unref (caps);
  event = gst_pad_get_sticky_event (chain->entry, GST_EVENT_SEGMENT, 0);
  if (event == NULL) {
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_send_event (chain->entry, gst_event_new_segment (&segment));
  }
  gst_clear_event (&event);
  return done;
}

/* The timestamp that a running time has in the entry's segment. */
static GstClockTime
timestamp_at (AudioChain * chain, GstClockTime running_time)
{
  GstEvent *event = gst_pad_get_sticky_event (chain->entry, GST_EVENT_SEGMENT,
      0);
  GstClockTime time = running_time;
  const GstSegment *segment;

  if (event == NULL)
    return time;
  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_TIME)
    time = gst_segment_position_from_running_time (segment, GST_FORMAT_TIME,
        running_time);
  gst_event_unref (event);
  return time;
}

/* One piece of silence from where the last one ended. */
static GstFlowReturn
push_silence (AudioChain * chain, const GstAudioInfo * info)
{
  guint n = (guint) gst_util_uint64_scale (SILENCE_TIME,
      GST_AUDIO_INFO_RATE (info), GST_SECOND);
  gsize size = (gsize) n * GST_AUDIO_INFO_BPF (info);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GstMapInfo map;
  GstFlowReturn flow;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  gst_audio_format_info_fill_silence (info->finfo, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  if (GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_NON_INTERLEAVED)
    gst_buffer_add_audio_meta (buffer, info, n, NULL);
  GST_BUFFER_PTS (buffer) = timestamp_at (chain, chain->filled);
  GST_BUFFER_DURATION (buffer) = SILENCE_TIME;
  chain->filled += SILENCE_TIME;
  chain->own = buffer;
  flow = gst_pad_chain (chain->entry, buffer);
  chain->own = NULL;
  return flow;
}

/* With the stream lock of entry held. */
static void
fill (AudioChain * chain, GstClockTime start, GstClockTime until)
{
  GstFlowReturn flow = GST_FLOW_OK;
  GstAudioInfo info;

  if (!g_atomic_int_get (&chain->heard) && prepare_entry (chain, &info)) {
    if (!GST_CLOCK_TIME_IS_VALID (chain->filled))
      chain->filled = GST_CLOCK_TIME_IS_VALID (start) ? start : 0;
    while (flow == GST_FLOW_OK && chain->filled < until)
      flow = push_silence (chain, &info);
  }
}

/* The video's thread must not wait here for audio that is on its way in: that
 * may itself be waiting for video. */
void
audio_chain_fill (AudioChain * chain, GstClockTime start, GstClockTime until)
{
  if (audio_chain_heard (chain) || !GST_PAD_STREAM_TRYLOCK (chain->entry))
    return;
  fill (chain, start, until);
  GST_PAD_STREAM_UNLOCK (chain->entry);
}

gboolean
audio_chain_finish_silent (AudioChain * chain, GstClockTime start)
{
  if (g_atomic_int_get (&chain->heard)
      || !g_atomic_int_compare_and_exchange (&chain->closed, FALSE, TRUE))
    return FALSE;

  GST_ELEMENT_WARNING (chain->bin, STREAM, FAILED,
      ("No audio arrived: the audio track is left empty."),
      ("nothing came on audio_sink"));
  if (!GST_CLOCK_TIME_IS_VALID (start))
    start = 0;
  GST_PAD_STREAM_LOCK (chain->entry);
  fill (chain, start, start + SILENCE_TIME);
  GST_PAD_STREAM_UNLOCK (chain->entry);
  gst_pad_send_event (chain->entry, gst_event_new_eos ());
  return TRUE;
}
