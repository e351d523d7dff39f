/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio half of echoelpreset: any raw audio to the platform's AAC. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

typedef struct _AudioChain AudioChain;

/**
 * audio_chain_new:
 * @bin: gets the elements; posts the errors
 * @sink: the ghost pad audio arrives on
 * @src: the ghost pad encoded audio leaves on
 * @plan: kept as a copy
 *
 * Returns: (transfer full) (nullable): the chain, %NULL after an error
 */
AudioChain *audio_chain_new (GstBin * bin, GstPad * sink, GstPad * src,
    const EchoelPlan * plan);

AudioChain *audio_chain_ref (AudioChain * chain);
void audio_chain_unref (AudioChain * chain);

/* Takes the elements out of the bin. Only when nothing streams. */
void audio_chain_remove (AudioChain * chain);

/* Brings the elements to the state of the bin, when it has left READY. */
void audio_chain_sync_state (AudioChain * chain);

/* Ends audio after so many samples; G_MAXUINT64 never. Any thread. */
void audio_chain_set_limit (AudioChain * chain, guint64 samples);

/* Whether a buffer has come in. Any thread. */
gboolean audio_chain_heard (AudioChain * chain);

/* Stream time at which the last buffer that came in ends, ns, or
 * GST_CLOCK_TIME_NONE. In the audio's streaming thread, or after its EOS. */
GstClockTime audio_chain_end (AudioChain * chain);

/**
 * audio_chain_finish_silent:
 * @start: running time of the first video frame, ns
 *
 * Ends a chain that never got a buffer: a warning, one short silent buffer, so
 * that muxers write a track that players accept, then EOS. Does nothing when
 * audio has come in. May block in downstream; any thread.
 *
 * Returns: whether it did so
 */
gboolean audio_chain_finish_silent (AudioChain * chain, GstClockTime start);

G_END_DECLS
