/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compositorgl.h"

#include <gst/gl/egl/gstgldisplay_egl.h>
#include <gst/gl/gstglfuncs.h>

/* Before the headers of EGL: none of X11 is wanted. */
#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>

struct _CompositorGl
{
  EGLDisplay egl;
  EGLContext context;
  guint framebuffer;
  GstGLDisplay *display;
  GstGLContext *wrapped;
  const GstGLFuncs *gl;
};

static EGLDisplay
started (EGLDisplay display)
{
  return display != EGL_NO_DISPLAY && eglInitialize (display, NULL, NULL)
      ? display : EGL_NO_DISPLAY;
}

/* The first GPU of a driver that knows no surfaceless display. */
static EGLDisplay
open_device (PFNEGLGETPLATFORMDISPLAYEXTPROC get)
{
  PFNEGLQUERYDEVICESEXTPROC query = (PFNEGLQUERYDEVICESEXTPROC)
      eglGetProcAddress ("eglQueryDevicesEXT");
  EGLDeviceEXT device;
  EGLint n = 0;

  if (query == NULL || !query (1, &device, &n) || n == 0)
    return EGL_NO_DISPLAY;
  return started (get (EGL_PLATFORM_DEVICE_EXT, device, NULL));
}

/* A display without a window system: Mesa's surfaceless one, a GPU, else
 * any. */
static EGLDisplay
open_display (void)
{
  PFNEGLGETPLATFORMDISPLAYEXTPROC get = (PFNEGLGETPLATFORMDISPLAYEXTPROC)
      eglGetProcAddress ("eglGetPlatformDisplayEXT");
  EGLDisplay display = EGL_NO_DISPLAY;

  if (get != NULL)
    display = started (get (EGL_PLATFORM_SURFACELESS_MESA,
            EGL_DEFAULT_DISPLAY, NULL));
  if (get != NULL && display == EGL_NO_DISPLAY)
    display = open_device (get);
  if (display == EGL_NO_DISPLAY)
    display = started (eglGetDisplay (EGL_DEFAULT_DISPLAY));
  return display;
}

static EGLContext
open_context (EGLDisplay display)
{
  static const EGLint wanted[] = { EGL_RENDERABLE_TYPE, EGL_OPENGL_ES3_BIT,
    EGL_SURFACE_TYPE, EGL_DONT_CARE, EGL_NONE
  };
  static const EGLint version[] = { EGL_CONTEXT_CLIENT_VERSION, 3, EGL_NONE };
  EGLConfig config;
  EGLContext context;
  EGLint n;

  if (!eglBindAPI (EGL_OPENGL_ES_API)
      || !eglChooseConfig (display, wanted, &config, 1, &n) || n == 0)
    return EGL_NO_CONTEXT;
  context = eglCreateContext (display, config, EGL_NO_CONTEXT, version);
  if (context != EGL_NO_CONTEXT && !eglMakeCurrent (display, EGL_NO_SURFACE,
          EGL_NO_SURFACE, context)) {
    eglDestroyContext (display, context);
    return EGL_NO_CONTEXT;
  }
  return context;
}

static gboolean
wrap_for_gstreamer (CompositorGl * self)
{
  GError *error = NULL;

  self->display = GST_GL_DISPLAY (gst_gl_display_egl_new_with_egl_display
      (self->egl));
  self->wrapped = gst_gl_context_new_wrapped (self->display,
      (guintptr) self->context, GST_GL_PLATFORM_EGL, GST_GL_API_GLES2);
  if (self->wrapped == NULL || !gst_gl_context_activate (self->wrapped, TRUE)
      || !gst_gl_context_fill_info (self->wrapped, &error)) {
    g_clear_error (&error);
    return FALSE;
  }
  self->gl = self->wrapped->gl_vtable;
  return TRUE;
}

CompositorGl *
compositor_gl_new (void)
{
  CompositorGl *self = g_new0 (CompositorGl, 1);

  self->egl = open_display ();
  if (self->egl != EGL_NO_DISPLAY)
    self->context = open_context (self->egl);
  if (self->context == EGL_NO_CONTEXT || !wrap_for_gstreamer (self)) {
    compositor_gl_free (self);
    return NULL;
  }
  self->gl->GenFramebuffers (1, &self->framebuffer);
  return self;
}

void
compositor_gl_free (CompositorGl * self)
{
  if (self->framebuffer != 0)
    self->gl->DeleteFramebuffers (1, &self->framebuffer);
  if (self->wrapped != NULL)
    gst_gl_context_activate (self->wrapped, FALSE);
  gst_clear_object (&self->wrapped);
  gst_clear_object (&self->display);
  if (self->context != EGL_NO_CONTEXT) {
    eglMakeCurrent (self->egl, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext (self->egl, self->context);
  }
  g_free (self);
}

static GstContext *
make_context (CompositorGl * self, const gchar * type)
{
  GstContext *context = gst_context_new (type, TRUE);

  if (g_str_equal (type, GST_GL_DISPLAY_CONTEXT_TYPE))
    gst_context_set_gl_display (context, self->display);
  else
    gst_structure_set (gst_context_writable_structure (context), "context",
        GST_TYPE_GL_CONTEXT, self->wrapped, NULL);
  return context;
}

static void
give (CompositorGl * self, GstElement * element, const gchar * type)
{
  GstContext *context = make_context (self, type);

  gst_element_set_context (element, context);
  gst_context_unref (context);
}

void
compositor_gl_give_context (CompositorGl * self, GstElement * element)
{
  give (self, element, GST_GL_DISPLAY_CONTEXT_TYPE);
  give (self, element, "gst.gl.app_context");
}

gboolean
compositor_gl_answer (CompositorGl * self, GstMessage * message)
{
  const gchar *type;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_NEED_CONTEXT
      || !gst_message_parse_context_type (message, &type)
      || (!g_str_equal (type, GST_GL_DISPLAY_CONTEXT_TYPE)
          && !g_str_equal (type, "gst.gl.app_context")))
    return FALSE;
  give (self, GST_ELEMENT (GST_MESSAGE_SRC (message)), type);
  return TRUE;
}

guint
compositor_gl_texture_new (CompositorGl * self, guint width, guint height)
{
  guint texture;

  self->gl->GenTextures (1, &texture);
  self->gl->BindTexture (GL_TEXTURE_2D, texture);
  self->gl->TexImage2D (GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA,
      GL_UNSIGNED_BYTE, NULL);
  self->gl->TexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  return texture;
}

void
compositor_gl_texture_free (CompositorGl * self, guint texture)
{
  self->gl->DeleteTextures (1, &texture);
}

static void
clear_to (CompositorGl * self, guint32 rgb)
{
  self->gl->ClearColor ((rgb >> 16) / 255.0f, (rgb >> 8 & 0xff) / 255.0f,
      (rgb & 0xff) / 255.0f, 1.0f);
  self->gl->Clear (GL_COLOR_BUFFER_BIT);
}

void
compositor_gl_fill (CompositorGl * self, guint texture, guint32 rgb)
{
  self->gl->BindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  self->gl->FramebufferTexture2D (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0,
      GL_TEXTURE_2D, texture, 0);
  self->gl->Disable (GL_SCISSOR_TEST);
  clear_to (self, rgb);
}

void
compositor_gl_box (CompositorGl * self, gint x, gint y, gint width,
    gint height, guint32 rgb)
{
  self->gl->Enable (GL_SCISSOR_TEST);
  self->gl->Scissor (x, y, width, height);
  clear_to (self, rgb);
}

gpointer
compositor_gl_sync (CompositorGl * self)
{
  gpointer sync = self->gl->FenceSync (GL_SYNC_GPU_COMMANDS_COMPLETE, 0);

  /* Nobody could wait for what has not been sent. */
  self->gl->Flush ();
  return sync;
}

void
compositor_gl_sync_free (CompositorGl * self, gpointer sync)
{
  self->gl->DeleteSync (sync);
}

void
compositor_gl_finish (CompositorGl * self)
{
  self->gl->Finish ();
}
