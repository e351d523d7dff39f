/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio that never comes is ended; audio that is only late is not. */
#include <gst/check/gstcheck.h>

#include "silence.h"

#define WAIT ECHOEL_SILENCE_WAIT
#define HEARD ECHOEL_SILENCE_HEARD
#define FILL ECHOEL_SILENCE_FILL
#define GIVE_UP ECHOEL_SILENCE_GIVE_UP

/* The same facts each second, but for video that goes on at some rate. */
static const struct
{
  const gchar *name;
  gboolean heard, connected, video_ended;
  guint frames_a_second;
  gdouble video_time;           /* seconds a second of asking */
  guint asks;                   /* that answer WAIT before the verdict */
  EchoelSilenceVerdict verdict; /* WAIT: never anything else */
} cases[] = {
  /* *INDENT-OFF* */
  {"heard at once", TRUE, TRUE, FALSE, 30, 1.0, 0, HEARD},
  {"heard after video ended", TRUE, TRUE, TRUE, 0, 9.0, 0, HEARD},
  {"heard while video stands still", TRUE, TRUE, FALSE, 0, 0.0, 0, HEARD},
  /* Counting starts at the second ask: the first one sees a new frame. */
  {"video stands still", FALSE, FALSE, FALSE, 0, 0.0, 5, GIVE_UP},
  {"still and connected", FALSE, TRUE, FALSE, 0, 0.0, 1, FILL},
  {"ended, never connected", FALSE, FALSE, TRUE, 0, 0.1, 0, GIVE_UP},
  {"ended, connected", FALSE, TRUE, TRUE, 0, 0.1, 5, GIVE_UP},
  {"real time, never connected", FALSE, FALSE, FALSE, 30, 1.0, 4, GIVE_UP},
  {"real time, connected", FALSE, TRUE, FALSE, 30, 1.0, G_MAXUINT, WAIT},
  {"fast, never connected", FALSE, FALSE, FALSE, 300, 10.0, 0, GIVE_UP},
  {"fast, connected", FALSE, TRUE, FALSE, 300, 10.0, G_MAXUINT, WAIT},
  {"slow, never connected", FALSE, FALSE, FALSE, 3, 0.1, 49, GIVE_UP},
  {"slow, connected", FALSE, TRUE, FALSE, 3, 0.1, G_MAXUINT, WAIT},
  {"time unknown", FALSE, FALSE, FALSE, 30, 0.0, G_MAXUINT, WAIT},
  /* *INDENT-ON* */
};

GST_START_TEST (test_verdict_comes_in_time)
{
  guint i, ask;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    EchoelSilence silence = { 0, };
    EchoelSilenceFacts facts = { cases[i].heard, cases[i].connected,
      cases[i].video_ended, 1, 0.0
    };
    guint last = MIN (cases[i].asks, 200);

    for (ask = 0; ask <= last; ask++) {
      EchoelSilenceVerdict verdict;
      EchoelSilenceVerdict want = ask == cases[i].asks ? cases[i].verdict
          : WAIT;

      facts.video_time = cases[i].video_time * (ask + 1);
      verdict = echoel_silence_ask (&silence, &facts);
      fail_unless (verdict == want, "%s: %d at ask %u", cases[i].name, verdict,
          ask);
      facts.video_frames += cases[i].frames_a_second;
    }
  }
}

GST_END_TEST;

/* A pause of four seconds, and then video goes on: not five in a row. */
GST_START_TEST (test_a_new_frame_starts_the_count_again)
{
  EchoelSilence silence = { 0, };
  EchoelSilenceFacts facts = { FALSE, FALSE, FALSE, 1, 0.5 };
  guint round, ask;

  for (round = 0; round < 10; round++) {
    for (ask = 0; ask < ECHOEL_SILENCE_LIMIT; ask++)
      fail_unless_equals_int (echoel_silence_ask (&silence, &facts), WAIT);
    facts.video_frames++;
  }
  for (ask = 0; ask < ECHOEL_SILENCE_LIMIT; ask++)
    fail_unless_equals_int (echoel_silence_ask (&silence, &facts), WAIT);
  fail_unless_equals_int (echoel_silence_ask (&silence, &facts), GIVE_UP);
}

GST_END_TEST;

GST_START_TEST (test_video_time_counts_from_the_limit)
{
  EchoelSilenceFacts facts = { FALSE, FALSE, FALSE, 1, 4.999 };
  EchoelSilence silence = { 0, };

  fail_unless_equals_int (echoel_silence_ask (&silence, &facts), WAIT);
  facts.video_time = ECHOEL_SILENCE_LIMIT;
  facts.video_frames = 2;
  fail_unless_equals_int (echoel_silence_ask (&silence, &facts), GIVE_UP);
}

GST_END_TEST;

/* Audio that is connected may begin as late as it likes. */
GST_START_TEST (test_late_audio_is_waited_for_when_it_connects)
{
  EchoelSilenceFacts facts = { FALSE, TRUE, FALSE, 1, 100.0 };
  EchoelSilence silence = { 0, };
  guint ask;

  for (ask = 1; ask < 10 * ECHOEL_SILENCE_LIMIT; ask++) {
    fail_unless_equals_int (echoel_silence_ask (&silence, &facts), WAIT);
    facts.video_frames += 100;
  }
  facts.heard = TRUE;
  fail_unless_equals_int (echoel_silence_ask (&silence, &facts), HEARD);
}

GST_END_TEST;

static Suite *
silence_suite (void)
{
  Suite *s = suite_create ("silence");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_verdict_comes_in_time);
  tcase_add_test (tc, test_a_new_frame_starts_the_count_again);
  tcase_add_test (tc, test_video_time_counts_from_the_limit);
  tcase_add_test (tc, test_late_audio_is_waited_for_when_it_connects);
  return s;
}

GST_CHECK_MAIN (silence);
