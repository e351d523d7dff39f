/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frames of a camera path: what is known of each, in which scene it is,
 * and when it is placed. */
#include "camerapath.h"

#include "campath.h"

#include <math.h>

/* No window is further out, in W; keeps bad numbers from overflowing. */
#define FAR_OUT 1e3
/* A longer pause counts as one of this length. */
#define LONGEST_STEP GST_SECOND
/* Times that do not go on leave frames waiting for ever: no more than this,
 * 10 s at 200 frames a second. */
#define MAX_WAITING 2048
/* A power of two. */
#define FIRST_CAPACITY 64

#define LEAST_LIMIT 1e-3
#define GREATEST_LIMIT 1e3
#define MAX_DEAD_BAND 1.0

typedef struct
{
  GstClockTime pts;
  guint64 time;                 /* ns since the first frame, never back */
  EchoelPathPoint wanted;       /* inside range; the centre once placed */
  EchoelPathRange range;
  gboolean known;               /* wanted is; never FALSE again in a scene */
  gboolean starts;              /* a scene */
} Frame;

struct _EchoelCameraPath
{
  EchoelPathLimits limits;
  GstClockTime lookahead;

  /* A ring of frames: pulled before head, placed before next, pushed before
   * tail. The numbers only grow; the capacity is a power of two. */
  Frame *frames;
  guint capacity;
  guint64 head, next, tail;

  /* Of the last frame that was pushed. */
  gboolean begun;
  Frame last;
  GstClockTime step;            /* ns to it from the one before */

  /* Of the last frame that was placed. */
  gboolean placed;              /* there is one */
  guint64 time;
  EchoelPathAxis x, y;
};

static Frame *
frame_at (const EchoelCameraPath * path, guint64 number)
{
  return &path->frames[number & (path->capacity - 1)];
}

static gdouble
one_limit (gdouble value, gdouble fallback)
{
  return value > 0.0 ? CLAMP (value, LEAST_LIMIT, GREATEST_LIMIT) : fallback;
}

void
echoel_camera_path_set_limits (EchoelCameraPath * path,
    const EchoelPathLimits * limits)
{
  gdouble band = limits->dead_band;

  path->limits.max_speed = one_limit (limits->max_speed, ECHOEL_PATH_MAX_SPEED);
  path->limits.max_acceleration = one_limit (limits->max_acceleration,
      ECHOEL_PATH_MAX_ACCELERATION);
  path->limits.dead_band = band >= 0.0 ? MIN (band, MAX_DEAD_BAND)
      : ECHOEL_PATH_DEAD_BAND;
}

void
echoel_camera_path_set_lookahead (EchoelCameraPath * path,
    GstClockTime lookahead)
{
  path->lookahead = MIN (lookahead, ECHOEL_PATH_MAX_LOOKAHEAD);
}

EchoelCameraPath *
echoel_camera_path_new (const EchoelPathLimits * limits, GstClockTime lookahead)
{
  static const EchoelPathLimits defaults = { ECHOEL_PATH_MAX_SPEED,
    ECHOEL_PATH_MAX_ACCELERATION, ECHOEL_PATH_DEAD_BAND
  };
  EchoelCameraPath *path = g_new0 (EchoelCameraPath, 1);

  path->capacity = FIRST_CAPACITY;
  path->frames = g_new (Frame, path->capacity);
  echoel_camera_path_set_limits (path, limits ? limits : &defaults);
  echoel_camera_path_set_lookahead (path, lookahead);
  return path;
}

void
echoel_camera_path_free (EchoelCameraPath * path)
{
  g_free (path->frames);
  g_free (path);
}

void
echoel_camera_path_reset (EchoelCameraPath * path)
{
  path->head = path->next = path->tail = 0;
  path->begun = path->placed = FALSE;
  path->step = 0;
  path->time = 0;
}

/* Makes room for one more frame; a steady stream never grows. */
static void
reserve (EchoelCameraPath * path)
{
  Frame *frames;
  guint64 i;

  if (path->tail - path->head < path->capacity)
    return;
  frames = g_new (Frame, 2 * path->capacity);
  for (i = path->head; i < path->tail; i++)
    frames[i & (2 * path->capacity - 1)] = *frame_at (path, i);
  g_free (path->frames);
  path->frames = frames;
  path->capacity *= 2;
}

/* Puts numbers that make no sense right. */
static void
sane_range (gdouble * min, gdouble * max)
{
  *min = isnan (*min) ? 0.0 : CLAMP (*min, -FAR_OUT, FAR_OUT);
  *max = isnan (*max) ? 1.0 : CLAMP (*max, -FAR_OUT, FAR_OUT);
  if (*min > *max)
    *min = *max = (*min + *max) / 2.0;
}

static void
keep_inside (EchoelPathPoint * point, const EchoelPathRange * range)
{
  point->x = CLAMP (point->x, range->min.x, range->max.x);
  point->y = CLAMP (point->y, range->min.y, range->max.y);
}

/* The step in time to a frame, 0 when time does not go on. */
static GstClockTime
step_to (const EchoelCameraPath * path, GstClockTime pts)
{
  GstClockTime last = path->last.pts;

  if (!GST_CLOCK_TIME_IS_VALID (pts) || !GST_CLOCK_TIME_IS_VALID (last))
    return path->step;
  return pts > last ? MIN (pts - last, LONGEST_STEP) : 0;
}

/* The first frame of the scene after the next one. */
static guint64
end_of_scene (const EchoelCameraPath * path)
{
  guint64 end = path->next + 1;

  while (end < path->tail && !frame_at (path, end)->starts)
    end++;
  return end;
}

/* Where to be at the start of a scene: amid its targets, as long as they stay
 * so near that a window there rests on all of them. */
static EchoelPathPoint
start_of_scene (const EchoelCameraPath * path, guint64 end)
{
  const EchoelPathRange *range = &frame_at (path, path->next)->range;
  EchoelPathPoint start, low, high;
  gdouble band = path->limits.dead_band;
  gboolean found = FALSE;
  guint64 i;

  start.x = path->placed ? path->x.position : (range->min.x + range->max.x) / 2;
  start.y = path->placed ? path->y.position : (range->min.y + range->max.y) / 2;
  for (i = path->next; i < end; i++) {
    EchoelPathPoint at = frame_at (path, i)->wanted;

    if (!frame_at (path, i)->known)
      continue;
    low.x = found ? MIN (low.x, at.x) : at.x;
    low.y = found ? MIN (low.y, at.y) : at.y;
    high.x = found ? MAX (high.x, at.x) : at.x;
    high.y = found ? MAX (high.y, at.y) : at.y;
    if (MAX (high.x - low.x, high.y - low.y) > 2.0 * band)
      break;
    found = TRUE;
    start.x = (low.x + high.x) / 2.0;
    start.y = (low.y + high.y) / 2.0;
  }
  keep_inside (&start, range);
  return start;
}

static void
view_frame (EchoelPathView * view, gdouble wanted)
{
  if (view->n == 0) {
    view->low = view->high = view->first = view->last = wanted;
    view->rising = view->falling = TRUE;
  }
  view->rising = view->rising && wanted >= view->last;
  view->falling = view->falling && wanted <= view->last;
  view->low = MIN (view->low, wanted);
  view->high = MAX (view->high, wanted);
  view->last = wanted;
}

/* A sample is the mean of its frames. */
static void
view_sample (EchoelPathView * view, gboolean first, gdouble time,
    gdouble weight, gdouble wanted)
{
  guint i = first ? view->n++ : view->n - 1;
  gdouble total = first ? weight : view->weight[i] + weight;
  gdouble part = first || total <= 0.0 ? 1.0 : weight / total;

  view->time[i] = first ? time : view->time[i] + (time - view->time[i]) * part;
  view->wanted[i] = first ? wanted
      : view->wanted[i] + (wanted - view->wanted[i]) * part;
  view->weight[i] = total;
}

/* What is known of both axes until @end, in a bounded number of samples. */
static void
look_ahead (const EchoelCameraPath * path, guint64 end, EchoelPathView * x,
    EchoelPathView * y)
{
  guint64 from = path->time, i;
  guint64 span = frame_at (path, end - 1)->time - from;
  guint64 before = from;
  guint used = ECHOEL_PATH_SAMPLES;

  x->n = y->n = 0;
  for (i = path->next; i < end; i++) {
    const Frame *frame = frame_at (path, i);
    guint64 after = frame->time - from;
    guint sample = span == 0 ? 0 : MIN (after * ECHOEL_PATH_SAMPLES / span,
        ECHOEL_PATH_SAMPLES - 1);
    gdouble seconds = (gdouble) after / GST_SECOND;
    gdouble weight = (gdouble) (frame->time - before) / GST_SECOND;

    before = frame->time;
    if (!frame->known)
      continue;
    view_frame (x, frame->wanted.x);
    view_frame (y, frame->wanted.y);
    view_sample (x, sample != used, seconds, weight, frame->wanted.x);
    view_sample (y, sample != used, seconds, weight, frame->wanted.y);
    used = sample;
  }
}

static void
axis_inside (EchoelPathAxis * axis, gdouble min, gdouble max)
{
  gdouble inside = CLAMP (axis->position, min, max);

  if (min == max)
    echoel_path_axis_place (axis, min);
  if (inside > axis->position)
    axis->speed = MAX (axis->speed, 0.0);
  if (inside < axis->position)
    axis->speed = MIN (axis->speed, 0.0);
  axis->position = inside;
}

static void
move_to (EchoelCameraPath * path, const Frame * frame, guint64 end,
    gboolean ends)
{
  gdouble seconds = (gdouble) (frame->time - path->time) / GST_SECOND;

  if (path->lookahead == 0) {
    echoel_path_axis_steer (&path->x, &path->limits,
        frame->known ? frame->wanted.x : NAN, seconds);
    echoel_path_axis_steer (&path->y, &path->limits,
        frame->known ? frame->wanted.y : NAN, seconds);
  } else {
    EchoelPathView x, y;

    look_ahead (path, end, &x, &y);
    x.ends = y.ends = ends;
    echoel_path_axis_plan (&path->x, &path->limits, &x, seconds);
    echoel_path_axis_plan (&path->y, &path->limits, &y, seconds);
  }
  axis_inside (&path->x, frame->range.min.x, frame->range.max.x);
  axis_inside (&path->y, frame->range.min.y, frame->range.max.y);
}

/* @last: no frame follows the ones that were pushed */
static void
place_next (EchoelCameraPath * path, gboolean last)
{
  Frame *frame = frame_at (path, path->next);
  guint64 end = end_of_scene (path);

  if (frame->starts) {
    EchoelPathPoint start = start_of_scene (path, end);

    echoel_path_axis_place (&path->x, start.x);
    echoel_path_axis_place (&path->y, start.y);
    path->placed = TRUE;
  } else {
    move_to (path, frame, end, last || end < path->tail);
  }
  path->time = frame->time;
  frame->wanted.x = path->x.position;
  frame->wanted.y = path->y.position;
  path->next++;
}

static gboolean
knows_enough (const EchoelCameraPath * path)
{
  GstClockTime ahead = path->last.time - frame_at (path, path->next)->time;

  return ahead + path->step / 2 >= path->lookahead
      || path->tail - path->next > MAX_WAITING;
}

static void
set_wanted (Frame * frame, const EchoelPathTarget * target,
    const Frame * before)
{
  frame->known = target->valid && isfinite (target->wanted.x)
      && isfinite (target->wanted.y);
  if (frame->known) {
    frame->wanted = target->wanted;
  } else if (!frame->starts && before->known) {
    frame->known = TRUE;
    frame->wanted = before->wanted;
  } else {
    frame->wanted = frame->range.min;
  }
  keep_inside (&frame->wanted, &frame->range);
}

void
echoel_camera_path_push (EchoelCameraPath * path, GstClockTime pts,
    const EchoelPathTarget * target, const EchoelPathRange * range)
{
  Frame frame = { pts, 0, };

  frame.range = *range;
  sane_range (&frame.range.min.x, &frame.range.max.x);
  sane_range (&frame.range.min.y, &frame.range.max.y);
  frame.starts = target->cut || !path->begun;
  if (path->begun) {
    path->step = step_to (path, pts);
    frame.time = path->last.time + path->step;
  }
  set_wanted (&frame, target, &path->last);
  reserve (path);
  path->last = frame;
  path->begun = TRUE;
  *frame_at (path, path->tail++) = frame;
  while (path->next < path->tail && knows_enough (path))
    place_next (path, FALSE);
}

void
echoel_camera_path_flush (EchoelCameraPath * path)
{
  while (path->next < path->tail)
    place_next (path, TRUE);
}

gboolean
echoel_camera_path_pull (EchoelCameraPath * path, GstClockTime * pts,
    EchoelPathPoint * centre)
{
  const Frame *frame = frame_at (path, path->head);

  if (path->head == path->next)
    return FALSE;
  if (pts)
    *pts = frame->pts;
  *centre = frame->wanted;
  path->head++;
  return TRUE;
}

guint
echoel_camera_path_get_pending (EchoelCameraPath * path)
{
  return (guint) (path->tail - path->head);
}
