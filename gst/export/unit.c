/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "unit.h"

Unit *
unit_new (GstBin * parent, const gchar * name)
{
  Unit *unit = g_atomic_rc_box_new0 (Unit);
  GstElement *bin = gst_bin_new (name);

  g_mutex_init (&unit->lock);
  unit->parent = parent;
  unit->bin = GST_BIN (gst_object_ref_sink (bin));
  gst_bin_add (parent, bin);
  return unit;
}

static void
free_content (gpointer data)
{
  Unit *unit = data;

  g_mutex_clear (&unit->lock);
}

void
unit_unref (Unit * unit)
{
  g_atomic_rc_box_release_full (unit, free_content);
}

/* Ends the stream at @pad for what is behind it. */
static void
end_inside (Fence * fence, GstPad * pad, GstObject * parent)
{
  if (g_atomic_int_compare_and_exchange (&fence->closed, FALSE, TRUE))
    gst_pad_event_default (pad, parent, gst_event_new_eos ());
}

/* An element that gives up says why, and then this is said in vain: whom it
 * concerns has ended. One that does not would leave all to wait for ever. */
static void
break_off (Fence * fence, GstObject * parent, GstFlowReturn flow)
{
  if (g_atomic_int_compare_and_exchange (&fence->closed, FALSE, TRUE)
      && (flow == GST_FLOW_NOT_LINKED || flow < GST_FLOW_EOS))
    GST_ELEMENT_ERROR (parent, STREAM, FAILED,
        ("An element does not take the stream and does not say why (%s).",
            gst_flow_get_name (flow)), (NULL));
}

static GstFlowReturn
fence_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  Fence *fence = gst_pad_get_element_private (pad);
  GstFlowReturn flow;

  if (g_atomic_int_get (&fence->closed)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  if (fence->look != NULL
      && fence->look (pad, buffer, fence->user_data) == GST_FLOW_EOS) {
    gst_buffer_unref (buffer);
    end_inside (fence, pad, parent);
    return GST_FLOW_OK;
  }
  flow = gst_proxy_pad_chain_default (pad, parent, buffer);
  if (flow == GST_FLOW_FLUSHING && !g_atomic_int_get (&fence->closed))
    return flow;
  if (flow != GST_FLOW_OK)
    break_off (fence, parent, flow);
  return GST_FLOW_OK;
}

static gboolean
fence_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  Fence *fence = gst_pad_get_element_private (pad);

  if (GST_EVENT_IS_SERIALIZED (event) && g_atomic_int_get (&fence->closed))
    gst_event_unref (event);
  else
    gst_pad_event_default (pad, parent, event);
  return TRUE;
}

/* What is made here may be shorter than the source, and a unit that is gone
 * has no wishes. */
static gboolean
fence_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  Fence *fence = gst_pad_get_element_private (pad);

  if (!g_atomic_int_get (&fence->closed))
    return gst_pad_query_default (pad, parent, query);
  if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS) {
    GstCaps *filter, *any = gst_caps_new_any ();

    gst_query_parse_caps (query, &filter);
    gst_query_set_caps_result (query, filter ? filter : any);
    gst_caps_unref (any);
    return TRUE;
  }
  if (GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_set_accept_caps_result (query, TRUE);
    return TRUE;
  }
  return FALSE;
}

/* An element behind the fence asks for what only the whole export knows. */
static gboolean
inside_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_DURATION)
    return FALSE;
  return gst_pad_query_default (pad, parent, query);
}

GstPad *
unit_add_fence (Unit * unit, const gchar * name, GstPad * target,
    UnitLookFunc look, gpointer user_data)
{
  Fence *fence = &unit->fences[unit->n_fences++];
  GstProxyPad *inside;

  fence->look = look;
  fence->user_data = user_data;
  fence->pad = target ? gst_ghost_pad_new (name, target)
      : gst_ghost_pad_new_no_target (name, GST_PAD_SINK);
  inside = gst_proxy_pad_get_internal (GST_PROXY_PAD (fence->pad));
  gst_pad_set_query_function (GST_PAD (inside), inside_query);
  gst_object_unref (inside);
  gst_pad_set_element_private (fence->pad, fence);
  gst_pad_set_chain_function (fence->pad, fence_chain);
  gst_pad_set_event_function (fence->pad, fence_event);
  gst_pad_set_query_function (fence->pad, fence_query);
  gst_element_add_pad (GST_ELEMENT (unit->bin), fence->pad);
  return fence->pad;
}

GstPad *
unit_add_source (Unit * unit, GstPad * target)
{
  GstPad *pad = target ? gst_ghost_pad_new ("src", target)
      : gst_ghost_pad_new_no_target ("src", GST_PAD_SRC);

  gst_element_add_pad (GST_ELEMENT (unit->bin), pad);
  return pad;
}

gboolean
unit_feed (Unit * unit, guint fence, GstElement * tee)
{
  Fence *to = &unit->fences[fence];

  to->feed = gst_element_request_pad_simple (tee, "src_%u");
  return to->feed != NULL
      && gst_pad_link (to->feed, to->pad) == GST_PAD_LINK_OK;
}

void
unit_stop (Unit * unit)
{
  guint i;

  for (i = 0; i < unit->n_fences; i++)
    g_atomic_int_set (&unit->fences[i].closed, TRUE);
}

/* The tee lets go first: a push that is on its way then counts for nothing. */
static void
unplug (Fence * fence)
{
  GstElement *tee;

  if (fence->feed == NULL)
    return;
  tee = gst_pad_get_parent_element (fence->feed);
  if (tee != NULL) {
    gst_element_release_request_pad (tee, fence->feed);
    gst_object_unref (tee);
  }
  gst_clear_object (&fence->feed);
}

static void
take_away (Unit * unit)
{
  GstElement *bin = GST_ELEMENT (unit->bin);
  guint i;

  for (i = 0; i < unit->n_fences; i++)
    unplug (&unit->fences[i]);
  gst_element_set_locked_state (bin, TRUE);
  gst_element_set_state (bin, GST_STATE_NULL);
}

static void
take_away_async (GstElement * parent, gpointer user_data)
{
  Unit *unit = user_data;

  g_mutex_lock (&unit->lock);
  if (unit->bin != NULL)
    take_away (unit);
  g_mutex_unlock (&unit->lock);
}

static void
drop (gpointer user_data)
{
  unit_unref (user_data);
}

void
unit_close (Unit * unit)
{
  unit_stop (unit);
  if (g_atomic_int_compare_and_exchange (&unit->closed, FALSE, TRUE))
    gst_element_call_async (GST_ELEMENT (unit->parent), take_away_async,
        g_atomic_rc_box_acquire (unit), drop);
}

void
unit_clear (Unit * unit)
{
  g_mutex_lock (&unit->lock);
  if (unit->bin != NULL) {
    unit_stop (unit);
    take_away (unit);
    gst_bin_remove (unit->parent, GST_ELEMENT (unit->bin));
    gst_clear_object (&unit->bin);
    unit->n_fences = 0;
  }
  g_mutex_unlock (&unit->lock);
}

gboolean
unit_has (Unit * unit, GstObject * object)
{
  return unit->bin != NULL && object != NULL
      && gst_object_has_as_ancestor (object, GST_OBJECT (unit->bin));
}
