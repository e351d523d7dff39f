/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bitraterequest.h"

/* An upstream that invents names must not fill the memory. */
#define MAX_REQUESTERS 1024

typedef struct
{
  guint kbps;
  GstClockTime until;
} Vote;

struct _EchoelBitrateVotes
{
  GHashTable *standing;         /* requester -> Vote */
};

GstEvent *
echoel_bitrate_request_new (const gchar * requester, guint kbps,
    GstClockTime expires)
{
  g_return_val_if_fail (requester != NULL && *requester != '\0', NULL);
  g_return_val_if_fail (kbps > 0, NULL);

  return gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
      gst_structure_new (ECHOEL_BITRATE_REQUEST,
          "requester-id", G_TYPE_STRING, requester,
          "bitrate", G_TYPE_UINT, kbps,
          "expires", G_TYPE_UINT64, (guint64) expires, NULL));
}

gboolean
echoel_bitrate_request_is (GstEvent * event)
{
  return GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_UPSTREAM
      && gst_event_has_name (event, ECHOEL_BITRATE_REQUEST);
}

gboolean
echoel_bitrate_request_parse (GstEvent * event, const gchar ** requester,
    guint * kbps, GstClockTime * expires)
{
  const GstStructure *s;
  const gchar *who;
  guint64 time;
  guint rate;

  if (!echoel_bitrate_request_is (event))
    return FALSE;
  s = gst_event_get_structure (event);
  who = gst_structure_get_string (s, "requester-id");
  if (who == NULL || *who == '\0' || !gst_structure_get_uint (s, "bitrate",
          &rate) || rate == 0
      || !gst_structure_get_uint64 (s, "expires", &time))
    return FALSE;
  *requester = who;
  *kbps = rate;
  *expires = time;
  return TRUE;
}

EchoelBitrateVotes *
echoel_bitrate_votes_new (void)
{
  EchoelBitrateVotes *votes = g_new0 (EchoelBitrateVotes, 1);

  votes->standing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  return votes;
}

void
echoel_bitrate_votes_free (EchoelBitrateVotes * votes)
{
  if (votes == NULL)
    return;
  g_hash_table_unref (votes->standing);
  g_free (votes);
}

static gboolean
has_expired (gpointer key, gpointer value, gpointer user_data)
{
  const Vote *vote = value;
  const GstClockTime *now = user_data;

  return vote->until <= *now;
}

gboolean
echoel_bitrate_votes_note (EchoelBitrateVotes * votes,
    const gchar * requester, guint kbps, GstClockTime expires, GstClockTime now)
{
  Vote *vote;

  g_hash_table_foreach_remove (votes->standing, has_expired, &now);
  if (expires == 0) {
    g_hash_table_remove (votes->standing, requester);
    return TRUE;
  }
  if (!g_hash_table_contains (votes->standing, requester)
      && g_hash_table_size (votes->standing) >= MAX_REQUESTERS)
    return FALSE;
  vote = g_new (Vote, 1);
  vote->kbps = kbps;
  vote->until = expires > G_MAXUINT64 - now ? G_MAXUINT64 : now + expires;
  g_hash_table_replace (votes->standing, g_strdup (requester), vote);
  return TRUE;
}

guint
echoel_bitrate_votes_lowest (EchoelBitrateVotes * votes, GstClockTime now)
{
  GHashTableIter iter;
  gpointer value;
  guint lowest = 0;

  g_hash_table_iter_init (&iter, votes->standing);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Vote *vote = value;

    if (vote->until > now && (lowest == 0 || vote->kbps < lowest))
      lowest = vote->kbps;
  }
  return lowest;
}
