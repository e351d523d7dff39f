/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEchoelBitrateRequest: what follows an encoder asks for a lower bitrate.
 *
 * A custom upstream event with one structure of that name:
 *
 *   requester-id  string  who asks; one standing request each
 *   bitrate       uint    most that it can carry, video, kbit/s, above 0
 *   expires       uint64  how long the request stands after its arrival, ns;
 *                         0 withdraws it
 *
 * A requester repeats its request before it expires. An encoder bin consumes
 * the event and encodes at the lowest of its own bitrate and all standing
 * requests. Times are durations, so the two ends need no common clock.
 *
 * Functions of an event: any thread. Votes: the caller locks. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ECHOEL_BITRATE_REQUEST "GstEchoelBitrateRequest"

/**
 * echoel_bitrate_request_new:
 * @requester: who asks, not empty
 * @kbps: kbit/s, above 0
 * @expires: ns from its arrival on, 0 to withdraw
 *
 * Returns: (transfer full): the event, to be sent upstream
 */
GstEvent *echoel_bitrate_request_new (const gchar * requester, guint kbps,
    GstClockTime expires);

/**
 * echoel_bitrate_request_parse:
 * @requester: (out) (transfer none): belongs to @event
 *
 * Returns: whether @event is a well-formed request; the results are set only
 *     then
 */
gboolean echoel_bitrate_request_parse (GstEvent * event,
    const gchar ** requester, guint * kbps, GstClockTime * expires);

/* Returns: whether @event is called a request, well-formed or not */
gboolean echoel_bitrate_request_is (GstEvent * event);

/* The standing requests of one encoder. */
typedef struct _EchoelBitrateVotes EchoelBitrateVotes;

EchoelBitrateVotes *echoel_bitrate_votes_new (void);

/* Accepts %NULL. */
void echoel_bitrate_votes_free (EchoelBitrateVotes * votes);

/**
 * echoel_bitrate_votes_note:
 * @now: ns of any clock that only goes forward, the same in all calls
 *
 * Takes in one request; it replaces the requester's earlier one. More than
 * 1024 requesters at a time are not heard.
 *
 * Returns: whether it counts
 */
gboolean echoel_bitrate_votes_note (EchoelBitrateVotes * votes,
    const gchar * requester, guint kbps, GstClockTime expires,
    GstClockTime now);

/* Returns: the lowest request that stands at @now, kbit/s; 0: none does */
guint echoel_bitrate_votes_lowest (EchoelBitrateVotes * votes,
    GstClockTime now);

G_END_DECLS
