/* SPDX-License-Identifier: GPL-2.0-or-later
 * JSON text: as json-glib writes it, but for numbers with a fraction. */
#include "lib/json-line.h"
#include "lib/json-text.h"

#include <criterion/criterion.h>
#include <string.h>

#define RANDOM_DOCUMENTS 300
#define DEPTH_MAX        4

static char *
by_json_glib (JsonNode *root)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/* json-glib leaves the byte 0x1f as it is, which JSON forbids: no string has it here. */
static char *
random_string (GRand *rand)
{
  static const char *const pieces[] = { "a",    "/etc/x", "\"",   "\\", "\\x0a", "\n",
                                        "\t",   "\x01",   "\x7f", "ä",  "€",     "\b",
                                        "\x1e", "\f",     "\r",   "😀",  " ",     "/" };
  GString *text = g_string_new (NULL);
  for (gint32 n = g_rand_int_range (rand, 0, 6); n > 0; n--)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

static JsonNode *random_node (GRand *rand, guint depth);

static JsonNode *
random_array (GRand *rand, guint depth)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  for (gint32 n = g_rand_int_range (rand, 0, 4); n > 0; n--)
    json_array_add_element (array, random_node (rand, depth + 1));
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
random_object (GRand *rand, guint depth)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  for (gint32 n = g_rand_int_range (rand, 1, 4); n > 0; n--)
    {
      g_autofree char *name = random_string (rand);
      json_object_set_member (object, name, random_node (rand, depth + 1));
    }
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
random_node (GRand *rand, guint depth)
{
  switch (g_rand_int_range (rand, depth < DEPTH_MAX ? 0 : 2, 6))
    {
    case 0:
      return random_object (rand, depth);
    case 1:
      return random_array (rand, depth);
    case 2:
      return json_node_init_int (json_node_alloc (), (gint64) g_rand_int (rand) - G_MAXINT32);
    case 3:
      return json_node_init_boolean (json_node_alloc (), g_rand_boolean (rand));
    case 4:
      return json_node_init_null (json_node_alloc ());
    default:
      {
        g_autofree char *text = random_string (rand);
        return json_node_init_string (json_node_alloc (), text);
      }
    }
}

Test (json_text, is_what_json_glib_writes)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (guint i = 0; i < RANDOM_DOCUMENTS; i++)
    {
      g_autoptr (JsonNode) root = i % 2 == 0 ? random_object (rand, 0) : random_array (rand, 0);
      g_autofree char *wanted = by_json_glib (root);
      g_autofree char *found = aak_json_text (root);
      cr_assert_str_eq (found, wanted);
    }
}

Test (json_text, numbers_have_the_digits_that_they_need)
{
  static const struct
  {
    double value;
    char text[24];
  } rows[] = {
    { 7.9, "7.9" },    { 0.1 + 0.2, "0.30000000000000004" },
    { 10, "10.0" },    { 0, "0.0" },
    { -2.5, "-2.5" },  { 1e300, "1e+300" },
    { 1e-7, "1e-07" }, { 0.07, "0.07" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = json_node_init_double (json_node_alloc (), rows[i].value);
      g_autofree char *text = aak_json_text (node);
      cr_expect_str_eq (text, rows[i].text);
    }
}

Test (json_text, any_double_is_read_as_it_was)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  for (guint i = 0; i < 10 * RANDOM_DOCUMENTS; i++)
    {
      double value = g_rand_double_range (rand, -1e9, 1e9) / (1 + g_rand_int_range (rand, 0, 1000));
      g_autoptr (JsonNode) node = json_node_init_double (json_node_alloc (), value);
      g_autofree char *text = aak_json_text (node);
      cr_assert (g_ascii_strtod (text, NULL) == value, "%s", text);
    }
}

Test (json_line, members_of_an_object)
{
  g_autoptr (GString) line = g_string_new ("{");
  aak_json_line_text (line, "a", "x\"");
  aak_json_line_bytes (line, "b", "\xff{");
  aak_json_line_flag (line, "c", TRUE);
  aak_json_line_text (line, "d", "{");
  aak_json_line_flag (line, "e", FALSE);
  g_string_append_c (line, '}');
  g_autoptr (JsonNode) root = json_from_string (line->str, NULL);
  g_autofree char *text = json_to_string (root, FALSE);
  cr_expect_str_eq (line->str, text);
  cr_expect_str_eq (text,
                    "{\"a\":\"x\\\"\",\"b\":\"\\\\xff{\",\"c\":true,\"d\":\"{\",\"e\":false}");
}

Test (json_text, strings)
{
  g_autoptr (GString) out = g_string_new (NULL);
  aak_json_append_string (out, "a\"\\\x1f\n€");
  cr_expect_str_eq (out->str, "\"a\\\"\\\\\\u001f\\n€\"");
}
