/* SPDX-License-Identifier: GPL-2.0-or-later
 * From one set of accesses to one for the label and one for each child. */
#include "config.h"

#include "learn/child-split.h"

#include "learn/child-name.h"
#include "learn/merge.h"
#include "learn/sensitive.h"
#include "lib/sort.h"

#include <string.h>

/* --- which children there are ---------------------------------------------------------------- */

/* What is known of a child. */
typedef struct
{
  const char *name;
  GPtrArray *programs; /* const char*, in their order */
  gboolean acts;       /* something was seen of it */
  gboolean refused;
} Candidate;

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;
  g_ptr_array_unref (candidate->programs);
  g_free (candidate);
}

typedef struct
{
  GHashTable *by_name;    /* Candidate */
  GHashTable *by_program; /* the same, not owned */
} Candidates;

static Candidate *
get_candidate (Candidates *candidates, const char *name)
{
  Candidate *found = g_hash_table_lookup (candidates->by_name, name);
  if (found != NULL)
    return found;
  found = g_new0 (Candidate, 1);
  found->name = name;
  found->programs = g_ptr_array_new ();
  g_hash_table_insert (candidates->by_name, (gpointer) name, found);
  return found;
}

static gboolean
is_for_review (const char *program, const AakAllowList *allowed)
{
  const AakRule exec = { .class = AAK_CLASS_FILE, .perms = AAK_PERM_X };
  return aak_sensitive_find (&exec, program, allowed) != NULL;
}

static void
add_program (Candidates *candidates, Candidate *candidate, const char *program,
             const AakAllowList *allowed)
{
  Candidate *other = g_hash_table_lookup (candidates->by_program, program);
  g_autofree char *name = aak_child_name_for (program);
  if (other != NULL)
    other->refused = candidate->refused = TRUE;
  if (name == NULL || candidate->programs->len == AAK_CHILD_PROGRAMS_MAX
      || is_for_review (program, allowed))
    candidate->refused = TRUE;
  g_hash_table_insert (candidates->by_program, (gpointer) program, candidate);
  g_ptr_array_add (candidate->programs, (gpointer) program);
}

static void
take_exec (Candidates *candidates, const AakObservation *exec, const AakAllowList *allowed)
{
  Candidate *entered = get_candidate (candidates, exec->name);
  if (*exec->child != '\0')
    entered->refused = get_candidate (candidates, exec->child)->refused = TRUE;
  else if (*exec->detail == '\0')
    entered->refused = TRUE;
  else
    add_program (candidates, entered, exec->detail, allowed);
}

static gboolean
stands (const Candidate *candidate, GHashTable *inherited)
{
  gboolean is_hat = candidate->programs->len == 0;
  return candidate->acts && !candidate->refused && aak_child_name_is_sound (candidate->name)
         && !(is_hat && *candidate->name == '/')
         && !(inherited != NULL && g_hash_table_contains (inherited, candidate->name));
}

/* The names of those that stand, in their order. */
static GPtrArray *
standing_names (const Candidates *candidates, GHashTable *inherited)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer candidate;
  g_hash_table_iter_init (&iter, candidates->by_name);
  while (g_hash_table_iter_next (&iter, NULL, &candidate))
    if (stands (candidate, inherited))
      g_ptr_array_add (names, (gpointer) ((Candidate *) candidate)->name);
  g_ptr_array_sort (names, aak_compare_texts);
  if (names->len > AAK_CHILD_CANDIDATES_MAX)
    g_ptr_array_set_size (names, AAK_CHILD_CANDIDATES_MAX);
  return names;
}

static void
find_candidates (Candidates *candidates, GPtrArray *sorted, const AakAllowList *allowed)
{
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (sorted, i);
      if (observation->class == AAK_CLASS_EXEC)
        take_exec (candidates, observation, allowed);
      else if (*observation->child != '\0')
        get_candidate (candidates, observation->child)->acts = TRUE;
    }
}

/* --- the parts ------------------------------------------------------------------------------- */

static void
subject_free (gpointer data)
{
  AakSubject *subject = data;
  g_free (subject->name);
  g_ptr_array_unref (subject->programs);
  g_clear_pointer (&subject->observations, aak_observations_free);
  g_free (subject->unsure);
  g_free (subject);
}

/* Observations of the label of @whole, with all that it knows but the accesses. */
static AakObservations *
observations_like (const AakObservations *whole)
{
  AakObservations *part = aak_observations_new (aak_observations_label (whole));
  for (guint i = 0; i < aak_observations_n_runs (whole); i++)
    aak_observations_add_run (part, aak_run_copy (aak_observations_get_run (whole, i)));
  aak_observations_merge_known (part, whole);
  return part;
}

/* @programs: const char*, or NULL. */
static AakSubject *
subject_new (const char *name, const GPtrArray *programs, const AakObservations *whole)
{
  AakSubject *subject = g_new0 (AakSubject, 1);
  subject->name = g_strdup (name);
  subject->programs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; programs != NULL && i < programs->len; i++)
    g_ptr_array_add (subject->programs, g_strdup (g_ptr_array_index (programs, i)));
  subject->observations = observations_like (whole);
  subject->unsure = g_new0 (gboolean, aak_observations_n_runs (whole) + 1);
  return subject;
}

typedef struct
{
  GPtrArray *subjects;
  GHashTable *by_name;    /* AakSubject, of the children */
  GHashTable *by_program; /* the same, by the programs that enter them */
} Parts;

/* An exec of the program of a child that did not enter it. */
static void
note_unsure (AakSubject *subject, const AakObservation *exec)
{
  for (guint i = 0; i < exec->sightings->len; i++)
    subject->unsure[g_array_index (exec->sightings, AakSighting, i).run] = TRUE;
}

/* The permissions of @observation, of the label itself, that are left to it: what enters a child
 * is not its to execute. */
static guint
permissions_left (const Parts *parts, const AakObservation *observation)
{
  AakSubject *entered = observation->class == AAK_CLASS_FILE && (observation->perms & AAK_PERM_X)
                            ? g_hash_table_lookup (parts->by_program, observation->name)
                            : NULL;
  if (entered == NULL)
    return observation->perms;
  note_unsure (entered, observation);
  return observation->perms & ~(guint) AAK_PERM_X;
}

/* Adds @from to @part, as its own. */
static void
give (AakObservations *part, const AakObservation *from, guint perms)
{
  AakObservation given = *from;
  given.child = (char *) "";
  given.perms = perms;
  given.shared_perms &= perms;
  /* There is room: a part has no more than the whole. */
  aak_observations_merge (part, &given);
}

static void
divide (Parts *parts, const AakObservation *observation)
{
  AakSubject *self = g_ptr_array_index (parts->subjects, 0);
  AakSubject *child = g_hash_table_lookup (parts->by_name, observation->child);
  if (observation->class == AAK_CLASS_EXEC
      && (g_hash_table_contains (parts->by_name, observation->name)
          || *observation->detail == '\0'))
    return;
  guint perms = child != NULL ? observation->perms : permissions_left (parts, observation);
  if (perms != 0 || observation->perms == 0)
    give (child != NULL ? child->observations : self->observations, observation, perms);
}

/* Adds @from, where nobody asks which child it was. */
static void
give_folded (AakObservations *part, const AakObservation *from)
{
  AakObservation own = *from;
  if (own.class == AAK_CLASS_EXEC)
    {
      own.class = AAK_CLASS_FILE;
      own.name = own.detail;
      own.detail = (char *) "";
    }
  if (*own.name != '\0' || own.class != AAK_CLASS_FILE)
    give (part, &own, own.perms);
}

AakObservations *
aak_child_fold (const AakObservations *observations)
{
  AakObservations *folded = observations_like (observations);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0; i < sorted->len; i++)
    give_folded (folded, sorted->pdata[i]);
  return folded;
}

static gboolean
is_among (const GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (strcmp (names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

AakObservations *
aak_child_take (const AakObservations *observations, const GPtrArray *apart, const char *child)
{
  AakObservations *part = observations_like (observations);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      const char *doer = is_among (apart, access->child) ? access->child : "";
      if (strcmp (doer, child) != 0)
        continue;
      if (access->class == AAK_CLASS_EXEC && is_among (apart, access->name))
        give (part, access, access->perms);
      else
        give_folded (part, access);
    }
  return part;
}

AakObservations *
aak_child_rename (const AakObservations *observations, GHashTable *names)
{
  AakObservations *renamed = observations_like (observations);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0; i < sorted->len; i++)
    {
      AakObservation own = *(const AakObservation *) sorted->pdata[i];
      char *child = g_hash_table_lookup (names, own.child);
      char *entered = own.class == AAK_CLASS_EXEC ? g_hash_table_lookup (names, own.name) : NULL;
      own.child = child != NULL ? child : own.child;
      own.name = entered != NULL ? entered : own.name;
      /* There is room, as there was before. */
      aak_observations_merge (renamed, &own);
    }
  return renamed;
}

GPtrArray *
aak_child_names (const AakObservations *observations)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (*access->child != '\0' && g_hash_table_add (seen, access->child))
        g_ptr_array_add (names, g_strdup (access->child));
    }
  g_ptr_array_sort (names, aak_compare_texts);
  return names;
}

static void
add_children (Parts *parts, const Candidates *candidates, GPtrArray *names,
              const AakObservations *whole)
{
  for (guint i = 0; i < names->len; i++)
    {
      const Candidate *candidate =
          g_hash_table_lookup (candidates->by_name, g_ptr_array_index (names, i));
      AakSubject *child = subject_new (candidate->name, candidate->programs, whole);
      g_ptr_array_add (parts->subjects, child);
      g_hash_table_insert (parts->by_name, child->name, child);
      for (guint k = 0; k < child->programs->len; k++)
        g_hash_table_insert (parts->by_program, g_ptr_array_index (child->programs, k), child);
    }
}

GPtrArray *
aak_child_split (const AakObservations *observations, GHashTable *inherited)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (GHashTable) by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, candidate_free);
  g_autoptr (GHashTable) by_program = g_hash_table_new (g_str_hash, g_str_equal);
  Candidates candidates = { by_name, by_program };
  find_candidates (&candidates, sorted, aak_observations_allow_list (observations));
  g_autoptr (GPtrArray) names = standing_names (&candidates, inherited);

  g_autoptr (GHashTable) children = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) programs = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *subjects = g_ptr_array_new_with_free_func (subject_free);
  Parts parts = { subjects, children, programs };
  g_ptr_array_add (subjects, subject_new ("", NULL, observations));
  add_children (&parts, &candidates, names, observations);
  for (guint i = 0; i < sorted->len; i++)
    divide (&parts, g_ptr_array_index (sorted, i));
  return subjects;
}
