/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of what is used of VideoToolbox. */
#pragma once

#include <CoreVideo/CoreVideo.h>

typedef struct OpaqueVTPixelTransferSession *VTPixelTransferSessionRef;

OSStatus VTPixelTransferSessionCreate (CFAllocatorRef allocator,
    VTPixelTransferSessionRef * session);
OSStatus VTPixelTransferSessionTransferImage (VTPixelTransferSessionRef
    session, CVPixelBufferRef from, CVPixelBufferRef to);
void VTPixelTransferSessionInvalidate (VTPixelTransferSessionRef session);
