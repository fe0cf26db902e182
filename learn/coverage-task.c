/* SPDX-License-Identifier: GPL-2.0-or-later
 * Questions about files and mounts, and about what a task may do with itself and others. */
#include "config.h"

#include "learn/coverage-class.h"

#include "learn/access-fields.h"

#include <string.h>

/* --- files ----------------------------------------------------------------------------------- */

/* TRUE where @label is a child of @profile. */
static gboolean
is_child (const char *label, const AakPolicyProfile *profile)
{
  gsize len = strlen (profile->name);
  return strncmp (label, profile->name, len) == 0 && g_str_has_prefix (label + len, "//")
         && label[len + 2] != '&';
}

/* An exec that a rule allows fails all the same where the profile that it leads to is not there. A
 * child would be in this policy. */
static AakCoverage
judge_exec (const AakCoverageQuestion *asked, AakAnswer answer)
{
  const AakCoverage refused = { .verdict = AAK_COVERAGE_DENIED, .denied = AAK_PERM_X };
  AakName path = aak_name (asked->access->name);
  g_autofree char *label =
      aak_policy_query_exec_label (asked->set, asked->profile, path, answer.exec);
  gboolean named = answer.exec.target == AAK_EXEC_NAMED;
  if (answer.exec.fallback != AAK_EXEC_NOWHERE
      || (label != NULL && (!named || aak_policy_set_find (asked->set, label) != NULL)))
    return aak_coverage_judge (answer, AAK_PERM_WORDS_FILE);
  if (answer.exec.target == AAK_EXEC_CHILD || (named && is_child (label, asked->profile)))
    return refused;
  return aak_coverage_not_asked ("it leads to a profile that is not in this policy");
}

/* Those permissions that others than the owner were seen to use, and the rest as the owner. */
static AakCoverage
ask_path (const AakCoverageQuestion *asked, guint perms)
{
  const AakObservation *access = asked->access;
  AakCoverage sum = { .verdict = AAK_COVERAGE_ALLOWED };
  for (int owner = 0; owner <= 1; owner++)
    {
      guint shared = perms & access->shared_perms, part = owner ? perms & ~shared : shared;
      guint32 request = 0;
      if (part == 0)
        continue;
      if (!aak_coverage_perms (AAK_PERM_WORDS_FILE, part, &request))
        return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
      AakAnswer answer =
          aak_policy_query_file (asked->profile, aak_name (access->name), request, owner);
      gboolean runs = (request & AAK_MAY_EXEC) != 0 && answer.allowed && answer.mediated;
      sum = aak_coverage_join (sum, runs ? judge_exec (asked, answer)
                                         : aak_coverage_judge (answer, AAK_PERM_WORDS_FILE));
    }
  return sum;
}

/* A pair is a link, whose kernel record tells no other permission but those that were too many. */
AakCoverage
aak_coverage_ask_file (const AakCoverageQuestion *asked)
{
  const AakObservation *access = asked->access;
  if (access->perms == 0)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  if (*access->detail == '\0')
    return ask_path (asked, access->perms);
  gboolean owner = access->shared_perms == 0;
  AakAnswer answer = aak_policy_query_link (asked->profile, aak_name (access->name),
                                            aak_name (access->detail), owner);
  return aak_coverage_judge (answer, AAK_PERM_WORDS_FILE);
}

AakCoverage
aak_coverage_ask_change_profile (const AakCoverageQuestion *asked)
{
  const char *target = asked->access->name, *operation = asked->access->detail;
  const AakPolicyProfile *profile = asked->profile;
  if (strcmp (operation, "change_hat") == 0)
    {
      g_autofree char *hat = g_strconcat (profile->name, "//", target, NULL);
      gboolean there = aak_policy_set_find (asked->set, target) != NULL
                       || aak_policy_set_find (asked->set, hat) != NULL;
      return (AakCoverage){ .verdict = there ? AAK_COVERAGE_ALLOWED : AAK_COVERAGE_DENIED };
    }
  if (strcmp (operation, "change_onexec") == 0)
    return aak_coverage_judge (aak_policy_query_onexec (profile, target), AAK_PERM_WORDS_NONE);
  g_autofree char *name = g_strconcat (strcmp (operation, "stack") == 0 ? "&" : "", target, NULL);
  return aak_coverage_judge (aak_policy_query_change_profile (profile, NULL, name),
                             AAK_PERM_WORDS_NONE);
}

/* --- capabilities, limits, tasks ------------------------------------------------------------- */

AakCoverage
aak_coverage_ask_capability (const AakCoverageQuestion *asked)
{
  guint number = 0;
  if (!aak_policy_capability_number (asked->access->name, &number))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  return aak_coverage_judge (aak_policy_query_capability (asked->profile, number),
                             AAK_PERM_WORDS_NONE);
}

AakCoverage
aak_coverage_ask_limit (const AakCoverageQuestion *asked)
{
  guint number = 0;
  guint64 value = 0;
  if (!aak_policy_limit_number (asked->access->name, &number)
      || !g_ascii_string_to_unsigned (asked->access->detail, 10, 0, G_MAXUINT64, &value, NULL))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  return aak_coverage_judge (aak_policy_query_limit (asked->profile, number, value),
                             AAK_PERM_WORDS_NONE);
}

AakCoverage
aak_coverage_ask_signal (const AakCoverageQuestion *asked)
{
  const char *word = asked->access->detail;
  guint number = 0;
  guint32 request = 0;
  /* The kernel has one number for all that it has no name for. */
  if (!aak_policy_signal_number (g_str_has_prefix (word, "unknown(") ? "unknown" : word, &number))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  if (!aak_coverage_perms (AAK_PERM_WORDS_SIGNAL, asked->access->perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  return aak_coverage_judge (aak_policy_query_signal (asked->profile, number, asked->access->name,
                                                      request),
                             AAK_PERM_WORDS_SIGNAL);
}

AakCoverage
aak_coverage_ask_ptrace (const AakCoverageQuestion *asked)
{
  guint32 request = 0;
  if (!aak_coverage_perms (AAK_PERM_WORDS_PTRACE, asked->access->perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  return aak_coverage_judge (aak_policy_query_ptrace (asked->profile, asked->access->name, request),
                             AAK_PERM_WORDS_PTRACE);
}

AakCoverage
aak_coverage_ask_userns (const AakCoverageQuestion *asked)
{
  if (strcmp (asked->access->name, "create") != 0)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  return aak_coverage_judge (aak_policy_query_userns (asked->profile), AAK_PERM_WORDS_NONE);
}

/* --- mounts ---------------------------------------------------------------------------------- */

static gboolean
read_flags (const char *text, guint32 *out_flags)
{
  g_auto (GStrv) words = g_strsplit (text, ", ", -1);
  for (char **word = words; *word != NULL; word++)
    {
      guint32 flag = 0;
      if (!aak_policy_mount_flags (*word, &flag))
        return FALSE;
      *out_flags |= flag;
    }
  return TRUE;
}

AakCoverage
aak_coverage_ask_mount (const AakCoverageQuestion *asked)
{
  static const char *const operations[] = {
    "mount", "remount", "bind", "move", "propagation", NULL
  };
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_MOUNT, asked->access->detail);
  AakName target = aak_name (asked->access->name);
  AakMount mount = { .target = target };
  if (details == NULL)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_DETAILS);
  mount.source = aak_name (details[1]);
  mount.type = aak_name (details[2]);
  if (strcmp (details[0], "umount") == 0)
    return aak_coverage_judge (aak_policy_query_umount (asked->profile, target),
                               AAK_PERM_WORDS_NONE);
  if (strcmp (details[0], "pivot_root") == 0)
    return aak_coverage_judge (aak_policy_query_pivot_root (asked->profile, target, mount.source),
                               AAK_PERM_WORDS_NONE);
  if (!g_strv_contains (operations, details[0]))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_DETAILS);
  if (*details[3] != '\0' && !read_flags (details[3], &mount.flags))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  return aak_coverage_judge (aak_policy_query_mount (asked->profile, &mount), AAK_PERM_WORDS_NONE);
}
