/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "stream.h"

void
stream_init (Stream * stream, const EncoderSettings * encoder, gboolean drops,
    const StreamDestination * destinations, guint n, gdouble bitrate,
    guint32 seed)
{
  guint i;

  memset (stream, 0, sizeof *stream);
  encoder_init (&stream->encoder, encoder, bitrate, seed);
  stream->n_senders = n;
  for (i = 0; i < n; i++) {
    stream->destinations[i] = destinations[i];
    sender_init (&stream->senders[i], drops, &destinations[i].path);
  }
  stream->random = g_rand_new_with_seed (seed);
}

void
stream_clear (Stream * stream)
{
  g_rand_free (stream->random);
}

static void
push (Stream * stream)
{
  EncodedFrame frame;
  guint i;

  if (!encoder_step (&stream->encoder, &frame))
    return;
  for (i = 0; i < stream->n_senders; i++)
    if (sender_push (&stream->senders[i], &frame))
      stream->encoder.key_wanted = TRUE;
}

static gdouble
queued_on (const Stream * stream, guint link)
{
  gdouble bytes = 0.0;
  guint i;

  for (i = 0; i < stream->n_senders; i++)
    if (stream->destinations[i].link == link)
      bytes += path_queued (&stream->senders[i].path);
  return bytes;
}

/* Who comes last finds the bottleneck full, and that is another each time. */
static void
send_all (Stream * stream, const gdouble * rates)
{
  guint first = stream->n_senders > 1
      ? g_rand_int_range (stream->random, 0, stream->n_senders) : 0;
  guint i;

  for (i = 0; i < stream->n_senders; i++) {
    guint at = (first + i) % stream->n_senders;
    const StreamDestination *destination = &stream->destinations[at];
    Sender *sender = &stream->senders[at];
    gdouble others = queued_on (stream, destination->link)
        - path_queued (&sender->path);

    sender_send (sender, MAX (destination->path.queue
            + rates[destination->link] - others, 0.0));
  }
}

/* What is in a bottleneck leaves it in the order in which it came: of each
 * connection, so much as it has in it. */
static void
serve_all (Stream * stream, const gdouble * rates)
{
  gdouble queued[STREAM_SENDERS];
  guint i;

  for (i = 0; i < stream->n_senders; i++)
    queued[i] = queued_on (stream, stream->destinations[i].link);
  for (i = 0; i < stream->n_senders; i++) {
    Path *path = &stream->senders[i].path;
    gdouble own = path_queued (path);
    gdouble rate = rates[stream->destinations[i].link];

    path_serve (path, queued[i] <= rate ? own : own * rate / queued[i]);
  }
}

void
stream_step (Stream * stream, const gdouble * rates)
{
  guint i;

  stream->step++;
  push (stream);
  send_all (stream, rates);
  serve_all (stream, rates);
  for (i = 0; i < stream->n_senders; i++)
    sender_arrive (&stream->senders[i]);
}
