/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames for the scaler's tests: in memory that shows what was written beside
 * them, filled and read by GStreamer's own code.
 *
 * A check complains once and goes on, so that one format does not hide the
 * next; picture_verdict() ends the test. */
#pragma once

#include <gst/video/video.h>

#include "scaler.h"

G_BEGIN_DECLS

/* Pixels as the scaler counts them. */
#define PX(n) ((gint64) ((n) * (gdouble) ECHOEL_SUBPIXEL))

/* How addresses and strides lie. */
typedef enum
{
  PICTURE_ODD,                  /* no two planes alike */
  PICTURE_ALIGNED,              /* the scaler can use them in place */
  PICTURE_HALF_ALIGNED,         /* by half of what that takes */
  PICTURE_N_ALIGNMENTS
} PictureAlignment;

/* A frame whose planes are apart, between guards. */
typedef struct
{
  GstVideoFrame frame;
  guint8 *memory[GST_VIDEO_MAX_PLANES];
  gsize size[GST_VIDEO_MAX_PLANES];     /* of a plane, without the guards */
  guint row_size[GST_VIDEO_MAX_PLANES]; /* bytes, without what is between */
  PictureAlignment alignment;
} Picture;

void picture_complain (const gchar * format, ...) G_GNUC_PRINTF (1, 2);

/* Fails the test when there was a complaint. */
void picture_verdict (void);

void picture_init (Picture * picture, const gchar * format, guint width,
    guint height, PictureAlignment alignment);
void picture_clear (Picture * picture);
void picture_set_colours (Picture * picture, const gchar * colorimetry);
guint picture_plane_rows (const GstVideoInfo * info, guint plane);

/* Any valid samples, the same for the same seed. */
void picture_fill_random (Picture * picture, guint32 seed);

/* @value: the components and alpha, in the format's own depth. */
void picture_fill_flat (Picture * picture, const guint value[4]);

/* Every sample of components @first to @last is @value, about. */
void picture_check_flat (const Picture * picture, const guint value[4],
    guint first, guint last, guint tolerance);

/* @inner is what @outer shows from @left, @top. Returns whether it is. */
gboolean picture_check_same (const Picture * outer, guint left, guint top,
    const Picture * inner);

/* Nothing was written outside the planes. */
void picture_check_guards (const Picture * picture);

/* All of @picture. */
EchoelWindow picture_window (const Picture * picture);

/* @window of @in fills @out, and nothing around it. */
void picture_scale_with (const Picture * in, Picture * out,
    EchoelWindow window, EchoelFilter filter);

/* The same for all of @in, with the bicubic filter. */
void picture_scale (const Picture * in, Picture * out);

/* The body of a test for one format, by name. */
typedef void (*PictureForFormat) (const gchar * format);

/* Runs @check for each format that the scaler supports. */
void picture_for_all_formats (PictureForFormat check);

G_END_DECLS
