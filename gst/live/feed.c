/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feed.h"

LiveFeed *
live_feed_new (void)
{
  LiveFeed *feed = g_new0 (LiveFeed, 1);

  feed->refs = 1;
  g_mutex_init (&feed->lock);
  echoel_gop_cache_init (&feed->cache, FALSE);
  echoel_key_requests_init (&feed->key_requests);
  feed->outlets = g_ptr_array_new ();
  return feed;
}

LiveFeed *
live_feed_ref (LiveFeed * feed)
{
  g_atomic_int_inc (&feed->refs);
  return feed;
}

static void
forget (LiveFeed * feed)
{
  echoel_gop_cache_clear (&feed->cache);
  g_clear_pointer (&feed->video, echoel_format_unref);
  g_clear_pointer (&feed->audio, echoel_format_unref);
}

void
live_feed_unref (LiveFeed * feed)
{
  if (!g_atomic_int_dec_and_test (&feed->refs))
    return;
  forget (feed);
  g_ptr_array_unref (feed->outlets);
  g_mutex_clear (&feed->lock);
  g_free (feed);
}

/* Times begin anew: what was asked for before counts no more. */
static void
forget_requests (LiveFeed * feed)
{
  guint i;

  echoel_key_requests_forget (&feed->key_requests);
  for (i = 0; i < feed->outlets->len; i++)
    echoel_key_requests_forget (&((LiveOutlet *) g_ptr_array_index
            (feed->outlets, i))->key_requests);
}

void
live_feed_reset (LiveFeed * feed, gboolean has_video)
{
  g_mutex_lock (&feed->lock);
  forget (feed);
  echoel_gop_cache_init (&feed->cache, has_video);
  forget_requests (feed);
  feed->has_video = has_video;
  g_mutex_unlock (&feed->lock);
}

void
live_feed_flush (LiveFeed * feed)
{
  guint i;

  g_mutex_lock (&feed->lock);
  echoel_gop_cache_clear (&feed->cache);
  echoel_gop_cache_init (&feed->cache, feed->has_video);
  forget_requests (feed);
  for (i = 0; i < feed->outlets->len; i++)
    live_relay_flush (((LiveOutlet *) g_ptr_array_index (feed->outlets,
                i))->relay);
  g_mutex_unlock (&feed->lock);
}

void
live_feed_expect_video (LiveFeed * feed, gboolean expected)
{
  guint i;

  g_mutex_lock (&feed->lock);
  if (feed->has_video != expected) {
    feed->has_video = expected;
    g_clear_pointer (&feed->video, echoel_format_unref);
    echoel_gop_cache_clear (&feed->cache);
    echoel_gop_cache_init (&feed->cache, expected);
    for (i = 0; i < feed->outlets->len; i++)
      live_relay_set_video (((LiveOutlet *) g_ptr_array_index (feed->outlets,
                  i))->relay, expected);
  }
  g_mutex_unlock (&feed->lock);
}

void
live_feed_set_format (LiveFeed * feed, EchoelFormat * format)
{
  EchoelFormat **track;

  g_mutex_lock (&feed->lock);
  track = echoel_format_is_video (format) ? &feed->video : &feed->audio;
  echoel_format_ref (format);
  echoel_format_unref (*track);
  *track = format;
  g_mutex_unlock (&feed->lock);
}

gboolean
live_feed_push (LiveFeed * feed, EchoelMedia * media)
{
  gboolean ask = FALSE;
  guint i;

  g_mutex_lock (&feed->lock);
  *(media->video ? &feed->video_bytes : &feed->audio_bytes) += media->size;
  echoel_gop_cache_push (&feed->cache, media);
  for (i = 0; i < feed->outlets->len; i++) {
    LiveOutlet *outlet = g_ptr_array_index (feed->outlets, i);

    if (live_relay_push (outlet->relay, media, outlet->beyond)
        && media->video)
      ask |= echoel_key_requests_ask (&feed->key_requests,
          &outlet->key_requests, media->dts,
          echoel_gop_cache_next_key (&feed->cache));
  }
  g_mutex_unlock (&feed->lock);
  return ask;
}

void
live_feed_get_bytes (LiveFeed * feed, guint64 * video, guint64 * audio)
{
  g_mutex_lock (&feed->lock);
  *video = feed->video_bytes;
  *audio = feed->audio_bytes;
  g_mutex_unlock (&feed->lock);
}

void
live_feed_add (LiveFeed * feed, LiveOutlet * outlet)
{
  g_mutex_lock (&feed->lock);
  echoel_key_requests_init (&outlet->key_requests);
  g_ptr_array_add (feed->outlets, outlet);
  g_mutex_unlock (&feed->lock);
}

void
live_feed_remove (LiveFeed * feed, LiveOutlet * outlet)
{
  g_mutex_lock (&feed->lock);
  g_ptr_array_remove_fast (feed->outlets, outlet);
  g_mutex_unlock (&feed->lock);
}

void
live_feed_open (LiveFeed * feed, LiveOutlet * outlet)
{
  g_mutex_lock (&feed->lock);
  live_relay_open (outlet->relay, &feed->cache);
  g_mutex_unlock (&feed->lock);
}

gboolean
live_feed_shows_video (LiveFeed * feed)
{
  gboolean shows;

  g_mutex_lock (&feed->lock);
  shows = feed->has_video && feed->video != NULL;
  g_mutex_unlock (&feed->lock);
  return shows;
}

gboolean
live_feed_can_begin (LiveFeed * feed)
{
  gboolean can;

  g_mutex_lock (&feed->lock);
  can = feed->audio != NULL && (feed->video != NULL || !feed->has_video);
  g_mutex_unlock (&feed->lock);
  return can;
}

void
live_feed_get_formats (LiveFeed * feed, EchoelFormat ** video,
    EchoelFormat ** audio)
{
  g_mutex_lock (&feed->lock);
  *video = feed->video ? echoel_format_ref (feed->video) : NULL;
  *audio = feed->audio ? echoel_format_ref (feed->audio) : NULL;
  g_mutex_unlock (&feed->lock);
}
