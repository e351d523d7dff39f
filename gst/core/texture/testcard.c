/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testcard.h"

#include <string.h>

/* 0xRRGGBB. SMPTE's bars at 75 %, for an eye that knows them. */
static const guint32 bars[] = { 0xbfbfbf, 0xbfbf00, 0x00bfbf, 0x00bf00,
  0xbf00bf, 0xbf0000, 0x0000bf
};

#define BACKGROUND 0x202428
#define WHITE 0xffffff
#define BLACK 0x000000
#define ORANGE 0xff9020

/* Heights of the parts, in parts of the whole. */
#define BARS_END(height) ((height) * 5 / 10)
#define RAMP_END(height) ((height) * 6 / 10)
#define TRACK_END(height) ((height) * 7 / 10)
#define RAMP_STEPS 32

/* The bar crosses the card in this many frames. */
#define MOVE_FRAMES 120

/* Rows of three bits, top first: 0 to 9, ':' and '.'. */
#define GLYPH_WIDTH 3
#define GLYPH_HEIGHT 5
static const guint8 glyphs[][GLYPH_HEIGHT] = {
  {7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7},
  {5, 5, 7, 1, 1}, {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 2, 2, 2},
  {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7}, {0, 2, 0, 2, 0}, {0, 0, 0, 0, 2},
};

#define GLYPH_COLON 10
#define GLYPH_DOT 11

GstCaps *
echoel_test_card_caps (void)
{
  GstCaps *caps = gst_caps_from_string (GST_VIDEO_CAPS_MAKE
      ("{ NV12, I420, BGRA, RGBA, BGRx, RGBx, ARGB, ABGR, xRGB, xBGR, NV21, "
          "YV12, Y42B, Y444, RGB, BGR, AYUV }"));

  gst_caps_set_simple (caps, "width", GST_TYPE_INT_RANGE,
      ECHOEL_CARD_MIN_SIZE, G_MAXINT, "height", GST_TYPE_INT_RANGE,
      ECHOEL_CARD_MIN_SIZE, G_MAXINT, "interlace-mode", G_TYPE_STRING,
      "progressive", NULL);
  return caps;
}

/* A colour as the four components of a format. */
typedef struct
{
  guint8 c[GST_VIDEO_MAX_COMPONENTS];
} Paint;

static Paint
mix (const GstVideoInfo * info, guint32 rgb)
{
  Paint paint = { {rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff, 0xff} };
  gint offset[GST_VIDEO_MAX_COMPONENTS], scale[GST_VIDEO_MAX_COMPONENTS];
  gdouble r = paint.c[0] / 255.0, g = paint.c[1] / 255.0, y;
  gdouble b = paint.c[2] / 255.0, kr, kb;

  if (!GST_VIDEO_INFO_IS_YUV (info))
    return paint;
  if (!gst_video_color_matrix_get_Kr_Kb (info->colorimetry.matrix, &kr, &kb))
    gst_video_color_matrix_get_Kr_Kb (GST_VIDEO_COLOR_MATRIX_BT709, &kr, &kb);
  gst_video_color_range_offsets (info->colorimetry.range, info->finfo, offset,
      scale);
  y = kr * r + (1 - kr - kb) * g + kb * b;
  paint.c[0] = offset[0] + y * scale[0] + 0.5;
  paint.c[1] = offset[1] + (b - y) / (1 - kb) / 2 * scale[1] + 0.5;
  paint.c[2] = offset[2] + (r - y) / (1 - kr) / 2 * scale[2] + 0.5;
  return paint;
}

/* Edges are rounded up to whole chroma samples, the same for each component. */
static void
fill (GstVideoFrame * frame, gint x, gint y, gint width, gint height,
    guint32 rgb)
{
  Paint paint = mix (&frame->info, rgb);
  gint right = MIN (x + width, GST_VIDEO_FRAME_WIDTH (frame));
  gint bottom = MIN (y + height, GST_VIDEO_FRAME_HEIGHT (frame));
  guint c;

  for (c = 0; c < GST_VIDEO_FRAME_N_COMPONENTS (frame); c++) {
    const GstVideoFormatInfo *finfo = frame->info.finfo;
    gint step = GST_VIDEO_FRAME_COMP_PSTRIDE (frame, c), i, row;
    gint x0 = GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (finfo, c, x);
    gint x1 = GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (finfo, c, right);
    gint y0 = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (finfo, c, y);
    gint y1 = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (finfo, c, bottom);

    for (row = y0; row < y1; row++) {
      guint8 *at = (guint8 *) GST_VIDEO_FRAME_COMP_DATA (frame, c)
          + (gsize) row * GST_VIDEO_FRAME_COMP_STRIDE (frame, c) + x0 * step;

      if (step == 1) {
        memset (at, paint.c[c], MAX (x1 - x0, 0));
        continue;
      }
      for (i = x0; i < x1; i++, at += step)
        *at = paint.c[c];
    }
  }
}

static void
draw_still (GstVideoFrame * frame)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  gint height = GST_VIDEO_FRAME_HEIGHT (frame);
  gint top = BARS_END (height), bottom = RAMP_END (height);
  guint i;

  fill (frame, 0, 0, width, height, BACKGROUND);
  for (i = 0; i < G_N_ELEMENTS (bars); i++) {
    gint x = width * i / G_N_ELEMENTS (bars);
    gint end = width * (i + 1) / G_N_ELEMENTS (bars);

    fill (frame, x, 0, end - x, top, bars[i]);
  }
  for (i = 0; i < RAMP_STEPS; i++) {
    gint x = width * i / RAMP_STEPS;
    guint32 grey = i * 255 / (RAMP_STEPS - 1);

    fill (frame, x, top, width * (i + 1) / RAMP_STEPS - x, bottom - top,
        grey << 16 | grey << 8 | grey);
  }
}

/* Where the moving bar stands: there and back again. */
static gint
bar_at (gint width, guint64 number)
{
  gint step = number % (2 * MOVE_FRAMES);
  gint size = width / 16;

  if (step > MOVE_FRAMES)
    step = 2 * MOVE_FRAMES - step;
  return (gint64) (width - size) * step / MOVE_FRAMES;
}

static void
draw_bar (GstVideoFrame * frame, EchoelTestCard * card, guint64 number)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  gint height = GST_VIDEO_FRAME_HEIGHT (frame);
  gint top = RAMP_END (height), size = TRACK_END (height) - top;

  if (card->drawn)
    fill (frame, bar_at (width, card->frame), top, width / 16, size,
        BACKGROUND);
  fill (frame, bar_at (width, number), top, width / 16, size, ORANGE);
}

static void
draw_glyph (GstVideoFrame * frame, guint glyph, gint x, gint y, gint dot)
{
  gint row, column;

  fill (frame, x, y, GLYPH_WIDTH * dot, GLYPH_HEIGHT * dot, BACKGROUND);
  for (row = 0; row < GLYPH_HEIGHT; row++)
    for (column = 0; column < GLYPH_WIDTH; column++)
      if (glyphs[glyph][row] >> (GLYPH_WIDTH - 1 - column) & 1)
        fill (frame, x + column * dot, y + row * dot, dot, dot, WHITE);
}

static void
draw_text (GstVideoFrame * frame, const gchar * text, gint x, gint y, gint dot)
{
  for (; *text != '\0'; text++, x += (GLYPH_WIDTH + 1) * dot) {
    guint glyph = *text == ':' ? GLYPH_COLON : *text == '.' ? GLYPH_DOT
        : (guint) (*text - '0');

    draw_glyph (frame, glyph, x, y, dot);
  }
}

/* Hours, minutes, seconds and milliseconds, then the frame's number. */
static void
draw_clock (GstVideoFrame * frame, guint64 number, GstClockTime time)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  gint height = GST_VIDEO_FRAME_HEIGHT (frame);
  guint64 ms = time / GST_MSECOND;
  gchar text[64];
  gint dot;

  g_snprintf (text, sizeof (text), "%02u:%02u:%02u.%03u",
      (guint) (ms / 3600000 % 100), (guint) (ms / 60000 % 60),
      (guint) (ms / 1000 % 60), (guint) (ms % 1000));
  /* Twelve glyphs fill half the width, in whole chroma samples. */
  dot = MAX (MIN (width / 2 / (12 * (GLYPH_WIDTH + 1)), height / 40) & ~1, 1);
  draw_text (frame, text, width / 32, TRACK_END (height) + dot, dot);
  g_snprintf (text, sizeof (text), "%06u", (guint) (number % 1000000));
  draw_text (frame, text, width / 32 + 13 * (GLYPH_WIDTH + 1) * dot,
      TRACK_END (height) + dot, dot);
}

static void
draw_cells (GstVideoFrame * frame, guint64 number)
{
  gint width = GST_VIDEO_FRAME_WIDTH (frame);
  gint height = GST_VIDEO_FRAME_HEIGHT (frame);
  gint size = width / ECHOEL_CARD_CELLS, i;
  gint top = MAX (height - size, TRACK_END (height));

  for (i = 0; i < ECHOEL_CARD_CELLS; i++) {
    gint x = width * i / ECHOEL_CARD_CELLS;
    gboolean lit = i == 0 || (i > 1
        && (number >> (ECHOEL_CARD_CELLS - 1 - i) & 1));

    fill (frame, x, top, width * (i + 1) / ECHOEL_CARD_CELLS - x, height - top,
        lit ? WHITE : BLACK);
  }
}

void
echoel_test_card_draw (EchoelTestCard * card, GstVideoFrame * frame,
    guint64 number, GstClockTime time)
{
  if (!card->drawn)
    draw_still (frame);
  draw_bar (frame, card, number);
  draw_clock (frame, number, time);
  draw_cells (frame, number);
  card->drawn = TRUE;
  card->frame = number;
}
