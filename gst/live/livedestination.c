/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livedestination.h"

#include "destinationproperties.h"
#include "livelimitwatch.h"
#include "livesecrets.h"
#include "livestats.h"

struct _GstEchoelLiveDestination
{
  GstObject parent;

  LiveSurroundings *around;     /* owned, set once */
  LiveOutlet outlet;

  GMutex lock;                  /* guards all below */
  EchoelDestination *target;
  gboolean enabled, required, retired;
  GTlsCertificateFlags tls_flags;
  EchoelLink link;
  EchoelLinkState told;         /* the last state that a message spoke of */
  LiveAttempt *attempt;         /* owned */
  gboolean opening, closing;    /* a worker is busy with it */
  gboolean close_wanted;
  gchar *error;                 /* of the last failure, free of secrets */
  LiveStats stats;
  LiveLimitWatch limits;
  EchoelVoteMode vote;
  gdouble weight;
  LiveBitrateView bitrate;
};

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

G_DEFINE_FINAL_TYPE (GstEchoelLiveDestination, gst_echoel_live_destination,
    GST_TYPE_OBJECT)
     static gint64 now_ns (void)
{
  return g_get_monotonic_time () * 1000;
}

LiveDestination *
live_destination_new (const gchar * name, EchoelDestination * target,
    LiveSurroundings * around)
{
  LiveDestination *self = g_object_new (GST_TYPE_ECHOEL_LIVE_DESTINATION,
      "name", name, NULL);

  gst_object_ref_sink (self);
  self->around = live_surroundings_ref (around);
  self->target = echoel_destination_ref (target);
  live_feed_add (around->feed, &self->outlet);
  return self;
}

gboolean
live_destination_sends_to (LiveDestination * self,
    const EchoelDestination * target)
{
  gboolean same;

  g_mutex_lock (&self->lock);
  same = echoel_destination_is_same (self->target, target);
  g_mutex_unlock (&self->lock);
  return same;
}

gboolean
live_destination_claim (LiveDestination * self)
{
  gboolean done;

  g_mutex_lock (&self->lock);
  done = live_surroundings_want (self->around, self->target->place, self);
  g_mutex_unlock (&self->lock);
  return done;
}

EchoelTransport
live_destination_get_transport (LiveDestination * self)
{
  EchoelTransport transport;

  g_mutex_lock (&self->lock);
  transport = self->target->transport;
  g_mutex_unlock (&self->lock);
  return transport;
}

void
live_destination_retire (LiveDestination * self)
{
  g_mutex_lock (&self->lock);
  self->retired = TRUE;
  live_surroundings_forgo (self->around, self->target->place, self);
  g_mutex_unlock (&self->lock);
}

/* --- attempts; the lock is held ------------------------------------------ */

static void
wake (GstObject * owner)
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

static void
begin_attempt (LiveDestination * self, GstClock * clock, GstClockTime base_time)
{
  LiveAttemptSetup setup = { NULL, };

  setup.target = echoel_destination_ref (self->target);
  setup.feed = live_feed_ref (self->around->feed);
  setup.outlet = &self->outlet;
  setup.owner = gst_object_ref (self);
  setup.clock = clock ? gst_object_ref (clock) : NULL;
  setup.base_time = base_time;
  setup.tls_flags = self->tls_flags;
  setup.wake = wake;
  self->attempt = live_attempt_new (&setup);
  self->opening = TRUE;
  live_surroundings_hold (self->around, self->target->place, self);
  give_to_worker (self, JOB_OPEN);
}

/* Not while it is still being built: one worker at a time. */
static void
close_if_wanted (LiveDestination * self)
{
  if (!self->close_wanted || self->attempt == NULL || self->opening
      || self->closing)
    return;
  self->closing = TRUE;
  give_to_worker (self, JOB_CLOSE);
}

/* One that is still being built then has no more than that to do. */
static void
want_close (LiveDestination * self)
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
  wake (GST_OBJECT (self));
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
    wake (GST_OBJECT (self));
    g_mutex_unlock (&self->lock);
  }
  live_attempt_unref (job->attempt);
  gst_object_unref (self);
  g_free (job);
}

static void
look (LiveDestination * self, LiveSample * sample)
{
  sample->state = self->link.state;
  sample->attempt = self->attempt != NULL && !self->close_wanted;
  if (sample->attempt)
    live_attempt_look (self->attempt, &sample->view);
  else if (self->attempt != NULL)
    sample->view.delivered = live_attempt_get_delivered (self->attempt);
  live_relay_get_stats (self->outlet.relay, &sample->relay);
  sample->since_progress = sample->state == ECHOEL_LINK_PUBLISHING
      ? now_ns () - self->link.progress_at : 0;
}

/* --- one step ------------------------------------------------------------ */

static void
gather_facts (LiveDestination * self, gboolean ending, EchoelLinkFacts * facts)
{
  LiveSample sample = { ECHOEL_LINK_IDLE, };

  look (self, &sample);
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
      begin_attempt (self, clock, base_time);
      break;
    case ECHOEL_LINK_DO_DRAIN:
      live_attempt_drain (self->attempt);
      break;
    case ECHOEL_LINK_DO_CLOSE:
      want_close (self);
      break;
    case ECHOEL_LINK_DO_NOTHING:
      break;
  }
  close_if_wanted (self);
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
      ? MAX (link->next_try - now_ns (), 0) : 0;
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
  action = echoel_link_step (&self->link, &facts, now_ns ());
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
  want_close (self);
  close_if_wanted (self);
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
  echoel_link_reset (&self->link, now_ns ());
  changed = self->told != ECHOEL_LINK_IDLE;
  self->told = ECHOEL_LINK_IDLE;
  g_mutex_unlock (&self->lock);
  if (changed)
    g_object_notify (G_OBJECT (self), "state");
}

/* --- what others see ----------------------------------------------------- */

void
live_destination_sample (LiveDestination * self, LiveSample * sample)
{
  g_mutex_lock (&self->lock);
  look (self, sample);
  g_mutex_unlock (&self->lock);
}

LiveAttempt *
live_destination_get_attempt (LiveDestination * self)
{
  LiveAttempt *attempt = NULL;

  g_mutex_lock (&self->lock);
  if (self->attempt != NULL && !self->close_wanted)
    attempt = live_attempt_ref (self->attempt);
  g_mutex_unlock (&self->lock);
  return attempt;
}

void
live_destination_get_vote (LiveDestination * self, EchoelVoteMode * mode,
    gdouble * weight)
{
  g_mutex_lock (&self->lock);
  *mode = self->vote;
  *weight = self->weight;
  g_mutex_unlock (&self->lock);
}

void
live_destination_set_bitrate (LiveDestination * self,
    const LiveBitrateView * view)
{
  g_mutex_lock (&self->lock);
  self->bitrate = *view;
  g_mutex_unlock (&self->lock);
  g_mutex_lock (&self->around->feed->lock);
  self->outlet.beyond = view->known ? (gint64) view->capacity.beyond : 0;
  g_mutex_unlock (&self->around->feed->lock);
}

static guint64
count_key_requests (LiveDestination * self)
{
  LiveFeed *feed = self->around->feed;
  guint64 count;

  g_mutex_lock (&feed->lock);
  count = self->outlet.key_requests.count;
  g_mutex_unlock (&feed->lock);
  return count;
}

/* Returns: (transfer full) */
static GstStructure *
describe (LiveDestination * self, gboolean count)
{
  LiveSample sample = { ECHOEL_LINK_IDLE, };
  LiveStatsSubject subject = { GST_OBJECT_NAME (self), };
  EchoelFormat *video, *audio;
  GstStructure *s;

  live_feed_get_formats (self->around->feed, &video, &audio);
  subject.key_requests = count_key_requests (self);
  subject.video = video;
  subject.audio = audio;
  g_mutex_lock (&self->lock);
  look (self, &sample);
  if (count)
    live_stats_count (&self->stats, sample.view.delivered);
  subject.location = self->target->shown;
  subject.link = &self->link;
  subject.sample = &sample;
  subject.error = self->error;
  subject.bitrate = &self->bitrate;
  s = live_stats_describe (&self->stats, "echoellivesink-stats", &subject);
  g_mutex_unlock (&self->lock);
  echoel_format_unref (video);
  echoel_format_unref (audio);
  return s;
}

/* A stream that is more than its platform takes is told of once. */
static void
check_limits (LiveDestination * self, GstElement * element)
{
  gchar *text = NULL;

  g_mutex_lock (&self->lock);
  if (self->target->preset != NULL
      && self->link.state == ECHOEL_LINK_PUBLISHING)
    text = live_limit_watch_look (&self->limits, self->around->feed,
        self->target->preset);
  g_mutex_unlock (&self->lock);
  if (text != NULL)
    GST_ELEMENT_WARNING (element, RESOURCE, SETTINGS,
        ("%s", text), ("destination \"%s\"", GST_OBJECT_NAME (self)));
  g_free (text);
}

void
live_destination_report (LiveDestination * self)
{
  GstElement *element = live_surroundings_get_element (self->around);

  gst_element_post_message (element, gst_message_new_element (GST_OBJECT
          (element), describe (self, TRUE)));
  check_limits (self, element);
  gst_object_unref (element);
}

/* --- properties ---------------------------------------------------------- */

static void
warn_of_location (LiveDestination * self, const gchar * why)
{
  GstElement *element = live_surroundings_get_element (self->around);

  if (element == NULL)
    return;
  GST_ELEMENT_WARNING (element, RESOURCE, SETTINGS,
      ("Destination \"%s\" keeps its location. %s", GST_OBJECT_NAME (self),
          why), (NULL));
  gst_object_unref (element);
}

/* @target: (transfer full): where to go from now on; what sends to the old
 * place ends first.
 * Returns: FALSE when another destination sends there */
static gboolean
move_to (LiveDestination * self, EchoelDestination * target)
{
  LiveLimitWatch fresh = { 0, };
  EchoelDestination *old = target;
  gboolean done;

  g_mutex_lock (&self->lock);
  done = self->retired
      || live_surroundings_want (self->around, target->place, self);
  if (done) {
    old = self->target;
    self->target = target;
    self->limits = fresh;
    if (!echoel_destination_is_same (old, target))
      live_surroundings_forgo (self->around, old->place, self);
    want_close (self);
    close_if_wanted (self);
    echoel_link_reset (&self->link, now_ns ());
  }
  g_mutex_unlock (&self->lock);
  echoel_destination_unref (old);
  return done;
}

static void
set_location (LiveDestination * self, const gchar * text)
{
  GError *error = NULL;
  EchoelDestination *target = text != NULL
      ? echoel_destination_parse (text, live_secret_lookup, NULL, &error)
      : NULL;

  if (target == NULL)
    warn_of_location (self, error ? error->message : "There must be one.");
  else if (!move_to (self, target))
    warn_of_location (self, "Another destination sends to that place with the "
        "same key.");
  else
    wake (GST_OBJECT (self));
  g_clear_error (&error);
}

static void
gst_echoel_live_destination_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  LiveDestination *self = GST_ECHOEL_LIVE_DESTINATION (object);

  if (id == LIVE_PROP_LOCATION) {
    set_location (self, g_value_get_string (value));
    return;
  }
  g_mutex_lock (&self->lock);
  if (id == LIVE_PROP_ENABLED)
    self->enabled = g_value_get_boolean (value);
  else if (id == LIVE_PROP_REQUIRED)
    self->required = g_value_get_boolean (value);
  else if (id == LIVE_PROP_VOTE)
    self->vote = g_value_get_enum (value);
  else if (id == LIVE_PROP_WEIGHT)
    self->weight = g_value_get_double (value);
  else if (id == LIVE_PROP_TLS_VALIDATION_FLAGS)
    self->tls_flags = g_value_get_flags (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  g_mutex_unlock (&self->lock);
  wake (GST_OBJECT (self));
}

static void
gst_echoel_live_destination_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  LiveDestination *self = GST_ECHOEL_LIVE_DESTINATION (object);

  if (id == LIVE_PROP_STATS) {
    g_value_take_boxed (value, describe (self, FALSE));
    return;
  }
  g_mutex_lock (&self->lock);
  if (id == LIVE_PROP_LOCATION)
    g_value_set_string (value, self->target->shown);
  else if (id == LIVE_PROP_ENABLED)
    g_value_set_boolean (value, self->enabled);
  else if (id == LIVE_PROP_REQUIRED)
    g_value_set_boolean (value, self->required);
  else if (id == LIVE_PROP_VOTE)
    g_value_set_enum (value, self->vote);
  else if (id == LIVE_PROP_WEIGHT)
    g_value_set_double (value, self->weight);
  else if (id == LIVE_PROP_TLS_VALIDATION_FLAGS)
    g_value_set_flags (value, self->tls_flags);
  else if (id == LIVE_PROP_STATE)
    g_value_set_string (value, echoel_link_state_nick (self->link.state));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  g_mutex_unlock (&self->lock);
}

static void
gst_echoel_live_destination_finalize (GObject * object)
{
  LiveDestination *self = GST_ECHOEL_LIVE_DESTINATION (object);

  live_feed_remove (self->around->feed, &self->outlet);
  live_surroundings_unref (self->around);
  live_relay_free (self->outlet.relay);
  echoel_destination_unref (self->target);
  echoel_link_clear (&self->link);
  g_free (self->error);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (gst_echoel_live_destination_parent_class)->finalize (object);
}

static void
gst_echoel_live_destination_init (LiveDestination * self)
{
  g_mutex_init (&self->lock);
  self->outlet.relay = live_relay_new ();
  self->enabled = TRUE;
  self->vote = ECHOEL_VOTE_QUORUM;
  self->weight = 1.0;
  self->tls_flags = G_TLS_CERTIFICATE_VALIDATE_ALL;
  echoel_link_init (&self->link, &echoel_link_deadlines_default,
      g_random_int ());
}

static void
gst_echoel_live_destination_class_init (GstEchoelLiveDestinationClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = gst_echoel_live_destination_set_property;
  object_class->get_property = gst_echoel_live_destination_get_property;
  object_class->finalize = gst_echoel_live_destination_finalize;
  live_destination_install_properties (object_class);
}
