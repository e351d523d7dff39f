/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one destination can carry, told from what its transport did.
 *
 * Bytes go in at one end of a pipe, what the other side has acknowledged
 * comes out at the other. While more waits in the pipe than leaves it between
 * two samples, the pipe was never idle, and what left it is its capacity.
 * That is why a small standing queue is kept when a path limits the rate: it
 * shows at once when the path gets worse and when it gets better. Without a
 * queue only a lower bound is known, and the rate rises until there is one or
 * the best rate is reached. docs/adaptive.md explains and measures it.
 *
 * Pure: the time comes with the samples. One estimator belongs to one thread
 * at a time. Rates are those of everything sent, sound and packaging too. */
#pragma once

#include "capacitypipe.h"

G_BEGIN_DECLS

/* How often a sample is best taken. */
#define ECHOEL_CAPACITY_INTERVAL (100 * GST_MSECOND)
/* What is not known of a path. */
#define ECHOEL_CAPACITY_NO_RTT 0

/* What is known at one moment. Counters of bytes only grow; a counter that
 * falls is that of a new connection, and the queue begins anew with it. */
typedef struct
{
  GstClockTime time;            /* of the sample, on any one clock */
  guint64 offered;              /* bytes that came for this destination */
  guint64 dropped;              /* frames thrown away before sending */
  guint64 delivered;            /* bytes the other side has acknowledged, or,
                                 * without a socket, that left the process */
  guint64 waiting;              /* bytes accepted and not yet in the kernel */
  guint64 unacknowledged;       /* bytes in the kernel and on the path */
  guint64 losses;               /* segments sent again so far */
  GstClockTime min_rtt;         /* of an empty path, ECHOEL_CAPACITY_NO_RTT:
                                 * unknown. How it grows is not asked for: it
                                 * stands still while nothing arrives, and
                                 * what waits says the same at once */
  guint segment;                /* bytes of a full one, 0: unknown. 64 kB on
                                 * loopback, where it counts for much: two are
                                 * acknowledged at once, less than that late */
  gboolean window_closed;       /* the other side accepts nothing more */
} EchoelTransportSample;

/* Why the estimate is what it is. */
typedef enum
{
  ECHOEL_CAPACITY_UNKNOWN,      /* nothing learnt yet */
  ECHOEL_CAPACITY_AMPLE,        /* as much as will ever be asked for */
  ECHOEL_CAPACITY_HELD,         /* measured, and right as it is */
  ECHOEL_CAPACITY_MEASURED,     /* taken from a pipe that was never idle */
  ECHOEL_CAPACITY_CONGESTED,    /* lowered, for what waits must drain */
  ECHOEL_CAPACITY_PROBING,      /* rising, for the pipe was idle */
  ECHOEL_CAPACITY_SERVER        /* the other side does not read: the path is
                                 * not to blame and the estimate stands */
} EchoelCapacityReason;

typedef struct
{
  gdouble rate;                 /* bit/s that may be sent */
  gdouble delivered;            /* bit/s that arrived over the last second */
  gdouble offered;              /* bit/s that came over the last second */
  gdouble leaving;              /* bit/s at which what waits leaves, the best
                                 * guess that there is */
  GstClockTime delay;           /* until a byte offered now has arrived */
  guint64 backlog;              /* bytes that wait, but for those that are
                                 * merely on their way */
  GstClockTime beyond;          /* its part in the kernel and on the path, if
                                 * a path that stands still goes on as before:
                                 * what is thrown away for it never comes */
  gboolean busy;                /* the pipe has not been idle lately */
  gboolean dropping;            /* bytes were thrown away lately */
  EchoelCapacityReason reason;
  EchoelTransportSample sample; /* the last that it is told from */
} EchoelCapacityReport;

/* To be used through the functions below alone. */
typedef struct
{
  gdouble best;                 /* bit/s, never aimed above */
  gdouble rate;                 /* the estimate, bit/s */
  gdouble known;                /* the last that was measured, 0: never */
  gdouble peak, trough;         /* the most, the least measured lately */
  gdouble flowed;               /* bit/s, before it stood still if it did */
  EchoelPipe pipe;
  guint64 losses, dropped;
  GstClockTime idle_since, dropped_at, lost_at, decided_at, peak_at, trough_at;
  GstClockTime moved_at, resumed_at;    /* last seen to deliver, and to do so
                                         * again after a standstill */
  GstClockTime fell_at;         /* last fall that was followed at once */
  EchoelCapacityReport report;
} EchoelCapacity;

/* Returns: a lower-case word for the reason, for messages */
const gchar *echoel_capacity_reason_to_string (EchoelCapacityReason reason);

/* @best: bit/s, the most that will ever be sent. It is also the first
 * estimate: nothing is known against it. */
void echoel_capacity_init (EchoelCapacity * capacity, gdouble best);

/* The highest rate has changed; an estimate that stood at the old one moves
 * with it. */
void echoel_capacity_set_best (EchoelCapacity * capacity, gdouble best);

/* What is known from elsewhere, until something is measured: bit/s. */
void echoel_capacity_set_rate (EchoelCapacity * capacity, gdouble rate);

/* The path is another, which carries @scale times as much as this one did. */
void echoel_capacity_scale (EchoelCapacity * capacity, gdouble scale);

/**
 * echoel_capacity_update:
 * @sample: what is known now. One that is not later than the last is ignored
 *
 * To be called every ECHOEL_CAPACITY_INTERVAL, or as often as it can be done.
 *
 * Returns: (transfer none): the estimate, valid until the next call
 */
const EchoelCapacityReport *echoel_capacity_update (EchoelCapacity * capacity,
    const EchoelTransportSample * sample);

G_END_DECLS
