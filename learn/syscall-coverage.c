/* SPDX-License-Identifier: GPL-2.0-or-later
 * One question for each call. */
#include "config.h"

#include "learn/syscall-coverage.h"

#include "learn/coverage-class.h"
#include "lib/seccomp/answer.h"
#include "lib/syscall-table.h"
#include "lib/syscalls.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

/* --- the profile ----------------------------------------------------------------------------- */

/* TRUE where the filter is for calls of the architecture @word: those that are listed, and always
 * the machine's own. */
static gboolean
has_arch (const AakSeccompProfile *profile, const char *word)
{
  AakArch arch;
  if (aak_syscall_arch_find (word, &arch) && arch == aak_syscall_arch_native ())
    return TRUE;
  return aak_seccomp_lists_arch (profile, word);
}

static AakCoverage
judge (const AakSeccompProfile *profile, const char *name, guint32 *out_action)
{
  const AakSeccompAnswer answer = aak_seccomp_answer (profile, name);
  *out_action = answer.action;
  if (answer.depends)
    return aak_coverage_not_asked ("it depends on the arguments, which no record tells");
  return (AakCoverage){ .verdict = aak_seccomp_lets_pass (answer.action) ? AAK_COVERAGE_ALLOWED
                                                                         : AAK_COVERAGE_DENIED };
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
