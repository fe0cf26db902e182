/* SPDX-License-Identifier: GPL-2.0-or-later
 * Every text comes back as itself; damaged files are refused with a position. */
#include "lib/error.h"
#include "lib/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

static AakYaml *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return aak_yaml_parse ("f.yaml", bytes, error);
}

Test (yaml, texts_keep_their_type)
{
  static const char *const texts[] = { "true", "0644", "",  "~",     "a: b", "- x",
                                       "#",    "\"",   "'", "\\x0a", "ü",    "null" };
  g_autoptr (AakYamlWriter) writer = aak_yaml_writer_new ();
  aak_yaml_begin_map (writer);
  aak_yaml_key (writer, "list");
  aak_yaml_begin_list (writer);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    aak_yaml_put_text (writer, texts[i]);
  aak_yaml_end_list (writer);
  aak_yaml_pair_uint (writer, "n", G_MAXUINT64);
  aak_yaml_end_map (writer);
  g_autoptr (GBytes) bytes = aak_yaml_writer_end (writer);

  g_autoptr (GError) error = NULL;
  g_autoptr (AakYaml) yaml = aak_yaml_parse ("f.yaml", bytes, &error);
  cr_assert_not_null (yaml, "%s", error ? error->message : "");
  AakYamlNode list;
  guint length = 0;
  guint64 n = 0;
  cr_assert (aak_yaml_get (aak_yaml_root (yaml), "list", &list, &error));
  cr_assert (aak_yaml_length (list, &length, &error));
  cr_assert_eq (length, G_N_ELEMENTS (texts));
  for (guint i = 0; i < length; i++)
    cr_expect_str_eq (aak_yaml_text (aak_yaml_item (list, i), &error), texts[i]);
  cr_assert (aak_yaml_get_uint (aak_yaml_root (yaml), "n", &n, &error));
  cr_expect_eq (n, G_MAXUINT64);
}

static const struct
{
  const char *text;
  const char *message;
} refused[] = {
  { "", "f.yaml:1:1: the file is empty" },
  { "a: [1, 2", "f.yaml:2:1: " },
  { "a: 1\na: 2\n", "f.yaml:2:1: the key 'a' appears twice" },
  { "a: &x [1]\nb: *x\n", "f.yaml:1:4: anchors and aliases are not accepted" },
  { "a: 1\nb: &x 2\n", "f.yaml:2:4: anchors and aliases are not accepted" },
  { "a: !!str 1\n", "f.yaml:1:4: tags are not accepted" },
  { "a: !x [1]\n", "f.yaml:1:4: tags are not accepted" },
  { "{a: {}, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, j: 1, k: 1, l: 1, m: 1, n: 1, o: 1, "
    "p: 1, q: 1, a: 1}",
    "f.yaml:1:105: the key 'a' appears twice" },
  { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "f.yaml:1:65: nested" },
  { "? [a]\n: 1\n", "f.yaml:1:3: a key must be a plain word" },
  { "a: 1\n---\nb: 2\n", "more than one document" },
  { "a: \xff\xfe\n", "f.yaml:" },
  { "\"a\\0b\": 1\n", "a key must be a plain word" },
};

Test (yaml, damaged_files_are_refused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AakYaml) yaml = parse (refused[i].text, &error);
      cr_expect_null (yaml);
      cr_assert_not_null (error);
      cr_expect_not_null (strstr (error->message, refused[i].message), "%s", error->message);
      cr_expect_eq (error->code, AAK_ERROR_INVALID);
    }
}

Test (yaml, schema)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakYaml) good = parse ("schema: aakit/learned/1\n", &error);
  cr_expect (aak_yaml_check_schema (good, "learned", 1, &error));
  g_autoptr (AakYaml) newer = parse ("schema: aakit/learned/2\n", &error);
  cr_expect_not (aak_yaml_check_schema (newer, "learned", 1, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NEWER_SCHEMA));
  g_clear_error (&error);
  g_autoptr (AakYaml) other = parse ("schema: aakit/bundle/1\n", &error);
  cr_expect_not (aak_yaml_check_schema (other, "learned", 1, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}
