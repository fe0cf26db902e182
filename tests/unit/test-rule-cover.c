/* SPDX-License-Identifier: GPL-2.0-or-later
 * Needless rules: dropping them changes nothing that a profile allows, and no evidence is lost. */
#include "learn/path-match.h"
#include "learn/path-pattern.h"
#include "learn/rule-cover.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <string.h>

#define ROUNDS 150
#define PROBES 40

/* A set of rules, each with an access of its own. */
typedef struct
{
  AakObservations *observations;
  GPtrArray *rules;
  GArray *trace;
} World;

static void
world_clear (World *world)
{
  aak_observations_free (world->observations);
  g_ptr_array_unref (world->rules);
  g_array_unref (world->trace);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

static World
world_new (void)
{
  return (World){ learned_nothing ("a", 1),
                  g_ptr_array_new_with_free_func ((GDestroyNotify) aak_rule_free),
                  g_array_new (FALSE, FALSE, sizeof (AakTrace)) };
}

static AakRule *
add (World *world, const char *name, const char *letters)
{
  AakRule *rule = g_new0 (AakRule, 1);
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .name = g_strdup_printf ("/%u", world->rules->len),
                     .time = 7 };
  gboolean news;
  *rule = (AakRule){ .class = AAK_CLASS_FILE, .name = g_strdup (name), .detail = g_strdup ("") };
  rule->owner = *letters == 'o';
  cr_assert (aak_perms_from_text (letters + rule->owner, &rule->perms));
  event.perms = AAK_PERM_R;
  aak_observations_add (world->observations, 0, &event, &news);
  g_ptr_array_add (world->rules, rule);
  g_free (event.name);
  return rule;
}

/* Traces the accesses to their rules, and drops what is needless. */
static void
drop (World *world)
{
  for (guint i = 0; i < world->rules->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("/%u", i);
      g_autoptr (GPtrArray) sorted = aak_observations_sorted (world->observations);
      for (guint k = 0; k < sorted->len; k++)
        if (strcmp (((AakObservation *) sorted->pdata[k])->name, name) == 0)
          {
            AakTrace part = { sorted->pdata[k], world->rules->pdata[i] };
            g_array_append_val (world->trace, part);
          }
    }
  aak_rule_cover_drop (world->rules, world->trace);
}

/* Two rules, and whether the second is needless. */
static const struct
{
  const char *cover, *cover_perms, *name, *perms;
  gboolean needless;
} rows[] = {
  { "/a/*", "r", "/a/b", "r", TRUE },
  { "/a/*", "r", "/a/b/c", "r", FALSE },
  { "/a/**", "r", "/a/b/c", "r", TRUE },
  { "/a/**", "rw", "/a/b/*", "r", TRUE },
  { "/a/**.py", "r", "/a/b.py", "r", TRUE },
  { "/a/*", "r", "/a/b", "rw", FALSE },
  { "/a/*", "wc", "/a/b", "a", TRUE },
  { "/a/*", "wc", "/a/b", "wcd", TRUE },
  { "/a/*", "a", "/a/b", "w", FALSE },
  { "/a/*", "r", "/a/b", "rm", FALSE },
  { "/a/*", "r", "/a/b", "rk", FALSE },
  { "/a/*", "rx", "/a/b", "r", TRUE },
  { "/a/*", "rx", "/a/b", "rx", FALSE },
  { "/a/*", "or", "/a/b", "r", FALSE },
  { "/a/*", "r", "/a/b", "or", TRUE },
  { "/a/*", "or", "/a/b", "or", TRUE },
  { "/a/*", "r", "/a/b\\040\\052", "r", TRUE },
  { "/a/b\\*", "r", "/a/bc", "r", FALSE },
  { "/proc/@{pid}/stat", "r", "/proc/1/stat", "r", TRUE },
  { "/proc/@{pid}/*", "r", "/proc/@{pid}/stat", "r", TRUE },
  { "/a/[0-9]*", "r", "/a/b*", "r", FALSE },
};

Test (rule_cover, pairs)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int turn = 0; turn < 2; turn++)
      {
        g_auto (World) world = world_new ();
        if (turn == 0)
          add (&world, rows[i].cover, rows[i].cover_perms);
        add (&world, rows[i].name, rows[i].perms);
        if (turn == 1)
          add (&world, rows[i].cover, rows[i].cover_perms);
        drop (&world);
        cr_expect_eq (world.rules->len, rows[i].needless ? 1 : 2, "%s and %s", rows[i].cover,
                      rows[i].name);
        const AakRule *last = world.rules->pdata[0];
        cr_expect (!rows[i].needless
                   || (last->accesses == 2 && last->events == 2
                       && strcmp (last->name, rows[i].cover) == 0));
      }
}

Test (rule_cover, what_is_not_plainly_allowed_stays)
{
  for (int kind = 0; kind < 5; kind++)
    {
      g_auto (World) world = world_new ();
      AakRule *cover = add (&world, "/a/*", "r"), *rule = add (&world, "/a/b", "r");
      AakRule *changed = kind == 4 ? cover : rule;
      changed->review = kind == 0 || kind == 4 ? "since" : NULL;
      changed->unwritable = kind == 1 ? "since" : NULL;
      changed->allowed = kind == 2 ? "id" : NULL;
      if (kind == 3)
        {
          g_free (rule->detail);
          rule->detail = g_strdup ("/a/c");
        }
      drop (&world);
      cr_expect_eq (world.rules->len, 2, "%d", kind);
    }
}

Test (rule_cover, of_two_that_mean_the_same_one_stays)
{
  g_auto (World) world = world_new ();
  add (&world, "/a/**", "r");
  add (&world, "/a/*", "r");
  add (&world, "/a/[b]", "r");
  add (&world, "/[a]/[b]", "r");
  add (&world, "/[a]/b", "r");
  add (&world, "/a/b", "r");
  drop (&world);
  cr_expect_eq (world.rules->len, 2);
  cr_expect_eq (world.trace->len, 6);
  const AakRule *widest = world.rules->pdata[0], *other = world.rules->pdata[1];
  cr_expect_str_eq (widest->name, "/a/**");
  cr_expect_eq (widest->accesses + other->accesses, 6);
}

/* --- random sets ----------------------------------------------------------------------------- */

#define ONE_OF(rand, list) ((list)[g_rand_int_range ((rand), 0, G_N_ELEMENTS (list))])

static char *
random_name (GRand *rand, gboolean glob)
{
  static const char *const parts[] = { "a", "b", "7", "b.py", "*", "**", "[0-9]*", "*.py" };
  GString *name = g_string_new (NULL);
  for (int i = g_rand_int_range (rand, 1, 3); i > 0; i--)
    g_string_append_printf (name, "/%s",
                            glob ? ONE_OF (rand, parts) : parts[g_rand_int_range (rand, 0, 4)]);
  return g_string_free (name, FALSE);
}

static guint
allowed (const GPtrArray *rules, const char *path, gboolean owner)
{
  guint perms = 0;
  for (guint i = 0; i < rules->len; i++)
    {
      const AakRule *rule = rules->pdata[i];
      if ((owner || !rule->owner) && aak_path_match (rule->name, path))
        perms |= aak_rule_permissions (rule);
    }
  return perms;
}

Test (rule_cover, nothing_is_allowed_less)
{
  static const char *const masks[] = { "r", "rw", "w", "a", "or", "orw", "rm", "x", "rk" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (41);
  guint dropped = 0;
  for (int round = 0; round < ROUNDS; round++)
    {
      g_auto (World) world = world_new ();
      g_autoptr (GPtrArray) before =
          g_ptr_array_new_with_free_func ((GDestroyNotify) aak_rule_free);
      for (int i = g_rand_int_range (rand, 1, 12); i > 0; i--)
        {
          g_autofree char *name = random_name (rand, TRUE);
          const AakRule *rule = add (&world, name, ONE_OF (rand, masks));
          AakRule *copy = g_memdup2 (rule, sizeof *rule);
          copy->name = g_strdup (rule->name);
          copy->detail = g_strdup (rule->detail);
          g_ptr_array_add (before, copy);
        }
      drop (&world);
      dropped += before->len - world.rules->len;
      cr_assert_eq (world.trace->len, before->len);
      for (int i = 0; i < PROBES; i++)
        {
          g_autofree char *path = random_name (rand, FALSE);
          for (int owner = 0; owner < 2; owner++)
            cr_assert_eq (allowed (before, path, owner), allowed (world.rules, path, owner), "%s",
                          path);
        }
      guint left = world.rules->len;
      aak_rule_cover_drop (world.rules, world.trace);
      cr_assert_eq (world.rules->len, left, "dropping again drops more");
    }
  cr_expect_gt (dropped, ROUNDS / 2, "%u", dropped);
}
