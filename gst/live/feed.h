/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all destinations are fed from: the tracks, the newest GOP, and the
 * relays. Every function may be called from any thread and waits for none but
 * the feed's own lock. */
#pragma once

#include "keyrequest.h"
#include "relay.h"

G_BEGIN_DECLS

typedef struct
{
  gint refs;                    /* atomic */
  GMutex lock;                  /* guards all below; before a relay's lock */
  EchoelGopCache cache;
  EchoelFormat *video, *audio;  /* newest, NULL: none yet */
  gboolean has_video;           /* a video pad exists */
  GPtrArray *outlets;           /* LiveOutlet, owned by their destinations */
  EchoelKeyRequests key_requests;
  guint64 video_bytes, audio_bytes;     /* that came, since it was made */
} LiveFeed;

/* One destination's end of the feed. */
typedef struct
{
  LiveRelay *relay;
  EchoelKeyRequests key_requests;       /* guarded by the feed's lock */
  gint64 beyond;                /* delay behind the relay, ns; guarded so too */
} LiveOutlet;

/* Returns: (transfer full): no tracks, no outlets */
LiveFeed *live_feed_new (void);
LiveFeed *live_feed_ref (LiveFeed * feed);
void live_feed_unref (LiveFeed * feed);

/* Before the element runs: forgets all. */
void live_feed_reset (LiveFeed * feed, gboolean has_video);

/* After a flush: forgets all frames; receivers wait for a key frame. */
void live_feed_flush (LiveFeed * feed);

/* A video pad came to a running element, or has gone. */
void live_feed_expect_video (LiveFeed * feed, gboolean expected);

/* @format: (transfer none): of the frames that come next */
void live_feed_set_format (LiveFeed * feed, EchoelFormat * format);

/* @media: (transfer none).
 * Returns: whether the encoder is to be asked for a key frame now */
gboolean live_feed_push (LiveFeed * feed, EchoelMedia * media);

/* @video, @audio: (out): bytes that came so far */
void live_feed_get_bytes (LiveFeed * feed, guint64 * video, guint64 * audio);

/* @outlet: not owned; to be taken away before it goes. */
void live_feed_add (LiveFeed * feed, LiveOutlet * outlet);
void live_feed_remove (LiveFeed * feed, LiveOutlet * outlet);

/* The destination has a receiver: it gets the newest GOP, then what comes. */
void live_feed_open (LiveFeed * feed, LiveOutlet * outlet);

/* Returns: whether there is a picture, whose format is known */
gboolean live_feed_shows_video (LiveFeed * feed);

/* Returns: whether a stream can begin: the formats of its tracks are known. */
gboolean live_feed_can_begin (LiveFeed * feed);

/* @video, @audio: (out) (transfer full) (nullable): newest formats */
void live_feed_get_formats (LiveFeed * feed, EchoelFormat ** video,
    EchoelFormat ** audio);

G_END_DECLS
