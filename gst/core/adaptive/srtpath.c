/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "srtpath.h"

/* Of each packet: IP, UDP and SRT. */
#define HEADER 44
/* Nothing is nearer. */
#define LEAST_RTT (1 * GST_MSECOND)
/* How long a burst takes to come through an empty path. */
#define SETTLES (200 * GST_MSECOND)
/* What an MPEG transport stream makes of frames, until it is known better. */
#define LEAST_GIVEN (64 * 1024)
#define FIRST_SCALE 0.92

void
echoel_srt_path_init (EchoelSrtPath * path)
{
  memset (path, 0, sizeof *path);
  path->min_rtt = G_MAXUINT64;
}

/* @back: 0 for the newest */
static guint
slot (const EchoelSrtPath * path, guint back)
{
  return (path->last + ECHOEL_SRT_HISTORY - back) % ECHOEL_SRT_HISTORY;
}

static gdouble
payload (guint64 bytes, guint64 packets)
{
  return MAX ((gdouble) bytes - (gdouble) packets * HEADER, 0.0);
}

/* Bytes that were sent for the first time. */
static gdouble
first_sent (const EchoelSrtCounters * c)
{
  return payload (c->sent - c->resent, c->packets_sent - c->packets_resent);
}

/* The part of what was sent lately that has not arrived. A packet that was
 * missed is sent again, and may be missed again; that is told only while there
 * is time for another round trip. */
static gdouble
lost_part (const EchoelSrtCounters * from, const EchoelSrtCounters * to)
{
  gdouble lost = to->packets_lost - from->packets_lost;
  gdouble again = to->packets_resent - from->packets_resent;
  gdouble first = to->packets_sent - from->packets_sent - again;
  gdouble told = to->latency > to->rtt
      ? 1.0 - (gdouble) to->rtt / to->latency : 0.0;
  gdouble known = first + again * told;

  return known > 0.0 ? MIN (lost / known, 1.0) : 0.0;
}

static gboolean
is_new (const EchoelSrtCounters * before, const EchoelSrtCounters * now)
{
  return now->sent < before->sent || now->resent < before->resent
      || now->packets_lost < before->packets_lost
      || now->accepted < before->accepted;
}

/* What arrived between the last two samples: of all that was sent the part
 * that is not lost, but no more than was new. */
static gdouble
count_carried (const EchoelSrtPath * path, gdouble lost)
{
  const EchoelSrtCounters *now = &path->history[slot (path, 0)];
  const EchoelSrtCounters *before = &path->history[slot (path, 1)];
  gdouble all = payload (now->sent - before->sent,
      now->packets_sent - before->packets_sent);

  return MIN (all * (1.0 - lost), first_sent (now) - first_sent (before));
}

/* What was sent arrives later, and what is sent in a burst leaves a queue at
 * the pace of the path. Returns: bytes that have arrived */
static guint64
let_arrive (EchoelSrtPath * path, GstClockTime rtt)
{
  GstClockTime step = path->n_samples > 1
      ? path->times[slot (path, 0)] - path->times[slot (path, 1)] : 0;

  path->arrived += (path->carried - path->arrived)
      * MIN ((gdouble) step / (rtt + SETTLES), 1.0);
  return path->arrived;
}

/* What the other side has missed and still waits for, bytes. */
static gdouble
count_missing (const EchoelSrtPath * path, guint span)
{
  const EchoelSrtCounters *now = &path->history[slot (path, 0)];
  const EchoelSrtCounters *from = &path->history[slot (path, span)];
  GstClockTime time = path->times[slot (path, 0)]
      - path->times[slot (path, span)];
  gdouble packets = now->packets_lost - from->packets_lost;
  gdouble mean = now->packets_sent > 0
      ? payload (now->sent, now->packets_sent) / now->packets_sent : 0.0;
  gdouble waits = MIN (now->rtt, now->latency);

  return time > 0 ? packets * mean * MIN (waits / time, 1.0) : 0.0;
}

/* What the sender was given and has neither sent nor dropped. */
static gdouble
count_held (const EchoelSrtCounters * c)
{
  gdouble gone = first_sent (c) + c->dropped;

  return c->accepted > gone ? c->accepted - gone : 0.0;
}

/* Bytes of frames in a byte of payload. */
static gdouble
get_scale (const EchoelSrtPath * path, const EchoelSrtCounters * c,
    guint64 given)
{
  guint64 frames = given - path->given_before;
  guint64 accepted = c->accepted - path->accepted_before;

  if (given < path->given_before || accepted < LEAST_GIVEN)
    return FIRST_SCALE;
  return MIN ((gdouble) frames / accepted, 1.0);
}

static void
add_counters (EchoelSrtPath * path, const EchoelSrtCounters * counters,
    guint64 given, GstClockTime time)
{
  if (path->n_samples > 0 && is_new (&path->history[path->last], counters))
    echoel_srt_path_init (path);
  if (path->n_samples == 0) {
    path->given_before = given;
    path->accepted_before = counters->accepted;
  }
  path->last = (path->last + 1) % ECHOEL_SRT_HISTORY;
  path->n_samples = MIN (path->n_samples + 1, ECHOEL_SRT_HISTORY);
  path->history[path->last] = *counters;
  path->times[path->last] = time;
  path->min_rtt = MIN (path->min_rtt, MAX (counters->rtt, LEAST_RTT));
}

void
echoel_srt_path_update (EchoelSrtPath * path,
    const EchoelSrtCounters * counters, guint64 given,
    EchoelTransportSample * sample)
{
  gdouble scale, seconds, lost, rate = 0.0;
  guint span;

  add_counters (path, counters, given, sample->time);
  span = path->n_samples - 1;
  scale = get_scale (path, counters, given);
  if (span > 0) {
    const EchoelSrtCounters *from = &path->history[slot (path, span)];

    lost = lost_part (from, counters);
    path->carried += count_carried (path, lost) * scale;
    seconds = (gdouble) (sample->time - path->times[slot (path, span)])
        / GST_SECOND;
    rate = (first_sent (counters) - first_sent (from)) * (1.0 - lost)
        / MAX (seconds, 1e-3);
  }
  sample->delivered = let_arrive (path, counters->rtt);
  sample->waiting += (count_held (counters) + count_missing (path, span))
      * scale;
  sample->unacknowledged = rate * scale * counters->rtt / GST_SECOND;
  sample->losses = counters->packets_lost;
  sample->min_rtt = path->min_rtt;
}
