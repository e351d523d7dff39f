/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Caps that cannot be met: said clearly by the element that knows why. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* Posts an error on @element: what @plan makes, and what the peer of @src
 * accepts instead. */
void refusal_post (GstElement * element, GstPad * src,
    const EchoelPlan * plan, const gchar * platform);

/* Whether @message is an error about caps from inside a bin. */
gboolean refusal_is_negotiation_error (GstMessage * message);

G_END_DECLS
