/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "surfacememory.h"

#include <CoreMedia/CoreMedia.h>
#include <IOSurface/IOSurface.h>
#ifdef HAVE_GST_IOSURFACE
#include <gst/allocators/gstiosurface.h>
#endif

#include "textureformat.h"
#include "textureread.h"

/* --- memory: one plane each ---------------------------------------------- */

typedef struct
{
  GstMemory memory;
  CVPixelBufferRef pixels;      /* retained */
  guint plane;
} SurfaceMemory;

typedef GstAllocator SurfaceAllocator;
typedef GstAllocatorClass SurfaceAllocatorClass;

GType gst_echoel_surface_allocator_get_type (void);
G_DEFINE_TYPE (SurfaceAllocator, gst_echoel_surface_allocator,
    GST_TYPE_ALLOCATOR);

static IOSurfaceRef
surface_of (SurfaceMemory * self)
{
  return CVPixelBufferGetIOSurface (self->pixels);
}

/* Surfaces with one plane do not count it as one. */
static gpointer
plane_address (IOSurfaceRef surface, guint plane)
{
  return IOSurfaceGetPlaneCount (surface) == 0 ? IOSurfaceGetBaseAddress
      (surface) : IOSurfaceGetBaseAddressOfPlane (surface, plane);
}

static gsize
plane_stride (IOSurfaceRef surface, guint plane)
{
  return IOSurfaceGetPlaneCount (surface) == 0 ? IOSurfaceGetBytesPerRow
      (surface) : IOSurfaceGetBytesPerRowOfPlane (surface, plane);
}

/* Nobody maps these but to read: they are read-only. */
static gpointer
map_surface (GstMemory * memory, gsize size, GstMapFlags flags)
{
  SurfaceMemory *self = (SurfaceMemory *) memory;

  if (IOSurfaceLock (surface_of (self), kIOSurfaceLockReadOnly, NULL) != 0)
    return NULL;
  return plane_address (surface_of (self), self->plane);
}

static void
unmap_surface (GstMemory * memory)
{
  IOSurfaceUnlock (surface_of ((SurfaceMemory *) memory),
      kIOSurfaceLockReadOnly, NULL);
}

static GstMemory *
make_memory (GstAllocator * allocator, CVPixelBufferRef pixels, guint plane,
    GstMemory * parent, gsize maxsize, gsize offset, gsize size)
{
  SurfaceMemory *self = g_new0 (SurfaceMemory, 1);

  self->pixels = CVPixelBufferRetain (pixels);
  self->plane = plane;
  gst_memory_init (&self->memory, GST_MEMORY_FLAG_READONLY, allocator, parent,
      maxsize, 0, offset, size);
  return &self->memory;
}

/* A part of the plane, which keeps the whole of it. */
static GstMemory *
share_surface (GstMemory * memory, gssize offset, gssize size)
{
  SurfaceMemory *self = (SurfaceMemory *) memory;
  GstMemory *parent = memory->parent ? memory->parent : memory;

  return make_memory (memory->allocator, self->pixels, self->plane, parent,
      memory->maxsize, memory->offset + offset,
      size < 0 ? memory->size - offset : (gsize) size);
}

static void
free_surface (GstAllocator * allocator, GstMemory * memory)
{
  CVPixelBufferRelease (((SurfaceMemory *) memory)->pixels);
  g_free (memory);
}

static void
gst_echoel_surface_allocator_class_init (SurfaceAllocatorClass * klass)
{
  klass->free = free_surface;
}

static void
gst_echoel_surface_allocator_init (SurfaceAllocator * self)
{
  self->mem_type = "EchoelIOSurface";
  self->mem_map = map_surface;
  self->mem_unmap = unmap_surface;
  self->mem_share = share_surface;
  GST_OBJECT_FLAG_SET (self, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
}

#ifdef HAVE_GST_IOSURFACE
static gboolean
answer_query (GstMemory * memory, IOSurfaceRef * surface, guint * plane,
    gpointer unused)
{
  *surface = surface_of ((SurfaceMemory *) memory);
  *plane = ((SurfaceMemory *) memory)->plane;
  return TRUE;
}
#endif

gboolean
surface_memory_has_feature (void)
{
#ifdef HAVE_GST_IOSURFACE
  return TRUE;
#else
  return FALSE;
#endif
}

static GstAllocator *
get_allocator (void)
{
  static gsize allocator = 0;

  if (g_once_init_enter (&allocator)) {
    GstAllocator *made = g_object_new (gst_echoel_surface_allocator_get_type
        (), NULL);

    gst_object_ref_sink (made);
    GST_OBJECT_FLAG_SET (made, GST_OBJECT_FLAG_MAY_BE_LEAKED);
#ifdef HAVE_GST_IOSURFACE
    gst_iosurface_memory_register_query_function (G_OBJECT_TYPE (made),
        answer_query, NULL);
#endif
    g_once_init_leave (&allocator, (gsize) made);
  }
  return (GstAllocator *) allocator;
}

/* --- what a surface is --------------------------------------------------- */

gboolean
surface_read_info (IOSurfaceRef surface, TextureFrame * frame, GError ** error)
{
  guint32 name = IOSurfaceGetPixelFormat (surface);
  gboolean full_range;
  GstVideoFormat format = echoel_format_from_cv (name, &full_range);
  gsize start = 0;
  guint i;

  if (format == GST_VIDEO_FORMAT_UNKNOWN) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
        "nothing can use an IOSurface of pixel format 0x%08x", name);
    return FALSE;
  }
  if (!gst_video_info_set_format (&frame->info, format,
          IOSurfaceGetWidth (surface), IOSurfaceGetHeight (surface)))
    return FALSE;
  if (full_range)
    frame->info.colorimetry.range = GST_VIDEO_COLOR_RANGE_0_255;
  frame->n_planes = GST_VIDEO_INFO_N_PLANES (&frame->info);
  for (i = 0; i < frame->n_planes; i++) {
    frame->stride[i] = plane_stride (surface, i);
    frame->offset[i] = start;
    start += texture_plane_size (frame, i);
  }
  return TRUE;
}

/* --- buffers ------------------------------------------------------------- */

GstBuffer *
surface_buffer_new (CVPixelBufferRef pixels, const TextureFrame * frame,
    TextureLease * lease)
{
  GstBuffer *buffer = gst_buffer_new ();
  guint i;

  for (i = 0; i < frame->n_planes; i++) {
    gsize size = texture_plane_size (frame, i);
    GstMemory *memory = make_memory (get_allocator (), pixels, i, NULL, size,
        0, size);

    if (lease != NULL)
      texture_lease_follow (lease, memory);
    gst_buffer_append_memory (buffer, memory);
  }
  texture_add_video_meta (frame, buffer);
  surface_buffer_mark (buffer, pixels);
  return buffer;
}

/* --- vtenc of 1.22 to 1.28 ----------------------------------------------- */

/* As vtenc reads it: the layout is private to GStreamer's applemedia plugin
 * and has been the same in all these versions. */
typedef struct
{
  GstMeta meta;
  CMSampleBufferRef sample;
  CVPixelBufferRef image;
  CVPixelBufferRef pixels;
  CMBlockBufferRef block;
} MediaMeta;

#define MEDIA_META_LAST_MINOR 28

static gboolean
init_media_meta (GstMeta * meta, gpointer params, GstBuffer * buffer)
{
  MediaMeta *media = (MediaMeta *) meta;

  media->sample = NULL;
  media->image = media->pixels = NULL;
  media->block = NULL;
  return TRUE;
}

static void
free_media_meta (GstMeta * meta, GstBuffer * buffer)
{
  CVPixelBufferRelease (((MediaMeta *) meta)->image);
  CVPixelBufferRelease (((MediaMeta *) meta)->pixels);
}

static gboolean
copy_media_meta (GstBuffer * to, GstMeta * meta, GstBuffer * from, GQuark type,
    gpointer data)
{
  if (GST_META_TRANSFORM_IS_COPY (type))
    surface_buffer_mark (to, ((MediaMeta *) meta)->pixels);
  return TRUE;
}

/* The API's type must be the plugin's own: registering it here would take it
 * away from there. It exists from vtenc's first frame on. */
static const GstMetaInfo *
get_media_meta (void)
{
  static gsize known = 0;
  guint major, minor, micro, nano;
  GType api = g_type_from_name ("GstCoreMediaMetaAPI");

  gst_version (&major, &minor, &micro, &nano);
  if (api == 0 || major != 1 || minor > MEDIA_META_LAST_MINOR)
    return NULL;
  if (g_once_init_enter (&known))
    g_once_init_leave (&known, (gsize) gst_meta_register (api,
            "GstEchoelCoreMediaMeta", sizeof (MediaMeta), init_media_meta,
            free_media_meta, copy_media_meta));
  return (const GstMetaInfo *) known;
}

void
surface_buffer_mark (GstBuffer * buffer, CVPixelBufferRef pixels)
{
  const GstMetaInfo *info = get_media_meta ();
  MediaMeta *media;

  if (info == NULL)
    return;
  media = (MediaMeta *) gst_buffer_add_meta (buffer, info, NULL);
  media->image = CVPixelBufferRetain (pixels);
  media->pixels = CVPixelBufferRetain (pixels);
}
