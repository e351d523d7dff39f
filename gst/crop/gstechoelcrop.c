/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-echoelcrop
 * @title: echoelcrop
 *
 * Fills any shape with any picture: crop, scale and pixel-format conversion
 * in one pass over the pixels that are kept. What to fill comes from
 * downstream caps: a fixed width and height are filled exactly; with only
 * #GstEchoelCrop:aspect-ratio the largest window of that shape is cut out and
 * not scaled.
 *
 * Pixel aspect ratio, odd sizes, chroma siting, matrix, primaries and range
 * are converted when the caps of both sides differ, and the caps always say
 * what the pixels are. Interlaced video is refused: put deinterlace in front.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,width=1920,height=1080 ! echoelcrop ! video/x-raw,width=1080,height=1920 ! videoconvert ! autovideosink
 * ]| Fills a vertical picture from a horizontal one.
 * |[
 * gst-launch-1.0 videotestsrc ! video/x-raw,width=1920,height=1080 ! echoelcrop aspect-ratio=1/1 anchor-x=0 ! videoconvert ! autovideosink
 * ]| Cuts the largest square out of the left, 1080x1080, without scaling.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "../echoelelements.h"

#include <gst/base/gstbasetransform.h>
#include <gst/video/gstvideopool.h>
#include <gst/video/video.h>

#include "cropcaps.h"
#include "geometry.h"
#include "scaler.h"

GST_DEBUG_CATEGORY_STATIC (echoelcrop_debug);
#define GST_CAT_DEFAULT echoelcrop_debug

typedef enum
{
  GST_ECHOEL_CROP_FIT_COVER,
  GST_ECHOEL_CROP_FIT_STRETCH
} GstEchoelCropFit;

/* What properties set; guarded by the object lock. */
typedef struct
{
  gint aspect_n, aspect_d;      /* 0/1: from downstream caps */
  GstEchoelCropFit fit;
  gdouble anchor_x, anchor_y;
  EchoelFilter filter;
} Settings;

#define DEFAULT_FIT GST_ECHOEL_CROP_FIT_COVER
#define DEFAULT_ANCHOR 0.5
#define DEFAULT_FILTER ECHOEL_FILTER_BICUBIC

#define GST_TYPE_ECHOEL_CROP (gst_echoel_crop_get_type ())
G_DECLARE_FINAL_TYPE (GstEchoelCrop, gst_echoel_crop, GST, ECHOEL_CROP,
    GstBaseTransform);

struct _GstEchoelCrop
{
  GstBaseTransform parent;

  Settings settings;
  gboolean changed;             /* settings since the scaler was built;
                                 * guarded by the object lock */

  /* Streaming thread only. */
  GstVideoInfo in, out;
  EchoelWindow window;
  EchoelScaler *scaler;
  gboolean told;                /* why these caps are refused */
};

enum
{
  PROP_0,
  PROP_ASPECT_RATIO,
  PROP_FIT,
  PROP_ANCHOR_X,
  PROP_ANCHOR_Y,
  PROP_FILTER
};

#define GST_TYPE_ECHOEL_CROP_FIT (gst_echoel_crop_fit_get_type ())
static GType
gst_echoel_crop_fit_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_ECHOEL_CROP_FIT_COVER, "Crop what does not fit the shape", "cover"},
    {GST_ECHOEL_CROP_FIT_STRETCH, "Distort the whole picture", "stretch"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstEchoelCropFit", values));
  return type;
}

#define GST_TYPE_ECHOEL_CROP_FILTER (gst_echoel_crop_filter_get_type ())
static GType
gst_echoel_crop_filter_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {ECHOEL_FILTER_BILINEAR, "Bilinear, fast and soft", "bilinear"},
    {ECHOEL_FILTER_BICUBIC, "Bicubic (Catmull-Rom)", "bicubic"},
    {ECHOEL_FILTER_LANCZOS, "Lanczos, three lobes, sharpest", "lanczos"},
    {ECHOEL_FILTER_SPLINE36, "Spline36, sharp with little ringing",
        "spline36"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstEchoelCropFilter", values));
  return type;
}

G_DEFINE_FINAL_TYPE (GstEchoelCrop, gst_echoel_crop, GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (echoelcrop, "echoelcrop", GST_RANK_NONE,
    GST_TYPE_ECHOEL_CROP);

static Settings
snapshot (GstEchoelCrop * self)
{
  Settings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  self->changed = FALSE;
  GST_OBJECT_UNLOCK (self);
  return settings;
}

static EchoelRaster
raster_of (const GstVideoInfo * info)
{
  EchoelRaster raster = { GST_VIDEO_INFO_WIDTH (info),
    GST_VIDEO_INFO_HEIGHT (info),
    {GST_VIDEO_INFO_PAR_N (info), GST_VIDEO_INFO_PAR_D (info)}
  };

  return raster;
}

static GstCaps *
gst_echoel_crop_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  GstCaps *result = echoel_crop_widen_caps (caps);

  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (all, filter, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  GST_LOG_OBJECT (trans, "%" GST_PTR_FORMAT " -> %" GST_PTR_FORMAT, caps,
      result);
  return result;
}

static GstCaps *
gst_echoel_crop_fixate_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * othercaps)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  Settings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);

  if (direction == GST_PAD_SINK)
    othercaps = echoel_crop_fixate_caps (caps, othercaps, settings.aspect_n,
        settings.aspect_d);
  othercaps = gst_caps_fixate (othercaps);
  GST_DEBUG_OBJECT (self, "%" GST_PTR_FORMAT " becomes %" GST_PTR_FORMAT, caps,
      othercaps);
  return othercaps;
}

/* A crop without scaling has its edges on chroma samples, so that colours
 * stay where they were; any other window is exact to the subpixel. */
static EchoelWindow
find_window (GstEchoelCrop * self, const Settings * settings)
{
  EchoelRaster source = raster_of (&self->in), target = raster_of (&self->out);
  EchoelRatio aspect = echoel_raster_aspect (&target);
  const GstVideoFormatInfo *finfo = self->in.finfo;
  EchoelRect rect;

  if (settings->fit == GST_ECHOEL_CROP_FIT_STRETCH)
    return echoel_window_full (&source);

  rect = echoel_rect_cover (&source, aspect, settings->anchor_x,
      settings->anchor_y, 1 << GST_VIDEO_FORMAT_INFO_W_SUB (finfo, 1),
      1 << GST_VIDEO_FORMAT_INFO_H_SUB (finfo, 1));
  if (rect.width == target.width && rect.height == target.height)
    return echoel_window_from_rect (&rect);
  return echoel_window_cover (&source, aspect, settings->anchor_x,
      settings->anchor_y);
}

static gboolean
build_scaler (GstEchoelCrop * self)
{
  Settings settings = snapshot (self);
  GError *error = NULL;

  g_clear_pointer (&self->scaler, echoel_scaler_free);
  self->window = find_window (self, &settings);
  self->scaler = echoel_scaler_new (&self->in, &self->out, &self->window,
      settings.filter, &error);
  if (self->scaler == NULL) {
    self->told = TRUE;
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("Cannot turn %dx%d %s into %dx%d %s.",
            GST_VIDEO_INFO_WIDTH (&self->in), GST_VIDEO_INFO_HEIGHT (&self->in),
            GST_VIDEO_INFO_NAME (&self->in), GST_VIDEO_INFO_WIDTH (&self->out),
            GST_VIDEO_INFO_HEIGHT (&self->out),
            GST_VIDEO_INFO_NAME (&self->out)), ("%s", error->message));
    g_error_free (error);
    return FALSE;
  }
  GST_DEBUG_OBJECT (self, "window %f,%f %fx%f",
      (gdouble) self->window.x / ECHOEL_SUBPIXEL,
      (gdouble) self->window.y / ECHOEL_SUBPIXEL,
      (gdouble) self->window.width / ECHOEL_SUBPIXEL,
      (gdouble) self->window.height / ECHOEL_SUBPIXEL);
  return TRUE;
}

static gboolean
gst_echoel_crop_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  gboolean same;

  if (!gst_video_info_from_caps (&self->in, incaps)
      || !gst_video_info_from_caps (&self->out, outcaps)) {
    self->told = TRUE;
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("The video caps are not complete."),
        ("from %" GST_PTR_FORMAT " to %" GST_PTR_FORMAT, incaps, outcaps));
    return FALSE;
  }

  g_clear_pointer (&self->scaler, echoel_scaler_free);
  same = gst_video_info_is_equal (&self->in, &self->out);
  gst_base_transform_set_passthrough (trans, same);
  if (same)
    return TRUE;

  if (GST_VIDEO_INFO_IS_INTERLACED (&self->in)) {
    if (self->told)
      return FALSE;
    self->told = TRUE;
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("Interlaced video cannot be reframed: put deinterlace in front."),
        ("interlace-mode=%s",
            gst_video_interlace_mode_to_string (GST_VIDEO_INFO_INTERLACE_MODE
                (&self->in))));
    return FALSE;
  }
  return build_scaler (self);
}

/* Any picture can come in. When nothing that downstream accepts can be made
 * of it, that is said when the caps arrive: an empty answer here would leave
 * it to the source, which only knows that "not-negotiated" happened. */
static gboolean
gst_echoel_crop_query (GstBaseTransform * trans, GstPadDirection direction,
    GstQuery * query)
{
  GstCaps *result, *filter;

  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->query (trans, direction, query))
    return FALSE;
  if (direction != GST_PAD_SINK || GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return TRUE;
  gst_query_parse_caps_result (query, &result);
  if (!gst_caps_is_empty (result))
    return TRUE;
  gst_query_parse_caps (query, &filter);
  result = gst_pad_get_pad_template_caps (trans->sinkpad);
  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (all, filter, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  gst_query_set_caps_result (query, result);
  gst_caps_unref (result);
  return TRUE;
}

static void
post_not_negotiated (GstEchoelCrop * self, GstCaps * caps)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstCaps *wanted = gst_pad_peer_query_caps (trans->srcpad, NULL);
  gchar *text = gst_caps_to_string (wanted);

  GST_ELEMENT_ERROR (self, CORE, NEGOTIATION,
      ("What follows accepts only %s, which this video cannot become.", text),
      ("incoming caps: %" GST_PTR_FORMAT, caps));
  g_free (text);
  gst_caps_unref (wanted);
}

static gboolean
gst_echoel_crop_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  gboolean is_caps = GST_EVENT_TYPE (event) == GST_EVENT_CAPS, done;
  GstCaps *caps = NULL;

  if (is_caps) {
    gst_event_parse_caps (event, &caps);
    gst_caps_ref (caps);
  }
  done = GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->sink_event (trans, event);
  if (is_caps && !done && !self->told && !GST_PAD_IS_FLUSHING (trans->srcpad))
    post_not_negotiated (self, caps);
  /* Caps that were refused may come again: one error is enough. */
  if (is_caps)
    self->told = !done;
  gst_clear_caps (&caps);
  return done;
}

/* Buffers of aligned pools are larger than their caps ask for, so the size of
 * one side says nothing about the other's. */
static gboolean
gst_echoel_crop_transform_size (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, gsize size, GstCaps * othercaps,
    gsize * othersize)
{
  GstVideoInfo info;

  if (!gst_video_info_from_caps (&info, othercaps))
    return FALSE;
  *othersize = GST_VIDEO_INFO_SIZE (&info);
  return TRUE;
}

/* A pool whose planes the scaler can use in place. */
static GstBufferPool *
make_pool (const GstCaps * caps, const GstVideoInfo * info, guint * size)
{
  GstAllocationParams params = { 0, ECHOEL_SCALER_ALIGN - 1, 0, 0 };
  GstBufferPool *pool = gst_video_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstVideoAlignment align;
  guint i;

  gst_video_alignment_reset (&align);
  for (i = 0; i < GST_VIDEO_MAX_PLANES; i++)
    align.stride_align[i] = ECHOEL_SCALER_ALIGN - 1;
  gst_buffer_pool_config_set_params (config, (GstCaps *) caps,
      GST_VIDEO_INFO_SIZE (info), 0, 0);
  gst_buffer_pool_config_set_allocator (config, NULL, &params);
  gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  gst_buffer_pool_config_add_option (config,
      GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT);
  gst_buffer_pool_config_set_video_alignment (config, &align);
  if (!gst_buffer_pool_set_config (pool, config)) {
    gst_object_unref (pool);
    return NULL;
  }
  config = gst_buffer_pool_get_config (pool);
  gst_buffer_pool_config_get_params (config, NULL, size, NULL, NULL);
  gst_structure_free (config);
  return pool;
}

static gboolean
gst_echoel_crop_propose_allocation (GstBaseTransform * trans,
    GstQuery * decide_query, GstQuery * query)
{
  GstAllocationParams params = { 0, ECHOEL_SCALER_ALIGN - 1, 0, 0 };
  GstBufferPool *pool;
  GstVideoInfo info;
  GstCaps *caps;
  gboolean need_pool;
  guint size;

  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->propose_allocation (trans, decide_query, query))
    return FALSE;
  if (decide_query == NULL)
    return TRUE;                /* passthrough: downstream has answered */

  gst_query_parse_allocation (query, &caps, &need_pool);
  if (caps == NULL || !gst_video_info_from_caps (&info, caps))
    return FALSE;
  if (need_pool && (pool = make_pool (caps, &info, &size)) != NULL) {
    gst_query_add_allocation_pool (query, pool, size, 0, 0);
    gst_object_unref (pool);
  }
  gst_query_add_allocation_param (query, NULL, &params);
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}

static gboolean
gst_echoel_crop_decide_allocation (GstBaseTransform * trans, GstQuery * query)
{
  gboolean meta = gst_query_find_allocation_meta (query,
      GST_VIDEO_META_API_TYPE, NULL);
  GstBufferPool *pool;
  GstVideoInfo info;
  GstCaps *caps;
  guint size;

  /* Downstream's own pool goes first. Without video meta the strides must be
   * the default ones, which the base class sees to. */
  gst_query_parse_allocation (query, &caps, NULL);
  if (gst_query_get_n_allocation_pools (query) == 0 && meta && caps != NULL
      && gst_video_info_from_caps (&info, caps)
      && (pool = make_pool (caps, &info, &size)) != NULL) {
    gst_query_add_allocation_pool (query, pool, size, 0, 0);
    gst_object_unref (pool);
  }
  if (!GST_BASE_TRANSFORM_CLASS (gst_echoel_crop_parent_class)
      ->decide_allocation (trans, query))
    return FALSE;

  if (meta && gst_query_get_n_allocation_pools (query) > 0) {
    GstStructure *config;

    gst_query_parse_nth_allocation_pool (query, 0, &pool, NULL, NULL, NULL);
    if (pool != NULL) {
      config = gst_buffer_pool_get_config (pool);
      gst_buffer_pool_config_add_option (config,
          GST_BUFFER_POOL_OPTION_VIDEO_META);
      gst_buffer_pool_set_config (pool, config);
      gst_object_unref (pool);
    }
  }
  return TRUE;
}

static void
gst_echoel_crop_before_transform (GstBaseTransform * trans, GstBuffer * buffer)
{
  GstClockTime time = gst_segment_to_stream_time (&trans->segment,
      GST_FORMAT_TIME, GST_BUFFER_TIMESTAMP (buffer));

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (trans), time);
}

static gboolean
settings_changed (GstEchoelCrop * self)
{
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = self->changed;
  GST_OBJECT_UNLOCK (self);
  return changed;
}

static GstFlowReturn
gst_echoel_crop_transform (GstBaseTransform * trans, GstBuffer * inbuf,
    GstBuffer * outbuf)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);
  GstVideoFrame in, out;
  GError *error = NULL;
  gboolean done;

  if (settings_changed (self) && !build_scaler (self))
    return GST_FLOW_ERROR;

  if (!gst_video_frame_map (&in, &self->in, inbuf,
          GST_MAP_READ | GST_VIDEO_FRAME_MAP_FLAG_NO_REF))
    goto unreadable;
  if (!gst_video_frame_map (&out, &self->out, outbuf,
          GST_MAP_WRITE | GST_VIDEO_FRAME_MAP_FLAG_NO_REF)) {
    gst_video_frame_unmap (&in);
    goto unreadable;
  }
  done = echoel_scaler_run (self->scaler, &in, &out, &error);
  gst_video_frame_unmap (&out);
  gst_video_frame_unmap (&in);
  if (done)
    return GST_FLOW_OK;

  GST_ELEMENT_ERROR (self, STREAM, FAILED, ("A frame could not be reframed."),
      ("%s", error->message));
  g_error_free (error);
  return GST_FLOW_ERROR;

  /* ERRORS */
unreadable:
  {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("A video frame is smaller than its caps say."),
        ("in %" GST_PTR_FORMAT ", out %" GST_PTR_FORMAT, inbuf, outbuf));
    return GST_FLOW_ERROR;
  }
}

static gboolean
gst_echoel_crop_stop (GstBaseTransform * trans)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (trans);

  g_clear_pointer (&self->scaler, echoel_scaler_free);
  return TRUE;
}

static void
gst_echoel_crop_set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (object);
  Settings *settings = &self->settings;
  gboolean reconfigure = FALSE;

  GST_OBJECT_LOCK (self);
  self->changed = TRUE;
  switch (id) {
    case PROP_ASPECT_RATIO:
      settings->aspect_n = gst_value_get_fraction_numerator (value);
      settings->aspect_d = gst_value_get_fraction_denominator (value);
      reconfigure = TRUE;
      break;
    case PROP_FIT:
      settings->fit = g_value_get_enum (value);
      break;
    case PROP_ANCHOR_X:
      settings->anchor_x = g_value_get_double (value);
      break;
    case PROP_ANCHOR_Y:
      settings->anchor_y = g_value_get_double (value);
      break;
    case PROP_FILTER:
      settings->filter = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
  if (reconfigure)
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
gst_echoel_crop_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstEchoelCrop *self = GST_ECHOEL_CROP (object);
  const Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ASPECT_RATIO:
      gst_value_set_fraction (value, settings->aspect_n, settings->aspect_d);
      break;
    case PROP_FIT:
      g_value_set_enum (value, settings->fit);
      break;
    case PROP_ANCHOR_X:
      g_value_set_double (value, settings->anchor_x);
      break;
    case PROP_ANCHOR_Y:
      g_value_set_double (value, settings->anchor_y);
      break;
    case PROP_FILTER:
      g_value_set_enum (value, settings->filter);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_echoel_crop_finalize (GObject * object)
{
  echoel_scaler_free (GST_ECHOEL_CROP (object)->scaler);
  G_OBJECT_CLASS (gst_echoel_crop_parent_class)->finalize (object);
}

static void
gst_echoel_crop_init (GstEchoelCrop * self)
{
  self->settings.aspect_n = 0;
  self->settings.aspect_d = 1;
  self->settings.fit = DEFAULT_FIT;
  self->settings.anchor_x = self->settings.anchor_y = DEFAULT_ANCHOR;
  self->settings.filter = DEFAULT_FILTER;
  GST_PAD_SET_ACCEPT_TEMPLATE (GST_BASE_TRANSFORM_SINK_PAD (self));
}

static void
install_properties (GObjectClass * object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  /**
   * GstEchoelCrop:aspect-ratio:
   *
   * The display aspect to show. 0/1 takes it from downstream caps. When
   * downstream fixes width and height and leaves the pixel aspect ratio
   * open, the pixels get the shape that gives this display aspect.
   */
  g_object_class_install_property (object_class, PROP_ASPECT_RATIO,
      gst_param_spec_fraction ("aspect-ratio", "Aspect ratio",
          "Display aspect ratio to show, as a fraction, 0/1 = the one that "
          "downstream caps ask for", 0, 1, G_MAXINT, 1, 0, 1, flags));
  /**
   * GstEchoelCrop:fit:
   *
   * What happens to the part of the picture that does not fit the shape.
   */
  g_object_class_install_property (object_class, PROP_FIT,
      g_param_spec_enum ("fit", "Fit", "How the picture is made to fit",
          GST_TYPE_ECHOEL_CROP_FIT, DEFAULT_FIT, flags));
  /**
   * GstEchoelCrop:anchor-x:
   *
   * Where the window stands in the part of the width that it may move in.
   */
  g_object_class_install_property (object_class, PROP_ANCHOR_X,
      g_param_spec_double ("anchor-x", "Horizontal anchor",
          "Where the window stands, as a fraction of its free width: "
          "0 = left edge, 0.5 = centre, 1 = right edge", 0.0, 1.0,
          DEFAULT_ANCHOR, flags | GST_PARAM_CONTROLLABLE));
  /**
   * GstEchoelCrop:anchor-y:
   *
   * Where the window stands in the part of the height that it may move in.
   */
  g_object_class_install_property (object_class, PROP_ANCHOR_Y,
      g_param_spec_double ("anchor-y", "Vertical anchor",
          "Where the window stands, as a fraction of its free height: "
          "0 = top edge, 0.5 = centre, 1 = bottom edge", 0.0, 1.0,
          DEFAULT_ANCHOR, flags | GST_PARAM_CONTROLLABLE));
  /**
   * GstEchoelCrop:filter:
   *
   * The resampling filter, for luma and chroma alike.
   */
  g_object_class_install_property (object_class, PROP_FILTER,
      g_param_spec_enum ("filter", "Filter", "Resampling filter",
          GST_TYPE_ECHOEL_CROP_FILTER, DEFAULT_FILTER, flags));
}

static void
gst_echoel_crop_class_init (GstEchoelCropClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GstCaps *caps = echoel_crop_template_caps ();

  GST_DEBUG_CATEGORY_INIT (echoelcrop_debug, "echoelcrop", 0,
      "Echoel reframing");

  object_class->set_property = gst_echoel_crop_set_property;
  object_class->get_property = gst_echoel_crop_get_property;
  object_class->finalize = gst_echoel_crop_finalize;
  install_properties (object_class);

  gst_element_class_set_static_metadata (element_class, "Echoel crop",
      "Filter/Converter/Video/Scaler/Effect",
      "Crops, scales and converts any picture to any shape in one pass",
      "The Echoel authors");
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_caps_unref (caps);
  gst_type_mark_as_plugin_api (GST_TYPE_ECHOEL_CROP_FIT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ECHOEL_CROP_FILTER, 0);

  trans_class->transform_caps = gst_echoel_crop_transform_caps;
  trans_class->fixate_caps = gst_echoel_crop_fixate_caps;
  trans_class->set_caps = gst_echoel_crop_set_caps;
  trans_class->query = gst_echoel_crop_query;
  trans_class->sink_event = gst_echoel_crop_sink_event;
  trans_class->transform_size = gst_echoel_crop_transform_size;
  trans_class->propose_allocation = gst_echoel_crop_propose_allocation;
  trans_class->decide_allocation = gst_echoel_crop_decide_allocation;
  trans_class->before_transform = gst_echoel_crop_before_transform;
  trans_class->transform = gst_echoel_crop_transform;
  trans_class->stop = gst_echoel_crop_stop;
}
