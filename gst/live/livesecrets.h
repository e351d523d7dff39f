/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys that stand elsewhere than on the command line. */
#pragma once

#include "destination.h"

G_BEGIN_DECLS

/* An #EchoelSecretLookup: "env", a variable of the process; "file", the first
 * line of a file. Any thread. */
gchar *live_secret_lookup (const gchar * kind, const gchar * name,
    gpointer user_data, GError ** error);

G_END_DECLS
