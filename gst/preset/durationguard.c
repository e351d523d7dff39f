/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "durationguard.h"

#include "binparts.h"

/* What may be missing at the end: containers round, and the last frame's
 * duration is often a guess. */
#define SLACK (GST_SECOND / 2)

void
duration_guard_init (DurationGuard * guard, DurationPolicy policy,
    const gchar * platform, const EchoelPlan * plan)
{
  guard->policy = policy;
  guard->platform = platform;
  guard->limit = plan->max_duration;
  guard->frame_limit = policy == DURATION_POLICY_IGNORE ? G_MAXUINT64
      : echoel_plan_frame_limit (plan);
  guard->frames = 0;
  guard->over = guard->told = FALSE;
}

static gdouble
seconds (GstClockTime time)
{
  return (gdouble) time / GST_SECOND;
}

/* @known: the source's whole duration, GST_CLOCK_TIME_NONE when it is only
 * seen to pass the limit. */
static GstFlowReturn
too_long (DurationGuard * guard, GstElement * element, GstClockTime known)
{
  gchar *text;

  if (guard->told || guard->policy == DURATION_POLICY_TRIM)
    return GST_FLOW_OK;
  guard->told = TRUE;
  if (GST_CLOCK_TIME_IS_VALID (known))
    text = g_strdup_printf ("The video lasts %.3f s, %s takes at most %.3f s.",
        seconds (known), guard->platform, seconds (guard->limit));
  else
    text = g_strdup_printf ("The video lasts longer than the %.3f s that %s "
        "takes.", seconds (guard->limit), guard->platform);

  if (guard->policy == DURATION_POLICY_ERROR) {
    GST_ELEMENT_ERROR (element, STREAM, ENCODE, ("%s", text),
        ("duration-policy=error"));
    g_free (text);
    return GST_FLOW_ERROR;
  }
  GST_ELEMENT_WARNING (element, STREAM, ENCODE, ("%s", text),
      ("duration-policy=trim would cut it"));
  g_free (text);
  return GST_FLOW_OK;
}

GstFlowReturn
duration_guard_frame (DurationGuard * guard, GstElement * element,
    GstPad * source)
{
  gint64 known = -1;
  GstFlowReturn flow = GST_FLOW_OK;

  if (guard->frame_limit == G_MAXUINT64)
    return GST_FLOW_OK;
  if (guard->frames == 0
      && gst_pad_peer_query_duration (source, GST_FORMAT_TIME, &known)
      && known > 0 && (GstClockTime) known > guard->limit)
    flow = too_long (guard, element, (GstClockTime) known);
  if (guard->frames >= guard->frame_limit) {
    if (guard->policy == DURATION_POLICY_TRIM)
      return GST_FLOW_EOS;
    guard->over = TRUE;
    if (guard->policy == DURATION_POLICY_ERROR)
      flow = too_long (guard, element, GST_CLOCK_TIME_NONE);
  }
  guard->frames++;
  return flow;
}

void
duration_guard_ended (DurationGuard * guard, GstElement * element,
    GstClockTime end)
{
  if (guard->over && GST_CLOCK_TIME_IS_VALID (end) && end > guard->limit)
    too_long (guard, element, end);
}

/* What the source announced, or NONE: an application that seeks may have asked
 * for less, and one that plays backwards ends at the beginning. */
static GstClockTime
announced (GstPad * source)
{
  GstClockTime stop = bin_part_segment_stop (source);
  gint64 duration = -1;

  if (bin_part_runs_backwards (source)
      || !gst_pad_peer_query_duration (source, GST_FORMAT_TIME, &duration)
      || duration <= 0)
    return GST_CLOCK_TIME_NONE;
  return MIN ((GstClockTime) duration, stop);
}

gboolean
duration_guard_is_whole (const DurationGuard * guard, GstElement * element,
    GstPad * source, GstClockTime end, gboolean certain)
{
  GstClockTime whole = announced (source);
  gchar *text;

  if (!GST_CLOCK_TIME_IS_VALID (end) || !GST_CLOCK_TIME_IS_VALID (whole)
      || end + SLACK >= whole || (guard->policy == DURATION_POLICY_TRIM
          && guard->frames >= guard->frame_limit))
    return TRUE;
  text = g_strdup_printf ("The source ends after %.3f s of the %.3f s it "
      "announced: it is cut short, or has another track that is longer.",
      seconds (end), seconds (whole));
  certain = certain && guard->policy != DURATION_POLICY_IGNORE;
  if (certain)
    GST_ELEMENT_ERROR (element, STREAM, DEMUX, ("%s", text),
        ("duration-policy=ignore keeps what there is"));
  else
    GST_ELEMENT_WARNING (element, STREAM, DEMUX, ("%s", text), (NULL));
  g_free (text);
  return !certain;
}
