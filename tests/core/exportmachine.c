/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a container may use, read from a copy of the system's files. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#include "exportmachine.h"

#define GIB ((guint64) 1 << 30)
#define SELF "proc/self/cgroup"
#define MAX_FILES 4

static const struct
{
  const gchar *name;
  const gchar *files[MAX_FILES][2];
  guint cores;
  guint64 memory;
} cases[] = {
  /* *INDENT-OFF* */
  {"nothing is known", {{NULL}}, 64, 32 * GIB},
  {"no limits", {{SELF, "0::/\n"},
      {"sys/fs/cgroup/cpu.max", "max 100000\n"},
      {"sys/fs/cgroup/memory.max", "max\n"}}, 64, 32 * GIB},
  {"a container", {{SELF, "0::/\n"},
      {"sys/fs/cgroup/cpu.max", "800000 100000\n"},
      {"sys/fs/cgroup/memory.max", "4294967296\n"}}, 8, 4 * GIB},
  {"part of a core counts as one", {{SELF, "0::/\n"},
      {"sys/fs/cgroup/cpu.max", "150000 100000\n"}}, 2, 32 * GIB},
  {"a group above is the tighter one", {{SELF, "0::/job/step\n"},
      {"sys/fs/cgroup/job/cpu.max", "400000 100000\n"},
      {"sys/fs/cgroup/job/step/cpu.max", "max 100000\n"},
      {"sys/fs/cgroup/job/step/memory.max", "1073741824\n"}}, 4, GIB},
  {"version 1", {{SELF, "4:memory:/a\n3:cpu,cpuacct:/a\n1:name=x:/a\n0::/\n"},
      {"sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "300000\n"},
      {"sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"},
      {"sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2147483648\n"}},
    3, 2 * GIB},
  {"version 1, in a container", {{SELF, "4:memory:/host/id\n"},
      {"sys/fs/cgroup/memory/memory.limit_in_bytes", "2147483648\n"}},
    64, 2 * GIB},
  {"version 1 without limits", {{SELF, "4:memory:/\n3:cpu:/\n"},
      {"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
      {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"},
      {"sys/fs/cgroup/memory/memory.limit_in_bytes",
        "9223372036854771712\n"}}, 64, 32 * GIB},
  {"more than there is", {{SELF, "0::/\n"},
      {"sys/fs/cgroup/cpu.max", "9900000 100000\n"}}, 64, 32 * GIB},
  {"not what it should be", {{SELF, "0\n\nx:y\n0::/\n"},
      {"sys/fs/cgroup/cpu.max", "100000 0\n"},
      {"sys/fs/cgroup/memory.max", ""}}, 64, 32 * GIB},
  /* *INDENT-ON* */
};

static void
write_file (const gchar * root, const gchar * name, const gchar * text)
{
  gchar *path = g_build_filename (root, name, NULL);
  gchar *folder = g_path_get_dirname (path);

  fail_unless_equals_int (g_mkdir_with_parents (folder, 0700), 0);
  fail_unless (g_file_set_contents (path, text, -1, NULL));
  g_free (folder);
  g_free (path);
}

/* Removes what is at @path, folders from the inside. */
static void
remove_all (const gchar * path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    gchar *inside = g_build_filename (path, name, NULL);

    remove_all (inside);
    g_free (inside);
  }
  g_clear_pointer (&dir, g_dir_close);
  g_remove (path);
}

GST_START_TEST (test_what_a_group_allows_is_all_there_is)
{
  EchoelExportMachine machine = { 64, 32 * GIB };
  gchar *root = g_dir_make_tmp ("echoel-machine-XXXXXX", NULL);
  guint i;

  for (i = 0; i < MAX_FILES && cases[__i__].files[i][0] != NULL; i++)
    write_file (root, cases[__i__].files[i][0], cases[__i__].files[i][1]);
  echoel_export_machine_limit (&machine, root);
  remove_all (root);
  g_free (root);
  fail_unless (machine.cores == cases[__i__].cores, "%s: %u cores",
      cases[__i__].name, machine.cores);
  fail_unless (machine.memory == cases[__i__].memory, "%s: %" G_GUINT64_FORMAT
      " bytes", cases[__i__].name, machine.memory);
}

GST_END_TEST;

static Suite *
exportmachine_suite (void)
{
  Suite *s = suite_create ("exportmachine");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_what_a_group_allows_is_all_there_is, 0,
      G_N_ELEMENTS (cases));
  return s;
}

GST_CHECK_MAIN (exportmachine);
