/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sourcecaps.h"

#include "texturebackend.h"

static GstCaps *
caps_with_feature (const gchar * feature)
{
  GstCaps *caps = gst_caps_from_string (GST_VIDEO_CAPS_MAKE
      (GST_VIDEO_FORMATS_ALL));

  /* From 1.24 on another field has the format of DMA buffers. */
  if (g_strcmp0 (feature, "memory:DMABuf") == 0
      && gst_video_format_from_string ("DMA_DRM") != GST_VIDEO_FORMAT_UNKNOWN)
    gst_caps_append (caps,
        gst_caps_from_string (GST_VIDEO_CAPS_MAKE ("DMA_DRM")));
  if (feature != NULL) {
    guint i;

    for (i = 0; i < gst_caps_get_size (caps); i++)
      gst_caps_set_features (caps, i, gst_caps_features_new (feature, NULL));
  }
  return caps;
}

GstCaps *
source_caps_template (void)
{
  GstCaps *caps = caps_with_feature (NULL);
  const TextureBackend *const *at;

  for (at = texture_backends (); *at != NULL; at++)
    if ((*at)->feature != NULL)
      gst_caps_append (caps, caps_with_feature ((*at)->feature));
  return caps;
}

/* Takes over both. */
static GstCaps *
keep_common (GstCaps * caps, const GstCaps * other)
{
  GstCaps *both;

  if (other == NULL)
    return caps;
  both = gst_caps_intersect_full (caps, (GstCaps *) other,
      GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (caps);
  return both;
}

/* The property's caps say what the video is, not where it lies. */
static GstCaps *
in_any_memory (const GstCaps * wanted)
{
  GstCaps *caps;
  guint i;

  if (wanted == NULL)
    return NULL;
  caps = gst_caps_copy (wanted);
  for (i = 0; i < gst_caps_get_size (caps); i++) {
    GstCapsFeatures *features = gst_caps_get_features (caps, i);

    if (features == NULL || gst_caps_features_is_equal (features,
            GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY))
      gst_caps_set_features (caps, i, gst_caps_features_new_any ());
  }
  return caps;
}

GstCaps *
source_caps_choose (GstCaps * possible, const GstCaps * wanted,
    const GstCaps * peer, gint fps_n, gint fps_d)
{
  GstCaps *caps = gst_caps_make_writable (possible);
  GstCaps *any = in_any_memory (wanted);
  GstStructure *s;
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++)
    gst_structure_set (gst_caps_get_structure (caps, i), "framerate",
        GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, NULL);
  caps = keep_common (caps, any);
  gst_clear_caps (&any);
  caps = keep_common (caps, peer);
  if (gst_caps_is_empty (caps)) {
    gst_caps_unref (caps);
    return NULL;
  }
  caps = gst_caps_truncate (caps);
  caps = gst_caps_make_writable (caps);
  s = gst_caps_get_structure (caps, 0);
  gst_structure_fixate_field_nearest_fraction (s, "framerate", fps_n, fps_d);
  gst_structure_fixate_field_nearest_int (s, "width", SOURCE_CARD_WIDTH);
  gst_structure_fixate_field_nearest_int (s, "height", SOURCE_CARD_HEIGHT);
  if (gst_structure_has_field (s, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (s, "pixel-aspect-ratio", 1, 1);
  return gst_caps_fixate (caps);
}
