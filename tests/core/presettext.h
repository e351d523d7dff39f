/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shipped preset files as text, for the tests of presets. */
#pragma once

#include <gst/check/gstcheck.h>
#include <string.h>

/* *INDENT-OFF* */
static const gchar *const ids[] G_GNUC_UNUSED = {
  "custom-live", "facebook", "facebook-live", "instagram-post",
  "instagram-reel", "instagram-story", "tiktok", "twitch", "twitter",
  "youtube-live", "youtube-short", "youtube-video"
};
/* *INDENT-ON* */

static G_GNUC_UNUSED gchar *
shipped_path (const gchar * id)
{
  const gchar *source = g_getenv ("ECHOEL_SOURCE_DIR");

  fail_unless (source != NULL, "ECHOEL_SOURCE_DIR must name the source tree");
  return g_strdup_printf ("%s/presets/online-service/%s.gep", source, id);
}

static G_GNUC_UNUSED gchar *
shipped_text (const gchar * id)
{
  g_autofree gchar *path = shipped_path (id);
  gchar *text = NULL;

  fail_unless (g_file_get_contents (path, &text, NULL, NULL), "no %s", path);
  return text;
}

/* A copy of @text with the first @old replaced, which must be there. */
static G_GNUC_UNUSED gchar *
replace (const gchar * text, const gchar * old, const gchar * with)
{
  const gchar *at = strstr (text, old);

  fail_unless (at != NULL, "\"%s\" is not in the file to change", old);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, with,
      at + strlen (old));
}
