/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audiowatch.h"

#include <string.h>

static void
give_up (GstElement * owner, gpointer user_data)
{
  AudioWatch *watch = user_data;

  watch->give_up (owner);
}

static void
fill (GstElement * owner, gpointer user_data)
{
  AudioWatch *watch = user_data;

  watch->fill (owner);
}

/* The clock holds a reference to the owner while it calls this. */
static gboolean
ask (GstClock * clock, GstClockTime time, GstClockID id, gpointer user_data)
{
  AudioWatch *watch = user_data;
  EchoelSilenceVerdict verdict = ECHOEL_SILENCE_HEARD;
  EchoelSilenceFacts facts = { 0, };

  watch->look (watch->owner, &facts);
  GST_OBJECT_LOCK (watch->owner);
  if (watch->id == id)
    verdict = echoel_silence_ask (&watch->silence, &facts);
  GST_OBJECT_UNLOCK (watch->owner);

  if (verdict == ECHOEL_SILENCE_GIVE_UP)
    gst_element_call_async (watch->owner, give_up, watch, NULL);
  if (verdict == ECHOEL_SILENCE_FILL)
    gst_element_call_async (watch->owner, fill, watch, NULL);
  if (verdict == ECHOEL_SILENCE_HEARD || verdict == ECHOEL_SILENCE_GIVE_UP)
    gst_clock_id_unschedule (id);
  return TRUE;
}

static void
unref_owner (gpointer user_data)
{
  gst_object_unref (((AudioWatch *) user_data)->owner);
}

/* Real time, not the pipeline's: a pipeline that waits for audio to preroll
 * has no clock yet. */
void
audio_watch_start (AudioWatch * watch)
{
  GstClock *clock = gst_system_clock_obtain ();
  GstClockID id = gst_clock_new_periodic_id (clock,
      gst_clock_get_time (clock) + GST_SECOND, GST_SECOND);

  audio_watch_stop (watch);
  GST_OBJECT_LOCK (watch->owner);
  memset (&watch->silence, 0, sizeof (watch->silence));
  watch->id = gst_clock_id_ref (id);
  GST_OBJECT_UNLOCK (watch->owner);
  gst_object_ref (watch->owner);
  gst_clock_id_wait_async (id, ask, watch, unref_owner);
  gst_clock_id_unref (id);
  gst_object_unref (clock);
}

void
audio_watch_stop (AudioWatch * watch)
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
