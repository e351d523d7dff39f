/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "regions.h"

#include <math.h>
#include <string.h>

/* A region without an id is the one before when they share this much of both
 * together. */
#define SAME_SHARE 0.3

/* How long it takes until being seen for longer counts no more, seconds. */
#define FULL_AGE 3.0

/* How much more important another must be to take over. */
#define TAKE_OVER 1.3

typedef struct
{
  EchoelRegion box;
  gdouble age;                  /* seconds seen */
  gboolean followed;
} Track;

struct _EchoelRegions
{
  guint width, height;
  Track now[ECHOEL_MAX_REGIONS];
  guint n_now;
  Track before[ECHOEL_MAX_REGIONS];
  guint n_before;
};

EchoelRegions *
echoel_regions_new (void)
{
  return g_new0 (EchoelRegions, 1);
}

void
echoel_regions_free (EchoelRegions * self)
{
  g_free (self);
}

void
echoel_regions_reset (EchoelRegions * self)
{
  self->n_now = self->n_before = 0;
}

void
echoel_regions_begin (EchoelRegions * self, guint width, guint height)
{
  /* A detector that skips frames does not make strangers of its regions. */
  if (self->n_now > 0) {
    memcpy (self->before, self->now, sizeof (Track) * self->n_now);
    self->n_before = self->n_now;
  }
  self->n_now = 0;
  self->width = width;
  self->height = height;
}

static gdouble
area (const EchoelRegion * box)
{
  return box->width * box->height;
}

/* The part of @region inside the frame; FALSE when there is none. */
static gboolean
clip (const EchoelRegions * self, const EchoelRegion * region,
    EchoelRegion * box)
{
  gdouble right = region->x + region->width;
  gdouble bottom = region->y + region->height;

  if (!isfinite (region->x) || !isfinite (region->y) || !isfinite (right)
      || !isfinite (bottom))
    return FALSE;
  *box = *region;
  box->x = CLAMP (region->x, 0.0, self->width);
  box->y = CLAMP (region->y, 0.0, self->height);
  box->width = MIN (right, self->width) - box->x;
  box->height = MIN (bottom, self->height) - box->y;
  return box->width > 0.0 && box->height > 0.0;
}

static Track *
smallest (EchoelRegions * self)
{
  Track *found = &self->now[0];
  guint i;

  for (i = 1; i < self->n_now; i++) {
    if (area (&self->now[i].box) < area (&found->box))
      found = &self->now[i];
  }
  return found;
}

void
echoel_regions_add (EchoelRegions * self, const EchoelRegion * region)
{
  EchoelRegion box;
  Track *track;

  if (!clip (self, region, &box))
    return;
  if (self->n_now < ECHOEL_MAX_REGIONS) {
    track = &self->now[self->n_now++];
  } else {
    track = smallest (self);
    if (area (&track->box) >= area (&box))
      return;
  }
  track->box = box;
  track->age = 0.0;
  track->followed = FALSE;
}

static gdouble
shared (const EchoelRegion * a, const EchoelRegion * b)
{
  gdouble width = MIN (a->x + a->width, b->x + b->width) - MAX (a->x, b->x);
  gdouble height = MIN (a->y + a->height, b->y + b->height)
      - MAX (a->y, b->y);

  if (width <= 0.0 || height <= 0.0)
    return 0.0;
  return width * height / (area (a) + area (b) - width * height);
}

/* The region of the frame before that @box is, or NULL. */
static Track *
find_before (EchoelRegions * self, const EchoelRegion * box)
{
  Track *best = NULL;
  gdouble most = SAME_SHARE;
  guint i;

  for (i = 0; i < self->n_before; i++) {
    Track *track = &self->before[i];
    gdouble share = shared (&track->box, box);

    if (box->id >= 0 && track->box.id == box->id)
      return track;
    if ((box->id < 0 || track->box.id < 0) && share >= most) {
      most = share;
      best = track;
    }
  }
  return best;
}

static void
inherit (EchoelRegions * self, gdouble seconds)
{
  guint i;

  for (i = 0; i < self->n_now; i++) {
    Track *before = find_before (self, &self->now[i].box);

    if (before == NULL)
      continue;
    self->now[i].age = before->age + (seconds > 0.0 ? seconds : 0.0);
    self->now[i].followed = before->followed;
  }
}

static EchoelRegion
unite (const EchoelRegions * self)
{
  EchoelRegion box = self->now[0].box;
  guint i;

  for (i = 1; i < self->n_now; i++) {
    const EchoelRegion *other = &self->now[i].box;
    gdouble right = MAX (box.x + box.width, other->x + other->width);
    gdouble bottom = MAX (box.y + box.height, other->y + other->height);

    box.x = MIN (box.x, other->x);
    box.y = MIN (box.y, other->y);
    box.width = right - box.x;
    box.height = bottom - box.y;
  }
  return box;
}

static gdouble
importance (const Track * track)
{
  gdouble seen = 1.0 + MIN (track->age, FULL_AGE) / FULL_AGE;

  return area (&track->box) * seen * (track->followed ? TAKE_OVER : 1.0);
}

gboolean
echoel_regions_choose (EchoelRegions * self, gdouble seconds, gdouble width,
    gdouble height, EchoelRegion * box)
{
  Track *best = &self->now[0];
  guint i;

  if (self->n_now == 0)
    return FALSE;
  inherit (self, seconds);
  *box = unite (self);
  if (self->n_now == 1 || (box->width <= width && box->height <= height)) {
    for (i = 0; i < self->n_now; i++)
      self->now[i].followed = TRUE;
    return TRUE;
  }
  for (i = 1; i < self->n_now; i++) {
    if (importance (&self->now[i]) > importance (best))
      best = &self->now[i];
  }
  for (i = 0; i < self->n_now; i++)
    self->now[i].followed = &self->now[i] == best;
  *box = best->box;
  return TRUE;
}
