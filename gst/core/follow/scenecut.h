/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says, on the very frame, that a new scene begins.
 *
 * Causal: no frame is held back. A scene has begun when little of what the
 * picture shows was in the pictures before, wherever it stood in them and
 * however bright: flashes, fades, pans and fast objects are none.
 *
 * Pure and clock-free. One detector serves one thread at a time. */
#pragma once

#include "structure.h"

G_BEGIN_DECLS

/* No cut follows another sooner, in seconds. */
#define ECHOEL_SCENE_MIN_SPAN 0.25

typedef enum
{
  ECHOEL_SCENE_SAME,            /* the scene goes on */
  ECHOEL_SCENE_CUT,             /* this picture is the first of a new one */
  ECHOEL_SCENE_FADE_IN          /* a scene, perhaps another, begins to show out
                                 * of black, white or any plain picture */
} EchoelScene;

typedef struct _EchoelSceneCut EchoelSceneCut;

/* Returns: (transfer full): a detector that has seen nothing */
EchoelSceneCut *echoel_scene_cut_new (void);

/* Forgets all, as after a seek. The picture that follows is no cut. */
void echoel_scene_cut_reset (EchoelSceneCut * cut);

/**
 * echoel_scene_cut_push:
 * @gray: ECHOEL_ANALYSIS_WIDTH times ECHOEL_ANALYSIS_HEIGHT pixels
 * @stride: bytes from one row to the next
 * @seconds: since the picture before; anything that is no time counts as a
 *     thirtieth
 *
 * Allocates nothing.
 *
 * Returns: what begins with this picture
 */
EchoelScene echoel_scene_cut_push (EchoelSceneCut * cut, const guint8 * gray,
    guint stride, gdouble seconds);

/* How much of the last picture was new, 0 to 1; for tests and tuning. */
gdouble echoel_scene_cut_get_novelty (const EchoelSceneCut * cut);

/* Accepts %NULL. */
void echoel_scene_cut_free (EchoelSceneCut * cut);

G_END_DECLS
