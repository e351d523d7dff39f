/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportmachine.h"

#include <string.h>

#define GROUPS "sys/fs/cgroup"

/* Version 2 has one tree for all, version 1 a folder for each controller. */
static const struct
{
  const gchar *controller;      /* of a line in /proc/self/cgroup */
  const gchar *folder;          /* below GROUPS */
  const gchar *quota;           /* file: us of processor time ... */
  const gchar *period;          /* ... in so many; NULL: in the same file */
  const gchar *memory;          /* file: bytes */
} trees[] = {
  /* *INDENT-OFF* */
  {"", "", "cpu.max", NULL, "memory.max"},
  {"cpu", "cpu", "cpu.cfs_quota_us", "cpu.cfs_period_us", NULL},
  {"memory", "memory", NULL, NULL, "memory.limit_in_bytes"},
  /* *INDENT-ON* */
};

/* Returns: the number that the text begins with; 0: "max", "-1", nothing */
static guint64
number_at (const gchar * text)
{
  return text != NULL && g_ascii_isdigit (*text)
      ? g_ascii_strtoull (text, NULL, 10) : 0;
}

/* Returns: (transfer full) (nullable) */
static gchar *
read_file (const gchar * folder, const gchar * name)
{
  gchar *path, *text = NULL;

  if (name == NULL)
    return NULL;
  path = g_build_filename (folder, name, NULL);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    text = NULL;
  g_free (path);
  return text;
}

static void
limit_cores (EchoelExportMachine * machine, const gchar * quota,
    const gchar * period)
{
  const gchar *blank = quota && !period ? strchr (quota, ' ') : NULL;
  guint64 of = number_at (period ? period : blank ? blank + 1 : NULL);
  guint64 time = number_at (quota);

  if (time > 0 && of > 0)
    machine->cores = (guint) MIN (machine->cores, MAX ((time + of - 1) / of,
            1));
}

static void
limit_by_folder (EchoelExportMachine * machine, guint tree,
    const gchar * folder)
{
  gchar *quota = read_file (folder, trees[tree].quota);
  gchar *period = read_file (folder, trees[tree].period);
  gchar *memory = read_file (folder, trees[tree].memory);
  guint64 bytes = number_at (memory);

  limit_cores (machine, quota, period);
  if (bytes > 0 && (machine->memory == 0 || bytes < machine->memory))
    machine->memory = bytes;
  g_free (quota);
  g_free (period);
  g_free (memory);
}

/* Every group above counts, too. Inside a container the path may be one that
 * is seen from outside only: then the top is the container's own. */
static void
limit_by_tree (EchoelExportMachine * machine, guint tree, const gchar * root,
    const gchar * path)
{
  gchar *top = g_build_filename (root, GROUPS, trees[tree].folder, NULL);
  gchar *below = g_strdup (path), *slash;

  do {
    gchar *folder = g_build_filename (top, below, NULL);

    limit_by_folder (machine, tree, folder);
    g_free (folder);
    slash = strrchr (below, '/');
    if (slash != NULL)
      *slash = '\0';
  } while (slash != NULL);
  g_free (below);
  g_free (top);
}

/* A line is "ID:CONTROLLER,CONTROLLER:PATH". */
static void
limit_by_line (EchoelExportMachine * machine, const gchar * root,
    const gchar * line)
{
  gchar **parts = g_strsplit (line, ":", 3), **controllers;
  guint i;

  if (g_strv_length (parts) == 3) {
    controllers = g_strsplit (parts[1], ",", -1);
    for (i = 0; i < G_N_ELEMENTS (trees); i++) {
      if (*parts[1] == '\0' ? i == 0 : g_strv_contains ((const gchar * const *)
              controllers, trees[i].controller))
        limit_by_tree (machine, i, root, parts[2]);
    }
    g_strfreev (controllers);
  }
  g_strfreev (parts);
}

void
echoel_export_machine_limit (EchoelExportMachine * machine, const gchar * root)
{
  gchar *text = read_file (root, "proc/self/cgroup");
  gchar **lines = g_strsplit (text ? text : "", "\n", -1);
  guint i;

  for (i = 0; lines[i] != NULL; i++)
    limit_by_line (machine, root, lines[i]);
  g_strfreev (lines);
  g_free (text);
}
