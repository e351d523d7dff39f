/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The platforms as GstPreset names, so that any program can list them. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* For G_IMPLEMENT_INTERFACE (GST_TYPE_PRESET, ...): names are the platforms'
 * ids, the meta "comment" describes one in a line, loading one sets the
 * property "platform". They cannot be saved, renamed or deleted: a platform
 * is a file. */
void preset_list_interface_init (GstPresetInterface * iface);

/* Returns: (transfer full): the ids of all platforms, with ", " between */
gchar *preset_list_names (void);

G_END_DECLS
