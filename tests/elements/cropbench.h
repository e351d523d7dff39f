/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An echoelcrop between two harness pads, and what comes out of it. What goes
 * wrong fails the test. */
#pragma once

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

#define RATE ",framerate=30/1"
#define HD "video/x-raw,format=I420,width=1920,height=1080" RATE
#define TALL "video/x-raw,format=I420,width=1080,height=1920" RATE
#define PAL "video/x-raw,format=I420,width=720,height=576," \
    "pixel-aspect-ratio=16/15" RATE
/* A format has to follow. */
#define SD "video/x-raw,width=64,height=48" RATE ",format="

/* @properties: as in gst-launch; free with gst_harness_teardown(). */
GstHarness *bench_crop_new (const gchar * properties);

GstVideoInfo bench_info (const gchar * caps_text);

/* A buffer of these caps, every byte @value. */
GstBuffer *bench_buffer_new (const gchar * caps_text, guint8 value);

/* The caps that have reached downstream, as video. */
GstVideoInfo bench_output_info (GstHarness * h);

/* A sample of 8 bits of a buffer that came out. */
guint bench_sample (GstHarness * h, GstBuffer * buffer, guint c, guint x,
    guint y);

/* Takes @in, returns what comes out at once. */
GstBuffer *bench_pull (GstHarness * h, GstBuffer * in);

G_END_DECLS
