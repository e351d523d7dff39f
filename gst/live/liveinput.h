/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes in at the pads: formats and times are read, silence is put in
 * where sound is missing, and every frame goes to the feed. */
#pragma once

#include "audiofill.h"
#include "feed.h"
#include "timeline.h"

G_BEGIN_DECLS

typedef struct
{
  LiveFeed *feed;               /* not owned */

  GMutex lock;                  /* guards all below; before the feed's lock */
  EchoelTimeline timeline;
  EchoelAudioFill fill;
  gboolean sound_expected;      /* a pad for it exists and has not ended */
  EchoelFormat *sound;          /* owned; of the real track, else made up */
  GstBuffer *silence;           /* owned; one frame of it */
  EchoelFormat *picture;        /* owned */
  gboolean heard_silence;       /* silence goes out */
  gboolean told_silence;        /* what the last message said of it */
  gboolean telling;             /* a thread is saying so */
  GstElement *element;          /* not owned: who warns */
} LiveInput;

void live_input_init (LiveInput * input, GstElement * element,
    LiveFeed * feed);
void live_input_clear (LiveInput * input);

/* Before the element runs. */
void live_input_reset (LiveInput * input);

/* After a flush: times that begin anew are led on from those before; the formats
 * stay. */
void live_input_flush (LiveInput * input);

/* A sound pad comes, ends or goes. */
void live_input_expect_sound (LiveInput * input, gboolean expected);

/* Returns: whether silence stands in for sound at the moment. */
gboolean live_input_is_silent (LiveInput * input);

/* Streaming threads. Returns: FALSE with @error set when the caps are of no
 * use */
gboolean live_input_set_caps (LiveInput * input, const GstCaps * caps,
    GError ** error);

/* Streaming threads. @buffer: (transfer none); @dts, @pts: running times, ns.
 * Returns: whether to ask the encoder for a key frame */
gboolean live_input_push (LiveInput * input, gboolean video,
    GstBuffer * buffer, gint64 dts, gint64 pts);

G_END_DECLS
