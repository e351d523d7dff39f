/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What caps the source can have, and which of them it gets. No state, any
 * thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A compositor that does not say how fast it draws is taken to draw like
 * this: frames a second. */
#define SOURCE_DEFAULT_RATE 60

/* Size and rate of a test card that nobody has an opinion about. */
#define SOURCE_CARD_WIDTH 1280
#define SOURCE_CARD_HEIGHT 720
#define SOURCE_CARD_RATE 30

/* Returns: (transfer full): all that the back ends of this build can make */
GstCaps *source_caps_template (void);

/**
 * source_caps_choose:
 * @possible: (transfer full): what the frame can be, best first
 * @wanted: (nullable): the property "caps"
 * @peer: what downstream accepts
 * @fps_n: the rate to come near where nobody fixes one, a fraction
 * @fps_d: its denominator
 *
 * Returns: (transfer full) (nullable): fixed caps; %NULL when nothing fits
 */
GstCaps *source_caps_choose (GstCaps * possible, const GstCaps * wanted,
    const GstCaps * peer, gint fps_n, gint fps_d);

G_END_DECLS
