/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of echoelcrop and what they are set to. The caller locks. */
#pragma once

#include <gst/gst.h>

#include "reframer.h"

G_BEGIN_DECLS

typedef enum
{
  CROP_FOLLOW_NONE,
  CROP_FOLLOW_REGIONS,
  CROP_FOLLOW_MOTION,
  CROP_FOLLOW_AUTO
} CropFollow;

enum
{
  CROP_PROP_0,
  CROP_PROP_ASPECT_RATIO,
  CROP_PROP_FIT,
  CROP_PROP_BACKGROUND,
  CROP_PROP_ANCHOR_X,
  CROP_PROP_ANCHOR_Y,
  CROP_PROP_ZOOM,
  CROP_PROP_FILTER,
  CROP_PROP_N_THREADS,
  CROP_PROP_FOLLOW,
  CROP_PROP_REGION_TYPES,
  CROP_PROP_MAX_SPEED,
  CROP_PROP_MAX_ACCELERATION,
  CROP_PROP_DEAD_BAND,
  CROP_PROP_LOOKAHEAD,
  CROP_PROP_SAFE_AREA,
  CROP_PROP_POST_WINDOWS
};

/* Parts of the target that the platform's interface covers, 0 to 1. */
typedef struct
{
  gdouble top, right, bottom, left;
} CropSafeArea;

typedef struct
{
  gint aspect_n, aspect_d;      /* 0/1: from downstream caps */
  EchoelFit fit;
  guint32 background;           /* 0xAARRGGBB */
  gdouble anchor_x, anchor_y;
  gdouble zoom;
  EchoelFilter filter;
  guint n_threads;
  CropFollow follow;
  gchar *region_types;          /* NULL: all */
  gdouble max_speed, max_acceleration, dead_band;
  GstClockTime lookahead;
  CropSafeArea safe_area;
  gboolean post_windows;
} CropSettings;

void crop_settings_init (CropSettings * settings);
void crop_settings_clear (CropSettings * settings);

/* Makes @to, which holds nothing, a deep copy of @from. */
void crop_settings_copy (CropSettings * to, const CropSettings * from);

/* Return whether @id is one of these properties. */
gboolean crop_settings_set (CropSettings * settings, guint id,
    const GValue * value);
gboolean crop_settings_get (const CropSettings * settings, guint id,
    GValue * value);

/* Whether the window follows something, where frames can be seen. */
gboolean crop_settings_follow (const CropSettings * settings);

void crop_settings_install (GObjectClass * object_class);

G_END_DECLS
