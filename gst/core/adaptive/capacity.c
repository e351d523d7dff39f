/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "capacity.h"

/* All found in the simulator, docs/adaptive.md. Times in seconds, growth in
 * parts a second. */

/* How much may wait while the path limits the rate, and in which time more
 * than that is to drain: at once, and in the calm. */
#define TARGET_DELAY 0.25
#define DRAIN_TIME 0.75
#define CALM_DRAIN_TIME 2.442
/* The least and the most that the measured capacity is scaled by for it. */
#define LEAST_SCALE 0.22
#define MOST_SCALE 1.373
#define CALM_LEAST 0.85
#define CALM_MOST 1.08
/* Changes beyond this part of the rate are followed at once: to at most so many
 * times what the path is better beyond doubt; if it is worse, surely below the
 * last part of the rate, or more than so much has waited for a while. Others
 * by their mean, not before the last decision has shown what it does. Below
 * the last they are the same. While more than the delay of the better waits,
 * no rise is followed at once: along with what drains it would take many steps. */
#define FAR_SCALE 0.234
#define BETTER_DELAY 0.352
#define SURE_RISE 4.0
#define WORSE_SCALE 0.882
#define FAR_DELAY 0.506
#define FAR_SPAN 0.142
#define CALM_SPAN 1.781
#define SAME_SCALE 0.03
/* How long an encoder goes on as before, and over which it is told what it
 * makes. */
#define AHEAD 0.157
#define AHEAD_SPAN 0.332
/* A rate that is above the known capacity by that is corrected earlier. */
#define OVER_SCALE 1.135
#define OVER_DELAY 0.197
#define OVER_SPAN 0.557
/* Spans without an idle moment over which the capacity is measured: at least,
 * to react to, and to remember, and how much makes it known. */
#define LEAST_BUSY 0.08
#define SHORT_SPAN 0.28
#define LONG_SPAN 1.7
#define LEAST_KNOWN 0.5
/* How much of the error that steps of acknowledgements may make counts: for
 * what is likely missing, what is remembered, what is surely better or worse. */
#define LIKELY_DOUBT 0.4
#define KNOWN_DOUBT 0.624
#define BETTER_DOUBT 0.903
#define WORSE_DOUBT 0.806
/* A pause is no end: at least this part of what is remembered is believed,
 * and next to nothing not before so many samples say it: the other side may
 * just have stopped reading. */
#define PAUSE_SCALE 0.5
#define DEAD_SCALE 0.1
#define DEAD_POINTS 2
/* What has just arrived was carried, whether the pipe was idle or not. */
#define SEEN_SPAN 0.15
#define SEEN_SCALE 0.984
/* One step of acknowledgements more or less in so many seconds. */
#define SEEN_DOUBT_SPAN 0.1
/* A pipe that has been idle for a moment returns to what is remembered; then
 * the rate rises, at first slowly. */
#define IDLE_HOLD 0.15
#define RETURN_SCALE 0.802
#define RISE 0.789
#define RISE_SPAN 0.992
/* Where the path was full lately it rises with care, and more so when that
 * was always in the same place; until it has been idle for longer than the
 * key frames of a full path would leave it. */
#define NEAR_PEAK 0.148
#define PEAK_SPAN 30.0
#define CAREFUL_RISE 0.046
/* Beyond it more and more freely, up to here. */
#define BEYOND_PEAK 0.195
/* There not before about as much arrives as may be sent. */
#define TRIED 0.8
/* And not at all while something waits all the time. */
#define HINT_DELAY 0.02
#define HINT_SPAN 0.5
#define CAREFUL_SPAN 2.117
#define STEADY 0.85
#define STEADY_SPAN 10.0
#define STEADY_RISE 0.029
/* For how long an acknowledgement may wait for a full segment. */
#define LATE_SPAN 0.2
/* For so long after frames were dropped, or much was lost on the way, the rate
 * does not rise. Much: so many segments, and of all the second part; what a
 * radio link always loses is less. */
#define DROP_HOLD 0.5
#define LOSS_HOLD 0.5
#define LOSS_SEGMENTS 3
#define LOSS_PART 0.05
/* A quiet scene proves nothing about rates far above its own. */
#define PROVEN_SCALE 1.7
#define PROVEN_MORE 1e6
/* Over which the rates in the report are taken. */
#define RATE_SPAN 1.0
/* A path that delivers nothing for so long stands still: acknowledgements in
 * lumps are no standstill. And for how long it is taken to be as before when it
 * flows again. */
#define STILL_SPAN 0.45
#define FLOW_SPAN 0.15
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
  capacity->lost_at = GST_CLOCK_TIME_NONE;
  capacity->moved_at = capacity->resumed_at = GST_CLOCK_TIME_NONE;
  capacity->decided_at = capacity->peak_at = GST_CLOCK_TIME_NONE;
  capacity->trough_at = capacity->fell_at = GST_CLOCK_TIME_NONE;
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

void
echoel_capacity_set_rate (EchoelCapacity * capacity, gdouble rate)
{
  capacity->rate = CLAMP (rate, LEAST_RATE, capacity->best);
  capacity->report.rate = capacity->rate;
}

/* What was seen of another connection says nothing of this one; the estimate
 * stays. */
static void
forget_connection (EchoelCapacity * capacity)
{
  EchoelCapacityReport fresh = {.rate = capacity->rate,
    .leaving = capacity->rate
  };

  echoel_pipe_clear (&capacity->pipe);
  capacity->report = fresh;
  capacity->flowed = 0.0;
  capacity->moved_at = capacity->resumed_at = GST_CLOCK_TIME_NONE;
}

void
echoel_capacity_scale (EchoelCapacity * capacity, gdouble scale)
{
  capacity->best *= scale;
  capacity->rate = MAX (capacity->rate * scale, LEAST_RATE);
  capacity->known *= scale;
  capacity->peak *= scale;
  capacity->trough *= scale;
  forget_connection (capacity);
}

static gboolean
is_new_connection (const EchoelPipePoint * last,
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

/* A path that is full where it holds next to nothing shows it like this, and
 * not in what waits. */
static gboolean
is_loss (const EchoelCapacity * capacity, const EchoelTransportSample * sample)
{
  guint64 lost = sample->losses > capacity->losses
      ? sample->losses - capacity->losses : 0;
  gdouble sent;

  if (lost < LOSS_SEGMENTS || capacity->pipe.n_points < 2)
    return FALSE;
  sent =
      (echoel_pipe_get (&capacity->pipe,
          0)->delivered - echoel_pipe_get (&capacity->pipe, 1)->delivered)
      / echoel_pipe_segment (&capacity->pipe);
  return lost > LOSS_PART * (sent + lost);
}

static void
watch_events (EchoelCapacity * capacity, const EchoelTransportSample * sample)
{
  if (sample->dropped > capacity->dropped)
    capacity->dropped_at = sample->time;
  capacity->dropped = sample->dropped;
  if (is_loss (capacity, sample))
    capacity->lost_at = sample->time;
  capacity->losses = sample->losses;
  if (capacity->pipe.busy_points > 0)
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

/* How much of a measured capacity to use, so that what waits drains. */
static gdouble
scaled (gdouble delay, gdouble drain_time, gdouble least, gdouble most)
{
  return CLAMP (1.0 - (delay - TARGET_DELAY) / drain_time, least, most);
}

/* The nearest to what was @believed that a measurement justifies. */
static gdouble
nearest (gdouble believed, gdouble measured, gdouble doubt)
{
  return CLAMP (believed, measured - doubt, measured + doubt);
}

/* Where the path was full lately, and whether that was always the same. */
static void
remember (EchoelCapacity * capacity, GstClockTime now)
{
  gdouble carried = echoel_pipe_carried (&capacity->pipe, LONG_SPAN);
  gdouble doubt = KNOWN_DOUBT * echoel_pipe_doubt (&capacity->pipe, LONG_SPAN);

  capacity->known = capacity->known == 0.0 ? carried
      : nearest (capacity->known, carried, doubt);
  /* It still holds some of what was before a fall. */
  if (since (capacity->fell_at, now) < LONG_SPAN)
    return;
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

/* After a fall that had to be followed at once the path may be another: where
 * it is full is told anew from what it carries now, or a little more than was
 * measured in so short a time. */
static void
begin_again (EchoelCapacity * capacity, gdouble measured, GstClockTime now)
{
  gdouble doubt = KNOWN_DOUBT * echoel_pipe_doubt (&capacity->pipe, SHORT_SPAN);
  gdouble most = measured + MIN (doubt, NEAR_PEAK * measured);

  capacity->known = MIN (capacity->known, most);
  capacity->peak = most;
  capacity->trough = measured;
  capacity->peak_at = capacity->trough_at = capacity->fell_at = now;
}

/* What will wait when the encoder has heard of a decision: until then it makes
 * what it makes. */
static gdouble
delay_ahead (const EchoelCapacity * capacity, gdouble measured, gdouble delay)
{
  gdouble offered = echoel_pipe_offered (&capacity->pipe, AHEAD_SPAN);

  return delay + AHEAD * (offered / measured - 1.0);
}

/* The last step of acknowledgements may be missing in what was measured. */
static gdouble
likely (const EchoelCapacity * capacity, gdouble measured)
{
  gdouble doubt = LIKELY_DOUBT * echoel_pipe_doubt (&capacity->pipe,
      SHORT_SPAN);

  return MAX (measured, MIN (capacity->rate, measured + doubt));
}

/* What to do about it at once; a rise no higher than is justified by how much
 * better the path is beyond doubt. */
static gdouble
wanted_at_once (const EchoelCapacity * capacity, gdouble measured,
    gdouble delay)
{
  gdouble doubt = BETTER_DOUBT * echoel_pipe_doubt (&capacity->pipe,
      SHORT_SPAN);
  gdouble better = MAX (measured - doubt - capacity->rate, 0.0);
  gdouble scale = scaled (delay_ahead (capacity, measured, delay), DRAIN_TIME,
      LEAST_SCALE, MOST_SCALE);
  gdouble wanted = MIN (likely (capacity, measured) * scale,
      capacity->rate + SURE_RISE * better);

  return MIN (wanted, capacity->best);
}

/* Whether the path itself is another than it was, beyond doubt, or what waits
 * is too much, and not just a key frame. */
static gboolean
is_far (const EchoelCapacity * capacity, gdouble measured, gdouble wanted,
    gdouble delay)
{
  gdouble doubt = echoel_pipe_doubt (&capacity->pipe, SHORT_SPAN);

  if (fabs (wanted - capacity->rate) < FAR_SCALE * capacity->rate)
    return FALSE;
  if (wanted > capacity->rate)
    return delay <= BETTER_DELAY;
  if (measured < DEAD_SCALE * capacity->rate
      && capacity->pipe.busy_points < DEAD_POINTS)
    return FALSE;
  return measured + WORSE_DOUBT * doubt < WORSE_SCALE * capacity->rate
      || echoel_pipe_least_delay (&capacity->pipe, FAR_SPAN) > FAR_DELAY;
}

/* Near the right rate: whether to decide about what the mean says. A rate that
 * is too high is corrected before all that it costs waits. */
static gboolean
is_calm_due (const EchoelCapacity * capacity, gdouble wanted, gdouble delay,
    GstClockTime now)
{
  gdouble decided = since (capacity->decided_at, now);

  if (echoel_pipe_busy_time (&capacity->pipe) < LEAST_KNOWN)
    return FALSE;
  if (capacity->rate > OVER_SCALE * capacity->known && delay > OVER_DELAY)
    return decided > OVER_SPAN;
  return decided >= CALM_SPAN
      && (wanted >= capacity->rate || delay >= TARGET_DELAY);
}

static void
follow_measured (EchoelCapacity * capacity, gdouble measured, gdouble delay,
    GstClockTime now)
{
  gdouble wanted = wanted_at_once (capacity, measured, delay);
  gboolean far = is_far (capacity, measured, wanted, delay);

  if (far || capacity->known == 0.0
      || echoel_pipe_busy_time (&capacity->pipe) > LEAST_KNOWN)
    remember (capacity, now);
  if (far && wanted < capacity->rate)
    begin_again (capacity, measured, now);
  if (!far)
    wanted = capacity->known * scaled (echoel_pipe_mean_delay (&capacity->pipe,
            LONG_SPAN), CALM_DRAIN_TIME, CALM_LEAST, CALM_MOST);
  capacity->report.reason = ECHOEL_CAPACITY_HELD;
  if (!far && !is_calm_due (capacity, wanted, delay, now))
    return;
  capacity->decided_at = now;
  set_rate (capacity, wanted, wanted < capacity->rate
      ? ECHOEL_CAPACITY_CONGESTED : ECHOEL_CAPACITY_MEASURED);
}

/* How fast the rate may rise @above the place, as a part of it, in which the
 * path was full lately: parts a second. */
static gdouble
growth_near_peak (const EchoelCapacity * capacity, gdouble above, gdouble idle)
{
  gboolean near = above < NEAR_PEAK;
  gboolean steady = capacity->trough > STEADY * capacity->peak;

  /* What has not arrived says nothing about more. */
  if (capacity->report.delivered < TRIED * capacity->rate)
    return 0.0;
  /* Something waits all the time: it is not really idle. */
  if (near && echoel_pipe_least_delay (&capacity->pipe, HINT_SPAN) > HINT_DELAY)
    return 0.0;
  if (near)
    return steady && idle < CAREFUL_SPAN ? STEADY_RISE : CAREFUL_RISE;
  return CAREFUL_RISE + (RISE - CAREFUL_RISE) * (above - NEAR_PEAK)
      / (BEYOND_PEAK - NEAR_PEAK);
}

/* The same anywhere, after so many idle seconds. */
static gdouble
growth (const EchoelCapacity * capacity, GstClockTime now)
{
  gdouble idle = since (capacity->idle_since, now);
  gdouble eager = MIN (idle / RISE_SPAN, 1.0);
  gdouble above = capacity->rate / MAX (capacity->peak, 1.0) - 1.0;
  gdouble most = RISE;

  if (above > -NEAR_PEAK && above < BEYOND_PEAK
      && since (capacity->peak_at, now) < PEAK_SPAN)
    most = growth_near_peak (capacity, above, idle);
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
      && since (capacity->dropped_at, now) > DROP_HOLD
      && since (capacity->lost_at, now) > LOSS_HOLD)
    capacity->rate *= 1.0 + step * growth (capacity, now);
  else
    return;
  capacity->rate = MIN (capacity->rate, capacity->best);
  capacity->report.reason = ECHOEL_CAPACITY_PROBING;
}

/* What came through just now did not queue. */
static void
follow_seen (EchoelCapacity * capacity, gdouble delay)
{
  gdouble doubt = echoel_pipe_ack_step (&capacity->pipe) / SEEN_DOUBT_SPAN;
  gdouble seen = SEEN_SCALE
      * (echoel_pipe_delivered (&capacity->pipe, SEEN_SPAN) - doubt);

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
    return MAX (echoel_pipe_carried (&capacity->pipe, SHORT_SPAN),
        PAUSE_SCALE * echoel_pipe_carried (&capacity->pipe, LONG_SPAN));
  return MAX (capacity->report.delivered, capacity->rate);
}

static void
decide (EchoelCapacity * capacity, const EchoelTransportSample * sample,
    gdouble step)
{
  EchoelCapacityReport *report = &capacity->report;
  const EchoelPipePoint *now = echoel_pipe_get (&capacity->pipe, 0);
  gdouble drain, delay;

  report->busy = echoel_pipe_busy_time (&capacity->pipe) >= LEAST_BUSY;
  drain = MAX (leaving (capacity, report->busy), LEAST_RATE);
  delay = now->backlog * 8.0 / drain;
  echoel_pipe_set_delay (&capacity->pipe, delay);
  report->leaving = drain;
  report->backlog = now->backlog;
  report->delay = delay * GST_SECOND;
  report->beyond = MIN (delay, now->behind * 8.0
      / MAX (drain, capacity->flowed)) * GST_SECOND;
  report->dropping = since (capacity->dropped_at, sample->time) < DROP_HOLD;
  if (sample->window_closed)
    report->reason = ECHOEL_CAPACITY_SERVER;
  else if (report->busy)
    follow_measured (capacity, drain, delay, sample->time);
  else if (capacity->pipe.busy_points == 0)
    probe (capacity, sample->time, step);
  follow_seen (capacity, delay);
  report->rate = capacity->rate;
}

/* What is delivered, or was until it stood still: a path that has just begun to
 * flow again may do so as before. */
static void
watch_flow (EchoelCapacity * capacity, GstClockTime now)
{
  const EchoelPipe *pipe = &capacity->pipe;

  if (echoel_pipe_get (pipe, 0)->delivered
      == echoel_pipe_get (pipe, 1)->delivered)
    return;
  if (GST_CLOCK_TIME_IS_VALID (capacity->moved_at)
      && since (capacity->moved_at, now) > STILL_SPAN)
    capacity->resumed_at = now;
  capacity->moved_at = now;
  if (since (capacity->resumed_at, now) > FLOW_SPAN)
    capacity->flowed = capacity->report.delivered;
}

static void
add_point (EchoelCapacity * capacity, const EchoelTransportSample * sample)
{
  EchoelPipePoint point = {.time = sample->time,.offered = sample->offered,
    .delivered = sample->delivered,.behind = sample->unacknowledged,
    .backlog = sample->waiting + sample->unacknowledged
  };

  capacity->pipe.segment = sample->segment;
  capacity->pipe.late = LATE_SPAN * capacity->rate / 8.0;
  capacity->pipe.round_trip = (gdouble) sample->min_rtt / GST_SECOND;
  echoel_pipe_add (&capacity->pipe, &point);
}

const EchoelCapacityReport *
echoel_capacity_update (EchoelCapacity * capacity,
    const EchoelTransportSample * sample)
{
  EchoelPipe *pipe = &capacity->pipe;
  GstClockTime last = 0;

  if (pipe->n_points > 0) {
    last = echoel_pipe_get (pipe, 0)->time;
    if (sample->time <= last)
      return &capacity->report;
    if (is_new_connection (echoel_pipe_get (pipe, 0), sample))
      forget_connection (capacity);
  }
  capacity->report.sample = *sample;
  add_point (capacity, sample);
  watch_events (capacity, sample);
  if (pipe->n_points < 2)
    return &capacity->report;
  capacity->report.delivered = echoel_pipe_delivered (pipe, RATE_SPAN);
  capacity->report.offered = echoel_pipe_offered (pipe, RATE_SPAN);
  watch_flow (capacity, sample->time);
  decide (capacity, sample, (gdouble) (sample->time - last) / GST_SECOND);
  return &capacity->report;
}
