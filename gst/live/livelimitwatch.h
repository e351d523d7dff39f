/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures what a destination of a known platform is sent, and says once when
 * that is more than the platform takes. Not thread safe: the destination
 * brings its lock. */
#pragma once

#include "feed.h"

G_BEGIN_DECLS

typedef struct
{
  guint seconds;                /* so far with frames */
  guint64 video_then, audio_then;       /* bytes when it began */
  gboolean told;
} LiveLimitWatch;

/* Once a second while the destination publishes; @preset: id of the platform.
 * Returns: (transfer full) (nullable): what to warn of */
gchar *live_limit_watch_look (LiveLimitWatch * watch, LiveFeed * feed,
    const gchar * preset);

G_END_DECLS
