/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read from encoded frames, and the FLV and AAC made from them. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "aac.h"
#include "audiofill.h"
#include "flv.h"
#include "livelimits.h"
#include "medias.h"

#define TAG_HEADER 11

GST_START_TEST (test_kinds_of_frames_are_seen)
{
  static const gchar *codecs[] = { "h264", "h265" };
  guint i, kind;

  for (i = 0; i < G_N_ELEMENTS (codecs); i++) {
    EchoelFormat *format = make_video_format (codecs[i]);

    for (kind = KEY; kind <= DISPOSABLE; kind++) {
      EchoelMedia *media = make_video (format, kind, 0, 100);

      fail_unless_equals_int (media->key, kind == KEY);
      fail_unless_equals_int (media->disposable, kind == DISPOSABLE);
      fail_unless (media->video);
      echoel_media_unref (media);
    }
    echoel_format_unref (format);
  }
}

GST_END_TEST;

/* A picture of the lower of two temporal layers may serve the upper one. */
GST_START_TEST (test_lower_layers_are_not_disposable)
{
  EchoelFormat *format = make_video_format ("h265-layers");
  guint kind;

  for (kind = KEY; kind <= UPPER; kind++) {
    EchoelMedia *media = make_video (format, kind, 0, 100);

    fail_unless_equals_int (media->disposable, kind == UPPER);
    echoel_media_unref (media);
  }
  echoel_format_unref (format);
}

GST_END_TEST;

/* Bytes of no meaning are no key frame, and are not read beyond their end. */
GST_START_TEST (test_noise_is_no_key_frame)
{
  EchoelFormat *format = make_video_format ("h264");
  GRand *rand = g_rand_new_with_seed (11);
  guint i, n;

  for (i = 0; i < 5000; i++) {
    guint8 *data = g_malloc (i % 64 + 1);
    GstBuffer *buffer;

    for (n = 0; n < i % 64 + 1; n++)
      data[n] = i % 3 ? g_rand_int (rand) : 0;
    buffer = gst_buffer_new_wrapped (data, i % 64 + 1);
    echoel_media_unref (echoel_media_new (format, buffer, 0, 0));
    gst_buffer_unref (buffer);
  }
  g_rand_free (rand);
  echoel_format_unref (format);
}

GST_END_TEST;

GST_START_TEST (test_formats_are_refused_with_advice)
{
  static const gchar *texts[] = {
    "video/x-h264, stream-format=byte-stream", "video/x-h264, "
        "stream-format=avc", "audio/mpeg, mpegversion=4, stream-format=adts, "
        "codec_data=(buffer)1190", "audio/mpeg, mpegversion=4, "
        "stream-format=raw, codec_data=(buffer)1780", "video/x-vp8"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    GstCaps *caps = gst_caps_from_string (texts[i]);
    GError *error = NULL;

    fail_unless (echoel_format_new (caps, &error) == NULL, "%s", texts[i]);
    fail_unless (g_error_matches (error, GST_STREAM_ERROR,
            GST_STREAM_ERROR_FORMAT));
    g_error_free (error);
    gst_caps_unref (caps);
  }
}

GST_END_TEST;

/* Checks a tag's frame and returns a copy of its body. */
static guint8 *
open_tag (GstBuffer * tag, guint type, guint32 time, gsize * size)
{
  guint8 *body;
  guint32 behind;
  GstMapInfo map;

  fail_unless (gst_buffer_map (tag, &map, GST_MAP_READ));
  *size = map.size - TAG_HEADER - 4;
  fail_unless_equals_int (map.data[0], type);
  fail_unless_equals_int (GST_READ_UINT24_BE (map.data + 1), *size);
  fail_unless_equals_int (GST_READ_UINT24_BE (map.data + 4)
      | (guint) map.data[7] << 24, time);
  /* It need not be aligned, which GST_READ_UINT32_BE() counts on. */
  memcpy (&behind, map.data + TAG_HEADER + *size, sizeof (behind));
  fail_unless_equals_int (GUINT32_FROM_BE (behind), *size + TAG_HEADER);
  body = g_memdup2 (map.data + TAG_HEADER, *size);
  gst_buffer_unmap (tag, &map);
  gst_buffer_unref (tag);
  return body;
}

GST_START_TEST (test_tags_of_video)
{
  static const guint8 heads[] = { 0x17, 0x27, 0x37 };
  EchoelFormat *format = make_video_format ("h264");
  guint kind;
  gsize size;
  guint8 *body;

  body = open_tag (echoel_flv_header (format, 0x1234567), 9, 0x1234567, &size);
  fail_unless (memcmp (body, "\x17\0\0\0\0\1\x64", 7) == 0);
  g_free (body);
  for (kind = KEY; kind <= DISPOSABLE; kind++) {
    EchoelMedia *media = make_video (format, kind, 0, 100);

    media->pts = 66 * GST_MSECOND;
    body = open_tag (echoel_flv_frame (media, 40), 9, 40, &size);
    fail_unless_equals_int (size, 105);
    fail_unless_equals_int (body[0], heads[kind]);
    fail_unless_equals_int (body[1], 1);
    fail_unless_equals_int (GST_READ_UINT24_BE (body + 2), 66);
    g_free (body);
    echoel_media_unref (media);
  }
  echoel_format_unref (format);
}

GST_END_TEST;

GST_START_TEST (test_tags_of_h265_are_extended)
{
  EchoelFormat *format = make_video_format ("h265");
  EchoelMedia *media = make_video (format, INTER, 0, 100);
  gsize size;
  guint8 *body;

  body = open_tag (echoel_flv_header (format, 0), 9, 0, &size);
  fail_unless (memcmp (body, "\x90hvc1\1", 6) == 0);
  fail_unless_equals_int (size, 5 + 23);
  g_free (body);
  body = open_tag (echoel_flv_frame (media, 1), 9, 1, &size);
  fail_unless (memcmp (body, "\xa1hvc1\0\0\0", 8) == 0);
  fail_unless_equals_int (size, 108);
  g_free (body);
  echoel_media_unref (media);
  echoel_format_unref (format);
}

GST_END_TEST;

GST_START_TEST (test_tags_of_sound_and_metadata)
{
  EchoelFormat *video = make_video_format ("h264");
  EchoelFormat *sound = make_sound_format ();
  gsize size;
  guint8 *body;

  body = open_tag (echoel_flv_header (sound, 0), 8, 0, &size);
  fail_unless (size == 4 && memcmp (body, "\xaf\0\x11\x90", 4) == 0);
  g_free (body);
  body = open_tag (echoel_flv_metadata (video, sound), 18, 0, &size);
  fail_unless (memcmp (body, "\2\0\nonMetaData\x8", 14) == 0);
  fail_unless (memcmp (body + 18, "\0\5width\0\x40\x84\0", 11) == 0);
  fail_unless (memcmp (body + size - 3, "\0\0\x9", 3) == 0);
  g_free (body);
  echoel_format_unref (video);
  echoel_format_unref (sound);
}

GST_END_TEST;

static const struct
{
  const gchar *bytes;
  gsize size;
  guint rate, channels, samples;        /* rate 0: is refused */
} configs[] = {
  /* *INDENT-OFF* */
  {"\x11\x90", 2, 48000, 2, 1024},
  {"\x12\x10", 2, 44100, 2, 1024},
  {"\x12\x08", 2, 44100, 1, 1024},
  {"\x11\xb0", 2, 48000, 6, 1024},
  {"\x11\x94", 2, 48000, 2, 960},
  {"\x2b\x11\x88", 3, 24000, 2, 1024},  /* HE-AAC, 24 to 48 kHz */
  {"\x17\x80\x5d\xc0\x10", 5, 48000, 2, 1024},  /* rate written out */
  {"\x11\x80", 2, 0, 0, 0},     /* channels by a program config */
  {"\x16\x90", 2, 0, 0, 0},     /* no such rate */
  {"\x17", 1, 0, 0, 0},
  /* *INDENT-ON* */
};

GST_START_TEST (test_sound_configurations_are_read)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (configs); i++) {
    GBytes *bytes = g_bytes_new_static (configs[i].bytes, configs[i].size);
    EchoelAacConfig config;
    gboolean good = echoel_aac_config_parse (bytes, &config);

    fail_unless_equals_int (good, configs[i].rate != 0);
    if (good) {
      fail_unless_equals_int (config.rate, configs[i].rate);
      fail_unless_equals_int (config.channels, configs[i].channels);
      fail_unless_equals_int (config.frame_samples, configs[i].samples);
    }
    g_bytes_unref (bytes);
  }
}

GST_END_TEST;

GST_START_TEST (test_silence_is_short)
{
  EchoelAacConfig config = { 48000, 2, 2, 1024 };
  guint layout;

  for (layout = 1; layout <= 7; layout++) {
    GBytes *frame;

    config.layout = layout;
    frame = echoel_aac_silence (&config);
    fail_unless (g_bytes_get_size (frame) >= 4
        && g_bytes_get_size (frame) < 32);
    g_bytes_unref (frame);
  }
}

GST_END_TEST;

#define MS G_GINT64_CONSTANT (1000000)

/* How many frames of silence ten seconds of video bring. */
static guint
fill (EchoelAudioFill * f, gint64 from, gint64 to, gboolean expected)
{
  gint64 time, start;
  guint n = 0;

  for (time = from; time < to; time += 40 * MS)
    n += echoel_audio_fill_video (f, time, expected, 20 * MS, &start);
  return n;
}

GST_START_TEST (test_silence_begins_at_once_when_no_sound_can_come)
{
  EchoelAudioFill f = { 0, };

  fail_unless_equals_int (fill (&f, 0, 10000 * MS, FALSE), 499);
  fail_unless (f.end >= 9980 * MS);
}

GST_END_TEST;

GST_START_TEST (test_sound_that_is_late_is_waited_for)
{
  EchoelAudioFill f = { 0, };
  gint64 time;

  fail_unless_equals_int (fill (&f, 0, 960 * MS, TRUE), 0);
  for (time = 0; time < 5000 * MS; time += 20 * MS)
    fail_unless (echoel_audio_fill_sound (&f, time, 20 * MS));
  fail_unless_equals_int (fill (&f, 960 * MS, 5900 * MS, TRUE), 0);
  fail_unless (fill (&f, 5900 * MS, 7000 * MS, TRUE) > 40);
}

GST_END_TEST;

/* Silence up to the picture, then sound goes on where silence ended. */
GST_START_TEST (test_sound_takes_over_again)
{
  EchoelAudioFill f = { 0, };
  gint64 time, last = 0;
  guint refused = 0;

  fill (&f, 0, 3000 * MS, TRUE);
  last = f.end;
  for (time = 2500 * MS; time < 5000 * MS; time += 20 * MS) {
    if (!echoel_audio_fill_sound (&f, time, 20 * MS)) {
      refused++;
      continue;
    }
    fail_unless (time + 10 * MS >= last);
    last = time + 20 * MS;
  }
  fail_unless (refused > 0 && refused < 30);
  fail_unless_equals_uint64 (f.late, refused);
  fail_unless_equals_int (fill (&f, 3000 * MS, 5000 * MS, TRUE), 0);
}

GST_END_TEST;

/* Sound that is always 300 ms behind gets in after silence all the same. */
GST_START_TEST (test_sound_that_lags_takes_over_again)
{
  EchoelAudioFill f = { 0, };
  gint64 time, start, refused = 0, passed = 0;

  fill (&f, 0, 3000 * MS, TRUE);
  for (time = 3000 * MS; time < 6000 * MS; time += 20 * MS) {
    if (time % (40 * MS) == 0)
      fail_unless_equals_int (echoel_audio_fill_video (&f, time, TRUE, 20 * MS,
              &start), time == 3000 * MS ? 2 : 0);
    if (echoel_audio_fill_sound (&f, time - 300 * MS, 20 * MS))
      passed++;
    else
      refused++;
  }
  fail_unless (refused <= 17, "%d refused", (gint) refused);
  fail_unless_equals_int (passed + refused, 150);
}

GST_END_TEST;

static const struct
{
  const gchar *preset;
  EchoelLiveFacts facts;
  const gchar *told;            /* NULL: nothing */
} streams[] = {
  /* *INDENT-OFF* */
  {"twitch", {1920, 1080, 60, 6000, 160, 2}, NULL},
  {"twitch", {1920, 1080, 59.94, 6500, 160, 2.05}, NULL},
  {"twitch", {1920, 1080, 60, 8000, 160, 4},
    "Bitrate 8000 kbit/s is above 6000 kbit/s. "
    "Key frame interval 4 s is above 2 s."},
  {"facebook-live", {2560, 1440, 90, 5000, 128, 2},
    "Width 2560 is above 1920. Height 1440 is above 1080. "
    "Frame rate 90 is above 60."},
  {"custom-live", {7680, 4320, 120, 90000, 500, 20}, NULL},
  {"youtube-live", {0, 0, 0, 0, 0, 0}, NULL},
  /* *INDENT-ON* */
};

GST_START_TEST (test_limits_of_platforms)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (streams); i++) {
    EchoelPreset *preset = echoel_preset_find (streams[i].preset, NULL);
    gchar *text = echoel_live_limits_check (preset, &streams[i].facts);

    fail_unless_equals_string (text, streams[i].told);
    g_free (text);
    echoel_preset_free (preset);
  }
}

GST_END_TEST;

static Suite *
livemedia_suite (void)
{
  Suite *s = suite_create ("livemedia");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_kinds_of_frames_are_seen);
  tcase_add_test (tc, test_lower_layers_are_not_disposable);
  tcase_add_test (tc, test_noise_is_no_key_frame);
  tcase_add_test (tc, test_formats_are_refused_with_advice);
  tcase_add_test (tc, test_tags_of_video);
  tcase_add_test (tc, test_tags_of_h265_are_extended);
  tcase_add_test (tc, test_tags_of_sound_and_metadata);
  tcase_add_test (tc, test_sound_configurations_are_read);
  tcase_add_test (tc, test_silence_is_short);
  tcase_add_test (tc, test_silence_begins_at_once_when_no_sound_can_come);
  tcase_add_test (tc, test_sound_that_is_late_is_waited_for);
  tcase_add_test (tc, test_sound_takes_over_again);
  tcase_add_test (tc, test_limits_of_platforms);
  tcase_add_test (tc, test_sound_that_lags_takes_over_again);
  return s;
}

GST_CHECK_MAIN (livemedia);
