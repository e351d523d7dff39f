/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes out as an MPEG transport stream: SRT, and HLS into a folder. One
 * source and parser a track in front of a muxer, which waits for both: that is
 * no risk, because sound is always there, and when the picture comes or goes
 * another attempt begins. */
#include "livedebug.h"
#include "transport.h"

#include <errno.h>
#include <gst/app/gstappsrc.h>
#include <string.h>

/* Where a stream's clock begins: later than 0, so that frames of one track
 * may come before the first one of the other. */
#define LEAD ((gint64) GST_SECOND)

typedef struct
{
  LiveAttempt *attempt;         /* not owned */
  EchoelPop kind;
  EchoelFormat *told;           /* what the caps say */
} Track;

typedef struct
{
  Track video, audio;
  GMutex lock;                  /* guards the rest */
  gboolean begun;
  gint64 base;                  /* dts of the first frame, ns: its time is
                                 * LEAD */
} Session;

static void
free_session (LiveAttempt * attempt)
{
  Session *session = attempt->state;

  attempt->state = NULL;
  if (session == NULL)
    return;
  echoel_format_unref (session->video.told);
  echoel_format_unref (session->audio.told);
  g_mutex_clear (&session->lock);
  g_free (session);
}

static gint64
get_time (Session * session, gint64 dts)
{
  gint64 time;

  g_mutex_lock (&session->lock);
  if (!session->begun)
    session->base = dts;
  session->begun = TRUE;
  time = dts - session->base + LEAD;
  g_mutex_unlock (&session->lock);
  return time;
}

static void
send_frame (Track * track, GstAppSrc * source, const EchoelMedia * media,
    gboolean discont)
{
  gint64 time = get_time (track->attempt->state, media->dts);
  GstBuffer *buffer = gst_buffer_copy (media->buffer);

  if (!echoel_format_equal (track->told, media->format)) {
    gst_app_src_set_caps (source, media->format->caps);
    echoel_format_unref (track->told);
    track->told = echoel_format_ref (media->format);
  }
  GST_BUFFER_DTS (buffer) = MAX (time, 0);
  GST_BUFFER_PTS (buffer) = MAX (time + media->pts - media->dts, 0);
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_app_src_push_buffer (source, buffer);
}

/* In the thread of one track, once its frame before has been taken. */
static void
need_data (GstAppSrc * source, guint length, gpointer user_data)
{
  Track *track = user_data;
  LiveRelay *relay = track->attempt->setup.outlet->relay;
  gboolean discont = FALSE;
  EchoelMedia *media = live_relay_take (relay, track->kind, &discont);

  if (media != NULL)
    send_frame (track, source, media, discont);
  else if (live_relay_is_finished (relay))
    gst_app_src_end_of_stream (source);
  echoel_media_unref (media);
}

/* A source with what it needs before a muxer.
 * Returns: (transfer none): its last element */
static GstElement *
add_track (LiveAttempt * attempt, Track * track, EchoelPop kind,
    const EchoelFormat * format, const gchar * parser)
{
  GstAppSrcCallbacks callbacks = { need_data, };
  GstElement *source = live_transport_add (attempt, "appsrc");
  GstElement *parse = live_transport_add (attempt, parser);

  track->attempt = attempt;
  track->kind = kind;
  g_object_set (source, "caps", format->caps, "format", GST_FORMAT_TIME, NULL);
  gst_app_src_set_callbacks (GST_APP_SRC (source), &callbacks, track, NULL);
  live_transport_set (parse, "config-interval", "-1");
  gst_element_link (source, parse);
  return parse;
}

static const gchar *
video_parser (const EchoelFormat * format)
{
  return format->codec == ECHOEL_TRACK_H265 ? "h265parse" : "h264parse";
}

/* Both tracks into request pads of @muxer. */
static gboolean
link_tracks (LiveAttempt * attempt, GstElement * muxer,
    const gchar * video_pad, const gchar * audio_pad, GError ** error)
{
  Session *session = attempt->state = g_new0 (Session, 1);
  gboolean done = TRUE;
  EchoelFormat *video, *audio;

  g_mutex_init (&session->lock);
  live_feed_get_formats (attempt->setup.feed, &video, &audio);
  if (video != NULL)
    done = gst_element_link_pads (add_track (attempt, &session->video,
            ECHOEL_POP_VIDEO, video, video_parser (video)), "src", muxer,
        video_pad);
  if (audio != NULL)
    done = done && gst_element_link_pads (add_track (attempt, &session->audio,
            ECHOEL_POP_AUDIO, audio, "aacparse"), "src", muxer, audio_pad);
  live_attempt_fix_tracks (attempt, video != NULL);
  echoel_format_unref (video);
  echoel_format_unref (audio);
  if (!done)
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "The muxer does not take the tracks.");
  return done;
}

static void
set_sink (LiveAttempt * attempt, GstElement * sink)
{
  g_mutex_lock (&attempt->lock);
  attempt->sink = sink;
  g_mutex_unlock (&attempt->lock);
}

/* --- SRT ----------------------------------------------------------------- */

/* Seven packets of 188 bytes fill one of SRT's. */
#define SRT_ALIGNMENT "7"

/* A receiver that is told of the end drops what its latency (0.125 s unless
 * set) still holds back. */
#define SRT_TAIL ((gint64) GST_SECOND)

static gboolean
build_srt (LiveAttempt * attempt, GError ** error)
{
  GstElement *muxer = live_transport_add (attempt, "mpegtsmux");
  GstElement *sink = live_transport_add (attempt, "srtsink");

  live_transport_set (muxer, "alignment", SRT_ALIGNMENT);
  g_object_set (sink, "uri", attempt->setup.target->location, NULL);
  live_transport_set (sink, "sync", "false");
  live_transport_set (sink, "async", "false");
  live_transport_set (sink, "enable-last-sample", "false");
  live_transport_set (sink, "qos", "false");
  live_transport_set (sink, "auto-reconnect", "false");
  gst_element_link (muxer, sink);
  set_sink (attempt, sink);
  return link_tracks (attempt, muxer, "sink_%d", "sink_%d", error);
}

/* Frames wait in the relay until the other side is there; the bytes that it
 * is sent say so. */
static void
begin_srt (LiveAttempt * attempt)
{
  live_attempt_flow (attempt);
}

static EchoelFault
judge_srt (LiveAttempt * attempt, const GError * error, const gchar * debug)
{
  if (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_NOT_AUTHORIZED)
      || strstr (debug, "ERROR:BADSECRET") != NULL
      || strstr (debug, "ERROR:UNSECURE") != NULL)
    return ECHOEL_FAULT_AUTH;
  if (strstr (debug, "resolve") != NULL)
    return ECHOEL_FAULT_UNREACHABLE;
  if (error->domain != GST_RESOURCE_ERROR)
    return ECHOEL_FAULT_OTHER;
  return live_attempt_is_connected (attempt) ? ECHOEL_FAULT_CLOSED
      : ECHOEL_FAULT_NO_CONNECTION;
}

/* Numbers in the statistics have not always had the same type.
 * Returns: 0 where it is not told */
static gdouble
get_number (const GstStructure * stats, const gchar * name)
{
  const GValue *value = gst_structure_get_value (stats, name);
  GValue number = G_VALUE_INIT;
  gdouble found = 0.0;

  g_value_init (&number, G_TYPE_DOUBLE);
  if (value != NULL && g_value_transform (value, &number))
    found = g_value_get_double (&number);
  g_value_unset (&number);
  return found;
}

/* A connection's numbers, added to those of others. */
static void
add_connection (const GstStructure * stats, EchoelSrtCounters * srt)
{
  GstClockTime rtt = get_number (stats, "rtt-ms") * GST_MSECOND;
  GstClockTime latency = get_number (stats, "negotiated-latency-ms")
      * GST_MSECOND;

  srt->sent += get_number (stats, "bytes-sent");
  srt->resent += get_number (stats, "bytes-retransmitted");
  srt->dropped += get_number (stats, "bytes-sent-dropped");
  srt->packets_sent += get_number (stats, "packets-sent");
  srt->packets_resent += get_number (stats, "packets-retransmitted");
  srt->packets_lost += get_number (stats, "packets-sent-lost");
  srt->rtt = MAX (srt->rtt, rtt);
  srt->latency = MAX (srt->latency, latency);
}

/* A caller has one connection, a listener one for each of its callers, and
 * sends each of them everything. */
static void
read_srt (const GstStructure * stats, EchoelSrtCounters * srt)
{
  const GValue *callers = gst_structure_get_value (stats, "callers");
  GValueArray *list;
  guint i;

  srt->accepted = get_number (stats, "bytes-sent-total");
  if (callers == NULL) {
    add_connection (stats, srt);
    return;
  }
  list = g_value_get_boxed (callers);
  for (i = 0; list != NULL && i < list->n_values; i++)
    add_connection (gst_value_get_structure (&list->values[i]), srt);
  srt->accepted *= list != NULL ? MAX (list->n_values, 1) : 1;
}

static guint64
count_srt (LiveAttempt * attempt, GstElement * sink, LiveAttemptView * view)
{
  GstStructure *stats = NULL;

  guint64 bytes;

  memset (&view->srt, 0, sizeof view->srt);
  g_object_get (sink, "stats", &stats, NULL);
  if (stats == NULL)
    return 0;
  read_srt (stats, &view->srt);
  bytes = get_number (stats, "bytes-sent-total");
  view->has_srt = bytes > 0 && view->srt.packets_sent > 0;
  gst_structure_free (stats);
  return bytes;
}

const LiveTransport live_transport_srt = {
  ECHOEL_TRANSPORT_SRT,
  {"appsrc", "h264parse", "aacparse", "mpegtsmux", "srtsink", NULL},
  build_srt, begin_srt, judge_srt, count_srt, SRT_TAIL, free_session,
  FALSE
};

/* --- HLS ----------------------------------------------------------------- */

static void
set_location (GstElement * sink, const gchar * property, const gchar * folder,
    const gchar * name)
{
  gchar *path = g_build_filename (folder, name, NULL);

  g_object_set (sink, property, path, NULL);
  g_free (path);
}

/* A new attempt never writes over the segments of the one before. hlssink2
 * takes the location of segments for a pattern of its own, so that a percent
 * sign in the folder must be doubled; that of the playlist it does not. */
static void
set_locations (GstElement * sink, const gchar * folder)
{
  gchar *name = g_strdup_printf ("segment-%" G_GINT64_FORMAT "-%%05d.ts",
      g_get_real_time ());
  GString *pattern = g_string_new (folder);

  g_string_replace (pattern, "%", "%%", 0);
  set_location (sink, "location", pattern->str, name);
  set_location (sink, "playlist-location", folder, "playlist.m3u8");
  g_string_free (pattern, TRUE);
  g_free (name);
}

#define FOLDER_MODE 0755
#define SEGMENT_SECONDS "4"

static gboolean
build_hls (LiveAttempt * attempt, GError ** error)
{
  const gchar *folder = attempt->setup.target->location;
  GstElement *sink = live_transport_add (attempt, "hlssink2");

  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
        "The folder %s cannot be made: %s.", folder, g_strerror (errno));
    return FALSE;
  }
  set_locations (sink, folder);
  live_transport_set (sink, "target-duration", SEGMENT_SECONDS);
  live_transport_set (sink, "send-keyframe-requests", "false");
  set_sink (attempt, sink);
  return link_tracks (attempt, sink, "video", "audio", error);
}

static void
begin_hls (LiveAttempt * attempt)
{
  live_attempt_connected (attempt);
}

static EchoelFault
judge_hls (LiveAttempt * attempt, const GError * error, const gchar * debug)
{
  return ECHOEL_FAULT_OTHER;
}

/* What was taken is written. */
static guint64
count_hls (LiveAttempt * attempt, GstElement * sink, LiveAttemptView * view)
{
  LiveRelayStats stats;

  live_relay_get_stats (attempt->setup.outlet->relay, &stats);
  return stats.bytes_out;
}

const LiveTransport live_transport_hls = {
  ECHOEL_TRANSPORT_HLS,
  {"appsrc", "h264parse", "aacparse", "mpegtsmux", "hlssink2", NULL},
  build_hls, begin_hls, judge_hls, count_hls, 0, free_session,
  TRUE
};
