/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "relay.h"

/* Sound goes out with the next picture, which wakes the sender once for both;
 * it waits no longer than this for one, ns of media. */
#define PATIENCE (50 * (gint64) GST_MSECOND)

struct _LiveRelay
{
  GMutex lock;                  /* guards all below */
  GCond cond;                   /* something came, or it was closed */
  EchoelGopQueue *queue;
  gboolean prepared;            /* takers may wait */
  gboolean open, finished;
  gint64 last_video;            /* dts; G_MININT64: none came */
  guint64 frames_out, bytes_out;
};

LiveRelay *
live_relay_new (void)
{
  LiveRelay *relay = g_new0 (LiveRelay, 1);

  g_mutex_init (&relay->lock);
  g_cond_init (&relay->cond);
  relay->queue = echoel_gop_queue_new (&echoel_gop_limits_default);
  return relay;
}

void
live_relay_free (LiveRelay * relay)
{
  if (relay == NULL)
    return;
  echoel_gop_queue_free (relay->queue);
  g_cond_clear (&relay->cond);
  g_mutex_clear (&relay->lock);
  g_free (relay);
}

void
live_relay_prepare (LiveRelay * relay)
{
  g_mutex_lock (&relay->lock);
  relay->prepared = TRUE;
  g_mutex_unlock (&relay->lock);
}

void
live_relay_open (LiveRelay * relay, const EchoelGopCache * cache)
{
  g_mutex_lock (&relay->lock);
  echoel_gop_queue_open (relay->queue, cache);
  relay->open = TRUE;
  relay->finished = FALSE;
  relay->last_video = G_MININT64;
  g_cond_broadcast (&relay->cond);
  g_mutex_unlock (&relay->lock);
}

void
live_relay_close (LiveRelay * relay)
{
  g_mutex_lock (&relay->lock);
  echoel_gop_queue_close (relay->queue);
  relay->prepared = relay->open = relay->finished = FALSE;
  g_cond_broadcast (&relay->cond);
  g_mutex_unlock (&relay->lock);
}

void
live_relay_set_video (LiveRelay * relay, gboolean has_video)
{
  g_mutex_lock (&relay->lock);
  echoel_gop_queue_set_video (relay->queue, has_video);
  if (!has_video)
    relay->last_video = G_MININT64;
  g_mutex_unlock (&relay->lock);
}

void
live_relay_flush (LiveRelay * relay)
{
  g_mutex_lock (&relay->lock);
  echoel_gop_queue_flush (relay->queue);
  g_mutex_unlock (&relay->lock);
}

void
live_relay_finish (LiveRelay * relay)
{
  g_mutex_lock (&relay->lock);
  relay->finished = relay->open;
  g_cond_broadcast (&relay->cond);
  g_mutex_unlock (&relay->lock);
}

static gboolean
is_urgent (LiveRelay * relay, const EchoelMedia * media)
{
  if (!media->video)
    return relay->last_video == G_MININT64
        || media->dts - relay->last_video > PATIENCE;
  relay->last_video = media->dts;
  return TRUE;
}

gboolean
live_relay_push (LiveRelay * relay, EchoelMedia * media, gint64 beyond)
{
  gboolean needs_key = FALSE;

  g_mutex_lock (&relay->lock);
  if (relay->open && !relay->finished) {
    needs_key = echoel_gop_queue_push (relay->queue, media, beyond);
    if (is_urgent (relay, media))
      g_cond_broadcast (&relay->cond);
  }
  g_mutex_unlock (&relay->lock);
  return needs_key;
}

EchoelMedia *
live_relay_take (LiveRelay * relay, EchoelPop kinds, gboolean * discont)
{
  EchoelMedia *media = NULL;

  g_mutex_lock (&relay->lock);
  while (relay->prepared) {
    if (relay->open)
      media = echoel_gop_queue_pop (relay->queue, kinds, discont);
    if (media != NULL || relay->finished)
      break;
    g_cond_wait (&relay->cond, &relay->lock);
  }
  if (media != NULL) {
    relay->frames_out++;
    relay->bytes_out += media->size;
  }
  g_mutex_unlock (&relay->lock);
  return media;
}

gboolean
live_relay_is_finished (LiveRelay * relay)
{
  gboolean finished;

  g_mutex_lock (&relay->lock);
  finished = relay->finished;
  g_mutex_unlock (&relay->lock);
  return finished;
}

void
live_relay_get_stats (LiveRelay * relay, LiveRelayStats * stats)
{
  g_mutex_lock (&relay->lock);
  echoel_gop_queue_get_level (relay->queue, &stats->level);
  echoel_gop_queue_get_drops (relay->queue, &stats->drops);
  stats->frames_out = relay->frames_out;
  stats->bytes_out = relay->bytes_out;
  g_mutex_unlock (&relay->lock);
}
