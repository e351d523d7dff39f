/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a connection ended, and how long to wait before the next. Pure: chance
 * comes in as a number. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_FAULT_NONE = 0,
  ECHOEL_FAULT_UNREACHABLE,     /* no such host, no way to it */
  ECHOEL_FAULT_REFUSED,         /* nobody listens there */
  ECHOEL_FAULT_NO_CONNECTION,   /* the connection does not come about */
  ECHOEL_FAULT_TLS,             /* the certificate is not trusted */
  ECHOEL_FAULT_NO_ANSWER,       /* connected, then no handshake or publish */
  ECHOEL_FAULT_STALLED,         /* the server takes nothing any more */
  ECHOEL_FAULT_CLOSED,          /* the server ended the connection */
  ECHOEL_FAULT_AUTH,            /* the key or password is not accepted */
  ECHOEL_FAULT_KEY_IN_USE,      /* somebody publishes with this key */
  ECHOEL_FAULT_SETUP,           /* missing element, format not possible */
  ECHOEL_FAULT_OTHER
} EchoelFault;

/* How often a login may be refused before it is taken for final. */
#define ECHOEL_AUTH_TRIES 3

/* Returns: (transfer none): the word for messages, such as "key-in-use" */
const gchar *echoel_fault_nick (EchoelFault fault);

/* Returns: (transfer none): a sentence for people, without a final stop */
const gchar *echoel_fault_text (EchoelFault fault);

/**
 * echoel_backoff_delay:
 * @fault: why the last try failed
 * @failures: how many tries in a row did, at least 1
 * @alike: how many of them, the last ones, for this reason
 * @chance: 0.0 to 1.0, drawn anew each time
 *
 * Doubles from 0.5 s to 30 s with every failure; when the key is in use, from
 * 5 s with each for this reason, because a server keeps a lost publisher for a
 * while. A fifth more or less by chance,
 * so that many senders do not come back at once.
 *
 * Returns: ns to wait before the next try
 */
gint64 echoel_backoff_delay (EchoelFault fault, guint failures, guint alike,
    gdouble chance);

/* @alike: how many tries in a row failed for this reason.
 * Returns: whether trying again is of no use. */
gboolean echoel_backoff_is_final (EchoelFault fault, guint alike);

G_END_DECLS
