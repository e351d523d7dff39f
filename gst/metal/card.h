/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test card as buffers: a few memories in turn, each of which keeps what
 * stands still. Streaming thread. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

typedef struct _Card Card;

/* Returns: (transfer full): a card of @info, nothing drawn yet */
Card *card_new (const GstVideoInfo * info);

/**
 * card_draw:
 * @time: what the clock on the card shows
 *
 * Returns: (transfer full) (nullable): the next picture, read-only and
 *     without timestamps; %NULL when there is no memory
 */
GstBuffer *card_draw (Card * card, GstClockTime time);

/* How many pictures have been drawn. */
guint64 card_count (const Card * card);

/* Accepts %NULL; buffers live on. */
void card_free (Card * card);

G_END_DECLS
