/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small RTMP server inside the test: it behaves well or badly, as it is
 * told, on 127.0.0.1 and a free port, and keeps what it was sent. It serves
 * one publisher at a time: a second one waits until the first has left.
 *
 * The test's thread calls everything here. Each wait has a deadline and fails
 * the test when it passes. */
#pragma once

#include <gst/check/gstcheck.h>

G_BEGIN_DECLS

/* How far it goes along with a publisher. */
typedef enum
{
  RTMP_ACCEPTS,                 /* takes the connection and says nothing */
  RTMP_SHAKES,                  /* the handshake, then nothing */
  RTMP_CONNECTS,                /* answers "connect", then nothing */
  RTMP_DENIES,                  /* refuses "publish" for good */
  RTMP_TAKES_NOTHING,           /* a publisher, of whom it reads no more */
  RTMP_TAKES_ALL
} RtmpManner;

/* What a message is, by its type in the protocol. */
typedef enum
{
  RTMP_SOUND = 8,
  RTMP_PICTURE = 9,
  RTMP_COMMAND = 20
} RtmpKind;

#define RTMP_HEAD 20

typedef struct
{
  RtmpKind kind;
  guint connection;             /* the first is 1 */
  guint32 time;                 /* ms */
  gint64 at;                    /* when it was whole; monotonic, us */
  gsize size;                   /* bytes */
  guint8 head[RTMP_HEAD];       /* its first bytes, 0 behind its end */
} RtmpMessage;

typedef struct _RtmpDouble RtmpDouble;

/* Returns: (transfer full): a server that listens */
RtmpDouble *rtmp_double_new (RtmpManner manner);
void rtmp_double_free (RtmpDouble * server);

/* From the next chunk on it reads nothing, as a frozen program. */
void rtmp_double_stop (RtmpDouble * server);

/* Returns: (transfer full): where to publish with that key */
gchar *rtmp_double_address (RtmpDouble * server, const gchar * key);

/* Returns: how many messages of this kind came so far; headers of a track
 * (sequence headers) and frames are told apart by @headers */
guint rtmp_double_count (RtmpDouble * server, RtmpKind kind, gboolean headers);

/* Waits until there are so many frames, headers not among them. */
void rtmp_double_wait (RtmpDouble * server, RtmpKind kind, guint frames);

/* Waits for a command of this name. Returns: where among all messages */
guint rtmp_double_wait_for_command (RtmpDouble * server, const gchar * name);

/* Returns: (transfer full): all messages so far, the order of arrival */
GArray *rtmp_double_messages (RtmpDouble * server);

/* Returns: whether it is a sequence header, not a frame. */
gboolean rtmp_message_is_header (const RtmpMessage * message);

G_END_DECLS
