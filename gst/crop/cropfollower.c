/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropfollower.h"

#include "camerapath.h"
#include "cropregions.h"
#include "motion.h"
#include "regions.h"
#include "scaler.h"
#include "scenecut.h"

/* How long the window waits for a subject that is gone before it goes home. */
#define HOLD_SECONDS 2.0

/* Motion below this says nothing. */
#define CONFIDENT 0.5

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
  gboolean placed;              /* centre is the oldest frame's */
  EchoelPathPoint centre;

  GstClockTime last;            /* pts of the frame before */
  gdouble lost;                 /* seconds without a subject */
  gboolean seen;                /* a subject, since the last cut */
  GArray *views;                /* CropView of the frames in the path */
};

CropFollower *
crop_follower_new (void)
{
  CropFollower *self = g_new0 (CropFollower, 1);

  self->regions = echoel_regions_new ();
  self->motion = echoel_motion_new ();
  self->cuts = echoel_scene_cut_new ();
  self->path = echoel_camera_path_new (NULL, 0);
  self->views = g_array_new (FALSE, FALSE, sizeof (CropView));
  self->last = GST_CLOCK_TIME_NONE;
  return self;
}

void
crop_follower_free (CropFollower * self)
{
  if (self == NULL)
    return;
  crop_follower_reset (self);
  if (self->small_frame.buffer != NULL)
    gst_video_frame_unmap (&self->small_frame);
  gst_clear_buffer (&self->small);
  echoel_scaler_free (self->shrink);
  echoel_regions_free (self->regions);
  echoel_motion_free (self->motion);
  echoel_scene_cut_free (self->cuts);
  echoel_camera_path_free (self->path);
  g_array_unref (self->views);
  g_free (self);
}

void
crop_follower_reset (CropFollower * self)
{
  echoel_regions_reset (self->regions);
  echoel_motion_reset (self->motion);
  echoel_scene_cut_reset (self->cuts);
  echoel_camera_path_reset (self->path);
  g_array_set_size (self->views, 0);
  self->last = GST_CLOCK_TIME_NONE;
  self->placed = FALSE;
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

static gdouble
seconds_since (CropFollower * self, GstClockTime pts)
{
  gdouble seconds = 1.0 / 30;

  if (GST_CLOCK_TIME_IS_VALID (self->last) && GST_CLOCK_TIME_IS_VALID (pts)
      && pts > self->last)
    seconds = (gdouble) (pts - self->last) / GST_SECOND;
  self->last = pts;
  return seconds;
}

void
crop_follower_push (CropFollower * self, const CropSettings * settings,
    GstVideoFrame * frame, const EchoelWindow * home, GstClockTime pts)
{
  EchoelPathLimits limits = { settings->max_speed, settings->max_acceleration,
    settings->dead_band
  };
  EchoelPathTarget target = { {0, 0}, FALSE, FALSE };
  EchoelPathRange range = range_of (self, home);
  CropView view = look (self, settings, frame, home, seconds_since (self, pts),
      &target);

  echoel_camera_path_set_limits (self->path, &limits);
  echoel_camera_path_set_lookahead (self->path, settings->lookahead);
  echoel_camera_path_push (self->path, pts, &target, &range);
  g_array_append_val (self->views, view);
}

gboolean
crop_follower_ready (CropFollower * self)
{
  if (!self->placed)
    self->placed = echoel_camera_path_pull (self->path, NULL, &self->centre);
  return self->placed;
}

void
crop_follower_pull (CropFollower * self, EchoelWindow * window, CropView * view)
{
  EchoelRaster source = { GST_VIDEO_INFO_WIDTH (&self->info),
    GST_VIDEO_INFO_HEIGHT (&self->info), {1, 1}
  };
  EchoelWindow full = echoel_window_full (&source);
  gdouble unit = width_of (self);

  if (!crop_follower_ready (self) || self->views->len == 0)
    return;
  self->placed = FALSE;
  /* The window may have another size than when the frame was seen. */
  window->x = CLAMP ((gint64) (self->centre.x * unit - window->width / 2.0
          + 0.5), 0, MAX (full.width - window->width, 0));
  window->y = CLAMP ((gint64) (self->centre.y * unit - window->height / 2.0
          + 0.5), 0, MAX (full.height - window->height, 0));
  *view = g_array_index (self->views, CropView, 0);
  g_array_remove_index (self->views, 0);
}

void
crop_follower_flush (CropFollower * self)
{
  echoel_camera_path_flush (self->path);
}
