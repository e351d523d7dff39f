/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a stream goes, as the user writes it, and what of it is secret.
 *
 *   twitch:KEY                     a service: the preset file "twitch-live" or
 *   youtube:KEY                    "twitch" that has an ingest URL
 *   rtmp://HOST/APP/KEY            any RTMP server; rtmps:// with TLS
 *   srt://HOST:PORT?OPTIONS
 *   hls:FOLDER
 *   NAME=...                       any of these under a name of its own
 *
 * "{env:NAME}" and "{file:PATH}" anywhere stand for what an environment
 * variable or the first line of a file holds.
 * Thread safety: never changes once made; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands in the place of something secret. */
#define ECHOEL_REDACTED "***"

typedef enum
{
  ECHOEL_TRANSPORT_NONE = 0,
  ECHOEL_TRANSPORT_RTMP,        /* with and without TLS */
  ECHOEL_TRANSPORT_SRT,
  ECHOEL_TRANSPORT_HLS
} EchoelTransport;

typedef struct
{
  gchar *name;                  /* given by the user, or of the service */
  gchar *preset;                /* id of the service's preset, or NULL */
  EchoelTransport transport;
  gchar *location;              /* SECRET: never to be shown or logged */
  gchar *place;                 /* SECRET: the same in one spelling */
  gchar *shown;                 /* the same with the secrets taken out */
  gchar **secrets;              /* SECRET: longest first, NULL ended */

  gint refs;                    /* private, atomic */
} EchoelDestination;

#define ECHOEL_DESTINATION_ERROR (echoel_destination_error_quark ())
GQuark echoel_destination_error_quark (void);

typedef enum
{
  ECHOEL_DESTINATION_ERROR_FORM,        /* not one of the forms above */
  ECHOEL_DESTINATION_ERROR_SERVICE,     /* no such service */
  ECHOEL_DESTINATION_ERROR_KEY  /* no key, it cannot be found, or it is the
                                 * mark that stands for one */
} EchoelDestinationError;

/**
 * EchoelSecretLookup:
 * @kind: "env" or "file"
 * @name: of the variable or file
 * @error: set when %NULL is returned; may name @name
 *
 * Returns: (transfer full) (nullable): the text
 */
typedef gchar *(*EchoelSecretLookup) (const gchar * kind, const gchar * name,
    gpointer user_data, GError ** error);

/**
 * echoel_destination_parse:
 * @text: one destination; untrusted
 * @lookup: (scope call): finds keys that stand elsewhere
 * @error: set when %NULL is returned; never holds anything of @text but the
 *     names of services, variables and files
 *
 * Returns: (transfer full) (nullable): a destination
 */
EchoelDestination *echoel_destination_parse (const gchar * text,
    EchoelSecretLookup lookup, gpointer user_data, GError ** error);

EchoelDestination *echoel_destination_ref (EchoelDestination * destination);

/* Accepts %NULL. */
void echoel_destination_unref (EchoelDestination * destination);

/* Returns: whether both would send to the same place with the same key, however
 * each is written: small and capital letters of a host, a port that goes
 * without saying, with TLS or without. */
gboolean echoel_destination_is_same (const EchoelDestination * a,
    const EchoelDestination * b);

/* @text: (nullable): from anywhere, such as a server's answer.
 * Returns: (transfer full) (nullable): @text without this one's secrets, in the
 *     spellings that servers and logs give them */
gchar *echoel_destination_redact (const EchoelDestination * destination,
    const gchar * text);

/* @text: (nullable): separated by blanks, tabs or newlines
 * Returns: (transfer full): one string a destination; g_strfreev() */
gchar **echoel_destination_split (const gchar * text);

G_END_DECLS
