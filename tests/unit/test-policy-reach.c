/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is found below a directory is allowed, and where nothing is found nothing is. */
#include "lib/policy/reach.h"
#include "tests/unit/policy-fixture.h"

#define R AAK_MAY_READ
#define W AAK_MAY_WRITE
#define X AAK_MAY_EXEC

#define RANDOM_SETS 60
#define LONGEST     6 /* of the names that are tried one by one */

/* The profile p with @rules, of the set that the caller frees. */
static const AakPolicyProfile *
compile (const char *rules, AakPolicySet **out_set)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("abi <abi/3.0>,\nprofile p {\n%s\n}\n", rules);
  g_autoptr (GPtrArray) policies = fixture_policies (text);
  *out_set = aak_policy_set_new ("t", ((const AakPolicy *) policies->pdata[0])->blob, &error);
  cr_assert_not_null (*out_set, "%s", error != NULL ? error->message : "");
  return aak_policy_set_find (*out_set, "p");
}

static const struct
{
  char rules[80];
  AakReach reach;
  char name[32]; /* empty: there is none */
} rows[] = {
  { "/etc/** r,", { "/etc/", R, FALSE, FALSE }, "/etc/a" },
  { "/etc/** r,", { "/etc/", W, FALSE, FALSE }, "" },
  { "/etc/** r,", { "/", R, FALSE, FALSE }, "/etc/a" },
  { "/etc/** r,", { "/usr/", R, FALSE, FALSE }, "" },
  { "/etc/a/b r,", { "/etc/", R, FALSE, FALSE }, "/etc/a/b" },
  { "/etc/ r,", { "/etc/", R, FALSE, FALSE }, "" },
  { "owner /etc/a r,", { "/etc/", R, FALSE, FALSE }, "" },
  { "owner /etc/a r,", { "/etc/", R, TRUE, FALSE }, "/etc/a" },
  { "/** r, /x/y w,", { "/", R | W, FALSE, FALSE }, "/x/y" },
  { "/** r, deny /x/** w, /x/y w,", { "/", R | W, FALSE, FALSE }, "" },
  { "/x/[^a-z] r,", { "/x/", R, FALSE, FALSE }, "/x/0" },
  { "/x/\\001 r,", { "/x/", R, FALSE, FALSE }, "/x/\001" },
  { "link /l -> /t,", { "/", R, FALSE, FALSE }, "" },
  { "/bin/** ix,", { "/", X, FALSE, FALSE }, "/bin/a" },
  { "/bin/** ix,", { "/", X, FALSE, TRUE }, "" },
  { "/bin/** ix, /bin/tool Ux,", { "/", X, FALSE, TRUE }, "/bin/tool" },
  { "/bin/tool pux,", { "/", X, FALSE, TRUE }, "/bin/tool" },
  { "/bin/tool px,", { "/", X, FALSE, TRUE }, "" },
  { "/bin/tool cix,", { "/", X, FALSE, TRUE }, "" },
  { "/bin/tool px -> unconfined,", { "/", X, FALSE, TRUE }, "/bin/tool" },
  { "/bin/tool Ux, deny /bin/** x,", { "/", X, FALSE, TRUE }, "" },
  { "/s/{**,} w, deny /s/[^f]*/** w,", { "/s/b/", W, FALSE, FALSE }, "" },
  { "", { "/", R, FALSE, FALSE }, "" },
};

Test (policy_reach, the_nearest_name_is_found)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AakPolicySet) set = NULL;
      const AakPolicyProfile *p = compile (rows[i].rules, &set);
      g_autofree char *name = NULL;
      AakAnswer answer = aak_policy_reach (p, &rows[i].reach, &name);
      cr_expect (answer.mediated && answer.requested == rows[i].reach.request);
      cr_expect_eq (answer.allowed, *rows[i].name != '\0', "%s", rows[i].rules);
      cr_expect_eq (answer.denied == 0, answer.allowed);
      cr_expect_str_eq (name != NULL ? name : "", rows[i].name, "%s", rows[i].rules);
    }
}

Test (policy_reach, an_unconfined_profile_allows_all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) blob = fixture_web ();
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  const AakReach reach = { "/", X, FALSE, TRUE };
  char *name = NULL;
  AakAnswer answer = aak_policy_reach (aak_policy_set_find (set, "free"), &reach, &name);
  cr_expect (answer.allowed && !answer.mediated);
  cr_expect_null (name);
}

/* --- random rules ---------------------------------------------------------------------------- */

static void
random_rules (GRand *rand, GString *out)
{
  static const char *const paths[] = { "/a", "/a/*", "/a/**", "/{a,b}/[ab]", "/b/?", "/**/b" };
  static const char *const perms[] = { "r", "w", "rw", "m", "k" };
  for (gint32 n = g_rand_int_range (rand, 0, 6); n > 0; n--)
    g_string_append_printf (out, "%s%s %s, ",
                            g_rand_int_range (rand, 0, 5) == 0
                                ? "deny "
                                : (g_rand_boolean (rand) ? "owner " : ""),
                            paths[g_rand_int_range (rand, 0, G_N_ELEMENTS (paths))],
                            perms[g_rand_int_range (rand, 0, G_N_ELEMENTS (perms))]);
}

/* One of the names behind @path that has up to @more letters more, or FALSE. */
static gboolean
any_allowed (const AakPolicyProfile *p, const AakReach *reach, const char *path, guint more)
{
  if (strlen (path) > strlen (reach->below)
      && aak_policy_query_file (p, aak_name (path), reach->request, reach->owner).allowed)
    return TRUE;
  for (const char *c = "ab/"; more > 0 && *c != '\0'; c++)
    {
      g_autofree char *longer = g_strdup_printf ("%s%c", path, *c);
      if (strstr (longer, "//") == NULL && any_allowed (p, reach, longer, more - 1))
        return TRUE;
    }
  return FALSE;
}

Test (policy_reach, as_asking_for_names_one_by_one)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (int i = 0; i < RANDOM_SETS; i++)
    {
      g_autoptr (GString) rules = g_string_new (NULL);
      random_rules (rand, rules);
      g_autoptr (AakPolicySet) set = NULL;
      const AakPolicyProfile *p = compile (rules->str, &set);
      const AakReach reach = { g_rand_boolean (rand) ? "/" : "/a/",
                               g_rand_boolean (rand) ? W : R | W, g_rand_boolean (rand), FALSE };
      g_autofree char *name = NULL;
      gboolean found = aak_policy_reach (p, &reach, &name).allowed;
      /* Every pattern above that matches anything matches one of these. */
      cr_expect_eq (found, any_allowed (p, &reach, reach.below, LONGEST), "%s", rules->str);
      cr_expect (!found
                     || (g_str_has_prefix (name, reach.below) && any_allowed (p, &reach, name, 0)),
                 "%s: %s", rules->str, name);
    }
}
