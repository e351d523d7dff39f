/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream on its way into the muxer of echoelmp4mux. */
#pragma once

#include <gst/gst.h>

#include "moovwriter.h"
#include "samplefilter.h"

G_BEGIN_DECLS

typedef struct
{
  GstElement *bin;              /* not owned; posts the errors */
  GstPad *ghost;                /* owned by bin */
  GstPad *mux_pad;              /* (nullable): while there is a muxer */
  gulong probe;
  gboolean video;
  void (*on_begin) (GstElement * bin);  /* the first buffer came */

  /* Settings, that hold while there is a muxer. */
  gint wanted_priming;          /* samples, -1: find out */
  gboolean drop_priming;        /* take it from the stream */

  /* Guarded by the object lock of bin. */
  GstCaps *caps;                /* (nullable) */
  gboolean begun, ended;        /* a buffer has come; EOS has come */
  guint32 priming;              /* that is left in the stream, samples */
  guint32 rate;                 /* of samples, Hz */
  guint64 reorder;              /* ns */
  GBytes *boxes;                /* (nullable): from caps and stream */
  GBytes *extra;                /* (nullable): from elsewhere; go before */
  EchoelNalStore *nals;         /* metadata on its way in */

  /* Streaming thread. */
  guint32 to_drop, dropped;     /* samples */
  gboolean failed;              /* the stream became another one */
  SampleFilter filter;
} Mp4Track;

Mp4Track *mp4_track_new (GstElement * bin, GstPad * ghost, gboolean video);
void mp4_track_free (Mp4Track * track);

/**
 * mp4_track_attach:
 * @mux: gives a pad, which ghost will lead to
 *
 * Returns: %FALSE when the muxer has no such pad
 */
gboolean mp4_track_attach (Mp4Track * track, GstElement * mux);
void mp4_track_detach (Mp4Track * track, GstElement * mux);

/* Forgets what came in, as in READY. */
void mp4_track_reset (Mp4Track * track);

/**
 * mp4_track_set_boxes:
 * @boxes: whole boxes for the sample entry, in place of all that were set
 *     before
 *
 * Any thread. Returns: whether they are whole and this is video.
 */
gboolean mp4_track_set_boxes (Mp4Track * track, GstBuffer * boxes);

/**
 * mp4_track_add_nal:
 * @time: running time of the picture, ns
 * @nal: a unit without start code or length
 *
 * Any thread. Returns: whether the stream may have such units.
 */
gboolean mp4_track_add_nal (Mp4Track * track, GstClockTime time,
    EchoelNalPlace place, GstBuffer * nal);

/* Says what the index needs to know about this track. With the object lock of
 * bin. Returns: samples a second. */
gdouble mp4_track_fill (const Mp4Track * track, EchoelTrackFix * fix);

G_END_DECLS
