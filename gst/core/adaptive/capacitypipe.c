/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "capacitypipe.h"

/* Over which is told what is on its way. */
#define PATH_SPAN 0.28
/* Of Ethernet, in bytes: where nothing else is known. */
#define SEGMENT 1448
/* So many are acknowledged at once, or after a while what there is: what a
 * measurement may hold too much or too little. TCP says two, but what a sender
 * and a bottleneck send in bursts comes on top: up to 3.3 were measured. */
#define ACKED_AT_ONCE 3.218

void
echoel_pipe_clear (EchoelPipe * pipe)
{
  pipe->n_points = pipe->busy_points = 0;
}

const EchoelPipePoint *
echoel_pipe_get (const EchoelPipe * pipe, guint back)
{
  return &pipe->points[(pipe->last + ECHOEL_PIPE_POINTS - back)
      % ECHOEL_PIPE_POINTS];
}

static gdouble
seconds_between (const EchoelPipePoint * from, const EchoelPipePoint * to)
{
  return (gdouble) (to->time - from->time) / GST_SECOND;
}

/* The oldest point no more than @span before the newest, and of at most
 * @n_points; never the newest itself while there are others. */
static const EchoelPipePoint *
point_before (const EchoelPipe * pipe, gdouble span, guint n_points)
{
  const EchoelPipePoint *now = echoel_pipe_get (pipe, 0), *found = now;
  guint i;

  for (i = 1; i < n_points; i++) {
    const EchoelPipePoint *older = echoel_pipe_get (pipe, i);

    if (i > 1 && seconds_between (older, now) > span)
      break;
    found = older;
  }
  return found;
}

/* As above, from where it was never idle. */
static const EchoelPipePoint *
busy_since (const EchoelPipe * pipe, gdouble span)
{
  return point_before (pipe, MIN (span, echoel_pipe_busy_time (pipe)),
      pipe->busy_points + 1);
}

static gdouble
slope (guint64 from, guint64 to, gdouble seconds)
{
  return seconds > 0.0 ? (gdouble) (to - from) * 8.0 / seconds : 0.0;
}

gdouble
echoel_pipe_busy_time (const EchoelPipe * pipe)
{
  return seconds_between (echoel_pipe_get (pipe, pipe->busy_points),
      echoel_pipe_get (pipe, 0)) - pipe->round_trip;
}

gdouble
echoel_pipe_delivered (const EchoelPipe * pipe, gdouble span)
{
  const EchoelPipePoint *from = point_before (pipe, span, pipe->n_points);
  const EchoelPipePoint *now = echoel_pipe_get (pipe, 0);

  return slope (from->delivered, now->delivered, seconds_between (from, now));
}

gdouble
echoel_pipe_offered (const EchoelPipe * pipe, gdouble span)
{
  const EchoelPipePoint *from = point_before (pipe, span, pipe->n_points);
  const EchoelPipePoint *now = echoel_pipe_get (pipe, 0);

  return slope (from->offered, now->offered, seconds_between (from, now));
}

gdouble
echoel_pipe_carried (const EchoelPipe * pipe, gdouble span)
{
  const EchoelPipePoint *from = busy_since (pipe, span);
  const EchoelPipePoint *now = echoel_pipe_get (pipe, 0);

  return slope (from->delivered, now->delivered, seconds_between (from, now));
}

gdouble
echoel_pipe_segment (const EchoelPipe * pipe)
{
  return pipe->segment > 0 ? pipe->segment : SEGMENT;
}

/* No acknowledgement waits for long, so where segments are large it is what
 * came meanwhile. */
static gdouble
acknowledged_at_once (const EchoelPipe * pipe, gdouble segments)
{
  gdouble most = segments * echoel_pipe_segment (pipe);

  return MIN (most, MAX (pipe->late, segments * SEGMENT));
}

gdouble
echoel_pipe_ack_step (const EchoelPipe * pipe)
{
  return acknowledged_at_once (pipe, ACKED_AT_ONCE) * 8.0;
}

gdouble
echoel_pipe_doubt (const EchoelPipe * pipe, gdouble span)
{
  return echoel_pipe_ack_step (pipe) / seconds_between (busy_since (pipe, span),
      echoel_pipe_get (pipe, 0));
}

gdouble
echoel_pipe_mean_delay (const EchoelPipe * pipe, gdouble span)
{
  const EchoelPipePoint *now = echoel_pipe_get (pipe, 0);
  gdouble sum = 0.0;
  guint i;

  for (i = 0; i <= pipe->busy_points; i++) {
    if (seconds_between (echoel_pipe_get (pipe, i), now) > span)
      break;
    sum += echoel_pipe_get (pipe, i)->delay;
  }
  return sum / i;
}

gdouble
echoel_pipe_least_delay (const EchoelPipe * pipe, gdouble span)
{
  const EchoelPipePoint *now = echoel_pipe_get (pipe, 0);
  gdouble least = now->delay;
  guint i;

  for (i = 1; i < pipe->n_points; i++) {
    if (seconds_between (echoel_pipe_get (pipe, i), now) > span)
      break;
    least = MIN (least, echoel_pipe_get (pipe, i)->delay);
  }
  return least;
}

/* Less than a segment that stays is a sender that was kept from running, or an
 * acknowledgement that waits for more. */
static gboolean
was_busy (const EchoelPipe * pipe, const EchoelPipePoint * now)
{
  const EchoelPipePoint *before = echoel_pipe_get (pipe, 1);

  return before->backlog >= acknowledged_at_once (pipe, 1)
      && before->backlog >= now->delivered - before->delivered;
}

void
echoel_pipe_add (EchoelPipe * pipe, const EchoelPipePoint * point)
{
  guint64 on_path;
  EchoelPipePoint *now;

  pipe->last = (pipe->last + 1) % ECHOEL_PIPE_POINTS;
  pipe->n_points = MIN (pipe->n_points + 1, ECHOEL_PIPE_POINTS);
  now = &pipe->points[pipe->last];
  *now = *point;
  on_path = echoel_pipe_delivered (pipe, PATH_SPAN) / 8.0 * pipe->round_trip;
  on_path = MIN (on_path, now->behind);
  now->behind -= on_path;
  now->backlog -= on_path;
  if (pipe->n_points > 1 && was_busy (pipe, now))
    pipe->busy_points = MIN (pipe->busy_points + 1, ECHOEL_PIPE_POINTS - 1);
  else
    pipe->busy_points = 0;
}

void
echoel_pipe_set_delay (EchoelPipe * pipe, gdouble delay)
{
  pipe->points[pipe->last].delay = delay;
}
