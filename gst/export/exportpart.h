/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file on the disk: it grows under a hidden name of its own and gets its
 * final one when it is whole.
 *
 * Several processes, on several machines, may make the same file at once: each
 * has its own part, locked as long as it grows, and one of them gives it the
 * name. What killed ones left is known by its lock being free.
 *
 * The caller locks. */
#pragma once

#include "exportresume.h"

G_BEGIN_DECLS

typedef struct
{
  const gchar *path;            /* not owned: the final name */
  gchar *name;                  /* of the part; NULL: there is none */
  guint32 random;               /* in the name */
  gint fd;                      /* open for writing, or -1 */
} ExportPart;

typedef enum
{
  PART_NAMED,                   /* the file has its name */
  PART_THERE,                   /* the same file was there already */
  PART_FAILED
} PartResult;

void export_part_init (ExportPart * part);

/* Returns: whether the file at @path could be looked at */
gboolean export_part_look (const gchar * path, EchoelExportFacts * facts);

/**
 * export_part_is_made:
 * @wanted: (nullable): the input and the mark that a note must have
 * @size: (out): bytes, when it is
 *
 * Whether the file that is there is the one that would be made.
 */
gboolean export_part_is_made (const gchar * path,
    const EchoelExportNote * wanted, guint64 * size);

/**
 * export_part_may_replace:
 * @wanted: (nullable): as above
 * @overwrite: whether any file may go
 * @error: says from what the file was made
 *
 * Returns: whether there is none, or one that may go: it was made from the
 *     same input
 */
gboolean export_part_may_replace (const gchar * path,
    const EchoelExportNote * wanted, gboolean overwrite, GError ** error);

/* Takes away what runs that were killed have left of the file at @path; where
 * one was killed between the name and its note, the note gets its name. */
void export_part_sweep (const gchar * path);

/**
 * export_part_open:
 * @part: as export_part_init() left it
 * @path: outlives @part
 *
 * Makes the folder and, in it, the part. Clear it in any case.
 */
gboolean export_part_open (ExportPart * part, const gchar * path,
    GError ** error);

/**
 * export_part_publish:
 * @note: (nullable): from what it was made; its size and time are set here
 * @size: (out): bytes
 *
 * Brings all of it to the disk, then gives it its name.
 */
PartResult export_part_publish (ExportPart * part, EchoelExportNote * note,
    gboolean overwrite, guint64 * size, GError ** error);

/* Takes the part away; what it held is free again at once. Its file stays
 * open: somebody may still write. */
void export_part_remove (ExportPart * part);

/* Closes the file. Once nobody writes any more. */
void export_part_clear (ExportPart * part);

G_END_DECLS
