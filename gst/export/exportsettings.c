/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportsettings.h"

#include "exportname.h"

#define DEFAULT_PLATFORMS "all"
/* What NVIDIA's drivers allow on consumer cards; other makers allow more. */
#define DEFAULT_SESSIONS 8
#define DEFAULT_INTERVAL (2 * GST_SECOND)

#define DEFINE_ENUM(Name, name, ...) \
static GType \
gst_echoel_export_##name##_get_type (void) \
{ \
  static gsize type = 0; \
  static const GEnumValue values[] = { __VA_ARGS__, {0, NULL, NULL} }; \
  if (g_once_init_enter (&type)) \
    g_once_init_leave (&type, \
        g_enum_register_static ("GstEchoelExport" #Name, values)); \
  return type; \
}

/* *INDENT-OFF* */
DEFINE_ENUM (Require, require,
    {EXPORT_REQUIRE_ALL, "An error at the end if any file failed", "all"},
    {EXPORT_REQUIRE_ANY, "An error at the end if every file failed", "any"})

DEFINE_ENUM (Duration, duration,
    {EXPORT_DURATION_WARN, "Post a warning and go on", "warn"},
    {EXPORT_DURATION_TRIM, "End a file at its platform's limit", "trim"},
    {EXPORT_DURATION_ERROR, "A file over its platform's limit fails", "error"},
    {EXPORT_DURATION_IGNORE, "Do nothing", "ignore"})
/* *INDENT-ON* */

void
export_settings_init (ExportSettings * settings)
{
  memset (settings, 0, sizeof (*settings));
  settings->platforms = g_strdup (DEFAULT_PLATFORMS);
  settings->location = g_strdup (ECHOEL_EXPORT_LOCATION);
  settings->hardware_sessions = DEFAULT_SESSIONS;
  settings->progress_interval = DEFAULT_INTERVAL;
}

void
export_settings_clear (ExportSettings * settings)
{
  g_free (settings->platforms);
  g_free (settings->location);
  g_free (settings->directory);
  g_free (settings->base_name);
  g_free (settings->reframing);
}

void
export_settings_copy (ExportSettings * to, const ExportSettings * from)
{
  *to = *from;
  to->platforms = g_strdup (from->platforms);
  to->location = g_strdup (from->location);
  to->directory = g_strdup (from->directory);
  to->base_name = g_strdup (from->base_name);
  to->reframing = g_strdup (from->reframing);
}

static void
take_string (gchar ** field, const GValue * value, const gchar * otherwise)
{
  g_free (*field);
  *field = g_value_dup_string (value);
  if (*field == NULL)
    *field = g_strdup (otherwise);
}

gboolean
export_settings_set (ExportSettings * settings, guint id, const GValue * value)
{
  switch (id) {
    case EXPORT_PROP_PLATFORMS:
      take_string (&settings->platforms, value, DEFAULT_PLATFORMS);
      break;
    case EXPORT_PROP_LOCATION:
      take_string (&settings->location, value, ECHOEL_EXPORT_LOCATION);
      break;
    case EXPORT_PROP_DIRECTORY:
      take_string (&settings->directory, value, NULL);
      break;
    case EXPORT_PROP_BASE_NAME:
      take_string (&settings->base_name, value, NULL);
      break;
    case EXPORT_PROP_REFRAMING:
      take_string (&settings->reframing, value, NULL);
      break;
    case EXPORT_PROP_OVERWRITE:
      settings->overwrite = g_value_get_boolean (value);
      break;
    case EXPORT_PROP_RESUME:
      settings->resume = g_value_get_boolean (value);
      break;
    case EXPORT_PROP_REQUIRE:
      settings->require = g_value_get_enum (value);
      break;
    case EXPORT_PROP_DURATION_POLICY:
      settings->duration_policy = g_value_get_enum (value);
      break;
    case EXPORT_PROP_MEMORY_LIMIT:
      settings->memory_limit = g_value_get_uint64 (value);
      break;
    case EXPORT_PROP_HARDWARE_SESSIONS:
      settings->hardware_sessions = g_value_get_uint (value);
      break;
    case EXPORT_PROP_PROGRESS_INTERVAL:
      settings->progress_interval = g_value_get_uint64 (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
export_settings_get (const ExportSettings * settings, guint id, GValue * value)
{
  switch (id) {
    case EXPORT_PROP_PLATFORMS:
      g_value_set_string (value, settings->platforms);
      break;
    case EXPORT_PROP_LOCATION:
      g_value_set_string (value, settings->location);
      break;
    case EXPORT_PROP_DIRECTORY:
      g_value_set_string (value, settings->directory);
      break;
    case EXPORT_PROP_BASE_NAME:
      g_value_set_string (value, settings->base_name);
      break;
    case EXPORT_PROP_REFRAMING:
      g_value_set_string (value, settings->reframing);
      break;
    case EXPORT_PROP_OVERWRITE:
      g_value_set_boolean (value, settings->overwrite);
      break;
    case EXPORT_PROP_RESUME:
      g_value_set_boolean (value, settings->resume);
      break;
    case EXPORT_PROP_REQUIRE:
      g_value_set_enum (value, settings->require);
      break;
    case EXPORT_PROP_DURATION_POLICY:
      g_value_set_enum (value, settings->duration_policy);
      break;
    case EXPORT_PROP_MEMORY_LIMIT:
      g_value_set_uint64 (value, settings->memory_limit);
      break;
    case EXPORT_PROP_HARDWARE_SESSIONS:
      g_value_set_uint (value, settings->hardware_sessions);
      break;
    case EXPORT_PROP_PROGRESS_INTERVAL:
      g_value_set_uint64 (value, settings->progress_interval);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

static const GParamFlags ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
    | GST_PARAM_MUTABLE_READY;

static void
install_text (GObjectClass * klass, guint id, const gchar * name,
    const gchar * nick, const gchar * text, const gchar * value)
{
  g_object_class_install_property (klass, id, g_param_spec_string (name, nick,
          text, value, ready));
}

static void
install_flag (GObjectClass * klass, guint id, const gchar * name,
    const gchar * nick, const gchar * text)
{
  g_object_class_install_property (klass, id, g_param_spec_boolean (name,
          nick, text, FALSE, ready));
}

static void
install_names (GObjectClass * klass)
{
  /**
   * GstEchoelExportSink:platforms:
   *
   * What to make. "all", or platforms with commas between them, each with
   * settings of its own behind a colon: "tiktok,twitter:resolution=1080p".
   * "batch:formats=h264-high+h264-main,resolutions=720p+1080p" makes one file
   * for each of them.
   */
  install_text (klass, EXPORT_PROP_PLATFORMS, "platforms", "Platforms",
      "What to make: all, or ids with commas between them, each perhaps with "
      "settings: id:key=value,key=value; or batch:formats=A+B,resolutions=C+D",
      DEFAULT_PLATFORMS);
  /**
   * GstEchoelExportSink:location:
   *
   * Template of the file names, below #GstEchoelExportSink:directory.
   */
  install_text (klass, EXPORT_PROP_LOCATION, "location", "Location",
      "Template of the file names: {name} {platform} {width} {height} {ext} "
      "{date} are filled in", ECHOEL_EXPORT_LOCATION);
  /**
   * GstEchoelExportSink:directory:
   *
   * Made when it is not there. No file is written outside of it.
   */
  install_text (klass, EXPORT_PROP_DIRECTORY, "directory", "Directory",
      "Folder of the files, made when it is missing; unset = as location says",
      NULL);
  /**
   * GstEchoelExportSink:base-name:
   *
   * What {name} stands for when the input is no file.
   */
  install_text (klass, EXPORT_PROP_BASE_NAME, "base-name", "Base name",
      "What {name} stands for when the input has no file name; unset = video",
      NULL);
  /**
   * GstEchoelExportSink:reframing:
   *
   * Properties of #GstEchoelCrop for every picture that is cut:
   * "follow=motion,lookahead=1000000000".
   */
  install_text (klass, EXPORT_PROP_REFRAMING, "reframing", "Reframing",
      "How the picture is fitted: properties of echoelcrop as "
      "key=value,key=value", NULL);
}

static void
install_rules (GObjectClass * klass)
{
  const GType require = gst_echoel_export_require_get_type ();
  const GType duration = gst_echoel_export_duration_get_type ();

  gst_type_mark_as_plugin_api (require, 0);
  gst_type_mark_as_plugin_api (duration, 0);
  /**
   * GstEchoelExportSink:overwrite:
   *
   * Whether a file that is there is replaced, once the new one is whole.
   */
  install_flag (klass, EXPORT_PROP_OVERWRITE, "overwrite", "Overwrite",
      "Replace files that are there; otherwise those outputs fail");
  /**
   * GstEchoelExportSink:resume:
   *
   * Skips files that were made whole from the same input with the same
   * settings, and replaces those that were made from another. A hidden note
   * beside each file says from what it was made.
   */
  install_flag (klass, EXPORT_PROP_RESUME, "resume", "Resume",
      "Skip files that are whole and were made from the same input with the "
      "same settings");
  /**
   * GstEchoelExportSink:require:
   *
   * When the whole ends in an error. Every file goes on in any case.
   */
  g_object_class_install_property (klass, EXPORT_PROP_REQUIRE,
      g_param_spec_enum ("require", "Require",
          "Which files must succeed for the export to end without an error",
          require, EXPORT_REQUIRE_ALL, ready));
  /**
   * GstEchoelExportSink:duration-policy:
   *
   * What to do when the input is longer than a platform takes.
   */
  g_object_class_install_property (klass, EXPORT_PROP_DURATION_POLICY,
      g_param_spec_enum ("duration-policy", "Duration policy",
          "What happens to files of platforms whose limit the input exceeds",
          duration, EXPORT_DURATION_WARN, ready));
}

static void
install_machine (GObjectClass * klass)
{
  /**
   * GstEchoelExportSink:memory-limit:
   *
   * What the export should need at most. The queues in front of the encoders are
   * shortened for it, which is little; a warning says when it needs more.
   */
  g_object_class_install_property (klass, EXPORT_PROP_MEMORY_LIMIT,
      g_param_spec_uint64 ("memory-limit", "Memory limit",
          "Memory that the export is planned for, in bytes; 0 = half of what "
          "the machine, or the container, has", 0, G_MAXUINT64, 0, ready));
  /**
   * GstEchoelExportSink:hardware-sessions:
   *
   * How many encodes may run in hardware at once; more are done in software.
   */
  g_object_class_install_property (klass, EXPORT_PROP_HARDWARE_SESSIONS,
      g_param_spec_uint ("hardware-sessions", "Hardware sessions",
          "Most encodes in hardware at a time, the others are done in software;"
          " 0 = no limit", 0, G_MAXUINT, DEFAULT_SESSIONS, ready));
  /**
   * GstEchoelExportSink:progress-interval:
   *
   * Real time between two progress messages.
   */
  g_object_class_install_property (klass, EXPORT_PROP_PROGRESS_INTERVAL,
      g_param_spec_uint64 ("progress-interval", "Progress interval",
          "Time between progress messages in nanoseconds; 0 = none", 0,
          G_MAXUINT64, DEFAULT_INTERVAL, ready));
}

void
export_settings_install (GObjectClass * klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  install_names (klass);
  install_rules (klass);
  install_machine (klass);
  /**
   * GstEchoelExportSink:plan:
   *
   * What is done once for all files and what for each, for people; %NULL
   * before READY.
   */
  g_object_class_install_property (klass, EXPORT_PROP_PLAN,
      g_param_spec_string ("plan", "Plan",
          "What is decoded, reframed and encoded for which files, as text",
          NULL, readable));
  /**
   * GstEchoelExportSink:stats:
   *
   * The fields of the message echoelexportsink-summary, as things stand.
   */
  g_object_class_install_property (klass, EXPORT_PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Each file with its path, state, size and duration",
          GST_TYPE_STRUCTURE, readable));
}
