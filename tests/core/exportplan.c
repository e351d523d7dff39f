/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an export shares, from the list that a user writes. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "exportplan.h"

static GPtrArray *
parse (const gchar * text)
{
  GError *error = NULL;
  GPtrArray *requests = echoel_export_list_parse (text, NULL, &error);

  fail_unless (requests != NULL, "%s: %s", text, error ? error->message : "");
  return requests;
}

static EchoelExportPlan *
make_plan (const GPtrArray * requests, gboolean trim, guint cores,
    guint64 memory)
{
  EchoelExportMachine machine = { cores, memory };
  EchoelExportPlan *plan = echoel_export_plan_new (requests, trim, &machine);

  echoel_export_plan_shape (plan);
  return plan;
}

static const EchoelExportRequest *
request_at (const GPtrArray * requests, guint i)
{
  return g_ptr_array_index (requests, i);
}

GST_START_TEST (test_all_is_every_platform_for_files)
{
  GPtrArray *requests = parse ("all"), *list = echoel_preset_list ();
  guint i, n = 0;

  for (i = 0; i < list->len; i++)
    n += ((EchoelPreset *) g_ptr_array_index (list, i))->usage
        == ECHOEL_USAGE_EXPORT;
  assert_equals_int (requests->len, n);
  g_ptr_array_unref (list);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

GST_START_TEST (test_settings_belong_to_the_platform_before_them)
{
  GPtrArray *requests =
      parse ("tiktok:bitrate=4000,resolution=720p; facebook x:framerate=25");

  assert_equals_int (requests->len, 3);
  fail_unless_equals_string (request_at (requests, 0)->label, "tiktok");
  assert_equals_int (request_at (requests, 0)->plan.bitrate, 4000);
  assert_equals_int (request_at (requests, 0)->plan.width, 720);
  assert_equals_int (request_at (requests, 1)->plan.bitrate, 5000);
  fail_unless_equals_string (request_at (requests, 2)->label, "twitter");
  assert_equals_int (request_at (requests, 2)->plan.fps_n, 25);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

GST_START_TEST (test_a_batch_is_formats_times_resolutions)
{
  GPtrArray *requests =
      parse ("batch:formats=h264-high+h264-main,resolutions=480p+1080p");

  assert_equals_int (requests->len, 4);
  fail_unless_equals_string (request_at (requests, 0)->label, "h264-high_480p");
  fail_unless_equals_string (request_at (requests, 3)->label,
      "h264-main_1080p");
  assert_equals_int (request_at (requests, 3)->plan.height, 1080);
  assert_equals_int (request_at (requests, 3)->plan.bitrate, 5000);
  fail_unless (request_at (requests, 0)->plan.bitrate < 2000);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

/* What cannot be, and a word that the message must have. */
static const struct
{
  const gchar *text, *reframing, *word;
} refused[] = {
  /* *INDENT-OFF* */
  {"", NULL, "all"},
  {"myspace", NULL, "tiktok"},
  {"tiktok,tiktok", NULL, "name="},
  {"bitrate=4000", NULL, "before any platform"},
  {"tiktok:bitrate=fast", NULL, "kbit/s"},
  {"tiktok:sparkle=1", NULL, "sparkle"},
  {"tiktok:resolution=1x1", NULL, "resolution"},
  {"tiktok:name=../x", NULL, "name"},
  {"tiktok:format=vhs", NULL, "vhs"},
  {"batch:formats=h264-high", NULL, "resolutions"},
  {"tiktok", "sparkle=1", "sparkle"},
  {"tiktok", "fit", "fit"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_what_cannot_be_is_said)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (refused); i++) {
    GError *error = NULL;
    GPtrArray *requests = echoel_export_list_parse (refused[i].text,
        refused[i].reframing, &error);

    fail_unless (requests == NULL, "%s", refused[i].text);
    fail_unless (error != NULL);
    fail_unless (strstr (error->message, refused[i].word) != NULL,
        "%s: %s", refused[i].text, error->message);
    g_error_free (error);
  }
}

GST_END_TEST;

GST_START_TEST (test_equal_work_is_shared)
{
  GPtrArray *requests = parse ("tiktok,instagram-reel,instagram-story,"
      "youtube-short,tiktok:name=again,facebook");
  EchoelExportPlan *plan = make_plan (requests, FALSE, 2, 0);

  assert_equals_int (plan->outputs->len, 6);
  assert_equals_int (plan->encodes->len, 5);
  assert_equals_int (plan->reframes->len, 2);
  assert_equals_int (plan->rates->len, 3);
  assert_equals_int (plan->audios->len, 1);
  assert_equals_int (g_array_index (plan->outputs, EchoelExportOutput,
          4).encode, 0);
  assert_equals_int (g_array_index (plan->reframes, EchoelExportReframe,
          0).fps_n, 60);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

GST_START_TEST (test_other_reframing_is_another_picture)
{
  GPtrArray *requests = parse ("tiktok,tiktok:name=b,fit=contain");
  EchoelExportPlan *plan = make_plan (requests, FALSE, 2, 0);

  assert_equals_int (plan->reframes->len, 2);
  assert_equals_int (plan->encodes->len, 2);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

/* The same stream, trimmed at another time, is another encode. */
GST_START_TEST (test_a_limit_counts_when_files_are_trimmed)
{
  GPtrArray *requests = parse ("tiktok,tiktok:name=b,max-duration=5000000000");
  EchoelExportPlan *plan = make_plan (requests, FALSE, 2, 0);

  assert_equals_int (plan->encodes->len, 1);
  echoel_export_plan_free (plan);
  plan = make_plan (requests, TRUE, 2, 0);
  assert_equals_int (plan->encodes->len, 2);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

static guint
threads_of (const EchoelExportPlan * plan, guint encode)
{
  return g_array_index (plan->encodes, EchoelExportEncode, encode).threads;
}

GST_START_TEST (test_threads_follow_cores_and_work)
{
  GPtrArray *requests = parse ("all"), *one = parse ("youtube-video");
  EchoelExportPlan *plan = make_plan (requests, FALSE, 2, 0);
  guint i, all = 0;

  for (i = 0; i < plan->encodes->len; i++)
    assert_equals_int (threads_of (plan, i), 1);
  echoel_export_plan_free (plan);

  plan = make_plan (requests, FALSE, 32, 0);
  for (i = 0; i < plan->encodes->len; i++)
    all += threads_of (plan, i);
  fail_unless (all >= 48 && all < 48 + plan->encodes->len, "%u", all);
  echoel_export_plan_free (plan);

  plan = make_plan (one, FALSE, 4, 0);
  assert_equals_int (threads_of (plan, 0), 6);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (one);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

/* The one that goes on when the others were trimmed has all cores then. */
GST_START_TEST (test_the_longest_is_planned_as_if_alone)
{
  GPtrArray *requests = parse ("instagram-story,tiktok,youtube-video");
  EchoelExportPlan *plan = make_plan (requests, TRUE, 8, 0);

  assert_equals_int (threads_of (plan, 2), 12);
  fail_unless (threads_of (plan, 0) < 4);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

GST_START_TEST (test_queues_follow_the_memory)
{
  GPtrArray *requests = parse ("all");
  EchoelExportPlan *plan = make_plan (requests, FALSE, 2, 0);
  guint free_queue = plan->queue;
  guint64 free_memory = plan->memory;

  echoel_export_plan_free (plan);
  plan = make_plan (requests, FALSE, 2, 1);
  fail_unless (plan->queue >= 1 && plan->queue < free_queue);
  fail_unless (plan->memory < free_memory && plan->memory > 1);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

GST_START_TEST (test_a_plan_can_be_read)
{
  GPtrArray *requests = parse ("tiktok,instagram-reel,youtube-video");
  EchoelExportPlan *plan = make_plan (requests, TRUE, 2, 0);
  gchar *text = echoel_export_plan_describe (plan);

  fail_unless (g_str_has_prefix (text, "1 decode, 2 reframes, 2 frame rates, "
          "3 encodes, 1 audio encode, 3 files, 2 cores"), "%s", text);
  fail_unless (strstr (text, "reframe 1080x1920 I420\n") != NULL, "%s", text);
  fail_unless (strstr (text, "    encode h264-high 6000 kbit/s, 1 thread, at "
          "most 180 s -> tiktok\n") != NULL, "%s", text);
  fail_unless (strstr (text, "192 kbit/s -> tiktok, instagram-reel, "
          "youtube-video\n") != NULL, "%s", text);
  g_free (text);
  echoel_export_plan_free (plan);
  g_ptr_array_unref (requests);
}

GST_END_TEST;

static Suite *
exportplan_suite (void)
{
  Suite *s = suite_create ("exportplan");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_all_is_every_platform_for_files);
  tcase_add_test (tc, test_settings_belong_to_the_platform_before_them);
  tcase_add_test (tc, test_a_batch_is_formats_times_resolutions);
  tcase_add_test (tc, test_what_cannot_be_is_said);
  tcase_add_test (tc, test_equal_work_is_shared);
  tcase_add_test (tc, test_other_reframing_is_another_picture);
  tcase_add_test (tc, test_a_limit_counts_when_files_are_trimmed);
  tcase_add_test (tc, test_threads_follow_cores_and_work);
  tcase_add_test (tc, test_the_longest_is_planned_as_if_alone);
  tcase_add_test (tc, test_queues_follow_the_memory);
  tcase_add_test (tc, test_a_plan_can_be_read);
  return s;
}

GST_CHECK_MAIN (exportplan);
