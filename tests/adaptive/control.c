/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "control.h"

/* OBS Studio's dynamic bitrate, from its published behaviour: what is
 * buffered lowers the rate to what was measured over one to two seconds;
 * every four seconds a tenth of the first rate is added. */
#define OBS_TRIGGER 0.2         /* s */
#define OBS_LEAST_SPAN 1.0      /* s */
#define OBS_MOST_SPAN 2.0       /* s */
#define OBS_RAISE_AFTER 4.0     /* s */
#define OBS_RAISE 0.1
#define OBS_GRID 100.0          /* kbit/s */
#define OBS_LEAST 50.0          /* kbit/s */

#define SAMPLE_STEPS (ECHOEL_CAPACITY_INTERVAL / (GST_SECOND / PATH_STEPS))

static guint
id_of (guint destination)
{
  return destination + 1;
}

void
control_init (Control * control, ControlKind kind, guint best, guint floor,
    guint audio, guint n)
{
  EchoelRateLimits limits = {.best = best,.floor = floor,.audio = audio };
  guint i;

  memset (control, 0, sizeof *control);
  control->kind = kind;
  control->best = best;
  control->floor = floor;
  control->audio = audio;
  control->bitrate = control->previous = best;
  control->arbiter = echoel_rate_arbiter_new (&limits);
  for (i = 0; i < n; i++) {
    echoel_capacity_init (&control->capacities[i], (best + audio)
        * 1000.0 * ECHOEL_RATE_PACKAGING);
    echoel_rate_arbiter_add (control->arbiter, id_of (i), ECHOEL_VOTE_QUORUM,
        1.0);
  }
}

void
control_clear (Control * control)
{
  echoel_rate_arbiter_free (control->arbiter);
}

gboolean
control_votes (const Control * control, guint destination)
{
  return echoel_rate_arbiter_get_isolation (control->arbiter,
      id_of (destination)) == ECHOEL_ISOLATION_NONE;
}

static void
look_at (Control * control, Sender * sender, guint destination)
{
  const Path *path = &sender->path;
  const EchoelCapacityReport *report;
  EchoelTransportSample sample = {
    .time = sender->step * (GST_SECOND / PATH_STEPS),
    .offered = sender->offered,
    .dropped = sender->lost,
    .delivered = path->acked,
    .waiting = sender_waiting (sender),
    .unacknowledged = path->accepted - path->acked,
    .losses = path->losses,
    .min_rtt = path->settings.rtt * (GST_SECOND / PATH_STEPS)
  };

  report = echoel_capacity_update (&control->capacities[destination], &sample);
  sender->beyond = (gdouble) report->beyond / GST_SECOND;
  echoel_rate_arbiter_report (control->arbiter, id_of (destination), report);
}

static void
step_echoel (Control * control, Stream * stream)
{
  guint i;

  if (stream->step % SAMPLE_STEPS != 0)
    return;
  for (i = 0; i < stream->n_senders; i++)
    look_at (control, &stream->senders[i], i);
  if (echoel_rate_arbiter_decide (control->arbiter,
          stream->step * (GST_SECOND / PATH_STEPS), &control->decision))
    control->changes++;
  encoder_ask (&stream->encoder, control->decision.bitrate * 1000.0);
}

/* --- OBS --------------------------------------------------------------------*/

static gdouble
seconds (guint64 steps)
{
  return (gdouble) steps / PATH_STEPS;
}

static SentFrame *
sent_frame (Control * control, guint64 number)
{
  return &control->sent[number % CONTROL_SENT];
}

static void
note_sent (Control * control, const Sender * sender)
{
  for (; control->seen < sender->head; control->seen++) {
    const Frame *frame = &sender->frames[control->seen % SENDER_FRAMES];
    SentFrame *sent = sent_frame (control, control->n_sent++);

    sent->begun = seconds (frame->begun);
    sent->entered = seconds (frame->entered);
    sent->size = frame->size;
  }
  while (control->n_sent > control->first_sent + 1
      && sent_frame (control, control->n_sent - 1)->entered
      - sent_frame (control, control->first_sent)->begun > OBS_MOST_SPAN)
    control->first_sent++;
}

/* kbit/s of the video, 0 when too little was sent to say. */
static gdouble
obs_estimate (Control * control)
{
  gdouble bytes = 0.0, span;
  guint64 i;

  if (control->n_sent == control->first_sent)
    return 0.0;
  span = sent_frame (control, control->n_sent - 1)->entered
      - sent_frame (control, control->first_sent)->begun;
  if (span < OBS_LEAST_SPAN)
    return 0.0;
  for (i = control->first_sent; i < control->n_sent; i++)
    bytes += sent_frame (control, i)->size;
  return MAX (bytes * 8.0 / span / 1000.0 - control->audio, OBS_LEAST);
}

static void
set_obs (Control * control, Encoder * encoder, gdouble bitrate)
{
  if (bitrate == control->bitrate)
    return;
  control->previous = control->bitrate;
  control->bitrate = bitrate;
  control->changes++;
  encoder_ask (encoder, bitrate * 1000.0);
}

static void
step_obs (Control * control, Stream * stream)
{
  const Sender *sender = &stream->senders[0];
  Encoder *encoder = &stream->encoder;
  gdouble now = seconds (sender->step), estimate;

  note_sent (control, sender);
  if (sender_queued (sender) >= OBS_TRIGGER) {
    estimate = obs_estimate (control);
    if (estimate > 0.0 && estimate < control->bitrate) {
      control->first_sent = control->n_sent;
      set_obs (control, encoder, MAX (floor (estimate / OBS_GRID) * OBS_GRID,
              OBS_LEAST));
      control->raise_at = now + OBS_RAISE_AFTER;
    } else if (estimate == 0.0 && control->previous < control->bitrate) {
      set_obs (control, encoder, control->previous);
      control->raise_at = now + OBS_RAISE_AFTER;
    }
  } else if (control->raise_at > 0.0 && now >= control->raise_at) {
    set_obs (control, encoder, MIN (control->bitrate
            + OBS_RAISE * control->best, control->best));
    control->raise_at = control->bitrate < control->best
        ? now + OBS_RAISE_AFTER : 0.0;
  }
}

void
control_step (Control * control, Stream * stream)
{
  switch (control->kind) {
    case CONTROL_ECHOEL:
      step_echoel (control, stream);
      break;
    case CONTROL_OBS:
      step_obs (control, stream);
      break;
    case CONTROL_FIXED:
      break;
  }
}
