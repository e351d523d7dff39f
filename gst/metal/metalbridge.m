/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No logic here: what can be decided elsewhere is decided in C. Built without
 * automatic reference counting. */
#include "metalbridge.h"

#import <Metal/Metal.h>

/* Of Apple's Objective-C runtime, and what its compilers emit for a pool. */
extern void *objc_autoreleasePoolPush (void);
extern void objc_autoreleasePoolPop (void *pool);

gboolean
metal_bridge_describe (gpointer texture, MetalTexture * description)
{
  id<MTLTexture> object = (id<MTLTexture>) texture;

  if ([object textureType] != MTLTextureType2D || [object sampleCount] != 1)
    return FALSE;
  description->width = (guint) [object width];
  description->height = (guint) [object height];
  description->pixel_format = (guint) [object pixelFormat];
  description->surface = [object iosurface];
  return TRUE;
}

gpointer
metal_bridge_retain (gpointer texture)
{
  return [(id) texture retain];
}

void
metal_bridge_release (gpointer object)
{
  [(id) object release];
}

gpointer
metal_bridge_queue_new (gpointer texture)
{
  return [[(id<MTLTexture>) texture device] newCommandQueue];
}

static id<MTLTexture>
new_texture_on (id<MTLTexture> like, IOSurfaceRef surface)
{
  MTLTextureDescriptor *descriptor = [MTLTextureDescriptor
      texture2DDescriptorWithPixelFormat: [like pixelFormat]
      width: [like width] height: [like height] mipmapped: NO];

  return [[like device] newTextureWithDescriptor: descriptor
      iosurface: surface plane: 0];
}

static BOOL
copy_and_wait (id<MTLCommandQueue> queue, id<MTLTexture> from,
    id<MTLTexture> to)
{
  id<MTLCommandBuffer> commands = [queue commandBuffer];
  id<MTLBlitCommandEncoder> blit = [commands blitCommandEncoder];
  MTLOrigin origin = { 0, 0, 0 };
  MTLSize size = { [from width], [from height], 1 };

  if (blit == nil)
    return NO;
  [blit copyFromTexture: from sourceSlice: 0 sourceLevel: 0
      sourceOrigin: origin sourceSize: size toTexture: to
      destinationSlice: 0 destinationLevel: 0 destinationOrigin: origin];
  [blit endEncoding];
  [commands commit];
  [commands waitUntilCompleted];
  return [commands status] == MTLCommandBufferStatusCompleted;
}

gboolean
metal_bridge_blit (gpointer queue, gpointer texture, IOSurfaceRef target)
{
  void *pool = objc_autoreleasePoolPush ();
  id<MTLTexture> to = new_texture_on ((id<MTLTexture>) texture, target);
  gboolean done = to != nil && copy_and_wait ((id<MTLCommandQueue>) queue,
      (id<MTLTexture>) texture, to);

  [to release];
  objc_autoreleasePoolPop (pool);
  return done;
}
