/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gpumemory.h"

static const GpuMemory memories[] = {
  /* *INDENT-OFF* */
  {"memory:VAMemory", "vapostproc", 22, "vapostproc",
      "vapostproc"},
  {"memory:CUDAMemory", "cudaconvertscale", 28, "cudadownload",
      "cudaupload"},
  {"memory:D3D11Memory", "d3d11convert", 22, "d3d11download",
      "d3d11upload"},
  {"memory:D3D12Memory", "d3d12convert", 24, "d3d12download",
      "d3d12upload"},
  /* No element for GL reads GstVideoCropMeta. */
  {"memory:GLMemory", NULL, 0, "gldownload", NULL},
  {"memory:VulkanImage", NULL, 0, "vulkandownload", NULL},
  /* *INDENT-ON* */
};

const GpuMemory *
gpu_memory_list (guint * n)
{
  *n = G_N_ELEMENTS (memories);
  return memories;
}

const GpuMemory *
gpu_memory_find (const GstCaps * caps)
{
  GstCapsFeatures *features;
  guint i;

  if (gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return NULL;
  features = gst_caps_get_features (caps, 0);
  for (i = 0; features != NULL && i < G_N_ELEMENTS (memories); i++) {
    if (gst_caps_features_contains (features, memories[i].feature))
      return &memories[i];
  }
  return NULL;
}

gboolean
gpu_memory_scales (const GpuMemory * memory)
{
  GstElementFactory *factory;
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  if (memory->scaler == NULL || minor < memory->crops_since)
    return FALSE;
  factory = gst_element_factory_find (memory->scaler);
  if (factory == NULL)
    return FALSE;
  gst_object_unref (factory);
  return TRUE;
}
