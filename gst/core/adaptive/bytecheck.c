/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bytecheck.h"

/* Less than this may be a handshake. */
#define ENOUGH (32 * 1024)
/* What TLS adds, one part in so many, at most. */
#define TLS_PART 8
/* A key frame that is half written, and the handshake. */
#define HALF_WRITTEN (2 * 1024 * 1024)

EchoelByteCheck
echoel_byte_check (guint64 on_wire, guint64 written)
{
  if (on_wire > written + written / TLS_PART + HALF_WRITTEN)
    return ECHOEL_BYTES_DIFFER;
  if (written < ENOUGH)
    return ECHOEL_BYTES_OPEN;
  return on_wire >= written ? ECHOEL_BYTES_AGREE : ECHOEL_BYTES_DIFFER;
}
