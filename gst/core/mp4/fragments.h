/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The index of a fragmented file. Pure; any thread. */
#pragma once

#include "mp4box.h"

G_BEGIN_DECLS

/**
 * echoel_fragments_move:
 * @mfra: a whole box
 * @by: bytes that every fragment has moved back
 *
 * Returns: (transfer full) (nullable): the box with the new positions, as
 *     large as it was; %NULL when it is malformed or a position does not fit
 */
GBytes *echoel_fragments_move (EchoelSpan mfra, guint64 by);

G_END_DECLS
