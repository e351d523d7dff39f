/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks upstream for the bitrate that the destinations can carry: looks at
 * what their transports did, ten times a second, and lets the arbiter of core
 * decide. Settings may be written by any thread; all else belongs to the
 * keeper's. */
#pragma once

#include "livedestination.h"

G_BEGIN_DECLS

/* All in kbit/s of the encoded video, but for the uplink: that is everything
 * that is sent. */
typedef struct
{
  gboolean adaptive;            /* FALSE: measures, but asks for nothing */
  guint best;                   /* 0: what the encoder makes when not limited */
  guint floor;
  guint record_floor;           /* 0: none */
  guint uplink;                 /* 0: not known */
} LiveBitrateSettings;

typedef struct _LiveBitrate LiveBitrate;

/* @element: not owned; posts messages
 * @ask: sends a request upstream: kbit/s, and for how long it stands in ns; 0
 *     takes it back. In the keeper's thread. Returns whether anything upstream
 *     took it
 * Returns: (transfer full): with the default settings */
LiveBitrate *live_bitrate_new (GstElement * element,
    gboolean (*ask) (GstElement * element, guint kbps, GstClockTime expires));

void live_bitrate_free (LiveBitrate * self);

void live_bitrate_get_settings (LiveBitrate * self,
    LiveBitrateSettings * settings);
void live_bitrate_set_settings (LiveBitrate * self,
    const LiveBitrateSettings * settings);

/* Before the element runs (again): forgets what it learnt. */
void live_bitrate_reset (LiveBitrate * self);

/* @destinations: (element-type LiveDestination): all there are
 * @now: monotonic, ns */
void live_bitrate_step (LiveBitrate * self, LiveFeed * feed,
    GPtrArray * destinations, GstClockTime now);

G_END_DECLS
