/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File names from a template. Nothing that is filled in can lead out of the
 * folder.
 *
 * Pure functions, any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ECHOEL_EXPORT_LOCATION "{name}_{platform}.{ext}"

typedef struct
{
  const gchar *name;            /* untrusted: taken from the input's name */
  const gchar *platform;
  guint width, height;          /* pixels */
  const gchar *ext;             /* "mp4" */
  const gchar *date;            /* "2025-12-31" */
} EchoelExportNames;

/**
 * echoel_export_name_base:
 * @uri: (nullable): of the input; untrusted
 * @fallback: (nullable): when the input has no name
 *
 * Returns: (transfer full): what {name} stands for: the input's file name
 *     without its last suffix, else @fallback, else "video"
 */
gchar *echoel_export_name_base (const gchar * uri, const gchar * fallback);

/**
 * echoel_export_name_fill:
 * @directory: (nullable): where files go; when set, @template must be below
 *     it: relative and without ".."
 * @template: with {name} {platform} {width} {height} {ext} {date}
 * @error: set when %NULL is returned
 *
 * Returns: (transfer full) (nullable): a path in the encoding of file names
 */
gchar *echoel_export_name_fill (const gchar * directory,
    const gchar * template, const EchoelExportNames * names, GError ** error);

/* The hidden names beside a file: what they end in. */
#define ECHOEL_EXPORT_PART "part"
#define ECHOEL_EXPORT_NOTE "made"

/**
 * echoel_export_name_hidden:
 * @random: no other file that grows at the same time has it
 * @kind: #ECHOEL_EXPORT_PART: under which the file grows until it is whole;
 *     #ECHOEL_EXPORT_NOTE: of the note about it until then
 *
 * Returns: (transfer full): a hidden name beside @path: a rename cannot need a
 *     copy
 */
gchar *echoel_export_name_hidden (const gchar * path, guint32 random,
    const gchar * kind);

/* Whether @name, in the folder of @path, is that of a part of it; @random:
 * (out): whose. */
gboolean echoel_export_name_is_part (const gchar * path, const gchar * name,
    guint32 * random);

/* Returns: (transfer full): the hidden name beside @path of the note about
 *     what the file was made from */
gchar *echoel_export_name_note (const gchar * path);

G_END_DECLS
