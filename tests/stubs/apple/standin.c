/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "standin.h"

#include <VideoToolbox/VideoToolbox.h>
#include <gst/allocators/gstiosurface.h>
#include <string.h>

#include "readguard.h"
#include "textureformat.h"

#define MAX_PLANES 3
#define STRIDE_ALIGN 64

typedef void (*FreeFunc) (gpointer object);

/* What all objects begin with. */
typedef struct
{
  gint refs;                    /* atomic */
  FreeFunc free;
} Object;

struct __IOSurface
{
  Object object;
  GstVideoInfo info;
  guint32 format;
  gsize stride[MAX_PLANES], offset[MAX_PLANES];
  ReadGuard guard;
  gint locks;                   /* atomic */
};

struct __CVBuffer
{
  Object object;
  IOSurfaceRef surface;
};

struct __CFDictionary
{
  Object object;
  GHashTable *values;
};

struct __CFNumber
{
  Object object;
  gint32 value;
};

struct __CVPixelBufferPool
{
  Object object;
  gint32 width, height, format;
};

struct OpaqueVTPixelTransferSession
{
  Object object;
};

static gint n_objects;          /* atomic */
static gint broken;             /* atomic */

const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks;
const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks;
const CFStringRef kCVPixelBufferWidthKey = (CFStringRef) "width";
const CFStringRef kCVPixelBufferHeightKey = (CFStringRef) "height";
const CFStringRef kCVPixelBufferPixelFormatTypeKey = (CFStringRef) "format";
const CFStringRef kCVPixelBufferIOSurfacePropertiesKey =
    (CFStringRef) "surface";

void
standin_count_object (gint change)
{
  g_atomic_int_add (&n_objects, change);
}

gint
standin_count (void)
{
  return g_atomic_int_get (&n_objects);
}

void
standin_break_gpu (gboolean is_broken)
{
  g_atomic_int_set (&broken, is_broken);
}

gboolean
standin_gpu_is_broken (void)
{
  return g_atomic_int_get (&broken);
}

static gpointer
object_new (gsize size, FreeFunc free)
{
  Object *object = g_malloc0 (size);

  object->refs = 1;
  object->free = free;
  standin_count_object (1);
  return object;
}

CFTypeRef
CFRetain (CFTypeRef object)
{
  g_atomic_int_inc (&((Object *) object)->refs);
  return object;
}

void
CFRelease (CFTypeRef object)
{
  Object *self = (Object *) object;

  g_assert (self != NULL && g_atomic_int_get (&self->refs) > 0);
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;
  if (self->free != NULL)
    self->free (self);
  standin_count_object (-1);
  g_free (self);
}

CFNumberRef
CFNumberCreate (CFAllocatorRef allocator, CFIndex type, const void *value)
{
  struct __CFNumber *number = object_new (sizeof (*number), NULL);

  g_assert (type == kCFNumberSInt32Type);
  memcpy (&number->value, value, sizeof (number->value));
  return number;
}

static void
free_dictionary (gpointer object)
{
  g_hash_table_unref (((CFMutableDictionaryRef) object)->values);
}

CFMutableDictionaryRef
CFDictionaryCreateMutable (CFAllocatorRef allocator, CFIndex capacity,
    const CFDictionaryKeyCallBacks * keys,
    const CFDictionaryValueCallBacks * values)
{
  CFMutableDictionaryRef self = object_new (sizeof (*self), free_dictionary);

  self->values = g_hash_table_new_full (NULL, NULL, NULL,
      (GDestroyNotify) CFRelease);
  return self;
}

void
CFDictionarySetValue (CFMutableDictionaryRef self, const void *key,
    const void *value)
{
  g_hash_table_insert (self->values, (gpointer) key,
      (gpointer) CFRetain (value));
}

static gint32
get_number (CFDictionaryRef self, CFStringRef key)
{
  CFNumberRef number = g_hash_table_lookup (self->values, key);

  g_assert (number != NULL);
  return number->value;
}

/* --- surfaces ------------------------------------------------------------ */

static void
free_surface (gpointer object)
{
  read_guard_clear (&((IOSurfaceRef) object)->guard);
}

IOSurfaceRef
standin_surface_new (guint width, guint height, guint32 format)
{
  IOSurfaceRef self = object_new (sizeof (*self), free_surface);
  GstVideoFormat known = echoel_format_from_cv (format, NULL);
  gsize size = 0;
  guint i;

  g_assert (known != GST_VIDEO_FORMAT_UNKNOWN);
  gst_video_info_set_format (&self->info, known, width, height);
  self->format = format;
  for (i = 0; i < GST_VIDEO_INFO_N_PLANES (&self->info); i++) {
    self->stride[i] =
        (GST_VIDEO_INFO_PLANE_STRIDE (&self->info,
            i) / STRIDE_ALIGN + 1) * STRIDE_ALIGN;
    self->offset[i] = size;
    size += self->stride[i] * (i == 0 ? height : (height + 1) / 2);
  }
  read_guard_init (&self->guard, size, 0);
  return self;
}

guint8 *
standin_surface_gpu (IOSurfaceRef self, gsize * size)
{
  *size = self->guard.size;
  return self->guard.alias;
}

guint
standin_surface_stride (IOSurfaceRef self, guint plane)
{
  return self->stride[plane];
}

gsize
standin_surface_reads (IOSurfaceRef self)
{
  return read_guard_count (&self->guard);
}

gint
standin_surface_locks (IOSurfaceRef self)
{
  return g_atomic_int_get (&self->locks);
}

size_t
IOSurfaceGetWidth (IOSurfaceRef self)
{
  return self->info.width;
}

size_t
IOSurfaceGetHeight (IOSurfaceRef self)
{
  return self->info.height;
}

OSType
IOSurfaceGetPixelFormat (IOSurfaceRef self)
{
  return self->format;
}

size_t
IOSurfaceGetPlaneCount (IOSurfaceRef self)
{
  guint n = GST_VIDEO_INFO_N_PLANES (&self->info);

  return n == 1 ? 0 : n;
}

size_t
IOSurfaceGetBytesPerRow (IOSurfaceRef self)
{
  return self->stride[0];
}

size_t
IOSurfaceGetBytesPerRowOfPlane (IOSurfaceRef self, size_t plane)
{
  g_assert (plane < IOSurfaceGetPlaneCount (self));
  return self->stride[plane];
}

void *
IOSurfaceGetBaseAddress (IOSurfaceRef self)
{
  g_assert (g_atomic_int_get (&self->locks) > 0);
  return self->guard.data;
}

void *
IOSurfaceGetBaseAddressOfPlane (IOSurfaceRef self, size_t plane)
{
  g_assert (plane < IOSurfaceGetPlaneCount (self));
  g_assert (g_atomic_int_get (&self->locks) > 0);
  return self->guard.data + self->offset[plane];
}

int32_t
IOSurfaceLock (IOSurfaceRef self, uint32_t options, uint32_t * seed)
{
  g_assert (options == kIOSurfaceLockReadOnly);
  g_atomic_int_inc (&self->locks);
  return 0;
}

int32_t
IOSurfaceUnlock (IOSurfaceRef self, uint32_t options, uint32_t * seed)
{
  g_assert (g_atomic_int_add (&self->locks, -1) > 0);
  return 0;
}

/* --- pixel buffers ------------------------------------------------------- */

static void
free_pixels (gpointer object)
{
  CFRelease (((CVPixelBufferRef) object)->surface);
}

CVReturn
CVPixelBufferCreateWithIOSurface (CFAllocatorRef allocator,
    IOSurfaceRef surface, CFDictionaryRef attributes, CVPixelBufferRef * pixels)
{
  *pixels = object_new (sizeof (**pixels), free_pixels);
  (*pixels)->surface = (IOSurfaceRef) CFRetain (surface);
  return kCVReturnSuccess;
}

IOSurfaceRef
CVPixelBufferGetIOSurface (CVPixelBufferRef pixels)
{
  return pixels->surface;
}

CVPixelBufferRef
CVPixelBufferRetain (CVPixelBufferRef pixels)
{
  return pixels ? (CVPixelBufferRef) CFRetain (pixels) : NULL;
}

void
CVPixelBufferRelease (CVPixelBufferRef pixels)
{
  if (pixels != NULL)
    CFRelease (pixels);
}

CVReturn
CVPixelBufferPoolCreate (CFAllocatorRef allocator, CFDictionaryRef unused,
    CFDictionaryRef wanted, CVPixelBufferPoolRef * pool)
{
  g_assert (g_hash_table_contains (wanted->values,
          kCVPixelBufferIOSurfacePropertiesKey));
  *pool = object_new (sizeof (**pool), NULL);
  (*pool)->width = get_number (wanted, kCVPixelBufferWidthKey);
  (*pool)->height = get_number (wanted, kCVPixelBufferHeightKey);
  (*pool)->format = get_number (wanted, kCVPixelBufferPixelFormatTypeKey);
  return kCVReturnSuccess;
}

CVReturn
CVPixelBufferPoolCreatePixelBuffer (CFAllocatorRef allocator,
    CVPixelBufferPoolRef pool, CVPixelBufferRef * pixels)
{
  IOSurfaceRef surface = standin_surface_new (pool->width, pool->height,
      pool->format);

  CVPixelBufferCreateWithIOSurface (NULL, surface, NULL, pixels);
  CFRelease (surface);
  return kCVReturnSuccess;
}

void
CVPixelBufferPoolRelease (CVPixelBufferPoolRef pool)
{
  if (pool != NULL)
    CFRelease (pool);
}

/* --- what the GPU does --------------------------------------------------- */

OSStatus
VTPixelTransferSessionCreate (CFAllocatorRef allocator,
    VTPixelTransferSessionRef * session)
{
  *session = object_new (sizeof (**session), NULL);
  return 0;
}

/* The first sample of the source as the luma of all of the target: enough to
 * see which picture became which. */
OSStatus
VTPixelTransferSessionTransferImage (VTPixelTransferSessionRef session,
    CVPixelBufferRef from, CVPixelBufferRef to)
{
  if (standin_gpu_is_broken ())
    return -1;
  g_assert (IOSurfaceGetWidth (from->surface)
      == IOSurfaceGetWidth (to->surface));
  memset (to->surface->guard.alias, from->surface->guard.alias[0],
      to->surface->guard.size);
  return 0;
}

void
VTPixelTransferSessionInvalidate (VTPixelTransferSessionRef session)
{
}

/* --- GStreamer 1.30 ------------------------------------------------------ */

static GstIOSurfaceMemoryQueryFunction query_function;
static GType query_type;

void
gst_iosurface_memory_register_query_function (GType allocator_type,
    GstIOSurfaceMemoryQueryFunction query, gpointer user_data)
{
  query_type = allocator_type;
  query_function = query;
}

gboolean
standin_query_surface (gpointer data, IOSurfaceRef * surface, guint * plane)
{
  GstMemory *memory = data;

  return query_function != NULL
      && g_type_is_a (G_OBJECT_TYPE (memory->allocator), query_type)
      && query_function (memory, surface, plane, NULL);
}
