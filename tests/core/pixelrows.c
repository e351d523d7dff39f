/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every supported format as planes and back, against GStreamer's own reader
 * of the format. */
#include <gst/check/gstcheck.h>
#include <string.h>

#include "formatchoice.h"
#include "pixelrows.h"

#define MAX_WIDTH 40
#define MAX_HEIGHT 40
#define MAX_BYTES 2             /* of a sample */
#define PLANE_SIZE (MAX_WIDTH * MAX_HEIGHT * MAX_BYTES)
/* What no test writes by itself. */
#define UNTOUCHED 0xa5

static const struct
{
  guint width, height;
} sizes[] = { {33, 17}, {32, 16}, {1, 1}, {2, 1}, {3, 3}, {1, 6}, {37, 2} };

/* A frame in memory of its own, just as large as its caps say. */
typedef struct
{
  GstVideoFrame frame;
  guint8 *data;
  gsize size;
} Picture;

static void
picture_init (Picture * picture, GstVideoFormat format, guint width,
    guint height)
{
  GstVideoFrame *frame = &picture->frame;
  guint p;

  memset (picture, 0, sizeof (*picture));
  fail_unless (gst_video_info_set_format (&frame->info, format, width, height));
  picture->size = GST_VIDEO_INFO_SIZE (&frame->info);
  picture->data = g_malloc0 (picture->size);
  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (&frame->info); p++)
    frame->data[p] = picture->data
        + GST_VIDEO_INFO_PLANE_OFFSET (&frame->info, p);
}

static void
picture_clear (Picture * picture)
{
  g_free (picture->data);
}

static void
fill_random (guint8 * data, gsize size, guint32 seed)
{
  GRand *rand = g_rand_new_with_seed (seed);
  gsize i;

  for (i = 0; i < size; i++)
    data[i] = (guint8) g_rand_int_range (rand, 0, 256);
  g_rand_free (rand);
}

/* The components of a picture, one sample beside the other. */
typedef struct
{
  guint8 *component[ECHOEL_MAX_PLANES];
} Planes;

static void
planes_init (Planes * planes)
{
  guint c;

  for (c = 0; c < ECHOEL_MAX_PLANES; c++) {
    planes->component[c] = g_malloc (PLANE_SIZE);
    memset (planes->component[c], UNTOUCHED, PLANE_SIZE);
  }
}

static void
planes_clear (Planes * planes)
{
  guint c;

  for (c = 0; c < ECHOEL_MAX_PLANES; c++)
    g_free (planes->component[c]);
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

/* Where the samples of component @c of luma row @row start. */
static gpointer
plane_row (const EchoelRows * rows, const Planes * planes, guint c, guint row)
{
  if (c >= rows->n_components)
    return NULL;
  return planes->component[c] + (row >> sub_h_of (rows, c)) * MAX_WIDTH
      * MAX_BYTES;
}

static guint
sample_at (const EchoelRows * rows, const Planes * planes, guint c, guint x,
    guint row)
{
  const guint8 *line = plane_row (rows, planes, c, row);
  guint16 wide;

  if (rows->bytes == 1)
    return line[x];
  memcpy (&wide, line + 2 * x, 2);
  return wide;
}

static void
unpack_all (const EchoelRows * rows, const Picture * picture, Planes * planes,
    guint left, guint right)
{
  guint row, c;

  for (row = 0; row < (guint) picture->frame.info.height; row++) {
    gpointer at[ECHOEL_MAX_PLANES];

    for (c = 0; c < ECHOEL_MAX_PLANES; c++)
      at[c] = plane_row (rows, planes, c, row);
    echoel_rows_unpack (rows, &picture->frame, row, left, right, left, at);
  }
}

static void
pack_all (const EchoelRows * rows, Picture * picture, const Planes * planes,
    guint left, guint right)
{
  guint row, c;

  for (row = 0; row < (guint) picture->frame.info.height; row++) {
    gpointer at[ECHOEL_MAX_PLANES];

    for (c = 0; c < ECHOEL_MAX_PLANES; c++)
      at[c] = plane_row (rows, planes, c, row);
    echoel_rows_pack (rows, &picture->frame, row, left, right,
        (const gpointer *) at);
  }
}

/* Fills all samples with @byte, in the bits that they have. */
static void
planes_fill (const EchoelRows * rows, Planes * planes, guint8 byte)
{
  guint16 wide = ((guint16) (byte << 8 | byte)) & ((1u << rows->depth) - 1);
  guint c, i;

  for (c = 0; c < ECHOEL_MAX_PLANES; c++) {
    if (rows->bytes == 1)
      memset (planes->component[c], byte, PLANE_SIZE);
    else
      for (i = 0; i < PLANE_SIZE / 2; i++)
        ((guint16 *) (void *) planes->component[c])[i] = wide;
  }
}

/* Which bits of a frame hold samples of columns @left to @right: those that
 * follow the samples, so neither padding nor the x of BGRx. */
static guint8 *
used_bits (const EchoelRows * rows, GstVideoFormat format, guint width,
    guint height, guint left, guint right)
{
  Picture ones, zeros;
  Planes planes;
  guint8 *mask;
  gsize i;

  picture_init (&ones, format, width, height);
  picture_init (&zeros, format, width, height);
  planes_init (&planes);
  planes_fill (rows, &planes, 255);
  pack_all (rows, &ones, &planes, left, right);
  planes_fill (rows, &planes, 0);
  pack_all (rows, &zeros, &planes, left, right);
  mask = g_malloc (ones.size);
  for (i = 0; i < ones.size; i++)
    mask[i] = ones.data[i] ^ zeros.data[i];
  planes_clear (&planes);
  picture_clear (&zeros);
  picture_clear (&ones);
  return mask;
}

static guint
count_bits (const guint8 * mask, gsize size)
{
  guint n = 0;
  gsize i;

  for (i = 0; i < size; i++)
    n += (guint) __builtin_popcount (mask[i]);
  return n;
}

static guint
shrunk (guint pixels, guint sub)
{
  return (pixels + (1u << sub) - 1) >> sub;
}

static guint
bits_of (const EchoelRows * rows, guint width, guint height)
{
  guint c, n = 0;

  for (c = 0; c < rows->n_components; c++)
    n += shrunk (width, sub_w_of (rows, c)) * shrunk (height, sub_h_of (rows,
            c)) * rows->depth;
  return n;
}

/* Appends to @wrong the first thing that is not right with one format. */
typedef void (*CheckFormat) (const EchoelRows * rows, GstVideoFormat format,
    GString * wrong);

/* One format that is wrong does not hide the next. */
static void
check_all_formats (CheckFormat check)
{
  GString *wrong = g_string_new (NULL);
  guint format, n = 0;
  EchoelRows rows;

  for (format = GST_VIDEO_FORMAT_I420; format < echoel_format_end (); format++) {
    if (!echoel_rows_init (&rows, format))
      continue;
    check (&rows, format, wrong);
    n++;
  }
  fail_unless (n > 40, "only %u formats", n);
  fail_unless (wrong->len == 0, "\n%s", wrong->str);
  g_string_free (wrong, TRUE);
}

/* Says it once for each format. */
#define SAY(wrong, rows, ...) G_STMT_START { \
  g_string_append_printf (wrong, "  %s ", (rows)->finfo->name); \
  g_string_append_printf (wrong, __VA_ARGS__); \
  g_string_append_c (wrong, '\n'); \
} G_STMT_END

static gboolean
is_identity (const EchoelRows * rows, GstVideoFormat format, guint width,
    guint height, GString * wrong)
{
  guint8 *mask = used_bits (rows, format, width, height, 0, width);
  Picture source, copy;
  Planes planes;
  guint have, want = bits_of (rows, width, height);
  gsize i;

  picture_init (&source, format, width, height);
  picture_init (&copy, format, width, height);
  planes_init (&planes);
  fill_random (source.data, source.size, width * 1000 + height);
  unpack_all (rows, &source, &planes, 0, width);
  pack_all (rows, &copy, &planes, 0, width);

  /* Each sample has bits of its own, and all of them. */
  have = count_bits (mask, source.size);
  for (i = 0; i < source.size; i++) {
    if (((source.data[i] ^ copy.data[i]) & mask[i]) != 0)
      break;
  }
  if (have != want)
    SAY (wrong, rows, "%ux%u: %u of %u bits are used", width, height, have,
        want);
  else if (i < source.size)
    SAY (wrong, rows, "%ux%u: byte %u is another", width, height, (guint) i);
  want = have == want && i == source.size;
  planes_clear (&planes);
  picture_clear (&copy);
  picture_clear (&source);
  g_free (mask);
  return want;
}

static void
check_identity (const EchoelRows * rows, GstVideoFormat format, GString * wrong)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (sizes) && is_identity (rows, format, sizes[i].width,
          sizes[i].height, wrong))
    i++;
}

GST_START_TEST (test_packing_undoes_unpacking)
{
  check_all_formats (check_identity);
}

GST_END_TEST;

/* Component @c of one pixel of what GStreamer's reader makes of a format:
 * A, Y, U, V or A, R, G, B with 8 or 16 bits. */
static guint
reference (const GstVideoFormatInfo * unpacked, gconstpointer line, guint x,
    guint c, guint depth)
{
  guint slot = c == 3 ? 0 : c + 1;

  if (unpacked->bits == 8)
    return ((const guint8 *) line)[x * 4 + slot];
  return ((const guint16 *) line)[x * 4 + slot] >> (16 - depth);
}

/* GStreamer's reader takes V for U in the last column of a VYUY picture of odd
 * width. */
static gboolean
is_misread (const GstVideoInfo * info, guint x)
{
  return GST_VIDEO_INFO_FORMAT (info) == GST_VIDEO_FORMAT_VYUY
      && (info->width & 1) && x + 1 == (guint) info->width;
}

/* Returns whether all samples are the same; @line has room for a row. */
static gboolean
row_is_reference (const EchoelRows * rows, const Picture * source,
    const Planes * planes, guint row, guint64 * line, GString * wrong)
{
  const GstVideoFormatInfo *finfo = rows->finfo;
  const GstVideoFormatInfo *unpacked =
      gst_video_format_get_info (finfo->unpack_format);
  guint x, c, width = source->frame.info.width;

  finfo->unpack_func (finfo, GST_VIDEO_PACK_FLAG_TRUNCATE_RANGE, line,
      source->frame.data, source->frame.info.stride, 0, row, width);
  for (c = 0; c < rows->n_components; c++) {
    guint sub = sub_w_of (rows, c);

    for (x = 0; x < width; x += 1u << sub) {
      guint want = reference (unpacked, line, x, c, rows->depth);
      guint have = sample_at (rows, planes, c, x >> sub, row);

      if (want != have && !is_misread (&source->frame.info, x)) {
        SAY (wrong, rows, "%ux%u: component %u of %u,%u is %u, not %u", width,
            source->frame.info.height, c, x, row, have, want);
        return FALSE;
      }
    }
  }
  return TRUE;
}

static gboolean
is_reference (const EchoelRows * rows, GstVideoFormat format, guint width,
    guint height, GString * wrong)
{
  guint8 *mask = used_bits (rows, format, width, height, 0, width);
  guint64 line[MAX_WIDTH];
  guint row = 0;
  Picture source;
  Planes planes;
  gsize i;

  picture_init (&source, format, width, height);
  planes_init (&planes);
  fill_random (source.data, source.size, width + 1000 * height);
  /* What bits mean that no sample has is nobody's business. */
  for (i = 0; i < source.size; i++)
    source.data[i] &= mask[i];
  unpack_all (rows, &source, &planes, 0, width);
  while (row < height && row_is_reference (rows, &source, &planes, row, line,
          wrong))
    row++;
  planes_clear (&planes);
  picture_clear (&source);
  g_free (mask);
  return row == height;
}

static void
check_against_gstreamer (const EchoelRows * rows, GstVideoFormat format,
    GString * wrong)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (sizes) && is_reference (rows, format,
          sizes[i].width, sizes[i].height, wrong))
    i++;
}

GST_START_TEST (test_samples_are_those_that_gstreamer_reads)
{
  check_all_formats (check_against_gstreamer);
}

GST_END_TEST;

/* Columns of a 33 pixels wide frame: whole chroma samples, or to its end. */
static const struct
{
  guint left, right;
} ranges[] = {
  /* *INDENT-OFF* */
  {0, 16}, {16, 32}, {16, 33}, {32, 33}, {0, 4}, {4, 8}, {8, 24}, {12, 12},
  /* *INDENT-ON* */
};

/* Chroma that a range shares with the column behind it counts as inside. */
static gboolean
planes_are_untouched (const EchoelRows * rows, const Planes * planes,
    guint left, guint right)
{
  guint c, line, x;

  for (c = 0; c < rows->n_components; c++) {
    guint first = (left >> sub_w_of (rows, c)) * rows->bytes;
    guint end = shrunk (right, sub_w_of (rows, c)) * rows->bytes;

    for (line = 0; line < MAX_HEIGHT; line++) {
      const guint8 *bytes = planes->component[c] + line * MAX_WIDTH * MAX_BYTES;

      for (x = 0; x < MAX_WIDTH * MAX_BYTES; x++) {
        if ((x < first || x >= end) && bytes[x] != UNTOUCHED)
          return FALSE;
      }
    }
  }
  return TRUE;
}

static gboolean
planes_are_equal (const EchoelRows * rows, const Planes * a, const Planes * b,
    guint left, guint right, guint height)
{
  guint row, c, x;

  for (row = 0; row < height; row++) {
    for (c = 0; c < rows->n_components; c++) {
      guint sub = sub_w_of (rows, c);

      for (x = left >> sub; x < shrunk (right, sub); x++) {
        if (sample_at (rows, a, c, x, row) != sample_at (rows, b, c, x, row))
          return FALSE;
      }
    }
  }
  return TRUE;
}

static void
check_unpacked_ranges (const EchoelRows * rows, GstVideoFormat format,
    GString * wrong)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (ranges); i++) {
    guint left = ranges[i].left, right = ranges[i].right;
    Planes all, some;
    Picture source;

    planes_init (&all);
    planes_init (&some);
    picture_init (&source, format, 33, 17);
    fill_random (source.data, source.size, i);
    unpack_all (rows, &source, &all, 0, 33);
    unpack_all (rows, &source, &some, left, right);
    if (!planes_are_untouched (rows, &some, left, right))
      SAY (wrong, rows, "%u to %u: more is written", left, right);
    if (!planes_are_equal (rows, &all, &some, left, right, 17))
      SAY (wrong, rows, "%u to %u: another than in the row", left, right);
    picture_clear (&source);
    planes_clear (&some);
    planes_clear (&all);
  }
}

GST_START_TEST (test_unpacking_a_range_leaves_the_rest)
{
  check_all_formats (check_unpacked_ranges);
}

GST_END_TEST;

/* Bits of samples that are not in the range stay as they were. */
static void
check_packed_range (const EchoelRows * rows, GstVideoFormat format, guint left,
    guint right, GString * wrong)
{
  guint8 *all = used_bits (rows, format, 33, 17, 0, 33);
  guint8 *some = used_bits (rows, format, 33, 17, left, right);
  guint want = right > left ? bits_of (rows, right - left, 17) : 0;
  Picture source, target;
  Planes planes;
  gsize b;

  planes_init (&planes);
  picture_init (&source, format, 33, 17);
  picture_init (&target, format, 33, 17);
  fill_random (source.data, source.size, left);
  fill_random (target.data, target.size, left + 100);
  unpack_all (rows, &source, &planes, 0, 33);
  memcpy (source.data, target.data, source.size);
  pack_all (rows, &target, &planes, left, right);
  for (b = 0; b < target.size; b++) {
    if (((source.data[b] ^ target.data[b]) & all[b] & ~some[b]) != 0)
      break;
  }
  if (b < target.size)
    SAY (wrong, rows, "%u to %u: byte %u is written, too", left, right,
        (guint) b);
  if (count_bits (some, source.size) != want)
    SAY (wrong, rows, "%u to %u: not all is written", left, right);
  picture_clear (&target);
  picture_clear (&source);
  planes_clear (&planes);
  g_free (some);
  g_free (all);
}

static void
check_packed_ranges (const EchoelRows * rows, GstVideoFormat format,
    GString * wrong)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (ranges); i++)
    check_packed_range (rows, format, ranges[i].left, ranges[i].right, wrong);
}

GST_START_TEST (test_packing_a_range_leaves_the_rest)
{
  check_all_formats (check_packed_ranges);
}

GST_END_TEST;

static void
check_without_alpha (const EchoelRows * rows, GstVideoFormat format,
    GString * wrong)
{
  Planes all, some;
  Picture source;
  guint row, c;

  if (rows->n_components < 4)
    return;
  planes_init (&all);
  planes_init (&some);
  picture_init (&source, format, 33, 17);
  fill_random (source.data, source.size, 3);
  unpack_all (rows, &source, &all, 0, 33);
  for (row = 0; row < 17; row++) {
    gpointer at[ECHOEL_MAX_PLANES] = { NULL, };

    for (c = 0; c < 3; c++)
      at[c] = plane_row (rows, &some, c, row);
    echoel_rows_unpack (rows, &source.frame, row, 0, 33, 0, at);
  }
  for (c = 0; c < 3; c++) {
    if (memcmp (all.component[c], some.component[c], PLANE_SIZE) != 0)
      SAY (wrong, rows, "component %u differs", c);
  }
  if (some.component[3][0] != UNTOUCHED)
    SAY (wrong, rows, "writes alpha");
  picture_clear (&source);
  planes_clear (&some);
  planes_clear (&all);
}

/* A component that nobody wants is left out, and changes nothing else. */
GST_START_TEST (test_alpha_can_be_left_out)
{
  check_all_formats (check_without_alpha);
}

GST_END_TEST;

GST_START_TEST (test_formats_that_are_not_rows_are_refused)
{
  static const GstVideoFormat refused[] = {
    GST_VIDEO_FORMAT_UNKNOWN, GST_VIDEO_FORMAT_ENCODED, GST_VIDEO_FORMAT_v210,
    GST_VIDEO_FORMAT_UYVP, GST_VIDEO_FORMAT_RGB8P, GST_VIDEO_FORMAT_RGB16,
    GST_VIDEO_FORMAT_NV12_64Z32, GST_VIDEO_FORMAT_NV12_4L4,
    GST_VIDEO_FORMAT_NV12_10LE32, GST_VIDEO_FORMAT_BGR10A2_LE,
    GST_VIDEO_FORMAT_Y410, GST_VIDEO_FORMAT_r210
  };
  static const GstVideoFormat wanted[] = {
    GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_YV12, GST_VIDEO_FORMAT_NV12,
    GST_VIDEO_FORMAT_NV21, GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_UYVY,
    GST_VIDEO_FORMAT_Y42B, GST_VIDEO_FORMAT_Y444, GST_VIDEO_FORMAT_AYUV,
    GST_VIDEO_FORMAT_A420, GST_VIDEO_FORMAT_BGRx, GST_VIDEO_FORMAT_RGBA,
    GST_VIDEO_FORMAT_RGB, GST_VIDEO_FORMAT_GBR, GST_VIDEO_FORMAT_GRAY8,
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
    GST_VIDEO_FORMAT_P010_10LE, GST_VIDEO_FORMAT_I420_10LE,
    GST_VIDEO_FORMAT_I422_10LE, GST_VIDEO_FORMAT_GRAY16_LE
#else
    GST_VIDEO_FORMAT_P010_10BE, GST_VIDEO_FORMAT_I420_10BE,
    GST_VIDEO_FORMAT_I422_10BE, GST_VIDEO_FORMAT_GRAY16_BE
#endif
  };
  EchoelRows rows;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (refused); i++)
    fail_if (echoel_rows_init (&rows, refused[i]), "%s",
        gst_video_format_to_string (refused[i]));
  for (i = 0; i < G_N_ELEMENTS (wanted); i++)
    fail_unless (echoel_rows_init (&rows, wanted[i]), "%s",
        gst_video_format_to_string (wanted[i]));
}

GST_END_TEST;

static Suite *
pixelrows_suite (void)
{
  Suite *s = suite_create ("pixelrows");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_packing_undoes_unpacking);
  tcase_add_test (tc, test_samples_are_those_that_gstreamer_reads);
  tcase_add_test (tc, test_unpacking_a_range_leaves_the_rest);
  tcase_add_test (tc, test_packing_a_range_leaves_the_rest);
  tcase_add_test (tc, test_alpha_can_be_left_out);
  tcase_add_test (tc, test_formats_that_are_not_rows_are_refused);
  return s;
}

GST_CHECK_MAIN (pixelrows);
