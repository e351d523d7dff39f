/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each of several destinations may have of one uplink that they fill.
 *
 * Connections that fill one uplink take it from each other, now this one and
 * now that: what one of them carries says little, what all of them carry
 * together hardly changes. One encoder feeds them all, so each needs as much.
 *
 * Pure: the time comes with each call. Rates are in bit/s. */
#pragma once

#include "capacity.h"

G_BEGIN_DECLS

/* Over those that share; zeroed it is nobody. */
typedef struct
{
  guint members;
  guint busy;                   /* of them */
  gdouble rate;                 /* that they would be sent on their own */
  gdouble delivered, leaving;   /* as in EchoelCapacityReport */
  gdouble backlog;              /* bits that wait */
} EchoelUplinkSum;

/* Zeroed it knows nothing. */
typedef struct
{
  gdouble rate;                 /* of each, 0: nobody shares */
  gdouble known;                /* of each, when it was last full */
  GstClockTime updated_at;
} EchoelUplinkPool;

void echoel_uplink_sum_add (EchoelUplinkSum * sum,
    const EchoelCapacityReport * report);

/**
 * echoel_uplink_pool_update:
 * @sum: over those who share now; fewer than two share nothing
 *
 * Returns: the rate that each of them is to be sent, or 0
 */
gdouble echoel_uplink_pool_update (EchoelUplinkPool * pool,
    const EchoelUplinkSum * sum, GstClockTime now);

G_END_DECLS
