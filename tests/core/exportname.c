/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File names, progress and the notes of an export. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "exportname.h"
#include "exportprogress.h"
#include "exportresume.h"

static const EchoelExportNames names = {
  "clip", "tiktok", 1080, 1920, "mp4", "2025-12-31"
};

static gchar *
fill (const gchar * directory, const gchar * template, const gchar * name)
{
  EchoelExportNames filled = names;

  filled.name = name;
  return echoel_export_name_fill (directory, template, &filled, NULL);
}

GST_START_TEST (test_a_template_is_filled)
{
  gchar *path = fill ("out", "{date}/{name}_{platform}-{width}x{height}.{ext}",
      "clip");

  fail_unless_equals_string (path, "out/2025-12-31/clip_tiktok-1080x1920.mp4");
  g_free (path);
}

GST_END_TEST;

GST_START_TEST (test_a_template_that_cannot_be_is_refused)
{
  fail_unless (fill (NULL, "{nonsense}.mp4", "clip") == NULL);
  fail_unless (fill (NULL, "", "clip") == NULL);
  fail_unless (fill (NULL, "out/", "clip") == NULL);
  fail_unless (fill ("out", "../{name}.mp4", "clip") == NULL);
  fail_unless (fill ("out", "/{name}.mp4", "clip") == NULL);
}

GST_END_TEST;

static const struct
{
  const gchar *uri, *fallback, *base;
} bases[] = {
  /* *INDENT-OFF* */
  {"file:///a/my%20clip.final.mp4", NULL, "my clip.final"},
  {"file:///a/clip", "b", "clip"},
  {"file:///a/.hidden", NULL, "hidden"},
  {"file:///a/%2e%2e%2fetc%2fpasswd", NULL, "passwd"},
  {"http://host/a/..%5c..%5cx.mp4?k=/../y", NULL, "_.._x"},
  {"file:///a/", "show", "show"},
  {NULL, "../../etc/passwd", "_.._etc_passwd"},
  {NULL, NULL, "video"},
  {"file:///a/...", NULL, "video"},
  {"file:///a/x%0ay.mov", NULL, "x_y"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_the_inputs_name_is_a_plain_part_of_a_name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bases); i++) {
    gchar *base = echoel_export_name_base (bases[i].uri, bases[i].fallback);

    fail_unless_equals_string (base, bases[i].base);
    g_free (base);
  }
}

GST_END_TEST;

/* Whatever bytes a name has, the file stays in the folder. */
GST_START_TEST (test_no_name_leads_out_of_the_folder)
{
  guint32 seed = 12345;
  guint i, k;

  for (i = 0; i < 20000; i++) {
    gchar name[16] = { 0, }, *path, *folder;

    for (k = 0; k + 1 < sizeof (name); k++) {
      static const gchar bytes[] = "./\\{}a\x01\xff:~ \n";

      seed = seed * 1664525u + 1013904223u;
      name[k] = bytes[(seed >> 16) % (sizeof (bytes) - 1)];
    }
    path = fill ("out", "{name}", name);
    folder = g_path_get_dirname (path);
    fail_unless_equals_string (folder, "out");
    fail_if (path[4] == '.' || path[4] == '\0', "%s", path);
    g_free (folder);
    g_free (path);
  }
}

GST_END_TEST;

GST_START_TEST (test_hidden_names_stand_beside_the_file)
{
  gchar *part = echoel_export_name_part ("out/clip_tiktok.mp4");
  gchar *note = echoel_export_name_note ("clip.mp4");

  fail_unless_equals_string (part, "out/.clip_tiktok.mp4.part");
  fail_unless_equals_string (note, "./.clip.mp4.made");
  g_free (part);
  g_free (note);
}

GST_END_TEST;

GST_START_TEST (test_progress_is_reckoned)
{
  EchoelExportPosition both[2] = {
    {4 * GST_SECOND, 10 * GST_SECOND, 120, FALSE},
    {2 * GST_SECOND, 10 * GST_SECOND, 60, FALSE}
  };
  EchoelExportProgress progress;
  gchar *text;

  echoel_export_progress_one (&both[0], 2 * GST_SECOND, &progress);
  assert_equals_int (progress.percent, 40);
  assert_equals_float (progress.fps, 60);
  assert_equals_float (progress.speed, 2);
  assert_equals_uint64 (progress.eta, 3 * GST_SECOND);

  echoel_export_progress_all (both, 2, 3 * GST_SECOND, &progress);
  assert_equals_int (progress.percent, 30);
  assert_equals_float (progress.fps, 60);
  assert_equals_float (progress.speed, 1);
  assert_equals_uint64 (progress.eta, 7 * GST_SECOND);
  text = echoel_export_progress_describe (&progress);
  fail_unless_equals_string (text, "30 %, 60.0 fps, 1.00x, 0:07 left");
  g_free (text);
}

GST_END_TEST;

GST_START_TEST (test_progress_without_a_duration_says_what_it_knows)
{
  EchoelExportPosition one = { 4 * GST_SECOND, GST_CLOCK_TIME_NONE, 120, FALSE
  };
  EchoelExportProgress progress;
  gchar *text;

  echoel_export_progress_one (&one, 2 * GST_SECOND, &progress);
  assert_equals_int (progress.percent, -1);
  fail_if (GST_CLOCK_TIME_IS_VALID (progress.eta));
  text = echoel_export_progress_describe (&progress);
  fail_unless_equals_string (text, "60.0 fps, 2.00x");
  g_free (text);

  one.ended = TRUE;
  echoel_export_progress_one (&one, 2 * GST_SECOND, &progress);
  assert_equals_int (progress.percent, 100);
  assert_equals_uint64 (progress.eta, 0);
}

GST_END_TEST;

/* A file that goes past its announced end is not 100 % before it is whole. */
GST_START_TEST (test_progress_never_claims_an_end)
{
  EchoelExportPosition one = { 12 * GST_SECOND, 10 * GST_SECOND, 1, FALSE };
  EchoelExportProgress progress;

  echoel_export_progress_one (&one, 0, &progress);
  assert_equals_int (progress.percent, 99);
  assert_equals_float (progress.fps, 0);
}

GST_END_TEST;

static gchar *
mark (const gchar * list, guint64 size, gboolean trim)
{
  GPtrArray *requests = echoel_export_list_parse (list, NULL, NULL);
  EchoelExportMachine machine = { 2, 0 };
  EchoelExportInput input = { "file:///a.mp4", size, 1 };
  EchoelExportPlan *plan = echoel_export_plan_new (requests, trim, &machine);
  gchar *text = echoel_export_resume_mark (plan, 0, "x264enc", &input);

  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
  return text;
}

GST_START_TEST (test_a_mark_changes_with_what_the_file_is_made_of)
{
  gchar *same = mark ("tiktok", 10, FALSE), *again = mark ("tiktok", 10, FALSE);
  gchar *others[] = {
    mark ("tiktok", 11, FALSE), mark ("tiktok:bitrate=5999", 10, FALSE),
    mark ("tiktok:fit=contain", 10, FALSE), mark ("tiktok", 10, TRUE),
    mark ("tiktok:framerate=25", 10, FALSE)
  };
  guint i;

  fail_unless_equals_string (same, again);
  for (i = 0; i < G_N_ELEMENTS (others); i++) {
    fail_if (strcmp (same, others[i]) == 0, "%u", i);
    g_free (others[i]);
  }
  g_free (same);
  g_free (again);
}

GST_END_TEST;

GST_START_TEST (test_a_note_speaks_of_one_file)
{
  gchar *note = echoel_export_resume_note ("abc", 100);

  fail_unless (echoel_export_resume_matches (note, "abc", 100));
  fail_if (echoel_export_resume_matches (note, "abc", 99));
  fail_if (echoel_export_resume_matches (note, "abd", 100));
  fail_if (echoel_export_resume_matches (NULL, "abc", 100));
  g_free (note);
}

GST_END_TEST;

static Suite *
exportname_suite (void)
{
  Suite *s = suite_create ("exportname");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_template_is_filled);
  tcase_add_test (tc, test_a_template_that_cannot_be_is_refused);
  tcase_add_test (tc, test_the_inputs_name_is_a_plain_part_of_a_name);
  tcase_add_test (tc, test_no_name_leads_out_of_the_folder);
  tcase_add_test (tc, test_hidden_names_stand_beside_the_file);
  tcase_add_test (tc, test_progress_is_reckoned);
  tcase_add_test (tc, test_progress_without_a_duration_says_what_it_knows);
  tcase_add_test (tc, test_progress_never_claims_an_end);
  tcase_add_test (tc, test_a_mark_changes_with_what_the_file_is_made_of);
  tcase_add_test (tc, test_a_note_speaks_of_one_file);
  return s;
}

GST_CHECK_MAIN (exportname);
