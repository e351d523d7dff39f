/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportsink.h"

#include "exportname.h"
#include "exportreport.h"
#include "exportsource.h"
#include "muxer.h"

static gchar *
today (void)
{
  GDateTime *now = g_date_time_new_now_local ();
  gchar *text = g_date_time_format (now, "%Y-%m-%d");

  g_date_time_unref (now);
  return text;
}

/* Returns: (transfer full) (nullable): the name of a file */
gchar *
export_sink_name_file (GstEchoelExportSink * self, guint index,
    const gchar * base, GError ** error)
{
  const EchoelExportRequest *request = g_ptr_array_index (self->requests,
      index);
  EchoelExportNames names = { base, request->label, request->plan.width,
    request->plan.height, muxer_ext (request->plan.format), NULL
  };
  gchar *date = today (), *path;

  names.date = date;
  path = echoel_export_name_fill (self->active.directory,
      self->active.location, &names, error);
  g_free (date);
  return path;
}

static void
open_file (GstEchoelExportSink * self, guint index, const gchar * base,
    const EchoelExportInput * input)
{
  const EchoelExportOutput *output =
      &g_array_index (self->plan->outputs, EchoelExportOutput, index);
  ExportFile *file = &self->files[index];
  GError *error = NULL;
  gchar *path = export_sink_name_file (self, index, base, &error), *mark = NULL;

  if (path == NULL) {
    export_file_abort (file, FILE_FAILED, error->message);
    g_error_free (error);
    return;
  }
  export_file_set_encoder (file, export_graph_encoder (&self->graph,
          output->encode));
  if (input != NULL)
    mark = echoel_export_resume_mark (self->plan, index, input);
  export_file_prepare (file, path, input ? input->uri : NULL, mark,
      self->active.overwrite);
  if (!export_file_ended (file))
    export_file_open (file, GST_BIN (self),
        self->graph.encodes[output->encode].tee, self->audio != NULL ?
        self->graph.audios[output->audio].tee : NULL, self->whole);
}

static GstClockTime
limit_of (GstEchoelExportSink * self, guint index)
{
  return ((const EchoelExportRequest *) g_ptr_array_index (self->requests,
          index))->plan.max_duration;
}

static gboolean
is_too_long (GstEchoelExportSink * self, guint index)
{
  return GST_CLOCK_TIME_IS_VALID (self->whole)
      && self->whole > limit_of (self, index);
}

/* The platforms whose limit the source exceeds, in one message. */
static void
warn_of_duration (GstEchoelExportSink * self)
{
  GString *names = g_string_new (NULL);
  guint i;

  for (i = 0; i < self->n_files; i++) {
    if (is_too_long (self, i))
      g_string_append_printf (names, "%s%s (%.3f s)", names->len ? ", " : "",
          self->files[i].label, (gdouble) limit_of (self, i) / GST_SECOND);
  }
  if (names->len > 0)
    GST_ELEMENT_WARNING (self, STREAM, ENCODE,
        ("The input lasts %.3f s, longer than these platforms take: %s.",
            (gdouble) self->whole / GST_SECOND, names->str),
        ("duration-policy=trim would cut it"));
  g_string_free (names, TRUE);
}

static void
ask_duration (GstEchoelExportSink * self)
{
  gint64 duration = -1;

  self->whole = GST_CLOCK_TIME_NONE;
  if (self->video != NULL
      && gst_pad_peer_query_duration (self->video, GST_FORMAT_TIME, &duration)
      && duration > 0)
    self->whole = (GstClockTime) duration;
}

/* Only of one file can be said that it is the same as the last time. */
static gboolean
know_input (GstEchoelExportSink * self, const gchar * uri,
    EchoelExportInput * input)
{
  gchar *path = uri ? g_filename_from_uri (uri, NULL, NULL) : NULL;
  gboolean known = path != NULL && export_source_is (self->video, uri)
      && export_source_is (self->audio, uri)
      && export_part_look (path, &input->facts);

  input->uri = uri;
  input->audio = self->audio != NULL;
  g_free (path);
  return known;
}

static void
open_files (GstEchoelExportSink * self, gboolean * known)
{
  gchar *uri = export_source_uri (self->video, self->audio);
  gchar *base = echoel_export_name_base (uri, self->active.base_name);
  EchoelExportInput input;
  guint i;

  *known = self->active.resume && know_input (self, uri, &input);
  ask_duration (self);
  for (i = 0; i < self->n_files; i++) {
    if (self->active.duration_policy == EXPORT_DURATION_ERROR
        && is_too_long (self, i))
      export_file_abort (&self->files[i], FILE_FAILED,
          "The input is longer than the platform takes.");
    else
      open_file (self, i, base, *known ? &input : NULL);
  }
  g_free (uri);
  g_free (base);
}

/* What there is to say before the work. */
static void
say_begin (GstEchoelExportSink * self, gboolean known)
{
  report_plan (GST_ELEMENT (self), self->plan);
  if (self->active.resume && !known)
    GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS,
        ("resume=true has no effect: the input is not one file, so that "
            "nobody knows whether it is the same."), (NULL));
  if (self->active.duration_policy == EXPORT_DURATION_WARN)
    warn_of_duration (self);
}

/* The other stream's thread waits until the files are open; nothing is said
 * before it may go on. */
void
export_sink_begin (GstEchoelExportSink * self)
{
  gboolean known;
  guint i;

  g_mutex_lock (&self->begin_lock);
  if (self->begun || !self->ready) {
    g_mutex_unlock (&self->begin_lock);
    return;
  }
  GST_OBJECT_LOCK (self);
  self->begun = self->used = TRUE;
  GST_OBJECT_UNLOCK (self);
  open_files (self, &known);
  g_mutex_unlock (&self->begin_lock);

  say_begin (self, known);
  for (i = 0; i < self->n_files; i++) {
    if (export_file_ended (&self->files[i]))
      export_sink_settle (self, i);
  }
  /* From here on progress is told, which those have none of. */
  g_mutex_lock (&self->lock);
  self->start = self->told = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  export_sink_let_go (self);
}
