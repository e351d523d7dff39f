/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of echoelmp4mux. */
#pragma once

#include <gst/gst.h>

#include "moov.h"

G_BEGIN_DECLS

typedef enum
{
  MP4_CONTAINER_MP4 = 0,
  MP4_CONTAINER_MOV
} Mp4Container;

typedef enum
{
  MP4_SAFETY_ROBUST = 0,        /* the index is kept up to date */
  MP4_SAFETY_FAST,              /* the index is written at the end */
  MP4_SAFETY_FRAGMENTED         /* many small indexes */
} Mp4Safety;

enum
{
  MP4_PROP_CONTAINER = 1,
  MP4_PROP_SAFETY,
  MP4_PROP_EDIT_LIST,
  MP4_PROP_AUDIO_PRIMING,
  MP4_PROP_RESERVE_DURATION,
  MP4_PROP_STALL_TIMEOUT
};

typedef struct
{
  Mp4Container container;
  Mp4Safety safety;
  EchoelEditLists edit_list;
  gint audio_priming;           /* samples, -1: as the encoder needs */
  GstClockTime reserve_duration;        /* ns, GST_CLOCK_TIME_NONE: the
                                         * source's */
  GstClockTime stall_timeout;   /* ns, 0: never */
} Mp4Settings;

void mp4_settings_init (Mp4Settings * settings);

/* Both return whether there is a property @id. */
gboolean mp4_settings_set (Mp4Settings * settings, guint id,
    const GValue * value);
gboolean mp4_settings_get (const Mp4Settings * settings, guint id,
    GValue * value);

void mp4_settings_install (GObjectClass * klass);

G_END_DECLS
