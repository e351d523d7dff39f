/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "path.h"

#define SEGMENT 1448.0
#define FIRST_WINDOW (10 * SEGMENT)
/* A receiver acknowledges some segments at once, or what it has after a while:
 * what is seen of them comes in lumps. */
#define ACK_DELAY 40            /* steps */
/* RFC 9438: the window after a loss, and how it grows back, in segments and
 * seconds. */
#define CUBIC_LEFT 0.7
#define CUBIC_GROWTH 0.4
/* How much BBR keeps in flight, and for how many round trips it remembers
 * the best rate. */
#define BBR_GAIN 2.0
#define BBR_MEMORY 10

void
path_init (Path * path, const PathSettings * settings)
{
  memset (path, 0, sizeof *path);
  path->settings = *settings;
  path->settings.rtt = CLAMP (settings->rtt, 2, PATH_LONGEST_RTT / 2);
  path->window = FIRST_WINDOW;
  path->threshold = G_MAXDOUBLE;
}

gdouble
path_room (const Path * path)
{
  return MAX (path->settings.not_sent - (path->accepted - path->sent), 0.0);
}

void
path_write (Path * path, gdouble bytes)
{
  path->accepted += bytes;
}

static gdouble
served_before (const Path * path, guint steps)
{
  return path->step < steps ? 0.0
      : path->served_at[(path->step - steps) % PATH_LONGEST_RTT];
}

/* What has been acknowledged here of what was served so long ago. */
static gdouble
acked_by_now (const Path * path)
{
  guint rtt = path->settings.rtt;
  gdouble lump = path->settings.acked * SEGMENT;
  gdouble lumps = floor (served_before (path, rtt) / lump) * lump;

  return MAX (lumps, served_before (path, rtt + ACK_DELAY));
}

static void
lose (Path * path, gdouble bytes)
{
  path->sent -= bytes;
  path->losses += ceil (bytes / SEGMENT);
  if (path->settings.control == PATH_BBR
      || path->step < path->lost_at + path->settings.rtt)
    return;
  path->lost_at = path->step;
  path->before_loss = path->window;
  path->window = MAX (path->window * CUBIC_LEFT, 2 * SEGMENT);
  path->threshold = path->window;
}

static void
grow_cubic (Path * path, gdouble acked, gboolean limited)
{
  gdouble most, time, aim;

  if (!limited || acked <= 0.0)
    return;
  if (path->window < path->threshold) {
    path->window += acked;
    return;
  }
  most = path->before_loss / SEGMENT;
  time = (gdouble) (path->step - path->lost_at) / PATH_STEPS
      - cbrt (most * (1.0 - CUBIC_LEFT) / CUBIC_GROWTH);
  aim = (CUBIC_GROWTH * time * time * time + most) * SEGMENT;
  path->window += acked / path->window
      * MAX (SEGMENT / 2, MIN (aim - path->window, path->window / 2));
}

static void
grow_bbr (Path * path, gdouble acked, gboolean limited)
{
  guint span = MIN (path->settings.rtt, PATH_LONGEST_RTT / 2 - 1);
  gdouble rate = (served_before (path, path->settings.rtt)
      - served_before (path, path->settings.rtt + span)) / span;

  if (rate >= path->best_rate || (limited && path->step > path->best_at
          + BBR_MEMORY * path->settings.rtt)) {
    path->best_rate = rate;
    path->best_at = path->step;
  }
  path->window = MAX (FIRST_WINDOW,
      BBR_GAIN * path->best_rate * path->settings.rtt + 3 * SEGMENT);
}

gdouble
path_queued (const Path * path)
{
  return path->sent - path->served;
}

void
path_send (Path * path, gdouble space)
{
  gdouble acked = path->acked, room;
  gboolean limited;

  path->step++;
  path->arrived = served_before (path, path->settings.rtt / 2);
  path->acked = acked_by_now (path);
  room = path->window - (path->sent - path->acked);
  limited = room < path->accepted - path->sent + SEGMENT;
  if (path->settings.control == PATH_CUBIC)
    grow_cubic (path, path->acked - acked, limited);
  else
    grow_bbr (path, path->acked - acked, limited);
  path->sent += CLAMP (room, 0.0, path->accepted - path->sent);
  if (path_queued (path) > space)
    lose (path, path_queued (path) - space);
}

void
path_serve (Path * path, gdouble bytes)
{
  path->served += bytes;
  path->served_at[path->step % PATH_LONGEST_RTT] = path->served;
}
