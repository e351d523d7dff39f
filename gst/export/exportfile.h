/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One file: it grows under a hidden name and gets its own when it is whole. */
#pragma once

#include "encodeplan.h"
#include "exportpart.h"
#include "exportprogress.h"
#include "unit.h"

G_BEGIN_DECLS

typedef enum
{
  FILE_WAITING,                 /* nothing has come in yet */
  FILE_RUNNING,
  FILE_DONE,
  FILE_SKIPPED,                 /* it was there */
  FILE_FAILED,
  FILE_CANCELED
} FileState;

enum
{
  FILE_FENCE_VIDEO,
  FILE_FENCE_AUDIO
};

typedef struct
{
  const gchar *label;           /* not owned */
  Unit *unit;                   /* NULL until it is opened */
  const EchoelVideoFormat *format;
  EchoelExportNote note;        /* what it is made from; input: NULL: unknown */
  GstClockTime limit;           /* of audio, ns from the first frame, NONE */
  gboolean overwrite;

  GMutex part_lock;             /* guards the next; held while a file ends */
  ExportPart part;

  GMutex lock;                  /* guards the rest */
  gchar *encoder;               /* of its video, or NULL */
  gchar *path;                  /* set once */
  FileState state;
  gboolean told;                /* that it has ended */
  gchar *error;                 /* of FAILED */
  GstClockTime first, end;      /* running times of the video, ns */
  guint64 frames;
  guint64 size;                 /* bytes, of DONE */
  gint64 started, stopped;      /* monotonic time, us; 0: not yet */
} ExportFile;

/* Both must live as long as @file. */
void export_file_init (ExportFile * file, const gchar * label,
    const EchoelVideoFormat * format);
void export_file_clear (ExportFile * file);

/* @encoder: (transfer full) (nullable): that works for it; %NULL: as before. Any
 * thread. */
void export_file_set_encoder (ExportFile * file, gchar * encoder);

/**
 * export_file_prepare:
 * @path: (transfer full): its final name
 * @input: (nullable): URI of what it is made from, for a later resume
 * @mark: (transfer full) (nullable): the same with all settings
 *
 * Looks whether the file is to be made. Its state is then WAITING, SKIPPED or
 * FAILED.
 */
void export_file_prepare (ExportFile * file, gchar * path,
    const gchar * input, gchar * mark, gboolean overwrite);

/**
 * export_file_open:
 * @video, @audio: the tees that feed it; @audio may be %NULL
 * @whole: duration of the source, ns, or GST_CLOCK_TIME_NONE
 *
 * Makes the elements in @parent.
 *
 * Returns: %FALSE after it has failed
 */
gboolean export_file_open (ExportFile * file, GstBin * parent,
    GstElement * video, GstElement * audio, GstClockTime whole);

/* Gives the file its name, or fails. In the thread of its sink's EOS. Returns:
 * FALSE when it had ended before. */
gboolean export_file_finish (ExportFile * file);

/* Ends it with @state and takes away what there is of it. @error: (nullable):
 * why. Returns: FALSE when it had ended before. Any thread. */
gboolean export_file_abort (ExportFile * file, FileState state,
    const gchar * error);

/* Returns: TRUE once, after it has ended */
gboolean export_file_take_end (ExportFile * file);

FileState export_file_state (ExportFile * file);
gboolean export_file_ended (ExportFile * file);

/* @whole: duration of the source, ns, or GST_CLOCK_TIME_NONE */
void export_file_position (ExportFile * file, GstClockTime whole,
    EchoelExportPosition * position);

/* Returns: (transfer full): what is known of it, for messages */
GstStructure *export_file_describe (ExportFile * file);

G_END_DECLS
