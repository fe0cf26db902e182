/* SPDX-License-Identifier: GPL-2.0-or-later
 * Patterns as automatons: what they match, and which of two matches more. The compiled policy is
 * the judge. */
#include "lib/policy/glob.h"
#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#define RANDOM_PATTERNS 120
#define RANDOM_NAMES    60
#define RANDOM_PAIRS    20000
#define RANDOM_UNIONS   2000

static const struct
{
  char pattern[40];
  char name[24];
  gboolean matches;
} names[] = {
  { "/a", "/a", TRUE },          { "/a", "/ab", FALSE },         { "/a", "/", FALSE },
  { "/*", "/", FALSE },          { "/*", "/a", TRUE },           { "/*", "/a/b", FALSE },
  { "/a*", "/a", TRUE },         { "/**", "/", FALSE },          { "/**", "/a/b/", TRUE },
  { "/**/", "//", FALSE },       { "/**/", "/a/b/", TRUE },      { "/**b", "/b", TRUE },
  { "/***", "/", FALSE },        { "/?", "/a", TRUE },           { "/?", "//", FALSE },
  { "/[a-c]x", "/bx", TRUE },    { "/[a-c]x", "/dx", FALSE },    { "/[^a]x", "/bx", TRUE },
  { "/[^a]x", "/ax", FALSE },    { "/{a,bc,}x", "/bcx", TRUE },  { "/{a,bc,}x", "/x", TRUE },
  { "/{a,bc,}x", "/bx", FALSE }, { "/{a{1,2},b}", "/a2", TRUE }, { "/{a{1,2},b}", "/a", FALSE },
  { "/\\*", "/*", TRUE },        { "/\\*", "/a", FALSE },        { "/\\052", "/*", TRUE },
  { "/a,b", "/a,b", TRUE },      { "/a.b", "/axb", FALSE },      { "/{,**}", "/", TRUE },
};

Test (policy_glob, names)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (AakPolicyGlob) glob = aak_policy_glob_new (names[i].pattern);
      cr_assert_not_null (glob, "%s", names[i].pattern);
      cr_assert_eq (aak_policy_glob_match (glob, names[i].name, strlen (names[i].name)),
                    names[i].matches, "%s %s", names[i].pattern, names[i].name);
    }
}

Test (policy_glob, what_is_none)
{
  static const char *const none[] = { "/{a}",   "/{a",     "/a}",   "/[",     "/[]",
                                      "/[a",    "/]",      "/\\",   "/\\q",   "/\\09",
                                      "/\\000", "/[a\\]]", "/[-a]", "/[z-a]", "/{a,{b}" };
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    cr_assert_null (aak_policy_glob_new (none[i]), "%s", none[i]);
  g_autoptr (GString) deep = g_string_new ("/");
  for (guint i = 0; i < 60; i++)
    g_string_append (deep, "{a,");
  cr_assert_null (aak_policy_glob_new (deep->str));
  g_autofree char *longest = g_strnfill (2 * AAK_POLICY_GLOB_MAX, '*');
  cr_assert_null (aak_policy_glob_new (longest));
}

static const struct
{
  char outer[40];
  char inner[40];
  gboolean includes;
} pairs[] = {
  { "/**", "/a/*", TRUE },
  { "/*", "/a*", TRUE },
  { "/a*", "/*", FALSE },
  { "/**", "/{,**}", FALSE },
  { "/{,**}", "/**", TRUE },
  { "/a/**", "/a/{b,c}/[0-9]*", TRUE },
  { "/{a,b}*", "/[ab]x", TRUE },
  { "/[ab]*", "/{a,b,c}x", FALSE },
  { "/*.so*", "/lib.so.[0-9]*", TRUE },
  { "/*.so*", "/**.so", FALSE },
  { "/?", "/[^/]", TRUE },
  { "/[^a]", "/?", FALSE },
  { "/{usr/,}lib{,32,64}/**", "/usr/lib/groff/**", TRUE },
  { "/*/", "/*", FALSE },
  { "/{**,}", "/", TRUE },
};

Test (policy_glob, inclusion)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (AakPolicyGlob) outer = aak_policy_glob_new (pairs[i].outer);
      g_autoptr (AakPolicyGlob) inner = aak_policy_glob_new (pairs[i].inner);
      guint64 budget = 100000000;
      cr_assert_eq (aak_policy_glob_includes (outer, inner, &budget), pairs[i].includes, "%s %s",
                    pairs[i].outer, pairs[i].inner);
      budget = 1;
      cr_assert (!aak_policy_glob_includes (outer, inner, &budget)
                 || aak_policy_glob_is_exact (inner));
    }
}

static const struct
{
  char pattern[24];
  char prefix[12];
} prefixes[] = {
  { "/a/b", "/a/b" }, { "/a/*", "/a/" },        { "{/a/b,/a/c}d", "/a/" }, { "/{,a}b", "/" },
  { "/a*", "/a" },    { "/{aa,a}{a,b}", "/a" }, { "/a{b,b}c", "/abc" },    { "/[a]b", "/" },
};

Test (policy_glob, prefixes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autoptr (AakPolicyGlob) glob = aak_policy_glob_new (prefixes[i].pattern);
      cr_assert_str_eq (aak_policy_glob_prefix (glob), prefixes[i].prefix, "%s",
                        prefixes[i].pattern);
    }
}

/* --- random ---------------------------------------------------------------------------------- */

static void
random_part (GRand *rand, GString *out, guint depth)
{
  static const char *const parts[] = { "a",    "b",    "/",      "*",   "**", "?",
                                       "[ab]", "[^b]", "[a-b]/", "\\*", "a/", "." };
  guint choice = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (parts) + (depth < 2 ? 2 : 0));
  if (choice < G_N_ELEMENTS (parts))
    {
      g_string_append (out, parts[choice]);
      return;
    }
  g_string_append_c (out, '{');
  for (gint i = g_rand_int_range (rand, 2, 4); i > 0; i--)
    {
      for (gint k = g_rand_int_range (rand, 0, 3); k > 0; k--)
        random_part (rand, out, depth + 1);
      g_string_append_c (out, i > 1 ? ',' : '}');
    }
}

/* One that apparmor_parser reads as it stands: without slashes in a row. */
static char *
random_pattern (GRand *rand)
{
  for (;;)
    {
      g_autoptr (GString) out = g_string_new ("/");
      for (gint i = g_rand_int_range (rand, 1, 6); i > 0; i--)
        random_part (rand, out, 0);
      if (strstr (out->str, "//") == NULL)
        return g_string_free (g_steal_pointer (&out), FALSE);
    }
}

static char *
random_name (GRand *rand)
{
  static const char letters[] = "aabb//.*c";
  GString *out = g_string_new ("/");
  for (gint i = g_rand_int_range (rand, 0, 7); i > 0; i--)
    g_string_append_c (out, letters[g_rand_int_range (rand, 0, sizeof letters - 1)]);
  return g_string_free (out, FALSE);
}

/* A text with a profile pN for the pattern N of @patterns. */
static char *
profiles_for (GPtrArray *patterns)
{
  g_autoptr (GString) text = g_string_new ("abi <abi/3.0>,\n");
  for (guint i = 0; i < patterns->len; i++)
    g_string_append_printf (text, "profile p%u {\n  \"%s\" r,\n}\n", i,
                            (const char *) patterns->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

Test (policy_glob, the_compiled_policy_agrees)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GPtrArray) patterns = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < RANDOM_PATTERNS; i++)
    g_ptr_array_add (patterns, random_pattern (rand));
  g_autofree char *text = profiles_for (patterns);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  guint matched = 0;
  for (guint i = 0; i < patterns->len; i++)
    {
      g_autofree char *label = g_strdup_printf ("p%u", i);
      g_autoptr (AakPolicyGlob) glob = aak_policy_glob_new (patterns->pdata[i]);
      cr_assert_not_null (glob, "%s", (char *) patterns->pdata[i]);
      const char *sample = aak_policy_glob_sample (glob);
      cr_assert (aak_policy_glob_match (glob, sample, strlen (sample)), "%s %s",
                 (char *) patterns->pdata[i], sample);
      for (guint k = 0; k < RANDOM_NAMES; k++)
        {
          g_autofree char *name = random_name (rand);
          gboolean allowed = aak_policy_query_file (aak_policy_set_find (set, label),
                                                    aak_name (name), AAK_MAY_READ, FALSE)
                                 .allowed;
          matched += allowed;
          cr_assert_eq (aak_policy_glob_match (glob, name, strlen (name)), allowed, "%s %s",
                        (char *) patterns->pdata[i], name);
        }
    }
  cr_assert_gt (matched, RANDOM_PATTERNS);
}

/* A union matches what any of its patterns does, and includes each of them. */
Test (policy_glob, unions)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  for (guint i = 0; i < RANDOM_UNIONS; i++)
    {
      g_autoptr (GPtrArray) globs =
          g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_glob_free);
      for (gint n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        {
          g_autofree char *pattern = random_pattern (rand);
          g_ptr_array_add (globs, aak_policy_glob_new (pattern));
        }
      g_autoptr (AakPolicyGlob) all = aak_policy_glob_union (globs);
      for (guint k = 0; k < 20; k++)
        {
          g_autofree char *name = random_name (rand);
          gboolean any = FALSE;
          for (guint j = 0; j < globs->len; j++)
            any |= aak_policy_glob_match (globs->pdata[j], name, strlen (name));
          cr_assert_eq (aak_policy_glob_match (all, name, strlen (name)), any, "%s", name);
        }
      guint64 budget = 100000000;
      for (guint j = 0; j < globs->len; j++)
        cr_assert (aak_policy_glob_includes (all, globs->pdata[j], &budget));
    }
  g_autofree char *longest = g_strnfill (AAK_POLICY_GLOB_MAX - 100, 'a');
  g_autofree char *path = g_strconcat ("/", longest, NULL);
  g_autoptr (GPtrArray) large =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_glob_free);
  g_ptr_array_add (large, aak_policy_glob_new (path));
  g_ptr_array_add (large, aak_policy_glob_new (path));
  cr_assert_null (aak_policy_glob_union (large));
}

/* What one pattern includes, names that the other matches are matched by; where it does not, some
 * are not. */
Test (policy_glob, inclusion_holds_for_names)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint included = 0;
  for (guint i = 0; i < RANDOM_PAIRS; i++)
    {
      g_autofree char *a = random_pattern (rand), *b = random_pattern (rand);
      g_autoptr (AakPolicyGlob) outer = aak_policy_glob_new (a), inner = aak_policy_glob_new (b);
      guint64 budget = 100000000;
      cr_assert (aak_policy_glob_includes (inner, inner, &budget), "%s", b);
      gboolean includes = aak_policy_glob_includes (outer, inner, &budget);
      included += includes;
      for (guint k = 0; k < 10; k++)
        {
          g_autofree char *name = random_name (rand);
          cr_assert (!includes || !aak_policy_glob_match (inner, name, strlen (name))
                         || aak_policy_glob_match (outer, name, strlen (name)),
                     "%s %s %s", a, b, name);
        }
      cr_assert (g_str_has_prefix (aak_policy_glob_sample (inner), aak_policy_glob_prefix (inner)));
    }
  cr_assert_gt (included, RANDOM_PAIRS / 200);
}
