/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a system tells of a TCP connection and can be told about it: one row a
 * system. docs/adaptive.md says what a row for another system would read. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 acked;                /* bytes that the other side has taken */
  guint64 unacked;              /* bytes in the kernel that it has not */
  guint64 unsent;               /* of them not even sent */
  guint64 sacked;               /* of them arrived behind a gap */
  guint rtt, min_rtt;           /* microseconds */
  guint retransmits;            /* segments, so far */
  guint segment;                /* bytes of a full one */
  guint window;                 /* bytes the other side would take; 0: none */
} LiveSocketInfo;

typedef struct
{
  gint level, option, value;    /* as setsockopt() takes them; option 0: none */
} LiveSocketOption;

#define LIVE_SOCKET_OPTIONS 2

typedef struct
{
  /* What is set, so that as little as possible waits where it is not seen. */
  LiveSocketOption options[LIVE_SOCKET_OPTIONS];

  /* @descriptor: of a TCP socket that is open. @info: zeroed.
   * Returns: FALSE when the system does not tell. Any thread. */
  gboolean (*read) (gint descriptor, LiveSocketInfo * info);
} LiveSocketBackend;

extern const LiveSocketBackend live_socket_linux;

G_END_DECLS
