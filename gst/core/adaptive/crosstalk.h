/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether connections share an uplink: what one of them gets more, the others
 * get less, and what they carry together stays. Connections that go different
 * ways know nothing of each other.
 *
 * Pure: the time comes with each call. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ECHOEL_FLOW_POINTS 32

/* What a connection carried lately; to be used through the functions below
 * alone, zeroed it is nothing. Those that are compared are told of at the same
 * moments. */
typedef struct
{
  struct
  {
    GstClockTime time;
    guint64 delivered;          /* bytes so far */
    gboolean busy;
  } points[ECHOEL_FLOW_POINTS];
  guint n_points, last;         /* filled, and the newest of them */
} EchoelFlow;

typedef enum
{
  ECHOEL_CROSSTALK_UNKNOWN,     /* too little happens to tell */
  ECHOEL_CROSSTALK_SHARED,
  ECHOEL_CROSSTALK_SEPARATE
} EchoelCrosstalk;

/* @delivered: bytes so far; less than before is another connection, with
 *     which all begins anew
 * @busy: whether it carried all that it could */
void echoel_flow_add (EchoelFlow * flow, GstClockTime time, guint64 delivered,
    gboolean busy);

/**
 * echoel_crosstalk_judge:
 * @others: (array length=n_others): all that may share an uplink with @flow
 *
 * Only moments in which one of them was busy say anything: otherwise all carry
 * what they are sent.
 *
 * Returns: what the last three seconds say
 */
EchoelCrosstalk echoel_crosstalk_judge (const EchoelFlow * flow,
    const EchoelFlow * const *others, guint n_others);

G_END_DECLS
