/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether two counters tell of the same connection: that of a kernel, and that
 * of the program that writes to it. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ECHOEL_BYTES_OPEN,            /* too few to tell */
  ECHOEL_BYTES_AGREE,
  ECHOEL_BYTES_DIFFER           /* another connection, or a kernel that does
                                 * not count */
} EchoelByteCheck;

/**
 * echoel_byte_check:
 * @on_wire: bytes that the kernel was ever given: those that the other side
 *     has acknowledged and those that it has not
 * @written: bytes of all messages that the program has written whole, read
 *     before @on_wire. A handshake, a message that is half written and TLS
 *     are in @on_wire alone
 */
EchoelByteCheck echoel_byte_check (guint64 on_wire, guint64 written);

G_END_DECLS
