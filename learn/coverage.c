/* SPDX-License-Identifier: GPL-2.0-or-later
 * One question, or a few, for each access, by its class. */
#include "config.h"

#include "learn/coverage.h"

#include "learn/coverage-child.h"
#include "learn/coverage-class.h"

#include <string.h>

/* --- verdicts -------------------------------------------------------------------------------- */

AakCoverage
aak_coverage_not_asked (const char *why)
{
  return (AakCoverage){ .verdict = AAK_COVERAGE_NOT_ASKED, .why = why };
}

gboolean
aak_coverage_perms (AakPermWords words, guint perms, guint32 *out_request)
{
  g_autofree char *text = aak_perms_to_text (perms);
  return aak_policy_perms_parse (words, text, out_request);
}

/* Bits that no access has a word for stay away. */
static guint
perms_of (AakPermWords words, guint32 bits)
{
  guint perms = 0;
  g_autofree char *text = aak_policy_perms_text (words, bits);
  return aak_perms_from_text (text, &perms) ? perms : 0;
}

AakCoverage
aak_coverage_judge (AakAnswer answer, AakPermWords words)
{
  AakCoverage coverage = { .verdict = AAK_COVERAGE_DENIED };
  if (answer.allowed)
    coverage.verdict = answer.mediated ? AAK_COVERAGE_ALLOWED : AAK_COVERAGE_UNMEDIATED;
  else
    coverage.denied = perms_of (words, answer.denied);
  return coverage;
}

AakCoverage
aak_coverage_join (AakCoverage a, AakCoverage b)
{
  AakCoverage worse = a.verdict >= b.verdict ? a : b;
  worse.denied = a.denied | b.denied;
  return worse;
}

gboolean
aak_coverage_number (const char *word, gboolean (*find) (const char *word, guint *out), guint *out)
{
  static const char unknown[] = "unknown(";
  char *end = NULL;
  if (find (word, out))
    return TRUE;
  if (!g_str_has_prefix (word, unknown) || !g_ascii_isdigit (word[strlen (unknown)]))
    return FALSE;
  guint64 number = g_ascii_strtoull (word + strlen (unknown), &end, 10);
  *out = (guint) number;
  return number <= G_MAXUINT16 && strcmp (end, ")") == 0;
}

/* --- all classes ----------------------------------------------------------------------------- */

/* Of an exec into a child, whether it is allowed; where it leads to is a matter of the rules. That
 * no_new_privs kept one out of it is no access of its own: the exec has its own record. */
static AakCoverage
ask_exec (const AakCoverageQuestion *asked)
{
  if (*asked->access->detail == '\0')
    return (AakCoverage){ .verdict = AAK_COVERAGE_ALLOWED };
  AakObservation file = *asked->access;
  file.class = AAK_CLASS_FILE;
  file.name = file.detail;
  file.detail = (char *) "";
  const AakCoverageQuestion of_file = { asked->set, asked->profile, &file };
  return aak_coverage_ask_file (&of_file);
}

static AakCoverage
ask (const AakCoverageQuestion *asked)
{
  switch (asked->access->class)
    {
    case AAK_CLASS_FILE:
      return aak_coverage_ask_file (asked);
    case AAK_CLASS_CAPABILITY:
      return aak_coverage_ask_capability (asked);
    case AAK_CLASS_NETWORK:
      return aak_coverage_ask_network (asked);
    case AAK_CLASS_SIGNAL:
      return aak_coverage_ask_signal (asked);
    case AAK_CLASS_PTRACE:
      return aak_coverage_ask_ptrace (asked);
    case AAK_CLASS_UNIX:
      return aak_coverage_ask_unix (asked);
    case AAK_CLASS_MOUNT:
      return aak_coverage_ask_mount (asked);
    case AAK_CLASS_USERNS:
      return aak_coverage_ask_userns (asked);
    case AAK_CLASS_CHANGE_PROFILE:
      return aak_coverage_ask_change_profile (asked);
    case AAK_CLASS_RLIMIT:
      return aak_coverage_ask_limit (asked);
    case AAK_CLASS_MQUEUE:
      return aak_coverage_ask_mqueue (asked);
    case AAK_CLASS_IO_URING:
      return aak_coverage_ask_io_uring (asked);
    case AAK_CLASS_DBUS:
      return aak_coverage_ask_dbus (asked);
    case AAK_CLASS_EXEC:
      return ask_exec (asked);
    case AAK_CLASS_INET:
      return aak_coverage_ask_inet (asked);
    case AAK_CLASS_SYSCALL:
    case AAK_CLASS_POLICY:
    case AAK_CLASS_OTHER:
      break;
    }
  return aak_coverage_not_asked ("no rule is about it");
}

AakCoverage
aak_coverage_ask (const AakPolicySet *set, const AakPolicyProfile *profile,
                  const AakObservation *access)
{
  const AakCoverageQuestion asked = { set, profile, access };
  AakCoverage coverage = ask (&asked);
  coverage.access = access;
  return coverage;
}

GArray *
aak_coverage_ask_all (const AakPolicySet *set, const AakPolicyProfile *profile,
                      const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (GHashTable) children = aak_coverage_children (set, profile, observations);
  GArray *all = g_array_sized_new (FALSE, FALSE, sizeof (AakCoverage), sorted->len);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = g_ptr_array_index (sorted, i);
      if (access->class == AAK_CLASS_SYSCALL)
        continue;
      const AakPolicyProfile *child = g_hash_table_lookup (children, access->child);
      AakCoverage one = aak_coverage_ask (set, child != NULL ? child : profile, access);
      g_array_append_val (all, one);
    }
  return all;
}

guint
aak_coverage_count (const GArray *coverage, AakCoverageVerdict verdict)
{
  guint n = 0;
  for (guint i = 0; i < coverage->len; i++)
    n += g_array_index (coverage, AakCoverage, i).verdict == verdict;
  return n;
}
