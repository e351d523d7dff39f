/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livesecrets.h"

#include <string.h>

/* A key is a line; anything larger is the wrong file. */
#define MOST_BYTES 65536

static gchar *
read_variable (const gchar * name, GError ** error)
{
  const gchar *value = g_getenv (name);

  if (value == NULL || *value == '\0')
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_KEY,
        "The environment variable %s, which should hold a stream key, is not "
        "set.", name);
  return value != NULL && *value != '\0' ? g_strdup (value) : NULL;
}

static gchar *
read_file (const gchar * name, GError ** error)
{
  GError *cause = NULL;
  gchar *text = NULL;
  gsize size = 0;

  if (!g_file_get_contents (name, &text, &size, &cause)) {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_KEY,
        "The file %s, which should hold a stream key, cannot be read: %s.",
        name, cause->message);
    g_error_free (cause);
    return NULL;
  }
  text[MIN (strcspn (text, "\r\n"), size)] = '\0';
  if (*text != '\0' && size <= MOST_BYTES)
    return text;
  g_set_error (error, ECHOEL_DESTINATION_ERROR, ECHOEL_DESTINATION_ERROR_KEY,
      "The first line of the file %s should hold a stream key.", name);
  g_free (text);
  return NULL;
}

gchar *
live_secret_lookup (const gchar * kind, const gchar * name,
    gpointer user_data, GError ** error)
{
  return strcmp (kind, "env") == 0 ? read_variable (name, error)
      : read_file (name, error);
}
