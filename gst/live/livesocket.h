/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The TCP socket of a private sender and what the kernel knows about it.
 *
 * rtmp2sink shows no socket. While it connects, GSocketClient tells everyone
 * about its progress in the sink's own thread; that is where the socket is
 * found. Only one sender at a time is between its start and the first such
 * word, so they cannot be mistaken for each other.
 * Elsewhere than on Linux sockets are found but say nothing.
 * Any thread may call any function. */
#pragma once

#include <gst/gst.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LiveSocket LiveSocket;

typedef struct
{
  guint64 acked;                /* bytes that the other side has taken */
  guint64 unacked;              /* bytes in the kernel that it has not */
  guint64 unsent;               /* of them not even sent */
  guint64 sacked;               /* of them arrived behind a gap */
  guint rtt, min_rtt;           /* microseconds */
  guint retransmits;            /* segments, so far */
  guint window;                 /* bytes the other side would take; 0: none */
} LiveSocketInfo;

typedef enum
{
  LIVE_SOCKET_NONE = 0,         /* nothing was heard */
  LIVE_SOCKET_RESOLVING,
  LIVE_SOCKET_CONNECTING,
  LIVE_SOCKET_CONNECTED,        /* by TCP; TLS may follow */
  LIVE_SOCKET_COMPLETE
} LiveSocketStage;

/* Returns: (transfer full): nothing found yet */
LiveSocket *live_socket_new (void);

/* Forgets the socket and stops listening. Accepts %NULL. */
void live_socket_free (LiveSocket * self);

/* The next connection to this place is this one's, until live_socket_settle():
 * call both around the start of the sender. The first waits its turn, 1 s at
 * most, the second for the first word of the connection, as long. */
void live_socket_expect (LiveSocket * self, const gchar * host, guint port);
void live_socket_settle (LiveSocket * self);

LiveSocketStage live_socket_get_stage (LiveSocket * self);

/* Returns: (transfer full) (nullable): the socket, once it is connected */
GSocket *live_socket_get (LiveSocket * self);

/* Returns: FALSE when there is no socket or the system does not tell. */
gboolean live_socket_read (LiveSocket * self, LiveSocketInfo * info);

G_END_DECLS
