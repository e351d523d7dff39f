/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One picture made to fit another shape, in jobs that threads can share.
 *
 * Thread safety: echoel_reframer_prepare() first, then each job once, in any
 * threads; everything else with no job running. */
#pragma once

#include "scaler.h"

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_FIT_COVER,             /* crop what does not fit */
  ECHOEL_FIT_CONTAIN,           /* all of it, bars in the background colour */
  ECHOEL_FIT_BLUR,              /* all of it, over a blurred copy of itself */
  ECHOEL_FIT_STRETCH            /* all of it, distorted */
} EchoelFit;

typedef struct
{
  EchoelFit fit;
  EchoelFilter filter;
  guint32 background;           /* 0xAARRGGBB, of the bars */
  guint n_slices;               /* of the picture: at least 1 */
} EchoelReframing;

typedef struct _EchoelReframer EchoelReframer;

/**
 * echoel_reframer_new:
 * @in: what frames come in
 * @out: what frames go out
 * @reframing: how
 * @window: the part of @in that is shown, for ECHOEL_FIT_COVER
 * @error: set when %NULL is returned
 *
 * Returns: (transfer full) (nullable): a reframer
 */
EchoelReframer *echoel_reframer_new (const GstVideoInfo * in,
    const GstVideoInfo * out, const EchoelReframing * reframing,
    const EchoelWindow * window, GError ** error);

/**
 * echoel_reframer_move:
 *
 * As echoel_scaler_move(), for ECHOEL_FIT_COVER.
 */
gboolean echoel_reframer_move (EchoelReframer * reframer, gint64 x, gint64 y,
    GError ** error);

/**
 * echoel_reframer_resize:
 * @window: the part of the source that is shown from now on
 *
 * For ECHOEL_FIT_COVER; elsewhere it changes nothing. The work is done by the
 * jobs of the next frame, in their threads, which also say when it fails.
 */
void echoel_reframer_resize (EchoelReframer * reframer,
    const EchoelWindow * window);

/* How many jobs a frame has. */
guint echoel_reframer_n_jobs (const EchoelReframer * reframer);

/* What all jobs of the frame @in need first. */
gboolean echoel_reframer_prepare (EchoelReframer * reframer,
    const GstVideoFrame * in, GError ** error);

/* Does job @job, writing its part of @out and nothing else. */
gboolean echoel_reframer_run (EchoelReframer * reframer, guint job,
    const GstVideoFrame * in, GstVideoFrame * out, GError ** error);

/* Accepts %NULL. */
void echoel_reframer_free (EchoelReframer * reframer);

G_END_DECLS
