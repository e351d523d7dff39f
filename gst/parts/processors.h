/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many processors there are to plan for. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * processors_available:
 *
 * Any thread.
 *
 * Returns: processors on which this process may run, at least 1: fewer than the
 *   machine has behind taskset or in a cpuset (Linux; elsewhere all of them)
 */
guint processors_available (void);

G_END_DECLS
