/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "texturefeed.h"

struct _TextureFeed
{
  GMutex lock;                  /* guards all below; no callback under it */
  GCond frame;                  /* a frame, an end, a flush: wait() looks */
  GCond room;                   /* push() looks again */
  GstClockID waiting;           /* the streaming thread's, while it waits */
  EchoelFrameQueue queue;
  gboolean open, flushing, poked, ended, started;
  guint64 counts[TEXTURE_N_COUNTS];
  guint64 shown;
  GstClockTime latency_sum, latency_max;
};

/* For the caller of push(); what was taken has been told of otherwise. */
static void
refuse_frame (TextureFrame * frame)
{
  if (frame->backend->drop != NULL)
    frame->backend->drop (frame);
  texture_lease_cancel (frame->lease);
  g_free (frame);
}

void
texture_frame_free (TextureFrame * frame)
{
  if (frame->backend->drop != NULL)
    frame->backend->drop (frame);
  texture_lease_unref (frame->lease);
  g_free (frame);
}

static void
free_frames (GQueue * frames)
{
  g_queue_clear_full (frames, (GDestroyNotify) texture_frame_free);
}

TextureFeed *
texture_feed_new (void)
{
  TextureFeed *feed = g_new0 (TextureFeed, 1);

  g_mutex_init (&feed->lock);
  g_cond_init (&feed->frame);
  g_cond_init (&feed->room);
  return feed;
}

void
texture_feed_free (TextureFeed * feed)
{
  texture_feed_close (feed);
  g_mutex_clear (&feed->lock);
  g_cond_clear (&feed->frame);
  g_cond_clear (&feed->room);
  g_free (feed);
}

/* With the lock. */
static void
wake_stream (TextureFeed * feed)
{
  g_cond_signal (&feed->frame);
  if (feed->waiting != NULL)
    gst_clock_id_unschedule (feed->waiting);
}

void
texture_feed_open (TextureFeed * feed)
{
  texture_feed_close (feed);
  g_mutex_lock (&feed->lock);
  feed->open = TRUE;
  feed->ended = FALSE;
  memset (feed->counts, 0, sizeof (feed->counts));
  feed->shown = feed->latency_sum = feed->latency_max = 0;
  g_mutex_unlock (&feed->lock);
}

void
texture_feed_close (TextureFeed * feed)
{
  GQueue dropped;

  g_mutex_lock (&feed->lock);
  feed->open = FALSE;
  feed->counts[TEXTURE_COUNT_DROPPED_STOPPED] +=
      echoel_frame_queue_steal (&feed->queue, &dropped);
  g_cond_broadcast (&feed->room);
  wake_stream (feed);
  g_mutex_unlock (&feed->lock);
  free_frames (&dropped);
}

void
texture_feed_set_flushing (TextureFeed * feed, gboolean flushing)
{
  g_mutex_lock (&feed->lock);
  feed->flushing = flushing;
  wake_stream (feed);
  g_mutex_unlock (&feed->lock);
}

void
texture_feed_poke (TextureFeed * feed)
{
  g_mutex_lock (&feed->lock);
  feed->poked = TRUE;
  wake_stream (feed);
  g_mutex_unlock (&feed->lock);
}

void
texture_feed_end (TextureFeed * feed, gboolean drop)
{
  GQueue dropped = G_QUEUE_INIT;

  g_mutex_lock (&feed->lock);
  feed->ended = TRUE;
  if (drop)
    feed->counts[TEXTURE_COUNT_DROPPED_STOPPED] +=
        echoel_frame_queue_steal (&feed->queue, &dropped);
  g_cond_broadcast (&feed->room);
  wake_stream (feed);
  g_mutex_unlock (&feed->lock);
  free_frames (&dropped);
}

void
texture_feed_set_limits (TextureFeed * feed, guint limit,
    EchoelQueuePolicy policy)
{
  g_mutex_lock (&feed->lock);
  feed->queue.limit = limit;
  feed->queue.policy = policy;
  g_cond_broadcast (&feed->room);
  g_mutex_unlock (&feed->lock);
}

/* With the lock. */
static GstFlowReturn
check_open (TextureFeed * feed)
{
  if (!feed->open)
    return GST_FLOW_FLUSHING;
  return feed->ended ? GST_FLOW_EOS : GST_FLOW_OK;
}

GstFlowReturn
texture_feed_check (TextureFeed * feed)
{
  GstFlowReturn flow;

  g_mutex_lock (&feed->lock);
  flow = check_open (feed);
  g_mutex_unlock (&feed->lock);
  return flow;
}

/* With the lock. What the queue has no place for goes to @dropped. */
static GstFlowReturn
take_frame (TextureFeed * feed, TextureFrame * frame, GQueue * dropped)
{
  EchoelQueueVerdict verdict;
  GstFlowReturn flow;

  while ((flow = check_open (feed)) == GST_FLOW_OK
      && (verdict = echoel_frame_queue_ask (&feed->queue))
      != ECHOEL_QUEUE_TAKE) {
    if (verdict == ECHOEL_QUEUE_REFUSE) {
      g_queue_push_tail (dropped, frame);
      return GST_FLOW_OK;
    }
    if (verdict == ECHOEL_QUEUE_DROP_FIRST)
      g_queue_push_tail (dropped, echoel_frame_queue_pop (&feed->queue));
    else if (texture_lease_is_returning ())
      break;
    else
      g_cond_wait (&feed->room, &feed->lock);
  }
  if (flow != GST_FLOW_OK)
    return flow;
  echoel_frame_queue_push (&feed->queue, frame);
  wake_stream (feed);
  return GST_FLOW_OK;
}

GstFlowReturn
texture_feed_push (TextureFeed * feed, TextureFrame * frame)
{
  GQueue dropped = G_QUEUE_INIT;
  GstFlowReturn flow;

  g_mutex_lock (&feed->lock);
  flow = take_frame (feed, frame, &dropped);
  if (flow == GST_FLOW_OK) {
    feed->started = TRUE;
    feed->counts[TEXTURE_COUNT_PUSHED]++;
  }
  feed->counts[TEXTURE_COUNT_DROPPED_FULL] += dropped.length;
  g_mutex_unlock (&feed->lock);

  if (flow != GST_FLOW_OK)
    refuse_frame (frame);
  free_frames (&dropped);
  return flow;
}

gboolean
texture_feed_has_started (TextureFeed * feed)
{
  gboolean started;

  g_mutex_lock (&feed->lock);
  started = feed->started;
  g_mutex_unlock (&feed->lock);
  return started;
}

/* With the lock, which is let go meanwhile. Returns FALSE when the time is
 * over and nobody has woken this thread. */
static gboolean
sleep_until (TextureFeed * feed, GstClock * clock, GstClockTime deadline)
{
  GstClockReturn result;
  GstClockID id;

  if (clock == NULL || !GST_CLOCK_TIME_IS_VALID (deadline)) {
    g_cond_wait (&feed->frame, &feed->lock);
    return TRUE;
  }
  if (gst_clock_get_time (clock) >= deadline)
    return FALSE;
  feed->waiting = id = gst_clock_new_single_shot_id (clock, deadline);
  g_mutex_unlock (&feed->lock);
  result = gst_clock_id_wait (id, NULL);
  g_mutex_lock (&feed->lock);
  feed->waiting = NULL;
  gst_clock_id_unref (id);
  return result == GST_CLOCK_UNSCHEDULED;
}

/* With the lock. Whether there is anything to return, and what. */
static gboolean
look (TextureFeed * feed, gboolean take, gboolean in_time, TextureNext * next,
    TextureFrame ** frame)
{
  if (feed->flushing || !feed->open) {
    *next = TEXTURE_NEXT_STOP;
    return TRUE;
  }
  if (feed->poked) {
    feed->poked = FALSE;
    *next = TEXTURE_NEXT_AGAIN;
    return TRUE;
  }
  if (!take)
    return FALSE;
  if ((*frame = echoel_frame_queue_pop (&feed->queue)) != NULL) {
    g_cond_signal (&feed->room);
    *next = TEXTURE_NEXT_FRAME;
    return TRUE;
  }
  *next = feed->ended ? TEXTURE_NEXT_END : TEXTURE_NEXT_DEADLINE;
  return feed->ended || !in_time;
}

TextureNext
texture_feed_wait (TextureFeed * feed, gboolean take, GstClock * clock,
    GstClockTime deadline, TextureFrame ** frame)
{
  gboolean in_time = TRUE;
  TextureNext next;

  if (!take)
    deadline = GST_CLOCK_TIME_NONE;
  g_mutex_lock (&feed->lock);
  while (!look (feed, take, in_time, &next, frame))
    in_time = sleep_until (feed, clock, deadline);
  g_mutex_unlock (&feed->lock);
  return next;
}

void
texture_feed_count (TextureFeed * feed, TextureCount what, guint64 n)
{
  g_mutex_lock (&feed->lock);
  feed->counts[what] += n;
  g_mutex_unlock (&feed->lock);
}

void
texture_feed_drop (TextureFeed * feed, TextureFrame * frame, TextureCount why)
{
  /* In this order: who sees it counted has had it back. */
  texture_frame_free (frame);
  texture_feed_count (feed, why, 1);
}

void
texture_feed_shown (TextureFeed * feed, TextureFrame * frame)
{
  GstClockTime latency = (g_get_monotonic_time () - frame->pushed)
      * GST_USECOND;

  g_mutex_lock (&feed->lock);
  feed->shown++;
  feed->latency_sum += latency;
  feed->latency_max = MAX (feed->latency_max, latency);
  g_mutex_unlock (&feed->lock);
  texture_frame_free (frame);
}

void
texture_feed_get_stats (TextureFeed * feed, GstStructure * stats)
{
  static const gchar *const names[TEXTURE_N_COUNTS] = {
    "pushed", "refused", "dropped-full", "dropped-late", "dropped-gone",
    "dropped-unfit", "dropped-stopped", "repeated", "gaps", "copied-bytes"
  };
  guint64 dropped = 0;
  guint i;

  g_mutex_lock (&feed->lock);
  for (i = 0; i < TEXTURE_N_COUNTS; i++) {
    gst_structure_set (stats, names[i], G_TYPE_UINT64, feed->counts[i], NULL);
    if (i >= TEXTURE_COUNT_DROPPED_FULL && i <= TEXTURE_COUNT_DROPPED_STOPPED)
      dropped += feed->counts[i];
  }
  gst_structure_set (stats, "dropped", G_TYPE_UINT64, dropped,
      "shown", G_TYPE_UINT64, feed->shown,
      "queued", G_TYPE_UINT, echoel_frame_queue_length (&feed->queue),
      "latency-average", G_TYPE_UINT64,
      feed->shown ? feed->latency_sum / feed->shown : 0,
      "latency-max", G_TYPE_UINT64, feed->latency_max, NULL);
  g_mutex_unlock (&feed->lock);
}
