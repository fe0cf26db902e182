/* SPDX-License-Identifier: GPL-2.0-or-later
 * What one profile allows beyond another one: single rules by a table, and random profiles against
 * the paths that they allow. */
#include "learn/generalise.h"
#include "learn/path-match.h"
#include "learn/pattern-include.h"
#include "learn/rule-text.h"
#include "learn/rule-diff.h"

#include <criterion/criterion.h>
#include <string.h>

static AakObservations *
new_observations (void)
{
  AakObservations *observations = aak_observations_new ("k8s-t");
  AakRun *run = aak_run_new ();
  run->id = g_strdup ("r");
  aak_observations_add_run (observations, run);
  return observations;
}

static void
see_file (AakObservations *observations, const char *path, const char *letters, gboolean owner)
{
  gboolean news;
  AakEvent event = { .class = AAK_CLASS_FILE, .name = (char *) path, .owner = owner, .time = 7 };
  cr_assert (aak_perms_from_letters (letters, &event.perms));
  aak_observations_add (observations, 0, &event, &news);
}

/* "PATH LETTERS; ...", a path that begins with ~ being accessed by its owner only. */
static AakObservations *
observations_of (const char *text)
{
  AakObservations *observations = new_observations ();
  g_auto (GStrv) accesses = g_strsplit (text, "; ", -1);
  for (char **access = accesses; *access != NULL; access++)
    {
      g_auto (GStrv) words = g_strsplit (*access, " ", 2);
      gboolean owner = **words == '~';
      if (words[0] != NULL)
        see_file (observations, *words + owner, words[1], owner);
    }
  return observations;
}

/* The texts of the excess of @b over @a, each with its permissions only, joined by blanks. */
static char *
excess_text (const AakObservations *a, const AakObservations *b, gboolean exact)
{
  g_autoptr (AakProfile) x = aak_generalise (a, exact), y = aak_generalise (b, exact);
  g_autoptr (GArray) excess = aak_rule_diff (y, x);
  GString *all = g_string_new (NULL);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      AakRule rule = *one->rule;
      rule.perms = one->perms;
      g_autofree char *text = aak_rule_text (&rule);
      g_string_append_printf (all, "%s%s%s", i > 0 ? " " : "", rule.review != NULL ? "#" : "",
                              text);
    }
  return g_string_free (all, FALSE);
}

static const struct
{
  const char *a;
  const char *b;
  gboolean exact;
  const char *excess; /* of b over a */
} rows[] = {
  { "/a r", "/a r", FALSE, "" },
  { "/a r", "/b r", FALSE, "/b r," },
  { "/a r", "/a rw", FALSE, "/a w," },
  { "/a w", "/a rcd", FALSE, "/a r," },
  { "/a a", "/a w", FALSE, "/a w," },
  { "/a w", "/a a", FALSE, "" },
  { "/a rx", "/a rxm", FALSE, "/a m," },
  { "~/proc/1/x r", "/proc/2/x r", FALSE, "/proc/@{pid}/x r," },
  { "/proc/1/x r", "~/proc/2/x r", FALSE, "" },
  { "/v/w/a.css r; /v/w/b.css r; /v/w/c.css r", "/v/w/d.css r", FALSE, "" },
  { "/v/w/a.css r; /v/w/b.css r; /v/w/c.css r", "/v/w/d.css r", TRUE, "/v/w/d.css r," },
  { "/v/w/a.css r; /v/w/b.css r; /v/w/c.css r", "/v/w/d.css rw", FALSE, "/v/w/d.css w," },
  { "/v/w/a.css r; /v/w/b.css r; /v/w/c.css r", "/v/w/d.js r", FALSE, "/v/w/d.js r," },
  { "/v/w/a.css r", "/v/w/a.css r; /v/w/b.css r; /v/w/c.css r", FALSE, "/v/w/**.css r," },
  { "/etc/passwd r", "/etc/shadow r", FALSE, "#/etc/shadow r," },
  { "/etc/shadow r", "/etc/shadow r", FALSE, "" },
  { "/a* r", "/ab r", FALSE, "/ab r," },
  { "/a* r", "/a\\052 r", FALSE, "\"/a\\134052\" r," },
};

Test (rule_diff, single_rules)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AakObservations) a = observations_of (rows[i].a), b = observations_of (rows[i].b);
      g_autofree char *text = excess_text (a, b, rows[i].exact);
      cr_expect_str_eq (text, rows[i].excess, "%s | %s: %s", rows[i].a, rows[i].b, text);
    }
}

static void
see (AakObservations *observations, AakClass class, const char *name, const char *detail,
     guint perms)
{
  gboolean news;
  gboolean file = class == AAK_CLASS_FILE;
  AakEvent event = { .class = class,
                     .name = (char *) name,
                     .target = file ? (char *) detail : NULL,
                     .peer = (char *) name,
                     .family = (char *) name,
                     .detail = (char *) (class == AAK_CLASS_CAPABILITY ? name : detail),
                     .perms = perms,
                     .time = 7 };
  aak_observations_add (observations, 0, &event, &news);
}

Test (rule_diff, other_classes)
{
  g_autoptr (AakObservations) a = new_observations (), b = new_observations ();
  see (a, AAK_CLASS_CAPABILITY, "chown", "", 0);
  see (b, AAK_CLASS_CAPABILITY, "chown", "", 0);
  see (b, AAK_CLASS_CAPABILITY, "kill", "", 0);
  see (a, AAK_CLASS_NETWORK, "inet", "stream", AAK_PERM_CREATE);
  see (b, AAK_CLASS_NETWORK, "inet", "dgram", AAK_PERM_CREATE);
  see (a, AAK_CLASS_SIGNAL, "p", "term", AAK_PERM_SEND);
  see (b, AAK_CLASS_SIGNAL, "p", "term", AAK_PERM_SEND | AAK_PERM_RECEIVE);
  see (b, AAK_CLASS_SIGNAL, "k8s-t", "kill", AAK_PERM_SEND);
  see (a, AAK_CLASS_FILE, "/l", "/t", AAK_PERM_L);
  see (b, AAK_CLASS_FILE, "/l", "/t", AAK_PERM_L);
  see (b, AAK_CLASS_FILE, "/l", "/u", AAK_PERM_L);
  g_autofree char *b_over_a = excess_text (a, b, FALSE), *a_over_b = excess_text (b, a, FALSE);
  cr_expect_str_eq (b_over_a,
                    "capability kill, network inet dgram, signal (receive) set=(term) peer=p, "
                    "link /l -> /u,");
  cr_expect_str_eq (a_over_b, "network inet stream,");
}

/* --- random profiles ------------------------------------------------------------------------- */

/* Few names, so that the profiles meet, in places where rules are widened. */
static AakObservations *
random_observations (GRand *rand, GPtrArray *paths)
{
  static const char *const forms[][2] = { { "/srv/www/p/", ".html" }, { "/srv/www/p/q/", ".html" },
                                          { "/tmp/x-", "" },          { "/etc/app/", ".conf" },
                                          { "/proc/", "/stat" },      { "/srv/[", "]*" } };
  static const char *const letters[] = { "r", "w", "rwc", "x", "a", "rk" };
  AakObservations *observations = new_observations ();
  for (int i = g_rand_int_range (rand, 0, 25); i > 0; i--)
    {
      const char *const *form = forms[g_rand_int_range (rand, 0, G_N_ELEMENTS (forms))];
      char path[32];
      g_snprintf (path, sizeof path, "%s%d%s", form[0], g_rand_int_range (rand, 1, 7), form[1]);
      gboolean content = strstr (path, ".html") != NULL && g_rand_int_range (rand, 0, 8) > 0;
      see_file (observations, path,
                content ? "r" : letters[g_rand_int_range (rand, 0, G_N_ELEMENTS (letters))], FALSE);
      g_ptr_array_add (paths, g_strdup (path));
    }
  return observations;
}

static guint
given (const AakRule *rule)
{
  guint perms = rule->perms;
  if (perms & (AAK_PERM_W | AAK_PERM_C | AAK_PERM_D))
    perms |= AAK_PERM_W | AAK_PERM_A;
  return perms & ~(guint) (AAK_PERM_C | AAK_PERM_D);
}

static guint
allowed (const AakProfile *profile, const char *path)
{
  guint perms = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (aak_rule_is_active (rule) && aak_path_match (rule->name, path))
        perms |= given (rule);
    }
  return perms;
}

/* What the excess says of @path. */
static guint
told (GArray *excess, const char *path)
{
  guint perms = 0;
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      if (aak_path_match (one->rule->name, path))
        perms |= one->perms;
    }
  return perms;
}

Test (rule_diff, no_path_is_allowed_in_silence)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);
  guint differences = 0;
  for (int round = 0; round < 600; round++)
    {
      g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (AakObservations) a = random_observations (rand, paths),
                                  b = random_observations (rand, paths);
      gboolean exact = round % 3 == 0;
      g_autoptr (AakProfile) x = aak_generalise (a, exact), y = aak_generalise (b, exact);
      g_autoptr (GArray) excess = aak_rule_diff (y, x), none = aak_rule_diff (x, x);
      cr_assert_eq (none->len, 0);
      for (guint i = 0; i < paths->len; i++)
        {
          guint beyond = allowed (y, paths->pdata[i]) & ~allowed (x, paths->pdata[i]);
          cr_assert_eq (beyond & ~told (excess, paths->pdata[i]), 0, "%s",
                        (char *) paths->pdata[i]);
          differences += beyond != 0;
        }
      /* And a rule for one path is told of only where it is true. */
      for (guint i = 0; i < excess->len; i++)
        {
          const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
          if (strpbrk (one->rule->name, "*?[{@\\") == NULL)
            cr_assert_eq (one->perms & allowed (x, one->rule->name), 0, "%s", one->rule->name);
        }
    }
  cr_expect_gt (differences, 1000);
}

/* --- patterns in patterns -------------------------------------------------------------------- */

static const struct
{
  const char *outer;
  const char *inner;
  gboolean included;
} patterns[] = {
  { "/a/**.html", "/a/b/**.html", TRUE },
  { "/a/b/**.html", "/a/**.html", FALSE },
  { "/a/**", "/a/*", TRUE },
  { "/a/*", "/a/**", FALSE },
  { "/a/*/c", "/a/?/c", TRUE },
  { "/a/?/c", "/a/*/c", FALSE },
  { "/x-[0-9]*", "/x-[0-9]*-[0-9]*", TRUE },
  { "/x-[0-9]*-[0-9]*", "/x-[0-9]*", FALSE },
  { "/x-??????", "/x-[0-9][0-9][0-9]abc", TRUE },
  { "/x-??????", "/x-[0-9]*", FALSE },
  { "/proc/@{pid}/fd/[0-9]*", "/proc/@{pid}/fd/[0-9]*", TRUE },
  { "/proc/@{pid}/*", "/proc/@{pid}/fd[0-9]", TRUE },
  { "/proc/*/stat", "/proc/@{pid}/stat", TRUE },
  { "/proc/@{pid}/stat", "/proc/*/stat", FALSE },
  { "/proc/@{tid}/stat*", "/proc/@{pid}/stat", TRUE },
  { "/proc/@{pid}/stat", "/proc/42/stat", TRUE },
  { "/proc/@{pid}/stat", "/proc/0/stat", FALSE },
  { "/proc/@{what}/stat", "/proc/@{what}/stat", FALSE },
  { "/proc/?/stat", "/proc/@{pid}/stat", FALSE },
  { "/a/*", "/a/b*", TRUE },
  { "/a/b*", "/a/*", FALSE },
  { "/a\\*?", "/a\\052[b]", TRUE },
  { "/a[b-d]", "/a[bd]", TRUE },
  { "/a[bd]", "/a[b-d]", FALSE },
  { "/a/{b,c}*", "/a/b*", TRUE },
  { "/a/{b,c}*", "/a/d*", FALSE },
  { "/a/[^/]*", "/a/b*", TRUE },
  { "/**", "/a/**/b", TRUE },
  { "/d/**", "/d/*/", TRUE },
};

Test (rule_diff, patterns_in_patterns)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    cr_expect_eq (aak_pattern_includes (patterns[i].outer, patterns[i].inner), patterns[i].included,
                  "%s in %s", patterns[i].inner, patterns[i].outer);
}

static void
append_random_pattern (GRand *rand, GString *out)
{
  static const char *const pieces[] = {
    "a", "b", "/", "*", "**", "?", "[ab]", "[a-c]", "/*", "\\*"
  };
  g_string_assign (out, "/");
  for (int i = g_rand_int_range (rand, 1, 6); i > 0; i--)
    {
      const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
      if (*piece != '*' || out->str[out->len - 1] != '*' || piece[1] == '*')
        g_string_append (out, piece);
    }
}

/* Whatever is said to be included: no path is matched by the inner pattern only. */
Test (rule_diff, inclusion_is_never_wrong)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (41);
  guint included = 0, tried = 0;
  for (int round = 0; round < 20000; round++)
    {
      g_autoptr (GString) outer = g_string_new (NULL), inner = g_string_new (NULL);
      append_random_pattern (rand, outer);
      append_random_pattern (rand, inner);
      if (!aak_pattern_includes (outer->str, inner->str) || strcmp (outer->str, inner->str) == 0)
        continue;
      included++;
      for (int k = 0; k < 40; k++)
        {
          char path[9] = "/";
          for (int c = g_rand_int_range (rand, 0, 7), i = 1; i <= c; i++)
            path[i] = "abc/*"[g_rand_int_range (rand, 0, 5)];
          gboolean hit = aak_path_match (inner->str, path);
          tried += hit;
          cr_assert (!hit || aak_path_match (outer->str, path), "%s: %s in %s", path, inner->str,
                     outer->str);
        }
    }
  cr_expect_gt (included, 300);
  cr_expect_gt (tried, 1000);
}
