/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds a stream to the platform's maximum duration and to what its source
 * announced. Streaming thread only. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

typedef enum
{
  DURATION_POLICY_WARN,
  DURATION_POLICY_TRIM,
  DURATION_POLICY_ERROR,
  DURATION_POLICY_IGNORE
} DurationPolicy;

typedef struct
{
  DurationPolicy policy;
  const gchar *platform;        /* for messages; not owned */
  GstClockTime limit;           /* ns, GST_CLOCK_TIME_NONE: none */
  guint64 frame_limit;
  guint64 frames;               /* let through so far */
  gboolean over;                /* a frame came behind the limit */
  gboolean told;
} DurationGuard;

void duration_guard_init (DurationGuard * guard, DurationPolicy policy,
    const gchar * platform, const EchoelPlan * plan);

/**
 * duration_guard_frame:
 * @element: posts the warning or error, once
 * @source: the pad whose peer may know the duration, asked at the first frame
 *
 * Returns: GST_FLOW_OK to let one more frame through, GST_FLOW_EOS at the
 *     limit, GST_FLOW_ERROR after an error was posted
 */
GstFlowReturn duration_guard_frame (DurationGuard * guard,
    GstElement * element, GstPad * source);

/**
 * duration_guard_ended:
 * @end: stream time at which video ended, ns
 *
 * Video has ended: says how long it was, when it was too long and that was not
 * known before.
 */
void duration_guard_ended (DurationGuard * guard, GstElement * element,
    GstClockTime end);

/**
 * duration_guard_is_whole:
 * @end: stream time at which the longest stream ended, ns
 * @certain: whether all that counts is known to have ended
 *
 * Called when all streams have ended: a source that announced much more than
 * it gave is cut short, and what was made of it is not to look finished. When
 * that is not certain, or DURATION_POLICY_IGNORE, there is only a warning.
 *
 * Returns: %FALSE after an error was posted
 */
gboolean duration_guard_is_whole (const DurationGuard * guard,
    GstElement * element, GstPad * source, GstClockTime end,
    gboolean certain);

G_END_DECLS
