/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The av1C box, from the stream itself. Pure; any thread; the input is not
 * trusted. */
#pragma once

#include "mp4box.h"

G_BEGIN_DECLS

/**
 * echoel_av1_config_make:
 * @unit: a temporal unit in the low-overhead format
 *
 * Returns: (transfer full) (nullable): a whole av1C box with the sequence
 *     header of @unit; %NULL when there is none in it
 */
GByteArray *echoel_av1_config_make (EchoelSpan unit);

/* Returns: how many bytes a temporal delimiter takes at the begin of @unit,
 *     which a file does without; 0: there is none */
gsize echoel_av1_delimiter (EchoelSpan unit);

G_END_DECLS
