/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The destinations of echoellivesink: added, removed, and as one property. */
#include "livesinkelement.h"

#include "livesecrets.h"

/* A name that no destination has. Returns: (transfer full) */
static gchar *
choose_name (GstEchoelLiveSink * self, const gchar * wanted)
{
  LiveDestination *other;
  guint n = 2;
  gchar *name;

  if (wanted != NULL)
    name = g_strdup (wanted);
  else
    name = g_strdup_printf ("destination%d",
        g_atomic_int_add (&self->named, 1));
  while ((other = live_keeper_find (&self->keeper, name)) != NULL) {
    gst_object_unref (other);
    g_free (name);
    name = wanted ? g_strdup_printf ("%s-%u", wanted, n++)
        : g_strdup_printf ("destination%d", g_atomic_int_add (&self->named, 1));
  }
  return name;
}

/* Returns: (transfer full) (nullable): the name of the new destination */
static gchar *
add_target (GstEchoelLiveSink * self, EchoelDestination * target,
    GError ** error)
{
  gchar *name = choose_name (self, target->name);
  LiveDestination *child = live_destination_new (name, target,
      self->keeper.around);
  gboolean added = live_keeper_add (&self->keeper, child);

  if (added) {
    gst_object_set_parent (GST_OBJECT (child), GST_OBJECT (self));
    gst_child_proxy_child_added (GST_CHILD_PROXY (self), G_OBJECT (child),
        name);
  } else {
    g_set_error (error, ECHOEL_DESTINATION_ERROR,
        ECHOEL_DESTINATION_ERROR_FORM, "There is a destination already that "
        "sends to %s with the same key.", target->shown);
    g_clear_pointer (&name, g_free);
  }
  gst_object_unref (child);
  return name;
}

gchar *
live_sink_add (GstEchoelLiveSink * self, const gchar * text, GError ** error)
{
  EchoelDestination *target = echoel_destination_parse (text,
      live_secret_lookup, NULL, error);
  gchar *name;

  if (target == NULL)
    return NULL;
  name = add_target (self, target, error);
  echoel_destination_unref (target);
  return name;
}

gboolean
live_sink_remove (GstEchoelLiveSink * self, const gchar * name)
{
  LiveDestination *child = live_keeper_find (&self->keeper, name);

  if (child == NULL || !live_keeper_remove (&self->keeper, name)) {
    gst_clear_object (&child);
    return FALSE;
  }
  gst_object_unparent (GST_OBJECT (child));
  gst_child_proxy_child_removed (GST_CHILD_PROXY (self), G_OBJECT (child),
      name);
  gst_object_unref (child);
  return TRUE;
}

void
live_sink_warn (GstEchoelLiveSink * self, const GError * error)
{
  GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS, ("%s", error->message),
      ("the destination is left out"));
}

/* Whether a destination of the list sends to the same place. */
static gboolean
is_wanted (LiveDestination * child, GPtrArray * targets)
{
  guint i;

  for (i = 0; i < targets->len; i++)
    if (live_destination_sends_to (child, g_ptr_array_index (targets, i)))
      return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable) (element-type EchoelDestination) */
static GPtrArray *
parse_list (const gchar * text, GError ** error)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify)
      echoel_destination_unref);
  gchar **words = echoel_destination_split (text);
  guint i;

  for (i = 0; words[i] != NULL; i++) {
    EchoelDestination *target = echoel_destination_parse (words[i],
        live_secret_lookup, NULL, error);

    if (target == NULL) {
      g_clear_pointer (&targets, g_ptr_array_unref);
      break;
    }
    g_ptr_array_add (targets, target);
  }
  g_strfreev (words);
  return targets;
}

/* Those that stay are not touched. */
static gboolean
replace_all (GstEchoelLiveSink * self, GPtrArray * targets, GError ** error)
{
  GPtrArray *have = live_keeper_list (&self->keeper);
  gboolean done = TRUE, known;
  guint i, j;

  for (i = 0; i < have->len; i++)
    if (!is_wanted (g_ptr_array_index (have, i), targets))
      live_sink_remove (self, GST_OBJECT_NAME (g_ptr_array_index (have, i)));
  for (i = 0; i < targets->len && done; i++) {
    EchoelDestination *target = g_ptr_array_index (targets, i);

    for (j = 0, known = FALSE; j < have->len; j++)
      known |= live_destination_sends_to (g_ptr_array_index (have, j), target);
    if (!known) {
      gchar *name = add_target (self, target, error);

      done = name != NULL;
      g_free (name);
    }
  }
  g_ptr_array_unref (have);
  return done;
}

/* In a property nobody hears of an error: it is kept until the element is to
 * run, and told at once when it runs. */
void
live_sink_set_destinations (GstEchoelLiveSink * self, const gchar * text)
{
  GError *error = NULL;
  GPtrArray *targets = parse_list (text, &error);

  if (targets != NULL) {
    replace_all (self, targets, &error);
    g_ptr_array_unref (targets);
  }
  if (error != NULL && GST_STATE (self) > GST_STATE_NULL)
    live_sink_warn (self, error);
  GST_OBJECT_LOCK (self);
  g_clear_error (&self->refused);
  self->refused = error;
  GST_OBJECT_UNLOCK (self);
}

/* Returns: (transfer full) (nullable) */
gchar *
live_sink_describe (GstEchoelLiveSink * self)
{
  GPtrArray *all = live_keeper_list (&self->keeper);
  GString *text = g_string_new (NULL);
  gchar *location;
  guint i;

  for (i = 0; i < all->len; i++) {
    g_object_get (g_ptr_array_index (all, i), "location", &location, NULL);
    g_string_append_printf (text, "%s%s=%s", i ? " " : "",
        GST_OBJECT_NAME (g_ptr_array_index (all, i)), location);
    g_free (location);
  }
  g_ptr_array_unref (all);
  return g_string_free (text, text->len == 0);
}
