/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stallwatch.h"

/* The clock holds a reference to the owner while it calls this. */
static gboolean
wake_up (GstClock * clock, GstClockTime time, GstClockID id, gpointer user_data)
{
  StallWatch *watch = user_data;
  gboolean current;

  GST_OBJECT_LOCK (watch->owner);
  current = watch->id == id;
  GST_OBJECT_UNLOCK (watch->owner);
  if (!current || !watch->check (watch->owner))
    gst_clock_id_unschedule (id);
  return TRUE;
}

static void
unref_owner (gpointer user_data)
{
  gst_object_unref (((StallWatch *) user_data)->owner);
}

/* Real time, not the pipeline's: one that waits to preroll has no clock. */
void
stall_watch_start (StallWatch * watch, GstClockTime timeout)
{
  GstClock *clock = gst_system_clock_obtain ();
  GstClockID id = gst_clock_new_periodic_id (clock,
      gst_clock_get_time (clock) + timeout, timeout);
  gboolean idle;

  GST_OBJECT_LOCK (watch->owner);
  idle = watch->id == NULL;
  if (idle)
    watch->id = gst_clock_id_ref (id);
  GST_OBJECT_UNLOCK (watch->owner);
  if (idle) {
    gst_object_ref (watch->owner);
    gst_clock_id_wait_async (id, wake_up, watch, unref_owner);
  }
  gst_clock_id_unref (id);
  gst_object_unref (clock);
}

void
stall_watch_stop (StallWatch * watch)
{
  GstClockID id;

  GST_OBJECT_LOCK (watch->owner);
  id = watch->id;
  watch->id = NULL;
  GST_OBJECT_UNLOCK (watch->owner);
  if (id != NULL) {
    gst_clock_id_unschedule (id);
    gst_clock_id_unref (id);
  }
}
