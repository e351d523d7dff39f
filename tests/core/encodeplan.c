/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A platform's preset and each thing a user can ask to differ. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "encodeplan.h"

#define NONE GST_CLOCK_TIME_NONE

static const EchoelOverrides nothing = {
  ECHOEL_USAGE_AUTO, NULL, NULL, 0, 1, -1, ECHOEL_QUALITY_AUTO, NONE
};

static gchar h264_high[] = "h264-high";
static gchar test_id[] = "test";

/* A platform without rules. */
static EchoelPreset
make_preset (guint width, guint height, guint fps_n, guint fps_d)
{
  EchoelPreset preset = { 0, };

  preset.id = test_id;
  preset.usage = ECHOEL_USAGE_EXPORT;
  preset.video_format = h264_high;
  preset.width = width;
  preset.height = height;
  preset.fps_n = fps_n;
  preset.fps_d = fps_d;
  preset.bitrate = 6000;
  preset.audio_bitrate = 192;
  preset.audio_rate = 48000;
  preset.audio_channels = 2;
  preset.keyframe_interval = 2 * GST_SECOND;
  preset.max_duration = 180 * GST_SECOND;
  return preset;
}

/* A plan that must be possible. */
static EchoelPlan
make_plan (const EchoelPreset * preset, const EchoelOverrides * overrides)
{
  GError *error = NULL;
  EchoelPlan plan;
  gboolean made = echoel_plan_make (preset, overrides, &plan, &error);

  fail_unless (made, "%s", error ? error->message : "no error");
  fail_unless (error == NULL);
  return plan;
}

/* A plan that must not be: @message is the whole sentence. */
static void
check_refused (const EchoelPreset * preset, const EchoelOverrides * overrides,
    const gchar * message)
{
  GError *error = NULL;
  EchoelPlan plan;

  fail_if (echoel_plan_make (preset, overrides, &plan, &error),
      "not refused: %s", message);
  fail_unless (g_error_matches (error, ECHOEL_PLAN_ERROR, 0));
  fail_unless_equals_string (error->message, message);
  g_error_free (error);
}

GST_START_TEST (test_plan_is_the_preset_when_nothing_differs)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelPlan plan = make_plan (&preset, &nothing);

  fail_unless_equals_int (plan.usage, ECHOEL_USAGE_EXPORT);
  fail_unless_equals_string (plan.format->name, "h264-high");
  fail_unless_equals_int (plan.format->codec, ECHOEL_CODEC_H264);
  fail_unless_equals_int (plan.width, 1080);
  fail_unless_equals_int (plan.height, 1920);
  fail_unless_equals_int (plan.fps_n, 30);
  fail_unless_equals_int (plan.fps_d, 1);
  fail_unless_equals_int (plan.bitrate, 6000);
  fail_unless_equals_int (plan.quality, ECHOEL_QUALITY_AUTO);
  fail_unless_equals_int (plan.keyframe_frames, 60);
  fail_unless_equals_int (plan.audio_bitrate, 192);
  fail_unless_equals_int (plan.audio_rate, 48000);
  fail_unless_equals_int (plan.audio_channels, 2);
  fail_unless_equals_uint64 (plan.max_duration, 180 * GST_SECOND);
}

GST_END_TEST;

GST_START_TEST (test_usage_is_the_users)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelOverrides overrides = nothing;
  EchoelPlan plan;

  overrides.usage = ECHOEL_USAGE_LIVE;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.usage, ECHOEL_USAGE_LIVE);
  preset.usage = ECHOEL_USAGE_LIVE;
  plan = make_plan (&preset, &nothing);
  fail_unless_equals_int (plan.usage, ECHOEL_USAGE_LIVE);
  overrides.usage = ECHOEL_USAGE_EXPORT;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.usage, ECHOEL_USAGE_EXPORT);
}

GST_END_TEST;

GST_START_TEST (test_formats_are_known_by_name)
{
  static const struct
  {
    const gchar *name, *profile;
  } formats[] = {
    /* *INDENT-OFF* */
    {"h264-baseline", "constrained-baseline"}, {"h264-main", "main"},
    {"h264-high", "high"}, {"hevc-main", "main"}, {"hevc-main10", "main-10"},
    /* *INDENT-ON* */
  };
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  gchar vp9[] = "vp9";
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    const EchoelVideoFormat *format =
        echoel_video_format_find (formats[i].name);
    GstCaps *caps;

    fail_unless (format != NULL, "%s", formats[i].name);
    fail_unless_equals_string (format->name, formats[i].name);
    caps = gst_caps_from_string (format->encoded_caps);
    fail_unless_equals_string (gst_structure_get_string (gst_caps_get_structure
            (caps, 0), "profile"), formats[i].profile);
    gst_caps_unref (caps);
  }
  fail_unless (echoel_video_format_find ("h264") == NULL);
  fail_unless (echoel_video_format_find (NULL) == NULL);
  preset.video_format = vp9;
  check_refused (&preset, &nothing, "Platform \"test\" asks for vp9 "
      "video, which cannot be encoded yet.");
}

GST_END_TEST;

GST_START_TEST (test_format_is_the_users)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelOverrides overrides = nothing;
  EchoelPlan plan;

  overrides.format = "auto";
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_string (plan.format->name, "h264-high");
  overrides.format = "prores-422-hq";
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.format->codec, ECHOEL_CODEC_PRORES);
  fail_unless_equals_int (plan.format->picture, ECHOEL_PICTURE_422_10);
  fail_unless_equals_string (plan.format->profile, "hq");
  fail_unless (plan.format->parser == NULL);
  overrides.usage = ECHOEL_USAGE_LIVE;
  check_refused (&preset, &overrides, "format=prores-422-hq is not possible: "
      "it is for files, no live stream carries it.");
  overrides.format = "hevc-main10";
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.format->picture, ECHOEL_PICTURE_420_10);
  overrides.format = "h265";
  check_refused (&preset, &overrides, "format=h265 is not possible: "
      "h264-baseline, h264-main, h264-high, hevc-main, hevc-main10, "
      "prores-422-proxy, prores-422-lt, prores-422, prores-422-hq, "
      "prores-4444, av1.");
}

GST_END_TEST;

/* ITU-T H.264 table A-1. */
static const struct
{
  guint width, height, fps_n, fps_d, kbps;
  const gchar *level;
} level_cases[] = {
  /* *INDENT-OFF* */
  {640, 480, 30, 1, 2000, "3"}, {1280, 720, 30, 1, 4000, "3.1"},
  {1280, 720, 60, 1, 4000, "3.2"}, {1920, 1080, 30, 1, 6000, "4"},
  {1080, 1920, 30000, 1001, 6000, "4"}, {1920, 1080, 30, 1, 30000, "4.1"},
  {1920, 1080, 60, 1, 6000, "4.2"}, {3840, 2160, 30, 1, 20000, "5.1"},
  {3840, 2160, 60, 1, 20000, "5.2"}, {7680, 4320, 60, 1, 20000, "5.2"},
  {0, 0, 30, 1, 6000, "4"},
  /* *INDENT-ON* */
};

GST_START_TEST (test_level_is_the_lowest_that_holds_the_stream)
{
  EchoelPlan plan = { 0, };

  plan.width = level_cases[__i__].width;
  plan.height = level_cases[__i__].height;
  plan.fps_n = level_cases[__i__].fps_n;
  plan.fps_d = level_cases[__i__].fps_d;
  plan.bitrate = level_cases[__i__].kbps;
  fail_unless_equals_string (echoel_plan_h264_level (&plan),
      level_cases[__i__].level);
}

GST_END_TEST;

static const struct
{
  guint preset_width, preset_height;
  const gchar *resolution;
  guint width, height;
} size_cases[] = {
  /* *INDENT-OFF* */
  {1920, 1080, "480p", 640, 480},
  {1920, 1080, "720p", 1280, 720},
  {1920, 1080, "1080p", 1920, 1080},
  {1920, 1080, "2160p", 3840, 2160},
  {1080, 1920, "480p", 480, 640},
  {1080, 1920, "720p", 720, 1280},
  {1080, 1920, "1080p", 1080, 1920},
  {1080, 1920, "2160p", 2160, 3840},
  {1080, 1080, "480p", 480, 480},
  {1080, 1080, "720p", 720, 720},
  {1080, 1080, "1080p", 1080, 1080},
  {1080, 1080, "2160p", 2160, 2160},
  {1080, 1920, "original", 0, 0},
  /* What is written out is taken as it is. */
  {1080, 1920, "1280x720", 1280, 720},
  {1920, 1080, "720x1280", 720, 1280},
  {1920, 1080, "64x64", 64, 64},
  {1920, 1080, "8192x8192", 8192, 8192},
  {1920, 1080, "0640x0480", 640, 480},
  /* *INDENT-ON* */
};

GST_START_TEST (test_resolution_keeps_the_platforms_orientation)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (size_cases); i++) {
    EchoelPreset preset = make_preset (size_cases[i].preset_width,
        size_cases[i].preset_height, 30, 1);
    EchoelOverrides overrides = nothing;
    EchoelPlan plan;

    overrides.resolution = size_cases[i].resolution;
    plan = make_plan (&preset, &overrides);
    fail_unless (plan.width == size_cases[i].width
        && plan.height == size_cases[i].height, "%s of %ux%u: %ux%u",
        size_cases[i].resolution, preset.width, preset.height, plan.width,
        plan.height);
  }
}

GST_END_TEST;

#define WRITE "write 480p, 720p, 1080p, 2160p, original or WIDTHxHEIGHT"
#define SIDES "each side must have 64 to 8192 pixels"
#define EVEN "4:2:0 and 4:2:2 need even sizes"

static const struct
{
  const gchar *resolution, *possible;
} wrong_sizes[] = {
  /* *INDENT-OFF* */
  {"banana", WRITE}, {"", WRITE}, {"1080", WRITE}, {"1080P", WRITE},
  {"4320p", WRITE}, {"Original", WRITE}, {"1280x", WRITE}, {"x720", WRITE},
  {"1280X720", WRITE}, {"1280x720x3", WRITE}, {"1280x720 ", WRITE},
  {" 1280x720", WRITE}, {"1280 x720", WRITE}, {"1280x 720", WRITE},
  {"+1280x720", WRITE}, {"-1280x-720", WRITE}, {"1280x-720", WRITE},
  {"0x500x2d0", WRITE}, {"1280.0x720", WRITE}, {"1280x720p", WRITE},
  {"2147483648x720", WRITE}, {"1280x4294968016", WRITE},
  {"99999999999999999999x99999999999999999999", WRITE},
  {"1x1", SIDES}, {"0x0", SIDES}, {"0x720", SIDES}, {"62x64", SIDES},
  {"64x62", SIDES}, {"8194x1080", SIDES}, {"1080x8194", SIDES},
  {"2147483647x2147483647", SIDES},
  {"1279x720", EVEN}, {"1280x719", EVEN}, {"1279x719", EVEN},
  /* *INDENT-ON* */
};

GST_START_TEST (test_resolution_is_refused_when_impossible)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (wrong_sizes); i++) {
    EchoelOverrides overrides = nothing;
    gchar *message = g_strdup_printf ("resolution=%s is not possible: %s.",
        wrong_sizes[i].resolution, wrong_sizes[i].possible);

    overrides.resolution = wrong_sizes[i].resolution;
    check_refused (&preset, &overrides, message);
    g_free (message);
  }
}

GST_END_TEST;

GST_START_TEST (test_framerate_has_bounds)
{
  static const gint good[][2] = { {24, 1}, {25, 1}, {30, 1}, {60, 1}, {120, 1},
  {24000, 1001}, {30000, 1001}, {60000, 1001}, {120000, 1001}, {48, 2},
  {G_MAXINT, G_MAXINT / 24}
  };
  static const gint bad[][2] = { {23, 1}, {121, 1}, {23976, 1001},
  {120001, 1000}, {-30, 1}, {30, 0}, {30, -1}, {-30, -1}, {1, 1},
  {G_MAXINT, 1}, {G_MAXINT, G_MAXINT}
  };
  EchoelPreset preset = make_preset (1080, 1920, 25, 1);
  EchoelOverrides overrides = nothing;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (good); i++) {
    EchoelPlan plan;

    overrides.fps_n = good[i][0];
    overrides.fps_d = good[i][1];
    plan = make_plan (&preset, &overrides);
    fail_unless_equals_int (plan.fps_n, good[i][0]);
    fail_unless_equals_int (plan.fps_d, good[i][1]);
  }
  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    gchar *message = g_strdup_printf ("framerate=%d/%d is not possible: "
        "24000/1001 to 120/1 frames per second.", bad[i][0], bad[i][1]);

    overrides.fps_n = bad[i][0];
    overrides.fps_d = bad[i][1];
    check_refused (&preset, &overrides, message);
    g_free (message);
  }
}

GST_END_TEST;

GST_START_TEST (test_bitrate_has_bounds)
{
  static const gint bad[] = { 0, 1, 49, 500001, -2, G_MAXINT, G_MININT };
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelOverrides overrides = nothing;
  EchoelPlan plan;
  guint i;

  overrides.bitrate = 50;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.bitrate, 50);
  overrides.bitrate = 500000;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.bitrate, 500000);
  overrides.bitrate = -1;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.bitrate, 6000);
  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    gchar *message = g_strdup_printf ("bitrate=%d is not possible: "
        "50 to 500000 kbit/s, or -1 for the platform's own.", bad[i]);

    overrides.bitrate = bad[i];
    check_refused (&preset, &overrides, message);
    g_free (message);
  }
}

GST_END_TEST;

/* kbit/s for low, medium, high and maximum. */
static const struct
{
  guint width, height;
  gint fps_n, fps_d;
  const gchar *resolution;
  guint kbps[4];
} quality_cases[] = {
  /* *INDENT-OFF* */
  {1920, 1080, 30, 1, NULL, {2500, 5000, 8000, 12000}},
  {1080, 1920, 30, 1, NULL, {2500, 5000, 8000, 12000}},
  {1080, 1920, 60, 1, NULL, {5000, 10000, 16000, 24000}},
  {1080, 1920, 30000, 1001, NULL, {2498, 4995, 7992, 11988}},
  {1080, 1920, 24, 1, NULL, {2000, 4000, 6400, 9600}},
  {1280, 720, 30, 1, NULL, {1111, 2222, 3556, 5333}},
  {1920, 1080, 30, 1, "720p", {1111, 2222, 3556, 5333}},
  {1080, 1080, 30, 1, NULL, {1406, 2813, 4500, 6750}},
  {1920, 1080, 30, 1, "2160p", {10000, 20000, 32000, 48000}},
  /* The size of the source is not known: the platform's counts. */
  {1280, 720, 30, 1, "original", {1111, 2222, 3556, 5333}},
  /* Never less or more than a bitrate may be. */
  {1920, 1080, 24, 1, "64x64", {50, 50, 50, 50}},
  {1920, 1080, 120, 1, "8192x8192", {323636, 500000, 500000, 500000}},
  /* *INDENT-ON* */
};

GST_START_TEST (test_quality_scales_the_bitrate)
{
  guint i, q;

  for (i = 0; i < G_N_ELEMENTS (quality_cases); i++) {
    EchoelPreset preset = make_preset (quality_cases[i].width,
        quality_cases[i].height, 25, 1);
    EchoelOverrides overrides = nothing;

    overrides.resolution = quality_cases[i].resolution;
    overrides.fps_n = quality_cases[i].fps_n;
    overrides.fps_d = quality_cases[i].fps_d;
    for (q = ECHOEL_QUALITY_LOW; q < ECHOEL_N_QUALITIES; q++) {
      EchoelPlan plan;

      overrides.quality = q;
      plan = make_plan (&preset, &overrides);
      fail_unless_equals_int (plan.quality, q);
      fail_unless (plan.bitrate == quality_cases[i].kbps[q - 1],
          "case %u, quality %u: %u", i, q, plan.bitrate);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_bitrate_wins_over_quality)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelOverrides overrides = nothing;
  EchoelPlan plan;

  overrides.quality = ECHOEL_QUALITY_MAXIMUM;
  overrides.bitrate = 777;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_int (plan.bitrate, 777);
  fail_unless_equals_int (plan.quality, ECHOEL_QUALITY_MAXIMUM);
}

GST_END_TEST;

GST_START_TEST (test_key_frames_keep_their_distance)
{
  static const struct
  {
    gint fps_n, fps_d;
    GstClockTime interval;
    guint frames;
  } cases[] = {
    /* *INDENT-OFF* */
    {30, 1, 2 * GST_SECOND, 60},
    {60000, 1001, 2 * GST_SECOND, 120},
    {60, 1, 2 * GST_SECOND, 120},
    {24000, 1001, 2 * GST_SECOND, 48},
    {30000, 1001, 2 * GST_SECOND, 60},
    {25, 1, 2 * GST_SECOND, 50},
    {120, 1, 2 * GST_SECOND, 240},
    {30, 1, GST_SECOND / 2, 15},
    {25, 1, GST_SECOND * 5, 125},
    {30, 1, 1, 1},
    /* *INDENT-ON* */
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    EchoelPreset preset = make_preset (1080, 1920, 50, 1);
    EchoelOverrides overrides = nothing;
    EchoelPlan plan;

    preset.keyframe_interval = cases[i].interval;
    overrides.fps_n = cases[i].fps_n;
    overrides.fps_d = cases[i].fps_d;
    plan = make_plan (&preset, &overrides);
    fail_unless_equals_int (plan.keyframe_frames, cases[i].frames);
  }
}

GST_END_TEST;

/* Samples are at 48000 and 44100 Hz and last as long as the frames. */
static const struct
{
  guint seconds;
  gint fps_n, fps_d;
  guint64 frames, samples, cd_samples;
} limit_cases[] = {
  /* *INDENT-OFF* */
  {15, 30, 1, 450, 720000, 661500},
  {60, 30, 1, 1800, 2880000, 2646000},
  {90, 30, 1, 2700, 4320000, 3969000},
  {140, 30, 1, 4200, 6720000, 6174000},
  {180, 30, 1, 5400, 8640000, 7938000},
  {15, 60, 1, 900, 720000, 661500},
  {60, 60, 1, 3600, 2880000, 2646000},
  {90, 60, 1, 5400, 4320000, 3969000},
  {140, 60, 1, 8400, 6720000, 6174000},
  {180, 60, 1, 10800, 8640000, 7938000},
  /* 29.97: the last frame may not end behind the limit. */
  {15, 30000, 1001, 449, 719118, 660690},
  {60, 30000, 1001, 1798, 2879677, 2645703},
  {90, 30000, 1001, 2697, 4319515, 3968555},
  {140, 30000, 1001, 4195, 6718712, 6172817},
  {180, 30000, 1001, 5394, 8639030, 7937109},
  /* *INDENT-ON* */
};

GST_START_TEST (test_limits_are_whole_frames)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (limit_cases); i++) {
    EchoelPreset preset = make_preset (1080, 1920, 25, 1);
    EchoelOverrides overrides = nothing;
    EchoelPlan plan;

    preset.max_duration = limit_cases[i].seconds * GST_SECOND;
    overrides.fps_n = limit_cases[i].fps_n;
    overrides.fps_d = limit_cases[i].fps_d;
    plan = make_plan (&preset, &overrides);
    fail_unless_equals_uint64 (echoel_plan_frame_limit (&plan),
        limit_cases[i].frames);
    fail_unless_equals_uint64 (echoel_plan_sample_limit (&plan),
        limit_cases[i].samples);
    plan.audio_rate = 44100;
    fail_unless_equals_uint64 (echoel_plan_sample_limit (&plan),
        limit_cases[i].cd_samples);
  }
}

GST_END_TEST;

GST_START_TEST (test_max_duration_is_the_users)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelOverrides overrides = nothing;
  EchoelPlan plan;

  overrides.max_duration = 10 * GST_SECOND;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_uint64 (plan.max_duration, 10 * GST_SECOND);
  fail_unless_equals_uint64 (echoel_plan_frame_limit (&plan), 300);
  /* Less than a frame is one frame: no file is empty. */
  overrides.max_duration = 1;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_uint64 (echoel_plan_frame_limit (&plan), 1);
  fail_unless_equals_uint64 (echoel_plan_sample_limit (&plan), 1600);
  overrides.max_duration = 0;
  plan = make_plan (&preset, &overrides);
  fail_unless_equals_uint64 (plan.max_duration, NONE);
  fail_unless_equals_uint64 (echoel_plan_frame_limit (&plan), G_MAXUINT64);
  fail_unless_equals_uint64 (echoel_plan_sample_limit (&plan), G_MAXUINT64);
  preset.max_duration = NONE;
  plan = make_plan (&preset, &nothing);
  fail_unless_equals_uint64 (echoel_plan_frame_limit (&plan), G_MAXUINT64);
}

GST_END_TEST;

static void
check_sentence (const EchoelPlan * plan, const EchoelPreset * preset,
    const gchar * sentence)
{
  gchar *text = echoel_plan_check (plan, preset);

  fail_unless_equals_string (text, sentence);
  g_free (text);
}

GST_START_TEST (test_broken_rules_are_said)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelPlan plan = make_plan (&preset, &nothing);
  EchoelPlatformRules *rules = &preset.platform;

  check_sentence (&plan, &preset, NULL);
  rules->max_bitrate = 6000;
  rules->max_framerate = rules->min_framerate = 30;
  rules->max_width = rules->min_width = 1080;
  rules->max_height = rules->min_height = 1920;
  check_sentence (&plan, &preset, NULL);

  plan.bitrate = 6001;
  check_sentence (&plan, &preset, "Bitrate 6001 is above 6000 kbit/s.");
  plan.bitrate = 6000;
  plan.fps_n = 31;
  check_sentence (&plan, &preset, "Frame rate 31 is above 30.");
  plan.fps_n = 29;
  check_sentence (&plan, &preset, "Frame rate 29 is below 30.");
  plan.fps_n = 30;
  plan.width = 1082;
  check_sentence (&plan, &preset, "Width 1082 is above 1080.");
  plan.width = 1078;
  check_sentence (&plan, &preset, "Width 1078 is below 1080.");
  plan.width = 1080;
  plan.height = 1922;
  check_sentence (&plan, &preset, "Height 1922 is above 1920.");
  plan.height = 1918;
  check_sentence (&plan, &preset, "Height 1918 is below 1920.");
  plan.bitrate = 500000;
  plan.fps_n = 60;
  plan.width = 8192;
  check_sentence (&plan, &preset, "Bitrate 500000 is above 6000 kbit/s. "
      "Frame rate 60 is above 30. Width 8192 is above 1080. "
      "Height 1918 is below 1920.");
}

GST_END_TEST;

GST_START_TEST (test_near_rates_and_unknown_sizes_break_nothing)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelOverrides overrides = nothing;
  EchoelPlan plan;

  /* 23.976 is what a platform means by 24, and 59.94 is not above 60. */
  preset.platform.min_framerate = 24;
  preset.platform.max_framerate = 60;
  preset.platform.min_width = preset.platform.min_height = 360;
  overrides.fps_n = 24000;
  overrides.fps_d = 1001;
  overrides.resolution = "original";
  plan = make_plan (&preset, &overrides);
  check_sentence (&plan, &preset, NULL);
  plan.fps_n = 60000;
  check_sentence (&plan, &preset, NULL);
}

GST_END_TEST;

/* A preset of the user's own may ask for more than the platform takes. */
GST_START_TEST (test_key_frame_and_audio_rules_are_said)
{
  EchoelPreset preset = make_preset (1080, 1920, 30, 1);
  EchoelPlan plan = make_plan (&preset, &nothing);
  gchar *text;

  preset.platform.max_keyframe_interval = 2 * GST_SECOND;
  preset.platform.max_audio_bitrate = 192;
  check_sentence (&plan, &preset, NULL);
  plan.keyframe_frames = 150;
  text = echoel_plan_check (&plan, &preset);
  fail_unless (text != NULL, "key frames 5 s apart, allowed are 2 s");
  g_free (text);
  plan.keyframe_frames = 60;
  plan.audio_bitrate = 256;
  text = echoel_plan_check (&plan, &preset);
  fail_unless (text != NULL, "audio of 256 kbit/s, allowed are 192");
  g_free (text);
}

GST_END_TEST;

GST_START_TEST (test_shipped_presets_break_no_rule)
{
  GPtrArray *presets = echoel_preset_list ();
  guint i;

  fail_unless_equals_int (presets->len, 12);
  for (i = 0; i < presets->len; i++) {
    const EchoelPreset *preset = g_ptr_array_index (presets, i);
    EchoelPlan plan = make_plan (preset, &nothing);
    gchar *text = echoel_plan_check (&plan, preset);

    fail_unless (text == NULL, "%s: %s", preset->id, text);
    fail_unless (plan.width > 0 && plan.height > 0 && plan.fps_n > 0);
    fail_unless (!preset->platform.max_audio_bitrate
        || plan.audio_bitrate <= preset->platform.max_audio_bitrate,
        "%s: audio bitrate", preset->id);
    fail_unless (!preset->platform.max_keyframe_interval
        || preset->keyframe_interval <= preset->platform.max_keyframe_interval,
        "%s: key frames", preset->id);
  }
  g_ptr_array_unref (presets);
}

GST_END_TEST;

static Suite *
encodeplan_suite (void)
{
  Suite *s = suite_create ("encodeplan");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_plan_is_the_preset_when_nothing_differs);
  tcase_add_test (tc, test_usage_is_the_users);
  tcase_add_test (tc, test_formats_are_known_by_name);
  tcase_add_test (tc, test_format_is_the_users);
  tcase_add_loop_test (tc, test_level_is_the_lowest_that_holds_the_stream, 0,
      G_N_ELEMENTS (level_cases));
  tcase_add_test (tc, test_resolution_keeps_the_platforms_orientation);
  tcase_add_test (tc, test_resolution_is_refused_when_impossible);
  tcase_add_test (tc, test_framerate_has_bounds);
  tcase_add_test (tc, test_bitrate_has_bounds);
  tcase_add_test (tc, test_quality_scales_the_bitrate);
  tcase_add_test (tc, test_bitrate_wins_over_quality);
  tcase_add_test (tc, test_key_frames_keep_their_distance);
  tcase_add_test (tc, test_limits_are_whole_frames);
  tcase_add_test (tc, test_max_duration_is_the_users);
  tcase_add_test (tc, test_broken_rules_are_said);
  tcase_add_test (tc, test_near_rates_and_unknown_sizes_break_nothing);
  tcase_add_test (tc, test_key_frame_and_audio_rules_are_said);
  tcase_add_test (tc, test_shipped_presets_break_no_rule);
  return s;
}

GST_CHECK_MAIN (encodeplan);
