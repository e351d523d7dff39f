/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline around echoelpreset, its messages and what came out of it.
 *
 * The test's thread calls everything here. Each wait has a deadline and fails
 * the test when it passes. */
#pragma once

#include <gst/check/gstcheck.h>

G_BEGIN_DECLS

/* H.264 High of a small raster without limits: 1080p60 cut down. */
#define BENCH_SMALL "echoelpreset name=p platform=youtube-video " \
    "resolution=128x72 "

typedef struct
{
  GstClockTime time;            /* running time, ns */
  gsize size;                   /* bytes */
  gboolean key;
} BenchFrame;

/* What reached one sink. */
typedef struct
{
  GArray *frames;               /* BenchFrame, in the order of arrival */
  guint n_eos;
} BenchStream;

typedef struct
{
  GstElement *pipeline, *preset;
  GPtrArray *messages;          /* all so far, but the state changes */
  GMutex lock;                  /* guards the streams */
  GCond cond;
  BenchStream video, audio;
} Bench;

/**
 * bench_new:
 * @format: printf format of a gst-launch line with an element p, and sinks
 *     video and, perhaps, audio
 *
 * Returns: (transfer full): the pipeline, in NULL
 */
Bench *bench_new (const gchar * format, ...) G_GNUC_PRINTF (1, 2);
void bench_free (Bench * bench);

/* Returns: (transfer full): the element of that name, which must be there */
GstElement *bench_part (Bench * bench, const gchar * name);

/* Returns: whether echoelpreset has an element of that name */
gboolean bench_has_part (Bench * bench, const gchar * name);

/* Returns: (transfer full): the caps that sink @name got */
GstCaps *bench_caps (Bench * bench, const gchar * name);

/* Starts; returns: whether that did not fail at once. */
gboolean bench_start (Bench * bench);

/* Waits for the first message of these @types; an error that is not among
 * them fails the test. Returns: which it was. */
GstMessageType bench_wait (Bench * bench, GstMessageType types);

/* Waits until sink video or audio got @n buffers. */
void bench_wait_frames (Bench * bench, BenchStream * stream, guint n);

/* Starts and waits for the end or an error. */
GstMessageType bench_run (Bench * bench);

/* To NULL, which must work. Messages and streams are forgotten. */
void bench_reset (Bench * bench);

/* The same, but only to READY. */
void bench_rewind (Bench * bench);

/**
 * bench_count:
 * @type: GST_MESSAGE_WARNING or GST_MESSAGE_ERROR
 * @domain: 0: any
 *
 * Returns: how many messages like that echoelpreset has posted so far
 */
guint bench_count (Bench * bench, GstMessageType type, GQuark domain);

/* Returns: (transfer none) (nullable): the element message of that name */
const GstStructure *bench_message (Bench * bench, const gchar * name);

/* The newest message of @type from echoelpreset must have this domain and
 * code, and its text these words. */
void bench_expect (Bench * bench, GstMessageType type, GQuark domain,
    gint code, const gchar * words);

/* Running times of the frames, sorted. Free with g_array_unref(). */
GArray *bench_times (BenchStream * stream);

/* Takes @factory out of the registry, as if it were not installed. */
GstPluginFeature *bench_hide (const gchar * factory);

/* Takes over what bench_hide() returned. */
void bench_unhide (GstPluginFeature * feature);

G_END_DECLS
