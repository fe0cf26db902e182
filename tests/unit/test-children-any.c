/* SPDX-License-Identifier: GPL-2.0-or-later
 * States are files: whatever they say of children, the profile compiles, and allows what it does
 * not hold back. */
#include "learn/access-fields.h"
#include "learn/exec-option.h"
#include "learn/profile-writer.h"
#include "learn/self-check.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>

#define ROUNDS   60
#define ACCESSES 50

static const char *const words[] = { "",       "inet",  "stream", "unix",  "chown",    "term",
                                     "nofile", "65536", "mount",  "rw",    "umount",   "create",
                                     "none",   "@x",    "/",      "stack", "k8s-t//h", "k8s-t",
                                     "bind",   "posix", "system", "/q",    "/bin/a",   "hat" };

static const char *const children[] = { "",        "",    "/bin/a",  "/bin/b", "/b,%{}",
                                        "/bin/b,", "hat", "/bin/c ", "x//y",   "null-/bin/a" };

static char *
random_word (GRand *rand)
{
  if (g_rand_boolean (rand))
    return g_strdup (words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  GString *word = g_string_new (g_rand_boolean (rand) ? "/" : "");
  for (gint32 i = g_rand_int_range (rand, 1, 8); i > 0; i--)
    g_string_append_c (word,
                       (char) (g_rand_boolean (rand)
                                   ? "*?[]{}^,\"\\ #@\n\xff%/<&:"[g_rand_int_range (rand, 0, 20)]
                                   : (char) g_rand_int_range (rand, 'a', 'e')));
  return g_string_free (word, FALSE);
}

static void
see_anything (AakObservations *observations, GRand *rand)
{
  g_autofree char *name = random_word (rand);
  const char *child = children[g_rand_int_range (rand, 0, G_N_ELEMENTS (children))];
  AakObservation key = { .class = (AakClass) g_rand_int_range (rand, 0, AAK_CLASS_POLICY),
                         .child = (char *) child,
                         .name = name };
  g_autoptr (GPtrArray) details = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < AAK_ACCESS_MAX_DETAILS; i++)
    g_ptr_array_add (details, random_word (rand));
  g_autofree char *detail = aak_access_pack (key.class, (const char *const *) details->pdata);
  key.detail = detail;
  guint run = (guint) g_rand_int_range (rand, 0, 2);
  AakSighting seen = { run, 1, 7, 7 };
  AakObservation *access = aak_observations_get (observations, &key);
  access->perms |= g_rand_int (rand) & g_rand_int (rand) & g_rand_int (rand) & 0x1fffffff;
  if (aak_observation_sighting (access, run) == NULL)
    aak_observation_insert (access, &seen);
}

/* One of the children is entered by a program, mostly in the second run. */
static void
see_exec (AakObservations *observations, GRand *rand)
{
  static const char *const programs[] = { "/bin/a", "/bin/b", "/b,%{}", "/bin/b,", "/bin/c " };
  const char *program = programs[g_rand_int_range (rand, 0, G_N_ELEMENTS (programs))];
  gboolean enters = g_rand_int_range (rand, 0, 4) > 0;
  AakObservation key = { .class = enters ? AAK_CLASS_EXEC : AAK_CLASS_FILE,
                         .child = (char *) "",
                         .name = (char *) program,
                         .detail = enters ? (char *) program : (char *) "" };
  AakSighting seen = { enters, 1, 7, 7 };
  AakObservation *access = aak_observations_get (observations, &key);
  access->perms |= AAK_PERM_X;
  if (aak_observation_sighting (access, enters) == NULL)
    aak_observation_insert (access, &seen);
}

static void
allow_all (AakProfile *profile)
{
  for (guint i = 0; i < profile->rules->len; i++)
    ((AakRule *) profile->rules->pdata[i])->review = NULL;
  for (guint i = 0; i < profile->children->len; i++)
    allow_all (((AakChild *) profile->children->pdata[i])->profile);
}

/* Returns how many children the profile has. */
static guint
check_profile (const AakObservations *observations, gboolean exact, gboolean all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_exec_option_generalise (observations, exact, TRUE, &trace);
  if (all)
    allow_all (profile);
  g_autofree char *text = aak_profile_to_text (profile);
  g_auto (AakSelfCheck) check = { 0 };
  cr_expect (aak_self_check_make (profile, trace, text, &check, &error), "%s\n%s",
             error != NULL ? error->message : "", text);
  if (check.unmade != NULL)
    cr_skip_test ("%s", check.unmade);
  return profile->children->len;
}

Test (children_any, the_profile_of_any_state_compiles_and_covers_it)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (91);
  guint children_made = 0;
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r0", 1);
      aak_observations_add_run (observations, learned_run ("r1", 2));
      for (guint i = 0; i < ACCESSES; i++)
        see_anything (observations, rand);
      for (guint i = 0; i < 6; i++)
        see_exec (observations, rand);
      children_made += check_profile (observations, round % 2 == 0, round % 3 != 0);
    }
  cr_expect_gt (children_made, ROUNDS / 2);
}
