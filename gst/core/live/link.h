/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of one destination: when to connect, what counts as alive, when to
 * give up and when to try again. It decides on facts alone and can be asked as
 * often as one likes. Pure: time comes in. Not thread safe. */
#pragma once

#include "backoff.h"

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_LINK_IDLE = 0,         /* nothing to send yet */
  ECHOEL_LINK_CONNECTING,
  ECHOEL_LINK_PUBLISHING,
  ECHOEL_LINK_STALLED,          /* nothing arrives; being taken down */
  ECHOEL_LINK_BACKOFF,          /* waits before the next try */
  ECHOEL_LINK_DRAINING,         /* ends in good order */
  ECHOEL_LINK_ENDED,            /* after the end of the stream */
  ECHOEL_LINK_DISABLED,
  ECHOEL_LINK_FATAL             /* trying again is of no use */
} EchoelLinkState;

/* What is known at one moment. */
typedef struct
{
  gboolean enabled;
  gboolean can_begin;           /* there is something to send */
  gboolean ending;              /* the stream ends or the destination goes */
  gboolean open;                /* an attempt exists, even half taken down */
  gboolean connected;           /* the server takes the stream */
  gboolean outdated;            /* it has other tracks than the stream, and
                                 * cannot change them */
  gboolean waiting;             /* data waits to be sent */
  gboolean drained;             /* all was sent, and the end of it */
  guint64 progress;             /* grows when the other side takes data */
  EchoelFault fault;            /* what the attempt ended with */
  EchoelFault late;             /* what it means to miss the first deadline */
} EchoelLinkFacts;

typedef enum
{
  ECHOEL_LINK_DO_NOTHING = 0,
  ECHOEL_LINK_DO_OPEN,          /* begin an attempt */
  ECHOEL_LINK_DO_DRAIN,         /* send what waits, then say goodbye */
  ECHOEL_LINK_DO_CLOSE          /* take the attempt down */
} EchoelLinkAction;

/* All times in ns. */
typedef struct
{
  gint64 connect;               /* to become a publisher */
  gint64 first_progress;        /* then for the first byte */
  gint64 progress;              /* then for each further one */
  gint64 drain;
  gint64 stable;                /* publishing that forgives old failures */
} EchoelLinkDeadlines;

typedef struct
{
  /* To be read. */
  EchoelLinkState state;
  EchoelFault reason;           /* of the last failure */
  guint attempts;               /* so far */
  guint failures;               /* in a row */
  guint alike;                  /* of them, the last ones for one reason */
  guint connects;               /* attempts that became publishers */
  gint64 since;                 /* when the state began */
  gint64 next_try;              /* in BACKOFF */

  EchoelLinkDeadlines deadlines;
  GRand *random;

  /* Private. */
  guint64 last_progress;
  gint64 progress_at;
  gboolean progressed;
} EchoelLink;

/* 8, 8, 5, 3 and 30 s. */
extern const EchoelLinkDeadlines echoel_link_deadlines_default;

/* @seed: of the random part of waiting times */
void echoel_link_init (EchoelLink * link,
    const EchoelLinkDeadlines * deadlines, guint32 seed);
void echoel_link_clear (EchoelLink * link);

/* Back to IDLE, with no failures: before the element runs again. */
void echoel_link_reset (EchoelLink * link, gint64 now);

/**
 * echoel_link_step:
 * @now: monotonic time, ns
 *
 * A new attempt is never begun while one is still open: there are never two
 * publishers on one key.
 *
 * Returns: what to do; every answer but nothing is given once
 */
EchoelLinkAction echoel_link_step (EchoelLink * link,
    const EchoelLinkFacts * facts, gint64 now);

/* Returns: (transfer none): the word for messages, such as "publishing" */
const gchar *echoel_link_state_nick (EchoelLinkState state);

G_END_DECLS
