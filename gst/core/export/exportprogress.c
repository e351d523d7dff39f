/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportprogress.h"

/* Before that much real time a speed is noise. */
#define MIN_ELAPSED (GST_SECOND / 4)

typedef struct
{
  GstClockTime done, whole;     /* media time, ns */
  guint64 frames;
  gboolean known, ended;
} Work;

static void
add_work (Work * work, const EchoelExportPosition * position)
{
  GstClockTime done = GST_CLOCK_TIME_IS_VALID (position->position)
      ? position->position : 0;
  GstClockTime whole = position->duration;

  if (position->ended)
    whole = done;
  else if (GST_CLOCK_TIME_IS_VALID (whole))
    done = MIN (done, whole);
  else
    work->known = FALSE;
  work->ended = work->ended && position->ended;
  work->done += done;
  work->whole += work->known ? whole : 0;
  work->frames += position->frames;
}

/* @n: files that go on side by side, for the speed of one */
static void
judge (const Work * work, guint n, GstClockTime elapsed,
    EchoelExportProgress * progress)
{
  progress->percent = -1;
  progress->fps = progress->speed = 0;
  progress->eta = GST_CLOCK_TIME_NONE;
  if (work->ended)
    progress->percent = 100;
  else if (work->known && work->whole > 0)
    progress->percent = (gint) MIN (99,
        gst_util_uint64_scale (work->done, 100, work->whole));
  if (elapsed < MIN_ELAPSED)
    return;
  progress->fps = (gdouble) work->frames * GST_SECOND / elapsed;
  progress->speed = (gdouble) work->done / n / elapsed;
  if (work->ended)
    progress->eta = 0;
  else if (work->known && work->done > 0)
    progress->eta = gst_util_uint64_scale (elapsed, work->whole - work->done,
        work->done);
}

void
echoel_export_progress_one (const EchoelExportPosition * position,
    GstClockTime elapsed, EchoelExportProgress * progress)
{
  echoel_export_progress_all (position, 1, elapsed, progress);
}

void
echoel_export_progress_all (const EchoelExportPosition * positions, guint n,
    GstClockTime elapsed, EchoelExportProgress * progress)
{
  Work work = { 0, 0, 0, TRUE, TRUE };
  guint i;

  for (i = 0; i < n; i++)
    add_work (&work, &positions[i]);
  judge (&work, MAX (n, 1), elapsed, progress);
}

gchar *
echoel_export_progress_describe (const EchoelExportProgress * progress)
{
  GString *text = g_string_new (NULL);
  guint64 left;

  if (progress->percent >= 0)
    g_string_append_printf (text, "%d %%", progress->percent);
  if (progress->fps > 0)
    g_string_append_printf (text, "%s%.1f fps, %.2fx", text->len ? ", " : "",
        progress->fps, progress->speed);
  if (GST_CLOCK_TIME_IS_VALID (progress->eta)) {
    left = (progress->eta + GST_SECOND / 2) / GST_SECOND;
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT ":%02u left",
        text->len ? ", " : "", left / 60, (guint) (left % 60));
  }
  if (text->len == 0)
    g_string_append (text, "started");
  return g_string_free (text, FALSE);
}
