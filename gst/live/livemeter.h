/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes of what is seen of a destination the bytes of one pipe, from the relay
 * to the other side, as the estimator of core takes them; whatever tells of
 * the connection: the system, SRT, or the sink's counters alone.
 * Belongs to one thread at a time. */
#pragma once

#include "livedestination.h"
#include "srtpath.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 delivered;            /* bytes, never falls in a connection */
  gint64 overhead;              /* bytes the relay gave away less those that
                                 * went out, when nothing was in between */
  EchoelSrtPath srt;
} LiveMeter;

/* A new connection. */
void live_meter_begin (LiveMeter * meter);

/* @seen: with an attempt; @offered: bytes that came for it so far
 * @sample: (out): all of it is filled in */
void live_meter_read (LiveMeter * meter, const LiveSample * seen,
    guint64 offered, GstClockTime now, EchoelTransportSample * sample);

/* Returns: a word for what tells of the connection: "socket", "srt" or
 * "counters" */
const gchar *live_meter_get_source (const LiveAttemptView * view);

G_END_DECLS
