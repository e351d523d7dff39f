/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks once a second of real time whether audio that was asked for comes. */
#pragma once

#include <gst/gst.h>

#include "silence.h"

G_BEGIN_DECLS

typedef struct
{
  GstElement *owner;            /* not owned; outlives the watch */
  /* Fills in what is known. Any thread, without the owner's object lock. */
  void (*look) (GstElement * owner, EchoelSilenceFacts * facts);
  /* End the audio, or bridge the time until it begins. In a thread of their
   * own, may block. */
  void (*give_up) (GstElement * owner);
  void (*fill) (GstElement * owner);

  /* Guarded by the owner's object lock. */
  GstClockID id;                /* NULL when nobody watches */
  EchoelSilence silence;
} AudioWatch;

/* At the first video frame; one that runs is stopped first. */
void audio_watch_start (AudioWatch * watch);

/* Harmless when nothing was started. Any thread. */
void audio_watch_stop (AudioWatch * watch);

G_END_DECLS
