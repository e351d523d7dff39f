/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "destinationproperties.h"

#include <gio/gio.h>
#include <gst/gst.h>

#include "ratearbiter.h"

static GType
gst_echoel_live_vote_get_type (void)
{
  static const GEnumValue values[] = {
    {ECHOEL_VOTE_QUORUM, "Yes, unless far weaker than most others", "quorum"},
    {ECHOEL_VOTE_YES, "Yes, while it carries the lowest bitrate", "yes"},
    {ECHOEL_VOTE_NO, "No", "no"},
    {0, NULL, NULL}
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstEchoelLiveVote", values));
  return type;
}

void
live_destination_install_properties (GObjectClass * klass)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  /**
   * GstEchoelLiveDestination:location:
   *
   * Where it sends to, as in #GstEchoelLiveSink:destinations; reads back
   * without the key.
   */
  g_object_class_install_property (klass, LIVE_PROP_LOCATION,
      g_param_spec_string ("location", "Location",
          "Where it sends to; reads back without the key", NULL, flags));
  /**
   * GstEchoelLiveDestination:enabled:
   *
   * Switching it off ends the stream in good order, switching it on begins a
   * new one.
   */
  g_object_class_install_property (klass, LIVE_PROP_ENABLED,
      g_param_spec_boolean ("enabled", "Enabled", "Whether to send", TRUE,
          flags));
  /**
   * GstEchoelLiveDestination:required:
   *
   * Giving the destination up is an error of the pipeline, not a warning.
   */
  g_object_class_install_property (klass, LIVE_PROP_REQUIRED,
      g_param_spec_boolean ("required", "Required",
          "Whether the pipeline fails when this destination is given up",
          FALSE, flags));
  /**
   * GstEchoelLiveDestination:vote:
   *
   * Whether what it can carry has a say in the bitrate of the encoder.
   */
  g_object_class_install_property (klass, LIVE_PROP_VOTE,
      g_param_spec_enum ("vote", "Vote",
          "Whether it has a say in the bitrate of the encoder",
          gst_echoel_live_vote_get_type (), ECHOEL_VOTE_QUORUM, flags));
  /**
   * GstEchoelLiveDestination:weight:
   *
   * For how many others it counts when it is judged who is far weaker than
   * most: one that weighs more than those that do better keeps its vote.
   */
  g_object_class_install_property (klass, LIVE_PROP_WEIGHT,
      g_param_spec_double ("weight", "Weight",
          "For how many it counts when far weaker ones lose their vote",
          0.01, 100.0, 1.0, flags));
  /**
   * GstEchoelLiveDestination:tls-validation-flags:
   *
   * What is checked of the certificate of an rtmps server; for the next
   * connection. A server of one's own with a self-signed certificate needs
   * less than all.
   */
  g_object_class_install_property (klass, LIVE_PROP_TLS_VALIDATION_FLAGS,
      g_param_spec_flags ("tls-validation-flags", "TLS validation flags",
          "What is checked of the certificate of an rtmps server",
          G_TYPE_TLS_CERTIFICATE_FLAGS, G_TLS_CERTIFICATE_VALIDATE_ALL, flags));
  /**
   * GstEchoelLiveDestination:state:
   *
   * idle, connecting, publishing, stalled, backoff, draining, ended, disabled
   * or fatal. Changes notify.
   */
  g_object_class_install_property (klass, LIVE_PROP_STATE,
      g_param_spec_string ("state", "State", "What it does at the moment",
          NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /**
   * GstEchoelLiveDestination:stats:
   *
   * The fields of the message echoellivesink-stats.
   */
  g_object_class_install_property (klass, LIVE_PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "What was sent, dropped and measured so far", GST_TYPE_STRUCTURE,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}
