/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sample entries (stsd) and the boxes that describe pictures in them. Pure;
 * any thread. */
#pragma once

#include <gst/gst.h>

#include "mp4box.h"

G_BEGIN_DECLS

/**
 * echoel_sample_entries_write:
 * @out: gets the box
 * @stsd: the box as it is; untrusted
 * @handler: of the track
 * @boxes: (nullable): whole boxes for each entry, in place of those of the
 *     same type; only video takes them
 *
 * Returns: %FALSE when @stsd is malformed
 */
gboolean echoel_sample_entries_write (GByteArray * out, const EchoelBox * stsd,
    guint32 handler, GBytes * boxes);

/**
 * echoel_sample_entry_boxes:
 * @caps: of encoded video
 *
 * mdcv and clli from the mastering display and the content light level of
 * @caps, where they are there.
 *
 * Returns: (transfer full): whole boxes, perhaps none
 */
GByteArray *echoel_sample_entry_boxes (const GstCaps * caps);

/* Adds the boxes of @added to @boxes, in place of those of the same type.
 * Returns: (transfer full): all of them */
GByteArray *echoel_boxes_merge (EchoelSpan boxes, EchoelSpan added);

/**
 * echoel_boxes_are_whole:
 *
 * Returns: whether @boxes are one or more boxes and nothing else
 */
gboolean echoel_boxes_are_whole (EchoelSpan boxes);

G_END_DECLS
