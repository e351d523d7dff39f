/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportfile.h"

#include <string.h>

#include "binparts.h"
#include "muxer.h"

/* Encoders hold back a second and more, and the muxer waits for the slower of
 * picture and sound. Both are encoded: this is little memory. */
#define QUEUE_TIME (20 * GST_SECOND)

void
export_file_init (ExportFile * file, const gchar * label,
    const EchoelVideoFormat * format)
{
  memset (file, 0, sizeof (*file));
  g_mutex_init (&file->lock);
  g_mutex_init (&file->part_lock);
  export_part_init (&file->part);
  file->label = label;
  file->format = format;
  file->limit = file->first = file->end = GST_CLOCK_TIME_NONE;
}

void
export_file_clear (ExportFile * file)
{
  if (file->unit != NULL) {
    unit_clear (file->unit);
    unit_unref (file->unit);
  }
  export_part_clear (&file->part);
  echoel_export_note_clear (&file->note);
  g_free (file->encoder);
  g_free (file->path);
  g_free (file->error);
  g_mutex_clear (&file->part_lock);
  g_mutex_clear (&file->lock);
}

FileState
export_file_state (ExportFile * file)
{
  FileState state;

  g_mutex_lock (&file->lock);
  state = file->state;
  g_mutex_unlock (&file->lock);
  return state;
}

gboolean
export_file_ended (ExportFile * file)
{
  return export_file_state (file) >= FILE_DONE;
}

gboolean
export_file_take_end (ExportFile * file)
{
  gboolean take;

  g_mutex_lock (&file->lock);
  take = file->state >= FILE_DONE && !file->told;
  file->told |= take;
  g_mutex_unlock (&file->lock);
  return take;
}

/* Returns: whether this call ended it. */
static gboolean
set_ended (ExportFile * file, FileState state, const gchar * error)
{
  gboolean first;

  g_mutex_lock (&file->lock);
  first = file->state < FILE_DONE;
  if (first) {
    file->state = state;
    file->error = g_strdup (error);
    file->stopped = g_get_monotonic_time ();
  }
  g_mutex_unlock (&file->lock);
  return first;
}

gboolean
export_file_abort (ExportFile * file, FileState state, const gchar * error)
{
  gboolean first;

  g_mutex_lock (&file->part_lock);
  first = set_ended (file, state, error);
  if (first)
    export_part_remove (&file->part);
  g_mutex_unlock (&file->part_lock);
  if (first && file->unit != NULL)
    unit_close (file->unit);
  return first;
}

/* Takes @error. */
static void
fail (ExportFile * file, GError * error)
{
  export_file_abort (file, FILE_FAILED, error->message);
  g_error_free (error);
}

static EchoelExportNote *
note_of (ExportFile * file)
{
  return file->note.mark ? &file->note : NULL;
}

void
export_file_set_encoder (ExportFile * file, gchar * encoder)
{
  if (encoder == NULL)
    return;
  g_mutex_lock (&file->lock);
  g_free (file->encoder);
  file->encoder = encoder;
  g_mutex_unlock (&file->lock);
}

void
export_file_prepare (ExportFile * file, gchar * path, const gchar * input,
    gchar * mark, gboolean overwrite)
{
  GError *error = NULL;

  g_mutex_lock (&file->lock);
  file->path = path;
  g_mutex_unlock (&file->lock);
  file->note.input = g_strdup (input);
  file->note.mark = mark;
  file->overwrite = overwrite;
  export_part_sweep (path);
  if (export_part_is_made (path, note_of (file), &file->size))
    set_ended (file, FILE_SKIPPED, NULL);
  else if (!export_part_may_replace (path, note_of (file), overwrite, &error)
      || !export_part_open (&file->part, path, &error))
    fail (file, error);
}

static GstClockTime
end_of (GstPad * pad, GstBuffer * buffer)
{
  GstClockTime time = bin_part_running_time (pad, GST_BUFFER_PTS (buffer));

  if (GST_CLOCK_TIME_IS_VALID (time) && GST_BUFFER_DURATION_IS_VALID (buffer))
    time += GST_BUFFER_DURATION (buffer);
  return time;
}

static GstFlowReturn
see_video (GstPad * pad, GstBuffer * buffer, gpointer user_data)
{
  ExportFile *file = user_data;
  GstClockTime begin = bin_part_running_time (pad, GST_BUFFER_PTS (buffer));
  GstClockTime end = end_of (pad, buffer);

  g_mutex_lock (&file->lock);
  if (file->state == FILE_WAITING) {
    file->state = FILE_RUNNING;
    file->started = g_get_monotonic_time ();
    file->first = begin;
  }
  if (GST_CLOCK_TIME_IS_VALID (end)
      && (!GST_CLOCK_TIME_IS_VALID (file->end) || end > file->end))
    file->end = end;
  file->frames++;
  g_mutex_unlock (&file->lock);
  return GST_FLOW_OK;
}

/* The sound is encoded once for all files, so it ends with the last whole
 * frame before the limit. */
static GstFlowReturn
see_audio (GstPad * pad, GstBuffer * buffer, gpointer user_data)
{
  ExportFile *file = user_data;
  GstClockTime end = end_of (pad, buffer), first;

  g_mutex_lock (&file->lock);
  first = GST_CLOCK_TIME_IS_VALID (file->first) ? file->first : 0;
  g_mutex_unlock (&file->lock);
  if (!GST_CLOCK_TIME_IS_VALID (file->limit) || !GST_CLOCK_TIME_IS_VALID (end)
      || end <= first + file->limit)
    return GST_FLOW_OK;
  return GST_FLOW_EOS;
}

/* A queue in front of the muxer's pad @name, behind a fence. */
static gboolean
add_stream (ExportFile * file, GstElement * muxer, const gchar * name,
    UnitLookFunc look)
{
  GstElement *queue = bin_part_make (file->unit->bin, "queue", name);
  GstPad *sink, *src, *to;
  gchar *pad_name = g_strdup_printf ("%s_0", name);
  gboolean linked;

  if (queue == NULL) {
    g_free (pad_name);
    return FALSE;
  }
  g_object_set (queue, "max-size-time", (guint64) QUEUE_TIME,
      "max-size-bytes", 0, "max-size-buffers", 0, NULL);
  sink = gst_element_get_static_pad (queue, "sink");
  src = gst_element_get_static_pad (queue, "src");
  to = gst_element_request_pad_simple (muxer, pad_name);
  unit_add_fence (file->unit, name, sink, look, file);
  linked = to != NULL && gst_pad_link (src, to) == GST_PAD_LINK_OK;
  gst_clear_object (&to);
  gst_object_unref (src);
  gst_object_unref (sink);
  g_free (pad_name);
  return linked;
}

static gboolean
build (ExportFile * file, GstBin * parent, gboolean audio, GstClockTime whole)
{
  gchar *name = g_strdup_printf ("file-%s", file->label);
  GstElement *muxer, *sink;

  file->unit = unit_new (parent, name);
  g_free (name);
  muxer = muxer_make (file->unit->bin, file->format, MIN (whole, file->limit));
  sink = bin_part_make (file->unit->bin, "fdsink", "filesink");
  if (muxer == NULL || sink == NULL)
    return FALSE;
  /* The muxer hands on nothing until the end: nobody is to wait for it. */
  g_object_set (sink, "fd", file->part.fd, "async", FALSE, "sync", FALSE,
      "enable-last-sample", FALSE, NULL);
  return gst_element_link (muxer, sink)
      && add_stream (file, muxer, "video", see_video)
      && (!audio || add_stream (file, muxer, "audio", see_audio));
}

gboolean
export_file_open (ExportFile * file, GstBin * parent, GstElement * video,
    GstElement * audio, GstClockTime whole)
{
  gboolean done = build (file, parent, audio != NULL, whole)
      && gst_element_sync_state_with_parent (GST_ELEMENT (file->unit->bin))
      && unit_feed (file->unit, FILE_FENCE_VIDEO, video)
      && (audio == NULL || unit_feed (file->unit, FILE_FENCE_AUDIO, audio));

  if (!done)
    export_file_abort (file, FILE_FAILED, "The muxer cannot be set up.");
  return done && !export_file_ended (file);
}

gboolean
export_file_finish (ExportFile * file)
{
  GError *error = NULL;
  PartResult result;
  gboolean first = FALSE;

  g_mutex_lock (&file->part_lock);
  if (!export_file_ended (file)) {
    result =
        export_part_publish (&file->part, note_of (file), file->overwrite,
        &file->size, &error);
    if (result != PART_NAMED)
      export_part_remove (&file->part);
    first = set_ended (file, result == PART_NAMED ? FILE_DONE :
        result == PART_THERE ? FILE_SKIPPED : FILE_FAILED,
        error ? error->message : NULL);
  }
  g_mutex_unlock (&file->part_lock);
  g_clear_error (&error);
  if (first)
    unit_close (file->unit);
  return first;
}

void
export_file_position (ExportFile * file, GstClockTime whole,
    EchoelExportPosition * position)
{
  g_mutex_lock (&file->lock);
  position->position = 0;
  if (GST_CLOCK_TIME_IS_VALID (file->end)
      && GST_CLOCK_TIME_IS_VALID (file->first))
    position->position = file->end - file->first;
  position->duration = MIN (whole, file->limit);
  position->frames = file->frames;
  position->ended = file->state >= FILE_DONE;
  g_mutex_unlock (&file->lock);
}

static const gchar *
state_name (FileState state)
{
  static const gchar *const names[] = {
    "waiting", "running", "done", "skipped", "failed", "canceled"
  };

  return names[state];
}

GstStructure *
export_file_describe (ExportFile * file)
{
  GstStructure *s;
  gdouble seconds, media;
  gint64 until;

  g_mutex_lock (&file->lock);
  until = file->stopped ? file->stopped : g_get_monotonic_time ();
  seconds = file->started ? (gdouble) (until - file->started) / G_USEC_PER_SEC
      : 0;
  media = GST_CLOCK_TIME_IS_VALID (file->end)
      && GST_CLOCK_TIME_IS_VALID (file->first)
      ? (gdouble) (file->end - file->first) / GST_SECOND : 0;
  s = gst_structure_new ("file", "platform", G_TYPE_STRING, file->label,
      "state", G_TYPE_STRING, state_name (file->state),
      "encoder", G_TYPE_STRING, file->encoder ? file->encoder : "",
      "location", G_TYPE_STRING, file->path ? file->path : "",
      "size", G_TYPE_UINT64, file->size,
      "duration", G_TYPE_UINT64, (guint64) (media * GST_SECOND),
      "frames", G_TYPE_UINT64, file->frames,
      "seconds", G_TYPE_DOUBLE, seconds,
      "speed", G_TYPE_DOUBLE, seconds > 0 ? media / seconds : 0.0,
      "error", G_TYPE_STRING, file->error ? file->error : "", NULL);
  g_mutex_unlock (&file->lock);
  return s;
}
