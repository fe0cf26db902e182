/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is called redundant or denied can be removed, all of it at once, and nothing changes: the
 * compiled policy is the judge. */
#include "compile/lint.h"
#include "lib/policy/inclusion.h"
#include "tests/unit/policy-fixture.h"

#define RANDOM_PROFILES 150
#define RULES           14

static void
random_path (GRand *rand, GString *out)
{
  static const char *const paths[] = {
    "/a",    "/a/b",   "/a/*",    "/a/**",   "/**",      "/{a,b}/c",   "/[ab]/c", "/b/c",
    "/a/b/", "/*",     "@{X}/c",  "/a{,/b}", "/{a,b}/*", "@{Y}c",      "/a/c",    "/{**,}",
    "/a/?",  "/b/**/", "@{X}/**", "/a/b*",   "/a/[c-e]", "@{X}*",      "/b/*/c",  "/a/b/c",
    "@{Z}",  "@{Z}/c", "/a@{X}/", "@{W}",    "@{W}/*",   "/{a@{Y},b}",
  };
  g_string_append (out, paths[g_rand_int_range (rand, 0, G_N_ELEMENTS (paths))]);
}

static void
random_file_rule (GRand *rand, GString *out)
{
  static const char *const perms[] = { "r", "w", "rw", "a", "ra", "k", "rk", "m", "rm", "l", "rl" };
  static const char *const execs[] = { "ix", "rix", "px", "x" };
  guint kind = (guint) g_rand_int_range (rand, 0, 10);
  gboolean deny = kind == 0;
  g_string_append (out, deny ? "deny " : kind == 1 ? "audit " : kind == 2 ? "owner " : "");
  random_path (rand, out);
  guint exec = (guint) g_rand_int_range (rand, 0, 12);
  g_string_append_printf (out, " %s,\n",
                          exec == 0 ? execs[deny ? 3 : g_rand_int_range (rand, 0, 2)]
                                    : perms[g_rand_int_range (rand, 0, G_N_ELEMENTS (perms))]);
}

static void
random_rule (GRand *rand, GString *out)
{
  static const char *const others[] = {
    "capability,",
    "capability chown,",
    "capability chown kill,",
    "deny capability chown,",
    "audit capability chown,",
    "network,",
    "network inet,",
    "network inet stream,",
    "network inet6 dgram,",
    "deny network inet,",
    "network unix stream,",
    "network packet,",
    "network packet raw,",
    "signal,",
    "signal (send),",
    "signal (send, receive) peer=q,",
    "signal send set=(hup, term) peer=q*,",
    "signal set=hup peer=q,",
    "signal (receive) peer=@{profile_name},",
    "signal (r) peer=p,",
    "deny signal (send) peer=q,",
    "ptrace,",
    "ptrace (read) peer=q,",
    "ptrace (read, trace) peer=q**,",
    "ptrace (readby) peer=p,",
    "ptrace readby,",
    "mount fstype=tmpfs -> /m/,",
    "mount fstype=tmpfs   ->  /m/,",
    "umount /m/,",
    "mount,",
    "change_profile -> q,",
    "link /a -> /b,",
    "link subset /a -> /**,",
  };
  if (g_rand_int_range (rand, 0, 3) == 0)
    g_string_append_printf (out, "%s\n", others[g_rand_int_range (rand, 0, G_N_ELEMENTS (others))]);
  else
    random_file_rule (rand, out);
}

static char *
random_profile (GRand *rand)
{
  GString *out = g_string_new (
      "abi <abi/3.0>,\n@{X}=/a /b\n@{Y}=/a/ /c\n@{Z}=/a/* /b/*/\n@{W}=@{Z}/c @{X}\nprofile p {\n");
  for (guint i = 0; i < RULES; i++)
    random_rule (rand, out);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

/* NULL where the text does not compile: rules may be at odds. */
static AakPolicySet *
compile (const AakCompiler *compiler, const AakFeatures *features, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, NULL);
  return blob != NULL ? aak_policy_set_new ("t", blob, NULL) : NULL;
}

/* @text without what is found in it; *@out_found: how much that is. */
static char *
without_findings (const char *text, guint *out_found)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (AakPolicyText) read = aak_policy_text_new ("t", bytes, includes);
  g_autoptr (GPtrArray) findings = aak_findings_new ();
  cr_assert_null (read->stopped, "%s", read->stopped);
  aak_lint_cover (&(AakLint){ .text = read, .findings = findings });
  char *left = g_strdup (text);
  for (guint i = 0; i < findings->len; i++)
    {
      const AakFinding *finding = findings->pdata[i];
      cr_assert (finding->id == AAK_FINDING_REDUNDANT || finding->id == AAK_FINDING_DENIED);
      memset (left + finding->place.at, ' ', finding->place.size);
    }
  *out_found = findings->len;
  return left;
}

Test (lint_cover, what_is_found_can_be_removed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  guint compiled = 0, found = 0;
  for (guint i = 0; i < RANDOM_PROFILES; i++)
    {
      guint more = 0;
      g_autofree char *text = random_profile (rand);
      g_autoptr (AakPolicySet) before = compile (compiler, features, text);
      if (before == NULL)
        continue;
      g_autofree char *left = without_findings (text, &more);
      g_autoptr (AakPolicySet) after = compile (compiler, features, left);
      cr_assert_not_null (after, "%s\n%s", text, left);
      const AakPolicyProfile *p = aak_policy_set_find (before, "p");
      const AakPolicyProfile *q = aak_policy_set_find (after, "p");
      cr_assert (aak_policy_includes (q, p, &error), "%s\n%s\n%s", text, left, error->message);
      cr_assert (aak_policy_includes (p, q, &error), "%s\n%s\n%s", text, left, error->message);
      compiled++;
      found += more;
    }
  cr_assert_gt (compiled, RANDOM_PROFILES / 3);
  cr_assert_gt (found, compiled);
}
