/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as an access unit: the first says of what. */
#include "fuzz.h"

#include "accessunit.h"
#include "av1config.h"

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  EchoelNalFormat format = { ECHOEL_NALS_NONE, 4, TRUE };
  GArray *pieces;
  GByteArray *config;
  EchoelSpan unit;
  gsize end = 0;
  guint i;

  if (size < 1)
    return 0;
  unit = (EchoelSpan) {
  data + 1, size - 1};
  format.kind = data[0] & 1 ? ECHOEL_NALS_H264 : ECHOEL_NALS_H265;
  format.length_size = ((data[0] >> 1) & 3) + 1;
  pieces = g_array_new (FALSE, FALSE, sizeof (EchoelNalPiece));
  if (echoel_access_unit_clean (&format, unit, pieces)) {
    for (i = 0; i < pieces->len; i++) {
      EchoelNalPiece *piece = &g_array_index (pieces, EchoelNalPiece, i);

      g_assert (piece->offset >= end && piece->size > 0);
      end = piece->offset + piece->size;
      g_assert (end <= unit.size);
    }
  }
  g_array_unref (pieces);
  g_assert (echoel_access_unit_place (&format, unit, ECHOEL_NAL_FIRST)
      <= unit.size);
  g_assert (echoel_av1_delimiter (unit) <= unit.size);
  config = echoel_av1_config_make (unit);
  if (config != NULL)
    g_byte_array_unref (config);
  return 0;
}
