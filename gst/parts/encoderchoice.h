/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens the best encoder of the table that really works here. */
#pragma once

#include "encoders.h"

G_BEGIN_DECLS

typedef struct
{
  GstElement *element;          /* floating, in READY */
  const EchoelEncoder *row;
  gchar *refused;               /* "vah264enc: why; ...", or NULL */
} EncoderChoice;

/**
 * encoder_choose:
 * @codec: what it must make
 * @wish: "auto", "hardware", "software" or a factory name
 * @plan: the settings it must take
 * @name: the name of the element
 * @choice: (out): cleared with encoder_choice_clear()
 * @error: set when %FALSE is returned, a GstCoreError or GstResourceError
 *
 * Tries the rows of the table in order until one can be created, takes all
 * its required settings and reaches READY.
 */
gboolean encoder_choose (EchoelCodec codec, const gchar * wish,
    const EchoelPlan * plan, const gchar * name, EncoderChoice * choice,
    GError ** error);

/* Frees what is left in @choice: an element that nobody took goes to NULL. */
void encoder_choice_clear (EncoderChoice * choice);

/**
 * encoder_set_bitrate:
 *
 * Changes the bitrate of a running encoder. From its streaming thread only:
 * some encoders reconfigure inside the property setter.
 */
void encoder_set_bitrate (GstElement * element, const EchoelEncoder * row,
    const EchoelPlan * plan);

G_END_DECLS
