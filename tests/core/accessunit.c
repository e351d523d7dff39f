/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "accessunit.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#include "av1config.h"
#include "proresframe.h"

#define SPAN(array) ((EchoelSpan) { (array), sizeof (array) })

static const EchoelNalFormat hevc = { ECHOEL_NALS_H265, 4, TRUE };
static const EchoelNalFormat h264 = { ECHOEL_NALS_H264, 4, TRUE };

/* The types of the units that stay, as a text: "39 20". */
static gchar *
types_left (const EchoelNalFormat * format, const guint * types, guint n)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (EchoelNalPiece));
  GByteArray *unit = g_byte_array_new ();
  GString *left = g_string_new (NULL);
  guint i, k;

  for (i = 0; i < n; i++) {
    echoel_put_u32 (unit, 3);
    echoel_put_u8 (unit, (guint8) (format->kind == ECHOEL_NALS_H265
            ? types[i] << 1 : types[i]));
    echoel_put_u16 (unit, (guint16) i);
  }
  fail_unless (echoel_access_unit_clean (format, (EchoelSpan) {
          unit->data, unit->len}
          , pieces));
  if (pieces->len == 0) {
    EchoelNalPiece all = { 0, unit->len };

    g_array_append_val (pieces, all);
  }
  for (i = 0; i < pieces->len; i++) {
    EchoelNalPiece *piece = &g_array_index (pieces, EchoelNalPiece, i);

    fail_unless (piece->offset % 7 == 0 && piece->size % 7 == 0);
    for (k = 0; k < piece->size / 7; k++)
      g_string_append_printf (left, "%u ", types[piece->offset / 7 + k]);
  }
  g_array_unref (pieces);
  g_byte_array_unref (unit);
  return g_strchomp (g_string_free (left, FALSE));
}

static void
check_left (const EchoelNalFormat * format, const guint * types, guint n,
    const gchar * wanted)
{
  gchar *left = types_left (format, types, n);

  fail_unless_equals_string (left, wanted);
  g_free (left);
}

GST_START_TEST (test_parameter_sets_are_left_out)
{
  static const guint key[] = { 32, 33, 34, 39, 19 };
  static const guint plain[] = { 39, 1, 1 };
  static const guint avc[] = { 9, 7, 8, 6, 5, 5, 12 };
  static const guint sets[] = { 32, 33, 34 };
  EchoelNalFormat hev1 = hevc;

  check_left (&hevc, key, G_N_ELEMENTS (key), "39 19");
  check_left (&hevc, plain, G_N_ELEMENTS (plain), "39 1 1");
  check_left (&h264, avc, G_N_ELEMENTS (avc), "9 6 5 5 12");
  /* A sample must have something in it. */
  check_left (&hevc, sets, G_N_ELEMENTS (sets), "32 33 34");
  hev1.strip = FALSE;
  check_left (&hev1, key, G_N_ELEMENTS (key), "32 33 34 39 19");
}

GST_END_TEST;

/* What x265enc 1.22 gives first: the header with a copy of the message that
 * ends in the encoder's memory, then all again. */
GST_START_TEST (test_what_stands_before_the_last_vps_is_left_out)
{
  static const guint twice[] = { 32, 33, 34, 39, 39, 32, 33, 34, 39, 39, 20 };

  check_left (&hevc, twice, G_N_ELEMENTS (twice), "39 39 20");
}

GST_END_TEST;

GST_START_TEST (test_malformed_units_stay_as_they_are)
{
  static const guint8 too_long[] = { 0, 0, 0, 3, 64, 0, 0, 0, 0, 0, 9, 1 };
  static const guint8 empty[] = { 0, 0, 0, 0, 0, 0, 0, 1, 2 };
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (EchoelNalPiece));

  fail_if (echoel_access_unit_clean (&hevc, SPAN (too_long), pieces));
  fail_if (echoel_access_unit_clean (&hevc, SPAN (empty), pieces));
  g_array_unref (pieces);
}

GST_END_TEST;

GST_START_TEST (test_formats_are_read_from_caps)
{
  EchoelNalFormat format;
  GstCaps *caps = gst_caps_from_string ("video/x-h264, stream-format=avc, "
      "codec_data=(buffer)01640014fd");

  echoel_nal_format_read (caps, &format);
  fail_unless_equals_int (format.kind, ECHOEL_NALS_H264);
  fail_unless_equals_int (format.length_size, 2);
  fail_unless (format.strip);
  gst_caps_set_simple (caps, "stream-format", G_TYPE_STRING, "avc3", NULL);
  echoel_nal_format_read (caps, &format);
  fail_if (format.strip);
  gst_structure_remove_field (gst_caps_get_structure (caps, 0), "codec_data");
  echoel_nal_format_read (caps, &format);
  fail_unless_equals_int (format.kind, ECHOEL_NALS_NONE);
  gst_caps_unref (caps);
}

GST_END_TEST;

GST_START_TEST (test_metadata_goes_before_the_slices_or_last)
{
  static const guint8 unit[] = { 0, 0, 0, 2, 39 << 1, 1, 0, 0, 0, 2, 1 << 1, 1,
    0, 0, 0, 2, 1 << 1, 1
  };

  fail_unless_equals_int (echoel_access_unit_place (&hevc, SPAN (unit),
          ECHOEL_NAL_FIRST), 6);
  fail_unless_equals_int (echoel_access_unit_place (&hevc, SPAN (unit),
          ECHOEL_NAL_LAST), 18);
}

GST_END_TEST;

GST_START_TEST (test_metadata_waits_for_its_picture)
{
  EchoelNalStore *store = echoel_nal_store_new ();
  GBytes *a = g_bytes_new_static ("a", 1), *b = g_bytes_new_static ("bc", 2);
  GByteArray *taken;

  echoel_nal_store_add (store, 40 * GST_MSECOND, ECHOEL_NAL_FIRST, a);
  echoel_nal_store_add (store, 0, ECHOEL_NAL_FIRST, b);
  echoel_nal_store_add (store, 0, ECHOEL_NAL_FIRST, a);
  echoel_nal_store_add (store, 0, ECHOEL_NAL_LAST, a);
  fail_unless (echoel_nal_store_take (store, 20 * GST_MSECOND, GST_MSECOND,
          ECHOEL_NAL_FIRST, 4) == NULL);
  taken = echoel_nal_store_take (store, 999, GST_MSECOND, ECHOEL_NAL_FIRST, 4);
  fail_unless_equals_int (taken->len, 11);
  fail_unless (memcmp (taken->data, "\0\0\0\2bc\0\0\0\1a", 11) == 0);
  g_byte_array_unref (taken);
  fail_unless_equals_int (echoel_nal_store_waiting (store), 2);
  g_bytes_unref (a);
  g_bytes_unref (b);
  echoel_nal_store_free (store);
}

GST_END_TEST;

/* The first unit of av1enc for 320x240, 8 bit, 4:2:0. */
static const guint8 av1_unit[] = { 0x12, 0x00, 0x0a, 0x0c, 0x00, 0x00, 0x00,
  0x04, 0x3c, 0xff, 0xbf, 0x81, 0xb5, 0xf2, 0x00, 0x80
};

GST_START_TEST (test_av1_configuration_comes_from_the_stream)
{
  static const guint8 wanted[] = { 0, 0, 0, 26, 'a', 'v', '1', 'C', 0x81, 0x00,
    0x0c, 0x00
  };
  GByteArray *box = echoel_av1_config_make (SPAN (av1_unit));
  gsize size;

  fail_unless (box != NULL);
  fail_unless_equals_int (box->len, 26);
  fail_unless (memcmp (box->data, wanted, sizeof (wanted)) == 0);
  fail_unless (memcmp (box->data + 12, av1_unit + 2, 14) == 0);
  g_byte_array_unref (box);
  fail_unless_equals_int (echoel_av1_delimiter (SPAN (av1_unit)), 2);
  for (size = 0; size < sizeof (av1_unit); size++)
    fail_unless (echoel_av1_config_make ((EchoelSpan) {
            av1_unit, size}
      ) == NULL);
}

GST_END_TEST;

GST_START_TEST (test_prores_frames_get_the_colours_of_their_caps)
{
  guint8 head[ECHOEL_PRORES_HEAD] = { 0, 0, 0, 0, 'i', 'c', 'p', 'f' };
  GstCaps *caps = gst_caps_from_string ("video/x-prores, colorimetry=bt709");
  EchoelProresColors colors;

  echoel_prores_colors_read (caps, &colors);
  head[22] = 2;
  head[24] = 9;                 /* BT.2020: the encoder knew better */
  fail_unless (echoel_prores_frame_color (head, &colors));
  fail_unless_equals_int (head[22], 1);
  fail_unless_equals_int (head[23], 1);
  fail_unless_equals_int (head[24], 9);
  fail_if (echoel_prores_frame_color (head, &colors));
  head[4] = 'x';
  head[22] = 2;
  fail_if (echoel_prores_frame_color (head, &colors));
  gst_caps_unref (caps);
}

GST_END_TEST;

static Suite *
accessunit_suite (void)
{
  Suite *s = suite_create ("accessunit");
  TCase *tc = tcase_create ("samples");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_parameter_sets_are_left_out);
  tcase_add_test (tc, test_what_stands_before_the_last_vps_is_left_out);
  tcase_add_test (tc, test_malformed_units_stay_as_they_are);
  tcase_add_test (tc, test_formats_are_read_from_caps);
  tcase_add_test (tc, test_metadata_goes_before_the_slices_or_last);
  tcase_add_test (tc, test_metadata_waits_for_its_picture);
  tcase_add_test (tc, test_av1_configuration_comes_from_the_stream);
  tcase_add_test (tc, test_prores_frames_get_the_colours_of_their_caps);
  return s;
}

GST_CHECK_MAIN (accessunit);
