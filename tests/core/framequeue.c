/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a full queue does with one frame more. */
#include <gst/check/gstcheck.h>

#include "framequeue.h"

#define FRAME(n) GUINT_TO_POINTER (n)

static EchoelFrameQueue
queue_of (guint limit, EchoelQueuePolicy policy, guint n)
{
  EchoelFrameQueue queue = { G_QUEUE_INIT, limit, policy };
  guint i;

  for (i = 1; i <= n; i++)
    echoel_frame_queue_push (&queue, FRAME (i));
  return queue;
}

static const struct
{
  EchoelQueuePolicy policy;
  guint limit, n;
  EchoelQueueVerdict want;
} cases[] = {
  /* *INDENT-OFF* */
  {ECHOEL_QUEUE_DROP_OLDEST, 3, 0, ECHOEL_QUEUE_TAKE},
  {ECHOEL_QUEUE_DROP_OLDEST, 3, 2, ECHOEL_QUEUE_TAKE},
  {ECHOEL_QUEUE_DROP_OLDEST, 3, 3, ECHOEL_QUEUE_DROP_FIRST},
  {ECHOEL_QUEUE_DROP_OLDEST, 3, 9, ECHOEL_QUEUE_DROP_FIRST},
  {ECHOEL_QUEUE_DROP_NEWEST, 3, 2, ECHOEL_QUEUE_TAKE},
  {ECHOEL_QUEUE_DROP_NEWEST, 3, 3, ECHOEL_QUEUE_REFUSE},
  {ECHOEL_QUEUE_BLOCK, 3, 2, ECHOEL_QUEUE_TAKE},
  {ECHOEL_QUEUE_BLOCK, 3, 3, ECHOEL_QUEUE_WAIT},
  {ECHOEL_QUEUE_BLOCK, 3, 4, ECHOEL_QUEUE_WAIT},
  /* A queue that could hold nothing would let nothing through. */
  {ECHOEL_QUEUE_DROP_OLDEST, 0, 0, ECHOEL_QUEUE_TAKE},
  {ECHOEL_QUEUE_DROP_OLDEST, 0, 1, ECHOEL_QUEUE_DROP_FIRST},
  /* *INDENT-ON* */
};

GST_START_TEST (test_policy_decides_when_full)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    EchoelFrameQueue queue = queue_of (cases[i].limit, cases[i].policy,
        cases[i].n);

    fail_unless (echoel_frame_queue_ask (&queue) == cases[i].want, "row %u", i);
    g_queue_clear (&queue.frames);
  }
}

GST_END_TEST;

GST_START_TEST (test_frames_leave_in_order_when_popped)
{
  EchoelFrameQueue queue = queue_of (3, ECHOEL_QUEUE_BLOCK, 5);
  guint i;

  fail_unless_equals_int (echoel_frame_queue_length (&queue), 5);
  for (i = 1; i <= 5; i++)
    fail_unless (echoel_frame_queue_pop (&queue) == FRAME (i));
  fail_unless (echoel_frame_queue_pop (&queue) == NULL);
}

GST_END_TEST;

GST_START_TEST (test_all_frames_are_there_when_stolen)
{
  EchoelFrameQueue queue = queue_of (3, ECHOEL_QUEUE_BLOCK, 2);
  GQueue frames;

  fail_unless_equals_int (echoel_frame_queue_steal (&queue, &frames), 2);
  fail_unless_equals_int (echoel_frame_queue_length (&queue), 0);
  fail_unless (echoel_frame_queue_ask (&queue) == ECHOEL_QUEUE_TAKE);
  fail_unless (g_queue_pop_head (&frames) == FRAME (1));
  fail_unless (g_queue_pop_head (&frames) == FRAME (2));
  fail_unless_equals_int (echoel_frame_queue_steal (&queue, &frames), 0);
  fail_unless (g_queue_is_empty (&frames));
}

GST_END_TEST;

static Suite *
framequeue_suite (void)
{
  Suite *s = suite_create ("framequeue");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_policy_decides_when_full);
  tcase_add_test (tc, test_frames_leave_in_order_when_popped);
  tcase_add_test (tc, test_all_frames_are_there_when_stolen);
  return s;
}

GST_CHECK_MAIN (framequeue);
