/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What waits for one destination: video and audio in one queue in the order of
 * time, bounded in time and bytes, that drops so that a decoder never notices
 * more than a pause.
 *
 * Whatever is dropped, the next video frame that comes out after a lost
 * reference is a key frame: echoel_gop_queue_pop() counts the references that
 * a decoder has and holds back what it could not decode, so no rule above it
 * can break the picture.
 * Not thread safe: the owner brings a lock. Pure; time is that of the media. */
#pragma once

#include "gopcache.h"
#include "media.h"

G_BEGIN_DECLS

/* Delays at which something is given up, ns of media. */
typedef struct
{
  gint64 disposable;            /* frames that no other refers to */
  gint64 gop;                   /* all video up to the next key frame */
  gint64 all;                   /* everything, sound too */
  gint64 drained;               /* catching up is over below this */
  gsize bytes;                  /* everything, too */
} EchoelGopLimits;

typedef struct
{
  guint64 disposable, gop, audio;       /* frames dropped */
  guint64 gaps;                 /* times that video was broken off */
  gint64 max_gap;               /* longest jump in video that came out, ns */
} EchoelGopDrops;

typedef struct
{
  gint64 time;                  /* between oldest and newest, ns */
  gsize bytes;
  guint frames;
} EchoelGopLevel;

typedef enum
{
  ECHOEL_POP_VIDEO = 1 << 0,
  ECHOEL_POP_AUDIO = 1 << 1,
  ECHOEL_POP_ANY = ECHOEL_POP_VIDEO | ECHOEL_POP_AUDIO
} EchoelPop;

typedef struct _EchoelGopQueue EchoelGopQueue;

/* 0.7, 1 and 2 s, 8 MB; docs/elements/echoellivesink.md describes them. */
extern const EchoelGopLimits echoel_gop_limits_default;

/* Returns: (transfer full): an empty queue, closed; @limits is copied */
EchoelGopQueue *echoel_gop_queue_new (const EchoelGopLimits * limits);

/* Accepts %NULL. */
void echoel_gop_queue_free (EchoelGopQueue * queue);

/**
 * echoel_gop_queue_open:
 * @cache: (transfer none): what a new receiver is given first
 *
 * A receiver takes from here on; it has seen nothing, so video begins with a
 * key frame and sound not before it. What the cache held is late already:
 * until the queue has been drained once, or for the length of the last limit,
 * only that limit counts, and doubled.
 */
void echoel_gop_queue_open (EchoelGopQueue * queue,
    const EchoelGopCache * cache);

/* Nobody takes anything any more: forgets all. Nothing counts as dropped. */
void echoel_gop_queue_close (EchoelGopQueue * queue);

/* The video track came, or has gone: what waits stays, a frame of it that comes
 * next must be a key frame, and sound waits for none. */
void echoel_gop_queue_set_video (EchoelGopQueue * queue, gboolean has_video);

/* Forgets all and begins as after opening, with nothing in the cache. */
void echoel_gop_queue_flush (EchoelGopQueue * queue);

/**
 * echoel_gop_queue_push:
 * @media: (transfer none): frames of one track come in the order of decoding
 * @beyond: delay behind this queue, in the kernel or on the way, ns
 *
 * Drops by the limits; a closed queue takes nothing.
 *
 * Returns: whether video cannot go on before a key frame comes, so that
 *     upstream should be asked for one
 */
gboolean echoel_gop_queue_push (EchoelGopQueue * queue, EchoelMedia * media,
    gint64 beyond);

/**
 * echoel_gop_queue_pop:
 * @kinds: which tracks to take from
 * @discont: (out): whether frames of this track are missing before this one
 *
 * Returns: (transfer full) (nullable): the oldest frame
 */
EchoelMedia *echoel_gop_queue_pop (EchoelGopQueue * queue, EchoelPop kinds,
    gboolean * discont);

/* Returns: whether a frame of these kinds waits. */
gboolean echoel_gop_queue_has (const EchoelGopQueue * queue, EchoelPop kinds);

void echoel_gop_queue_get_level (const EchoelGopQueue * queue,
    EchoelGopLevel * level);
void echoel_gop_queue_get_drops (const EchoelGopQueue * queue,
    EchoelGopDrops * drops);

G_END_DECLS
