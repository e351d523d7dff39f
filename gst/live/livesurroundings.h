/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the destinations of one sink share, and what is left of it for those
 * that outlive the sink: a program may hold a child for as long as it likes,
 * and a worker may hang in a name server or a file system.
 *
 * A place (an address with its key) is wanted by the one destination that is
 * set to it, and held by the one that has an attempt open to it; those differ
 * while a destination that was removed or moved takes its leave.
 * Every function may be called from any thread. */
#pragma once

#include "feed.h"

G_BEGIN_DECLS

typedef struct
{
  gint refs;                    /* atomic */
  LiveFeed *feed;               /* owned */
  GThreadPool *workers;         /* not owned; given work while the sink runs */

  GMutex lock;                  /* guards all below; of others, only what the
                                 * callback needs is locked inside */
  GstElement *element;          /* not owned; NULL: it is gone */
  void (*wake) (gpointer data); /* look again soon */
  gpointer data;
  GHashTable *wanted, *held;    /* place: SECRET, to who it is */
} LiveSurroundings;

/* @element: (transfer none): whom messages come from; it must be cut off before
 *     it goes
 * Returns: (transfer full) */
LiveSurroundings *live_surroundings_new (GstElement * element,
    LiveFeed * feed, GThreadPool * workers, void (*wake) (gpointer data),
    gpointer data);
LiveSurroundings *live_surroundings_ref (LiveSurroundings * around);
void live_surroundings_unref (LiveSurroundings * around);

/* The element goes: nobody is called back any more when this returns. */
void live_surroundings_cut (LiveSurroundings * around);

void live_surroundings_wake (LiveSurroundings * around);

/* Returns: (transfer full) (nullable): %NULL once it is gone */
GstElement *live_surroundings_get_element (LiveSurroundings * around);

/* @who: only compared. Returns: FALSE when the place is another's */
gboolean live_surroundings_want (LiveSurroundings * around,
    const gchar * place, gpointer who);
void live_surroundings_forgo (LiveSurroundings * around, const gchar * place,
    gpointer who);

/* Returns: whether nobody else has an attempt open there. */
gboolean live_surroundings_is_free (LiveSurroundings * around,
    const gchar * place, gpointer who);
void live_surroundings_hold (LiveSurroundings * around, const gchar * place,
    gpointer who);
void live_surroundings_release (LiveSurroundings * around,
    const gchar * place, gpointer who);

G_END_DECLS
