/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a preset file may say, and what is refused. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "preset.h"
#include "presettext.h"

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
  {"area=0.079;0.139;0.23;0.056", "area=0.1",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=0.1;0.1;0.1",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=0.1;0.1;0.1;0.1;0.1",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=1;0;0;0",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=0.5;0;0.5;0",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=0;0.7;0;0.3",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=-0.1;0;0;0",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=0.1234;0;0;0",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=a;b;c;d",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
  {"area=0.079;0.139;0.23;0.056", "area=;;;",
      {"[echoel]", "platform-safe-area", "TOP;RIGHT;BOTTOM;LEFT"}},
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

#define URL_KEY "ingest-url=rtmps://ingest.global-contribute.live-video.net:443/app"

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
  {"area=0.079;0.139;0.23;0.056", "area=0;0;0;0"},
  {"area=0.079;0.139;0.23;0.056", "area=0.999;0.999;0;0"},
  {"area=0.079;0.139;0.23;0.056", "area=0.5;0;0.499;0"},
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
presetfile_suite (void)
{
  Suite *s = suite_create ("presetfile");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
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

GST_CHECK_MAIN (presetfile);
