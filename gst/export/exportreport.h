/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelexportsink says on the bus. Any thread, no lock held. */
#pragma once

#include "exportfile.h"
#include "exportplan.h"

G_BEGIN_DECLS

/* The code of the progress messages that speak of all files. */
#define REPORT_ALL "export"

/* Element message echoelexportsink-plan. */
void report_plan (GstElement * element, const EchoelExportPlan * plan);

/* GST_MESSAGE_PROGRESS of @type about @code. */
void report_progress (GstElement * element, GstProgressType type,
    const gchar * code, const gchar * text);

/* The start of every file that is to be made, and of all. */
void report_start (GstElement * element, ExportFile * files, guint n);

/**
 * report_position:
 * @whole: duration of the source, ns, or GST_CLOCK_TIME_NONE
 * @elapsed: real time since the start, ns
 *
 * Progress of all files as GST_MESSAGE_PROGRESS, of each as element message
 * echoelexportsink-progress.
 */
void report_position (GstElement * element, ExportFile * files, guint n,
    GstClockTime whole, GstClockTime elapsed);

/* A file has ended: echoelexportsink-file, and its last progress message when
 * @started. */
void report_file (GstElement * element, ExportFile * file, gboolean started);

/**
 * report_summary:
 *
 * Element message echoelexportsink-summary, and the last progress message when
 * @started.
 */
void report_summary (GstElement * element, ExportFile * files, guint n,
    GstClockTime elapsed, gboolean started);

/* Returns: (transfer full): a structure @name of how all files are */
GstStructure *report_describe (const gchar * name, ExportFile * files,
    guint n, GstClockTime elapsed);

/* Returns: (transfer full): "tiktok: why. facebook: why." of those that
 *     failed */
gchar *report_errors (ExportFile * files, guint n);

/* Returns: how many of the files are in @state */
guint report_count (ExportFile * files, guint n, FileState state);

G_END_DECLS
