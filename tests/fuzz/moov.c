/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as an index: the first says what is asked for. */
#include "fuzz.h"

#include "fragments.h"
#include "moov.h"
#include "sampleentry.h"

static const guint8 added[] = { 0, 0, 0, 12, 'm', 'd', 'c', 'v', 1, 2, 3, 4,
  0, 0, 0, 8, 'd', 'v', 'v', 'C'
};

static void
check_rewritten (EchoelSpan moov, const EchoelMoovPlan * plan)
{
  static const EchoelMoovPlan plain = { 0, };
  GByteArray *made = echoel_moov_rewrite (moov, plan, NULL), *again;
  EchoelSpan span;

  if (made == NULL)
    return;
  span.data = made->data;
  span.size = made->len;
  g_assert (echoel_boxes_are_whole (span));
  /* What was read through and not only copied can be read again: not by the
   * same plan, as a track that was left out changes whose fixes are whose. */
  again = echoel_moov_rewrite (span, &plain, NULL);
  g_assert (again != NULL || plan->fragmented || plan->map != NULL
      || plan->edit_lists == ECHOEL_EDIT_LISTS_NEVER);
  if (again != NULL)
    g_byte_array_unref (again);
  g_byte_array_unref (made);
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  EchoelTrackFix video = { 0, 0, 66666666, NULL };
  EchoelTrackFix audio = { 1024, 48000, 0, NULL };
  EchoelMoovPlan plan = { 0, };
  EchoelChunkMap map;
  GByteArray *ftyp;
  EchoelSpan span;
  GBytes *mfra;

  if (size < 1)
    return 0;
  span = (EchoelSpan) {
  data + 1, size - 1};
  plan.edit_lists = data[0] & 1;
  plan.fragmented = (data[0] & 2) != 0;
  plan.quicktime = (data[0] & 4) != 0;
  plan.video = &video;
  plan.audio = &audio;
  plan.n_video = plan.n_audio = 1;
  video.boxes = g_bytes_new_static (added, sizeof (added));
  echoel_chunk_map_init (&map);
  echoel_chunk_map_add (&map, 40, 1000);
  echoel_chunk_map_add (&map, 50000, (guint64) 0 - 40);
  echoel_chunk_map_add (&map, 90000, G_GUINT64_CONSTANT (5000000000));
  if (data[0] & 8)
    plan.map = &map;

  check_rewritten (span, &plan);
  ftyp = echoel_moov_brands (span, &plan);
  if (ftyp != NULL)
    g_byte_array_unref (ftyp);
  mfra = echoel_fragments_move (span, 1000);
  if (mfra != NULL)
    g_bytes_unref (mfra);
  echoel_chunk_map_clear (&map);
  g_bytes_unref (video.boxes);
  return 0;
}
