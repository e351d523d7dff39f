/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is marked on the input, marked on the output. No state, any thread. */
#pragma once

#include <gst/video/video.h>

#include "geometry.h"

G_BEGIN_DECLS

/**
 * crop_metas_take:
 * @target: gets what becomes of @meta, when that is another meta
 * @meta: a meta of the input
 * @window: the part of the input that is shown
 * @picture: where it is in @target
 *
 * Regions of interest and object detections go where their part of the picture
 * has gone; those that are out of sight are left out.
 *
 * Returns: whether @meta holds for the output as it is
 */
gboolean crop_metas_take (GstBuffer * target, GstMeta * meta,
    const EchoelWindow * window, const EchoelRect * picture);

G_END_DECLS
