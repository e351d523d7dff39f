/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place of the video encoder in a bin: hands it every frame, tells it a
 * new bitrate, and puts another one in its place when it fails.
 *
 * An encoder that fails at its first caps or frame is replaced by the next
 * that the table allows, with that very frame. One that fails later is
 * replaced in a live stream, where the next frame is a key frame; a file
 * cannot go on with another encoder, so that is an error.
 *
 * Threads and locks. The streaming thread owns the slot, or who builds it while
 * nothing streams; what says "any thread" may be called beside it, with a
 * reference. Below the slot are leaf locks only, each in the struct that names
 * what it guards: while one is held no other lock is taken, nothing is posted,
 * logged or freed, and no ancestor of an object is asked for. Nobody calls the
 * slot with an object lock held: it posts messages, and looks for the parents
 * of their sources. */
#pragma once

#include "encoderchoice.h"
#include "gpumemory.h"

G_BEGIN_DECLS

typedef struct _EncoderSlot EncoderSlot;

typedef struct
{
  /* Another encoder is in place, or the first one. Streaming thread or, for
   * the first, the thread of encoder_slot_new(). */
  void (*changed) (const EncoderChoice * choice, gpointer user_data);
  /* An error was posted, or is about to be: nothing goes on from here. */
  void (*failed) (gpointer user_data);
} EncoderSlotFuncs;

/**
 * encoder_slot_new:
 * @bin: gets the elements video-encoder and encoded-shape; posts the errors
 * @plan: kept as a copy
 * @wish: "auto", "hardware", "software" or a factory name
 *
 * Returns: (transfer full) (nullable): the slot, %NULL after an error
 */
EncoderSlot *encoder_slot_new (GstBin * bin, const EchoelPlan * plan,
    const gchar * wish, const EncoderSlotFuncs * funcs, gpointer user_data);

/* For calls from any thread that may outlast the owner. */
EncoderSlot *encoder_slot_ref (EncoderSlot * slot);
void encoder_slot_unref (EncoderSlot * slot);

/* Removes the elements and gives up the owner's reference. Only when nothing
 * streams. Accepts %NULL. */
void encoder_slot_free (EncoderSlot * slot);

/**
 * encoder_slot_link:
 * @before: has a src pad with raw frames of encoder_slot_raw_format()
 * @behind: (nullable): has a sink pad
 *
 * To be called once.
 */
gboolean encoder_slot_link (EncoderSlot * slot, GstElement * before,
    GstElement * behind);

/* On the way from READY to PAUSED, before the bin's other elements: an encoder
 * whose device others have taken in the meantime is replaced here, and what was
 * set in READY reaches it. Returns: %FALSE after an error was posted */
gboolean encoder_slot_open (EncoderSlot * slot);

/**
 * encoder_slot_use_memory:
 * @memory: what frames will come in
 *
 * Lets frames come in memory of a GPU, with an encoder that takes them there;
 * one that takes over later gets them downloaded if it must. Streaming
 * thread, before any frame and before their caps.
 *
 * Returns: whether there is such an encoder, which is then in place
 */
gboolean encoder_slot_use_memory (EncoderSlot * slot,
    const GpuMemory * memory);

/* Whether the encoder in place takes frames in that memory. Before anything
 * streams, or in the streaming thread. */
gboolean encoder_slot_takes_memory (EncoderSlot * slot,
    const GpuMemory * memory);

/* Forgets the stream, in READY. The encoder stays, and so do requests. */
void encoder_slot_reset (EncoderSlot * slot);

/* The raw format that must come in, and the last element inside. */
const gchar *encoder_slot_raw_format (EncoderSlot * slot);
GstElement *encoder_slot_exit (EncoderSlot * slot);

/* Average bitrate from the next frame on, kbit/s; as soon as the encoder
 * bears it. One that it does not take gives a warning and changes nothing. Any
 * thread. */
void encoder_slot_set_bitrate (EncoderSlot * slot, guint kbps);

/* Takes in a GstEchoelBitrateRequest: the lowest bitrate of all that stand
 * and the one that was set counts. Any thread. */
void encoder_slot_request (EncoderSlot * slot, GstEvent * event);

/* The bitrate that the encoder has, kbit/s. Any thread. */
guint encoder_slot_bitrate (EncoderSlot * slot);

/**
 * encoder_slot_take_error:
 * @message: (transfer none): any message of the bin's children
 *
 * Whether it is an error of the encoder, about which the slot will do
 * something, so that nobody else is to see it. Any thread.
 */
gboolean encoder_slot_take_error (EncoderSlot * slot, GstMessage * message);

G_END_DECLS
