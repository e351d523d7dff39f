/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "destination.h"

#include <gst/gst.h>
#include <string.h>

#include "address.h"
#include "preset.h"

/* Shorter text is no secret, and taking it out would spoil every message. */
#define LEAST_SECRET 4

typedef gboolean (*ParseRest) (EchoelDestination * d, const gchar * scheme,
    const gchar * rest, GPtrArray * secrets, GError ** error);

G_DEFINE_QUARK (echoel - destination - error - quark, echoel_destination_error)
/* @text: (transfer full) */
     static void
         add_spelling (GPtrArray * secrets, const gchar * secret, gchar * text)
{
  if (text != NULL && strcmp (text, secret) != 0)
    g_ptr_array_add (secrets, text);
  else
    g_free (text);
}

/* As it is written, and as servers and logs may repeat it: decoded, encoded, or
 * with quotes, backslashes and bytes beyond ASCII escaped. */
static void
add_secret (GPtrArray * secrets, const gchar * text, gssize length)
{
  gchar *secret = length < 0 ? g_strdup (text) : g_strndup (text, length);
  gchar *plain;

  if (strlen (secret) < LEAST_SECRET) {
    g_free (secret);
    return;
  }
  g_ptr_array_add (secrets, secret);
  add_spelling (secrets, secret, g_strescape (secret, NULL));
  plain = g_uri_unescape_string (secret, NULL);
  if (plain == NULL)
    return;
  add_spelling (secrets, secret, g_strescape (plain, NULL));
  add_spelling (secrets, secret, g_uri_escape_bytes ((const guint8 *) plain,
          strlen (plain), NULL));
  add_spelling (secrets, secret, plain);
}

/* The values of a query, and the query as it is. */
static void
add_query (GPtrArray * secrets, const gchar * query)
{
  gchar **pairs = g_strsplit_set (query, "&;", -1);
  guint i;

  add_secret (secrets, query, -1);
  for (i = 0; pairs[i] != NULL; i++) {
    const gchar *value = strchr (pairs[i], '=');

    add_secret (secrets, value ? value + 1 : pairs[i], -1);
  }
  g_strfreev (pairs);
}

/* A key may bring folders and a query; servers may tell of each alone. */
static void
add_key (GPtrArray * secrets, const gchar * key)
{
  const gchar *query = strchr (key, '?');
  gchar *path = query ? g_strndup (key, query - key) : g_strdup (key);
  gchar **segments = g_strsplit (path, "/", -1);
  guint i;

  add_secret (secrets, key, -1);
  add_secret (secrets, path, -1);
  for (i = 0; segments[i] != NULL; i++)
    add_secret (secrets, segments[i], -1);
  if (query != NULL)
    add_query (secrets, query + 1);
  g_strfreev (segments);
  g_free (path);
}

/* Takes "user:password@" off. Returns: (transfer none): the host */
static const gchar *
skip_user (const gchar * rest, GPtrArray * secrets)
{
  gsize authority = strcspn (rest, "/?#");
  const gchar *at = g_strrstr_len (rest, authority, "@"), *colon;

  if (at == NULL)
    return rest;
  colon = memchr (rest, ':', at - rest);
  add_secret (secrets, rest, at - rest);
  if (colon != NULL)
    add_secret (secrets, colon + 1, at - colon - 1);
  return at + 1;
}

/* rtmp2sink wants both, and tells the log of more than one colon. */
static gboolean
is_login (const gchar * rest, const gchar * host)
{
  const gchar *colon = memchr (rest, ':', host - rest);

  return host == rest || (colon != NULL
      && memchr (colon + 1, ':', host - colon - 1) == NULL);
}

/* What was read back from a property has this in place of a key: sent as one,
 * it would be seen by the server as somebody else's. */
static gboolean
is_mark (const gchar * key, GError ** error)
{
  if (strcmp (key, ECHOEL_REDACTED) != 0)
    return FALSE;
  g_set_error_literal (error, ECHOEL_DESTINATION_ERROR,
      ECHOEL_DESTINATION_ERROR_KEY,
      "A destination that was read back has " ECHOEL_REDACTED " in place of "
      "its key and cannot be written again: give the key itself, or add and "
      "remove single destinations.");
  return TRUE;
}

static gboolean
refuse_address (GError ** error)
{
  g_set_error_literal (error, ECHOEL_DESTINATION_ERROR,
      ECHOEL_DESTINATION_ERROR_FORM,
      "The address of a destination has no host that could exist, no port "
      "from 1 to 65535, or a percent sign that is not written %25.");
  return FALSE;
}

/* GStreamer's own reader of addresses dies of a query with a percent sign that
 * stands for no character. */
static gboolean
can_be_read (const gchar * location)
{
  gchar *plain = g_uri_unescape_string (location, NULL);
  GstUri *uri = plain != NULL ? gst_uri_from_string (location) : NULL;
  gboolean done = uri != NULL;

  g_clear_pointer (&uri, gst_uri_unref);
  g_free (plain);
  return done;
}

/* Sets the place: @host is its own, of @length bytes, @rest what follows. */
static gboolean
set_place (EchoelDestination * d, const gchar * host, gsize length,
    guint default_port, const gchar * rest, GError ** error)
{
  gchar *address = echoel_address_normalise (host, length, default_port,
      default_port == 0);

  if (address != NULL && can_be_read (d->location))
    d->place = g_strconcat (default_port ? "rtmp:" : "srt:", address, rest,
        NULL);
  g_free (address);
  return d->place != NULL || refuse_address (error);
}

#define RTMP_PORT 1935
#define RTMPS_PORT 443

/* The application is the first segment of the path; all behind it is key. */
static gboolean
parse_rtmp (EchoelDestination * d, const gchar * scheme, const gchar * rest,
    GPtrArray * secrets, GError ** error)
{
  const gchar *host = skip_user (rest, secrets);
  gsize length = strcspn (host, "/");
  const gchar *app = host + length, *key;

  if (*app == '/')
    app++;
  key = app + strcspn (app, "/");
  if (length == 0 || key == app || key[0] == '\0' || key[1] == '\0'
      || !is_login (rest, host)) {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_KEY,
        "An %s address must have the form %s://HOST/APPLICATION/KEY or "
        "%s://USER:PASSWORD@HOST/APPLICATION/KEY.", scheme, scheme, scheme);
    return FALSE;
  }
  key++;
  if (is_mark (key, error))
    return FALSE;
  add_key (secrets, key);
  if (memchr (app, '?', key - app) != NULL) {
    gchar *query = g_strndup (app, key - 1 - app);

    add_query (secrets, strchr (query, '?') + 1);
    g_free (query);
  }
  d->transport = ECHOEL_TRANSPORT_RTMP;
  d->location = g_strconcat (scheme, "://", rest, NULL);
  d->shown = g_strdup_printf ("%s://%.*s/%.*s/" ECHOEL_REDACTED, scheme,
      (gint) length, host, (gint) strcspn (app, "?/"), app);
  return set_place (d, host, length, strcmp (scheme, "rtmps") == 0
      ? RTMPS_PORT : RTMP_PORT, host + length, error);
}

static gboolean
parse_srt (EchoelDestination * d, const gchar * scheme, const gchar * rest,
    GPtrArray * secrets, GError ** error)
{
  const gchar *host = skip_user (rest, secrets);
  gsize length = strcspn (host, "/?#");
  const gchar *query = strchr (host, '?');

  if (memchr (host, ':', length) == NULL) {
    g_set_error_literal (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_FORM,
        "An srt address must have the form srt://HOST:PORT?OPTIONS.");
    return FALSE;
  }
  if (query != NULL && is_mark (query + 1, error))
    return FALSE;
  if (query != NULL)
    add_query (secrets, query + 1);
  d->transport = ECHOEL_TRANSPORT_SRT;
  d->location = g_strconcat (scheme, "://", rest, NULL);
  d->shown = g_strdup_printf ("%s://%.*s%s", scheme, (gint) length, host,
      query ? "?" ECHOEL_REDACTED : "");
  return set_place (d, host, length, 0, query ? query : "", error);
}

static gboolean
parse_hls (EchoelDestination * d, const gchar * scheme, const gchar * rest,
    GPtrArray * secrets, GError ** error)
{
  if (g_str_has_prefix (rest, "//"))
    rest += 2;
  if (*rest == '\0') {
    g_set_error_literal (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_FORM, "hls: needs a folder: hls:FOLDER.");
    return FALSE;
  }
  d->transport = ECHOEL_TRANSPORT_HLS;
  d->location = g_strdup (rest);
  d->shown = g_strconcat (scheme, ":", rest, NULL);
  d->place = g_canonicalize_filename (rest, NULL);      /* begins with "/" */
  return TRUE;
}

/* The rest is what stands behind the prefix. */
static const struct
{
  const gchar *scheme, *separator;
  ParseRest parse;
} forms[] = {
  /* *INDENT-OFF* */
  {"rtmp", "://", parse_rtmp},
  {"rtmps", "://", parse_rtmp},
  {"srt", "://", parse_srt},
  {"hls", ":", parse_hls},
  /* *INDENT-ON* */
};

static gboolean
parse_url (EchoelDestination * d, const gchar * text, gboolean * known,
    GPtrArray * secrets, GError ** error)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (forms); i++) {
    gchar *prefix = g_strconcat (forms[i].scheme, forms[i].separator, NULL);
    gboolean fits = g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
    gsize length = strlen (prefix);

    g_free (prefix);
    if (fits) {
      *known = TRUE;
      return forms[i].parse (d, forms[i].scheme, text + length, secrets, error);
    }
  }
  *known = FALSE;
  return FALSE;
}

/* The live preset of this name. Returns: (transfer full) (nullable) */
static EchoelPreset *
find_service (const gchar * name)
{
  gchar *live = g_strconcat (name, "-live", NULL);
  EchoelPreset *preset = echoel_preset_find (live, NULL);

  g_free (live);
  if (preset == NULL)
    preset = echoel_preset_find (name, NULL);
  if (preset != NULL && preset->ingest_url == NULL)
    g_clear_pointer (&preset, echoel_preset_free);
  return preset;
}

/* Returns: whether this can be the name of a service or of a destination;
 * anything else might be part of a secret. */
static gboolean
is_name (const gchar * text, gsize length)
{
  gsize i;

  if (length == 0 || length > 32 || !g_ascii_isalpha (text[0]))
    return FALSE;
  for (i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return FALSE;
  return TRUE;
}

static gboolean
parse_service (EchoelDestination * d, const gchar * text, GPtrArray * secrets,
    GError ** error)
{
  const gchar *colon = strchr (text, ':');
  EchoelPreset *preset = NULL;
  gboolean known, done = FALSE;
  gchar *name, *base, *url;

  if (colon == NULL || !is_name (text, colon - text)) {
    g_set_error_literal (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_FORM,
        "A destination is written SERVICE:KEY (twitch, youtube, facebook), "
        "rtmp://HOST/APPLICATION/KEY, rtmps://..., srt://HOST:PORT or "
        "hls:FOLDER.");
    return FALSE;
  }
  name = g_ascii_strdown (text, colon - text);
  preset = find_service (name);
  if (preset == NULL) {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_SERVICE, "There is no live service \"%s\": "
        "a preset file with this name and an ingest-url makes one.", name);
  } else if (colon[1] == '\0') {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_KEY, "%s needs a stream key: %s:KEY.",
        preset->title, name);
  } else {
    base = g_strdup (preset->ingest_url);
    while (g_str_has_suffix (base, "/"))
      base[strlen (base) - 1] = '\0';
    url = g_strconcat (base, "/", colon + 1, NULL);
    done = parse_url (d, url, &known, secrets, error);
    add_key (secrets, colon + 1);
    d->preset = g_strdup (preset->id);
    if (d->name == NULL)
      d->name = g_strdup (name);
    g_free (url);
    g_free (base);
  }
  echoel_preset_free (preset);
  g_free (name);
  return done;
}

/* Replaces "{env:NAME}" and "{file:PATH}". Returns: (transfer full)
 * (nullable) */
static gchar *
expand (const gchar * text, EchoelSecretLookup lookup, gpointer user_data,
    GPtrArray * secrets, GError ** error)
{
  GString *out = g_string_new (NULL);
  gchar **words, *value;
  gsize length;

  while (*text != '\0') {
    if (!g_str_has_prefix (text, "{env:")
        && !g_str_has_prefix (text, "{file:")) {
      g_string_append_c (out, *text++);
      continue;
    }
    length = strcspn (text, "}");
    value = g_strndup (text + 1, length - 1);
    words = g_strsplit (value, ":", 2);
    g_free (value);
    value = lookup (words[0], words[1], user_data, error);
    g_strfreev (words);
    if (value == NULL) {
      g_string_free (out, TRUE);
      return NULL;
    }
    g_strstrip (value);
    add_secret (secrets, value, -1);
    g_string_append (out, value);
    g_free (value);
    text += length + (text[length] == '}');
  }
  return g_string_free (out, FALSE);
}

static gint
by_length (gconstpointer a, gconstpointer b)
{
  gsize one = strlen (*(gchar * const *) a);
  gsize two = strlen (*(gchar * const *) b);

  return one < two ? 1 : one > two ? -1 : 0;
}

static gboolean
has_odd_characters (const gchar * text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_isspace (*text) || g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

static gboolean
parse (EchoelDestination * d, const gchar * text, GPtrArray * secrets,
    GError ** error)
{
  gsize name = strcspn (text, "=:/?");
  gboolean known, done;

  if (text[name] == '=' && is_name (text, name)) {
    d->name = g_strndup (text, name);
    text += name + 1;
  }
  if (has_odd_characters (text)) {
    g_set_error_literal (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_FORM,
        "A destination must not hold blanks or control characters.");
    return FALSE;
  }
  done = parse_url (d, text, &known, secrets, error);
  return known ? done : parse_service (d, text, secrets, error);
}

EchoelDestination *
echoel_destination_parse (const gchar * text, EchoelSecretLookup lookup,
    gpointer user_data, GError ** error)
{
  EchoelDestination *d = g_new0 (EchoelDestination, 1);
  GPtrArray *secrets = g_ptr_array_new ();
  gchar *expanded = expand (text, lookup, user_data, secrets, error);
  gboolean done = expanded != NULL && parse (d, expanded, secrets, error);

  d->refs = 1;
  g_free (expanded);
  g_ptr_array_sort (secrets, by_length);
  g_ptr_array_add (secrets, NULL);
  d->secrets = (gchar **) g_ptr_array_free (secrets, FALSE);
  if (done)
    return d;
  echoel_destination_unref (d);
  return NULL;
}

EchoelDestination *
echoel_destination_ref (EchoelDestination * destination)
{
  g_atomic_int_inc (&destination->refs);
  return destination;
}

void
echoel_destination_unref (EchoelDestination * destination)
{
  if (destination == NULL || !g_atomic_int_dec_and_test (&destination->refs))
    return;
  g_free (destination->name);
  g_free (destination->preset);
  g_free (destination->location);
  g_free (destination->place);
  g_free (destination->shown);
  g_strfreev (destination->secrets);
  g_free (destination);
}

gboolean
echoel_destination_is_same (const EchoelDestination * a,
    const EchoelDestination * b)
{
  return strcmp (a->place, b->place) == 0;
}

gchar *
echoel_destination_redact (const EchoelDestination * destination,
    const gchar * text)
{
  GString *out;
  guint i;

  if (text == NULL)
    return NULL;
  out = g_string_new (text);
  for (i = 0; destination->secrets[i] != NULL; i++)
    g_string_replace (out, destination->secrets[i], ECHOEL_REDACTED, 0);
  return g_string_free (out, FALSE);
}

gchar **
echoel_destination_split (const gchar * text)
{
  gchar **all = g_strsplit_set (text != NULL ? text : "", " \t\r\n", -1);
  guint from, to = 0;

  for (from = 0; all[from] != NULL; from++) {
    if (*all[from] == '\0')
      g_free (all[from]);
    else
      all[to++] = all[from];
  }
  all[to] = NULL;
  return all;
}
