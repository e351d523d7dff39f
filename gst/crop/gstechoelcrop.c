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
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,width=1920,height=1080 ! echoelcrop ! video/x-raw,width=1080,height=1920 ! videoconvert ! autovideosink
 * ]| Fills a vertical picture from a horizontal one.
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,width=1920,height=1080 ! echoelcrop aspect-ratio=1/1 anchor-x=0 ! videoconvert ! autovideosink
 * ]| Cuts the largest square out of the left, 1080x1080, without scaling.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include <gst/base/gstbasetransform.h>
#include <gst/base/gstqueuearray.h>
#include <gst/video/video.h>

#include "cropbuffers.h"
#include "cropcaps.h"
#include "cropfollower.h"
#include "cropmessages.h"
#include "cropmetas.h"
#include "cropsettings.h"
#include "cropwindow.h"
#include "reframer.h"
#include "workers.h"

GST_DEBUG_CATEGORY (echoelcrop_debug);
#define GST_CAT_DEFAULT echoelcrop_debug

#define SLICES_A_THREAD 4

#define GST_TYPE_ECHOEL_CROP (gst_echoel_crop_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelCrop, gst_echoel_crop, GST, ECHOEL_CROP,
    GstBaseTransform);

struct _GstEchoelCrop
{
  GstBaseTransform parent;

  /* Guarded by the object lock. */
  CropSettings settings;
  gboolean changed;             /* since the streaming thread took a copy */

  /* Streaming thread only. */
  CropSettings active;          /* the copy */
  GstVideoInfo in, out;
  CropReads reads;              /* downstream */
  const gchar *croppers;        /* of this memory of a GPU, else NULL */
  gboolean told;                /* why these caps are refused */
  EchoelWindow window;
  EchoelReframing how;
  EchoelReframer *reframer;
  Workers *workers;
  CropFollower *follower;
  GstQueueArray *waiting;       /* buffers held back to look ahead */
  gboolean viewed;              /* the output buffer needs no pixels */
};

G_DEFINE_FINAL_TYPE (GstEchoelCrop, gst_echoel_crop, GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (echoelcrop, "echoelcrop", GST_RANK_NONE,
    GST_TYPE_ECHOEL_CROP);

static GstCaps *
gst_echoel_crop_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  GstCaps *result = echoel_crop_widen_caps (caps, direction);

  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (all, filter, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
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

/* As many as pay: below some pixels a thread costs more than it does. */
static guint
count_threads (GstEchoelCrop * self)
{
  const guint pixels_that_pay = 512 * 512;
  guint pixels = GST_VIDEO_INFO_WIDTH (&self->out)
      * GST_VIDEO_INFO_HEIGHT (&self->out);

  if (self->active.n_threads > 0)
    return self->active.n_threads;
  return CLAMP (pixels / pixels_that_pay, 1, MIN (g_get_num_processors (), 8));
}

static EchoelReframing
reframing (GstEchoelCrop * self)
{
  guint threads = count_threads (self);
  /* More slices than threads: one that wakes up late does fewer of them. */
  EchoelReframing how = { self->active.fit, self->active.filter,
    self->active.background, threads > 1 ? threads * SLICES_A_THREAD : 1
  };

  return how;
}

static gboolean
build_reframer (GstEchoelCrop * self)
{
  GError *error = NULL;

  g_clear_pointer (&self->reframer, echoel_reframer_free);
  g_clear_pointer (&self->workers, workers_free);
  self->how = reframing (self);
  self->reframer = echoel_reframer_new (&self->in, &self->out, &self->how,
      &self->window, &error);
  if (self->reframer == NULL) {
    self->told = TRUE;
    crop_post_impossible (GST_ELEMENT (self), &self->in, &self->out,
        error ? error->message : NULL);
    g_clear_error (&error);
    return FALSE;
  }
  self->workers = workers_new (count_threads (self));
  return TRUE;
}

/* Takes the properties over; what they change shows with this frame. */
static gboolean
take_settings (GstEchoelCrop * self)
{
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = self->changed;
  if (changed) {
    crop_settings_clear (&self->active);
    crop_settings_copy (&self->active, &self->settings);
    self->changed = FALSE;
  }
  GST_OBJECT_UNLOCK (self);
  return changed;
}

/* With caps that differ: makes ready what turns one into the other. */
static gboolean
begin_work (GstEchoelCrop * self, GstCaps * incaps, GstCaps * outcaps)
{
  EchoelRect rect;

  if (GST_VIDEO_INFO_IS_INTERLACED (&self->in)) {
    if (!self->told)
      crop_post_interlaced (GST_ELEMENT (self), &self->in);
    self->told = TRUE;
    return FALSE;
  }
  self->window = crop_window_find (&self->active, &self->in, &self->out);
  crop_follower_set_info (self->follower, &self->in);
  if (self->croppers == NULL)
    return build_reframer (self);
  if (crop_window_is_part (&self->active, &self->in, &self->out, &self->window,
          &rect))
    return TRUE;
  if (!self->told)
    crop_post_out_of_reach (GST_ELEMENT (self), incaps, outcaps);
  self->told = TRUE;
  return FALSE;
}

static gboolean
gst_echoel_crop_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  gboolean same;

  if (!gst_video_info_from_caps (&self->in, incaps)
      || !gst_video_info_from_caps (&self->out, outcaps)) {
    self->told = TRUE;
    crop_post_incomplete (GST_ELEMENT (self), incaps, outcaps);
    return FALSE;
  }

  take_settings (self);
  self->croppers = echoel_crop_caps_croppers (incaps);
  same = gst_video_info_is_equal (&self->in, &self->out)
      && !(self->active.zoom > 1.0)
      && !gst_object_has_active_control_bindings (GST_OBJECT (self));
  gst_base_transform_set_passthrough (trans, same);
  g_clear_pointer (&self->reframer, echoel_reframer_free);
  if (!same && !begin_work (self, incaps, outcaps))
    return FALSE;
  if (self->croppers != NULL && self->active.follow != CROP_FOLLOW_NONE)
    crop_warn_blind (GST_ELEMENT (self));
  return TRUE;
}

static void
add_latency (GstEchoelCrop * self, GstQuery * query)
{
  GstClockTime min, max, own;
  gboolean live;

  GST_OBJECT_LOCK (self);
  own = self->settings.follow == CROP_FOLLOW_NONE
      || self->settings.fit != ECHOEL_FIT_COVER ? 0 : self->settings.lookahead;
  GST_OBJECT_UNLOCK (self);
  gst_query_parse_latency (query, &live, &min, &max);
  min += own;
  if (GST_CLOCK_TIME_IS_VALID (max))
    max += own;
  gst_query_set_latency (query, live, min, max);
}

/* Any picture can come in. When nothing that downstream accepts can be made
 * of it, that is said when the caps arrive: an empty answer here would leave
 * it to the source, which only knows that "not-negotiated" happened. */
static gboolean
gst_echoel_crop_query (GstBaseTransform * trans, GstPadDirection direction,
    GstQuery * query)
{
  GstCaps *result, *filter;

  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->query (trans, direction, query))
    return FALSE;
  if (direction == GST_PAD_SRC && GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    add_latency (GST_ECHOEL_CROP (trans), query);
  if (direction != GST_PAD_SINK || GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return TRUE;
  gst_query_parse_caps_result (query, &result);
  if (!gst_caps_is_empty (result)) {
    result = echoel_crop_prefer_system (gst_caps_ref (result));
    gst_query_set_caps_result (query, result);
    gst_caps_unref (result);
    return TRUE;
  }
  gst_query_parse_caps (query, &filter);
  result = gst_pad_get_pad_template_caps (trans->sinkpad);
  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (all, filter, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  gst_query_set_caps_result (query, result);
  gst_caps_unref (result);
  return TRUE;
}

static void
drop_waiting (GstEchoelCrop * self)
{
  GstBuffer *buffer;

  while ((buffer = gst_queue_array_pop_head (self->waiting)) != NULL)
    gst_buffer_unref (buffer);
  crop_follower_reset (self->follower);
}

static void
post_not_negotiated (GstEchoelCrop * self, GstCaps * caps)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstCaps *wanted = gst_pad_peer_query_caps (trans->srcpad, NULL);

  crop_post_not_negotiated (GST_ELEMENT (self), caps, wanted);
  gst_caps_unref (wanted);
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
  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->propose_allocation (trans, decide_query, query))
    return FALSE;
  /* In passthrough downstream has answered. */
  return decide_query == NULL || crop_buffers_propose (query);
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

static gboolean
is_following (GstEchoelCrop * self)
{
  return self->active.follow != CROP_FOLLOW_NONE
      && self->active.fit == ECHOEL_FIT_COVER && self->croppers == NULL
      && !gst_base_transform_is_passthrough (GST_BASE_TRANSFORM (self));
}

/* Brings the reframer to what this frame needs: a window that only moved is
 * moved, anything else is built anew. */
static gboolean
update_reframer (GstEchoelCrop * self, const EchoelWindow * window)
{
  EchoelReframing how = reframing (self);
  GError *error = NULL;

  if (self->reframer == NULL
      || memcmp (&how, &self->how, sizeof (how)) != 0
      || window->width != self->window.width
      || window->height != self->window.height) {
    self->window = *window;
    return build_reframer (self);
  }
  if (window->x == self->window.x && window->y == self->window.y)
    return TRUE;
  self->window = *window;
  if (echoel_reframer_move (self->reframer, window->x, window->y, &error))
    return TRUE;
  GST_ELEMENT_ERROR (self, STREAM, FAILED, ("The window cannot be moved."),
      ("%s", error->message));
  g_error_free (error);
  return FALSE;
}

/* Decides the window of this frame. */
static gboolean
begin_frame (GstEchoelCrop * self, GstBuffer * buffer)
{
  GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  GstClockTime time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
  CropView seen = { 0, };
  EchoelWindow window;

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (self), time);
  take_settings (self);
  window = crop_window_find (&self->active, &self->in, &self->out);
  if (is_following (self))
    crop_follower_pull (self->follower, &window, &seen);
  if (self->croppers != NULL)
    self->window = window;
  else if (!update_reframer (self, &window))
    return FALSE;
  if (self->active.post_windows)
    crop_post_window (GST_ELEMENT (self), segment, buffer, &self->window,
        &seen);
  return TRUE;
}

/* A part of the input that downstream reads out of the same memory; NULL when
 * there is none. */
static GstBuffer *
make_view (GstEchoelCrop * self, GstBuffer * input)
{
  EchoelRect rect;

  if (!crop_window_is_part (&self->active, &self->in, &self->out, &self->window,
          &rect))
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

typedef struct
{
  EchoelReframer *reframer;
  GstVideoFrame in, out;
  GMutex lock;
  GError *error;                /* the first, guarded by lock */
} FrameWork;

static gboolean
do_job (guint job, gpointer user_data)
{
  FrameWork *work = user_data;
  GError *error = NULL;

  if (echoel_reframer_run (work->reframer, job, &work->in, &work->out, &error))
    return TRUE;
  g_mutex_lock (&work->lock);
  if (work->error == NULL)
    work->error = error;
  else
    g_clear_error (&error);
  g_mutex_unlock (&work->lock);
  return FALSE;
}

static gboolean
reframe (GstEchoelCrop * self, FrameWork * work)
{
  gboolean done;

  work->reframer = self->reframer;
  g_mutex_init (&work->lock);
  done = echoel_reframer_prepare (self->reframer, &work->in, &work->error)
      && workers_run (self->workers, echoel_reframer_n_jobs (self->reframer),
      do_job, work);
  g_mutex_clear (&work->lock);
  return done;
}

static GstFlowReturn
gst_echoel_crop_transform (GstBaseTransform * trans, GstBuffer * inbuf,
    GstBuffer * outbuf)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  FrameWork work = { NULL, };
  gboolean done;

  if (self->viewed)
    return GST_FLOW_OK;
  if (!gst_video_frame_map (&work.in, &self->in, inbuf,
          GST_MAP_READ | GST_VIDEO_FRAME_MAP_FLAG_NO_REF))
    goto unreadable;
  if (!gst_video_frame_map (&work.out, &self->out, outbuf,
          GST_MAP_WRITE | GST_VIDEO_FRAME_MAP_FLAG_NO_REF)) {
    gst_video_frame_unmap (&work.in);
    goto unreadable;
  }
  done = reframe (self, &work);
  gst_video_frame_unmap (&work.out);
  gst_video_frame_unmap (&work.in);
  if (done)
    return GST_FLOW_OK;

  GST_ELEMENT_ERROR (self, STREAM, FAILED, ("A frame could not be reframed."),
      ("%s", work.error ? work.error->message : "no reason given"));
  g_clear_error (&work.error);
  return GST_FLOW_ERROR;

  /* ERRORS */
unreadable:
  {
    crop_post_unreadable (GST_ELEMENT (self), inbuf);
    return GST_FLOW_ERROR;
  }
}

/* Lets the follower see a frame as it comes in. */
static gboolean
look_at (GstEchoelCrop * self, GstBuffer * buffer)
{
  EchoelWindow window;
  GstVideoFrame frame;

  take_settings (self);
  window = crop_window_find (&self->active, &self->in, &self->out);
  if (!gst_video_frame_map (&frame, &self->in, buffer, GST_MAP_READ)) {
    crop_post_unreadable (GST_ELEMENT (self), buffer);
    return FALSE;
  }
  crop_follower_push (self->follower, &self->active, &frame, &window,
      GST_BUFFER_PTS (buffer));
  gst_video_frame_unmap (&frame);
  return TRUE;
}

/* With look-ahead, frames wait until the follower knows enough of what comes
 * after them. Those that wait when following ends go first, in order. */
static GstFlowReturn
gst_echoel_crop_generate_output (GstBaseTransform * trans, GstBuffer ** output)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  gboolean following = is_following (self);

  *output = NULL;
  if (following || !gst_queue_array_is_empty (self->waiting)) {
    GstBuffer *input = trans->queued_buf;

    trans->queued_buf = NULL;
    if (input != NULL) {
      if (following && !look_at (self, input)) {
        gst_buffer_unref (input);
        return GST_FLOW_ERROR;
      }
      gst_queue_array_push_tail (self->waiting, input);
    }
    if (gst_queue_array_is_empty (self->waiting)
        || (following && !crop_follower_ready (self->follower)))
      return GST_FLOW_OK;
    trans->queued_buf = gst_queue_array_pop_head (self->waiting);
    if (!following && gst_queue_array_is_empty (self->waiting))
      crop_follower_reset (self->follower);
  }
  return GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->generate_output (trans, output);
}

/* Sends on what waits, before an event or caps that come after it. */
static void
drain (GstEchoelCrop * self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstFlowReturn flow = GST_FLOW_OK;
  GstBuffer *output;

  crop_follower_flush (self->follower);
  while (flow == GST_FLOW_OK && !gst_queue_array_is_empty (self->waiting)) {
    flow = gst_echoel_crop_generate_output (trans, &output);
    if (output != NULL)
      flow = gst_pad_push (trans->srcpad, output);
    else
      break;
  }
  drop_waiting (self);
}

static gboolean
gst_echoel_crop_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  gboolean is_caps = GST_EVENT_TYPE (event) == GST_EVENT_CAPS, done;
  GstCaps *caps = NULL;

  /* What waits goes first, with the caps and the segment it came with. */
  if (is_caps || GST_EVENT_TYPE (event) == GST_EVENT_EOS
      || GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
    drain (self);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    drop_waiting (self);

  if (is_caps) {
    gst_event_parse_caps (event, &caps);
    gst_caps_ref (caps);
  }
  done = GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->sink_event (trans, event);
  if (is_caps && !done && !self->told && !GST_PAD_IS_FLUSHING (trans->srcpad))
    post_not_negotiated (self, caps);
  /* Caps that were refused may come again: one error is enough. */
  if (is_caps)
    self->told = !done;
  gst_clear_caps (&caps);
  return done;
}

static gboolean
gst_echoel_crop_stop (GstBaseTransform * trans)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);

  drop_waiting (self);
  g_clear_pointer (&self->reframer, echoel_reframer_free);
  g_clear_pointer (&self->workers, workers_free);
  return TRUE;
}

static void
gst_echoel_crop_set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = crop_settings_set (&self->settings, id, value);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  if (id == CROP_PROP_ASPECT_RATIO || id == CROP_PROP_ZOOM)
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
  if (id == CROP_PROP_FOLLOW || id == CROP_PROP_LOOKAHEAD)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_latency (GST_OBJECT (self)));
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

  echoel_reframer_free (self->reframer);
  workers_free (self->workers);
  crop_follower_free (self->follower);
  gst_queue_array_free (self->waiting);
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
  self->waiting = gst_queue_array_new (16);
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
