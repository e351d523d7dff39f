/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of GPUs: what scales it where it is, what brings it back. Any
 * thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *feature;         /* of caps */
  const gchar *scaler;          /* factory: scales and converts there, and reads
                                 * GstVideoCropMeta; NULL: none */
  guint crops_since;            /* minor version of GStreamer 1 */
  const gchar *download;        /* factory: to system memory */
  const gchar *upload;          /* factory: from there; only with a scaler */
} GpuMemory;

/* Returns: (array length=n): all of them */
const GpuMemory *gpu_memory_list (guint * n);

/* Returns: (nullable): the memory that fixed raw @caps are of; NULL: system
 * memory, or one that nothing here handles */
const GpuMemory *gpu_memory_find (const GstCaps * caps);

/* Returns: whether frames can be cropped and scaled in this memory here */
gboolean gpu_memory_scales (const GpuMemory * memory);

G_END_DECLS
