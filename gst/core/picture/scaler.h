/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Crop, scale and convert a picture in one pass over the pixels kept.
 *
 * zimg does the arithmetic; frames whose planes are aligned are read and
 * written in place, everything else passes through a few cached rows.
 *
 * Thread safety: one scaler serves one thread at a time. */
#pragma once

#include <gst/video/video.h>

#include "geometry.h"

G_BEGIN_DECLS

/* Plane addresses and strides that are multiples of this are used in place. */
#define ECHOEL_SCALER_ALIGN 64

typedef enum
{
  ECHOEL_FILTER_BILINEAR,
  ECHOEL_FILTER_BICUBIC,        /* Catmull-Rom: b = 0, c = 0.5 */
  ECHOEL_FILTER_LANCZOS,        /* three lobes */
  ECHOEL_FILTER_SPLINE36
} EchoelFilter;

typedef struct _EchoelScaler EchoelScaler;

#define ECHOEL_SCALER_ERROR (echoel_scaler_error_quark ())
GQuark echoel_scaler_error_quark (void);

/**
 * echoel_scaler_supports:
 *
 * Returns: whether frames of @format can be read and written
 */
gboolean echoel_scaler_supports (GstVideoFormat format);

/**
 * echoel_scaler_new:
 * @in: what frames come in; progressive
 * @out: what frames go out; progressive
 * @window: the part of @in that fills @out
 * @filter: the resampling filter for luma and chroma
 * @error: set when %NULL is returned
 *
 * Returns: (transfer full) (nullable): a scaler
 */
EchoelScaler *echoel_scaler_new (const GstVideoInfo * in,
    const GstVideoInfo * out, const EchoelWindow * window,
    EchoelFilter filter, GError ** error);

/**
 * echoel_scaler_move:
 * @x: left edge of the window, in 1/65536 of a source pixel
 * @y: its top edge
 * @error: set when %FALSE is returned
 *
 * Moves the window; its size stays. Edges are rounded to 1/64 of a pixel. The
 * first visit of a place between two chroma samples costs some time, later
 * ones none and no memory.
 */
gboolean echoel_scaler_move (EchoelScaler * scaler, gint64 x, gint64 y,
    GError ** error);

/**
 * echoel_scaler_resize:
 * @window: the part of the source that fills the target from now on
 * @error: set when %FALSE is returned, after which nothing can be run until a
 *     call succeeds
 *
 * As a new scaler would show it, but with the memory of this one.
 */
gboolean echoel_scaler_resize (EchoelScaler * scaler,
    const EchoelWindow * window, GError ** error);

/**
 * echoel_scaler_run:
 * @in: a mapped frame of the format given
 * @out: a mapped, writable frame of the format given
 *
 * Allocates nothing.
 *
 * Returns: %FALSE when zimg failed, @error says how
 */
gboolean echoel_scaler_run (EchoelScaler * scaler, const GstVideoFrame * in,
    GstVideoFrame * out, GError ** error);

/* Accepts %NULL. */
void echoel_scaler_free (EchoelScaler * scaler);

G_END_DECLS
