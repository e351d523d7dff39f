/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a file that is there was made from the same input with the same
 * settings: a note beside it says from what.
 *
 * Pure functions, any thread. */
#pragma once

#include "exportplan.h"

G_BEGIN_DECLS

/* What is known of the input. */
typedef struct
{
  const gchar *uri;
  guint64 size;                 /* bytes */
  guint64 modified;             /* seconds since 1970 */
} EchoelExportInput;

/**
 * echoel_export_resume_mark:
 * @output: index of an output of @plan
 * @encoder: (nullable): the video encoder that works for it
 *
 * Returns: (transfer full): a text that is another one when the input, a
 *     setting or the encoder is another one
 */
gchar *echoel_export_resume_mark (const EchoelExportPlan * plan, guint output,
    const gchar * encoder, const EchoelExportInput * input);

/* Returns: (transfer full): the note for a whole file of @size bytes */
gchar *echoel_export_resume_note (const gchar * mark, guint64 size);

/* Returns: whether @note is the one for @mark and a file of @size bytes */
gboolean echoel_export_resume_matches (const gchar * note, const gchar * mark,
    guint64 size);

G_END_DECLS
