/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportreport.h"

static void
post (GstElement * element, GstStructure * s)
{
  gst_element_post_message (element, gst_message_new_element (GST_OBJECT
          (element), s));
}

void
report_plan (GstElement * element, const EchoelExportPlan * plan)
{
  gchar *text = echoel_export_plan_describe (plan);

  post (element, gst_structure_new ("echoelexportsink-plan",
          "reframes", G_TYPE_UINT, plan->reframes->len,
          "rates", G_TYPE_UINT, plan->rates->len,
          "encodes", G_TYPE_UINT, plan->encodes->len,
          "audio-encodes", G_TYPE_UINT, plan->audios->len,
          "files", G_TYPE_UINT, plan->outputs->len,
          "memory", G_TYPE_UINT64, plan->memory,
          "text", G_TYPE_STRING, text, NULL));
  g_free (text);
}

void
report_progress (GstElement * element, GstProgressType type,
    const gchar * code, const gchar * text)
{
  gst_element_post_message (element, gst_message_new_progress (GST_OBJECT
          (element), type, code, text));
}

void
report_start (GstElement * element, ExportFile * files, guint n)
{
  gchar *text;
  guint i, n_open = 0;

  for (i = 0; i < n; i++)
    n_open += !export_file_ended (&files[i]);
  text = g_strdup_printf ("Making %u of %u files", n_open, n);
  report_progress (element, GST_PROGRESS_TYPE_START, REPORT_ALL, text);
  g_free (text);
  for (i = 0; i < n; i++) {
    if (!export_file_ended (&files[i]))
      report_progress (element, GST_PROGRESS_TYPE_START, files[i].label,
          files[i].path);
  }
}

static void
append_structure (GValue * array, GstStructure * s)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, s);
  gst_value_array_append_and_take_value (array, &value);
}

static GstStructure *
describe_progress (const gchar * name, const EchoelExportProgress * progress)
{
  return gst_structure_new (name, "percent", G_TYPE_INT, progress->percent,
      "fps", G_TYPE_DOUBLE, progress->fps, "speed", G_TYPE_DOUBLE,
      progress->speed, "eta", G_TYPE_UINT64, progress->eta, NULL);
}

/* " (tiktok 41 %, facebook 43 %)" */
static void
append_percent (GString * text, const gchar * label,
    const EchoelExportProgress * progress)
{
  if (progress->percent >= 0)
    g_string_append_printf (text, "%s%s %d %%", text->len ? ", " : "", label,
        progress->percent);
}

void
report_position (GstElement * element, ExportFile * files, guint n,
    GstClockTime whole, GstClockTime elapsed)
{
  EchoelExportPosition *positions = g_new0 (EchoelExportPosition, n);
  EchoelExportProgress progress;
  GString *each = g_string_new (NULL);
  GValue array = G_VALUE_INIT;
  GstStructure *s;
  gchar *all, *text;
  guint i;

  g_value_init (&array, GST_TYPE_ARRAY);
  for (i = 0; i < n; i++) {
    export_file_position (&files[i], whole, &positions[i]);
    echoel_export_progress_one (&positions[i], elapsed, &progress);
    append_percent (each, files[i].label, &progress);
    s = describe_progress ("file", &progress);
    gst_structure_set (s, "platform", G_TYPE_STRING, files[i].label, NULL);
    append_structure (&array, s);
  }
  echoel_export_progress_all (positions, n, elapsed, &progress);
  s = describe_progress ("echoelexportsink-progress", &progress);
  gst_structure_take_value (s, "files", &array);
  post (element, s);

  all = echoel_export_progress_describe (&progress);
  text = each->len > 0 ? g_strdup_printf ("%s (%s)", all, each->str)
      : g_strdup (all);
  report_progress (element, GST_PROGRESS_TYPE_CONTINUE, REPORT_ALL, text);
  g_free (text);
  g_free (all);
  g_string_free (each, TRUE);
  g_free (positions);
}

static GstProgressType
end_type (FileState state)
{
  if (state == FILE_FAILED)
    return GST_PROGRESS_TYPE_ERROR;
  return state == FILE_CANCELED ? GST_PROGRESS_TYPE_CANCELED
      : GST_PROGRESS_TYPE_COMPLETE;
}

static gchar *
end_text (ExportFile * file, const GstStructure * s)
{
  gdouble seconds = 0, speed = 0;
  guint64 duration = 0;

  if (file->state == FILE_FAILED)
    return g_strdup (file->error);
  if (file->state == FILE_CANCELED)
    return g_strdup ("canceled");
  if (file->state == FILE_SKIPPED)
    return g_strdup_printf ("%s is there already", file->path);
  gst_structure_get (s, "seconds", G_TYPE_DOUBLE, &seconds,
      "speed", G_TYPE_DOUBLE, &speed, "duration", G_TYPE_UINT64, &duration,
      NULL);
  return g_strdup_printf ("%s: %.1f s, %.1f MB, took %.1f s, %.2fx",
      file->path, (gdouble) duration / GST_SECOND, file->size / 1e6, seconds,
      speed);
}

void
report_file (GstElement * element, ExportFile * file, gboolean started)
{
  GstStructure *s = export_file_describe (file);
  gchar *text = end_text (file, s);

  gst_structure_set_name (s, "echoelexportsink-file");
  post (element, s);
  if (started)
    report_progress (element, end_type (file->state), file->label, text);
  g_free (text);
}

guint
report_count (ExportFile * files, guint n, FileState state)
{
  guint i, count = 0;

  for (i = 0; i < n; i++)
    count += export_file_state (&files[i]) == state;
  return count;
}

GstStructure *
report_describe (const gchar * name, ExportFile * files, guint n,
    GstClockTime elapsed)
{
  GValue array = G_VALUE_INIT;
  GstStructure *s;
  guint i;

  g_value_init (&array, GST_TYPE_ARRAY);
  for (i = 0; i < n; i++)
    append_structure (&array, export_file_describe (&files[i]));
  s = gst_structure_new (name,
      "done", G_TYPE_UINT, report_count (files, n, FILE_DONE),
      "skipped", G_TYPE_UINT, report_count (files, n, FILE_SKIPPED),
      "failed", G_TYPE_UINT, report_count (files, n, FILE_FAILED),
      "canceled", G_TYPE_UINT, report_count (files, n, FILE_CANCELED),
      "seconds", G_TYPE_DOUBLE, (gdouble) elapsed / GST_SECOND, NULL);
  gst_structure_take_value (s, "files", &array);
  return s;
}

void
report_summary (GstElement * element, ExportFile * files, guint n,
    GstClockTime elapsed, gboolean started)
{
  guint failed = report_count (files, n, FILE_FAILED);
  guint canceled = report_count (files, n, FILE_CANCELED);
  guint skipped = report_count (files, n, FILE_SKIPPED);
  gchar *text = g_strdup_printf ("%u of %u files in %.1f s, %u were there, "
      "%u failed, %u canceled", n - failed - canceled - skipped, n,
      (gdouble) elapsed / GST_SECOND, skipped, failed, canceled);

  post (element, report_describe ("echoelexportsink-summary", files, n,
          elapsed));
  if (started)
    report_progress (element, failed ? GST_PROGRESS_TYPE_ERROR : canceled ?
        GST_PROGRESS_TYPE_CANCELED : GST_PROGRESS_TYPE_COMPLETE, REPORT_ALL,
        text);
  g_free (text);
}

gchar *
report_errors (ExportFile * files, guint n)
{
  GString *text = g_string_new (NULL);
  guint i;

  for (i = 0; i < n; i++) {
    if (export_file_state (&files[i]) == FILE_FAILED)
      g_string_append_printf (text, "%s%s: %s", text->len ? " " : "",
          files[i].label, files[i].error);
  }
  return g_string_free (text, FALSE);
}
