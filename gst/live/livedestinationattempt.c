/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livedestinationparts.h"

typedef enum
{
  JOB_OPEN,
  JOB_CLOSE
} JobKind;

typedef struct
{
  JobKind kind;
  LiveDestination *self;        /* owned */
  LiveAttempt *attempt;         /* owned */
} Job;

void
live_destination_wake (GstObject * owner)
{
  LiveDestination *self = GST_ECHOEL_LIVE_DESTINATION (owner);

  live_surroundings_wake (self->around);
}

static void
give_to_worker (LiveDestination * self, JobKind kind)
{
  Job *job = g_new (Job, 1);

  job->kind = kind;
  job->self = gst_object_ref (self);
  job->attempt = live_attempt_ref (self->attempt);
  g_thread_pool_push (self->around->workers, job, NULL);
  /* The worker frees the job. */
  /* cppcheck-suppress memleak */
}

void
live_destination_begin_attempt (LiveDestination * self, GstClock * clock,
    GstClockTime base_time)
{
  LiveAttemptSetup setup = { NULL, };

  setup.target = echoel_destination_ref (self->target);
  setup.feed = live_feed_ref (self->around->feed);
  setup.outlet = &self->outlet;
  setup.owner = gst_object_ref (self);
  setup.clock = clock ? gst_object_ref (clock) : NULL;
  setup.base_time = base_time;
  setup.tls_flags = self->tls_flags;
  setup.wake = live_destination_wake;
  self->attempt = live_attempt_new (&setup);
  self->opening = TRUE;
  live_surroundings_hold (self->around, self->target->place, self);
  give_to_worker (self, JOB_OPEN);
}

/* Not while it is still being built: one worker at a time. */
void
live_destination_close_if_wanted (LiveDestination * self)
{
  if (!self->close_wanted || self->attempt == NULL || self->opening
      || self->closing)
    return;
  self->closing = TRUE;
  give_to_worker (self, JOB_CLOSE);
}

/* One that is still being built then has no more than that to do. */
void
live_destination_want_close (LiveDestination * self)
{
  self->close_wanted = self->attempt != NULL;
  if (self->close_wanted)
    live_attempt_cancel (self->attempt);
}

static void
note_closed (LiveDestination * self, LiveAttempt * attempt)
{
  live_surroundings_release (self->around, attempt->setup.target->place, self);
  live_stats_end (&self->stats, attempt->delivered);
  live_attempt_unref (attempt);
  self->attempt = NULL;
  self->closing = self->close_wanted = FALSE;
}

/* Returns: whether it is to be closed again, by the same worker: a sink that is
 * gone by now has none to give. The lock is not held. */
static gboolean
note_opened (LiveDestination * self)
{
  gboolean close;

  g_mutex_lock (&self->lock);
  self->opening = FALSE;
  close = self->closing = self->close_wanted;
  live_destination_wake (GST_OBJECT (self));
  g_mutex_unlock (&self->lock);
  return close;
}

void
live_destination_work (gpointer data, gpointer user_data)
{
  Job *job = data;
  LiveDestination *self = job->self;
  gboolean close = job->kind == JOB_CLOSE;

  if (!close) {
    live_attempt_open (job->attempt);
    close = note_opened (self);
  }
  if (close) {
    live_attempt_close (job->attempt);
    g_mutex_lock (&self->lock);
    note_closed (self, job->attempt);
    live_destination_wake (GST_OBJECT (self));
    g_mutex_unlock (&self->lock);
  }
  live_attempt_unref (job->attempt);
  gst_object_unref (self);
  g_free (job);
}

void
live_destination_look (LiveDestination * self, LiveSample * sample)
{
  sample->state = self->link.state;
  sample->attempt = self->attempt != NULL && !self->close_wanted;
  if (sample->attempt)
    live_attempt_look (self->attempt, &sample->view);
  else if (self->attempt != NULL)
    sample->view.delivered = live_attempt_get_delivered (self->attempt);
  live_relay_get_stats (self->outlet.relay, &sample->relay);
  sample->since_progress = sample->state == ECHOEL_LINK_PUBLISHING
      ? live_destination_now () - self->link.progress_at : 0;
}
