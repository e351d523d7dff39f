/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An animated test card: colour bars, a ramp, a bar that moves, the running
 * time and a frame counter that machines can read, too.
 *
 * What stands still is drawn once for each buffer; a frame repaints only what
 * moves. Pure: a picture is a function of its number. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/* The counter as a row of cells at the lower edge, white = 1, the most
 * significant bit first; in front of it a white and a black cell. Each cell is
 * a part of the width, and as high as it is wide. */
#define ECHOEL_CARD_BITS 16
#define ECHOEL_CARD_CELLS (ECHOEL_CARD_BITS + 2)

/* The smallest card; below it nothing could be told apart. */
#define ECHOEL_CARD_MIN_SIZE 64

/* Returns: (transfer full): the raw formats a card can be drawn in */
GstCaps *echoel_test_card_caps (void);

/* What a buffer shows. Zero-initialized it shows nothing. */
typedef struct
{
  gboolean drawn;
  guint64 frame;                /* drawn last */
} EchoelTestCard;

/**
 * echoel_test_card_draw:
 * @card: what @frame shows up to now; gets what it shows then
 * @frame: (inout): mapped for writing, in a format of echoel_test_card_caps()
 * @number: of the picture, from 0
 * @time: what the clock shows
 */
void echoel_test_card_draw (EchoelTestCard * card, GstVideoFrame * frame,
    guint64 number, GstClockTime time);

G_END_DECLS
