/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first caps of a stream, tried on an encoder before there is a stream:
 * many open their session only then. */
#pragma once

#include "encoders.h"

G_BEGIN_DECLS

/**
 * encoder_trial:
 * @factory: of @row
 * @raw_format: what it would be given
 *
 * Makes another element, which is gone when this returns. While nothing
 * streams. Frames whose size only the source knows, and those of encoders that
 * need an upload, cannot be tried.
 *
 * Returns: (transfer full) (nullable): why it does not take the caps, %NULL
 *     when it does or it cannot be tried
 */
gchar *encoder_trial (const gchar * factory, const EchoelEncoder * row,
    const EchoelPlan * plan, const gchar * raw_format);

G_END_DECLS
