/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sourcesettings.h"

#define DEFAULT_MAX_TEXTURES 3

/* *INDENT-OFF* */
#define DEFINE_ENUM(Name, name, ...) \
static GType \
gst_echoel_metal_src_##name##_get_type (void) \
{ \
  static gsize type = 0; \
  static const GEnumValue values[] = { __VA_ARGS__, {0, NULL, NULL} }; \
  if (g_once_init_enter (&type)) \
    g_once_init_leave (&type, \
        g_enum_register_static ("GstEchoelMetalSrc" #Name, values)); \
  return type; \
}

DEFINE_ENUM (Backend, backend,
    {SOURCE_BACKEND_AUTO,
        "As the textures say; a test card while none has ever come", "auto"},
    {SOURCE_BACKEND_PATTERN, "An animated test card; nothing can be pushed",
        "pattern"},
    {SOURCE_BACKEND_MEMORY, "Surfaces in the system's memory", "memory"},
    {SOURCE_BACKEND_DMABUF, "DMA buffers of Linux, by file descriptor",
        "dmabuf"},
    {SOURCE_BACKEND_GL, "OpenGL textures of a shared context", "gl"},
    {SOURCE_BACKEND_METAL, "Metal textures, IOSurfaces and pixel buffers",
        "metal"})

DEFINE_ENUM (Policy, policy,
    {ECHOEL_QUEUE_DROP_OLDEST, "Drop what has waited longest", "drop-oldest"},
    {ECHOEL_QUEUE_DROP_NEWEST, "Drop what comes", "drop-newest"},
    {ECHOEL_QUEUE_BLOCK, "Let push-texture wait for room", "block"})

DEFINE_ENUM (Idle, idle,
    {ECHOEL_IDLE_REPEAT, "Show the last texture again", "repeat"},
    {ECHOEL_IDLE_GAP, "Send a gap event", "gap"},
    {ECHOEL_IDLE_WAIT, "Wait for the next texture", "wait"})
/* *INDENT-ON* */

void
source_settings_init (SourceSettings * settings)
{
  memset (settings, 0, sizeof (*settings));
  settings->max_textures = DEFAULT_MAX_TEXTURES;
}

void
source_settings_clear (SourceSettings * settings)
{
  gst_clear_caps (&settings->caps);
}

gboolean
source_settings_set (SourceSettings * settings, guint id, const GValue * value)
{
  switch (id) {
    case SOURCE_PROP_BACKEND:
      settings->backend = g_value_get_enum (value);
      break;
    case SOURCE_PROP_CAPS:
      gst_caps_replace (&settings->caps, (GstCaps *) gst_value_get_caps
          (value));
      break;
    case SOURCE_PROP_MAX_TEXTURES:
      settings->max_textures = g_value_get_uint (value);
      break;
    case SOURCE_PROP_POLICY:
      settings->policy = g_value_get_enum (value);
      break;
    case SOURCE_PROP_IDLE:
      settings->idle = g_value_get_enum (value);
      break;
    case SOURCE_PROP_DO_TIMESTAMP:
      settings->do_timestamp = g_value_get_boolean (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
source_settings_get (const SourceSettings * settings, guint id, GValue * value)
{
  switch (id) {
    case SOURCE_PROP_BACKEND:
      g_value_set_enum (value, settings->backend);
      break;
    case SOURCE_PROP_CAPS:
      gst_value_set_caps (value, settings->caps);
      break;
    case SOURCE_PROP_MAX_TEXTURES:
      g_value_set_uint (value, settings->max_textures);
      break;
    case SOURCE_PROP_POLICY:
      g_value_set_enum (value, settings->policy);
      break;
    case SOURCE_PROP_IDLE:
      g_value_set_enum (value, settings->idle);
      break;
    case SOURCE_PROP_DO_TIMESTAMP:
      g_value_set_boolean (value, settings->do_timestamp);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

const gchar *
source_settings_backend_name (SourceBackend backend)
{
  static const gchar *const names[] = { NULL, "pattern", "memory", "dmabuf",
    "gl", "metal"
  };

  return names[backend];
}

#define PLAYING (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_PLAYING)
#define READY (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_READY)

static void
install_textures (GObjectClass * object_class)
{
  const GType backend = gst_echoel_metal_src_backend_get_type ();

  gst_type_mark_as_plugin_api (backend, 0);
  /**
   * GstEchoelMetalSrc:backend:
   *
   * What kind of texture is pushed. With auto each texture says so itself.
   */
  g_object_class_install_property (object_class, SOURCE_PROP_BACKEND,
      g_param_spec_enum ("backend", "Back end", "Kind of texture that is "
          "pushed", backend, SOURCE_BACKEND_AUTO, READY));
  /**
   * GstEchoelMetalSrc:caps:
   *
   * What the video may be. Fields that a texture does not tell are taken
   * from here, above all the frame rate.
   */
  g_object_class_install_property (object_class, SOURCE_PROP_CAPS,
      g_param_spec_boxed ("caps", "Caps",
          "What the video may be, and what textures do not tell, such as the "
          "frame rate; unset = as the textures say", GST_TYPE_CAPS, READY));
}

static void
install_flow (GObjectClass * object_class)
{
  const GType policy = gst_echoel_metal_src_policy_get_type ();
  const GType idle = gst_echoel_metal_src_idle_get_type ();

  gst_type_mark_as_plugin_api (policy, 0);
  gst_type_mark_as_plugin_api (idle, 0);
  /**
   * GstEchoelMetalSrc:max-textures:
   *
   * Textures that wait to be shown.
   */
  g_object_class_install_property (object_class, SOURCE_PROP_MAX_TEXTURES,
      g_param_spec_uint ("max-textures", "Maximum textures",
          "Maximum number of textures that wait to be sent on", 1, 1024,
          DEFAULT_MAX_TEXTURES, PLAYING));
  /**
   * GstEchoelMetalSrc:policy:
   *
   * What happens to a texture that is pushed while as many wait as may.
   */
  g_object_class_install_property (object_class, SOURCE_PROP_POLICY,
      g_param_spec_enum ("policy", "Policy",
          "What to do when max-textures wait", policy,
          ECHOEL_QUEUE_DROP_OLDEST, PLAYING));
  /**
   * GstEchoelMetalSrc:idle:
   *
   * What fills the time of a frame that does not come.
   */
  g_object_class_install_property (object_class, SOURCE_PROP_IDLE,
      g_param_spec_enum ("idle", "Idle",
          "What to do when no texture comes in time", idle,
          ECHOEL_IDLE_REPEAT, PLAYING));
}

void
source_settings_install (GObjectClass * object_class)
{
  install_textures (object_class);
  install_flow (object_class);
  /**
   * GstEchoelMetalSrc:stats:
   *
   * What has happened to the textures since the stream started.
   */
  g_object_class_install_property (object_class, SOURCE_PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Counts of textures and how long they waited, since the start",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /* The base class would stamp frames as they leave, not as they come. */
  g_object_class_override_property (object_class, SOURCE_PROP_DO_TIMESTAMP,
      "do-timestamp");
}
