/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells an encoder element what its row of the table says. */
#pragma once

#include "encoders.h"

G_BEGIN_DECLS

/**
 * encoder_setup_open:
 * @factory: the row's, or that of a further device
 * @row: (inout): the first row of @factory; one with the same factory behind
 *     it may be the one that fits
 * @element: (out) (transfer floating): in READY, with all settings
 * @flowing: (nullable): the raw format that is already there, preferred
 * @raw_format: (out) (transfer full) (nullable): what to give it
 *
 * Returns: (transfer full) (nullable): why it cannot be used, or %NULL with
 *     the results set
 */
gchar *encoder_setup_open (const gchar * factory, const EchoelEncoder ** row,
    const EchoelPlan * plan, const gchar * name, const gchar * flowing,
    GstElement ** element, gchar ** raw_format);

/* Makes all settings of @row, below PAUSED. Returns: (transfer full) (nullable):
 * why the encoder is unfit */
gchar *encoder_setup_apply (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan);

/* Returns: (transfer full): caps of raw video for @plan, in memory @feature
 * (nullable) */
GstCaps *encoder_setup_raw_caps (const EchoelPlan * plan,
    const gchar * format, const gchar * feature);

/* Returns: whether an opened encoder takes frames in memory @feature */
gboolean encoder_setup_takes_memory (GstElement * element,
    const EchoelEncoder * row, const EchoelPlan * plan,
    const gchar * raw_format, const gchar * feature);

/* Returns: whether a bitrate can change without another encoder */
gboolean encoder_setup_can_change (GstElement * element,
    const EchoelEncoder * row);

/**
 * encoder_setup_change:
 *
 * Tells a running encoder the bitrate of @plan. From its streaming thread
 * only: some encoders reconfigure inside the property setter.
 *
 * Returns: (transfer full) (nullable): why it does not take it
 */
gchar *encoder_setup_change (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan);

G_END_DECLS
