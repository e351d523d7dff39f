/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "presetlist.h"

#include "preset.h"

static gchar **
get_preset_names (GstPreset * preset)
{
  GPtrArray *platforms = echoel_preset_list ();
  gchar **names = g_new0 (gchar *, platforms->len + 1);
  guint i;

  for (i = 0; i < platforms->len; i++) {
    const EchoelPreset *platform = g_ptr_array_index (platforms, i);

    names[i] = g_strdup (platform->id);
  }
  g_ptr_array_unref (platforms);
  return names;
}

static gchar **
get_property_names (GstPreset * preset)
{
  const gchar *const names[] = { "platform", NULL };

  return g_strdupv ((gchar **) names);
}

static gboolean
load_preset (GstPreset * preset, const gchar * name)
{
  EchoelPreset *platform = echoel_preset_find (name, NULL);

  if (platform == NULL)
    return FALSE;
  g_object_set (preset, "platform", platform->id, NULL);
  echoel_preset_free (platform);
  return TRUE;
}

static gboolean
get_meta (GstPreset * preset, const gchar * name, const gchar * tag,
    gchar ** value)
{
  EchoelPreset *platform;

  *value = NULL;
  if (g_strcmp0 (tag, "comment") != 0)
    return FALSE;
  platform = echoel_preset_find (name, NULL);
  if (platform == NULL)
    return FALSE;
  *value = echoel_preset_describe (platform);
  echoel_preset_free (platform);
  return TRUE;
}

static gboolean
refuse_one (GstPreset * preset, const gchar * name)
{
  return FALSE;
}

static gboolean
refuse_rename (GstPreset * preset, const gchar * old_name,
    const gchar * new_name)
{
  return FALSE;
}

static gboolean
refuse_meta (GstPreset * preset, const gchar * name, const gchar * tag,
    const gchar * value)
{
  return FALSE;
}

void
preset_list_interface_init (GstPresetInterface * iface)
{
  iface->get_preset_names = get_preset_names;
  iface->get_property_names = get_property_names;
  iface->load_preset = load_preset;
  iface->save_preset = refuse_one;
  iface->rename_preset = refuse_rename;
  iface->delete_preset = refuse_one;
  iface->set_meta = refuse_meta;
  iface->get_meta = get_meta;
}

gchar *
preset_list_names (void)
{
  GPtrArray *list = echoel_preset_list ();
  GString *names = g_string_new (NULL);
  guint i;

  for (i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s%s", i ? ", " : "",
        ((const EchoelPreset *) g_ptr_array_index (list, i))->id);
  g_ptr_array_unref (list);
  return g_string_free (names, FALSE);
}
