/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The preset files we ship, the search for them and the strict reader. */

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/pbutils/pbutils.h>
#include <string.h>

#include "preset.h"

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

static const gchar *const ids[] = {
  "custom-live", "facebook", "facebook-live", "instagram-post",
  "instagram-reel", "instagram-story", "tiktok", "twitch", "twitter",
  "youtube-live", "youtube-short", "youtube-video"
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

static gchar *
shipped_path (const gchar * id)
{
  const gchar *source = g_getenv ("ECHOEL_SOURCE_DIR");

  fail_unless (source != NULL, "ECHOEL_SOURCE_DIR must name the source tree");
  return g_strdup_printf ("%s/presets/online-service/%s.gep", source, id);
}

static gchar *
shipped_text (const gchar * id)
{
  g_autofree gchar *path = shipped_path (id);
  gchar *text = NULL;

  fail_unless (g_file_get_contents (path, &text, NULL, NULL), "no %s", path);
  return text;
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

/* A copy of @text with the first @old replaced, which must be there. */
static gchar *
replace (const gchar * text, const gchar * old, const gchar * with)
{
  const gchar *at = strstr (text, old);

  fail_unless (at != NULL, "\"%s\" is not in the file to change", old);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, with,
      at + strlen (old));
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

/* Each row changes tiktok (or, where said, twitch) in one place. */
typedef struct
{
  const gchar *old, *with;
  const gchar *words[4];        /* all of them must be in the message */
} Bad;

#define TARGET "[GStreamer Encoding Target]"
#define VIDEO "[streamprofile-video]"
#define AUDIO "[streamprofile-audio]"
#define NEW_KEY(line) "source=", line "\nsource="

/* *INDENT-OFF* */
static const Bad bad_exports[] = {
  /* groups and keys */
  {"[echoel]", "[extra]\na=b\n[echoel]", {"[extra]", "known group"}},
  {"[profile-default]", "[profil-default]", {"[profil-default]", "group"}},
  {NEW_KEY ("bitrate=5"), {"[echoel]", "bitrate:", "bitrate-kbps"}},
  {NEW_KEY ("title[de]=TikTok"), {"[echoel]", "title[de]", "known key"}},
  {NEW_KEY ("bitrate-kbps[1920x1080]=1"), {"[echoel]", "bitrate-kbps[1920x"}},
  {"category=", "colour=blue\ncategory=", {TARGET, "colour", "description"}},
  {"type=container", "type=container\nrestriction=video/x-raw",
      {"[profile-default]", "restriction", "format"}},
  {"type=video", "type=video\nquality=9", {VIDEO, "quality", "presence"}},
  {"type=video", "type=video\npreset=Zero", {VIDEO, "preset", "encodebin"}},
  {"type=container", "type=container\npreset=a",
      {"[profile-default]", "preset", "encodebin"}},
  {"usage=export", "usage=export\nusage=live", {"[echoel]", "usage", "twice"}},
  {"[echoel]", "[echoel]\ntitle=a\n[echoel]", {"[echoel]", "twice"}},
  {"[echoel]\nformat-version=1\n", "[echoel]\n",
      {"[echoel]", "format-version", "missing"}},
  {"bitrate-kbps=6000\n", "", {"[echoel]", "bitrate-kbps", "missing"}},
  {"description=TikTok", "#", {TARGET, "description", "missing"}},
  {"parent=default\n", "", {VIDEO, "parent", "missing"}},
  {"restriction=video", "#restriction=video",
      {VIDEO, "restriction", "missing"}},
  {"usage=export\n", "", {"[echoel]", "usage", "missing"}},

  /* values */
  {"title=TikTok", "title=", {"[echoel]", "title", "no value"}},
  {"title=TikTok", "title=Tik\xffTok", {"[echoel]", "title", "UTF-8"}},
  {"title=TikTok", "title=Tik\x1bTok", {"[echoel]", "title", "control"}},
  {"format-version=1", "format-version=2", {"[echoel]", "format-version", "1"}},
  {"=6000", "=6 Mbit/s", {"[echoel]", "bitrate-kbps", "6 Mbit/s", "100 to"}},
  {"=6000", "=-1", {"[echoel]", "bitrate-kbps", "-1", "200000"}},
  {"=6000", "=6e3", {"[echoel]", "bitrate-kbps", "whole number"}},
  {"=6000", "=99", {"[echoel]", "bitrate-kbps", "99"}},
  {"=6000", "=18446744073709551716", {"[echoel]", "bitrate-kbps", "100 to"}},
  {"interval-s=2", "interval-s=0", {"[echoel]", "keyframe-interval-s", "0.1"}},
  {"interval-s=2", "interval-s=2s", {"[echoel]", "keyframe-interval-s", "60"}},
  {"interval-s=2", "interval-s=1.2345", {"[echoel]", "keyframe-interval-s"}},
  {"interval-s=2", "interval-s=2.", {"[echoel]", "keyframe-interval-s"}},
  {"max-duration-s=180", "max-duration-s=3min", {"[echoel]", "max-duration-s"}},
  {"max-duration-s=180", "max-duration-s=18446744073709551",
      {"[echoel]", "max-duration-s", "604800"}},
  {"usage=export", "usage=both", {"[echoel]", "usage", "both", "live"}},
  {"name=tiktok", "name=TikTok", {TARGET, "name", "TikTok", "lower case"}},
  {"name=tiktok", "name=2tok", {TARGET, "name", "2tok"}},
  {"name=tiktok", "name=tik tok", {TARGET, "name", "tik tok"}},
  {"name=tiktok", "name=tiktok;", {TARGET, "name", "lower case"}},
  {"category=online-service", "category=device", {TARGET, "category"}},
  {"name=default", "name=other", {"[profile-default]", "name", "default"}},
  {"variant=iso", "variant=iso;video/x-flv",
      {"[profile-default]", "format", "one value"}},
  {"format=video/quicktime", "format=video/x-flv",
      {"[profile-default]", "format", "video/quicktime"}},
  {"platform-checked=2026-08-01", "platform-checked=2026-02-30",
      {"[echoel]", "platform-checked", "YYYY-MM-DD"}},
  {"platform-checked=2026-08-01\n", "",
      {"[echoel]", "platform-checked", "missing"}},
  {"platform-source=", "#", {"[echoel]", "platform-source", "missing"}},
  {"platform-min-duration-s=3", "platform-min-duration-s=601",
      {"[echoel]", "platform-min-duration-s", "platform-max-duration-s"}},
  {NEW_KEY ("platform-audio-required=yes"),
      {"[echoel]", "platform-audio-required", "true"}},
  {NEW_KEY ("ingest-url=rtmp://a.example/app"),
      {"[echoel]", "ingest-url", "live"}},

  /* stream profiles */
  {"type=audio", "type=video", {AUDIO, "type", "contradicts", VIDEO}},
  {"type=audio", "type=subtitle", {AUDIO, "type", "audio"}},
  {"[streamprofile-audio]", "[streamprofile-b]\nparent=default\ntype=audio\n"
      "format=audio/mpeg\nrestriction=audio/x-raw\n[streamprofile-audio]",
      {AUDIO, "type", "contradicts", "[streamprofile-b]"}},
  {"[echoel]", "[profile-b]\nname=default\ntype=container\ndescription=b\n"
      "format=video/quicktime\n[echoel]", {"[profile-b]", "contradicts"}},
  {"profile=high,", "profile=ultra,", {VIDEO, "format", "baseline"}},
  {"profile=high,", "profile=high,width=720,", {VIDEO, "format", "twice"}},
  {"video/x-h264,profile=high,width=1080",
      "video/x-h264,profile=high,width=720",
      {VIDEO, "restriction", "width", "contradicts"}},
  {"video/x-h264", "video/x-vp9", {VIDEO, "format", "video/x-h264"}},
  {"video/x-h264,profile=high", "video/x-h265,profile=main-10",
      {VIDEO, "restriction", "P010_10LE"}},
  {"video/x-raw,", "video/x-raw(memory:GLMemory),", {VIDEO, "restriction"}},
  {"format=I420,width=1080", "format=I420,width=1081",
      {VIDEO, "restriction", "width", "even"}},
  {"format=I420,width=1080", "format=I420,width={720,1080}",
      {VIDEO, "restriction", "width={720", "one value"}},
  {"format=I420,width=1080", "format=I420,width=wide",
      {VIDEO, "restriction", "width", "even"}},
  {"format=I420", "(I420)", {VIDEO, "restriction", "(I420)", "NAME=VALUE"}},
  {"format=I420,width=1080,", "format=I420,",
      {VIDEO, "restriction", "width", "missing"}},
  {"format=I420", "format=RGB", {VIDEO, "restriction", "format", "I420"}},
  {"framerate=30/1,pixel", "framerate=0/1,pixel",
      {VIDEO, "restriction", "framerate", "30/1"}},
  {"pixel-aspect-ratio=1/1", "pixel-aspect-ratio=4/3",
      {VIDEO, "restriction", "pixel-aspect-ratio", "1/1"}},
  {"=progressive", "=interleaved", {VIDEO, "restriction", "interlace-mode"}},
  {"=bt709", "=bt601", {VIDEO, "restriction", "colorimetry", "bt709"}},
  {"=bt709", "=bt709,depth=8", {VIDEO, "restriction", "depth", "height"}},
  {"=bt709", "=bt709,,=", {VIDEO, "restriction"}},
  {"base-profile=lc", "base-profile=he", {AUDIO, "format", "base-profile"}},
  {"mpegversion=4", "mpegversion=1", {AUDIO, "format", "mpegversion"}},
  {"audio/x-raw,rate=48000", "audio/x-raw,rate=1", {AUDIO, "restriction"}},
};

#define URL_KEY "ingest-url=rtmp://live-fra.twitch.tv/app"

static const Bad bad_lives[] = {
  {URL_KEY, "ingest-url=rtmp://me:S3cret@a.example/app",
      {"[echoel]", "ingest-url", "password"}},
  {URL_KEY, "ingest-url=rtmp://S3cret@a.example/app",
      {"[echoel]", "ingest-url"}},
  {URL_KEY, "ingest-url=rtmp://a.example/app?key=S3cret",
      {"[echoel]", "ingest-url", "stream key"}},
  {URL_KEY, "ingest-url=srt://a.example:99?streamid=S3cret",
      {"[echoel]", "ingest-url", "stream key"}},
  {URL_KEY, "ingest-url=rtmp://a.example/app?S3cret",
      {"[echoel]", "ingest-url", "stream key"}},
  {URL_KEY, "ingest-url=rtmp://a.example/app?v=S3cretS3cret",
      {"[echoel]", "ingest-url", "stream key"}},
  {URL_KEY, "ingest-url=rtmp://a.example/app/live_123456_S3cretS3cret",
      {"[echoel]", "ingest-url", "stream key"}},
  {URL_KEY, "ingest-url=file:///S3cret", {"[echoel]", "ingest-url", "rtmps"}},
  {URL_KEY, "ingest-url=S3cret", {"[echoel]", "ingest-url", "rtmps"}},
  {URL_KEY, "ingest-url=rtmp:///S3cret", {"[echoel]", "ingest-url", "rtmps"}},
  {"format=video/x-flv", "format=video/quicktime",
      {"[profile-default]", "format", "video/x-flv"}},
};
/* *INDENT-ON* */

static void
check_bad (const gchar * id, const Bad * bad)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = shipped_text (id);
  g_autofree gchar *broken = replace (text, bad->old, bad->with);
  EchoelPreset *preset = echoel_preset_parse (broken, strlen (broken),
      "bad.gep", &error);
  guint i;

  fail_unless (preset == NULL, "\"%s\" was taken", bad->with);
  fail_unless (g_error_matches (error, ECHOEL_PRESET_ERROR,
          ECHOEL_PRESET_ERROR_INVALID));
  fail_unless (g_str_has_prefix (error->message, "bad.gep: "), "%s",
      error->message);
  fail_unless (g_utf8_validate (error->message, -1, NULL));
  fail_unless (strstr (error->message, "S3cret") == NULL,
      "the message shows a key: %s", error->message);
  for (i = 0; i < G_N_ELEMENTS (bad->words) && bad->words[i]; i++)
    fail_unless (strstr (error->message, bad->words[i]) != NULL,
        "\"%s\" is not in: %s", bad->words[i], error->message);
}

GST_START_TEST (test_parse_refuses_bad_exports)
{
  check_bad ("tiktok", &bad_exports[__i__]);
}

GST_END_TEST;

GST_START_TEST (test_parse_refuses_bad_lives)
{
  check_bad ("twitch", &bad_lives[__i__]);
}

GST_END_TEST;

GST_START_TEST (test_parse_refuses_what_is_no_text)
{
  g_autofree gchar *text = shipped_text ("tiktok");
  g_autofree gchar *large = g_strnfill (64 * 1024 + 1, '\n');
  gsize size = strlen (text);
  EchoelPreset *preset = echoel_preset_parse (text, size, "a", NULL);

  fail_unless (preset != NULL);
  echoel_preset_free (preset);
  fail_unless (echoel_preset_parse (NULL, 0, "a", NULL) == NULL);
  fail_unless (echoel_preset_parse ("", 0, "a", NULL) == NULL);
  fail_unless (echoel_preset_parse (large, strlen (large), "a", NULL) == NULL);
  memcpy (large, text, size);
  preset = echoel_preset_parse (large, 64 * 1024, "a", NULL);
  fail_unless (preset != NULL);
  echoel_preset_free (preset);
  text[size / 2] = '\0';
  fail_unless (echoel_preset_parse (text, size, "a", NULL) == NULL);
}

GST_END_TEST;

/* *INDENT-OFF* */
static const struct
{
  const gchar *old, *with;
} good[] = {
  {"description=TikTok", "description[de]=Hochkant\ndescription=TikTok"},
  {"type=video", "type=video\nname=v\npass=0\npresence=1\n"
      "variableframerate=false"},
  {"keyframe-interval-s=2", "keyframe-interval-s=0.5"},
  {"keyframe-interval-s=2", "keyframe-interval-s = 2 "},
  {"max-duration-s=180\n", ""},
  {",width=1080,height=1920,framerate=30/1\n", "\n"},
  {",rate=48000,channels=2\n", "\n"},
  {"name=tiktok", "name=tiktok;tik-tok2"},
  {"format=I420,width=1080", "format=(string)I420, width=(int)1080"},
};

static const struct
{
  const gchar *caps, *pixels, *format;
} formats[] = {
  {"video/x-h264,profile=high", "I420", "h264-high"},
  {"video/x-h264,profile=main", "I420", "h264-main"},
  {"video/x-h264,profile=baseline", "I420", "h264-baseline"},
  {"video/x-h264,profile=constrained-baseline", "I420", "h264-baseline"},
  {"video/x-h265,profile=main", "I420", "hevc-main"},
  {"video/x-h265,profile=main-10", "P010_10LE", "hevc-main10"},
};
/* *INDENT-ON* */

static EchoelPreset *
parse (const gchar * text)
{
  g_autoptr (GError) error = NULL;
  EchoelPreset *preset =
      echoel_preset_parse (text, strlen (text), "good.gep", &error);

  fail_unless (preset != NULL, "%s", error ? error->message : "no error");
  return preset;
}

GST_START_TEST (test_parse_takes_what_is_allowed)
{
  g_autofree gchar *text = shipped_text ("tiktok");
  g_autofree gchar *changed = replace (text, good[__i__].old, good[__i__].with);

  echoel_preset_free (parse (changed));
}

GST_END_TEST;

GST_START_TEST (test_parse_names_video_formats)
{
  g_autofree gchar *text = shipped_text ("tiktok");
  g_autofree gchar *codec =
      replace (text, "video/x-h264,profile=high", formats[__i__].caps);
  g_autofree gchar *pixels = g_strconcat ("x-raw,format=",
      formats[__i__].pixels, NULL);
  g_autofree gchar *changed = replace (codec, "x-raw,format=I420", pixels);
  EchoelPreset *preset = parse (changed);

  fail_unless_equals_string (preset->video_format, formats[__i__].format);
  echoel_preset_free (preset);
}

GST_END_TEST;

GST_START_TEST (test_describe_reduces_numbers)
{
  EchoelPreset preset = { NULL, };
  gchar *text;

  preset.title = (gchar *) "A";
  preset.usage = ECHOEL_USAGE_EXPORT;
  preset.width = 1080;
  preset.height = 1350;
  preset.bitrate = 4500;
  preset.max_duration = 1500 * GST_MSECOND;
  text = echoel_preset_describe (&preset);
  fail_unless_equals_string (text, "A - 4:5, max 1.5 s, 4.5 Mbit/s");
  g_free (text);
  preset.bitrate = 250;
  preset.max_duration = GST_CLOCK_TIME_NONE;
  text = echoel_preset_describe (&preset);
  fail_unless_equals_string (text, "A - 4:5, 0.25 Mbit/s");
  g_free (text);
}

GST_END_TEST;

GST_START_TEST (test_free_accepts_null)
{
  echoel_preset_free (NULL);
}

GST_END_TEST;

/* One of: a byte changed, some lost, a range repeated, the end cut off. */
static gsize
mutate (GRand * random, gchar * data, gsize size, gsize room)
{
  gsize at = g_rand_int_range (random, 0, size);
  gsize length = g_rand_int_range (random, 1, 40);

  switch (g_rand_int_range (random, 0, 5)) {
    case 0:
      data[at] ^= 1 << g_rand_int_range (random, 0, 8);
      return size;
    case 1:
      data[at] = "=[];,\n\0/\xff{}("[g_rand_int_range (random, 0, 12)];
      return size;
    case 2:
      length = MIN (length, size - at);
      memmove (data + at, data + at + length, size - at - length);
      return size - length;
    case 3:
      length = MIN (MIN (length, size - at), room - size);
      memmove (data + at + length, data + at, size - at);
      return size + length;
    default:
      return at;
  }
}

/* Whatever a file holds, it gives a whole preset or an error and never a
 * crash: run this one under a sanitizer. */
GST_START_TEST (test_parse_survives_mutations)
{
  g_autofree gchar *text = shipped_text (ids[__i__]);
  GRand *random = g_rand_new_with_seed (__i__ + 1);
  gsize size = strlen (text), room = size + 400;
  guint round, taken = 0, refused = 0;

  for (round = 0; round < 3000; round++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *padded = g_malloc (room);
    g_autofree gchar *exact = NULL;
    gint changes = g_rand_int_range (random, 1, 5);
    EchoelPreset *preset;
    gsize left = size;

    memcpy (padded, text, size);
    while (changes-- > 0 && left > 0)
      left = mutate (random, padded, left, room);
    /* A block without slack, so that a read past the end is caught. */
    exact = g_malloc (left + 1);
    memmove (exact + 1, padded, left);
    preset = echoel_preset_parse (exact + 1, left, "mutant", &error);
    fail_unless ((preset == NULL) == (error != NULL));
    if (preset) {
      g_autofree gchar *line = echoel_preset_describe (preset);

      fail_unless (preset->id && preset->video_format && preset->width);
      fail_unless (line != NULL);
      taken++;
    } else {
      fail_unless (g_utf8_validate (error->message, -1, NULL));
      refused++;
    }
    echoel_preset_free (preset);
  }
  fail_unless (taken > 0 && refused > 0);
  g_rand_free (random);
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
  tcase_add_loop_test (tc, test_parse_refuses_bad_exports, 0,
      G_N_ELEMENTS (bad_exports));
  tcase_add_loop_test (tc, test_parse_refuses_bad_lives, 0,
      G_N_ELEMENTS (bad_lives));
  tcase_add_test (tc, test_parse_refuses_what_is_no_text);
  tcase_add_loop_test (tc, test_parse_takes_what_is_allowed, 0,
      G_N_ELEMENTS (good));
  tcase_add_loop_test (tc, test_parse_names_video_formats, 0,
      G_N_ELEMENTS (formats));
  tcase_add_test (tc, test_describe_reduces_numbers);
  tcase_add_test (tc, test_free_accepts_null);
  tcase_add_loop_test (tc, test_parse_survives_mutations, 0,
      G_N_ELEMENTS (ids));
  return s;
}

GST_CHECK_MAIN (preset);
