/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cropsettings.h"

#include "camerapath.h"

#define DEFAULT_BACKGROUND 0xff000000
#define DEFAULT_ANCHOR 0.5
#define DEFAULT_FILTER ECHOEL_FILTER_BICUBIC
#define MAX_ZOOM 10.0

/* *INDENT-OFF* */
#define DEFINE_ENUM(Name, name, ...) \
static GType \
gst_echoel_crop_##name##_get_type (void) \
{ \
  static gsize type = 0; \
  static const GEnumValue values[] = { __VA_ARGS__, {0, NULL, NULL} }; \
  if (g_once_init_enter (&type)) \
    g_once_init_leave (&type, \
        g_enum_register_static ("GstEchoelCrop" #Name, values)); \
  return type; \
}

/**
 * GstEchoelCropFit:
 *
 * How the picture is made to fit the target's shape.
 */
DEFINE_ENUM (Fit, fit,
    {ECHOEL_FIT_COVER, "Crop what does not fit the shape", "cover"},
    {ECHOEL_FIT_CONTAIN, "Show all of it, between bars of the background",
        "contain"},
    {ECHOEL_FIT_BLUR, "Show all of it, over a blurred copy of itself", "blur"},
    {ECHOEL_FIT_STRETCH, "Show all of it, distorted", "stretch"})

/**
 * GstEchoelCropFilter:
 *
 * The resampling filter, for luma and chroma.
 */
DEFINE_ENUM (Filter, filter,
    {ECHOEL_FILTER_BILINEAR, "Bilinear, fast and soft", "bilinear"},
    {ECHOEL_FILTER_BICUBIC, "Bicubic (Catmull-Rom)", "bicubic"},
    {ECHOEL_FILTER_LANCZOS, "Lanczos, three lobes, sharpest", "lanczos"},
    {ECHOEL_FILTER_SPLINE36, "Spline36, sharp with little ringing", "spline36"})

/**
 * GstEchoelCropFollow:
 *
 * What the window of fit=cover follows.
 */
DEFINE_ENUM (Follow, follow,
    {CROP_FOLLOW_NONE, "Stay at the anchor", "none"},
    {CROP_FOLLOW_REGIONS, "Follow the regions that a detector upstream marks",
        "regions"},
    {CROP_FOLLOW_MOTION, "Follow what moves", "motion"},
    {CROP_FOLLOW_AUTO, "Follow regions, else what moves, else stay", "auto"})
/* *INDENT-ON* */

void
crop_settings_init (CropSettings * settings)
{
  memset (settings, 0, sizeof (*settings));
  settings->aspect_d = 1;
  settings->background = DEFAULT_BACKGROUND;
  settings->anchor_x = settings->anchor_y = DEFAULT_ANCHOR;
  settings->zoom = 1.0;
  settings->filter = DEFAULT_FILTER;
  settings->max_speed = ECHOEL_PATH_MAX_SPEED;
  settings->max_acceleration = ECHOEL_PATH_MAX_ACCELERATION;
  settings->dead_band = ECHOEL_PATH_DEAD_BAND;
}

void
crop_settings_clear (CropSettings * settings)
{
  g_clear_pointer (&settings->region_types, g_free);
}

void
crop_settings_copy (CropSettings * to, const CropSettings * from)
{
  *to = *from;
  to->region_types = g_strdup (from->region_types);
}

/* Four fractions: top, right, bottom, left. Fewer leave the rest at 0; what
 * is no fraction counts as 0, and so do two that leave nothing between. */
static void
set_safe_area (CropSafeArea * area, const GValue * value)
{
  gdouble *sides[] = { &area->top, &area->right, &area->bottom, &area->left };
  guint i, n = gst_value_array_get_size (value);

  for (i = 0; i < G_N_ELEMENTS (sides); i++) {
    gdouble side = 0.0;

    if (i < n)
      side = g_value_get_double (gst_value_array_get_value (value, i));
    *sides[i] = side > 0.0 && side < 1.0 ? side : 0.0;
  }
  if (area->top + area->bottom >= 1.0)
    area->top = area->bottom = 0.0;
  if (area->left + area->right >= 1.0)
    area->left = area->right = 0.0;
}

static void
get_safe_area (const CropSafeArea * area, GValue * value)
{
  const gdouble sides[] = { area->top, area->right, area->bottom, area->left };
  GValue side = G_VALUE_INIT;
  guint i;

  /* Nothing covered is no array at all, as the property's default says. */
  if (area->top + area->right + area->bottom + area->left == 0.0)
    return;
  g_value_init (&side, G_TYPE_DOUBLE);
  for (i = 0; i < G_N_ELEMENTS (sides); i++) {
    g_value_set_double (&side, sides[i]);
    gst_value_array_append_value (value, &side);
  }
  g_value_unset (&side);
}

gboolean
crop_settings_set (CropSettings * settings, guint id, const GValue * value)
{
  switch (id) {
    case CROP_PROP_ASPECT_RATIO:
      settings->aspect_n = gst_value_get_fraction_numerator (value);
      settings->aspect_d = gst_value_get_fraction_denominator (value);
      break;
    case CROP_PROP_FIT:
      settings->fit = g_value_get_enum (value);
      break;
    case CROP_PROP_BACKGROUND:
      settings->background = g_value_get_uint (value);
      break;
    case CROP_PROP_ANCHOR_X:
      settings->anchor_x = g_value_get_double (value);
      break;
    case CROP_PROP_ANCHOR_Y:
      settings->anchor_y = g_value_get_double (value);
      break;
    case CROP_PROP_ZOOM:
      settings->zoom = g_value_get_double (value);
      break;
    case CROP_PROP_FILTER:
      settings->filter = g_value_get_enum (value);
      break;
    case CROP_PROP_N_THREADS:
      settings->n_threads = g_value_get_uint (value);
      break;
    case CROP_PROP_FOLLOW:
      settings->follow = g_value_get_enum (value);
      break;
    case CROP_PROP_REGION_TYPES:
      g_free (settings->region_types);
      settings->region_types = g_value_dup_string (value);
      break;
    case CROP_PROP_MAX_SPEED:
      settings->max_speed = g_value_get_double (value);
      break;
    case CROP_PROP_MAX_ACCELERATION:
      settings->max_acceleration = g_value_get_double (value);
      break;
    case CROP_PROP_DEAD_BAND:
      settings->dead_band = g_value_get_double (value);
      break;
    case CROP_PROP_LOOKAHEAD:
      settings->lookahead = g_value_get_uint64 (value);
      break;
    case CROP_PROP_SAFE_AREA:
      set_safe_area (&settings->safe_area, value);
      break;
    case CROP_PROP_POST_WINDOWS:
      settings->post_windows = g_value_get_boolean (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
crop_settings_get (const CropSettings * settings, guint id, GValue * value)
{
  switch (id) {
    case CROP_PROP_ASPECT_RATIO:
      gst_value_set_fraction (value, settings->aspect_n, settings->aspect_d);
      break;
    case CROP_PROP_FIT:
      g_value_set_enum (value, settings->fit);
      break;
    case CROP_PROP_BACKGROUND:
      g_value_set_uint (value, settings->background);
      break;
    case CROP_PROP_ANCHOR_X:
      g_value_set_double (value, settings->anchor_x);
      break;
    case CROP_PROP_ANCHOR_Y:
      g_value_set_double (value, settings->anchor_y);
      break;
    case CROP_PROP_ZOOM:
      g_value_set_double (value, settings->zoom);
      break;
    case CROP_PROP_FILTER:
      g_value_set_enum (value, settings->filter);
      break;
    case CROP_PROP_N_THREADS:
      g_value_set_uint (value, settings->n_threads);
      break;
    case CROP_PROP_FOLLOW:
      g_value_set_enum (value, settings->follow);
      break;
    case CROP_PROP_REGION_TYPES:
      g_value_set_string (value, settings->region_types);
      break;
    case CROP_PROP_MAX_SPEED:
      g_value_set_double (value, settings->max_speed);
      break;
    case CROP_PROP_MAX_ACCELERATION:
      g_value_set_double (value, settings->max_acceleration);
      break;
    case CROP_PROP_DEAD_BAND:
      g_value_set_double (value, settings->dead_band);
      break;
    case CROP_PROP_LOOKAHEAD:
      g_value_set_uint64 (value, settings->lookahead);
      break;
    case CROP_PROP_SAFE_AREA:
      get_safe_area (&settings->safe_area, value);
      break;
    case CROP_PROP_POST_WINDOWS:
      g_value_set_boolean (value, settings->post_windows);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
crop_settings_follow (const CropSettings * settings)
{
  return settings->follow != CROP_FOLLOW_NONE
      && settings->fit == ECHOEL_FIT_COVER;
}

#define PLAYING (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_PLAYING)
#define CONTROLLED (PLAYING | GST_PARAM_CONTROLLABLE)

static void
install_shape (GObjectClass * object_class)
{
  const GType fit = gst_echoel_crop_fit_get_type ();

  gst_type_mark_as_plugin_api (fit, 0);
  /**
   * GstEchoelCrop:aspect-ratio:
   *
   * The display aspect to show. 0/1 takes it from downstream caps. When
   * downstream fixes width and height and leaves the pixel aspect ratio
   * open, the pixels get the shape that gives this display aspect.
   */
  g_object_class_install_property (object_class, CROP_PROP_ASPECT_RATIO,
      gst_param_spec_fraction ("aspect-ratio", "Aspect ratio",
          "Display aspect ratio to show, as a fraction, 0/1 = the one that "
          "downstream caps ask for", 0, 1, G_MAXINT, 1, 0, 1, PLAYING));
  /**
   * GstEchoelCrop:fit:
   *
   * What happens to the part of the picture that does not fit the shape.
   */
  g_object_class_install_property (object_class, CROP_PROP_FIT,
      g_param_spec_enum ("fit", "Fit", "How the picture is made to fit", fit,
          ECHOEL_FIT_COVER, PLAYING));
  /**
   * GstEchoelCrop:background:
   *
   * Colour of the bars of fit=contain.
   */
  g_object_class_install_property (object_class, CROP_PROP_BACKGROUND,
      g_param_spec_uint ("background", "Background",
          "Colour of the bars of fit=contain, 0xAARRGGBB: a byte each of "
          "alpha, red, green and blue", 0, G_MAXUINT32, DEFAULT_BACKGROUND,
          PLAYING));
}

static void
install_window (GObjectClass * object_class)
{
  /**
   * GstEchoelCrop:anchor-x:
   *
   * Where the window stands in the part of the width that it may move in.
   */
  g_object_class_install_property (object_class, CROP_PROP_ANCHOR_X,
      g_param_spec_double ("anchor-x", "Horizontal anchor",
          "Where the window stands, as a fraction of its free width: "
          "0 = left edge, 0.5 = centre, 1 = right edge", 0.0, 1.0,
          DEFAULT_ANCHOR, CONTROLLED));
  /**
   * GstEchoelCrop:anchor-y:
   *
   * Where the window stands in the part of the height that it may move in.
   */
  g_object_class_install_property (object_class, CROP_PROP_ANCHOR_Y,
      g_param_spec_double ("anchor-y", "Vertical anchor",
          "Where the window stands, as a fraction of its free height: "
          "0 = top edge, 0.5 = centre, 1 = bottom edge", 0.0, 1.0,
          DEFAULT_ANCHOR, CONTROLLED));
  /**
   * GstEchoelCrop:zoom:
   *
   * How much smaller than the largest window of its shape the window is.
   */
  g_object_class_install_property (object_class, CROP_PROP_ZOOM,
      g_param_spec_double ("zoom", "Zoom",
          "Magnification for fit=cover: ratio of the largest window's width to "
          "the window's", 1.0, MAX_ZOOM, 1.0, CONTROLLED));
}

static void
install_work (GObjectClass * object_class)
{
  const GType filter = gst_echoel_crop_filter_get_type ();

  gst_type_mark_as_plugin_api (filter, 0);
  /**
   * GstEchoelCrop:filter:
   *
   * The resampling filter, for luma and chroma alike.
   */
  g_object_class_install_property (object_class, CROP_PROP_FILTER,
      g_param_spec_enum ("filter", "Filter", "Resampling filter", filter,
          DEFAULT_FILTER, PLAYING));
  /**
   * GstEchoelCrop:n-threads:
   *
   * Threads that share each frame.
   */
  g_object_class_install_property (object_class, CROP_PROP_N_THREADS,
      g_param_spec_uint ("n-threads", "Threads",
          "Number of threads that share a frame, 0 = as many as pay", 0, 64,
          0, PLAYING));
  /**
   * GstEchoelCrop:post-windows:
   *
   * Posts an element message "echoelcrop-window" for each frame.
   */
  g_object_class_install_property (object_class, CROP_PROP_POST_WINDOWS,
      g_param_spec_boolean ("post-windows", "Post windows",
          "Post an element message echoelcrop-window for each frame", FALSE,
          PLAYING));
}

static void
install_follow (GObjectClass * object_class)
{
  const GType follow = gst_echoel_crop_follow_get_type ();

  gst_type_mark_as_plugin_api (follow, 0);
  /**
   * GstEchoelCrop:follow:
   *
   * What the window of fit=cover follows.
   */
  g_object_class_install_property (object_class, CROP_PROP_FOLLOW,
      g_param_spec_enum ("follow", "Follow", "What the window follows", follow,
          CROP_FOLLOW_NONE, PLAYING));
  /**
   * GstEchoelCrop:region-types:
   *
   * Names of the region types that count for follow=regions.
   */
  g_object_class_install_property (object_class, CROP_PROP_REGION_TYPES,
      g_param_spec_string ("region-types", "Region types",
          "Types of regions to follow, separated by commas; unset = all",
          NULL, PLAYING));
  /**
   * GstEchoelCrop:lookahead:
   *
   * Holds frames back to know where the subject goes: a smoother path, for
   * exports. Adds this much latency.
   */
  g_object_class_install_property (object_class, CROP_PROP_LOOKAHEAD,
      g_param_spec_uint64 ("lookahead", "Look-ahead",
          "Time in nanoseconds to look ahead, 0 = none, for live", 0,
          10 * GST_SECOND, 0, PLAYING));
  /**
   * GstEchoelCrop:safe-area:
   *
   * Followed regions stay out of the parts of the target that a platform's
   * interface covers.
   */
  g_object_class_install_property (object_class, CROP_PROP_SAFE_AREA,
      gst_param_spec_array ("safe-area", "Safe area",
          "Covered parts of the target, as fractions of it: <top, right, "
          "bottom, left>",
          g_param_spec_double ("side", "Side", "Covered fraction", 0.0, 1.0,
              0.0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS), PLAYING));
}

static void
install_path (GObjectClass * object_class)
{
  /**
   * GstEchoelCrop:max-speed:
   *
   * How fast the window may move.
   */
  g_object_class_install_property (object_class, CROP_PROP_MAX_SPEED,
      g_param_spec_double ("max-speed", "Maximum speed",
          "How fast the window may move, in source widths per second", 0.001,
          100.0, ECHOEL_PATH_MAX_SPEED, PLAYING));
  /**
   * GstEchoelCrop:max-acceleration:
   *
   * How fast the window may change its speed.
   */
  g_object_class_install_property (object_class, CROP_PROP_MAX_ACCELERATION,
      g_param_spec_double ("max-acceleration", "Maximum acceleration",
          "How fast the window may change its speed, in source widths per "
          "second squared", 0.001, 1000.0, ECHOEL_PATH_MAX_ACCELERATION,
          PLAYING));
  /**
   * GstEchoelCrop:dead-band:
   *
   * How far the subject may go before the window moves.
   */
  g_object_class_install_property (object_class, CROP_PROP_DEAD_BAND,
      g_param_spec_double ("dead-band", "Dead band",
          "How far the subject may go before the window moves, in source "
          "widths", 0.0, 1.0, ECHOEL_PATH_DEAD_BAND, PLAYING));
}

void
crop_settings_install (GObjectClass * object_class)
{
  install_shape (object_class);
  install_window (object_class);
  install_work (object_class);
  install_follow (object_class);
  install_path (object_class);
}
