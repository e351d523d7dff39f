/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pixelrows.h"

#include <libyuv.h>
#include <string.h>

/* Widths are worked off in pieces of this many samples where a kernel wants
 * a channel that the format does not have. */
#define SCRATCH 512

static gboolean
depths_fit (const GstVideoFormatInfo * finfo)
{
  guint c;

  for (c = 0; c < GST_VIDEO_FORMAT_INFO_N_COMPONENTS (finfo); c++) {
    if (GST_VIDEO_FORMAT_INFO_DEPTH (finfo, c) !=
        GST_VIDEO_FORMAT_INFO_DEPTH (finfo, 0))
      return FALSE;
  }
  return GST_VIDEO_FORMAT_INFO_DEPTH (finfo, 0) >= 8
      && GST_VIDEO_FORMAT_INFO_DEPTH (finfo, 0) <= 16;
}

static gboolean
is_simple (const GstVideoFormatInfo * finfo)
{
  const GstVideoFormatFlags odd = GST_VIDEO_FORMAT_FLAG_COMPLEX
      | GST_VIDEO_FORMAT_FLAG_PALETTE | GST_VIDEO_FORMAT_FLAG_TILED;
  gboolean little = (finfo->flags & GST_VIDEO_FORMAT_FLAG_LE) != 0;

  if ((finfo->flags & odd) != 0 || !depths_fit (finfo))
    return FALSE;
  return GST_VIDEO_FORMAT_INFO_DEPTH (finfo, 0) == 8
      || little == (G_BYTE_ORDER == G_LITTLE_ENDIAN);
}

/* Where the first sample of each component lies. GStreamer's table, which
 * nothing there reads for these formats, is wrong for some (seen in 1.22):
 * chroma of 16-bit pairs, and VYUY. */
static void
find_offsets (EchoelRows * rows)
{
  const GstVideoFormatInfo *finfo = rows->finfo;
  guint c;

  for (c = 0; c < finfo->n_components; c++)
    rows->offset[c] = finfo->poffset[c];
  if (rows->bytes == 2 && finfo->n_planes == 2)
    rows->offset[2] = 2;
  if (GST_VIDEO_FORMAT_INFO_FORMAT (finfo) == GST_VIDEO_FORMAT_VYUY) {
    rows->offset[1] = 2;
    rows->offset[2] = 0;
  }
}

/* Whether each sample has a place of its own; what that table says of the
 * others is no layout at all. */
static gboolean
is_laid_out (const EchoelRows * rows)
{
  const GstVideoFormatInfo *finfo = rows->finfo;
  guint a, b;

  for (a = 0; a < finfo->n_components; a++) {
    if (finfo->pixel_stride[a] == 0)
      return FALSE;
    for (b = 0; b < a; b++) {
      if (finfo->plane[a] == finfo->plane[b]
          && rows->offset[a] == rows->offset[b])
        return FALSE;
    }
  }
  return TRUE;
}

/* Components of memory plane @plane. */
static guint
count_components (const GstVideoFormatInfo * finfo, guint plane)
{
  guint c, n = 0;

  for (c = 0; c < finfo->n_components; c++)
    n += finfo->plane[c] == plane;
  return n;
}

static EchoelLayout
find_layout (const EchoelRows * rows, guint plane)
{
  const GstVideoFormatInfo *finfo = rows->finfo;
  guint n = count_components (finfo, plane), c = 0;
  gboolean subsampled = rows->sub_w != 0;

  while (finfo->plane[c] != plane)
    c++;
  if (n == 1 && finfo->pixel_stride[c] == (gint) rows->bytes
      && finfo->shift[c] == 0 && rows->offset[c] == 0)
    return ECHOEL_LAYOUT_PLANE;
  if (rows->bytes != 1)
    return ECHOEL_LAYOUT_GATHER;
  if (n == 2 && c == 1 && finfo->pixel_stride[c] == 2)
    return ECHOEL_LAYOUT_PAIR;
  if (n == 3 && !subsampled && finfo->pixel_stride[c] == 3)
    return ECHOEL_LAYOUT_TRIPLE;
  if (n >= 3 && !subsampled && finfo->pixel_stride[c] == 4)
    return ECHOEL_LAYOUT_QUAD;
  if (n == 3 && rows->sub_w == 1 && finfo->pixel_stride[0] == 2
      && finfo->pixel_stride[1] == 4)
    return rows->offset[0] == 0 ? ECHOEL_LAYOUT_YUYV : ECHOEL_LAYOUT_UYVY;
  return ECHOEL_LAYOUT_GATHER;
}

gboolean
echoel_rows_init (EchoelRows * rows, GstVideoFormat format)
{
  const GstVideoFormatInfo *finfo;
  guint plane;

  memset (rows, 0, sizeof (*rows));
  if (format <= GST_VIDEO_FORMAT_ENCODED)
    return FALSE;
  finfo = gst_video_format_get_info (format);
  if (finfo == NULL || !is_simple (finfo) || finfo->n_components == 2)
    return FALSE;

  rows->finfo = finfo;
  rows->n_components = finfo->n_components;
  rows->depth = finfo->depth[0];
  rows->bytes = rows->depth > 8 ? 2 : 1;
  if (rows->n_components >= 3) {
    rows->sub_w = finfo->w_sub[1];
    rows->sub_h = finfo->h_sub[1];
  }
  find_offsets (rows);
  if (rows->sub_w > 2 || rows->sub_h > 2 || !is_laid_out (rows))
    return FALSE;
  for (plane = 0; plane < finfo->n_planes; plane++)
    rows->layout[plane] = find_layout (rows, plane);
  return TRUE;
}

gboolean
echoel_rows_is_plane (const EchoelRows * rows, guint c)
{
  return rows->layout[rows->finfo->plane[c]] == ECHOEL_LAYOUT_PLANE;
}

gboolean
echoel_rows_pixel_shifts (const EchoelRows * rows, guint shifts[3])
{
  guint c;

  if (rows->layout[0] != ECHOEL_LAYOUT_QUAD)
    return FALSE;
  for (c = 0; c < 3; c++)
    shifts[c] = 8 * (G_BYTE_ORDER == G_LITTLE_ENDIAN ? rows->offset[c]
        : 3 - rows->offset[c]);
  return TRUE;
}

static guint
sub_w_of (const EchoelRows * rows, guint c)
{
  return c == 1 || c == 2 ? rows->sub_w : 0;
}

static guint
sub_h_of (const EchoelRows * rows, guint c)
{
  return c == 1 || c == 2 ? rows->sub_h : 0;
}

/* One run of samples inside a row: where it is in memory and in the planes. */
typedef struct
{
  const EchoelRows *rows;
  guint8 *memory;               /* start of the memory row */
  guint8 *planes[ECHOEL_MAX_PLANES];    /* start of the plane rows */
  guint left, right;            /* luma columns in memory */
  guint start;                  /* luma column of the planes */
} Run;

static guint
first_sample (const Run * run, guint c)
{
  return run->left >> sub_w_of (run->rows, c);
}

static guint
n_samples (const Run * run, guint c)
{
  guint sub = sub_w_of (run->rows, c);

  return ((run->right + (1 << sub) - 1) >> sub) - first_sample (run, c);
}

static guint8 *
plane_at (const Run * run, guint c)
{
  if (run->planes[c] == NULL)
    return NULL;
  return run->planes[c]
      + (gsize) (run->start >> sub_w_of (run->rows, c)) * run->rows->bytes;
}

static guint8 *
memory_at (const Run * run, guint c)
{
  const GstVideoFormatInfo *finfo = run->rows->finfo;

  return run->memory + run->rows->offset[c]
      + (gsize) first_sample (run, c) * finfo->pixel_stride[c];
}

/* Any layout, one sample at a time. */
static void
gather (const Run * run, guint c, gboolean unpack)
{
  const GstVideoFormatInfo *finfo = run->rows->finfo;
  guint8 *memory = memory_at (run, c), *plane = plane_at (run, c);
  gint stride = finfo->pixel_stride[c];
  guint i, n = n_samples (run, c), shift = finfo->shift[c];

  if (plane == NULL)
    return;
  if (run->rows->bytes == 1) {
    for (i = 0; i < n; i++, memory += stride) {
      if (unpack)
        plane[i] = *memory;
      else
        *memory = plane[i];
    }
    return;
  }
  for (i = 0; i < n; i++, memory += stride) {
    guint16 *wide = (guint16 *) (void *) plane + i, v;

    memcpy (&v, memory, 2);
    if (unpack) {
      *wide = v >> shift;
    } else {
      v = (guint16) (*wide << shift);
      memcpy (memory, &v, 2);
    }
  }
}

static void
gather_plane (const Run * run, guint plane, gboolean unpack)
{
  guint c;

  for (c = 0; c < run->rows->n_components; c++) {
    if (run->rows->finfo->plane[c] == plane)
      gather (run, c, unpack);
  }
}

static void
copy_plane (const Run * run, guint c, gboolean unpack)
{
  guint8 *plane = plane_at (run, c), *memory = memory_at (run, c);
  gsize size = (gsize) n_samples (run, c) * run->rows->bytes;

  if (plane == NULL)
    return;
  if (unpack)
    memcpy (plane, memory, size);
  else
    memcpy (memory, plane, size);
}

/* NV12 and its kin: the first byte is U, or V for NV21. */
static void
move_pair (const Run * run, gboolean unpack)
{
  guint first = run->rows->offset[1] == 0 ? 1 : 2, other = 3 - first;
  guint8 *memory = memory_at (run, first);

  if (unpack)
    SplitUVPlane (memory, 0, plane_at (run, first), 0, plane_at (run, other),
        0, n_samples (run, 1), 1);
  else
    MergeUVPlane (plane_at (run, first), 0, plane_at (run, other), 0, memory,
        0, n_samples (run, 1), 1);
}

/* libyuv 1904 overruns a buffer of its own when it splits what is left of a
 * row after whole vectors: that goes one by one. */
#define VECTOR 64

static void
gather_rest (const Run * run, guint done, gboolean unpack)
{
  Run rest = *run;
  guint c;

  rest.left += done;
  rest.start += done;
  for (c = 0; c < run->rows->n_components; c++)
    gather (&rest, c, unpack);
}

/* libyuv's "RGB" is the byte order B, G, R. */
static void
move_triple (const Run * run, gboolean unpack)
{
  guint8 *slot[3], *memory = run->memory + (gsize) run->left * 3;
  guint c, n = n_samples (run, 0), whole = n - n % VECTOR;

  for (c = 0; c < 3; c++)
    slot[run->rows->offset[c]] = plane_at (run, c);
  if (whole > 0 && unpack)
    SplitRGBPlane (memory, 0, slot[0], 0, slot[1], 0, slot[2], 0, whole, 1);
  else if (whole > 0)
    MergeRGBPlane (slot[0], 0, slot[1], 0, slot[2], 0, memory, 0, whole, 1);
  gather_rest (run, whole, unpack);
}

/* libyuv's "ARGB" is the byte order B, G, R, A: slots 0, 1, 2, 3 here. A slot
 * that holds no component is padding (BGRx), one without a plane is an alpha
 * that nobody wants or has. */
static void
move_quad (const Run * run, gboolean unpack)
{
  guint8 filler[SCRATCH], *slot[4] = { NULL, }, *use[4];
  guint8 *memory = run->memory + (gsize) run->left * 4;
  const guint all = n_samples (run, 0);
  guint c, done, n = all;

  if (unpack)
    n -= n % VECTOR;
  for (c = 0; c < run->rows->n_components; c++)
    slot[run->rows->offset[c]] = plane_at (run, c);
  memset (filler, 255, sizeof (filler));

  for (done = 0; done < n;) {
    gboolean whole = slot[0] && slot[1] && slot[2];
    guint piece = whole ? n - done : MIN (n - done, SCRATCH);

    for (c = 0; c < 4; c++)
      use[c] = slot[c] ? slot[c] + done : c < 3 ? filler : NULL;
    if (unpack)
      SplitARGBPlane (memory + (gsize) done * 4, 0, use[2], 0, use[1], 0,
          use[0], 0, use[3], 0, piece, 1);
    else
      MergeARGBPlane (use[2], 0, use[1], 0, use[0], 0, use[3], 0,
          memory + (gsize) done * 4, 0, piece, 1);
    done += piece;
  }
  if (!unpack || n == all)
    return;
  /* The last whole vector, once more, up to the end of the row. */
  if (n > 0 && slot[0] && slot[1] && slot[2])
    SplitARGBPlane (memory + (gsize) (all - VECTOR) * 4, 0,
        slot[2] + all - VECTOR, 0, slot[1] + all - VECTOR, 0,
        slot[0] + all - VECTOR, 0, slot[3] ? slot[3] + all - VECTOR : NULL, 0,
        VECTOR, 1);
  else
    gather_rest (run, n, unpack);
}

static void
move_yuyv (const Run * run, EchoelLayout layout, gboolean unpack)
{
  gboolean swapped = run->rows->offset[1] > run->rows->offset[2];
  guint8 *memory = run->memory + (gsize) run->left * 2;
  guint8 *y = plane_at (run, 0);
  guint8 *u = plane_at (run, swapped ? 2 : 1);
  guint8 *v = plane_at (run, swapped ? 1 : 2);
  guint n = n_samples (run, 0);

  if (unpack) {
    if (layout == ECHOEL_LAYOUT_YUYV)
      YUY2ToI422 (memory, 0, y, 0, u, 0, v, 0, n, 1);
    else
      UYVYToI422 (memory, 0, y, 0, u, 0, v, 0, n, 1);
  } else if (layout == ECHOEL_LAYOUT_YUYV) {
    I422ToYUY2 (y, 0, u, 0, v, 0, memory, 0, n, 1);
  } else {
    I422ToUYVY (y, 0, u, 0, v, 0, memory, 0, n, 1);
  }
}

static void
move_plane (const Run * run, guint plane, gboolean unpack)
{
  EchoelLayout layout = run->rows->layout[plane];
  guint c = 0;

  while (run->rows->finfo->plane[c] != plane)
    c++;
  switch (layout) {
    case ECHOEL_LAYOUT_PLANE:
      copy_plane (run, c, unpack);
      break;
    case ECHOEL_LAYOUT_PAIR:
      move_pair (run, unpack);
      break;
    case ECHOEL_LAYOUT_TRIPLE:
      move_triple (run, unpack);
      break;
    case ECHOEL_LAYOUT_QUAD:
      move_quad (run, unpack);
      break;
    case ECHOEL_LAYOUT_YUYV:
    case ECHOEL_LAYOUT_UYVY:
      move_yuyv (run, layout, unpack);
      break;
    case ECHOEL_LAYOUT_GATHER:
      gather_plane (run, plane, unpack);
      break;
  }
}

static void
move_row (const EchoelRows * rows, const GstVideoFrame * frame, guint row,
    guint left, guint right, guint start,
    gpointer const planes[ECHOEL_MAX_PLANES], gboolean unpack)
{
  Run run = { rows, NULL, {NULL}, left, right, start };
  guint plane, c;

  for (c = 0; c < rows->n_components; c++)
    run.planes[c] = planes[c];

  for (plane = 0; plane < rows->finfo->n_planes; plane++) {
    guint sub_h;

    c = 0;
    while (rows->finfo->plane[c] != plane)
      c++;
    sub_h = sub_h_of (rows, c);
    if (run.planes[c] == NULL || (row & ((1 << sub_h) - 1)) != 0)
      continue;
    run.memory = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, plane)
        + (gssize) (row >> sub_h) * GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
    move_plane (&run, plane, unpack);
  }
}

void
echoel_rows_unpack (const EchoelRows * rows, const GstVideoFrame * frame,
    guint row, guint left, guint right, guint start,
    gpointer planes[ECHOEL_MAX_PLANES])
{
  move_row (rows, frame, row, left, right, start, planes, TRUE);
}

void
echoel_rows_pack (const EchoelRows * rows, GstVideoFrame * frame, guint row,
    guint left, guint right, const gpointer planes[ECHOEL_MAX_PLANES])
{
  move_row (rows, frame, row, left, right, left, planes, FALSE);
}
