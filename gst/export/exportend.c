/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportsink.h"

#include "exportreport.h"

GstClockTime
export_sink_elapsed (GstEchoelExportSink * self)
{
  gint64 start;

  g_mutex_lock (&self->lock);
  start = self->start;
  g_mutex_unlock (&self->lock);
  return start ? (GstClockTime) (g_get_monotonic_time () - start) * GST_USECOND
      : 0;
}

static gboolean
has_failed (GstEchoelExportSink * self)
{
  guint failed = report_count (self->files, self->n_files, FILE_FAILED);

  return failed > 0 && (self->active.require == EXPORT_REQUIRE_ALL
      || failed == self->n_files);
}

static gboolean
has_eos_of (GstBin * bin, gpointer child)
{
  GList *at;

  for (at = bin->messages; at != NULL; at = at->next) {
    if (GST_MESSAGE_TYPE (at->data) == GST_MESSAGE_EOS
        && GST_MESSAGE_SRC (at->data) == child)
      return TRUE;
  }
  return FALSE;
}

/* Whether all sinks of @bin have told it their end, and it still waits: what
 * it hands on it forgets. */
static gboolean
keeps_eos (GstBin * bin)
{
  gboolean all = TRUE;
  GList *at;

  GST_OBJECT_LOCK (bin);
  for (at = bin->children; all && at != NULL; at = at->next) {
    if (GST_OBJECT_FLAG_IS_SET (at->data, GST_ELEMENT_FLAG_SINK))
      all = has_eos_of (bin, at->data);
  }
  all = all && GST_STATE (bin) == GST_STATE_PLAYING
      && GST_STATE_PENDING (bin) == GST_STATE_VOID_PENDING;
  GST_OBJECT_UNLOCK (bin);
  return all;
}

/* A bin forgets that it is PLAYING when the application sets that state while
 * a streaming thread still reports PAUSED (seen with GStreamer 1.22, with any
 * sink): it then keeps the EOS for ever. Losing and regaining the state makes
 * it look again. */
static void
wake_parent (GstEchoelExportSink * self)
{
  GstObject *object = GST_OBJECT (self);
  GstObject *parent = gst_object_get_parent (object);

  if (parent == NULL)
    return;
  if (GST_IS_BIN (parent) && keeps_eos (GST_BIN (parent))) {
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_async_start (object));
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_async_done (object, GST_CLOCK_TIME_NONE));
  }
  gst_object_unref (parent);
}

static void
post_eos (GstEchoelExportSink * self)
{
  GstMessage *message = gst_message_new_eos (GST_OBJECT (self));

  if (self->eos_seqnum != 0)
    gst_message_set_seqnum (message, self->eos_seqnum);
  gst_element_post_message (GST_ELEMENT (self), message);
  wake_parent (self);
}

static void
post_end (GstEchoelExportSink * self)
{
  gchar *text;

  if (has_failed (self)) {
    text = report_errors (self->files, self->n_files);
    GST_ELEMENT_ERROR (self, STREAM, FAILED, ("%u of %u files failed: %s",
            report_count (self->files, self->n_files, FILE_FAILED),
            self->n_files, text), (NULL));
    g_free (text);
    return;
  }
  post_eos (self);
}

/* Says what is due, once each: that it starts, and that it has ended. Nothing
 * before PLAYING: who waits for that would wait for the end of a progress. */
void
export_sink_tell (GstEchoelExportSink * self)
{
  gboolean start, end, started;

  g_mutex_lock (&self->lock);
  end = self->playing && self->open == 0 && self->n_files > 0
      && !self->told_end;
  start = self->playing && self->start != 0 && !self->told_start;
  self->told_start |= start;
  self->told_end |= end;
  started = self->told_start;
  g_mutex_unlock (&self->lock);
  if (start)
    report_start (GST_ELEMENT (self), self->files, self->n_files);
  if (!end)
    return;
  report_summary (GST_ELEMENT (self), self->files, self->n_files,
      export_sink_elapsed (self), started);
  post_end (self);
}

void
export_sink_let_go (GstEchoelExportSink * self)
{
  g_mutex_lock (&self->lock);
  self->open--;
  if (self->open == 0)
    g_atomic_int_set (&self->all_ended, TRUE);
  g_mutex_unlock (&self->lock);
  export_sink_tell (self);
}

static void
say_failed (GstEchoelExportSink * self, const ExportFile * file)
{
  GST_ELEMENT_WARNING (self, STREAM, FAILED, ("%s failed: %s", file->label,
          file->error), ("%s", GST_STR_NULL (file->path)));
}

void
export_sink_settle (GstEchoelExportSink * self, guint index)
{
  const EchoelExportOutput *output =
      &g_array_index (self->plan->outputs, EchoelExportOutput, index);
  ExportFile *file = &self->files[index];
  gboolean started;

  if (!export_file_take_end (file))
    return;
  if (export_file_state (file) == FILE_FAILED)
    say_failed (self, file);
  /* Another one may have taken over. */
  export_file_set_encoder (file, export_graph_encoder (&self->graph,
          output->encode));
  export_graph_release (&self->graph, output->encode, output->audio);
  g_mutex_lock (&self->lock);
  started = self->told_start;
  g_mutex_unlock (&self->lock);
  report_file (GST_ELEMENT (self), file, started);
  export_sink_let_go (self);
}

void
export_sink_fail_file (GstEchoelExportSink * self, guint index,
    const gchar * error)
{
  if (export_file_abort (&self->files[index], FILE_FAILED, error))
    export_sink_settle (self, index);
}

void
export_sink_fail_all (GstEchoelExportSink * self, const gchar * error)
{
  guint i;

  for (i = 0; i < self->n_files; i++)
    export_sink_fail_file (self, i, error);
}

/* The files that a part of the graph works for. */
static gboolean
works_for (GstEchoelExportSink * self, GraphKind kind, guint unit, guint file)
{
  const EchoelExportOutput *output =
      &g_array_index (self->plan->outputs, EchoelExportOutput, file);
  const EchoelExportEncode *encode =
      &g_array_index (self->plan->encodes, EchoelExportEncode, output->encode);

  switch (kind) {
    case GRAPH_REFRAME:
      return g_array_index (self->plan->rates, EchoelExportRate,
          encode->rate).reframe == unit;
    case GRAPH_ENCODE:
      return output->encode == unit;
    case GRAPH_AUDIO:
      return output->audio == unit;
    case GRAPH_NOWHERE:
      break;
  }
  return FALSE;
}

static gboolean
find_file (GstEchoelExportSink * self, GstObject * object, guint * index)
{
  for (*index = 0; *index < self->n_files; ++*index) {
    Unit *unit = self->files[*index].unit;

    if (unit != NULL && unit_has (unit, object))
      return TRUE;
  }
  return FALSE;
}

/* Returns: whether the error was one of some files alone. */
static gboolean
take_error (GstEchoelExportSink * self, GstMessage * message)
{
  GstObject *source = GST_MESSAGE_SRC (message);
  GraphKind kind;
  GError *error;
  gchar *debug;
  guint file, unit, i;
  gboolean of_file = find_file (self, source, &file);

  kind = export_graph_find (&self->graph, source, &unit);
  if (!of_file && kind == GRAPH_NOWHERE)
    return FALSE;
  gst_message_parse_error (message, &error, &debug);
  GST_DEBUG_OBJECT (self, "%s: %s", error->message, GST_STR_NULL (debug));
  if (of_file)
    export_sink_fail_file (self, file, error->message);
  for (i = 0; !of_file && i < self->n_files; i++) {
    if (works_for (self, kind, unit, i))
      export_sink_fail_file (self, i, error->message);
  }
  g_error_free (error);
  g_free (debug);
  return TRUE;
}

/* A file's sink has all of it. */
static void
take_eos (GstEchoelExportSink * self, GstMessage * message)
{
  guint i;

  if (find_file (self, GST_MESSAGE_SRC (message), &i)
      && export_file_finish (&self->files[i]))
    export_sink_settle (self, i);
}

gboolean
export_sink_take_message (GstEchoelExportSink * self, GstMessage * message)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    take_eos (self, message);
    return TRUE;
  }
  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR
      && !g_atomic_int_get (&self->building) && take_error (self, message);
}

/* What has not ended by now is not made. */
void
export_sink_cancel (GstEchoelExportSink * self)
{
  gboolean end, started;
  guint i;

  audio_watch_stop (&self->watch);
  audio_watch_stop (&self->picture_watch);
  for (i = 0; i < self->n_files; i++) {
    if (export_file_abort (&self->files[i], FILE_CANCELED, NULL))
      report_file (GST_ELEMENT (self), &self->files[i], self->told_start);
  }
  g_mutex_lock (&self->lock);
  started = self->told_start;
  end = started && !self->told_end;
  self->told_end = TRUE;
  self->playing = FALSE;
  g_mutex_unlock (&self->lock);
  if (end)
    report_summary (GST_ELEMENT (self), self->files, self->n_files,
        export_sink_elapsed (self), started);
}
