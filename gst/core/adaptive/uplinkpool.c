/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "uplinkpool.h"

/* Found on real connections, docs/adaptive.md. Times in seconds. */

/* How much may wait, in which time more than that is to drain, and the least
 * and the most that what is carried is scaled by for it. */
#define TARGET_DELAY 0.2
#define DRAIN_TIME 1.5
#define LEAST_SCALE 0.5
#define MOST_SCALE 1.1
/* A queue beyond this is followed at once. */
#define FAR_DELAY 0.5
/* What leaves now counts for more than what was delivered over a second when
 * it is less than this part of it: the uplink has just got worse. */
#define WORSE_SCALE 0.8
/* The time in which the rate follows: while the uplink is full, while it is
 * idle, and there above the rate at which it was full. */
#define FULL_SPAN 0.5
#define IDLE_SPAN 1.0
#define CAREFUL_SPAN 5.0
/* Nothing is slower: bit/s. 0 is nobody. */
#define LEAST_RATE 8000.0

void
echoel_uplink_sum_add (EchoelUplinkSum * sum,
    const EchoelCapacityReport * report)
{
  sum->members++;
  sum->busy += report->busy;
  sum->rate += report->rate;
  sum->delivered += report->delivered;
  sum->leaving += report->leaving;
  sum->backlog += report->leaving * report->delay / GST_SECOND;
}

static gdouble
delay_of (const EchoelUplinkSum * sum)
{
  return sum->leaving > 0.0 ? sum->backlog / sum->leaving : 0.0;
}

/* What each may have of an uplink that is full. */
static gdouble
part_of_full (const EchoelUplinkSum * sum)
{
  gdouble carried = sum->delivered;
  gdouble scale = 1.0 - (delay_of (sum) - TARGET_DELAY) / DRAIN_TIME;

  if (sum->busy == sum->members && sum->leaving < WORSE_SCALE * carried)
    carried = sum->leaving;
  return carried / sum->members * CLAMP (scale, LEAST_SCALE, MOST_SCALE);
}

static gdouble
span_of (const EchoelUplinkPool * pool, gboolean full, gdouble aim)
{
  if (full)
    return FULL_SPAN;
  return aim > pool->known ? CAREFUL_SPAN : IDLE_SPAN;
}

gdouble
echoel_uplink_pool_update (EchoelUplinkPool * pool,
    const EchoelUplinkSum * sum, GstClockTime now)
{
  gdouble step = (gdouble) (now - pool->updated_at) / GST_SECOND, aim, alone;
  gboolean full = sum->busy > 0;

  pool->updated_at = now;
  if (sum->members < 2) {
    memset (pool, 0, sizeof *pool);
    return 0.0;
  }
  alone = sum->rate / sum->members;
  aim = full ? part_of_full (sum) : alone;
  if (pool->rate == 0.0)
    pool->rate = MIN (aim, alone);
  else if (full && aim < pool->rate && delay_of (sum) > FAR_DELAY)
    pool->rate = aim;
  else
    pool->rate += MIN (step / span_of (pool, full, aim), 1.0)
        * (aim - pool->rate);
  pool->rate = MAX (pool->rate, LEAST_RATE);
  if (full)
    pool->known = pool->rate;
  return pool->rate;
}
