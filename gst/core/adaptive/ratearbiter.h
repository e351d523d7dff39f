/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One bitrate for one encoder that feeds several destinations.
 *
 * Each destination that votes is asked what it can carry; the least of them
 * is what the encoder is asked for, between the floor and the best rate. A
 * destination that would drag the others down loses its vote: it then lives
 * on the pictures that its relay does not drop, until it can carry what the
 * others get. Destinations that congest together share one uplink: what they
 * carry is pooled, and each is taken to carry an equal part.
 *
 * Pure: the time comes with each call. One arbiter belongs to one thread at
 * a time. Rates are those of the encoded video, in kbit/s, unless said. */
#pragma once

#include "capacity.h"

G_BEGIN_DECLS

/* What packaging makes of the streams: FLV tags and RTMP chunk headers. */
#define ECHOEL_RATE_PACKAGING 1.01

typedef enum
{
  ECHOEL_VOTE_QUORUM,           /* votes, unless far weaker than the others */
  ECHOEL_VOTE_YES,              /* votes while above the floor */
  ECHOEL_VOTE_NO
} EchoelVoteMode;

/* Why a destination has no vote. */
typedef enum
{
  ECHOEL_ISOLATION_NONE,        /* it votes */
  ECHOEL_ISOLATION_CHOICE,      /* it was told not to */
  ECHOEL_ISOLATION_OFFLINE,     /* it is not publishing */
  ECHOEL_ISOLATION_SERVER,      /* its server does not read */
  ECHOEL_ISOLATION_FLOOR,       /* it carries less than the floor */
  ECHOEL_ISOLATION_WEAK         /* it carries far less than the others */
} EchoelIsolation;

/* Why the bitrate is what it is. */
typedef enum
{
  ECHOEL_RATE_START,            /* nothing was decided yet */
  ECHOEL_RATE_BEST,             /* nothing limits it */
  ECHOEL_RATE_CONGESTED,        /* a destination carries less */
  ECHOEL_RATE_RECOVERING,       /* a destination carries more again */
  ECHOEL_RATE_SHARED,           /* several share one congested uplink */
  ECHOEL_RATE_BUDGET,           /* the uplink budget */
  ECHOEL_RATE_FLOOR,            /* a destination carries less than the floor */
  ECHOEL_RATE_VOTE_LOST,        /* a weak destination no longer votes */
  ECHOEL_RATE_VOTE_REGAINED     /* and votes again */
} EchoelRateReason;

typedef struct
{
  guint best;                   /* what is wanted when nothing limits it */
  guint floor;                  /* less is never asked for */
  guint record_floor;           /* nor less than this, for a recording that
                                 * shares the encoder; 0: none */
  guint uplink;                 /* all destinations together, everything that
                                 * is sent; 0: not known */
  guint audio;                  /* of the sound, which is never changed */
} EchoelRateLimits;

typedef struct
{
  guint bitrate;
  EchoelRateReason reason;
  guint limiter;                /* id of the destination that limits it, or 0 */
} EchoelRateDecision;

typedef struct _EchoelRateArbiter EchoelRateArbiter;

/* Returns: lower-case words with hyphens, for messages */
const gchar *echoel_rate_reason_to_string (EchoelRateReason reason);

/* As echoel_rate_reason_to_string(); "none" for one that votes. */
const gchar *echoel_isolation_to_string (EchoelIsolation isolation);

/* Returns: (transfer full): an arbiter without destinations that asks for
 * the best rate */
EchoelRateArbiter *echoel_rate_arbiter_new (const EchoelRateLimits * limits);

void echoel_rate_arbiter_free (EchoelRateArbiter * arbiter);

/* From the next decision on. A floor above the best rate counts as that; a
 * rate that stood at the old best one stands at the new one. */
void echoel_rate_arbiter_set_limits (EchoelRateArbiter * arbiter,
    const EchoelRateLimits * limits);

/**
 * echoel_rate_arbiter_add:
 * @weight: for how many it counts when it is judged who is far weaker than
 *     most others, above 0
 *
 * Adds a destination that is offline, or changes one: its vote and weight.
 * @id is not 0.
 */
void echoel_rate_arbiter_add (EchoelRateArbiter * arbiter, guint id,
    EchoelVoteMode mode, gdouble weight);

/* An unknown @id is ignored here and below. */
void echoel_rate_arbiter_remove (EchoelRateArbiter * arbiter, guint id);

/**
 * echoel_rate_arbiter_report:
 * @report: (nullable): what it carries; NULL while it does not publish
 */
void echoel_rate_arbiter_report (EchoelRateArbiter * arbiter, guint id,
    const EchoelCapacityReport * report);

/**
 * echoel_rate_arbiter_decide:
 * @decision: (out): what holds now
 *
 * To be called after the reports of one moment.
 *
 * Returns: TRUE when the bitrate has changed
 */
gboolean echoel_rate_arbiter_decide (EchoelRateArbiter * arbiter,
    GstClockTime now, EchoelRateDecision * decision);

/* Why the destination does not vote, as of the last decision. */
EchoelIsolation echoel_rate_arbiter_get_isolation (const EchoelRateArbiter *
    arbiter, guint id);

G_END_DECLS
