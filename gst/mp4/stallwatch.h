/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls back when time has passed, unless it is stopped before. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: whether to wait once more. Called by the clock's thread, which must
 * not be kept waiting. */
typedef gboolean (*StallFunc) (GstElement * owner);

typedef struct
{
  GstElement *owner;            /* not owned; its lock guards id */
  StallFunc check;
  GstClockID id;
} StallWatch;

/* Waits @timeout ns of real time; does nothing while it waits already. */
void stall_watch_start (StallWatch * watch, GstClockTime timeout);
void stall_watch_stop (StallWatch * watch);

G_END_DECLS
