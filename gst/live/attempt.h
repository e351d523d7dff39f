/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One try to send to one destination: a private pipeline, made for it alone
 * and never a child of the element, so that nothing in it (errors, keys in
 * property values, a blocked write) reaches the outside.
 *
 * Opening and closing may take time and run in a worker, one after the other;
 * everything else may be called from any thread and returns at once. */
#pragma once

#include "destination.h"
#include "feed.h"
#include "link.h"
#include "livesocket.h"
#include "srtpath.h"

G_BEGIN_DECLS

typedef struct _LiveAttempt LiveAttempt;
typedef struct _LiveTransport LiveTransport;

typedef struct
{
  EchoelDestination *target;    /* owned */
  LiveFeed *feed;               /* owned */
  LiveOutlet *outlet;           /* outlives the attempt, by owner */
  GstObject *owner;             /* owned; whom the log names */
  GstClock *clock;              /* owned, NULL: none yet */
  GstClockTime base_time;
  GTlsCertificateFlags tls_flags;       /* what is checked of a server */
  void (*wake) (GstObject * owner);     /* something changed; any thread */
} LiveAttemptSetup;

/* What can be seen of an attempt. */
typedef struct
{
  gboolean connected, drained;
  gboolean outdated;            /* its tracks are no longer the stream's */
  gboolean waiting;             /* data waits, here, in the kernel or unread */
  guint64 delivered;            /* bytes; to the other side where the kernel
                                 * tells, else to the kernel */
  guint64 progress;             /* grows when the other side reads, as far as
                                 * that can be seen */
  EchoelFault fault;
  EchoelFault late;             /* what it would mean to connect too slowly */
  gboolean has_socket;          /* whether the next is filled in */
  LiveSocketInfo socket;
  gboolean has_srt;             /* the same for the next */
  EchoelSrtCounters srt;
} LiveAttemptView;

struct _LiveAttempt
{
  LiveAttemptSetup setup;
  const LiveTransport *transport;
  LiveSocket *socket;           /* NULL: the transport has none */

  GMutex lock;                  /* guards all below */
  GstElement *pipeline;         /* NULL before opening and after closing */
  GstElement *sink;             /* of it: what sends */
  gboolean closing, flowing, connected, ended;
  gboolean fixed;               /* its tracks cannot change; of them: */
  gboolean has_video;
  EchoelFault fault;
  gchar *text, *debug;          /* of the fault, secrets taken out */
  guint64 delivered, last_delivered;
  guint64 progress;             /* how often it was seen */
  guint64 read_then, acked_then;        /* bytes, when it was seen last */
  gint64 moved_at;              /* when it was last seen to grow, us */

  gpointer state;               /* the transport's own, freed by it */
  gint refs;                    /* atomic */
};

/* @setup: (transfer full): all that it holds.
 * Returns: (transfer full): nothing is built yet */
LiveAttempt *live_attempt_new (LiveAttemptSetup * setup);
LiveAttempt *live_attempt_ref (LiveAttempt * attempt);
void live_attempt_unref (LiveAttempt * attempt);

/* Builds the pipeline and starts it. In a worker; failure is a fault. */
void live_attempt_open (LiveAttempt * attempt);

/* Stops and drops the pipeline. In a worker, after live_attempt_open(). */
void live_attempt_close (LiveAttempt * attempt);

/* It is to be closed: what opens it stops at the next chance. Any thread. */
void live_attempt_cancel (LiveAttempt * attempt);

/* Sends what waits, then says goodbye. */
void live_attempt_drain (LiveAttempt * attempt);

gboolean live_attempt_is_connected (LiveAttempt * attempt);

/* Returns: what the newest look found, bytes */
guint64 live_attempt_get_delivered (LiveAttempt * attempt);

void live_attempt_look (LiveAttempt * attempt, LiveAttemptView * view);

/* Returns: (transfer full) (nullable): the element that sends, while there
 * is one; its properties may hold the stream key */
GstElement *live_attempt_get_sink (LiveAttempt * attempt);

/* For transports. */

/* Frames begin to flow, from the newest key frame on; the first byte that is
 * counted says that the server takes them. Returns: FALSE when it is too late */
gboolean live_attempt_flow (LiveAttempt * attempt);

/* The server takes the stream: frames flow. FALSE: too late. */
gboolean live_attempt_connected (LiveAttempt * attempt);

/* From now on it has these tracks and no others. */
void live_attempt_fix_tracks (LiveAttempt * attempt, gboolean has_video);

/* The first fault counts. @text, @debug: (nullable): may hold secrets. */
void live_attempt_fail (LiveAttempt * attempt, EchoelFault fault,
    const gchar * text, const gchar * debug);

G_END_DECLS
