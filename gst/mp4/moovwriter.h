/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands behind the muxer: lays the file out anew and corrects its index. */
#pragma once

#include "mp4settings.h"

G_BEGIN_DECLS

#define MOOV_WRITER_MOST_TRACKS 16

/* What the index must say. */
typedef struct
{
  EchoelMoovPlan plan;          /* points into video and audio */
  EchoelTrackFix video[MOOV_WRITER_MOST_TRACKS];
  EchoelTrackFix audio[MOOV_WRITER_MOST_TRACKS];
  gdouble samples_per_second;   /* of all tracks */
} MoovNeeds;

/* Fills @needs, which is all zero; boxes with a reference. Called in the
 * muxer's streaming thread. */
typedef void (*MoovNeedsFunc) (gpointer user_data, MoovNeeds * needs);

/* How long the file may become, ns, GST_CLOCK_TIME_NONE: unknown. Asked once,
 * in the same thread. */
typedef GstClockTime (*MoovDurationFunc) (gpointer user_data);

void moov_needs_clear (MoovNeeds * needs);

/**
 * moov_writer_new:
 * @safety: how it lays out the file
 * @needs: asked before each index
 * @duration: asked before the first data
 *
 * Pads sink and src. It posts errors itself.
 *
 * Returns: (transfer floating): an element
 */
GstElement *moov_writer_new (const gchar * name, Mp4Safety safety,
    MoovNeedsFunc needs, MoovDurationFunc duration, gpointer user_data);

/* Whether it has posted an error; then what it got is lost. Any thread. */
gboolean moov_writer_has_failed (GstElement * writer);

G_END_DECLS
