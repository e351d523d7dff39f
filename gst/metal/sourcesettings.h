/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of echoelmetalsrc and what they are set to. The caller
 * locks. */
#pragma once

#include <gst/gst.h>

#include "framepace.h"
#include "framequeue.h"

G_BEGIN_DECLS

enum
{
  SOURCE_PROP_0,
  SOURCE_PROP_BACKEND,
  SOURCE_PROP_CAPS,
  SOURCE_PROP_MAX_TEXTURES,
  SOURCE_PROP_POLICY,
  SOURCE_PROP_IDLE,
  SOURCE_PROP_DO_TIMESTAMP,
  SOURCE_PROP_STATS
};

/* In the order of the property's values. */
typedef enum
{
  SOURCE_BACKEND_AUTO,
  SOURCE_BACKEND_PATTERN,
  SOURCE_BACKEND_MEMORY,
  SOURCE_BACKEND_DMABUF,
  SOURCE_BACKEND_GL,
  SOURCE_BACKEND_METAL
} SourceBackend;

typedef struct
{
  SourceBackend backend;
  GstCaps *caps;                /* NULL: as the textures say */
  guint max_textures;
  EchoelQueuePolicy policy;
  EchoelIdle idle;
  gboolean do_timestamp;
} SourceSettings;

void source_settings_init (SourceSettings * settings);
void source_settings_clear (SourceSettings * settings);

/* Return whether @id is one of these properties. */
gboolean source_settings_set (SourceSettings * settings, guint id,
    const GValue * value);
gboolean source_settings_get (const SourceSettings * settings, guint id,
    GValue * value);

/* Returns: the name in the table of back ends, %NULL for auto */
const gchar *source_settings_backend_name (SourceBackend backend);

void source_settings_install (GObjectClass * object_class);

G_END_DECLS
