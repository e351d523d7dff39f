/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who still uses a pushed texture, and telling its owner when nobody does.
 *
 * Each texture that was taken is given back exactly once, whichever way it
 * went: shown, dropped, or still downstream when the element is gone. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the leases of one element have in common. Shared, any thread. */
typedef struct _TextureDesk TextureDesk;

/* One texture that was taken. Shared, any thread. */
typedef struct _TextureLease TextureLease;

/* Tells the application; from the thread that let go last, with no lock held.
 * @owner: (transfer none): the element */
typedef void (*TextureReturnFunc) (gpointer owner, guint64 id);

/**
 * texture_desk_new:
 * @owner: (transfer none): gets the news while it lives
 * @tell: how
 */
TextureDesk *texture_desk_new (GObject * owner, TextureReturnFunc tell);

/* Lets go of the owner's reference: leases keep theirs. */
void texture_desk_unref (TextureDesk * desk);

/* How many textures are out. */
guint texture_desk_in_flight (TextureDesk * desk);

/**
 * texture_lease_new:
 * @id: what the owner calls the texture
 * @give_back: (nullable): the owner's own callback, called with @data before
 *     the owner is told
 *
 * Returns: (transfer full): a lease with one reference
 */
TextureLease *texture_lease_new (TextureDesk * desk, guint64 id,
    GDestroyNotify give_back, gpointer data);

/* The last one to let go gives the texture back. Never with a lock held. */
TextureLease *texture_lease_ref (TextureLease * lease);
void texture_lease_unref (TextureLease * lease);

/* The texture was refused and stays its owner's: nobody is told. Only while
 * there is one reference, which this takes. */
void texture_lease_cancel (TextureLease * lease);

/* Lets go of @lease when @memory is freed. Takes a reference of its own. */
void texture_lease_follow (TextureLease * lease, GstMemory * memory);

/* Whether this thread is just giving a texture back: it must not wait then,
 * for others may wait for it. */
gboolean texture_lease_is_returning (void);

G_END_DECLS
