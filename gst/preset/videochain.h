/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The video half of echoelpreset: any raw video to the platform's stream. */
#pragma once

#include "encoderslot.h"
#include "front.h"
#include "gpumemory.h"
#include "rateend.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 frames_in;            /* raw, at the platform's rate */
  guint64 frames_out, keyframes_out, bytes_out;
} VideoStats;

/* Called before each raw frame at the platform's rate, in the streaming
 * thread. Returns GST_FLOW_OK to encode it, GST_FLOW_EOS to end the video
 * here, GST_FLOW_ERROR after posting one. */
typedef GstFlowReturn (*VideoFrameFunc) (GstPad * pad, GstBuffer * frame,
    gpointer user_data);

typedef struct
{
  GstBin *bin;
  EchoelPlan plan;              /* without later changes of the bitrate */
  Front front;
  RateEnd rate_end;
  GstElement *rate, *rate_filter, *crop, *shape_filter, *parser;
  GstElement *memory_filter, *scaler;   /* of a GPU, between crop and
                                         * shape_filter */
  EncoderSlot *slot;
  VideoFrameFunc on_frame;
  gpointer user_data;
  GstCaps *offered;             /* memory of a GPU to ask sources for first */

  GstClockTime last;            /* timestamp at which the last source frame
                                 * ends; streaming thread only */
  GstFlowReturn stopped;        /* what no more frames are wanted for */
  /* What frames are in behind crop, and what they come in; NULL: system memory.
   * Streaming thread only. */
  const GpuMemory *memory, *coming;
  VideoStats stats;             /* guarded by the bin's object lock */
} VideoChain;

/**
 * video_chain_new:
 * @bin: gets the elements; posts the errors
 * @sink: ghost pad for raw video
 * @src: ghost pad for encoded video
 * @encoder: "auto", "hardware", "software" or a factory name
 * @funcs: told of encoders, with @user_data
 *
 * Returns: (transfer full) (nullable): the chain, %NULL after an error
 */
VideoChain *video_chain_new (GstBin * bin, GstPad * sink, GstPad * src,
    const EchoelPlan * plan, const gchar * encoder,
    const EncoderSlotFuncs * funcs, VideoFrameFunc on_frame,
    gpointer user_data);

/* Removes the elements. Only when nothing streams. Accepts %NULL. */
void video_chain_free (VideoChain * chain);

/**
 * video_chain_filter_event:
 * @event: (transfer full): an event that arrives on the ghost pad
 *
 * Puts in what the stream asks for before the event itself goes on: see
 * front.h. Frames in memory of a GPU stay there where the encoder takes them
 * so and something scales them there; else they are downloaded in front.
 * Streaming thread.
 *
 * Returns: (transfer full) (nullable): the event to forward
 */
GstEvent *video_chain_filter_event (VideoChain * chain, GstEvent * event);

/* Forgets why the stream was stopped: after a flush, or in READY. */
void video_chain_reset (VideoChain * chain);

/* In READY: what the stream brought with it goes, what stands in front for its
 * sake and the memory in which its frames came. */
void video_chain_rewind (VideoChain * chain);

/* Stream time at which the last frame of the source ends, ns, or
 * GST_CLOCK_TIME_NONE. In the streaming thread, or after its EOS. */
GstClockTime video_chain_end (VideoChain * chain);

G_END_DECLS
