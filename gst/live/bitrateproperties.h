/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of the sink that steer the bitrate: one row each. */
#pragma once

#include "livebitrate.h"

G_BEGIN_DECLS

enum
{
  LIVE_BITRATE_ADAPTIVE,
  LIVE_BITRATE_BEST,
  LIVE_BITRATE_FLOOR,
  LIVE_BITRATE_RECORD_FLOOR,
  LIVE_BITRATE_UPLINK,
  LIVE_BITRATE_PROPERTIES
};

/* @first: the number of the first of LIVE_BITRATE_PROPERTIES */
void live_bitrate_install_properties (GObjectClass * klass, guint first);

/* @which: one of the numbers above, from 0. Any thread */
void live_bitrate_set_property (LiveBitrate * self, guint which,
    const GValue * value);
void live_bitrate_get_property (LiveBitrate * self, guint which,
    GValue * value);

G_END_DECLS
