/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Echoel: one source, every platform. Registers the elements. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "echoelelements.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  gboolean any = FALSE;

  any |= GST_ELEMENT_REGISTER (echoelcrop, plugin);
  any |= GST_ELEMENT_REGISTER (echoelmp4mux, plugin);
  any |= GST_ELEMENT_REGISTER (echoellivesink, plugin);
  any |= GST_ELEMENT_REGISTER (echoelmetalsrc, plugin);
  any |= GST_ELEMENT_REGISTER (echoelexportsink, plugin);
  any |= GST_ELEMENT_REGISTER (echoelpreset, plugin);

  return any;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, echoel,
    "One source, every platform: reframing, platform presets, files",
    plugin_init, VERSION, GST_LICENSE, GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
