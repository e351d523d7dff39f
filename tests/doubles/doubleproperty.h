/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The facts about a double, as types and caps. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  gchar *name, *kind, *low, *high, *initial, **nicks;
  GParamFlags flags;
} DoubleProperty;

/* Returns: (transfer full) (array length=n): the properties of @group */
DoubleProperty *double_property_read (GKeyFile * facts, const gchar * group,
    gboolean conditional, guint * n);

/* Returns: (transfer floating): its pspec */
GParamSpec *double_property_spec (const DoubleProperty * property);

/* Initializes @value with the default. */
void double_property_default (const DoubleProperty * property, GValue * value);

GstCaps *double_property_sink_caps (const gchar * codec, const gchar * raw,
    const gchar * memory);
GstCaps *double_property_src_caps (const gchar * codec, const gchar * fields);

/**
 * double_property_parse_line:
 * @line: elements, linked by "!", each with NAME=VALUE settings
 * @real: factories that the registry does not show at the moment
 *
 * Returns: (transfer floating): a bin with them and a capsfilter out at the
 *     end
 */
GstElement *double_property_parse_line (const gchar * line, GHashTable * real,
    GError ** error);

/* Returns: (transfer full): a ghost of the outer pad of element "in" or
 *     "out" */
GstPad *double_property_pad (GstElement * bin, const gchar * name);

G_END_DECLS
