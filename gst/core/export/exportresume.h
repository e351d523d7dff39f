/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a file that is there was made from the same input with the same
 * settings: a note beside it says from what.
 *
 * Pure functions, any thread. */
#pragma once

#include "exportplan.h"

G_BEGIN_DECLS

/* A file as it is on the disk. */
typedef struct
{
  guint64 size;                 /* bytes */
  guint64 modified, changed;    /* its bytes; anything of it: us since 1970 */
  guint64 inode;                /* 0: the system has none */
} EchoelExportFacts;

/* What is known of the input: one file. */
typedef struct
{
  const gchar *uri;
  EchoelExportFacts facts;
  gboolean audio;               /* whether its sound is taken */
} EchoelExportInput;

typedef struct
{
  gchar *input;                 /* URI */
  gchar *mark;                  /* of echoel_export_resume_mark() */
  guint64 size, modified;       /* of the file that was made, as above */
} EchoelExportNote;

/**
 * echoel_export_resume_mark:
 * @output: index of an output of @plan
 *
 * Returns: (transfer full): a text that is another one when the input or a
 *     setting is another one
 */
gchar *echoel_export_resume_mark (const EchoelExportPlan * plan, guint output,
    const EchoelExportInput * input);

/* Returns: (transfer full): @note as the text of a file */
gchar *echoel_export_note_write (const EchoelExportNote * note);

/* Fills @note, to be cleared in any case, from a @text. Returns: whether it is
 * one. */
gboolean echoel_export_note_read (EchoelExportNote * note, const gchar * text);
void echoel_export_note_clear (EchoelExportNote * note);

/* Whether @note speaks of the file with @facts. */
gboolean echoel_export_note_is_of (const EchoelExportNote * note,
    const EchoelExportFacts * facts);

G_END_DECLS
