/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportsink.h"

#include "binparts.h"
#include "exportreport.h"
#include "gpumemory.h"

/* What may be missing at the end: containers round, and the last frame's
 * duration is often a guess. */
#define SLACK (GST_SECOND / 2)

#define NO_PICTURE "No picture arrived."

static void
watch_audio (GstElement * element, EchoelSilenceFacts * facts)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (element);

  facts->heard = self->audio == NULL || self->graph.n_audios == 0
      || g_atomic_int_get (&self->all_ended)
      || audio_chain_heard (self->graph.audios[0].chain);
  g_mutex_lock (&self->lock);
  facts->connected = self->audio_connected;
  facts->video_ended = self->video_ended;
  facts->video_frames = self->n_frames;
  if (GST_CLOCK_TIME_IS_VALID (self->last_frame))
    facts->video_time = (gdouble) (self->last_frame - self->first_frame)
        / GST_SECOND;
  g_mutex_unlock (&self->lock);
}

/* Sound that goes on, or waits in the queues, is no reason to give up; a
 * picture that is connected comes or ends. */
static void
watch_picture (GstElement * element, EchoelSilenceFacts * facts)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (element);

  g_mutex_lock (&self->lock);
  facts->heard = self->video_connected || g_atomic_int_get (&self->all_ended);
  facts->video_frames = self->n_sounds;
  g_mutex_unlock (&self->lock);
}

static void
give_up_picture (GstElement * element)
{
  export_sink_fail_all (GST_ECHOEL_EXPORT_SINK (element), NO_PICTURE);
}

static GstClockTime
get_time (GstEchoelExportSink * self, const GstClockTime * time)
{
  GstClockTime value;

  g_mutex_lock (&self->lock);
  value = *time;
  g_mutex_unlock (&self->lock);
  return value;
}

/* Returns: whether no sound had come. */
static gboolean
end_silent_audio (GstEchoelExportSink * self)
{
  gboolean silent = FALSE;
  guint i;

  if (g_atomic_int_get (&self->all_ended))
    return FALSE;
  for (i = 0; i < self->graph.n_audios; i++)
    silent |= audio_chain_finish_silent (self->graph.audios[i].chain,
        get_time (self, &self->first_frame));
  return silent;
}

static void
give_up_audio (GstElement * element)
{
  end_silent_audio (GST_ECHOEL_EXPORT_SINK (element));
}

static void
bridge_audio (GstElement * element)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (element);
  guint i;

  for (i = 0; i < self->graph.n_audios; i++)
    audio_chain_fill (self->graph.audios[i].chain,
        get_time (self, &self->first_frame), get_time (self,
            &self->last_frame));
}

static GstClockTime
stream_end (GstPad * pad, GstBuffer * buffer)
{
  GstClockTime end = GST_BUFFER_PTS (buffer);

  if (GST_CLOCK_TIME_IS_VALID (end) && GST_BUFFER_DURATION_IS_VALID (buffer))
    end += GST_BUFFER_DURATION (buffer);
  return bin_part_stream_time (pad, end);
}

static void
see_frame (GstEchoelExportSink * self, GstPad * pad, GstBuffer * frame)
{
  GstClockTime time = bin_part_running_time (pad, GST_BUFFER_PTS (frame));
  GstClockTime end = stream_end (pad, frame);
  gboolean first, due;
  gint64 now = g_get_monotonic_time ();
  GstClockTime interval = self->active.progress_interval;

  g_mutex_lock (&self->lock);
  first = self->n_frames++ == 0;
  self->last_frame = GST_CLOCK_TIME_IS_VALID (time) ? time : 0;
  if (first)
    self->first_frame = self->last_frame;
  if (GST_CLOCK_TIME_IS_VALID (end))
    self->video_end = end;
  due = self->told_start && interval > 0
      && (GstClockTime) (now - self->told) * GST_USECOND >= interval;
  if (due)
    self->told = now;
  g_mutex_unlock (&self->lock);
  if (first && self->audio != NULL)
    audio_watch_start (&self->watch);
  if (due)
    report_position (GST_ELEMENT (self), self->files, self->n_files,
        self->whole, export_sink_elapsed (self));
}

static GstFlowReturn
pass (GstEchoelExportSink * self, GstPad * pad, GstBuffer * buffer)
{
  GstFlowReturn flow;

  if (g_atomic_int_get (&self->all_ended)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_EOS;
  }
  flow = gst_proxy_pad_chain_default (pad, GST_OBJECT (self), buffer);
  if (flow == GST_FLOW_OK && g_atomic_int_get (&self->all_ended))
    return GST_FLOW_EOS;
  return flow;
}

static GstFlowReturn
video_chain (GstPad * pad, GstObject * parent, GstBuffer * frame)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (parent);

  export_sink_begin (self);
  export_sink_tell (self);
  see_frame (self, pad, frame);
  return pass (self, pad, frame);
}

static GstFlowReturn
audio_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (parent);
  GstClockTime end = stream_end (pad, buffer);
  gboolean first;

  export_sink_begin (self);
  g_mutex_lock (&self->lock);
  first = self->n_sounds++ == 0;
  if (GST_CLOCK_TIME_IS_VALID (end))
    self->audio_end = end;
  g_mutex_unlock (&self->lock);
  if (first)
    audio_watch_start (&self->picture_watch);
  return pass (self, pad, buffer);
}

/* What the source announced, or NONE when what was asked of it may be less. */
static GstClockTime
announced (GstEchoelExportSink * self)
{
  if (bin_part_runs_backwards (self->video)
      || !GST_CLOCK_TIME_IS_VALID (self->whole))
    return GST_CLOCK_TIME_NONE;
  return MIN (self->whole, bin_part_segment_stop (self->video));
}

/* Once all streams have ended. Without sound it may be another track of the
 * source that is the longer one. */
static gboolean
check_whole (GstEchoelExportSink * self)
{
  GstClockTime whole = announced (self), end = self->video_end;
  gboolean certain = GST_CLOCK_TIME_IS_VALID (self->audio_end)
      && self->active.duration_policy != EXPORT_DURATION_IGNORE;
  gchar *text;

  if (GST_CLOCK_TIME_IS_VALID (self->audio_end))
    end = MAX (end, self->audio_end);
  if (!GST_CLOCK_TIME_IS_VALID (end) || !GST_CLOCK_TIME_IS_VALID (whole)
      || end + SLACK >= whole)
    return TRUE;
  text = g_strdup_printf ("The source ends after %.3f s of the %.3f s it "
      "announced: it is cut short, or has another track that is longer.",
      (gdouble) end / GST_SECOND, (gdouble) whole / GST_SECOND);
  if (certain)
    export_sink_fail_all (self, text);
  else
    GST_ELEMENT_WARNING (self, STREAM, DEMUX, ("%s", text), (NULL));
  g_free (text);
  return !certain;
}

/* Returns: FALSE when EOS must not go on, so that no file is finished. */
static gboolean
stream_ends (GstEchoelExportSink * self, gboolean * ended, guint32 seqnum)
{
  gboolean all, empty;

  export_sink_begin (self);
  g_mutex_lock (&self->lock);
  *ended = TRUE;
  self->eos_seqnum = seqnum;
  all = self->video_ended && (self->audio == NULL || self->audio_ended);
  empty = self->n_frames == 0 && (self->video_ended || self->video == NULL);
  g_mutex_unlock (&self->lock);
  if (empty) {
    export_sink_fail_all (self, NO_PICTURE);
    return FALSE;
  }
  return !all || g_atomic_int_get (&self->all_ended) || check_whole (self);
}

/* Pictures are cut and encoded in system memory. */
static gboolean
leave_gpu (GstEchoelExportSink * self, GstEvent * event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  return front_download (&self->front, gpu_memory_find (caps));
}

/* Puts in front of the picture what it needs. Returns: as
 * front_filter_event() */
static GstEvent *
prepare_front (GstEchoelExportSink * self, GstEvent * event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS || leave_gpu (self, event))
    return front_filter_event (&self->front, event);
  gst_event_unref (event);
  return NULL;
}

static gboolean
video_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS) {
    if (!stream_ends (self, &self->video_ended, gst_event_get_seqnum (event))) {
      gst_event_unref (event);
      return TRUE;
    }
    return gst_pad_event_default (pad, parent, event);
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    g_mutex_lock (&self->lock);
    self->video_connected = TRUE;
    g_mutex_unlock (&self->lock);
  }
  if (self->ready)
    event = prepare_front (self, event);
  return event != NULL && gst_pad_event_default (pad, parent, event);
}

static gboolean
audio_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstEchoelExportSink *self = GST_ECHOEL_EXPORT_SINK (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    g_mutex_lock (&self->lock);
    self->audio_connected = TRUE;
    g_mutex_unlock (&self->lock);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS
      && (!stream_ends (self, &self->audio_ended,
              gst_event_get_seqnum (event)) || end_silent_audio (self))) {
    gst_event_unref (event);
    return TRUE;
  }
  return gst_pad_event_default (pad, parent, event);
}

static gboolean
video_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  GstCaps *any = gst_pad_get_pad_template_caps (pad);
  gboolean done = front_query (pad, parent, query, NULL, any);

  gst_caps_unref (any);
  return done;
}

void
export_sink_setup_pad (GstPad * pad, gboolean is_video)
{
  gst_pad_set_chain_function (pad, is_video ? video_chain : audio_chain);
  gst_pad_set_event_function (pad, is_video ? video_event : audio_event);
  if (is_video)
    gst_pad_set_query_function (pad, video_query);
}

void
export_sink_setup_watches (GstEchoelExportSink * self)
{
  self->watch.owner = GST_ELEMENT (self);
  self->watch.look = watch_audio;
  self->watch.give_up = give_up_audio;
  self->watch.fill = bridge_audio;
  self->picture_watch.owner = GST_ELEMENT (self);
  self->picture_watch.look = watch_picture;
  self->picture_watch.give_up = give_up_picture;
}
