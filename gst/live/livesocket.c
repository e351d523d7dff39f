/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "livedebug.h"
#include "livesocket.h"

#include "bytecheck.h"

/* Timeouts that tell clients apart, s. Below 2^32 us, which some of GLib's
 * timers cannot exceed, and no number that anybody would choose. */
#define FIRST_TIMEOUT 3671
#define LAST_TIMEOUT 4271

struct _LiveSocket
{
  gchar *host;
  guint port, timeout;
  /* Guarded by the lock below. */
  GSocket *socket;
  gint before[LIVE_SOCKET_OPTIONS];     /* what its options were */
  EchoelByteCheck check;
  LiveSocketStage stage;
};

static gboolean
tell_nothing (gint descriptor, LiveSocketInfo * info)
{
  return FALSE;
}

static const LiveSocketBackend unknown_system = { {{0,},}, tell_nothing };

/* The first is used. */
static const LiveSocketBackend *const backends[] = {
#ifdef HAVE_LINUX_TCP
  &live_socket_linux,
#endif
  &unknown_system
};

/* Guards what follows and the fields named above. */
static GMutex lock;
static GPtrArray *known;        /* LiveSocket, no two with one timeout */
static guint next_timeout = FIRST_TIMEOUT;
static gulong hook;

/* --- options; the lock is held ------------------------------------------- */

static void
set_limits (LiveSocket * self)
{
  guint i;

  for (i = 0; i < LIVE_SOCKET_OPTIONS; i++) {
    const LiveSocketOption *option = &backends[0]->options[i];

    if (option->option == 0)
      continue;
    if (!g_socket_get_option (self->socket, option->level, option->option,
            &self->before[i], NULL))
      self->before[i] = 0;
    g_socket_set_option (self->socket, option->level, option->option,
        option->value, NULL);
  }
}

static void
restore_limits (LiveSocket * self)
{
  guint i;

  for (i = 0; i < LIVE_SOCKET_OPTIONS; i++) {
    const LiveSocketOption *option = &backends[0]->options[i];

    if (option->option != 0)
      g_socket_set_option (self->socket, option->level, option->option,
          self->before[i], NULL);
  }
}

/* --- who is who; the lock is held ---------------------------------------- */

/* Returns: (nullable) (transfer none) */
static LiveSocket *
find_by_timeout (guint timeout)
{
  guint i;

  for (i = 0; i < known->len; i++)
    if (((LiveSocket *) g_ptr_array_index (known, i))->timeout == timeout)
      return g_ptr_array_index (known, i);
  return NULL;
}

/* The one that was not used for the longest time: a client that is just being
 * cancelled may still tell of itself. */
static guint
choose_timeout (void)
{
  guint i, timeout;

  for (i = FIRST_TIMEOUT; i <= LAST_TIMEOUT; i++) {
    timeout = next_timeout;
    next_timeout = next_timeout < LAST_TIMEOUT ? next_timeout + 1
        : FIRST_TIMEOUT;
    if (find_by_timeout (timeout) == NULL)
      return timeout;
  }
  return 0;
}

static gboolean
leads_to (GSocketConnectable * place, const LiveSocket * self)
{
  GNetworkAddress *address;

  if (!G_IS_NETWORK_ADDRESS (place))
    return FALSE;
  address = G_NETWORK_ADDRESS (place);
  return g_strcmp0 (g_network_address_get_hostname (address), self->host) == 0
      && g_network_address_get_port (address) == self->port;
}

/* --- listening ----------------------------------------------------------- */

/* The lock is held. */
static void
note_socket (LiveSocket * self, GIOStream * stream)
{
  if (!G_IS_SOCKET_CONNECTION (stream)
      || !g_set_object (&self->socket,
          g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream))))
    return;
  self->check = ECHOEL_BYTES_OPEN;
  set_limits (self);
}

/* The lock is held. */
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
  guint timeout = g_socket_client_get_timeout (g_value_get_object (&values[0]));
  LiveSocket *self;

  if (timeout < FIRST_TIMEOUT || timeout > LAST_TIMEOUT)
    return TRUE;
  g_mutex_lock (&lock);
  self = find_by_timeout (timeout);
  if (self != NULL && leads_to (g_value_get_object (&values[2]), self))
    note_event (self, g_value_get_enum (&values[1]),
        g_value_get_object (&values[3]));
  g_mutex_unlock (&lock);
  return TRUE;
}

/* Once a process: the hook stays. The lock is held. */
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

/* --- what others call ---------------------------------------------------- */

LiveSocket *
live_socket_new (const gchar * host, guint port)
{
  LiveSocket *self = g_new0 (LiveSocket, 1);

  self->host = g_strdup (host);
  self->port = port;
  g_mutex_lock (&lock);
  listen_once ();
  self->timeout = choose_timeout ();
  g_ptr_array_add (known, self);
  g_mutex_unlock (&lock);
  return self;
}

void
live_socket_free (LiveSocket * self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&lock);
  g_ptr_array_remove_fast (known, self);
  g_mutex_unlock (&lock);
  /* Whoever else may still hold it. */
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  g_free (self->host);
  g_free (self);
}

guint
live_socket_get_timeout (LiveSocket * self)
{
  return self->timeout;
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

void
live_socket_shut (LiveSocket * self)
{
  GSocket *socket = live_socket_get (self);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
  g_clear_object (&socket);
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

gboolean
live_socket_read (LiveSocket * self, LiveSocketInfo * info)
{
  GSocket *socket = live_socket_get (self);
  gboolean done = socket != NULL && !g_socket_is_closed (socket)
      && backends[0]->read (g_socket_get_fd (socket), info);

  g_clear_object (&socket);
  return done;
}

gboolean
live_socket_is_proved (LiveSocket * self)
{
  gboolean proved;

  g_mutex_lock (&lock);
  proved = self->check == ECHOEL_BYTES_AGREE;
  g_mutex_unlock (&lock);
  return proved;
}

gboolean
live_socket_prove (LiveSocket * self, guint64 written,
    const LiveSocketInfo * info)
{
  guint64 on_wire = info->acked + info->unacked;
  gboolean proved;

  g_mutex_lock (&lock);
  if (self->check == ECHOEL_BYTES_OPEN)
    self->check = echoel_byte_check (on_wire, written);
  proved = self->check == ECHOEL_BYTES_AGREE;
  if (self->check == ECHOEL_BYTES_DIFFER && self->socket != NULL) {
    GST_INFO ("%s:%u: the system counts %" G_GUINT64_FORMAT " bytes, the "
        "sender %" G_GUINT64_FORMAT ": its own counters are used", self->host,
        self->port, on_wire, written);
    restore_limits (self);
    g_clear_object (&self->socket);
  }
  g_mutex_unlock (&lock);
  return proved;
}
