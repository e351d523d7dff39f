/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The preset files we ship, the search for them and the strict reader. */

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/pbutils/pbutils.h>
#include <string.h>

#include "preset.h"
#include "presettext.h"

#define BUILT_IN "resource:///org/echoel/presets/online-service/"
#define NO_LIMIT GST_CLOCK_TIME_NONE

typedef struct
{
  const gchar *id, *alias;
  guint width, height, fps, bitrate, audio_bitrate;
  GstClockTime max_duration;
  const gchar *format, *description;
} Shipped;

/* *INDENT-OFF* */
static const Shipped exports[] = {
  {"tiktok", NULL, 1080, 1920, 30, 6000, 192, 180 * GST_SECOND, "h264-high",
      "TikTok - 9:16, max 180 s, 6 Mbit/s"},
  {"instagram-reel", "reels", 1080, 1920, 30, 5000, 192, 90 * GST_SECOND,
      "h264-high", "Instagram Reel - 9:16, max 90 s, 5 Mbit/s"},
  {"instagram-post", "instagram", 1080, 1080, 30, 4000, 192, 60 * GST_SECOND,
      "h264-high", "Instagram Post - 1:1, max 60 s, 4 Mbit/s"},
  {"instagram-story", "story", 1080, 1920, 30, 4000, 192, 15 * GST_SECOND,
      "h264-high", "Instagram Story - 9:16, max 15 s, 4 Mbit/s"},
  {"youtube-short", "shorts", 1080, 1920, 60, 8000, 192, 60 * GST_SECOND,
      "h264-high", "YouTube Short - 9:16, max 60 s, 8 Mbit/s"},
  {"youtube-video", "youtube", 1920, 1080, 60, 8000, 192, NO_LIMIT,
      "h264-high", "YouTube Video - 16:9, 8 Mbit/s"},
  {"facebook", "facebook-video", 1920, 1080, 30, 5000, 192, 240 * GST_SECOND,
      "h264-high", "Facebook - 16:9, max 240 s, 5 Mbit/s"},
  {"twitter", "x", 1280, 720, 30, 5000, 192, 140 * GST_SECOND, "h264-high",
      "X (Twitter) - 16:9, max 140 s, 5 Mbit/s"},
};

static const Shipped lives[] = {
  {"twitch", NULL, 1920, 1080, 60, 6000, 128, NO_LIMIT, "h264-high",
      "Twitch - live, 16:9, 1920x1080, 6 Mbit/s"},
  {"youtube-live", NULL, 1920, 1080, 60, 12000, 128, NO_LIMIT, "h264-high",
      "YouTube Live - live, 16:9, 1920x1080, 12 Mbit/s"},
  {"facebook-live", NULL, 1920, 1080, 30, 4500, 128, NO_LIMIT, "h264-main",
      "Facebook Live - live, 16:9, 1920x1080, 4.5 Mbit/s"},
  {"custom-live", "custom", 1920, 1080, 30, 4500, 128, NO_LIMIT, "h264-high",
      "Custom live - live, 16:9, 1920x1080, 4.5 Mbit/s"},
};

/* *INDENT-ON* */

/* A folder of its own for each test, with nothing on the search path. */
static gchar *folder;

static void
setup (void)
{
  g_autofree gchar *category = NULL;

  folder = g_dir_make_tmp ("echoel-preset-XXXXXX", NULL);
  category = g_build_filename (folder, "online-service", NULL);
  fail_unless (g_mkdir (category, 0700) == 0);
  g_unsetenv ("GST_ENCODING_TARGET_PATH");
}

static void
teardown (void)
{
  g_autofree gchar *category =
      g_build_filename (folder, "online-service", NULL);
  GDir *dir = g_dir_open (category, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (category, name, NULL);

    g_remove (path);
  }
  g_dir_close (dir);
  g_rmdir (category);
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
  g_unsetenv ("GST_ENCODING_TARGET_PATH");
}

/* Puts a file on the search path. */
static void
put (const gchar * name, const gchar * text, gssize size)
{
  g_autofree gchar *path =
      g_build_filename (folder, "online-service", name, NULL);

  fail_unless (g_file_set_contents (path, text, size, NULL));
  g_setenv ("GST_ENCODING_TARGET_PATH", folder, TRUE);
}

static EchoelPreset *
find (const gchar * name)
{
  g_autoptr (GError) error = NULL;
  EchoelPreset *preset = echoel_preset_find (name, &error);

  fail_unless (preset != NULL, "%s: %s", name, error ? error->message : "");
  fail_unless (error == NULL);
  return preset;
}

static void
assert_not_found (const gchar * name, EchoelPresetError code,
    const gchar * const *words)
{
  g_autoptr (GError) error = NULL;

  fail_unless (echoel_preset_find (name, &error) == NULL);
  fail_unless (g_error_matches (error, ECHOEL_PRESET_ERROR, code), "%s",
      error->message);
  for (; *words; words++)
    fail_unless (strstr (error->message, *words) != NULL,
        "\"%s\" is not in: %s", *words, error->message);
}

static void
check_shipped (const Shipped * want, EchoelUsage usage)
{
  EchoelPreset *got = find (want->id);
  g_autofree gchar *origin = g_strconcat (BUILT_IN, want->id, ".gep", NULL);
  g_autofree gchar *description = echoel_preset_describe (got);

  fail_unless_equals_string (got->id, want->id);
  fail_unless_equals_string (got->names[0], want->id);
  fail_unless_equals_string (got->origin, origin);
  fail_unless_equals_int (got->usage, usage);
  fail_unless_equals_string (got->video_format, want->format);
  fail_unless_equals_int (got->width, want->width);
  fail_unless_equals_int (got->height, want->height);
  fail_unless_equals_int (got->fps_n, want->fps);
  fail_unless_equals_int (got->fps_d, 1);
  fail_unless_equals_int (got->audio_rate, 48000);
  fail_unless_equals_int (got->audio_channels, 2);
  fail_unless_equals_int (got->bitrate, want->bitrate);
  fail_unless_equals_int (got->audio_bitrate, want->audio_bitrate);
  fail_unless_equals_uint64 (got->keyframe_interval, 2 * GST_SECOND);
  fail_unless_equals_uint64 (got->max_duration, want->max_duration);
  fail_unless (got->source != NULL && got->title != NULL);
  fail_unless_equals_string (description, want->description);
  echoel_preset_free (got);
}

GST_START_TEST (test_shipped_exports_have_product_values)
{
  check_shipped (&exports[__i__], ECHOEL_USAGE_EXPORT);
}

GST_END_TEST;

GST_START_TEST (test_shipped_lives_have_product_values)
{
  const Shipped *want = &lives[__i__];
  EchoelPreset *got = find (want->id);

  check_shipped (want, ECHOEL_USAGE_LIVE);
  if (g_str_equal (want->id, "custom-live"))
    fail_unless (got->ingest_url == NULL);
  else
    fail_unless (g_str_has_prefix (got->ingest_url, "rtmp"));
  if (got->platform.max_bitrate)
    fail_unless (got->bitrate <= got->platform.max_bitrate);
  if (got->platform.max_audio_bitrate)
    fail_unless (got->audio_bitrate <= got->platform.max_audio_bitrate);
  if (got->platform.max_keyframe_interval)
    fail_unless (got->keyframe_interval <= got->platform.max_keyframe_interval);
  fail_unless_equals_int (got->platform.audio_required,
      g_str_equal (want->id, "facebook-live"));
  echoel_preset_free (got);
}

GST_END_TEST;

GST_START_TEST (test_platform_rules_are_read)
{
  EchoelPreset *got = find ("twitter");

  fail_unless_equals_uint64 (got->platform.min_duration, 500 * GST_MSECOND);
  fail_unless_equals_uint64 (got->platform.max_duration, 1200 * GST_SECOND);
  fail_unless_equals_int (got->platform.min_width, 32);
  fail_unless_equals_int (got->platform.min_height, 32);
  fail_unless_equals_int (got->platform.max_width, 1280);
  fail_unless_equals_int (got->platform.max_height, 1024);
  fail_unless_equals_float (got->platform.min_framerate, 0);
  fail_unless_equals_float (got->platform.max_framerate, 60);
  fail_unless_equals_int (got->platform.max_bitrate, 0);
  fail_unless_equals_string (got->platform.checked, "2026-08-01");
  fail_unless (got->platform.note != NULL && got->platform.source != NULL);
  echoel_preset_free (got);

  got = find ("facebook-live");
  fail_unless_equals_uint64 (got->platform.max_keyframe_interval,
      4 * GST_SECOND);
  fail_unless_equals_int (got->platform.max_bitrate, 9000);
  fail_unless_equals_int (got->platform.max_audio_bitrate, 256);
  echoel_preset_free (got);
}

GST_END_TEST;

GST_START_TEST (test_safe_areas_are_read)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (ids); i++) {
    EchoelPreset *got = find (ids[i]);
    const EchoelSides *sides = &got->platform.safe_area;
    gboolean known = g_str_equal (ids[i], "tiktok")
        || g_str_equal (ids[i], "instagram-reel")
        || g_str_equal (ids[i], "instagram-story");

    fail_unless ((sides->top > 0 && sides->right > 0 && sides->bottom > 0
            && sides->left > 0) == known, "%s", ids[i]);
    if (g_str_equal (ids[i], "tiktok"))
      fail_unless (sides->top == 0.079 && sides->right == 0.139
          && sides->bottom == 0.23 && sides->left == 0.056);
    echoel_preset_free (got);
  }
}

GST_END_TEST;

static GstEncodingProfile *
find_stream (GstEncodingProfile * container, GType type)
{
  const GList *l;

  fail_unless (GST_IS_ENCODING_CONTAINER_PROFILE (container));
  l = gst_encoding_container_profile_get_profiles
      (GST_ENCODING_CONTAINER_PROFILE (container));
  for (; l; l = l->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, type))
      return l->data;
  return NULL;
}

static void
check_target_caps (GstEncodingProfile * stream, const gchar * wanted)
{
  g_autoptr (GstCaps) want = gst_caps_from_string (wanted);
  g_autoptr (GstCaps) got = NULL;

  fail_unless (stream != NULL);
  got = gst_encoding_profile_get_restriction (stream);
  fail_unless (gst_caps_is_subset (got, want), "%" GST_PTR_FORMAT
      " is not within %s", got, wanted);
  fail_unless (gst_encoding_profile_get_preset (stream) == NULL);
}

/* What GStreamer reads from a file and what we read must be the same. */
GST_START_TEST (test_shipped_files_are_encoding_targets)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = shipped_path (ids[__i__]);
  g_autoptr (GstEncodingTarget) target =
      gst_encoding_target_load_from_file (path, &error);
  EchoelPreset *preset = find (ids[__i__]);
  g_autofree gchar *names = g_strjoinv (";", preset->names);
  g_autofree gchar *video = NULL, *audio = NULL;
  GstEncodingProfile *profile;

  fail_unless (target != NULL && error == NULL);
  fail_unless_equals_string (gst_encoding_target_get_name (target), names);
  fail_unless_equals_string (gst_encoding_target_get_category (target),
      GST_ENCODING_CATEGORY_ONLINE_SERVICE);
  profile = gst_encoding_target_get_profile (target, "default");
  fail_unless (profile != NULL);
  video = g_strdup_printf ("video/x-raw,format=I420,width=%u,height=%u,"
      "framerate=%u/%u,pixel-aspect-ratio=1/1,interlace-mode=progressive,"
      "colorimetry=bt709", preset->width, preset->height, preset->fps_n,
      preset->fps_d);
  audio = g_strdup_printf ("audio/x-raw,rate=%u,channels=%u",
      preset->audio_rate, preset->audio_channels);
  check_target_caps (find_stream (profile, GST_TYPE_ENCODING_VIDEO_PROFILE),
      video);
  check_target_caps (find_stream (profile, GST_TYPE_ENCODING_AUDIO_PROFILE),
      audio);
  gst_encoding_profile_unref (profile);
  echoel_preset_free (preset);
}

GST_END_TEST;

GST_START_TEST (test_list_has_each_platform_in_order)
{
  g_autoptr (GPtrArray) list = echoel_preset_list ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint i, j;

  fail_unless_equals_int (list->len, G_N_ELEMENTS (ids));
  for (i = 0; i < list->len; i++) {
    EchoelPreset *preset = g_ptr_array_index (list, i);

    fail_unless_equals_string (preset->id, ids[i]);
    for (j = 0; preset->names[j]; j++)
      fail_unless (g_hash_table_add (seen, preset->names[j]),
          "two presets are called %s", preset->names[j]);
  }
}

GST_END_TEST;

GST_START_TEST (test_find_takes_aliases)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (exports); i++) {
    EchoelPreset *preset;

    if (!exports[i].alias)
      continue;
    preset = find (exports[i].alias);
    fail_unless_equals_string (preset->id, exports[i].id);
    echoel_preset_free (preset);
  }
}

GST_END_TEST;

GST_START_TEST (test_find_lists_known_names_when_unknown)
{
  const gchar *const words[] = { "nosuch", "custom-live", "instagram-reel",
    "tiktok", "youtube-video", NULL
  };
  const gchar *const empty[] = { "tiktok", NULL };

  assert_not_found ("nosuch", ECHOEL_PRESET_ERROR_NOT_FOUND, words);
  assert_not_found ("", ECHOEL_PRESET_ERROR_NOT_FOUND, empty);
  assert_not_found ("\xff\xfe", ECHOEL_PRESET_ERROR_NOT_FOUND, empty);
  assert_not_found ("../tiktok", ECHOEL_PRESET_ERROR_NOT_FOUND, empty);
}

GST_END_TEST;

GST_START_TEST (test_search_path_wins_over_built_in)
{
  g_autofree gchar *text = shipped_text ("tiktok");
  g_autofree gchar *mine = replace (text, "bitrate-kbps=6000",
      "bitrate-kbps=6543");
  EchoelPreset *preset;
  g_autofree gchar *path = NULL;

  put ("tiktok.gep", mine, -1);
  path = g_strconcat ("/nonexistent:", ":", folder, NULL);
  g_setenv ("GST_ENCODING_TARGET_PATH", path, TRUE);
  preset = find ("tiktok");
  fail_unless_equals_int (preset->bitrate, 6543);
  fail_unless (g_str_has_prefix (preset->origin, folder));
  echoel_preset_free (preset);

  g_unsetenv ("GST_ENCODING_TARGET_PATH");
  preset = find ("tiktok");
  fail_unless_equals_int (preset->bitrate, 6000);
  echoel_preset_free (preset);
}

GST_END_TEST;

GST_START_TEST (test_alias_on_search_path_hides_built_in)
{
  g_autofree gchar *text = shipped_text ("twitter");
  g_autofree gchar *mine = replace (text, "name=twitter;x",
      "name=mine;tiktok");
  EchoelPreset *preset;
  GPtrArray *list;
  guint i;

  put ("mine.gep", mine, -1);
  preset = find ("tiktok");
  fail_unless_equals_string (preset->id, "mine");
  echoel_preset_free (preset);
  list = echoel_preset_list ();
  fail_unless_equals_int (list->len, G_N_ELEMENTS (ids));
  for (i = 0; i < list->len; i++)
    fail_if (g_str_equal (((EchoelPreset *) list->pdata[i])->id, "tiktok"));
  g_ptr_array_unref (list);
}

GST_END_TEST;

GST_START_TEST (test_id_goes_before_alias_in_one_folder)
{
  g_autofree gchar *text = shipped_text ("twitter");
  g_autofree gchar *alias = replace (text, "name=twitter;x", "name=aaa;zzz");
  g_autofree gchar *id = replace (text, "name=twitter;x", "name=zzz");
  EchoelPreset *preset;

  put ("aaa.gep", alias, -1);
  put ("zzz.gep", id, -1);
  preset = find ("zzz");
  fail_unless_equals_string (preset->id, "zzz");
  echoel_preset_free (preset);
}

GST_END_TEST;

GST_START_TEST (test_plain_target_is_passed_over)
{
  g_autofree gchar *text = shipped_text ("tiktok");
  gchar *end = strstr (text, "[echoel]");
  EchoelPreset *preset;
  GPtrArray *list;

  *end = '\0';
  put ("tiktok.gep", text, -1);
  put ("other.gep", "[GStreamer Encoding Target]\nname=other\nodd=\xff\n", -1);
  preset = find ("tiktok");
  fail_unless (g_str_has_prefix (preset->origin, BUILT_IN));
  echoel_preset_free (preset);
  list = echoel_preset_list ();
  fail_unless_equals_int (list->len, G_N_ELEMENTS (ids));
  g_ptr_array_unref (list);
}

GST_END_TEST;

GST_START_TEST (test_broken_file_is_an_error_when_it_claims_the_name)
{
  const gchar *const by_stem[] = { "tiktok.gep", folder, NULL };
  const gchar *const by_name[] = { "other.gep", "[echoel]", "colour", NULL };
  const gchar *const by_alias[] = { "other.gep", NULL };
  g_autofree gchar *text = shipped_text ("twitter");
  g_autofree gchar *bad = g_strconcat (text, "colour=blue\n", NULL);
  EchoelPreset *preset;
  GPtrArray *list;

  put ("tiktok.gep", "no key file at all", -1);
  put ("other.gep", bad, -1);
  assert_not_found ("tiktok", ECHOEL_PRESET_ERROR_INVALID, by_stem);
  assert_not_found ("twitter", ECHOEL_PRESET_ERROR_INVALID, by_name);
  assert_not_found ("x", ECHOEL_PRESET_ERROR_INVALID, by_alias);
  preset = find ("facebook");
  echoel_preset_free (preset);

  list = echoel_preset_list ();
  fail_unless_equals_int (list->len, G_N_ELEMENTS (ids) - 2);
  g_ptr_array_unref (list);
}

GST_END_TEST;

GST_START_TEST (test_list_skips_broken_files)
{
  g_autofree gchar *text = shipped_text ("twitter");
  g_autofree gchar *mine = replace (text, "name=twitter;x", "name=aaa");
  GPtrArray *list;

  put ("aaa.gep", mine, -1);
  put ("broken.gep", "[echoel]\nusage=\n", -1);
  put ("not-a-preset.txt", "hello", -1);
  list = echoel_preset_list ();
  fail_unless_equals_int (list->len, G_N_ELEMENTS (ids) + 1);
  fail_unless_equals_string (((EchoelPreset *) list->pdata[0])->id, "aaa");
  fail_unless_equals_string (((EchoelPreset *) list->pdata[1])->id,
      "custom-live");
  g_ptr_array_unref (list);
}

GST_END_TEST;

GST_START_TEST (test_unreadable_file_is_an_error)
{
  const gchar *const words[] = { "tiktok.gep", NULL };
  const gchar *const large[] = { "twitter.gep", "64", NULL };
  g_autofree gchar *path =
      g_build_filename (folder, "online-service", "tiktok.gep", NULL);
  g_autofree gchar *text = g_strnfill (70000, '#');

  put ("twitter.gep", text, -1);
  fail_unless (g_mkdir (path, 0700) == 0);
  assert_not_found ("tiktok", ECHOEL_PRESET_ERROR_READ, words);
  assert_not_found ("twitter", ECHOEL_PRESET_ERROR_INVALID, large);
}

GST_END_TEST;

static Suite *
preset_suite (void)
{
  Suite *s = suite_create ("preset");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, test_shipped_exports_have_product_values, 0,
      G_N_ELEMENTS (exports));
  tcase_add_loop_test (tc, test_shipped_lives_have_product_values, 0,
      G_N_ELEMENTS (lives));
  tcase_add_test (tc, test_platform_rules_are_read);
  tcase_add_test (tc, test_safe_areas_are_read);
  tcase_add_loop_test (tc, test_shipped_files_are_encoding_targets, 0,
      G_N_ELEMENTS (ids));
  tcase_add_test (tc, test_list_has_each_platform_in_order);
  tcase_add_test (tc, test_find_takes_aliases);
  tcase_add_test (tc, test_find_lists_known_names_when_unknown);
  tcase_add_test (tc, test_search_path_wins_over_built_in);
  tcase_add_test (tc, test_alias_on_search_path_hides_built_in);
  tcase_add_test (tc, test_id_goes_before_alias_in_one_folder);
  tcase_add_test (tc, test_plain_target_is_passed_over);
  tcase_add_test (tc, test_broken_file_is_an_error_when_it_claims_the_name);
  tcase_add_test (tc, test_list_skips_broken_files);
  tcase_add_test (tc, test_unreadable_file_is_an_error);
  return s;
}

GST_CHECK_MAIN (preset);
