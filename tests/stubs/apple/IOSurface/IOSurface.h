/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of what is used of IOSurface. */
#pragma once

#include <CoreFoundation/CoreFoundation.h>

typedef struct __IOSurface *IOSurfaceRef;

enum
{
  kIOSurfaceLockReadOnly = 1
};

size_t IOSurfaceGetWidth (IOSurfaceRef surface);
size_t IOSurfaceGetHeight (IOSurfaceRef surface);
OSType IOSurfaceGetPixelFormat (IOSurfaceRef surface);
size_t IOSurfaceGetPlaneCount (IOSurfaceRef surface);
size_t IOSurfaceGetBytesPerRow (IOSurfaceRef surface);
size_t IOSurfaceGetBytesPerRowOfPlane (IOSurfaceRef surface, size_t plane);
void *IOSurfaceGetBaseAddress (IOSurfaceRef surface);
void *IOSurfaceGetBaseAddressOfPlane (IOSurfaceRef surface, size_t plane);
int32_t IOSurfaceLock (IOSurfaceRef surface, uint32_t options,
    uint32_t * seed);
int32_t IOSurfaceUnlock (IOSurfaceRef surface, uint32_t options,
    uint32_t * seed);
