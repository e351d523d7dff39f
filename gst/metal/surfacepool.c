/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surfacepool.h"

#include "textureformat.h"

struct _SurfacePool
{
  CVPixelBufferPoolRef pool;
  gint32 width, height, format;
};

SurfacePool *
surface_pool_new (void)
{
  return g_new0 (SurfacePool, 1);
}

static CFMutableDictionaryRef
new_dictionary (void)
{
  return CFDictionaryCreateMutable (NULL, 0, &kCFTypeDictionaryKeyCallBacks,
      &kCFTypeDictionaryValueCallBacks);
}

static void
set_number (CFMutableDictionaryRef dictionary, CFStringRef key, gint32 value)
{
  CFNumberRef number = CFNumberCreate (NULL, kCFNumberSInt32Type, &value);

  CFDictionarySetValue (dictionary, key, number);
  CFRelease (number);
}

static CVPixelBufferPoolRef
make_pool (gint32 width, gint32 height, gint32 format)
{
  CFMutableDictionaryRef wanted = new_dictionary ();
  CFMutableDictionaryRef on_surface = new_dictionary ();
  CVPixelBufferPoolRef pool = NULL;

  set_number (wanted, kCVPixelBufferWidthKey, width);
  set_number (wanted, kCVPixelBufferHeightKey, height);
  set_number (wanted, kCVPixelBufferPixelFormatTypeKey, format);
  /* That it is there, though empty, asks for IOSurfaces. */
  CFDictionarySetValue (wanted, kCVPixelBufferIOSurfacePropertiesKey,
      on_surface);
  if (CVPixelBufferPoolCreate (NULL, NULL, wanted, &pool) != kCVReturnSuccess)
    pool = NULL;
  CFRelease (on_surface);
  CFRelease (wanted);
  return pool;
}

CVPixelBufferRef
surface_pool_take (SurfacePool * self, const GstVideoInfo * info)
{
  gboolean full = info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  gint32 format = echoel_format_to_cv (GST_VIDEO_INFO_FORMAT (info), full);
  CVPixelBufferRef pixels = NULL;

  if (self->pool == NULL || self->width != info->width
      || self->height != info->height || self->format != format) {
    CVPixelBufferPoolRelease (self->pool);
    self->pool = make_pool (info->width, info->height, format);
    self->width = info->width;
    self->height = info->height;
    self->format = format;
  }
  if (self->pool == NULL || CVPixelBufferPoolCreatePixelBuffer (NULL,
          self->pool, &pixels) != kCVReturnSuccess)
    return NULL;
  return pixels;
}

void
surface_pool_free (SurfacePool * self)
{
  CVPixelBufferPoolRelease (self->pool);
  g_free (self);
}
