/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* adaptive-runs [FOLDER [TRACE...]]: a table of all simulated runs, or of
 * those over recorded traces, and what is needed to plot each in FOLDER. */
#include <gst/gst.h>

#include "score.h"

#define LONGEST 300             /* s of a recorded trace */

static const gchar *const controls[] = { "CUBIC", "BBR" };

typedef struct
{
  guint64 steps;
  gint64 took;                  /* us */
} Speed;

/* Runs once, leaving its plot in @folder if there is one. */
static Score
run_once (const Trace * trace, PathControl control, ControlKind kind,
    const gchar * folder, Speed * speed)
{
  Run run = score_standard;
  GString *plot = folder ? g_string_new (NULL) : NULL;
  gint64 began = g_get_monotonic_time ();
  Score score;

  run.kind = kind;
  run.path.control = control;
  score = score_run (&run, trace, plot);
  speed->took += g_get_monotonic_time () - began;
  speed->steps += (guint64) trace->n_slots * (PATH_STEPS / TRACE_SLOTS);
  if (plot) {
    gchar *name = g_strdup_printf ("%s %s %s.dat", trace->name,
        controls[control], kind == CONTROL_ECHOEL ? "Echoel" : "OBS");
    gchar *path = g_build_filename (folder, name, NULL);

    g_file_set_contents (path, plot->str, plot->len, NULL);
    g_string_free (plot, TRUE);
    g_free (path);
    g_free (name);
  }
  return score;
}

static void
print_row (const Trace * trace, PathControl control, const Score * ours,
    const Score * obs)
{
  g_print ("| %s | %s | %.1f %% | %.1f %% | %.2f s | %.1f %% | %u "
      "| %.1f %% | %.1f %% | %.2f s | %u | %.1f s |\n", trace->name,
      controls[control], 100 * ours->used, 100 * ours->in_time, ours->delay,
      100 * ours->lost, ours->changes, 100 * obs->used, 100 * obs->in_time,
      obs->delay, obs->changes, ours->outages.seconds);
}

/* What is harder than the standard: how many runs miss each goal. */
static const struct
{
  const gchar *name;
  guint lag;                    /* of the encoder, steps */
  gdouble key_scale;
  guint queue;                  /* of the bottleneck, KiB */
} variants[] = {
  /* *INDENT-OFF* */
  {"as above", 100, 4, 32},
  {"encoder follows after 0.3 s", 300, 4, 32},
  {"encoder follows after 0.5 s", 500, 4, 32},
  {"encoder follows after 1 s", 1000, 4, 32},
  {"key frames ten times the others", 100, 10, 32},
  {"key frames thirty times the others", 100, 30, 32},
  {"bottleneck of 256 KiB", 100, 4, 256},
  /* *INDENT-ON* */
};

#define USED 0.90
#define DELAY 1.0               /* s */
#define EVEN 0.01

static void
print_variant (const GPtrArray * traces, guint at)
{
  guint i, control, unused = 0, late = 0, below = 0;
  gdouble worst = 0.0, lost = 0.0;

  for (i = 0; i < traces->len; i++)
    for (control = PATH_CUBIC; control <= PATH_BBR; control++) {
      Run run = score_standard;
      Score ours, obs;

      run.path.control = control;
      run.path.queue = variants[at].queue * 1024.0;
      run.encoder.lag = variants[at].lag;
      run.encoder.key_scale = variants[at].key_scale;
      ours = score_run (&run, g_ptr_array_index (traces, i), NULL);
      run.kind = CONTROL_OBS;
      obs = score_run (&run, g_ptr_array_index (traces, i), NULL);
      unused += ours.used < USED;
      late += ours.delay > DELAY;
      below += ours.in_time < obs.in_time - EVEN;
      worst = MAX (worst, ours.delay);
      lost = MAX (lost, ours.lost);
    }
  g_print ("| %s | %u | %u | %.2f s | %.1f %% | %u |\n", variants[at].name,
      unused, late, worst, 100 * lost, below);
}

static void
print_variants (const GPtrArray * traces)
{
  guint i;

  g_print ("\n| of %u runs | used less than 90 %% | later than 1 s | worst "
      "delay | most lost | worse than OBS |\n| --- | --- | --- | --- | --- "
      "| --- |\n", 2 * traces->len);
  for (i = 0; i < G_N_ELEMENTS (variants); i++)
    print_variant (traces, i);
}

/* Several destinations on one uplink, which is so many times as wide. */
static void
print_shared_row (const GPtrArray * traces, guint sharing)
{
  guint i, control, unused = 0, late = 0;
  gdouble worst = 0.0, lost = 0.0, least = 1.0, used = 0.0;

  for (i = 0; i < traces->len; i++)
    for (control = PATH_CUBIC; control <= PATH_BBR; control++) {
      Run run = score_standard;
      Score score;

      run.path.control = control;
      run.sharing = sharing;
      score = score_run (&run, g_ptr_array_index (traces, i), NULL);
      unused += score.used < USED;
      late += score.delay > DELAY;
      used += score.used;
      worst = MAX (worst, score.delay);
      lost = MAX (lost, score.lost);
      least = MIN (least, score.least_part);
    }
  g_print ("| %u | %.1f %% | %u | %u | %.2f s | %.1f %% | %.0f %% |\n", sharing,
      100 * used / 2 / traces->len, unused, late, worst, 100 * lost,
      100 * least);
}

static void
print_shared (const GPtrArray * traces)
{
  guint sharing;

  g_print ("\n| destinations | used, mean of %u runs | used less than 90 %% "
      "| later than 1 s | worst delay | most lost | least of an equal part |\n"
      "| --- | --- | --- | --- | --- | --- | --- |\n", 2 * traces->len);
  for (sharing = 1; sharing <= 3; sharing++)
    print_shared_row (traces, sharing);
}

static void
print_outage (const Trace * trace, PathControl control)
{
  Run run = score_standard;
  OutageScore ours, obs;

  run.path.control = control;
  ours = score_run (&run, trace, NULL).outages;
  if (ours.seconds == 0.0)
    return;
  run.kind = CONTROL_OBS;
  obs = score_run (&run, trace, NULL).outages;
  g_print ("| %s | %s | %.1f s | %.0f %% | %.2f s | %.0f %% | %.0f %% "
      "| %.2f s |\n", trace->name, controls[control], ours.seconds,
      100 * ours.in_time, ours.resumed, 100 * ours.lost, 100 * obs.in_time,
      obs.resumed);
}

/* What the other tables leave out. */
static void
print_outages (const GPtrArray * traces)
{
  guint i, control;

  g_print ("\n| path | TCP | out | in time | back after | lost | OBS in time "
      "| back after |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (i = 0; i < traces->len; i++)
    for (control = PATH_CUBIC; control <= PATH_BBR; control++)
      print_outage (g_ptr_array_index (traces, i), control);
}

static GPtrArray *
read_traces (gchar ** paths)
{
  GPtrArray *traces = g_ptr_array_new_with_free_func (trace_free);

  for (; *paths; paths++) {
    GError *error = NULL;
    Trace *trace = trace_read (*paths, LONGEST, &error);

    if (trace)
      g_ptr_array_add (traces, trace);
    else
      g_printerr ("%s\n", error->message);
    g_clear_error (&error);
  }
  return traces;
}

int
main (int argc, char **argv)
{
  const gchar *folder = argc > 1 ? argv[1] : NULL;
  GPtrArray *traces = argc > 2 ? read_traces (&argv[2]) : traces_make ();
  Speed speed = { 0, 0 };
  guint i, control;

  g_print ("| path | TCP | used | in time | delay | lost | changes "
      "| OBS used | in time | delay | changes | outages |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- "
      "| --- |\n");
  for (i = 0; i < traces->len; i++)
    for (control = PATH_CUBIC; control <= PATH_BBR; control++) {
      const Trace *trace = g_ptr_array_index (traces, i);
      Score ours = run_once (trace, control, CONTROL_ECHOEL, folder, &speed);
      Score obs = run_once (trace, control, CONTROL_OBS, folder, &speed);

      print_row (trace, control, &ours, &obs);
    }
  print_outages (traces);
  if (argc <= 2) {
    print_shared (traces);
    print_variants (traces);
  }
  if (speed.took > 0)
    g_print ("\n%.1f million steps a second\n",
        (gdouble) speed.steps / speed.took);
  g_ptr_array_unref (traces);
  return 0;
}
