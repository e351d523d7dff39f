/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a destination, as programs see them. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Their ids. */
typedef enum
{
  LIVE_PROP_LOCATION = 1,
  LIVE_PROP_ENABLED,
  LIVE_PROP_REQUIRED,
  LIVE_PROP_VOTE,
  LIVE_PROP_WEIGHT,
  LIVE_PROP_TLS_VALIDATION_FLAGS,
  LIVE_PROP_STATE,
  LIVE_PROP_STATS
} LiveDestinationProperty;

/* In class_init. */
void live_destination_install_properties (GObjectClass * klass);

G_END_DECLS
