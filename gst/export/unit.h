/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bin behind a tee that may end or fail alone.
 *
 * Its sink pads are fences: what goes wrong behind one never reaches the tee,
 * so the units beside it go on. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _Unit Unit;

/* Looks at a buffer before it goes in, in the streaming thread. Returns
 * GST_FLOW_OK to let it in, GST_FLOW_EOS to end this pad there. */
typedef GstFlowReturn (*UnitLookFunc) (GstPad * pad, GstBuffer * buffer,
    gpointer user_data);

typedef struct
{
  GstPad *pad;                  /* owned by the bin, NULL without one */
  GstPad *feed;                 /* of the tee, owned */
  UnitLookFunc look;            /* or NULL */
  gpointer user_data;
  gint closed;                  /* atomic: nothing goes in any more */
} Fence;

#define UNIT_FENCES 2

struct _Unit
{
  GstBin *parent;               /* not owned; outlives the unit */
  GstBin *bin;                  /* NULL once it was cleared */
  Fence fences[UNIT_FENCES];
  guint n_fences;
  gint users;                   /* atomic: open units behind this one */
  gint closed;                  /* atomic */
  GMutex lock;                  /* held while the elements are taken away */
};

/* Returns: (transfer full): a unit with an empty bin @name in @parent */
Unit *unit_new (GstBin * parent, const gchar * name);
void unit_unref (Unit * unit);

/**
 * unit_add_fence:
 * @target: (transfer none) (nullable): pad of an element in the bin that gets
 *     the data; %NULL: set later
 * @look: (nullable): sees each buffer
 *
 * Returns: (transfer none): the new pad of the bin
 */
GstPad *unit_add_fence (Unit * unit, const gchar * name, GstPad * target,
    UnitLookFunc look, gpointer user_data);

/* Adds the ghost source pad "src" for @target (transfer none) (nullable).
 * Returns: (transfer none): it */
GstPad *unit_add_source (Unit * unit, GstPad * target);

/* Links a fence to a new pad of @tee. */
gboolean unit_feed (Unit * unit, guint fence, GstElement * tee);

/* Lets nothing in any more; what is inside goes on. Any thread. */
void unit_stop (Unit * unit);

/* Stops, and takes the elements away in a thread of their own, so that it may
 * be called from one of theirs. */
void unit_close (Unit * unit);

/* Takes the elements away at once. Only when nothing streams. */
void unit_clear (Unit * unit);

/* Whether @object is inside. Any thread. */
gboolean unit_has (Unit * unit, GstObject * object);

G_END_DECLS
