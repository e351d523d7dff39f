/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rtmpdouble.h"

#include <gio/gio.h>
#include <string.h>

#define HANDSHAKE 1536
#define STREAMS 64              /* chunk streams; more are not used */
#define CHUNK 128               /* bytes, until another size is said */
#define MOST_BYTES (4 * 1024 * 1024)
#define EXTENDED 0xffffff       /* of a time: the real one follows */
#define WITHIN (20 * G_TIME_SPAN_SECOND)
#define SET_CHUNK_SIZE 1

/* What is remembered of one chunk stream. */
typedef struct
{
  guint32 time, delta;
  gboolean extended;
  guint8 kind;
  GByteArray *body;             /* of the message under way */
  guint size;                   /* that it will have */
} Stream;

/* One publisher, in the server's thread. */
typedef struct
{
  RtmpDouble *server;
  GSocket *socket;
  RtmpManner manner;
  guint number;
  guint chunk;
  gboolean silent;              /* reads no more */
  Stream streams[STREAMS];
} Peer;

struct _RtmpDouble
{
  GSocket *socket;
  guint port;
  GThread *thread;
  GCancellable *stop;
  RtmpManner manner;

  GMutex lock;                  /* guards what follows */
  GCond cond;
  gboolean stopped;
  GArray *messages;
};

/* --- reading; FALSE: the peer is gone or the server is to stop ----------- */

static gboolean
read_bytes (Peer * peer, gpointer data, gsize size)
{
  gchar *at = data;

  while (size > 0) {
    gssize got = g_socket_receive (peer->socket, at, size, peer->server->stop,
        NULL);

    if (got <= 0)
      return FALSE;
    at += got;
    size -= got;
  }
  return TRUE;
}

static void
write_bytes (Peer * peer, gconstpointer data, gsize size)
{
  const gchar *at = data;

  while (size > 0) {
    gssize sent = g_socket_send (peer->socket, at, size, peer->server->stop,
        NULL);

    if (sent <= 0)
      return;
    at += sent;
    size -= sent;
  }
}

static gboolean
shake_hands (Peer * peer)
{
  guint8 *data = g_malloc0 (1 + 2 * HANDSHAKE);
  gboolean done;

  /* The version, what stays 0 as its own part, and what the other side says,
   * which goes back to it. */
  done = read_bytes (peer, data, 1)
      && read_bytes (peer, data + 1 + HANDSHAKE, HANDSHAKE);
  if (done) {
    write_bytes (peer, data, 1 + 2 * HANDSHAKE);
    done = read_bytes (peer, data, HANDSHAKE);
  }
  g_free (data);
  return done;
}

/* The head of a chunk: a message's own head may be left out, in steps. */
static Stream *
read_chunk_head (Peer * peer)
{
  guint8 basic, head[11], extension[4];
  static const gsize sizes[] = { 11, 7, 3, 0 };
  Stream *stream;
  gsize size;

  if (!read_bytes (peer, &basic, 1))
    return NULL;
  stream = &peer->streams[basic & 63];
  size = sizes[basic >> 6];
  if (!read_bytes (peer, head, size))
    return NULL;
  if (size >= 7) {
    stream->size = GST_READ_UINT24_BE (head + 3);
    stream->kind = head[6];
  }
  if (size >= 3) {
    stream->delta = GST_READ_UINT24_BE (head);
    stream->extended = stream->delta == EXTENDED;
  }
  if (stream->extended) {
    if (!read_bytes (peer, extension, 4))
      return NULL;
    stream->delta = GST_READ_UINT32_BE (extension);
  }
  if (stream->body == NULL)
    stream->body = g_byte_array_new ();
  if (stream->body->len == 0)
    stream->time = size == 11 ? stream->delta : stream->time + stream->delta;
  return stream;
}

/* Returns: (nullable): the stream whose message is whole now */
static Stream *
read_chunk (Peer * peer, gboolean * gone)
{
  Stream *stream = read_chunk_head (peer);
  guint had, part;

  *gone = stream == NULL || stream->size > MOST_BYTES;
  if (*gone)
    return NULL;
  had = stream->body->len;
  part = MIN (stream->size - had, peer->chunk);
  g_byte_array_set_size (stream->body, had + part);
  *gone = !read_bytes (peer, stream->body->data + had, part);
  return !*gone && stream->body->len == stream->size ? stream : NULL;
}

/* --- answers ------------------------------------------------------------- */

static void
put_string (GByteArray * out, const gchar * text)
{
  guint8 head[3] = { 2, 0, strlen (text) };

  g_byte_array_append (out, head, 3);
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
}

static void
put_member (GByteArray * out, const gchar * name, const gchar * value)
{
  guint8 head[2] = { 0, strlen (name) };

  g_byte_array_append (out, head, 2);
  g_byte_array_append (out, (const guint8 *) name, strlen (name));
  put_string (out, value);
}

/* A command in one chunk; @number: 9 bytes, a number as AMF0 has it. */
static void
answer (Peer * peer, const gchar * name, const guint8 * number,
    GByteArray * rest, guint8 stream)
{
  static const guint8 larger[] =
      { 2, 0, 0, 0, 0, 0, 4, SET_CHUNK_SIZE, 0, 0, 0, 0, 0, 1, 0, 0 };
  guint8 head[12] = { 3, 0, 0, 0, 0, 0, 0, RTMP_COMMAND, stream, 0, 0, 0 };
  GByteArray *out = g_byte_array_new ();

  /* At once: small writes one by one would wait for each other. */
  g_byte_array_append (out, larger, sizeof (larger));
  GST_WRITE_UINT24_BE (head + 4, 3 + strlen (name) + 9 + rest->len);
  g_byte_array_append (out, head, sizeof (head));
  put_string (out, name);
  g_byte_array_append (out, number, 9);
  g_byte_array_append (out, rest->data, rest->len);
  write_bytes (peer, out->data, out->len);
  g_byte_array_unref (out);
}

static void
answer_status (Peer * peer, const gchar * name, const guint8 * number,
    const gchar * level, const gchar * code, guint8 stream)
{
  static const guint8 null = 5, object = 3, end[] = { 0, 0, 9 };
  GByteArray *rest = g_byte_array_new ();

  g_byte_array_append (rest, &null, 1);
  g_byte_array_append (rest, &object, 1);
  put_member (rest, "level", level);
  put_member (rest, "code", code);
  put_member (rest, "description", "as told");
  g_byte_array_append (rest, end, sizeof (end));
  answer (peer, name, number, rest, stream);
  g_byte_array_unref (rest);
}

static void
answer_create (Peer * peer, const guint8 * number)
{
  static const guint8 one[] = { 5, 0, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0 };
  GByteArray *rest = g_byte_array_new ();

  g_byte_array_append (rest, one, sizeof (one));
  answer (peer, "_result", number, rest, 0);
  g_byte_array_unref (rest);
}

static void
answer_publish (Peer * peer)
{
  static const guint8 zero[9] = { 0, };
  gboolean denied = peer->manner == RTMP_DENIES;

  answer_status (peer, "onStatus", zero, denied ? "error" : "status", denied
      ? "NetStream.Publish.Denied" : "NetStream.Publish.Start", 1);
  peer->silent = peer->manner == RTMP_TAKES_NOTHING;
}

static gboolean
is_command (const GByteArray * body, const gchar * name)
{
  gsize length = strlen (name);

  return body->len >= 3 + length + 9 && body->data[0] == 2
      && (gsize) (body->data[1] << 8 | body->data[2]) == length
      && memcmp (body->data + 3, name, length) == 0;
}

static void
obey (Peer * peer, const GByteArray * body)
{
  if (is_command (body, "connect"))
    answer_status (peer, "_result", body->data + 3 + strlen ("connect"),
        "status", "NetConnection.Connect.Success", 0);
  else if (peer->manner == RTMP_CONNECTS)
    return;
  else if (is_command (body, "createStream"))
    answer_create (peer, body->data + 3 + strlen ("createStream"));
  else if (is_command (body, "publish"))
    answer_publish (peer);
}

/* --- the server's thread ------------------------------------------------- */

static void
keep (Peer * peer, const Stream * stream)
{
  RtmpDouble *server = peer->server;
  RtmpMessage message = { stream->kind, peer->number, stream->time, };

  message.at = g_get_monotonic_time ();
  message.size = stream->size;
  memcpy (message.head, stream->body->data, MIN (stream->size, RTMP_HEAD));
  g_mutex_lock (&server->lock);
  g_array_append_val (server->messages, message);
  g_cond_broadcast (&server->cond);
  g_mutex_unlock (&server->lock);
}

static void
take (Peer * peer, Stream * stream)
{
  keep (peer, stream);
  if (stream->kind == SET_CHUNK_SIZE && stream->size == 4)
    peer->chunk = GST_READ_UINT32_BE (stream->body->data);
  else if (stream->kind == RTMP_COMMAND)
    obey (peer, stream->body);
  g_byte_array_set_size (stream->body, 0);
}

static void
wait_for_stop (RtmpDouble * server)
{
  GPollFD end;

  if (!g_cancellable_make_pollfd (server->stop, &end))
    return;
  g_poll (&end, 1, -1);
  g_cancellable_release_fd (server->stop);
}

static gboolean
stops (RtmpDouble * server)
{
  gboolean stops;

  g_mutex_lock (&server->lock);
  stops = server->stopped;
  g_mutex_unlock (&server->lock);
  return stops;
}

/* Those that say nothing wait for the peer to go, and read all the same. */
static void
serve (Peer * peer)
{
  guint8 waste[256];
  gboolean gone = FALSE;

  if (peer->manner == RTMP_ACCEPTS || !shake_hands (peer)
      || peer->manner == RTMP_SHAKES) {
    while (read_bytes (peer, waste, 1));
    return;
  }
  while (!gone && !peer->silent) {
    Stream *stream = read_chunk (peer, &gone);

    if (stream != NULL)
      take (peer, stream);
    peer->silent |= stops (peer->server);
  }
  if (peer->silent)
    wait_for_stop (peer->server);
}

static gpointer
run (gpointer data)
{
  RtmpDouble *server = data;
  GSocket *socket;
  guint number = 0, i;

  while ((socket = g_socket_accept (server->socket, server->stop, NULL))) {
    Peer *peer = g_new0 (Peer, 1);

    peer->server = server;
    peer->socket = socket;
    peer->number = ++number;
    peer->chunk = CHUNK;
    peer->manner = server->manner;
    serve (peer);
    for (i = 0; i < STREAMS; i++)
      if (peer->streams[i].body != NULL)
        g_byte_array_unref (peer->streams[i].body);
    g_free (peer);
    g_object_unref (socket);
  }
  return NULL;
}

/* --- for the test -------------------------------------------------------- */

RtmpDouble *
rtmp_double_new (RtmpManner manner)
{
  RtmpDouble *server = g_new0 (RtmpDouble, 1);
  GInetAddress *here = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  GSocketAddress *address = g_inet_socket_address_new (here, 0);

  server->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);
  fail_unless (g_socket_bind (server->socket, address, TRUE, NULL));
  fail_unless (g_socket_listen (server->socket, NULL));
  g_object_unref (address);
  g_object_unref (here);
  address = g_socket_get_local_address (server->socket, NULL);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS
      (address));
  g_object_unref (address);
  g_mutex_init (&server->lock);
  g_cond_init (&server->cond);
  server->manner = manner;
  server->messages = g_array_new (FALSE, FALSE, sizeof (RtmpMessage));
  server->stop = g_cancellable_new ();
  server->thread = g_thread_new ("rtmp-double", run, server);
  return server;
}

void
rtmp_double_free (RtmpDouble * server)
{
  g_cancellable_cancel (server->stop);
  g_thread_join (server->thread);
  g_object_unref (server->stop);
  g_object_unref (server->socket);
  g_array_unref (server->messages);
  g_cond_clear (&server->cond);
  g_mutex_clear (&server->lock);
  g_free (server);
}

void
rtmp_double_stop (RtmpDouble * server)
{
  g_mutex_lock (&server->lock);
  server->stopped = TRUE;
  g_mutex_unlock (&server->lock);
}

gchar *
rtmp_double_address (RtmpDouble * server, const gchar * key)
{
  return g_strdup_printf ("rtmp://127.0.0.1:%u/app/%s", server->port, key);
}

gboolean
rtmp_message_is_header (const RtmpMessage * message)
{
  return message->head[1] == 0;
}

/* The lock is held. */
static guint
count (RtmpDouble * server, RtmpKind kind, gboolean headers)
{
  guint i, found = 0;

  for (i = 0; i < server->messages->len; i++) {
    const RtmpMessage *m = &g_array_index (server->messages, RtmpMessage, i);

    found += m->kind == kind && rtmp_message_is_header (m) == headers;
  }
  return found;
}

guint
rtmp_double_count (RtmpDouble * server, RtmpKind kind, gboolean headers)
{
  guint found;

  g_mutex_lock (&server->lock);
  found = count (server, kind, headers);
  g_mutex_unlock (&server->lock);
  return found;
}

void
rtmp_double_wait (RtmpDouble * server, RtmpKind kind, guint frames)
{
  gint64 end = g_get_monotonic_time () + WITHIN;
  guint found;

  g_mutex_lock (&server->lock);
  while ((found = count (server, kind, FALSE)) < frames
      && g_cond_wait_until (&server->cond, &server->lock, end));
  g_mutex_unlock (&server->lock);
  fail_unless (found >= frames, "%u of %u frames of kind %u came", found,
      frames, kind);
}

/* The lock is held. */
static gboolean
find_command (RtmpDouble * server, const gchar * name, guint * place)
{
  gsize length = strlen (name);
  guint i;

  for (i = 0; i < server->messages->len; i++) {
    const RtmpMessage *m = &g_array_index (server->messages, RtmpMessage, i);

    *place = i;
    if (m->kind == RTMP_COMMAND && m->head[2] == length
        && memcmp (m->head + 3, name, length) == 0)
      return TRUE;
  }
  return FALSE;
}

guint
rtmp_double_wait_for_command (RtmpDouble * server, const gchar * name)
{
  gint64 end = g_get_monotonic_time () + WITHIN;
  gboolean found;
  guint place = 0;

  g_mutex_lock (&server->lock);
  while (!(found = find_command (server, name, &place))
      && g_cond_wait_until (&server->cond, &server->lock, end));
  g_mutex_unlock (&server->lock);
  fail_unless (found, "\"%s\" never came", name);
  return place;
}

GArray *
rtmp_double_messages (RtmpDouble * server)
{
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (RtmpMessage));

  g_mutex_lock (&server->lock);
  g_array_append_vals (copy, server->messages->data, server->messages->len);
  g_mutex_unlock (&server->lock);
  return copy;
}
