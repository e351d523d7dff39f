/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stand-ins for what scales, uploads and downloads memory of a device:
 * vapostproc, cudaconvertscale, d3d11convert, vulkanupload, gldownload and
 * their like. Memory of a device is ordinary memory here, only its caps
 * feature is real. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Registers all of them; cudaconvertscale honours GstVideoCropMeta from 1.28
 * on, as the real one. */
void double_convert_install (const gchar * version);

/* Brings back the real ones. */
void double_convert_uninstall (void);

/* How many frames a double has converted so far, 0 at each installation. */
guint double_convert_frames (const gchar * factory);

G_END_DECLS
