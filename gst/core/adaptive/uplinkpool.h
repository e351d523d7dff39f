/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each of several destinations may have of one uplink that they fill.
 *
 * Connections that fill one uplink take it from each other, now this one and
 * now that: what one of them carries says little, what all of them carry
 * together hardly changes. So all of them are taken for one pipe, and what is
 * estimated for that is divided: one encoder feeds them all, each needs as
 * much.
 *
 * Pure: the time comes with each call. Rates are in bit/s. */
#pragma once

#include "capacity.h"

G_BEGIN_DECLS

/* To be used through the functions below alone; zeroed nobody shares. */
typedef struct
{
  EchoelCapacity capacity;      /* of all of them together */
  EchoelTransportSample sum;    /* of theirs */
  guint64 worst;                /* bytes that wait for the one with the most */
  guint members;                /* that share, at the last update */
  guint added;                  /* since then */
  gdouble wanted;               /* by those, each on its own, bit/s */
  gdouble round_trips;          /* of those, by what each delivered, ns bytes */
  guint64 arrived;              /* by those, bytes */
} EchoelUplinkPool;

/**
 * echoel_uplink_pool_add:
 * @last: (nullable): what was added for this member last time
 * @report: what is known of it now
 *
 * One who shares at this moment. To be called for each of them before
 * echoel_uplink_pool_update().
 */
void echoel_uplink_pool_add (EchoelUplinkPool * pool,
    const EchoelTransportSample * last, const EchoelCapacityReport * report);

/**
 * echoel_uplink_pool_update:
 * @best: the most that each will ever be sent
 * @changed: whether others share than at the last update
 *
 * Fewer than two share nothing.
 *
 * Returns: the rate that each of them is to be sent, or 0
 */
gdouble echoel_uplink_pool_update (EchoelUplinkPool * pool, gdouble best,
    gboolean changed, GstClockTime now);

G_END_DECLS
