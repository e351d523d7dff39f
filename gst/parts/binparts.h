/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small helpers for bins that are complete or refuse. */
#pragma once

#include <gst/gst.h>

#include "preset.h"

G_BEGIN_DECLS

/* In a gst-launch line, behind what may bring frames to system memory. */
#define BIN_PART_SYSTEM_MEMORY " ! capsfilter caps=video/x-raw"

/**
 * bin_part_make:
 * @bin: where it is added
 * @factory: what
 * @name: its name in @bin
 *
 * Posts a missing-plugin message and an error when there is no such factory.
 *
 * Returns: (transfer none) (nullable): the element, added to @bin
 */
GstElement *bin_part_make (GstBin * bin, const gchar * factory,
    const gchar * name);

/* As bin_part_make(), not yet in @bin, where everyone would see it.
 *
 * Returns: (transfer floating) (nullable): the element */
GstElement *bin_part_new (GstBin * bin, const gchar * factory,
    const gchar * name);

/* A capsfilter that lets only @caps (transfer full) pass. */
GstElement *bin_part_filter (GstBin * bin, GstCaps * caps, const gchar * name);

/* A bin of @factory, which brings frames to system memory, and a filter that
 * holds it to that: some would rather not. As bin_part_make(). */
GstElement *bin_part_download (GstBin * bin, const gchar * factory,
    const gchar * name);

/* A bin of @factory, which brings frames of any format to memory with @feature,
 * and a filter that holds it to that. As bin_part_make(). */
GstElement *bin_part_upload (GstBin * bin, const gchar * factory,
    const gchar * feature, const gchar * name);

/* What the echoelcrop @crop follows stays clear of @sides, fractions of the
 * target that a platform's interface covers. */
void bin_part_set_safe_area (GstElement * crop, const EchoelSides * sides);

/* Takes @element out of @bin and to NULL. Accepts %NULL. */
void bin_part_remove (GstBin * bin, GstElement ** element);

/* Points the ghost @pad at pad @name of @element, or at nothing. */
void bin_part_expose (GstPad * pad, GstElement * element, const gchar * name);

/**
 * bin_part_stream_time:
 * @pad: a pad that data has passed
 * @timestamp: of that data, ns
 *
 * Returns: the stream time of @timestamp in the pad's current segment, or
 *     GST_CLOCK_TIME_NONE
 */
GstClockTime bin_part_stream_time (GstPad * pad, GstClockTime timestamp);

/* Stream time at which the pad's current segment stops, or NONE. */
GstClockTime bin_part_segment_stop (GstPad * pad);

/* Whether the pad's current segment is played backwards. */
gboolean bin_part_runs_backwards (GstPad * pad);

/* As bin_part_stream_time(), for running time. */
GstClockTime bin_part_running_time (GstPad * pad, GstClockTime timestamp);

G_END_DECLS
