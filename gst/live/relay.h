/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands between the encoders and one destination: frames go in without
 * ever waiting, an attempt takes them out in threads of its own.
 * Every function may be called from any thread. */
#pragma once

#include "gopqueue.h"

G_BEGIN_DECLS

typedef struct _LiveRelay LiveRelay;

typedef struct
{
  EchoelGopLevel level;
  EchoelGopDrops drops;
  guint64 frames_out, bytes_out;        /* taken, since it was made */
} LiveRelayStats;

/* Returns: (transfer full): closed and empty. Takers of a closed relay get
 * nothing; those of a prepared one wait until it is opened. */
LiveRelay *live_relay_new (void);

/* Accepts %NULL; nobody may be taking any more. */
void live_relay_free (LiveRelay * relay);

void live_relay_prepare (LiveRelay * relay);

/* @cache: (transfer none): locked by the caller */
void live_relay_open (LiveRelay * relay, const EchoelGopCache * cache);

/* Forgets everything; whoever waits in live_relay_take() comes back. */
void live_relay_close (LiveRelay * relay);

/* The video track came, or has gone. */
void live_relay_set_video (LiveRelay * relay, gboolean has_video);

/* Forgets everything, but goes on. */
void live_relay_flush (LiveRelay * relay);

/* Nothing more will come: what is there is still to be taken. */
void live_relay_finish (LiveRelay * relay);

/* @media: (transfer none); @beyond: delay behind the queue, ns.
 * Returns: whether a key frame is needed. Never waits for a network. */
gboolean live_relay_push (LiveRelay * relay, EchoelMedia * media,
    gint64 beyond);

/* Waits for a frame of these kinds; @discont: (out): frames of the track are
 * missing before it.
 * Returns: (transfer full) (nullable): %NULL when closed, or finished and
 *     nothing is left */
EchoelMedia *live_relay_take (LiveRelay * relay, EchoelPop kinds,
    gboolean * discont);

/* Returns: whether it was finished and not closed since. */
gboolean live_relay_is_finished (LiveRelay * relay);

void live_relay_get_stats (LiveRelay * relay, LiveRelayStats * stats);

G_END_DECLS
