/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own declarations of what GStreamer 1.30 says of memory on IOSurfaces. */
#pragma once

#include <IOSurface/IOSurface.h>
#include <gst/gst.h>

typedef gboolean (*GstIOSurfaceMemoryQueryFunction) (GstMemory * memory,
    IOSurfaceRef * surface, guint * plane, gpointer user_data);

void gst_iosurface_memory_register_query_function (GType allocator_type,
    GstIOSurfaceMemoryQueryFunction query, gpointer user_data);
