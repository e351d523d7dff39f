/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "capacity.h"

/* All found in the simulator, docs/adaptive.md. Times in seconds, growth in
 * parts a second. */

/* How much may wait while the path limits the rate, and in which time more
 * than that is to drain: at once, and in the calm. */
#define TARGET_DELAY 0.25
#define DRAIN_TIME 0.8
#define CALM_DRAIN_TIME 2.0
/* The least and the most that the measured capacity is scaled by for it. */
#define LEAST_SCALE 0.22
#define MOST_SCALE 1.4
#define CALM_LEAST 0.85
#define CALM_MOST 1.08
/* Beyond the first an estimate is followed at once. Nearer ones, as a key
 * frame makes them, are followed by their mean, not before the last decision
 * has shown what it does. Below the second they are the same. */
#define FAR_SCALE 0.28
#define FAR_DELAY 0.5
#define WORSE_SCALE 0.85
#define SAME_SCALE 0.03
#define CALM_SPAN 1.7
/* Spans without an idle moment over which the capacity is measured: at least,
 * to react to, and to remember. */
#define LEAST_BUSY 0.08
#define SHORT_SPAN 0.28
#define LONG_SPAN 1.7
/* A pause is no end: at least this part of what is remembered is believed. */
#define PAUSE_SCALE 0.5
/* What has just arrived was carried, whether the pipe was idle or not. */
#define SEEN_SPAN 0.15
#define SEEN_SCALE 0.85
/* A pipe that has been idle for a moment returns to what is remembered; then
 * the rate rises, at first slowly. */
#define IDLE_HOLD 0.15
#define RETURN_SCALE 0.75
#define RISE 0.7
#define RISE_SPAN 1.0
/* Where the path was full lately it rises with care, and more so when that
 * was always in the same place; until it has been idle for longer than the
 * key frames of a full path would leave it. */
#define NEAR_PEAK 0.12
#define PEAK_SPAN 30.0
#define CAREFUL_RISE 0.1
#define CAREFUL_SPAN 3.0
#define STEADY 0.85
#define STEADY_SPAN 10.0
#define STEADY_RISE 0.03
/* For so long after bytes were dropped the rate does not rise. */
#define DROP_HOLD 0.5
/* A quiet scene proves nothing about rates far above its own. */
#define PROVEN_SCALE 1.7
#define PROVEN_MORE 1e6
/* Over which the rates in the report are taken. */
#define RATE_SPAN 1.0
/* Nothing is slower, so that a delay is always a number: bit/s. */
#define LEAST_RATE 8000.0
/* A longer pause between samples says nothing about what was in between. */
#define LONGEST_STEP 1.0

static const gchar *const reasons[] = {
  "unknown", "ample", "held", "measured", "congested", "probing", "server"
};

const gchar *
echoel_capacity_reason_to_string (EchoelCapacityReason reason)
{
  g_return_val_if_fail ((guint) reason < G_N_ELEMENTS (reasons), NULL);
  return reasons[reason];
}

void
echoel_capacity_init (EchoelCapacity * capacity, gdouble best)
{
  memset (capacity, 0, sizeof *capacity);
  capacity->best = capacity->rate = MAX (best, LEAST_RATE);
  capacity->idle_since = capacity->dropped_at = GST_CLOCK_TIME_NONE;
  capacity->decided_at = capacity->peak_at = GST_CLOCK_TIME_NONE;
  capacity->trough_at = GST_CLOCK_TIME_NONE;
  capacity->report.rate = capacity->rate;
}

void
echoel_capacity_set_best (EchoelCapacity * capacity, gdouble best)
{
  gboolean ample = capacity->rate >= capacity->best;

  capacity->best = MAX (best, LEAST_RATE);
  if (ample || capacity->rate > capacity->best)
    capacity->rate = capacity->best;
  capacity->report.rate = capacity->rate;
}

/* @back: 0 for the newest */
static const EchoelCapacityPoint *
point (const EchoelCapacity * capacity, guint back)
{
  return &capacity->points[(capacity->last + ECHOEL_CAPACITY_HISTORY - back)
      % ECHOEL_CAPACITY_HISTORY];
}

static gdouble
seconds_between (const EchoelCapacityPoint * from,
    const EchoelCapacityPoint * to)
{
  return (gdouble) (to->time - from->time) / GST_SECOND;
}

/* The oldest point no more than @span before the newest, and of at most
 * @n_points; never the newest itself while there are others. */
static const EchoelCapacityPoint *
point_before (const EchoelCapacity * capacity, gdouble span, guint n_points)
{
  const EchoelCapacityPoint *now = point (capacity, 0), *found = now;
  guint i;

  for (i = 1; i < n_points; i++) {
    const EchoelCapacityPoint *older = point (capacity, i);

    if (i > 1 && seconds_between (older, now) > span)
      break;
    found = older;
  }
  return found;
}

static gdouble
slope (guint64 from, guint64 to, gdouble seconds)
{
  return seconds > 0.0 ? (gdouble) (to - from) * 8.0 / seconds : 0.0;
}

static gdouble
delivered_rate (const EchoelCapacity * capacity, gdouble span, guint n_points)
{
  const EchoelCapacityPoint *from = point_before (capacity, span, n_points);
  const EchoelCapacityPoint *to = point (capacity, 0);

  return slope (from->delivered, to->delivered, seconds_between (from, to));
}

static gdouble
offered_rate (const EchoelCapacity * capacity)
{
  const EchoelCapacityPoint *from = point_before (capacity, RATE_SPAN,
      capacity->n_points);
  const EchoelCapacityPoint *to = point (capacity, 0);

  return slope (from->offered, to->offered, seconds_between (from, to));
}

/* What is on its way anyway does not wait. */
static guint64
waits_behind (const EchoelCapacity * capacity,
    const EchoelTransportSample * sample)
{
  gdouble rate = delivered_rate (capacity, SHORT_SPAN, capacity->n_points);
  guint64 on_path = rate / 8.0 * sample->min_rtt / GST_SECOND;

  return sample->unacknowledged > on_path
      ? sample->unacknowledged - on_path : 0;
}

/* A pipe that held at the first of two samples what left it until the second
 * was not idle in between. */
static gboolean
was_busy (const EchoelCapacityPoint * before, const EchoelCapacityPoint * now)
{
  return before->backlog > 0
      && before->backlog >= now->delivered - before->delivered;
}

static void
add_point (EchoelCapacity * capacity, const EchoelTransportSample * sample)
{
  EchoelCapacityPoint *now;

  capacity->last = (capacity->last + 1) % ECHOEL_CAPACITY_HISTORY;
  capacity->n_points = MIN (capacity->n_points + 1, ECHOEL_CAPACITY_HISTORY);
  now = &capacity->points[capacity->last];
  now->time = sample->time;
  now->offered = sample->offered;
  now->delivered = sample->delivered;
  now->behind = waits_behind (capacity, sample);
  now->backlog = sample->waiting + now->behind;
  if (capacity->n_points < 2)
    capacity->busy_points = 0;
  else if (was_busy (point (capacity, 1), now))
    capacity->busy_points = MIN (capacity->busy_points + 1,
        ECHOEL_CAPACITY_HISTORY - 1);
  else
    capacity->busy_points = 0;
}

static gboolean
is_new_connection (const EchoelCapacityPoint * last,
    const EchoelTransportSample * sample)
{
  return sample->delivered < last->delivered
      || sample->offered < last->offered
      || sample->time - last->time > LONGEST_STEP * GST_SECOND;
}

static gdouble
since (GstClockTime then, GstClockTime now)
{
  return GST_CLOCK_TIME_IS_VALID (then)
      ? (gdouble) (now - then) / GST_SECOND : G_MAXDOUBLE;
}

static void
watch_events (EchoelCapacity * capacity, const EchoelTransportSample * sample)
{
  if (sample->dropped > capacity->dropped)
    capacity->dropped_at = sample->time;
  capacity->dropped = sample->dropped;
  if (capacity->busy_points > 0)
    capacity->idle_since = GST_CLOCK_TIME_NONE;
  else if (!GST_CLOCK_TIME_IS_VALID (capacity->idle_since))
    capacity->idle_since = sample->time;
}

/* Estimates that are hardly apart are one. */
static void
set_rate (EchoelCapacity * capacity, gdouble wanted,
    EchoelCapacityReason reason)
{
  wanted = CLAMP (wanted, LEAST_RATE, capacity->best);
  if (fabs (wanted - capacity->rate) < SAME_SCALE * capacity->rate
      && wanted < capacity->best)
    reason = ECHOEL_CAPACITY_HELD;
  else
    capacity->rate = wanted;
  capacity->report.reason = reason;
}

/* The pipe was never idle over this span: what left it is what it carries.
 * What is acknowledged in the first round trip was sent before. */
static gdouble
measure (const EchoelCapacity * capacity, gdouble span)
{
  const EchoelCapacityPoint *now = point (capacity, 0);
  const EchoelCapacityPoint *first = point (capacity, capacity->busy_points);
  gdouble most = seconds_between (first, now) - capacity->round_trip;
  const EchoelCapacityPoint *from = point_before (capacity,
      MIN (span, most), capacity->busy_points + 1);

  return slope (from->delivered, now->delivered, seconds_between (from, now));
}

static gdouble
mean_delay (const EchoelCapacity * capacity, gdouble span)
{
  const EchoelCapacityPoint *now = point (capacity, 0);
  gdouble sum = 0.0;
  guint i;

  for (i = 0; i <= capacity->busy_points; i++) {
    if (seconds_between (point (capacity, i), now) > span)
      break;
    sum += point (capacity, i)->delay;
  }
  return sum / i;
}

/* How much of a measured capacity to use, so that what waits drains. */
static gdouble
scaled (gdouble delay, gdouble drain_time, gdouble least, gdouble most)
{
  return CLAMP (1.0 - (delay - TARGET_DELAY) / drain_time, least, most);
}

/* Where the path was full lately, and whether that was always the same. */
static void
remember (EchoelCapacity * capacity, GstClockTime now)
{
  capacity->known = measure (capacity, LONG_SPAN);
  if (capacity->known >= capacity->peak
      || since (capacity->peak_at, now) > PEAK_SPAN) {
    capacity->peak = capacity->known;
    capacity->peak_at = now;
  }
  if (capacity->known <= capacity->trough
      || since (capacity->trough_at, now) > STEADY_SPAN) {
    capacity->trough = capacity->known;
    capacity->trough_at = now;
  }
}

static void
follow_measured (EchoelCapacity * capacity, gdouble measured, gdouble delay,
    GstClockTime now)
{
  gdouble wanted = measured
      * scaled (delay, DRAIN_TIME, LEAST_SCALE, MOST_SCALE);
  gboolean far;

  remember (capacity, now);
  wanted = MIN (wanted, capacity->best);
  far = fabs (wanted - capacity->rate) > FAR_SCALE * capacity->rate
      && (wanted > capacity->rate || delay > FAR_DELAY
      || measured < WORSE_SCALE * capacity->rate);
  capacity->report.reason = ECHOEL_CAPACITY_HELD;
  if (!far && since (capacity->decided_at, now) < CALM_SPAN)
    return;
  if (wanted < capacity->rate && delay < TARGET_DELAY)
    return;
  if (!far)
    wanted = capacity->known * scaled (mean_delay (capacity, LONG_SPAN),
        CALM_DRAIN_TIME, CALM_LEAST, CALM_MOST);
  capacity->decided_at = now;
  set_rate (capacity, wanted, wanted < capacity->rate
      ? ECHOEL_CAPACITY_CONGESTED : ECHOEL_CAPACITY_MEASURED);
}

/* How fast the rate may rise after so many idle seconds: parts a second. */
static gdouble
growth (const EchoelCapacity * capacity, gdouble idle)
{
  gdouble eager = MIN (idle / RISE_SPAN, 1.0);
  gboolean near = fabs (capacity->rate - capacity->peak)
      < NEAR_PEAK * capacity->peak;
  gboolean steady = capacity->trough > STEADY * capacity->peak;
  gdouble most = !near ? RISE
      : steady && idle < CAREFUL_SPAN ? STEADY_RISE : CAREFUL_RISE;

  return MIN (RISE * eager * eager, most);
}

/* The pipe is idle at times: it carries more than it was given. */
static void
probe (EchoelCapacity * capacity, GstClockTime now, gdouble step)
{
  gdouble proven = MAX (capacity->report.offered + PROVEN_MORE,
      capacity->report.offered * PROVEN_SCALE);
  gdouble idle = since (capacity->idle_since, now);
  gdouble back = capacity->known * RETURN_SCALE;

  if (capacity->rate >= capacity->best) {
    capacity->report.reason = ECHOEL_CAPACITY_AMPLE;
    return;
  }
  capacity->report.reason = ECHOEL_CAPACITY_HELD;
  if (idle < IDLE_HOLD)
    return;
  if (capacity->rate < back)
    capacity->rate = back;
  else if (capacity->rate < proven
      && since (capacity->dropped_at, now) > DROP_HOLD)
    capacity->rate *= 1.0 + step * growth (capacity, idle);
  else
    return;
  capacity->rate = MIN (capacity->rate, capacity->best);
  capacity->report.reason = ECHOEL_CAPACITY_PROBING;
}

/* What came through just now did not queue. */
static void
follow_seen (EchoelCapacity * capacity, gdouble delay)
{
  gdouble seen = delivered_rate (capacity, SEEN_SPAN, capacity->n_points)
      * SEEN_SCALE;

  if (delay > TARGET_DELAY || seen <= capacity->rate)
    return;
  capacity->rate = MIN (seen, capacity->best);
  capacity->report.reason = ECHOEL_CAPACITY_MEASURED;
}

/* What leaves the pipe, in bit/s: measured, or at least not disproved. */
static gdouble
leaving (const EchoelCapacity * capacity, gboolean busy)
{
  if (busy)
    return MAX (measure (capacity, SHORT_SPAN),
        PAUSE_SCALE * measure (capacity, LONG_SPAN));
  return MAX (capacity->report.delivered, capacity->rate);
}

static void
decide (EchoelCapacity * capacity, const EchoelTransportSample * sample,
    gdouble step)
{
  EchoelCapacityReport *report = &capacity->report;
  const EchoelCapacityPoint *now = point (capacity, 0);
  gdouble busy = seconds_between (point (capacity, capacity->busy_points), now)
      - capacity->round_trip;
  gdouble drain, delay;

  report->busy = busy >= LEAST_BUSY;
  drain = MAX (leaving (capacity, report->busy), LEAST_RATE);
  delay = now->backlog * 8.0 / drain;
  capacity->points[capacity->last].delay = delay;
  report->delay = delay * GST_SECOND;
  report->beyond = MIN (delay, now->behind * 8.0
      / MAX (drain, report->delivered)) * GST_SECOND;
  report->dropping = since (capacity->dropped_at, sample->time) < DROP_HOLD;
  if (sample->window_closed)
    report->reason = ECHOEL_CAPACITY_SERVER;
  else if (report->busy)
    follow_measured (capacity, drain, delay, sample->time);
  else if (capacity->busy_points == 0)
    probe (capacity, sample->time, step);
  follow_seen (capacity, delay);
  report->rate = capacity->rate;
}

const EchoelCapacityReport *
echoel_capacity_update (EchoelCapacity * capacity,
    const EchoelTransportSample * sample)
{
  GstClockTime last = 0;

  if (capacity->n_points > 0) {
    last = point (capacity, 0)->time;
    if (sample->time <= last)
      return &capacity->report;
    if (is_new_connection (point (capacity, 0), sample))
      capacity->n_points = 0;
  }
  capacity->round_trip = (gdouble) sample->min_rtt / GST_SECOND;
  add_point (capacity, sample);
  watch_events (capacity, sample);
  if (capacity->n_points < 2)
    return &capacity->report;
  capacity->report.delivered = delivered_rate (capacity, RATE_SPAN,
      capacity->n_points);
  capacity->report.offered = offered_rate (capacity);
  decide (capacity, sample, (gdouble) (sample->time - last) / GST_SECOND);
  return &capacity->report;
}
