/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of what is used of Core Video. */
#pragma once

#include <IOSurface/IOSurface.h>

typedef struct __CVBuffer *CVPixelBufferRef;
typedef struct __CVPixelBufferPool *CVPixelBufferPoolRef;
typedef int32_t CVReturn;

enum
{
  kCVReturnSuccess = 0
};

extern const CFStringRef kCVPixelBufferWidthKey;
extern const CFStringRef kCVPixelBufferHeightKey;
extern const CFStringRef kCVPixelBufferPixelFormatTypeKey;
extern const CFStringRef kCVPixelBufferIOSurfacePropertiesKey;

CVReturn CVPixelBufferCreateWithIOSurface (CFAllocatorRef allocator,
    IOSurfaceRef surface, CFDictionaryRef attributes,
    CVPixelBufferRef * pixels);
IOSurfaceRef CVPixelBufferGetIOSurface (CVPixelBufferRef pixels);
/* Both accept NULL. */
CVPixelBufferRef CVPixelBufferRetain (CVPixelBufferRef pixels);
void CVPixelBufferRelease (CVPixelBufferRef pixels);
CVReturn CVPixelBufferPoolCreate (CFAllocatorRef allocator,
    CFDictionaryRef pool_attributes, CFDictionaryRef attributes,
    CVPixelBufferPoolRef * pool);
CVReturn CVPixelBufferPoolCreatePixelBuffer (CFAllocatorRef allocator,
    CVPixelBufferPoolRef pool, CVPixelBufferRef * pixels);
void CVPixelBufferPoolRelease (CVPixelBufferPoolRef pool);
