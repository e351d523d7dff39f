/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportresume.h"

/* Another number here makes all files anew: raised when the same settings
 * give another file. */
#define VERSION_OF_FILES 2u

#define GROUP "echoel-export"
/* How much file systems and servers round times, us. */
#define ROUNDING ((guint64) 2 * G_USEC_PER_SEC)

static void
append_number (GString * text, guint64 number)
{
  g_string_append_printf (text, "%" G_GUINT64_FORMAT "|", number);
}

static void
append_input (GString * text, const EchoelExportInput * input)
{
  g_string_append_printf (text, "%u|%s|", VERSION_OF_FILES, input->uri);
  append_number (text, input->facts.size);
  append_number (text, input->facts.modified);
  append_number (text, input->facts.changed);
  append_number (text, input->facts.inode);
  append_number (text, input->audio);
}

gchar *
echoel_export_resume_mark (const EchoelExportPlan * plan, guint output,
    const EchoelExportInput * input)
{
  const EchoelExportOutput *file =
      &g_array_index (plan->outputs, EchoelExportOutput, output);
  const EchoelExportEncode *encode =
      &g_array_index (plan->encodes, EchoelExportEncode, file->encode);
  const EchoelExportRequest *request =
      g_ptr_array_index (plan->requests, file->request);
  const EchoelPlan *p = &request->plan;
  const guint numbers[] = { p->width, p->height, p->fps_n, p->fps_d, p->bitrate,
    p->quality, p->keyframe_frames, p->audio_bitrate, p->audio_rate,
    p->audio_channels
  };
  GString *text = g_string_new (NULL);
  gchar *mark;
  guint i;

  append_input (text, input);
  for (i = 0; i < G_N_ELEMENTS (numbers); i++)
    append_number (text, numbers[i]);
  append_number (text, encode->limit);
  g_string_append_printf (text, "%s|%s|%s|%s", request->preset->id,
      p->format->name, request->encoder ? request->encoder : "",
      request->reframing ? request->reframing : "");
  mark = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
  g_string_free (text, TRUE);
  return mark;
}

gchar *
echoel_export_note_write (const EchoelExportNote * note)
{
  GKeyFile *file = g_key_file_new ();
  gchar *text;

  g_key_file_set_string (file, GROUP, "input", note->input);
  g_key_file_set_string (file, GROUP, "mark", note->mark);
  g_key_file_set_uint64 (file, GROUP, "size", note->size);
  g_key_file_set_uint64 (file, GROUP, "modified", note->modified);
  text = g_key_file_to_data (file, NULL, NULL);
  g_key_file_unref (file);
  return text;
}

gboolean
echoel_export_note_read (EchoelExportNote * note, const gchar * text)
{
  GKeyFile *file = g_key_file_new ();

  if (g_key_file_load_from_data (file, text, (gsize) - 1, G_KEY_FILE_NONE,
          NULL)) {
    note->input = g_key_file_get_string (file, GROUP, "input", NULL);
    note->mark = g_key_file_get_string (file, GROUP, "mark", NULL);
    note->size = g_key_file_get_uint64 (file, GROUP, "size", NULL);
    note->modified = g_key_file_get_uint64 (file, GROUP, "modified", NULL);
  }
  g_key_file_unref (file);
  return note->input != NULL && note->mark != NULL;
}

void
echoel_export_note_clear (EchoelExportNote * note)
{
  g_clear_pointer (&note->input, g_free);
  g_clear_pointer (&note->mark, g_free);
}

gboolean
echoel_export_note_is_of (const EchoelExportNote * note,
    const EchoelExportFacts * facts)
{
  return note->size == facts->size && MAX (note->modified, facts->modified)
      - MIN (note->modified, facts->modified) <= ROUNDING;
}
