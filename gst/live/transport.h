/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between the ways to send: one row a transport. */
#pragma once

#include "attempt.h"

G_BEGIN_DECLS

struct _LiveTransport
{
  EchoelTransport id;
  /* Elements that it cannot do without; NULL ended. */
  const gchar *factories[6];

  /* Fills the attempt's pipeline and sets its sink. In the worker. */
  gboolean (*build) (LiveAttempt * attempt, GError ** error);

  /* After the pipeline went to PLAYING. No frame may come before: a sink that
   * holds one while it waits for its server could not change its state. */
  void (*begin) (LiveAttempt * attempt);

  /* What an error of the pipeline means. Any thread. */
  EchoelFault (*judge) (LiveAttempt * attempt, const GError * error,
      const gchar * debug);

  /* Bytes that the sink counts as sent, where no socket is known; @view:
   * filled in with what it knows of SRT. */
  guint64 (*count) (LiveAttempt * attempt, GstElement * sink,
      LiveAttemptView * view);

  /* How long nothing may have moved after its end before it is taken for
   * sent, ns: what the other side holds back counts, too. */
  gint64 tail;

  /* Frees attempt->state; the pipeline is gone. NULL: there is none. */
  void (*clear) (LiveAttempt * attempt);

  /* Whether to flush before it is stopped: splitmuxsink, in hlssink2, forgets
   * that it is being stopped when it is just about to begin a file, and then
   * waits for ever; a flush it does not forget. */
  gboolean flush;
};

/* Returns: (transfer none): never NULL for what destinations parse to */
const LiveTransport *live_transport_find (EchoelTransport id);

/* Returns: (transfer none) (nullable): the first of its elements that is not
 * installed */
const gchar *live_transport_find_missing (const LiveTransport * transport);

extern const LiveTransport live_transport_rtmp;
extern const LiveTransport live_transport_srt;
extern const LiveTransport live_transport_hls;

/* For the transports' files. */

/* Makes an element and adds it to the attempt's pipeline; it must exist, as
 * live_transport_find_missing() saw. Returns: (transfer none) */
GstElement *live_transport_add (LiveAttempt * attempt, const gchar * factory);

/* Sets a property from text where the element has it. */
void live_transport_set (GstElement * element, const gchar * property,
    const gchar * value);

G_END_DECLS
