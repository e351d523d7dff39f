/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a platform takes the stream that it is sent: what was measured of it
 * beside the rules of the platform's preset. Pure; any thread. */
#pragma once

#include "preset.h"

G_BEGIN_DECLS

/* Measured over some seconds; 0: not known. */
typedef struct
{
  guint width, height;          /* pixels */
  gdouble framerate;            /* frames a second */
  guint bitrate, audio_bitrate; /* kbit/s */
  gdouble key_interval;         /* s */
} EchoelLiveFacts;

/**
 * echoel_live_limits_check:
 *
 * A live encoder's rate goes up and down: a tenth above a limit is none.
 *
 * Returns: (transfer full) (nullable): one sentence for each rule that the
 *     stream breaks, joined by blanks; %NULL when it breaks none
 */
gchar *echoel_live_limits_check (const EchoelPreset * preset,
    const EchoelLiveFacts * facts);

G_END_DECLS
