/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoded frames for tests, made by hand. */
#pragma once

#include "media.h"

/* 30 frames a second. */
#define FRAME ((gint64) GST_SECOND / 30)

typedef enum
{
  KEY,
  INTER,
  DISPOSABLE,
  UPPER                         /* disposable, of the second H.265 layer */
} Kind;

/* Returns: (transfer full) */
EchoelFormat *make_video_format (const gchar * codec);
EchoelFormat *make_sound_format (void);

/* Returns: (transfer full): a frame with NAL units of this kind */
EchoelMedia *make_video (EchoelFormat * format, Kind kind, gint64 dts,
    gsize size);
EchoelMedia *make_sound (EchoelFormat * format, gint64 dts);
