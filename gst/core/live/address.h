/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HOST:PORT part of an address. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * echoel_address_normalise:
 * @text: "HOST", "HOST:PORT" or "[IPV6]:PORT", of @length bytes; untrusted
 * @default_port: what the absence of a port stands for, 0: it must be there
 * @host_optional: whether ":PORT" will do
 *
 * Returns: (transfer full) (nullable): "host:port" in one spelling, without a
 *     port that is the default; %NULL when no network could take it
 */
gchar *echoel_address_normalise (const gchar * text, gsize length,
    guint default_port, gboolean host_optional);

G_END_DECLS
