/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dmabuf: buffers that drivers share, by file descriptor. */
#include "backends.h"
#include "textureformat.h"
#include "textureread.h"

#include <errno.h>
#include <gst/allocators/allocators.h>
#include <string.h>
#include <unistd.h>

static const gchar *
drm_name (const GstStructure * texture)
{
  return gst_structure_get_string (texture, "drm-format");
}

/* Which format it is: by DRM's name, else by GStreamer's. */
static gboolean
read_format (const GstStructure * texture, const GstStructure * defaults,
    TextureFrame * frame, GError ** error)
{
  const gchar *name = drm_name (texture);
  GstVideoFormat format = GST_VIDEO_FORMAT_UNKNOWN;

  if (name != NULL) {
    if (!echoel_drm_parse (name, &frame->fourcc, &frame->modifier)) {
      g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
          "\"drm-format\" must be like AR24 or AR24:0x0100000000000002");
      return FALSE;
    }
    format = echoel_format_from_drm (frame->fourcc);
  }
  /* Only what both know can be laid out here; the rest must say its planes. */
  if (!texture_read_info (texture, defaults, format != GST_VIDEO_FORMAT_UNKNOWN
          || name == NULL ? format : GST_VIDEO_FORMAT_BGRA, FALSE, frame,
          error))
    return FALSE;
  if (name == NULL)
    frame->fourcc = echoel_format_to_drm (GST_VIDEO_INFO_FORMAT (&frame->info));
  else if (format == GST_VIDEO_FORMAT_UNKNOWN)
    frame->info.finfo = gst_video_format_get_info (format);
  return TRUE;
}

/* Planes of tiled formats are the driver's business: as many as it says. */
static gboolean
read_tiled_layout (const GstStructure * texture, TextureFrame * frame,
    GError ** error)
{
  guint64 strides[GST_VIDEO_MAX_PLANES], offsets[GST_VIDEO_MAX_PLANES];
  guint n = texture_numbers (texture, "stride", strides, GST_VIDEO_MAX_PLANES);
  guint n_offsets = texture_numbers (texture, "offset", offsets,
      GST_VIDEO_MAX_PLANES);
  guint i;

  if (n == 0 || n > GST_VIDEO_MAX_PLANES) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "a format that is not linear needs a \"stride\" for each plane");
    return FALSE;
  }
  frame->n_planes = n;
  for (i = 0; i < n; i++) {
    frame->stride[i] = strides[i];
    frame->offset[i] = i < n_offsets ? offsets[i] : 0;
  }
  return TRUE;
}

/* Whether @number was read from @value, not made of a wrong one. */
static gboolean
is_fd (const GValue * value, guint plane, guint64 number)
{
  if (GST_VALUE_HOLDS_ARRAY (value))
    value = gst_value_array_get_value (value, plane);
  if (number > G_MAXINT)
    return FALSE;
  if (G_VALUE_HOLDS_INT (value))
    return g_value_get_int (value) >= 0;
  if (G_VALUE_HOLDS_INT64 (value))
    return g_value_get_int64 (value) >= 0;
  return G_VALUE_HOLDS_UINT (value) || G_VALUE_HOLDS_UINT64 (value);
}

/* One for all planes, or one for each. */
static gboolean
read_fds (const GstStructure * texture, TextureFrame * frame, GError ** error)
{
  guint64 fds[GST_VIDEO_MAX_PLANES];
  gboolean same = TRUE;
  guint i;

  frame->n_fds = texture_numbers (texture, "fd", fds, GST_VIDEO_MAX_PLANES);
  if (frame->n_fds != 1 && frame->n_fds != frame->n_planes) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "\"fd\" must be one file descriptor, or one for each of %u planes",
        frame->n_planes);
    return FALSE;
  }
  for (i = 0; i < frame->n_fds; i++) {
    if (!is_fd (texture_field (texture, NULL, "fd"), i, fds[i])) {
      g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
          "\"fd\" must be file descriptors, numbers from 0 on");
      return FALSE;
    }
    frame->fd[i] = fds[i];
    same &= fds[i] == fds[0];
  }
  if (same)
    frame->n_fds = 1;
  return TRUE;
}

/* Bytes that the planes of one descriptor reach. */
static gsize
reach_of (const TextureFrame * frame, guint fd)
{
  if (frame->n_fds == 1)
    return texture_size (frame);
  return frame->offset[fd] + texture_plane_size (frame, fd);
}

static gboolean
check_fds (const TextureFrame * frame, GError ** error)
{
  gboolean linear = frame->modifier == ECHOEL_DRM_LINEAR
      && GST_VIDEO_INFO_FORMAT (&frame->info) != GST_VIDEO_FORMAT_UNKNOWN;
  guint i;

  for (i = 0; i < frame->n_fds; i++) {
    off_t size = lseek (frame->fd[i], 0, SEEK_END);

    if (size <= 0) {
      g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
          "file descriptor %d is no buffer: %s", frame->fd[i],
          size < 0 ? g_strerror (errno) : "it is empty");
      return FALSE;
    }
    if (linear && (gsize) size < reach_of (frame, i)) {
      g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
          "the picture takes %" G_GSIZE_FORMAT " bytes of file descriptor %d, "
          "which has %" G_GINT64_FORMAT, reach_of (frame, i), frame->fd[i],
          (gint64) size);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
can_say_drm (void)
{
  return gst_video_format_from_string ("DMA_DRM") != GST_VIDEO_FORMAT_UNKNOWN;
}

static GstCaps *
dmabuf_caps (const TextureFrame * frame)
{
  return echoel_dmabuf_caps (&frame->info, frame->fourcc, frame->modifier,
      can_say_drm ());
}

static gboolean
read_dmabuf (const GstStructure * texture, const GstStructure * defaults,
    TextureFrame * frame, GError ** error)
{
  gboolean linear, fits;
  GstCaps *caps;

  if (!read_format (texture, defaults, frame, error))
    return FALSE;
  linear = frame->modifier == ECHOEL_DRM_LINEAR
      && GST_VIDEO_INFO_FORMAT (&frame->info) != GST_VIDEO_FORMAT_UNKNOWN;
  if (!(linear ? texture_read_layout : read_tiled_layout) (texture, frame,
          error) || !read_fds (texture, frame, error)
      || !check_fds (frame, error))
    return FALSE;
  frame->id = frame->fd[0];
  caps = dmabuf_caps (frame);
  fits = !gst_caps_is_empty (caps);
  gst_caps_unref (caps);
  if (!fits)
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
        "this GStreamer has no caps for that DRM format and modifier: "
        "allocate linear buffers, or use GStreamer 1.24 or later");
  return fits;
}

static gpointer
new_dmabuf (GstElement * element)
{
  return gst_dmabuf_allocator_new ();
}

static GstMemory *
wrap_fd (GstAllocator * allocator, TextureFrame * frame, guint n)
{
  off_t size = lseek (frame->fd[n], 0, SEEK_END);
  GstMemory *memory = size <= 0 ? NULL
      : gst_dmabuf_allocator_alloc_with_flags (allocator, frame->fd[n], size,
      GST_FD_MEMORY_FLAG_DONT_CLOSE | GST_FD_MEMORY_FLAG_KEEP_MAPPED);

  if (memory != NULL) {
    GST_MINI_OBJECT_FLAG_SET (memory, GST_MEMORY_FLAG_READONLY);
    texture_lease_follow (frame->lease, memory);
  }
  return memory;
}

static GstBuffer *
wrap_dmabuf (gpointer state, TextureFrame * frame,
    const TextureTarget * target, GError ** error)
{
  GstBuffer *buffer = gst_buffer_new ();
  gsize start = 0;
  guint i;

  for (i = 0; i < frame->n_fds; i++) {
    GstMemory *memory = wrap_fd (state, frame, i);

    if (memory == NULL) {
      g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_GONE,
          "file descriptor %d has been closed", frame->fd[i]);
      gst_buffer_unref (buffer);
      return NULL;
    }
    /* Offsets count from the first memory of the buffer. */
    if (frame->n_fds > 1)
      frame->offset[i] += start;
    start += memory->size;
    gst_buffer_append_memory (buffer, memory);
  }
  texture_add_video_meta (frame, buffer);
  return buffer;
}

const TextureBackend texture_backend_dmabuf = {
  .name = "dmabuf",
  .text = "DMA buffers of Linux, by file descriptor",
  .feature = GST_CAPS_FEATURE_MEMORY_DMABUF,
  .new = new_dmabuf,
  .free = gst_object_unref,
  .read = read_dmabuf,
  .caps = dmabuf_caps,
  .wrap = wrap_dmabuf,
};
