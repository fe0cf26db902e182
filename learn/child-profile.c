/* SPDX-License-Identifier: GPL-2.0-or-later
 * From the parts of a label to a profile and its children. */
#include "config.h"

#include "learn/child-profile.h"

#include "learn/child-split.h"
#include "learn/generalise.h"
#include "learn/path-pattern.h"
#include "learn/rule-text.h"
#include "lib/sort.h"

#include <string.h>

/* What all parts are generalised with. */
typedef struct
{
  const AakObservations *whole; /* without children */
  gboolean exact;
} Way;

/* A part and its rules. */
typedef struct
{
  AakSubject *subject;
  AakProfile *profile; /* NULL where it was joined with another */
  GArray *trace;       /* its */
  GPtrArray *members;  /* const char*: its name, and those of what was joined with it */
} Part;

static void
part_clear (gpointer data)
{
  Part *part = data;
  g_clear_pointer (&part->profile, aak_profile_free);
  g_clear_pointer (&part->trace, g_array_unref);
  g_ptr_array_unref (part->members);
}

static void
generalise (Part *part, const Way *way)
{
  g_clear_pointer (&part->profile, aak_profile_free);
  g_clear_pointer (&part->trace, g_array_unref);
  part->profile =
      aak_generalise_part (part->subject->observations, way->whole, way->exact, &part->trace);
}

/* --- what only recordings without labels of their own saw ------------------------------------- */

static char *
rule_key (const AakRule *rule)
{
  return g_strdup_printf ("%d\n%s\n%s", (int) rule->class, rule->name, rule->detail);
}

/* The keys of all rules that children have. */
static GHashTable *
keys_of_children (GArray *parts)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 1; i < parts->len; i++)
    {
      const AakProfile *profile = g_array_index (parts, Part, i).profile;
      for (guint k = 0; k < profile->rules->len; k++)
        g_hash_table_add (keys, rule_key (g_ptr_array_index (profile->rules, k)));
    }
  return keys;
}

static gboolean
is_sure (const AakObservation *access, const gboolean *unsure)
{
  for (guint i = 0; i < access->sightings->len; i++)
    if (!unsure[g_array_index (access->sightings, AakSighting, i).run])
      return TRUE;
  return FALSE;
}

/* Those rules in @trace, the label's, that a child has too. */
static GHashTable *
shared_rules (GArray *parts, const GArray *trace)
{
  g_autoptr (GHashTable) keys = keys_of_children (parts);
  GHashTable *shared = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < trace->len; i++)
    {
      AakRule *rule = g_array_index (trace, AakTrace, i).rule;
      g_autofree char *key = rule_key (rule);
      if (g_hash_table_contains (keys, key))
        g_hash_table_add (shared, rule);
    }
  return shared;
}

/* Gives @child the accesses of the label whose rules, but for the @shared ones, rest on nothing but
 * its unsure runs. */
static void
give_unsure (Part *child, const GArray *trace, GHashTable *shared)
{
  g_autoptr (GHashTable) sure = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < trace->len; i++)
    {
      const AakTrace *part = &g_array_index (trace, AakTrace, i);
      if (is_sure (part->access, child->subject->unsure))
        g_hash_table_add (sure, part->rule);
    }
  for (guint i = 0; i < trace->len; i++)
    {
      const AakTrace *part = &g_array_index (trace, AakTrace, i);
      if (!g_hash_table_contains (sure, part->rule) && !g_hash_table_contains (shared, part->rule))
        aak_observations_merge (child->subject->observations, part->access);
    }
}

static gboolean
is_unsure (const AakSubject *subject)
{
  guint n_runs = aak_observations_n_runs (subject->observations);
  for (guint i = 0; i < n_runs; i++)
    if (subject->unsure[i])
      return TRUE;
  return FALSE;
}

static void
give_all_unsure (GArray *parts, const Way *way)
{
  const GArray *trace = g_array_index (parts, Part, 0).trace;
  g_autoptr (GHashTable) shared = shared_rules (parts, trace);
  for (guint i = 1; i < parts->len; i++)
    {
      Part *child = &g_array_index (parts, Part, i);
      if (!is_unsure (child->subject))
        continue;
      give_unsure (child, trace, shared);
      generalise (child, way);
    }
}

/* --- equal rules ----------------------------------------------------------------------------- */

/* The patterns for just the @programs (char*). */
static GPtrArray *
patterns_of (const GPtrArray *programs)
{
  GPtrArray *patterns = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < programs->len; i++)
    {
      const char *program = g_ptr_array_index (programs, i);
      GString *pattern = g_string_new (NULL);
      aak_path_pattern_append_literal (pattern, program, strlen (program));
      g_ptr_array_add (patterns, g_string_free (pattern, FALSE));
    }
  return patterns;
}

/* TRUE where @rule is the reading of one of the @files (char*). */
static gboolean
is_own_file (const AakRule *rule, const GPtrArray *files)
{
  return rule->class == AAK_CLASS_FILE && *rule->detail == '\0'
         && (rule->perms & ~(guint) (AAK_PERM_R | AAK_PERM_M)) == 0
         && g_ptr_array_find_with_equal_func ((GPtrArray *) files, rule->name, g_str_equal, NULL);
}

/* A text that is equal where the rules are, but for those that read @programs. */
static char *
rules_text (const AakProfile *profile, const GPtrArray *programs)
{
  g_autoptr (GPtrArray) files = patterns_of (programs);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (is_own_file (rule, files))
        continue;
      g_autofree char *written = rule->unwritable == NULL ? aak_rule_text (rule) : rule_key (rule);
      g_string_append_printf (text, "%d%d%s\n", rule->review != NULL, rule->unwritable != NULL,
                              written);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_hat (const Part *part)
{
  return part->subject->programs->len == 0;
}

static gboolean
has_rules_of (const Part *child, const Part *self)
{
  const GPtrArray *programs = child->subject->programs;
  guint own = child->profile->rules->len, its = self->profile->rules->len;
  if (own > its + programs->len || its > own + programs->len)
    return FALSE;
  g_autofree char *text = rules_text (child->profile, programs);
  g_autofree char *self_text = rules_text (self->profile, programs);
  return strcmp (text, self_text) == 0;
}

/* Adds the children whose rules are the label's to @inherited; FALSE where there are none. */
static gboolean
find_inherited (GArray *parts, GHashTable *inherited)
{
  const Part *self = &g_array_index (parts, Part, 0);
  gboolean found = FALSE;
  for (guint i = 1; i < parts->len; i++)
    {
      const Part *child = &g_array_index (parts, Part, i);
      if (is_hat (child) || !has_rules_of (child, self))
        continue;
      g_hash_table_add (inherited, g_strdup (child->subject->name));
      found = TRUE;
    }
  return found;
}

static void
join_part (Part *into, Part *from)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (from->subject->observations);
  for (guint i = 0; i < accesses->len; i++)
    aak_observations_merge (into->subject->observations, g_ptr_array_index (accesses, i));
  while (from->subject->programs->len > 0)
    g_ptr_array_add (into->subject->programs, g_ptr_array_steal_index (from->subject->programs, 0));
  g_ptr_array_sort (into->subject->programs, aak_compare_texts);
  g_ptr_array_add (into->members, from->subject->name);
}

/* Makes one of the children whose rules are equal, under the first one's name. */
static void
join_equal (GArray *parts, const Way *way)
{
  g_autoptr (GHashTable) by_text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) joined = g_hash_table_new (NULL, NULL);
  for (guint i = 1; i < parts->len; i++)
    {
      Part *child = &g_array_index (parts, Part, i);
      g_autofree char *text = rules_text (child->profile, child->subject->programs);
      guint first = is_hat (child) ? 0 : GPOINTER_TO_UINT (g_hash_table_lookup (by_text, text));
      if (first == 0 && !is_hat (child))
        g_hash_table_insert (by_text, g_steal_pointer (&text), GUINT_TO_POINTER (i));
      if (first == 0)
        continue;
      join_part (&g_array_index (parts, Part, first), child);
      g_hash_table_add (joined, GUINT_TO_POINTER (first));
      g_clear_pointer (&child->profile, aak_profile_free);
    }
  for (guint i = 1; i < parts->len; i++)
    if (g_hash_table_contains (joined, GUINT_TO_POINTER (i)))
      generalise (&g_array_index (parts, Part, i), way);
}

/* Adds to @inherited the children that are too many, the last ones; FALSE where there are none. */
static gboolean
find_excess (GArray *parts, GHashTable *inherited)
{
  guint programs = 0, hats = 0;
  gboolean found = FALSE;
  for (guint i = 1; i < parts->len; i++)
    {
      const Part *child = &g_array_index (parts, Part, i);
      if (child->profile == NULL)
        continue;
      guint *count = is_hat (child) ? &hats : &programs;
      if (++*count <= AAK_CHILDREN_MAX)
        continue;
      for (guint k = 0; k < child->members->len; k++)
        g_hash_table_add (inherited, g_strdup (g_ptr_array_index (child->members, k)));
      found = TRUE;
    }
  return found;
}

/* --- the profile ----------------------------------------------------------------------------- */

/* What the parts of the label do to each other crosses the border of a profile: a peer that is the
 * label stands for all of them. */
static void
set_family (AakProfile *profile, const char *label)
{
  profile->family = g_strdup (label);
  for (guint i = 0; i < profile->rules->len; i++)
    ((AakRule *) g_ptr_array_index (profile->rules, i))->family = profile->family;
}

/* The profile of @part, which takes the accesses that it stands for with it. */
static AakProfile *
take_profile (Part *part)
{
  AakProfile *profile = g_steal_pointer (&part->profile);
  profile->accesses = g_steal_pointer (&part->subject->observations);
  return profile;
}

static AakProfile *
assemble (GArray *parts, GArray **out_trace)
{
  Part *self = &g_array_index (parts, Part, 0);
  AakProfile *whole = take_profile (self);
  *out_trace = g_steal_pointer (&self->trace);
  for (guint i = 1; i < parts->len; i++)
    {
      Part *part = &g_array_index (parts, Part, i);
      if (part->profile == NULL)
        continue;
      AakProfile *child = take_profile (part);
      child->trace = g_steal_pointer (&part->trace);
      set_family (child, whole->label);
      g_free (child->label);
      child->label = g_strdup_printf ("%s//%s", whole->label, part->subject->name);
      g_ptr_array_add (whole->children,
                       aak_child_new (part->subject->name, part->subject->programs, child));
    }
  if (whole->children->len > 0)
    set_family (whole, whole->label);
  return whole;
}

static GArray *
make_parts (GPtrArray *subjects, const Way *way)
{
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (Part));
  g_array_set_clear_func (parts, part_clear);
  for (guint i = 0; i < subjects->len; i++)
    {
      Part part = { .subject = g_ptr_array_index (subjects, i), .members = g_ptr_array_new () };
      g_ptr_array_add (part.members, part.subject->name);
      generalise (&part, way);
      g_array_append_val (parts, part);
    }
  return parts;
}

AakProfile *
aak_generalise_children (const AakObservations *observations, gboolean exact, GArray **out_trace)
{
  g_autoptr (GHashTable) inherited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (AakObservations) whole = aak_child_fold (observations);
  const Way way = { whole, exact };
  for (;;)
    {
      g_autoptr (GPtrArray) subjects = aak_child_split (observations, inherited);
      g_autoptr (GArray) parts = make_parts (subjects, &way);
      give_all_unsure (parts, &way);
      /* Each time there is a child less: it ends. */
      if (find_inherited (parts, inherited))
        continue;
      join_equal (parts, &way);
      if (!find_excess (parts, inherited))
        return assemble (parts, out_trace);
    }
}
