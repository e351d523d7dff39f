/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Apple's objects in ordinary memory, for tests on other systems. The
 * processor's view of a surface is closed to everyone who has not locked it,
 * and each page that is looked at is counted; what stands in for the GPU has a
 * view of its own. */
#pragma once

#include <CoreVideo/CoreVideo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a surface; CFRelease() it */
IOSurfaceRef standin_surface_new (guint width, guint height, guint32 format);

/* Where the GPU writes: all planes, one after the other. */
guint8 *standin_surface_gpu (IOSurfaceRef surface, gsize * size);
guint standin_surface_stride (IOSurfaceRef surface, guint plane);

/* Bytes that the processor looked at, or locks that were not followed by an
 * unlock: both must be 0 for a picture that nobody reads. */
gsize standin_surface_reads (IOSurfaceRef surface);
gint standin_surface_locks (IOSurfaceRef surface);

/* How many objects of all kinds there are now. */
gint standin_count (void);

/**
 * standin_texture_new:
 * @surface: (nullable): what it lies on; %NULL = memory of the GPU alone
 * @pixel_format: an MTLPixelFormat
 *
 * Returns: (transfer full): an id<MTLTexture>
 */
gpointer standin_texture_new (IOSurfaceRef surface, guint width,
    guint height, guint pixel_format);
void standin_texture_release (gpointer texture);

/* The GPU's memory of a texture without a surface. */
guint8 *standin_texture_gpu (gpointer texture, gsize * size);

/* From now on commands of the GPU fail, or work again. */
void standin_break_gpu (gboolean broken);
gboolean standin_gpu_is_broken (void);

/* For standinmetal.m: counts of objects. */
void standin_count_object (gint change);

/* What GStreamer 1.30 would find for @memory. */
gboolean standin_query_surface (gpointer memory, IOSurfaceRef * surface,
    guint * plane);

G_END_DECLS
