/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bitrate an encoder ought to have: the one that was set, or the lowest
 * that somebody downstream asks for. Any thread. */
#pragma once

#include "bitraterequest.h"

G_BEGIN_DECLS

typedef struct
{
  GMutex lock;                  /* guards what follows */
  guint target;                 /* kbit/s, without requests */
  guint actual;                 /* kbit/s, in the encoder */
  EchoelBitrateVotes *votes;
} BitrateWish;

void bitrate_wish_init (BitrateWish * wish, guint kbps);
void bitrate_wish_clear (BitrateWish * wish);

/* What the bitrate is to be without requests, kbit/s. */
void bitrate_wish_set_target (BitrateWish * wish, guint kbps);

/* Takes in a GstEchoelBitrateRequest (transfer none). */
void bitrate_wish_request (BitrateWish * wish, GstEvent * event);

/* Returns: what the encoder ought to have now, kbit/s */
guint bitrate_wish_now (BitrateWish * wish);

/* What the encoder really has, kbit/s. */
void bitrate_wish_set_actual (BitrateWish * wish, guint kbps);
guint bitrate_wish_actual (BitrateWish * wish);

G_END_DECLS
