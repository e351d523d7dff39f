/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last seconds of a pipe: what came, what left, what waited. For
 * capacity.c, in which the rules are.
 *
 * A pipe that held, at one sample, at least what left it until the next was
 * not idle in between; a span of such samples is a busy one, and what left the
 * pipe in it is what it carries. Rates are in bit/s, times in seconds unless
 * they are GstClockTime. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ECHOEL_PIPE_POINTS 32

typedef struct
{
  GstClockTime time;
  guint64 offered, delivered;   /* bytes so far */
  guint64 backlog, behind;      /* bytes that wait, and of them in the kernel
                                 * and on the path */
  gdouble delay;                /* s, what waits needs to leave */
} EchoelPipePoint;

/* To be used through the functions below alone; zeroed it is empty. */
typedef struct
{
  EchoelPipePoint points[ECHOEL_PIPE_POINTS];
  guint n_points, last;         /* filled, and the newest of them */
  guint busy_points;            /* of the newest, that follow a busy span */
  gdouble round_trip;           /* s, of the empty path */
  guint segment;                /* bytes of a full one, 0: unknown */
  gdouble late;                 /* bytes that may be late in acknowledging, at
                                 * the rate at hand; a segment is enough */
} EchoelPipe;

/* Forgets all. */
void echoel_pipe_clear (EchoelPipe * pipe);

/**
 * echoel_pipe_add:
 * @now: the newest point; its behind and backlog are what was counted, which
 *     includes what is merely on its way
 *
 * What is merely on its way is taken off both, and what they say decides
 * whether the span was busy.
 */
void echoel_pipe_add (EchoelPipe * pipe, const EchoelPipePoint * now);

/* @back: 0 for the newest. There must be so many. */
const EchoelPipePoint *echoel_pipe_get (const EchoelPipe * pipe, guint back);

/* What the last point's backlog means in time, told once it is known. */
void echoel_pipe_set_delay (EchoelPipe * pipe, gdouble delay);

/* How long the pipe has been busy, less a round trip: what is acknowledged in
 * the first one was sent before. */
gdouble echoel_pipe_busy_time (const EchoelPipe * pipe);

/* What was delivered or offered over the last @span. 0 for a single point. */
gdouble echoel_pipe_delivered (const EchoelPipe * pipe, gdouble span);
gdouble echoel_pipe_offered (const EchoelPipe * pipe, gdouble span);

/* Bytes of a full segment, and the bits that are acknowledged at once. */
gdouble echoel_pipe_segment (const EchoelPipe * pipe);
gdouble echoel_pipe_ack_step (const EchoelPipe * pipe);

/* What it carries, from the busy part of the last @span, and how far that may
 * be off: segments are acknowledged in steps. */
gdouble echoel_pipe_carried (const EchoelPipe * pipe, gdouble span);
gdouble echoel_pipe_doubt (const EchoelPipe * pipe, gdouble span);

/* The delay over the busy part of the last @span, in the mean, and the least
 * of any moment of the last @span. */
gdouble echoel_pipe_mean_delay (const EchoelPipe * pipe, gdouble span);
gdouble echoel_pipe_least_delay (const EchoelPipe * pipe, gdouble span);

G_END_DECLS
