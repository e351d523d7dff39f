/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and order as in the AV1 bitstream specification, sections 5.3 to 5.5,
 * and "AV1 Codec ISO Media File Format Binding", section 2.3. */
#include "av1config.h"

#include <string.h>

#define AV1C ECHOEL_BOX ('a', 'v', '1', 'C')

#define OBU_SEQUENCE_HEADER 1
#define OBU_TEMPORAL_DELIMITER 2

/* Levels up to this have no tier. */
#define LAST_LEVEL_WITHOUT_TIER 7

#define MARKER_AND_VERSION 0x81

/* sRGB: BT.709 primaries, its transfer, identity matrix. */
#define PRIMARIES_BT709 1
#define TRANSFER_SRGB 13
#define MATRIX_IDENTITY 0
#define UNSPECIFIED 2

/* Bits from the highest on; what is not there is 0 and sets over. */
typedef struct
{
  EchoelSpan span;
  gsize bit;
  gboolean over;
} Bits;

typedef struct
{
  guint type;
  EchoelSpan whole, body;
} Obu;

typedef struct
{
  guint profile, level, tier;
  gboolean reduced, decoder_model;
  guint delay_bits;
  gboolean high_depth, twelve_bit, mono;
  guint sub_x, sub_y, position;
} Sequence;

static guint
get (Bits * bits, guint n)
{
  guint value = 0;

  while (n-- > 0) {
    gsize byte = bits->bit / 8;

    if (byte >= bits->span.size) {
      bits->over = TRUE;
      return 0;
    }
    value = (value << 1)
        | ((bits->span.data[byte] >> (7 - bits->bit % 8)) & 1);
    bits->bit++;
  }
  return value;
}

static void
skip_variable (Bits * bits)
{
  guint zeros = 0;

  while (!bits->over && zeros < 32 && get (bits, 1) == 0)
    zeros++;
  if (zeros < 32)
    get (bits, zeros);
}

static gboolean
next_obu (EchoelSpan * rest, Obu * obu)
{
  gsize head = 1, size = 0, used;
  guint8 first, byte = 0;
  guint i;

  if (rest->size < 1)
    return FALSE;
  first = rest->data[0];
  obu->type = (first >> 3) & 15;
  head += (first >> 2) & 1;
  if (first & 2) {
    for (i = 0; i < 4; i++) {
      byte = echoel_span_u8 (*rest, head++);
      size |= (gsize) (byte & 0x7f) << (7 * i);
      if (!(byte & 0x80))
        break;
    }
  } else if (rest->size > head) {
    size = rest->size - head;
  }
  used = head + size;
  if ((byte & 0x80) || used > rest->size)
    return FALSE;
  obu->whole = (EchoelSpan) {
  rest->data, used};
  obu->body = (EchoelSpan) {
  rest->data + head, size};
  rest->data += used;
  rest->size -= used;
  return TRUE;
}

static void
read_timing (Bits * bits, Sequence * seq)
{
  if (!get (bits, 1))           /* timing_info_present_flag */
    return;
  get (bits, 32);               /* num_units_in_display_tick */
  get (bits, 32);               /* time_scale */
  if (get (bits, 1))            /* equal_picture_interval */
    skip_variable (bits);
  seq->decoder_model = get (bits, 1);
  if (!seq->decoder_model)
    return;
  seq->delay_bits = get (bits, 5) + 1;
  get (bits, 32);               /* num_units_in_decoding_tick */
  get (bits, 10);               /* two lengths */
}

static void
read_points (Bits * bits, Sequence * seq)
{
  gboolean display_delay = get (bits, 1);
  guint i, n = get (bits, 5) + 1;

  for (i = 0; i < n && !bits->over; i++) {
    guint level, tier = 0;

    get (bits, 12);             /* operating_point_idc */
    level = get (bits, 5);
    if (level > LAST_LEVEL_WITHOUT_TIER)
      tier = get (bits, 1);
    if (i == 0) {
      seq->level = level;
      seq->tier = tier;
    }
    if (seq->decoder_model && get (bits, 1)) {
      get (bits, seq->delay_bits);
      get (bits, seq->delay_bits);
      get (bits, 1);
    }
    if (display_delay && get (bits, 1))
      get (bits, 4);
  }
}

static void
read_size (Bits * bits, const Sequence * seq)
{
  guint width = get (bits, 4) + 1, height = get (bits, 4) + 1;

  get (bits, width);
  get (bits, height);
  if (!seq->reduced && get (bits, 1))   /* frame_id_numbers_present_flag */
    get (bits, 7);
}

static void
read_tools (Bits * bits, Sequence * seq)
{
  gboolean order_hint, screen_content;

  get (bits, 3);
  if (!seq->reduced) {
    get (bits, 4);
    order_hint = get (bits, 1);
    if (order_hint)
      get (bits, 2);
    /* Chosen for each frame, or for all of them. */
    screen_content = get (bits, 1) || get (bits, 1);
    if (screen_content && !get (bits, 1))
      get (bits, 1);
    if (order_hint)
      get (bits, 3);
  }
  get (bits, 3);
}

static void
read_subsampling (Bits * bits, Sequence * seq)
{
  if (seq->profile == 0) {
    seq->sub_x = seq->sub_y = 1;
  } else if (seq->profile > 1 && seq->twelve_bit) {
    seq->sub_x = get (bits, 1);
    seq->sub_y = seq->sub_x ? get (bits, 1) : 0;
  } else if (seq->profile > 1) {
    seq->sub_x = 1;
  }
  if (seq->sub_x && seq->sub_y)
    seq->position = get (bits, 2);
}

static void
read_color (Bits * bits, Sequence * seq)
{
  guint primaries = UNSPECIFIED, transfer = UNSPECIFIED, matrix = UNSPECIFIED;

  seq->high_depth = get (bits, 1);
  if (seq->profile == 2 && seq->high_depth)
    seq->twelve_bit = get (bits, 1);
  if (seq->profile != 1)
    seq->mono = get (bits, 1);
  if (get (bits, 1)) {          /* color_description_present_flag */
    primaries = get (bits, 8);
    transfer = get (bits, 8);
    matrix = get (bits, 8);
  }
  if (seq->mono) {
    seq->sub_x = seq->sub_y = 1;
    get (bits, 1);
  } else if (primaries != PRIMARIES_BT709 || transfer != TRANSFER_SRGB
      || matrix != MATRIX_IDENTITY) {
    get (bits, 1);              /* color_range */
    read_subsampling (bits, seq);
  }
}

static gboolean
read_sequence (EchoelSpan body, Sequence * seq)
{
  Bits bits = { body, 0, FALSE };

  memset (seq, 0, sizeof (*seq));
  seq->profile = get (&bits, 3);
  get (&bits, 1);               /* still_picture */
  seq->reduced = get (&bits, 1);
  if (seq->reduced) {
    seq->level = get (&bits, 5);
  } else {
    read_timing (&bits, seq);
    read_points (&bits, seq);
  }
  read_size (&bits, seq);
  read_tools (&bits, seq);
  read_color (&bits, seq);
  return !bits.over;
}

GByteArray *
echoel_av1_config_make (EchoelSpan unit)
{
  GByteArray *out;
  Sequence seq;
  gsize start;
  Obu obu;

  do {
    if (!next_obu (&unit, &obu))
      return NULL;
  } while (obu.type != OBU_SEQUENCE_HEADER);
  if (!read_sequence (obu.body, &seq))
    return NULL;
  out = g_byte_array_new ();
  start = echoel_box_begin (out, AV1C);
  echoel_put_u8 (out, MARKER_AND_VERSION);
  echoel_put_u8 (out, (guint8) (seq.profile << 5 | seq.level));
  echoel_put_u8 (out, (guint8) (seq.tier << 7 | seq.high_depth << 6
          | seq.twelve_bit << 5 | seq.mono << 4 | seq.sub_x << 3
          | seq.sub_y << 2 | seq.position));
  echoel_put_u8 (out, 0);       /* no initial_presentation_delay */
  echoel_put_span (out, obu.whole);
  echoel_box_end (out, start);
  return out;
}

gsize
echoel_av1_delimiter (EchoelSpan unit)
{
  Obu obu;

  return next_obu (&unit, &obu) && obu.type == OBU_TEMPORAL_DELIMITER
      && unit.size > 0 ? obu.whole.size : 0;
}
