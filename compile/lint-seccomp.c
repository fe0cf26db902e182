/* SPDX-License-Identifier: GPL-2.0-or-later
 * A seccomp profile that refuses too little to guard, or so much that no container starts. */
#include "config.h"

#include "compile/lint-seccomp.h"

#include "lib/seccomp/answer.h"
#include "lib/sensitive-calls.h"
#include "lib/syscall-table.h"
#include "lib/syscalls.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

/* --- places ---------------------------------------------------------------------------------- */

/* Where the text @word first stands in quotes; the profile's beginning where it does not. */
static AakPolicyPlace
find_place (const AakLintSeccomp *lint, const char *word)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (lint->source->text, &len);
  g_autofree char *quoted = g_strconcat ("\"", word, "\"", NULL);
  const char *at = text != NULL ? memmem (text, len, quoted, strlen (quoted)) : NULL;
  if (at == NULL)
    return (AakPolicyPlace){ lint->source, 0, 0 };
  return (AakPolicyPlace){ lint->source, (gsize) (at - text), strlen (quoted) };
}

/* The place of the name @word, or of what stands for all that is not named. */
static AakPolicyPlace
place_of (const AakLintSeccomp *lint, const char *word)
{
  AakPolicyPlace place = find_place (lint, word);
  return place.size > 0 ? place : find_place (lint, "defaultAction");
}

/* --- what is left open ----------------------------------------------------------------------- */

static void
look_at_default (const AakLintSeccomp *lint)
{
  AakPolicyPlace place = place_of (lint, "defaultAction");
  if (lint->profile->action == SCMP_ACT_ALLOW)
    aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_ALLOWS, place,
                      "every call that no rule names is allowed");
  if (lint->profile->action == SCMP_ACT_LOG)
    aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_LOGS, place,
                      "every call that no rule names is logged, and allowed");
}

/* A clone with the flags for name spaces is what unshare is. */
static gboolean
is_open (const AakLintSeccomp *lint, const char *name)
{
  const AakSeccompAnswer answer = aak_seccomp_answer (lint->profile, name);
  return answer.rule != NULL && !answer.depends && !answer.limited
         && aak_seccomp_lets_pass (answer.action);
}

static void
look_at_sensitive (const AakLintSeccomp *lint)
{
  const GPtrArray *all = aak_sensitive_calls ();
  for (guint i = 0; i < all->len; i++)
    {
      const AakSensitiveCalls *one = all->pdata[i];
      for (char **call = one->calls; *call != NULL; call++)
        if (is_open (lint, *call))
          aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_SENSITIVE, place_of (lint, *call),
                            "%s is allowed (%s): %s", *call, one->id, one->why);
    }
  if (is_open (lint, "clone"))
    aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_SENSITIVE, place_of (lint, "clone"),
                      "clone is allowed with any flags (userns): it makes new name spaces");
}

/* --- what a start needs ---------------------------------------------------------------------- */

/* The architectures that are asked about: those that are listed, or the machine's own. */
static gboolean
exists (const AakLintSeccomp *lint, const char *name)
{
  const GPtrArray *here = lint->profile->architectures;
  if (here->len == 0)
    return aak_syscall_exists (aak_syscall_arch_native (), name);
  for (guint i = 0; i < here->len; i++)
    {
      AakArch arch;
      g_autofree char *word = aak_seccomp_arch_word (here->pdata[i]);
      if (aak_syscall_arch_find (word, &arch) && aak_syscall_exists (arch, name))
        return TRUE;
    }
  return FALSE;
}

/* ENOSYS says that the kernel has no such call, and what starts the container does without. */
static gboolean
is_refused (const AakLintSeccomp *lint, const char *name)
{
  const AakSeccompAnswer answer = aak_seccomp_answer (lint->profile, name);
  return !answer.depends && !aak_seccomp_lets_pass (answer.action)
         && answer.action != SCMP_ACT_ERRNO (ENOSYS) && answer.action != SCMP_ACT_NOTIFY
         && answer.action != SCMP_ACT_TRACE (0) && exists (lint, name);
}

/* A call that was named to be refused is told where it is named, all others at the default. */
static void
look_at_start (const AakLintSeccomp *lint)
{
  const AakSyscallTable *table = aak_syscall_table ();
  for (guint i = 0; i < table->start->len; i++)
    {
      const AakSyscallGroup *group = table->start->pdata[i];
      g_autoptr (GString) names = g_string_new (NULL);
      for (char **call = group->adds; *call != NULL; call++)
        if (is_refused (lint, *call) && strcmp (*call, "execve") != 0)
          g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", *call);
      if (names->len > 0)
        aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_START,
                          place_of (lint, "defaultAction"), "%s refused (%s): %s", names->str,
                          group->id, group->why);
    }
  if (is_refused (lint, "execve"))
    aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_NO_START, place_of (lint, "execve"),
                      "execve is refused");
}

/* --- names ----------------------------------------------------------------------------------- */

/* A call that is newer than this libseccomp is one to others. */
static void
look_at_names (const AakLintSeccomp *lint)
{
  for (guint i = 0; i < lint->unknown->len; i++)
    {
      const char *name = lint->unknown->pdata[i];
      if (aak_syscall_exists (aak_syscall_arch_native (), name))
        continue;
      aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_UNKNOWN, place_of (lint, name),
                        "libseccomp knows no system call %s", name);
    }
  if (lint->profile->architectures->len == 0)
    aak_findings_add (lint->findings, AAK_FINDING_SECCOMP_ARCHITECTURES,
                      place_of (lint, "defaultAction"), "no architecture is listed");
}

void
aak_lint_seccomp (const AakLintSeccomp *lint)
{
  look_at_default (lint);
  look_at_sensitive (lint);
  look_at_start (lint);
  look_at_names (lint);
}
