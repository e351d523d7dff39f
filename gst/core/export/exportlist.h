/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an export is asked for: a list of platforms as users write it.
 *
 * Pure functions, any thread. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* One file that is wanted. */
typedef struct
{
  gchar *label;                 /* {platform}: no other request has it */
  EchoelPreset *preset;
  gchar *resolution;            /* or NULL */
  gchar *encoder;               /* auto, hardware, software or a factory */
  gchar *format;                /* or NULL: the platform's */
  gchar *reframing;             /* "fit=contain,follow=motion", or NULL */
  EchoelOverrides overrides;    /* its texts are the ones above */
  EchoelPlan plan;
} EchoelExportRequest;

#define ECHOEL_EXPORT_ERROR (echoel_export_error_quark ())
GQuark echoel_export_error_quark (void);

/**
 * echoel_export_list_parse:
 * @text: what to make: "all", or entries with commas, semicolons or blanks
 *     between them. An entry is a platform, or PLATFORM:KEY=VALUE,KEY=VALUE;
 *     batch:formats=A+B,resolutions=C+D stands for each of A and B at each of
 *     C and D
 * @reframing: (nullable): what the picture's window is told where an entry
 *     does not say otherwise, as "KEY=VALUE,KEY=VALUE"
 * @error: set when %NULL is returned; names the entry and what is possible
 *
 * Returns: (transfer full) (nullable) (element-type EchoelExportRequest): one
 *     request for each file, in the order of the text. Free with
 *     g_ptr_array_unref().
 */
GPtrArray *echoel_export_list_parse (const gchar * text,
    const gchar * reframing, GError ** error);

G_END_DECLS
