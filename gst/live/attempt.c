/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "attempt.h"

#include <string.h>

#include "transport.h"

/* Bytes of what a server says that are kept, and what stands for the rest. */
#define MOST_TEXT 300
#define ELLIPSIS "..."

/* One byte in so many that were sent must be read to count as progress. */
#define LEAST_READ 4

LiveAttempt *
live_attempt_new (LiveAttemptSetup * setup)
{
  LiveAttempt *attempt = g_new0 (LiveAttempt, 1);

  attempt->refs = 1;
  attempt->setup = *setup;
  attempt->transport = live_transport_find (setup->target->transport);
  g_mutex_init (&attempt->lock);
  return attempt;
}

LiveAttempt *
live_attempt_ref (LiveAttempt * attempt)
{
  g_atomic_int_inc (&attempt->refs);
  return attempt;
}

void
live_attempt_unref (LiveAttempt * attempt)
{
  if (!g_atomic_int_dec_and_test (&attempt->refs))
    return;
  g_mutex_clear (&attempt->lock);
  g_free (attempt->text);
  g_free (attempt->debug);
  echoel_destination_unref (attempt->setup.target);
  live_feed_unref (attempt->setup.feed);
  gst_clear_object (&attempt->setup.clock);
  gst_object_unref (attempt->setup.owner);
  g_free (attempt);
}

/* Without secrets, and no longer than anybody reads: it is repeated in every
 * message. Returns: (transfer full) (nullable) */
static gchar *
quote (LiveAttempt * attempt, const gchar * text)
{
  gchar *clean = echoel_destination_redact (attempt->setup.target, text);
  gchar *quoted = clean != NULL ? g_utf8_make_valid (clean, -1) : NULL;

  if (quoted != NULL && strlen (quoted) > MOST_TEXT)
    strcpy (g_utf8_find_prev_char (quoted, quoted + MOST_TEXT
            - strlen (ELLIPSIS)), ELLIPSIS);
  g_free (clean);
  return quoted;
}

void
live_attempt_fail (LiveAttempt * attempt, EchoelFault fault,
    const gchar * text, const gchar * debug)
{
  g_mutex_lock (&attempt->lock);
  if (attempt->fault == ECHOEL_FAULT_NONE && !attempt->closing) {
    attempt->fault = fault;
    attempt->text = quote (attempt, text);
    attempt->debug = quote (attempt, debug);
    GST_INFO_OBJECT (attempt->setup.owner, "%s: %s (%s)",
        echoel_fault_nick (fault), GST_STR_NULL (attempt->text),
        GST_STR_NULL (attempt->debug));
  }
  g_mutex_unlock (&attempt->lock);
  attempt->setup.wake (attempt->setup.owner);
}

/* The lock is held. */
static gboolean
flow (LiveAttempt * attempt)
{
  if (attempt->closing)
    return FALSE;
  if (!attempt->flowing)
    live_feed_open (attempt->setup.feed, attempt->setup.outlet);
  attempt->flowing = TRUE;
  return TRUE;
}

void
live_attempt_fix_tracks (LiveAttempt * attempt, gboolean has_video)
{
  g_mutex_lock (&attempt->lock);
  attempt->fixed = TRUE;
  attempt->has_video = has_video;
  g_mutex_unlock (&attempt->lock);
}

gboolean
live_attempt_flow (LiveAttempt * attempt)
{
  gboolean done;

  g_mutex_lock (&attempt->lock);
  done = flow (attempt);
  g_mutex_unlock (&attempt->lock);
  return done;
}

gboolean
live_attempt_connected (LiveAttempt * attempt)
{
  gboolean done;

  g_mutex_lock (&attempt->lock);
  done = flow (attempt);
  attempt->connected |= done;
  g_mutex_unlock (&attempt->lock);
  attempt->setup.wake (attempt->setup.owner);
  return done;
}

/* In a thread of the sink that failed: rtmp2sink 1.22 never drops the
 * connection of a publisher that was refused, unless it sees the connection's
 * end before its own. */
static void
note_error (LiveAttempt * attempt, GstMessage * message)
{
  GError *error = NULL;
  gchar *debug = NULL;

  gst_message_parse_error (message, &error, &debug);
  live_attempt_fail (attempt,
      attempt->transport->judge (attempt, error, GST_STR_NULL (debug)),
      error->message, debug);
  if (attempt->socket != NULL)
    live_socket_shut (attempt->socket);
  g_error_free (error);
  g_free (debug);
}

/* Nothing that the pipeline says goes further than this. */
static GstBusSyncReply
on_message (GstBus * bus, GstMessage * message, gpointer user_data)
{
  LiveAttempt *attempt = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    note_error (attempt, message);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    g_mutex_lock (&attempt->lock);
    attempt->ended = TRUE;
    g_mutex_unlock (&attempt->lock);
    attempt->setup.wake (attempt->setup.owner);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* The element's clock and base time: times mean the same inside. */
static GstElement *
make_pipeline (LiveAttempt * attempt)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstBus *bus = gst_element_get_bus (pipeline);

  gst_bus_set_sync_handler (bus, on_message, live_attempt_ref (attempt),
      (GDestroyNotify) live_attempt_unref);
  gst_object_unref (bus);
  if (attempt->setup.clock != NULL) {
    gst_pipeline_use_clock (GST_PIPELINE (pipeline), attempt->setup.clock);
    gst_element_set_base_time (pipeline, attempt->setup.base_time);
    gst_element_set_start_time (pipeline, GST_CLOCK_TIME_NONE);
  }
  return gst_object_ref_sink (pipeline);
}

static gboolean
build (LiveAttempt * attempt, GError ** error)
{
  const gchar *missing = live_transport_find_missing (attempt->transport);

  if (missing != NULL) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "The element \"%s\" is not installed.", missing);
    return FALSE;
  }
  return attempt->transport->build (attempt, error);
}

void
live_attempt_cancel (LiveAttempt * attempt)
{
  g_mutex_lock (&attempt->lock);
  attempt->closing = TRUE;
  g_mutex_unlock (&attempt->lock);
}

static gboolean
is_cancelled (LiveAttempt * attempt)
{
  gboolean cancelled;

  g_mutex_lock (&attempt->lock);
  cancelled = attempt->closing;
  g_mutex_unlock (&attempt->lock);
  return cancelled;
}

void
live_attempt_open (LiveAttempt * attempt)
{
  GError *error = NULL;

  live_relay_prepare (attempt->setup.outlet->relay);
  attempt->pipeline = make_pipeline (attempt);
  if (!build (attempt, &error)) {
    live_attempt_fail (attempt, ECHOEL_FAULT_SETUP, error->message, NULL);
    g_error_free (error);
    return;
  }
  if (is_cancelled (attempt))
    return;
  if (gst_element_set_state (attempt->pipeline, GST_STATE_PLAYING)
      == GST_STATE_CHANGE_FAILURE)
    live_attempt_fail (attempt, ECHOEL_FAULT_OTHER,
        "The sender does not start.", NULL);
  else
    attempt->transport->begin (attempt);
}

void
live_attempt_close (LiveAttempt * attempt)
{
  GstElement *pipeline;

  g_mutex_lock (&attempt->lock);
  attempt->closing = TRUE;
  attempt->sink = NULL;
  pipeline = attempt->pipeline;
  attempt->pipeline = NULL;
  g_mutex_unlock (&attempt->lock);
  live_relay_close (attempt->setup.outlet->relay);
  if (pipeline != NULL) {
    GstBus *bus = gst_element_get_bus (pipeline);

    if (attempt->transport->flush)
      gst_element_send_event (pipeline, gst_event_new_flush_start ());
    gst_element_set_state (pipeline, GST_STATE_NULL);
    gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
    gst_object_unref (bus);
    gst_object_unref (pipeline);
  }
  if (attempt->transport->clear != NULL)
    attempt->transport->clear (attempt);
  g_clear_pointer (&attempt->socket, live_socket_free);
}

void
live_attempt_drain (LiveAttempt * attempt)
{
  live_relay_finish (attempt->setup.outlet->relay);
}

GstElement *
live_attempt_get_sink (LiveAttempt * attempt)
{
  GstElement *sink;

  g_mutex_lock (&attempt->lock);
  sink = attempt->sink ? gst_object_ref (attempt->sink) : NULL;
  g_mutex_unlock (&attempt->lock);
  return sink;
}

/* The sink posts its end before the last bytes have left it. */
static gboolean
is_drained (LiveAttempt * attempt, const LiveAttemptView * view)
{
  gint64 now = g_get_monotonic_time ();

  if (!attempt->ended || view->delivered > attempt->last_delivered
      || (view->has_socket && view->socket.unacked > 0))
    attempt->moved_at = now;
  return attempt->ended
      && (now - attempt->moved_at) * 1000 >= attempt->transport->tail;
}

/* What the other side's kernel has acknowledged, its program may never read:
 * megabytes, when the kernel has grown large buffers. But the end of the window
 * that it offers moves on as the program reads, and but for a few bytes only
 * then. If bytes go out and that does not move with them, nobody is there. */
static void
note_progress (LiveAttempt * attempt, LiveAttemptView * view)
{
  guint64 read = view->delivered;

  if (view->has_socket)
    read += view->socket.window;
  if (read > attempt->read_then && (read - attempt->read_then) * LEAST_READ
      >= view->delivered - attempt->acked_then) {
    attempt->read_then = read;
    attempt->acked_then = view->delivered;
    attempt->progress++;
  }
  view->progress = attempt->progress;
  view->waiting |= view->delivered > attempt->acked_then;
}

gboolean
live_attempt_is_connected (LiveAttempt * attempt)
{
  gboolean connected;

  g_mutex_lock (&attempt->lock);
  connected = attempt->connected;
  g_mutex_unlock (&attempt->lock);
  return connected;
}

guint64
live_attempt_get_delivered (LiveAttempt * attempt)
{
  guint64 delivered;

  g_mutex_lock (&attempt->lock);
  delivered = attempt->delivered;
  g_mutex_unlock (&attempt->lock);
  return delivered;
}

/* What it means when connecting takes too long. */
static EchoelFault
late_fault (LiveAttempt * attempt)
{
  if (attempt->socket != NULL
      && live_socket_get_stage (attempt->socket) < LIVE_SOCKET_CONNECTED)
    return ECHOEL_FAULT_NO_CONNECTION;
  return ECHOEL_FAULT_NO_ANSWER;
}

/* What the system tells, once it is proved to be about this connection; else
 * what the sink counts. That comes first, so that the system never counts
 * less. */
static guint64
count_delivered (LiveAttempt * attempt, GstElement * sink,
    LiveAttemptView * view)
{
  LiveSocket *socket = attempt->socket;
  gboolean proved = socket != NULL && live_socket_is_proved (socket);
  guint64 counted = proved ? 0 : attempt->transport->count (attempt, sink,
      view);

  view->has_socket = socket != NULL && live_socket_read (socket, &view->socket)
      && (proved || live_socket_prove (socket, counted, &view->socket));
  return view->has_socket ? view->socket.acked : counted;
}

void
live_attempt_look (LiveAttempt * attempt, LiveAttemptView * view)
{
  GstElement *sink = live_attempt_get_sink (attempt);
  gboolean shows = live_feed_shows_video (attempt->setup.feed);
  LiveRelayStats relay;
  guint64 count = 0;

  live_relay_get_stats (attempt->setup.outlet->relay, &relay);
  /* Not under the lock: a sink posts errors while it holds its own. */
  if (sink != NULL)
    count = count_delivered (attempt, sink, view);
  view->waiting = relay.level.frames > 0
      || (view->has_socket && view->socket.unacked > 0);

  g_mutex_lock (&attempt->lock);
  attempt->delivered = MAX (attempt->delivered, count);
  attempt->connected |= attempt->flowing && attempt->delivered > 0;
  view->delivered = attempt->delivered;
  note_progress (attempt, view);
  view->connected = attempt->connected;
  view->outdated = attempt->fixed && attempt->has_video != shows;
  view->fault = attempt->fault;
  view->late = late_fault (attempt);
  view->drained = is_drained (attempt, view);
  attempt->last_delivered = view->delivered;
  g_mutex_unlock (&attempt->lock);
  if (sink != NULL)
    gst_object_unref (sink);
}
