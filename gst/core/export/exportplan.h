/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an export does once for all files, and what for each: equal work is
 * shared. And how cores and memory are divided among the encoders.
 *
 * Pure functions, any thread; a plan is its owner's. */
#pragma once

#include "exportlist.h"

G_BEGIN_DECLS

/* A picture of one size, made once for all encodes that want it. */
typedef struct
{
  guint width, height;          /* pixels; 0: as the source */
  const gchar *raw_format;      /* what its encoders take; static */
  gchar *reframing;             /* as in the request, or NULL */
  EchoelSides safe_area;        /* where the subject is followed */
  guint fps_n, fps_d;           /* the highest rate that is wanted of it */
} EchoelExportReframe;

/* The frames of a reframe at one rate. Comes after scaling: a frame that is
 * shown twice is a reference, not work. */
typedef struct
{
  guint reframe;
  guint fps_n, fps_d;
} EchoelExportRate;

typedef struct
{
  guint request;                /* the first one that wants it */
  guint rate;                   /* of the plan's rates */
  guint threads;                /* of a software encoder */
  GstClockTime limit;           /* trimmed here, ns; NONE: never */
  const gchar *raw_format;      /* what its encoder takes; static */
} EchoelExportEncode;

/* One audio stream for all files that want it. */
typedef struct
{
  guint request;                /* the first one that wants it */
} EchoelExportAudio;

/* A file. */
typedef struct
{
  guint request;
  guint encode, audio;          /* of the plan's */
} EchoelExportOutput;

/* What there is to work with. */
typedef struct
{
  guint cores;
  guint64 memory;               /* bytes, 0: not limited */
} EchoelExportMachine;

typedef struct
{
  const GPtrArray *requests;    /* not owned */
  EchoelExportMachine machine;
  GArray *outputs, *encodes, *audios;   /* of the types above */
  GArray *reframes, *rates;     /* filled by echoel_export_plan_shape() */
  guint queue;                  /* raw frames that wait for each encoder */
  guint64 memory;               /* bytes, estimated */
} EchoelExportPlan;

/**
 * echoel_export_plan_new:
 * @requests: (element-type EchoelExportRequest): must live as long as the plan
 * @trim: whether files end at their platform's limit
 *
 * Finds the encodes that are needed and gives each its threads.
 *
 * Returns: (transfer full): a plan, without its rates and reframes
 */
EchoelExportPlan *echoel_export_plan_new (const GPtrArray * requests,
    gboolean trim, const EchoelExportMachine * machine);
void echoel_export_plan_free (EchoelExportPlan * plan);

/**
 * echoel_export_plan_shape:
 *
 * Finds the reframes and rates, once the raw format of each encode is known,
 * and sizes the queues. May be called again.
 */
void echoel_export_plan_shape (EchoelExportPlan * plan);

/* Returns: (transfer none): what the encode @index makes, with its threads */
const EchoelExportRequest *echoel_export_plan_request
    (const EchoelExportPlan * plan, guint index);

/* Returns: (transfer full): the plan for people, several lines */
gchar *echoel_export_plan_describe (const EchoelExportPlan * plan);

G_END_DECLS
