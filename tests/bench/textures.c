/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a compositor pays for echoelmetalsrc: the time inside a push, what the
 * processor does for a frame beside a peer, and sixty frames a second for a
 * minute. Prints figures; nothing here passes or fails. */
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "readguard.h"

#define WIDTH 1920
#define HEIGHT 1080
#define RATE 60
#define SLOTS 8
#define ROUNDS 5
#define ROUND_SECONDS 4
#define LONG_SECONDS 60
#define WAKES (10 * RATE)
#define MAX_FRAMES (LONG_SECONDS * RATE)

#define CAPS "video/x-raw,format=BGRA,width=1920,height=1080,framerate=60/1"
#define TALL "video/x-raw,format=NV12,width=1080,height=1920"
#define OURS "echoelmetalsrc name=in backend=memory idle=wait caps=" CAPS " ! " \
    "echoelcrop n-threads=1 ! " TALL " ! fakesink name=out sync=false async=false"
#define PEER "appsrc name=in is-live=true format=time caps=" CAPS " ! " \
    "videoconvert ! aspectratiocrop aspect-ratio=9/16 ! videoscale ! " TALL \
    " ! fakesink name=out sync=false async=false"
#define NOTHING "echoelmetalsrc name=in backend=memory idle=repeat caps=" CAPS " ! " \
    "fakesink name=out sync=false async=false signal-handoffs=true"

typedef struct
{
  GstElement *pipeline, *in;
  guint8 *pixels[SLOTS];
  gdouble pushes[MAX_FRAMES];   /* us inside each push */
  guint n_pushes;
  /* Streaming thread, read when it has ended. */
  gdouble shifts[MAX_FRAMES];   /* ms between the caller's time and ours */
  gdouble delays[MAX_FRAMES];   /* ms from that time until it arrives */
  guint n_seen;
} Run;

static gdouble
cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

/* The value that this part of all do not exceed; sorts them. */
static gdouble
quantile (gdouble * values, guint n, gdouble part)
{
  qsort (values, n, sizeof (gdouble), compare);
  return n > 0 ? values[MIN ((guint) (n * part), n - 1)] : 0;
}

static GstClockTime
time_of (guint frame)
{
  return gst_util_uint64_scale (frame, GST_SECOND, RATE);
}

static void
push_texture (Run * run, guint frame)
{
  GstStructure *texture = gst_structure_new ("memory",
      "data", G_TYPE_POINTER, run->pixels[frame % SLOTS],
      "width", G_TYPE_INT, WIDTH, "height", G_TYPE_INT, HEIGHT,
      "format", G_TYPE_STRING, "BGRA", NULL);
  gint64 start = g_get_monotonic_time ();
  GstFlowReturn flow;

  g_signal_emit_by_name (run->in, "push-texture", texture, time_of (frame),
      time_of (1), &flow);
  run->pushes[run->n_pushes++] = g_get_monotonic_time () - start;
  gst_structure_free (texture);
  if (flow != GST_FLOW_OK)
    g_error ("push-texture: %s", gst_flow_get_name (flow));
}

static void
push_buffer (Run * run, guint frame)
{
  GstBuffer *buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
      run->pixels[frame % SLOTS], WIDTH * HEIGHT * 4, 0, WIDTH * HEIGHT * 4,
      NULL, NULL);

  GST_BUFFER_PTS (buffer) = time_of (frame);
  GST_BUFFER_DURATION (buffer) = time_of (1);
  gst_app_src_push_buffer (GST_APP_SRC (run->in), buffer);
}

static void
see_buffer (GstElement * out, GstBuffer * buffer, GstPad * pad, Run * run)
{
  GstClockTime now = gst_element_get_current_running_time (run->pipeline);
  guint frame = gst_util_uint64_scale_round (GST_BUFFER_PTS (buffer), RATE,
      GST_SECOND);
  GstClockTimeDiff shift = GST_CLOCK_DIFF (time_of (frame),
      GST_BUFFER_PTS (buffer));

  if (run->n_seen == MAX_FRAMES)
    return;
  run->shifts[run->n_seen] = ABS (shift) / 1e6;
  run->delays[run->n_seen++] = GST_CLOCK_DIFF (time_of (frame), now) / 1e6;
}

static void
wait_for_time (Run * run, guint frame)
{
  GstClock *clock = gst_element_get_clock (run->pipeline);
  GstClockID id = gst_clock_new_single_shot_id (clock,
      gst_element_get_base_time (run->pipeline) + time_of (frame));

  gst_clock_id_wait (id, NULL);
  gst_clock_id_unref (id);
  gst_object_unref (clock);
}

/* The sink stands for an encoder, and those read GstVideoMeta. */
static GstPadProbeReturn
propose_meta (GstPad * pad, GstPadProbeInfo * info, gpointer unused)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return GST_PAD_PROBE_HANDLED;
}

static void
start (Run * run, const gchar * line)
{
  GError *error = NULL;
  GstElement *out;
  GstPad *pad;

  run->n_pushes = run->n_seen = 0;
  run->pipeline = gst_parse_launch (line, &error);
  if (run->pipeline == NULL)
    g_error ("%s: %s", line, error->message);
  run->in = gst_bin_get_by_name (GST_BIN (run->pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (run->pipeline), "out");
  g_signal_connect (out, "handoff", G_CALLBACK (see_buffer), run);
  pad = gst_element_get_static_pad (out, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM
      | GST_PAD_PROBE_TYPE_PUSH, propose_meta, NULL, NULL);
  gst_object_unref (pad);
  gst_object_unref (out);
  gst_element_set_state (run->pipeline, GST_STATE_PLAYING);
  gst_element_get_state (run->pipeline, NULL, NULL, GST_SECOND);
}

static void
stop (Run * run)
{
  gst_element_set_state (run->pipeline, GST_STATE_NULL);
  gst_object_unref (run->in);
  gst_object_unref (run->pipeline);
}

static guint64
stat_of (Run * run, const gchar * name)
{
  GstStructure *stats;
  guint64 value = 0;

  g_object_get (run->in, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, name, &value);
  gst_structure_free (stats);
  return value;
}

/* Part of one core for 60 frames a second through @line. */
static gdouble
measure_core (Run * run, const gchar * line, void (*push) (Run *, guint))
{
  gdouble used;
  guint i;

  start (run, line);
  for (i = 0; i < RATE / 2; i++) {
    wait_for_time (run, i);
    push (run, i);
  }
  used = cpu ();
  for (; i < RATE / 2 + ROUND_SECONDS * RATE; i++) {
    wait_for_time (run, i);
    push (run, i);
  }
  used = cpu () - used;
  stop (run);
  return used / ROUND_SECONDS;
}

static void
row (const gchar * figure, gdouble value, const gchar * unit, gdouble goal)
{
  g_print ("| %s | %.3f %s | <= %g %s | %s |\n", figure, value, unit, goal,
      unit, value <= goal ? "met" : "missed");
}

static void
bench_core (Run * run)
{
  gdouble ours[ROUNDS], peer[ROUNDS], a, b;
  guint i;

  for (i = 0; i < ROUNDS; i++) {
    ours[i] = measure_core (run, OURS, push_texture);
    peer[i] = measure_core (run, PEER, push_buffer);
  }
  a = quantile (ours, ROUNDS, 0.5);
  b = quantile (peer, ROUNDS, 0.5);
  row ("BGRA 1080p60 to NV12 1080x1920, of one core", 100 * a, "%", 15);
  row ("the same beside appsrc ! videoconvert ! aspectratiocrop ! videoscale",
      a / b, "", 0.35);
}

/* A minute of 1080p60 into a sink that does nothing. */
static void
bench_minute (Run * run)
{
  guint i;

  start (run, NOTHING);
  for (i = 0; i < MAX_FRAMES; i++) {
    wait_for_time (run, i);
    push_texture (run, i);
  }
  row ("60 s of 1080p60: dropped", stat_of (run, "dropped"), "", 0);
  row ("60 s of 1080p60: bytes copied", stat_of (run, "copied-bytes"), "", 0);
  stop (run);
  row ("inside push-texture, 99th percentile", quantile (run->pushes,
          run->n_pushes, 0.99), "us", 50);
  g_print ("| inside push-texture, median | %.0f us | | |\n",
      quantile (run->pushes, run->n_pushes, 0.5));
  row ("time of a buffer beside the caller's, 95th percentile",
      quantile (run->shifts, run->n_seen, 0.95), "ms", 1);
  g_print ("| from that time until it arrives, median and 95th percentile | "
      "%.3f and %.3f ms | | |\n", quantile (run->delays, run->n_seen, 0.5),
      quantile (run->delays, run->n_seen, 0.95));
}

typedef struct
{
  GMutex lock;
  GCond woken;
  guint rounds;                 /* guarded by lock */
} Sleeper;

static gpointer
sleep_and_wake (gpointer data)
{
  Sleeper *sleeper = data;
  guint seen = 0;

  g_mutex_lock (&sleeper->lock);
  while (seen < WAKES) {
    while (sleeper->rounds == seen)
      g_cond_wait (&sleeper->woken, &sleeper->lock);
    seen = sleeper->rounds;
  }
  g_mutex_unlock (&sleeper->lock);
  return NULL;
}

/* What it costs to wake a thread that sleeps from frame to frame, and nothing
 * else: no push that hands a frame to another thread is faster here. */
static void
bench_wake (Run * run)
{
  Sleeper sleeper = { 0, };
  GThread *thread;
  guint i;

  g_mutex_init (&sleeper.lock);
  g_cond_init (&sleeper.woken);
  thread = g_thread_new ("sleeper", sleep_and_wake, &sleeper);
  for (i = 0; i < WAKES; i++) {
    gint64 start;

    g_usleep (G_USEC_PER_SEC / RATE);
    start = g_get_monotonic_time ();
    g_mutex_lock (&sleeper.lock);
    sleeper.rounds++;
    g_cond_signal (&sleeper.woken);
    g_mutex_unlock (&sleeper.lock);
    run->pushes[i] = g_get_monotonic_time () - start;
  }
  g_thread_join (thread);
  g_mutex_clear (&sleeper.lock);
  g_cond_clear (&sleeper.woken);
  g_print ("| waking a thread alone, 99th percentile and median (this "
      "machine's floor of a push) | %.0f and %.0f us | | |\n",
      quantile (run->pushes, WAKES, 0.99), quantile (run->pushes, WAKES, 0.5));
}

/* Surfaces that nobody may look at: each page that is read is counted. */
static void
bench_reads (Run * run)
{
  ReadGuard guards[SLOTS];
  guint8 *pixels[SLOTS];
  gsize read = 0;
  guint i;

  memcpy (pixels, run->pixels, sizeof (pixels));
  for (i = 0; i < SLOTS; i++) {
    read_guard_init (&guards[i], WIDTH * HEIGHT * 4, i);
    run->pixels[i] = guards[i].data;
  }
  start (run, NOTHING);
  for (i = 0; i < 2 * RATE; i++) {
    wait_for_time (run, i);
    push_texture (run, i);
  }
  stop (run);
  for (i = 0; i < SLOTS; i++) {
    read += read_guard_count (&guards[i]);
    read_guard_clear (&guards[i]);
  }
  memcpy (run->pixels, pixels, sizeof (pixels));
  row ("bytes of pushed surfaces that the processor read", read, "", 0);
}

int
main (int argc, char **argv)
{
  Run *run = g_new0 (Run, 1);
  guint i;

  gst_init (&argc, &argv);
  for (i = 0; i < SLOTS; i++) {
    run->pixels[i] = g_malloc (WIDTH * HEIGHT * 4);
    memset (run->pixels[i], 16 + 25 * i, WIDTH * HEIGHT * 4);
  }
  g_print ("| figure | measured | goal | |\n| --- | --- | --- | --- |\n");
  bench_reads (run);
  if (argc < 2 || !g_str_equal (argv[1], "core"))
    bench_minute (run);
  bench_wake (run);
  if (argc < 2 || !g_str_equal (argv[1], "minute"))
    bench_core (run);
  for (i = 0; i < SLOTS; i++)
    g_free (run->pixels[i]);
  g_free (run);
  return 0;
}
