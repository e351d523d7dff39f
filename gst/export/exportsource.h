/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the frames and the sound come from. Streaming threads. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the URI that one of the sink pads'
 *     upstreams tells; either pad may be %NULL */
gchar *export_source_uri (GstPad * video, GstPad * audio);

/**
 * export_source_is:
 * @pad: (nullable): a sink pad; there is none: nothing to say against it
 *
 * Returns: whether all that comes in on @pad comes out of the one file @uri:
 *     nothing is mixed, or cut together
 */
gboolean export_source_is (GstPad * pad, const gchar * uri);

G_END_DECLS
