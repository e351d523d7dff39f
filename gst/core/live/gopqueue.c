/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gopqueue.h"

/* No reference at all: nothing but a key frame can come next. */
#define NO_REFERENCE G_MAXUINT64

typedef struct
{
  EchoelMedia *media;
  guint64 before;               /* references sent before it, video only */
} Item;

struct _EchoelGopQueue
{
  EchoelGopLimits limits;
  GQueue items;                 /* Item */
  gsize bytes;
  gboolean open;
  gboolean video;               /* a video track exists */

  guint64 references;           /* that were pushed, dropped ones too */
  guint64 decoder_has;          /* how many of them the receiver has */
  gboolean needs_key;           /* video is refused until one comes */
  gboolean sound_waits;         /* for that key frame, too */
  gint64 sound_from;            /* older sound is refused */
  gint64 newest_video, newest_audio, newest;    /* dts */
  gboolean catching_up;
  gint64 opened_at;             /* dts of the newest frame then */

  gboolean lost_audio;          /* before the next sound to come out */
  gint64 last_video_out;        /* dts, G_MININT64: none */
  EchoelGopDrops drops;
};

const EchoelGopLimits echoel_gop_limits_default = {
  700 * (gint64) GST_MSECOND, 1000 * (gint64) GST_MSECOND,
  2000 * (gint64) GST_MSECOND, 200 * (gint64) GST_MSECOND,
  (gsize) 8 * 1024 * 1024
};

EchoelGopQueue *
echoel_gop_queue_new (const EchoelGopLimits * limits)
{
  EchoelGopQueue *queue = g_new0 (EchoelGopQueue, 1);

  queue->limits = *limits;
  g_queue_init (&queue->items);
  return queue;
}

/* Takes an item out without a word. Returns: (transfer full) */
static EchoelMedia *
take (EchoelGopQueue * queue, GList * link)
{
  Item *item = link->data;
  EchoelMedia *media = item->media;

  queue->bytes -= media->size;
  g_queue_delete_link (&queue->items, link);
  g_free (item);
  return media;
}

static void
empty (EchoelGopQueue * queue)
{
  while (queue->items.head != NULL)
    echoel_media_unref (take (queue, queue->items.head));
}

void
echoel_gop_queue_free (EchoelGopQueue * queue)
{
  if (queue == NULL)
    return;
  empty (queue);
  g_free (queue);
}

static void
count_drop (EchoelGopQueue * queue, const EchoelMedia * media)
{
  if (!media->video) {
    queue->drops.audio++;
    queue->lost_audio = TRUE;
    return;
  }
  if (media->disposable)
    queue->drops.disposable++;
  else
    queue->drops.gop++;
}

static void
drop (EchoelGopQueue * queue, GList * link)
{
  EchoelMedia *media = take (queue, link);

  count_drop (queue, media);
  echoel_media_unref (media);
}

/* Of one track. */
static GList *
first_of (const EchoelGopQueue * queue, gboolean video)
{
  GList *link = queue->items.head;

  while (link != NULL && ((Item *) link->data)->media->video != video)
    link = link->next;
  return link;
}

static gint64
dts_of (const GList * link)
{
  return ((const Item *) link->data)->media->dts;
}

static gint64
video_time (const EchoelGopQueue * queue)
{
  GList *first = first_of (queue, TRUE);

  return first != NULL ? queue->newest_video - dts_of (first) : 0;
}

/* Of the track that waits longest: one may come later than the other, which is
 * no wait. */
static gint64
whole_time (const EchoelGopQueue * queue)
{
  GList *first = first_of (queue, FALSE);
  gint64 audio = first != NULL ? queue->newest_audio - dts_of (first) : 0;

  return MAX (video_time (queue), audio);
}

static void
drop_disposable (EchoelGopQueue * queue)
{
  GList *link = queue->items.head, *next;

  for (; link != NULL; link = next) {
    const EchoelMedia *media = ((Item *) link->data)->media;

    next = link->next;
    if (media->video && media->disposable)
      drop (queue, link);
  }
}

/* Drops video from the oldest frame to the next key frame, or all there is. */
static void
drop_gop (EchoelGopQueue * queue)
{
  GList *link = first_of (queue, TRUE);

  do {
    drop (queue, link);
    link = first_of (queue, TRUE);
  } while (link != NULL && !((Item *) link->data)->media->key);
  queue->drops.gaps++;
  if (link == NULL)
    queue->needs_key = TRUE;
}

static void
drop_all (EchoelGopQueue * queue)
{
  gboolean had_video = first_of (queue, TRUE) != NULL;

  while (queue->items.head != NULL)
    drop (queue, queue->items.head);
  if (had_video)
    queue->drops.gaps++;
  queue->needs_key = queue->sound_waits = TRUE;
}

/* Without video there is no key frame to wait for: the oldest sound goes. */
static void
drop_old_sound (EchoelGopQueue * queue)
{
  while (whole_time (queue) > queue->limits.all
      || queue->bytes > queue->limits.bytes)
    drop (queue, queue->items.head);
}

static void
apply_limits (EchoelGopQueue * queue, gint64 beyond)
{
  const EchoelGopLimits *limits = &queue->limits;
  gint64 all = limits->all;

  if (!queue->video) {
    drop_old_sound (queue);
    return;
  }
  if (queue->catching_up && (whole_time (queue) <= limits->drained
          || queue->newest - queue->opened_at > limits->all))
    queue->catching_up = FALSE;
  if (queue->catching_up) {
    all *= 2;
  } else {
    if (video_time (queue) + beyond > limits->disposable)
      drop_disposable (queue);
    while (first_of (queue, TRUE) != NULL
        && video_time (queue) + beyond > limits->gop)
      drop_gop (queue);
  }
  if (whole_time (queue) + beyond > all || queue->bytes > limits->bytes)
    drop_all (queue);
}

/* Behind everything that is not newer; one track never overtakes itself. */
static void
insert (EchoelGopQueue * queue, EchoelMedia * media, guint64 before)
{
  GList *link = queue->items.tail;
  Item *item = g_new (Item, 1);

  item->media = echoel_media_ref (media);
  item->before = before;
  while (link != NULL && ((Item *) link->data)->media->video != media->video
      && dts_of (link) > media->dts)
    link = link->prev;
  if (link != NULL)
    g_queue_insert_after (&queue->items, link, item);
  else
    g_queue_push_head (&queue->items, item);
  queue->bytes += media->size;
}

/* Returns: whether the frame may join the queue. */
static gboolean
admit (EchoelGopQueue * queue, const EchoelMedia * media)
{
  if (!media->video)
    return !queue->sound_waits && media->dts >= queue->sound_from;
  if (media->key && queue->sound_waits)
    queue->sound_from = media->dts;
  if (media->key)
    queue->needs_key = queue->sound_waits = FALSE;
  return !queue->needs_key;
}

static void
enter (EchoelGopQueue * queue, EchoelMedia * media)
{
  guint64 before = queue->references;

  if (media->video && (media->key || !media->disposable))
    queue->references++;
  if (!admit (queue, media)) {
    count_drop (queue, media);
    return;
  }
  insert (queue, media, before);
  queue->newest = MAX (queue->newest, media->dts);
  if (media->video)
    queue->newest_video = media->dts;
  else
    queue->newest_audio = media->dts;
}

gboolean
echoel_gop_queue_push (EchoelGopQueue * queue, EchoelMedia * media,
    gint64 beyond)
{
  if (!queue->open)
    return FALSE;
  enter (queue, media);
  apply_limits (queue, beyond);
  return queue->needs_key;
}

/* What a closed queue forgets counts nowhere. */
static void
begin_again (EchoelGopQueue * queue)
{
  empty (queue);
  queue->references = 0;
  queue->decoder_has = NO_REFERENCE;
  queue->newest = queue->newest_video = queue->newest_audio = G_MININT64;
  queue->sound_from = G_MININT64;
  queue->lost_audio = TRUE;
  queue->last_video_out = G_MININT64;
}

void
echoel_gop_queue_open (EchoelGopQueue * queue, const EchoelGopCache * cache)
{
  EchoelGopDrops drops = queue->drops;
  GList *link;

  begin_again (queue);
  queue->open = TRUE;
  queue->video = cache->video;
  queue->needs_key = queue->sound_waits = queue->video;
  if (cache->complete) {
    queue->sound_waits = FALSE;
    queue->sound_from = cache->last_key;
  }
  for (link = cache->items.head; link != NULL; link = link->next)
    enter (queue, link->data);
  queue->drops = drops;
  queue->catching_up = queue->items.length > 0;
  queue->opened_at = queue->newest;
}

void
echoel_gop_queue_set_video (EchoelGopQueue * queue, gboolean has_video)
{
  queue->video = has_video;
  queue->needs_key = TRUE;
  queue->sound_waits = FALSE;
}

void
echoel_gop_queue_flush (EchoelGopQueue * queue)
{
  begin_again (queue);
  queue->needs_key = queue->sound_waits = queue->video;
  queue->catching_up = FALSE;
}

void
echoel_gop_queue_close (EchoelGopQueue * queue)
{
  begin_again (queue);
  queue->open = FALSE;
}

/* Whether the receiver can decode this frame after what it has. */
static gboolean
is_decodable (const EchoelGopQueue * queue, const Item * item)
{
  return !item->media->video || item->media->key
      || item->before == queue->decoder_has;
}

static GList *
find (const EchoelGopQueue * queue, EchoelPop kinds)
{
  GList *link;

  for (link = queue->items.head; link != NULL; link = link->next) {
    gboolean video = ((Item *) link->data)->media->video;

    if (kinds & (video ? ECHOEL_POP_VIDEO : ECHOEL_POP_AUDIO))
      return link;
  }
  return NULL;
}

/* Notes that a frame goes out, and whether something is missing before it. */
static gboolean
note_out (EchoelGopQueue * queue, const Item * item)
{
  const EchoelMedia *media = item->media;
  gboolean lost = queue->lost_audio;

  if (!media->video) {
    queue->lost_audio = FALSE;
    return lost;
  }
  lost = item->before != queue->decoder_has;
  if (media->key || !media->disposable)
    queue->decoder_has = item->before + 1;
  if (queue->last_video_out != G_MININT64)
    queue->drops.max_gap = MAX (queue->drops.max_gap,
        media->dts - queue->last_video_out);
  queue->last_video_out = media->dts;
  return lost;
}

EchoelMedia *
echoel_gop_queue_pop (EchoelGopQueue * queue, EchoelPop kinds,
    gboolean * discont)
{
  GList *link;

  while ((link = find (queue, kinds)) != NULL) {
    if (is_decodable (queue, link->data)) {
      *discont = note_out (queue, link->data);
      return take (queue, link);
    }
    drop (queue, link);
  }
  return NULL;
}

gboolean
echoel_gop_queue_has (const EchoelGopQueue * queue, EchoelPop kinds)
{
  return find (queue, kinds) != NULL;
}

void
echoel_gop_queue_get_level (const EchoelGopQueue * queue,
    EchoelGopLevel * level)
{
  level->time = whole_time (queue);
  level->bytes = queue->bytes;
  level->frames = queue->items.length;
}

void
echoel_gop_queue_get_drops (const EchoelGopQueue * queue,
    EchoelGopDrops * drops)
{
  *drops = queue->drops;
}
