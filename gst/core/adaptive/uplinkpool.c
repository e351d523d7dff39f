/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "uplinkpool.h"

/* A counter that falls is that of a new connection. */
static guint64
growth (guint64 before, guint64 now)
{
  return now > before ? now - before : 0;
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
  pool->worst = MAX (pool->worst, report->backlog);
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

/* It begins with what each carries on its own. Who joins or leaves brings or
 * takes an equal part. */
static void
resize (EchoelUplinkPool * pool, gdouble best, gboolean changed)
{
  EchoelCapacity *capacity = &pool->capacity;

  if (pool->members == 0) {
    memset (&pool->sum, 0, sizeof pool->sum);
    echoel_capacity_init (capacity, best * pool->added);
    echoel_capacity_set_rate (capacity, pool->wanted);
  } else if (changed) {
    echoel_capacity_scale (capacity, (gdouble) pool->added / pool->members);
  }
  echoel_capacity_set_best (capacity, best * pool->added);
}

gdouble
echoel_uplink_pool_update (EchoelUplinkPool * pool, gdouble best,
    gboolean changed, GstClockTime now)
{
  EchoelTransportSample *sum = &pool->sum;
  guint members = pool->added;

  if (members < 2) {
    memset (pool, 0, sizeof *pool);
    return 0.0;
  }
  resize (pool, best, changed);
  sum->time = now;
  /* As late as the last of them must none be. What is on its way is off it
   * already: each has a way of its own. */
  sum->waiting = pool->worst * members;
  if (pool->arrived > 0)
    sum->min_rtt = pool->round_trips / pool->arrived;
  echoel_capacity_update (&pool->capacity, sum);
  pool->members = members;
  pool->added = 0;
  pool->wanted = pool->round_trips = 0.0;
  pool->arrived = pool->worst = 0;
  sum->segment = 0;
  return pool->capacity.report.rate / members;
}
