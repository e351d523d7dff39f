/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoelcrop's caps: what it can make, and which of it downstream gets.
 * No state, any thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full): every raw format it reads and writes in system
 *     memory, and the memory of GPUs that it can have cropped downstream */
GstCaps *echoel_crop_template_caps (void);

/**
 * echoel_crop_widen_caps:
 * @caps: the caps of one pad
 * @direction: of that pad
 * @filter: (nullable): only what is in here
 *
 * Returns: (transfer full): what the other pad can have: any size, pixel
 *     aspect ratio, format and colorimetry; rate and interlacing stay. The
 *     formats of @caps come first: a source that can choose saves the work.
 *     Memory of a GPU stays what it is and is only made smaller.
 */
GstCaps *echoel_crop_widen_caps (const GstCaps * caps,
    GstPadDirection direction, GstCaps * filter);

/**
 * echoel_crop_prefer_system:
 * @caps: (transfer full): what a source may send
 *
 * Memory of a GPU is for sources that have nothing else: whether it can be
 * cropped at all is known only when downstream has answered the ALLOCATION
 * query, too late for another choice.
 *
 * Returns: (transfer full): @caps without it where they have system memory
 */
GstCaps *echoel_crop_prefer_system (GstCaps * caps);

/**
 * echoel_crop_caps_croppers:
 * @caps: fixed caps
 *
 * Returns: (nullable): names of elements that crop this memory of a GPU;
 *     %NULL for memory whose pixels are read here
 */
const gchar *echoel_crop_caps_croppers (const GstCaps * caps);

/**
 * echoel_crop_fixate_caps:
 * @caps: the fixed caps of the source
 * @othercaps: (transfer full): what downstream accepts
 * @aspect_n: numerator of the wanted display aspect, 0 = not given
 * @aspect_d: its denominator
 *
 * Chooses, in this order: the format that loses least; the size that fills
 * what downstream fixed, else the largest window of the aspect without
 * scaling, else the source's size; square pixels where a size was given; the
 * source's colorimetry where downstream leaves it open.
 *
 * Returns: (transfer full): one structure, fixed in these fields
 */
GstCaps *echoel_crop_fixate_caps (const GstCaps * caps, GstCaps * othercaps,
    gint aspect_n, gint aspect_d);

/* Finishes the answer to a CAPS query for what comes in. Any picture can. When
 * nothing that downstream accepts can be made of it, that is said when the
 * caps arrive: an empty answer here would leave it to the source, which only
 * knows that "not-negotiated" happened. */
void echoel_crop_answer_caps (GstQuery * query, GstPadTemplate * templ);

G_END_DECLS
