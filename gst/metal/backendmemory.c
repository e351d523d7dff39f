/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* memory: surfaces that the processor drew, wrapped where they lie. */
#include "backends.h"
#include "textureformat.h"
#include "textureread.h"

static gboolean
read_memory (const GstStructure * texture, const GstStructure * defaults,
    TextureFrame * frame, GError ** error)
{
  guint64 size = texture_number (texture, NULL, "size");

  frame->handle = texture_pointer (texture, "data");
  if (frame->handle == NULL) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "\"data\" must be a pointer to the pixels");
    return FALSE;
  }
  if (!texture_read_info (texture, defaults, GST_VIDEO_FORMAT_UNKNOWN, FALSE,
          frame, error) || !texture_read_layout (texture, frame, error))
    return FALSE;
  frame->id = GPOINTER_TO_SIZE (frame->handle);
  frame->size = texture_size (frame);
  if (size > 0 && size < frame->size) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "the picture takes %" G_GSIZE_FORMAT " bytes and \"size\" is %"
        G_GUINT64_FORMAT, frame->size, size);
    return FALSE;
  }
  if (size > 0)
    frame->size = size;
  return TRUE;
}

static GstCaps *
memory_caps (const TextureFrame * frame)
{
  return echoel_texture_caps (&frame->info, NULL);
}

static GstBuffer *
wrap_memory (gpointer state, TextureFrame * frame,
    const TextureTarget * target, GError ** error)
{
  GstMemory *memory = gst_memory_new_wrapped (GST_MEMORY_FLAG_READONLY,
      frame->handle, frame->size, 0, frame->size, NULL, NULL);
  GstBuffer *buffer = gst_buffer_new ();

  texture_lease_follow (frame->lease, memory);
  gst_buffer_append_memory (buffer, memory);
  texture_add_video_meta (frame, buffer);
  return buffer;
}

const TextureBackend texture_backend_memory = {
  .name = "memory",
  .text = "Surfaces in the system's memory",
  .read = read_memory,
  .caps = memory_caps,
  .wrap = wrap_memory,
};
