/* SPDX-License-Identifier: GPL-2.0-or-later
 * From observations to the calls of a profile. */
#include "config.h"

#include "learn/syscall-profile.h"

#include "learn/sensitive.h"
#include "lib/sort.h"
#include "lib/syscall-table.h"
#include "lib/syscalls.h"

#include <string.h>

static void
call_free (gpointer data)
{
  AakSyscallAllowed *call = data;
  g_free (call->name);
  g_free (call);
}

static void
omission_free (gpointer data)
{
  AakSyscallOmitted *omission = data;
  g_free (omission->name);
  g_free (omission);
}

void
aak_syscall_profile_free (AakSyscallProfile *profile)
{
  g_free (profile->label);
  g_ptr_array_unref (profile->archs);
  g_ptr_array_unref (profile->calls);
  g_ptr_array_unref (profile->omitted);
  g_ptr_array_unref (profile->absent);
  g_free (profile);
}

/* --- what was seen --------------------------------------------------------------------------- */

/* What is put together. */
typedef struct
{
  const AakObservations *observations;
  const AakSyscallTable *table;
  AakSyscallProfile *profile;
  GHashTable *calls;   /* name -> AakSyscallAllowed of the profile */
  GHashTable *omitted; /* name -> AakSyscallOmitted of the profile */
} Build;

static AakSyscallAllowed *
get_call (Build *build, const char *name)
{
  AakSyscallAllowed *call = g_hash_table_lookup (build->calls, name);
  if (call == NULL)
    {
      call = g_new0 (AakSyscallAllowed, 1);
      call->name = g_strdup (name);
      g_ptr_array_add (build->profile->calls, call);
      g_hash_table_insert (build->calls, call->name, call);
    }
  return call;
}

static void
omit (Build *build, const AakObservation *access, const AakSyscallOmitted *why)
{
  AakSyscallOmitted *omission = g_hash_table_lookup (build->omitted, access->detail);
  if (omission == NULL)
    {
      omission = g_memdup2 (why, sizeof *why);
      omission->name = g_strdup (access->detail);
      g_ptr_array_add (build->profile->omitted, omission);
      g_hash_table_insert (build->omitted, omission->name, omission);
    }
  omission->events += aak_observation_events (access);
  omission->runs = MAX (omission->runs, access->sightings->len);
}

/* The entry for which the call @name waits for review; NULL where none does, or it was allowed. */
static const AakSensitive *
find_review (const Build *build, const char *name)
{
  const AakRule rule = { .class = AAK_CLASS_SYSCALL, .name = (char *) "", .detail = (char *) name };
  return aak_sensitive_find (&rule, "", aak_observations_allow_list (build->observations));
}

static const AakSyscallInstead *
find_instead (const Build *build, const char *name)
{
  for (guint i = 0; i < build->table->instead->len; i++)
    {
      const AakSyscallInstead *instead = build->table->instead->pdata[i];
      if (strcmp (instead->call, name) == 0)
        return instead;
    }
  return NULL;
}

/* TRUE where the site or somebody by hand allowed what @id is about. */
static gboolean
is_allowed (const Build *build, const char *id)
{
  return aak_allow_list_has (aak_observations_allow_list (build->observations), id);
}

static void
allow_seen (Build *build, const AakObservation *access)
{
  AakSyscallAllowed *call = get_call (build, access->detail);
  call->reason = AAK_CALL_SEEN;
  call->events += aak_observation_events (access);
  call->runs = MAX (call->runs, access->sightings->len);
}

static void
add_seen (Build *build, const AakObservation *access)
{
  const AakSyscallInstead *instead = find_instead (build, access->detail);
  const AakSensitive *review = find_review (build, access->detail);
  build->profile->seen++;
  build->profile->events += aak_observation_events (access);
  if (*access->detail == '#' || strcmp (access->detail, AAK_SYSCALL_UNKNOWN) == 0)
    omit (build, access, &(AakSyscallOmitted){ .why = "nobody knows a name for it" });
  else if (instead != NULL && !is_allowed (build, instead->allow))
    omit (build, access,
          &(AakSyscallOmitted){ .id = instead->allow, .why = instead->why, .done = TRUE });
  else if (review != NULL)
    omit (build, access, &(AakSyscallOmitted){ .id = review->id, .why = review->why });
  else
    allow_seen (build, access);
}

/* --- what it needs beside that --------------------------------------------------------------- */

static gboolean
was_seen (const Build *build, const char *name)
{
  const AakSyscallAllowed *call = g_hash_table_lookup (build->calls, name);
  const AakSyscallOmitted *omission = g_hash_table_lookup (build->omitted, name);
  return (call != NULL && call->reason == AAK_CALL_SEEN) || (omission != NULL && omission->done);
}

/* TRUE where one of the architectures that were seen has such a call. */
static gboolean
exists (const Build *build, const char *name)
{
  const GPtrArray *archs = build->profile->archs;
  gboolean found = archs->len == 0;
  for (guint i = 0; !found && i < archs->len; i++)
    {
      AakArch arch;
      found = aak_syscall_arch_find (archs->pdata[i], &arch) && aak_syscall_exists (arch, name);
    }
  return found;
}

/* Adds what is not there yet, and waits for no review. */
static void
add_calls (Build *build, char *const *names, AakCallReason reason, const AakSyscallGroup *group)
{
  for (; *names != NULL; names++)
    {
      if (g_hash_table_contains (build->calls, *names) || !exists (build, *names)
          || find_review (build, *names) != NULL)
        continue;
      AakSyscallAllowed *call = get_call (build, *names);
      call->reason = reason;
      call->group = group->id;
      call->why = group->why;
    }
}

static void
add_groups (Build *build)
{
  for (guint i = 0; i < build->table->groups->len; i++)
    {
      const AakSyscallGroup *group = build->table->groups->pdata[i];
      gboolean seen = FALSE;
      for (char **name = group->seen; !seen && *name != NULL; name++)
        seen = was_seen (build, *name);
      if (seen)
        add_calls (build, group->adds, AAK_CALL_GROUP, group);
    }
}

/* Done by another one: also with --exact that must be there. */
static void
add_instead (Build *build)
{
  for (guint i = 0; i < build->table->instead->len; i++)
    {
      const AakSyscallInstead *instead = build->table->instead->pdata[i];
      const AakSyscallGroup group = { .id = instead->call, .why = instead->why };
      if (g_hash_table_contains (build->omitted, instead->call))
        add_calls (build, instead->by, AAK_CALL_GROUP, &group);
    }
}

static void
add_start (Build *build)
{
  for (guint i = 0; i < build->table->start->len; i++)
    {
      const AakSyscallGroup *start = build->table->start->pdata[i];
      add_calls (build, start->adds, AAK_CALL_START, start);
    }
}

static void
add_absent (Build *build)
{
  for (guint i = 0; i < build->table->absent->len; i++)
    if (!g_hash_table_contains (build->calls, build->table->absent->pdata[i])
        && exists (build, build->table->absent->pdata[i]))
      g_ptr_array_add (build->profile->absent, build->table->absent->pdata[i]);
  for (guint i = 0; i < build->table->instead->len; i++)
    {
      const AakSyscallInstead *instead = build->table->instead->pdata[i];
      if (!g_hash_table_contains (build->calls, instead->call))
        g_ptr_array_add (build->profile->absent, instead->call);
    }
  g_ptr_array_sort (build->profile->absent, aak_compare_texts);
}

/* --- architectures ---------------------------------------------------------------------------- */

static void
add_arch (AakSyscallProfile *profile, const char *name)
{
  AakArch arch;
  const char *word = aak_syscall_arch_find (name, &arch) ? aak_syscall_arch_word (arch) : NULL;
  if (word != NULL && !g_ptr_array_find (profile->archs, word, NULL))
    g_ptr_array_add (profile->archs, (gpointer) word);
}

/* The kernel passes clone's flags as the second argument there (clone(2), C library/kernel
 * differences). */
static gboolean
flags_are_second (const AakSyscallProfile *profile)
{
  for (guint i = 0; i < profile->archs->len; i++)
    if (g_str_has_prefix (profile->archs->pdata[i], "s390"))
      return TRUE;
  return FALSE;
}

static void
limit_clone (Build *build)
{
  AakSyscallAllowed *clone = g_hash_table_lookup (build->calls, AAK_SYSCALL_LIMITED);
  build->profile->clone_flags = flags_are_second (build->profile) ? 1 : 0;
  if (clone != NULL)
    clone->limited = !is_allowed (build, "userns");
}

/* --- all ------------------------------------------------------------------------------------- */

static int
compare_calls (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AakSyscallAllowed *const *) a)->name, (*(AakSyscallAllowed *const *) b)->name);
}

static int
compare_omissions (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AakSyscallOmitted *const *) a)->name, (*(AakSyscallOmitted *const *) b)->name);
}

AakSyscallProfile *
aak_syscall_profile_new (const AakObservations *observations, gboolean exact)
{
  g_autoptr (GHashTable) calls = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) omitted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  AakSyscallProfile *profile = g_new0 (AakSyscallProfile, 1);
  profile->label = g_strdup (aak_observations_label (observations));
  profile->archs = g_ptr_array_new ();
  profile->calls = g_ptr_array_new_with_free_func (call_free);
  profile->omitted = g_ptr_array_new_with_free_func (omission_free);
  profile->absent = g_ptr_array_new ();
  Build build = { observations, aak_syscall_table (), profile, calls, omitted };
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (access->class != AAK_CLASS_SYSCALL)
        continue;
      add_seen (&build, access);
      add_arch (profile, access->name);
    }
  add_instead (&build);
  if (!exact)
    add_groups (&build);
  add_start (&build);
  add_absent (&build);
  limit_clone (&build);
  g_ptr_array_sort (profile->archs, aak_compare_texts);
  g_ptr_array_sort (profile->calls, compare_calls);
  g_ptr_array_sort (profile->omitted, compare_omissions);
  return profile;
}

gboolean
aak_syscall_profile_has_calls (const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = sorted->len; i > 0; i--)
    if (((const AakObservation *) sorted->pdata[i - 1])->class == AAK_CLASS_SYSCALL)
      return TRUE;
  return FALSE;
}

guint
aak_syscall_profile_count (const AakSyscallProfile *profile, AakCallReason reason)
{
  guint n = 0;
  for (guint i = 0; i < profile->calls->len; i++)
    n += ((const AakSyscallAllowed *) profile->calls->pdata[i])->reason == reason;
  return n;
}

guint
aak_syscall_profile_count_nameless (const AakSyscallProfile *profile)
{
  guint n = 0;
  for (guint i = 0; i < profile->omitted->len; i++)
    n += ((const AakSyscallOmitted *) profile->omitted->pdata[i])->id == NULL;
  return n;
}
