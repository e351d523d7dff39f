/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gl: textures of an application's OpenGL context, reached from a context that
 * shares with it. */
#include "backends.h"
#include "textureformat.h"
#include "textureread.h"

#include <gst/gl/gl.h>
#include <gst/gl/gstglfuncs.h>

#define FEATURE GST_CAPS_FEATURE_MEMORY_GL_MEMORY

typedef struct
{
  GstElement *element;          /* not referenced: it owns this */
  GMutex lock;                  /* guards what follows */
  GstGLDisplay *display;
  GstGLContext *app_context;    /* the application's */
  GstGLContext *context;        /* what textures are wrapped in */
} GlState;

static gpointer
new_gl (GstElement * element)
{
  GlState *state = g_new0 (GlState, 1);

  state->element = element;
  g_mutex_init (&state->lock);
  return state;
}

static void
close_gl (gpointer data)
{
  GlState *state = data;

  g_mutex_lock (&state->lock);
  gst_clear_object (&state->context);
  g_mutex_unlock (&state->lock);
}

static void
free_gl (gpointer data)
{
  GlState *state = data;

  gst_clear_object (&state->context);
  gst_clear_object (&state->app_context);
  gst_clear_object (&state->display);
  g_mutex_clear (&state->lock);
  g_free (state);
}

/* GStreamer fills what it is given without a lock: copies are given to it. */
static void
set_gl_context (gpointer data, GstContext * context)
{
  GlState *state = data;
  GstGLDisplay *display = NULL;
  GstGLContext *app_context = NULL;

  gst_gl_handle_set_context (state->element, context, &display, &app_context);
  g_mutex_lock (&state->lock);
  if (display != NULL)
    gst_object_replace ((GstObject **) & state->display, GST_OBJECT (display));
  if (app_context != NULL)
    gst_object_replace ((GstObject **) & state->app_context,
        GST_OBJECT (app_context));
  g_mutex_unlock (&state->lock);
  gst_clear_object (&display);
  gst_clear_object (&app_context);
}

static void
get_gl (GlState * state, GstGLDisplay ** display, GstGLContext ** app_context,
    GstGLContext ** context)
{
  g_mutex_lock (&state->lock);
  *display = state->display ? gst_object_ref (state->display) : NULL;
  *app_context = state->app_context ? gst_object_ref (state->app_context)
      : NULL;
  *context = state->context ? gst_object_ref (state->context) : NULL;
  g_mutex_unlock (&state->lock);
}

static gboolean
query_gl (gpointer data, GstQuery * query)
{
  GlState *state = data;
  GstGLDisplay *display;
  GstGLContext *app_context, *context;
  gboolean answered;

  if (GST_QUERY_TYPE (query) != GST_QUERY_CONTEXT)
    return FALSE;
  get_gl (state, &display, &app_context, &context);
  answered = display != NULL && gst_gl_handle_context_query (state->element,
      query, display, context, app_context);
  gst_clear_object (&display);
  gst_clear_object (&app_context);
  gst_clear_object (&context);
  return answered;
}

/* Downstream's context if it shares with the application's, else a new one. */
static GstGLContext *
find_context (GlState * state, GstGLDisplay * display,
    GstGLContext * app_context, GError ** error)
{
  GstGLContext *context = NULL;

  gst_gl_query_local_gl_context (state->element, GST_PAD_SRC, &context);
  if (context != NULL && gst_gl_context_can_share (context, app_context))
    return context;
  gst_clear_object (&context);
  /* Not every driver lets OpenGL share with OpenGL ES. */
  gst_gl_display_filter_gl_api (display, gst_gl_context_get_gl_api
      (app_context));
  if (gst_gl_display_create_context (display, app_context, &context, error))
    gst_gl_display_add_context (display, context);
  return context;
}

static gboolean
open_gl (gpointer data, GError ** error)
{
  GlState *state = data;
  GstGLDisplay *display;
  GstGLContext *app_context, *context;

  /* What the application answers comes in by set_gl_context(), from this very
   * thread: the fields themselves are looked at, without the lock. */
  if (state->context == NULL)
    gst_gl_ensure_element_data (state->element, &state->display,
        &state->app_context);
  get_gl (state, &display, &app_context, &context);
  if (display == NULL || app_context == NULL)
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_CONTEXT,
        "the application did not give its OpenGL context: answer need-context "
        "messages for gst.gl.GLDisplay and gst.gl.app_context");
  else if (context == NULL)
    context = find_context (state, display, app_context, error);
  gst_clear_object (&display);
  gst_clear_object (&app_context);
  if (context == NULL)
    return FALSE;
  g_mutex_lock (&state->lock);
  gst_object_replace ((GstObject **) & state->context, (GstObject *) context);
  g_mutex_unlock (&state->lock);
  gst_object_unref (context);
  return TRUE;
}

static gboolean
read_gl (const GstStructure * texture, const GstStructure * defaults,
    TextureFrame * frame, GError ** error)
{
  const gchar *target = gst_structure_get_string (texture, "target");
  gboolean named = texture_field (texture, defaults, "format") != NULL;
  guint64 name = texture_number (texture, NULL, "texture");

  frame->target = target ? gst_gl_texture_target_from_string (target)
      : GST_GL_TEXTURE_TARGET_2D;
  if (name == 0 || name > G_MAXUINT || frame->target == 0) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_HANDLE,
        "\"texture\" must be the name of a texture, \"target\" 2D, rectangle "
        "or external-oes");
    return FALSE;
  }
  if (!texture_read_info (texture, defaults, named ? GST_VIDEO_FORMAT_UNKNOWN
          : GST_VIDEO_FORMAT_RGBA, FALSE, frame, error))
    return FALSE;
  /* One texture, four channels as they are sampled. */
  if (!GST_VIDEO_INFO_IS_RGB (&frame->info) || frame->n_planes != 1
      || GST_VIDEO_INFO_COMP_PSTRIDE (&frame->info, 0) != 4
      || GST_VIDEO_INFO_COMP_DEPTH (&frame->info, 0) != 8) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_FORMAT,
        "a texture is RGBA, BGRA, RGBx or BGRx, not %s",
        GST_VIDEO_INFO_NAME (&frame->info));
    return FALSE;
  }
  frame->name = frame->id = name;
  frame->sync = texture_pointer (texture, "sync");
  return TRUE;
}

static GstCaps *
gl_caps (const TextureFrame * frame)
{
  GstCaps *caps = echoel_texture_caps (&frame->info, FEATURE);

  gst_caps_set_simple (caps, "texture-target", G_TYPE_STRING,
      gst_gl_texture_target_to_string (frame->target), NULL);
  /* Whoever maps it gets the pixels: GStreamer downloads them then. */
  if (frame->target == GST_GL_TEXTURE_TARGET_2D)
    gst_caps_append (caps, echoel_texture_caps (&frame->info, NULL));
  return caps;
}

typedef struct
{
  TextureFrame *frame;
  gboolean is_texture;
} GlLook;

/* Waits on the GPU, not here, until the texture has been drawn. */
static void
look_at_texture (GstGLContext * context, gpointer data)
{
  const GstGLFuncs *gl = context->gl_vtable;
  GlLook *look = data;

  look->is_texture = gl->IsTexture (look->frame->name);
  if (look->is_texture && look->frame->sync != NULL && gl->WaitSync != NULL)
    gl->WaitSync (look->frame->sync, 0, GL_TIMEOUT_IGNORED);
}

typedef struct
{
  GstGLContext *context;
  TextureLease *lease;
} GlUse;

static void
finish_reading (GstGLContext * context, gpointer unused)
{
  ((const GstGLFuncs *) context->gl_vtable)->Finish ();
}

/* What was drawn with the texture may still be waiting in the GPU's queue. */
static void
end_use (gpointer data)
{
  GlUse *use = data;

  gst_gl_context_thread_add (use->context, finish_reading, NULL);
  gst_object_unref (use->context);
  texture_lease_unref (use->lease);
  g_free (use);
}

static GstMemory *
wrap_texture (GstGLContext * context, TextureFrame * frame)
{
  GstGLMemoryAllocator *allocator = gst_gl_memory_allocator_get_default
      (context);
  GlUse *use = g_new (GlUse, 1);
  GstGLVideoAllocationParams *params;
  GstGLBaseMemory *memory;

  use->context = gst_object_ref (context);
  use->lease = texture_lease_ref (frame->lease);
  params = gst_gl_video_allocation_params_new_wrapped_texture (context, NULL,
      &frame->info, 0, NULL, frame->target,
      gst_gl_format_from_video_info (context, &frame->info, 0), frame->name,
      use, end_use);
  memory = gst_gl_base_memory_alloc (GST_GL_BASE_MEMORY_ALLOCATOR (allocator),
      (GstGLAllocationParams *) params);
  gst_gl_allocation_params_free ((GstGLAllocationParams *) params);
  gst_object_unref (allocator);
  if (memory == NULL) {
    end_use (use);
    return NULL;
  }
  /* The processor's view of it is old until it is downloaded. */
  GST_MINI_OBJECT_FLAG_SET (memory, GST_MEMORY_FLAG_READONLY
      | GST_GL_BASE_MEMORY_TRANSFER_NEED_DOWNLOAD);
  return GST_MEMORY_CAST (memory);
}

static GstBuffer *
wrap_gl (gpointer data, TextureFrame * frame, const TextureTarget * target,
    GError ** error)
{
  GlState *state = data;
  GlLook look = { frame, FALSE };
  GstGLSyncMeta *sync;
  GstBuffer *buffer = NULL;
  GstMemory *memory;

  /* The streaming thread alone sets and, when it has ended, clears it. */
  gst_gl_context_thread_add (state->context, look_at_texture, &look);
  memory = look.is_texture ? wrap_texture (state->context, frame) : NULL;
  if (memory == NULL) {
    g_set_error (error, TEXTURE_ERROR, TEXTURE_ERROR_GONE,
        "there is no texture %u in the application's context", frame->name);
    return NULL;
  }
  buffer = gst_buffer_new ();
  gst_buffer_append_memory (buffer, memory);
  texture_add_video_meta (frame, buffer);
  sync = gst_buffer_add_gl_sync_meta (state->context, buffer);
  gst_gl_sync_meta_set_sync_point (sync, state->context);
  return buffer;
}

const TextureBackend texture_backend_gl = {
  .name = "gl",
  .text = "OpenGL textures of a shared context",
  .feature = FEATURE,
  .new = new_gl,
  .free = free_gl,
  .set_context = set_gl_context,
  .query = query_gl,
  .open = open_gl,
  .close = close_gl,
  .read = read_gl,
  .caps = gl_caps,
  .wrap = wrap_gl,
};
