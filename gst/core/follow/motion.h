/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where to look when nobody says so: at what moves.
 *
 * The fallback where no detector runs. It knows nothing of people or things;
 * it takes the camera's own movement off, sums up what still moved over the
 * last moments, and places a window where most of that is. How sure it is
 * says whether that means anything: with a moving camera, with movement
 * everywhere or none at all it is not, and the caller holds or goes home.
 *
 * Pure and clock-free. One analysis serves one thread at a time. */
#pragma once

#include "structure.h"

G_BEGIN_DECLS

typedef struct
{
  /* Centre of what moves, 0 to 1 of the frame. A window around it may reach
   * over the edge. Stays where it was while nothing moves. */
  gdouble x, y;
  /* 0 to 1; from 0.5 on worth following. Up to 0.25 while nothing has moved
   * since the scene began: a guess by what the picture shows. */
  gdouble confidence;
} EchoelMotionResult;

typedef struct _EchoelMotion EchoelMotion;

/* Returns: (transfer full): an analysis that has seen nothing */
EchoelMotion *echoel_motion_new (void);

/* Forgets all, as after a seek. */
void echoel_motion_reset (EchoelMotion * motion);

/**
 * echoel_motion_push:
 * @gray: ECHOEL_ANALYSIS_WIDTH times ECHOEL_ANALYSIS_HEIGHT pixels
 * @stride: bytes from one row to the next
 * @seconds: since the picture before; anything that is no time counts as a
 *     thirtieth
 * @window_width: of the window to place, as a fraction of the frame;
 *     anything that is no fraction counts as 1
 * @window_height: likewise
 * @cut: whether a scene begins with this picture, by a cut or a fade: what
 *     was before it is forgotten
 * @result: (out): where to look
 *
 * Allocates nothing.
 */
void echoel_motion_push (EchoelMotion * motion, const guint8 * gray,
    guint stride, gdouble seconds, gdouble window_width,
    gdouble window_height, gboolean cut, EchoelMotionResult * result);

/* Accepts %NULL. */
void echoel_motion_free (EchoelMotion * motion);

G_END_DECLS
