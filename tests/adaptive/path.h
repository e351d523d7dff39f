/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A TCP connection over one bottleneck, byte by byte, a millisecond a step.
 *
 * A socket buffer, a congestion window (CUBIC or the inflight bound of BBR),
 * a queue of limited depth that drains at the rate of the moment, and a fixed
 * time there and back. Lost bytes are sent again; what waits behind them does
 * not wait longer for it. stream.c lets several share a bottleneck; there is
 * no other traffic. */
#pragma once

#include <glib.h>

#define PATH_STEPS 1000         /* a second */
#define PATH_LONGEST_RTT 1024   /* steps */

typedef enum
{
  PATH_CUBIC,
  PATH_BBR
} PathControl;

typedef struct
{
  PathControl control;
  guint rtt;                    /* steps, of the empty path; at least 2 */
  gdouble queue;                /* bytes that the bottleneck holds */
  guint acked;                  /* segments acknowledged at once */
  gdouble not_sent;             /* bytes the socket accepts beyond its window */
} PathSettings;

typedef struct
{
  PathSettings settings;
  guint64 step;
  gdouble accepted, sent, served, arrived, acked;       /* bytes so far */
  gdouble served_at[PATH_LONGEST_RTT];  /* by step */
  gdouble window, threshold;    /* congestion window, bytes */
  gdouble before_loss;          /* bytes */
  guint64 lost_at;              /* step */
  guint64 losses;               /* segments so far */
  gdouble best_rate;            /* bytes a step: BBR's estimate */
  guint64 best_at;              /* step */
} Path;

void path_init (Path * path, const PathSettings * settings);

/* How many bytes the socket would accept now. */
gdouble path_room (const Path * path);

void path_write (Path * path, gdouble bytes);

/* The two halves of a step: what is acknowledged and sent, and what the
 * bottleneck lets through of it, by path_serve().
 * @space: bytes that this connection may hold in it; what is more is lost */
void path_send (Path * path, gdouble space);
void path_serve (Path * path, gdouble bytes);

/* Bytes in the bottleneck. */
gdouble path_queued (const Path * path);
