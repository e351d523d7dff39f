/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "traces.h"

#define MBIT 1e6
#define PACKET_BITS (1500 * 8)
#define SEEDS 8

typedef struct
{
  gdouble seconds, rate;        /* from then on, Mbit/s */
} Turn;

/* Jumps: each line ends with its length. */
typedef struct
{
  const gchar *name;
  gboolean ramp;                /* straight from turn to turn */
  Turn turns[9];
} Shape;

static const Shape shapes[] = {
  /* *INDENT-OFF* */
  {"constant 20", FALSE, {{0, 20}, {60, 0}}},
  {"constant 5", FALSE, {{0, 5}, {60, 0}}},
  {"constant 3", FALSE, {{0, 3}, {60, 0}}},
  {"constant 1", FALSE, {{0, 1}, {60, 0}}},
  {"constant 0.6", FALSE, {{0, 0.6}, {60, 0}}},
  {"step 20 1 20", FALSE, {{0, 20}, {20, 1}, {50, 20}, {90, 0}}},
  {"step 6 3 6", FALSE, {{0, 6}, {20, 3}, {50, 6}, {90, 0}}},
  {"step 20 4 20", FALSE, {{0, 20}, {15, 4}, {30, 20}, {60, 0}}},
  {"stairs", FALSE, {{0, 6}, {15, 4}, {30, 2}, {45, 1}, {60, 2}, {75, 4},
      {90, 6}, {105, 0}}},
  {"ramp 8 1 8", TRUE, {{0, 8}, {30, 1}, {60, 8}, {90, 0}}},
  {"steep ramp", TRUE, {{0, 8}, {10, 8}, {14, 1}, {40, 1}, {44, 8}, {70, 0}}},
  {"outage of 1 s", FALSE, {{0, 20}, {20, 0}, {21, 20}, {60, 0}}},
  {"outage of 3 s", FALSE, {{0, 4}, {20, 0}, {23, 4}, {60, 0}}},
  {"outage of 10 s", FALSE, {{0, 4}, {20, 0}, {30, 4}, {60, 0}}},
  {"next to nothing for 10 s", FALSE, {{0, 4}, {20, 0.1}, {30, 4}, {60, 0}}},
  {"three outages", FALSE, {{0, 5}, {15, 0}, {16, 5}, {24, 0}, {26, 3},
      {34, 0}, {35, 5}, {60, 0}}},
  /* *INDENT-ON* */
};

typedef struct
{
  const gchar *name;
  gboolean square;
  gdouble low, high, period;    /* Mbit/s, seconds */
} Wave;

static const Wave waves[] = {
  {"square 2 5, 20 s", TRUE, 2, 5, 20},
  {"square 2 5, 8 s", TRUE, 2, 5, 8},
  {"square 3 5, 4 s", TRUE, 3, 5, 4},
  {"sine 1 5, 40 s", FALSE, 1, 5, 40},
  {"sine 2 5, 15 s", FALSE, 2, 5, 15},
  {"sine 3 5, 5 s", FALSE, 3, 5, 5},
};

/* Random walks of the logarithm, or jumps between states as radio cells and
 * distances change: never below and never above. */
typedef struct
{
  const gchar *name;
  gdouble low, high;            /* Mbit/s */
  gdouble pull;                 /* to the middle, a second */
  gdouble walk;                 /* of the logarithm, the square root of a s */
  gdouble jump, stay;           /* of the logarithm, and seconds between */
} Wander;

static const Wander wanders[] = {
  {"slow walk", 0.8, 10, 0.05, 0.15, 0, 0},
  {"walk", 0.8, 10, 0.1, 0.3, 0, 0},
  {"mobile", 0.5, 12, 0.2, 0.3, 0.5, 12},
};

static Trace *
trace_new (gchar * name, gdouble seconds)
{
  Trace *trace = g_new0 (Trace, 1);

  trace->name = name;
  trace->n_slots = seconds * TRACE_SLOTS;
  trace->rates = g_new0 (gdouble, trace->n_slots);
  trace->varies = TRUE;
  return trace;
}

void
trace_free (gpointer data)
{
  Trace *trace = data;

  g_free (trace->name);
  g_free (trace->rates);
  g_free (trace);
}

static Trace *
make_shape (const Shape * shape)
{
  const Turn *turn = shape->turns;
  guint i, n = 1;
  Trace *trace;

  while (shape->turns[n].seconds > shape->turns[n - 1].seconds
      && n + 1 < G_N_ELEMENTS (shape->turns)
      && shape->turns[n + 1].seconds > 0)
    n++;
  trace = trace_new (g_strdup (shape->name), shape->turns[n].seconds);
  for (i = 0; i < trace->n_slots; i++) {
    gdouble second = (gdouble) i / TRACE_SLOTS;
    gdouble part;

    if (second >= turn[1].seconds)
      turn++;
    part = (second - turn->seconds) / (turn[1].seconds - turn->seconds);
    if (!shape->ramp || turn + 1 == &shape->turns[n])
      part = 0.0;
    trace->rates[i] = MBIT * (turn->rate + part * (turn[1].rate - turn->rate));
  }
  trace->varies = n > 1;
  return trace;
}

static Trace *
make_wave (const Wave * wave)
{
  Trace *trace = trace_new (g_strdup (wave->name), 80);
  guint i;

  for (i = 0; i < trace->n_slots; i++) {
    gdouble height = cos (2 * G_PI * i / TRACE_SLOTS / wave->period);

    if (wave->square)
      height = height >= 0.0 ? 1.0 : -1.0;
    trace->rates[i] = MBIT * (wave->low
        + (wave->high - wave->low) * (height + 1.0) / 2.0);
  }
  return trace;
}

/* Of mean 0 and variance 1. */
static gdouble
normal (GRand * random)
{
  gdouble sum = 0.0;
  guint i;

  for (i = 0; i < 12; i++)
    sum += g_rand_double (random);
  return sum - 6.0;
}

static Trace *
make_wander (const Wander * wander, guint32 seed)
{
  Trace *trace = trace_new (g_strdup_printf ("%s %u", wander->name, seed), 120);
  GRand *random = g_rand_new_with_seed (seed);
  gdouble low = log (wander->low), high = log (wander->high);
  gdouble middle = (low + high) / 2, place = middle, offset = 0.0;
  gdouble slot = 1.0 / TRACE_SLOTS;
  guint i;

  for (i = 0; i < trace->n_slots; i++) {
    if (wander->stay > 0 && g_rand_double (random) < slot / wander->stay)
      offset = wander->jump * normal (random);
    place += wander->walk * sqrt (slot) * normal (random)
        - wander->pull * slot * (place - middle);
    place = CLAMP (place, low, high);
    trace->rates[i] = MBIT * exp (CLAMP (place + offset, low, high));
  }
  g_rand_free (random);
  return trace;
}

GPtrArray *
traces_make (void)
{
  GPtrArray *traces = g_ptr_array_new_with_free_func (trace_free);
  guint i, seed;

  for (i = 0; i < G_N_ELEMENTS (shapes); i++)
    g_ptr_array_add (traces, make_shape (&shapes[i]));
  for (i = 0; i < G_N_ELEMENTS (waves); i++)
    g_ptr_array_add (traces, make_wave (&waves[i]));
  for (i = 0; i < G_N_ELEMENTS (wanders); i++)
    for (seed = 1; seed <= SEEDS; seed++)
      g_ptr_array_add (traces, make_wander (&wanders[i], seed));
  return traces;
}

Trace *
trace_fall (gdouble from, gdouble second, gdouble to, gdouble seconds)
{
  Shape shape = { "fall", FALSE, {{0, from}, {second, to}, {seconds, 0}
      }
  };

  return make_shape (&shape);
}

Trace *
trace_read (const gchar * path, guint seconds, GError ** error)
{
  Trace *trace;
  gchar *text, *at, *end;
  guint64 last = 0;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  trace = trace_new (g_path_get_basename (path), seconds);
  for (at = text;; at = end) {
    guint64 ms = g_ascii_strtoull (at, &end, 10);
    guint64 slot = ms * TRACE_SLOTS / 1000;

    if (end == at || slot >= trace->n_slots)
      break;
    trace->rates[slot] += (gdouble) PACKET_BITS *TRACE_SLOTS;
    last = slot;
  }
  trace->n_slots = MIN (trace->n_slots, last + 1);
  g_free (text);
  return trace;
}
