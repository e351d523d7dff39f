/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livedestinationparts.h"

/* What changed in a step, to be told outside the lock. */
typedef struct
{
  EchoelLinkState old, new;
  EchoelFault reason;
  guint attempt;
  gint64 next_try;              /* ns from now */
  gboolean required;
  gchar *location, *error;
} Change;

static void
gather_facts (LiveDestination * self, gboolean ending, EchoelLinkFacts * facts)
{
  LiveSample sample = { ECHOEL_LINK_IDLE, };

  live_destination_look (self, &sample);
  facts->enabled = self->enabled && !self->retired;
  facts->ending = ending;
  facts->can_begin = live_feed_can_begin (self->around->feed);
  /* Whoever had the place before may still be taking leave of the server. */
  facts->open = self->attempt != NULL || !live_surroundings_is_free
      (self->around, self->target->place, self);
  if (!sample.attempt)
    return;
  facts->connected = sample.view.connected;
  facts->outdated = sample.view.outdated;
  facts->waiting = sample.view.waiting;
  facts->drained = sample.view.drained;
  facts->progress = sample.view.progress;
  facts->fault = sample.view.fault;
  facts->late = sample.view.late;
}

static void
act (LiveDestination * self, EchoelLinkAction action, GstClock * clock,
    GstClockTime base_time)
{
  switch (action) {
    case ECHOEL_LINK_DO_OPEN:
      live_destination_begin_attempt (self, clock, base_time);
      break;
    case ECHOEL_LINK_DO_DRAIN:
      live_attempt_drain (self->attempt);
      break;
    case ECHOEL_LINK_DO_CLOSE:
      live_destination_want_close (self);
      break;
    case ECHOEL_LINK_DO_NOTHING:
      break;
  }
  live_destination_close_if_wanted (self);
}

/* What the server or the network said, for the message and the statistics. */
static void
note_error (LiveDestination * self)
{
  LiveAttempt *attempt = self->attempt;

  g_clear_pointer (&self->error, g_free);
  if (attempt != NULL) {
    g_mutex_lock (&attempt->lock);
    self->error = g_strdup (attempt->text);
    g_mutex_unlock (&attempt->lock);
  }
  if (self->error == NULL)
    self->error = g_strdup (echoel_fault_text (self->link.reason));
}

static gboolean
has_failed (EchoelLinkState state)
{
  return state == ECHOEL_LINK_BACKOFF || state == ECHOEL_LINK_STALLED
      || state == ECHOEL_LINK_FATAL;
}

static void
describe_change (LiveDestination * self, EchoelLinkState old, Change * change)
{
  const EchoelLink *link = &self->link;
  gboolean failed = has_failed (link->state);

  change->old = old;
  change->new = link->state;
  change->reason = failed ? link->reason : ECHOEL_FAULT_NONE;
  change->attempt = link->attempts;
  change->required = self->required;
  change->next_try = failed && link->state != ECHOEL_LINK_FATAL
      ? MAX (link->next_try - live_destination_now (), 0) : 0;
  change->location = g_strdup (self->target->shown);
  change->error = failed ? g_strdup (self->error) : NULL;
}

static void
tell_fatal (LiveDestination * self, GstElement * element, const Change * change)
{
  gchar *text = g_strdup_printf ("Destination \"%s\" is given up after %u "
      "tries: %s.", GST_OBJECT_NAME (self), change->attempt,
      echoel_fault_text (change->reason));

  if (change->required)
    GST_ELEMENT_ERROR (element, RESOURCE, OPEN_WRITE, ("%s", text),
        ("%s: %s", change->location, GST_STR_NULL (change->error)));
  else
    GST_ELEMENT_WARNING (element, RESOURCE, OPEN_WRITE, ("%s", text),
        ("%s: %s", change->location, GST_STR_NULL (change->error)));
  g_free (text);
}

static void
tell_change (LiveDestination * self, Change * change)
{
  GstElement *element = live_surroundings_get_element (self->around);
  GstStructure *s = gst_structure_new ("echoellivesink-state",
      "id", G_TYPE_STRING, GST_OBJECT_NAME (self),
      "location", G_TYPE_STRING, change->location,
      "old", G_TYPE_STRING, echoel_link_state_nick (change->old),
      "new", G_TYPE_STRING, echoel_link_state_nick (change->new),
      "reason", G_TYPE_STRING, echoel_fault_nick (change->reason),
      "error", G_TYPE_STRING, change->error ? change->error : "",
      "attempt", G_TYPE_UINT, change->attempt,
      "next-try-ms", G_TYPE_UINT, (guint) (change->next_try / GST_MSECOND),
      NULL);

  GST_INFO_OBJECT (self, "%" GST_PTR_FORMAT, s);
  gst_element_post_message (element, gst_message_new_element (GST_OBJECT
          (element), s));
  if (change->new == ECHOEL_LINK_FATAL)
    tell_fatal (self, element, change);
  g_object_notify (G_OBJECT (self), "state");
  gst_object_unref (element);
  g_free (change->location);
  g_free (change->error);
}

void
live_destination_step (LiveDestination * self, gboolean ending,
    GstClock * clock, GstClockTime base_time)
{
  EchoelLinkFacts facts = { FALSE, };
  EchoelLinkAction action;
  EchoelLinkState old;
  gboolean changed;
  Change change = { ECHOEL_LINK_IDLE, };

  g_mutex_lock (&self->lock);
  gather_facts (self, ending, &facts);
  action = echoel_link_step (&self->link, &facts, live_destination_now ());
  old = self->told;
  self->told = self->link.state;
  changed = self->link.state != old;
  if (changed && has_failed (self->link.state) && !has_failed (old))
    note_error (self);
  if (changed)
    describe_change (self, old, &change);
  act (self, action, clock, base_time);
  g_mutex_unlock (&self->lock);
  if (changed)
    tell_change (self, &change);
}

gboolean
live_destination_is_done (LiveDestination * self)
{
  EchoelLinkState state;
  gboolean done;

  g_mutex_lock (&self->lock);
  state = self->link.state;
  done = self->attempt == NULL && (state == ECHOEL_LINK_ENDED
      || state == ECHOEL_LINK_DISABLED || state == ECHOEL_LINK_FATAL);
  g_mutex_unlock (&self->lock);
  return done;
}

void
live_destination_abort (LiveDestination * self)
{
  g_mutex_lock (&self->lock);
  live_destination_want_close (self);
  live_destination_close_if_wanted (self);
  g_mutex_unlock (&self->lock);
}

gboolean
live_destination_has_attempt (LiveDestination * self)
{
  gboolean has;

  g_mutex_lock (&self->lock);
  has = self->attempt != NULL;
  g_mutex_unlock (&self->lock);
  return has;
}

void
live_destination_reset (LiveDestination * self)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  echoel_link_reset (&self->link, live_destination_now ());
  changed = self->told != ECHOEL_LINK_IDLE;
  self->told = ECHOEL_LINK_IDLE;
  g_mutex_unlock (&self->lock);
  if (changed)
    g_object_notify (G_OBJECT (self), "state");
}
