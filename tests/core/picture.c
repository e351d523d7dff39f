/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture.h"

#include "formatchoice.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Around each plane, and between its rows. */
#define GUARD 192
#define GUARD_BYTE 0xa5

/* Enough to see what is wrong with a table. */
#define MAX_COMPLAINTS 25

static GString *complaints;
static guint n_complaints;

void
picture_complain (const gchar * format, ...)
{
  va_list args;

  if (complaints == NULL)
    complaints = g_string_new (NULL);
  if (++n_complaints > MAX_COMPLAINTS)
    return;
  va_start (args, format);
  g_string_append (complaints, "\n  ");
  g_string_append_vprintf (complaints, format, args);
  va_end (args);
}

void
picture_verdict (void)
{
  guint n = n_complaints;
  GString *text = complaints;

  n_complaints = 0;
  complaints = NULL;
  fail_unless (n == 0, "%u complaints:%s", n, text ? text->str : "");
}

guint
picture_plane_rows (const GstVideoInfo * info, guint plane)
{
  guint c = 0;

  while (info->finfo->plane[c] != plane)
    c++;
  return GST_VIDEO_INFO_COMP_HEIGHT (info, c);
}

void
picture_init (Picture * picture, const gchar * format, guint width,
    guint height, PictureAlignment alignment)
{
  /* Of the start of a plane. */
  static const guint skew[] = {
    [PICTURE_ODD] = 5,
    [PICTURE_ALIGNED] = 0,
    [PICTURE_HALF_ALIGNED] = ECHOEL_SCALER_ALIGN / 2
  };
  GstVideoInfo *info = &picture->frame.info;
  guint p;

  memset (picture, 0, sizeof (*picture));
  picture->alignment = alignment;
  fail_unless (gst_video_info_set_format (info,
          gst_video_format_from_string (format), width, height), "%s", format);
  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++) {
    gint stride = GST_VIDEO_INFO_PLANE_STRIDE (info, p);
    gsize size;

    picture->row_size[p] = (guint) stride;
    if (alignment == PICTURE_ODD)
      stride += 13;
    else
      stride = GST_ROUND_UP_N (stride, ECHOEL_SCALER_ALIGN)
          + (alignment == PICTURE_HALF_ALIGNED ? ECHOEL_SCALER_ALIGN / 2 : 0);
    size = (gsize) stride *picture_plane_rows (info, p);
    picture->size[p] = size;
    picture->memory[p] = g_aligned_alloc (1, size + 2 * GUARD
        + ECHOEL_SCALER_ALIGN, ECHOEL_SCALER_ALIGN);
    memset (picture->memory[p], GUARD_BYTE, size + 2 * GUARD
        + ECHOEL_SCALER_ALIGN);
    info->stride[p] = stride;
    picture->frame.data[p] = picture->memory[p] + GUARD + skew[alignment];
  }
}

void
picture_clear (Picture * picture)
{
  guint p;

  for (p = 0; p < GST_VIDEO_MAX_PLANES; p++)
    g_aligned_free (picture->memory[p]);
}

void
picture_set_colours (Picture * picture, const gchar * colorimetry)
{
  fail_unless (gst_video_colorimetry_from_string (&picture->frame.
          info.colorimetry, colorimetry));
}

static gboolean
is_guard (const guint8 * start, gsize size)
{
  gsize i = 0;

  while (i < size && start[i] == GUARD_BYTE)
    i++;
  return i == size;
}

/* zimg may use what is left of an aligned row; nothing else. */
void
picture_check_guards (const Picture * picture)
{
  const GstVideoInfo *info = &picture->frame.info;
  guint p, row;

  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++) {
    const guint8 *start = picture->frame.data[p];
    guint stride = info->stride[p], used = picture->row_size[p];
    guint rows = picture_plane_rows (info, p);

    if (!is_guard (picture->memory[p], start - picture->memory[p]))
      picture_complain ("%s: writes before plane %u", info->finfo->name, p);
    if (!is_guard (start + picture->size[p], GUARD))
      picture_complain ("%s: writes behind plane %u", info->finfo->name, p);
    for (row = 0; row < rows && picture->alignment != PICTURE_ALIGNED; row++) {
      if (!is_guard (start + (gsize) row * stride + used, stride - used))
        picture_complain ("%s: writes behind row %u of plane %u",
            info->finfo->name, row, p);
    }
  }
}

/* The same pixels as GStreamer's own code wants them: it needs alignment. */
typedef struct
{
  const GstVideoInfo *info;     /* for all but the strides */
  gint stride[GST_VIDEO_MAX_PLANES];
  gpointer data[GST_VIDEO_MAX_PLANES];
  gpointer line;                /* room for a row, unpacked */
} Natural;

static void
natural_init (Natural * natural, const Picture * picture)
{
  const GstVideoInfo *info = &picture->frame.info;
  guint p;

  memset (natural, 0, sizeof (*natural));
  natural->info = info;
  natural->line = g_malloc0 (sizeof (guint64) * (info->width + 16));
  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (info); p++) {
    natural->stride[p] = picture->row_size[p];
    natural->data[p] = g_aligned_alloc (picture_plane_rows (info, p),
        picture->row_size[p], ECHOEL_SCALER_ALIGN);
  }
}

static void
natural_clear (Natural * natural)
{
  guint p;

  for (p = 0; p < GST_VIDEO_MAX_PLANES; p++)
    g_aligned_free (natural->data[p]);
  g_free (natural->line);
}

static void
natural_copy (Natural * natural, const Picture * picture, gboolean back)
{
  guint p, row;

  for (p = 0; p < GST_VIDEO_INFO_N_PLANES (natural->info); p++) {
    guint size = picture->row_size[p];

    for (row = 0; row < picture_plane_rows (natural->info, p); row++) {
      guint8 *ours = (guint8 *) natural->data[p] + (gsize) row * size;
      guint8 *theirs = (guint8 *) picture->frame.data[p]
          + (gsize) row * natural->info->stride[p];

      memcpy (back ? theirs : ours, back ? ours : theirs, size);
    }
  }
}

/* A row is A, then the components, in 8 or 16 bits each. */
static void
natural_read (Natural * natural, guint row)
{
  const GstVideoFormatInfo *finfo = natural->info->finfo;

  finfo->unpack_func (finfo, GST_VIDEO_PACK_FLAG_TRUNCATE_RANGE, natural->line,
      natural->data, natural->stride, 0, row, natural->info->width);
}

static void
natural_write (Natural * natural, guint row)
{
  const GstVideoFormatInfo *finfo = natural->info->finfo;

  finfo->pack_func (finfo, GST_VIDEO_PACK_FLAG_NONE, natural->line, 0,
      natural->data, natural->stride, natural->info->chroma_site, row,
      natural->info->width);
}

static gboolean
reads_wide (const GstVideoFormatInfo * finfo)
{
  return gst_video_format_get_info (finfo->unpack_format)->bits == 16;
}

static guint
sample (const GstVideoFormatInfo * finfo, gconstpointer line, guint x, guint c)
{
  guint slot = c == 3 ? 0 : c + 1;

  if (!reads_wide (finfo))
    return ((const guint8 *) line)[4 * x + slot];
  return ((const guint16 *) line)[4 * x + slot] >> (16 - finfo->depth[0]);
}

void
picture_fill_random (Picture * picture, guint32 seed)
{
  GRand *rand = g_rand_new_with_seed (seed);
  guint row, x, width = picture->frame.info.width;
  Natural natural;

  natural_init (&natural, picture);
  natural_copy (&natural, picture, FALSE);
  for (row = 0; row < (guint) picture->frame.info.height; row++) {
    for (x = 0; x < 2 * width; x++)
      ((guint32 *) natural.line)[x] = g_rand_int (rand);
    natural_write (&natural, row);
  }
  natural_copy (&natural, picture, TRUE);
  natural_clear (&natural);
  g_rand_free (rand);
}

void
picture_fill_flat (Picture * picture, const guint value[4])
{
  const GstVideoFormatInfo *finfo = picture->frame.info.finfo;
  guint row, x, slot;
  Natural natural;

  natural_init (&natural, picture);
  natural_copy (&natural, picture, FALSE);
  for (x = 0; x < (guint) picture->frame.info.width; x++) {
    for (slot = 0; slot < 4; slot++) {
      guint v = value[slot == 0 ? 3 : slot - 1];

      if (reads_wide (finfo))
        ((guint16 *) natural.line)[4 * x + slot] = v << (16 - finfo->depth[0]);
      else
        ((guint8 *) natural.line)[4 * x + slot] = v;
    }
  }
  for (row = 0; row < (guint) picture->frame.info.height; row++)
    natural_write (&natural, row);
  natural_copy (&natural, picture, TRUE);
  natural_clear (&natural);
}

static gboolean
check_row (const Natural * natural, guint row, const guint value[4],
    guint first, guint last, guint tolerance)
{
  const GstVideoInfo *info = natural->info;
  guint x, c;

  for (x = 0; x < (guint) info->width; x++) {
    for (c = first; c <= MIN (last, info->finfo->n_components - 1); c++) {
      guint have = sample (info->finfo, natural->line, x, c);

      if (have + tolerance >= value[c] && have <= value[c] + tolerance)
        continue;
      picture_complain ("%s %ux%u: component %u of %u,%u is %u, not %u",
          info->finfo->name, info->width, info->height, c, x, row, have,
          value[c]);
      return FALSE;
    }
  }
  return TRUE;
}

void
picture_check_flat (const Picture * picture, const guint value[4], guint first,
    guint last, guint tolerance)
{
  guint row = 0, height = picture->frame.info.height;
  Natural natural;

  natural_init (&natural, picture);
  natural_copy (&natural, picture, FALSE);
  do
    natural_read (&natural, row);
  while (check_row (&natural, row, value, first, last, tolerance)
      && ++row < height);
  natural_clear (&natural);
}

static gboolean
rows_are_same (const Natural * a, guint left, const Natural * b)
{
  const GstVideoFormatInfo *finfo = b->info->finfo;
  guint x, c;

  for (x = 0; x < (guint) b->info->width; x++) {
    for (c = 0; c < finfo->n_components; c++) {
      if (sample (finfo, a->line, left + x, c) != sample (finfo, b->line, x, c))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
picture_check_same (const Picture * outer, guint left, guint top,
    const Picture * inner)
{
  const GstVideoInfo *info = &inner->frame.info;
  guint row = 0, height = info->height;
  Natural a, b;

  natural_init (&a, outer);
  natural_init (&b, inner);
  natural_copy (&a, outer, FALSE);
  natural_copy (&b, inner, FALSE);
  do {
    natural_read (&a, top + row);
    natural_read (&b, row);
  } while (rows_are_same (&a, left, &b) && ++row < height);
  natural_clear (&a);
  natural_clear (&b);
  if (row < height)
    picture_complain ("%s %ux%u: row %u differs", info->finfo->name,
        info->width, info->height, row);
  return row == height;
}

EchoelWindow
picture_window (const Picture * picture)
{
  EchoelRaster raster = { picture->frame.info.width,
    picture->frame.info.height, {1, 1}
  };

  return echoel_window_full (&raster);
}

void
picture_scale_with (const Picture * in, Picture * out, EchoelWindow window,
    EchoelFilter filter)
{
  GError *error = NULL;
  EchoelScaler *scaler = echoel_scaler_new (&in->frame.info, &out->frame.info,
      &window, filter, &error);

  fail_unless (scaler != NULL, "%s %dx%d to %s %dx%d: %s",
      in->frame.info.finfo->name, in->frame.info.width, in->frame.info.height,
      out->frame.info.finfo->name, out->frame.info.width,
      out->frame.info.height, error ? error->message : "no error");
  fail_unless (echoel_scaler_run (scaler, &in->frame, &out->frame, &error),
      "%s", error ? error->message : "no error");
  fail_unless (error == NULL);
  echoel_scaler_free (scaler);
  picture_check_guards (out);
}

void
picture_scale (const Picture * in, Picture * out)
{
  picture_scale_with (in, out, picture_window (in), ECHOEL_FILTER_BICUBIC);
}

void
picture_for_all_formats (PictureForFormat check)
{
  guint format, n = 0;

  for (format = GST_VIDEO_FORMAT_I420; format < echoel_format_end (); format++) {
    if (!echoel_scaler_supports (format))
      continue;
    check (gst_video_format_to_string (format));
    n++;
  }
  fail_unless (n > 40, "only %u formats", n);
}
