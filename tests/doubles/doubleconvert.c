/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doubleconvert.h"

#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>
#include <string.h>

typedef struct
{
  const gchar *factory;
  const gchar *from, *to;       /* caps features, NULL: system memory */
  const gchar *crops_since;     /* version; NULL: never */
} Kind;

static const Kind kinds[] = {
  /* *INDENT-OFF* */
  {"vapostproc", "memory:VAMemory", "memory:VAMemory", "1.22"},
  {"cudaconvertscale", "memory:CUDAMemory", "memory:CUDAMemory", "1.28"},
  {"cudadownload", "memory:CUDAMemory", NULL, NULL},
  {"d3d11convert", "memory:D3D11Memory", "memory:D3D11Memory", "1.22"},
  {"d3d11download", "memory:D3D11Memory", NULL, NULL},
  {"d3d12convert", "memory:D3D12Memory", "memory:D3D12Memory", "1.24"},
  {"d3d12download", "memory:D3D12Memory", NULL, NULL},
  {"gldownload", "memory:GLMemory", NULL, NULL},
  {"cudaupload", "memory:CUDAMemory", "memory:CUDAMemory", NULL},
  {"d3d11upload", "memory:D3D11Memory", "memory:D3D11Memory", NULL},
  {"d3d12upload", "memory:D3D12Memory", "memory:D3D12Memory", NULL},
  {"vulkanupload", NULL, "memory:VulkanImage", NULL},
  /* *INDENT-ON* */
};

typedef struct
{
  GstBaseTransform parent;
  const Kind *kind;
  gboolean crops;
  GstVideoInfo in, out;
} Convert;

typedef struct
{
  const Kind *kind;
  gboolean crops;
} ClassData;

static gint n_frames[G_N_ELEMENTS (kinds)];
static GPtrArray *installed, *hidden;
static gpointer parent_class;

/* vapostproc and its like take system memory, too. */
static GstCaps *
caps_for (const Kind * kind, GstPadDirection direction)
{
  const gchar *feature = direction == GST_PAD_SINK ? kind->from : kind->to;
  gboolean both = kind->from && kind->to;
  GstCaps *caps = gst_caps_new_empty (), *one;

  if (feature != NULL) {
    one = gst_caps_new_empty_simple ("video/x-raw");
    gst_caps_set_features_simple (one, gst_caps_features_new (feature, NULL));
    gst_caps_append (caps, one);
  }
  if (feature == NULL || both)
    gst_caps_append (caps, gst_caps_new_empty_simple ("video/x-raw"));
  return caps;
}

static void
free_size (GstStructure * s)
{
  GstCaps *formats = gst_caps_from_string ("video/x-raw,format=(string){ NV12, "
      "I420, P010_10LE }");

  gst_structure_remove_fields (s, "colorimetry", "chroma-site", NULL);
  gst_structure_set (s, "width", GST_TYPE_INT_RANGE, 1, G_MAXINT,
      "height", GST_TYPE_INT_RANGE, 1, G_MAXINT, NULL);
  gst_structure_set_value (s, "format",
      gst_structure_get_value (gst_caps_get_structure (formats, 0), "format"));
  gst_caps_unref (formats);
}

/* As near to what comes in as it may be. */
static GstCaps *
fixate_caps (GstBaseTransform * base, GstPadDirection direction,
    GstCaps * caps, GstCaps * other)
{
  GstStructure *from = gst_caps_get_structure (caps, 0), *to;
  gint width = 0, height = 0;

  other = gst_caps_make_writable (gst_caps_truncate (other));
  to = gst_caps_get_structure (other, 0);
  gst_structure_get (from, "width", G_TYPE_INT, &width, "height", G_TYPE_INT,
      &height, NULL);
  gst_structure_fixate_field_nearest_int (to, "width", width);
  gst_structure_fixate_field_nearest_int (to, "height", height);
  gst_structure_fixate_field_string (to, "format",
      gst_structure_get_string (from, "format"));
  return gst_caps_fixate (other);
}

/* Any size and format; only what carries time and shape goes through. */
static GstCaps *
transform_caps (GstBaseTransform * base, GstPadDirection direction,
    GstCaps * caps, GstCaps * filter)
{
  Convert *self = (Convert *) base;
  GstCaps *other = caps_for (self->kind, direction == GST_PAD_SINK
      ? GST_PAD_SRC : GST_PAD_SINK), *result = gst_caps_new_empty ();
  guint i, j;

  for (i = 0; i < gst_caps_get_size (other); i++) {
    for (j = 0; j < gst_caps_get_size (caps); j++) {
      GstStructure *s = gst_structure_copy (gst_caps_get_structure (caps, j));

      if (self->kind->from != NULL && self->kind->to != NULL)
        free_size (s);
      gst_caps_append_structure_full (result, s,
          gst_caps_features_copy (gst_caps_get_features (other, i)));
    }
  }
  gst_caps_unref (other);
  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (filter, all, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  return result;
}

static gboolean
set_caps (GstBaseTransform * base, GstCaps * in, GstCaps * out)
{
  Convert *self = (Convert *) base;

  return gst_video_info_from_caps (&self->in, in)
      && gst_video_info_from_caps (&self->out, out);
}

static gboolean
get_unit_size (GstBaseTransform * base, GstCaps * caps, gsize * size)
{
  GstVideoInfo info;

  if (!gst_video_info_from_caps (&info, caps))
    return FALSE;
  *size = GST_VIDEO_INFO_SIZE (&info);
  return TRUE;
}

/* A cropped buffer is larger than its caps say. */
static gboolean
transform_size (GstBaseTransform * base, GstPadDirection direction,
    GstCaps * caps, gsize size, GstCaps * other_caps, gsize * other_size)
{
  return get_unit_size (base, other_caps, other_size);
}

static gboolean
propose_allocation (GstBaseTransform * base, GstQuery * decide,
    GstQuery * query)
{
  if (((Convert *) base)->crops) {
    gst_query_add_allocation_meta (query, GST_VIDEO_CROP_META_API_TYPE, NULL);
    gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  }
  return TRUE;
}

static GstFlowReturn
transform (GstBaseTransform * base, GstBuffer * in, GstBuffer * out)
{
  Convert *self = (Convert *) base;
  GstVideoCropMeta *crop = self->crops ? gst_buffer_get_video_crop_meta (in)
      : NULL;
  GstStructure *config = gst_structure_new_empty ("config");
  GstVideoConverter *converter;
  GstVideoFrame source, target;

  if (crop != NULL)
    gst_structure_set (config,
        GST_VIDEO_CONVERTER_OPT_SRC_X, G_TYPE_INT, (gint) crop->x,
        GST_VIDEO_CONVERTER_OPT_SRC_Y, G_TYPE_INT, (gint) crop->y,
        GST_VIDEO_CONVERTER_OPT_SRC_WIDTH, G_TYPE_INT, (gint) crop->width,
        GST_VIDEO_CONVERTER_OPT_SRC_HEIGHT, G_TYPE_INT, (gint) crop->height,
        NULL);
  if (!gst_video_frame_map (&source, &self->in, in, GST_MAP_READ))
    return GST_FLOW_ERROR;
  gst_video_frame_map (&target, &self->out, out, GST_MAP_WRITE);
  converter = gst_video_converter_new (&source.info, &target.info, config);
  gst_video_converter_frame (converter, &source, &target);
  gst_video_converter_free (converter);
  gst_video_frame_unmap (&source);
  gst_video_frame_unmap (&target);
  g_atomic_int_inc (&n_frames[self->kind - kinds]);
  return GST_FLOW_OK;
}

static void
convert_init (GTypeInstance * instance, gpointer klass)
{
  Convert *self = (Convert *) instance;
  const ClassData *data = g_type_get_qdata (G_TYPE_FROM_CLASS (klass),
      g_quark_from_static_string ("double"));

  self->kind = data->kind;
  self->crops = data->crops;
}

static void
class_init (gpointer klass, gpointer class_data)
{
  const ClassData *data = class_data;
  GstBaseTransformClass *base = GST_BASE_TRANSFORM_CLASS (klass);
  GstElementClass *element = GST_ELEMENT_CLASS (klass);

  parent_class = g_type_class_peek_parent (klass);
  base->transform_caps = transform_caps;
  base->fixate_caps = fixate_caps;
  base->set_caps = set_caps;
  base->get_unit_size = get_unit_size;
  base->transform_size = transform_size;
  base->propose_allocation = propose_allocation;
  base->transform = transform;
  gst_element_class_set_metadata (element, data->kind->factory,
      "Filter/Converter/Video/Hardware", "A double", "The Echoel authors");
  gst_element_class_add_pad_template (element, gst_pad_template_new ("sink",
          GST_PAD_SINK, GST_PAD_ALWAYS, caps_for (data->kind, GST_PAD_SINK)));
  gst_element_class_add_pad_template (element, gst_pad_template_new ("src",
          GST_PAD_SRC, GST_PAD_ALWAYS, caps_for (data->kind, GST_PAD_SRC)));
}

static GType
type_for (const Kind * kind, gboolean crops)
{
  gchar *name = g_strdup_printf ("GstDoubleConvert-%s-%d", kind->factory,
      crops);
  GType type = g_type_from_name (name);

  if (type == 0) {
    ClassData *data = g_new (ClassData, 1);
    GTypeInfo info = { 0, };

    data->kind = kind;
    data->crops = crops;
    info.class_size = sizeof (GstBaseTransformClass);
    info.class_init = class_init;
    info.class_data = data;
    info.instance_size = sizeof (Convert);
    info.instance_init = convert_init;
    type = g_type_register_static (GST_TYPE_BASE_TRANSFORM, name, &info, 0);
    g_type_set_qdata (type, g_quark_from_static_string ("double"), data);
  }
  g_free (name);
  return type;
}

void
double_convert_install (const gchar * version)
{
  guint i;

  installed = g_ptr_array_new_with_free_func (gst_object_unref);
  hidden = g_ptr_array_new_with_free_func (gst_object_unref);
  for (i = 0; i < G_N_ELEMENTS (kinds); i++) {
    GstPluginFeature *real = gst_registry_lookup_feature (gst_registry_get (),
        kinds[i].factory);
    const gchar *since = kinds[i].crops_since;

    g_atomic_int_set (&n_frames[i], 0);
    if (real != NULL) {
      GstPluginFeature *loaded = gst_plugin_feature_load (real);

      gst_object_unref (real);
      gst_registry_remove_feature (gst_registry_get (), loaded);
      g_ptr_array_add (hidden, loaded);
    }
    if (!gst_element_register (NULL, kinds[i].factory, GST_RANK_NONE,
            type_for (&kinds[i], since && strcmp (version, since) >= 0)))
      g_error ("cannot register %s", kinds[i].factory);
    g_ptr_array_add (installed,
        gst_registry_lookup_feature (gst_registry_get (), kinds[i].factory));
  }
}

void
double_convert_uninstall (void)
{
  guint i;

  for (i = 0; i < installed->len; i++)
    gst_registry_remove_feature (gst_registry_get (),
        g_ptr_array_index (installed, i));
  for (i = 0; i < hidden->len; i++)
    gst_registry_add_feature (gst_registry_get (),
        gst_object_ref (g_ptr_array_index (hidden, i)));
  g_clear_pointer (&installed, g_ptr_array_unref);
  g_clear_pointer (&hidden, g_ptr_array_unref);
}

guint
double_convert_frames (const gchar * factory)
{
  guint i = 0;

  while (strcmp (kinds[i].factory, factory) != 0)
    i++;
  return (guint) g_atomic_int_get (&n_frames[i]);
}
