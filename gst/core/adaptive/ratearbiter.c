/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "ratearbiter.h"
#include "uplinksharing.h"

/* Bitrates are whole steps of this, in kbit/s. */
#define GRID 10
/* A smaller change is not worth telling the encoder: as a part of the rate. */
#define LEAST_CHANGE 0.05
/* Between two changes; a fall beyond STEEP is more urgent. */
#define FALL_INTERVAL (500 * GST_MSECOND)
#define STEEP_INTERVAL (200 * GST_MSECOND)
#define RISE_INTERVAL (500 * GST_MSECOND)
#define STEEP 0.7
/* A rise right after a change has to be worth it: by this part, which shrinks
 * to none in so long. */
#define SOON_RISE 0.227
#define SOON (2 * GST_SECOND)
/* How long a destination may be below the floor, or far weaker than the
 * others, before its vote is lost, and fit again before it is regained. */
#define FLOOR_PATIENCE (3 * GST_SECOND)
#define WEAK_PATIENCE (10 * GST_SECOND)
#define SERVER_PATIENCE (1 * GST_SECOND)
#define REGAIN_PATIENCE (5 * GST_SECOND)
/* How long the rate stays after the last voter has gone. */
#define OFFLINE_PATIENCE (30 * GST_SECOND)
/* Far weaker: less than this part of the next weakest; fit again above the
 * second. */
#define WEAK 0.5
#define WEAK_NO_MORE 0.6
#define FLOOR_NO_MORE 1.1
/* Rates that are less apart are equal, in kbit/s: what is added for sound and
 * packaging and taken off again comes out a little less. */
#define ROUNDING 1.0

typedef struct
{
  guint id;
  EchoelVoteMode mode;
  gdouble weight;
  EchoelUplinkMember uplink;
  EchoelIsolation isolation;
  GstClockTime unfit_since;     /* for its vote, or NONE */
  GstClockTime fit_since;       /* to regain it, or NONE */
  GstClockTime online_at;       /* last seen so, or NONE */
  EchoelIsolation before;       /* it went offline */
  gdouble carries;              /* kbit/s of video, after sharing */
} Member;

struct _EchoelRateArbiter
{
  EchoelRateLimits limits;
  GArray *members;              /* Member */
  EchoelRateDecision decision;
  EchoelUplinkPool pool;        /* of those who share */
  GPtrArray *uplink_members;    /* EchoelUplinkMember (not owned) of all, only
                                 * valid while they are looked at */
  gboolean vote_lost, vote_regained;    /* since the last change */
  GstClockTime changed_at;
};

static const gchar *const rate_reasons[] = {
  "start", "best", "congested", "recovering", "shared", "budget", "floor",
  "vote-lost", "vote-regained"
};

static const gchar *const isolations[] = {
  "none", "choice", "offline", "server", "floor", "weak"
};

const gchar *
echoel_rate_reason_to_string (EchoelRateReason reason)
{
  g_return_val_if_fail ((guint) reason < G_N_ELEMENTS (rate_reasons), NULL);
  return rate_reasons[reason];
}

const gchar *
echoel_isolation_to_string (EchoelIsolation isolation)
{
  g_return_val_if_fail ((guint) isolation < G_N_ELEMENTS (isolations), NULL);
  return isolations[isolation];
}

EchoelRateArbiter *
echoel_rate_arbiter_new (const EchoelRateLimits * limits)
{
  EchoelRateArbiter *arbiter = g_new0 (EchoelRateArbiter, 1);

  arbiter->members = g_array_new (FALSE, TRUE, sizeof (Member));
  arbiter->uplink_members = g_ptr_array_new ();
  arbiter->changed_at = GST_CLOCK_TIME_NONE;
  echoel_rate_arbiter_set_limits (arbiter, limits);
  return arbiter;
}

void
echoel_rate_arbiter_free (EchoelRateArbiter * arbiter)
{
  g_ptr_array_unref (arbiter->uplink_members);
  g_array_unref (arbiter->members);
  g_free (arbiter);
}

void
echoel_rate_arbiter_set_limits (EchoelRateArbiter * arbiter,
    const EchoelRateLimits * limits)
{
  /* What was the best so far limits nobody. */
  if (arbiter->decision.bitrate == arbiter->limits.best)
    arbiter->decision.bitrate = limits->best;
  arbiter->limits = *limits;
  arbiter->limits.floor = MIN (MAX (limits->floor, limits->record_floor),
      limits->best);
}

static Member *
find_member (const EchoelRateArbiter * arbiter, guint id)
{
  guint i;

  for (i = 0; i < arbiter->members->len; i++) {
    Member *member = &g_array_index (arbiter->members, Member, i);

    if (member->id == id)
      return member;
  }
  return NULL;
}

void
echoel_rate_arbiter_add (EchoelRateArbiter * arbiter, guint id,
    EchoelVoteMode mode, gdouble weight)
{
  Member *member = find_member (arbiter, id);

  g_return_if_fail (id != 0 && weight > 0.0);
  if (!member) {
    Member fresh = {.id = id,.isolation = ECHOEL_ISOLATION_OFFLINE,
      .unfit_since = GST_CLOCK_TIME_NONE,.fit_since = GST_CLOCK_TIME_NONE,
      .online_at = GST_CLOCK_TIME_NONE
    };

    echoel_uplink_member_init (&fresh.uplink);
    g_array_append_val (arbiter->members, fresh);
    member = find_member (arbiter, id);
  }
  member->mode = mode;
  member->weight = weight;
}

void
echoel_rate_arbiter_remove (EchoelRateArbiter * arbiter, guint id)
{
  guint i;

  for (i = 0; i < arbiter->members->len; i++)
    if (g_array_index (arbiter->members, Member, i).id == id) {
      g_array_remove_index (arbiter->members, i);
      return;
    }
}

void
echoel_rate_arbiter_report (EchoelRateArbiter * arbiter, guint id,
    const EchoelCapacityReport * report)
{
  Member *member = find_member (arbiter, id);

  if (!member)
    return;
  member->uplink.online = report != NULL;
  if (report)
    member->uplink.report = *report;
}

/* --- what each one carries -------------------------------------------------*/

static gdouble
video_part (const EchoelRateArbiter * arbiter, gdouble kbps)
{
  return MAX (kbps / ECHOEL_RATE_PACKAGING - arbiter->limits.audio, 0.0);
}

static gboolean
is_candidate (const Member * member)
{
  return member->uplink.online && member->mode != ECHOEL_VOTE_NO
      && member->uplink.report.reason != ECHOEL_CAPACITY_SERVER;
}

/* bit/s of everything that is sent when nothing limits the encoder. */
static gdouble
best_of_all (const EchoelRateArbiter * arbiter)
{
  return (arbiter->limits.best +
      arbiter->limits.audio) * 1000.0 * ECHOEL_RATE_PACKAGING;
}

/* Who has no say must not pull down those who have: nobody shares with it. */
static void
share_uplink (EchoelRateArbiter * arbiter, GstClockTime now)
{
  guint i;

  g_ptr_array_set_size (arbiter->uplink_members, 0);
  for (i = 0; i < arbiter->members->len; i++) {
    Member *member = &g_array_index (arbiter->members, Member, i);

    if (member->uplink.online)
      member->online_at = now;
    member->uplink.eligible = is_candidate (member)
        && member->isolation == ECHOEL_ISOLATION_NONE;
    g_ptr_array_add (arbiter->uplink_members, &member->uplink);
  }
  echoel_uplink_sharing_step (&arbiter->pool, arbiter->uplink_members,
      best_of_all (arbiter), now);
  for (i = 0; i < arbiter->members->len; i++) {
    Member *member = &g_array_index (arbiter->members, Member, i);

    member->carries = video_part (arbiter, member->uplink.rate / 1000.0);
  }
}

/* --- votes ----------------------------------------------------------------*/

/* What the weakest of the other voters carries, or nothing. */
static gdouble
least_of_others (const EchoelRateArbiter * arbiter, const Member * member)
{
  gdouble least = -1.0;
  guint i;

  for (i = 0; i < arbiter->members->len; i++) {
    const Member *other = &g_array_index (arbiter->members, Member, i);

    if (other != member && other->uplink.online
        && other->isolation == ECHOEL_ISOLATION_NONE
        && (least < 0.0 || other->carries < least))
      least = other->carries;
  }
  return least;
}

/* Far weaker than most of the others, whether those vote or not; each counts
 * by its weight, and they must weigh no less than it does. */
static gboolean
is_weak (const EchoelRateArbiter * arbiter, const Member * member,
    gdouble scale)
{
  gdouble better = 0.0, others = 0.0;
  guint i;

  for (i = 0; i < arbiter->members->len; i++) {
    const Member *other = &g_array_index (arbiter->members, Member, i);
    gdouble enough = MIN (other->carries, arbiter->limits.best) * scale;

    if (other == member || !is_candidate (other))
      continue;
    others += other->weight;
    better += member->carries < enough ? other->weight : 0.0;
  }
  return member->mode == ECHOEL_VOTE_QUORUM && 2.0 * better > others
      && better >= member->weight;
}

/* Why the destination should not vote now; @scale_floor and @scale_weak say
 * how strict to be. */
static EchoelIsolation
judge (const EchoelRateArbiter * arbiter, const Member * member,
    gdouble scale_floor, gdouble scale_weak)
{
  if (member->uplink.report.reason == ECHOEL_CAPACITY_SERVER)
    return ECHOEL_ISOLATION_SERVER;
  /* Alone it drags nobody down. */
  if (member->carries < arbiter->limits.floor * scale_floor
      && least_of_others (arbiter, member) > member->carries)
    return ECHOEL_ISOLATION_FLOOR;
  if (is_weak (arbiter, member, scale_weak))
    return ECHOEL_ISOLATION_WEAK;
  return ECHOEL_ISOLATION_NONE;
}

static GstClockTime
patience_with (EchoelIsolation isolation)
{
  switch (isolation) {
    case ECHOEL_ISOLATION_SERVER:
      return SERVER_PATIENCE;
    case ECHOEL_ISOLATION_FLOOR:
      return FLOOR_PATIENCE;
    default:
      return WEAK_PATIENCE;
  }
}

static void
isolate (Member * member, EchoelIsolation isolation)
{
  member->isolation = isolation;
  member->unfit_since = member->fit_since = GST_CLOCK_TIME_NONE;
}

/* Whether a vote that was lost for this is lost in the next connection, too. */
static gboolean
lasts (EchoelIsolation isolation)
{
  return isolation == ECHOEL_ISOLATION_FLOOR
      || isolation == ECHOEL_ISOLATION_WEAK;
}

static void
review_vote (EchoelRateArbiter * arbiter, Member * member, GstClockTime now)
{
  EchoelIsolation verdict;

  if (!member->uplink.online) {
    if (member->isolation != ECHOEL_ISOLATION_OFFLINE)
      member->before = member->isolation;
    isolate (member, ECHOEL_ISOLATION_OFFLINE);
  } else if (member->mode == ECHOEL_VOTE_NO) {
    isolate (member, ECHOEL_ISOLATION_CHOICE);
  } else if (member->isolation == ECHOEL_ISOLATION_NONE) {
    verdict = judge (arbiter, member, 1.0, WEAK);
    if (echoel_has_lasted (&member->unfit_since,
            verdict != ECHOEL_ISOLATION_NONE, now, patience_with (verdict))) {
      isolate (member, verdict);
      arbiter->vote_lost = TRUE;
    }
  } else if (member->isolation == ECHOEL_ISOLATION_OFFLINE) {
    /* A new connection is no better than the last one was. */
    isolate (member, lasts (member->before) ? member->before
        : ECHOEL_ISOLATION_NONE);
  } else if (member->isolation == ECHOEL_ISOLATION_CHOICE) {
    isolate (member, ECHOEL_ISOLATION_NONE);
  } else {
    verdict = judge (arbiter, member, FLOOR_NO_MORE, WEAK_NO_MORE);
    if (echoel_has_lasted (&member->fit_since, verdict == ECHOEL_ISOLATION_NONE,
            now, REGAIN_PATIENCE)) {
      isolate (member, ECHOEL_ISOLATION_NONE);
      arbiter->vote_regained = TRUE;
    }
  }
}

/* --- the decision -----------------------------------------------------------*/

/* What each voter may have of a known uplink; those without a vote take what
 * they get, but no more than one of equal parts. */
static gdouble
budget_for_each (const EchoelRateArbiter * arbiter)
{
  gdouble left = arbiter->limits.uplink, part;
  guint i, voters = 0, online = 0;

  for (i = 0; i < arbiter->members->len; i++)
    online += g_array_index (arbiter->members, Member, i).uplink.online;
  if (online == 0)
    return arbiter->limits.best;
  part = left / online;
  for (i = 0; i < arbiter->members->len; i++) {
    const Member *member = &g_array_index (arbiter->members, Member, i);

    if (!member->uplink.online)
      continue;
    if (member->isolation == ECHOEL_ISOLATION_NONE)
      voters++;
    else
      left -= MIN (part, member->uplink.report.delivered / 1000.0);
  }
  return video_part (arbiter, voters > 0 ? left / voters : part);
}

/* Whether there is a destination that would vote if it could: until it is
 * back, or has been gone for long, what it carried is not forgotten. */
static gboolean
awaits_voter (const EchoelRateArbiter * arbiter, GstClockTime now)
{
  guint i;

  for (i = 0; i < arbiter->members->len; i++) {
    const Member *member = &g_array_index (arbiter->members, Member, i);

    if (member->isolation == ECHOEL_ISOLATION_SERVER
        || (member->isolation == ECHOEL_ISOLATION_OFFLINE
            && member->mode != ECHOEL_VOTE_NO
            && echoel_was_within (member->online_at, now, OFFLINE_PATIENCE)))
      return TRUE;
  }
  return FALSE;
}

/* The least that a voter carries. */
static EchoelRateDecision
least_of_all (EchoelRateArbiter * arbiter, GstClockTime now)
{
  EchoelRateDecision least = { arbiter->limits.best, ECHOEL_RATE_BEST, 0 };
  gboolean voters = FALSE;
  gdouble budget;
  guint i;

  for (i = 0; i < arbiter->members->len; i++) {
    const Member *member = &g_array_index (arbiter->members, Member, i);

    if (member->isolation != ECHOEL_ISOLATION_NONE)
      continue;
    voters = TRUE;
    if (member->carries > least.bitrate - ROUNDING)
      continue;
    least.bitrate = member->carries;
    least.limiter = member->id;
    least.reason =
        member->uplink.shares ? ECHOEL_RATE_SHARED : ECHOEL_RATE_CONGESTED;
  }
  if (!voters && awaits_voter (arbiter, now))
    least = arbiter->decision;
  budget = budget_for_each (arbiter);
  if (arbiter->limits.uplink > 0 && budget < least.bitrate) {
    least.bitrate = budget;
    least.reason = ECHOEL_RATE_BUDGET;
    least.limiter = 0;
  }
  return least;
}

static void
fit_into_limits (const EchoelRateArbiter * arbiter, EchoelRateDecision * wanted)
{
  const EchoelRateLimits *limits = &arbiter->limits;

  if (wanted->bitrate < limits->best)
    wanted->bitrate = wanted->bitrate / GRID * GRID;
  if (wanted->bitrate < limits->floor) {
    wanted->bitrate = limits->floor;
    wanted->reason = ECHOEL_RATE_FLOOR;
  }
}

/* The least change worth an encoder's while, as a part of the bitrate. */
static gdouble
least_change (const EchoelRateArbiter * arbiter, gboolean rises,
    GstClockTime now)
{
  gdouble soon = rises && echoel_was_within (arbiter->changed_at, now, SOON)
      ? 1.0 - (gdouble) (now - arbiter->changed_at) / SOON : 0.0;

  return MAX (LEAST_CHANGE, SOON_RISE * soon);
}

/* Small changes and quick ones do an encoder no good. */
static gboolean
is_due (const EchoelRateArbiter * arbiter, guint wanted, GstClockTime now)
{
  guint current = arbiter->decision.bitrate;
  gboolean rises = wanted > current;
  gdouble change = fabs ((gdouble) wanted - current);
  GstClockTime interval = rises ? RISE_INTERVAL
      : wanted < STEEP * current ? STEEP_INTERVAL : FALL_INTERVAL;
  gboolean to_limit = wanted == arbiter->limits.best
      || wanted == arbiter->limits.floor;

  if (current > arbiter->limits.best || current < arbiter->limits.floor)
    return TRUE;
  return wanted != current && (to_limit
      || change >= least_change (arbiter, rises, now) * current)
      && !echoel_was_within (arbiter->changed_at, now, interval - 1);
}

static EchoelRateReason
reason_of_change (const EchoelRateArbiter * arbiter,
    const EchoelRateDecision * wanted)
{
  gboolean rises = wanted->bitrate > arbiter->decision.bitrate;

  if (rises && arbiter->vote_lost)
    return ECHOEL_RATE_VOTE_LOST;
  if (!rises && arbiter->vote_regained)
    return ECHOEL_RATE_VOTE_REGAINED;
  if (rises && wanted->reason == ECHOEL_RATE_CONGESTED)
    return ECHOEL_RATE_RECOVERING;
  return wanted->reason;
}

gboolean
echoel_rate_arbiter_decide (EchoelRateArbiter * arbiter, GstClockTime now,
    EchoelRateDecision * decision)
{
  EchoelRateDecision wanted;
  gboolean changed;
  guint i;

  share_uplink (arbiter, now);
  for (i = 0; i < arbiter->members->len; i++)
    review_vote (arbiter, &g_array_index (arbiter->members, Member, i), now);
  wanted = least_of_all (arbiter, now);
  fit_into_limits (arbiter, &wanted);
  changed = is_due (arbiter, wanted.bitrate, now);
  if (changed) {
    wanted.reason = reason_of_change (arbiter, &wanted);
    arbiter->decision = wanted;
    arbiter->vote_lost = arbiter->vote_regained = FALSE;
    arbiter->changed_at = now;
  }
  *decision = arbiter->decision;
  return changed;
}

EchoelIsolation
echoel_rate_arbiter_get_isolation (const EchoelRateArbiter * arbiter, guint id)
{
  const Member *member = find_member (arbiter, id);

  return member ? member->isolation : ECHOEL_ISOLATION_OFFLINE;
}
