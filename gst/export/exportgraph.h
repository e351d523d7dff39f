/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements that a plan needs, from the tees that all frames and sound come
 * in on to one tee for each encoded stream. */
#pragma once

#include "audiochain.h"
#include "exportplan.h"
#include "rateend.h"
#include "turns.h"
#include "unit.h"

G_BEGIN_DECLS

typedef struct
{
  Unit *unit;
  GstElement *crop;
  GstElement *tee;              /* of scaled frames */
} GraphReframe;

typedef struct
{
  GstElement *rate, *filter;
  RateEnd end;
  GstElement *tee;              /* of frames at one rate */
} GraphRate;

typedef struct
{
  Unit *unit;
  GstElement *preset;
  GstElement *seat;             /* bin of the preset: frames wait outside */
  GstElement *tee;              /* of encoded video */
} GraphEncode;

typedef struct
{
  Unit *unit;
  AudioChain *chain;
  GstElement *tee;              /* of encoded audio */
} GraphAudio;

typedef enum
{
  GRAPH_NOWHERE,
  GRAPH_REFRAME,
  GRAPH_ENCODE,
  GRAPH_AUDIO
} GraphKind;

typedef struct
{
  GstBin *bin;
  EchoelExportPlan *plan;       /* not owned */
  const Front *front;           /* not owned: in front of all of it */
  GstElement *video_tee, *audio_tee;
  /* As many as the plan has; no audio until it is added. */
  GraphReframe *reframes;
  GraphRate *rates;
  GraphEncode *encodes;
  GraphAudio *audios;
  guint n_reframes, n_rates, n_encodes, n_audios;
  Turns turns;                  /* of the encoders in software */
} ExportGraph;

/**
 * export_graph_build:
 * @graph: zeroed
 * @plan: gets its shape here, once the encoders are open
 * @front: what stands in front of it; outlives it
 * @sessions: most encodes in hardware, 0: no limit
 *
 * Makes the elements in @bin and opens the encoders; posts the errors.
 *
 * Returns: whether all is there; clear the graph in any case
 */
gboolean export_graph_build (ExportGraph * graph, GstBin * bin,
    EchoelExportPlan * plan, const Front * front, guint sessions);

/* Adds what sound needs, once, when somebody brings some: before the files are
 * opened. Posts the errors. Returns: whether it is there. */
gboolean export_graph_add_audio (ExportGraph * graph);

/* Takes all elements away. Only when nothing streams. */
void export_graph_clear (ExportGraph * graph);

/* Where @object is inside, and of which unit. Any thread. */
GraphKind export_graph_find (ExportGraph * graph, GstObject * object,
    guint * index);

/* Returns: (transfer full) (nullable): the encoder that works for an encode */
gchar *export_graph_encoder (ExportGraph * graph, guint encode);

/* Stops what nobody waits for any more: one file of @encode and @audio less.
 * Any thread, once a file. */
void export_graph_release (ExportGraph * graph, guint encode, guint audio);

G_END_DECLS
