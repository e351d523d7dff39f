/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "link.h"

#include <gst/gst.h>

const EchoelLinkDeadlines echoel_link_deadlines_default = {
  8 * (gint64) GST_SECOND, 8 * (gint64) GST_SECOND, 5 * (gint64) GST_SECOND,
  3 * (gint64) GST_SECOND, 30 * (gint64) GST_SECOND
};

void
echoel_link_init (EchoelLink * link, const EchoelLinkDeadlines * deadlines,
    guint32 seed)
{
  EchoelLink fresh = { ECHOEL_LINK_IDLE, };

  *link = fresh;
  link->deadlines = *deadlines;
  link->random = g_rand_new_with_seed (seed);
}

void
echoel_link_clear (EchoelLink * link)
{
  g_clear_pointer (&link->random, g_rand_free);
}

static void
enter (EchoelLink * link, EchoelLinkState state, gint64 now)
{
  link->state = state;
  link->since = now;
}

void
echoel_link_reset (EchoelLink * link, gint64 now)
{
  link->failures = 0;
  link->reason = ECHOEL_FAULT_NONE;
  enter (link, ECHOEL_LINK_IDLE, now);
}

/* Where a destination goes that is not to send. */
static void
rest (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (!facts->enabled)
    enter (link, ECHOEL_LINK_DISABLED, now);
  else
    enter (link, ECHOEL_LINK_ENDED, now);
}

static gboolean
is_wanted (const EchoelLinkFacts * facts)
{
  return facts->enabled && !facts->ending;
}

static EchoelLinkAction
begin (EchoelLink * link, gint64 now)
{
  link->attempts++;
  link->last_progress = 0;
  link->progressed = FALSE;
  enter (link, ECHOEL_LINK_CONNECTING, now);
  return ECHOEL_LINK_DO_OPEN;
}

/* The next try is set at once: taking down costs no extra time. */
static EchoelLinkAction
fail (EchoelLink * link, EchoelFault fault, gint64 now)
{
  if (link->failures == 0 || fault != link->reason)
    link->alike = 0;
  link->reason = fault;
  link->failures++;
  link->alike++;
  if (echoel_backoff_is_final (fault, link->alike)) {
    enter (link, ECHOEL_LINK_FATAL, now);
    return ECHOEL_LINK_DO_CLOSE;
  }
  link->next_try = now + echoel_backoff_delay (fault, link->failures,
      link->alike, g_rand_double (link->random));
  enter (link, fault == ECHOEL_FAULT_STALLED ? ECHOEL_LINK_STALLED
      : ECHOEL_LINK_BACKOFF, now);
  return ECHOEL_LINK_DO_CLOSE;
}

static EchoelLinkAction
step_idle (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (!is_wanted (facts))
    rest (link, facts, now);
  else if (facts->can_begin && !facts->open)
    return begin (link, now);
  return ECHOEL_LINK_DO_NOTHING;
}

static EchoelLinkAction
step_connecting (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (!is_wanted (facts)) {
    rest (link, facts, now);
    return ECHOEL_LINK_DO_CLOSE;
  }
  if (facts->fault != ECHOEL_FAULT_NONE)
    return fail (link, facts->fault, now);
  if (facts->connected) {
    link->connects++;
    link->last_progress = facts->progress;
    link->progress_at = now;
    enter (link, ECHOEL_LINK_PUBLISHING, now);
  } else if (now - link->since >= link->deadlines.connect) {
    return fail (link, facts->late, now);
  }
  return ECHOEL_LINK_DO_NOTHING;
}

/* Nothing that waits is as good as something that moves. */
static gboolean
is_stuck (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  gint64 limit = link->progressed ? link->deadlines.progress
      : link->deadlines.first_progress;

  if (facts->progress > link->last_progress || !facts->waiting) {
    link->progressed |= facts->progress > link->last_progress;
    link->last_progress = facts->progress;
    link->progress_at = now;
  }
  return now - link->progress_at >= limit;
}

static EchoelLinkAction
step_publishing (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (facts->fault != ECHOEL_FAULT_NONE)
    return fail (link, facts->fault, now);
  if (!is_wanted (facts) || facts->outdated) {
    enter (link, ECHOEL_LINK_DRAINING, now);
    return ECHOEL_LINK_DO_DRAIN;
  }
  if (is_stuck (link, facts, now))
    return fail (link, ECHOEL_FAULT_STALLED, now);
  if (now - link->since >= link->deadlines.stable)
    link->failures = 0;
  return ECHOEL_LINK_DO_NOTHING;
}

static EchoelLinkAction
step_draining (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (!facts->drained && facts->fault == ECHOEL_FAULT_NONE
      && now - link->since < link->deadlines.drain)
    return ECHOEL_LINK_DO_NOTHING;
  /* It may have been enabled again meanwhile, or begins with other tracks. */
  if (is_wanted (facts))
    enter (link, ECHOEL_LINK_IDLE, now);
  else
    rest (link, facts, now);
  return ECHOEL_LINK_DO_CLOSE;
}

static EchoelLinkAction
step_backoff (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (!is_wanted (facts))
    rest (link, facts, now);
  else if (facts->open)
    return ECHOEL_LINK_DO_NOTHING;
  else if (link->state == ECHOEL_LINK_STALLED)
    enter (link, ECHOEL_LINK_BACKOFF, now);
  else if (now >= link->next_try && facts->can_begin)
    return begin (link, now);
  return ECHOEL_LINK_DO_NOTHING;
}

static EchoelLinkAction
step_resting (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  if (link->state == ECHOEL_LINK_FATAL && facts->enabled && !facts->ending)
    return ECHOEL_LINK_DO_NOTHING;
  if (is_wanted (facts)) {
    echoel_link_reset (link, now);
  } else if (!facts->enabled && link->state != ECHOEL_LINK_DISABLED) {
    rest (link, facts, now);
  }
  return ECHOEL_LINK_DO_NOTHING;
}

typedef EchoelLinkAction (*Step) (EchoelLink * link,
    const EchoelLinkFacts * facts, gint64 now);

static const struct
{
  const gchar *nick;
  Step step;
} states[] = {
  /* *INDENT-OFF* */
  [ECHOEL_LINK_IDLE] = {"idle", step_idle},
  [ECHOEL_LINK_CONNECTING] = {"connecting", step_connecting},
  [ECHOEL_LINK_PUBLISHING] = {"publishing", step_publishing},
  [ECHOEL_LINK_STALLED] = {"stalled", step_backoff},
  [ECHOEL_LINK_BACKOFF] = {"backoff", step_backoff},
  [ECHOEL_LINK_DRAINING] = {"draining", step_draining},
  [ECHOEL_LINK_ENDED] = {"ended", step_resting},
  [ECHOEL_LINK_DISABLED] = {"disabled", step_resting},
  [ECHOEL_LINK_FATAL] = {"fatal", step_resting},
  /* *INDENT-ON* */
};

EchoelLinkAction
echoel_link_step (EchoelLink * link, const EchoelLinkFacts * facts, gint64 now)
{
  return states[link->state].step (link, facts, now);
}

const gchar *
echoel_link_state_nick (EchoelLinkState state)
{
  return states[state].nick;
}
