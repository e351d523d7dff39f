/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reframer.h"

#include <string.h>

#include "smallblur.h"
#include "videoraster.h"

#define MAX_SLICES 64
#define MAX_BARS 2

/* The blurred copy is this many times smaller than the target. */
#define BLUR_SCALE 16
#define BLUR_MIN_SIDE 16
#define COLOUR_SIDE 16

/* Some rows of the picture. */
typedef struct
{
  EchoelScaler *scaler;
  EchoelRect rect;              /* in the target */
  guint from, to;               /* rows of the picture */
  EchoelWindow window;          /* its share of the whole one */
  gboolean stale;               /* the scaler has another size of window */
} Slice;

/* What the picture leaves free. */
typedef struct
{
  EchoelRect rect;              /* in the target */
  EchoelScaler *scaler;         /* from the blurred copy, or NULL */
  GstBuffer *colour;            /* the whole bar, or NULL */
  GstVideoFrame frame;          /* of colour, mapped */
} Bar;

struct _EchoelReframer
{
  GstVideoInfo in, out;
  EchoelReframing how;
  EchoelRect picture;           /* in the target */
  EchoelWindow window;
  Slice slices[MAX_SLICES];
  guint n_slices;
  Bar bars[MAX_BARS];
  guint n_bars;

  /* The small copy that bars are made of: blur, or once the colour. */
  GstVideoInfo small_info;
  GstBuffer *small;
  GstVideoFrame small_frame;
  EchoelScaler *shrink;
};

/* @info for a part of its picture. */
static GstVideoInfo
part_of (const GstVideoInfo * info, const EchoelRect * rect)
{
  GstVideoInfo part = *info;

  part.width = (gint) rect->width;
  part.height = (gint) rect->height;
  return part;
}

/* A frame that is a part of another; its edges lie on chroma samples. */
static GstVideoFrame
view (const GstVideoFrame * frame, const EchoelRect * rect)
{
  const GstVideoFormatInfo *finfo = frame->info.finfo;
  GstVideoFrame part = *frame;
  guint plane, c;

  for (plane = 0; plane < GST_VIDEO_FORMAT_INFO_N_PLANES (finfo); plane++) {
    for (c = 0; finfo->plane[c] != plane; c++);
    part.data[plane] = (guint8 *) part.data[plane]
        + (gssize) (rect->y >> finfo->h_sub[c])
        * GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane)
        + (gssize) (rect->x >> finfo->w_sub[c]) * finfo->pixel_stride[c];
  }
  part.info = part_of (&frame->info, rect);
  return part;
}

/* Where the picture stands in the target. */
static void
place_picture (EchoelReframer * self)
{
  EchoelRaster source = echoel_raster_from_info (&self->in), target =
      echoel_raster_from_info (&self->out);

  self->picture.x = self->picture.y = 0;
  self->picture.width = target.width;
  self->picture.height = target.height;
  if (self->how.fit == ECHOEL_FIT_CONTAIN || self->how.fit == ECHOEL_FIT_BLUR)
    self->picture = echoel_rect_cover (&target, echoel_raster_aspect (&source),
        0.5, 0.5, echoel_chroma_step_x (&self->out),
        echoel_chroma_step_y (&self->out));
}

/* The share of the window that a slice shows. */
static EchoelWindow
share_of (const EchoelReframer * self, const Slice * slice,
    const EchoelWindow * window)
{
  EchoelWindow part = *window;
  gint64 top = (gint64) gst_util_uint64_scale_round (window->height,
      slice->from, self->picture.height);

  part.y += top;
  part.height = (gint64) gst_util_uint64_scale_round (window->height,
      slice->to, self->picture.height) - top;
  return part;
}

/* Rows @from to @to of the picture, and the same share of the window. */
static gboolean
make_slice (EchoelReframer * self, const EchoelWindow * window, guint from,
    guint to, GError ** error)
{
  Slice *slice = &self->slices[self->n_slices];
  GstVideoInfo info;

  slice->rect = self->picture;
  slice->rect.y += from;
  slice->rect.height = to - from;
  slice->from = from;
  slice->to = to;
  slice->window = share_of (self, slice, window);
  info = part_of (&self->out, &slice->rect);
  slice->scaler = echoel_scaler_new (&self->in, &info, &slice->window,
      self->how.filter, error);
  if (slice->scaler == NULL)
    return FALSE;
  self->n_slices++;
  return TRUE;
}

static gboolean
make_slices (EchoelReframer * self, const EchoelWindow * window,
    GError ** error)
{
  guint rows = self->picture.height, step =
      echoel_chroma_step_y (&self->out), i;
  guint n = CLAMP (self->how.n_slices, 1, MIN (MAX_SLICES,
          MAX (1, rows / (16 * step))));

  for (i = 0; i < n; i++) {
    guint from = rows * i / n / step * step;
    guint to = i + 1 == n ? rows : rows * (i + 1) / n / step * step;

    if (!make_slice (self, window, from, to, error))
      return FALSE;
  }
  return TRUE;
}

static void
add_bar (EchoelReframer * self, guint x, guint y, guint width, guint height)
{
  EchoelRect rect = { x, y, width, height };

  if (width > 0 && height > 0)
    self->bars[self->n_bars++].rect = rect;
}

/* Beside the picture or above and below it, never both. */
static void
place_bars (EchoelReframer * self)
{
  guint width = GST_VIDEO_INFO_WIDTH (&self->out);
  guint height = GST_VIDEO_INFO_HEIGHT (&self->out);
  const EchoelRect *p = &self->picture;

  if (p->width < width) {
    add_bar (self, 0, 0, p->x, height);
    add_bar (self, p->x + p->width, 0, width - p->x - p->width, height);
  } else {
    add_bar (self, 0, 0, width, p->y);
    add_bar (self, 0, p->y + p->height, width, height - p->y - p->height);
  }
}

static gboolean
make_small (EchoelReframer * self, GstVideoFormat format, guint width,
    guint height)
{
  if (!gst_video_info_set_format (&self->small_info, format, width, height))
    return FALSE;
  if (GST_VIDEO_INFO_IS_YUV (&self->small_info)
      == GST_VIDEO_INFO_IS_YUV (&self->out)) {
    self->small_info.colorimetry = self->out.colorimetry;
    self->small_info.chroma_site = self->out.chroma_site;
  }
  self->small = gst_buffer_new_allocate (NULL, self->small_info.size, NULL);
  return gst_video_frame_map (&self->small_frame, &self->small_info,
      self->small, GST_MAP_READWRITE);
}

/* The part of the small copy that lies under @bar, enlarged to it. */
static gboolean
make_bar_scaler (EchoelReframer * self, Bar * bar, GError ** error)
{
  guint width = GST_VIDEO_INFO_WIDTH (&self->out);
  guint height = GST_VIDEO_INFO_HEIGHT (&self->out);
  gint64 unit_x = (gint64) self->small_info.width << ECHOEL_SUBPIXEL_SHIFT;
  gint64 unit_y = (gint64) self->small_info.height << ECHOEL_SUBPIXEL_SHIFT;
  EchoelWindow window = { unit_x * bar->rect.x / width,
    unit_y * bar->rect.y / height, unit_x * bar->rect.width / width,
    unit_y * bar->rect.height / height
  };
  GstVideoInfo info = part_of (&self->out, &bar->rect);

  bar->scaler = echoel_scaler_new (&self->small_info, &info, &window,
      ECHOEL_FILTER_BICUBIC, error);
  return bar->scaler != NULL;
}

static gboolean
make_blur (EchoelReframer * self, GError ** error)
{
  EchoelRaster source = echoel_raster_from_info (&self->in), target =
      echoel_raster_from_info (&self->out);
  EchoelWindow window = echoel_window_cover (&source,
      echoel_raster_aspect (&target), 0.5, 0.5);
  guint width = MAX (target.width / BLUR_SCALE, BLUR_MIN_SIDE) & ~1u;
  guint height = MAX (target.height / BLUR_SCALE, BLUR_MIN_SIDE) & ~1u;
  guint i;

  if (!make_small (self, GST_VIDEO_INFO_IS_RGB (&self->out) ?
          GST_VIDEO_FORMAT_GBR : GST_VIDEO_FORMAT_I420, width, height))
    return FALSE;
  self->shrink = echoel_scaler_new (&self->in, &self->small_info, &window,
      ECHOEL_FILTER_BILINEAR, error);
  if (self->shrink == NULL)
    return FALSE;
  for (i = 0; i < self->n_bars; i++) {
    if (!make_bar_scaler (self, &self->bars[i], error))
      return FALSE;
  }
  return TRUE;
}

/* Bars of one colour never change: they are made once and then copied. */
static gboolean
make_colour_bar (EchoelReframer * self, Bar * bar, GError ** error)
{
  GstVideoInfo info;
  gboolean done;

  gst_video_info_set_format (&info, GST_VIDEO_INFO_FORMAT (&self->out),
      bar->rect.width, bar->rect.height);
  bar->colour = gst_buffer_new_allocate (NULL, info.size, NULL);
  if (!make_bar_scaler (self, bar, error)
      || !gst_video_frame_map (&bar->frame, &info, bar->colour,
          GST_MAP_READWRITE))
    return FALSE;
  done = echoel_scaler_run (bar->scaler, &self->small_frame, &bar->frame,
      error);
  g_clear_pointer (&bar->scaler, echoel_scaler_free);
  return done;
}

static gboolean
make_colour (EchoelReframer * self, GError ** error)
{
  guint i;

  if (!make_small (self, GST_VIDEO_FORMAT_ARGB, COLOUR_SIDE, COLOUR_SIDE))
    return FALSE;
  for (i = 0; i < COLOUR_SIDE * COLOUR_SIDE; i++)
    GST_WRITE_UINT32_BE ((guint8 *) self->small_frame.data[0] + 4 * i,
        self->how.background);
  for (i = 0; i < self->n_bars; i++) {
    if (!make_colour_bar (self, &self->bars[i], error))
      return FALSE;
  }
  return TRUE;
}

EchoelReframer *
echoel_reframer_new (const GstVideoInfo * in, const GstVideoInfo * out,
    const EchoelReframing * reframing, const EchoelWindow * window,
    GError ** error)
{
  EchoelReframer *self = g_new0 (EchoelReframer, 1);
  EchoelRaster source = echoel_raster_from_info (in);
  EchoelWindow full = echoel_window_full (&source);
  gboolean done;

  self->in = *in;
  self->out = *out;
  self->how = *reframing;
  place_picture (self);
  self->window = reframing->fit == ECHOEL_FIT_COVER ? *window : full;
  done = make_slices (self, &self->window, error);
  if (done) {
    place_bars (self);
    if (self->n_bars > 0)
      done = reframing->fit == ECHOEL_FIT_BLUR ? make_blur (self, error)
          : make_colour (self, error);
  }
  if (done)
    return self;
  echoel_reframer_free (self);
  return NULL;
}

static void
clear_bar (Bar * bar)
{
  echoel_scaler_free (bar->scaler);
  if (bar->frame.buffer != NULL)
    gst_video_frame_unmap (&bar->frame);
  gst_clear_buffer (&bar->colour);
}

void
echoel_reframer_free (EchoelReframer * self)
{
  guint i;

  if (self == NULL)
    return;
  for (i = 0; i < self->n_slices; i++)
    echoel_scaler_free (self->slices[i].scaler);
  for (i = 0; i < MAX_BARS; i++)
    clear_bar (&self->bars[i]);
  echoel_scaler_free (self->shrink);
  if (self->small_frame.buffer != NULL)
    gst_video_frame_unmap (&self->small_frame);
  gst_clear_buffer (&self->small);
  g_free (self);
}

gboolean
echoel_reframer_move (EchoelReframer * self, gint64 x, gint64 y,
    GError ** error)
{
  guint i;

  self->window.x = x;
  self->window.y = y;
  for (i = 0; i < self->n_slices; i++) {
    Slice *slice = &self->slices[i];

    slice->window = share_of (self, slice, &self->window);
    if (!slice->stale && !echoel_scaler_move (slice->scaler, slice->window.x,
            slice->window.y, error))
      return FALSE;
  }
  return TRUE;
}

void
echoel_reframer_resize (EchoelReframer * self, const EchoelWindow * window)
{
  guint i;

  if (self->how.fit != ECHOEL_FIT_COVER)
    return;
  self->window = *window;
  for (i = 0; i < self->n_slices; i++) {
    self->slices[i].window = share_of (self, &self->slices[i], window);
    self->slices[i].stale = TRUE;
  }
}

guint
echoel_reframer_n_jobs (const EchoelReframer * self)
{
  return self->n_slices + self->n_bars;
}

gboolean
echoel_reframer_prepare (EchoelReframer * self, const GstVideoFrame * in,
    GError ** error)
{
  if (self->shrink == NULL)
    return TRUE;
  if (!echoel_scaler_run (self->shrink, in, &self->small_frame, error))
    return FALSE;
  echoel_small_blur (&self->small_frame);
  return TRUE;
}

/* A new size of the window costs much: each thread sees to its own slices. */
static gboolean
run_slice (Slice * slice, const GstVideoFrame * in, GstVideoFrame * out,
    GError ** error)
{
  GstVideoFrame part = view (out, &slice->rect);

  if (slice->stale && !echoel_scaler_resize (slice->scaler, &slice->window,
          error))
    return FALSE;
  slice->stale = FALSE;
  return echoel_scaler_run (slice->scaler, in, &part, error);
}

gboolean
echoel_reframer_run (EchoelReframer * self, guint job,
    const GstVideoFrame * in, GstVideoFrame * out, GError ** error)
{
  GstVideoFrame part;
  Bar *bar;

  if (job < self->n_slices)
    return run_slice (&self->slices[job], in, out, error);
  bar = &self->bars[job - self->n_slices];
  part = view (out, &bar->rect);
  if (bar->scaler != NULL)
    return echoel_scaler_run (bar->scaler, &self->small_frame, &part, error);
  return gst_video_frame_copy (&part, &bar->frame);
}
