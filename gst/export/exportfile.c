/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportfile.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "binparts.h"
#include "exportname.h"
#include "exportresume.h"
#include "muxer.h"

#ifdef G_OS_UNIX
#include <unistd.h>
#endif

/* Encoders hold back a second and more, and the muxer waits for the slower of
 * picture and sound. Both are encoded: this is little memory. */
#define QUEUE_TIME (20 * GST_SECOND)

#define FILE_MODE 0666
#define FOLDER_MODE 0777

void
export_file_init (ExportFile * file, const gchar * label,
    const EchoelVideoFormat * format)
{
  memset (file, 0, sizeof (*file));
  g_mutex_init (&file->lock);
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
  g_free (file->encoder);
  g_free (file->path);
  g_free (file->part);
  g_free (file->note);
  g_free (file->mark);
  g_free (file->error);
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

static void
remove_parts (ExportFile * file)
{
  if (file->part != NULL)
    g_unlink (file->part);
}

gboolean
export_file_abort (ExportFile * file, FileState state, const gchar * error)
{
  if (!set_ended (file, state, error))
    return FALSE;
  if (file->unit != NULL)
    unit_close (file->unit);
  remove_parts (file);
  return TRUE;
}

/* Whether the file that is there is the one that would be made. */
static gboolean
is_made (ExportFile * file)
{
  GStatBuf info;
  gchar *note = NULL;
  gboolean made;

  made = file->mark != NULL && g_stat (file->path, &info) == 0
      && g_file_get_contents (file->note, &note, NULL, NULL)
      && echoel_export_resume_matches (note, file->mark,
      (guint64) info.st_size);
  if (made)
    file->size = (guint64) info.st_size;
  g_free (note);
  return made;
}

static void
fail (ExportFile * file, const gchar * what, gint code)
{
  gchar *text = g_strdup_printf ("%s %s: %s.", what, file->path,
      g_strerror (code));

  export_file_abort (file, FILE_FAILED, text);
  g_free (text);
}

/* Says why a file cannot be written before an element does it in fewer
 * words. */
static gboolean
try_writing (ExportFile * file)
{
  gchar *folder = g_path_get_dirname (file->path);
  gint made = g_mkdir_with_parents (folder, FOLDER_MODE), code = errno, fd = -1;

  g_free (folder);
  if (made == 0) {
    fd = g_open (file->part, O_CREAT | O_WRONLY | O_TRUNC, FILE_MODE);
    code = errno;
  }
  if (fd < 0) {
    fail (file, "Cannot write", code);
    return FALSE;
  }
  g_close (fd, NULL);
  return TRUE;
}

void
export_file_prepare (ExportFile * file, gchar * path, gchar * mark,
    gboolean overwrite)
{
  file->path = path;
  file->mark = mark;
  file->part = echoel_export_name_part (path);
  file->note = echoel_export_name_note (path);
  /* A note says from what a file was made, so that one may go. */
  file->overwrite = overwrite
      || (mark != NULL && g_file_test (file->note, G_FILE_TEST_EXISTS));
  if (is_made (file))
    set_ended (file, FILE_SKIPPED, NULL);
  else if (!file->overwrite && g_file_test (path, G_FILE_TEST_EXISTS))
    fail (file, "Will not replace", EEXIST);
  else
    try_writing (file);
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
  sink = bin_part_make (file->unit->bin, "filesink", "filesink");
  if (muxer == NULL || sink == NULL)
    return FALSE;
  /* The muxer hands on nothing until the end: nobody is to wait for it. */
  g_object_set (sink, "location", file->part, "async", FALSE, "sync", FALSE,
      NULL);
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

/* What a power cut must not take away is on the disk before the name says
 * that the file is whole. */
static gboolean
flush_to_disk (const gchar * path)
{
#ifdef G_OS_UNIX
  gint fd = g_open (path, O_RDONLY, 0);
  gboolean done;

  if (fd < 0)
    return FALSE;
  /* Some file systems have nothing to flush. */
  done = fsync (fd) == 0 || errno == EINVAL || errno == ENOSYS;
  g_close (fd, NULL);
  return done;
#else
  return TRUE;
#endif
}

static void
write_note (ExportFile * file)
{
  gchar *note = echoel_export_resume_note (file->mark, file->size);

  if (!g_file_set_contents (file->note, note, -1, NULL))
    GST_WARNING ("no note beside %s: resume will make it again", file->path);
  g_free (note);
}

gboolean
export_file_finish (ExportFile * file)
{
  GStatBuf info;

  if (export_file_ended (file))
    return FALSE;
  if (!flush_to_disk (file->part) || g_stat (file->part, &info) != 0) {
    fail (file, "Cannot write", errno);
    return FALSE;
  }
  if (!file->overwrite && g_file_test (file->path, G_FILE_TEST_EXISTS)) {
    fail (file, "Will not replace", EEXIST);
    return FALSE;
  }
  file->size = (guint64) info.st_size;
  g_unlink (file->note);
  if (g_rename (file->part, file->path) != 0) {
    fail (file, "Cannot name", errno);
    return FALSE;
  }
  if (file->mark != NULL)
    write_note (file);
  return set_ended (file, FILE_DONE, NULL);
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
