/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AAC as a live stream needs it: what an AudioSpecificConfig says (ISO/IEC
 * 14496-3, 1.6.2.1) and a frame of silence for it. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint rate;                   /* Hz, of the core coder */
  guint channels;
  guint layout;                 /* channelConfiguration, 1 to 7 */
  guint frame_samples;          /* 1024 or 960 */
} EchoelAacConfig;

/* Returns: whether @bytes (untrusted) is a configuration with a known rate and
 * a channel layout of its own. */
gboolean echoel_aac_config_parse (GBytes * bytes, EchoelAacConfig * config);

/* Returns: (transfer full): the configuration of AAC-LC, 48 kHz, stereo */
GBytes *echoel_aac_config_default (void);

/* Returns: (transfer full): one raw frame of silence; every channel is there
 * and has no band with a value in it */
GBytes *echoel_aac_silence (const EchoelAacConfig * config);

G_END_DECLS
