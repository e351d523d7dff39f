/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV tags as an RTMP sender takes them: Adobe's FLV 10.1 for H.264 and AAC,
 * Enhanced RTMP v1 for H.265. One tag a buffer, no file header.
 * Pure; any thread. Times are ms of the session. */
#pragma once

#include "media.h"

G_BEGIN_DECLS

/**
 * echoel_flv_metadata:
 * @video: (nullable): the video track
 * @audio: (nullable): the audio track
 *
 * Returns: (transfer full): the tag "onMetaData", time 0
 */
GstBuffer *echoel_flv_metadata (const EchoelFormat * video,
    const EchoelFormat * audio);

/* Returns: (transfer full): what a decoder is set up with */
GstBuffer *echoel_flv_header (const EchoelFormat * format, guint32 time);

/* @time: of decoding. Returns: (transfer full): one frame, its bytes copied */
GstBuffer *echoel_flv_frame (const EchoelMedia * media, guint32 time);

G_END_DECLS
