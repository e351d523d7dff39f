/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Caps that cannot be met: said clearly by the element that knows why. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* Puts @offered (transfer full) in front of the result of a caps query. */
void refusal_offer (GstQuery * query, GstCaps * offered);

/* A GstPadQueryFunction for a raw video sink pad. Any raw video can come in,
 * interlaced or packed: what it needs is put in when its caps arrive. A narrow
 * or empty answer would leave the error to the source, which only knows that
 * "not-negotiated" happened. */
gboolean refusal_sink_query (GstPad * pad, GstObject * parent,
    GstQuery * query);

/* Posts an error on @element: what @plan makes, and what the peer of @src
 * accepts instead. */
void refusal_post (GstElement * element, GstPad * src,
    const EchoelPlan * plan, const gchar * platform);

/* Whether @message is an error about caps from inside a bin. */
gboolean refusal_is_negotiation_error (GstMessage * message);

G_END_DECLS
