/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportresume.h"

/* Another number here makes all files anew: raised when the same settings
 * give another file. */
#define VERSION_OF_FILES 1
#define NOTE "echoel-export %u\nmark=%s\nsize=%" G_GUINT64_FORMAT "\n"

gchar *
echoel_export_resume_mark (const EchoelExportPlan * plan, guint output,
    const gchar * encoder, const EchoelExportInput * input)
{
  const EchoelExportOutput *file =
      &g_array_index (plan->outputs, EchoelExportOutput, output);
  const EchoelExportEncode *encode =
      &g_array_index (plan->encodes, EchoelExportEncode, file->encode);
  const EchoelExportRequest *request =
      g_ptr_array_index (plan->requests, file->request);
  const EchoelPlan *p = &request->plan;
  gchar *text = g_strdup_printf ("%s|%" G_GUINT64_FORMAT "|%" G_GUINT64_FORMAT
      "|%s|%ux%u|%u/%u|%u|%u|%u|%u|%u|%u|%" G_GUINT64_FORMAT "|%s|%s",
      input->uri, input->size, input->modified, p->format->name, p->width,
      p->height, p->fps_n, p->fps_d, p->bitrate, p->quality,
      p->keyframe_frames, p->audio_bitrate, p->audio_rate, p->audio_channels,
      encode->limit, encoder ? encoder : "", request->reframing
      ? request->reframing : "");
  gchar *mark = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  g_free (text);
  return mark;
}

gchar *
echoel_export_resume_note (const gchar * mark, guint64 size)
{
  return g_strdup_printf (NOTE, VERSION_OF_FILES, mark, size);
}

gboolean
echoel_export_resume_matches (const gchar * note, const gchar * mark,
    guint64 size)
{
  gchar *wanted = echoel_export_resume_note (mark, size);
  gboolean same = g_strcmp0 (note, wanted) == 0;

  g_free (wanted);
  return same;
}
