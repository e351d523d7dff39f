/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every element of the plugin: states, properties and request pads. */
#include <gst/check/gstcheck.h>

/* What an element cannot do without. */
static const struct
{
  const gchar *factory, *property, *value;
} needs[] = {
  /* *INDENT-OFF* */
  {"echoelpreset", "platform", "tiktok"},
  /* *INDENT-ON* */
};

typedef void (*Check) (GstElement * element);

static GstElement *
make_ready_to_run (const gchar * factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);
  guint i;

  fail_unless (element != NULL, "%s cannot be made", factory);
  for (i = 0; i < G_N_ELEMENTS (needs); i++)
    if (g_str_equal (needs[i].factory, factory))
      gst_util_set_object_arg (G_OBJECT (element), needs[i].property,
          needs[i].value);
  return element;
}

static void
for_each_element (Check check)
{
  GList *features = gst_registry_get_feature_list_by_plugin
      (gst_registry_get (), "echoel"), *item;
  guint n = 0;

  for (item = features; item != NULL; item = item->next) {
    GstElement *element;

    if (!GST_IS_ELEMENT_FACTORY (item->data))
      continue;
    element = make_ready_to_run (GST_OBJECT_NAME (item->data));
    check (element);
    gst_element_set_state (element, GST_STATE_NULL);
    ASSERT_OBJECT_REFCOUNT (element, GST_OBJECT_NAME (item->data), 1);
    gst_object_unref (element);
    n++;
  }
  fail_unless (n >= 2, "the plugin has %u elements", n);
  gst_plugin_feature_list_free (features);
}

/* Without data a sink stays on its way to PAUSED; nothing else does. */
static void
go (GstElement * element, GstState state)
{
  GstStateChangeReturn result = gst_element_set_state (element, state);

  fail_if (result == GST_STATE_CHANGE_FAILURE, "%s does not go to %s",
      GST_OBJECT_NAME (element), gst_element_state_get_name (state));
  if (!GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK))
    fail_if (result == GST_STATE_CHANGE_ASYNC, "%s waits before %s",
        GST_OBJECT_NAME (element), gst_element_state_get_name (state));
}

static void
check_states (GstElement * element)
{
  static const GstState path[] = {
    /* *INDENT-OFF* */
    GST_STATE_READY, GST_STATE_NULL,
    GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL,
    GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED,
    GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_PAUSED,
    GST_STATE_READY, GST_STATE_NULL,
    GST_STATE_PLAYING, GST_STATE_NULL, GST_STATE_PLAYING, GST_STATE_READY,
    GST_STATE_PLAYING, GST_STATE_NULL,
    /* *INDENT-ON* */
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (path); i++)
    go (element, path[i]);
}

GST_START_TEST (test_elements_go_through_all_states)
{
  for_each_element (check_states);
}

GST_END_TEST;

static void
check_unused (GstElement * element)
{
}

GST_START_TEST (test_elements_can_be_made_and_dropped)
{
  for_each_element (check_unused);
}

GST_END_TEST;

/* Whether the object's own @name reads as @want. */
static void
assert_value (GObject * object, GParamSpec * spec, const GValue * want)
{
  GValue have = G_VALUE_INIT;

  g_value_init (&have, spec->value_type);
  g_object_get_property (object, spec->name, &have);
  fail_unless (g_param_values_cmp (spec, &have, want) == 0
      || gst_value_compare (&have, want) == GST_VALUE_EQUAL,
      "%s of %s is %s and not %s", spec->name, G_OBJECT_TYPE_NAME (object),
      gst_value_serialize (&have), gst_value_serialize (want));
  g_value_unset (&have);
}

static gboolean
is_own (GParamSpec * spec)
{
  return spec->owner_type != GST_TYPE_OBJECT
      && spec->owner_type != GST_TYPE_ELEMENT
      && spec->owner_type != GST_TYPE_BIN;
}

static void
check_properties (GstElement * element)
{
  GstElement *fresh = gst_element_factory_make (GST_OBJECT_NAME
      (gst_element_get_factory (element)), NULL);
  GObject *object = G_OBJECT (fresh);
  GParamSpec **specs;
  guint i, n;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n);
  for (i = 0; i < n; i++) {
    const GValue *value = g_param_spec_get_default_value (specs[i]);
    GValue read = G_VALUE_INIT;

    if (!is_own (specs[i]))
      continue;
    fail_unless (g_param_spec_get_blurb (specs[i]) != NULL);
    if (specs[i]->flags & G_PARAM_READABLE) {
      g_value_init (&read, specs[i]->value_type);
      g_object_get_property (object, specs[i]->name, &read);
      g_value_unset (&read);
    }
    if ((specs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE
        || specs[i]->flags & G_PARAM_CONSTRUCT_ONLY)
      continue;
    assert_value (object, specs[i], value);
    g_object_set_property (object, specs[i]->name, value);
    assert_value (object, specs[i], value);
  }
  g_free (specs);
  gst_object_unref (fresh);
}

GST_START_TEST (test_properties_have_their_defaults)
{
  for_each_element (check_properties);
}

GST_END_TEST;

/* What holds stream keys reads back without them. */
static gboolean
is_redacted (GParamSpec * spec)
{
  return g_str_equal (spec->name, "destinations");
}

/* Any value that a property's description allows can be written and read
 * back, in any state, without a warning. */
static void
check_limits (GstElement * element)
{
  GObject *object = G_OBJECT (element);
  GParamSpec **specs;
  guint i, n;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n);
  for (i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    if (!is_own (specs[i]) || is_redacted (specs[i])
        || (specs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE)
      continue;
    g_value_init (&value, specs[i]->value_type);
    if (G_IS_PARAM_SPEC_STRING (specs[i])) {
      g_value_set_static_string (&value, "no-such-thing");
    } else if (G_IS_PARAM_SPEC_ENUM (specs[i])) {
      g_value_set_enum (&value,
          G_PARAM_SPEC_ENUM (specs[i])->enum_class->maximum);
    } else if (G_IS_PARAM_SPEC_INT (specs[i])) {
      g_value_set_int (&value, G_PARAM_SPEC_INT (specs[i])->maximum);
    } else if (G_IS_PARAM_SPEC_UINT (specs[i])) {
      g_value_set_uint (&value, G_PARAM_SPEC_UINT (specs[i])->maximum);
    } else if (G_IS_PARAM_SPEC_UINT64 (specs[i])) {
      g_value_set_uint64 (&value, G_PARAM_SPEC_UINT64 (specs[i])->maximum);
    } else if (G_IS_PARAM_SPEC_DOUBLE (specs[i])) {
      g_value_set_double (&value, G_PARAM_SPEC_DOUBLE (specs[i])->maximum);
    } else if (G_IS_PARAM_SPEC_BOOLEAN (specs[i])) {
      g_value_set_boolean (&value, TRUE);
    } else if (GST_IS_PARAM_SPEC_FRACTION (specs[i])) {
      gst_value_set_fraction (&value, 60000, 1001);
    } else {
      g_value_unset (&value);
      continue;
    }
    g_object_set_property (object, specs[i]->name, &value);
    assert_value (object, specs[i], &value);
    g_value_unset (&value);
  }
  g_free (specs);
}

GST_START_TEST (test_properties_keep_what_they_are_given)
{
  for_each_element (check_limits);
}

GST_END_TEST;

static void
request_and_release (GstElement * element)
{
  const GList *item;

  for (item = gst_element_class_get_pad_template_list
      (GST_ELEMENT_GET_CLASS (element)); item != NULL; item = item->next) {
    GstPadTemplate *template = item->data;
    guint before = element->numpads;
    GstPad *pad;

    if (template->presence != GST_PAD_REQUEST)
      continue;
    pad = gst_element_request_pad (element, template, NULL, NULL);
    fail_unless (pad != NULL, "%s gives no %s", GST_OBJECT_NAME (element),
        template->name_template);
    fail_unless (GST_PAD_PARENT (pad) == element);
    fail_unless (GST_PAD_DIRECTION (pad) == template->direction);
    fail_unless (element->numpads > before);
    gst_element_release_request_pad (element, pad);
    fail_unless (GST_PAD_PARENT (pad) == NULL);
    fail_unless_equals_int (element->numpads, before);
    ASSERT_OBJECT_REFCOUNT (pad, "released pad", 1);
    gst_object_unref (pad);
  }
}

static void
check_request_pads (GstElement * element)
{
  guint i;

  for (i = 0; i < 2; i++) {
    request_and_release (element);
    go (element, GST_STATE_READY);
    request_and_release (element);
    go (element, GST_STATE_PAUSED);
    request_and_release (element);
    go (element, GST_STATE_PLAYING);
    request_and_release (element);
    request_and_release (element);
    go (element, GST_STATE_NULL);
  }
}

GST_START_TEST (test_request_pads_come_and_go_in_any_state)
{
  for_each_element (check_request_pads);
}

GST_END_TEST;

/* Pads that nobody released go with the element. */
static void
leave_request_pads (GstElement * element)
{
  const GList *item;

  for (item = gst_element_class_get_pad_template_list
      (GST_ELEMENT_GET_CLASS (element)); item != NULL; item = item->next) {
    GstPadTemplate *template = item->data;
    GstPad *pad;

    if (template->presence != GST_PAD_REQUEST)
      continue;
    pad = gst_element_request_pad (element, template, NULL, NULL);
    fail_unless (pad != NULL);
    gst_object_unref (pad);
  }
  go (element, GST_STATE_PLAYING);
}

GST_START_TEST (test_request_pads_go_with_the_element)
{
  for_each_element (leave_request_pads);
}

GST_END_TEST;

static void
check_description (GstElement * element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *keys[] = { GST_ELEMENT_METADATA_LONGNAME,
    GST_ELEMENT_METADATA_KLASS, GST_ELEMENT_METADATA_DESCRIPTION,
    GST_ELEMENT_METADATA_AUTHOR
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++) {
    const gchar *text = gst_element_factory_get_metadata (factory, keys[i]);

    fail_unless (text != NULL && *text != '\0', "%s has no %s",
        GST_OBJECT_NAME (factory), keys[i]);
  }
  fail_unless_equals_int (gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE
          (factory)), GST_RANK_NONE);
}

GST_START_TEST (test_elements_are_described)
{
  for_each_element (check_description);
}

GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *s = suite_create ("states");
  TCase *tc = tcase_create ("every element");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_elements_can_be_made_and_dropped);
  tcase_add_test (tc, test_elements_go_through_all_states);
  tcase_add_test (tc, test_properties_have_their_defaults);
  tcase_add_test (tc, test_properties_keep_what_they_are_given);
  tcase_add_test (tc, test_request_pads_come_and_go_in_any_state);
  tcase_add_test (tc, test_request_pads_go_with_the_element);
  tcase_add_test (tc, test_elements_are_described);
  return s;
}

GST_CHECK_MAIN (states);
