/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where preset files are, which of them a name means, and how a preset is
 * described in one line. */

#include "preset.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "presetfile.h"
#include "presetvalue.h"

#define CATEGORY "online-service"
#define SUFFIX ".gep"
#define RESOURCE_FOLDER "/org/echoel/presets/" CATEGORY

/* One file that holds a preset, or should. */
typedef struct
{
  guint location;               /* its rank in the search order */
  gchar **names;                /* what it claims; the first one counts more */
  EchoelPreset *preset;         /* or else */
  GError *error;
} Entry;

/* Every preset file there is, in the order of the search. */
typedef struct
{
  GPtrArray *entries;
  guint n_locations;
} Index;

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_strfreev (entry->names);
  echoel_preset_free (entry->preset);
  g_clear_error (&entry->error);
  g_free (entry);
}

/* A broken file claims its own name and whatever it still says of itself. */
static gchar **
list_claims (const gchar * file_name, const gchar * data, gsize size)
{
  gchar **said = data ? echoel_preset_file_names (data, size) : NULL;
  GPtrArray *claims = g_ptr_array_new ();
  guint i;

  g_ptr_array_add (claims,
      g_strndup (file_name, strlen (file_name) - strlen (SUFFIX)));
  for (i = 0; said && said[i]; i++)
    g_ptr_array_add (claims, g_strdup (said[i]));
  g_ptr_array_add (claims, NULL);
  g_strfreev (said);
  return (gchar **) g_ptr_array_free (claims, FALSE);
}

/* Takes the ownership of @error; @data is NULL when the file cannot be read. */
static void
add_file (Index * index, const gchar * file_name, const gchar * origin,
    const gchar * data, gsize size, GError * error)
{
  Entry *entry;

  if (data && echoel_preset_file_is_plain (data, size))
    return;
  entry = g_new0 (Entry, 1);
  entry->location = index->n_locations;
  entry->error = error;
  if (data)
    entry->preset = echoel_preset_parse (data, size, origin, &entry->error);
  entry->names = entry->preset ? g_strdupv (entry->preset->names) :
      list_claims (file_name, data, size);
  g_ptr_array_add (index->entries, entry);
}

/* Reads one byte more than allowed at most, so that the parser sees that a
 * file is too large. A pipe or a device would block or never end. */
static gchar *
read_file (const gchar * path, gsize * size, GError ** error)
{
  FILE *file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ?
      g_fopen (path, "rb") : NULL;
  gchar *data = file ? g_malloc (ECHOEL_PRESET_FILE_MAX_SIZE + 1) : NULL;
  gboolean ok;

  if (file) {
    *size = fread (data, 1, ECHOEL_PRESET_FILE_MAX_SIZE + 1, file);
    ok = !ferror (file);
    fclose (file);
    if (ok)
      return data;
    g_free (data);
  }
  {
    gchar *shown = g_filename_display_name (path);

    g_set_error (error, ECHOEL_PRESET_ERROR, ECHOEL_PRESET_ERROR_READ,
        "%s: cannot be read; it must be a regular file that this user may "
        "read", shown);
    g_free (shown);
  }
  return NULL;
}

static void
add_path (Index * index, const gchar * folder, const gchar * file_name)
{
  gchar *path = g_build_filename (folder, file_name, NULL);
  gchar *origin = g_filename_display_name (path);
  GError *error = NULL;
  gsize size = 0;
  gchar *data = read_file (path, &size, &error);

  add_file (index, file_name, origin, data, size, error);
  g_free (data);
  g_free (origin);
  g_free (path);
}

static void
add_resource (Index * index, const gchar * folder, const gchar * file_name)
{
  gchar *path = g_build_path ("/", folder, file_name, NULL);
  gchar *origin = g_strconcat ("resource://", path, NULL);
  GError *error = NULL;
  GBytes *bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE,
      &error);
  gsize size = 0;
  const gchar *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  add_file (index, file_name, origin, data, size, error);
  g_clear_pointer (&bytes, g_bytes_unref);
  g_free (origin);
  g_free (path);
}

static gint
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(gchar * const *) a, *(gchar * const *) b);
}

/* Adds the preset files among @names in a fixed order; takes @names. */
static void
add_sorted (Index * index, const gchar * folder, GPtrArray * names,
    void (*add) (Index *, const gchar * folder, const gchar * file_name))
{
  guint i;

  g_ptr_array_sort (names, compare_strings);
  for (i = 0; i < names->len; i++)
    if (g_str_has_suffix (g_ptr_array_index (names, i), SUFFIX))
      add (index, folder, g_ptr_array_index (names, i));
  g_ptr_array_unref (names);
  index->n_locations++;
}

static void
add_folder (Index * index, const gchar * targets)
{
  gchar *folder = g_build_filename (targets, CATEGORY, NULL);
  GDir *dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_strdup (name));
  if (dir)
    g_dir_close (dir);
  add_sorted (index, folder, names, add_path);
  g_free (folder);
}

static void
add_search_path (Index * index)
{
  const gchar *path = g_getenv ("GST_ENCODING_TARGET_PATH");
  gchar **folders = g_strsplit (path ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);
  guint i;

  for (i = 0; folders[i]; i++)
    if (*folders[i])
      add_folder (index, folders[i]);
  g_strfreev (folders);
}

static void
add_user_folder (Index * index)
{
  gchar *folder = g_build_filename (g_get_user_data_dir (), "gstreamer-1.0",
      "encoding-profiles", NULL);

  add_folder (index, folder);
  g_free (folder);
}

static void
add_built_in (Index * index)
{
  gchar **children = g_resources_enumerate_children (RESOURCE_FOLDER,
      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  guint i;

  for (i = 0; children && children[i]; i++)
    g_ptr_array_add (names, g_strdup (children[i]));
  g_strfreev (children);
  add_sorted (index, RESOURCE_FOLDER, names, add_resource);
}

static void
init_index (Index * index)
{
  index->entries = g_ptr_array_new_with_free_func (free_entry);
  index->n_locations = 0;
  add_search_path (index);
  add_user_folder (index);
  add_built_in (index);
}

static void
clear_index (Index * index)
{
  g_ptr_array_unref (index->entries);
}

/* The file that @name means: within one place of the search an id or file
 * name goes before an alias. */
static Entry *
look_up (const Index * index, const gchar * name)
{
  Entry *by_alias = NULL;
  guint i;

  for (i = 0; i < index->entries->len; i++) {
    Entry *entry = g_ptr_array_index (index->entries, i);

    if (by_alias && by_alias->location != entry->location)
      break;
    if (g_strcmp0 (entry->names[0], name) == 0)
      return entry;
    if (!by_alias && g_strv_contains ((const gchar * const *) entry->names,
            name))
      by_alias = entry;
  }
  return by_alias;
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(EchoelPreset * const *) a)->id,
      (*(EchoelPreset * const *) b)->id);
}

/* Moves out of the index what its id leads to; a file that another one hides,
 * be it a broken one, stays behind. */
static GPtrArray *
take_presets (Index * index)
{
  GPtrArray *presets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) echoel_preset_free);
  guint i;

  for (i = 0; i < index->entries->len; i++) {
    Entry *entry = g_ptr_array_index (index->entries, i);

    if (!entry->preset || look_up (index, entry->preset->id) != entry)
      continue;
    g_ptr_array_add (presets, entry->preset);
    entry->preset = NULL;
  }
  g_ptr_array_sort (presets, compare_ids);
  return presets;
}

static void
set_not_found (GError ** error, const gchar * name, GPtrArray * presets)
{
  GString *known = g_string_new (NULL);
  gchar *shown = g_utf8_make_valid (name, -1);
  guint i;

  for (i = 0; i < presets->len; i++)
    g_string_append_printf (known, "%s%s", i ? ", " : "",
        ((EchoelPreset *) g_ptr_array_index (presets, i))->id);
  g_set_error (error, ECHOEL_PRESET_ERROR, ECHOEL_PRESET_ERROR_NOT_FOUND,
      "There is no platform \"%s\"; the known ones are: %s", shown, known->str);
  g_free (shown);
  g_string_free (known, TRUE);
}

EchoelPreset *
echoel_preset_find (const gchar * name, GError ** error)
{
  EchoelPreset *preset = NULL;
  Entry *entry;
  Index index;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  init_index (&index);
  entry = look_up (&index, name);
  if (entry && entry->preset) {
    preset = entry->preset;
    entry->preset = NULL;
  } else if (entry) {
    g_propagate_error (error, entry->error);
    entry->error = NULL;
  } else {
    GPtrArray *presets = take_presets (&index);

    set_not_found (error, name, presets);
    g_ptr_array_unref (presets);
  }
  clear_index (&index);
  return preset;
}

GPtrArray *
echoel_preset_list (void)
{
  GPtrArray *presets;
  Index index;

  init_index (&index);
  presets = take_presets (&index);
  clear_index (&index);
  return presets;
}

static void
append_thousandths (GString * text, const gchar * before, guint64 thousandths,
    const gchar * after)
{
  gchar *number = echoel_preset_format_thousandths (thousandths);

  g_string_append_printf (text, "%s%s%s", before, number, after);
  g_free (number);
}

gchar *
echoel_preset_describe (const EchoelPreset * preset)
{
  GString *text;
  guint divisor;

  g_return_val_if_fail (preset != NULL, NULL);
  g_return_val_if_fail (preset->width > 0 && preset->height > 0, NULL);

  divisor = gst_util_greatest_common_divisor (preset->width, preset->height);
  text = g_string_new (preset->title);
  g_string_append_printf (text, " - %s%u:%u",
      preset->usage == ECHOEL_USAGE_LIVE ? "live, " : "",
      preset->width / divisor, preset->height / divisor);
  if (preset->usage == ECHOEL_USAGE_LIVE)
    g_string_append_printf (text, ", %ux%u", preset->width, preset->height);
  if (GST_CLOCK_TIME_IS_VALID (preset->max_duration))
    append_thousandths (text, ", max ", preset->max_duration / GST_MSECOND,
        " s");
  append_thousandths (text, ", ", preset->bitrate, " Mbit/s");
  return g_string_free (text, FALSE);
}

void
echoel_preset_free (EchoelPreset * preset)
{
  if (!preset)
    return;
  g_free (preset->id);
  g_strfreev (preset->names);
  g_free (preset->title);
  g_free (preset->origin);
  g_free (preset->video_format);
  g_free (preset->ingest_url);
  g_free (preset->source);
  g_free (preset->platform.note);
  g_free (preset->platform.source);
  g_free (preset->platform.checked);
  g_free (preset);
}
