/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "geometry.h"

#include <gst/gst.h>

/* a * num / den to the nearest, in 128 bits: sizes, subpixels and pixel
 * aspect ratios multiply past 64. Saturates at G_MAXINT64. */
static gint64
scale (gint64 a, guint64 num, guint64 den)
{
  guint64 result = gst_util_uint64_scale_round (a, num, den);

  return (gint64) MIN (result, (guint64) G_MAXINT64);
}

EchoelRatio
echoel_raster_aspect (const EchoelRaster * raster)
{
  guint64 num = (guint64) raster->width * raster->par.num;
  guint64 den = (guint64) raster->height * raster->par.den;
  guint64 a = num, b = den;
  EchoelRatio aspect;

  while (b != 0) {
    guint64 rest = a % b;

    a = b;
    b = rest;
  }
  num /= a;
  den /= a;
  /* Strange ratios lose their last bits rather than overflow in caps. */
  while (num > G_MAXINT || den > G_MAXINT) {
    num >>= 1;
    den >>= 1;
  }
  aspect.num = MAX (num, 1);
  aspect.den = MAX (den, 1);
  return aspect;
}

EchoelWindow
echoel_window_full (const EchoelRaster * source)
{
  EchoelWindow window = { 0, 0,
    (gint64) source->width << ECHOEL_SUBPIXEL_SHIFT,
    (gint64) source->height << ECHOEL_SUBPIXEL_SHIFT
  };

  return window;
}

/* The largest width and height of display aspect @aspect inside @source. */
static void
largest (const EchoelRaster * source, EchoelRatio aspect, gint64 * width,
    gint64 * height)
{
  EchoelWindow full = echoel_window_full (source);
  guint64 num = (guint64) aspect.num * source->par.den;
  guint64 den = (guint64) aspect.den * source->par.num;

  *width = scale (full.height, num, den);
  *height = full.height;
  if (*width > full.width) {
    *width = full.width;
    *height = MIN (scale (full.width, den, num), full.height);
  }
  *width = MAX (*width, ECHOEL_SUBPIXEL);
  *height = MAX (*height, ECHOEL_SUBPIXEL);
}

/* Where a window of @size starts in @total; NaN counts as the centre. */
static gint64
place (gint64 total, gint64 size, gdouble anchor)
{
  gdouble at = anchor >= 0.0 ? MIN (anchor, 1.0) : anchor < 0.0 ? 0.0 : 0.5;

  return (gint64) ((gdouble) (total - size) * at + 0.5);
}

EchoelWindow
echoel_window_cover (const EchoelRaster * source, EchoelRatio aspect,
    gdouble anchor_x, gdouble anchor_y)
{
  EchoelWindow full = echoel_window_full (source);
  EchoelWindow window;

  largest (source, aspect, &window.width, &window.height);
  window.x = place (full.width, window.width, anchor_x);
  window.y = place (full.height, window.height, anchor_y);
  return window;
}

void
echoel_window_zoom (const EchoelRaster * source, EchoelWindow * window,
    gdouble zoom, gdouble anchor_x, gdouble anchor_y)
{
  EchoelWindow full = echoel_window_full (source);

  if (!(zoom > 1.0))
    return;
  window->width = MAX ((gint64) (window->width / zoom + 0.5), ECHOEL_SUBPIXEL);
  window->height = MAX ((gint64) (window->height / zoom + 0.5),
      ECHOEL_SUBPIXEL);
  window->x = place (full.width, window->width, anchor_x);
  window->y = place (full.height, window->height, anchor_y);
}

/* One axis of a crop without scaling: the size to the nearest step, then the
 * start to the nearest step that keeps it inside. */
static void
align_axis (guint total, gint64 size, gdouble anchor, guint step,
    guint * start, guint * length)
{
  gint64 unit = (gint64) step << ECHOEL_SUBPIXEL_SHIFT;
  guint pixels = (guint) ((size + unit / 2) / unit) * step;

  *start = 0;
  *length = total;
  if (pixels >= total)
    return;
  *length = MAX (pixels, MIN (step, total));
  *start = (guint) place (total / step, *length / step, anchor) * step;
  if (*start + *length > total)
    *start -= step;
}

EchoelRect
echoel_rect_cover (const EchoelRaster * source, EchoelRatio aspect,
    gdouble anchor_x, gdouble anchor_y, guint step_x, guint step_y)
{
  EchoelRect rect;
  gint64 width, height;

  largest (source, aspect, &width, &height);
  align_axis (source->width, width, anchor_x, step_x, &rect.x, &rect.width);
  align_axis (source->height, height, anchor_y, step_y, &rect.y, &rect.height);
  return rect;
}

guint
echoel_raster_width_for (guint height, EchoelRatio aspect, EchoelRatio par)
{
  gint64 width = scale (height, (guint64) aspect.num * par.den,
      (guint64) aspect.den * par.num);

  return (guint) CLAMP (width, 1, G_MAXINT);
}

guint
echoel_raster_height_for (guint width, EchoelRatio aspect, EchoelRatio par)
{
  EchoelRatio turned_aspect = { aspect.den, aspect.num };
  EchoelRatio turned_par = { par.den, par.num };

  return echoel_raster_width_for (width, turned_aspect, turned_par);
}

EchoelWindow
echoel_window_from_rect (const EchoelRect * rect)
{
  EchoelWindow window = {
    (gint64) rect->x << ECHOEL_SUBPIXEL_SHIFT,
    (gint64) rect->y << ECHOEL_SUBPIXEL_SHIFT,
    (gint64) rect->width << ECHOEL_SUBPIXEL_SHIFT,
    (gint64) rect->height << ECHOEL_SUBPIXEL_SHIFT
  };

  return window;
}

gboolean
echoel_window_is_whole (const EchoelWindow * window, EchoelRect * rect)
{
  gint64 edges = window->x | window->y | window->width | window->height;

  if ((edges & (ECHOEL_SUBPIXEL - 1)) != 0)
    return FALSE;
  if (rect != NULL) {
    rect->x = (guint) (window->x >> ECHOEL_SUBPIXEL_SHIFT);
    rect->y = (guint) (window->y >> ECHOEL_SUBPIXEL_SHIFT);
    rect->width = (guint) (window->width >> ECHOEL_SUBPIXEL_SHIFT);
    rect->height = (guint) (window->height >> ECHOEL_SUBPIXEL_SHIFT);
  }
  return TRUE;
}
