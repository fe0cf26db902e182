/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of patterns: every entry passes its own tests, and a damaged table is refused. */
#include "learn/path-match.h"
#include "learn/path-widen.h"
#include "learn/pattern-table.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <string.h>

/* Every path on the way to @path, and itself. */
static GHashTable *
all_created (const char *path)
{
  GHashTable *created = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (const char *slash = strchr (path + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    g_hash_table_add (created, g_strndup (path, (gsize) (slash - path) + 1));
  g_hash_table_add (created, g_strdup (path));
  return created;
}

/* What becomes of @path where all that @certain asks for holds, or, not @met, does not. */
static char *
widen (const AakCertainPattern *certain, const char *path, gboolean met, const char **out_pass)
{
  g_autoptr (GHashTable) created =
      met && certain->own ? all_created (path) : g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (AakVolumes) volumes = aak_volumes_new ();
  AakOwnPaths own = { created, volumes, NULL };
  g_autoptr (AakPathWiden) widened =
      aak_path_widen_new (path, &own, met ? certain->read : !certain->read);
  char *pattern = aak_path_widen_pattern (widened, G_MAXUINT, out_pass);
  cr_expect (aak_path_match (pattern, path), "%s: %s does not match %s", certain->id, pattern,
             path);
  return pattern;
}

static void
expect_becomes (const AakCertainPattern *certain, const AakPatternExample *example)
{
  const char *pass = NULL;
  g_autofree char *pattern = widen (certain, example->path, TRUE, &pass);
  cr_expect_str_eq (pattern, example->pattern, "%s: %s", certain->id, pattern);
  if (!certain->own && !certain->read)
    return;
  g_autofree char *unmet G_GNUC_UNUSED = widen (certain, example->path, FALSE, &pass);
  cr_expect (pass == NULL || strcmp (pass, certain->id) != 0, "%s: %s is widened always",
             certain->id, example->path);
}

/* TRUE where @certain alone would match a name of @path. */
static gboolean
is_touched (const AakCertainPattern *certain, const char *path)
{
  const char *pass = NULL;
  g_autofree char *pattern G_GNUC_UNUSED = widen (certain, path, TRUE, &pass);
  return pass != NULL && strcmp (pass, certain->id) == 0;
}

Test (pattern_table, each_entry_passes_its_own_tests)
{
  const AakPatternTable *table = aak_pattern_table ();
  cr_expect_geq (table->patterns->len, 15);
  for (guint i = 0; i < table->patterns->len; i++)
    {
      const AakCertainPattern *certain = table->patterns->pdata[i];
      for (guint k = 0; k < certain->becomes->len; k++)
        expect_becomes (certain, certain->becomes->pdata[k]);
      for (char **path = certain->stays; *path != NULL; path++)
        cr_expect (!is_touched (certain, *path), "%s: %s is widened", certain->id, *path);
    }
}

/* --- damaged tables --------------------------------------------------------------------------- */

#define HEAD            "schema: \"aakit/generalise/1\"\n"
#define ITEM            "id: \"a\", why: \"b\", source: \"c\""
#define TESTS           "becomes: [{path: \"/7\", pattern: \"/x\"}], stays: [\"/8\"]"
#define GOOD            "patterns:\n  - {" ITEM ", name: \"7\", pattern: \"x\", " TESTS "}\n"
#define PUBLIC_OF(keys) "public:\n  - {id: \"p\", why: \"b\", source: \"c\", " keys "}\n"
#define PUBLIC_TESTS    "becomes: [\"/a/x\"], stays: [\"/b\"]"
#define PUBLIC          PUBLIC_OF ("below: [\"/a/\"], perms: \"r\", count: \"files\", " PUBLIC_TESTS)
#define MODULES         "modules: {names: [\"python\"], kinds: [\"py\"]}\n"
#define TAIL                                                                       \
  "content: {system: [\"/etc/\"], except: [], code: [\"lib\"], kinds: [\"so\"]}\n" \
  "data: {shared: [\"/tmp/\"]}\n" PUBLIC MODULES

static AakPatternTable *
read_text (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return aak_pattern_table_read ("t", bytes, error);
}

static void
expect_refused (const char *text, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPatternTable) table = read_text (text, &error);
  cr_assert_null (table, "%s", text);
  cr_expect (g_str_has_prefix (error->message, place), "%s: %s", text, error->message);
}

static void
expect_entry_refused (const char *keys)
{
  g_autofree char *text = g_strdup_printf (HEAD "patterns:\n  - {%s}\n" TAIL, keys);
  expect_refused (text, "t:3:");
}

Test (pattern_table, damaged_tables)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPatternTable) good = read_text (HEAD GOOD TAIL, &error);
  cr_assert_not_null (good, "%s", error != NULL ? error->message : "");
  expect_refused ("schema: \"aakit/learned/1\"\n" GOOD TAIL, "t:1:");
  expect_refused ("schema: \"aakit/generalise/2\"\n" GOOD TAIL, "t: ");
  expect_refused (HEAD GOOD, "t:1:");
  expect_refused (HEAD TAIL, "t:1:");
  expect_refused (HEAD GOOD TAIL "more: []\n", "t:9:");
  expect_refused (HEAD GOOD "content: {system: []}\n", "t:1:");
  expect_refused (HEAD GOOD "content: {system: []}\ndata: {shared: [\"/tmp\"]}\n", "t:5:");
  expect_refused (HEAD GOOD "content: {system: [\"/etc\"]}\n", "t:4:");
  expect_refused (HEAD GOOD "content: {other: [\"/etc/\"]}\n", "t:4:");
  expect_refused (HEAD GOOD "  - {" ITEM ", name: \"7\", pattern: \"x\", " TESTS "}\n" TAIL,
                  "t:4:");
  expect_entry_refused ("why: \"b\", source: \"c\", name: \"7\", pattern: \"x\", " TESTS);
  expect_entry_refused (
      "id: \"A\", why: \"b\", source: \"c\", name: \"7\", pattern: \"x\", " TESTS);
  expect_entry_refused (ITEM ", pattern: \"x\", " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", part: \"7\", pattern: \"x\", " TESTS);
  expect_entry_refused (ITEM ", name: \"(\", pattern: \"x\", " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"\", " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"\\\\1\", " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"a b\", " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"a/b\", " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", becomes: [], stays: [\"/8\"]");
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", stays: [\"/8\"]");
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", when: [\"now\"], " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", below: [\"a\"], " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", below: [\"/a/\"], " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", below: [\"/**/a\"], " TESTS);
  expect_entry_refused (ITEM ", name: \"7\", pattern: \"x\", other: \"y\", " TESTS);
}
