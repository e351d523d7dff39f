/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exportname.h"

#include <gio/gio.h>
#include <string.h>

#define FALLBACK "video"
/* Longest {name}, bytes: file systems take 255 for the whole, and the hidden
 * names need a few more. */
#define MAX_NAME 180

/* A part of a path: no separator, nothing hidden, no control character, not
 * too long, and not nothing. */
static gchar *
clean (const gchar * text)
{
  GString *name = g_string_new (NULL);
  gchar *valid = g_utf8_make_valid (text ? text : "", -1);
  const gchar *at = valid;

  while (*at == '.' || *at == ' ')
    at++;
  for (; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (name->len + 6 > MAX_NAME)
      break;
    if (c == '/' || c == '\\' || c == ':' || g_unichar_iscntrl (c))
      g_string_append_c (name, '_');
    else
      g_string_append_unichar (name, c);
  }
  g_free (valid);
  if (name->len == 0)
    g_string_append (name, FALLBACK);
  return g_string_free (name, FALSE);
}

/* The bytes that the path in @uri stands for, which need not be UTF-8; NULL:
 * it has none. */
static gchar *
path_of (const gchar * uri)
{
  gchar *encoded = NULL, *path = NULL;
  GBytes *bytes = NULL;

  if (uri != NULL && g_uri_split (uri, G_URI_FLAGS_ENCODED, NULL, NULL, NULL,
          NULL, &encoded, NULL, NULL, NULL) && encoded != NULL)
    bytes = g_uri_unescape_bytes (encoded, -1, NULL, NULL);
  if (bytes != NULL) {
    gsize size;
    const gchar *data = g_bytes_get_data (bytes, &size);

    if (memchr (data ? data : "", '\0', size) == NULL)
      path = g_strndup (data ? data : "", size);
    g_bytes_unref (bytes);
  }
  g_free (encoded);
  return path;
}

/* The last part of the path in @uri, or NULL. */
static gchar *
last_part (const gchar * uri)
{
  gchar *path = path_of (uri), *part;

  if (path == NULL)
    return NULL;
  part = strrchr (path, '/');
  part = g_strdup (part ? part + 1 : path);
  g_free (path);
  if (*part == '\0')
    g_clear_pointer (&part, g_free);
  return part;
}

gchar *
echoel_export_name_base (const gchar * uri, const gchar * fallback)
{
  gchar *part = last_part (uri), *dot, *name;

  dot = part ? strrchr (part, '.') : NULL;
  if (dot != NULL && dot != part)
    *dot = '\0';
  name = clean (part ? part : fallback);
  g_free (part);
  return name;
}

/* Returns: (transfer full) (nullable): what @key stands for */
static gchar *
value_of (const gchar * key, const EchoelExportNames * names)
{
  if (strcmp (key, "name") == 0)
    return clean (names->name);
  if (strcmp (key, "platform") == 0)
    return clean (names->platform);
  if (strcmp (key, "ext") == 0)
    return clean (names->ext);
  if (strcmp (key, "date") == 0)
    return clean (names->date);
  if (strcmp (key, "width") == 0)
    return g_strdup_printf ("%u", names->width);
  if (strcmp (key, "height") == 0)
    return g_strdup_printf ("%u", names->height);
  return NULL;
}

static gchar *
fill (const gchar * template, const EchoelExportNames * names, GError ** error)
{
  GString *text = g_string_new (NULL);

  while (*template != '\0') {
    const gchar *end = *template == '{' ? strchr (template, '}') : NULL;
    gchar *key, *value;

    if (end == NULL) {
      g_string_append_c (text, *template++);
      continue;
    }
    key = g_strndup (template + 1, end - template - 1);
    value = value_of (key, names);
    if (value == NULL) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
          "location has {%s}; there are {name}, {platform}, {width}, "
          "{height}, {ext} and {date}.", key);
      g_free (key);
      g_string_free (text, TRUE);
      return NULL;
    }
    g_string_append (text, value);
    g_free (key);
    g_free (value);
    template = end + 1;
  }
  return g_string_free (text, FALSE);
}

static gboolean
climbs (const gchar * path)
{
  gchar **parts = g_strsplit_set (path, "/" G_DIR_SEPARATOR_S, -1);
  gboolean up = g_strv_contains ((const gchar * const *) parts, "..");

  g_strfreev (parts);
  return up;
}

/* A last part that can be no file's. */
static gboolean
names_folder (const gchar * template)
{
  const gchar *slash = strrchr (template, G_DIR_SEPARATOR);
  const gchar *last = slash ? slash + 1 : template;

  return *last == '\0' || strcmp (last, ".") == 0 || strcmp (last, "..") == 0;
}

gchar *
echoel_export_name_fill (const gchar * directory, const gchar * template,
    const EchoelExportNames * names, GError ** error)
{
  gboolean below = directory != NULL && *directory != '\0';
  gchar *path, *whole;

  if (names_folder (template)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
        "location=%s names no file.", template);
    return NULL;
  }
  if (below && (g_path_is_absolute (template) || climbs (template))) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
        "location=%s leads out of directory=%s.", template, directory);
    return NULL;
  }
  path = fill (template, names, error);
  if (path == NULL || !below)
    return path;
  whole = g_build_filename (directory, path, NULL);
  g_free (path);
  return whole;
}

/* The file @name (transfer full) in the folder of @path. */
static gchar *
beside (const gchar * path, gchar * name)
{
  gchar *folder = g_path_get_dirname (path);
  gchar *whole = g_build_filename (folder, name, NULL);

  g_free (folder);
  g_free (name);
  return whole;
}

static gchar *
hidden (const gchar * path, guint32 random, const gchar * kind)
{
  gchar *base = g_path_get_basename (path);
  gchar *name = g_strdup_printf (".%s.%08x.%s", base, random, kind);

  g_free (base);
  return name;
}

gchar *
echoel_export_name_hidden (const gchar * path, guint32 random,
    const gchar * kind)
{
  return beside (path, hidden (path, random, kind));
}

/* The digits are where they would be; that it is the very name tells all
 * else. */
gboolean
echoel_export_name_is_part (const gchar * path, const gchar * name,
    guint32 * random)
{
  const gsize behind = strlen ("00000000." ECHOEL_EXPORT_PART);
  gsize length = strlen (name);
  gchar *wanted;
  gboolean same;

  if (length < behind)
    return FALSE;
  *random = (guint32) g_ascii_strtoull (name + length - behind, NULL, 16);
  wanted = hidden (path, *random, ECHOEL_EXPORT_PART);
  same = strcmp (name, wanted) == 0;
  g_free (wanted);
  return same;
}

gchar *
echoel_export_name_note (const gchar * path)
{
  gchar *base = g_path_get_basename (path);
  gchar *name = g_strdup_printf (".%s." ECHOEL_EXPORT_NOTE, base);

  g_free (base);
  return beside (path, name);
}
