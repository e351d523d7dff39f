/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "uplinksharing.h"

/* Destinations that congest within this of each other share one uplink. */
#define TOGETHER (1 * GST_SECOND)
/* And are taken to for so long after both were last full. */
#define SHARED_SPAN (10 * GST_SECOND)
/* Of one that shares at least this part of what came arrives, or did so lately:
 * the others may have crowded it out. */
#define SHARING_PART 0.02
#define SILENT_PATIENCE (2 * GST_SECOND)

gboolean
echoel_was_within (GstClockTime then, GstClockTime now, GstClockTime span)
{
  return GST_CLOCK_TIME_IS_VALID (then) && now - then <= span;
}

gboolean
echoel_has_lasted (GstClockTime * since, gboolean holds, GstClockTime now,
    GstClockTime patience)
{
  if (!holds)
    *since = GST_CLOCK_TIME_NONE;
  else if (!GST_CLOCK_TIME_IS_VALID (*since))
    *since = now;
  return holds && now - *since >= patience;
}

void
echoel_uplink_member_init (EchoelUplinkMember * member)
{
  memset (member, 0, sizeof *member);
  member->congested_at = member->busy_at = GST_CLOCK_TIME_NONE;
  member->shared_at = member->silent_since = GST_CLOCK_TIME_NONE;
}

static EchoelUplinkMember *
member_at (GPtrArray * members, guint i)
{
  return g_ptr_array_index (members, i);
}

/* One of whom nothing arrives, though something waits, has gone: what it leaves
 * is the others', and it must not be counted as a member with a part. */
static void
note_report (EchoelUplinkMember * member, GstClockTime now)
{
  const EchoelCapacityReport *report = &member->report;
  gboolean silent;

  if (!member->online) {
    echoel_uplink_member_init (member);
    return;
  }
  if (report->busy)
    member->busy_at = now;
  if (report->reason == ECHOEL_CAPACITY_CONGESTED)
    member->congested_at = now;
  echoel_flow_add (&member->flow, now, report->sample.delivered, report->busy);
  silent = report->busy && report->delivered < SHARING_PART * report->offered;
  if (echoel_has_lasted (&member->silent_since, silent, now, SILENT_PATIENCE))
    member->eligible = FALSE;
}

/* What two get of each other. */
static EchoelCrosstalk
crosstalk_with (const EchoelUplinkMember * member,
    const EchoelUplinkMember * other)
{
  const EchoelFlow *flow = &other->flow;

  return echoel_crosstalk_judge (&member->flow, &flow, 1);
}

/* The same of one and all others that share. */
static EchoelCrosstalk
crosstalk_with_sharing (const EchoelUplinkMember * member, GPtrArray * members)
{
  GPtrArray *flows = g_ptr_array_sized_new (members->len);
  EchoelCrosstalk crosstalk;
  guint i;

  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *other = member_at (members, i);

    if (other != member && other->shares)
      g_ptr_array_add (flows, &other->flow);
  }
  crosstalk = echoel_crosstalk_judge (&member->flow,
      (const EchoelFlow * const *) flows->pdata, flows->len);
  g_ptr_array_unref (flows);
  return crosstalk;
}

/* Whether one that congests shares an uplink with another: that one takes from
 * it, or congests at the same time. */
static gboolean
congests_with (const EchoelUplinkMember * member,
    const EchoelUplinkMember * other, GstClockTime now)
{
  EchoelCrosstalk crosstalk;

  if (!echoel_was_within (member->congested_at, now, TOGETHER))
    return FALSE;
  crosstalk = crosstalk_with (member, other);
  return crosstalk == ECHOEL_CROSSTALK_SHARED
      || (crosstalk == ECHOEL_CROSSTALK_UNKNOWN && other->report.busy
      && echoel_was_within (other->congested_at, now, TOGETHER));
}

/* One that is full now begins to share with others, or still does when they
 * are full now and then, too. */
static void
note_sharing (EchoelUplinkMember * member, GPtrArray * members,
    GstClockTime now)
{
  guint i;

  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *other = member_at (members, i);

    if (other == member || !other->eligible)
      continue;
    if (congests_with (member, other, now))
      member->shared_at = other->shared_at = now;
    else if (member->shares && other->shares
        && echoel_was_within (other->busy_at, now, SHARED_SPAN))
      member->shared_at = now;
  }
}

/* Returns: whether others share than before */
static gboolean
find_sharing (GPtrArray * members, GstClockTime now)
{
  gboolean changed = FALSE;
  guint i;

  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *member = member_at (members, i);

    if (member->eligible && member->report.busy)
      note_sharing (member, members, now);
  }
  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *member = member_at (members, i);

    if (member->shares && crosstalk_with_sharing (member, members)
        == ECHOEL_CROSSTALK_SEPARATE)
      member->shared_at = GST_CLOCK_TIME_NONE;
  }
  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *member = member_at (members, i);
    gboolean shares = member->eligible
        && echoel_was_within (member->shared_at, now, SHARED_SPAN);

    changed |= shares != member->shares;
    member->shares = shares;
  }
  return changed;
}

void
echoel_uplink_sharing_step (EchoelUplinkPool * pool, GPtrArray * members,
    gdouble best, GstClockTime now)
{
  gboolean changed;
  gdouble each;
  guint i;

  for (i = 0; i < members->len; i++)
    note_report (member_at (members, i), now);
  changed = find_sharing (members, now);
  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *member = member_at (members, i);

    if (member->shares)
      echoel_uplink_pool_add (pool, member->seen.time > 0
          ? &member->seen : NULL, &member->report);
    member->seen = member->report.sample;
  }
  each = echoel_uplink_pool_update (pool, best, changed, now);
  for (i = 0; i < members->len; i++) {
    EchoelUplinkMember *member = member_at (members, i);

    member->shares = member->shares && each > 0.0;
    member->rate = member->shares ? each : member->report.rate;
  }
}
