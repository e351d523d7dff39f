/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One encoder that feeds several destinations, some of them behind one
 * bottleneck. */
#pragma once

#include "sender.h"

#define STREAM_SENDERS 4

typedef struct
{
  PathSettings path;
  guint link;                   /* number of its bottleneck */
} StreamDestination;

typedef struct
{
  Encoder encoder;
  guint n_senders;
  Sender senders[STREAM_SENDERS];
  StreamDestination destinations[STREAM_SENDERS];
  guint64 step;
  GRand *random;                /* who comes first to a bottleneck */
} Stream;

/* @drops: whether frames are lost before the delay grows
 * @n: of @destinations, 1 to STREAM_SENDERS */
void stream_init (Stream * stream, const EncoderSettings * encoder,
    gboolean drops, const StreamDestination * destinations, guint n,
    gdouble bitrate, guint32 seed);
void stream_clear (Stream * stream);

/* One step. @rates: of the bottlenecks, by number, in bytes a step. */
void stream_step (Stream * stream, const gdouble * rates);
