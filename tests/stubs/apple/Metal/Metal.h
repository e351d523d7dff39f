/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of what is used of Metal, and of the root of all objects
 * there. */
#pragma once

#include <IOSurface/IOSurface.h>
#if defined(__has_include) && __has_include (<objc/objc.h>)
#include <objc/objc.h>
#else
/* A compiler without a runtime for what it compiles for. */
typedef signed char BOOL;
#define YES ((BOOL) 1)
#define NO ((BOOL) 0)
#define nil ((id) 0)
#endif

typedef unsigned long NSUInteger;

typedef struct
{
  NSUInteger x, y, z;
} MTLOrigin;

typedef struct
{
  NSUInteger width, height, depth;
} MTLSize;

enum
{
  MTLTextureType2D = 2,
  MTLTextureType2DMultisample = 4,
  MTLCommandBufferStatusCompleted = 4,
  MTLCommandBufferStatusError = 5
};

@protocol NSObject
- (id) retain;
- (void) release;
@end

@protocol MTLDevice;

@protocol MTLTexture <NSObject>
- (NSUInteger) textureType;
- (NSUInteger) sampleCount;
- (NSUInteger) width;
- (NSUInteger) height;
- (NSUInteger) pixelFormat;
- (IOSurfaceRef) iosurface;
- (id <MTLDevice>) device;
@end

@protocol MTLBlitCommandEncoder <NSObject>
- (void) copyFromTexture: (id <MTLTexture>) from
    sourceSlice: (NSUInteger) source_slice
    sourceLevel: (NSUInteger) source_level
    sourceOrigin: (MTLOrigin) source_origin
    sourceSize: (MTLSize) size
    toTexture: (id <MTLTexture>) to
    destinationSlice: (NSUInteger) slice
    destinationLevel: (NSUInteger) level
    destinationOrigin: (MTLOrigin) origin;
- (void) endEncoding;
@end

@protocol MTLCommandBuffer <NSObject>
- (id <MTLBlitCommandEncoder>) blitCommandEncoder;
- (void) commit;
- (void) waitUntilCompleted;
- (NSUInteger) status;
@end

@protocol MTLCommandQueue <NSObject>
- (id <MTLCommandBuffer>) commandBuffer;
@end

__attribute__ ((objc_root_class))
@interface MTLTextureDescriptor
+ (MTLTextureDescriptor *) texture2DDescriptorWithPixelFormat:
    (NSUInteger) format width: (NSUInteger) width height: (NSUInteger) height
    mipmapped: (BOOL) mipmapped;
- (NSUInteger) width;
- (NSUInteger) height;
- (NSUInteger) pixelFormat;
@end

@protocol MTLDevice <NSObject>
- (id <MTLCommandQueue>) newCommandQueue;
- (id <MTLTexture>) newTextureWithDescriptor: (MTLTextureDescriptor *) wanted
    iosurface: (IOSurfaceRef) surface plane: (NSUInteger) plane;
@end
