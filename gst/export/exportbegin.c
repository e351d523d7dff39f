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
    export_sink_fail_file (self, index, error->message);
    g_error_free (error);
    return;
  }
  file->encoder = export_graph_encoder (&self->graph, output->encode);
  if (input != NULL)
    mark = echoel_export_resume_mark (self->plan, index, input);
  export_file_prepare (file, path, input ? input->uri : NULL, mark,
      self->active.overwrite);
  if (!export_file_ended (file))
    export_file_open (file, GST_BIN (self),
        self->graph.encodes[output->encode].tee, self->audio != NULL ?
        self->graph.audios[output->audio].tee : NULL, self->whole);
  else {
    if (export_file_state (file) == FILE_FAILED)
      export_sink_say_failed (self, index);
    export_sink_settle (self, index);
  }
}

static GstClockTime
limit_of (GstEchoelExportSink * self, guint index)
{
  return ((const EchoelExportRequest *) g_ptr_array_index (self->requests,
          index))->plan.max_duration;
}

/* The platforms whose limit the source exceeds, in one message before the
 * work. */
static void
check_duration (GstEchoelExportSink * self)
{
  ExportDuration policy = self->active.duration_policy;
  GString *names = g_string_new (NULL);
  guint i;

  for (i = 0; i < self->n_files; i++) {
    if (!GST_CLOCK_TIME_IS_VALID (self->whole)
        || self->whole <= limit_of (self, i))
      continue;
    g_string_append_printf (names, "%s%s (%.3f s)", names->len ? ", " : "",
        self->files[i].label, (gdouble) limit_of (self, i) / GST_SECOND);
    if (policy == EXPORT_DURATION_ERROR)
      export_sink_fail_file (self, i,
          "The input is longer than the platform takes.");
  }
  if (names->len > 0 && policy == EXPORT_DURATION_WARN)
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
  if (!known)
    GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS,
        ("resume=true has no effect: the input is not one file, so that "
            "nobody knows whether it is the same."), ("%s",
            GST_STR_NULL (uri)));
  g_free (path);
  return known;
}

/* Opens the files, as soon as it is known what comes in. */
void
export_sink_begin (GstEchoelExportSink * self)
{
  gchar *uri, *base;
  EchoelExportInput input;
  gboolean known;
  guint i;

  g_mutex_lock (&self->begin_lock);
  if (self->begun || !self->ready) {
    g_mutex_unlock (&self->begin_lock);
    return;
  }
  self->begun = self->used = TRUE;
  uri = export_source_uri (self->video, self->audio);
  base = echoel_export_name_base (uri, self->active.base_name);
  known = self->active.resume && know_input (self, uri, &input);
  ask_duration (self);
  report_plan (GST_ELEMENT (self), self->plan);
  check_duration (self);
  for (i = 0; i < self->n_files; i++) {
    if (!export_file_ended (&self->files[i]))
      open_file (self, i, base, known ? &input : NULL);
  }
  g_free (uri);
  g_free (base);
  g_mutex_lock (&self->lock);
  self->start = self->told = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  g_mutex_unlock (&self->begin_lock);
  export_sink_let_go (self);
}
