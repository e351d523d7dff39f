/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelexportsink from the inside: how it begins, what comes in, how it ends
 * have a file each. */
#pragma once

#include "audiowatch.h"
#include "exportgraph.h"
#include "exportfile.h"
#include "exportsettings.h"
#include "front.h"

G_BEGIN_DECLS

#define GST_TYPE_ECHOEL_EXPORT_SINK (gst_echoel_export_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelExportSink, gst_echoel_export_sink, GST,
    ECHOEL_EXPORT_SINK, GstBin);

struct _GstEchoelExportSink
{
  GstBin parent;

  ExportSettings settings;      /* guarded by the object lock */
  gboolean changed;             /* so is this: since they were read */
  GstPad *video, *audio;        /* NULL until they are asked for */

  /* Exist from READY on; changed only while nothing streams. */
  ExportSettings active;
  GPtrArray *requests;
  EchoelExportPlan *plan;
  ExportGraph graph;
  ExportFile *files;
  guint n_files;
  Front front;
  gboolean ready;               /* guarded by the object lock, too */
  gboolean used;                /* frames have come: not for a second run */
  gint building;                /* atomic: errors are for everyone */

  GMutex begin_lock;            /* held while the files are opened */
  gboolean begun;               /* under it and the object lock */

  GMutex lock;                  /* guards the rest */
  guint open;                   /* files that have not ended, and holds */
  gboolean playing, told_start, told_end;
  GstClockTime whole;           /* duration of the source, NONE: not known */
  gint64 start, told;           /* monotonic time, us */
  GstClockTime first_frame, last_frame; /* running times, ns */
  GstClockTime video_end, audio_end;    /* stream times, ns */
  guint64 n_frames, n_sounds;   /* buffers that have come */
  gboolean video_ended, audio_ended;
  gboolean video_connected, audio_connected;
  guint32 eos_seqnum;

  gint all_ended;               /* atomic */
  AudioWatch watch;             /* for sound that never comes */
  AudioWatch picture_watch;     /* for a picture, from the first sound on */
};

/* exportbegin.c */

/* Opens the files, as soon as it is known what comes in; does nothing the
 * next time. Streaming threads. */
void export_sink_begin (GstEchoelExportSink * self);

/* Returns: (transfer full) (nullable): the path of a file; @base is what
 * {name} stands for. */
gchar *export_sink_name_file (GstEchoelExportSink * self, guint index,
    const gchar * base, GError ** error);

/* exportinput.c */

/* Gives a new pad its functions. */
void export_sink_setup_pad (GstPad * pad, gboolean is_video);

/* Fills in what the watches ask. */
void export_sink_setup_watches (GstEchoelExportSink * self);

/* exportend.c: any thread, no lock held. */

/* Says what is due, once each: that it starts, and that it has ended. */
void export_sink_tell (GstEchoelExportSink * self);

/* Real time since the start, ns. */
GstClockTime export_sink_elapsed (GstEchoelExportSink * self);

void export_sink_fail_file (GstEchoelExportSink * self, guint index,
    const gchar * error);
void export_sink_fail_all (GstEchoelExportSink * self, const gchar * error);

/* Says that a file has ended, and stops what it alone needed: once, however
 * often it is called. */
void export_sink_settle (GstEchoelExportSink * self, guint index);

/* One hold on the end less. */
void export_sink_let_go (GstEchoelExportSink * self);

/* Returns: whether @message, from the inside, was meant for this element
 *     alone. */
gboolean export_sink_take_message (GstEchoelExportSink * self,
    GstMessage * message);

/* What has not ended by now is not made: the elements have stopped. */
void export_sink_cancel (GstEchoelExportSink * self);

G_END_DECLS
