/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The destinations of a sink as its children (#GstChildProxy): they, and
 * nothing of what is inside them. */
#pragma once

#include "livekeeper.h"

G_BEGIN_DECLS

/* @iface: a #GstChildProxyInterface */
void live_children_interface_init (gpointer iface, gpointer user_data);

/* Returns: (transfer none): of a sink; the element brings this */
LiveKeeper *live_children_get_keeper (gpointer sink);

G_END_DECLS
