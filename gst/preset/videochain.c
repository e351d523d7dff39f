/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "videochain.h"

#include "binparts.h"

/* A longer gap stays one: a file that names a time hours away, or a recording
 * of a source that has long been running, is not filled with copies. */
#define MAX_DUPLICATION (60 * GST_SECOND)

static GstPadProbeReturn
raw_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  VideoChain *chain = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  GstFlowReturn flow = chain->on_frame (pad, frame, chain->user_data);

  if (flow == GST_FLOW_OK) {
    GST_OBJECT_LOCK (chain->bin);
    chain->stats.frames_in++;
    GST_OBJECT_UNLOCK (chain->bin);
    return GST_PAD_PROBE_OK;
  }
  gst_buffer_unref (frame);
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  if (flow == GST_FLOW_EOS)
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

static GstPadProbeReturn
encoded_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  VideoChain *chain = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

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

static GstCaps *
rate_caps (const VideoChain * chain)
{
  return gst_caps_new_simple ("video/x-raw", "framerate", GST_TYPE_FRACTION,
      (gint) chain->plan.fps_n, (gint) chain->plan.fps_d, NULL);
}

static void
set_safe_area (GstElement * crop, const EchoelSides * sides)
{
  const gdouble fractions[] = { sides->top, sides->right, sides->bottom,
    sides->left
  };
  GValue array = G_VALUE_INIT, value = G_VALUE_INIT;
  guint i;

  g_value_init (&array, GST_TYPE_ARRAY);
  g_value_init (&value, G_TYPE_DOUBLE);
  for (i = 0; i < G_N_ELEMENTS (fractions); i++) {
    g_value_set_double (&value, fractions[i]);
    gst_value_array_append_value (&array, &value);
  }
  g_object_set_property (G_OBJECT (crop), "safe-area", &array);
  g_value_unset (&value);
  g_value_unset (&array);
}

/* What is followed stays clear of the platform's interface. That is set before
 * anyone outside sees the element: whoever asks for something else wins. */
static gboolean
make_crop (VideoChain * chain)
{
  chain->crop = bin_part_new (chain->bin, "echoelcrop", "crop");
  if (chain->crop == NULL)
    return FALSE;
  set_safe_area (chain->crop, &chain->plan.safe_area);
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
  bin_part_remove (chain->bin, &chain->crop);
  bin_part_remove (chain->bin, &chain->shape_filter);
  bin_part_remove (chain->bin, &chain->parser);
  encoder_slot_free (chain->slot);
  g_free (chain);
}

GstClockTime
video_chain_end (VideoChain * chain)
{
  GstPad *pad = gst_element_get_static_pad (chain->rate, "sink");
  GstClockTime end = bin_part_stream_time (pad, chain->last);

  gst_object_unref (pad);
  return end;
}
