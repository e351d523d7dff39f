/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoelcrop
 * @title: echoelcrop
 *
 * Fills any shape with any picture: crop, scale and pixel-format conversion
 * in one pass over the pixels that are kept. What to fill comes from
 * downstream caps: a fixed width and height are filled exactly; with only
 * #GstEchoelCrop:aspect-ratio the largest window of that shape is cut out and
 * not scaled.
 *
 * Pixel aspect ratio, odd sizes, chroma siting, matrix, primaries and range
 * are converted when the caps of both sides differ, and the caps always say
 * what the pixels are. Interlaced video is refused: put deinterlace in front.
 *
 * With #GstEchoelCrop:follow the window follows regions that a detector
 * upstream marks, or what moves, as a calm camera would, and keeps it out of
 * the #GstEchoelCrop:safe-area; with #GstEchoelCrop:lookahead it knows where
 * the subject goes. #GstEchoelCrop:post-windows posts an element message
 * `echoelcrop-window` for each frame: `timestamp`, `stream-time`, `x`, `y`,
 * `width`, `height`, `reason` and `cut`.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,width=1920,height=1080 ! echoelcrop ! video/x-raw,width=1080,height=1920 ! videoconvert ! autovideosink
 * ]| Fills a vertical picture from a horizontal one.
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,width=1920,height=1080 ! echoelcrop aspect-ratio=1/1 anchor-x=0 ! videoconvert ! autovideosink
 * ]| Cuts the largest square out of the left, 1080x1080, without scaling.
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! videoconvert ! facedetect display=false ! echoelcrop follow=regions ! video/x-raw,width=1080,height=1920 ! videoconvert ! autovideosink
 * ]| Follows the face that GStreamer's detector finds.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>

#include "cropbuffers.h"
#include "cropcaps.h"
#include "cropfollower.h"
#include "cropmessages.h"
#include "cropmetas.h"
#include "cropsettings.h"
#include "cropwindow.h"
#include "cropwork.h"

GST_DEBUG_CATEGORY (echoelcrop_debug);
#define GST_CAT_DEFAULT echoelcrop_debug

#define GST_TYPE_ECHOEL_CROP (gst_echoel_crop_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelCrop, gst_echoel_crop, GST, ECHOEL_CROP,
    GstBaseTransform);

struct _GstEchoelCrop
{
  GstBaseTransform parent;

  /* Guarded by the object lock. */
  CropSettings settings;
  gboolean changed;             /* since the streaming thread took a copy */
  gboolean blind;               /* no frame is looked at, whatever they say */

  /* Streaming thread only. */
  CropSettings active;          /* the copy */
  GstVideoInfo in, out;
  gboolean same;                /* the caps of both sides */
  CropReads reads;              /* downstream */
  const gchar *croppers;        /* of this memory of a GPU, else NULL */
  gboolean told;                /* why these caps are refused */
  EchoelWindow window;
  CropWork *work;
  gboolean ready;               /* work and window, for these caps */
  CropFollower *follower;
  gboolean followed;            /* something, since the last reset */
  CropWaiting next;             /* the frame that goes out */
  gboolean viewed;              /* the output buffer needs no pixels */
};

G_DEFINE_FINAL_TYPE (GstEchoelCrop, gst_echoel_crop, GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (echoelcrop, "echoelcrop", GST_RANK_NONE,
    GST_TYPE_ECHOEL_CROP);

static GstCaps *
gst_echoel_crop_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  GstCaps *result = echoel_crop_widen_caps (caps, direction, filter);

  GST_LOG_OBJECT (trans, "%" GST_PTR_FORMAT " -> %" GST_PTR_FORMAT, caps,
      result);
  return result;
}

static GstCaps *
gst_echoel_crop_fixate_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * othercaps)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  gint aspect_n, aspect_d;

  GST_OBJECT_LOCK (self);
  aspect_n = self->settings.aspect_n;
  aspect_d = self->settings.aspect_d;
  GST_OBJECT_UNLOCK (self);

  if (direction == GST_PAD_SINK)
    othercaps = echoel_crop_fixate_caps (caps, othercaps, aspect_n, aspect_d);
  othercaps = gst_caps_fixate (othercaps);
  GST_DEBUG_OBJECT (self, "%" GST_PTR_FORMAT " becomes %" GST_PTR_FORMAT, caps,
      othercaps);
  return othercaps;
}

/* For how long frames are held back. With the object lock. */
static GstClockTime
get_held (GstEchoelCrop * self)
{
  return self->blind || !crop_settings_follow (&self->settings) ? 0
      : self->settings.lookahead;
}

static void
post_latency (GstEchoelCrop * self)
{
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_latency (GST_OBJECT (self)));
}

static void
set_blind (GstEchoelCrop * self, gboolean blind)
{
  GstClockTime before, after;

  GST_OBJECT_LOCK (self);
  before = get_held (self);
  self->blind = blind;
  after = get_held (self);
  GST_OBJECT_UNLOCK (self);
  if (before != after)
    post_latency (self);
}

/* Makes ready for this window. */
static gboolean
aim (GstEchoelCrop * self, const EchoelWindow * window)
{
  GError *error = NULL;

  self->window = *window;
  if (self->croppers != NULL
      || crop_work_aim (self->work, &self->active, window, &error))
    return TRUE;
  self->told = TRUE;
  crop_post_impossible (GST_ELEMENT (self), &self->in, &self->out,
      error ? error->message : NULL);
  g_clear_error (&error);
  return FALSE;
}

/* Takes the properties over; what they change shows with this frame. */
static void
take_settings (GstEchoelCrop * self)
{
  GST_OBJECT_LOCK (self);
  if (self->changed) {
    crop_settings_clear (&self->active);
    crop_settings_copy (&self->active, &self->settings);
    self->changed = FALSE;
  }
  GST_OBJECT_UNLOCK (self);
}

/* Makes ready what turns one of the caps into the other. */
static gboolean
begin_work (GstEchoelCrop * self, GstCaps * incaps, GstCaps * outcaps)
{
  EchoelWindow window;
  EchoelRect rect;

  if (GST_VIDEO_INFO_IS_INTERLACED (&self->in)) {
    if (!self->told)
      crop_post_interlaced (GST_ELEMENT (self), &self->in);
    self->told = TRUE;
    return FALSE;
  }
  window = crop_window_find (&self->active, &self->in, &self->out);
  if (self->croppers != NULL && !crop_window_is_part (&self->active, &self->in,
          &self->out, &window, &rect)) {
    if (!self->told)
      crop_post_out_of_reach (GST_ELEMENT (self), incaps, outcaps);
    self->told = TRUE;
    return FALSE;
  }
  self->ready = aim (self, &window);
  return self->ready;
}

/* As begin_work(), when the first frame that needs it comes. */
static gboolean
begin_late (GstEchoelCrop * self)
{
  GstCaps *incaps = gst_pad_get_current_caps (GST_BASE_TRANSFORM_SINK_PAD
      (self));
  gboolean done = begin_work (self, incaps, NULL);

  gst_clear_caps (&incaps);
  return done;
}

/* Nothing is done to pictures that are wanted as they are. Returns whether
 * that has changed. */
static gboolean
choose_passthrough (GstEchoelCrop * self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  gboolean passes = self->same && !(self->active.zoom > 1.0)
      && !gst_object_has_active_control_bindings (GST_OBJECT (self));
  gboolean blind = passes || self->croppers != NULL;

  /* Only this thread writes it. */
  if (self->blind != blind)
    set_blind (self, blind);
  if (passes == gst_base_transform_is_passthrough (trans))
    return FALSE;
  gst_base_transform_set_passthrough (trans, passes);
  return TRUE;
}

/* Caps that come in find nothing waiting. Where only those that go out have
 * changed, what waits goes out with the new ones. */
static gboolean
gst_echoel_crop_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstVideoInfo in;

  if (!gst_video_info_from_caps (&in, incaps)
      || !gst_video_info_from_caps (&self->out, outcaps)) {
    self->told = TRUE;
    crop_post_no_picture (GST_ELEMENT (self), incaps, outcaps);
    return FALSE;
  }

  take_settings (self);
  if (!gst_video_info_is_equal (&in, &self->in)) {
    self->in = in;
    crop_follower_set_info (self->follower, &in);
  }
  crop_work_set_infos (self->work, &self->in, &self->out);
  self->ready = FALSE;
  self->croppers = echoel_crop_caps_croppers (incaps);
  self->same = gst_video_info_is_equal (&self->in, &self->out);
  choose_passthrough (self);
  if (!gst_base_transform_is_passthrough (trans)
      && !begin_work (self, incaps, outcaps))
    return FALSE;
  if (self->croppers != NULL && self->active.follow != CROP_FOLLOW_NONE)
    crop_warn_blind (GST_ELEMENT (self));
  return TRUE;
}

static GstFlowReturn
gst_echoel_crop_submit_input_buffer (GstBaseTransform * trans,
    gboolean is_discont, GstBuffer * input)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);

  take_settings (self);
  /* Whose buffers go out, and what downstream reads of them, changes. */
  if (choose_passthrough (self))
    gst_pad_mark_reconfigure (trans->srcpad);
  return GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->submit_input_buffer (trans, is_discont, input);
}

static void
add_latency (GstEchoelCrop * self, GstQuery * query)
{
  GstClockTime min, max, own;
  gboolean live;

  GST_OBJECT_LOCK (self);
  own = get_held (self);
  GST_OBJECT_UNLOCK (self);
  gst_query_parse_latency (query, &live, &min, &max);
  min += own;
  if (GST_CLOCK_TIME_IS_VALID (max))
    max += own;
  gst_query_set_latency (query, live, min, max);
}

static void drain (GstEchoelCrop * self);

static gboolean
gst_echoel_crop_query (GstBaseTransform * trans, GstPadDirection direction,
    GstQuery * query)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstQueryType type = GST_QUERY_TYPE (query);

  if (type == GST_QUERY_DRAIN)
    drain (self);
  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->query (trans, direction, query))
    return FALSE;
  if (direction == GST_PAD_SRC && type == GST_QUERY_LATENCY)
    add_latency (self, query);
  if (direction == GST_PAD_SINK && type == GST_QUERY_CAPS)
    echoel_crop_answer_caps (query, GST_PAD_PAD_TEMPLATE (trans->sinkpad));
  return TRUE;
}

/* Buffers of aligned pools are larger than their caps ask for, so the size of
 * one side says nothing about the other's. */
static gboolean
gst_echoel_crop_transform_size (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, gsize size, GstCaps * othercaps,
    gsize * othersize)
{
  GstVideoInfo info;

  if (!gst_video_info_from_caps (&info, othercaps))
    return FALSE;
  *othersize = GST_VIDEO_INFO_SIZE (&info);
  return TRUE;
}

static gboolean
gst_echoel_crop_propose_allocation (GstBaseTransform * trans,
    GstQuery * decide_query, GstQuery * query)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstClockTime held;

  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->propose_allocation (trans, decide_query, query))
    return FALSE;
  /* In passthrough downstream has answered. */
  if (decide_query == NULL)
    return TRUE;
  GST_OBJECT_LOCK (self);
  held = get_held (self);
  GST_OBJECT_UNLOCK (self);
  return crop_buffers_propose (query, held);
}

/* Only downstream can crop memory of a GPU. */
static gboolean
decide_for_gpu (GstEchoelCrop * self, GstQuery * query)
{
  GstCaps *caps;

  crop_buffers_drop_pools (query);
  if (self->reads.crop_meta)
    return TRUE;
  gst_query_parse_allocation (query, &caps, NULL);
  if (!self->told)
    crop_post_not_cropped (GST_ELEMENT (self), caps, self->croppers);
  self->told = TRUE;
  return FALSE;
}

static gboolean
gst_echoel_crop_decide_allocation (GstBaseTransform * trans, GstQuery * query)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);

  self->reads = crop_buffers_find_reads (query);
  if (self->croppers != NULL)
    return decide_for_gpu (self, query);
  crop_buffers_decide (query, &self->reads);
  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->decide_allocation (trans, query))
    return FALSE;
  if (self->reads.video_meta)
    crop_buffers_use_meta (query);
  return TRUE;
}

/* Forgets what was seen; nothing waits. */
static void
reset (GstEchoelCrop * self)
{
  crop_follower_reset (self->follower);
  self->followed = self->next.seen = FALSE;
  memset (&self->next.view, 0, sizeof (self->next.view));
}

static gboolean
is_following (GstEchoelCrop * self)
{
  return crop_settings_follow (&self->active) && self->croppers == NULL
      && !gst_base_transform_is_passthrough (GST_BASE_TRANSFORM (self));
}

/* Decides the window of this frame. */
static gboolean
begin_frame (GstEchoelCrop * self, GstBuffer * buffer)
{
  GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  GstClockTime time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
  EchoelWindow window;

  if (!self->ready && !begin_late (self))
    return FALSE;
  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (self), time);
  take_settings (self);
  window = crop_window_find (&self->active, &self->in, &self->out);
  if (self->next.seen && is_following (self))
    crop_follower_place (self->follower, &self->next, &window);
  if (!aim (self, &window))
    return FALSE;
  if (self->active.post_windows)
    crop_post_window (GST_ELEMENT (self), segment, buffer, &self->window,
        &self->next.view);
  return TRUE;
}

/* A part of the input that downstream reads out of the same memory; NULL when
 * there is none. */
static GstBuffer *
make_view (GstEchoelCrop * self, GstBuffer * input)
{
  EchoelRect rect;

  if (!crop_window_is_part (&self->active, &self->in, &self->out, &self->window,
          &rect)
      || (self->croppers == NULL && !crop_buffers_can_share (input, &self->in)))
    return NULL;
  if (self->reads.crop_meta)
    return crop_buffers_mark (input, &self->in, &rect);
  if (self->reads.video_meta && crop_window_is_on_chroma (&rect, &self->in))
    return crop_buffers_view (input, &self->in, &rect);
  return NULL;
}

static GstFlowReturn
gst_echoel_crop_prepare_output_buffer (GstBaseTransform * trans,
    GstBuffer * input, GstBuffer ** output)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstBaseTransformClass *klass = GST_BASE_TRANSFORM_GET_CLASS (trans);

  self->viewed = FALSE;
  if (gst_base_transform_is_passthrough (trans))
    goto parent;
  if (!begin_frame (self, input))
    return GST_FLOW_ERROR;
  *output = make_view (self, input);
  if (*output != NULL && klass->copy_metadata (trans, input, *output)) {
    self->viewed = TRUE;
    return GST_FLOW_OK;
  }
  gst_clear_buffer (output);
  if (self->croppers != NULL)
    goto out_of_reach;

parent:
  return GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->prepare_output_buffer (trans, input, output);

  /* ERRORS */
out_of_reach:
  {
    GstCaps *caps = gst_pad_get_current_caps (trans->sinkpad);

    crop_post_out_of_reach (GST_ELEMENT (self), caps, NULL);
    gst_caps_unref (caps);
    return GST_FLOW_ERROR;
  }
}

static gboolean
gst_echoel_crop_transform_meta (GstBaseTransform * trans, GstBuffer * output,
    GstMeta * meta, GstBuffer * input)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  EchoelRect picture =
      crop_window_picture (&self->active, &self->in, &self->out);

  return crop_metas_take (output, meta, &self->window, &picture);
}

static GstFlowReturn
gst_echoel_crop_transform (GstBaseTransform * trans, GstBuffer * inbuf,
    GstBuffer * outbuf)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstVideoFrame in, out;
  GError *error = NULL;
  gboolean done;

  if (self->viewed)
    return GST_FLOW_OK;
  if (!crop_buffers_map (&in, &self->in, inbuf, GST_MAP_READ)) {
    crop_post_unreadable (GST_ELEMENT (self), inbuf);
    return GST_FLOW_ERROR;
  }
  if (!crop_buffers_map (&out, &self->out, outbuf, GST_MAP_WRITE)) {
    gst_video_frame_unmap (&in);
    crop_post_unwritable (GST_ELEMENT (self), outbuf);
    return GST_FLOW_ERROR;
  }
  done = crop_work_run (self->work, &in, &out, &error);
  gst_video_frame_unmap (&out);
  gst_video_frame_unmap (&in);
  if (done)
    return GST_FLOW_OK;

  crop_post_failed (GST_ELEMENT (self), error);
  g_clear_error (&error);
  return GST_FLOW_ERROR;
}

/* Lets the follower see a frame as it comes in. */
static gboolean
look_at (GstEchoelCrop * self, GstBuffer * buffer)
{
  EchoelWindow window = crop_window_find (&self->active, &self->in, &self->out);
  GstVideoFrame frame;

  if (!crop_buffers_map (&frame, &self->in, buffer, GST_MAP_READ)) {
    crop_post_unreadable (GST_ELEMENT (self), buffer);
    return FALSE;
  }
  crop_follower_push (self->follower, &self->active, &frame, &window,
      &GST_BASE_TRANSFORM (self)->segment);
  gst_video_frame_unmap (&frame);
  return TRUE;
}

/* Takes the frame that came in, if one did. */
static gboolean
take_input (GstEchoelCrop * self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstBuffer *input = trans->queued_buf;
  gboolean following = is_following (self), done = TRUE;

  trans->queued_buf = NULL;
  /* Those that wait when following ends go first. */
  if (!following)
    crop_follower_flush (self->follower);
  if (input == NULL)
    return TRUE;
  if (!following) {
    crop_follower_pass (self->follower, GST_MINI_OBJECT_CAST (input));
    return TRUE;
  }
  self->followed = TRUE;
  done = look_at (self, input);
  gst_buffer_unref (input);
  return done;
}

static gboolean
forward (GstEchoelCrop * self, GstEvent * event)
{
  return GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->sink_event (GST_BASE_TRANSFORM (self), event);
}

/* Takes the next frame whose window is known, after the events before it. */
static GstBuffer *
next_frame (GstEchoelCrop * self)
{
  while (crop_follower_pull (self->follower, &self->next)) {
    if (GST_IS_BUFFER (self->next.object))
      return GST_BUFFER_CAST (self->next.object);
    forward (self, GST_EVENT_CAST (self->next.object));
  }
  return NULL;
}

/* With look-ahead, frames wait until the follower knows enough of what comes
 * after them. */
static GstFlowReturn
gst_echoel_crop_generate_output (GstBaseTransform * trans, GstBuffer ** output)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);

  *output = NULL;
  if (is_following (self) || !crop_follower_is_empty (self->follower)) {
    if (!take_input (self))
      return GST_FLOW_ERROR;
    trans->queued_buf = next_frame (self);
    if (trans->queued_buf == NULL)
      return GST_FLOW_OK;
  } else if (self->followed) {
    reset (self);
  }
  return GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->generate_output (trans, output);
}

/* Sends on what waits, before what comes after all of it. */
static void
drain (GstEchoelCrop * self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstFlowReturn flow = GST_FLOW_OK;
  GstBuffer *output;

  crop_follower_flush (self->follower);
  while (flow == GST_FLOW_OK && !crop_follower_is_empty (self->follower)) {
    flow = gst_echoel_crop_generate_output (trans, &output);
    if (output != NULL && flow == GST_FLOW_OK)
      flow = gst_pad_push (trans->srcpad, output);
    else
      gst_clear_buffer (&output);
  }
  crop_follower_drop (self->follower, trans->srcpad);
}

/* The camera goes on from one segment to the next, unless time is another. */
static void
join_segments (GstEchoelCrop * self, GstEvent * event)
{
  const GstSegment *before = &GST_BASE_TRANSFORM (self)->segment, *after;

  gst_event_parse_segment (event, &after);
  if (before->format != after->format || before->rate != after->rate
      || before->applied_rate != after->applied_rate)
    reset (self);
  crop_follower_join (self->follower);
}

static gboolean
take_caps (GstEchoelCrop * self, GstEvent * event)
{
  GstPad *srcpad = GST_BASE_TRANSFORM_SRC_PAD (self);
  GstCaps *caps;
  gboolean done;

  gst_event_parse_caps (event, &caps);
  gst_caps_ref (caps);
  done = forward (self, event);
  if (!done && !self->told && !GST_PAD_IS_FLUSHING (srcpad))
    crop_post_not_negotiated (GST_ELEMENT (self), caps, srcpad);
  /* Caps that were refused may come again: one error is enough. */
  self->told = !done;
  gst_caps_unref (caps);
  return done;
}

static gboolean
gst_echoel_crop_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstEventType type = GST_EVENT_TYPE (event);

  if (type == GST_EVENT_FLUSH_STOP) {
    crop_follower_drop (self->follower, trans->srcpad);
    reset (self);
  } else if (crop_follower_is_end (type)) {
    drain (self);
  } else if (GST_EVENT_IS_SERIALIZED (event)
      && !crop_follower_is_empty (self->follower)) {
    crop_follower_pass (self->follower, GST_MINI_OBJECT_CAST (event));
    return TRUE;
  }
  if (type == GST_EVENT_SEGMENT)
    join_segments (self, event);
  return type == GST_EVENT_CAPS ? take_caps (self, event)
      : forward (self, event);
}

static gboolean
gst_echoel_crop_stop (GstBaseTransform * trans)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);

  crop_follower_drop (self->follower, trans->srcpad);
  reset (self);
  crop_work_stop (self->work);
  self->ready = self->told = FALSE;
  GST_OBJECT_LOCK (self);
  self->blind = FALSE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
gst_echoel_crop_set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (object);
  GstClockTime before, after;
  gboolean known;

  GST_OBJECT_LOCK (self);
  before = get_held (self);
  known = crop_settings_set (&self->settings, id, value);
  after = get_held (self);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  if (id == CROP_PROP_ASPECT_RATIO)
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
  if (before != after)
    post_latency (self);
}

static void
gst_echoel_crop_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = crop_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_echoel_crop_finalize (GObject * object)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (object);

  crop_work_free (self->work);
  crop_follower_free (self->follower);
  crop_settings_clear (&self->settings);
  crop_settings_clear (&self->active);
  G_OBJECT_CLASS (gst_echoel_crop_parent_class)->finalize (object);
}

static void
gst_echoel_crop_init (GstEchoelCrop * self)
{
  crop_settings_init (&self->settings);
  crop_settings_copy (&self->active, &self->settings);
  self->follower = crop_follower_new ();
  self->work = crop_work_new ();
  gst_video_info_init (&self->in);
  gst_video_info_init (&self->out);
  GST_PAD_SET_ACCEPT_TEMPLATE (GST_BASE_TRANSFORM_SINK_PAD (self));
}

static void
gst_echoel_crop_class_init (GstEchoelCropClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GstCaps *caps = echoel_crop_template_caps ();

  GST_DEBUG_CATEGORY_INIT (echoelcrop_debug, "echoelcrop", 0,
      "Echoel reframing");

  object_class->set_property = gst_echoel_crop_set_property;
  object_class->get_property = gst_echoel_crop_get_property;
  object_class->finalize = gst_echoel_crop_finalize;
  crop_settings_install (object_class);

  gst_element_class_set_static_metadata (element_class, "Echoel crop",
      "Filter/Converter/Video/Scaler/Effect",
      "Crops, scales and converts any picture to any shape in one pass",
      "The Echoel authors");
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_caps_unref (caps);

  trans_class->transform_caps = gst_echoel_crop_transform_caps;
  trans_class->fixate_caps = gst_echoel_crop_fixate_caps;
  trans_class->set_caps = gst_echoel_crop_set_caps;
  trans_class->submit_input_buffer = gst_echoel_crop_submit_input_buffer;
  trans_class->query = gst_echoel_crop_query;
  trans_class->sink_event = gst_echoel_crop_sink_event;
  trans_class->transform_size = gst_echoel_crop_transform_size;
  trans_class->propose_allocation = gst_echoel_crop_propose_allocation;
  trans_class->decide_allocation = gst_echoel_crop_decide_allocation;
  trans_class->transform_meta = gst_echoel_crop_transform_meta;
  trans_class->prepare_output_buffer = gst_echoel_crop_prepare_output_buffer;
  trans_class->generate_output = gst_echoel_crop_generate_output;
  trans_class->transform = gst_echoel_crop_transform;
  trans_class->stop = gst_echoel_crop_stop;
}
