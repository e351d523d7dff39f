/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropcaps.h"

#include <gst/video/video.h>

#include "formatchoice.h"
#include "geometry.h"
#include "scaler.h"

/* Fields of a picture that this element can change. */
static const gchar *const changed_fields[] = {
  "format", "width", "height", "pixel-aspect-ratio", "colorimetry",
  "chroma-site", "mastering-display-info", "content-light-level"
};

/* Memory of GPUs for which some element reads GstVideoCropMeta. No pixel of it
 * is touched here: it can be cropped for that element and nothing else. */
static const struct
{
  const gchar *feature, *croppers;
} hardware[] = {
  /* *INDENT-OFF* */
  /* Elements that add GstVideoCropMeta to the ALLOCATION query: GStreamer's
   * sys/va, sys/d3d11, sys/d3d12, sys/nvcodec of 1.28. */
  {"memory:VAMemory", "vapostproc"},
  {"memory:D3D11Memory", "d3d11convert"},
  {"memory:D3D12Memory", "d3d12convert"},
  {"memory:CUDAMemory", "cudaconvertscale of GStreamer 1.28 or later"},
  {"memory:DMABuf", "vapostproc"}
  /* *INDENT-ON* */
};

static gboolean
is_system (GstCapsFeatures * features)
{
  return gst_caps_features_is_any (features)
      || gst_caps_features_is_equal (features,
      GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY);
}

/* Returns: the index in hardware[], its length when it is not there */
static guint
find_hardware (GstCapsFeatures * features)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (hardware); i++) {
    if (gst_caps_features_get_size (features) == 1
        && gst_caps_features_contains (features, hardware[i].feature))
      break;
  }
  return i;
}

const gchar *
echoel_crop_caps_croppers (const GstCaps * caps)
{
  guint i = find_hardware (gst_caps_get_features (caps, 0));

  return i < G_N_ELEMENTS (hardware) ? hardware[i].croppers : NULL;
}

static void
set_format_list (GstStructure * s)
{
  GValue list = G_VALUE_INIT, name = G_VALUE_INIT;
  guint format;

  g_value_init (&list, GST_TYPE_LIST);
  g_value_init (&name, G_TYPE_STRING);
  for (format = GST_VIDEO_FORMAT_I420; format < (guint) echoel_format_end ();
      format++) {
    if (!echoel_scaler_supports (format))
      continue;
    g_value_set_static_string (&name, gst_video_format_to_string (format));
    gst_value_list_append_value (&list, &name);
  }
  gst_structure_take_value (s, "format", &list);
  g_value_unset (&name);
}

static void
set_any_size (GstStructure * s)
{
  gst_structure_set (s, "width", GST_TYPE_INT_RANGE, 1, G_MAXINT,
      "height", GST_TYPE_INT_RANGE, 1, G_MAXINT, NULL);
}

GstCaps *
echoel_crop_template_caps (void)
{
  GstStructure *s = gst_structure_new_empty ("video/x-raw"), *system;
  GstCaps *caps;
  guint i;

  set_any_size (s);
  gst_structure_set (s, "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT,
      1, NULL);
  system = gst_structure_copy (s);
  set_format_list (system);
  caps = gst_caps_new_full (system, NULL);
  for (i = 0; i < G_N_ELEMENTS (hardware); i++)
    gst_caps_append_structure_full (caps, gst_structure_copy (s),
        gst_caps_features_new (hardware[i].feature, NULL));
  gst_structure_free (s);
  return caps;
}

/* A copy of @s without what this element can change. */
static GstStructure *
widen (const GstStructure * s)
{
  GstStructure *wide = gst_structure_copy (s);
  guint f;

  for (f = 0; f < G_N_ELEMENTS (changed_fields); f++)
    gst_structure_remove_field (wide, changed_fields[f]);
  set_any_size (wide);
  return wide;
}

/* The least or the greatest size that @s allows. */
static gint
size_limit (const GstStructure * s, const gchar * field, gboolean greatest)
{
  const GValue *value = gst_structure_get_value (s, field);

  if (value != NULL && G_VALUE_HOLDS_INT (value))
    return g_value_get_int (value);
  if (value != NULL && GST_VALUE_HOLDS_INT_RANGE (value))
    return greatest ? gst_value_get_int_range_max (value)
        : gst_value_get_int_range_min (value);
  return greatest ? G_MAXINT : 1;
}

/* A crop has at most the size of what comes in. */
static void
widen_crop (GstStructure * s, const gchar * field, GstPadDirection direction)
{
  if (direction == GST_PAD_SINK)
    gst_structure_set (s, field, GST_TYPE_INT_RANGE, 1,
        MAX (size_limit (s, field, TRUE), 2), NULL);
  else
    gst_structure_set (s, field, GST_TYPE_INT_RANGE,
        MIN (size_limit (s, field, FALSE), G_MAXINT - 1), G_MAXINT, NULL);
}

static GstCaps *
widen_hardware (const GstCaps * caps, GstPadDirection direction)
{
  GstCaps *wide = gst_caps_new_empty ();
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++) {
    GstCapsFeatures *features = gst_caps_get_features (caps, i);
    GstStructure *s;

    if (is_system (features)
        || find_hardware (features) == G_N_ELEMENTS (hardware))
      continue;
    s = gst_structure_copy (gst_caps_get_structure (caps, i));
    widen_crop (s, "width", direction);
    widen_crop (s, "height", direction);
    wide = gst_caps_merge_structure_full (wide, s,
        gst_caps_features_copy (features));
  }
  return wide;
}

/* @all: (transfer full) */
static GstCaps *
filtered (GstCaps * all, GstCaps * filter)
{
  GstCaps *caps;

  if (filter == NULL)
    return all;
  caps = gst_caps_intersect_full (all, filter, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (all);
  return caps;
}

GstCaps *
echoel_crop_widen_caps (const GstCaps * caps, GstPadDirection direction,
    GstCaps * filter)
{
  GstCaps *same_format = gst_caps_new_empty ();
  GstCaps *any_format = gst_caps_new_empty ();
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *s = gst_caps_get_structure (caps, i);
    GstStructure *wide;

    if (!is_system (gst_caps_get_features (caps, i)))
      continue;
    if (gst_structure_has_field (s, "format")) {
      wide = widen (s);
      gst_structure_set_value (wide, "format", gst_structure_get_value (s,
              "format"));
      same_format = gst_caps_merge_structure (same_format, wide);
    }
    wide = widen (s);
    set_format_list (wide);
    any_format = gst_caps_merge_structure (any_format, wide);
  }
  return filtered (gst_caps_merge (gst_caps_merge (same_format, any_format),
          widen_hardware (caps, direction)), filter);
}

GstCaps *
echoel_crop_prefer_system (GstCaps * caps)
{
  gboolean system = FALSE;
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++)
    system = system || is_system (gst_caps_get_features (caps, i));
  if (!system)
    return caps;
  caps = gst_caps_make_writable (caps);
  for (i = gst_caps_get_size (caps); i > 0; i--) {
    if (!is_system (gst_caps_get_features (caps, i - 1)))
      gst_caps_remove_structure (caps, i - 1);
  }
  return caps;
}

static void
try_format (const GValue * value, GstVideoFormat from, guint * best_loss,
    GstVideoFormat * best)
{
  GstVideoFormat format;
  guint loss;

  if (!G_VALUE_HOLDS_STRING (value))
    return;
  format = gst_video_format_from_string (g_value_get_string (value));
  if (format == GST_VIDEO_FORMAT_UNKNOWN)
    return;
  loss = echoel_format_loss (from, format);
  if (loss < *best_loss) {
    *best_loss = loss;
    *best = format;
  }
}

static void
fixate_format (GstStructure * out, GstVideoFormat from)
{
  const GValue *formats = gst_structure_get_value (out, "format");
  GstVideoFormat best = from;
  guint i, loss = G_MAXUINT;

  if (formats != NULL && GST_VALUE_HOLDS_LIST (formats)) {
    for (i = 0; i < gst_value_list_get_size (formats); i++)
      try_format (gst_value_list_get_value (formats, i), from, &loss, &best);
  } else if (formats != NULL) {
    try_format (formats, from, &loss, &best);
  }
  gst_structure_set (out, "format", G_TYPE_STRING,
      gst_video_format_to_string (best), NULL);
}

/* The pixel shape nearest to @wanted that @out allows. */
static EchoelRatio
fixate_par (GstStructure * out, EchoelRatio wanted)
{
  EchoelRatio par = { 1, 1 };
  gint n = 1, d = 1;

  if (!gst_structure_has_field (out, "pixel-aspect-ratio"))
    gst_structure_set (out, "pixel-aspect-ratio", GST_TYPE_FRACTION,
        (gint) wanted.num, (gint) wanted.den, NULL);
  else
    gst_structure_fixate_field_nearest_fraction (out, "pixel-aspect-ratio",
        (gint) wanted.num, (gint) wanted.den);
  if (gst_structure_get_fraction (out, "pixel-aspect-ratio", &n, &d) && n > 0
      && d > 0) {
    par.num = n;
    par.den = d;
  }
  return par;
}

static guint
fixate_int (GstStructure * out, const gchar * field, guint wanted)
{
  gint value = (gint) wanted;

  gst_structure_fixate_field_nearest_int (out, field, value);
  gst_structure_get_int (out, field, &value);
  return (guint) value;
}

/* Sizes that are computed here are whole chroma samples. */
static guint
whole_chroma (guint pixels, guint sub)
{
  guint step = 1u << sub;

  return MAX ((pixels + step / 2) & ~(step - 1), step);
}

typedef struct
{
  EchoelRaster raster;          /* of the source */
  EchoelRatio aspect;           /* to show */
  gboolean aspect_given;
  guint sub_w, sub_h;           /* log2, the coarser of source and target */
} Wish;

/* Both sizes are fixed: only the shape of the pixels may be open. */
static void
fixate_pixels (GstStructure * out, const Wish * wish, gint width, gint height)
{
  EchoelRatio par = { 1, 1 };

  if (wish->aspect_given) {
    EchoelRaster turned = { (guint) height, (guint) width, wish->aspect };

    par = echoel_raster_aspect (&turned);
  }
  fixate_par (out, par);
}

/* One size is fixed: the other follows from the aspect. */
static void
fixate_other_size (GstStructure * out, const Wish * wish, gint width,
    gint height)
{
  const EchoelRatio square = { 1, 1 };
  EchoelRatio par = fixate_par (out, square);

  if (width > 0)
    fixate_int (out, "height",
        whole_chroma (echoel_raster_height_for (width, wish->aspect, par),
            wish->sub_h));
  else
    fixate_int (out, "width",
        whole_chroma (echoel_raster_width_for (height, wish->aspect, par),
            wish->sub_w));
}

/* No size is fixed: nothing is scaled unless downstream's limits ask for it,
 * and then the aspect stays. */
static void
fixate_free_size (GstStructure * out, const Wish * wish)
{
  EchoelRatio par = fixate_par (out, wish->raster.par);
  EchoelRect rect = { 0, 0, wish->raster.width, wish->raster.height };
  gboolean reshaped = par.num != wish->raster.par.num
      || par.den != wish->raster.par.den;
  GstStructure *limits = gst_structure_copy (out);
  guint width, height;

  if (wish->aspect_given)
    rect = echoel_rect_cover (&wish->raster, wish->aspect, 0.5, 0.5,
        1u << wish->sub_w, 1u << wish->sub_h);
  if (reshaped)
    rect.width = whole_chroma (echoel_raster_width_for (rect.height,
            wish->aspect, par), wish->sub_w);

  width = fixate_int (out, "width", rect.width);
  if (width != rect.width)
    rect.height = whole_chroma (echoel_raster_height_for (width, wish->aspect,
            par), wish->sub_h);
  height = fixate_int (out, "height", rect.height);
  if (height != rect.height) {
    width = fixate_int (limits, "width",
        whole_chroma (echoel_raster_width_for (height, wish->aspect, par),
            wish->sub_w));
    gst_structure_set (out, "width", G_TYPE_INT, (gint) width, NULL);
  }
  gst_structure_free (limits);
}

static void
fixate_size (GstStructure * out, const Wish * wish)
{
  gint width = 0, height = 0;

  gst_structure_get_int (out, "width", &width);
  gst_structure_get_int (out, "height", &height);
  if (width > 0 && height > 0)
    fixate_pixels (out, wish, width, height);
  else if (width > 0 || height > 0)
    fixate_other_size (out, wish, width, height);
  else
    fixate_free_size (out, wish);
}

/* Takes the source's @field where @out allows it. */
static void
keep_field (GstStructure * out, const GstStructure * in, const gchar * field)
{
  const GValue *have = gst_structure_get_value (in, field);
  const GValue *allowed = gst_structure_get_value (out, field);

  if (have != NULL && (allowed == NULL || gst_value_intersect (NULL, have,
              allowed)))
    gst_structure_set_value (out, field, have);
}

static gboolean
is_rgb (const GstStructure * s)
{
  const gchar *name = gst_structure_get_string (s, "format");
  GstVideoFormat format = name ? gst_video_format_from_string (name)
      : GST_VIDEO_FORMAT_UNKNOWN;

  return format > GST_VIDEO_FORMAT_ENCODED
      && GST_VIDEO_FORMAT_INFO_IS_RGB (gst_video_format_get_info (format));
}

static gboolean
is_same_field (const GstStructure * a, const GstStructure * b,
    const gchar * field)
{
  const GValue *one = gst_structure_get_value (a, field);
  const GValue *other = gst_structure_get_value (b, field);

  return one != NULL && other != NULL
      && gst_value_compare (one, other) == GST_VALUE_EQUAL;
}

static gboolean
is_same_picture (const GstStructure * in, const GstStructure * out)
{
  return is_same_field (in, out, "format") && is_same_field (in, out, "width")
      && is_same_field (in, out, "height");
}

/* With colorimetry, caps without a chroma site mean an unknown one. */
static void
say_colours (GstStructure * out, const GstVideoInfo * info,
    const gchar * colorimetry)
{
  const gchar *site = gst_video_chroma_to_string (info->chroma_site);

  gst_structure_set (out, "colorimetry", G_TYPE_STRING, colorimetry, NULL);
  if (info->chroma_site != GST_VIDEO_CHROMA_SITE_UNKNOWN && site != NULL
      && !gst_structure_has_field (out, "chroma-site"))
    gst_structure_set (out, "chroma-site", G_TYPE_STRING, site, NULL);
}

/* What the colours of the source are in the target's family. A YUV source
 * says it all for a YUV target, and so for RGB; across the families the
 * format's default is what players expect. */
static void
fixate_colours (GstStructure * out, const GstStructure * in,
    const GstVideoInfo * info)
{
  gchar *colorimetry = gst_video_colorimetry_to_string (&info->colorimetry);

  if (is_rgb (in) == is_rgb (out)) {
    /* What caps leave out is guessed from the size: say it when that changes,
     * and leave caps that stay as they are alone. */
    if (colorimetry != NULL && !gst_structure_has_field (out, "colorimetry")
        && (gst_structure_has_field (in, "colorimetry")
            || !is_same_picture (in, out)))
      say_colours (out, info, colorimetry);
    keep_field (out, in, "colorimetry");
    keep_field (out, in, "chroma-site");
    keep_field (out, in, "mastering-display-info");
    keep_field (out, in, "content-light-level");
  }
  g_free (colorimetry);
}

GstCaps *
echoel_crop_fixate_caps (const GstCaps * caps, GstCaps * othercaps,
    gint aspect_n, gint aspect_d)
{
  const GstStructure *in = gst_caps_get_structure (caps, 0);
  GstStructure *out;
  GstVideoInfo info;
  GstVideoFormat format;
  Wish wish;

  if (gst_caps_is_empty (othercaps) || !gst_video_info_from_caps (&info, caps))
    return othercaps;
  othercaps = gst_caps_make_writable (gst_caps_truncate (othercaps));
  out = gst_caps_get_structure (othercaps, 0);

  fixate_format (out, GST_VIDEO_INFO_FORMAT (&info));
  format = gst_video_format_from_string (gst_structure_get_string (out,
          "format"));
  wish.raster.width = GST_VIDEO_INFO_WIDTH (&info);
  wish.raster.height = GST_VIDEO_INFO_HEIGHT (&info);
  wish.raster.par.num = GST_VIDEO_INFO_PAR_N (&info);
  wish.raster.par.den = GST_VIDEO_INFO_PAR_D (&info);
  wish.aspect_given = aspect_n > 0;
  wish.aspect = echoel_raster_aspect (&wish.raster);
  if (wish.aspect_given) {
    wish.aspect.num = (guint) aspect_n;
    wish.aspect.den = (guint) aspect_d;
  }
  wish.sub_w = MAX (GST_VIDEO_FORMAT_INFO_W_SUB (info.finfo, 1),
      GST_VIDEO_FORMAT_INFO_W_SUB (gst_video_format_get_info (format), 1));
  wish.sub_h = MAX (GST_VIDEO_FORMAT_INFO_H_SUB (info.finfo, 1),
      GST_VIDEO_FORMAT_INFO_H_SUB (gst_video_format_get_info (format), 1));

  fixate_size (out, &wish);
  fixate_colours (out, in, &info);
  return othercaps;
}

void
echoel_crop_answer_caps (GstQuery * query, GstPadTemplate * templ)
{
  GstCaps *result, *filter;

  gst_query_parse_caps_result (query, &result);
  if (!gst_caps_is_empty (result)) {
    result = echoel_crop_prefer_system (gst_caps_ref (result));
  } else {
    gst_query_parse_caps (query, &filter);
    result = filtered (gst_pad_template_get_caps (templ), filter);
  }
  gst_query_set_caps_result (query, result);
  gst_caps_unref (result);
}
