/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files in memory in the place of DMA buffers, which only a driver makes. They
 * have no pages until somebody looks at them: that is how reads are seen. */
#define _GNU_SOURCE
#include "texturebench.h"

#include <gst/allocators/allocators.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define STRIDE(width) ((width) * 4 + 256)

typedef struct
{
  gint fd;
  guint width, height;
} Dmabuf;

static gpointer
dmabuf_new (guint width, guint height)
{
  Dmabuf *dmabuf = g_new0 (Dmabuf, 1);

  dmabuf->width = width;
  dmabuf->height = height;
  dmabuf->fd = memfd_create ("texture", MFD_CLOEXEC);
  fail_unless (dmabuf->fd >= 0);
  fail_unless (ftruncate (dmabuf->fd, STRIDE (width) * height) == 0);
  return dmabuf;
}

static void
dmabuf_destroy (gpointer texture)
{
  Dmabuf *dmabuf = texture;

  close (dmabuf->fd);
  dmabuf->fd = -1;
}

static void
dmabuf_free (gpointer texture)
{
  Dmabuf *dmabuf = texture;

  if (dmabuf->fd >= 0)
    close (dmabuf->fd);
  g_free (dmabuf);
}

static void
paint_dmabuf (gpointer texture, guint8 value)
{
  Dmabuf *dmabuf = texture;
  gsize size = STRIDE (dmabuf->width) * dmabuf->height;
  guint8 *bytes = g_malloc (size);

  memset (bytes, value, size);
  fail_unless (pwrite (dmabuf->fd, bytes, size, 0) == (gssize) size);
  g_free (bytes);
}

static GstStructure *
describe_dmabuf (gpointer texture)
{
  Dmabuf *dmabuf = texture;

  return gst_structure_new ("dmabuf", "fd", G_TYPE_INT, dmabuf->fd,
      "width", G_TYPE_INT, dmabuf->width, "height", G_TYPE_INT, dmabuf->height,
      "stride", G_TYPE_INT, STRIDE (dmabuf->width),
      "drm-format", G_TYPE_STRING, "AR24", NULL);
}

static guint64
dmabuf_id (gpointer texture)
{
  return ((Dmabuf *) texture)->fd;
}

static gboolean
dmabuf_is_in (gpointer texture, GstBuffer * buffer)
{
  Dmabuf *dmabuf = texture;
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  struct stat theirs, ours;

  fail_unless (meta != NULL && meta->stride[0]
      == (gint) STRIDE (dmabuf->width));
  fail_unless (gst_is_dmabuf_memory (memory));
  fail_unless (fstat (gst_dmabuf_memory_get_fd (memory), &theirs) == 0);
  fail_unless (fstat (dmabuf->fd, &ours) == 0);
  return theirs.st_ino == ours.st_ino;
}

static guint64
dmabuf_reads (gpointer texture, GstBuffer * buffer)
{
  struct stat now;

  fail_unless (fstat (((Dmabuf *) texture)->fd, &now) == 0);
  return now.st_blocks * 512;
}

/* A wrong descriptor must not become number 0, so that one is good. */
static const gchar *
prepare_dmabuf (void)
{
  gint fd = memfd_create ("input", MFD_CLOEXEC);

  if (fd < 0 || ftruncate (fd, 1 << 20) != 0 || dup2 (fd, 0) != 0)
    return "no file in memory can be made";
  if (fd != 0)
    close (fd);
  return NULL;
}

/* From 1.24 on caps can name any format of DRM and any modifier. */
#if GST_CHECK_VERSION (1, 24, 0)
#define NOT_TAKEN "drm-format=AR24:0x"
#else
#define NOT_TAKEN "drm-format=AR24:0x0100000000000002", "drm-format=ZZZZ"
#endif

const TextureKind texture_kind_dmabuf = {
  .backend = "dmabuf",
  .prepare = prepare_dmabuf,
  .new = dmabuf_new,
  .free = dmabuf_free,
  .paint = paint_dmabuf,
  .describe = describe_dmabuf,
  .id = dmabuf_id,
  .is_in = dmabuf_is_in,
  .reads = dmabuf_reads,
  .destroy = dmabuf_destroy,
  .wrong = {"fd=-1", "fd=4000", "fd=(string)one", "fd=<1,2>", "width=0",
        "height=49", "stride=8", "drm-format=AR2", "drm-format=(int)1",
        NOT_TAKEN,
      "fd=(guint64)4294967296", "offset=(guint64)18446744073709539328", NULL},
};
