/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Textures of a Metal that is a stand-in, each on an IOSurface. */
#include <string.h>

#include "standin.h"
#include "textureformat.h"
#include "texturebench.h"

#define BGRA ECHOEL_CV_FOURCC ('B', 'G', 'R', 'A')
#define METAL_BGRA 80

typedef struct
{
  IOSurfaceRef surface;
  gpointer texture;
} Texture;

static gpointer
texture_new (guint width, guint height)
{
  Texture *self = g_new0 (Texture, 1);

  self->surface = standin_surface_new (width, height, BGRA);
  self->texture = standin_texture_new (self->surface, width, height,
      METAL_BGRA);
  return self;
}

static void
texture_free (gpointer data)
{
  Texture *self = data;

  standin_texture_release (self->texture);
  CFRelease (self->surface);
  g_free (self);
}

static void
paint_texture (gpointer data, guint8 value)
{
  gsize size;
  guint8 *pixels = standin_surface_gpu (((Texture *) data)->surface, &size);

  memset (pixels, value, size);
}

static GstStructure *
describe_texture (gpointer data)
{
  return gst_structure_new ("metal", "texture", G_TYPE_POINTER,
      ((Texture *) data)->texture, NULL);
}

static guint64
texture_id (gpointer data)
{
  return GPOINTER_TO_SIZE (((Texture *) data)->texture);
}

/* The GPU writes to the surface, the buffer shows it. */
static gboolean
texture_is_in (gpointer data, GstBuffer * buffer)
{
  Texture *self = data;
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  gsize size;
  guint8 *pixels = standin_surface_gpu (self->surface, &size), seen;

  fail_unless (meta != NULL && meta->stride[0]
      == (gint) standin_surface_stride (self->surface, 0));
  pixels[5]++;
  fail_unless (gst_buffer_extract (buffer, 5, &seen, 1) == 1);
  fail_unless_equals_int (standin_surface_locks (self->surface), 0);
  return seen == pixels[5];
}

static guint64
texture_reads (gpointer data, GstBuffer * buffer)
{
  return standin_surface_reads (((Texture *) data)->surface);
}

const TextureKind texture_kind_metal = {
  .backend = "metal",
  .new = texture_new,
  .free = texture_free,
  .paint = paint_texture,
  .describe = describe_texture,
  .id = texture_id,
  .is_in = texture_is_in,
  .reads = texture_reads,
  .wrong = {"texture=(int)1", "texture=(string)one", NULL},
};
