/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements at the place of a video encoder: what brings frames to the raw
 * format and memory that it takes, the encoder itself, what mends its caps, and
 * the filter that everything leaves through. They come and go together.
 *
 * The streaming thread changes it, or whoever builds it while nothing streams;
 * encoder_place_take_error() is for any thread. */
#pragma once

#include "encoderchoice.h"
#include "gpumemory.h"
#include "pendingevents.h"

G_BEGIN_DECLS

/* Asked when EOS leaves the encoder, in the thread that it leaves in. Returns:
 * whether it may go on */
typedef gboolean (*EncoderEndFunc) (gpointer user_data);

typedef struct
{
  GstBin *bin;
  const EchoelPlan *plan;       /* not owned */
  GstElement *before;           /* not owned: what frames come from */
  GstElement *mend, *exit;
  gchar *flowing;               /* raw format of the frames */
  const GpuMemory *memory;      /* that they are in; NULL: system memory */
  EncoderEndFunc may_end;
  gpointer user_data;
  gint draining;                /* atomic: it is not the stream that ends */
  PendingEvents pending;

  GMutex lock;                  /* guards what follows */
  GstElement *encoder, *convert;
  gchar *complaint;             /* what the encoder said was wrong */
} EncoderPlace;

/**
 * encoder_place_init:
 * @place: zeroed
 * @bin: gets the elements
 * @plan: outlives @place; its bitrate alone may change
 * @may_end: asked with @user_data
 *
 * Returns: whether the exit is there; an error was posted if not. Clear it in
 *     any case.
 */
gboolean encoder_place_init (EncoderPlace * place, GstBin * bin,
    const EchoelPlan * plan, EncoderEndFunc may_end, gpointer user_data);

/* Removes the elements, before anything else of it is freed. Only when nothing
 * streams. */
void encoder_place_remove (EncoderPlace * place);
void encoder_place_clear (EncoderPlace * place);

/* Puts the chosen encoder in, which is taken out of @choice, linked to the
 * exit. What was complained of before is forgotten. */
gboolean encoder_place_plug (EncoderPlace * place, EncoderChoice * choice);

/* Takes out all but the exit. */
void encoder_place_unplug (EncoderPlace * place);

/* Links what frames come from to what was plugged. */
gboolean encoder_place_link_before (EncoderPlace * place);

/* Brings what was plugged to PAUSED, ahead of the bin. */
gboolean encoder_place_open (EncoderPlace * place);

/* Brings what was plugged to the state of the bin. */
gboolean encoder_place_start (EncoderPlace * place);

/* Brings a new encoder to where the stream is: the events that stick, then
 * those that the one before it took along. Returns: whether it took the
 * caps. */
gboolean encoder_place_replay (EncoderPlace * place);

/* Lets out what the encoder still holds; the end does not go on. */
void encoder_place_drain (EncoderPlace * place);

/* Hands one @frame (transfer none) in, or one @event (transfer none). */
GstFlowReturn encoder_place_give (EncoderPlace * place, GstBuffer * frame);
gboolean encoder_place_send (EncoderPlace * place, GstEvent * event);

/* Returns: whether the stream is being stopped or flushed, so that nobody is
 * to blame for anything */
gboolean encoder_place_stops (EncoderPlace * place);

/* Returns: whether it was the encoder that made @flow an error, not what
 * follows it */
gboolean encoder_place_failed (EncoderPlace * place, GstFlowReturn flow);

/* The same of caps that were not taken. */
gboolean encoder_place_refused (EncoderPlace * place);

/**
 * encoder_place_take_error:
 * @message: (transfer none): any message of the bin's children
 *
 * Returns: whether it is an error of the encoder, which is then kept as its
 *     complaint, the first one only
 */
gboolean encoder_place_take_error (EncoderPlace * place,
    GstMessage * message);

gboolean encoder_place_has_complaint (EncoderPlace * place);

/* Returns: (transfer full) (nullable): the complaint, which is forgotten */
gchar *encoder_place_take_complaint (EncoderPlace * place);

G_END_DECLS
