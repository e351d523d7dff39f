/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTMP and RTMPS: appsrc ! rtmp2sink. The FLV tags are made here, one frame at
 * a time in the order of time, so no muxer waits for one track because of the
 * other, and a session begins at time 0 whatever the running time is. */
#include "livedebug.h"
#include "transport.h"

#include <gst/app/gstappsrc.h>
#include <stdlib.h>
#include <string.h>

#include "flv.h"

/* rtmp2sink's own default costs a header every 128 bytes. */
#define CHUNK_SIZE "4096"

#define TAIL ((gint64) GST_SECOND / 5)

typedef struct
{
  GstAppSrc *source;            /* not owned: of the pipeline */
  gint introduced;              /* atomic: metadata went first */
  gboolean begun;
  gint64 base;                  /* dts of the first frame, ns: its time is 0 */
  EchoelFormat *video, *audio;  /* that the server was told of */
} Session;

static void
free_session (LiveAttempt * attempt)
{
  Session *session = attempt->state;

  attempt->state = NULL;
  if (session == NULL)
    return;
  echoel_format_unref (session->video);
  echoel_format_unref (session->audio);
  g_free (session);
}

/* The first tag. rtmp2sink holds on to it until it is a publisher; so the
 * next request says that it is one, and no frame grows old meanwhile. */
static void
begin (LiveAttempt * attempt)
{
  Session *session = attempt->state;
  EchoelFormat *video, *audio;

  live_feed_get_formats (attempt->setup.feed, &video, &audio);
  gst_app_src_push_buffer (session->source, echoel_flv_metadata (video, audio));
  echoel_format_unref (video);
  echoel_format_unref (audio);
  g_atomic_int_set (&session->introduced, TRUE);
}

/* Before a frame that the server cannot decode yet. */
static void
tell_format (Session * session, const EchoelMedia * media, guint32 time)
{
  EchoelFormat **told = media->video ? &session->video : &session->audio;

  if (echoel_format_equal (*told, media->format))
    return;
  gst_app_src_push_buffer (session->source, echoel_flv_header (media->format,
          time));
  echoel_format_unref (*told);
  *told = echoel_format_ref (media->format);
}

static void
send_frame (Session * session, const EchoelMedia * media, gboolean discont)
{
  GstBuffer *tag;
  guint32 time;

  if (!session->begun)
    session->base = media->dts;
  session->begun = TRUE;
  time = MAX (media->dts - session->base, 0) / (gint64) GST_MSECOND;
  tag = echoel_flv_frame (media, time);
  tell_format (session, media, time);
  if (discont)
    GST_BUFFER_FLAG_SET (tag, GST_BUFFER_FLAG_DISCONT);
  gst_app_src_push_buffer (session->source, tag);
}

/* In the thread that feeds rtmp2sink, once the one before has been taken. */
static void
need_data (GstAppSrc * source, guint length, gpointer user_data)
{
  LiveAttempt *attempt = user_data;
  Session *session = attempt->state;
  gboolean discont = FALSE;
  EchoelMedia *media;

  if (!g_atomic_int_get (&session->introduced)
      || gst_app_src_get_current_level_bytes (source) > 0)
    return;
  if (!attempt->connected && !live_attempt_connected (attempt))
    return;
  media = live_relay_take (attempt->setup.outlet->relay, ECHOEL_POP_ANY,
      &discont);
  if (media != NULL)
    send_frame (session, media, discont);
  else if (live_relay_is_finished (attempt->setup.outlet->relay))
    gst_app_src_end_of_stream (source);
  echoel_media_unref (media);
}

static GstElement *
make_source (LiveAttempt * attempt, Session * session)
{
  GstAppSrcCallbacks callbacks = { need_data, };
  GstElement *source = live_transport_add (attempt, "appsrc");
  GstCaps *caps = gst_caps_new_empty_simple ("video/x-flv");

  session->source = GST_APP_SRC (source);
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, NULL);
  gst_app_src_set_callbacks (session->source, &callbacks,
      live_attempt_ref (attempt), (GDestroyNotify) live_attempt_unref);
  gst_caps_unref (caps);
  return source;
}

static GstElement *
make_sink (LiveAttempt * attempt)
{
  GstElement *sink = live_transport_add (attempt, "rtmp2sink");

  g_object_set (sink, "location", attempt->setup.target->location,
      "tls-validation-flags", attempt->setup.tls_flags, NULL);
  live_transport_set (sink, "sync", "false");
  live_transport_set (sink, "async", "false");
  live_transport_set (sink, "enable-last-sample", "false");
  live_transport_set (sink, "qos", "false");
  live_transport_set (sink, "chunk-size", CHUNK_SIZE);
  return sink;
}

/* The sink's timeout tells its client from all others. It is longer than each
 * wait may be: those have deadlines of ours, whatever the version of rtmp2sink
 * does. */
static LiveSocket *
make_socket (GstElement * sink)
{
  LiveSocket *socket;
  gchar *host = NULL;
  guint port = 0;

  g_object_get (sink, "host", &host, "port", &port, NULL);
  socket = live_socket_new (host, port);
  g_object_set (sink, "timeout", live_socket_get_timeout (socket), NULL);
  g_free (host);
  return socket;
}

/* GIO's is a module of its own that may not be installed. */
static gboolean
has_tls (LiveAttempt * attempt, GError ** error)
{
  if (!g_str_has_prefix (attempt->setup.target->location, "rtmps:")
      || g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return TRUE;
  g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
      "TLS is not available: install glib-networking.");
  return FALSE;
}

static gboolean
build (LiveAttempt * attempt, GError ** error)
{
  Session *session = g_new0 (Session, 1);
  GstElement *source, *sink;

  attempt->state = session;
  if (!has_tls (attempt, error))
    return FALSE;
  source = make_source (attempt, session);
  sink = make_sink (attempt);
  if (!gst_element_link (source, sink)) {
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "appsrc does not link to rtmp2sink.");
    return FALSE;
  }
  g_mutex_lock (&attempt->lock);
  attempt->sink = sink;
  attempt->socket = make_socket (sink);
  g_mutex_unlock (&attempt->lock);
  return TRUE;
}

/* What servers say to a publisher that they refuse, in rtmp2sink's words. */
static const struct
{
  const gchar *words;
  EchoelFault fault;
} refusals[] = {
  /* *INDENT-OFF* */
  {"already exists", ECHOEL_FAULT_KEY_IN_USE},
  {"publish denied", ECHOEL_FAULT_AUTH},
  {"authfailed", ECHOEL_FAULT_AUTH},
  /* *INDENT-ON* */
};

static const struct
{
  gint code;                    /* GIOErrorEnum */
  EchoelFault fault;
} io_errors[] = {
  /* *INDENT-OFF* */
  {G_IO_ERROR_PERMISSION_DENIED, ECHOEL_FAULT_AUTH},
  {G_IO_ERROR_CONNECTION_REFUSED, ECHOEL_FAULT_REFUSED},
  {G_IO_ERROR_HOST_NOT_FOUND, ECHOEL_FAULT_UNREACHABLE},
  {G_IO_ERROR_HOST_UNREACHABLE, ECHOEL_FAULT_UNREACHABLE},
  {G_IO_ERROR_NETWORK_UNREACHABLE, ECHOEL_FAULT_UNREACHABLE},
  {G_IO_ERROR_TIMED_OUT, ECHOEL_FAULT_NO_CONNECTION},
  /* *INDENT-ON* */
};

/* Before there is a connection nobody can refuse a login: a firewall of this
 * machine denies in the same word. */
static EchoelFault
judge_io_error (LiveAttempt * attempt, gint code)
{
  guint i;

  if (code == G_IO_ERROR_PERMISSION_DENIED
      && live_socket_get_stage (attempt->socket) < LIVE_SOCKET_COMPLETE)
    return ECHOEL_FAULT_UNREACHABLE;
  for (i = 0; i < G_N_ELEMENTS (io_errors); i++)
    if (io_errors[i].code == code)
      return io_errors[i].fault;
  return ECHOEL_FAULT_CLOSED;
}

/* The sink names the real error at the end of its debug text, such as
 * "domain g-io-error-quark, code 39". */
static EchoelFault
judge_debug (LiveAttempt * attempt, const gchar * debug)
{
  const gchar *domain = g_strrstr (debug, "domain ");
  const gchar *code = domain ? strstr (domain, ", code ") : NULL;

  if (code == NULL)
    return ECHOEL_FAULT_NONE;
  if (g_str_has_prefix (domain, "domain g-resolver-error-quark"))
    return ECHOEL_FAULT_UNREACHABLE;
  if (g_str_has_prefix (domain, "domain g-tls-error-quark"))
    return ECHOEL_FAULT_TLS;
  if (g_str_has_prefix (domain, "domain g-io-error-quark"))
    return judge_io_error (attempt, atoi (code + strlen (", code ")));
  return ECHOEL_FAULT_OTHER;
}

static EchoelFault
judge (LiveAttempt * attempt, const GError * error, const gchar * debug)
{
  EchoelFault fault;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (strstr (error->message, refusals[i].words) != NULL)
      return refusals[i].fault;
  fault = judge_debug (attempt, debug);
  if (fault != ECHOEL_FAULT_NONE)
    return fault;
  if (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return ECHOEL_FAULT_AUTH;
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ))
    return ECHOEL_FAULT_REFUSED;
  return error->domain == GST_RESOURCE_ERROR ? ECHOEL_FAULT_CLOSED
      : ECHOEL_FAULT_OTHER;
}

static guint64
count (LiveAttempt * attempt, GstElement * sink, LiveAttemptView * view)
{
  GstStructure *stats = NULL;
  guint64 bytes = 0;

  g_object_get (sink, "stats", &stats, NULL);
  if (stats != NULL) {
    gst_structure_get_uint64 (stats, "out-bytes-total", &bytes);
    gst_structure_free (stats);
  }
  return bytes;
}

const LiveTransport live_transport_rtmp = {
  ECHOEL_TRANSPORT_RTMP, {"appsrc", "rtmp2sink", NULL},
  build, begin, judge, count, TAIL, free_session, FALSE
};
