/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "uplinkpool.h"

/* A counter that falls is that of a new connection. */
static guint64
growth (guint64 before, guint64 now)
{
  return now > before ? now - before : 0;
}

static guint64
backlog_of (const EchoelTransportSample * sample)
{
  return sample->waiting + sample->unacknowledged;
}

void
echoel_uplink_pool_add (EchoelUplinkPool * pool,
    const EchoelTransportSample * last, const EchoelCapacityReport * report)
{
  const EchoelTransportSample *now = &report->sample;
  EchoelTransportSample *sum = &pool->sum;
  guint64 arrived;

  pool->added++;
  pool->wanted += report->rate;
  if (backlog_of (now) > backlog_of (&pool->worst))
    pool->worst = *now;
  sum->segment = MAX (sum->segment, now->segment);
  if (last == NULL)
    return;
  arrived = growth (last->delivered, now->delivered);
  pool->arrived += arrived;
  pool->round_trips += (gdouble) now->min_rtt * arrived;
  sum->offered += growth (last->offered, now->offered);
  sum->delivered += arrived;
  sum->dropped += growth (last->dropped, now->dropped);
  sum->losses += growth (last->losses, now->losses);
}

/* Who joins or leaves brings or takes an equal part. */
static void
resize (EchoelUplinkPool * pool, gdouble best)
{
  gdouble each = pool->wanted / pool->added;

  if (pool->members == pool->added) {
    echoel_capacity_set_best (&pool->capacity, best * pool->added);
    return;
  }
  if (pool->members > 0)
    each = pool->capacity.rate / pool->members;
  echoel_capacity_init (&pool->capacity, best * pool->added);
  echoel_capacity_set_rate (&pool->capacity, each * pool->added);
}

gdouble
echoel_uplink_pool_update (EchoelUplinkPool * pool, gdouble best,
    GstClockTime now)
{
  EchoelTransportSample *sum = &pool->sum;
  guint members = pool->added;

  if (members < 2) {
    memset (pool, 0, sizeof *pool);
    return 0.0;
  }
  resize (pool, best);
  sum->time = now;
  /* As late as the last of them must none be. */
  sum->waiting = pool->worst.waiting * members;
  sum->unacknowledged = pool->worst.unacknowledged * members;
  if (pool->arrived > 0)
    sum->min_rtt = pool->round_trips / pool->arrived;
  echoel_capacity_update (&pool->capacity, sum);
  pool->members = members;
  pool->added = 0;
  pool->wanted = pool->round_trips = 0.0;
  pool->arrived = 0;
  memset (&pool->worst, 0, sizeof pool->worst);
  sum->segment = 0;
  return pool->capacity.report.rate / members;
}
