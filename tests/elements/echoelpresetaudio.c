/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelpreset: its audio half, also when no audio comes. */
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>
#include <string.h>

#include "presetbench.h"

#define VIDEO "videotestsrc num-buffers=30 ! video/x-raw,width=128,height=72," \
    "framerate=30/1 ! " BENCH_SMALL "framerate=30/1 "
#define AUDIO_CAPS "audio/x-raw,format=S16LE,layout=interleaved,rate=48000," \
    "channels=2"

/* Replaces real time, which the element asks once a second. */
static GstClock *test_clock;

static void
set_up_clock (void)
{
  test_clock = gst_test_clock_new ();
  gst_system_clock_set_default (test_clock);
}

static void
take_down_clock (void)
{
  gst_system_clock_set_default (NULL);
  gst_clear_object (&test_clock);
}

/* A second passes. Returns: whether anybody waits for that.
 *
 * The entry is called by hand: some versions of the test clock use an entry
 * again that unscheduled itself. */
static gboolean
tick (void)
{
  GstClockID id = NULL;
  GstClockEntry *entry;

  if (!gst_test_clock_peek_next_pending_id (GST_TEST_CLOCK (test_clock), &id))
    return FALSE;
  entry = (GstClockEntry *) id;
  entry->func (test_clock, GST_CLOCK_ENTRY_TIME (entry), id, entry->user_data);
  gst_clock_id_unref (id);
  return TRUE;
}

static void
assert_aac (GstCaps * caps)
{
  GstStructure *s = gst_caps_get_structure (caps, 0);
  gint version = 0, rate = 0, channels = 0;

  fail_unless (gst_structure_has_name (s, "audio/mpeg"));
  gst_structure_get (s, "mpegversion", G_TYPE_INT, &version, "rate",
      G_TYPE_INT, &rate, "channels", G_TYPE_INT, &channels, NULL);
  fail_unless_equals_int (version, 4);
  fail_unless_equals_int (rate, 48000);
  fail_unless_equals_int (channels, 2);
  fail_unless_equals_string (gst_structure_get_string (s, "base-profile"),
      "lc");
  gst_caps_unref (caps);
}

static gboolean
has_pad (GstElement * element, const gchar * name)
{
  GstPad *pad = gst_element_get_static_pad (element, name);
  gboolean has = pad != NULL;

  gst_clear_object (&pad);
  return has;
}

static const gchar *inputs[] = {
  /* *INDENT-OFF* */
  "rate=44100,channels=1",
  "rate=48000,channels=6,channel-mask=(bitmask)0x3f",
  "rate=48000,channels=2",
  "rate=8000,channels=1",
  "rate=96000,channels=2,format=S32LE",
  /* *INDENT-ON* */
};

GST_START_TEST (test_audio_is_aac_for_any_input)
{
  Bench *bench = bench_new (VIDEO "! fakesink name=video  audiotestsrc "
      "num-buffers=100 samplesperbuffer=480 ! audio/x-raw,%s "
      "! p.audio_sink  p.audio_src ! fakesink name=audio", inputs[__i__]);

  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  assert_aac (bench_caps (bench, "audio"));
  fail_unless (bench->audio.frames->len > 20);
  fail_unless_equals_int (bench->audio.n_eos, 1);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  bench_free (bench);
}

GST_END_TEST;

static guint n_added, n_removed;

static void
count_pad (GstElement * element, GstPad * pad, guint * count)
{
  (*count) += g_strcmp0 (GST_OBJECT_NAME (pad), "audio_src") == 0;
}

static void
watch_pads (GstElement * preset)
{
  n_added = n_removed = 0;
  g_signal_connect (preset, "pad-added", G_CALLBACK (count_pad), &n_added);
  g_signal_connect (preset, "pad-removed", G_CALLBACK (count_pad), &n_removed);
}

static const GstState states[] = {
  GST_STATE_NULL, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING
};

/* The pads come and go together, in any state and again and again. */
GST_START_TEST (test_audio_pads_can_be_requested_in_any_state)
{
  Bench *bench = bench_new (BENCH_SMALL);
  GstPadTemplate *template = gst_element_get_pad_template (bench->preset,
      "audio_sink");
  guint i;

  watch_pads (bench->preset);
  gst_element_set_state (bench->pipeline, states[__i__]);
  for (i = 1; i < 4; i++) {
    GstPad *pad = gst_element_request_pad_simple (bench->preset, "audio_sink");

    fail_unless (pad != NULL);
    fail_unless (has_pad (bench->preset, "audio_src"));
    fail_unless_equals_int (n_added, i);
    fail_unless_equals_int (gst_pad_is_active (pad),
        states[__i__] > GST_STATE_READY);
    fail_unless (gst_element_request_pad (bench->preset, template, NULL,
            NULL) == NULL);
    fail_unless_equals_int (n_added, i);
    gst_element_release_request_pad (bench->preset, pad);
    fail_if (has_pad (bench->preset, "audio_sink"));
    fail_if (has_pad (bench->preset, "audio_src"));
    fail_if (bench_has_part (bench, "audio-encoder"));
    fail_unless_equals_int (n_removed, i);
    gst_object_unref (pad);
  }
  bench_free (bench);
}

GST_END_TEST;

static GstHarness *
feed_audio (GstElement * preset)
{
  GstHarness *harness = gst_harness_new_with_element (preset, "audio_sink",
      "audio_src");

  gst_harness_set_src_caps_str (harness, AUDIO_CAPS);
  return harness;
}

static void
push_audio (GstHarness * harness, guint64 first, guint n)
{
  GstBuffer *buffer = gst_harness_create_buffer (harness, n * 4);

  gst_buffer_memset (buffer, 0, 0, n * 4);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (first, GST_SECOND, 48000);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n, GST_SECOND, 48000);
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
}

static void
push_video (GstHarness * harness, guint64 first, guint n)
{
  for (; n > 0; n--, first++) {
    GstBuffer *buffer = gst_harness_create_buffer (harness, 128 * 72 * 3 / 2);

    gst_buffer_memset (buffer, 0, 128, 128 * 72 * 3 / 2);
    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (first, GST_SECOND, 30);
    GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
    fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
  }
}

/* Waits for the end of the audio. Returns: how many buffers came before. */
static guint
count_to_end (GstHarness * harness)
{
  guint n = 0;

  for (;;) {
    GstEvent *event = gst_harness_pull_event (harness);
    gboolean end;

    fail_unless (event != NULL, "the audio does not end");
    end = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
    gst_event_unref (event);
    if (end)
      break;
  }
  for (; gst_harness_buffers_in_queue (harness) > 0; n++)
    gst_buffer_unref (gst_harness_pull (harness));
  return n;
}

/* echoelpreset fed by hand; audio NULL when it is not connected. */
typedef struct
{
  GstElement *preset;
  GstHarness *video, *audio;
  GstBus *bus;
} Rig;

static void
rig_init (Rig * rig, const gchar * usage)
{
  rig->preset = gst_element_factory_make ("echoelpreset", NULL);
  g_object_set (rig->preset, "platform", "youtube", "resolution", "128x72",
      "framerate", 30, 1, NULL);
  gst_util_set_object_arg (G_OBJECT (rig->preset), "usage", usage);
  rig->bus = gst_bus_new ();
  gst_element_set_bus (rig->preset, rig->bus);
  rig->audio = NULL;
  rig->video = gst_harness_new_with_element (rig->preset, "video_sink",
      "video_src");
  gst_harness_set_src_caps_str (rig->video, "video/x-raw,format=I420,"
      "width=128,height=72,framerate=30/1,colorimetry=bt709");
}

static guint
count_warnings (Rig * rig)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (rig->bus, GST_MESSAGE_WARNING
              | GST_MESSAGE_ERROR)) != NULL) {
    fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING);
    n++;
    gst_message_unref (message);
  }
  return n;
}

/* It was there before the end was: a program that stops there heard it. */
static void
expect_warning (Rig * rig)
{
  GstMessage *message = gst_bus_pop_filtered (rig->bus,
      GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  GError *error = NULL;

  fail_unless (message != NULL, "nobody warned");
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR,
          GST_STREAM_ERROR_FAILED));
  fail_unless (strstr (error->message, "No audio arrived") != NULL, "%s",
      error->message);
  g_error_free (error);
  gst_message_unref (message);
}

static void
rig_clear (Rig * rig)
{
  fail_unless_equals_int (count_warnings (rig), 0);
  gst_element_set_bus (rig->preset, NULL);
  if (rig->audio != NULL)
    gst_harness_teardown (rig->audio);
  gst_harness_teardown (rig->video);
  gst_object_unref (rig->preset);
  gst_bus_set_flushing (rig->bus, TRUE);
  gst_object_unref (rig->bus);
}

/* A track with nothing but silence, so that a file has what was asked for. */
static void
assert_short_track (Rig * rig)
{
  guint n = count_to_end (rig->audio);

  fail_unless (n >= 1 && n <= 4, "%u buffers", n);
  assert_aac (gst_pad_get_current_caps (rig->audio->sinkpad));
}

GST_START_TEST (test_released_audio_can_be_requested_again_when_playing)
{
  Rig rig;

  rig_init (&rig, "export");
  rig.audio = feed_audio (rig.preset);
  push_video (rig.video, 0, 10);
  push_audio (rig.audio, 0, 9600);
  gst_harness_teardown (rig.audio);
  fail_if (has_pad (rig.preset, "audio_sink"));
  fail_if (has_pad (rig.preset, "audio_src"));
  push_video (rig.video, 10, 10);
  rig.audio = feed_audio (rig.preset);
  push_audio (rig.audio, 9600, 9600);
  push_video (rig.video, 20, 10);
  fail_unless (gst_harness_push_event (rig.audio, gst_event_new_eos ()));
  fail_unless (count_to_end (rig.audio) >= 9);
  assert_aac (gst_pad_get_current_caps (rig.audio->sinkpad));
  rig_clear (&rig);
}

GST_END_TEST;

/* Sound keeps streaming into the pad while it goes away. */
GST_START_TEST (test_audio_can_be_released_when_it_streams)
{
  Bench *bench = bench_new ("videotestsrc ! video/x-raw,width=128,height=72,"
      "framerate=30/1 ! " BENCH_SMALL "framerate=30/1 ! queue "
      "! fakesink name=video  audiotestsrc name=tone ! p.audio_sink  "
      "p.audio_src ! queue name=hold ! fakesink name=audio");
  GstElement *tone = bench_part (bench, "tone");
  GstElement *hold = bench_part (bench, "hold");
  GstPad *pad;
  guint i, seen;

  fail_unless (bench_start (bench));
  for (i = 0; i < 5; i++) {
    g_mutex_lock (&bench->lock);
    seen = bench->audio.frames->len;
    g_mutex_unlock (&bench->lock);
    bench_wait_frames (bench, &bench->audio, seen + 5);
    pad = gst_element_get_static_pad (bench->preset, "audio_sink");
    gst_element_release_request_pad (bench->preset, pad);
    gst_object_unref (pad);
    fail_if (has_pad (bench->preset, "audio_src"));
    g_mutex_lock (&bench->lock);
    seen = bench->video.frames->len;
    g_mutex_unlock (&bench->lock);
    bench_wait_frames (bench, &bench->video, seen + 10);
    gst_element_set_state (tone, GST_STATE_READY);
    fail_unless (gst_element_link_pads (tone, "src", bench->preset,
            "audio_sink"));
    fail_unless (gst_element_link_pads (bench->preset, "audio_src", hold,
            "sink"));
    gst_element_sync_state_with_parent (tone);
  }
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  gst_object_unref (tone);
  gst_object_unref (hold);
  bench_free (bench);
}

GST_END_TEST;

/* Video stops after a second or goes on for longer than the limit: once a
 * second is enough, since nobody is there who could still push. */
static const guint unconnected[] = { 30, 151 };

GST_START_TEST (test_audio_is_ended_when_nobody_is_connected)
{
  GstPad *pad;
  Rig rig;

  rig_init (&rig, "export");
  pad = gst_element_request_pad_simple (rig.preset, "audio_sink");
  rig.audio = gst_harness_new_with_element (rig.preset, NULL, "audio_src");
  fail_if (tick ());
  push_video (rig.video, 0, unconnected[__i__]);
  if (unconnected[__i__] < 150) {
    fail_unless (tick ());
    fail_unless_equals_int (gst_harness_buffers_in_queue (rig.audio), 0);
    gst_harness_push_event (rig.video, gst_event_new_eos ());
  }
  fail_unless (tick ());
  assert_short_track (&rig);
  expect_warning (&rig);
  fail_if (tick ());
  rig_clear (&rig);
  gst_object_unref (pad);
}

GST_END_TEST;

/* A connected stream is given up only when nothing moves after video ended. */
GST_START_TEST (test_audio_is_ended_when_it_stays_silent)
{
  guint i;
  Rig rig;

  rig_init (&rig, "export");
  rig.audio = feed_audio (rig.preset);
  push_video (rig.video, 0, 160);
  for (i = 0; i < 20; i++) {
    fail_unless (tick ());
    push_video (rig.video, 160 + i, 1);
  }
  fail_unless (gst_harness_push_event (rig.video, gst_event_new_eos ()));
  for (i = 0; i < 6; i++) {
    fail_unless_equals_int (count_warnings (&rig), 0);
    fail_unless (tick ());
  }
  assert_short_track (&rig);
  expect_warning (&rig);
  fail_if (tick ());
  rig_clear (&rig);
}

GST_END_TEST;

/* The thread that brings silence holds this lock until all of it is there;
 * frames of video do not wait for it, and their share comes with the next. */
static void
wait_for_silence (Rig * rig)
{
  GstElement *convert = gst_bin_get_by_name (GST_BIN (rig->preset),
      "audio-convert");
  GstPad *pad = gst_element_get_static_pad (convert, "sink");

  GST_PAD_STREAM_LOCK (pad);
  GST_PAD_STREAM_UNLOCK (pad);
  gst_object_unref (pad);
  gst_object_unref (convert);
}

/* Video that stands still waits for a muxer that waits for audio: silence
 * brings it on, up to the picture, and the sound itself is all there. */
GST_START_TEST (test_late_audio_is_bridged_when_the_video_stands_still)
{
  guint i, n;
  Rig rig;

  rig_init (&rig, "export");
  rig.audio = feed_audio (rig.preset);
  push_video (rig.video, 0, 60);
  fail_unless (tick ());
  fail_unless (tick ());
  /* Two seconds of AAC frames. */
  for (i = 0; i < 90; i++)
    gst_buffer_unref (gst_harness_pull (rig.audio));
  wait_for_silence (&rig);
  push_video (rig.video, 60, 60);
  for (i = 0; i < 90; i++)
    gst_buffer_unref (gst_harness_pull (rig.audio));
  push_audio (rig.audio, 4 * 48000, 48000);
  fail_unless (tick ());
  fail_if (tick ());
  fail_unless (gst_harness_push_event (rig.audio, gst_event_new_eos ()));
  n = count_to_end (rig.audio);
  fail_unless (n >= 46 && n <= 60, "%u buffers", n);
  rig_clear (&rig);
}

GST_END_TEST;

GST_START_TEST (test_audio_is_not_ended_when_it_is_late)
{
  guint i;
  Rig rig;

  rig_init (&rig, "export");
  rig.audio = feed_audio (rig.preset);
  push_video (rig.video, 0, 160);
  for (i = 0; i < 4; i++) {
    fail_unless (tick ());
    push_video (rig.video, 160 + i, 1);
  }
  push_audio (rig.audio, 0, 48000);
  fail_unless (tick ());
  fail_if (tick ());
  push_audio (rig.audio, 48000, 48000);
  fail_unless (gst_harness_push_event (rig.audio, gst_event_new_eos ()));
  fail_unless (count_to_end (rig.audio) >= 93);
  rig_clear (&rig);
}

GST_END_TEST;

/* On air there is no file that could hang. */
GST_START_TEST (test_audio_is_not_ended_when_live)
{
  Rig rig;

  rig_init (&rig, "live");
  rig.audio = feed_audio (rig.preset);
  push_video (rig.video, 0, 200);
  fail_if (tick ());
  push_audio (rig.audio, 0, 48000);
  fail_unless (gst_harness_push_event (rig.audio, gst_event_new_eos ()));
  fail_unless (count_to_end (rig.audio) >= 46);
  rig_clear (&rig);
}

GST_END_TEST;

GST_START_TEST (test_audio_is_a_short_track_when_it_ends_without_a_buffer)
{
  Rig rig;

  rig_init (&rig, "export");
  rig.audio = feed_audio (rig.preset);
  push_video (rig.video, 0, 10);
  fail_unless (gst_harness_push_event (rig.audio, gst_event_new_eos ()));
  assert_short_track (&rig);
  expect_warning (&rig);
  push_video (rig.video, 10, 10);
  tick ();
  fail_if (tick ());
  rig_clear (&rig);
}

GST_END_TEST;

/* Seconds pass until nobody waits for the next one. */
static void
tick_to_end (void)
{
  gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  while (!tick ()) {
    fail_unless (g_get_monotonic_time () < end, "nobody watches");
    g_thread_yield ();
  }
  while (tick ())
    g_thread_yield ();
}

/* A muxer waits for each pad it was asked for; the file still gets done, from
 * READY again, too. */
GST_START_TEST (test_muxer_ends_when_no_audio_comes)
{
  Bench *bench = bench_new (VIDEO "! queue ! mux.  mp4mux name=mux "
      "! fakesink name=video");
  GstElement *mux = bench_part (bench, "mux");
  GstPad *sink = gst_element_request_pad_simple (bench->preset, "audio_sink");
  guint again;

  fail_unless (gst_element_link_pads (bench->preset, "audio_src", mux,
          "audio_0"));
  for (again = 0; again < 3; again++) {
    fail_unless (bench_start (bench));
    tick_to_end ();
    fail_unless_equals_int (bench_wait (bench, GST_MESSAGE_EOS),
        GST_MESSAGE_EOS);
    bench_expect (bench, GST_MESSAGE_WARNING, GST_STREAM_ERROR,
        GST_STREAM_ERROR_FAILED, "No audio arrived");
    fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 1);
    bench_rewind (bench);
  }
  gst_object_unref (sink);
  gst_object_unref (mux);
  bench_free (bench);
}

GST_END_TEST;

GST_START_TEST (test_audio_is_refused_when_no_encoder_is_there)
{
  GstPluginFeature *libav = bench_hide ("avenc_aac");
  GstPluginFeature *vo = bench_hide ("voaacenc");
  Bench *bench = bench_new (VIDEO "! fakesink name=video");
  GstPad *pad;

  gst_element_set_state (bench->pipeline, GST_STATE_READY);
  fail_unless (gst_element_request_pad_simple (bench->preset,
          "audio_sink") == NULL);
  bench_expect (bench, GST_MESSAGE_ERROR, GST_CORE_ERROR,
      GST_CORE_ERROR_MISSING_PLUGIN, "avenc_aac: not installed");
  fail_unless (bench_message (bench, "missing-plugin") != NULL);
  fail_if (has_pad (bench->preset, "audio_src"));
  bench_reset (bench);

  pad = gst_element_request_pad_simple (bench->preset, "audio_sink");
  fail_unless (pad != NULL);
  fail_if (bench_start (bench));
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 1);
  fail_unless (bench_message (bench, "missing-plugin") != NULL);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (bench->preset), 0);
  gst_element_release_request_pad (bench->preset, pad);
  gst_object_unref (pad);
  bench_unhide (libav);
  bench_unhide (vo);
  bench_reset (bench);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  bench_free (bench);
}

GST_END_TEST;

/* --- audio that goes while it streams --- */

static void
note_full (GstElement * queue, gpointer user_data)
{
  g_async_queue_push (user_data, queue);
}

typedef struct
{
  Bench *bench;
  GAsyncQueue *done;
} Release;

static gpointer
release_audio (gpointer user_data)
{
  Release *release = user_data;
  GstPad *pad = gst_element_get_static_pad (release->bench->preset,
      "audio_sink");

  gst_element_release_request_pad (release->bench->preset, pad);
  gst_object_unref (pad);
  g_async_queue_push (release->done, release);
  return NULL;
}

static GstPadProbeReturn
count_flushes (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  g_atomic_int_add ((gint *) user_data,
      GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info))
      == GST_EVENT_FLUSH_START);
  return GST_PAD_PROBE_OK;
}

/* What follows waits for PLAYING, or takes what comes: only who holds a buffer
 * for ever is flushed. */
GST_START_TEST (test_audio_is_released_while_its_queue_is_full)
{
  Bench *bench = bench_new ("audiotestsrc name=sound ! audio/x-raw,rate=48000,"
      "channels=2 ! p.audio_sink  videotestsrc ! video/x-raw,width=128,"
      "height=72,framerate=30/1 ! " BENCH_SMALL "framerate=30/1 usage=live "
      "p.video_src ! fakesink name=video async=false sync=true  p.audio_src "
      "! fakesink name=audio sync=true async=false");
  Release release = { bench, g_async_queue_new () };
  GAsyncQueue *full = g_async_queue_new ();
  GstElement *queue, *sink = bench_part (bench, "audio");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");
  gint flushes = 0;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_FLUSH, count_flushes,
      &flushes, NULL);
  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  queue = bench_part (bench, "audio-queue");
  g_signal_connect (queue, "overrun", G_CALLBACK (note_full), full);
  gst_element_set_state (bench->pipeline,
      __i__ ? GST_STATE_PLAYING : GST_STATE_PAUSED);
  fail_unless (g_async_queue_timeout_pop (full,
          20 * G_TIME_SPAN_SECOND) != NULL, "the queue never fills");
  g_thread_unref (g_thread_new ("release", release_audio, &release));
  fail_unless (g_async_queue_timeout_pop (release.done,
          20 * G_TIME_SPAN_SECOND) != NULL, "the pad is not released");
  fail_if (bench_has_part (bench, "audio-queue"));
  fail_unless_equals_int (g_atomic_int_get (&flushes), !__i__);
  if (__i__)
    bench_wait_frames (bench, &bench->video, bench->video.frames->len + 5);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  gst_object_unref (pad);
  gst_object_unref (sink);
  gst_object_unref (queue);
  bench_free (bench);
  g_async_queue_unref (full);
  g_async_queue_unref (release.done);
}

GST_END_TEST;

/* It says nothing about the video. */
GST_START_TEST (test_error_about_caps_of_audio_is_told_as_it_is)
{
  Bench *bench = bench_new ("audiotestsrc ! p.audio_sink  videotestsrc ! "
      BENCH_SMALL "! fakesink name=video  p.audio_src ! fakesink name=audio");
  GstElement *encoder;
  GstMessage *message;
  GstBus *bus = gst_element_get_bus (bench->pipeline);

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  encoder = bench_part (bench, "audio-encoder");
  GST_ELEMENT_ERROR (encoder, CORE, NEGOTIATION, ("no such rate"), (NULL));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL
      && GST_MESSAGE_SRC (message) == GST_OBJECT (encoder));
  gst_message_unref (message);
  gst_object_unref (encoder);
  gst_object_unref (bus);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
echoelpresetaudio_suite (void)
{
  Suite *s = suite_create ("echoelpresetaudio");
  TCase *tc = tcase_create ("audio"), *silent = tcase_create ("silent");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_audio_is_aac_for_any_input, 0,
      G_N_ELEMENTS (inputs));
  tcase_add_loop_test (tc, test_audio_pads_can_be_requested_in_any_state, 0,
      G_N_ELEMENTS (states));
  tcase_add_test (tc, test_released_audio_can_be_requested_again_when_playing);
  tcase_add_test (tc, test_audio_can_be_released_when_it_streams);
  tcase_add_test (tc, test_audio_is_refused_when_no_encoder_is_there);

  suite_add_tcase (s, silent);
  tcase_add_checked_fixture (silent, set_up_clock, take_down_clock);
  tcase_add_loop_test (silent, test_audio_is_ended_when_nobody_is_connected, 0,
      G_N_ELEMENTS (unconnected));
  tcase_add_test (silent, test_audio_is_ended_when_it_stays_silent);
  tcase_add_test (silent,
      test_late_audio_is_bridged_when_the_video_stands_still);
  tcase_add_test (silent, test_audio_is_not_ended_when_it_is_late);
  tcase_add_test (silent, test_audio_is_not_ended_when_live);
  tcase_add_test (silent,
      test_audio_is_a_short_track_when_it_ends_without_a_buffer);
  tcase_add_test (silent, test_muxer_ends_when_no_audio_comes);
  tcase_add_loop_test (tc, test_audio_is_released_while_its_queue_is_full, 0,
      2);
  tcase_add_test (tc, test_error_about_caps_of_audio_is_told_as_it_is);
  return s;
}

GST_CHECK_MAIN (echoelpresetaudio);
