/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livechildren.h"

static GObject *
get_child_by_name (GstChildProxy * proxy, const gchar * name)
{
  LiveDestination *child = live_keeper_find (live_children_get_keeper (proxy),
      name);

  return child != NULL ? G_OBJECT (child) : NULL;
}

static GObject *
get_child_by_index (GstChildProxy * proxy, guint index)
{
  GPtrArray *all = live_keeper_list (live_children_get_keeper (proxy));
  GObject *child = NULL;

  if (index < all->len)
    child = g_object_ref (g_ptr_array_index (all, index));
  g_ptr_array_unref (all);
  return child;
}

static guint
get_children_count (GstChildProxy * proxy)
{
  GPtrArray *all = live_keeper_list (live_children_get_keeper (proxy));
  guint count = all->len;

  g_ptr_array_unref (all);
  return count;
}

void
live_children_interface_init (gpointer data, gpointer user_data)
{
  GstChildProxyInterface *iface = data;

  iface->get_child_by_name = get_child_by_name;
  iface->get_child_by_index = get_child_by_index;
  iface->get_children_count = get_children_count;
}
