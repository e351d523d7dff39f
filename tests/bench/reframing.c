/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What echoelcrop costs a frame beside its peers: user and system CPU time,
 * one thread, the same frames, all in one run and turn about. Prints medians
 * and ratios; nothing here passes or fails. */
#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define ROUNDS 7
#define FRAMES 150
#define WARM_UP 20

#define I420 "video/x-raw,format=I420,width=1920,height=1080,framerate=30/1," \
    "colorimetry=bt709,pixel-aspect-ratio=1/1,interlace-mode=progressive"
#define BGRA "video/x-raw,format=BGRA,width=1920,height=1080,framerate=30/1," \
    "pixel-aspect-ratio=1/1,interlace-mode=progressive"
#define OURS "echoelcrop n-threads=1 ! capsfilter caps=video/x-raw,"

typedef enum
{
  PEER_GST,                     /* a pipeline */
  PEER_FFMPEG,                  /* a filter graph of the ffmpeg program */
  PEER_MEMCPY                   /* as many bytes as the output has */
} PeerKind;

static const struct
{
  const gchar *work, *in, *ours;
  PeerKind kind;
  const gchar *peer_name, *peer;
  gdouble goal;
} works[] = {
  /* *INDENT-OFF* */
  {"I420 9:16 window to 1080x1920, bicubic", I420,
      OURS "format=I420,width=1080,height=1920", PEER_GST,
      "aspectratiocrop ! videoconvertscale",
      "aspectratiocrop aspect-ratio=9/16 ! videoconvertscale ! "
      "capsfilter caps=video/x-raw,format=I420,width=1080,height=1920", 0.45},
  {"I420 9:16 window to 1080x1920, bicubic", I420,
      OURS "format=I420,width=1080,height=1920", PEER_FFMPEG,
      "ffmpeg crop,scale=flags=bicubic",
      "format=yuv420p,crop=608:1080,scale=1080:1920:flags=bicubic", 0.90},
  {"I420 1080p to 720p, bicubic", I420,
      OURS "format=I420,width=1280,height=720", PEER_FFMPEG,
      "ffmpeg scale=flags=bicubic",
      "format=yuv420p,scale=1280:720:flags=bicubic", 0.90},
  {"BGRA 9:16 window to NV12 1080x1920", BGRA,
      OURS "format=NV12,width=1080,height=1920", PEER_GST,
      "aspectratiocrop ! videoconvertscale",
      "aspectratiocrop aspect-ratio=9/16 ! videoconvertscale ! "
      "capsfilter caps=video/x-raw,format=NV12,width=1080,height=1920", 0.35},
  {"I420 9:16 crop, no scale", I420,
      OURS "format=I420,width=608,height=1080", PEER_MEMCPY,
      "memcpy of the same bytes", "985000", 0.02},
  {"I420 cover, 720p, against GStreamer", I420,
      OURS "format=I420,width=1280,height=720", PEER_GST,
      "videoconvertscale",
      "videoconvertscale ! capsfilter caps=video/x-raw,format=I420,width=1280,height=720",
      0},
  /* *INDENT-ON* */
};

typedef gdouble (*Clock) (void);

static gdouble
wall (void)
{
  return g_get_monotonic_time () / 1e6;
}

static gdouble
cpu_of (gint who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static gdouble
cpu (void)
{
  return cpu_of (RUSAGE_SELF);
}

static GstBuffer *
make_frame (const gchar * caps_text)
{
  GstAllocationParams params = { 0, 63, 0, 0, {NULL} };
  GstCaps *caps = gst_caps_from_string (caps_text);
  GstVideoInfo info;
  GstBuffer *buffer;
  GstMapInfo map;
  gsize i;

  gst_video_info_from_caps (&info, caps);
  gst_caps_unref (caps);
  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), &params);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < map.size; i++)
    map.data[i] = 16 + (i * 7 + (i >> 9) * 13) % 220;
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

/* Milliseconds of @clock a frame through @line. */
static gdouble
time_line (const gchar * line, const gchar * caps, GstBuffer * frame,
    Clock clock)
{
  gchar *full = g_strdup_printf ("capsfilter caps=\"%s\" ! %s", caps, line);
  GstHarness *h = gst_harness_new_parse (full);
  gdouble start = 0;
  guint i;

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  gst_harness_set_src_caps_str (h, caps);
  for (i = 0; i < WARM_UP + FRAMES; i++) {
    GstBuffer *in = gst_buffer_copy (frame), *out;

    if (i == WARM_UP)
      start = clock ();
    GST_BUFFER_PTS (in) = i * (GST_SECOND / 30);
    GST_BUFFER_DURATION (in) = GST_SECOND / 30;
    gst_harness_push (h, in);
    while ((out = gst_harness_try_pull (h)) != NULL)
      gst_buffer_unref (out);
  }
  start = clock () - start;
  gst_harness_teardown (h);
  g_free (full);
  return start * 1000 / FRAMES;
}

/* CPU seconds of one ffmpeg run with @frames frames through @filter. */
static gdouble
run_ffmpeg (const gchar * filter, guint frames)
{
  gchar *line = g_strdup_printf ("ffmpeg -nostdin -v error -f lavfi -i "
      "color=s=1920x1080:r=30,format=yuv420p -threads 1 -filter_threads 1 "
      "-frames:v %u -vf %s -f null -", frames, filter);
  gdouble start = cpu_of (RUSAGE_CHILDREN);
  gint status = 1;

  if (!g_spawn_command_line_sync (line, NULL, NULL, &status, NULL)
      || status != 0)
    g_error ("cannot run: %s", line);
  g_free (line);
  return cpu_of (RUSAGE_CHILDREN) - start;
}

static gdouble
time_ffmpeg (const gchar * filter)
{
  const guint frames = 300;

  return (run_ffmpeg (filter, frames) - run_ffmpeg ("null", frames)) * 1000
      / frames;
}

/* Frames of a stream are not in the cache when they come: neither are these. */
#define COLD (64 * 1024 * 1024)

static gdouble
time_memcpy (gsize size)
{
  guint8 *from = g_malloc (COLD), *to = g_malloc (COLD);
  guint i, n = COLD / size;
  gdouble start;

  memset (from, 1, COLD);
  memset (to, 2, COLD);
  start = cpu_of (RUSAGE_SELF);
  for (i = 0; i < FRAMES; i++)
    memcpy (to + (i % n) * size, from + (i % n) * size, size);
  start = cpu_of (RUSAGE_SELF) - start;
  g_free (from);
  g_free (to);
  return start * 1000 / FRAMES;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static gdouble
median (gdouble * values)
{
  qsort (values, ROUNDS, sizeof (gdouble), compare);
  return values[ROUNDS / 2];
}

static gdouble
time_peer (guint w, GstBuffer * frame)
{
  switch (works[w].kind) {
    case PEER_GST:
      return time_line (works[w].peer, works[w].in, frame, cpu);
    case PEER_FFMPEG:
      return time_ffmpeg (works[w].peer);
    case PEER_MEMCPY:
      return time_memcpy (strtoul (works[w].peer, NULL, 10));
  }
  return 0;
}

static void
run_work (guint w)
{
  GstBuffer *frame = make_frame (works[w].in);
  gdouble ours[ROUNDS], peer[ROUNDS], idle[ROUNDS], a, b, nothing;
  guint i;

  for (i = 0; i < ROUNDS; i++) {
    idle[i] = time_line ("identity", works[w].in, frame, cpu);
    ours[i] = time_line (works[w].ours, works[w].in, frame, cpu);
    peer[i] = time_peer (w, frame);
  }
  /* What the harness itself costs is nobody's. */
  nothing = median (idle);
  a = median (ours) - nothing;
  b = median (peer) - (works[w].kind == PEER_GST ? nothing : 0);
  g_print ("| %s | %s | %.4f | %.4f | %.3f | ", works[w].work,
      works[w].peer_name, a, b, a / b);
  if (works[w].goal > 0)
    g_print ("<= %.2f %s |\n", works[w].goal,
        a / b <= works[w].goal ? "met" : "missed");
  else
    g_print ("|\n");
  gst_buffer_unref (frame);
}

/* What looking at each frame adds. */
static void
run_follow (void)
{
  const gchar *still = OURS "format=I420,width=1080,height=1920";
  const gchar *follow = "echoelcrop n-threads=1 follow=motion ! capsfilter "
      "caps=video/x-raw,format=I420,width=1080,height=1920";
  GstBuffer *frame = make_frame (I420);
  gdouble without[ROUNDS], with[ROUNDS], added;
  guint i;

  for (i = 0; i < ROUNDS; i++) {
    without[i] = time_line (still, I420, frame, cpu);
    with[i] = time_line (follow, I420, frame, cpu);
  }
  added = median (with) - median (without);
  g_print ("| follow=motion, added | | %.4f | | | <= 2 ms %s |\n", added,
      added <= 2 ? "met" : "missed");
  gst_buffer_unref (frame);
}

#define ONE_THREAD OURS "format=I420,width=1080,height=1920"
#define TWO_THREADS "echoelcrop n-threads=2 ! capsfilter " \
    "caps=video/x-raw,format=I420,width=1080,height=1920"

static gpointer
time_beside (gpointer frame)
{
  gdouble *time = g_new (gdouble, 1);

  *time = time_line (ONE_THREAD, I420, frame, wall);
  return time;
}

/* What two frames at once cost beside one after the other, each on a core of
 * its own with nothing to share: no two threads can be better on this
 * machine, which may have one core under two names. */
static gdouble
time_two_apart (GstBuffer * frame)
{
  GThread *other = g_thread_new ("beside", time_beside, frame);
  gdouble mine = time_line (ONE_THREAD, I420, frame, wall);
  gdouble *theirs = g_thread_join (other), longer = MAX (mine, *theirs);

  g_free (theirs);
  return longer / 2;
}

static void
print_threads (const gchar * work, gdouble time, gdouble one)
{
  g_print ("| %s, wall time | one thread | %.4f | %.4f | %.3f | ", work, time,
      one, time / one);
}

/* Wall time of two threads beside one. */
static void
run_threads (void)
{
  GstBuffer *frame = make_frame (I420);
  gdouble one[ROUNDS], two[ROUNDS], apart[ROUNDS], idle[ROUNDS], nothing, a, b;
  guint i;

  for (i = 0; i < ROUNDS; i++) {
    idle[i] = time_line ("identity", I420, frame, wall);
    one[i] = time_line (ONE_THREAD, I420, frame, wall);
    two[i] = time_line (TWO_THREADS, I420, frame, wall);
    apart[i] = time_two_apart (frame);
  }
  nothing = median (idle);
  a = median (two) - nothing;
  b = median (one) - nothing;
  print_threads ("two threads", a, b);
  g_print ("<= 0.60 %s |\n", a / b <= 0.6 ? "met" : "missed");
  print_threads ("two single threads apart (this machine's floor)",
      median (apart) - nothing, b);
  g_print ("|\n");
  gst_buffer_unref (frame);
}

static gchar *
cpu_name (void)
{
  gchar *text = NULL, *name = NULL, *at;

  if (g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL)
      && (at = strstr (text, "model name")) != NULL
      && (at = strchr (at, ':')) != NULL)
    name = g_strndup (at + 2, strcspn (at + 2, "\n"));
  g_free (text);
  return name ? name : g_strdup ("unknown processor");
}

/* Rows can be asked for by a part of their name. */
static gboolean
wanted (gint argc, gchar ** argv, const gchar * work)
{
  return argc < 2 || strstr (work, argv[1]) != NULL;
}

int
main (int argc, char **argv)
{
  gchar *name = cpu_name (), *version;
  guint w;

  gst_init (&argc, &argv);
  version = gst_version_string ();
  g_print ("%s, %u cores, %s\n\n", name, g_get_num_processors (), version);
  g_print ("| work | peer | ours, ms a frame | peer, ms a frame | ratio | goal "
      "|\n| --- | --- | --- | --- | --- | --- |\n");
  for (w = 0; w < G_N_ELEMENTS (works); w++) {
    if (wanted (argc, argv, works[w].work))
      run_work (w);
  }
  if (wanted (argc, argv, "follow=motion"))
    run_follow ();
  if (wanted (argc, argv, "two threads"))
    run_threads ();
  g_free (version);
  g_free (name);
  return 0;
}
