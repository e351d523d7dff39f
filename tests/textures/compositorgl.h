/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An OpenGL context of an application's own, off screen, as a compositor has
 * one: made with EGL, known to GStreamer only as gst.gl.app_context. */
#pragma once

#include <gst/gl/gl.h>

G_BEGIN_DECLS

typedef struct _CompositorGl CompositorGl;

/* Returns: (nullable): a context, current in this thread; %NULL = there is
 *     none here. Everything below is called in the same thread. */
CompositorGl *compositor_gl_new (void);
void compositor_gl_free (CompositorGl * self);

/* Answers what @element would ask the application for. */
void compositor_gl_give_context (CompositorGl * self, GstElement * element);

/* Answers a need-context message; whether it was one. Any thread. */
gboolean compositor_gl_answer (CompositorGl * self, GstMessage * message);

guint compositor_gl_texture_new (CompositorGl * self, guint width,
    guint height);
void compositor_gl_texture_free (CompositorGl * self, guint texture);

/* Draws into @texture: all of it in one colour; a box of it, in pixels from
 * its first row and column. */
void compositor_gl_fill (CompositorGl * self, guint texture, guint32 rgb);
void compositor_gl_box (CompositorGl * self, gint x, gint y, gint width,
    gint height, guint32 rgb);

/* Returns: (transfer full): a GLsync that is set when all so far is drawn */
gpointer compositor_gl_sync (CompositorGl * self);
void compositor_gl_sync_free (CompositorGl * self, gpointer sync);

void compositor_gl_finish (CompositorGl * self);

G_END_DECLS
