/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far an export is, and how long it still takes.
 *
 * Pure functions, any thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What is known of one file at one moment. */
typedef struct
{
  GstClockTime position;        /* of its video, ns */
  GstClockTime duration;        /* that it will have, ns; NONE: not known */
  guint64 frames;               /* encoded so far */
  gboolean ended;               /* whole, failed or not made at all */
} EchoelExportPosition;

typedef struct
{
  gint percent;                 /* 0..100, -1: not known */
  gdouble fps;                  /* frames a second of real time */
  gdouble speed;                /* media time to real time */
  GstClockTime eta;             /* ns until the end, NONE: not known */
} EchoelExportProgress;

/* @elapsed: real time since the first frame, ns */
void echoel_export_progress_one (const EchoelExportPosition * position,
    GstClockTime elapsed, EchoelExportProgress * progress);

/* The same of all files: percent and eta by the work, which is media time. */
void echoel_export_progress_all (const EchoelExportPosition * positions,
    guint n, GstClockTime elapsed, EchoelExportProgress * progress);

/* Returns: (transfer full): "42 %, 118.3 fps, 3.94x, 0:07 left"; what is not
 *     known is left out */
gchar *echoel_export_progress_describe (const EchoelExportProgress * progress);

G_END_DECLS
