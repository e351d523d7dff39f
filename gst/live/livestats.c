/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livestats.h"

#define SLOTS (LIVE_RATE_SECONDS + 1)

void
live_stats_count (LiveStats * stats, guint64 bytes)
{
  guint64 last = stats->sent[stats->seconds % SLOTS];

  stats->seconds++;
  /* An attempt that is being closed is not counted for a moment. */
  stats->sent[stats->seconds % SLOTS] = MAX (stats->before + bytes, last);
}

void
live_stats_end (LiveStats * stats, guint64 bytes)
{
  stats->before += bytes;
}

/* kbit/s over the last so many seconds. */
static guint
rate (const LiveStats * stats, guint seconds)
{
  guint span = MIN (seconds, stats->seconds), now = stats->seconds;

  if (span == 0)
    return 0;
  return (stats->sent[now % SLOTS] - stats->sent[(now - span) % SLOTS])
      * 8 / 1000 / span;
}

static const gchar *
codec_name (const EchoelFormat * format)
{
  static const gchar *names[] = { "", "h264", "h265", "aac" };

  return format != NULL ? names[format->codec] : "";
}

static void
add_link (GstStructure * s, const EchoelLink * link)
{
  gint64 now = g_get_monotonic_time () * 1000;
  gboolean up = link->state == ECHOEL_LINK_PUBLISHING;

  gst_structure_set (s,
      "state", G_TYPE_STRING, echoel_link_state_nick (link->state),
      "uptime", G_TYPE_UINT64, up ? (guint64) (now - link->since) : 0,
      "attempts", G_TYPE_UINT, link->attempts,
      "connects", G_TYPE_UINT, link->connects, NULL);
}

static void
add_relay (GstStructure * s, const LiveRelayStats * relay)
{
  gst_structure_set (s,
      "queue-ms", G_TYPE_UINT, (guint) (relay->level.time / GST_MSECOND),
      "queue-bytes", G_TYPE_UINT64, (guint64) relay->level.bytes,
      "frames", G_TYPE_UINT64, relay->frames_out,
      "dropped-disposable", G_TYPE_UINT64, relay->drops.disposable,
      "dropped-gop", G_TYPE_UINT64, relay->drops.gop,
      "dropped-audio", G_TYPE_UINT64, relay->drops.audio,
      "gaps", G_TYPE_UINT64, relay->drops.gaps,
      "max-gap-ms", G_TYPE_UINT, (guint) (relay->drops.max_gap / GST_MSECOND),
      NULL);
}

static void
add_socket (GstStructure * s, const LiveSample * sample)
{
  const LiveSocketInfo *socket = &sample->view.socket;

  if (!sample->attempt || !sample->view.has_socket)
    return;
  gst_structure_set (s,
      "kernel-bytes", G_TYPE_UINT64, socket->unacked,
      "window-bytes", G_TYPE_UINT, socket->window,
      "rtt-us", G_TYPE_UINT, socket->rtt,
      "min-rtt-us", G_TYPE_UINT, socket->min_rtt,
      "retransmits", G_TYPE_UINT, socket->retransmits, NULL);
}

static void
add_bitrate (GstStructure * s, const LiveBitrateView * bitrate)
{
  const EchoelCapacityReport *capacity = &bitrate->capacity;

  gst_structure_set (s, "isolation", G_TYPE_STRING,
      echoel_isolation_to_string (bitrate->isolation),
      "request", G_TYPE_STRING, bitrate->request ? bitrate->request : "none",
      NULL);
  if (!bitrate->known)
    return;
  gst_structure_set (s,
      "capacity-kbps", G_TYPE_UINT, (guint) (capacity->rate / 1000.0),
      "capacity-reason", G_TYPE_STRING,
      echoel_capacity_reason_to_string (capacity->reason),
      "delay-ms", G_TYPE_UINT, (guint) (capacity->delay / GST_MSECOND),
      "measured-by", G_TYPE_STRING, bitrate->source, NULL);
}

GstStructure *
live_stats_describe (const LiveStats * stats, const gchar * name,
    const LiveStatsSubject * subject)
{
  const LiveSample *sample = subject->sample;
  guint64 bytes = stats->before + sample->view.delivered;
  GstStructure *s = gst_structure_new (name,
      "id", G_TYPE_STRING, subject->id,
      "location", G_TYPE_STRING, subject->location, NULL);

  add_link (s, subject->link);
  gst_structure_set (s,
      "last-reason", G_TYPE_STRING, echoel_fault_nick (subject->link->reason),
      "last-error", G_TYPE_STRING, subject->error ? subject->error : "",
      "bytes", G_TYPE_UINT64, bytes,
      "kbps", G_TYPE_UINT, rate (stats, 1),
      "kbps-10s", G_TYPE_UINT, rate (stats, LIVE_RATE_SECONDS),
      "key-requests", G_TYPE_UINT64, subject->key_requests,
      "video-codec", G_TYPE_STRING, codec_name (subject->video),
      "audio-codec", G_TYPE_STRING, codec_name (subject->audio), NULL);
  add_relay (s, &sample->relay);
  add_socket (s, sample);
  add_bitrate (s, subject->bitrate);
  return s;
}
