/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pendingevents.h"

/* An encoder that drops frames lets fewer out than it took: its events are
 * remembered for too long, but not without end. */
#define MOST_EVENTS 64

typedef struct
{
  GstEvent *event;
  guint64 before;               /* which frame it comes */
} PendingEvent;

static void
free_event (gpointer data)
{
  PendingEvent *one = data;

  gst_event_unref (one->event);
  g_free (one);
}

void
pending_events_init (PendingEvents * pending)
{
  g_mutex_init (&pending->lock);
  g_queue_init (&pending->events);
}

void
pending_events_clear (PendingEvents * pending)
{
  g_queue_clear_full (&pending->events, free_event);
  g_mutex_clear (&pending->lock);
}

void
pending_events_note (PendingEvents * pending, GstEvent * event)
{
  PendingEvent *one, *oldest = NULL;

  if (!GST_EVENT_IS_SERIALIZED (event) || GST_EVENT_IS_STICKY (event)
      || GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    return;
  one = g_new (PendingEvent, 1);
  one->event = gst_event_ref (event);
  g_mutex_lock (&pending->lock);
  one->before = pending->given;
  if (pending->events.length == MOST_EVENTS)
    oldest = g_queue_pop_head (&pending->events);
  g_queue_push_tail (&pending->events, one);
  g_mutex_unlock (&pending->lock);
  g_clear_pointer (&oldest, free_event);
}

void
pending_events_given (PendingEvents * pending)
{
  g_mutex_lock (&pending->lock);
  pending->given++;
  g_mutex_unlock (&pending->lock);
}

/* With the lock. Returns: (transfer full) (nullable): one that is out */
static PendingEvent *
pop_out (PendingEvents * pending)
{
  PendingEvent *first = g_queue_peek_head (&pending->events);

  return first != NULL && first->before < pending->left
      ? g_queue_pop_head (&pending->events) : NULL;
}

void
pending_events_left (PendingEvents * pending)
{
  GQueue out = G_QUEUE_INIT;
  PendingEvent *one;

  g_mutex_lock (&pending->lock);
  pending->left++;
  while ((one = pop_out (pending)) != NULL)
    g_queue_push_tail (&out, one);
  g_mutex_unlock (&pending->lock);
  g_queue_clear_full (&out, free_event);
}

GList *
pending_events_again (PendingEvents * pending)
{
  GList *events = NULL, *walk;

  g_mutex_lock (&pending->lock);
  pending->given = pending->left = 0;
  for (walk = pending->events.tail; walk != NULL; walk = walk->prev) {
    PendingEvent *one = walk->data;

    one->before = 0;
    events = g_list_prepend (events, gst_event_ref (one->event));
  }
  g_mutex_unlock (&pending->lock);
  return events;
}

void
pending_events_forget (PendingEvents * pending)
{
  GQueue out;

  g_mutex_lock (&pending->lock);
  out = pending->events;
  g_queue_init (&pending->events);
  pending->given = pending->left = 0;
  g_mutex_unlock (&pending->lock);
  g_queue_clear_full (&out, free_event);
}
