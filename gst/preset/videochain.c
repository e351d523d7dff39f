/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "videochain.h"

#include <gst/video/video.h>
#include <string.h>

#include "binparts.h"

/* A longer gap stays one: a file that names a time hours away, or a recording
 * of a source that has long been running, is not filled with copies. */
#define MAX_DUPLICATION (60 * GST_SECOND)

static GstPadProbeReturn
raw_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  VideoChain *chain = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  GstFlowReturn flow = chain->stopped;
  gboolean ends;

  if (flow == GST_FLOW_OK)
    flow = chain->on_frame (pad, frame, chain->user_data);
  if (flow == GST_FLOW_OK) {
    GST_OBJECT_LOCK (chain->bin);
    chain->stats.frames_in++;
    GST_OBJECT_UNLOCK (chain->bin);
    return GST_PAD_PROBE_OK;
  }
  gst_buffer_unref (frame);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  ends = flow == GST_FLOW_EOS && chain->stopped == GST_FLOW_OK;
  /* videorate of 1.28 goes on after an error. */
  chain->stopped = flow;
  if (ends)
    gst_pad_push_event (pad, gst_event_new_eos ());
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = flow;
  return GST_PAD_PROBE_HANDLED;
}

/* Before videorate, which fills up the end with the last picture. */
static GstPadProbeReturn
source_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  VideoChain *chain = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (GST_BUFFER_PTS_IS_VALID (buffer))
    chain->last = GST_BUFFER_PTS (buffer)
        + (GST_BUFFER_DURATION_IS_VALID (buffer) ?
        GST_BUFFER_DURATION (buffer) : 0);
  return GST_PAD_PROBE_OK;
}

/* Encoders clip the last frame to the segment of the source, which may stop in
 * the middle of it, and parsers of 1.28 leave that as it is. The rate stays
 * constant. */
static GstBuffer *
make_whole (VideoChain * chain, GstBuffer * buffer)
{
  GstClockTime period = gst_util_uint64_scale (GST_SECOND, chain->plan.fps_d,
      chain->plan.fps_n);

  if (GST_BUFFER_DURATION_IS_VALID (buffer)
      && GST_BUFFER_DURATION (buffer) < period) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_DURATION (buffer) = period;
  }
  return buffer;
}

static GstPadProbeReturn
encoded_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  VideoChain *chain = user_data;
  GstBuffer *buffer = make_whole (chain, GST_PAD_PROBE_INFO_BUFFER (info));

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  GST_OBJECT_LOCK (chain->bin);
  chain->stats.frames_out++;
  chain->stats.bytes_out += gst_buffer_get_size (buffer);
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    chain->stats.keyframes_out++;
  GST_OBJECT_UNLOCK (chain->bin);
  return GST_PAD_PROBE_OK;
}

static void
probe (VideoChain * chain, GstElement * element, const gchar * name,
    GstPadProbeCallback callback)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, chain, NULL);
  gst_object_unref (pad);
}

/* Raw video as the platform wants it. Without a size the source's own stays,
 * made even where it is odd. */
static GstCaps *
shape_caps (const VideoChain * chain)
{
  const EchoelPlan *plan = &chain->plan;
  GstCaps *caps = gst_caps_new_simple ("video/x-raw",
      "format", G_TYPE_STRING, encoder_slot_raw_format (chain->slot),
      "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
      "interlace-mode", G_TYPE_STRING, "progressive",
      "colorimetry", G_TYPE_STRING, "bt709",
      "chroma-site", G_TYPE_STRING, "mpeg2", NULL);
  GstStructure *s = gst_caps_get_structure (caps, 0);
  GValue range = G_VALUE_INIT;

  if (plan->width != 0) {
    gst_structure_set (s, "width", G_TYPE_INT, (gint) plan->width,
        "height", G_TYPE_INT, (gint) plan->height, NULL);
    return caps;
  }
  g_value_init (&range, GST_TYPE_INT_RANGE);
  gst_value_set_int_range_step (&range, 2, 16384, 2);
  gst_structure_set_value (s, "width", &range);
  gst_structure_set_value (s, "height", &range);
  g_value_unset (&range);
  return caps;
}

/* --- memory of a GPU --- */

static void
hold_to_memory (GstCaps * caps, const GpuMemory * memory)
{
  gst_caps_set_features_simple (caps, gst_caps_features_new (memory->feature,
          NULL));
}

static GstCaps *
memory_caps (const GpuMemory * memory)
{
  GstCaps *caps = gst_caps_new_empty_simple ("video/x-raw");

  hold_to_memory (caps, memory);
  return caps;
}

static void
set_shape (VideoChain * chain)
{
  GstCaps *caps = shape_caps (chain);

  if (chain->memory != NULL)
    hold_to_memory (caps, chain->memory);
  g_object_set (chain->shape_filter, "caps", caps, NULL);
  gst_caps_unref (caps);
}

/* What will flow between them is not what has so far. */
static gboolean
link_anyway (GstElement * from, GstElement * to)
{
  return gst_element_link_pads_full (from, "src", to, "sink",
      GST_PAD_LINK_CHECK_NOTHING);
}

/* Crop only marks the window: what follows scales it. That would take system
 * memory too, which crop would rather have. */
static gboolean
insert_scaler (VideoChain * chain)
{
  const EchoelPlan *plan = &chain->plan;

  gst_element_unlink (chain->crop, chain->shape_filter);
  chain->memory_filter = bin_part_filter (chain->bin,
      memory_caps (chain->memory), "memory-shape");
  chain->scaler = bin_part_make (chain->bin, chain->memory->scaler, "scaler");
  if (chain->memory_filter == NULL || chain->scaler == NULL)
    return FALSE;
  if (plan->width != 0)
    g_object_set (chain->crop, "aspect-ratio", (gint) plan->width,
        (gint) plan->height, NULL);
  return link_anyway (chain->crop, chain->memory_filter)
      && link_anyway (chain->memory_filter, chain->scaler)
      && link_anyway (chain->scaler, chain->shape_filter)
      && gst_element_sync_state_with_parent (chain->scaler)
      && gst_element_sync_state_with_parent (chain->memory_filter);
}

/* What only works in system memory: deinterlacing, turning. */
static gboolean
is_interlaced (const GstCaps * caps)
{
  const gchar *mode = gst_structure_get_string (gst_caps_get_structure (caps,
          0), "interlace-mode");

  return mode != NULL && strcmp (mode, "progressive") != 0;
}

/* The chain behind stays in the memory in which it began: videorate holds a
 * frame of it. What comes in another, or is worked on in front, is brought
 * there. */
static gboolean
stay_in_memory (VideoChain * chain, gboolean worked_on)
{
  const GpuMemory *coming = chain->coming;

  if (coming == chain->memory && !worked_on)
    return front_download (&chain->front, NULL);
  return front_download (&chain->front, coming)
      && front_add_upload (&chain->front, chain->memory);
}

static gboolean
see_memory (VideoChain * chain, const GstCaps * caps)
{
  const GpuMemory *memory = gpu_memory_find (caps);
  gboolean worked_on = is_interlaced (caps) || front_works (&chain->front);

  chain->coming = memory;
  if (chain->memory != NULL)
    return stay_in_memory (chain, worked_on);
  if (memory == NULL || GST_CLOCK_TIME_IS_VALID (chain->last) || worked_on
      || !gpu_memory_scales (memory)
      || !encoder_slot_use_memory (chain->slot, memory))
    return front_download (&chain->front, memory);
  chain->memory = memory;
  set_shape (chain);
  return insert_scaler (chain);
}

static gboolean
is_turned (GstTagList * tags)
{
  GstVideoOrientationMethod method = GST_VIDEO_ORIENTATION_IDENTITY;

  return gst_video_orientation_from_tag (tags, &method)
      && method != GST_VIDEO_ORIENTATION_IDENTITY;
}

GstEvent *
video_chain_filter_event (VideoChain * chain, GstEvent * event)
{
  gboolean ok = TRUE;
  GstTagList *tags;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    ok = see_memory (chain, caps);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_TAG && chain->memory) {
    gst_event_parse_tag (event, &tags);
    ok = !is_turned (tags) || stay_in_memory (chain, TRUE);
  }
  if (ok)
    return front_filter_event (&chain->front, event);
  gst_event_unref (event);
  return NULL;
}

/* Offered to sources before system memory: what the encoder takes as it is. */
static GstCaps *
offered_caps (VideoChain * chain)
{
  GstCaps *caps = gst_caps_new_empty ();
  const GpuMemory *memories;
  guint i, n;

  memories = gpu_memory_list (&n);
  for (i = 0; i < n; i++) {
    if (gpu_memory_scales (&memories[i])
        && encoder_slot_takes_memory (chain->slot, &memories[i]))
      gst_caps_append (caps, memory_caps (&memories[i]));
  }
  return caps;
}

static GstCaps *
rate_caps (const VideoChain * chain)
{
  GstCaps *caps = gst_caps_new_simple ("video/x-raw", "framerate",
      GST_TYPE_FRACTION, (gint) chain->plan.fps_n, (gint) chain->plan.fps_d,
      NULL);

  gst_caps_set_features_simple (caps, gst_caps_features_new_any ());
  return caps;
}

/* What is followed stays clear of the platform's interface. That is set before
 * anyone outside sees the element: whoever asks for something else wins. */
static gboolean
make_crop (VideoChain * chain)
{
  chain->crop = bin_part_new (chain->bin, "echoelcrop", "crop");
  if (chain->crop == NULL)
    return FALSE;
  bin_part_set_safe_area (chain->crop, &chain->plan.safe_area);
  return gst_bin_add (chain->bin, chain->crop);
}

/* ProRes needs no parser. */
static gboolean
make_parser (VideoChain * chain)
{
  const gchar *factory = chain->plan.format->parser;

  if (factory == NULL)
    return TRUE;
  chain->parser = bin_part_make (chain->bin, factory, "video-parser");
  return chain->parser != NULL;
}

static gboolean
make_parts (VideoChain * chain, const gchar * encoder,
    const EncoderSlotFuncs * funcs)
{
  GstBin *bin = chain->bin;

  return (chain->slot = encoder_slot_new (bin, &chain->plan, encoder, funcs,
          chain->user_data))
      && (chain->rate = bin_part_make (bin, "videorate", "rate"))
      && (chain->rate_filter = bin_part_filter (bin, rate_caps (chain),
          "rate-shape"))
      && make_crop (chain)
      && (chain->shape_filter = bin_part_filter (bin, shape_caps (chain),
          "video-shape"))
      && make_parser (chain);
}

/* The last element: its src pad is the stream's. */
static GstElement *
last_part (VideoChain * chain)
{
  return chain->parser ? chain->parser : encoder_slot_exit (chain->slot);
}

VideoChain *
video_chain_new (GstBin * bin, GstPad * sink, GstPad * src,
    const EchoelPlan * plan, const gchar * encoder,
    const EncoderSlotFuncs * funcs, VideoFrameFunc on_frame, gpointer user_data)
{
  VideoChain *chain = g_new0 (VideoChain, 1);

  chain->bin = chain->front.bin = bin;
  chain->plan = *plan;
  chain->on_frame = on_frame;
  chain->user_data = user_data;
  chain->last = GST_CLOCK_TIME_NONE;
  if (!make_parts (chain, encoder, funcs))
    goto incomplete;
  /* A live source may start late: its first frame is not to be repeated back
   * to the beginning of time. */
  g_object_set (chain->rate, "skip-to-first", plan->usage == ECHOEL_USAGE_LIVE,
      "max-duplication-time", (guint64) MAX_DUPLICATION, NULL);
  rate_end_init (&chain->rate_end, &chain->front, chain->rate,
      chain->rate_filter);
  probe (chain, chain->rate, "sink", source_frame);
  probe (chain, chain->rate_filter, "src", raw_frame);
  probe (chain, last_part (chain), "src", encoded_frame);
  if (!gst_element_link_many (chain->rate, chain->rate_filter, chain->crop,
          chain->shape_filter, NULL)
      || !encoder_slot_link (chain->slot, chain->shape_filter, chain->parser)) {
    GST_ELEMENT_ERROR (bin, CORE, NEGOTIATION,
        ("The elements for %s do not fit together.", plan->format->name),
        (NULL));
    goto incomplete;
  }
  chain->offered = offered_caps (chain);
  front_init (&chain->front, bin, sink, chain->rate, chain->crop);
  bin_part_expose (src, last_part (chain), "src");
  return chain;

incomplete:
  video_chain_free (chain);
  return NULL;
}

void
video_chain_free (VideoChain * chain)
{
  if (chain == NULL)
    return;
  front_clear (&chain->front);
  bin_part_remove (chain->bin, &chain->rate);
  bin_part_remove (chain->bin, &chain->rate_filter);
  rate_end_forget (&chain->rate_end);
  bin_part_remove (chain->bin, &chain->crop);
  bin_part_remove (chain->bin, &chain->memory_filter);
  bin_part_remove (chain->bin, &chain->scaler);
  bin_part_remove (chain->bin, &chain->shape_filter);
  bin_part_remove (chain->bin, &chain->parser);
  encoder_slot_free (chain->slot);
  gst_clear_caps (&chain->offered);
  g_free (chain);
}

void
video_chain_reset (VideoChain * chain)
{
  chain->stopped = GST_FLOW_OK;
  chain->last = GST_CLOCK_TIME_NONE;
  rate_end_forget (&chain->rate_end);
}

void
video_chain_rewind (VideoChain * chain)
{
  front_clear (&chain->front);
  bin_part_expose (chain->front.ghost, chain->rate, "sink");
  if (chain->memory == NULL)
    return;
  chain->memory = NULL;
  gst_element_unlink (chain->crop, chain->memory_filter);
  gst_element_unlink (chain->scaler, chain->shape_filter);
  bin_part_remove (chain->bin, &chain->memory_filter);
  bin_part_remove (chain->bin, &chain->scaler);
  g_object_set (chain->crop, "aspect-ratio", 0, 1, NULL);
  set_shape (chain);
  link_anyway (chain->crop, chain->shape_filter);
}

GstClockTime
video_chain_end (VideoChain * chain)
{
  GstPad *pad = gst_element_get_static_pad (chain->rate, "sink");
  GstClockTime end = bin_part_stream_time (pad, chain->last);

  gst_object_unref (pad);
  return end;
}
