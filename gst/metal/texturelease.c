/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "texturelease.h"

struct _TextureDesk
{
  gint refs;                    /* atomic */
  gint in_flight;               /* atomic */
  GWeakRef owner;
  TextureReturnFunc tell;
};

struct _TextureLease
{
  gint refs;                    /* atomic */
  TextureDesk *desk;
  guint64 id;
  GDestroyNotify give_back;
  gpointer data;
};

/* How many textures this thread is giving back, one inside the other. */
static GPrivate returning;

TextureDesk *
texture_desk_new (GObject * owner, TextureReturnFunc tell)
{
  TextureDesk *desk = g_new0 (TextureDesk, 1);

  desk->refs = 1;
  desk->tell = tell;
  g_weak_ref_init (&desk->owner, owner);
  return desk;
}

void
texture_desk_unref (TextureDesk * desk)
{
  if (!g_atomic_int_dec_and_test (&desk->refs))
    return;
  g_weak_ref_clear (&desk->owner);
  g_free (desk);
}

guint
texture_desk_in_flight (TextureDesk * desk)
{
  return g_atomic_int_get (&desk->in_flight);
}

TextureLease *
texture_lease_new (TextureDesk * desk, guint64 id, GDestroyNotify give_back,
    gpointer data)
{
  TextureLease *lease = g_new (TextureLease, 1);

  lease->refs = 1;
  lease->desk = desk;
  lease->id = id;
  lease->give_back = give_back;
  lease->data = data;
  g_atomic_int_inc (&desk->refs);
  g_atomic_int_inc (&desk->in_flight);
  return lease;
}

TextureLease *
texture_lease_ref (TextureLease * lease)
{
  g_atomic_int_inc (&lease->refs);
  return lease;
}

static void
free_lease (TextureLease * lease)
{
  texture_desk_unref (lease->desk);
  g_free (lease);
}

static void
tell_owner (TextureLease * lease)
{
  guint depth = GPOINTER_TO_UINT (g_private_get (&returning));
  GObject *owner;

  g_private_set (&returning, GUINT_TO_POINTER (depth + 1));
  if (lease->give_back != NULL)
    lease->give_back (lease->data);
  owner = g_weak_ref_get (&lease->desk->owner);
  if (owner != NULL) {
    lease->desk->tell (owner, lease->id);
    g_object_unref (owner);
  }
  g_private_set (&returning, GUINT_TO_POINTER (depth));
}

void
texture_lease_unref (TextureLease * lease)
{
  if (!g_atomic_int_dec_and_test (&lease->refs))
    return;
  /* Before anybody hears of it: who does may push again and count. */
  g_atomic_int_add (&lease->desk->in_flight, -1);
  tell_owner (lease);
  free_lease (lease);
}

void
texture_lease_cancel (TextureLease * lease)
{
  g_atomic_int_add (&lease->desk->in_flight, -1);
  free_lease (lease);
}

void
texture_lease_follow (TextureLease * lease, GstMemory * memory)
{
  gst_mini_object_set_qdata (GST_MINI_OBJECT (memory),
      g_quark_from_static_string ("echoel-texture-lease"),
      texture_lease_ref (lease), (GDestroyNotify) texture_lease_unref);
}

gboolean
texture_lease_is_returning (void)
{
  return g_private_get (&returning) != NULL;
}
