/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backoff.h"

#include <gst/gst.h>

#define FIRST_DELAY (GST_SECOND / 2)
#define MAX_DELAY (30 * GST_SECOND)
#define JITTER 0.2

static const struct
{
  const gchar *nick, *text;
  gint64 first_delay;           /* ns, 0: FIRST_DELAY */
  guint tries;                  /* before it is final, 0: never */
} faults[] = {
  /* *INDENT-OFF* */
  [ECHOEL_FAULT_NONE] = {"none", "all is well", 0, 0},
  [ECHOEL_FAULT_UNREACHABLE] = {"unreachable",
    "the server cannot be found or reached", 0, 0},
  [ECHOEL_FAULT_REFUSED] = {"refused",
    "nothing listens at that address and port", 0, 0},
  [ECHOEL_FAULT_NO_CONNECTION] = {"no-connection",
    "the server does not take the connection", 0, 0},
  [ECHOEL_FAULT_TLS] = {"tls",
    "the server's certificate is not trusted", 0, 0},
  [ECHOEL_FAULT_NO_ANSWER] = {"no-answer",
    "the server took the connection but does not answer", 0, 0},
  [ECHOEL_FAULT_STALLED] = {"stalled",
    "the server takes no more data", 0, 0},
  [ECHOEL_FAULT_CLOSED] = {"closed",
    "the server closed the connection", 0, 0},
  [ECHOEL_FAULT_AUTH] = {"auth",
    "the server does not accept the stream key or password", 0,
    ECHOEL_AUTH_TRIES},
  [ECHOEL_FAULT_KEY_IN_USE] = {"key-in-use",
    "somebody is publishing with this stream key", 5 * GST_SECOND, 0},
  [ECHOEL_FAULT_SETUP] = {"setup",
    "the destination cannot be set up", 0, 1},
  [ECHOEL_FAULT_OTHER] = {"other", "the connection failed", 0, 0},
  /* *INDENT-ON* */
};

const gchar *
echoel_fault_nick (EchoelFault fault)
{
  return faults[fault].nick;
}

const gchar *
echoel_fault_text (EchoelFault fault)
{
  return faults[fault].text;
}

gint64
echoel_backoff_delay (EchoelFault fault, guint failures, guint alike,
    gdouble chance)
{
  gint64 delay = faults[fault].first_delay;
  guint i, doubled = delay != 0 ? alike : failures;

  if (delay == 0)
    delay = FIRST_DELAY;
  for (i = 1; i < doubled && delay < (gint64) MAX_DELAY; i++)
    delay *= 2;
  delay = MIN (delay, (gint64) MAX_DELAY);
  return delay * (1.0 - JITTER + 2 * JITTER * chance);
}

gboolean
echoel_backoff_is_final (EchoelFault fault, guint alike)
{
  return faults[fault].tries != 0 && alike >= faults[fault].tries;
}
