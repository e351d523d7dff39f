/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows of any supported GstVideoFormat as separate planes, and back.
 *
 * The resampler works on planes of one sample each; this is the one place
 * that knows how a format interleaves, orders and shifts its samples. It is
 * derived from GstVideoFormatInfo, so there is no list of formats to keep.
 * Pure functions, callable from any thread. */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

#define ECHOEL_MAX_PLANES 4

/* How the samples of one memory plane lie beside each other. */
typedef enum
{
  ECHOEL_LAYOUT_GATHER = 0,     /* any stride and shift, one by one */
  ECHOEL_LAYOUT_PLANE,          /* one component, nothing between samples */
  ECHOEL_LAYOUT_PAIR,           /* two 8-bit components: NV12 chroma */
  ECHOEL_LAYOUT_TRIPLE,         /* three 8-bit components: RGB */
  ECHOEL_LAYOUT_QUAD,           /* four bytes, all or three used: BGRA, BGRx */
  ECHOEL_LAYOUT_YUYV,           /* luma first, 4:2:2: YUY2, YVYU */
  ECHOEL_LAYOUT_UYVY            /* chroma first, 4:2:2: UYVY, VYUY */
} EchoelLayout;

typedef struct
{
  const GstVideoFormatInfo *finfo;
  guint n_components;           /* 1 grey, 3 colour, 4 with alpha */
  guint bytes;                  /* of one sample: 1 or 2 */
  guint depth;                  /* bits */
  guint sub_w, sub_h;           /* log2 of the chroma subsampling */
  guint offset[GST_VIDEO_MAX_COMPONENTS];       /* of the first sample, bytes */
  EchoelLayout layout[GST_VIDEO_MAX_PLANES];    /* of each memory plane */
} EchoelRows;

/**
 * echoel_rows_init:
 *
 * Returns: whether @format can be read and written row by row: 8 to 16 bits
 *     in host byte order, not tiled, no palette, no bit packing
 */
gboolean echoel_rows_init (EchoelRows * rows, GstVideoFormat format);

/* Whether component @c can be handed out in place, without moving a byte. */
gboolean echoel_rows_is_plane (const EchoelRows * rows, guint c);

/**
 * echoel_rows_pixel_shifts:
 * @shifts: (out): where R, G and B (or Y, U and V) stand in a pixel that is
 *     read as a 32-bit number of the host
 *
 * Returns: whether the pixels of @rows are four bytes each
 */
gboolean echoel_rows_pixel_shifts (const EchoelRows * rows, guint shifts[3]);

/**
 * echoel_rows_unpack:
 * @row: luma row of @frame
 * @left: first luma column, a multiple of the chroma subsampling
 * @right: last luma column + 1, a multiple of the chroma subsampling or the
 *     frame's width
 * @start: the luma column of @planes where @left goes, a multiple of the
 *     chroma subsampling
 * @planes: the start of a row for each component; a %NULL component is left
 *     out. Rows without chroma of their own (4:2:0) leave the chroma alone.
 */
void echoel_rows_unpack (const EchoelRows * rows, const GstVideoFrame * frame,
    guint row, guint left, guint right, guint start,
    gpointer planes[ECHOEL_MAX_PLANES]);

/* The reverse: writes columns @left to @right of @planes into the same columns
 * of @frame. Every component must be there. */
void echoel_rows_pack (const EchoelRows * rows, GstVideoFrame * frame,
    guint row, guint left, guint right,
    const gpointer planes[ECHOEL_MAX_PLANES]);

G_END_DECLS
