/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livelimitwatch.h"

#include "livelimits.h"

/* Long enough for the average of a live encoder. */
#define SECONDS 10

/* The lock of the feed is held. */
static void
measure (const LiveLimitWatch * watch, const LiveFeed * feed,
    EchoelLiveFacts * facts)
{
  facts->bitrate = (feed->video_bytes - watch->video_then) * 8 / 1000 / SECONDS;
  facts->audio_bitrate = (feed->audio_bytes - watch->audio_then) * 8 / 1000
      / SECONDS;
  facts->key_interval = (gdouble) feed->cache.interval / GST_SECOND;
  if (feed->video == NULL)
    return;
  facts->width = feed->video->width;
  facts->height = feed->video->height;
  facts->framerate = feed->video->framerate;
}

static gchar *
describe (const gchar * id, const EchoelLiveFacts * facts)
{
  EchoelPreset *preset = echoel_preset_find (id, NULL);
  gchar *rules, *text = NULL;

  if (preset == NULL)
    return NULL;
  rules = echoel_live_limits_check (preset, facts);
  if (rules != NULL)
    text = g_strdup_printf ("%s may refuse this stream: %s", preset->title,
        rules);
  g_free (rules);
  echoel_preset_free (preset);
  return text;
}

gchar *
live_limit_watch_look (LiveLimitWatch * watch, LiveFeed * feed,
    const gchar * preset)
{
  EchoelLiveFacts facts = { 0, };

  if (watch->told)
    return NULL;
  g_mutex_lock (&feed->lock);
  if (watch->seconds == 0) {
    watch->video_then = feed->video_bytes;
    watch->audio_then = feed->audio_bytes;
  } else if (watch->seconds == SECONDS) {
    measure (watch, feed, &facts);
  }
  g_mutex_unlock (&feed->lock);
  if (watch->seconds++ < SECONDS)
    return NULL;
  watch->told = TRUE;
  return describe (preset, &facts);
}
