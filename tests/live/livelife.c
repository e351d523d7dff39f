/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* echoellivesink in the hands of a program: what it may do at any time without
 * waiting for a destination, and what it may still hold afterwards. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#define WAIT (20 * GST_SECOND)

/* What setting it to NULL may take while a worker of it hangs. */
#define STOPS_WITHIN (3 * G_TIME_SPAN_SECOND)

typedef struct
{
  GstElement *pipeline, *sink;
  GstBus *bus;
  gchar *folder;                /* of its own, empty at first */
} Bench;

static void
setup (Bench * b, const gchar * encoder)
{
  gchar *line = g_strdup_printf ("videotestsrc is-live=true pattern=black "
      "! video/x-raw,width=160,height=120,framerate=30/1 ! x264enc %s "
      "tune=zerolatency speed-preset=ultrafast ! h264parse "
      "! echoellivesink name=live", encoder);

  b->folder = g_dir_make_tmp ("echoel-livelife-XXXXXX", NULL);
  b->pipeline = gst_parse_launch (line, NULL);
  b->sink = gst_bin_get_by_name (GST_BIN (b->pipeline), "live");
  b->bus = gst_element_get_bus (b->pipeline);
  g_free (line);
}

static void
remove_tree (const gchar * path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    gchar *inner = g_build_filename (path, name, NULL);

    remove_tree (inner);
    g_free (inner);
  }
  if (dir != NULL)
    g_dir_close (dir);
  g_remove (path);
}

static void
teardown (Bench * b)
{
  gst_element_set_state (b->pipeline, GST_STATE_NULL);
  gst_object_unref (b->bus);
  gst_object_unref (b->sink);
  gst_object_unref (b->pipeline);
  remove_tree (b->folder);
  g_free (b->folder);
}

/* The first message that says so of that destination; none may fail till then. */
static void
wait_for_state (Bench * b, const gchar * id, const gchar * state)
{
  gint64 end = g_get_monotonic_time () + WAIT / GST_USECOND;
  gboolean found = FALSE;

  while (!found) {
    GstMessage *message = gst_bus_timed_pop_filtered (b->bus,
        MAX (end - g_get_monotonic_time (), 0) * GST_USECOND,
        GST_MESSAGE_ELEMENT);
    const GstStructure *s = message ? gst_message_get_structure (message)
        : NULL;

    fail_unless (s != NULL, "%s is never %s", id, state);
    if (gst_structure_has_name (s, "echoellivesink-state"))
      fail_unless_equals_string (gst_structure_get_string (s, "reason"),
          "none");
    found = gst_structure_has_name (s, "echoellivesink-state")
        && g_str_equal (gst_structure_get_string (s, "id"), id)
        && g_str_equal (gst_structure_get_string (s, "new"), state);
    gst_message_unref (message);
  }
}

static gchar *
add (Bench * b, const gchar * format, const gchar * place)
{
  gchar *text = g_strdup_printf (format, place), *name = NULL;

  g_signal_emit_by_name (b->sink, "add-destination", text, &name);
  g_free (text);
  return name;
}

static void
expect_location (Bench * b, const gchar * property, const gchar * place)
{
  gchar *text = NULL, *expected = g_strconcat ("hls:", place, NULL);

  gst_child_proxy_get (GST_CHILD_PROXY (b->sink), property, &text, NULL);
  fail_unless_equals_string (text, expected);
  g_free (text);
  g_free (expected);
}

/* --- places -------------------------------------------------------------- */

GST_START_TEST (test_no_two_destinations_share_a_place)
{
  gchar *one, *same, *other, *name;
  Bench b;

  setup (&b, "");
  one = g_build_filename (b.folder, "one", NULL);
  same = g_strconcat ("hls:", one, "/", NULL);
  other = g_build_filename (b.folder, "other", NULL);
  g_free (add (&b, "a=hls:%s", one));
  g_free (add (&b, "b=hls:%s", other));
  gst_child_proxy_set (GST_CHILD_PROXY (b.sink), "b::location", same, NULL);
  expect_location (&b, "b::location", other);
  fail_unless (add (&b, "c=%s", same) == NULL);
  /* Who moves away leaves the place to others. */
  g_free (same);
  same = g_strconcat ("hls:", b.folder, "/third", NULL);
  gst_child_proxy_set (GST_CHILD_PROXY (b.sink), "a::location", same, NULL);
  name = add (&b, "c=hls:%s", one);
  fail_unless_equals_string (name, "c");
  g_free (name);
  g_free (one);
  g_free (same);
  g_free (other);
  teardown (&b);
}

GST_END_TEST;

static guint
free_udp_port (void)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, NULL);
  GSocketAddress *any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  GSocketAddress *own;
  guint port;

  fail_unless (g_socket_bind (socket, any, FALSE, NULL));
  own = g_socket_get_local_address (socket, NULL);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own));
  g_object_unref (own);
  g_object_unref (any);
  g_object_unref (socket);
  return port;
}

/* A goodbye takes SRT a second; only then another may go there. */
GST_START_TEST (test_a_place_is_free_when_its_publisher_has_gone)
{
  GstElement *receiver;
  gboolean removed = FALSE;
  gchar *place, *line;
  Bench b;

  place = g_strdup_printf ("srt://127.0.0.1:%u", free_udp_port ());
  line = g_strdup_printf ("srtsrc uri=%s?mode=listener keep-listening=true "
      "! fakesink sync=false", place);
  receiver = gst_parse_launch (line, NULL);
  gst_element_set_state (receiver, GST_STATE_PLAYING);
  setup (&b, "");
  g_free (add (&b, "x=%s", place));
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  wait_for_state (&b, "x", "publishing");
  g_signal_emit_by_name (b.sink, "remove-destination", "x", &removed);
  fail_unless (removed);
  g_free (add (&b, "y=%s", place));
  wait_for_state (&b, "x", "disabled");
  wait_for_state (&b, "y", "connecting");
  wait_for_state (&b, "y", "publishing");
  teardown (&b);
  gst_element_set_state (receiver, GST_STATE_NULL);
  gst_object_unref (receiver);
  g_free (line);
  g_free (place);
}

GST_END_TEST;

/* --- a name server that does not answer ---------------------------------- */

static GMutex lock;
static GCond changed;
static gboolean asked, answered, gone;

#define SLOW_TYPE_RESOLVER (slow_resolver_get_type ())
G_DECLARE_FINAL_TYPE (SlowResolver, slow_resolver, SLOW, RESOLVER, GResolver);

struct _SlowResolver
{
  GResolver parent;
};

G_DEFINE_FINAL_TYPE (SlowResolver, slow_resolver, G_TYPE_RESOLVER);

static GList *
slow_resolver_lookup (GResolver * resolver, const gchar * name,
    GCancellable * cancellable, GError ** error)
{
  g_mutex_lock (&lock);
  asked = TRUE;
  g_cond_broadcast (&changed);
  while (!answered)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);
  g_set_error_literal (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
      "at last");
  return NULL;
}

static GList *
slow_resolver_lookup_with_flags (GResolver * resolver, const gchar * name,
    GResolverNameLookupFlags flags, GCancellable * cancellable, GError ** error)
{
  return slow_resolver_lookup (resolver, name, cancellable, error);
}

static void
slow_resolver_class_init (SlowResolverClass * klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name = slow_resolver_lookup;
  resolver_class->lookup_by_name_with_flags = slow_resolver_lookup_with_flags;
}

static void
slow_resolver_init (SlowResolver * self)
{
}

static void
note (gboolean * what)
{
  g_mutex_lock (&lock);
  *what = TRUE;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

static void
wait_until (gboolean * what)
{
  gint64 end = g_get_monotonic_time () + WAIT / GST_USECOND;

  g_mutex_lock (&lock);
  while (!*what)
    fail_unless (g_cond_wait_until (&changed, &lock, end));
  g_mutex_unlock (&lock);
}

static void
note_gone (gpointer data, GObject * object)
{
  note (&gone);
}

static void
stop (Bench * b)
{
  gint64 began = g_get_monotonic_time ();

  gst_element_set_state (b->pipeline, GST_STATE_NULL);
  fail_unless (g_get_monotonic_time () - began < STOPS_WITHIN,
      "stopping took %" G_GINT64_FORMAT " us", g_get_monotonic_time () - began);
}

GST_START_TEST (test_stop_does_not_wait_for_a_name_server)
{
  GResolver *own = g_resolver_get_default ();
  GResolver *slow = g_object_new (SLOW_TYPE_RESOLVER, NULL);
  GObject *child;
  Bench b;

  g_resolver_set_default (slow);
  setup (&b, "");
  g_free (add (&b, "stuck=%s", "srt://no.example:9000"));
  g_free (add (&b, "well=hls:%s/well", b.folder));
  child = gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (b.sink), "stuck");
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  wait_for_state (&b, "well", "publishing");
  wait_until (&asked);
  stop (&b);
  /* Nor does it keep anything from starting again, or from going. */
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  wait_for_state (&b, "well", "publishing");
  stop (&b);
  teardown (&b);
  g_object_set (child, "enabled", FALSE, NULL);
  g_object_weak_ref (child, note_gone, NULL);
  g_object_unref (child);
  fail_if (gone);
  note (&answered);
  wait_until (&gone);
  g_resolver_set_default (own);
  g_object_unref (slow);
  g_object_unref (own);
}

GST_END_TEST;

/* --- times --------------------------------------------------------------- */

#define LAST_FRAME 100

/* A frame that is an hour ahead, then a source that starts over. */
static GstPadProbeReturn
spoil_times (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER
      (info));
  guint *frames = user_data;
  GstClockTime more = *frames == 30 ? 3660 * GST_SECOND
      : *frames < 60 ? 60 * GST_SECOND : 45 * GST_SECOND;

  GST_BUFFER_PTS (buffer) += more;
  if (GST_BUFFER_DTS_IS_VALID (buffer))
    GST_BUFFER_DTS (buffer) += more;
  if (++*frames == LAST_FRAME)
    note (&asked);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static guint64
read_count (GObject * child, const gchar * field)
{
  GstStructure *stats = NULL;
  guint64 count = 0;
  guint small = 0;

  g_object_get (child, "stats", &stats, NULL);
  if (!gst_structure_get_uint64 (stats, field, &count)) {
    fail_unless (gst_structure_get_uint (stats, field, &small));
    count = small;
  }
  gst_structure_free (stats);
  return count;
}

GST_START_TEST (test_wrong_times_cost_no_frame)
{
  GObject *child;
  guint frames = 0;
  GstPad *pad, *peer;
  Bench b;

  setup (&b, "key-int-max=15");
  g_free (add (&b, "x=hls:%s/x", b.folder));
  child = gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (b.sink), "x");
  pad = gst_element_get_static_pad (b.sink, "video");
  peer = gst_pad_get_peer (pad);
  gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_BUFFER, spoil_times, &frames,
      NULL);
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  wait_for_state (&b, "x", "publishing");
  wait_until (&asked);
  fail_unless_equals_uint64 (read_count (child, "gaps"), 0);
  fail_unless_equals_uint64 (read_count (child, "dropped-gop"), 0);
  fail_unless_equals_uint64 (read_count (child, "dropped-audio"), 0);
  fail_unless (read_count (child, "max-gap-ms") <= 100);
  fail_unless (read_count (child, "frames") > LAST_FRAME);
  gst_object_unref (peer);
  gst_object_unref (pad);
  g_object_unref (child);
  teardown (&b);
}

GST_END_TEST;

/* --- afterwards ---------------------------------------------------------- */

/* Bindings keep a child until their collector runs. */
GST_START_TEST (test_a_child_outlives_the_sink)
{
  GstElement *sink = gst_element_factory_make ("echoellivesink", NULL);
  GstStructure *stats = NULL;
  GObject *children[2];
  gboolean removed = FALSE;
  guint i;

  g_object_set (sink, "destinations", "a=hls:/nowhere/a b=hls:/nowhere/b",
      NULL);
  for (i = 0; i < 2; i++)
    children[i] = gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (sink),
        i);
  g_signal_emit_by_name (sink, "remove-destination", "b", &removed);
  fail_unless (removed);
  gst_object_unref (sink);
  for (i = 0; i < 2; i++) {
    g_object_set (children[i], "enabled", FALSE, "location", "nonsense", NULL);
    g_object_set (children[i], "location", "hls:/nowhere/c", NULL);
    g_object_get (children[i], "stats", &stats, NULL);
    fail_unless (stats != NULL);
    gst_structure_free (stats);
    g_object_unref (children[i]);
  }
}

GST_END_TEST;

/* --- messages ------------------------------------------------------------ */

static GstBusSyncReply
take_sound (GstBus * bus, GstMessage * message, gpointer user_data)
{
  Bench *b = user_data;
  GstPad *pad;

  if (!gst_message_has_name (message, "echoellivesink-silence"))
    return GST_BUS_PASS;
  pad = gst_element_request_pad_simple (b->sink, "audio");
  gst_element_release_request_pad (b->sink, pad);
  gst_object_unref (pad);
  gst_element_post_message (b->sink, gst_message_new_application (GST_OBJECT
          (b->sink), gst_structure_new_empty ("done")));
  return GST_BUS_PASS;
}

/* The obvious answer to the news that there is no sound. */
GST_START_TEST (test_sound_can_be_asked_for_when_silence_is_told)
{
  GstMessage *message;
  Bench b;

  setup (&b, "");
  gst_bus_set_sync_handler (b.bus, take_sound, &b, NULL);
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (b.bus, WAIT, GST_MESSAGE_APPLICATION);
  fail_unless (message != NULL, "the handler never came back");
  gst_message_unref (message);
  teardown (&b);
}

GST_END_TEST;

/* --- pads ---------------------------------------------------------------- */

static void
wait_for_sound (Bench * b, const gchar * id, guint64 least)
{
  gint64 end = g_get_monotonic_time () + WAIT / GST_USECOND;
  guint64 bytes = 0;

  while (bytes < least) {
    GstMessage *message = gst_bus_timed_pop_filtered (b->bus,
        MAX (end - g_get_monotonic_time (), 0) * GST_USECOND,
        GST_MESSAGE_ELEMENT);
    const GstStructure *s = message ? gst_message_get_structure (message)
        : NULL;

    fail_unless (s != NULL, "%s gets no sound", id);
    if (gst_structure_has_name (s, "echoellivesink-stats")
        && g_str_equal (gst_structure_get_string (s, "id"), id))
      gst_structure_get_uint64 (s, "bytes", &bytes);
    gst_message_unref (message);
  }
}

static void
wait_for_more (Bench * b, GObject * child, const gchar * id)
{
  wait_for_sound (b, id, read_count (child, "bytes") + 10000);
}

static GstPadProbeReturn
unlink_now (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstPad *peer = gst_pad_get_peer (pad);

  if (peer != NULL) {
    gst_pad_unlink (pad, peer);
    gst_object_unref (peer);
  }
  return GST_PAD_PROBE_OK;
}

/* Those who come later hear what there still is, and so do those who have been
 * there, with a muxer that cannot lose a track. */
GST_START_TEST (test_sound_goes_on_without_the_picture)
{
  GObject *children[2];
  GstElement *sound;
  GstPad *pad, *peer;
  guint i;
  Bench b;

  setup (&b, "key-int-max=15");
  sound = gst_parse_bin_from_description ("audiotestsrc is-live=true "
      "! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse", TRUE, NULL);
  gst_bin_add (GST_BIN (b.pipeline), sound);
  fail_unless (gst_element_link_pads (sound, NULL, b.sink, "audio"));
  g_free (add (&b, "a=hls:%s/a", b.folder));
  gst_element_set_state (b.pipeline, GST_STATE_PLAYING);
  wait_for_state (&b, "a", "publishing");
  pad = gst_element_get_static_pad (b.sink, "video");
  peer = gst_pad_get_peer (pad);
  gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_IDLE, unlink_now, NULL, NULL);
  gst_element_release_request_pad (b.sink, pad);
  g_free (add (&b, "b=hls:%s/b", b.folder));
  wait_for_state (&b, "a", "draining");
  wait_for_state (&b, "b", "publishing");
  for (i = 0; i < 2; i++)
    children[i] = gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (b.sink),
        i);
  wait_for_more (&b, children[0], "a");
  wait_for_more (&b, children[1], "b");
  for (i = 0; i < 2; i++)
    g_object_unref (children[i]);
  gst_object_unref (peer);
  gst_object_unref (pad);
  teardown (&b);
}

GST_END_TEST;

static Suite *
livelife_suite (void)
{
  Suite *s = suite_create ("livelife");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_no_two_destinations_share_a_place);
  tcase_add_test (tc, test_a_place_is_free_when_its_publisher_has_gone);
  tcase_add_test (tc, test_stop_does_not_wait_for_a_name_server);
  tcase_add_test (tc, test_wrong_times_cost_no_frame);
  tcase_add_test (tc, test_a_child_outlives_the_sink);
  tcase_add_test (tc, test_sound_can_be_asked_for_when_silence_is_told);
  tcase_add_test (tc, test_sound_goes_on_without_the_picture);
  return s;
}

GST_CHECK_MAIN (livelife);
