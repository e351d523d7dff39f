/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the header of a ProRes frame says of its colours (SMPTE RDD 36). Pure;
 * any thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Bytes from the start of a frame to behind its colours. */
#define ECHOEL_PRORES_HEAD 25

/* Codes of ITU-T H.273; 0: leave as it is. */
typedef struct
{
  guint8 primaries, transfer, matrix;
} EchoelProresColors;

/* Takes them from the colorimetry of @caps; what it does not say is 0. */
void echoel_prores_colors_read (const GstCaps * caps,
    EchoelProresColors * colors);

/**
 * echoel_prores_frame_color:
 * @head: the first ECHOEL_PRORES_HEAD bytes of a frame
 *
 * Writes @colors where the frame says nothing or "unspecified".
 *
 * Returns: whether @head was changed
 */
gboolean echoel_prores_frame_color (guint8 * head,
    const EchoelProresColors * colors);

G_END_DECLS
