/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers for echoelcrop: pools whose planes need no copy, and views of a
 * part of a buffer that copy nothing. No state, any thread. */
#pragma once

#include <gst/video/video.h>

#include "geometry.h"

G_BEGIN_DECLS

/**
 * crop_buffers_map:
 * @frame: (out): @buffer mapped, without a reference to it
 * @info: its format
 *
 * As gst_video_frame_map(), which believes what a GstVideoMeta says.
 *
 * Returns: %FALSE when it cannot be mapped or a plane does not lie in its
 *     memory
 */
gboolean crop_buffers_map (GstVideoFrame * frame, const GstVideoInfo * info,
    GstBuffer * buffer, GstMapFlags flags);

/* Adds to an ALLOCATION query what upstream best sends: pool, alignment,
 * video meta. @held: for how long buffers are kept. Returns FALSE when the
 * query has no video caps. */
gboolean crop_buffers_propose (GstQuery * query, GstClockTime held);

/* What downstream reads beside pixels. */
typedef struct
{
  gboolean video_meta;
  gboolean crop_meta;           /* and video_meta */
} CropReads;

/* What the answer to an ALLOCATION query says. */
CropReads crop_buffers_find_reads (GstQuery * query);

/* Adds a pool to the answer of downstream when it has none; its planes are
 * aligned when downstream takes video meta. */
void crop_buffers_decide (GstQuery * query, const CropReads * reads);

/* No buffer will be needed. */
void crop_buffers_drop_pools (GstQuery * query);

/* Makes the pool of a decided query hand out buffers with video meta. */
void crop_buffers_use_meta (GstQuery * query);

/* Whether a view of @buffer, in system memory, copies nothing and shows only
 * what is in it: who gets the view could not tell. */
gboolean crop_buffers_can_share (GstBuffer * buffer,
    const GstVideoInfo * info);

/**
 * crop_buffers_view:
 * @buffer: a buffer of @info
 * @info: its format
 * @rect: a part of it, on whole chroma samples
 *
 * Returns: (transfer full) (nullable): a buffer with the same memory, whose
 *     GstVideoMeta shows @rect; %NULL when the memory cannot be shared
 */
GstBuffer *crop_buffers_view (GstBuffer * buffer, const GstVideoInfo * info,
    const EchoelRect * rect);

/**
 * crop_buffers_mark:
 * @buffer: a buffer of @info, in any memory
 * @rect: any part of it
 *
 * Returns: (transfer full) (nullable): a buffer with the same memory, whose
 *     GstVideoMeta shows all of it and whose GstVideoCropMeta is @rect; %NULL
 *     when the memory cannot be shared
 */
GstBuffer *crop_buffers_mark (GstBuffer * buffer, const GstVideoInfo * info,
    const EchoelRect * rect);

G_END_DECLS
