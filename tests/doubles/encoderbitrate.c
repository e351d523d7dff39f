/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bitrate that changes while the stream runs: by the property, by requests
 * of what follows, at the rate that each encoder bears. */
#include "doublebench.h"

#include <string.h>

#include "bitraterequest.h"

#define OWN 900                 /* kbit/s */

static guint
bitrate_now (Bench * bench)
{
  GstStructure *stats = NULL;
  guint kbps = 0;

  g_object_get (bench->preset, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint (stats, "bitrate", &kbps));
  gst_structure_free (stats);
  return kbps;
}

static guint
frames_so_far (Bench * bench)
{
  guint n;

  g_mutex_lock (&bench->lock);
  n = bench->video.frames->len;
  g_mutex_unlock (&bench->lock);
  return n;
}

/* Frame by frame until the encoder has it. */
static void
wait_for_bitrate (Bench * bench, guint kbps)
{
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (bitrate_now (bench) != kbps) {
    fail_unless (g_get_monotonic_time () < end, "the bitrate stays at %u",
        bitrate_now (bench));
    bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 1);
  }
}

/* --- every row --- */

static void
check_change (const gchar * factory, const gchar * version, guint since,
    gboolean renewed)
{
  GPtrArray *writes = doubles_writes ();
  guint i, n = 0;

  for (i = since; i < writes->len; i++) {
    const DoubleWrite *write = g_ptr_array_index (writes, i);

    fail_if (write->ignored, "%s of %s: %s=%s is ignored", factory, version,
        write->property, write->value);
    if (write->n_frames == 0)
      continue;
    n++;
    fail_unless (write->thread == write->streaming, "%s of %s: %s from "
        "another thread", factory, version, write->property);
    fail_unless (strstr (write->value, "900") != NULL, "%s", write->value);
  }
  g_ptr_array_unref (writes);
  fail_unless (n > 0 || renewed, "%s of %s never heard of it",
      factory, version);
}

static void
change (const gchar * factory, const gchar * version)
{
  const EchoelEncoder *row = double_bench_row (factory);
  gchar *settings = g_strdup_printf ("usage=live encoder=%s", factory);
  GPtrArray *writes;
  Bench *bench;
  guint before, sessions, n;

  doubles_install_one (version, factory, TRUE);
  bench = double_bench_new (double_bench_codec (factory), 0, FALSE, settings);
  fail_unless (bench_start (bench));
  bench_wait_frames (bench, &bench->video, 3);
  writes = doubles_writes ();
  before = writes->len;
  g_ptr_array_unref (writes);
  sessions = doubles_sessions (factory);
  g_object_set (bench->preset, "bitrate", OWN, NULL);
  wait_for_bitrate (bench, OWN);
  bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 3);
  gst_element_set_state (bench->pipeline, GST_STATE_READY);
  sessions = doubles_sessions (factory) - sessions;
  check_change (factory, version, before, sessions == 1);
  if (row->change != ECHOEL_CHANGE_FLAGGED)
    fail_unless_equals_int (sessions, row->change == ECHOEL_CHANGE_RECREATE);
  n = frames_so_far (bench);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  fail_unless (n >= 6);
  double_bench_check_frames (bench, frames_so_far (bench));
  bench_free (bench);
  doubles_uninstall ();
  g_free (settings);
}

GST_START_TEST (test_every_encoder_changes_its_bitrate)
{
  const gchar *version = double_versions[__i__];
  gchar **factories = doubles_list (version);
  guint i;

  double_bench_strict ();
  for (i = 0; factories[i] != NULL; i++) {
    if (double_bench_is_live (factories[i]))
      change (factories[i], version);
  }
  g_strfreev (factories);
}

GST_END_TEST;

/* --- as often as it bears --- */

GST_START_TEST (test_changes_come_no_more_often_than_the_encoder_bears)
{
  static const gchar *const factories[] = { "vah264enc", "nvh264enc" };
  const gchar *factory = factories[__i__];
  gchar *settings = g_strdup_printf ("usage=live encoder=%s", factory);
  guint least = double_bench_row (factory)->change_ms;
  GPtrArray *writes;
  Bench *bench;
  gint64 start, ms;
  guint i, n = 0;

  doubles_install_one ("1.26", factory, TRUE);
  bench = double_bench_new (double_bench_codec (factory), 0, FALSE, settings);
  fail_unless (bench_start (bench));
  bench_wait_frames (bench, &bench->video, 3);
  start = g_get_monotonic_time ();
  for (i = 0; i < 100; i++) {
    g_object_set (bench->preset, "bitrate", OWN + 1 + (gint) i, NULL);
    bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 1);
  }
  g_object_set (bench->preset, "bitrate", OWN, NULL);
  wait_for_bitrate (bench, OWN);
  ms = (g_get_monotonic_time () - start) / 1000;
  writes = doubles_writes ();
  for (i = 0; i < writes->len; i++) {
    const DoubleWrite *write = g_ptr_array_index (writes, i);

    n += write->n_frames > 0 && strcmp (write->property, "bitrate") == 0;
  }
  g_ptr_array_unref (writes);
  fail_unless (n >= 2 && n <= 1 + ms / least, "%u changes in %d ms", n,
      (gint) ms);
  bench_free (bench);
  doubles_uninstall ();
  g_free (settings);
}

GST_END_TEST;

GST_START_TEST (test_file_keeps_its_bitrate_when_the_encoder_cannot_change)
{
  Bench *bench;
  guint i;

  doubles_install_one ("1.28", "x265enc", TRUE);
  bench = double_bench_new (double_bench_codec ("x265enc"), 0, FALSE,
      "usage=export encoder=x265enc bitrate=1200");
  fail_unless (bench_start (bench));
  bench_wait_frames (bench, &bench->video, 3);
  for (i = 0; i < 3; i++) {
    g_object_set (bench->preset, "bitrate", OWN, NULL);
    bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 3);
  }
  fail_unless_equals_int (bitrate_now (bench), 1200);
  bench_expect (bench, GST_MESSAGE_WARNING, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS, "x265enc cannot change its bitrate");
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 1);
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* --- not possible, not yet --- */

static const struct
{
  const gchar *version, *factory;
  gint too_much;                /* kbit/s */
} limits[] = {
  /* *INDENT-OFF* */
  {"1.28", "x265enc", 150000}, {"1.28", "svtav1enc", 150000},
  {"1.28", "qsvav1enc", 70000},
  /* *INDENT-ON* */
};

/* Another one, or the same anew, would lose what runs. */
GST_START_TEST (test_stream_goes_on_when_its_encoder_does_not_take_the_bitrate)
{
  const gchar *factory = limits[__i__].factory;
  const DoubleCodec *codec = double_bench_codec (factory);
  Bench *bench;
  guint again, kbps;

  doubles_install_one (limits[__i__].version, factory, TRUE);
  bench = double_bench_new (codec, 0, FALSE, "usage=live bitrate=2000");
  fail_unless (bench_start (bench));
  bench_wait_frames (bench, &bench->video, 3);
  for (again = 1; again <= 2; again++) {
    g_object_set (bench->preset, "bitrate", limits[__i__].too_much, NULL);
    bench_wait (bench, GST_MESSAGE_WARNING);
    bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 10);
    bench_expect (bench, GST_MESSAGE_WARNING, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_SETTINGS, "kbit/s and does not go to ");
    fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), again);
    kbps = bitrate_now (bench);
    fail_unless_equals_int (kbps, again == 1 ? 2000 : OWN);
    g_object_set (bench->preset, "bitrate", OWN, NULL);
    wait_for_bitrate (bench, OWN);
  }
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_ERROR, 0), 0);
  gst_element_set_state (bench->pipeline, GST_STATE_READY);
  double_bench_check_frames (bench, frames_so_far (bench));
  bench_free (bench);
  doubles_uninstall ();
}

GST_END_TEST;

/* What the encoder inside was told: kbit/s. */
static guint
told (Bench * bench)
{
  static const gchar *const names[] = { "bitrate", "target-bitrate" };
  GstElement *encoder = bench_part (bench, "video-encoder");
  GValue value = G_VALUE_INIT, number = G_VALUE_INIT;
  guint i = 0, kbps;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (encoder),
          names[0]) == NULL)
    i = 1;
  g_object_get_property (G_OBJECT (encoder), names[i], &value);
  g_value_init (&number, G_TYPE_UINT);
  g_value_transform (&value, &number);
  kbps = g_value_get_uint (&number);
  g_value_unset (&value);
  g_value_unset (&number);
  gst_object_unref (encoder);
  return kbps > 100000 ? kbps / 1000 : kbps;
}

static void
change_in_ready (const gchar * factory, const gchar * version,
    const gchar * usage)
{
  gchar *settings = g_strdup_printf ("encoder=%s usage=%s bitrate=2000",
      factory, usage), *options = NULL;
  Bench *bench;

  doubles_install_one (version, factory, TRUE);
  bench = double_bench_new (double_bench_codec (factory), 6, FALSE, settings);
  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  g_object_set (bench->preset, "bitrate", OWN, NULL);
  fail_unless (bench_start (bench));
  bench_wait (bench, GST_MESSAGE_EOS);
  double_bench_check_frames (bench, 6);
  fail_unless (told (bench) == OWN, "%s of %s has %u", factory, version,
      told (bench));
  fail_unless_equals_int (bitrate_now (bench), OWN);
  if (strcmp (factory, "x265enc") == 0) {
    GstElement *encoder = bench_part (bench, "video-encoder");

    g_object_get (encoder, "option-string", &options, NULL);
    fail_if (strstr (options, "2000") != NULL, "%s", options);
    g_free (options);
    gst_object_unref (encoder);
  }
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  bench_free (bench);
  doubles_uninstall ();
  g_free (settings);
}

static const struct
{
  const gchar *version, *factory;
} early[] = {
  /* *INDENT-OFF* */
  {"1.22", "x264enc"}, {"1.22", "x265enc"}, {"1.28", "svtav1enc"},
  {"1.28", "rav1enc"}, {"1.26", "mfh264enc"}, {"1.24", "vaav1enc"},
  {"1.28", "nvh265enc"},
  /* *INDENT-ON* */
};

/* Nothing runs that could not change: all must have it from the start. */
GST_START_TEST (test_bitrate_set_in_ready_is_the_first)
{
  change_in_ready (early[__i__].factory, early[__i__].version, "live");
  change_in_ready (early[__i__].factory, early[__i__].version, "export");
}

GST_END_TEST;

/* --- requests --- */

static void
ask (Bench * bench, GstEvent * event)
{
  GstElement *sink = bench_part (bench, "video");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");

  fail_unless (gst_pad_push_event (pad, event));
  gst_object_unref (pad);
  gst_object_unref (sink);
}

static void
request (Bench * bench, const gchar * who, guint kbps, GstClockTime expires)
{
  ask (bench, echoel_bitrate_request_new (who, kbps, expires));
}

/* Events that reach what is before echoelpreset. */
static GstPadProbeReturn
count_requests (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  if (echoel_bitrate_request_is (GST_PAD_PROBE_INFO_EVENT (info)))
    g_atomic_int_inc ((gint *) user_data);
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_lowest_request_counts_until_it_expires)
{
  Bench *bench = double_bench_new (double_bench_codec ("x264enc"), 0, FALSE,
      "usage=live encoder=x264enc bitrate=900");
  GstElement *source = bench_part (bench, "source");
  GstPad *pad = gst_element_get_static_pad (source, "src");
  gint passed = 0;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, count_requests,
      &passed, NULL);
  fail_unless (bench_start (bench));
  bench_wait_frames (bench, &bench->video, 3);
  fail_unless_equals_int (bitrate_now (bench), OWN);
  request (bench, "a", 700, 60 * GST_SECOND);
  wait_for_bitrate (bench, 700);
  request (bench, "b", 500, 60 * GST_SECOND);
  wait_for_bitrate (bench, 500);
  /* Another requester cannot raise it, nor can the same with another's. */
  request (bench, "c", 5000, 60 * GST_SECOND);
  bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 3);
  fail_unless_equals_int (bitrate_now (bench), 500);
  request (bench, "b", 500, 0);
  wait_for_bitrate (bench, 700);
  /* The user's own is a ceiling. */
  g_object_set (bench->preset, "bitrate", 600, NULL);
  wait_for_bitrate (bench, 600);
  g_object_set (bench->preset, "bitrate", OWN, NULL);
  wait_for_bitrate (bench, 700);
  request (bench, "b", 300, 20 * GST_MSECOND);
  request (bench, "a", 1, 60 * GST_SECOND);
  wait_for_bitrate (bench, 50);
  request (bench, "a", 700, 0);
  /* What expires is forgotten without a word. */
  wait_for_bitrate (bench, OWN);
  ask (bench, gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
          gst_structure_new_empty (ECHOEL_BITRATE_REQUEST)));
  bench_wait_frames (bench, &bench->video, frames_so_far (bench) + 3);
  fail_unless_equals_int (bitrate_now (bench), OWN);
  fail_unless_equals_int (g_atomic_int_get (&passed), 0);
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  gst_object_unref (pad);
  gst_object_unref (source);
  bench_free (bench);
}

GST_END_TEST;

/* --- the real ones --- */

#define MAX_STALL (200 * G_TIME_SPAN_MILLISECOND)
#define LEAST_KBPS 300
#define KBPS_SPAN 3000

/* Those in software that Debian 12 has. How often a bitrate is asked
 * for, before each frame another: what is made anew for it less often, but for
 * the long tests. */
static const struct
{
  const gchar *factory;
  gint n, n_long;
} real_encoders[] = {
  /* *INDENT-OFF* */
  {"x264enc", 10000, 10000},
  {"openh264enc", 10000, 10000},
  {"x265enc", 5000, 10000},
  {"av1enc", 1000, 10000},
  /* *INDENT-ON* */
};

typedef struct
{
  Bench *bench;
  gint64 last, longest;         /* us */
  gint n_frames;
  guint kbps, n_changes;        /* as the encoder has it, how often it changed */
} Stalls;

static GstPadProbeReturn
change_each_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Stalls *stalls = user_data;

  g_object_set (stalls->bench->preset, "bitrate",
      LEAST_KBPS + (g_atomic_int_add (&stalls->n_frames, 1) * 7919)
      % KBPS_SPAN, NULL);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
measure_stall (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Stalls *stalls = user_data;
  gint64 now = g_get_monotonic_time ();
  guint kbps = bitrate_now (stalls->bench);

  if (stalls->last != 0)
    stalls->longest = MAX (stalls->longest, now - stalls->last);
  stalls->last = now;
  stalls->n_changes += stalls->kbps != 0 && kbps != stalls->kbps;
  stalls->kbps = kbps;
  return GST_PAD_PROBE_OK;
}

static void
watch (Bench * bench, const gchar * part, const gchar * name,
    GstPadProbeCallback callback, gpointer user_data)
{
  GstElement *element = bench_part (bench, part);
  GstPad *pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, user_data, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
}

static gboolean
is_installed (const gchar * name)
{
  GstElementFactory *factory = gst_element_factory_find (name);

  if (factory == NULL)
    g_print ("SKIP: %s is not installed\n", name);
  else
    gst_object_unref (factory);
  return factory != NULL;
}

/* No encoder stands still, and each changes as often as it bears. */
static void
change_often (const gchar * factory, gint n)
{
  const EchoelEncoder *row = double_bench_row (factory);
  gchar *settings = g_strdup_printf ("usage=live encoder=%s bitrate=%d",
      factory, LEAST_KBPS);
  Bench *bench = double_bench_new (double_bench_codec (factory), n, FALSE,
      settings);
  Stalls stalls = { bench, 0, };
  gint64 ms = g_get_monotonic_time () / 1000;

  fail_unless (gst_element_set_state (bench->pipeline,
          GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
  watch (bench, "source", "src", change_each_frame, &stalls);
  watch (bench, "video", "sink", measure_stall, &stalls);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  ms = g_get_monotonic_time () / 1000 - ms;
  fail_unless (frames_so_far (bench) == (guint) n);
  g_print ("%s: %u changes of %d asked for in %d ms, longest wait %d ms\n",
      factory, stalls.n_changes, n, (gint) ms, (gint) (stalls.longest / 1000));
  if (row->change_ms == 0)
    fail_unless (stalls.n_changes >= (guint) n * 99 / 100);
  else
    fail_unless (stalls.n_changes >= ms / row->change_ms / 2);
  fail_unless (stalls.longest < MAX_STALL, "%s: a stall of %d ms", factory,
      (gint) (stalls.longest / 1000));
  fail_unless_equals_int (bench_count (bench, GST_MESSAGE_WARNING, 0), 0);
  bench_free (bench);
  g_free (settings);
}

GST_START_TEST (test_many_changes_do_not_stall)
{
  gboolean all = g_strcmp0 (g_getenv ("ECHOEL_LONG"), "1") == 0;
  const gchar *factory = real_encoders[__i__].factory;

  if (is_installed (factory))
    change_often (factory, all ? real_encoders[__i__].n_long
        : real_encoders[__i__].n);
}

GST_END_TEST;

/* In the middle of a group of pictures: a key frame would help. */
#define CHANGE_AT (2500 * GST_MSECOND)

typedef struct
{
  Bench *bench;
  gint kbps;
} Step;

static GstPadProbeReturn
change_once (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Step *step = user_data;

  if (GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)) == CHANGE_AT)
    g_object_set (step->bench->preset, "bitrate", step->kbps, NULL);
  return GST_PAD_PROBE_OK;
}

/* kbit/s of what left the muxer in the part of the stream that begins at
 * @begin. */
static gint
kbps_from (Bench * bench, GstClockTime begin, GstClockTime span)
{
  guint64 bytes = 0;
  guint i;

  for (i = 0; i < bench->video.frames->len; i++) {
    const BenchFrame *frame = &g_array_index (bench->video.frames, BenchFrame,
        i);

    if (frame->time >= begin && frame->time < begin + span)
      bytes += frame->size;
  }
  return gst_util_uint64_scale (bytes, 8 * GST_SECOND, span) / 1000;
}

static const struct
{
  const gchar *encoder;
  gint width, height, from, to; /* pixels, kbit/s */
  guint follows;                /* ms after which it has the new one */
} steps[] = {
  /* *INDENT-OFF* */
  {"x264enc", 320, 180, 3000, 1500, 600},
  {"x264enc", 320, 180, 2000, 600, 600}, {"x264enc", 320, 180, 600, 2000, 600},
  /* Noise has a floor below which openh264enc does not get. */
  {"openh264enc", 160, 90, 2000, 1200, 1000},
  {"openh264enc", 160, 90, 1200, 2000, 1000},
  /* *INDENT-ON* */
};

/* What goes on the wire has the new rate soon. */
GST_START_TEST (test_one_change_is_followed_on_the_wire)
{
  GstClockTime soon = CHANGE_AT + steps[__i__].follows * GST_MSECOND;
  gint from = steps[__i__].from, to = steps[__i__].to, have;
  Bench *bench = bench_new ("videotestsrc name=source pattern=snow "
      "num-buffers=240 ! video/x-raw,width=320,height=180,framerate=30/1 "
      "! echoelpreset name=p platform=custom-live resolution=%dx%d "
      "encoder=%s bitrate=%d ! flvmux streamable=true ! fakesink name=video",
      steps[__i__].width, steps[__i__].height, steps[__i__].encoder, from);
  Step step = { bench, to };

  watch (bench, "source", "src", change_once, &step);
  fail_unless_equals_int (bench_run (bench), GST_MESSAGE_EOS);
  have = kbps_from (bench, CHANGE_AT - GST_SECOND, GST_SECOND);
  fail_unless (ABS (have - from) < from / 5, "%d before", have);
  have = kbps_from (bench, soon, GST_SECOND / 2);
  fail_unless (ABS (have - to) < to / 4, "%d soon after", have);
  have = kbps_from (bench, soon + GST_SECOND, GST_SECOND);
  fail_unless (ABS (have - to) < to / 4, "%d a second later", have);
  bench_free (bench);
}

GST_END_TEST;

static Suite *
encoderbitrate_suite (void)
{
  Suite *s = suite_create ("encoderbitrate");
  TCase *tc = tcase_create ("bitrate");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 120);
  tcase_add_loop_test (tc, test_every_encoder_changes_its_bitrate, 0,
      N_VERSIONS);
  tcase_add_loop_test (tc,
      test_changes_come_no_more_often_than_the_encoder_bears, 0, 2);
  tcase_add_test (tc,
      test_file_keeps_its_bitrate_when_the_encoder_cannot_change);
  tcase_add_loop_test (tc,
      test_stream_goes_on_when_its_encoder_does_not_take_the_bitrate, 0,
      G_N_ELEMENTS (limits));
  tcase_add_loop_test (tc, test_bitrate_set_in_ready_is_the_first, 0,
      G_N_ELEMENTS (early));
  tcase_add_test (tc, test_lowest_request_counts_until_it_expires);
  tcase_add_loop_test (tc, test_many_changes_do_not_stall, 0,
      G_N_ELEMENTS (real_encoders));
  tcase_add_loop_test (tc,
      test_one_change_is_followed_on_the_wire, 0, G_N_ELEMENTS (steps));
  return s;
}

GST_CHECK_MAIN (encoderbitrate);
