/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of several destinations share an uplink, and what each may be sent.
 *
 * Those that congest at one time, or of which one gets what another leaves,
 * are taken to share one as long as both are full now and then; those that
 * leave each other alone are not. There is one such uplink at most: destinations
 * on two that are both full would be taken to share one.
 *
 * Pure: the time comes with each call. Rates are in bit/s. */
#pragma once

#include "crosstalk.h"
#include "uplinkpool.h"

G_BEGIN_DECLS

typedef struct
{
  /* Told before each step. */
  gboolean online;              /* it publishes; otherwise all is forgotten */
  gboolean eligible;            /* and may share, unless nothing arrives */
  EchoelCapacityReport report;  /* what it carries, while online */

  /* Found in it. */
  gboolean shares;
  gdouble rate;                 /* that it may be sent */

  /* To be used in uplinksharing.c alone. */
  EchoelFlow flow;
  EchoelTransportSample seen;   /* the last; its time is 0: none */
  GstClockTime congested_at, busy_at, shared_at;        /* last so, or NONE */
  GstClockTime silent_since;    /* nothing arrives, though some waits; or NONE */
} EchoelUplinkMember;

void echoel_uplink_member_init (EchoelUplinkMember * member);

/**
 * echoel_uplink_sharing_step:
 * @members: (element-type EchoelUplinkMember): all destinations
 * @best: the most that each will ever be sent
 */
void echoel_uplink_sharing_step (EchoelUplinkPool * pool, GPtrArray * members,
    gdouble best, GstClockTime now);

/* TRUE once something has held since @since for @patience; @since is NONE
 * while it does not hold. */
gboolean echoel_has_lasted (GstClockTime * since, gboolean holds,
    GstClockTime now, GstClockTime patience);

/* Whether @then was known, and no longer than @span ago. */
gboolean echoel_was_within (GstClockTime then, GstClockTime now,
    GstClockTime span);

G_END_DECLS
