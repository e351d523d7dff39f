/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands in front of a pad. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * upstream_find_audio_encoder:
 * @pad: a sink pad
 *
 * Follows the links upstream, through bins, tees, queues and parsers.
 *
 * Returns: (nullable): static name of the factory of the nearest audio
 *     encoder
 */
const gchar *upstream_find_audio_encoder (GstPad * pad);

G_END_DECLS
