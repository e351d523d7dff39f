/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livesurroundings.h"

static GHashTable *
make_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

LiveSurroundings *
live_surroundings_new (GstElement * element, LiveFeed * feed,
    GThreadPool * workers, void (*wake) (gpointer data), gpointer data)
{
  LiveSurroundings *around = g_new0 (LiveSurroundings, 1);

  around->refs = 1;
  around->feed = live_feed_ref (feed);
  around->workers = workers;
  g_mutex_init (&around->lock);
  around->element = element;
  around->wake = wake;
  around->data = data;
  around->wanted = make_table ();
  around->held = make_table ();
  return around;
}

LiveSurroundings *
live_surroundings_ref (LiveSurroundings * around)
{
  g_atomic_int_inc (&around->refs);
  return around;
}

void
live_surroundings_unref (LiveSurroundings * around)
{
  if (!g_atomic_int_dec_and_test (&around->refs))
    return;
  live_feed_unref (around->feed);
  g_hash_table_unref (around->wanted);
  g_hash_table_unref (around->held);
  g_mutex_clear (&around->lock);
  g_free (around);
}

void
live_surroundings_cut (LiveSurroundings * around)
{
  g_mutex_lock (&around->lock);
  around->element = NULL;
  around->wake = NULL;
  g_mutex_unlock (&around->lock);
}

void
live_surroundings_wake (LiveSurroundings * around)
{
  g_mutex_lock (&around->lock);
  if (around->wake != NULL)
    around->wake (around->data);
  g_mutex_unlock (&around->lock);
}

GstElement *
live_surroundings_get_element (LiveSurroundings * around)
{
  GstElement *element;

  g_mutex_lock (&around->lock);
  element = around->element ? gst_object_ref (around->element) : NULL;
  g_mutex_unlock (&around->lock);
  return element;
}

/* Returns: whether it is nobody's or @who's; the lock is held. */
static gboolean
is_open_to (GHashTable * table, const gchar * place, gpointer who)
{
  gpointer other = g_hash_table_lookup (table, place);

  return other == NULL || other == who;
}

static void
give_up (LiveSurroundings * around, GHashTable * table, const gchar * place,
    gpointer who)
{
  g_mutex_lock (&around->lock);
  if (g_hash_table_lookup (table, place) == who)
    g_hash_table_remove (table, place);
  g_mutex_unlock (&around->lock);
}

gboolean
live_surroundings_want (LiveSurroundings * around, const gchar * place,
    gpointer who)
{
  gboolean done;

  g_mutex_lock (&around->lock);
  done = is_open_to (around->wanted, place, who);
  if (done)
    g_hash_table_insert (around->wanted, g_strdup (place), who);
  g_mutex_unlock (&around->lock);
  return done;
}

void
live_surroundings_forgo (LiveSurroundings * around, const gchar * place,
    gpointer who)
{
  give_up (around, around->wanted, place, who);
}

gboolean
live_surroundings_is_free (LiveSurroundings * around, const gchar * place,
    gpointer who)
{
  gboolean is_free;

  g_mutex_lock (&around->lock);
  is_free = is_open_to (around->held, place, who);
  g_mutex_unlock (&around->lock);
  return is_free;
}

void
live_surroundings_hold (LiveSurroundings * around, const gchar * place,
    gpointer who)
{
  g_mutex_lock (&around->lock);
  g_hash_table_insert (around->held, g_strdup (place), who);
  g_mutex_unlock (&around->lock);
}

void
live_surroundings_release (LiveSurroundings * around, const gchar * place,
    gpointer who)
{
  give_up (around, around->held, place, who);
}
