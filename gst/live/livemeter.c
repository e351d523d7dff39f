/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livedebug.h"
#include "livemeter.h"

#include <string.h>

/* A server that would take no more than this reads no more, bytes. */
#define SMALL_WINDOW 3000
/* What FLV and RTMP add to a frame at least. Less than that must not be taken
 * off, or what is in between would seem to grow. */
#define FRAME_HEADERS 10

void
live_meter_begin (LiveMeter * meter)
{
  meter->delivered = 0;
  meter->overhead = G_MAXINT64;
  echoel_srt_path_init (&meter->srt);
}

const gchar *
live_meter_get_source (const LiveAttemptView * view)
{
  return view->has_socket ? "socket" : view->has_srt ? "srt" : "counters";
}

static GstClockTime
from_us (guint us)
{
  return us == G_MAXUINT ? ECHOEL_CAPACITY_NO_RTT : us * GST_USECOND;
}

/* Between the relay and the system a sink and its source hold half a dozen
 * frames: what one gave away less what the other was given. Of that what it
 * was when it was least is headers and handshakes. While nothing is @stuck
 * behind them, they wait for a processor at most, not for the path. */
static guint64
count_between (LiveMeter * meter, const LiveRelayStats * relay, guint64 written,
    gboolean stuck)
{
  gint64 between = (gint64) (relay->bytes_out
      + relay->frames_out * FRAME_HEADERS) - (gint64) written;

  meter->overhead = MIN (meter->overhead, between);
  return stuck ? between - meter->overhead : 0;
}

/* What arrived behind a gap has arrived: without that a lost segment would
 * look like a pause, and its return like a burst. */
static void
read_socket (LiveMeter * meter, const LiveSample * seen,
    EchoelTransportSample * sample)
{
  const LiveSocketInfo *socket = &seen->view.socket;

  sample->waiting += count_between (meter, &seen->relay,
      socket->acked + socket->unacked, socket->unsent > 0);
  meter->delivered = MAX (meter->delivered, socket->acked + socket->sacked);
  sample->delivered = meter->delivered;
  sample->unacknowledged = socket->unacked > socket->sacked
      ? socket->unacked - socket->sacked : 0;
  sample->losses = socket->retransmits;
  sample->min_rtt = from_us (socket->min_rtt);
  sample->segment = socket->segment;
  sample->window_closed = socket->window < SMALL_WINDOW && socket->unacked > 0;
}

void
live_meter_read (LiveMeter * meter, const LiveSample * seen, guint64 offered,
    GstClockTime now, EchoelTransportSample * sample)
{
  const EchoelGopDrops *drops = &seen->relay.drops;

  memset (sample, 0, sizeof *sample);
  sample->time = now;
  sample->offered = offered;
  sample->dropped = drops->disposable + drops->gop + drops->audio;
  sample->waiting = seen->relay.level.bytes;
  if (seen->view.has_socket) {
    read_socket (meter, seen, sample);
  } else if (seen->view.has_srt) {
    echoel_srt_path_update (&meter->srt, &seen->view.srt,
        seen->relay.bytes_out, sample);
  } else {
    sample->waiting += count_between (meter, &seen->relay,
        seen->view.delivered, seen->relay.level.frames > 0);
    sample->delivered = seen->view.delivered;
  }
}
