/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the feed to the pad: which texture is shown when, in which caps, and
 * what is shown when none comes. Streaming thread unless said otherwise. */
#pragma once

#include <gst/base/gstbasesrc.h>

#include "sourcesettings.h"
#include "texturefeed.h"

G_BEGIN_DECLS

typedef struct _TextureStream TextureStream;

/**
 * texture_stream_new:
 * @src: (transfer none): the element; the stream lives no longer
 * @feed: (transfer none): where textures come from
 * @settings: (transfer none): guarded by the object lock of @src
 * @states: (transfer none): of the back ends, in their order
 */
TextureStream *texture_stream_new (GstBaseSrc * src, TextureFeed * feed,
    const SourceSettings * settings, const gpointer * states);
void texture_stream_free (TextureStream * stream);

/* With no streaming thread running: the first texture is still to come. */
void texture_stream_start (TextureStream * stream);

/* With no streaming thread running: lets go of all textures. */
void texture_stream_stop (TextureStream * stream);

/* Waits for the next picture, or makes it: basesrc's create(). */
GstFlowReturn texture_stream_next (TextureStream * stream,
    GstBuffer ** buffer);

/* --- any thread --- */

/* Running time starts again from 0. */
void texture_stream_reset_time (TextureStream * stream);

/* Downstream has changed: caps are chosen anew with the next picture. */
void texture_stream_renegotiate (TextureStream * stream);

/* Whether running time counts. */
void texture_stream_set_playing (TextureStream * stream, gboolean playing);

/* NONE while there is no running time. */
GstClockTime texture_stream_running_time (TextureStream * stream);

/* How late pictures are at most, for the latency query. */
GstClockTime texture_stream_latency (TextureStream * stream);

/* Posts one warning for a row of bad textures, for whatever reason: a
 * compositor sends sixty a second. A good one ends the row. */
void texture_stream_complain (TextureStream * stream, const gchar * what,
    const gchar * why);
void texture_stream_praise (TextureStream * stream);

G_END_DECLS
