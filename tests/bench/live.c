/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelpreset live: how long a frame takes from raw to encoded, what the
 * element costs beside the bare encoder, how long it takes to start. Prints
 * figures; nothing here passes or fails.
 *
 * usage: bench-live [SECONDS [start|cost|latency]]
 *   SECONDS of the latency run, 60; all three without a name */
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "doubles.h"

#define LOOP 60                 /* different frames, over and over */
#define TRIAL_SECONDS 4
#define ROUNDS 7
#define COST_FRAMES 120
#define MAX_LATENCY (100 * G_TIME_SPAN_MILLISECOND)

#define BITRATE 6000

/* What echoelpreset tells x264enc, by hand. */
#define BARE "x264enc speed-preset=veryfast bitrate=6000 pass=cbr " \
    "key-int-max=%d cabac=true dct8x8=true tune=zerolatency bframes=0 " \
    "vbv-buf-capacity=300 threads=%d " \
    "option-string=scenecut=0:open-gop=0:slice-max-size=1400 " \
    "! video/x-h264,profile=high"

typedef struct
{
  guint width, height, fps;
} Raster;

/* The largest that the machine carries is measured. */
static const Raster rasters[] = {
  {1920, 1080, 60}, {1920, 1080, 30}, {1280, 720, 60}, {1280, 720, 30},
  {640, 360, 60}, {640, 360, 30}
};

static GstBuffer *frames[LOOP];
static GstCaps *frame_caps;

static gint
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static gint64
cpu_time (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC
      + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static GstElement *
parse (const gchar * line)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  if (error != NULL)
    g_error ("%s: %s", line, error->message);
  return pipeline;
}

static GstPadProbeReturn
keep_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  guint *n = user_data;

  if (*n < LOOP)
    frames[(*n)++] = gst_buffer_copy_deep (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

static void
run_to_end (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, 120 * GST_SECOND,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

  if (message == NULL || GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    g_error ("a pipeline failed");
  gst_message_unref (message);
  gst_object_unref (bus);
}

static void
probe (GstElement * pipeline, const gchar * name, const gchar * pad_name,
    GstPadProbeCallback callback, gpointer user_data)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), name);
  GstPad *pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, user_data, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
}

/* A picture in which everything moves. */
static void
render (const Raster * raster)
{
  gchar *caps = g_strdup_printf ("video/x-raw,format=I420,width=%u,height=%u,"
      "framerate=%u/1,pixel-aspect-ratio=1/1,interlace-mode=progressive,"
      "colorimetry=bt709,chroma-site=mpeg2", raster->width, raster->height,
      raster->fps);
  gchar *line = g_strdup_printf ("videotestsrc num-buffers=%d "
      "pattern=zone-plate kx2=20 ky2=20 kt=2 ! %s ! fakesink name=sink", LOOP,
      caps);
  GstElement *pipeline = parse (line);
  guint i, n = 0;

  for (i = 0; i < LOOP; i++)
    gst_clear_buffer (&frames[i]);
  probe (pipeline, "sink", "sink", keep_frame, &n);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  run_to_end (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  gst_clear_caps (&frame_caps);
  frame_caps = gst_caps_from_string (caps);
  g_free (line);
  g_free (caps);
}

static void
push (GstElement * source, guint i, guint fps)
{
  GstBuffer *frame = gst_buffer_copy (frames[i % LOOP]);
  GstFlowReturn flow;

  GST_BUFFER_PTS (frame) = gst_util_uint64_scale (i, GST_SECOND, fps);
  GST_BUFFER_DURATION (frame) = GST_SECOND / fps;
  g_signal_emit_by_name (source, "push-buffer", frame, &flow);
  gst_buffer_unref (frame);
}

/* A pipeline behind an appsrc "source", in PLAYING. */
static GstElement *
start (const gchar * middle, GstElement ** source)
{
  gchar *line = g_strdup_printf ("appsrc name=source format=time max-buffers=0 "
      "max-bytes=0 ! %s ! fakesink name=sink sync=false", middle);
  GstElement *pipeline = parse (line);

  *source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_object_set (*source, "caps", frame_caps, NULL);
  g_free (line);
  return pipeline;
}

static void
end (GstElement * source)
{
  GstFlowReturn flow;

  g_signal_emit_by_name (source, "end-of-stream", &flow);
}

static void
stop (GstElement * pipeline, GstElement * source)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (source);
  gst_object_unref (pipeline);
}

/* --- latency --- */

typedef struct
{
  guint fps, n, n_out;
  gint64 *in, *took;
} Latency;

/* Live streams have no reordering: they leave as they came. */
static GstPadProbeReturn
frame_leaves (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Latency *latency = user_data;
  guint i = latency->n_out;

  if (i < latency->n) {
    latency->took[i] = g_get_monotonic_time () - latency->in[i];
    latency->n_out++;
  }
  return GST_PAD_PROBE_OK;
}

static gchar *
ours (const Raster * raster, const gchar * more)
{
  return g_strdup_printf ("echoelpreset name=p platform=custom-live usage=live "
      "resolution=%ux%u framerate=%u/1 bitrate=%d %s", raster->width,
      raster->height, raster->fps, BITRATE, more);
}

/* Frames at their time, from when they are due; returns the 99th
 * percentile in us. */
static gint64
measure_latency (const Raster * raster, guint seconds, Latency * latency)
{
  gchar *middle = ours (raster, "encoder=software");
  GstElement *source, *pipeline = start (middle, &source);
  gint64 begin, p99;
  guint i;

  latency->fps = raster->fps;
  latency->n = seconds * raster->fps;
  latency->n_out = 0;
  latency->in = g_new0 (gint64, latency->n);
  latency->took = g_new0 (gint64, latency->n);
  probe (pipeline, "p", "video_src", frame_leaves, latency);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  begin = g_get_monotonic_time () + 500 * G_TIME_SPAN_MILLISECOND;
  for (i = 0; i < latency->n; i++) {
    gint64 due = begin + (gint64) i * G_USEC_PER_SEC / raster->fps;
    gint64 wait = due - g_get_monotonic_time ();

    if (wait > 0)
      g_usleep ((gulong) wait);
    latency->in[i] = due;
    push (source, i, raster->fps);
  }
  end (source);
  run_to_end (pipeline);
  stop (pipeline, source);
  qsort (latency->took, latency->n_out, sizeof (gint64), compare);
  p99 = latency->n_out ? latency->took[latency->n_out * 99 / 100] : 0;
  g_free (latency->in);
  g_free (middle);
  return p99;
}

static void
report_latency (guint seconds)
{
  Latency latency;
  gint64 p99 = 0;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rasters); i++) {
    gboolean last = i + 1 == G_N_ELEMENTS (rasters);

    render (&rasters[i]);
    p99 = measure_latency (&rasters[i], TRIAL_SECONDS, &latency);
    g_free (latency.took);
    printf ("trial %ux%u at %u: p99 %.1f ms\n", rasters[i].width,
        rasters[i].height, rasters[i].fps, p99 / 1000.);
    if (p99 > MAX_LATENCY && !last)
      continue;
    p99 = measure_latency (&rasters[i], seconds, &latency);
    printf ("latency, %ux%u at %u, %u s: median %.1f ms, p99 %.1f ms, longest "
        "%.1f ms; %u of %u frames came out (goal: p99 <= 100 ms, all)\n",
        rasters[i].width, rasters[i].height, rasters[i].fps, seconds,
        latency.took[latency.n_out / 2] / 1000., p99 / 1000.,
        latency.took[latency.n_out - 1] / 1000., latency.n_out, latency.n);
    g_free (latency.took);
    if (p99 <= MAX_LATENCY)
      return;
  }
}

/* --- cost --- */

/* CPU time of all frames, as fast as they go, without start and end. */
static gint64
measure_cost (const gchar * middle, guint fps)
{
  GstElement *source, *pipeline = start (middle, &source);
  gint64 before;
  guint i;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  before = cpu_time ();
  for (i = 0; i < COST_FRAMES; i++)
    push (source, i, fps);
  end (source);
  run_to_end (pipeline);
  before = cpu_time () - before;
  stop (pipeline, source);
  return before;
}

static void
report_cost (void)
{
  static const Raster raster = { 1280, 720, 30 };
  gchar *own = ours (&raster, "encoder=x264enc n-threads=1");
  gchar *bare = g_strdup_printf (BARE, 60, 1);
  gint64 own_times[ROUNDS], bare_times[ROUNDS];
  guint i;

  render (&raster);
  measure_cost (own, raster.fps);
  for (i = 0; i < ROUNDS; i++) {
    own_times[i] = measure_cost (own, raster.fps);
    bare_times[i] = measure_cost (bare, raster.fps);
  }
  qsort (own_times, ROUNDS, sizeof (gint64), compare);
  qsort (bare_times, ROUNDS, sizeof (gint64), compare);
  printf
      ("cost, %ux%u, CPU a frame: echoelpreset %.3f ms, x264enc by hand %.3f "
      "ms, ratio of medians %.4f, of minima %.4f (goal: <= 1.02)\n",
      raster.width, raster.height, own_times[ROUNDS / 2] / 1000. / COST_FRAMES,
      bare_times[ROUNDS / 2] / 1000. / COST_FRAMES,
      (gdouble) own_times[ROUNDS / 2] / bare_times[ROUNDS / 2],
      (gdouble) own_times[0] / bare_times[0]);
  g_free (own);
  g_free (bare);
}

/* --- start --- */

static GstPadProbeReturn
first_leaves (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  gint64 *at = user_data;

  if (*at == 0)
    *at = g_get_monotonic_time ();
  return GST_PAD_PROBE_OK;
}

static gint64
measure_start (const Raster * raster)
{
  gchar *middle = ours (raster, "encoder=auto");
  GstElement *source, *pipeline = start (middle, &source);
  gint64 begin, at = 0;

  probe (pipeline, "p", "video_src", first_leaves, &at);
  begin = g_get_monotonic_time ();
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  push (source, 0, raster->fps);
  end (source);
  run_to_end (pipeline);
  stop (pipeline, source);
  g_free (middle);
  return at - begin;
}

/* Every row has an element that fails, half of them to open and half at first
 * caps, down to software. */
static void
report_start (void)
{
  static const Raster raster = { 1920, 1080, 30 };
  gchar **factories = doubles_list ("1.28");
  gint64 times[ROUNDS];
  guint i;

  render (&raster);
  doubles_install ("1.28", TRUE);
  for (i = 0; factories[i] != NULL; i++) {
    if (strcmp (factories[i], "x264enc") != 0)
      doubles_set_fate (factories[i], i % 2 ? DOUBLE_FAILS_TO_OPEN
          : DOUBLE_FAILS_AT_CAPS, 0);
  }
  for (i = 0; i < ROUNDS; i++)
    times[i] = measure_start (&raster);
  qsort (times, ROUNDS, sizeof (gint64), compare);
  printf ("start, %ux%u, NULL to first encoded buffer, every row of H.264 "
      "tried: median %.1f ms, longest %.1f ms (goal: <= 300 ms)\n",
      raster.width, raster.height, times[ROUNDS / 2] / 1000.,
      times[ROUNDS - 1] / 1000.);
  doubles_uninstall ();
  g_strfreev (factories);
}

int
main (int argc, char **argv)
{
  const gchar *part;
  guint i;

  gst_init (&argc, &argv);
  setvbuf (stdout, NULL, _IOLBF, 0);
  part = argc > 2 ? argv[2] : "";
  if (*part == '\0' || strcmp (part, "start") == 0)
    report_start ();
  if (*part == '\0' || strcmp (part, "cost") == 0)
    report_cost ();
  if (*part == '\0' || strcmp (part, "latency") == 0)
    report_latency (argc > 1 ? (guint) atoi (argv[1]) : 60);
  for (i = 0; i < LOOP; i++)
    gst_clear_buffer (&frames[i]);
  gst_clear_caps (&frame_caps);
  return 0;
}
