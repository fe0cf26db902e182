/* SPDX-License-Identifier: GPL-2.0-or-later
 * One profile allows what another allows, or there is a name that tells them apart. */
#include "lib/error.h"
#include "lib/policy/inclusion.h"
#include "lib/policy/set.h"
#include "tests/unit/policy-fixture.h"

#define RANDOM_SETS 60

/* The rules @text as the profile p for Debian 12, and the set that holds it. */
static AakPolicySet *
compile (const char *text, const AakPolicyProfile **out_profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autofree char *profile = g_strdup_printf ("abi <abi/3.0>,\nprofile p {\n%s\n}\n", text);
  g_autoptr (GBytes) bytes = g_bytes_new (profile, strlen (profile));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s: %s", text, error != NULL ? error->message : "");
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  *out_profile = aak_policy_set_find (set, "p");
  return set;
}

/* NULL where @after includes @before; else why not. The caller frees it. */
static char *
difference (const char *before, const char *after)
{
  const AakPolicyProfile *p = NULL, *q = NULL;
  g_autoptr (AakPolicySet) first G_GNUC_UNUSED = compile (before, &p);
  g_autoptr (AakPolicySet) second G_GNUC_UNUSED = compile (after, &q);
  g_autoptr (GError) error = NULL;
  gboolean includes = aak_policy_includes (q, p, &error);
  cr_assert_eq (includes, error == NULL);
  cr_assert (includes || g_error_matches (error, AAK_ERROR, AAK_ERROR_POLICY));
  return includes ? NULL : g_strdup (error->message);
}

static const struct
{
  char before[90];
  char after[90];
  char lost[40]; /* in the message; empty: nothing is lost */
} cases[] = {
  { "", "/a r,", "" },
  { "/a r,", "/b r,", ": /a r" },
  { "/a r,", "/a rw,", "" },
  { "/a r,", "/* r,", "" },
  { "/* r,", "/a r,", ": /* r" },
  { "/** r,", "/** r, deny /secret/** r,", ": /secret/** r" },
  { "owner /a r,", "/a r,", "" },
  { "/a r,", "owner /a r,", ": other /a r" },
  { "/a ix,", "/a ix, /b ix,", "" },
  { "/a px,", "/a ix,", ": /a px" },
  { "/a px -> b,", "/a px -> c,", ": /a px -> b" },
  { "/a px -> b,", "/a px -> b, /c px -> a,", "" },
  { "/a px,", "/a Px,", ": /a px" },
  { "link /a -> /b,", "link /a -> /b, /x l,", "" },
  { "link /a -> /b,", "link subset /a -> /b,", ": owner link /a -> /b" },
  { "link subset /a -> /b,", "link /a -> /b,", "" },
  { "capability chown,", "capability chown, capability kill,", "" },
  { "capability chown,", "capability kill,", ": capability chown" },
  { "network inet stream,", "network inet,", "" },
  { "network inet,", "network inet stream,", ": network inet" },
  { "signal send peer=a,", "signal send,", "" },
  { "signal,", "signal peer=a,", ": signal" },
  { "mount /a -> /b,", "mount /a -> /b, mount /c -> /d,", "" },
  { "umount /a,", "umount /b,", ": umount /a" },
  { "", "ptrace read peer=a,", "" },
  { "ptrace read peer=a,", "", ": ptrace (read) peer=a" },
  { "ptrace read peer=a,", "ptrace read,", "" },
  { "change_profile -> a,", "change_profile -> {a,b},", "" },
  { "change_profile -> {a,b},", "change_profile -> a,", ": change_profile -> b" },
  { "set rlimit nofile <= 5,", "set rlimit nofile <= 6,", "" },
  { "set rlimit nofile <= 5,", "set rlimit nofile <= 4,", ": set rlimit nofile <= 5" },
  { "", "set rlimit nofile <= 4,", ": set rlimit nofile <= infinity" },
};

Test (policy_inclusion, it_is_found_what_is_lost)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = difference (cases[i].before, cases[i].after);
      if (*cases[i].lost == '\0')
        cr_expect_null (found, "%s / %s: %s", cases[i].before, cases[i].after, found);
      else
        cr_expect (found != NULL && strstr (found, cases[i].lost) != NULL, "%s / %s: %s",
                   cases[i].before, cases[i].after, found != NULL ? found : "nothing");
    }
}

Test (policy_inclusion, flags_have_to_be_the_same)
{
  g_autoptr (GPtrArray) policies = fixture_policies (
      "abi <abi/3.0>,\nprofile a { /x r, }\nprofile b flags=(complain) { /x r, }\n");
  const AakPolicy *one = policies->pdata[0], *other = policies->pdata[1];
  g_autoptr (AakPolicySet) a = aak_policy_set_new ("t", one->blob, NULL);
  g_autoptr (AakPolicySet) b = aak_policy_set_new ("t", other->blob, NULL);
  g_autoptr (GError) error = NULL;
  cr_expect_not (
      aak_policy_includes (aak_policy_set_find (b, "b"), aak_policy_set_find (a, "a"), &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_POLICY));
}

/* --- random rules ---------------------------------------------------------------------------- */

static void
random_rules (GRand *rand, GString *out)
{
  static const char *const paths[] = { "/a", "/a/*", "/a/**", "/{a,b}/[cd]", "/b/?", "/**/e" };
  static const char *const perms[] = { "r", "w", "rw", "rk", "l", "mr" };
  for (gint32 n = g_rand_int_range (rand, 0, 6); n > 0; n--)
    g_string_append_printf (out, "%s%s %s, ", g_rand_boolean (rand) ? "owner " : "",
                            paths[g_rand_int_range (rand, 0, G_N_ELEMENTS (paths))],
                            perms[g_rand_int_range (rand, 0, G_N_ELEMENTS (perms))]);
}

Test (policy_inclusion, more_rules_never_lose_anything)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  for (int i = 0; i < RANDOM_SETS; i++)
    {
      g_autoptr (GString) rules = g_string_new (NULL);
      random_rules (rand, rules);
      g_autofree char *before = g_strdup (rules->str);
      random_rules (rand, rules);
      g_autofree char *lost = difference (before, rules->str);
      cr_expect_null (lost, "%s / %s: %s", before, rules->str, lost);
      g_string_append (rules, "deny /a/c r, deny /b/x w, deny /b/e k,");
      g_autofree char *same = difference (rules->str, rules->str);
      cr_expect_null (same);
    }
}
