/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelpreset: what its video looks like and how long it may be. */
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <string.h>

#include "presetbench.h"

#define MS GST_MSECOND

static void
push_frame (GstElement * source, gsize size, GstClockTime time,
    GstClockTime duration)
{
  GstBuffer *frame = gst_buffer_new_allocate (NULL, size, NULL);
  GstFlowReturn flow;

  gst_buffer_memset (frame, 0, 128, size);
  GST_BUFFER_PTS (frame) = time;
  GST_BUFFER_DURATION (frame) = duration;
  g_signal_emit_by_name (source, "push-buffer", frame, &flow);
  gst_buffer_unref (frame);
  fail_unless_equals_int (flow, GST_FLOW_OK);
}

static const struct
{
  const gchar *line, *format, *profile;
  guint width, height;
  gint fps_n, fps_d;
} streams[] = {
  /* *INDENT-OFF* */
  {"platform=tiktok resolution=72x128", "avc", "high", 72, 128, 30, 1},
  {"platform=custom-live resolution=64x64 framerate=24000/1001",
      "byte-stream", "high", 64, 64, 24000, 1001},
  {"platform=youtube resolution=original framerate=120/1", "avc", "high",
      214, 90, 120, 1},
  /* High, and no B frames. */
  {"platform=tiktok resolution=72x128 encoder=openh264enc", "avc",
      "constrained-high", 72, 128, 30, 1},
  {"platform=twitch resolution=128x72 framerate=60/1 encoder=openh264enc",
      "byte-stream", "constrained-high", 128, 72, 60, 1},
  /* *INDENT-ON* */
};

static void
assert_high_profile (const GstStructure * s)
{
  const GValue *value = gst_structure_get_value (s, "codec_data");
  guint8 head[2] = { 0, };

  fail_unless (value != NULL);
  gst_buffer_extract (gst_value_get_buffer (value), 0, head, 2);
  fail_unless_equals_int (head[0], 1);
  fail_unless_equals_int (head[1], 100);
}

GST_START_TEST (test_stream_is_what_the_platform_wants)
{
  Bench *bench = bench_new ("videotestsrc num-buffers=10 ! video/x-raw,"
      "width=160,height=90,pixel-aspect-ratio=4/3,framerate=25/1 "
      "! echoelpreset name=p %s ! video/x-h264,stream-format=%s "
      "! fakesink name=video", streams[__i__].line, streams[__i__].format);
  GstCaps *caps;
  GstStructure *s;
  gint width = 0, height = 0, n = 0, d = 0;

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  caps = bench_caps (bench, "video");
  s = gst_caps_get_structure (caps, 0);
  gst_structure_get (s, "width", G_TYPE_INT, &width, "height", G_TYPE_INT,
      &height, "framerate", GST_TYPE_FRACTION, &n, &d, NULL);
  fail_unless_equals_int (width, streams[__i__].width);
  fail_unless_equals_int (height, streams[__i__].height);
  fail_unless_equals_int (n, streams[__i__].fps_n);
  fail_unless_equals_int (d, streams[__i__].fps_d);
  fail_unless (gst_structure_get_fraction (s, "pixel-aspect-ratio", &n, &d));
  fail_unless (n == 1 && d == 1);
  fail_unless_equals_string (gst_structure_get_string (s, "profile"),
      streams[__i__].profile);
  fail_unless_equals_string (gst_structure_get_string (s, "alignment"), "au");
  fail_unless_equals_string (gst_structure_get_string (s, "colorimetry"),
      "bt709");
  if (strcmp (streams[__i__].format, "avc") == 0)
    assert_high_profile (s);
  gst_caps_unref (caps);
  bench_free (bench);
}

GST_END_TEST;

typedef struct
{
  GstClockTime time, duration;
} Frame;

#define MAX_FRAMES 80

static guint
jittery (Frame * frames)
{
  GRand *rand = g_rand_new_with_seed (20240602);
  guint i;

  for (i = 0; i < 50; i++) {
    frames[i].time = i * 33 * MS + (i ? g_rand_int_range (rand, 0, 30) : 0)
        * MS;
    frames[i].duration = GST_CLOCK_TIME_NONE;
  }
  g_rand_free (rand);
  return 50;
}

static guint
with_gaps (Frame * frames)
{
  /* videorate gives half of a gap before a last frame without a duration to
   * the frame before it, so the last gap is a small one. */
  static const guint ms[] = { 0, 33, 66, 900, 933, 1500, 1501, 1502, 1970,
    2000
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (ms); i++) {
    frames[i].time = ms[i] * MS;
    frames[i].duration = i % 2 ? 33 * MS : GST_CLOCK_TIME_NONE;
  }
  return G_N_ELEMENTS (ms);
}

static guint
steady (Frame * frames, guint fps_n, guint fps_d)
{
  guint i;

  for (i = 0; i < 60; i++) {
    frames[i].time = gst_util_uint64_scale (i, fps_d * GST_SECOND, fps_n);
    frames[i].duration = gst_util_uint64_scale (i + 1, fps_d * GST_SECOND,
        fps_n) - frames[i].time;
  }
  return 60;
}

static guint
film (Frame * frames)
{
  return steady (frames, 24000, 1001);
}

static guint
fast (Frame * frames)
{
  return steady (frames, 60, 1);
}

static guint
ntsc (Frame * frames)
{
  return steady (frames, 30000, 1001);
}

static const struct
{
  guint (*make) (Frame * frames);
  const gchar *in, *usage;
  gint fps_n, fps_d;
} rates[] = {
  /* *INDENT-OFF* */
  {jittery, "0/1", "export", 30, 1},
  {jittery, "30/1", "live", 30, 1},
  {with_gaps, "0/1", "export", 30, 1},
  {with_gaps, "30/1", "live", 30000, 1001},
  {film, "24000/1001", "export", 30, 1},
  {film, "24000/1001", "export", 60, 1},
  {fast, "60/1", "export", 30, 1},
  {fast, "60/1", "live", 24000, 1001},
  {ntsc, "30000/1001", "export", 30000, 1001},
  {ntsc, "0/1", "live", 120, 1},
  /* *INDENT-ON* */
};

/* Frame k stands at k/fps, rounded once, whatever came in. */
GST_START_TEST (test_rate_is_constant_for_any_times)
{
  Bench *bench = bench_new ("appsrc name=source format=time max-bytes=0 "
      "caps=video/x-raw,format=I420,width=160,height=90,framerate=%s "
      "! " BENCH_SMALL "usage=%s framerate=%d/%d ! fakesink name=video",
      rates[__i__].in, rates[__i__].usage, rates[__i__].fps_n,
      rates[__i__].fps_d);
  GstElement *source = bench_part (bench, "source");
  GstClockTime period = gst_util_uint64_scale_ceil (GST_SECOND,
      rates[__i__].fps_d, rates[__i__].fps_n);
  Frame frames[MAX_FRAMES];
  guint i, n = rates[__i__].make (frames);
  GstFlowReturn flow;
  GArray *times;

  for (i = 0; i < n; i++)
    push_frame (source, 160 * 90 + 2 * 80 * 45, frames[i].time,
        frames[i].duration);
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);

  times = bench_times (&bench->video);
  fail_unless (times->len > 10);
  for (i = 0; i < times->len; i++) {
    GstClockTime time = g_array_index (times, GstClockTime, i);
    GstClockTime want = gst_util_uint64_scale (i,
        rates[__i__].fps_d * GST_SECOND, rates[__i__].fps_n);

    fail_unless (time == want || time == want + 1, "frame %u is at %"
        GST_TIME_FORMAT " and not at %" GST_TIME_FORMAT, i,
        GST_TIME_ARGS (time), GST_TIME_ARGS (want));
  }
  /* All of it, but for the last frame's own duration. */
  fail_unless (times->len * period + period / 2 >= frames[n - 1].time,
      "%u frames are too few", times->len);
  fail_unless (times->len * period <= frames[n - 1].time + 100 * MS,
      "%u frames are too many", times->len);
  g_array_unref (times);
  gst_object_unref (source);
  bench_free (bench);
}

GST_END_TEST;

/* A source that stops in the middle of a frame leaves the last one as long as
 * the others: what is made is of one rate. */
GST_START_TEST (test_last_frame_is_whole_when_the_source_stops_inside_it)
{
  GstElement *preset = gst_element_factory_make ("echoelpreset", NULL);
  GstBuffer *encoded;
  GstSegment segment;
  GstHarness *h;
  guint i, n = 0;

  g_object_set (preset, "platform", "youtube", "resolution", "128x72",
      "framerate", 30, 1, NULL);
  h = gst_harness_new_with_element (preset, "video_sink", "video_src");
  gst_harness_set_src_caps_str (h, "video/x-raw,format=I420,width=128,"
      "height=72,framerate=30/1,colorimetry=bt709");
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.stop = GST_SECOND / 2 - 15 * MS;
  fail_unless (gst_harness_push_event (h, gst_event_new_segment (&segment)));
  for (i = 0; i < 15; i++) {
    GstBuffer *frame = gst_harness_create_buffer (h, 128 * 72 * 3 / 2);

    gst_buffer_memset (frame, 0, 128, 128 * 72 * 3 / 2);
    GST_BUFFER_PTS (frame) = gst_util_uint64_scale (i, GST_SECOND, 30);
    GST_BUFFER_DURATION (frame) = GST_SECOND / 30;
    fail_unless_equals_int (gst_harness_push (h, frame), GST_FLOW_OK);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((encoded = gst_harness_try_pull (h)) != NULL) {
    GstClockTime duration = GST_BUFFER_DURATION (encoded);

    fail_unless (duration == GST_SECOND / 30
        || duration == GST_SECOND / 30 + 1, "frame %u lasts %"
        GST_TIME_FORMAT, n, GST_TIME_ARGS (duration));
    gst_buffer_unref (encoded);
    n++;
  }
  fail_unless_equals_int (n, 15);
  gst_harness_teardown (h);
  gst_object_unref (preset);
}

GST_END_TEST;

/* Played backwards, each frame ends where the one before it began: nothing of
 * that lies beyond the end. */
GST_START_TEST (test_frames_are_kept_when_played_backwards)
{
  GstElement *preset = gst_element_factory_make ("echoelpreset", NULL);
  GstStructure *stats = NULL;
  GstSegment segment;
  GstHarness *h;
  guint64 n = 0;
  guint i;

  g_object_set (preset, "platform", "youtube", "resolution", "128x72",
      "framerate", 30, 1, NULL);
  h = gst_harness_new_with_element (preset, "video_sink", "video_src");
  gst_harness_set_src_caps_str (h, "video/x-raw,format=I420,width=128,"
      "height=72,framerate=30/1,colorimetry=bt709");
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = segment.position = GST_SECOND;
  fail_unless (gst_harness_push_event (h, gst_event_new_segment (&segment)));
  for (i = 30; i > 0; i--) {
    GstBuffer *frame = gst_harness_create_buffer (h, 128 * 72 * 3 / 2);

    gst_buffer_memset (frame, 0, 128, 128 * 72 * 3 / 2);
    GST_BUFFER_PTS (frame) = gst_util_uint64_scale (i - 1, GST_SECOND, 30);
    GST_BUFFER_DURATION (frame) = GST_SECOND / 30;
    gst_harness_push (h, frame);
  }
  g_object_get (preset, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, "frames-in", &n));
  fail_unless (n >= 28, "%u of 30 frames", (guint) n);
  gst_structure_free (stats);
  gst_harness_teardown (h);
  gst_object_unref (preset);
}

GST_END_TEST;

static const struct
{
  const gchar *line;
  gint fps;
  gboolean exact;
} keys[] = {
  /* *INDENT-OFF* */
  {"usage=live framerate=30/1", 30, TRUE},
  {"usage=live framerate=60/1", 60, TRUE},
  {"usage=live framerate=30/1 encoder=openh264enc", 30, TRUE},
  {"usage=live framerate=60/1 encoder=openh264enc", 60, TRUE},
  {"usage=export framerate=30/1", 30, FALSE},
  {"usage=export framerate=60/1", 60, FALSE},
  {"usage=export framerate=30/1 encoder=openh264enc", 30, FALSE},
  /* *INDENT-ON* */
};

/* Seven seconds of a picture that changes at every frame. */
GST_START_TEST (test_key_frames_come_every_two_seconds)
{
  Bench *bench = bench_new ("videotestsrc pattern=blink num-buffers=%d "
      "! video/x-raw,width=128,height=72,framerate=%d/1 ! " BENCH_SMALL
      "%s ! fakesink name=video", keys[__i__].fps * 7, keys[__i__].fps,
      keys[__i__].line);
  GstClockTime last = 0;
  guint i, n = 0;

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  for (i = 0; i < bench->video.frames->len; i++) {
    const BenchFrame *frame = &g_array_index (bench->video.frames, BenchFrame,
        i);

    if (!frame->key)
      continue;
    fail_unless (i > 0 || frame->time == 0);
    if (keys[__i__].exact)
      fail_unless (frame->time == 2 * n * GST_SECOND, "key frame %u is at %"
          GST_TIME_FORMAT, n, GST_TIME_ARGS (frame->time));
    fail_unless (frame->time - last <= 2 * GST_SECOND, "%" GST_TIME_FORMAT
        " has no key frame", GST_TIME_ARGS (frame->time - last));
    last = frame->time;
    n++;
  }
  fail_unless_equals_int (bench->video.frames->len, keys[__i__].fps * 7);
  fail_unless (n >= 4, "%u key frames in 7 s", n);
  bench_free (bench);
}

GST_END_TEST;

/* Where the encoder's bitrate was written from. Guarded by lock. */
typedef struct
{
  GMutex lock;
  GCond cond;
  GThread *streaming, *writer;
  guint bitrate;
  guint n;
} Writes;

static GstPadProbeReturn
note_thread (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Writes *writes = user_data;

  g_mutex_lock (&writes->lock);
  writes->streaming = g_thread_self ();
  g_mutex_unlock (&writes->lock);
  return GST_PAD_PROBE_OK;
}

static void
note_write (GstElement * encoder, GParamSpec * pspec, gpointer user_data)
{
  Writes *writes = user_data;

  g_mutex_lock (&writes->lock);
  g_object_get (encoder, "bitrate", &writes->bitrate, NULL);
  writes->writer = g_thread_self ();
  writes->n++;
  g_cond_broadcast (&writes->cond);
  g_mutex_unlock (&writes->lock);
}

static void
expect_write (Writes * writes, guint bitrate)
{
  gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&writes->lock);
  while (writes->n == 0)
    fail_unless (g_cond_wait_until (&writes->cond, &writes->lock, end),
        "the encoder never got the bitrate");
  fail_unless_equals_int (writes->n, 1);
  fail_unless_equals_int (writes->bitrate, bitrate);
  fail_unless (writes->writer != g_thread_self ());
  fail_unless (writes->writer == writes->streaming);
  writes->n = 0;
  g_mutex_unlock (&writes->lock);
}

static const struct
{
  const gchar *encoder;
  guint unit;                   /* of its bitrate, in 1/kbit/s */
} bitrate_encoders[] = { {"x264enc", 1}, {"openh264enc", 1000} };

static void
watch_encoder (Bench * bench, Writes * writes)
{
  GstElement *encoder;
  GstPad *pad;

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  encoder = bench_part (bench, "video-encoder");
  pad = gst_element_get_static_pad (encoder, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, note_thread, writes, NULL);
  g_signal_connect (encoder, "notify::bitrate", G_CALLBACK (note_write),
      writes);
  gst_object_unref (pad);
  gst_object_unref (encoder);
}

/* Refused with a warning; the next frames find the bitrate unchanged. */
static void
assert_bitrate_refused (Bench * bench, Writes * writes, gint wrong)
{
  guint warnings = bench_count (bench, GST_MESSAGE_WARNING, 0), seen;
  gchar *words = g_strdup_printf ("bitrate=%d is not possible", wrong);
  gint bitrate = 0;

  g_object_set (bench->preset, "bitrate", wrong, NULL);
  bench_expect (bench, GST_MESSAGE_WARNING, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS, words);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0),
      warnings + 1);
  g_mutex_lock (&bench->lock);
  seen = bench->video.frames->len;
  g_mutex_unlock (&bench->lock);
  bench_wait_frames (bench, &bench->video, seen + 20);
  g_mutex_lock (&writes->lock);
  fail_unless_equals_int (writes->n, 0);
  g_mutex_unlock (&writes->lock);
  g_object_get (bench->preset, "bitrate", &bitrate, NULL);
  fail_unless_equals_int (bitrate, 900);
  g_free (words);
}

GST_START_TEST (test_bitrate_takes_effect_when_playing)
{
  Bench *bench = bench_new ("videotestsrc pattern=ball ! video/x-raw,"
      "width=128,height=72,framerate=30/1 ! " BENCH_SMALL "framerate=30/1 "
      "usage=live encoder=%s ! fakesink name=video",
      bitrate_encoders[__i__].encoder);
  guint unit = bitrate_encoders[__i__].unit;
  Writes writes = { 0, };

  g_mutex_init (&writes.lock);
  g_cond_init (&writes.cond);
  watch_encoder (bench, &writes);
  fail_unless (bench_start (bench));
  bench_wait_frames (bench, &bench->video, 5);
  g_object_set (bench->preset, "bitrate", 700, NULL);
  expect_write (&writes, 700 * unit);
  g_object_set (bench->preset, "bitrate", -1, NULL);
  expect_write (&writes, 8000 * unit);
  g_object_set (bench->preset, "bitrate", 900, NULL);
  expect_write (&writes, 900 * unit);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  assert_bitrate_refused (bench, &writes, 0);
  assert_bitrate_refused (bench, &writes, 500001);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  bench_free (bench);
  g_mutex_clear (&writes.lock);
  g_cond_clear (&writes.cond);
}

GST_END_TEST;

typedef struct
{
  gint samples;                 /* atomic: raw, at the encoder */
} Sound;

static GstPadProbeReturn
count_samples (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Sound *sound = user_data;
  GstCaps *caps = gst_pad_get_current_caps (pad);
  GstStructure *s = gst_caps_get_structure (caps, 0);
  const gchar *format = gst_structure_get_string (s, "format");
  gint channels = 0, width = g_str_has_prefix (format, "F32") ? 4 : 2;

  gst_structure_get_int (s, "channels", &channels);
  g_atomic_int_add (&sound->samples, (gint)
      gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info))
      / (channels * width));
  gst_caps_unref (caps);
  return GST_PAD_PROBE_OK;
}

static const struct
{
  const gchar *settings;
  guint64 limit;                /* ns */
  guint frames, samples;
} trims[] = {
  /* *INDENT-OFF* */
  {"framerate=30/1", GST_SECOND, 30, 48000},
  {"framerate=30/1", GST_SECOND - 1, 29, 46400},
  {"framerate=30/1 usage=live", 500 * MS, 15, 24000},
  {"framerate=24000/1001", GST_SECOND, 23, 46046},
  {"framerate=30/1 encoder=openh264enc", GST_SECOND, 30, 48000},
  {"framerate=30/1", 1, 1, 1600},
  /* *INDENT-ON* */
};

/* The sources never end by themselves. */
GST_START_TEST (test_trim_ends_both_streams_at_the_limit)
{
  Bench *bench = bench_new ("videotestsrc ! video/x-raw,width=128,height=72,"
      "framerate=25/1 ! " BENCH_SMALL "%s duration-policy=trim "
      "max-duration=%" G_GUINT64_FORMAT " ! queue ! fakesink name=video  "
      "audiotestsrc samplesperbuffer=441 ! audio/x-raw,rate=44100,channels=1 "
      "! p.audio_sink  p.audio_src ! fakesink name=audio",
      trims[__i__].settings, trims[__i__].limit);
  Sound sound = { 0 };
  GstElement *encoder;
  GstPad *pad;
  guint again;

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  encoder = bench_part (bench, "audio-encoder");
  pad = gst_element_get_static_pad (encoder, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, count_samples, &sound,
      NULL);
  gst_object_unref (pad);
  gst_object_unref (encoder);
  for (again = 0; again < 2; again++) {
    g_atomic_int_set (&sound.samples, 0);
    fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
    fail_unless_equals_int (bench->video.frames->len, trims[__i__].frames);
    fail_unless_equals_int (g_atomic_int_get (&sound.samples),
        trims[__i__].samples);
    fail_unless_equals_int (bench->video.n_eos, 1);
    fail_unless_equals_int (bench->audio.n_eos, 1);
    fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
    bench_rewind (bench);
  }
  bench_free (bench);
}

GST_END_TEST;

/* identity hides the end from the duration query, num-buffers does not. */
#define KNOWN "videotestsrc name=source num-buffers=60 ! video/x-raw," \
    "width=128,height=72,framerate=30/1 ! "
#define SEEN "videotestsrc name=source ! video/x-raw,width=128,height=72," \
    "framerate=30/1 ! identity eos-after=61 ! "

static const struct
{
  const gchar *source, *settings, *warning;
} longs[] = {
  /* *INDENT-OFF* */
  {KNOWN, "max-duration=1000000000",
      "The video lasts 2.000 s, YouTube Video takes at most 1.000 s."},
  {SEEN, "max-duration=1000000000",
      "The video lasts 2.000 s, YouTube Video takes at most 1.000 s."},
  {KNOWN, "max-duration=2000000000", NULL},
  {SEEN, "max-duration=2000000000", NULL},
  {KNOWN, "max-duration=1000000000 duration-policy=ignore", NULL},
  {SEEN, "max-duration=1000000000 duration-policy=ignore", NULL},
  {KNOWN, "", NULL},
  {SEEN, "", NULL},
  {KNOWN, "max-duration=0", NULL},
  {KNOWN, "max-duration=0 duration-policy=error", NULL},
  {KNOWN, "duration-policy=trim", NULL},
  {SEEN, "max-duration=2000000000 duration-policy=error", NULL},
  /* *INDENT-ON* */
};

GST_START_TEST (test_long_video_is_told_once)
{
  Bench *bench = bench_new ("%s" BENCH_SMALL "framerate=30/1 %s "
      "! fakesink name=video", longs[__i__].source, longs[__i__].settings);
  const gchar *words = longs[__i__].warning;
  guint again;

  for (again = 0; again < 3; again++) {
    fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
    fail_unless_equals_int (bench->video.frames->len, 60);
    if (words != NULL)
      bench_expect (bench, GST_MESSAGE_WARNING, GST_STREAM_ERROR,
          GST_STREAM_ERROR_ENCODE, words);
    fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0),
        words != NULL);
    bench_rewind (bench);
  }
  bench_free (bench);
}

GST_END_TEST;

static const struct
{
  const gchar *source, *words;
  guint most;                   /* frames */
} errors[] = {
  /* *INDENT-OFF* */
  {KNOWN, "The video lasts 2.000 s, YouTube Video takes at most 1.000 s.", 0},
  {SEEN, "The video lasts longer than the 1.000 s that YouTube Video takes.",
      30},
  /* *INDENT-ON* */
};

/* Set when the source has sent the end. Guarded by the bench's lock. */
typedef struct
{
  Bench *bench;
  gboolean sent;
} End;

static GstPadProbeReturn
note_end (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  End *end = user_data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&end->bench->lock);
  end->sent = TRUE;
  g_cond_broadcast (&end->bench->cond);
  g_mutex_unlock (&end->bench->lock);
  return GST_PAD_PROBE_OK;
}

/* Until the source has sent the end and nobody handles it any more. */
static void
wait_for_end (End * end, GstPad * pad)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&end->bench->lock);
  while (!end->sent)
    fail_unless (g_cond_wait_until (&end->bench->cond, &end->bench->lock,
            deadline), "the source never gave up");
  g_mutex_unlock (&end->bench->lock);
  GST_PAD_STREAM_LOCK (pad);
  GST_PAD_STREAM_UNLOCK (pad);
}

/* A muxer that sees the end would finish a file that nobody may use. */
GST_START_TEST (test_long_video_never_ends_when_that_is_an_error)
{
  Bench *bench = bench_new ("%s" BENCH_SMALL "framerate=30/1 "
      "duration-policy=error max-duration=1000000000 "
      "! fakesink name=video async=false", errors[__i__].source);
  GstElement *source = bench_part (bench, "source");
  GstPad *pad = gst_element_get_static_pad (source, "src");
  End end = { bench, FALSE };

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note_end, &end,
      NULL);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_ERROR);
  wait_for_end (&end, pad);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_STREAM_ERROR,
      GST_STREAM_ERROR_ENCODE, errors[__i__].words);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  fail_unless_equals_int (bench->video.n_eos, 0);
  fail_unless (bench->video.frames->len <= errors[__i__].most,
      "%u frames", bench->video.frames->len);
  gst_object_unref (pad);
  gst_object_unref (source);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
echoelpresetvideo_suite (void)
{
  Suite *s = suite_create ("echoelpresetvideo");
  TCase *tc = tcase_create ("video");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_stream_is_what_the_platform_wants, 0,
      G_N_ELEMENTS (streams));
  tcase_add_loop_test (tc, test_rate_is_constant_for_any_times, 0,
      G_N_ELEMENTS (rates));
  tcase_add_test (tc, test_last_frame_is_whole_when_the_source_stops_inside_it);
  tcase_add_test (tc, test_frames_are_kept_when_played_backwards);
  tcase_add_loop_test (tc, test_key_frames_come_every_two_seconds, 0,
      G_N_ELEMENTS (keys));
  tcase_add_loop_test (tc, test_bitrate_takes_effect_when_playing, 0,
      G_N_ELEMENTS (bitrate_encoders));
  tcase_add_loop_test (tc, test_trim_ends_both_streams_at_the_limit, 0,
      G_N_ELEMENTS (trims));
  tcase_add_loop_test (tc, test_long_video_is_told_once, 0,
      G_N_ELEMENTS (longs));
  tcase_add_loop_test (tc, test_long_video_never_ends_when_that_is_an_error, 0,
      G_N_ELEMENTS (errors));
  return s;
}

GST_CHECK_MAIN (echoelpresetvideo);
