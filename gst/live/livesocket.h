/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The TCP socket of a private sender and what the system knows about it.
 *
 * rtmp2sink shows no socket, but the GSocketClient that it makes tells
 * everyone in the process about its progress. It is known by its timeout, a
 * number of seconds that the sender was given and no other has, and by where
 * it connects to. Threads say nothing: they come from pools. So a socket of
 * the application is never taken, wherever it leads and whoever opens it.
 *
 * As a second proof the bytes that the socket carried must be those that the
 * sender has counted; where they are not, it is given back as it was. That
 * finds systems that do not count, too.
 * Any thread may call any function. */
#pragma once

#include "socketbackend.h"

G_BEGIN_DECLS

typedef struct _LiveSocket LiveSocket;

typedef enum
{
  LIVE_SOCKET_NONE = 0,         /* nothing was heard */
  LIVE_SOCKET_RESOLVING,
  LIVE_SOCKET_CONNECTING,
  LIVE_SOCKET_CONNECTED,        /* by TCP; TLS may follow */
  LIVE_SOCKET_COMPLETE
} LiveSocketStage;

/* @host, @port: where the sender connects to
 * Returns: (transfer full): listens from now on */
LiveSocket *live_socket_new (const gchar * host, guint port);

/* Closes the socket and stops listening. Accepts %NULL. */
void live_socket_free (LiveSocket * self);

/* Returns: what the sender's GSocketClient must have as its timeout, s: over
 * an hour; 0, a client without one, when there are too many senders */
guint live_socket_get_timeout (LiveSocket * self);

LiveSocketStage live_socket_get_stage (LiveSocket * self);

/* Returns: (transfer full) (nullable): the socket, once it is connected */
GSocket *live_socket_get (LiveSocket * self);

/* Nothing goes in or out any more; readers see an end. */
void live_socket_shut (LiveSocket * self);

/* Returns: FALSE when there is no socket or the system does not tell. */
gboolean live_socket_read (LiveSocket * self, LiveSocketInfo * info);

gboolean live_socket_is_proved (LiveSocket * self);

/* @written: bytes that the sender had counted before @info was read
 * Returns: TRUE once both have counted the same; where they never will, for
 *     the socket is another's or the system does not count, it is given back
 *     with its options as they were */
gboolean live_socket_prove (LiveSocket * self, guint64 written,
    const LiveSocketInfo * info);

G_END_DECLS
