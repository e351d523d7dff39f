/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gopcache.h"

/* As long and as large as a queue may become. */
#define MAX_TIME (2 * (gint64) GST_SECOND)
#define MAX_BYTES ((gsize) 8 * 1024 * 1024)

static EchoelMedia *
take (EchoelGopCache * cache, GList * link)
{
  EchoelMedia *media = link->data;

  cache->bytes -= media->size;
  g_queue_delete_link (&cache->items, link);
  return media;
}

static void
forget (EchoelGopCache * cache)
{
  while (cache->items.head != NULL)
    echoel_media_unref (take (cache, cache->items.head));
}

void
echoel_gop_cache_init (EchoelGopCache * cache, gboolean has_video)
{
  g_queue_init (&cache->items);
  cache->bytes = 0;
  cache->video = has_video;
  cache->complete = FALSE;
  cache->last_key = G_MININT64;
  cache->interval = 0;
}

void
echoel_gop_cache_clear (EchoelGopCache * cache)
{
  forget (cache);
  cache->complete = FALSE;
}

/* A new GOP: what is older than its key frame goes. */
static void
begin_gop (EchoelGopCache * cache, const EchoelMedia * key)
{
  GList *link = cache->items.head;

  while (link != NULL) {
    GList *next = link->next;
    EchoelMedia *media = link->data;

    if (media->video || media->dts < key->dts)
      echoel_media_unref (take (cache, link));
    link = next;
  }
  if (cache->last_key != G_MININT64 && key->dts > cache->last_key)
    cache->interval = key->dts - cache->last_key;
  cache->last_key = key->dts;
  cache->complete = TRUE;
}

static gboolean
is_too_much (const EchoelGopCache * cache, const EchoelMedia * newest)
{
  const GList *oldest = cache->items.head;

  return oldest != NULL && (cache->bytes > MAX_BYTES
      || newest->dts - ((const EchoelMedia *) oldest->data)->dts > MAX_TIME);
}

void
echoel_gop_cache_push (EchoelGopCache * cache, EchoelMedia * media)
{
  if (media->video && media->key)
    begin_gop (cache, media);
  if (media->video && !cache->complete)
    return;
  g_queue_push_tail (&cache->items, echoel_media_ref (media));
  cache->bytes += media->size;
  if (!cache->video || !cache->complete) {
    while (is_too_much (cache, media))
      echoel_media_unref (take (cache, cache->items.head));
  } else if (is_too_much (cache, media)) {
    echoel_gop_cache_clear (cache);
  }
}

gint64
echoel_gop_cache_next_key (const EchoelGopCache * cache)
{
  if (cache->last_key == G_MININT64 || cache->interval == 0)
    return G_MAXINT64;
  return cache->last_key + cache->interval;
}
