/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which format is chosen, and what is given up first. */
#include <gst/check/gstcheck.h>

#include "formatchoice.h"

/* The first of each list keeps more than all that follow, in their order. */
static const struct
{
  const gchar *from;
  const gchar *best_first[8];
} cases[] = {
  /* *INDENT-OFF* */
  {"I420", {"I420", "YV12", "YUY2", "Y444", "BGRx", "GRAY8"}},
  {"I420", {"NV12", "BGRA"}},
  {"I420", {"NV12", "NV16", "NV24", "BGRA"}},
  {"I420", {"I420", "I420_10LE", "BGRA"}},
  {"NV12", {"NV12", "I420", "Y42B", "BGRx"}},
  {"YUY2", {"YUY2", "UYVY", "Y444", "I420", "GRAY8"}},
  {"Y42B", {"Y444", "I420", "YUV9"}},
  {"Y444", {"v308", "Y42B", "I420", "GRAY8"}},
  {"Y41B", {"Y41B", "Y42B", "GRAY8"}},
  /* Ten bits stay ten bits. */
  {"I420_10LE", {"P010_10LE", "Y444_10LE", "I420", "GRAY8"}},
  {"I420_10LE", {"I422_12LE", "NV12"}},
  {"P010_10LE", {"I420_10LE", "I420_12LE", "Y444_16LE", "NV12", "Y444"}},
  {"I422_10LE", {"Y444_10LE", "I420_10LE", "Y42B"}},
  {"Y444_16LE", {"Y444_12LE", "Y444_10LE", "I420_10LE", "Y444"}},
  /* Alpha stays alpha, even where depth or chroma has to go. */
  {"A420", {"A420", "AYUV", "I420"}},
  {"A420", {"RGBA", "I420", "GRAY8"}},
  {"RGBA", {"BGRA", "AYUV", "RGB", "I420"}},
  {"RGBA", {"A420", "RGBx", "Y444"}},
  {"A444_10LE", {"GBRA_10LE", "A420", "Y444_10LE"}},
  {"ARGB64", {"ARGB64", "RGBA", "Y444_16LE"}},
  /* Colour stays colour, whatever else goes. */
  {"ARGB64", {"YUV9", "GRAY16_LE", "GRAY8"}},
  {"I420", {"YUV9", "GRAY8"}},
  /* RGB without alpha pays for one it does not have. */
  {"RGB", {"RGB", "BGR", "BGRA", "Y444", "I420"}},
  {"RGB", {"GBR", "GBR_10LE", "Y444", "NV12"}},
  {"BGRx", {"BGRx", "RGBx", "RGBA", "NV12"}},
  /* Grey gains nothing from colour. */
  {"GRAY8", {"GRAY8", "GRAY16_LE", "I420"}},
  {"GRAY8", {"GRAY8", "I420", "Y444", "BGRA"}},
  {"GRAY16_LE", {"GRAY16_LE", "Y444_16LE", "GRAY8", "I420"}},
  /* *INDENT-ON* */
};

GST_START_TEST (test_what_keeps_most_costs_least)
{
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstVideoFormat from = gst_video_format_from_string (cases[i].from);

    for (j = 1; cases[i].best_first[j]; j++) {
      const gchar *better = cases[i].best_first[j - 1];
      const gchar *worse = cases[i].best_first[j];
      guint less = echoel_format_loss (from,
          gst_video_format_from_string (better));
      guint more = echoel_format_loss (from,
          gst_video_format_from_string (worse));

      fail_unless (less < more, "%s: %s %u, %s %u", cases[i].from, better,
          less, worse, more);
    }
  }
}

GST_END_TEST;

/* From and to the same quality, one step down each time. Any one loss
 * outweighs all that are below it. */
static const struct
{
  const gchar *from, *to;
} losses[] = {
  /* *INDENT-OFF* */
  {"AYUV64", "GRAY16_LE"},      /* colour */
  {"AYUV64", "Y444_16LE"},      /* alpha */
  {"Y444_16LE", "Y444"},        /* depth */
  {"Y444", "YUV9"},             /* chroma */
  {"Y444", "GBR"},              /* another family */
  {"GRAY8", "AYUV64"},          /* work on what is not there */
  {"I420", "YV12"},             /* another order */
  {"I420", "I420"},             /* nothing */
  /* *INDENT-ON* */
};

GST_START_TEST (test_losses_have_an_order)
{
  guint i, above = G_MAXUINT;

  for (i = 0; i < G_N_ELEMENTS (losses); i++) {
    guint loss = echoel_format_loss (gst_video_format_from_string
        (losses[i].from), gst_video_format_from_string (losses[i].to));

    if (g_strcmp0 (losses[i].from, "GRAY8") != 0)
      fail_unless (loss < above, "%s to %s: %u", losses[i].from, losses[i].to,
          loss);
    above = MIN (above, loss);
  }
  fail_unless_equals_int (above, 0);
}

GST_END_TEST;

GST_START_TEST (test_only_the_same_format_is_free)
{
  guint from, to;

  for (from = GST_VIDEO_FORMAT_I420; from < echoel_format_end (); from++) {
    for (to = GST_VIDEO_FORMAT_I420; to < echoel_format_end (); to++) {
      guint loss = echoel_format_loss (from, to);

      fail_unless ((loss == 0) == (from == to), "%s to %s: %u",
          gst_video_format_to_string (from), gst_video_format_to_string (to),
          loss);
    }
  }
}

GST_END_TEST;

static Suite *
formatchoice_suite (void)
{
  Suite *s = suite_create ("formatchoice");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_what_keeps_most_costs_least);
  tcase_add_test (tc, test_losses_have_an_order);
  tcase_add_test (tc, test_only_the_same_format_is_free);
  return s;
}

GST_CHECK_MAIN (formatchoice);
