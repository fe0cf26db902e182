/* SPDX-License-Identifier: GPL-2.0-or-later
 * One question for each call. */
#include "config.h"

#include "learn/syscall-coverage.h"

#include "learn/coverage-class.h"
#include "learn/syscall-profile.h"
#include "learn/syscall-table.h"
#include "lib/syscalls.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

#define ARCH_PREFIX "SCMP_ARCH_"

/* --- the profile ----------------------------------------------------------------------------- */

/* TRUE where the filter is for calls of the architecture @word: those that are listed, and always
 * the machine's own. */
static gboolean
has_arch (const AakSeccompProfile *profile, const char *word)
{
  AakArch arch;
  g_autofree char *upper = g_ascii_strup (word, -1);
  g_autofree char *name = g_strconcat (ARCH_PREFIX, upper, NULL);
  if (aak_syscall_arch_find (word, &arch) && arch == aak_syscall_arch_native ())
    return TRUE;
  for (guint i = 0; i < profile->architectures->len; i++)
    if (strcmp (profile->architectures->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_name (const AakSeccompRule *rule, const char *name)
{
  for (guint i = 0; i < rule->names->len; i++)
    if (strcmp (rule->names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* Flags of clone that make name spaces must not be there. */
static gboolean
is_limited_clone (const AakSeccompRule *rule, const char *name)
{
  if (strcmp (name, "clone") != 0 || rule->args->len != 1)
    return FALSE;
  const AakSeccompArg *arg = &g_array_index (rule->args, AakSeccompArg, 0);
  return arg->op == SCMP_CMP_MASKED_EQ && arg->index <= 1 && arg->value == AAK_CLONE_NAMESPACES
         && arg->value_two == 0;
}

static AakCoverageVerdict
verdict_of (guint32 action)
{
  return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG ? AAK_COVERAGE_ALLOWED
                                                            : AAK_COVERAGE_DENIED;
}

static AakCoverage
judge (const AakSeccompProfile *profile, const char *name, guint32 *out_action)
{
  const AakSeccompRule *conditional = NULL;
  *out_action = profile->action;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakSeccompRule *rule = profile->rules->pdata[i];
      if (!has_name (rule, name))
        continue;
      *out_action = rule->action;
      if (rule->args->len == 0 || is_limited_clone (rule, name))
        return (AakCoverage){ .verdict = verdict_of (rule->action) };
      conditional = rule;
    }
  if (conditional != NULL)
    return aak_coverage_not_asked ("it depends on the arguments, which no record tells");
  return (AakCoverage){ .verdict = verdict_of (profile->action) };
}

/* --- one call -------------------------------------------------------------------------------- */

/* TRUE where libc makes other calls instead of @name, and these are allowed. */
static gboolean
is_done_otherwise (const AakSeccompProfile *profile, const char *name)
{
  const GPtrArray *table = aak_syscall_table ()->instead;
  guint32 unused;
  for (guint i = 0; i < table->len; i++)
    {
      const AakSyscallInstead *instead = table->pdata[i];
      if (strcmp (instead->call, name) != 0)
        continue;
      for (char **by = instead->by; *by != NULL; by++)
        if (judge (profile, *by, &unused).verdict != AAK_COVERAGE_ALLOWED)
          return FALSE;
      return TRUE;
    }
  return FALSE;
}

static AakCoverage
ask (const AakSeccompProfile *profile, const AakObservation *access)
{
  guint32 action;
  if (!has_arch (profile, access->name))
    return (AakCoverage){ .verdict = AAK_COVERAGE_DENIED };
  AakCoverage coverage = judge (profile, access->detail, &action);
  if (coverage.verdict == AAK_COVERAGE_DENIED && action == SCMP_ACT_ERRNO (ENOSYS)
      && is_done_otherwise (profile, access->detail))
    coverage.verdict = AAK_COVERAGE_ALLOWED;
  return coverage;
}

GArray *
aak_syscall_coverage_ask_all (const AakSeccompProfile *profile, const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  GArray *all = g_array_new (FALSE, FALSE, sizeof (AakCoverage));
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (access->class != AAK_CLASS_SYSCALL)
        continue;
      AakCoverage coverage = ask (profile, access);
      coverage.access = access;
      g_array_append_val (all, coverage);
    }
  return all;
}
