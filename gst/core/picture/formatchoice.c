/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formatchoice.h"

/* Each loss outweighs all that follow it together. */
enum
{
  EXCESS_ORDER = 1,             /* the same samples, laid out otherwise */
  EXCESS_SIZE = 2,              /* a bit a pixel more than needed, 0..64 */
  FAMILY_CHANGE = 1 << 8,
  CHROMA_LOSS = 1 << 10,        /* for each halving of chroma, 0..3 */
  DEPTH_LOSS = 1 << 13,         /* for each bit, 0..8 */
  ALPHA_LOSS = 1 << 17,
  COLOUR_LOSS = 1 << 18
};

static guint
excess (guint have, guint need)
{
  return have > need ? have - need : 0;
}

static guint
bits_per_pixel (const GstVideoFormatInfo * info)
{
  guint c, bits = 0;

  for (c = 0; c < info->n_components; c++)
    bits += info->depth[c] >> (info->w_sub[c] + info->h_sub[c]);
  return bits;
}

guint
echoel_format_loss (GstVideoFormat from, GstVideoFormat to)
{
  const GstVideoFormatInfo *a = gst_video_format_get_info (from);
  const GstVideoFormatInfo *b = gst_video_format_get_info (to);
  const guint families = GST_VIDEO_FORMAT_FLAG_YUV | GST_VIDEO_FORMAT_FLAG_RGB
      | GST_VIDEO_FORMAT_FLAG_GRAY;
  guint loss = EXCESS_ORDER;

  if (from == to)
    return 0;
  loss += EXCESS_SIZE * excess (bits_per_pixel (b), bits_per_pixel (a));
  if ((a->flags & families) != (b->flags & families))
    loss += FAMILY_CHANGE;
  if (a->n_components >= 3 && b->n_components >= 3)
    loss += CHROMA_LOSS * (excess (b->w_sub[1], a->w_sub[1])
        + excess (b->h_sub[1], a->h_sub[1]));
  loss += DEPTH_LOSS * excess (a->depth[0], b->depth[0]);
  if (GST_VIDEO_FORMAT_INFO_HAS_ALPHA (a)
      && !GST_VIDEO_FORMAT_INFO_HAS_ALPHA (b))
    loss += ALPHA_LOSS;
  if (!GST_VIDEO_FORMAT_INFO_IS_GRAY (a) && GST_VIDEO_FORMAT_INFO_IS_GRAY (b))
    loss += COLOUR_LOSS;
  return loss;
}

GstVideoFormat
echoel_format_end (void)
{
  guint i, n, last = GST_VIDEO_FORMAT_I420;
  const GstVideoFormat *formats = gst_video_formats_raw (&n);

  for (i = 0; i < n; i++)
    last = MAX (last, (guint) formats[i]);
  return (GstVideoFormat) (last + 1);
}
