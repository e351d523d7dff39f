/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropbuffers.h"

#include <gst/video/gstvideopool.h>

#include "scaler.h"

/* Planes as the scaler uses them in place: only video meta says where they
 * are. */
static void
align_planes (GstStructure * config)
{
  GstVideoAlignment align;
  guint i;

  gst_video_alignment_reset (&align);
  for (i = 0; i < GST_VIDEO_MAX_PLANES; i++)
    align.stride_align[i] = ECHOEL_SCALER_ALIGN - 1;
  gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  gst_buffer_pool_config_add_option (config,
      GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT);
  gst_buffer_pool_config_set_video_alignment (config, &align);
}

/* Packed pixels are never used in place. Padding would gain nothing there, and
 * elements around OpenCV do not look at strides: they would see a picture that
 * leans over. */
static gboolean
is_packed (const GstVideoInfo * info)
{
  return GST_VIDEO_INFO_N_PLANES (info) == 1
      && GST_VIDEO_INFO_N_COMPONENTS (info) > 1;
}

static GstBufferPool *
make_pool (const GstCaps * caps, const GstVideoInfo * info, gboolean aligned,
    guint * size)
{
  GstAllocationParams params = { 0, ECHOEL_SCALER_ALIGN - 1, 0, 0 };
  GstBufferPool *pool = gst_video_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (pool);

  gst_buffer_pool_config_set_params (config, (GstCaps *) caps,
      GST_VIDEO_INFO_SIZE (info), 0, 0);
  gst_buffer_pool_config_set_allocator (config, NULL, &params);
  if (aligned && !is_packed (info))
    align_planes (config);
  if (!gst_buffer_pool_set_config (pool, config)) {
    gst_object_unref (pool);
    return NULL;
  }
  config = gst_buffer_pool_get_config (pool);
  gst_buffer_pool_config_get_params (config, NULL, size, NULL, NULL);
  gst_structure_free (config);
  return pool;
}

/* As many as are held back, the one that comes in and the one that goes. */
static guint
count_held (const GstVideoInfo * info, GstClockTime held)
{
  if (held == 0 || info->fps_n <= 0)
    return 0;
  return (guint) gst_util_uint64_scale_ceil (held, info->fps_n,
      info->fps_d * GST_SECOND) + 2;
}

gboolean
crop_buffers_propose (GstQuery * query, GstClockTime held)
{
  GstAllocationParams params = { 0, ECHOEL_SCALER_ALIGN - 1, 0, 0 };
  GstBufferPool *pool;
  GstVideoInfo info;
  GstCaps *caps;
  gboolean need_pool;
  guint size;

  gst_query_parse_allocation (query, &caps, &need_pool);
  if (caps == NULL || !gst_video_info_from_caps (&info, caps))
    return FALSE;
  if (need_pool && (pool = make_pool (caps, &info, TRUE, &size)) != NULL) {
    gst_query_add_allocation_pool (query, pool, size, count_held (&info, held),
        0);
    gst_object_unref (pool);
  }
  gst_query_add_allocation_param (query, NULL, &params);
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}

CropReads
crop_buffers_find_reads (GstQuery * query)
{
  CropReads reads;

  reads.video_meta = gst_query_find_allocation_meta (query,
      GST_VIDEO_META_API_TYPE, NULL);
  /* The size of the whole is in the video meta: neither makes sense alone. */
  reads.crop_meta = reads.video_meta && gst_query_find_allocation_meta (query,
      GST_VIDEO_CROP_META_API_TYPE, NULL);
  return reads;
}

void
crop_buffers_drop_pools (GstQuery * query)
{
  while (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_remove_nth_allocation_pool (query, 0);
}

void
crop_buffers_decide (GstQuery * query, const CropReads * reads)
{
  GstBufferPool *pool;
  GstVideoInfo info;
  GstCaps *caps;
  guint size;

  /* Downstream's own pool goes first. Without video meta the strides must be
   * the default ones, which the base class sees to. */
  gst_query_parse_allocation (query, &caps, NULL);
  if (gst_query_get_n_allocation_pools (query) == 0 && caps != NULL
      && gst_video_info_from_caps (&info, caps)
      && (pool = make_pool (caps, &info, reads->video_meta, &size)) != NULL) {
    gst_query_add_allocation_pool (query, pool, size, 0, 0);
    gst_object_unref (pool);
  }
}

void
crop_buffers_use_meta (GstQuery * query)
{
  GstBufferPool *pool = NULL;
  GstStructure *config;

  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_parse_nth_allocation_pool (query, 0, &pool, NULL, NULL, NULL);
  if (pool == NULL)
    return;
  config = gst_buffer_pool_get_config (pool);
  gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  gst_buffer_pool_set_config (pool, config);
  gst_object_unref (pool);
}

static guint
first_component (const GstVideoFormatInfo * finfo, guint plane)
{
  guint c = 0;

  while (finfo->plane[c] != plane)
    c++;
  return c;
}

/* Whether the rows of a plane lie in @size bytes when the first one begins at
 * @start. */
static gboolean
plane_fits (const GstVideoInfo * info, guint plane, gssize start, gint stride,
    gsize size)
{
  const GstVideoFormatInfo *finfo = info->finfo;
  guint first = first_component (finfo, plane), c;
  gint64 end = start + (gint64) stride
      * (GST_VIDEO_INFO_COMP_HEIGHT (info, first) - 1);
  gint64 row = 0;

  for (c = first; c < GST_VIDEO_FORMAT_INFO_N_COMPONENTS (finfo); c++) {
    if (finfo->plane[c] == plane)
      row = MAX (row, (gint64) GST_VIDEO_INFO_COMP_WIDTH (info, c)
          * finfo->pixel_stride[c]);
  }
  return MIN (start, end) >= 0 && MAX (start, end) + row <= (gint64) size;
}

gboolean
crop_buffers_map (GstVideoFrame * frame, const GstVideoInfo * info,
    GstBuffer * buffer, GstMapFlags flags)
{
  guint p;

  if (!gst_video_frame_map (frame, info, buffer,
          flags | GST_VIDEO_FRAME_MAP_FLAG_NO_REF))
    return FALSE;
  if (frame->meta == NULL)
    return TRUE;
  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++) {
    const GstMapInfo *map = &frame->map[p];

    if (plane_fits (info, p, (guint8 *) frame->data[p] - map->data,
            GST_VIDEO_FRAME_PLANE_STRIDE (frame, p), map->size))
      continue;
    gst_video_frame_unmap (frame);
    return FALSE;
  }
  return TRUE;
}

/* Where plane @plane of @rect starts in a buffer laid out by @offset and
 * @stride. */
static gsize
plane_offset (const GstVideoFormatInfo * finfo, guint plane, gsize offset,
    gint stride, const EchoelRect * rect)
{
  guint c = first_component (finfo, plane);

  return offset + (gsize) (rect->y >> finfo->h_sub[c]) * stride
      + (gsize) (rect->x >> finfo->w_sub[c]) * finfo->pixel_stride[c];
}

/* How the planes of a buffer lie in memory. */
typedef struct
{
  gsize offset[GST_VIDEO_MAX_PLANES];
  gint stride[GST_VIDEO_MAX_PLANES];
} Layout;

static Layout
layout_of (GstBuffer * buffer, const GstVideoInfo * info)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  Layout layout = { {0,}, };
  guint p;

  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++) {
    layout.stride[p] = meta ? meta->stride[p]
        : GST_VIDEO_INFO_PLANE_STRIDE (info, p);
    layout.offset[p] = meta ? meta->offset[p]
        : GST_VIDEO_INFO_PLANE_OFFSET (info, p);
  }
  return layout;
}

gboolean
crop_buffers_can_share (GstBuffer * buffer, const GstVideoInfo * info)
{
  Layout layout = layout_of (buffer, info);
  gsize size = gst_buffer_get_size (buffer);
  guint i;

  for (i = 0; i < gst_buffer_n_memory (buffer); i++) {
    if (GST_MEMORY_IS_NO_SHARE (gst_buffer_peek_memory (buffer, i)))
      return FALSE;
  }
  for (i = 0; i < GST_VIDEO_INFO_N_PLANES (info); i++) {
    if (layout.offset[i] > size || !plane_fits (info, i,
            (gssize) layout.offset[i], layout.stride[i], size))
      return FALSE;
  }
  return gst_buffer_get_video_meta (buffer) != NULL
      || size >= GST_VIDEO_INFO_SIZE (info);
}

/* A buffer with the memory of @buffer that looks like @width x @height. */
static GstBuffer *
share (GstBuffer * buffer, const GstVideoInfo * info, guint width,
    guint height, Layout * layout)
{
  GstBuffer *view = gst_buffer_new ();

  if (!gst_buffer_copy_into (view, buffer, GST_BUFFER_COPY_MEMORY, 0, -1)) {
    gst_buffer_unref (view);
    return NULL;
  }
  gst_buffer_add_video_meta_full (view, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_INFO_FORMAT (info), width, height,
      GST_VIDEO_INFO_N_PLANES (info), layout->offset, layout->stride);
  /* The input must live as long as its memory: it may go back to a pool. */
  gst_buffer_add_parent_buffer_meta (view, buffer);
  return view;
}

GstBuffer *
crop_buffers_view (GstBuffer * buffer, const GstVideoInfo * info,
    const EchoelRect * rect)
{
  Layout layout = layout_of (buffer, info);
  guint p;

  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++)
    layout.offset[p] = plane_offset (info->finfo, p, layout.offset[p],
        layout.stride[p], rect);
  return share (buffer, info, rect->width, rect->height, &layout);
}

GstBuffer *
crop_buffers_mark (GstBuffer * buffer, const GstVideoInfo * info,
    const EchoelRect * rect)
{
  const GstVideoCropMeta *before = gst_buffer_get_video_crop_meta (buffer);
  const GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  Layout layout = layout_of (buffer, info);
  GstVideoCropMeta *crop;
  GstBuffer *view = share (buffer, info,
      meta ? meta->width : (guint) GST_VIDEO_INFO_WIDTH (info),
      meta ? meta->height : (guint) GST_VIDEO_INFO_HEIGHT (info), &layout);

  if (view == NULL)
    return NULL;
  crop = gst_buffer_add_video_crop_meta (view);
  crop->x = rect->x + (before ? before->x : 0);
  crop->y = rect->y + (before ? before->y : 0);
  crop->width = rect->width;
  crop->height = rect->height;
  return view;
}
