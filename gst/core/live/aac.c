/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "aac.h"

#include <string.h>

/* Audio object types with a core of AAC-LC's syntax. */
#define AOT_LC 2
#define AOT_SBR 5
#define AOT_PS 29
#define AOT_ESCAPE 31

#define RATE_EXPLICIT 15
#define STEREO 2

/* Sampling frequency index, table 1.18. */
static const guint rates[] = {
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025,
  8000, 7350
};

/* Syntactic elements of a raw frame, table 4.85. */
enum
{ SCE = 0, CPE = 1, LFE = 3, END = 7 };

/* Channel configurations, table 1.19: the elements in order. */
static const struct
{
  guint channels, n_elements;
  guint elements[5];
} layouts[] = {
  /* *INDENT-OFF* */
  {0, 0, {0}},
  {1, 1, {SCE}},
  {2, 1, {CPE}},
  {3, 2, {SCE, CPE}},
  {4, 3, {SCE, CPE, SCE}},
  {5, 3, {SCE, CPE, CPE}},
  {6, 4, {SCE, CPE, CPE, LFE}},
  {8, 5, {SCE, CPE, CPE, CPE, LFE}},
  /* *INDENT-ON* */
};

typedef struct
{
  guint8 *data;
  gsize size;                   /* bytes there are */
  gsize at;                     /* bits done */
} Bits;

static guint
get_bits (Bits * bits, guint n)
{
  guint value = 0;

  for (; n > 0; n--, bits->at++) {
    guint bit = 0;

    if (bits->at / 8 < bits->size)
      bit = bits->data[bits->at / 8] >> (7 - bits->at % 8) & 1;
    value = value << 1 | bit;
  }
  return value;
}

static void
put_bits (Bits * bits, guint n, guint value)
{
  for (; n > 0; n--, bits->at++)
    if (value >> (n - 1) & 1)
      bits->data[bits->at / 8] |= 0x80 >> bits->at % 8;
}

static guint
get_rate (Bits * bits)
{
  guint index = get_bits (bits, 4);

  if (index == RATE_EXPLICIT)
    return get_bits (bits, 24);
  return index < G_N_ELEMENTS (rates) ? rates[index] : 0;
}

static guint
get_object_type (Bits * bits)
{
  guint type = get_bits (bits, 5);

  return type == AOT_ESCAPE ? 32 + get_bits (bits, 6) : type;
}

gboolean
echoel_aac_config_parse (GBytes * bytes, EchoelAacConfig * config)
{
  Bits bits = { NULL, };
  guint type;

  bits.data = (guint8 *) g_bytes_get_data (bytes, &bits.size);
  type = get_object_type (&bits);
  config->rate = get_rate (&bits);
  config->layout = get_bits (&bits, 4);
  if (type == AOT_SBR || type == AOT_PS) {
    get_rate (&bits);
    get_object_type (&bits);
  }
  config->frame_samples = get_bits (&bits, 1) ? 960 : 1024;
  if (config->rate == 0 || config->layout == 0
      || config->layout >= G_N_ELEMENTS (layouts)
      || bits.at > bits.size * 8)
    return FALSE;
  config->channels = layouts[config->layout].channels;
  return TRUE;
}

GBytes *
echoel_aac_config_default (void)
{
  guint8 data[2] = { 0, };
  Bits bits = { data, sizeof (data), 0 };

  put_bits (&bits, 5, AOT_LC);
  put_bits (&bits, 4, 3);       /* 48 kHz */
  put_bits (&bits, 4, STEREO);
  return g_bytes_new (data, sizeof (data));
}

/* One long window in which no scale factor band is used: max_sfb is 0. */
static void
put_window (Bits * bits)
{
  put_bits (bits, 1, 0);        /* ics_reserved_bit */
  put_bits (bits, 2, 0);        /* window_sequence: ONLY_LONG */
  put_bits (bits, 1, 0);        /* window_shape */
  put_bits (bits, 6, 0);        /* max_sfb */
  put_bits (bits, 1, 0);        /* predictor_data_present */
}

/* The channel's stream; with max_sfb 0 its sections, scale factors and
 * spectrum take no bits. */
static void
put_channel (Bits * bits, gboolean own_window)
{
  put_bits (bits, 8, 0);        /* global_gain */
  if (own_window)
    put_window (bits);
  put_bits (bits, 3, 0);        /* no pulse, TNS, gain control data */
}

static void
put_element (Bits * bits, guint element, guint tag)
{
  put_bits (bits, 3, element);
  put_bits (bits, 4, tag);
  if (element != CPE) {
    put_channel (bits, TRUE);
    return;
  }
  put_bits (bits, 1, 1);        /* common_window */
  put_window (bits);
  put_bits (bits, 2, 0);        /* ms_mask_present */
  put_channel (bits, FALSE);
  put_channel (bits, FALSE);
}

GBytes *
echoel_aac_silence (const EchoelAacConfig * config)
{
  guint8 data[32] = { 0, };
  Bits bits = { data, sizeof (data), 0 };
  guint tags[END] = { 0, }, i;

  for (i = 0; i < layouts[config->layout].n_elements; i++) {
    guint element = layouts[config->layout].elements[i];

    put_element (&bits, element, tags[element]++);
  }
  put_bits (&bits, 3, END);
  return g_bytes_new (data, (bits.at + 7) / 8);
}
