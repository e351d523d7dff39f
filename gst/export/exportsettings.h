/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The writable properties of echoelexportsink and what they are set to. The
 * caller locks. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

enum
{
  EXPORT_PROP_0,
  EXPORT_PROP_PLATFORMS,
  EXPORT_PROP_LOCATION,
  EXPORT_PROP_DIRECTORY,
  EXPORT_PROP_BASE_NAME,
  EXPORT_PROP_OVERWRITE,
  EXPORT_PROP_RESUME,
  EXPORT_PROP_REQUIRE,
  EXPORT_PROP_DURATION_POLICY,
  EXPORT_PROP_REFRAMING,
  EXPORT_PROP_MEMORY_LIMIT,
  EXPORT_PROP_HARDWARE_SESSIONS,
  EXPORT_PROP_PROGRESS_INTERVAL,
  EXPORT_PROP_PLAN,
  EXPORT_PROP_STATS
};

typedef enum
{
  EXPORT_REQUIRE_ALL,
  EXPORT_REQUIRE_ANY
} ExportRequire;

typedef enum
{
  EXPORT_DURATION_WARN,
  EXPORT_DURATION_TRIM,
  EXPORT_DURATION_ERROR,
  EXPORT_DURATION_IGNORE
} ExportDuration;

typedef struct
{
  gchar *platforms;
  gchar *location;
  gchar *directory;
  gchar *base_name;
  gchar *reframing;
  gboolean overwrite;
  gboolean resume;
  ExportRequire require;
  ExportDuration duration_policy;
  guint64 memory_limit;         /* bytes, 0: half of what there is */
  guint hardware_sessions;      /* 0: no limit */
  GstClockTime progress_interval;       /* ns, 0: no messages */
} ExportSettings;

void export_settings_init (ExportSettings * settings);
void export_settings_clear (ExportSettings * settings);

/* Makes @to, which holds nothing, a deep copy of @from. */
void export_settings_copy (ExportSettings * to, const ExportSettings * from);

/* Return whether @id is one of these properties. */
gboolean export_settings_set (ExportSettings * settings, guint id,
    const GValue * value);
gboolean export_settings_get (const ExportSettings * settings, guint id,
    GValue * value);

/* Installs every property, the read-only ones too. */
void export_settings_install (GObjectClass * object_class);

G_END_DECLS
