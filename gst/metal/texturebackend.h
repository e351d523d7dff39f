/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a kind of texture has to know: one table a kind, and a contract for
 * each line of it. tests/textures/contract.c holds all of them to it. */
#pragma once

#include <gst/video/video.h>

#include "texturelease.h"

G_BEGIN_DECLS

typedef struct _TextureBackend TextureBackend;

/* A texture that was pushed, from then until it is shown or dropped. */
typedef struct
{
  const TextureBackend *backend;
  TextureLease *lease;
  GstClockTime pts, duration;   /* the caller's, NONE = unknown */
  GstClockTime came;            /* running time of the push, NONE = unknown */
  gint64 pushed;                /* monotonic time of the push, us */

  /* Filled by read(). A format that only DRM names is unknown here. */
  GstVideoInfo info;            /* size, format, colours; no rate */
  guint n_planes;
  gsize offset[GST_VIDEO_MAX_PLANES];
  gint stride[GST_VIDEO_MAX_PLANES];

  /* The back end's own. */
  guint64 id;                   /* what the texture's owner calls it */
  gpointer handle;              /* data, texture, sync: as the back end likes */
  gpointer sync;
  gsize size;                   /* bytes at handle */
  guint name, target;           /* OpenGL's */
  gint fd[GST_VIDEO_MAX_PLANES];
  guint n_fds;
  guint32 fourcc;               /* DRM's */
  guint64 modifier;
} TextureFrame;

/* How the caps of the stream want it. */
typedef struct
{
  GstVideoInfo info;            /* of the negotiated caps */
  gboolean takes_meta;          /* downstream reads GstVideoMeta */
  gboolean in_system;           /* caps of the system's memory */
} TextureTarget;

typedef enum
{
  TEXTURE_ERROR_HANDLE,         /* not a texture of this kind */
  TEXTURE_ERROR_FORMAT,         /* one, but of a kind nothing can use */
  TEXTURE_ERROR_GONE,           /* was one when it was pushed */
  TEXTURE_ERROR_CONTEXT         /* what the back end needs is missing */
} TextureError;

#define TEXTURE_ERROR (texture_error_quark ())
GQuark texture_error_quark (void);

struct _TextureBackend
{
  /* Nick of the property's value and name of the structures it reads. */
  const gchar *name;
  const gchar *text;            /* for gst-inspect-1.0 */

  /* Optional: %NULL = memory of the system only. Caps feature of what wrap()
   * makes; for the pad template. */
  const gchar *feature;

  /* Optional: makes what wrap() keeps between frames. From the element's
   * init; @element is not referenced. Cheap: nothing is opened. */
  gpointer (*new) (GstElement * element);
  void (*free) (gpointer state);

  /* Optional: a GstContext came, or a query asks for one. Any thread. */
  void (*set_context) (gpointer state, GstContext * context);
  gboolean (*query) (gpointer state, GstQuery * query);

  /* Optional: gets what wrap() needs from the pipeline, before the first
   * frame and before caps are chosen anew. Streaming thread. */
  gboolean (*open) (gpointer state, GError ** error);

  /* Optional: the element stops; no wrap() runs, buffers may live on. */
  void (*close) (gpointer state);

  /* %NULL = nothing can be pushed: the back end draws by itself.
   * Reads @texture, completed by the fields of @defaults (nullable), into
   * @frame, and holds the handle. Called in the thread that pushes: must not
   * wait, lock, read a pixel, or keep @texture. A wrong handle is an error
   * and nothing else. */
  gboolean (*read) (const GstStructure * texture,
      const GstStructure * defaults, TextureFrame * frame, GError ** error);

  /* Optional: lets go of what read() holds, when @frame was not wrapped.
   * Any thread. */
  void (*drop) (TextureFrame * frame);

  /* Returns: (transfer full): what caps @frame can have, best first, without
   * a rate. Streaming thread. */
  GstCaps *(*caps) (const TextureFrame * frame);

  /* Makes a buffer of @frame without copying it: each of its memories follows
   * the lease and is read-only. Streaming thread; may wait for the GPU. What
   * read() holds is the buffer's from here on, in any case. */
  GstBuffer *(*wrap) (gpointer state, TextureFrame * frame,
      const TextureTarget * target, GError ** error);
};

/* The back ends that this build has, %NULL at the end. */
const TextureBackend *const *texture_backends (void);

/* Returns: (nullable): the one called @name, if this build has it */
const TextureBackend *texture_backend_find (const gchar * name);

G_END_DECLS
