/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "address.h"

#include <string.h>

#define MOST_PORT_DIGITS 5

/* Inside brackets; a zone may follow, written "%25lo". */
static gboolean
is_ipv6 (const gchar * text)
{
  gsize length = strcspn (text, "%");
  gchar *number = g_strndup (text, length);
  gboolean done = strchr (number, ':') != NULL
      && g_hostname_is_ip_address (number)
      && (text[length] == '\0' || (g_str_has_prefix (text + length, "%25")
          && text[length + 3] != '\0'));

  g_free (number);
  return done;
}

/* Names of other alphabets are left to the resolver. */
static gboolean
is_name (const gchar * text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr ("-_.", *text) == NULL
        && (guchar) * text < 0x80)
      return FALSE;
  return TRUE;
}

static gboolean
is_host (const gchar * host, gboolean optional)
{
  gsize length = strlen (host);
  gboolean done;
  gchar *inner;

  if (length == 0)
    return optional;
  if (host[0] != '[')
    return g_utf8_validate (host, -1, NULL) && is_name (host);
  if (length < 3 || host[length - 1] != ']')
    return FALSE;
  inner = g_strndup (host + 1, length - 2);
  done = is_ipv6 (inner);
  g_free (inner);
  return done;
}

/* Returns: 0 when it is none */
static guint
parse_port (const gchar * text)
{
  gsize digits = strspn (text, "0123456789");
  guint64 port;

  if (digits == 0 || digits > MOST_PORT_DIGITS || text[digits] != '\0')
    return 0;
  port = g_ascii_strtoull (text, NULL, 10);
  return port <= G_MAXUINT16 ? port : 0;
}

gchar *
echoel_address_normalise (const gchar * text, gsize length,
    guint default_port, gboolean host_optional)
{
  gchar *host = g_ascii_strdown (text, length), *result = NULL;
  gchar *bracket = strrchr (host, ']');
  gchar *colon = strchr (bracket ? bracket : host, ':');
  guint port = colon ? parse_port (colon + 1) : default_port;

  if (colon != NULL)
    *colon = '\0';
  if (port != 0 && is_host (host, host_optional)) {
    if (g_str_has_suffix (host, "."))
      host[strlen (host) - 1] = '\0';
    result = port == default_port ? g_strdup (host)
        : g_strdup_printf ("%s:%u", host, port);
  }
  g_free (host);
  return result;
}
