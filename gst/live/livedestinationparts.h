/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One destination between its files: the object and its properties
 * (livedestination.c), the attempts that workers open and close
 * (livedestinationattempt.c), and what is done about them in each step
 * (livedestinationstep.c). */
#pragma once

#include "livedestination.h"
#include "livelimitwatch.h"
#include "livestats.h"

G_BEGIN_DECLS

struct _GstEchoelLiveDestination
{
  GstObject parent;

  LiveSurroundings *around;     /* owned, set once */
  LiveOutlet outlet;

  GMutex lock;                  /* guards all below */
  EchoelDestination *target;
  gboolean enabled, required, retired;
  GTlsCertificateFlags tls_flags;
  EchoelLink link;
  EchoelLinkState told;         /* the last state that a message spoke of */
  LiveAttempt *attempt;         /* owned */
  gboolean opening, closing;    /* a worker is busy with it */
  gboolean close_wanted;
  gchar *error;                 /* of the last failure, free of secrets */
  LiveStats stats;
  LiveLimitWatch limits;
  EchoelVoteMode vote;
  gdouble weight;
  LiveBitrateView bitrate;
};

/* Monotonic, ns. */
gint64 live_destination_now (void);

/* The keeper looks again soon. */
void live_destination_wake (GstObject * owner);

/* With the lock held, all below. */

/* A worker opens one. @clock: (nullable): of the element */
void live_destination_begin_attempt (LiveDestination * self, GstClock * clock,
    GstClockTime base_time);

/* What there is ends, as soon as no worker is busy with it. */
void live_destination_want_close (LiveDestination * self);
void live_destination_close_if_wanted (LiveDestination * self);

void live_destination_look (LiveDestination * self, LiveSample * sample);

G_END_DECLS
