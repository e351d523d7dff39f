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
      .queue = 32 * 1024,.not_sent = 16 * 1024},.best = RUN_BEST,.encoder = {
        .fps = 30,.gop = 60,.key_scale = 4.0,.noise = 0.2,.lag = 100,
      .pay_back = 15.0,.audio = RUN_AUDIO * 1000.0},.seed = 7
};

SenderSettings
score_restless (guint seed)
{
  SenderSettings settings = score_standard.encoder;

  settings.key_scale = 4.0 + seed % 4;
  settings.key_debt = TRUE;
  settings.pay_back = 7.0;
  settings.noise = 0.3;
  settings.lag = 100 + seed % 3 * 100;
  return settings;
}

/* (transfer full): by slot, whether it counts. */
static gboolean *
slots_that_count (const Trace * trace, gdouble * outages)
{
  gboolean *counts = g_new (gboolean, trace->n_slots);
  gdouble sum = 0.0;
  guint i, j, out = 0;

  for (i = 0; i < trace->n_slots; i++)
    counts[i] = i >= START * TRACE_SLOTS;
  *outages = 0.0;
  for (i = 0; i < trace->n_slots; i++) {
    sum += trace->rates[i] - (i >= SMOOTH ? trace->rates[i - SMOOTH] : 0.0);
    out = i >= SMOOTH && sum / SMOOTH < (RUN_FLOOR + RUN_AUDIO) * 1000.0
        ? out + 1 : 0;
    if (out + SMOOTH < OUTAGE * TRACE_SLOTS)
      continue;
    for (j = i - out - SMOOTH + 1; j < trace->n_slots
        && j <= i + RECOVERY * TRACE_SLOTS; j++)
      counts[j] = FALSE;
    *outages += 1.0 / TRACE_SLOTS;
  }
  return counts;
}

typedef struct
{
  const Trace *trace;
  guint best;                   /* kbit/s of the video */
  gboolean *counts;
  guint bins[DELAY_BINS];
  gdouble last;                 /* bitrate, kbit/s */
  gdouble smooth;               /* bit/s, over the last tenth of a second */
  gdouble available, arrived, in_time;  /* bytes */
  guint64 seen;                 /* frames */
  gdouble plotted;              /* bytes */
} Tally;

static void
tally_frames (Tally * tally, const Sender * sender, gboolean counts)
{
  for (; tally->seen < sender->arrived; tally->seen++) {
    const Frame *frame = &sender->frames[tally->seen % SENDER_FRAMES];
    gdouble age = (gdouble) (sender->step - frame->step) / PATH_STEPS;

    if (!counts)
      continue;
    tally->arrived += frame->size;
    tally->in_time += age <= LATE ? frame->size : 0.0;
  }
}

static void
tally_slot (Tally * tally, const Sender * sender, guint slot, Score * score)
{
  gdouble delay = sender_delay (sender), best =
      (tally->best + RUN_AUDIO) * 1000.0;
  gdouble kbps = sender->bitrate / 1000.0;
  guint bin = MIN (delay, LONGEST_DELAY) / LONGEST_DELAY * (DELAY_BINS - 1);

  if (kbps < tally->best)
    score->first_fall = MIN (score->first_fall, (gdouble) slot / TRACE_SLOTS);
  if (sender->lost > 0)
    score->first_loss = MIN (score->first_loss, (gdouble) slot / TRACE_SLOTS);
  if (kbps >= BACK * tally->best && tally->last < BACK * tally->best)
    score->back = (gdouble) slot / TRACE_SLOTS;
  tally->last = kbps;
  score->least = MIN (score->least, kbps);
  score->most = MAX (score->most, kbps);
  if (slot >= tally->trace->n_slots / 2) {
    score->low = MIN (score->low, kbps);
    score->high = MAX (score->high, kbps);
  }
  tally->smooth += (tally->trace->rates[slot]
      - (slot >= SMOOTH ? tally->trace->rates[slot - SMOOTH] : 0.0)) / SMOOTH;
  if (!tally->counts[slot])
    return;
  tally->bins[bin]++;
  score->worst = MAX (score->worst, delay);
  tally->available += MIN (tally->smooth, best) / 8 / TRACE_SLOTS;
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
plot_slot (Tally * tally, const Sender * sender, guint slot, GString * plot)
{
  gdouble bits = (sender->path.acked - tally->plotted) * 8;

  if (!plot || slot % PLOT_SLOTS != PLOT_SLOTS - 1)
    return;
  g_string_append_printf (plot, "%.2f %.3f %.3f %.3f %.3f\n",
      (slot + 1.0) / TRACE_SLOTS, tally->trace->rates[slot] / 1e6,
      sender->bitrate / 1e6, bits * TRACE_SLOTS / PLOT_SLOTS / 1e6,
      sender_delay (sender));
  tally->plotted = sender->path.acked;
}

Score
score_run (const Run * run, const Trace * trace, GString * plot)
{
  Score score = {.low = G_MAXDOUBLE,.least = G_MAXDOUBLE,
    .first_fall = G_MAXDOUBLE,.first_loss = G_MAXDOUBLE
  };
  SenderSettings settings = run->encoder;
  Sender *sender = g_new (Sender, 1);
  Control *control = g_new (Control, 1);
  Tally *tally = g_new0 (Tally, 1);
  guint slot, step;

  settings.drops = run->kind != CONTROL_OBS;
  tally->trace = trace;
  tally->best = run->best;
  tally->counts = slots_that_count (trace, &score.outages);
  sender_init (sender, &settings, &run->path, run->best * 1000.0, run->seed);
  control_init (control, run->kind, run->best, RUN_FLOOR, RUN_AUDIO);
  for (slot = 0; slot < trace->n_slots; slot++) {
    for (step = 0; step < STEPS_A_SLOT; step++) {
      sender_step (sender, trace->rates[slot] / BITS_A_STEP);
      control_step (control, sender);
    }
    tally_frames (tally, sender, tally->counts[slot]);
    tally_slot (tally, sender, slot, &score);
    plot_slot (tally, sender, slot, plot);
  }
  score.used = tally->arrived / MAX (tally->available, 1.0);
  score.in_time = tally->in_time / MAX (tally->available, 1.0);
  score.delay = percentile (tally->bins, 0.99);
  score.lost = (gdouble) sender->lost / MAX (sender->n_frames, 1);
  score.changes = control->changes;
  control_clear (control);
  g_free (tally->counts);
  g_free (tally);
  g_free (control);
  g_free (sender);
  return score;
}
