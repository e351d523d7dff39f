/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an SRT connection carries, told from what its sender counts.
 *
 * SRT sends what it is given at once and tells nobody how much has arrived:
 * a path that carries less shows in the packets that the other side misses,
 * in the round trip, and, once that window is full, in what the sender still
 * holds. That is made into the bytes of a pipe here, as the estimator of
 * capacity.h takes them.
 *
 * Pure: the time comes with the counters. */
#pragma once

#include "capacity.h"

G_BEGIN_DECLS

/* Since the connection began; bytes of @sent, @resent and @dropped with the
 * headers of their packets. */
typedef struct
{
  guint64 accepted;             /* bytes of payload that the sender was given */
  guint64 sent, resent;         /* bytes; the first includes the second */
  guint64 dropped;              /* bytes that became too old to be sent */
  guint64 packets_sent, packets_resent;
  guint64 packets_lost;         /* that the other side has missed */
  GstClockTime rtt, latency;    /* as agreed: how late a packet may come */
} EchoelSrtCounters;

#define ECHOEL_SRT_HISTORY 4

/* To be used through the functions below alone. */
typedef struct
{
  EchoelSrtCounters history[ECHOEL_SRT_HISTORY];
  GstClockTime times[ECHOEL_SRT_HISTORY];
  guint n_samples, last;
  gdouble carried, arrived;     /* bytes of frames, so far */
  guint64 given_before, accepted_before;
  GstClockTime min_rtt;
} EchoelSrtPath;

/* Before the first update of a connection. */
void echoel_srt_path_init (EchoelSrtPath * path);

/**
 * echoel_srt_path_update:
 * @counters: as they are now; smaller ones than before begin anew
 * @given: bytes of frames that the sender was given so far, as others count
 *     them; what is told is as many times smaller as they are
 * @sample: (inout): its time is read; delivered, waiting (to which is added),
 *     unacknowledged, losses and min_rtt are filled in
 */
void echoel_srt_path_update (EchoelSrtPath * path,
    const EchoelSrtCounters * counters, guint64 given,
    EchoelTransportSample * sample);

G_END_DECLS
