/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metal's objects, with a GPU that is the processor. */
#import <Metal/Metal.h>

#include <objc/runtime.h>
#include <string.h>

#include "standin.h"

extern void *objc_autoreleasePoolPush (void);
extern void objc_autoreleasePoolPop (void *pool);

/* Nothing is released later here: what Metal gives to a pool is shared. */
void *
objc_autoreleasePoolPush (void)
{
  return NULL;
}

void
objc_autoreleasePoolPop (void *pool)
{
}

__attribute__ ((objc_root_class))
@interface Standin
{
@public
  Class isa;
  int refs;
}
- (id) retain;
- (void) release;
- (void) end;
+ (Class) self;
@end

static id
make (Class type)
{
  Standin *made = (Standin *) class_createInstance (type, 0);

  made->refs = 1;
  standin_count_object (1);
  return made;
}

@implementation Standin
- (id) retain
{
  g_atomic_int_inc (&refs);
  return self;
}

- (void) release
{
  if (!g_atomic_int_dec_and_test (&refs))
    return;
  [self end];
  standin_count_object (-1);
  object_dispose (self);
}

- (void) end
{
}

+ (Class) self
{
  return (Class) self;
}
@end

@interface Texture : Standin <MTLTexture>
{
@public
  IOSurfaceRef surface;
  guint8 *memory;               /* where there is no surface */
  NSUInteger wide, high, format;
}
@end

@interface Commands : Standin <MTLCommandQueue, MTLCommandBuffer,
    MTLBlitCommandEncoder>
@end

@interface Device : Standin <MTLDevice>
@end

static Device *device;
static Commands *commands;
static gboolean ended, committed;

@implementation Texture
- (void) end
{
  if (surface != NULL)
    CFRelease (surface);
  g_free (memory);
}

- (NSUInteger) textureType
{
  return wide == 1 ? MTLTextureType2DMultisample : MTLTextureType2D;
}

- (NSUInteger) sampleCount
{
  return 1;
}

- (NSUInteger) width
{
  return wide;
}

- (NSUInteger) height
{
  return high;
}

- (NSUInteger) pixelFormat
{
  return format;
}

- (IOSurfaceRef) iosurface
{
  return surface;
}

- (id <MTLDevice>) device
{
  if (device == nil)
    device = (Device *) class_createInstance ([Device self], 0);
  return device;
}
@end

@implementation Commands
- (id <MTLCommandBuffer>) commandBuffer
{
  ended = committed = FALSE;
  return self;
}

- (id <MTLBlitCommandEncoder>) blitCommandEncoder
{
  return self;
}

- (void) copyFromTexture: (id <MTLTexture>) from
    sourceSlice: (NSUInteger) source_slice
    sourceLevel: (NSUInteger) source_level
    sourceOrigin: (MTLOrigin) source_origin
    sourceSize: (MTLSize) size
    toTexture: (id <MTLTexture>) to
    destinationSlice: (NSUInteger) slice
    destinationLevel: (NSUInteger) level
    destinationOrigin: (MTLOrigin) origin
{
  Texture *source = (Texture *) from, *target = (Texture *) to;
  gsize stride = standin_surface_stride (target->surface, 0), unused;
  guint8 *pixels = standin_surface_gpu (target->surface, &unused);
  NSUInteger row;

  g_assert (!ended && size.width == source->wide && size.depth == 1);
  g_assert (source->format == target->format);
  for (row = 0; row < size.height; row++)
    memcpy (pixels + row * stride, source->memory + row * size.width * 4,
        size.width * 4);
}

- (void) endEncoding
{
  ended = TRUE;
}

- (void) commit
{
  g_assert (ended);
  committed = TRUE;
}

- (void) waitUntilCompleted
{
  g_assert (committed);
}

- (NSUInteger) status
{
  return standin_gpu_is_broken () ? MTLCommandBufferStatusError
      : MTLCommandBufferStatusCompleted;
}
@end

static MTLTextureDescriptor *descriptor;
static NSUInteger wanted_format, wanted_width, wanted_height;

@implementation MTLTextureDescriptor
+ (MTLTextureDescriptor *) texture2DDescriptorWithPixelFormat:
    (NSUInteger) format width: (NSUInteger) width height: (NSUInteger) height
    mipmapped: (BOOL) mipmapped
{
  wanted_format = format;
  wanted_width = width;
  wanted_height = height;
  if (descriptor == nil)
    descriptor = (MTLTextureDescriptor *) class_createInstance (self, 0);
  return descriptor;
}

- (NSUInteger) width
{
  return wanted_width;
}

- (NSUInteger) height
{
  return wanted_height;
}

- (NSUInteger) pixelFormat
{
  return wanted_format;
}
@end

@implementation Device
- (id <MTLCommandQueue>) newCommandQueue
{
  if (commands == nil)
    commands = (Commands *) make ([Commands self]);
  return [commands retain];
}

- (id <MTLTexture>) newTextureWithDescriptor: (MTLTextureDescriptor *) wanted
    iosurface: (IOSurfaceRef) surface plane: (NSUInteger) plane
{
  return (id) standin_texture_new (surface, [wanted width], [wanted height],
      [wanted pixelFormat]);
}
@end

gpointer
standin_texture_new (IOSurfaceRef surface, guint width, guint height,
    guint pixel_format)
{
  Texture *texture = (Texture *) make ([Texture self]);

  texture->wide = width;
  texture->high = height;
  texture->format = pixel_format;
  if (surface != NULL)
    texture->surface = (IOSurfaceRef) CFRetain (surface);
  else
    texture->memory = g_malloc0 (width * height * 4);
  return texture;
}

void
standin_texture_release (gpointer texture)
{
  [(Texture *) texture release];
}

guint8 *
standin_texture_gpu (gpointer data, gsize * size)
{
  Texture *texture = data;

  *size = texture->wide * texture->high * 4;
  return texture->memory;
}
