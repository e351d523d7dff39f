/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A socket is believed when it carried what its sender wrote. */
#include <gst/check/gstcheck.h>

#include "bytecheck.h"

#define KIB 1024
#define MIB (1024 * KIB)
#define HANDSHAKE 3073

static const struct
{
  const gchar *what;
  guint64 on_wire, written;
  EchoelByteCheck check;
} cases[] = {
  /* *INDENT-OFF* */
  {"nothing yet", 0, 0, ECHOEL_BYTES_OPEN},
  {"a handshake", HANDSHAKE, 0, ECHOEL_BYTES_OPEN},
  {"a key frame is half written", HANDSHAKE + 600 * KIB, KIB,
      ECHOEL_BYTES_OPEN},
  {"all of it", HANDSHAKE + 40 * KIB, 40 * KIB, ECHOEL_BYTES_AGREE},
  {"exactly", 40 * KIB, 40 * KIB, ECHOEL_BYTES_AGREE},
  {"with TLS", 1030 * MIB, 1024 * MIB, ECHOEL_BYTES_AGREE},
  {"a system that does not count", 12 * KIB, 40 * KIB, ECHOEL_BYTES_DIFFER},
  {"one that counts nothing", 0, 40 * KIB, ECHOEL_BYTES_DIFFER},
  {"another that sends more", 40 * MIB, 20 * MIB, ECHOEL_BYTES_DIFFER},
  {"another that has sent long", 40 * MIB, 0, ECHOEL_BYTES_DIFFER},
  /* *INDENT-ON* */
};

GST_START_TEST (test_counters)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    fail_unless (echoel_byte_check (cases[i].on_wire, cases[i].written)
        == cases[i].check, "%s", cases[i].what);
}

GST_END_TEST;

static Suite *
bytecheck_suite (void)
{
  Suite *s = suite_create ("bytecheck");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_counters);
  return s;
}

GST_CHECK_MAIN (bytecheck);
