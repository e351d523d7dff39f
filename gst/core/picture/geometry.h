/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which part of a picture a target shows: exact integer arithmetic.
 *
 * Pure functions, callable from any thread. Sizes are in pixels and at least
 * 1; pixel aspect ratios and display aspects are positive fractions. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Windows are measured in 1/65536 of a source pixel, so that a slow pan can
 * move by less than a pixel and every comparison stays exact. */
#define ECHOEL_SUBPIXEL_SHIFT 16
#define ECHOEL_SUBPIXEL (1 << ECHOEL_SUBPIXEL_SHIFT)

typedef struct
{
  guint num, den;
} EchoelRatio;

/* A raster: pixels, and the shape of one pixel. */
typedef struct
{
  guint width, height;
  EchoelRatio par;              /* pixel aspect ratio, width over height */
} EchoelRaster;

/* A region of a source in ECHOEL_SUBPIXEL units, always inside it. */
typedef struct
{
  gint64 x, y, width, height;
} EchoelWindow;

/* A region of a source in whole pixels. */
typedef struct
{
  guint x, y, width, height;
} EchoelRect;

/**
 * echoel_raster_aspect:
 *
 * Returns: the display aspect of @raster, reduced as far as it fits
 */
EchoelRatio echoel_raster_aspect (const EchoelRaster * raster);

/**
 * echoel_window_full:
 *
 * Returns: all of @source
 */
EchoelWindow echoel_window_full (const EchoelRaster * source);

/**
 * echoel_window_cover:
 * @source: the source
 * @aspect: the wanted display aspect
 * @anchor_x: 0 = left edge, 0.5 = centre, 1 = right edge
 * @anchor_y: 0 = top edge, 0.5 = centre, 1 = bottom edge
 *
 * Returns: the largest window of that display aspect, placed by the anchors;
 *     never outside @source and never smaller than one pixel
 */
EchoelWindow echoel_window_cover (const EchoelRaster * source,
    EchoelRatio aspect, gdouble anchor_x, gdouble anchor_y);

/**
 * echoel_window_zoom:
 * @window: a window of @source, made smaller
 * @zoom: how many times, at least 1; anything else counts as 1
 *
 * The window keeps its aspect and is placed by the anchors anew.
 */
void echoel_window_zoom (const EchoelRaster * source, EchoelWindow * window,
    gdouble zoom, gdouble anchor_x, gdouble anchor_y);

/**
 * echoel_rect_cover:
 * @step_x: horizontal chroma subsampling, 1, 2 or 4
 * @step_y: vertical chroma subsampling, 1 or 2
 *
 * As echoel_window_cover(), for a crop without scaling: every edge that is
 * cut lies on a multiple of the step, so that chroma is cut where luma is.
 * An axis that keeps the whole source keeps its size, odd or not.
 */
EchoelRect echoel_rect_cover (const EchoelRaster * source, EchoelRatio aspect,
    gdouble anchor_x, gdouble anchor_y, guint step_x, guint step_y);

/**
 * echoel_raster_width_for:
 * @height: rows
 * @aspect: display aspect
 * @par: pixel aspect ratio
 *
 * Returns: the columns, to the nearest, that give @height rows that aspect
 */
guint echoel_raster_width_for (guint height, EchoelRatio aspect,
    EchoelRatio par);

/* The rows, to the nearest, that give @width columns that aspect. */
guint echoel_raster_height_for (guint width, EchoelRatio aspect,
    EchoelRatio par);

/* The rectangle as a window. */
EchoelWindow echoel_window_from_rect (const EchoelRect * rect);

/**
 * echoel_window_is_whole:
 * @rect: (out) (optional): the window in pixels when it is whole
 *
 * Returns: whether all four edges of @window lie on whole pixels
 */
gboolean echoel_window_is_whole (const EchoelWindow * window,
    EchoelRect * rect);

G_END_DECLS
