/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livebitrate.h"

#include "bitraterequest.h"
#include "livemeter.h"
#include "ratearbiter.h"

#define DEFAULT_FLOOR 300       /* kbit/s */
/* Looks closer together than this tell nothing. */
#define LEAST_STEP (ECHOEL_CAPACITY_INTERVAL * 8 / 10)
/* A receiver that has just come is given the newest GOP at once: what waits
 * meanwhile is no congestion. */
#define CATCH_UP_LEVEL (200 * GST_MSECOND)
#define CATCH_UP_TIME (2 * GST_SECOND)
/* How long a request stands, and when it is repeated. */
#define REQUEST_EXPIRES (5 * GST_SECOND)
#define REQUEST_REPEAT (2 * GST_SECOND)
/* One may be lost while the pipeline flushes. */
#define SURELY_IGNORED 2
/* Over which the rate of the encoder is measured: a group of pictures, but
 * for the first one. The first ones hold its start: the next corrects them. */
#define FIRST_SPAN (1 * GST_SECOND)
#define RATE_SPAN (2 * GST_SECOND)
#define ROUGH_SPANS 2
/* A rate that is higher by less is no news. */
#define MORE 1.1
/* Beyond this it is another scene, of which so short a span tells enough. */
#define FAR_MORE 1.5
#define RECENT_STEPS 5

/* What is known of one destination. */
typedef struct
{
  guint id;
  EchoelCapacity capacity;
  gboolean online, caught_up;
  GstClockTime online_since;
  LiveMeter meter;
} Follower;

struct _LiveBitrate
{
  GstElement *element;
    gboolean (*ask) (GstElement * element, guint kbps, GstClockTime expires);

  GMutex lock;                  /* guards the next */
  LiveBitrateSettings settings;

  GHashTable *followers;        /* LiveDestination (not owned): Follower */
  guint last_id;
  EchoelRateArbiter *arbiter;   /* NULL: the encoder's rate is not known */
  EchoelRateDecision decision;
  guint best;                   /* kbit/s, when nothing limits the encoder */
  GstClockTime stepped_at, asked_at;    /* NONE: never */
  gboolean asking;              /* a request stands */
  guint n_ignored;              /* requests that nobody has taken, lately */
  gboolean warned;              /* of that, once */

  /* The encoder's rates. */
  guint64 video, audio;         /* bytes at the begin of the span */
  GstClockTime span_began;
  guint spans;                  /* measured so far */
  guint measured, measured_audio;       /* kbit/s */
  struct
  {
    guint64 video;
    GstClockTime time;
  } recent[RECENT_STEPS];       /* bytes at the last steps */
  guint n_recent;               /* noted so far */
  guint burst;                  /* kbit/s, over those steps; 0: as measured */
};

LiveBitrate *
live_bitrate_new (GstElement * element,
    gboolean (*ask) (GstElement * element, guint kbps, GstClockTime expires))
{
  LiveBitrate *self = g_new0 (LiveBitrate, 1);

  self->element = element;
  self->ask = ask;
  self->settings.adaptive = TRUE;
  self->settings.floor = DEFAULT_FLOOR;
  g_mutex_init (&self->lock);
  self->followers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  live_bitrate_reset (self);
  return self;
}

void
live_bitrate_free (LiveBitrate * self)
{
  live_bitrate_reset (self);
  g_hash_table_unref (self->followers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
live_bitrate_get_settings (LiveBitrate * self, LiveBitrateSettings * settings)
{
  g_mutex_lock (&self->lock);
  *settings = self->settings;
  g_mutex_unlock (&self->lock);
}

void
live_bitrate_set_settings (LiveBitrate * self,
    const LiveBitrateSettings * settings)
{
  g_mutex_lock (&self->lock);
  self->settings = *settings;
  g_mutex_unlock (&self->lock);
}

void
live_bitrate_reset (LiveBitrate * self)
{
  g_hash_table_remove_all (self->followers);
  g_clear_pointer (&self->arbiter, echoel_rate_arbiter_free);
  self->stepped_at = self->asked_at = GST_CLOCK_TIME_NONE;
  self->span_began = GST_CLOCK_TIME_NONE;
  self->asking = self->warned = FALSE;
  self->n_ignored = 0;
  self->measured = self->measured_audio = self->best = self->spans = 0;
  self->decision.bitrate = self->n_recent = self->burst = 0;
}

/* --- the encoder ----------------------------------------------------------*/

static guint
kbps (guint64 bytes, GstClockTime time)
{
  return gst_util_uint64_scale (bytes * 8, GST_SECOND, time) / 1000;
}

/* Whether an encoder does what it is asked for. */
static gboolean
is_limited (const LiveBitrate * self)
{
  return self->asking && self->n_ignored < SURELY_IGNORED;
}

/* What it makes while nobody limits it is what its user wants of it. */
static void
measure_encoder (LiveBitrate * self, LiveFeed * feed, GstClockTime now)
{
  guint64 video, audio;
  guint rate;

  live_feed_get_bytes (feed, &video, &audio);
  /* It begins with the stream. */
  if (video == 0)
    return;
  if (GST_CLOCK_TIME_IS_VALID (self->span_began)
      && now - self->span_began < (self->spans ? RATE_SPAN : FIRST_SPAN))
    return;
  if (GST_CLOCK_TIME_IS_VALID (self->span_began) && !is_limited (self)) {
    rate = kbps (video - self->video, now - self->span_began);
    self->measured_audio = kbps (audio - self->audio, now - self->span_began);
    if (rate > self->measured * MORE || self->spans <= ROUGH_SPANS)
      self->measured = rate;
    self->spans++;
  }
  self->video = video;
  self->audio = audio;
  self->span_began = now;
}

/* When a still picture begins to move, what is wanted is not known, but more
 * than before: nothing could be asked for below it. */
static void
watch_for_motion (LiveBitrate * self, LiveFeed * feed, GstClockTime now)
{
  guint at = self->n_recent++ % RECENT_STEPS;
  guint64 video, audio;
  guint rate = 0;

  live_feed_get_bytes (feed, &video, &audio);
  if (self->n_recent > RECENT_STEPS)
    rate = kbps (video - self->recent[at].video, now - self->recent[at].time);
  self->burst = self->spans > ROUGH_SPANS && rate > self->measured * FAR_MORE
      ? rate : 0;
  self->recent[at].video = video;
  self->recent[at].time = now;
}

/* Returns: FALSE when it is not known yet how much there is to send */
static gboolean
update_limits (LiveBitrate * self)
{
  LiveBitrateSettings settings;
  EchoelRateLimits limits = { 0, };

  live_bitrate_get_settings (self, &settings);
  limits.best = settings.best > 0 ? settings.best
      : MAX (self->measured, self->burst);
  limits.floor = settings.floor;
  limits.record_floor = settings.record_floor;
  limits.uplink = settings.uplink;
  limits.audio = self->measured_audio;
  if (limits.best == 0)
    return FALSE;
  /* What was the best so far limits nobody. */
  if (self->decision.bitrate == self->best)
    self->decision.bitrate = limits.best;
  self->best = limits.best;
  if (self->arbiter == NULL) {
    self->arbiter = echoel_rate_arbiter_new (&limits);
  } else {
    echoel_rate_arbiter_set_limits (self->arbiter, &limits);
  }
  return TRUE;
}

/* bit/s of everything that is sent when nothing limits the encoder. */
static gdouble
best_of_all (const LiveBitrate * self)
{
  return (self->best + self->measured_audio) * 1000.0 * ECHOEL_RATE_PACKAGING;
}

/* Returns: a word for messages and statistics */
static const gchar *
describe_request (const LiveBitrate * self)
{
  return !self->asking ? "none" : is_limited (self) ? "followed" : "ignored";
}

/* --- the destinations -----------------------------------------------------*/

static Follower *
get_follower (LiveBitrate * self, LiveDestination * destination)
{
  Follower *follower = g_hash_table_lookup (self->followers, destination);

  if (follower == NULL) {
    follower = g_new0 (Follower, 1);
    follower->id = ++self->last_id;
    echoel_capacity_init (&follower->capacity, best_of_all (self));
    g_hash_table_insert (self->followers, destination, follower);
  }
  return follower;
}

/* What the path carried before a connection broke, it is taken to carry
 * after it: the estimate stays. */
static void
note_online (Follower * follower, const LiveSample * sample, GstClockTime now)
{
  gboolean online = sample->attempt && sample->view.connected
      && sample->state == ECHOEL_LINK_PUBLISHING;

  if (online && !follower->online) {
    follower->online_since = now;
    follower->caught_up = FALSE;
    live_meter_begin (&follower->meter);
  }
  follower->online = online;
  /* Until it is known who tells of the connection, the numbers of two sources
   * would be taken for one path. */
  if (online && (now - follower->online_since > CATCH_UP_TIME
          || (sample->relay.level.time < CATCH_UP_LEVEL
              && (sample->view.has_socket || sample->view.has_srt))))
    follower->caught_up = TRUE;
}

/* All that an estimate is made of, and what came of it. */
static void
log_sample (LiveDestination * destination, const EchoelTransportSample * sample,
    const EchoelCapacityReport * report)
{
  GST_LOG_OBJECT (destination, "offered %" G_GUINT64_FORMAT ", delivered %"
      G_GUINT64_FORMAT ", waiting %" G_GUINT64_FORMAT ", unacknowledged %"
      G_GUINT64_FORMAT ", dropped %" G_GUINT64_FORMAT ", losses %"
      G_GUINT64_FORMAT "%s: %.0f kbit/s, %s, delay %" GST_TIME_FORMAT,
      sample->offered, sample->delivered, sample->waiting,
      sample->unacknowledged, sample->dropped, sample->losses,
      sample->window_closed ? ", closed" : "", report->rate / 1000.0,
      echoel_capacity_reason_to_string (report->reason),
      GST_TIME_ARGS (report->delay));
}

static void
look_at (LiveBitrate * self, LiveDestination * destination, guint64 offered,
    GstClockTime now)
{
  Follower *follower = get_follower (self, destination);
  LiveSample seen = { ECHOEL_LINK_IDLE, };
  EchoelTransportSample sample = { 0, };
  const EchoelCapacityReport *report = NULL;
  LiveBitrateView view = { FALSE, };
  EchoelVoteMode mode;
  gdouble weight;

  live_destination_sample (destination, &seen);
  live_destination_get_vote (destination, &mode, &weight);
  echoel_rate_arbiter_add (self->arbiter, follower->id, mode, weight);
  note_online (follower, &seen, now);
  if (follower->online && follower->caught_up) {
    live_meter_read (&follower->meter, &seen, offered, now, &sample);
    echoel_capacity_set_best (&follower->capacity, best_of_all (self));
    report = echoel_capacity_update (&follower->capacity, &sample);
    log_sample (destination, &sample, report);
    view.known = TRUE;
    view.source = live_meter_get_source (&seen.view);
    view.capacity = *report;
  }
  view.request = describe_request (self);
  echoel_rate_arbiter_report (self->arbiter, follower->id, report);
  view.isolation = echoel_rate_arbiter_get_isolation (self->arbiter,
      follower->id);
  live_destination_set_bitrate (destination, &view);
}

/* Those that are gone have no say. */
static void
forget_missing (LiveBitrate * self, GPtrArray * destinations)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->followers);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    if (g_ptr_array_find (destinations, key, NULL))
      continue;
    echoel_rate_arbiter_remove (self->arbiter, ((Follower *) value)->id);
    g_hash_table_iter_remove (&iter);
  }
}

/* --- the request ----------------------------------------------------------*/

/* Returns: (transfer none) (nullable) */
static const gchar *
name_of (LiveBitrate * self, guint id)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->followers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((Follower *) value)->id == id)
      return GST_OBJECT_NAME (key);
  return NULL;
}

static void
tell (LiveBitrate * self, guint before)
{
  const gchar *limiter = name_of (self, self->decision.limiter);
  const gchar *reason = echoel_rate_reason_to_string (self->decision.reason);

  GST_INFO_OBJECT (self->element, "%u instead of %u kbit/s: %s, %s",
      self->decision.bitrate, before, reason, limiter ? limiter : "nobody");
  gst_element_post_message (self->element, gst_message_new_element
      (GST_OBJECT (self->element), gst_structure_new ("echoellivesink-bitrate",
              "bitrate", G_TYPE_UINT, self->decision.bitrate,
              "old-bitrate", G_TYPE_UINT, before,
              "reason", G_TYPE_STRING, reason,
              "limiter", G_TYPE_STRING, limiter ? limiter : "",
              "request", G_TYPE_STRING, describe_request (self), NULL)));
}

/* Nobody lowers the bitrate: frames are all that can be left out, and the user
 * would never know why. */
static void
note_answer (LiveBitrate * self, gboolean followed)
{
  self->n_ignored = followed ? 0 : self->n_ignored + 1;
  if (self->n_ignored < SURELY_IGNORED || self->warned)
    return;
  self->warned = TRUE;
  GST_ELEMENT_WARNING (self->element, RESOURCE, SETTINGS,
      ("The network carries less than the encoder makes, and no encoder "
          "follows the request for %u kbit/s: frames are left out instead. "
          "Encode with echoelpreset, or lower the encoder's bitrate.",
          self->decision.bitrate), ("nothing upstream took the event "
          ECHOEL_BITRATE_REQUEST));
}

/* A request is repeated as long as it is needed, so that one of a sink that
 * is gone ends by itself. */
static void
request (LiveBitrate * self, gboolean changed, GstClockTime now)
{
  LiveBitrateSettings settings;
  gboolean limits;

  live_bitrate_get_settings (self, &settings);
  limits = settings.adaptive && self->decision.bitrate < self->best;
  if (!limits && self->asking)
    self->ask (self->element, self->decision.bitrate, 0);
  else if (limits && (changed || !self->asking
          || now - self->asked_at >= REQUEST_REPEAT))
    note_answer (self, self->ask (self->element, self->decision.bitrate,
            REQUEST_EXPIRES));
  else
    return;
  self->asking = limits;
  self->asked_at = now;
}

void
live_bitrate_step (LiveBitrate * self, LiveFeed * feed,
    GPtrArray * destinations, GstClockTime now)
{
  guint64 video, audio;
  guint i, before;
  gboolean changed;

  if (GST_CLOCK_TIME_IS_VALID (self->stepped_at)
      && now - self->stepped_at < LEAST_STEP)
    return;
  self->stepped_at = now;
  measure_encoder (self, feed, now);
  watch_for_motion (self, feed, now);
  if (!update_limits (self))
    return;
  before = self->decision.bitrate;
  forget_missing (self, destinations);
  live_feed_get_bytes (feed, &video, &audio);
  for (i = 0; i < destinations->len; i++)
    look_at (self, g_ptr_array_index (destinations, i), video + audio, now);
  changed = echoel_rate_arbiter_decide (self->arbiter, now, &self->decision);
  request (self, changed, now);
  if (changed && self->decision.bitrate != before)
    tell (self, before);
}
