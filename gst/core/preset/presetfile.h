/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What preset.c asks of a preset file besides echoel_preset_parse(). All of
 * it takes untrusted text and may be called from any thread. */
#pragma once

#include "preset.h"

G_BEGIN_DECLS

/* A preset is about a page of text: anything larger is no preset. */
#define ECHOEL_PRESET_FILE_MAX_SIZE ((gsize) 64 * 1024)

/* Returns: whether this is an encoding target without an [echoel] group. */
gboolean echoel_preset_file_is_plain (const gchar * data, gsize size);

/* Returns: (transfer full) (nullable): the names that a file gives itself, as
 * far as it can be read at all; free with g_strfreev(). */
gchar **echoel_preset_file_names (const gchar * data, gsize size);

G_END_DECLS
