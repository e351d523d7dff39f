/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presettypes.h"

#include "durationguard.h"
#include "encodeplan.h"

#define DEFINE_ENUM(Name, name, ...) \
GType \
gst_echoel_preset_##name##_get_type (void) \
{ \
  static gsize type = 0; \
  static const GEnumValue values[] = { __VA_ARGS__, {0, NULL, NULL} }; \
  if (g_once_init_enter (&type)) \
    g_once_init_leave (&type, \
        g_enum_register_static ("GstEchoelPreset" #Name, values)); \
  return type; \
}

/* *INDENT-OFF* */
DEFINE_ENUM (Usage, usage,
    {ECHOEL_USAGE_AUTO, "As the platform's preset says", "auto"},
    {ECHOEL_USAGE_EXPORT, "A file: best picture for the bits", "export"},
    {ECHOEL_USAGE_LIVE, "A live stream: low latency, steady bitrate", "live"})

DEFINE_ENUM (Quality, quality,
    {ECHOEL_QUALITY_AUTO, "The platform's bitrate", "auto"},
    {ECHOEL_QUALITY_LOW, "2500 kbit/s at 1080p30", "low"},
    {ECHOEL_QUALITY_MEDIUM, "5000 kbit/s at 1080p30", "medium"},
    {ECHOEL_QUALITY_HIGH, "8000 kbit/s at 1080p30", "high"},
    {ECHOEL_QUALITY_MAXIMUM, "12000 kbit/s at 1080p30", "maximum"})

DEFINE_ENUM (DurationPolicy, duration_policy,
    {DURATION_POLICY_WARN, "Post a warning and go on", "warn"},
    {DURATION_POLICY_TRIM, "End video and audio at the limit", "trim"},
    {DURATION_POLICY_ERROR, "Post an error and stop", "error"},
    {DURATION_POLICY_IGNORE, "Do nothing", "ignore"})
/* *INDENT-ON* */
