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
