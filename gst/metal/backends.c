/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "backends.h"

const TextureBackend *const *
texture_backends (void)
{
  static const TextureBackend *const backends[] = {
    &texture_backend_pattern,
    &texture_backend_memory,
#ifdef HAVE_GST_DMABUF
    &texture_backend_dmabuf,
#endif
#ifdef HAVE_GST_GL
    &texture_backend_gl,
#endif
#ifdef HAVE_METAL
    &texture_backend_metal,
#endif
    NULL
  };

  return backends;
}

const TextureBackend *
texture_backend_find (const gchar * name)
{
  const TextureBackend *const *at;

  for (at = texture_backends (); *at != NULL; at++)
    if (g_strcmp0 ((*at)->name, name) == 0)
      return *at;
  return NULL;
}
