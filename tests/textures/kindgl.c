/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Textures of a compositor's own OpenGL context, off screen. */
#include "texturebench.h"
#include "compositorgl.h"

typedef struct
{
  guint name, width, height;
} Texture;

static CompositorGl *compositor;

static const gchar *
prepare_gl (void)
{
  compositor = compositor_gl_new ();
  return compositor ? NULL : "EGL gives no context off screen "
      "(Debian: libgl1-mesa-dri)";
}

static void
finish_gl (void)
{
  compositor_gl_free (compositor);
}

static void
open_gl (GstElement * src)
{
  compositor_gl_give_context (compositor, src);
}

static gpointer
texture_new (guint width, guint height)
{
  static guint next;
  Texture *texture = g_new0 (Texture, 1);

  texture->width = width;
  texture->height = height;
  texture->name = compositor_gl_texture_new (compositor, width, height);
  compositor_gl_fill (compositor, texture->name, 0x102030 * (++next % 8));
  compositor_gl_finish (compositor);
  return texture;
}

static void
texture_destroy (gpointer data)
{
  Texture *texture = data;

  compositor_gl_texture_free (compositor, texture->name);
  compositor_gl_finish (compositor);
  texture->name = 0;
}

static void
texture_free (gpointer data)
{
  Texture *texture = data;

  if (texture->name != 0)
    texture_destroy (texture);
  g_free (texture);
}

static void
paint_texture (gpointer data, guint8 value)
{
  compositor_gl_fill (compositor, ((Texture *) data)->name, value * 0x10101);
  compositor_gl_finish (compositor);
}

static GstStructure *
describe_texture (gpointer data)
{
  Texture *texture = data;

  return gst_structure_new ("gl", "texture", G_TYPE_UINT, texture->name,
      "width", G_TYPE_INT, texture->width, "height", G_TYPE_INT,
      texture->height, "format", G_TYPE_STRING, "RGBA", NULL);
}

static guint64
texture_id (gpointer data)
{
  return ((Texture *) data)->name;
}

static gboolean
texture_is_in (gpointer data, GstBuffer * buffer)
{
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);

  fail_unless (gst_is_gl_memory (memory));
  return gst_gl_memory_get_texture_id ((GstGLMemory *) memory)
      == ((Texture *) data)->name;
}

/* A download leaves its mark on the memory. */
static guint64
texture_reads (gpointer data, GstBuffer * buffer)
{
  Texture *texture = data;

  if (buffer == NULL || GST_MINI_OBJECT_FLAG_IS_SET (gst_buffer_peek_memory
          (buffer, 0), GST_GL_BASE_MEMORY_TRANSFER_NEED_DOWNLOAD))
    return 0;
  return texture->width * texture->height * 4;
}

const TextureKind texture_kind_gl = {
  .backend = "gl",
  .prepare = prepare_gl,
  .finish = finish_gl,
  .open = open_gl,
  .new = texture_new,
  .free = texture_free,
  .paint = paint_texture,
  .describe = describe_texture,
  .id = texture_id,
  .is_in = texture_is_in,
  .reads = texture_reads,
  .destroy = texture_destroy,
  .wrong = {"texture=0", "texture=-1", "texture=(string)one", "width=0",
        "height=-1", "format=NV12", "format=RGB", "format=NOTHING",
      "target=(string)3D", NULL},
};
