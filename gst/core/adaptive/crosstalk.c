/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "crosstalk.h"

/* Points over which a rate is taken: acknowledgements come in steps. */
#define SPAN 3
/* A change counts when it is at least this part of all that is carried. */
#define LEAST_CHANGE 0.1
/* It is made up for by the others when no more than this part of it is seen in
 * what all carry together. */
#define LEFT_OVER 0.5
/* It leaves the others alone when they change by less than this part of it.
 * What is neither says nothing: the uplink itself may have changed. */
#define LEFT_ALONE 0.4
/* So many changes say something when so large a part of them says the same. */
#define LEAST_CHANGES 7
#define MOSTLY 0.75

void
echoel_flow_add (EchoelFlow * flow, GstClockTime time, guint64 delivered,
    gboolean busy)
{
  if (flow->n_points > 0
      && (delivered < flow->points[flow->last].delivered
          || time <= flow->points[flow->last].time))
    flow->n_points = 0;
  flow->last = (flow->last + 1) % ECHOEL_FLOW_POINTS;
  flow->n_points = MIN (flow->n_points + 1, ECHOEL_FLOW_POINTS);
  flow->points[flow->last].time = time;
  flow->points[flow->last].delivered = delivered;
  flow->points[flow->last].busy = busy;
}

static guint
index_of (const EchoelFlow * flow, guint back)
{
  return (flow->last + ECHOEL_FLOW_POINTS - back) % ECHOEL_FLOW_POINTS;
}

/* Bytes a second over the span that ends so many points back. */
static gdouble
rate_at (const EchoelFlow * flow, guint back)
{
  guint to = index_of (flow, back), from = index_of (flow, back + SPAN);

  return (gdouble) (flow->points[to].delivered - flow->points[from].delivered)
      * GST_SECOND / (flow->points[to].time - flow->points[from].time);
}

static gboolean
was_busy (const EchoelFlow * flow, guint back)
{
  guint i;

  for (i = back; i < back + SPAN; i++)
    if (!flow->points[index_of (flow, i)].busy)
      return FALSE;
  return TRUE;
}

typedef struct
{
  gdouble own, others;          /* bytes a second */
  gboolean busy;                /* one of them all the time */
} Moment;

static Moment
moment_at (const EchoelFlow * flow, const EchoelFlow * const *others,
    guint n_others, guint back)
{
  Moment moment = { rate_at (flow, back), 0.0, was_busy (flow, back) };
  guint i;

  for (i = 0; i < n_others; i++) {
    moment.others += rate_at (others[i], back);
    moment.busy |= was_busy (others[i], back);
  }
  return moment;
}

static EchoelCrosstalk
verdict (guint made_up_for, guint left_alone)
{
  guint changes = made_up_for + left_alone;

  if (changes < LEAST_CHANGES)
    return ECHOEL_CROSSTALK_UNKNOWN;
  if (made_up_for >= MOSTLY * changes)
    return ECHOEL_CROSSTALK_SHARED;
  if (left_alone >= MOSTLY * changes)
    return ECHOEL_CROSSTALK_SEPARATE;
  return ECHOEL_CROSSTALK_UNKNOWN;
}

EchoelCrosstalk
echoel_crosstalk_judge (const EchoelFlow * flow,
    const EchoelFlow * const *others, guint n_others)
{
  guint i, back, points = flow->n_points, made_up_for = 0, left_alone = 0;
  Moment newer;

  for (i = 0; i < n_others; i++)
    points = MIN (points, others[i]->n_points);
  if (points < 2 * SPAN + 1)
    return ECHOEL_CROSSTALK_UNKNOWN;
  newer = moment_at (flow, others, n_others, 0);
  for (back = SPAN; back + SPAN < points; back += SPAN) {
    Moment older = moment_at (flow, others, n_others, back);
    gdouble own = newer.own - older.own, other = newer.others - older.others;
    gdouble most = MAX (fabs (own), fabs (other));
    gdouble least = MIN (fabs (own), fabs (other));

    if (newer.busy && older.busy
        && most > LEAST_CHANGE * (newer.own + newer.others)) {
      made_up_for += fabs (own + other) < LEFT_OVER * most;
      left_alone += least < LEFT_ALONE * most;
    }
    newer = older;
  }
  return verdict (made_up_for, left_alone);
}
