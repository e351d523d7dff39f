/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The enumerations of echoelpreset's properties. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_ECHOEL_PRESET_USAGE (gst_echoel_preset_usage_get_type ())
GType gst_echoel_preset_usage_get_type (void);

#define GST_TYPE_ECHOEL_PRESET_QUALITY (gst_echoel_preset_quality_get_type ())
GType gst_echoel_preset_quality_get_type (void);

#define GST_TYPE_ECHOEL_PRESET_DURATION_POLICY \
    (gst_echoel_preset_duration_policy_get_type ())
GType gst_echoel_preset_duration_policy_get_type (void);

G_END_DECLS
