/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens the best encoder of the table that really works here, and the next
 * best one when it turns out not to.
 *
 * The caller locks. */
#pragma once

#include "encodersetup.h"

G_BEGIN_DECLS

typedef struct
{
  GstElement *element;          /* floating, in READY; the caller may take it */
  const EchoelEncoder *row;
  gchar *factory;
  gchar *raw_format;            /* what to give it; NULL: audio */

  GString *refused;             /* "vah264enc, nvh264enc": tried, not used */
  GString *why;                 /* "vah264enc: reason; ..." */

  /* Private. */
  EchoelCodec codec;
  gchar *wish;
  GPtrArray *candidates;        /* factory names, best first */
  guint next;
} EncoderChoice;

/**
 * encoder_choose:
 * @codec: what it must make
 * @wish: "auto", "hardware", "software" or a factory name
 * @plan: the settings it must take
 * @name: the name of the element
 * @choice: (out): cleared with encoder_choice_clear(), after a failure too
 * @error: set when %FALSE is returned, a GstCoreError or GstResourceError
 *
 * Tries the encoders that the table and @wish allow, hardware first, until
 * one can be created, takes all its required settings, reaches READY and
 * takes and makes the caps of @plan. A single one that was asked for by name
 * must take the first caps too, when their size is known.
 */
gboolean encoder_choose (EchoelCodec codec, const gchar * wish,
    const EchoelPlan * plan, const gchar * name, EncoderChoice * choice,
    GError ** error);

/**
 * encoder_choose_next:
 * @why: what was wrong with the one in use
 *
 * Notes that as a refusal and opens the next candidate. An encoder that was
 * asked for by name has none.
 */
gboolean encoder_choose_next (EncoderChoice * choice, const gchar * why,
    const EchoelPlan * plan, const gchar * name, GError ** error);

/**
 * encoder_choose_for_memory:
 * @feature: of caps
 *
 * Opens the first candidate behind the one in use that takes frames in that
 * memory and moves it to the front; what is in use stays when there is none.
 *
 * Returns: whether there is one
 */
gboolean encoder_choose_for_memory (EncoderChoice * choice,
    const gchar * feature, const EchoelPlan * plan, const gchar * name);

/* Opens the encoder in use once more, as another element.
 *
 * Returns: (transfer full) (nullable): why it does not open with @plan;
 *     nothing has changed then */
gchar *encoder_choose_again (EncoderChoice * choice, const EchoelPlan * plan,
    const gchar * name);

/* Returns: whether one encoder was asked for by its name */
gboolean encoder_choice_is_named (const EncoderChoice * choice);

/* Frees what is in @choice: an element that nobody took goes to NULL. */
void encoder_choice_clear (EncoderChoice * choice);

/**
 * encoder_choice_message:
 * @source: who posts it
 *
 * Returns: (transfer full): the element message @name with chosen, refused
 *     and why
 */
GstMessage *encoder_choice_message (const EncoderChoice * choice,
    GstObject * source, const gchar * name);

G_END_DECLS
