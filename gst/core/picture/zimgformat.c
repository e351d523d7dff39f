/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "zimgformat.h"

/* Indexed by GstVideoColorMatrix. */
static const zimg_matrix_coefficients_e matrices[] = {
  [GST_VIDEO_COLOR_MATRIX_UNKNOWN] = ZIMG_MATRIX_UNSPECIFIED,
  [GST_VIDEO_COLOR_MATRIX_RGB] = ZIMG_MATRIX_RGB,
  [GST_VIDEO_COLOR_MATRIX_FCC] = ZIMG_MATRIX_FCC,
  [GST_VIDEO_COLOR_MATRIX_BT709] = ZIMG_MATRIX_BT709,
  [GST_VIDEO_COLOR_MATRIX_BT601] = ZIMG_MATRIX_ST170_M,
  [GST_VIDEO_COLOR_MATRIX_SMPTE240M] = ZIMG_MATRIX_ST240_M,
  [GST_VIDEO_COLOR_MATRIX_BT2020] = ZIMG_MATRIX_BT2020_NCL,
};

/* Indexed by GstVideoColorPrimaries. */
static const zimg_color_primaries_e primaries[] = {
  [GST_VIDEO_COLOR_PRIMARIES_UNKNOWN] = ZIMG_PRIMARIES_UNSPECIFIED,
  [GST_VIDEO_COLOR_PRIMARIES_BT709] = ZIMG_PRIMARIES_BT709,
  [GST_VIDEO_COLOR_PRIMARIES_BT470M] = ZIMG_PRIMARIES_BT470_M,
  [GST_VIDEO_COLOR_PRIMARIES_BT470BG] = ZIMG_PRIMARIES_BT470_BG,
  [GST_VIDEO_COLOR_PRIMARIES_SMPTE170M] = ZIMG_PRIMARIES_ST170_M,
  [GST_VIDEO_COLOR_PRIMARIES_SMPTE240M] = ZIMG_PRIMARIES_ST240_M,
  [GST_VIDEO_COLOR_PRIMARIES_FILM] = ZIMG_PRIMARIES_FILM,
  [GST_VIDEO_COLOR_PRIMARIES_BT2020] = ZIMG_PRIMARIES_BT2020,
  [GST_VIDEO_COLOR_PRIMARIES_ADOBERGB] = ZIMG_PRIMARIES_UNSPECIFIED,
  [GST_VIDEO_COLOR_PRIMARIES_SMPTEST428] = ZIMG_PRIMARIES_ST428,
  [GST_VIDEO_COLOR_PRIMARIES_SMPTERP431] = ZIMG_PRIMARIES_ST431_2,
  [GST_VIDEO_COLOR_PRIMARIES_SMPTEEG432] = ZIMG_PRIMARIES_ST432_1,
  [GST_VIDEO_COLOR_PRIMARIES_EBU3213] = ZIMG_PRIMARIES_EBU3213_E,
};

static zimg_matrix_coefficients_e
matrix_of (const GstVideoInfo * info)
{
  guint matrix = info->colorimetry.matrix;

  if (GST_VIDEO_INFO_IS_RGB (info))
    return ZIMG_MATRIX_RGB;
  if (matrix == GST_VIDEO_COLOR_MATRIX_RGB || matrix >= G_N_ELEMENTS (matrices))
    return ZIMG_MATRIX_UNSPECIFIED;
  return matrices[matrix];
}

static zimg_color_primaries_e
primaries_of (const GstVideoInfo * info)
{
  guint value = info->colorimetry.primaries;

  return value < G_N_ELEMENTS (primaries) ? primaries[value]
      : ZIMG_PRIMARIES_UNSPECIFIED;
}

static zimg_transfer_characteristics_e
transfer_of (const GstVideoInfo * info)
{
  switch (info->colorimetry.transfer) {
    case GST_VIDEO_TRANSFER_UNKNOWN:
      return ZIMG_TRANSFER_UNSPECIFIED;
    case GST_VIDEO_TRANSFER_GAMMA10:
      return ZIMG_TRANSFER_LINEAR;
    case GST_VIDEO_TRANSFER_SMPTE2084:
      return ZIMG_TRANSFER_ST2084;
    case GST_VIDEO_TRANSFER_ARIB_STD_B67:
      return ZIMG_TRANSFER_ARIB_B67;
    default:
      return ZIMG_TRANSFER_BT709;
  }
}

static zimg_chroma_location_e
chroma_location_of (const GstVideoInfo * info)
{
  switch (GST_VIDEO_INFO_CHROMA_SITE (info)) {
    case GST_VIDEO_CHROMA_SITE_NONE:
      return ZIMG_CHROMA_CENTER;
    case GST_VIDEO_CHROMA_SITE_V_COSITED:
      return ZIMG_CHROMA_TOP;
    case GST_VIDEO_CHROMA_SITE_COSITED:
    case GST_VIDEO_CHROMA_SITE_DV:
      return ZIMG_CHROMA_TOP_LEFT;
    default:
      return ZIMG_CHROMA_LEFT;
  }
}

static void
describe (const GstVideoInfo * info, const EchoelRows * rows, gboolean alpha,
    zimg_image_format * format)
{
  zimg_image_format_default (format, ZIMG_API_VERSION);
  format->width = GST_ROUND_UP_N (GST_VIDEO_INFO_WIDTH (info),
      1u << rows->sub_w);
  format->height = GST_ROUND_UP_N (GST_VIDEO_INFO_HEIGHT (info),
      1u << rows->sub_h);
  format->pixel_type = rows->bytes == 1 ? ZIMG_PIXEL_BYTE : ZIMG_PIXEL_WORD;
  format->depth = rows->depth;
  format->subsample_w = rows->sub_w;
  format->subsample_h = rows->sub_h;
  format->color_family = GST_VIDEO_INFO_IS_GRAY (info) ? ZIMG_COLOR_GREY
      : GST_VIDEO_INFO_IS_RGB (info) ? ZIMG_COLOR_RGB : ZIMG_COLOR_YUV;
  format->matrix_coefficients = matrix_of (info);
  format->color_primaries = primaries_of (info);
  format->transfer_characteristics = transfer_of (info);
  format->pixel_range = GST_VIDEO_INFO_IS_RGB (info)
      || info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255
      ? ZIMG_RANGE_FULL : ZIMG_RANGE_LIMITED;
  format->chroma_location = chroma_location_of (info);
  format->alpha = alpha ? ZIMG_ALPHA_STRAIGHT : ZIMG_ALPHA_NONE;
}

/* The matrix that @info most likely has when its caps do not say. */
static zimg_matrix_coefficients_e
likely_matrix (const GstVideoInfo * info)
{
  return GST_VIDEO_INFO_HEIGHT (info) > 576 ? ZIMG_MATRIX_BT709
      : ZIMG_MATRIX_ST170_M;
}

static void
settle_unknown_matrix (const GstVideoInfo * info, zimg_image_format * format,
    const zimg_image_format * other)
{
  if (format->matrix_coefficients != ZIMG_MATRIX_UNSPECIFIED)
    return;
  format->matrix_coefficients = other->color_family == ZIMG_COLOR_YUV
      && other->matrix_coefficients != ZIMG_MATRIX_UNSPECIFIED
      ? other->matrix_coefficients : likely_matrix (info);
}

/* zimg wants both or neither side of a conversion defined. */
static void
settle_light (zimg_image_format * a, zimg_image_format * b)
{
  if (a->transfer_characteristics == ZIMG_TRANSFER_UNSPECIFIED)
    a->transfer_characteristics = b->transfer_characteristics;
  if (b->transfer_characteristics == ZIMG_TRANSFER_UNSPECIFIED)
    b->transfer_characteristics = a->transfer_characteristics;
  if (a->color_primaries == ZIMG_PRIMARIES_UNSPECIFIED)
    a->color_primaries = b->color_primaries;
  if (b->color_primaries == ZIMG_PRIMARIES_UNSPECIFIED)
    b->color_primaries = a->color_primaries;
  if (a->transfer_characteristics == ZIMG_TRANSFER_UNSPECIFIED)
    a->transfer_characteristics = b->transfer_characteristics =
        ZIMG_TRANSFER_BT709;
  if (a->color_primaries == ZIMG_PRIMARIES_UNSPECIFIED)
    a->color_primaries = b->color_primaries = ZIMG_PRIMARIES_BT709;
}

void
echoel_zimg_formats (const GstVideoInfo * in, const EchoelRows * in_rows,
    const GstVideoInfo * out, const EchoelRows * out_rows,
    zimg_image_format * in_format, zimg_image_format * out_format)
{
  gboolean out_alpha = out_rows->n_components == 4;

  describe (in, in_rows, in_rows->n_components == 4 && out_alpha, in_format);
  describe (out, out_rows, out_alpha, out_format);
  settle_unknown_matrix (in, in_format, out_format);
  settle_unknown_matrix (out, out_format, in_format);
  settle_light (in_format, out_format);
}
