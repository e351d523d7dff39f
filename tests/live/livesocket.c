/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A destination finds its own socket, and none of the application's, however
 * many of those lead to the same place at the same time. */
#include <gst/check/gstcheck.h>

#include <gio/gio.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#define DESTINATIONS 4
#define APPLICATION_THREADS 2
#define KEPT 128                /* connections that stay open in any case */
#define LEAST_CONNECTIONS 1000
#define MOST_CONNECTIONS 5000
#define DEADLINE (20 * GST_SECOND)

/* A server that takes connections, says nothing and ends with the test. */
typedef struct
{
  GSocketListener *listener;
  GCancellable *cancellable;
  GThread *thread;
  guint16 port;
} Server;

/* What an application does beside the pipeline. */
typedef struct
{
  guint16 port;
  gint stop;                    /* atomic */
  gint opened, touched;         /* atomic */
} Application;

/* Of the older connections those that nobody has written to: destinations
 * begin with a handshake, the application says nothing. */
static void
forget_silent (GPtrArray * taken)
{
  guint i;

  for (i = KEPT; i > 0; i--)
    if (g_socket_get_available_bytes (g_socket_connection_get_socket
            (g_ptr_array_index (taken, i - 1))) <= 0)
      g_ptr_array_remove_index (taken, i - 1);
}

static gpointer
serve (gpointer data)
{
  Server *server = data;
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_object_unref);
  GSocketConnection *one;

  while ((one = g_socket_listener_accept (server->listener, NULL,
              server->cancellable, NULL)) != NULL) {
    g_ptr_array_add (taken, one);
    if (taken->len > 2 * KEPT)
      forget_silent (taken);
  }
  g_ptr_array_unref (taken);
  return NULL;
}

static void
server_start (Server * server)
{
  server->listener = g_socket_listener_new ();
  server->cancellable = g_cancellable_new ();
  server->port = g_socket_listener_add_any_inet_port (server->listener, NULL,
      NULL);
  fail_unless (server->port != 0);
  server->thread = g_thread_new ("server", serve, server);
}

static void
server_stop (Server * server)
{
  g_cancellable_cancel (server->cancellable);
  g_thread_join (server->thread);
  g_socket_listener_close (server->listener);
  g_object_unref (server->listener);
  g_object_unref (server->cancellable);
}

static gboolean
is_touched (GSocket * socket)
{
  gint unsent = 0, patience = 0;

  g_socket_get_option (socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, NULL);
  g_socket_get_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, NULL);
  return unsent != 0 || patience != 0;
}

/* Every second connection has a timeout of its own, as applications set. */
static gpointer
connect_often (gpointer data)
{
  Application *application = data;

  while (!g_atomic_int_get (&application->stop)
      && g_atomic_int_get (&application->opened) < MOST_CONNECTIONS) {
    GSocketClient *client = g_socket_client_new ();
    GSocketConnection *one;

    if (g_atomic_int_get (&application->opened) % 2)
      g_socket_client_set_timeout (client, 5);
    one = g_socket_client_connect_to_host (client, "127.0.0.1",
        application->port, NULL, NULL);
    if (one != NULL) {
      g_atomic_int_inc (&application->opened);
      if (is_touched (g_socket_connection_get_socket (one)))
        g_atomic_int_inc (&application->touched);
      g_object_unref (one);
    }
    g_object_unref (client);
  }
  return NULL;
}

static GstElement *
make_pipeline (guint16 port)
{
  GString *line = g_string_new ("videotestsrc is-live=true "
      "! video/x-raw,width=64,height=64 ! x264enc tune=zerolatency "
      "! h264parse ! echoellivesink name=live destinations=\"");
  GstElement *pipeline;
  guint i;

  for (i = 0; i < DESTINATIONS; i++)
    g_string_append_printf (line, "d%u=rtmp://127.0.0.1:%u/app/%u ", i, port,
        i);
  g_string_append_c (line, '"');
  pipeline = gst_parse_launch (line->str, NULL);
  g_string_free (line, TRUE);
  fail_unless (pipeline != NULL);
  return pipeline;
}

/* Waits until all destinations have failed. Returns: how many of them because
 * the server said nothing on their connection, not because there was none */
static guint
count_silent (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  guint failed = 0, silent = 0;
  GstMessage *message;

  while (failed < DESTINATIONS) {
    const GstStructure *s;

    message = gst_bus_timed_pop_filtered (bus, DEADLINE, GST_MESSAGE_ELEMENT);
    fail_unless (message != NULL);
    s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "echoellivesink-state")
        && g_strcmp0 (gst_structure_get_string (s, "new"), "backoff") == 0) {
      failed++;
      silent += g_str_equal (gst_structure_get_string (s, "reason"),
          "no-answer");
    }
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  return silent;
}

static gboolean
have_encoder (void)
{
  GstElementFactory *factory = gst_element_factory_find ("x264enc");

  if (factory != NULL)
    gst_object_unref (factory);
  else
    g_print ("SKIP: x264enc is missing\n");
  return factory != NULL;
}

GST_START_TEST (test_no_socket_of_the_application_is_touched)
{
  GThread *threads[APPLICATION_THREADS];
  Application application = { 0, };
  Server server = { NULL, };
  GstElement *pipeline;
  guint i, silent;

  if (!have_encoder ())
    return;
  server_start (&server);
  application.port = server.port;
  pipeline = make_pipeline (server.port);
  for (i = 0; i < APPLICATION_THREADS; i++)
    threads[i] = g_thread_new ("application", connect_often, &application);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  silent = count_silent (pipeline);
  g_atomic_int_set (&application.stop, TRUE);
  for (i = 0; i < APPLICATION_THREADS; i++)
    g_thread_join (threads[i]);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  server_stop (&server);
  fail_unless_equals_int (silent, DESTINATIONS);
  fail_unless (application.opened >= LEAST_CONNECTIONS);
  fail_unless_equals_int (application.touched, 0);
}

GST_END_TEST;

static Suite *
livesocket_suite (void)
{
  Suite *s = suite_create ("livesocket");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_no_socket_of_the_application_is_touched);
  return s;
}

GST_CHECK_MAIN (livesocket);
