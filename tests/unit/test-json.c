/* SPDX-License-Identifier: GPL-2.0-or-later
 * JSON that is written: its bytes, and that another hand's reader reads what was written. */
#include "lib/json.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define RANDOM_DOCUMENTS 300
#define DEPTH_MAX        4

/* --- bytes ----------------------------------------------------------------------------------- */

static void
write_example (AakJson *json)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/x/1");
  aak_json_add_text (json, "nothing", NULL);
  aak_json_add_bytes (json, "bytes", "\xff{");
  aak_json_add_uint (json, "large", G_MAXUINT64);
  aak_json_add_flag (json, "flag", TRUE);
  aak_json_add_texts (json, "none", texts);
  g_ptr_array_add (texts, (gpointer) "a");
  g_ptr_array_add (texts, (gpointer) "[");
  aak_json_add_texts (json, "two", texts);
  aak_json_set_member_name (json, "empty");
  aak_json_begin_object (json);
  aak_json_end_object (json);
  aak_json_set_member_name (json, "items");
  aak_json_begin_array (json);
  aak_json_begin_object (json);
  aak_json_add_flag (json, "flag", FALSE);
  aak_json_end_object (json);
  aak_json_add_int_value (json, -7);
  aak_json_begin_array (json);
  aak_json_add_null_value (json);
  aak_json_end_array (json);
  aak_json_end_array (json);
  aak_json_add_text (json, "last", "{");
  aak_json_end_object (json);
}

Test (json, several_lines)
{
  g_autoptr (AakJson) json = aak_json_new ();
  write_example (json);
  cr_expect_str_eq (aak_json_text (json), "{\n"
                                          "  \"schema\" : \"aakit/x/1\",\n"
                                          "  \"nothing\" : null,\n"
                                          "  \"bytes\" : \"\\\\xff{\",\n"
                                          "  \"large\" : 9223372036854775807,\n"
                                          "  \"flag\" : true,\n"
                                          "  \"none\" : [],\n"
                                          "  \"two\" : [\n"
                                          "    \"a\",\n"
                                          "    \"[\"\n"
                                          "  ],\n"
                                          "  \"empty\" : {},\n"
                                          "  \"items\" : [\n"
                                          "    {\n"
                                          "      \"flag\" : false\n"
                                          "    },\n"
                                          "    -7,\n"
                                          "    [\n"
                                          "      null\n"
                                          "    ]\n"
                                          "  ],\n"
                                          "  \"last\" : \"{\"\n"
                                          "}");
}

Test (json, one_line_and_again)
{
  g_autoptr (AakJson) json = aak_json_new_line ();
  for (guint i = 0; i < 2; i++)
    {
      aak_json_clear (json);
      write_example (json);
      cr_expect_str_eq (aak_json_text (json),
                        "{\"schema\":\"aakit/x/1\",\"nothing\":null,\"bytes\":\"\\\\xff{\","
                        "\"large\":9223372036854775807,\"flag\":true,\"none\":[],"
                        "\"two\":[\"a\",\"[\"],\"empty\":{},"
                        "\"items\":[{\"flag\":false},-7,[null]],\"last\":\"{\"}");
    }
}

Test (json, cleared_amid_a_document)
{
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_json_begin_object (json);
  aak_json_set_member_name (json, "a");
  aak_json_clear (json);
  aak_json_add_string_value (json, "b");
  cr_expect_str_eq (aak_json_text (json), "\"b\"");
}

Test (json, strings)
{
  AakJson *json = aak_json_new ();
  aak_json_add_string_value (json, "a\"\\/\x1f\x7f\b\f\n\r\t€");
  g_autofree char *text = aak_json_free_to_text (json);
  cr_expect_str_eq (text, "\"a\\\"\\\\/\\u001f\\u007f\\b\\f\\n\\r\\t€\"");
}

/* --- numbers --------------------------------------------------------------------------------- */

static char *
text_of_double (double value)
{
  AakJson *json = aak_json_new ();
  aak_json_add_double_value (json, value);
  return aak_json_free_to_text (json);
}

Test (json, numbers_have_the_digits_that_they_need)
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
      g_autofree char *text = text_of_double (rows[i].value);
      cr_expect_str_eq (text, rows[i].text);
    }
}

Test (json, any_double_is_read_as_it_was)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  for (guint i = 0; i < 10 * RANDOM_DOCUMENTS; i++)
    {
      double value = g_rand_double_range (rand, -1e9, 1e9) / (1 + g_rand_int_range (rand, 0, 1000));
      g_autofree char *text = text_of_double (value);
      cr_assert (g_ascii_strtod (text, NULL) == value, "%s", text);
    }
}

/* --- any document ---------------------------------------------------------------------------- */

static char *
random_string (GRand *rand)
{
  static const char *const pieces[] = { "a",    "/etc/x", "\"",   "\\", "\\x0a", "\n",
                                        "\t",   "\x01",   "\x7f", "ä",  "€",     "\b",
                                        "\x1f", "\f",     "\r",   "😀",  " ",     "/" };
  GString *text = g_string_new (NULL);
  for (gint32 n = g_rand_int_range (rand, 0, 6); n > 0; n--)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

static json_t *random_value (GRand *rand, guint depth);

static json_t *
random_array (GRand *rand, guint depth)
{
  json_t *array = json_array ();
  for (gint32 n = g_rand_int_range (rand, 0, 4); n > 0; n--)
    json_array_append_new (array, random_value (rand, depth + 1));
  return array;
}

static json_t *
random_object (GRand *rand, guint depth)
{
  json_t *object = json_object ();
  for (gint32 n = g_rand_int_range (rand, 0, 4); n > 0; n--)
    {
      g_autofree char *name = random_string (rand);
      json_object_set_new (object, name, random_value (rand, depth + 1));
    }
  return object;
}

static json_t *
random_value (GRand *rand, guint depth)
{
  switch (g_rand_int_range (rand, depth < DEPTH_MAX ? 0 : 2, 6))
    {
    case 0:
      return random_object (rand, depth);
    case 1:
      return random_array (rand, depth);
    case 2:
      return json_integer ((json_int_t) g_rand_int (rand) - G_MAXINT32);
    case 3:
      return json_boolean (g_rand_boolean (rand));
    case 4:
      return json_null ();
    default:
      {
        g_autofree char *text = random_string (rand);
        return json_string (text);
      }
    }
}

static void write_value (AakJson *json, json_t *value);

static void
write_object (AakJson *json, json_t *object)
{
  const char *name = NULL;
  json_t *value = NULL;
  aak_json_begin_object (json);
  json_object_foreach (object, name, value)
  {
    aak_json_set_member_name (json, name);
    write_value (json, value);
  }
  aak_json_end_object (json);
}

static void
write_array (AakJson *json, const json_t *array)
{
  aak_json_begin_array (json);
  for (size_t i = 0; i < json_array_size (array); i++)
    write_value (json, json_array_get (array, i));
  aak_json_end_array (json);
}

static void
write_value (AakJson *json, json_t *value)
{
  if (json_is_object (value))
    write_object (json, value);
  else if (json_is_array (value))
    write_array (json, value);
  else if (json_is_string (value))
    aak_json_add_string_value (json, json_string_value (value));
  else if (json_is_integer (value))
    aak_json_add_int_value (json, json_integer_value (value));
  else if (json_is_boolean (value))
    aak_json_add_boolean_value (json, json_boolean_value (value));
  else
    aak_json_add_null_value (json);
}

Test (json, what_is_written_is_read)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (guint i = 0; i < RANDOM_DOCUMENTS; i++)
    {
      json_t *wanted = i % 4 < 2 ? random_object (rand, 0) : random_array (rand, 0);
      g_autoptr (AakJson) json = i % 2 == 0 ? aak_json_new () : aak_json_new_line ();
      write_value (json, wanted);
      const char *text = aak_json_text (json);
      cr_assert (i % 2 == 0 || strchr (text, '\n') == NULL, "%s", text);
      json_t *found = json_loads (text, JSON_REJECT_DUPLICATES, NULL);
      cr_assert (json_equal (found, wanted), "%s", text);
      json_decref (found);
      json_decref (wanted);
    }
}
