/* SPDX-License-Identifier: GPL-2.0-or-later
 * The generaliser: certain passes per path (path-pattern), then content trees, then rules that are
 * equal become one. */
#include "config.h"

#include "learn/generalise.h"

#include "learn/content-tree.h"
#include "learn/path-pattern.h"
#include "learn/sensitive.h"

#include <string.h>

/* --- one observation to one rule ------------------------------------------------------------- */

static AakRule *
rule_new (const AakObservation *observation)
{
  AakRule *rule = g_new0 (AakRule, 1);
  rule->class = observation->class;
  rule->perms = observation->perms;
  rule->accesses = 1;
  rule->runs = observation->sightings->len;
  for (guint i = 0; i < observation->sightings->len; i++)
    rule->events += g_array_index (observation->sightings, AakSighting, i).count;
  return rule;
}

/* Owner rules are written where they narrow something that every pod has: its view of other
 * processes in /proc. Elsewhere a volume's or an image's files change their owner from one day to
 * the next. */
static gboolean
is_owner_only (const AakObservation *observation)
{
  return observation->shared_perms == 0 && g_str_has_prefix (observation->name, "/proc/")
         && g_ascii_isdigit (observation->name[strlen ("/proc/")]);
}

/* What all file rules of a profile are made with. */
typedef struct
{
  GHashTable *trees;   /* content trees */
  GHashTable *created; /* set of paths that the application created */
  gboolean exact;
} FileContext;

static void
set_disconnected (AakRule *rule, const AakObservation *observation)
{
  rule->unwritable = "the path is disconnected from every root";
  g_free (rule->name);
  rule->name = g_strdup (observation->name);
}

static AakRule *
file_rule (const AakObservation *observation, const FileContext *files)
{
  AakRule *rule = rule_new (observation);
  const AakContentTree *tree =
      files->exact ? NULL : aak_content_tree_find (files->trees, observation);
  AakPathContext context = { files->created, FALSE, files->exact };
  const char *unused = NULL;
  rule->detail = *observation->detail != '\0'
                     ? aak_path_pattern_for (observation->detail, &context, &unused)
                     : g_strdup ("");
  context.library = (observation->perms & ~(guint) (AAK_PERM_R | AAK_PERM_M)) == 0;
  if (tree != NULL)
    {
      rule->name = aak_content_tree_pattern (tree, observation->name);
      rule->pass = "content";
    }
  else
    rule->name = aak_path_pattern_for (observation->name, &context, &rule->pass);
  rule->widened = rule->pass != NULL;
  rule->owner = is_owner_only (observation);
  if (*observation->name != '/' || (*observation->detail != '\0' && *observation->detail != '/'))
    set_disconnected (rule, observation);
  rule->review = aak_sensitive_reason (rule, observation->name);
  return rule;
}

/* The set of paths in @sorted that the application created. */
static GHashTable *
created_paths (GPtrArray *sorted)
{
  GHashTable *created = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (sorted, i);
      if (observation->class == AAK_CLASS_FILE && (observation->perms & AAK_PERM_C))
        g_hash_table_add (created, observation->name);
    }
  return created;
}

/* The runtime block (profile-writer) lets a pod's own processes signal and see each other, and the
 * node signal them. */
static gboolean
is_implied (const AakRule *rule, const char *label)
{
  gboolean own = strcmp (rule->name, label) == 0;
  if (rule->class == AAK_CLASS_SIGNAL)
    return own || (strcmp (rule->name, "unconfined") == 0 && rule->perms == AAK_PERM_RECEIVE);
  if (rule->class == AAK_CLASS_PTRACE)
    return own && (rule->perms & ~(guint) (AAK_PERM_READ | AAK_PERM_READBY)) == 0;
  return FALSE;
}

static AakRule *
other_rule (const AakObservation *observation, const char *label)
{
  AakRule *rule = rule_new (observation);
  rule->name = g_strdup (observation->name);
  rule->detail = g_strdup (observation->detail);
  if (strchr (rule->name, '(') != NULL || strchr (rule->detail, '(') != NULL)
    rule->unwritable = "the kernel has no name for it";
  rule->review = aak_sensitive_reason (rule, NULL);
  rule->implied = is_implied (rule, label);
  return rule;
}

/* --- equal rules become one ------------------------------------------------------------------ */

static guint
rule_hash (gconstpointer key)
{
  const AakRule *rule = key;
  return g_str_hash (rule->name) * 33 + g_str_hash (rule->detail) + (guint) rule->class;
}

static gboolean
rule_equal (gconstpointer a, gconstpointer b)
{
  const AakRule *x = a, *y = b;
  return x->class == y->class && x->review == y->review && x->unwritable == y->unwritable
         && strcmp (x->name, y->name) == 0 && strcmp (x->detail, y->detail) == 0;
}

/* Adds @rule, or joins it to the equal one; takes it. Returns the one that stands. */
static AakRule *
add_rule (GHashTable *table, AakRule *rule)
{
  AakRule *into = g_hash_table_lookup (table, rule);
  if (into == NULL)
    {
      g_hash_table_add (table, rule);
      return rule;
    }
  into->perms |= rule->perms;
  into->owner = into->owner && rule->owner;
  into->widened = into->widened || rule->widened;
  into->pass = into->pass != NULL ? into->pass : rule->pass;
  into->accesses += rule->accesses;
  into->events += rule->events;
  into->runs = MAX (into->runs, rule->runs);
  aak_rule_free (rule);
  return into;
}

/* The order of the text: classes as it lists them, then names. */
static int
rule_compare (gconstpointer a, gconstpointer b)
{
  static const int place_of_class[] = {
    [AAK_CLASS_CAPABILITY] = 0, [AAK_CLASS_NETWORK] = 1, [AAK_CLASS_SIGNAL] = 2,
    [AAK_CLASS_PTRACE] = 3,     [AAK_CLASS_FILE] = 4,    [AAK_CLASS_POLICY] = 5,
    [AAK_CLASS_OTHER] = 6,
  };
  const AakRule *x = *(AakRule *const *) a, *y = *(AakRule *const *) b;
  if (x->class != y->class)
    return place_of_class[x->class] - place_of_class[y->class];
  int order = strcmp (x->name, y->name);
  if (order == 0)
    order = strcmp (x->detail, y->detail);
  return order != 0 ? order : g_strcmp0 (x->review, y->review);
}

AakProfile *
aak_generalise (const AakObservations *observations, gboolean exact)
{
  g_autoptr (GPtrArray) unused = NULL;
  return aak_generalise_traced (observations, exact, &unused);
}

AakProfile *
aak_generalise_traced (const AakObservations *observations, gboolean exact, GPtrArray **out_rule_of)
{
  g_autoptr (AakProfile) profile = aak_profile_new (aak_observations_label (observations));
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (GHashTable) trees = aak_content_tree_detect (sorted);
  g_autoptr (GHashTable) created = created_paths (sorted);
  FileContext files = { trees, created, exact };
  g_autoptr (GHashTable) table = g_hash_table_new (rule_hash, rule_equal);
  g_autoptr (GPtrArray) rule_of = g_ptr_array_sized_new (sorted->len);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (sorted, i);
      AakRule *rule = observation->class == AAK_CLASS_FILE
                          ? file_rule (observation, &files)
                          : other_rule (observation, profile->label);
      g_ptr_array_add (rule_of, add_rule (table, rule));
    }
  GHashTableIter iter;
  gpointer rule;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &rule, NULL))
    g_ptr_array_add (profile->rules, rule);
  g_ptr_array_sort (profile->rules, rule_compare);

  profile->runs = aak_observations_n_runs (observations);
  for (guint i = 0; i < profile->runs; i++)
    profile->events += aak_observations_get_run (observations, i)->events;
  *out_rule_of = g_steal_pointer (&rule_of);
  return g_steal_pointer (&profile);
}
