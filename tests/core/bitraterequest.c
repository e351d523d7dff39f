/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests for a bitrate, and which of them counts. */
#include <gst/check/gstcheck.h>

#include "bitraterequest.h"

#define S GST_SECOND

GST_START_TEST (test_request_is_read_as_it_was_written)
{
  GstEvent *event = echoel_bitrate_request_new ("relay/1", 1234, 5 * S);
  const gchar *who = NULL;
  guint kbps = 0;
  GstClockTime expires = 0;

  fail_unless (GST_EVENT_IS_UPSTREAM (event));
  fail_if (GST_EVENT_IS_STICKY (event));
  fail_unless (echoel_bitrate_request_is (event));
  fail_unless (echoel_bitrate_request_parse (event, &who, &kbps, &expires));
  fail_unless_equals_string (who, "relay/1");
  fail_unless_equals_int (kbps, 1234);
  fail_unless_equals_uint64 (expires, 5 * S);
  gst_event_unref (event);
}

GST_END_TEST;

static const struct
{
  GstEventType type;
  const gchar *structure;
  gboolean named;
} malformed[] = {
  /* *INDENT-OFF* */
  {GST_EVENT_CUSTOM_UPSTREAM, "Other,requester-id=(string)a,"
      "bitrate=(uint)1,expires=(guint64)1", FALSE},
  {GST_EVENT_CUSTOM_DOWNSTREAM, ECHOEL_BITRATE_REQUEST
      ",requester-id=(string)a,bitrate=(uint)1,expires=(guint64)1", FALSE},
  {GST_EVENT_CUSTOM_UPSTREAM, ECHOEL_BITRATE_REQUEST
      ",bitrate=(uint)1,expires=(guint64)1", TRUE},
  {GST_EVENT_CUSTOM_UPSTREAM, ECHOEL_BITRATE_REQUEST
      ",requester-id=(string)\"\",bitrate=(uint)1,expires=(guint64)1", TRUE},
  {GST_EVENT_CUSTOM_UPSTREAM, ECHOEL_BITRATE_REQUEST
      ",requester-id=(string)a,bitrate=(uint)0,expires=(guint64)1", TRUE},
  {GST_EVENT_CUSTOM_UPSTREAM, ECHOEL_BITRATE_REQUEST
      ",requester-id=(string)a,bitrate=(int)1,expires=(guint64)1", TRUE},
  {GST_EVENT_CUSTOM_UPSTREAM, ECHOEL_BITRATE_REQUEST
      ",requester-id=(string)a,bitrate=(uint)1", TRUE},
  /* *INDENT-ON* */
};

GST_START_TEST (test_malformed_request_is_refused)
{
  GstStructure *s = gst_structure_from_string (malformed[__i__].structure,
      NULL);
  GstEvent *event = gst_event_new_custom (malformed[__i__].type, s);
  const gchar *who = NULL;
  guint kbps = 77;
  GstClockTime expires = 77;

  fail_if (echoel_bitrate_request_parse (event, &who, &kbps, &expires));
  fail_unless (echoel_bitrate_request_is (event) == malformed[__i__].named);
  fail_unless (who == NULL && kbps == 77 && expires == 77);
  gst_event_unref (event);
}

GST_END_TEST;

GST_START_TEST (test_lowest_standing_request_counts)
{
  EchoelBitrateVotes *votes = echoel_bitrate_votes_new ();

  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 0), 0);
  fail_unless (echoel_bitrate_votes_note (votes, "a", 3000, 10 * S, 0));
  fail_unless (echoel_bitrate_votes_note (votes, "b", 2000, 4 * S, S));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, S), 2000);
  /* To the nanosecond. */
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 5 * S - 1), 2000);
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 5 * S), 3000);
  /* A request replaces the same requester's earlier one, up and down. */
  fail_unless (echoel_bitrate_votes_note (votes, "a", 4000, 10 * S, 5 * S));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 5 * S), 4000);
  fail_unless (echoel_bitrate_votes_note (votes, "c", 3500, S, 6 * S));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 6 * S), 3500);
  fail_unless (echoel_bitrate_votes_note (votes, "c", 1, 0, 6 * S));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 6 * S), 4000);
  fail_unless (echoel_bitrate_votes_note (votes, "nobody", 1, 0, 6 * S));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 15 * S), 0);
  echoel_bitrate_votes_free (votes);
  echoel_bitrate_votes_free (NULL);
}

GST_END_TEST;

GST_START_TEST (test_request_for_ever_stands)
{
  EchoelBitrateVotes *votes = echoel_bitrate_votes_new ();

  fail_unless (echoel_bitrate_votes_note (votes, "a", 900, G_MAXUINT64, 7));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, G_MAXUINT64 - 1),
      900);
  echoel_bitrate_votes_free (votes);
}

GST_END_TEST;

GST_START_TEST (test_requesters_are_bounded_and_make_room)
{
  EchoelBitrateVotes *votes = echoel_bitrate_votes_new ();
  guint i;

  for (i = 0; i < 1024; i++) {
    gchar *name = g_strdup_printf ("%u", i);

    fail_unless (echoel_bitrate_votes_note (votes, name, 5000, S, 0));
    g_free (name);
  }
  fail_if (echoel_bitrate_votes_note (votes, "late", 1, S, 0));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 0), 5000);
  fail_unless (echoel_bitrate_votes_note (votes, "0", 4000, S, 0));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, 0), 4000);
  fail_unless (echoel_bitrate_votes_note (votes, "late", 2, S, S));
  fail_unless_equals_int (echoel_bitrate_votes_lowest (votes, S), 2);
  echoel_bitrate_votes_free (votes);
}

GST_END_TEST;

static Suite *
bitraterequest_suite (void)
{
  Suite *s = suite_create ("bitraterequest");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_request_is_read_as_it_was_written);
  tcase_add_loop_test (tc, test_malformed_request_is_refused, 0,
      G_N_ELEMENTS (malformed));
  tcase_add_test (tc, test_lowest_standing_request_counts);
  tcase_add_test (tc, test_request_for_ever_stands);
  tcase_add_test (tc, test_requesters_are_bounded_and_make_room);
  return s;
}

GST_CHECK_MAIN (bitraterequest);
