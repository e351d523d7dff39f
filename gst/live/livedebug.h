/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log of echoellivesink, in all files of this folder. Whatever is logged
 * is free of stream keys. */
#pragma once

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <gst/gst.h>

GST_DEBUG_CATEGORY_EXTERN (echoellivesink_debug);
#define GST_CAT_DEFAULT echoellivesink_debug
