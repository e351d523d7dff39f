/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livekeeper.h"

#include <gio/gio.h>

#define TICK (G_TIME_SPAN_SECOND / 10)
#define REPORT G_TIME_SPAN_SECOND

/* What a stream's end may take altogether: a little over what a destination
 * has to drain, and below the 3.5 s that are promised. */
#define END_WITHIN (3300 * G_TIME_SPAN_MILLISECOND)

/* Closing takes no time. Opening may hang where nobody can call it back, in the
 * resolver of srtsink or a file system that is gone: whoever stops the pipeline
 * does not wait for that. */
#define LET_GO G_TIME_SPAN_SECOND

static void
wake (gpointer data)
{
  live_keeper_wake (data);
}

void
live_keeper_init (LiveKeeper * keeper, GstElement * element,
    void (*ended) (GstElement * element),
    gboolean (*ask) (GstElement * element, guint kbps, GstClockTime expires))
{
  keeper->element = element;
  keeper->bitrate = live_bitrate_new (element, ask);
  keeper->ended = ended;
  keeper->feed = live_feed_new ();
  /* As many as are busy at once: a slow one must not hold up another. */
  keeper->workers = g_thread_pool_new (live_destination_work, NULL, -1, FALSE,
      NULL);
  keeper->around = live_surroundings_new (element, keeper->feed,
      keeper->workers, wake, keeper);
  g_mutex_init (&keeper->lock);
  g_cond_init (&keeper->cond);
  keeper->destinations = g_ptr_array_new_with_free_func (gst_object_unref);
  keeper->retired = g_ptr_array_new_with_free_func (gst_object_unref);
}

void
live_keeper_cut (LiveKeeper * keeper)
{
  live_surroundings_cut (keeper->around);
}

/* A worker that hangs has all that it needs, and ends the pool. */
void
live_keeper_clear (LiveKeeper * keeper)
{
  g_thread_pool_free (keeper->workers, FALSE, FALSE);
  live_surroundings_unref (keeper->around);
  g_ptr_array_unref (keeper->destinations);
  g_ptr_array_unref (keeper->retired);
  live_feed_unref (keeper->feed);
  live_bitrate_free (keeper->bitrate);
  g_cond_clear (&keeper->cond);
  g_mutex_clear (&keeper->lock);
}

static void
append (GPtrArray * to, GPtrArray * from)
{
  guint i;

  for (i = 0; i < from->len; i++)
    g_ptr_array_add (to, gst_object_ref (g_ptr_array_index (from, i)));
}

/* All, the retired ones too, or not. */
static GPtrArray *
list (LiveKeeper * keeper, gboolean retired)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (gst_object_unref);

  g_mutex_lock (&keeper->lock);
  append (all, keeper->destinations);
  if (retired)
    append (all, keeper->retired);
  g_mutex_unlock (&keeper->lock);
  return all;
}

GPtrArray *
live_keeper_list (LiveKeeper * keeper)
{
  return list (keeper, FALSE);
}

static void
step_all (LiveKeeper * keeper, GPtrArray * all, gboolean ending)
{
  GstClock *clock = gst_element_get_clock (keeper->element);
  GstClockTime base_time = gst_element_get_base_time (keeper->element);
  guint i;

  for (i = 0; i < all->len; i++)
    live_destination_step (g_ptr_array_index (all, i), ending, clock,
        base_time);
  gst_clear_object (&clock);
}

static void
forget_retired (LiveKeeper * keeper, GPtrArray * all)
{
  guint i;

  for (i = 0; i < all->len; i++)
    if (live_destination_is_done (g_ptr_array_index (all, i))) {
      g_mutex_lock (&keeper->lock);
      g_ptr_array_remove (keeper->retired, g_ptr_array_index (all, i));
      g_mutex_unlock (&keeper->lock);
    }
}

static gboolean
are_done (GPtrArray * all)
{
  guint i;

  for (i = 0; i < all->len; i++)
    if (!live_destination_is_done (g_ptr_array_index (all, i)))
      return FALSE;
  return TRUE;
}

/* Whether it is time to say that the stream has ended; that is said once. */
static gboolean
takes_end (LiveKeeper * keeper, GPtrArray * all)
{
  gboolean done = are_done (all), late, take;

  g_mutex_lock (&keeper->lock);
  late = g_get_monotonic_time () - keeper->ending_since > END_WITHIN;
  take = keeper->ending && !keeper->told_end && (done || late);
  keeper->told_end |= take;
  g_mutex_unlock (&keeper->lock);
  return take;
}

static void
report_all (GPtrArray * all)
{
  guint i;

  for (i = 0; i < all->len; i++)
    live_destination_report (g_ptr_array_index (all, i));
}

/* Waits for the next tick or a word. Returns: FALSE when it is to stop */
static gboolean
sleep_a_tick (LiveKeeper * keeper, gboolean * ending)
{
  gint64 end = g_get_monotonic_time () + TICK;
  gboolean running;

  g_mutex_lock (&keeper->lock);
  while (keeper->running && !keeper->woken
      && g_cond_wait_until (&keeper->cond, &keeper->lock, end));
  keeper->woken = FALSE;
  running = keeper->running;
  *ending = keeper->ending;
  g_mutex_unlock (&keeper->lock);
  return running;
}

static gpointer
keep (gpointer data)
{
  LiveKeeper *keeper = data;
  gint64 next_report = g_get_monotonic_time () + REPORT;
  gboolean ending;

  while (sleep_a_tick (keeper, &ending)) {
    GPtrArray *all = list (keeper, TRUE);

    step_all (keeper, all, ending);
    forget_retired (keeper, all);
    live_bitrate_step (keeper->bitrate, keeper->feed, all,
        g_get_monotonic_time () * GST_USECOND);
    if (g_get_monotonic_time () >= next_report) {
      next_report += REPORT;
      report_all (all);
    }
    if (takes_end (keeper, all))
      keeper->ended (keeper->element);
    g_ptr_array_unref (all);
  }
  return NULL;
}

/* Two threads that ask GIO for these for the first time, HLS for files and RTMP
 * for a proxy, can wait for each other for ever: libproxy's module, made under
 * the lock of all modules, asks for files itself. */
static void
prepare_gio (void)
{
  g_vfs_get_default ();
  g_proxy_resolver_get_default ();
}

void
live_keeper_start (LiveKeeper * keeper)
{
  GPtrArray *all = list (keeper, TRUE);
  guint i;

  prepare_gio ();
  for (i = 0; i < all->len; i++)
    live_destination_reset (g_ptr_array_index (all, i));
  g_ptr_array_unref (all);
  live_bitrate_reset (keeper->bitrate);
  g_mutex_lock (&keeper->lock);
  keeper->ending = keeper->told_end = FALSE;
  keeper->running = keeper->woken = TRUE;
  g_mutex_unlock (&keeper->lock);
  keeper->thread = g_thread_new ("echoellivesink", keep, keeper);
}

/* Returns: whether it is, and not just late */
static gboolean
wait_until_closed (LiveKeeper * keeper, LiveDestination * destination,
    gint64 end)
{
  gboolean in_time = TRUE;

  while (in_time && live_destination_has_attempt (destination)) {
    live_destination_abort (destination);
    g_mutex_lock (&keeper->lock);
    while (in_time && !keeper->woken)
      in_time = g_cond_wait_until (&keeper->cond, &keeper->lock, end);
    keeper->woken = FALSE;
    g_mutex_unlock (&keeper->lock);
  }
  return in_time;
}

void
live_keeper_stop (LiveKeeper * keeper)
{
  gint64 end = g_get_monotonic_time () + LET_GO;
  GPtrArray *all;
  guint i;

  if (keeper->thread == NULL)
    return;
  g_mutex_lock (&keeper->lock);
  keeper->running = FALSE;
  g_cond_broadcast (&keeper->cond);
  g_mutex_unlock (&keeper->lock);
  g_thread_join (keeper->thread);
  keeper->thread = NULL;

  all = list (keeper, TRUE);
  for (i = 0; i < all->len; i++)
    live_destination_abort (g_ptr_array_index (all, i));
  for (i = 0; i < all->len; i++)
    if (!wait_until_closed (keeper, g_ptr_array_index (all, i), end))
      GST_WARNING_OBJECT (g_ptr_array_index (all, i),
          "hangs while it connects and is left to itself");
  for (i = 0; i < all->len; i++)
    live_destination_reset (g_ptr_array_index (all, i));
  g_ptr_array_unref (all);
  g_mutex_lock (&keeper->lock);
  g_ptr_array_set_size (keeper->retired, 0);
  g_mutex_unlock (&keeper->lock);
}

void
live_keeper_wake (LiveKeeper * keeper)
{
  g_mutex_lock (&keeper->lock);
  keeper->woken = TRUE;
  g_cond_broadcast (&keeper->cond);
  g_mutex_unlock (&keeper->lock);
}

void
live_keeper_set_ending (LiveKeeper * keeper, gboolean ending)
{
  g_mutex_lock (&keeper->lock);
  keeper->ending = ending;
  keeper->told_end = FALSE;
  keeper->ending_since = g_get_monotonic_time ();
  keeper->woken = TRUE;
  g_cond_broadcast (&keeper->cond);
  g_mutex_unlock (&keeper->lock);
}

/* The lock is held. Returns: (transfer none) (nullable) */
static LiveDestination *
find (LiveKeeper * keeper, const gchar * name)
{
  guint i;

  for (i = 0; i < keeper->destinations->len; i++) {
    LiveDestination *have = g_ptr_array_index (keeper->destinations, i);

    if (g_strcmp0 (GST_OBJECT_NAME (have), name) == 0)
      return have;
  }
  return NULL;
}

LiveDestination *
live_keeper_find (LiveKeeper * keeper, const gchar * name)
{
  LiveDestination *found;

  g_mutex_lock (&keeper->lock);
  found = find (keeper, name);
  if (found != NULL)
    gst_object_ref (found);
  g_mutex_unlock (&keeper->lock);
  return found;
}

gboolean
live_keeper_add (LiveKeeper * keeper, LiveDestination * destination)
{
  gboolean fresh;

  if (!live_destination_claim (destination))
    return FALSE;
  g_mutex_lock (&keeper->lock);
  fresh = find (keeper, GST_OBJECT_NAME (destination)) == NULL;
  if (fresh)
    g_ptr_array_add (keeper->destinations, gst_object_ref (destination));
  g_mutex_unlock (&keeper->lock);
  if (!fresh)
    live_destination_retire (destination);
  live_keeper_wake (keeper);
  return fresh;
}

gboolean
live_keeper_remove (LiveKeeper * keeper, const gchar * name)
{
  LiveDestination *found;

  g_mutex_lock (&keeper->lock);
  found = find (keeper, name);
  if (found != NULL) {
    g_ptr_array_add (keeper->retired, gst_object_ref (found));
    g_ptr_array_remove (keeper->destinations, found);
  }
  g_mutex_unlock (&keeper->lock);
  if (found == NULL)
    return FALSE;
  live_destination_retire (found);
  live_keeper_wake (keeper);
  return TRUE;
}
