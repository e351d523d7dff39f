/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pipelines with doubles. */
#pragma once

#include "doubles.h"
#include "encoders.h"
#include "presetbench.h"

G_BEGIN_DECLS

#define N_VERSIONS 4
extern const gchar *const double_versions[N_VERSIONS];

/* From here on a warning of GLib or GStreamer ends the test. */
void double_bench_strict (void);

/* A codec, a format of it, what decodes it, and software that makes it. */
typedef struct
{
  EchoelCodec codec;
  const gchar *format, *decoder, *software;
} DoubleCodec;

/* Returns: (nullable): that of @factory's row; NULL: it makes no video */
const DoubleCodec *double_bench_codec (const gchar * factory);

/* Returns: (nullable): the first row for @factory */
const EchoelEncoder *double_bench_row (const gchar * factory);

/* Whether encoder @factory may be used for live streams. */
gboolean double_bench_is_live (const gchar * factory);

/* Returns: (transfer full): a small stream of @n_frames, 0: no end, through
 * @settings, decoded behind when @decode */
Bench *double_bench_new (const DoubleCodec * codec, gint n_frames,
    gboolean decode, const gchar * settings);

/* All frames came out, in order, without a gap. */
void double_bench_check_frames (Bench * bench, guint n);

G_END_DECLS
