/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often an encoder may be asked for a key frame when many destinations
 * want one. Pure: time comes in. Not thread safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 last;                  /* when the last one was asked for, ns */
  guint64 count;
} EchoelKeyRequests;

void echoel_key_requests_init (EchoelKeyRequests * requests);

/* The stream's times begin anew; the count goes on. */
void echoel_key_requests_forget (EchoelKeyRequests * requests);

/**
 * echoel_key_requests_ask:
 * @encoder: what was asked of the encoder by all
 * @destination: what was asked by this one
 * @now: running time of the media, ns
 * @next_key: when one comes by itself, G_MAXINT64 when nobody knows
 *
 * Returns: whether to ask now; both counts have it then. At most once a second
 *     for an encoder, once in two for a destination, and not in the half
 *     second before a key frame comes anyway
 */
gboolean echoel_key_requests_ask (EchoelKeyRequests * encoder,
    EchoelKeyRequests * destination, gint64 now, gint64 next_key);

G_END_DECLS
