/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "score.h"

#define STEPS_A_SLOT (PATH_STEPS / TRACE_SLOTS)
#define BITS_A_STEP (8.0 * PATH_STEPS)
/* See score.h: a path that is out, and its recovery. */
#define OUTAGE 0.5              /* s */
#define RECOVERY 2.0            /* s */
/* Connections start with a burst and nobody has learnt anything yet. */
#define START 1.0               /* s */
/* Rates of radio links are those of a whole tenth of a second. */
#define SMOOTH (TRACE_SLOTS / 10)
#define PLOT_SLOTS (TRACE_SLOTS * 2 / 5)
/* Recovered, as a part of the best rate. */
#define BACK 0.9
#define LONGEST_DELAY 30.0      /* s */
#define DELAY_BINS 3000

const Run score_standard = {
  .kind = CONTROL_ECHOEL,.path = {.control = PATH_CUBIC,.rtt = 40,
      .queue = 32 * 1024,.acked = 2,.not_sent = 16 * 1024},.sharing = 1,.best =
      RUN_BEST,.encoder = {
        .fps = 30,.gop = 60,.key_scale = 4.0,.noise = 0.2,.lag = 100,
      .pay_back = 15.0,.audio = RUN_AUDIO * 1000.0},.seed = 7
};

EncoderSettings
score_restless (guint seed)
{
  EncoderSettings settings = score_standard.encoder;

  settings.key_scale = 4.0 + seed % 4;
  settings.key_debt = TRUE;
  settings.pay_back = 7.0;
  settings.noise = 0.3;
  settings.lag = 100 + seed % 3 * 100;
  return settings;
}

/* What a slot of a trace is scored as. */
typedef enum
{
  SLOT_START,                   /* not at all */
  SLOT_COUNTS,
  SLOT_OUT,                     /* the path is out */
  SLOT_AFTER                    /* and has just been */
} SlotKind;

static gboolean
is_apart (SlotKind kind)
{
  return kind == SLOT_OUT || kind == SLOT_AFTER;
}

/* (transfer full): by slot. */
static SlotKind *
kinds_of_slots (const Trace * trace)
{
  SlotKind *kinds = g_new (SlotKind, trace->n_slots);
  gdouble sum = 0.0;
  guint i, j, out = 0, after = 0;

  for (i = 0; i < trace->n_slots; i++) {
    kinds[i] = i < START * TRACE_SLOTS ? SLOT_START : after > 0 ? SLOT_AFTER
        : SLOT_COUNTS;
    after -= after > 0;
    sum += trace->rates[i] - (i >= SMOOTH ? trace->rates[i - SMOOTH] : 0.0);
    out = i >= SMOOTH && sum / SMOOTH < (RUN_FLOOR + RUN_AUDIO) * 1000.0
        ? out + 1 : 0;
    if (out + SMOOTH < OUTAGE * TRACE_SLOTS)
      continue;
    for (j = i - out - SMOOTH + 1; j <= i; j++)
      kinds[j] = SLOT_OUT;
    after = RECOVERY * TRACE_SLOTS;
  }
  return kinds;
}

/* Of one kind of time. */
typedef struct
{
  gdouble available, arrived, in_time;  /* bytes */
  guint64 frames, lost;
} Sum;

/* Of one destination. */
typedef struct
{
  guint64 seen;                 /* frames */
  Sum counts, apart;
  guint bins[DELAY_BINS];       /* of the delay */
  guint in_time_at;             /* slot of the last frame that was */
} Tally;

typedef struct
{
  const Trace *trace;
  guint best;                   /* kbit/s of the video */
  guint sharing;                /* destinations that are scored */
  SlotKind *kinds;
  Tally tallies[STREAM_SENDERS];
  gdouble last;                 /* bitrate, kbit/s */
  gdouble smooth;               /* bit/s, over the last tenth of a second */
  guint out_until;              /* slot; 0: nobody waits for what follows */
  gdouble plotted;              /* bytes */
} Tallies;

static void
tally_frames (Tally * tally, const Sender * sender, const SlotKind * kinds,
    guint slot)
{
  for (; tally->seen < sender->arrived; tally->seen++) {
    const Frame *frame = &sender->frames[tally->seen % SENDER_FRAMES];
    gdouble age = (gdouble) (sender->step - frame->step) / PATH_STEPS;
    Sum *arrives = is_apart (kinds[slot]) ? &tally->apart : &tally->counts;
    Sum *made = is_apart (kinds[frame->step / STEPS_A_SLOT]) ? &tally->apart
        : &tally->counts;

    made->frames++;
    made->lost += frame->dropped;
    if (age <= LATE && !frame->dropped)
      tally->in_time_at = slot;
    if (kinds[slot] == SLOT_START)
      continue;
    arrives->arrived += frame->size;
    arrives->in_time += age <= LATE ? frame->size : 0.0;
  }
}

static void
tally_delay (Tallies * all, Tally * tally, gdouble delay, guint slot,
    Score * score)
{
  guint bin = MIN (delay, LONGEST_DELAY) / LONGEST_DELAY * (DELAY_BINS - 1);

  if (all->kinds[slot] != SLOT_COUNTS)
    return;
  tally->bins[bin]++;
  score->worst = MAX (score->worst, delay);
}

/* From the end of an outage until each one has something in time. */
static void
tally_outage (Tallies * all, guint slot, Score * score)
{
  guint i, last = all->trace->n_slots - 1;

  if (all->kinds[slot] == SLOT_OUT) {
    all->out_until = slot;
    score->outages.seconds += 1.0 / TRACE_SLOTS;
    return;
  }
  if (all->out_until == 0)
    return;
  for (i = 0; i < all->sharing && slot < last; i++)
    if (all->tallies[i].in_time_at <= all->out_until)
      return;
  score->outages.resumed = MAX (score->outages.resumed,
      (gdouble) (slot - all->out_until) / TRACE_SLOTS);
  all->out_until = 0;
}

static void
tally_bitrate (Tallies * all, gdouble kbps, guint slot, Score * score)
{
  gdouble second = (gdouble) slot / TRACE_SLOTS;

  if (kbps < all->best)
    score->first_fall = MIN (score->first_fall, second);
  if (kbps >= BACK * all->best && all->last < BACK * all->best)
    score->back = second;
  all->last = kbps;
  score->least = MIN (score->least, kbps);
  score->most = MAX (score->most, kbps);
  if (slot >= all->trace->n_slots / 2) {
    score->low = MIN (score->low, kbps);
    score->high = MAX (score->high, kbps);
  }
}

static void
tally_slot (Tallies * all, const Stream * stream, guint slot, Score * score)
{
  gdouble best = (all->best + RUN_AUDIO) * 1000.0 * all->sharing, available;
  const Trace *trace = all->trace;
  guint i;

  all->smooth += (trace->rates[slot]
      - (slot >= SMOOTH ? trace->rates[slot - SMOOTH] : 0.0)) / SMOOTH
      * all->sharing;
  available = MIN (all->smooth, best) / 8 / TRACE_SLOTS;
  for (i = 0; i < all->sharing; i++) {
    const Sender *sender = &stream->senders[i];
    Tally *tally = &all->tallies[i];

    tally_frames (tally, sender, all->kinds, slot);
    tally_delay (all, tally, sender_delay (sender), slot, score);
    if (sender->lost > 0)
      score->first_loss = MIN (score->first_loss, (gdouble) slot / TRACE_SLOTS);
    if (is_apart (all->kinds[slot]))
      tally->apart.available += available / all->sharing;
    else if (all->kinds[slot] == SLOT_COUNTS)
      tally->counts.available += available / all->sharing;
  }
  tally_bitrate (all, stream->encoder.bitrate / 1000.0, slot, score);
  tally_outage (all, slot, score);
}

static gdouble
percentile (const guint * bins, gdouble part)
{
  guint64 all = 0, sum = 0;
  guint i;

  for (i = 0; i < DELAY_BINS; i++)
    all += bins[i];
  for (i = 0; i < DELAY_BINS; i++)
    if ((sum += bins[i]) >= all * part)
      break;
  return i * LONGEST_DELAY / (DELAY_BINS - 1);
}

static void
add_sum (Sum * sum, const Sum * more)
{
  sum->available += more->available;
  sum->arrived += more->arrived;
  sum->in_time += more->in_time;
}

static gdouble
part_lost (const Sum * sum)
{
  return (gdouble) sum->lost / MAX (sum->frames, 1);
}

static void
sum_up (const Tallies * all, Score * score)
{
  Sum counts = { 0, }, apart = {
    0,
  };
  gdouble least = G_MAXDOUBLE;
  guint i;

  for (i = 0; i < all->sharing; i++) {
    const Tally *tally = &all->tallies[i];

    add_sum (&counts, &tally->counts);
    add_sum (&apart, &tally->apart);
    score->delay = MAX (score->delay, percentile (tally->bins, 0.99));
    score->lost = MAX (score->lost, part_lost (&tally->counts));
    score->outages.lost = MAX (score->outages.lost, part_lost (&tally->apart));
    least = MIN (least, tally->counts.arrived);
  }
  score->used = counts.arrived / MAX (counts.available, 1.0);
  score->in_time = counts.in_time / MAX (counts.available, 1.0);
  score->outages.used = apart.arrived / MAX (apart.available, 1.0);
  score->outages.in_time = apart.in_time / MAX (apart.available, 1.0);
  score->least_part = least * all->sharing / MAX (counts.arrived, 1.0);
}

static void
plot_slot (Tallies * all, const Stream * stream, guint slot, GString * plot)
{
  const Sender *sender = &stream->senders[0];
  gdouble bits = (sender->path.acked - all->plotted) * 8;

  if (!plot || slot % PLOT_SLOTS != PLOT_SLOTS - 1)
    return;
  g_string_append_printf (plot, "%.2f %.3f %.3f %.3f %.3f\n",
      (slot + 1.0) / TRACE_SLOTS, all->trace->rates[slot] / 1e6,
      stream->encoder.bitrate / 1e6, bits * TRACE_SLOTS / PLOT_SLOTS / 1e6,
      sender_delay (sender));
  all->plotted = sender->path.acked;
}

/* Those that share are on link 0, the weak one on link 1. */
static void
begin (const Run * run, Stream * stream)
{
  StreamDestination destinations[STREAM_SENDERS];
  guint i, n = run->sharing + (run->weak != NULL);

  g_assert (run->sharing > 0 && n <= STREAM_SENDERS);
  for (i = 0; i < n; i++) {
    destinations[i].path = run->path;
    destinations[i].link = i < run->sharing ? 0 : 1;
    if (i == run->sharing)
      continue;
    destinations[i].path.rtt += i * run->path.rtt / 2;
    destinations[i].path.queue *= run->sharing;
  }
  stream_init (stream, &run->encoder, run->kind != CONTROL_OBS, destinations, n,
      run->best * 1000.0, run->seed);
}

Score
score_run (const Run * run, const Trace * trace, GString * plot)
{
  Score score = {.low = G_MAXDOUBLE,.least = G_MAXDOUBLE,
    .first_fall = G_MAXDOUBLE,.first_loss = G_MAXDOUBLE
  };
  Stream *stream = g_new (Stream, 1);
  Control *control = g_new (Control, 1);
  Tallies *all = g_new0 (Tallies, 1);
  guint slot, step;

  all->trace = trace;
  all->best = run->best;
  all->sharing = run->sharing;
  all->kinds = kinds_of_slots (trace);
  begin (run, stream);
  control_init (control, run->kind, run->best, RUN_FLOOR, RUN_AUDIO,
      stream->n_senders);
  for (slot = 0; slot < trace->n_slots; slot++) {
    gdouble rates[] = { trace->rates[slot] / BITS_A_STEP * run->sharing,
      run->weak ? run->weak->rates[slot % run->weak->n_slots] / BITS_A_STEP : 0
    };

    for (step = 0; step < STEPS_A_SLOT; step++) {
      stream_step (stream, rates);
      control_step (control, stream);
    }
    tally_slot (all, stream, slot, &score);
    plot_slot (all, stream, slot, plot);
  }
  sum_up (all, &score);
  score.changes = control->changes;
  score.weak_votes = run->weak && control_votes (control, run->sharing);
  control_clear (control);
  stream_clear (stream);
  g_free (all->kinds);
  g_free (all);
  g_free (control);
  g_free (stream);
  return score;
}
