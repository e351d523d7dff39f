/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The newest GOP of a live stream, with the sound from its key frame on: what
 * a receiver is given first, so that its picture begins at once and nobody has
 * to ask the encoder for a key frame. One for all destinations.
 * Not thread safe: the owner brings a lock. Pure. */
#pragma once

#include "media.h"

G_BEGIN_DECLS

typedef struct
{
  GQueue items;                 /* EchoelMedia, owned, as they came */
  gsize bytes;
  gboolean video;               /* a video track exists */
  gboolean complete;            /* begins with a key frame */

  gint64 last_key;              /* its dts, ns; G_MININT64: none came */
  gint64 interval;              /* between the last two, ns; 0: unknown */
} EchoelGopCache;

/* @has_video: whether to wait for key frames, or keep the newest sound. */
void echoel_gop_cache_init (EchoelGopCache * cache, gboolean has_video);
void echoel_gop_cache_clear (EchoelGopCache * cache);

/* @media: (transfer none): the next frame of either track. A GOP that becomes
 * longer or larger than the bounds of a queue is forgotten. */
void echoel_gop_cache_push (EchoelGopCache * cache, EchoelMedia * media);

/* Returns: when the next key frame comes by itself, as dts in ns;
 * G_MAXINT64: unknown. */
gint64 echoel_gop_cache_next_key (const EchoelGopCache * cache);

G_END_DECLS
