/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropfollower.h"

#include <gst/base/gstqueuearray.h>

#include "cropregions.h"
#include "motion.h"
#include "regions.h"
#include "scaler.h"
#include "scenecut.h"

/* How long the window waits for a subject that is gone before it goes home. */
#define HOLD_SECONDS 2.0

/* Motion below this says nothing. */
#define CONFIDENT 0.5

/* Between frames that say nothing else, and never less. */
#define USUAL_STEP (GST_SECOND / 30)
#define SHORTEST_STEP GST_MSECOND
/* A longer pause between two segments begins something new. */
#define LONGEST_JOINT GST_SECOND

struct _CropFollower
{
  GstVideoInfo info;

  /* The small grey copy that scene cuts and motion are seen in. */
  EchoelScaler *shrink;
  GstBuffer *small;
  GstVideoFrame small_frame;

  EchoelRegions *regions;
  EchoelMotion *motion;
  EchoelSceneCut *cuts;
  EchoelCameraPath *path;
  GstQueueArray *waiting;       /* CropWaiting; the path has those seen */

  GstClockTime last;            /* pts of the frame before */
  GstClockTime stream;          /* its stream time */
  GstClockTime time;            /* its time on the path: never stands still */
  gboolean joint;               /* a segment began after it */
  gdouble lost;                 /* seconds without a subject */
  gboolean seen;                /* a subject, since the last cut */
};

CropFollower *
crop_follower_new (void)
{
  CropFollower *self = g_new0 (CropFollower, 1);

  self->regions = echoel_regions_new ();
  self->motion = echoel_motion_new ();
  self->cuts = echoel_scene_cut_new ();
  self->path = echoel_camera_path_new (NULL, 0);
  self->waiting = gst_queue_array_new_for_struct (sizeof (CropWaiting), 16);
  self->last = self->stream = GST_CLOCK_TIME_NONE;
  return self;
}

void
crop_follower_free (CropFollower * self)
{
  if (self == NULL)
    return;
  if (self->small_frame.buffer != NULL)
    gst_video_frame_unmap (&self->small_frame);
  gst_clear_buffer (&self->small);
  echoel_scaler_free (self->shrink);
  echoel_regions_free (self->regions);
  echoel_motion_free (self->motion);
  echoel_scene_cut_free (self->cuts);
  echoel_camera_path_free (self->path);
  gst_queue_array_free (self->waiting);
  g_free (self);
}

void
crop_follower_reset (CropFollower * self)
{
  echoel_regions_reset (self->regions);
  echoel_motion_reset (self->motion);
  echoel_scene_cut_reset (self->cuts);
  echoel_camera_path_reset (self->path);
  self->last = self->stream = GST_CLOCK_TIME_NONE;
  self->joint = FALSE;
  self->lost = 0.0;
  self->seen = FALSE;
}

void
crop_follower_set_info (CropFollower * self, const GstVideoInfo * info)
{
  self->info = *info;
  g_clear_pointer (&self->shrink, echoel_scaler_free);
  crop_follower_reset (self);
}

/* The grey copy of any format; made once for each format. */
static gboolean
make_small (CropFollower * self)
{
  EchoelRaster source = { GST_VIDEO_INFO_WIDTH (&self->info),
    GST_VIDEO_INFO_HEIGHT (&self->info), {1, 1}
  };
  EchoelWindow all = echoel_window_full (&source);
  GstVideoInfo info;

  if (self->shrink != NULL)
    return TRUE;
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_GRAY8,
      ECHOEL_ANALYSIS_WIDTH, ECHOEL_ANALYSIS_HEIGHT);
  if (self->small == NULL) {
    self->small = gst_buffer_new_allocate (NULL, info.size, NULL);
    gst_video_frame_map (&self->small_frame, &info, self->small,
        GST_MAP_READWRITE);
  }
  self->shrink = echoel_scaler_new (&self->info, &info, &all,
      ECHOEL_FILTER_BILINEAR, NULL);
  return self->shrink != NULL;
}

static gdouble
width_of (const CropFollower * self)
{
  return (gdouble) GST_VIDEO_INFO_WIDTH (&self->info) * ECHOEL_SUBPIXEL;
}

/* The centre of the box at @x, @y in source pixels as the centre of a window
 * whose uncovered part has it in the middle. */
static EchoelPathPoint
centre_on (const CropFollower * self, const CropSettings * settings,
    const EchoelWindow * home, gdouble x, gdouble y)
{
  const CropSafeArea *safe = &settings->safe_area;
  gdouble unit = width_of (self);
  EchoelPathPoint point = {
    (x * ECHOEL_SUBPIXEL - home->width * (safe->left - safe->right) / 2) / unit,
    (y * ECHOEL_SUBPIXEL - home->height * (safe->top - safe->bottom) / 2) / unit
  };

  return point;
}

static gboolean
see_regions (CropFollower * self, const CropSettings * settings,
    GstBuffer * buffer, const EchoelWindow * home, gdouble seconds,
    EchoelPathTarget * target)
{
  const CropSafeArea *safe = &settings->safe_area;
  EchoelRegion box;

  echoel_regions_begin (self->regions, GST_VIDEO_INFO_WIDTH (&self->info),
      GST_VIDEO_INFO_HEIGHT (&self->info));
  crop_regions_read (self->regions, buffer, settings->region_types);
  if (!echoel_regions_choose (self->regions, seconds,
          home->width * (1 - safe->left - safe->right) / ECHOEL_SUBPIXEL,
          home->height * (1 - safe->top - safe->bottom) / ECHOEL_SUBPIXEL,
          &box))
    return FALSE;
  target->wanted = centre_on (self, settings, home, box.x + box.width / 2,
      box.y + box.height / 2);
  return TRUE;
}

static gboolean
see_motion (CropFollower * self, const CropSettings * settings,
    const EchoelWindow * home, gdouble seconds, EchoelPathTarget * target)
{
  gdouble width = GST_VIDEO_INFO_WIDTH (&self->info);
  gdouble height = GST_VIDEO_INFO_HEIGHT (&self->info);
  EchoelMotionResult result;

  echoel_motion_push (self->motion, GST_VIDEO_FRAME_PLANE_DATA
      (&self->small_frame, 0),
      GST_VIDEO_FRAME_PLANE_STRIDE (&self->small_frame, 0), seconds,
      home->width / (width * ECHOEL_SUBPIXEL),
      home->height / (height * ECHOEL_SUBPIXEL), target->cut, &result);
  if (result.confidence < CONFIDENT)
    return FALSE;
  target->wanted = centre_on (self, settings, home, result.x * width,
      result.y * height);
  return TRUE;
}

/* Whether a scene begins with this picture. */
static gboolean
see_cut (CropFollower * self, GstVideoFrame * frame, gdouble seconds)
{
  if (!make_small (self) || !echoel_scaler_run (self->shrink, frame,
          &self->small_frame, NULL))
    return FALSE;
  return echoel_scene_cut_push (self->cuts, GST_VIDEO_FRAME_PLANE_DATA
      (&self->small_frame, 0),
      GST_VIDEO_FRAME_PLANE_STRIDE (&self->small_frame, 0), seconds)
      != ECHOEL_SCENE_SAME;
}

/* Without a subject the window holds for a while, then goes home. A scene that
 * begins without one begins at home. */
static const gchar *
see_nothing (CropFollower * self, const EchoelWindow * home, gdouble seconds,
    EchoelPathTarget * target)
{
  gdouble unit = width_of (self);

  self->lost += seconds;
  if (self->seen && self->lost < HOLD_SECONDS)
    return "hold";
  target->valid = TRUE;
  target->wanted.x = (home->x + home->width / 2.0) / unit;
  target->wanted.y = (home->y + home->height / 2.0) / unit;
  return "anchor";
}

static CropView
look (CropFollower * self, const CropSettings * settings,
    GstVideoFrame * frame, const EchoelWindow * home, gdouble seconds,
    EchoelPathTarget * target)
{
  CropView view = { NULL, FALSE };
  gboolean regions, motion;

  view.cut = target->cut = see_cut (self, frame, seconds);
  if (target->cut) {
    echoel_regions_reset (self->regions);
    self->seen = FALSE;
  }
  regions = settings->follow != CROP_FOLLOW_MOTION
      && see_regions (self, settings, frame->buffer, home, seconds, target);
  motion = !regions && settings->follow != CROP_FOLLOW_REGIONS
      && see_motion (self, settings, home, seconds, target);
  if (!regions && !motion) {
    view.reason = see_nothing (self, home, seconds, target);
    return view;
  }
  target->valid = self->seen = TRUE;
  self->lost = 0.0;
  view.reason = regions ? "regions" : "motion";
  return view;
}

static EchoelPathRange
range_of (const CropFollower * self, const EchoelWindow * home)
{
  gdouble unit = width_of (self);
  gdouble height = (gdouble) GST_VIDEO_INFO_HEIGHT (&self->info)
      * ECHOEL_SUBPIXEL;
  EchoelPathRange range = {
    {home->width / 2.0 / unit, home->height / 2.0 / unit},
    {1.0 - home->width / 2.0 / unit, (height - home->height / 2.0) / unit}
  };

  return range;
}

/* From the frame before to this one. Times that are missing or do not go on
 * count as the length of a frame. */
static GstClockTime
step_to (CropFollower * self, GstBuffer * buffer, const GstSegment * segment)
{
  gint fps_n = GST_VIDEO_INFO_FPS_N (&self->info);
  gint fps_d = GST_VIDEO_INFO_FPS_D (&self->info);
  GstClockTime pts = GST_BUFFER_PTS (buffer), last = self->last, step;
  gboolean back = segment->rate < 0.0;

  self->last = pts;
  if (GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (last)
      && (back ? pts < last : pts > last))
    step = back ? last - pts : pts - last;
  else if (GST_BUFFER_DURATION_IS_VALID (buffer)
      && GST_BUFFER_DURATION (buffer) > SHORTEST_STEP)
    step = GST_BUFFER_DURATION (buffer);
  else if (fps_n > 0 && fps_d > 0)
    step = gst_util_uint64_scale_int (GST_SECOND, fps_d, fps_n);
  else
    step = USUAL_STEP;
  return MAX (step, SHORTEST_STEP);
}

/* Begins anew where a segment does not go on from the one before. */
static void
check_joint (CropFollower * self, GstBuffer * buffer,
    const GstSegment * segment)
{
  GstClockTime before = self->stream, now, pause;

  now = self->stream = gst_segment_to_stream_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
  if (!self->joint)
    return;
  self->joint = FALSE;
  pause = segment->rate < 0.0 ? before - now : now - before;
  if (GST_CLOCK_TIME_IS_VALID (before) && GST_CLOCK_TIME_IS_VALID (now)
      && pause <= LONGEST_JOINT)
    return;
  crop_follower_reset (self);
  self->stream = now;
}

void
crop_follower_push (CropFollower * self, const CropSettings * settings,
    GstVideoFrame * frame, const EchoelWindow * home,
    const GstSegment * segment)
{
  EchoelPathLimits limits = { settings->max_speed, settings->max_acceleration,
    settings->dead_band
  };
  EchoelPathTarget target = { {0, 0}, FALSE, FALSE };
  EchoelPathRange range = range_of (self, home);
  CropWaiting waiting = { NULL, TRUE, };
  GstClockTime step;

  check_joint (self, frame->buffer, segment);
  step = step_to (self, frame->buffer, segment);
  self->time += step;
  waiting.view = look (self, settings, frame, home,
      (gdouble) step / GST_SECOND, &target);
  waiting.object = GST_MINI_OBJECT_CAST (gst_buffer_ref (frame->buffer));
  echoel_camera_path_set_limits (self->path, &limits);
  echoel_camera_path_set_lookahead (self->path, settings->lookahead);
  echoel_camera_path_push (self->path, self->time, &target, &range);
  gst_queue_array_push_tail_struct (self->waiting, &waiting);
}

void
crop_follower_pass (CropFollower * self, GstMiniObject * object)
{
  CropWaiting waiting = { object, FALSE, };

  gst_queue_array_push_tail_struct (self->waiting, &waiting);
}

gboolean
crop_follower_pull (CropFollower * self, CropWaiting * next)
{
  const CropWaiting *oldest = gst_queue_array_peek_head_struct (self->waiting);
  EchoelPathPoint centre = { 0.0, 0.0 };

  if (oldest == NULL || (oldest->seen
          && !echoel_camera_path_pull (self->path, NULL, &centre)))
    return FALSE;
  *next = *oldest;
  next->centre = centre;
  gst_queue_array_pop_head_struct (self->waiting);
  return TRUE;
}

void
crop_follower_drop (CropFollower * self, GstPad * srcpad)
{
  CropWaiting dropped;

  crop_follower_flush (self);
  while (crop_follower_pull (self, &dropped)) {
    if (GST_IS_EVENT (dropped.object)
        && GST_EVENT_IS_STICKY (GST_EVENT_CAST (dropped.object)))
      gst_pad_store_sticky_event (srcpad, GST_EVENT_CAST (dropped.object));
    gst_mini_object_unref (dropped.object);
  }
}

gboolean
crop_follower_is_empty (CropFollower * self)
{
  return gst_queue_array_is_empty (self->waiting);
}

gboolean
crop_follower_is_end (GstEventType type)
{
  static const GstEventType types[] = { GST_EVENT_STREAM_START,
    GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_GAP, GST_EVENT_EOS,
    GST_EVENT_SEGMENT_DONE, GST_EVENT_STREAM_GROUP_DONE
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (types); i++) {
    if (types[i] == type)
      return TRUE;
  }
  return FALSE;
}

void
crop_follower_place (CropFollower * self, const CropWaiting * frame,
    EchoelWindow * window)
{
  EchoelRaster source = { GST_VIDEO_INFO_WIDTH (&self->info),
    GST_VIDEO_INFO_HEIGHT (&self->info), {1, 1}
  };
  EchoelWindow full = echoel_window_full (&source);
  gdouble unit = width_of (self);

  /* The window may have another size than when the frame was seen. */
  window->x = CLAMP ((gint64) (frame->centre.x * unit - window->width / 2.0
          + 0.5), 0, MAX (full.width - window->width, 0));
  window->y = CLAMP ((gint64) (frame->centre.y * unit - window->height / 2.0
          + 0.5), 0, MAX (full.height - window->height, 0));
}

void
crop_follower_flush (CropFollower * self)
{
  echoel_camera_path_flush (self->path);
}

void
crop_follower_join (CropFollower * self)
{
  self->joint = TRUE;
}
