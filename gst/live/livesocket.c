/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "livesocket.h"

#include <stddef.h>
#include <string.h>

#ifdef HAVE_LINUX_TCP
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#endif

/* How much the kernel may hold unsent: the rest stays in the relay, where it
 * can be seen and dropped. */
#define UNSENT_LIMIT (16 * 1024)
/* A peer that acknowledges nothing for so long is gone, ms. */
#define USER_TIMEOUT 20000

#define TURN (G_TIME_SPAN_SECOND)

struct _LiveSocket
{
  gchar *host;
  guint port;
  /* Guarded by the lock below. */
  GThread *thread;              /* in which its connection lives */
  GSocket *socket;
  LiveSocketStage stage;
};

/* Guards what follows and the fields named above. */
static GMutex lock;
static GCond changed;
static LiveSocket *expected;    /* who may claim the next connection */
static GPtrArray *known;        /* LiveSocket with a thread */
static gulong hook;

static void
set_limits (GSocket * socket)
{
#ifdef HAVE_LINUX_TCP
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_LIMIT,
      NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT,
      NULL);
#endif
}

static gboolean
is_expected (GSocketConnectable * place)
{
  GNetworkAddress *address;

  if (expected == NULL || !G_IS_NETWORK_ADDRESS (place))
    return FALSE;
  address = G_NETWORK_ADDRESS (place);
  return g_strcmp0 (g_network_address_get_hostname (address),
      expected->host) == 0
      && g_network_address_get_port (address) == expected->port;
}

static LiveSocket *
find_owner (void)
{
  GThread *me = g_thread_self ();
  guint i;

  for (i = 0; i < known->len; i++)
    if (((LiveSocket *) g_ptr_array_index (known, i))->thread == me)
      return g_ptr_array_index (known, i);
  return NULL;
}

/* The one that is expected begins to connect in this thread. Threads come from
 * a pool: it may have been another's before. */
static void
claim (void)
{
  LiveSocket *before = find_owner ();

  if (before != NULL)
    g_ptr_array_remove_fast (known, before);
  expected->thread = g_thread_self ();
  g_ptr_array_add (known, expected);
  expected = NULL;
  g_cond_broadcast (&changed);
}

static void
note_socket (LiveSocket * self, GIOStream * stream)
{
  GSocket *socket;

  if (!G_IS_SOCKET_CONNECTION (stream))
    return;
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  set_limits (socket);
  g_set_object (&self->socket, socket);
}

static void
note_event (LiveSocket * self, GSocketClientEvent event, GIOStream * stream)
{
  if (event == G_SOCKET_CLIENT_RESOLVING) {
    self->stage = LIVE_SOCKET_RESOLVING;
  } else if (event == G_SOCKET_CLIENT_CONNECTING) {
    self->stage = LIVE_SOCKET_CONNECTING;
  } else if (event == G_SOCKET_CLIENT_CONNECTED) {
    self->stage = LIVE_SOCKET_CONNECTED;
    note_socket (self, stream);
  } else if (event == G_SOCKET_CLIENT_COMPLETE) {
    self->stage = LIVE_SOCKET_COMPLETE;
  }
}

/* GSocketClient::event of every client in the process. */
static gboolean
on_event (GSignalInvocationHint * hint, guint n, const GValue * values,
    gpointer user_data)
{
  LiveSocket *self;

  g_mutex_lock (&lock);
  if (g_value_get_enum (&values[1]) == G_SOCKET_CLIENT_RESOLVING
      && is_expected (g_value_get_object (&values[2])))
    claim ();
  self = find_owner ();
  if (self != NULL)
    note_event (self, g_value_get_enum (&values[1]),
        g_value_get_object (&values[3]));
  g_mutex_unlock (&lock);
  return TRUE;
}

/* Once a process: the hook stays. */
static void
listen_once (void)
{
  GTypeClass *klass;

  if (hook != 0)
    return;
  klass = g_type_class_ref (G_TYPE_SOCKET_CLIENT);
  known = g_ptr_array_new ();
  hook = g_signal_add_emission_hook (g_signal_lookup ("event",
          G_TYPE_SOCKET_CLIENT), 0, on_event, NULL, NULL);
  g_type_class_unref (klass);
}

LiveSocket *
live_socket_new (void)
{
  g_mutex_lock (&lock);
  listen_once ();
  g_mutex_unlock (&lock);
  return g_new0 (LiveSocket, 1);
}

void
live_socket_free (LiveSocket * self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&lock);
  if (expected == self)
    expected = NULL;
  g_ptr_array_remove_fast (known, self);
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
  g_clear_object (&self->socket);
  g_free (self->host);
  g_free (self);
}

void
live_socket_expect (LiveSocket * self, const gchar * host, guint port)
{
  gint64 end = g_get_monotonic_time () + TURN;

  g_mutex_lock (&lock);
  while (expected != NULL && g_cond_wait_until (&changed, &lock, end));
  self->host = g_strdup (host);
  self->port = port;
  expected = self;
  g_mutex_unlock (&lock);
}

void
live_socket_settle (LiveSocket * self)
{
  gint64 end = g_get_monotonic_time () + TURN;

  g_mutex_lock (&lock);
  while (expected == self && g_cond_wait_until (&changed, &lock, end));
  if (expected == self)
    expected = NULL;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

LiveSocketStage
live_socket_get_stage (LiveSocket * self)
{
  LiveSocketStage stage;

  g_mutex_lock (&lock);
  stage = self->stage;
  g_mutex_unlock (&lock);
  return stage;
}

GSocket *
live_socket_get (LiveSocket * self)
{
  GSocket *socket;

  g_mutex_lock (&lock);
  socket = self->socket ? g_object_ref (self->socket) : NULL;
  g_mutex_unlock (&lock);
  return socket;
}

#ifdef HAVE_LINUX_TCP
static gboolean
read_tcp (gint fd, LiveSocketInfo * info)
{
  struct tcp_info tcp;
  socklen_t size = sizeof (tcp);
  gint queued = 0;

  memset (&tcp, 0, sizeof (tcp));
  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &tcp, &size) != 0
      || ioctl (fd, SIOCOUTQ, &queued) != 0)
    return FALSE;
  info->acked = tcp.tcpi_bytes_acked;
  info->unacked = MAX (queued, 0);
  info->sacked = (guint64) tcp.tcpi_sacked * tcp.tcpi_snd_mss;
  info->unsent = tcp.tcpi_notsent_bytes;
  info->rtt = tcp.tcpi_rtt;
  info->min_rtt = tcp.tcpi_min_rtt;     /* or G_MAXUINT */
  info->retransmits = tcp.tcpi_total_retrans;
  /* Linux before 5.4 does not tell: then it is never known to be closed. */
  info->window = size >= offsetof (struct tcp_info, tcpi_snd_wnd)
  + sizeof (tcp.tcpi_snd_wnd) ? tcp.tcpi_snd_wnd : G_MAXUINT;
  return TRUE;
}
#endif

gboolean
live_socket_read (LiveSocket * self, LiveSocketInfo * info)
{
  gboolean done = FALSE;
#ifdef HAVE_LINUX_TCP
  GSocket *socket = live_socket_get (self);

  if (socket != NULL && !g_socket_is_closed (socket))
    done = read_tcp (g_socket_get_fd (socket), info);
  g_clear_object (&socket);
#endif
  return done;
}
