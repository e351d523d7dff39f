/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Surfaces in memory that nobody may read: whoever does is caught, noted and
 * let through, a page at a time. */
#include "texturebench.h"
#include "readguard.h"

#include <string.h>

/* Rows have some bytes more than pixels. */
#define STRIDE(width) ((width) * 4 + 64)

typedef struct
{
  ReadGuard guard;
  guint width, height;
} Surface;

static gpointer
surface_new (guint width, guint height)
{
  static guint8 next;
  Surface *surface = g_new0 (Surface, 1);

  surface->width = width;
  surface->height = height;
  read_guard_init (&surface->guard, STRIDE (width) * height, ++next);
  return surface;
}

static void
surface_free (gpointer texture)
{
  read_guard_clear (&((Surface *) texture)->guard);
  g_free (texture);
}

static void
paint_surface (gpointer texture, guint8 value)
{
  Surface *surface = texture;

  memset (surface->guard.alias, value, surface->guard.size);
}

static GstStructure *
describe_surface (gpointer texture)
{
  Surface *surface = texture;

  return gst_structure_new ("memory",
      "data", G_TYPE_POINTER, surface->guard.data,
      "size", G_TYPE_UINT64, (guint64) surface->guard.size,
      "width", G_TYPE_INT, surface->width, "height", G_TYPE_INT,
      surface->height, "stride", G_TYPE_INT, STRIDE (surface->width),
      "format", G_TYPE_STRING, "BGRA", NULL);
}

static guint64
surface_id (gpointer texture)
{
  return GPOINTER_TO_SIZE (((Surface *) texture)->guard.data);
}

static gboolean
surface_is_in (gpointer texture, GstBuffer * buffer)
{
  Surface *surface = texture;
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  GstMapInfo map;
  gboolean same;

  fail_unless (meta != NULL && meta->stride[0]
      == (gint) STRIDE (surface->width));
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  same = map.data == surface->guard.data;
  gst_buffer_unmap (buffer, &map);
  return same;
}

static guint64
surface_reads (gpointer texture, GstBuffer * buffer)
{
  return read_guard_count (&((Surface *) texture)->guard);
}

const TextureKind texture_kind_memory = {
  .backend = "memory",
  .new = surface_new,
  .free = surface_free,
  .paint = paint_surface,
  .describe = describe_surface,
  .id = surface_id,
  .is_in = surface_is_in,
  .reads = surface_reads,
  .wrong = {"data=(int)1", "width=0", "height=-1", "width=(string)wide",
        "width=40000", "format=NOTHING", "format=NV12_64Z32", "format=(int)1",
        "stride=8",
        "size=(guint64)100", "offset=(guint64)100000", "height=60",
      "offset=(guint64)18446744073709539328", NULL},
};
