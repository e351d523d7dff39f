/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the regions that detectors mark the window is for.
 *
 * All of them when they fit into it together, else the most important one:
 * large and long seen, and the one followed so far unless another is clearly
 * more so. Pure and clock-free; one tracker serves one thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Regions of a frame beyond this many are left out, the smallest first. */
#define ECHOEL_MAX_REGIONS 32

/* In source pixels; untrusted: anything may stand in here. */
typedef struct
{
  gdouble x, y, width, height;
  gint id;                      /* the detector's own, -1: none */
} EchoelRegion;

typedef struct _EchoelRegions EchoelRegions;

/* Returns: (transfer full): a tracker that has seen nothing */
EchoelRegions *echoel_regions_new (void);

/* Forgets all, as at a scene cut. */
void echoel_regions_reset (EchoelRegions * regions);

/**
 * echoel_regions_begin:
 * @width: of the frame, pixels
 * @height: of the frame, pixels
 *
 * Begins a frame.
 */
void echoel_regions_begin (EchoelRegions * regions, guint width,
    guint height);

/* Adds one region of the frame. What is not finite, has no area or lies
 * outside the frame is left out; what sticks out is cut off. */
void echoel_regions_add (EchoelRegions * regions, const EchoelRegion * region);

/**
 * echoel_regions_choose:
 * @seconds: since the frame before
 * @width: of the part of the window that regions may use, pixels
 * @height: likewise
 * @box: (out): what to frame
 *
 * Allocates nothing.
 *
 * Returns: %FALSE when the frame has no region
 */
gboolean echoel_regions_choose (EchoelRegions * regions, gdouble seconds,
    gdouble width, gdouble height, EchoelRegion * box);

/* Accepts %NULL. */
void echoel_regions_free (EchoelRegions * regions);

G_END_DECLS
