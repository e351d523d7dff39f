/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields of a texture's structure, with the defaults behind them. Any thread,
 * no allocation. */
#pragma once

#include "texturebackend.h"

G_BEGIN_DECLS

/* A field of @texture, else of @defaults (nullable), else %NULL. */
const GValue *texture_field (const GstStructure * texture,
    const GstStructure * defaults, const gchar * name);

/* An int, uint, int64 or uint64 field that is not negative; 0 = not there. */
guint64 texture_number (const GstStructure * texture,
    const GstStructure * defaults, const gchar * name);

/* A pointer field, %NULL = not there. */
gpointer texture_pointer (const GstStructure * texture, const gchar * name);

/**
 * texture_numbers:
 * @name: an array field, or one number
 * @values: (out): the first @max of them
 *
 * Returns: how many there are, 0 = the field is missing or of another type
 */
guint texture_numbers (const GstStructure * texture, const gchar * name,
    guint64 * values, guint max);

/**
 * texture_read_info:
 * @format: %GST_VIDEO_FORMAT_UNKNOWN = as the field "format" says
 * @full_range: whether YUV has full range where no field says so
 *
 * Reads width, height, format, pixel-aspect-ratio and colorimetry into
 * @frame's info; offsets and strides are those of packed planes then.
 */
gboolean texture_read_info (const GstStructure * texture,
    const GstStructure * defaults, GstVideoFormat format, gboolean full_range,
    TextureFrame * frame, GError ** error);

/**
 * texture_read_layout:
 *
 * Reads "stride" and "offset", numbers or arrays with one for each plane;
 * what is not there is packed.
 */
gboolean texture_read_layout (const GstStructure * texture,
    TextureFrame * frame, GError ** error);

/* Returns: bytes from the first to behind the last that @plane has */
gsize texture_plane_size (const TextureFrame * frame, guint plane);

/* Returns: how many bytes from the start of the surface the planes reach */
gsize texture_size (const TextureFrame * frame);

/* Adds @frame's layout to a buffer with all planes. */
void texture_add_video_meta (const TextureFrame * frame, GstBuffer * buffer);

G_END_DECLS
