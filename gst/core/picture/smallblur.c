/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smallblur.h"

#define PASSES 3

/* The mean of each sample and its neighbours, @step bytes apart; the edges
 * repeat. */
static void
box (guint8 * samples, gssize step, guint n)
{
  guint before = samples[0], here = samples[0], i;

  for (i = 0; i < n; i++) {
    guint after = i + 1 < n ? samples[(gssize) (i + 1) * step] : here;

    samples[(gssize) i * step] = (guint8) ((before + here + after + 1) / 3);
    before = here;
    here = after;
  }
}

static void
blur_plane (guint8 * data, gssize stride, guint width, guint height)
{
  guint pass, i;

  for (pass = 0; pass < PASSES; pass++) {
    for (i = 0; i < height; i++)
      box (data + (gssize) i * stride, 1, width);
    for (i = 0; i < width; i++)
      box (data + i, stride, height);
  }
}

void
echoel_small_blur (GstVideoFrame * frame)
{
  guint c;

  for (c = 0; c < GST_VIDEO_FRAME_N_COMPONENTS (frame); c++)
    blur_plane (GST_VIDEO_FRAME_COMP_DATA (frame, c),
        GST_VIDEO_FRAME_COMP_STRIDE (frame, c),
        GST_VIDEO_FRAME_COMP_WIDTH (frame, c),
        GST_VIDEO_FRAME_COMP_HEIGHT (frame, c));
}
