/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements that plugin.c registers. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GST_ELEMENT_REGISTER_DECLARE (echoelcrop);
GST_ELEMENT_REGISTER_DECLARE (echoelmp4mux);
GST_ELEMENT_REGISTER_DECLARE (echoellivesink);
GST_ELEMENT_REGISTER_DECLARE (echoelmetalsrc);
GST_ELEMENT_REGISTER_DECLARE (echoelexportsink);
GST_ELEMENT_REGISTER_DECLARE (echoelpreset);

G_END_DECLS
