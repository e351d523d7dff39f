/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For encoders that keep the end of the sound to themselves: feeds them silence
 * behind it, and takes from what they make all that is silence only. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _AudioTail AudioTail;

/**
 * audio_tail_new:
 * @raw: sink pad of the encoder
 * @encoded: pad that its frames pass, one AAC frame a buffer
 * @factory: of the encoder
 *
 * Works from then on; must outlive the pads' data flow.
 *
 * Returns: (transfer full) (nullable): %NULL for encoders that give all they
 *     have at the end
 */
AudioTail *audio_tail_new (GstPad * raw, GstPad * encoded,
    const gchar * factory);

/* Forgets what came in, as after a flush. Accepts %NULL. */
void audio_tail_reset (AudioTail * tail);

/* Accepts %NULL. Only when nothing streams. */
void audio_tail_free (AudioTail * tail);

G_END_DECLS
