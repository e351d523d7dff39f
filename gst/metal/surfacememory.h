/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IOSurfaces as memory of GStreamer, and pixel buffers where vtenc looks for
 * them. Plain C: IOSurface and Core Video are. Any thread. */
#pragma once

#include <CoreVideo/CoreVideo.h>
#include <gst/video/video.h>

#include "texturebackend.h"

G_BEGIN_DECLS

/* Caps feature of such memory, from GStreamer 1.30 on. */
#define SURFACE_FEATURE "memory:IOSurface"

/* Whether this build and the running GStreamer know SURFACE_FEATURE. */
gboolean surface_memory_has_feature (void);

/* Returns: what the picture in @surface is, without colours */
gboolean surface_read_info (IOSurfaceRef surface, TextureFrame * frame,
    GError ** error);

/**
 * surface_buffer_new:
 * @pixels: (transfer none): a pixel buffer on an IOSurface
 * @frame: layout of that surface
 * @lease: (nullable): what each memory follows
 *
 * Returns: (transfer full): one read-only memory a plane, which keeps the
 *     pixel buffer; nothing is copied, nor mapped before somebody asks
 */
GstBuffer *surface_buffer_new (CVPixelBufferRef pixels,
    const TextureFrame * frame, TextureLease * lease);

/**
 * surface_buffer_mark:
 *
 * Shows the pixel buffer of @buffer to vtenc of GStreamer 1.22 to 1.28, in the
 * meta that it honours. Does nothing before vtenc has run for a first frame,
 * which it takes by mapping, and in later versions, which see the memory.
 */
void surface_buffer_mark (GstBuffer * buffer, CVPixelBufferRef pixels);

G_END_DECLS
