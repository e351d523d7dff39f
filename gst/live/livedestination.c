/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livedestinationparts.h"

#include "destinationproperties.h"
#include "livesecrets.h"

G_DEFINE_FINAL_TYPE (GstEchoelLiveDestination, gst_echoel_live_destination,
    GST_TYPE_OBJECT)
     gint64 live_destination_now (void)
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

/* --- what others see ----------------------------------------------------- */

void
live_destination_sample (LiveDestination * self, LiveSample * sample)
{
  g_mutex_lock (&self->lock);
  live_destination_look (self, sample);
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
  live_destination_look (self, &sample);
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
    live_destination_want_close (self);
    live_destination_close_if_wanted (self);
    echoel_link_reset (&self->link, live_destination_now ());
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
    live_destination_wake (GST_OBJECT (self));
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
  live_destination_wake (GST_OBJECT (self));
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
