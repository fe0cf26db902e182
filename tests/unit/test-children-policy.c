/* SPDX-License-Identifier: GPL-2.0-or-later
 * Random applications with children: their profiles compile, and what the label or one of its
 * children was seen to do is allowed where it is done, as the compiled policy says, with the way
 * into each child, and the signals between them. */
#include "learn/child-name.h"
#include "learn/child-plan.h"
#include "learn/child-profile.h"
#include "learn/child-split.h"
#include "learn/profile-writer.h"
#include "lib/policy/query.h"
#include "lib/policy/set.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

#include <signal.h>

#define ROUNDS   25
#define PROGRAMS 9
#define EVENTS   120

static const char *const feature_sets[] = { "debian-12-6.1", "debian-13-6.12" };

/* --- an application -------------------------------------------------------------------------- */

/* Programs, of which some have hostile names, and what becomes of each. */
typedef struct
{
  char *path;
  char *child; /* that its exec leads to, or NULL: it stays */
} Program;

static void
program_clear (gpointer data)
{
  g_free (((Program *) data)->path);
  g_free (((Program *) data)->child);
}

static char *
random_path (GRand *rand)
{
  static const char *const dirs[] = { "/usr/bin/", "/tmp/", "/" };
  GString *path = g_string_new (dirs[g_rand_int_range (rand, 0, G_N_ELEMENTS (dirs))]);
  gboolean hostile = g_rand_int_range (rand, 0, 3) == 0;
  gint32 len = g_rand_int_range (rand, 1, 7);
  for (gint32 i = 0; i < len; i++)
    {
      char c = hostile ? "*?[]{}^,\"\\ #@\n\xff%/"[g_rand_int_range (rand, 0, 16)]
                       : "abc"[g_rand_int_range (rand, 0, 3)];
      g_string_append_c (path, c);
    }
  return g_string_free (path, FALSE);
}

static GArray *
random_programs (GRand *rand)
{
  GArray *programs = g_array_new (FALSE, TRUE, sizeof (Program));
  g_array_set_clear_func (programs, program_clear);
  for (int i = 0; i < PROGRAMS; i++)
    {
      Program program = { random_path (rand), NULL };
      if (g_rand_int_range (rand, 0, 4) > 0)
        program.child = aak_child_name_for (program.path);
      g_array_append_val (programs, program);
    }
  return programs;
}

static const Program *
pick (GArray *programs, GRand *rand)
{
  return &g_array_index (programs, Program,
                         (guint) g_rand_int_range (rand, 0, (gint32) programs->len));
}

static void
see (AakObservations *observations, const AakObservation *key, guint perms, guint run)
{
  AakObservation *seen = aak_observations_get (observations, key);
  AakSighting sighting = { run, 1, 7, 7 };
  seen->perms |= perms;
  seen->shared_perms |= perms;
  if (aak_observation_sighting (seen, run) == NULL)
    aak_observation_insert (seen, &sighting);
}

static void
see_something (AakObservations *observations, GRand *rand, char *child, guint run)
{
  static const char *const capabilities[] = { "chown", "kill", "setuid" };
  static const char *const types[] = { "stream", "dgram" };
  g_autofree char *path = random_path (rand);
  AakObservation key = { .class = AAK_CLASS_FILE,
                         .child = child,
                         .name = path,
                         .detail = (char *) "" };
  guint perms = AAK_PERM_R;
  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      key.class = AAK_CLASS_CAPABILITY;
      key.name = (char *) capabilities[g_rand_int_range (rand, 0, 3)];
      perms = 0;
      break;
    case 1:
      key.class = AAK_CLASS_NETWORK;
      key.name = (char *) "inet";
      key.detail = (char *) types[g_rand_int_range (rand, 0, 2)];
      perms = AAK_PERM_CREATE;
      break;
    case 2:
      key.class = AAK_CLASS_SIGNAL;
      key.name = (char *) "k8s-t";
      key.detail = (char *) "term";
      perms = AAK_PERM_SEND | AAK_PERM_RECEIVE;
      break;
    case 3:
      perms = AAK_PERM_W | AAK_PERM_C;
      break;
    default:
      break;
    }
  see (observations, &key, perms, run);
}

/* The label executes programs, and each does something where it is. */
static void
see_exec (AakObservations *observations, const Program *program, GRand *rand, guint run)
{
  AakObservation exec = { .class = AAK_CLASS_FILE,
                          .child = (char *) "",
                          .name = program->path,
                          .detail = (char *) "" };
  gboolean kept = program->child != NULL && g_rand_int_range (rand, 0, 60) == 0;
  /* The first run knows no children. */
  if (program->child != NULL && run > 0)
    {
      exec.class = AAK_CLASS_EXEC;
      exec.name = program->child;
      exec.detail = kept ? (char *) "" : program->path;
    }
  see (observations, &exec, AAK_PERM_X, run);
  see_something (observations, rand,
                 program->child != NULL && run > 0 && !kept ? program->child : (char *) "", run);
}

static AakObservations *
random_application (GRand *rand)
{
  g_autoptr (GArray) programs = random_programs (rand);
  AakObservations *observations = learned_nothing ("r0", 1);
  aak_observations_add_run (observations, learned_run ("r1", 2));
  for (int i = 0; i < EVENTS; i++)
    {
      guint run = g_rand_int_range (rand, 0, 4) > 0;
      if (g_rand_boolean (rand))
        see_exec (observations, pick (programs, rand), rand, run);
      else
        see_something (observations, rand, (char *) "", run);
    }
  return observations;
}

/* --- asking ---------------------------------------------------------------------------------- */

typedef struct
{
  AakPolicySet *set;
  const AakPolicyProfile *self;
  const AakProfile *profile;
  const char *text;
} Policy;

static gboolean
is_of_child (const AakChild *child, const char *name)
{
  for (guint i = 0; i < child->programs->len; i++)
    {
      g_autofree char *own = aak_child_name_for (child->programs->pdata[i]);
      if (strcmp (own, name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The profile of what @name did: children that are equal are joined, others stay. */
static const AakPolicyProfile *
profile_of (const Policy *policy, const char *name)
{
  for (guint i = 0; i < policy->profile->children->len; i++)
    {
      const AakChild *child = policy->profile->children->pdata[i];
      if (is_of_child (child, name))
        return aak_policy_set_find (policy->set, child->profile->label);
    }
  return policy->self;
}

static guint
capability_number (const char *name)
{
  return strcmp (name, "chown") == 0 ? 0 : strcmp (name, "kill") == 0 ? 5 : 7;
}

/* An exec leads to where its accesses were taken to be. */
static void
check_exec (const Policy *policy, const char *path, const AakPolicyProfile *wanted)
{
  AakAnswer answer = aak_policy_query_file (policy->self, aak_name (path), AAK_MAY_EXEC, FALSE);
  cr_assert (answer.allowed, "exec of '%s'\n%s", path, policy->text);
  g_autofree char *label =
      aak_policy_query_exec_label (policy->set, policy->self, aak_name (path), answer.exec);
  cr_assert_not_null (label, "exec of '%s' leads nowhere\n%s", path, policy->text);
  cr_expect_str_eq (label, wanted->name, "exec of '%s'\n%s", path, policy->text);
}

static void
check_file (const Policy *policy, const AakObservation *seen)
{
  const AakPolicyProfile *profile = profile_of (policy, seen->child);
  AakName path = aak_name (seen->name);
  if (seen->perms & AAK_PERM_R)
    cr_expect (aak_policy_query_file (profile, path, AAK_MAY_READ, FALSE).allowed,
               "'%s' r in %s\n%s", seen->name, profile->name, policy->text);
  if (seen->perms & AAK_PERM_W)
    cr_expect (aak_policy_query_file (profile, path, AAK_MAY_WRITE, FALSE).allowed,
               "'%s' w in %s\n%s", seen->name, profile->name, policy->text);
  if (seen->perms & AAK_PERM_X)
    cr_expect (aak_policy_query_file (profile, path, AAK_MAY_EXEC, FALSE).allowed,
               "'%s' x in %s\n%s", seen->name, profile->name, policy->text);
}

static void
check_signals (const Policy *policy)
{
  GPtrArray *profiles = aak_policy_set_profiles (policy->set);
  for (guint i = 0; i < profiles->len; i++)
    for (guint k = 0; k < profiles->len; k++)
      {
        const AakPolicyProfile *from = profiles->pdata[i], *to = profiles->pdata[k];
        cr_expect (aak_policy_query_signal (from, SIGTERM, to->name, AAK_MAY_WRITE).allowed
                       && aak_policy_query_signal (to, SIGTERM, from->name, AAK_MAY_READ).allowed,
                   "a signal from %s to %s\n%s", from->name, to->name, policy->text);
        cr_expect (aak_policy_query_ptrace (from, to->name, AAK_MAY_READ).allowed,
                   "ptrace read from %s to %s\n%s", from->name, to->name, policy->text);
      }
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *profile = profiles->pdata[i];
      g_autofree char *stack = g_strdup_printf ("%s//&unconfined", profile->name);
      cr_expect (aak_policy_query_signal (profile, SIGKILL, "unconfined", AAK_MAY_READ).allowed);
      cr_expect (aak_policy_query_signal (profile, SIGKILL, stack, AAK_MAY_READ).allowed, "%s",
                 stack);
    }
}

static void
check_access (const Policy *policy, const AakObservation *seen)
{
  const AakPolicyProfile *profile = profile_of (policy, seen->child);
  switch ((guint) seen->class)
    {
    case AAK_CLASS_FILE:
      check_file (policy, seen);
      return;
    case AAK_CLASS_EXEC:
      if (*seen->detail != '\0')
        check_exec (policy, seen->detail, profile_of (policy, seen->name));
      return;
    case AAK_CLASS_CAPABILITY:
      cr_expect (aak_policy_query_capability (profile, capability_number (seen->name)).allowed,
                 "%s in %s\n%s", seen->name, profile->name, policy->text);
      return;
    case AAK_CLASS_NETWORK:
      cr_expect (aak_policy_query_network (profile, 2, strcmp (seen->detail, "dgram") == 0 ? 2 : 1,
                                           AAK_MAY_NET_CREATE)
                     .allowed,
                 "%s in %s\n%s", seen->detail, profile->name, policy->text);
      return;
    default:
      return;
    }
}

/* Returns how many children the profile has. */
static guint
check_application (const AakObservations *observations, gboolean exact, const AakCompiler *compiler,
                   const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_generalise_children (observations, exact, &trace);
  g_autofree char *text = aak_profile_to_text (profile);
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
  Policy policy = { aak_policy_set_new ("t", blob, &error), NULL, profile, text };
  cr_assert_not_null (policy.set);
  policy.self = aak_policy_set_find (policy.set, "k8s-t");
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0; i < sorted->len; i++)
    check_access (&policy, sorted->pdata[i]);
  check_signals (&policy);
  aak_policy_set_free (policy.set);
  return profile->children->len;
}

Test (children_policy, allows_what_was_seen_where_it_is_done)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autoptr (GRand) rand = g_rand_new_with_seed (77);
  guint children = 0;
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (AakObservations) observations = random_application (rand);
      g_autoptr (AakFeatures) features =
          fixture_features (feature_sets[round % G_N_ELEMENTS (feature_sets)]);
      children += check_application (observations, round % 3 == 0, compiler, features);
    }
  cr_expect_gt (children, ROUNDS);
}

/* --- the learning profile -------------------------------------------------------------------- */

static char *
exec_label (const AakPolicySet *set, const char *from, const char *path)
{
  const AakPolicyProfile *profile = aak_policy_set_find (set, from);
  cr_assert_not_null (profile, "%s", from);
  AakAnswer answer = aak_policy_query_file (profile, aak_name (path), AAK_MAY_EXEC, FALSE);
  cr_expect (answer.allowed);
  return aak_policy_query_exec_label (set, profile, aak_name (path), answer.exec);
}

static void
check_learning (GPtrArray *programs, const AakCompiler *compiler, const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = aak_profile_learning_text ("k8s-t", AAK_ABI_3_0, programs);
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  for (guint i = 0; i < programs->len; i++)
    {
      const char *path = programs->pdata[i];
      g_autofree char *name = aak_child_name_for (path);
      g_autofree char *wanted = g_strdup_printf ("k8s-t//%s", name);
      g_autofree char *entered = exec_label (set, "k8s-t", path);
      cr_expect_str_eq (entered, wanted, "%s", path);
      g_autofree char *stays = exec_label (set, wanted, path);
      cr_expect_str_eq (stays, wanted, "%s", path);
      g_autofree char *longer = g_strconcat (path, "x", NULL);
      g_autofree char *other = exec_label (set, "k8s-t", longer);
      if (!g_ptr_array_find_with_equal_func (programs, longer, g_str_equal, NULL))
        cr_expect_str_eq (other, "k8s-t", "%s", longer);
    }
}

Test (children_policy, the_learning_profile_tells_programs_apart)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (gsize i = 0; i < G_N_ELEMENTS (feature_sets); i++)
    {
      g_autoptr (AakFeatures) features = fixture_features (feature_sets[i]);
      g_autoptr (GPtrArray) programs = g_ptr_array_new_with_free_func (g_free);
      while (programs->len < AAK_CHILDREN_MAX)
        {
          g_autofree char *path = random_path (rand);
          g_autofree char *name = aak_child_name_for (path);
          if (name != NULL && !g_ptr_array_find_with_equal_func (programs, path, g_str_equal, NULL))
            g_ptr_array_add (programs, g_steal_pointer (&path));
        }
      check_learning (programs, compiler, features);
    }
}
