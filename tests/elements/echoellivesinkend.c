/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a stream ends: in time whatever its destination does, and in good order
 * where there is someone to say goodbye to. */
#include "livebench.h"

/* A destination on its way to a state, in which the stream then ends. */
typedef struct
{
  const gchar *state;
  RtmpManner manner;
  const gchar *place;           /* NULL: the server */
  const gchar *change;          /* property to switch; NULL: none */
} Situation;

static const Situation situations[] = {
  {"connecting", RTMP_ACCEPTS, NULL, NULL},
  {"connecting", RTMP_SHAKES, NULL, NULL},
  {"connecting", RTMP_CONNECTS, NULL, NULL},
  {"publishing", RTMP_TAKES_ALL, NULL, NULL},
  {"publishing", RTMP_TAKES_NOTHING, NULL, NULL},
  {"backoff", RTMP_TAKES_ALL, "rtmp://127.0.0.1:1/app/SECRET", NULL},
  {"draining", RTMP_TAKES_NOTHING, NULL, "one::enabled"},
  {"disabled", RTMP_ACCEPTS, NULL, "one::enabled"},
  {"fatal", RTMP_DENIES, NULL, NULL},
};

GST_START_TEST (test_end_comes_in_time)
{
  const Situation *s = &situations[__i__];
  Bench b;

  bench_setup_at (&b, s->manner, __i__ % 2, s->place);
  bench_begin (&b);
  if (s->change != NULL) {
    bench_wait_for_state (&b, s->manner == RTMP_ACCEPTS ? "connecting"
        : "publishing");
    bench_push_pictures (&b, 5 * GOP, LARGE);
    bench_set_child (&b, s->change, FALSE);
  }
  bench_wait_for_state (&b, s->state);
  bench_push_pictures (&b, 5 * GOP, LARGE);
  bench_push_end (&b);
  bench_wait_for_end (&b);
  bench_teardown (&b);
}

GST_END_TEST;

GST_START_TEST (test_end_comes_in_time_when_nothing_began)
{
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, TRUE);
  bench_push_end (&b);
  bench_wait_for_end (&b);
  bench_teardown (&b);
}

GST_END_TEST;

/* A stream that ends from inside a message. */
typedef struct
{
  Bench b;
  GMutex lock;                  /* guards the rest and who pushes */
  gint64 ended;                 /* monotonic, us; 0: not yet */
} Ending;

/* The state lasts no longer than it takes to close. */
static GstBusSyncReply
end_when_stalled (GstBus * bus, GstMessage * message, gpointer user_data)
{
  Ending *e = user_data;

  if (!gst_message_has_name (message, "echoellivesink-state")
      || g_strcmp0 (gst_structure_get_string (gst_message_get_structure
              (message), "new"), "stalled") != 0)
    return GST_BUS_PASS;
  g_mutex_lock (&e->lock);
  bench_push_end (&e->b);
  e->ended = g_get_monotonic_time ();
  g_mutex_unlock (&e->lock);
  return GST_BUS_PASS;
}

/* Something waits all the time, and never so much that it is dropped. */
static void
feed (Ending * e)
{
  g_mutex_lock (&e->lock);
  while (e->ended == 0 && bench_get_stat (&e->b, "queue-ms") < 500)
    bench_push_picture (&e->b, LARGE);
  g_mutex_unlock (&e->lock);
}

/* Feeds it until the end has come. */
static void
feed_until_end (Ending * e)
{
  gboolean done = FALSE;

  while (!done) {
    GstMessage *message = gst_bus_timed_pop_filtered (e->b.bus, WITHIN,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS);

    fail_unless (message != NULL, "it does not end");
    done = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    gst_message_unref (message);
    feed (e);
  }
}

GST_START_TEST (test_end_comes_in_time_while_stalled)
{
  Ending e;

  g_mutex_init (&e.lock);
  e.ended = 0;
  bench_setup (&e.b, RTMP_TAKES_NOTHING, FALSE);
  gst_bus_set_sync_handler (e.b.bus, end_when_stalled, &e, NULL);
  bench_begin (&e.b);
  bench_wait_for_state (&e.b, "publishing");
  feed (&e);
  feed_until_end (&e);
  fail_unless (e.ended != 0);
  fail_unless ((g_get_monotonic_time () - e.ended) * GST_USECOND <= END_WITHIN);
  bench_teardown (&e.b);
  g_mutex_clear (&e.lock);
}

GST_END_TEST;

static void
leave_by_end (Bench * b)
{
  bench_push_end (b);
}

static void
leave_by_switch (Bench * b)
{
  bench_set_child (b, "one::enabled", FALSE);
}

static void
leave_by_removal (Bench * b)
{
  gboolean done = FALSE;

  g_signal_emit_by_name (b->sink, "remove-destination", "one", &done);
  fail_unless (done);
}

/* All that was pushed goes out, and then the goodbye that servers wait for:
 * without it they keep the key busy for a while. */
GST_START_TEST (test_stream_is_unpublished_behind_its_last_frame)
{
  static void (*const ways[]) (Bench *) = {
    leave_by_end, leave_by_switch, leave_by_removal
  };
  guint unpublished, deleted;
  GArray *all;
  Bench b;

  bench_setup (&b, RTMP_TAKES_ALL, FALSE);
  bench_go_live (&b);
  bench_send_pictures (&b, GOP, SMALL);
  bench_push_pictures (&b, FPS / 2, LARGE);
  ways[__i__] (&b);
  unpublished = rtmp_double_wait_for_command (b.server, "FCUnpublish");
  deleted = rtmp_double_wait_for_command (b.server, "deleteStream");
  all = rtmp_double_messages (b.server);
  fail_unless_equals_int (rtmp_double_count (b.server, RTMP_PICTURE, FALSE),
      b.pictures);
  fail_unless (unpublished < deleted);
  for (; unpublished < all->len; unpublished++)
    fail_if (g_array_index (all, RtmpMessage, unpublished).kind ==
        RTMP_PICTURE);
  g_array_unref (all);
  bench_teardown (&b);
}

GST_END_TEST;

static Suite *
echoellivesinkend_suite (void)
{
  Suite *suite = suite_create ("echoellivesinkend");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_end_comes_in_time, 0,
      G_N_ELEMENTS (situations));
  tcase_add_test (tc, test_end_comes_in_time_when_nothing_began);
  tcase_add_test (tc, test_end_comes_in_time_while_stalled);
  tcase_add_loop_test (tc, test_stream_is_unpublished_behind_its_last_frame, 0,
      3);
  return suite;
}

GST_CHECK_MAIN (echoellivesinkend);
