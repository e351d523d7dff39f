/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is counted of one destination and how it is told. Not thread safe: the
 * destination brings its lock. */
#pragma once

#include "livedestination.h"

G_BEGIN_DECLS

#define LIVE_RATE_SECONDS 10

typedef struct
{
  guint64 sent[LIVE_RATE_SECONDS + 1];  /* bytes at each of the last seconds */
  guint seconds;                /* how many were counted */
  guint64 before;               /* bytes of attempts that are over */
} LiveStats;

/* What is told, besides the counters above. */
typedef struct
{
  const gchar *id, *location;   /* location without its secrets */
  const EchoelLink *link;
  const LiveSample *sample;
  guint64 key_requests;
  const gchar *error;           /* nullable, free of secrets */
  const EchoelFormat *video, *audio;    /* nullable */
  const LiveBitrateView *bitrate;
} LiveStatsSubject;

/* Once a second. @bytes: delivered in this attempt */
void live_stats_count (LiveStats * stats, guint64 bytes);

/* An attempt ended after so many bytes. */
void live_stats_end (LiveStats * stats, guint64 bytes);

/* @name: of the structure. Returns: (transfer full) */
GstStructure *live_stats_describe (const LiveStats * stats, const gchar * name,
    const LiveStatsSubject * subject);

G_END_DECLS
