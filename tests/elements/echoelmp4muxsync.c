/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A click and a flash at the same time, through echoelmp4mux into a file and
 * out of it again as GStreamer decodes it. */
#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <string.h>

#define WIDTH 64
#define HEIGHT 48
#define FPS 30
#define RATE 48000
#define FRAMES 120
#define CLICK 480
#define LOUD 8000
#define WHITE 128
#define MOST_OFF (GST_MSECOND)
#define DEADLINE (40 * GST_SECOND)

#define FRAME_SIZE (WIDTH * HEIGHT * 3 / 2)

/* When something was seen or heard, running times in ns. */
typedef struct
{
  gchar *folder;
  GMutex lock;                  /* guards what follows */
  GArray *flashes, *clicks;     /* GstClockTime */
  gboolean white;
  GstClockTime loud;            /* when it last was */
} Film;

static gchar *
path_of (Film * film, const gchar * name)
{
  return g_build_filename (film->folder, name, NULL);
}

static void
write_file (Film * film, const gchar * name, gpointer data, gsize size)
{
  gchar *path = path_of (film, name);

  fail_unless (g_file_set_contents (path, data, (gssize) size, NULL));
  g_free (path);
}

static void
make_source (Film * film)
{
  guint8 *video = g_malloc (FRAMES * FRAME_SIZE);
  gsize n = (gsize) FRAMES * RATE / FPS, i;
  gint16 *audio = g_new0 (gint16, n * 2);
  guint frame;

  for (frame = 0; frame < FRAMES; frame++) {
    guint8 *picture = video + (gsize) frame * FRAME_SIZE;
    gboolean flash = frame > 0 && frame % FPS == 0;

    memset (picture, flash ? 235 : 16, WIDTH * HEIGHT);
    memset (picture + WIDTH * HEIGHT, 128, WIDTH * HEIGHT / 2);
    for (i = 0; flash && i < CLICK * 2; i++)
      audio[(gsize) frame * RATE / FPS * 2 + i] = (i / 24) % 2 ? -20000 : 20000;
  }
  write_file (film, "video.raw", video, FRAMES * FRAME_SIZE);
  write_file (film, "audio.raw", audio, n * 2 * sizeof (*audio));
  g_free (video);
  g_free (audio);
}

static Film *
film_new (void)
{
  Film *film = g_new0 (Film, 1);

  film->folder = g_dir_make_tmp ("echoel-test-XXXXXX", NULL);
  fail_unless (film->folder != NULL);
  g_mutex_init (&film->lock);
  film->flashes = g_array_new (FALSE, FALSE, sizeof (GstClockTime));
  film->clicks = g_array_new (FALSE, FALSE, sizeof (GstClockTime));
  film->loud = 0;
  make_source (film);
  return film;
}

static void
film_free (Film * film)
{
  static const gchar *const names[] = { "video.raw", "audio.raw", "out" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    gchar *path = path_of (film, names[i]);

    g_unlink (path);
    g_free (path);
  }
  g_rmdir (film->folder);
  g_array_unref (film->flashes);
  g_array_unref (film->clicks);
  g_mutex_clear (&film->lock);
  g_free (film->folder);
  g_free (film);
}

static void
play (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  GError *error = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, DEADLINE, GST_MESSAGE_EOS
      | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "it does not end");
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  fail_unless (error == NULL, "%s", error ? error->message : "");
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

static GstElement *
parse (const gchar * format, ...)
{
  GError *error = NULL;
  GstElement *pipeline;
  gchar *line;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  pipeline = gst_parse_launch (line, &error);
  fail_unless (error == NULL, "%s", error ? error->message : "");
  g_free (line);
  return pipeline;
}

static void
make_file (Film * film, const gchar * encoder, const gchar * mux)
{
  play (parse ("filesrc location=%s/video.raw ! rawvideoparse format=i420 "
          "width=%d height=%d framerate=%d/1 ! x264enc bframes=2 "
          "key-int-max=30 speed-preset=superfast ! h264parse ! queue ! mux. "
          "filesrc location=%s/audio.raw ! rawaudioparse pcm-format=s16le "
          "sample-rate=%d num-channels=2 ! audioconvert ! %s ! aacparse "
          "! queue ! mux. echoelmp4mux name=mux %s ! filesink location=%s/out",
          film->folder, WIDTH, HEIGHT, FPS, film->folder, RATE, encoder, mux,
          film->folder));
}

/* Running time of what a buffer has at @time; NONE when it is cut off. */
static GstClockTime
running_time (GstPad * pad, GstClockTime time)
{
  GstEvent *event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  fail_unless (event != NULL);
  gst_event_parse_segment (event, &segment);
  time = gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
  gst_event_unref (event);
  return time;
}

static GstPadProbeReturn
see (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstClockTime time = running_time (pad, GST_BUFFER_PTS (buffer));
  Film *film = user_data;
  guint8 luma = 0;

  gst_buffer_extract (buffer, WIDTH * HEIGHT / 2, &luma, 1);
  if (GST_CLOCK_TIME_IS_VALID (time)) {
    if (luma > WHITE && !film->white)
      g_array_append_val (film->flashes, time);
    film->white = luma > WHITE;
  }
  return GST_PAD_PROBE_OK;
}

/* A click is what is loud after a tenth of a second that was not. */
static GstPadProbeReturn
hear (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  Film *film = user_data;
  GstMapInfo map;
  gsize i;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (i = 0; i < map.size / 2; i++) {
    GstClockTime time = GST_BUFFER_PTS (buffer)
        + gst_util_uint64_scale (i, GST_SECOND, RATE);

    if (ABS (((gint16 *) map.data)[i]) < LOUD)
      continue;
    time = running_time (pad, time);
    if (!GST_CLOCK_TIME_IS_VALID (time))
      continue;
    if (time > film->loud + GST_SECOND / 10)
      g_array_append_val (film->clicks, time);
    film->loud = time;
  }
  gst_buffer_unmap (buffer, &map);
  return GST_PAD_PROBE_OK;
}

static void
watch (GstElement * pipeline, const gchar * name, GstPadProbeCallback look,
    Film * film)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), name);
  GstPad *pad = gst_element_get_static_pad (sink, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, look, film, NULL);
  gst_object_unref (pad);
  gst_object_unref (sink);
}

static void
decode_file (Film * film)
{
  GstElement *pipeline = parse ("filesrc location=%s/out ! qtdemux name=d "
      "d.video_0 ! queue ! avdec_h264 ! videoconvert "
      "! video/x-raw,format=GRAY8 ! fakesink name=video "
      "d.audio_0 ! queue ! avdec_aac ! audioconvert ! audio/x-raw,"
      "format=S16LE,channels=1 ! fakesink name=audio", film->folder);

  watch (pipeline, "video", see, film);
  watch (pipeline, "audio", hear, film);
  play (pipeline);
}

static void
check_together (const gchar * encoder, const gchar * mux)
{
  Film *film = film_new ();
  guint i;

  make_file (film, encoder, mux);
  decode_file (film);
  fail_unless_equals_int (film->flashes->len, FRAMES / FPS - 1);
  fail_unless_equals_int (film->clicks->len, FRAMES / FPS - 1);
  for (i = 0; i < film->flashes->len; i++) {
    GstClockTime flash = g_array_index (film->flashes, GstClockTime, i);
    GstClockTime click = g_array_index (film->clicks, GstClockTime, i);
    GstClockTimeDiff off = GST_CLOCK_DIFF (flash, click);

    GST_INFO ("%s %s: %" GST_STIME_FORMAT, encoder, mux, GST_STIME_ARGS (off));
    fail_unless (ABS (off) <= (GstClockTimeDiff) MOST_OFF,
        "%s %s: sound is %" GST_STIME_FORMAT " off", encoder, mux,
        GST_STIME_ARGS (off));
  }
  film_free (film);
}

GST_START_TEST (test_click_and_flash_together_by_avenc_aac)
{
  check_together ("avenc_aac", "");
  check_together ("avenc_aac", "safety=fast container=mov");
  check_together ("avenc_aac", "safety=fragmented");
}

GST_END_TEST;

GST_START_TEST (test_click_and_flash_together_by_voaacenc)
{
  check_together ("voaacenc", "");
  check_together ("voaacenc", "safety=fragmented");
}

GST_END_TEST;

GST_START_TEST (test_click_and_flash_together_without_edit_lists)
{
  check_together ("avenc_aac", "edit-list=never");
  check_together ("voaacenc", "edit-list=never");
}

GST_END_TEST;

static Suite *
echoelmp4muxsync_suite (void)
{
  Suite *s = suite_create ("echoelmp4muxsync");
  TCase *tc = tcase_create ("sync");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_click_and_flash_together_by_avenc_aac);
  tcase_add_test (tc, test_click_and_flash_together_by_voaacenc);
  tcase_add_test (tc, test_click_and_flash_together_without_edit_lists);
  return s;
}

GST_CHECK_MAIN (echoelmp4muxsync);
