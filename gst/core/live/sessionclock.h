/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time of one session with a server: it begins at 0 and never jumps back,
 * whatever the stream's clock does. Pure. Not thread safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean begun;               /* base is known */
  gint64 base;                  /* dts of the session's time 0, ns */
  gint64 newest;                /* the latest time so far, ns */
} EchoelSessionClock;

/* @dts: of a frame of any track, ns. When it lies more than a second before
 * what went out already, the stream has begun anew (a flush), and the session
 * goes on one frame later.
 *
 * Returns: its time in the session, ns; below 0 when it was decoded before the
 *     first frame that came */
gint64 echoel_session_clock_get (EchoelSessionClock * clock, gint64 dts);

G_END_DECLS
