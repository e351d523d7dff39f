/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mp4settings.h"

#include <string.h>

#define DEFAULT_STALL_TIMEOUT (10 * GST_SECOND)

#define DEFINE_ENUM(Name, name, ...) \
static GType \
gst_echoel_mp4_mux_##name##_get_type (void) \
{ \
  static gsize type = 0; \
  static const GEnumValue values[] = { __VA_ARGS__, {0, NULL, NULL} }; \
  if (g_once_init_enter (&type)) \
    g_once_init_leave (&type, \
        g_enum_register_static ("GstEchoelMp4Mux" #Name, values)); \
  return type; \
}

/* *INDENT-OFF* */
DEFINE_ENUM (Container, container,
    {MP4_CONTAINER_MP4, "MP4", "mp4"},
    {MP4_CONTAINER_MOV, "QuickTime, also for ProRes and PCM", "mov"})

DEFINE_ENUM (Safety, safety,
    {MP4_SAFETY_ROBUST,
        "Index in front, brought up to date every half second", "robust"},
    {MP4_SAFETY_FAST, "Index written once, at the end", "fast"},
    {MP4_SAFETY_FRAGMENTED,
        "Fragments of half a second, for outputs that cannot be seeked",
        "fragmented"})

DEFINE_ENUM (EditList, edit_list,
    {ECHOEL_EDIT_LISTS_AUTO, "Where there is something to say", "auto"},
    {ECHOEL_EDIT_LISTS_NEVER, "Never, times are right without", "never"})
/* *INDENT-ON* */

void
mp4_settings_init (Mp4Settings * settings)
{
  memset (settings, 0, sizeof (*settings));
  settings->audio_priming = -1;
  settings->reserve_duration = GST_CLOCK_TIME_NONE;
  settings->stall_timeout = DEFAULT_STALL_TIMEOUT;
}

gboolean
mp4_settings_set (Mp4Settings * settings, guint id, const GValue * value)
{
  switch (id) {
    case MP4_PROP_CONTAINER:
      settings->container = g_value_get_enum (value);
      break;
    case MP4_PROP_SAFETY:
      settings->safety = g_value_get_enum (value);
      break;
    case MP4_PROP_EDIT_LIST:
      settings->edit_list = g_value_get_enum (value);
      break;
    case MP4_PROP_AUDIO_PRIMING:
      settings->audio_priming = g_value_get_int (value);
      break;
    case MP4_PROP_RESERVE_DURATION:
      settings->reserve_duration = g_value_get_uint64 (value);
      break;
    case MP4_PROP_STALL_TIMEOUT:
      settings->stall_timeout = g_value_get_uint64 (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
mp4_settings_get (const Mp4Settings * settings, guint id, GValue * value)
{
  switch (id) {
    case MP4_PROP_CONTAINER:
      g_value_set_enum (value, settings->container);
      break;
    case MP4_PROP_SAFETY:
      g_value_set_enum (value, settings->safety);
      break;
    case MP4_PROP_EDIT_LIST:
      g_value_set_enum (value, settings->edit_list);
      break;
    case MP4_PROP_AUDIO_PRIMING:
      g_value_set_int (value, settings->audio_priming);
      break;
    case MP4_PROP_RESERVE_DURATION:
      g_value_set_uint64 (value, settings->reserve_duration);
      break;
    case MP4_PROP_STALL_TIMEOUT:
      g_value_set_uint64 (value, settings->stall_timeout);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

void
mp4_settings_install (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (klass, MP4_PROP_CONTAINER,
      g_param_spec_enum ("container", "Container", "Kind of file",
          gst_echoel_mp4_mux_container_get_type (), MP4_CONTAINER_MP4, flags));
  g_object_class_install_property (klass, MP4_PROP_SAFETY,
      g_param_spec_enum ("safety", "Safety",
          "What is left of the file after a crash",
          gst_echoel_mp4_mux_safety_get_type (), MP4_SAFETY_ROBUST, flags));
  g_object_class_install_property (klass, MP4_PROP_EDIT_LIST,
      g_param_spec_enum ("edit-list", "Edit list",
          "Whether edit lists may tell where picture and sound begin",
          gst_echoel_mp4_mux_edit_list_get_type (), ECHOEL_EDIT_LISTS_AUTO,
          flags));
  g_object_class_install_property (klass, MP4_PROP_AUDIO_PRIMING,
      g_param_spec_int ("audio-priming", "Audio priming",
          "Samples that the audio encoder puts in front of the sound "
          "(-1 = what the encoder found upstream is known to need)",
          -1, G_MAXUINT16, -1, flags));
  g_object_class_install_property (klass, MP4_PROP_RESERVE_DURATION,
      g_param_spec_uint64 ("reserve-duration", "Reserve duration",
          "Length of file that the room for the index in front is made for, "
          "in nanoseconds (-1 = what upstream says, 0 = none)",
          0, G_MAXUINT64, GST_CLOCK_TIME_NONE, flags));
  g_object_class_install_property (klass, MP4_PROP_STALL_TIMEOUT,
      g_param_spec_uint64 ("stall-timeout", "Stall timeout",
          "How long one stream may wait for the first data of another before "
          "that is an error, in nanoseconds (0 = for ever)",
          0, G_MAXUINT64, DEFAULT_STALL_TIMEOUT, flags));
}
