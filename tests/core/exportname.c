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
  fail_unless (fill ("out", "x/.", "clip") == NULL);
  fail_unless (fill (NULL, "x/..", "clip") == NULL);
  fail_unless (fill (NULL, ".", "clip") == NULL);
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
  {"file:///a/caf%e9.mov", NULL, "caf\357\277\275"},
  {"file:///a/x%00y.mov", "show", "show"},
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
  gchar *part = echoel_export_name_hidden ("out/clip_tiktok.mp4", 0xbeef,
      ECHOEL_EXPORT_PART);
  gchar *note = echoel_export_name_note ("clip.mp4");

  fail_unless_equals_string (part, "out/.clip_tiktok.mp4.0000beef.part");
  fail_unless_equals_string (note, "./.clip.mp4.made");
  g_free (part);
  g_free (note);
}

GST_END_TEST;

GST_START_TEST (test_a_part_is_known_by_its_name_alone)
{
  static const gchar *const others[] = {
    ".clip.mp4.part", ".clip.mp4.0000bee.part", ".clip.mp4.0000BEEF.part",
    ".clip.mp4.0000beef.made", "clip.mp4.0000beef.part", ".part", "",
    ".lip.mp4.0000beef.part", ".clip.mp4.-000beef.part"
  };
  guint32 random;
  guint i;

  fail_unless (echoel_export_name_is_part ("out/clip.mp4",
          ".clip.mp4.fe00beef.part", &random));
  fail_unless_equals_uint64_hex (random, 0xfe00beef);
  for (i = 0; i < G_N_ELEMENTS (others); i++)
    fail_if (echoel_export_name_is_part ("out/clip.mp4", others[i], &random),
        "%s", others[i]);
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

static const EchoelExportInput input = {
  "file:///a.mp4", {10, 1000, 2000, 5}, TRUE
};

static gchar *
mark_of (const gchar * list, gboolean trim, const EchoelExportInput * from)
{
  GPtrArray *requests = echoel_export_list_parse (list, NULL, NULL);
  EchoelExportMachine machine = { 2, 0 };
  EchoelExportPlan *plan = echoel_export_plan_new (requests, trim, &machine);
  gchar *text = echoel_export_resume_mark (plan, 0, from);

  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
  return text;
}

static void
expect_other (const gchar * same, gchar * other)
{
  fail_if (strcmp (same, other) == 0);
  g_free (other);
}

GST_START_TEST (test_a_mark_changes_with_the_settings)
{
  static const gchar *const others[] = { "tiktok:bitrate=5999",
    "tiktok:fit=contain", "tiktok:framerate=25", "tiktok:encoder=software",
    "instagram-story"
  };
  gchar *same = mark_of ("tiktok", FALSE, &input);
  gchar *again = mark_of ("tiktok", FALSE, &input);
  guint i;

  fail_unless_equals_string (same, again);
  for (i = 0; i < G_N_ELEMENTS (others); i++)
    expect_other (same, mark_of (others[i], FALSE, &input));
  expect_other (same, mark_of ("tiktok", TRUE, &input));
  g_free (same);
  g_free (again);
}

GST_END_TEST;

/* Also when its time was set back, and for sound that was not there. */
GST_START_TEST (test_a_mark_changes_with_the_input)
{
  const EchoelExportInput others[] = {
    /* *INDENT-OFF* */
    {"file:///b.mp4", {10, 1000, 2000, 5}, TRUE},
    {"file:///a.mp4", {11, 1000, 2000, 5}, TRUE},
    {"file:///a.mp4", {10, 1001, 2000, 5}, TRUE},
    {"file:///a.mp4", {10, 1000, 2001, 5}, TRUE},
    {"file:///a.mp4", {10, 1000, 2000, 6}, TRUE},
    {"file:///a.mp4", {10, 1000, 2000, 5}, FALSE},
    /* *INDENT-ON* */
  };
  gchar *same = mark_of ("tiktok", FALSE, &input);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (others); i++)
    expect_other (same, mark_of ("tiktok", FALSE, &others[i]));
  g_free (same);
}

GST_END_TEST;

GST_START_TEST (test_a_note_speaks_of_one_file)
{
  const EchoelExportNote written = { (gchar *) "file:///a\nb%20 ;c.mp4",
    (gchar *) "abc", 100, 7 * G_USEC_PER_SEC
  };
  EchoelExportNote note = { NULL, };
  EchoelExportFacts facts = { 100, 7 * G_USEC_PER_SEC, 0, 0 };
  gchar *text = echoel_export_note_write (&written);

  fail_unless (echoel_export_note_read (&note, text));
  fail_unless_equals_string (note.input, written.input);
  fail_unless_equals_string (note.mark, written.mark);
  fail_unless (echoel_export_note_is_of (&note, &facts));
  facts.modified += 2 * G_USEC_PER_SEC;
  fail_unless (echoel_export_note_is_of (&note, &facts), "rounded");
  facts.modified++;
  fail_if (echoel_export_note_is_of (&note, &facts), "written later");
  facts.modified = written.modified;
  facts.size++;
  fail_if (echoel_export_note_is_of (&note, &facts), "another size");
  echoel_export_note_clear (&note);
  g_free (text);
}

GST_END_TEST;

GST_START_TEST (test_what_is_no_note_is_not_taken_for_one)
{
  static const gchar *const texts[] = {
    "", "x", "[echoel-export]\n", "[echoel-export]\nmark=abc\nsize=1\n",
    "echoel-export 1\nmark=abc\nsize=1\n"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    EchoelExportNote note = { NULL, };

    fail_if (echoel_export_note_read (&note, texts[i]), "%s", texts[i]);
    echoel_export_note_clear (&note);
  }
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
  tcase_add_test (tc, test_a_part_is_known_by_its_name_alone);
  tcase_add_test (tc, test_progress_is_reckoned);
  tcase_add_test (tc, test_progress_without_a_duration_says_what_it_knows);
  tcase_add_test (tc, test_progress_never_claims_an_end);
  tcase_add_test (tc, test_a_mark_changes_with_the_settings);
  tcase_add_test (tc, test_a_mark_changes_with_the_input);
  tcase_add_test (tc, test_a_note_speaks_of_one_file);
  tcase_add_test (tc, test_what_is_no_note_is_not_taken_for_one);
  return s;
}

GST_CHECK_MAIN (exportname);
