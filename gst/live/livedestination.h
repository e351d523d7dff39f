/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One destination: where it goes, how it does, and the attempt that sends to
 * it. A child of the sink, as programs see it (#GstChildProxy).
 * Every function may be called from any thread, unless it says so. */
#pragma once

#include "attempt.h"
#include "livesurroundings.h"
#include "ratearbiter.h"

G_BEGIN_DECLS

#define GST_TYPE_ECHOEL_LIVE_DESTINATION \
    (gst_echoel_live_destination_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelLiveDestination, gst_echoel_live_destination,
    GST, ECHOEL_LIVE_DESTINATION, GstObject);

typedef GstEchoelLiveDestination LiveDestination;

/* What was seen at one moment, for whoever steers the bitrate. */
typedef struct
{
  EchoelLinkState state;
  gboolean attempt;             /* whether what follows is filled in */
  LiveAttemptView view;
  LiveRelayStats relay;
  gint64 since_progress;        /* ns without a byte while data waited */
} LiveSample;

/* What whoever steers the bitrate thinks of it. */
typedef struct
{
  gboolean known;               /* whether the next two are filled in */
  const gchar *source;          /* a word for what tells of the connection */
  EchoelCapacityReport capacity;
  EchoelIsolation isolation;
  const gchar *request;         /* a word for what the encoder does; NULL: none
                                 * was made */
} LiveBitrateView;

/* @text: as a user writes it; may hold a key.
 * Returns: (transfer full) (nullable): a destination with no parent */
LiveDestination *live_destination_new (const gchar * name,
    EchoelDestination * target, LiveSurroundings * around);

/* Makes its place its own, until it is retired. Returns: FALSE when it is
 * another's */
gboolean live_destination_claim (LiveDestination * self);

/* Returns: whether it sends to the same place with the same key. */
gboolean live_destination_sends_to (LiveDestination * self,
    const EchoelDestination * target);

EchoelTransport live_destination_get_transport (LiveDestination * self);

/* Ends in good order and stays ended. */
void live_destination_retire (LiveDestination * self);

/* The keeper's thread: looks, decides, acts and posts what changed.
 * @ending: the stream ends; @clock: (nullable): of the element */
void live_destination_step (LiveDestination * self, gboolean ending,
    GstClock * clock, GstClockTime base_time);

/* The keeper's thread, once a second: counts and posts statistics. */
void live_destination_report (LiveDestination * self);

/* The keeper's thread. Returns: whether nothing is left to be done at the end
 * of the stream: no attempt, and none to come. */
gboolean live_destination_is_done (LiveDestination * self);

/* Takes an attempt down without a goodbye; live_destination_has_attempt()
 * turns FALSE when that is done. */
void live_destination_abort (LiveDestination * self);
gboolean live_destination_has_attempt (LiveDestination * self);

/* Before the element runs (again). */
void live_destination_reset (LiveDestination * self);

/* What the workers of the pool are given; frees @job. */
void live_destination_work (gpointer job, gpointer user_data);

/* For whoever steers the bitrate: a look, the attempt it is about (its sink
 * and socket), and its say. */
void live_destination_sample (LiveDestination * self, LiveSample * sample);
LiveAttempt *live_destination_get_attempt (LiveDestination * self);
void live_destination_get_vote (LiveDestination * self, EchoelVoteMode * mode,
    gdouble * weight);

/* What came of it, for the statistics; delay behind the relay counts for the
 * relay's limits. */
void live_destination_set_bitrate (LiveDestination * self,
    const LiveBitrateView * view);

G_END_DECLS
