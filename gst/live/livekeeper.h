/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks after all destinations of one sink: a thread that wakes ten times a
 * second, or when something happens, and lets each of them take a step.
 * Every function may be called from any thread, unless it says so. */
#pragma once

#include "livebitrate.h"

G_BEGIN_DECLS

typedef struct
{
  GstElement *element;          /* not owned; outlives the keeper */
  void (*ended) (GstElement * element); /* all have ended; its own thread */
  LiveFeed *feed;
  GThreadPool *workers;
  LiveSurroundings *around;     /* what the destinations have of it */
  LiveBitrate *bitrate;

  GMutex lock;                  /* guards all below; nothing else is called
                                 * while it is held */
  GCond cond;
  GPtrArray *destinations;      /* LiveDestination, owned */
  GPtrArray *retired;           /* the same, on their way out */
  GThread *thread;              /* NULL: the element does not run */
  gboolean running, woken;
  gboolean ending, told_end;
  gint64 ending_since;          /* monotonic, us */
} LiveKeeper;

/* @ended: called in the keeper's thread when all destinations have ended
 * @ask: as in live_bitrate_new() */
void live_keeper_init (LiveKeeper * keeper, GstElement * element,
    void (*ended) (GstElement * element),
    gboolean (*ask) (GstElement * element, guint kbps, GstClockTime expires));
void live_keeper_clear (LiveKeeper * keeper);

/* The element goes, destinations may stay. */
void live_keeper_cut (LiveKeeper * keeper);

/* The element goes to PAUSED, and back to READY. The second returns when no
 * attempt is left, or those that are hang in a name server or a file system:
 * their workers close them when they come back, and until then nothing else
 * begins at that place. */
void live_keeper_start (LiveKeeper * keeper);
void live_keeper_stop (LiveKeeper * keeper);

void live_keeper_wake (LiveKeeper * keeper);

/* The stream ends: destinations send what they have, 3 s at most; then the
 * callback is called, at once when there are none. FALSE takes it back. */
void live_keeper_set_ending (LiveKeeper * keeper, gboolean ending);

/* @destination: (transfer none), made with the keeper's surroundings. Returns: FALSE when there is one already that
 * sends to the same place, or with the same name */
gboolean live_keeper_add (LiveKeeper * keeper, LiveDestination * destination);

/* Returns: whether there was one with this name; it ends in good order. */
gboolean live_keeper_remove (LiveKeeper * keeper, const gchar * name);

/* Returns: (transfer full) (element-type LiveDestination): all there are now;
 * free with g_ptr_array_unref() */
GPtrArray *live_keeper_list (LiveKeeper * keeper);

/* Returns: (transfer full) (nullable) */
LiveDestination *live_keeper_find (LiveKeeper * keeper, const gchar * name);

G_END_DECLS
