/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What only Objective-C can ask of Metal. An id<MTLTexture> is a gpointer
 * here, and no Metal type leaves metalbridge.m. */
#pragma once

#include <IOSurface/IOSurface.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint width, height;
  guint pixel_format;           /* MTLPixelFormat */
  IOSurfaceRef surface;         /* (nullable): not retained */
} MetalTexture;

/* Fills @description. Any thread; waits for nothing. Returns FALSE for what
 * is no two-dimensional texture of one sample. */
gboolean metal_bridge_describe (gpointer texture, MetalTexture * description);

gpointer metal_bridge_retain (gpointer texture);
void metal_bridge_release (gpointer object);

/* Returns: (transfer full) (nullable): a command queue of the texture's
 *     device, for metal_bridge_blit(); metal_bridge_release() ends it */
gpointer metal_bridge_queue_new (gpointer texture);

/**
 * metal_bridge_blit:
 * @queue: of the device of @texture
 * @target: as large as @texture, in its pixel format
 *
 * Copies on the GPU and waits until that has been done: not for a render
 * thread.
 *
 * Returns: whether it was done
 */
gboolean metal_bridge_blit (gpointer queue, gpointer texture,
    IOSurfaceRef target);

G_END_DECLS
