/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyrequest.h"

#include <gst/gst.h>

#define PER_ENCODER ((gint64) GST_SECOND)
#define PER_DESTINATION (2 * (gint64) GST_SECOND)
#define COMES_ANYWAY ((gint64) GST_SECOND / 2)

/* Long ago, and far enough from the smallest number to be counted from. */
#define NEVER (G_MININT64 / 2)

void
echoel_key_requests_init (EchoelKeyRequests * requests)
{
  requests->last = NEVER;
  requests->count = 0;
}

void
echoel_key_requests_forget (EchoelKeyRequests * requests)
{
  requests->last = NEVER;
}

static void
note (EchoelKeyRequests * requests, gint64 now)
{
  requests->last = now;
  requests->count++;
}

gboolean
echoel_key_requests_ask (EchoelKeyRequests * encoder,
    EchoelKeyRequests * destination, gint64 now, gint64 next_key)
{
  if (now - encoder->last < PER_ENCODER
      || now - destination->last < PER_DESTINATION)
    return FALSE;
  if (next_key >= now && next_key - now <= COMES_ANYWAY)
    return FALSE;
  note (encoder, now);
  note (destination, now);
  return TRUE;
}
