/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio half of echoelpreset: any raw audio to the platform's AAC. */
#pragma once

#include "encodeplan.h"

G_BEGIN_DECLS

/* What all its elements' names begin with. */
#define AUDIO_CHAIN_PREFIX "audio-"

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

/**
 * audio_chain_stop:
 * @src: the ghost pad encoded audio leaves on
 *
 * Ends what flows through the chain, however full it is. What follows is
 * flushed if it holds a buffer and does not let go of it. Not from a streaming
 * thread.
 *
 * Returns: whether what follows was flushed and waits for the end of that
 */
gboolean audio_chain_stop (AudioChain * chain, GstPad * src);

/* Brings the elements to the state of the bin, when it has left READY. */
void audio_chain_sync_state (AudioChain * chain);

/**
 * audio_chain_set_limit:
 * @start: running time that counts as the beginning, ns
 * @samples: how many may follow it; G_MAXUINT64: no limit
 *
 * Ends audio on that sample. Any thread.
 */
void audio_chain_set_limit (AudioChain * chain, GstClockTime start,
    guint64 samples);

/* Forgets what has come in, as after a flush or in READY. */
void audio_chain_reset (AudioChain * chain);

/* Whether a buffer has come in, or the chain was ended without one. Any
 * thread. */
gboolean audio_chain_heard (AudioChain * chain);

/* Stream time at which the last buffer that came in ends, ns, or
 * GST_CLOCK_TIME_NONE. In the audio's streaming thread, or after its EOS. */
GstClockTime audio_chain_end (AudioChain * chain);

/**
 * audio_chain_fill:
 * @start: running time of the first video frame, ns
 * @until: running time to fill to, ns
 *
 * Bridges the time with silence for audio that begins late. Does nothing once
 * audio has come in. May block in downstream; any thread.
 */
void audio_chain_fill (AudioChain * chain, GstClockTime start,
    GstClockTime until);

/**
 * audio_chain_finish_silent:
 * @start: running time of the first video frame, ns
 *
 * Ends a chain that never got a buffer: a warning, a short silence, so that
 * muxers write a track that players accept, then EOS. Does nothing when audio
 * has come in. May block in downstream; any thread.
 *
 * Returns: whether it did so
 */
gboolean audio_chain_finish_silent (AudioChain * chain, GstClockTime start);

G_END_DECLS
