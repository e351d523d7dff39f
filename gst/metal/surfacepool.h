/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pixel buffers on IOSurfaces of one size and format at a time, used again
 * when they come back. One thread. */
#pragma once

#include <CoreVideo/CoreVideo.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

typedef struct _SurfacePool SurfacePool;

SurfacePool *surface_pool_new (void);

/* Returns: (transfer full) (nullable): a pixel buffer for @info; another size
 *     or format than before starts a new pool */
CVPixelBufferRef surface_pool_take (SurfacePool * pool,
    const GstVideoInfo * info);

/* Pixel buffers live on. */
void surface_pool_free (SurfacePool * pool);

G_END_DECLS
