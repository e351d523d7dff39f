/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever times come in, those that go out run on, and together. */
#include <gst/check/gstcheck.h>

#include "timeline.h"

#define MS ((gint64) GST_MSECOND)
#define FRAME (33 * MS)
#define SOUND (21 * MS)
#define FRAMES 300

/* What a source adds to the time of its nth frame, ns. */
typedef gint64 (*Fault) (gint n);

typedef struct
{
  EchoelTimeline timeline;
  gint64 last[2];               /* what came out, of sound and video */
  gint64 apart;                 /* between true times and those, of sound */
} Bench;

static gint64
none (gint n)
{
  return 0;
}

static gint64
start_over (gint n)
{
  return n >= 100 ? -15000 * MS : 3600000 * MS;
}

static gint64
one_wrong (gint n)
{
  return n == 100 ? 3600000 * MS : 0;
}

static gint64
one_early (gint n)
{
  return n == 100 ? -5000 * MS : 0;
}

static gint64
some_wrong (gint n)
{
  return n % 50 == 49 ? (n % 100 - 70) * 1000 * MS : 0;
}

static gint64
far_ahead (gint n)
{
  return n >= 100 ? 86400000 * MS : 0;
}

/* Returns: what came out */
static gint64
give (Bench * b, gboolean video, gint64 now, gint64 time, gboolean first)
{
  gint64 dts = time, pts = time + 50 * MS;

  echoel_timeline_map (&b->timeline, video, now, &dts, &pts);
  if (!first)
    fail_unless (dts >= b->last[video] && dts - b->last[video] <= 500 * MS,
        "a step of %" G_GINT64_FORMAT " ms", (dts - b->last[video]) / MS);
  b->last[video] = dts;
  return dts;
}

/* Both tracks, sound a little behind, each with a fault of its own. */
static void
run (Bench * b, Fault video, Fault audio)
{
  gint n, sounds = 0;

  for (n = 0; n < FRAMES; n++) {
    gint64 now = n * FRAME, picture, sound;

    picture = give (b, TRUE, now, now + video (n), n == 0);
    for (; audio != NULL && sounds * SOUND <= now; sounds++) {
      sound = give (b, FALSE, now, sounds * SOUND + audio (n), sounds == 0);
      b->apart = (picture - now) - (sound - sounds * SOUND);
    }
  }
}

static const struct
{
  Fault video, audio;
  guint64 most_jumps;
} runs[] = {
  /* *INDENT-OFF* */
  {none, none, 0}, {none, NULL, 0},
  {start_over, start_over, 1}, {start_over, NULL, 1},
  {one_wrong, none, 1}, {none, one_wrong, 1}, {one_wrong, NULL, 1},
  {one_early, none, 1}, {none, one_early, 1}, {one_early, NULL, 1},
  {some_wrong, some_wrong, 12}, {some_wrong, NULL, 6},
  {far_ahead, far_ahead, 1}, {far_ahead, NULL, 1},
  /* *INDENT-ON* */
};

GST_START_TEST (test_time_runs_on)
{
  Bench b = { {{FALSE,},}, };

  run (&b, runs[__i__].video, runs[__i__].audio);
  fail_unless (b.timeline.jumps <= runs[__i__].most_jumps,
      "%" G_GUINT64_FORMAT " jumps", b.timeline.jumps);
  fail_unless (ABS (b.apart) <= FRAME + SOUND, "sound is off by %"
      G_GINT64_FORMAT " ms", b.apart / MS);
}

GST_END_TEST;

/* What the clock or the other track has seen is true. */
GST_START_TEST (test_pauses_are_kept)
{
  EchoelTimeline timeline = { {FALSE,}, };
  gint64 dts = 0, pts = 0;

  echoel_timeline_map (&timeline, TRUE, 0, &dts, &pts);
  dts = pts = 10000 * MS;
  echoel_timeline_map (&timeline, TRUE, 10000 * MS, &dts, &pts);
  fail_unless_equals_int64 (dts, 10000 * MS);
  /* Late in one go, but where the sound is. */
  dts = pts = 13900 * MS;
  echoel_timeline_map (&timeline, FALSE, 14000 * MS, &dts, &pts);
  dts = pts = 11000 * MS;
  echoel_timeline_map (&timeline, TRUE, 14000 * MS, &dts, &pts);
  dts = pts = 14000 * MS;
  echoel_timeline_map (&timeline, TRUE, 14000 * MS, &dts, &pts);
  fail_unless_equals_int64 (dts, 14000 * MS);
  fail_unless_equals_int64 (timeline.jumps, 0);
}

GST_END_TEST;

/* Times of decoding that follow those of showing, before 0 too. */
GST_START_TEST (test_reordered_frames_are_shown_when_they_were)
{
  static const gint times[] = { -66, 0, -33, 33, 132, 66, 99 };
  EchoelTimeline timeline = { {FALSE,}, };
  gint64 last = G_MININT64;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (times); i++) {
    gint64 dts = times[i] * MS, pts = times[i] * MS;

    echoel_timeline_map (&timeline, TRUE, i * FRAME, &dts, &pts);
    fail_unless_equals_int64 (pts, times[i] * MS);
    fail_unless (dts >= last);
    last = dts;
  }
}

GST_END_TEST;

static Suite *
timeline_suite (void)
{
  Suite *s = suite_create ("timeline");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_time_runs_on, 0, G_N_ELEMENTS (runs));
  tcase_add_test (tc, test_pauses_are_kept);
  tcase_add_test (tc, test_reordered_frames_are_shown_when_they_were);
  return s;
}

GST_CHECK_MAIN (timeline);
