/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of findings. */
#include "config.h"

#include "compile/finding.h"

#include <string.h>

/* tests/cli/aa-compile-check.sh compares the table with the manual. */
static const AakFindingKind kinds[] = {
  [AAK_FINDING_NOT_READ] = { "not-read", AAK_SEVERITY_WARNING,
                             "what follows this place was not checked: where a statement ends cannot be told for sure",
                             "write it in a plainer way: quotes around names, a blank behind a comma" },
  [AAK_FINDING_UNKNOWN_VARIABLE] = { "unknown-variable", AAK_SEVERITY_ERROR,
                                     "a variable is used that nothing gives a value",
                                     "give it one in front of the profiles, or include the tunables that do" },
  [AAK_FINDING_UNUSED_VARIABLE] = { "unused-variable", AAK_SEVERITY_NOTE,
                                    "a variable gets a value that nothing uses", "remove it" },
  [AAK_FINDING_DUPLICATE_PROFILE] = { "duplicate-profile", AAK_SEVERITY_ERROR,
                                      "two profiles have one name: the one that is loaded last replaces the other",
                                      "give one of them another name" },
  [AAK_FINDING_POD_NAME] = { "pod-name", AAK_SEVERITY_ERROR,
                             "no pod can name the profile in localhostProfile or the annotation",
                             "give it another name: printable, without blanks around it, not \"unconfined\"" },
  [AAK_FINDING_MISSING_ABI] = { "missing-abi", AAK_SEVERITY_WARNING,
                                "without a pinned abi the same text means something else on another kernel or host",
                                "begin the text with: abi <abi/3.0>," },
  [AAK_FINDING_MODE_COMPLAIN] = { "mode-complain", AAK_SEVERITY_NOTE,
                                  "a profile in complain mode denies nothing but what deny "
                                  "rules say",
                                  "remove the flag when it is to be enforced" },
  [AAK_FINDING_MODE_UNCONFINED] = { "mode-unconfined", AAK_SEVERITY_WARNING,
                                    "a profile in unconfined mode allows everything",
                                    "remove the flag" },
  [AAK_FINDING_ATTACH_DISCONNECTED] = { "attach-disconnected", AAK_SEVERITY_WARNING,
                                        "without attach_disconnected a pod is denied what the runtime opened for it outside of its "
                                        "mounts, and no rule can allow it",
                                        "add flags=(attach_disconnected)" },
  [AAK_FINDING_UNSTOPPABLE] = { "unstoppable", AAK_SEVERITY_WARNING,
                                "a pod that does not accept signals of the runtime can not be stopped, not even by root",
                                "add the rules" },
  [AAK_FINDING_OWN_PROCESSES] = { "own-processes", AAK_SEVERITY_NOTE,
                                  "the processes of a pod may not signal each other, or not look at each other below /proc",
                                  "add the rules, unless it is meant so" },
  [AAK_FINDING_READ_ANYWHERE] = { "read-anywhere", AAK_SEVERITY_WARNING,
                                  "the profile may read any file, also secrets that it never needs",
                                  "allow the paths that are needed" },
  [AAK_FINDING_READ_SECRETS] = { "read-secrets", AAK_SEVERITY_WARNING,
                                 "the profile may read password hashes or private keys",
                                 "remove the rule, or deny these files" },
  [AAK_FINDING_WRITE_ANYWHERE] = { "write-anywhere", AAK_SEVERITY_WARNING,
                                   "the profile may write any file: programs, configuration, and what rules the kernel",
                                   "allow the paths that are needed" },
  [AAK_FINDING_WRITE_PROGRAMS] = { "write-programs", AAK_SEVERITY_WARNING,
                                   "the profile may put programs or libraries where others are run from",
                                   "allow the paths that are needed" },
  [AAK_FINDING_WRITE_CONFIGURATION] = { "write-configuration", AAK_SEVERITY_WARNING,
                                        "the profile may change the accounts or any configuration of its system",
                                        "allow the paths that are needed" },
  [AAK_FINDING_KERNEL_CONTROL] = { "kernel-control", AAK_SEVERITY_WARNING,
                                   "the profile may use files that rule the kernel of the node or show its memory",
                                   "remove the rule, or deny these files" },
  [AAK_FINDING_RUNTIME_SOCKET] = { "runtime-socket", AAK_SEVERITY_WARNING,
                                   "who can connect to the container runtime's socket is root on the node",
                                   "remove the rule, or deny these files" },
  [AAK_FINDING_RUN_ANYTHING] = { "run-anything", AAK_SEVERITY_WARNING,
                                 "the profile may run any file, also what an attacker brings along",
                                 "allow the programs that are needed" },
  [AAK_FINDING_WRITE_AND_RUN] = { "write-and-run", AAK_SEVERITY_WARNING,
                                  "the profile may run what it wrote itself: an attacker brings programs along that way",
                                  "allow either to write there or to run what is there" },
  [AAK_FINDING_RUN_UNCONFINED] = { "run-unconfined", AAK_SEVERITY_WARNING,
                                   "a program may run without any confinement, at once or where its profile is not loaded",
                                   "use ix, cx or px" },
  [AAK_FINDING_CHANGE_TO_UNCONFINED] = { "change-to-unconfined", AAK_SEVERITY_WARNING,
                                         "the profile may leave its confinement by itself",
                                         "name the profiles that it may change to" },
  [AAK_FINDING_ANY_CAPABILITY] = { "any-capability", AAK_SEVERITY_WARNING,
                                   "the profile may use every capability, some of which are root on the node",
                                   "name the capabilities that are needed" },
  [AAK_FINDING_STRONG_CAPABILITY] = { "strong-capability", AAK_SEVERITY_WARNING,
                                      "the capability is enough to take over or to stop the node",
                                      "remove it, or drop it in the pod as well and say here why it stays" },
  [AAK_FINDING_ANY_NETWORK] = { "any-network", AAK_SEVERITY_WARNING,
                                "the profile may use sockets of every family and type, each of them a part of the kernel to "
                                "attack",
                                "name families and types: network inet stream," },
  [AAK_FINDING_RAW_NETWORK] = { "raw-network", AAK_SEVERITY_NOTE,
                                "raw and packet sockets can forge and hear the traffic of others",
                                "name types: network inet stream," },
  [AAK_FINDING_ANY_MOUNT] = { "any-mount", AAK_SEVERITY_WARNING,
                              "the profile may mount anything anywhere, and so get around "
                              "every rule for files",
                              "name what is mounted, and where" },
  [AAK_FINDING_ANY_PTRACE] = { "any-ptrace", AAK_SEVERITY_WARNING,
                               "the profile may trace, or read the state of, tasks of every label",
                               "name the peer: ptrace (read) peer=@{profile_name}," },
  [AAK_FINDING_ANY_SIGNAL] = { "any-signal", AAK_SEVERITY_NOTE,
                               "the profile may send signals to tasks of every label, and so stop them",
                               "name the peer: signal (send) peer=@{profile_name}," },
  [AAK_FINDING_REDUNDANT] = { "redundant", AAK_SEVERITY_NOTE,
                              "other rules allow or deny all that this one does",
                              "remove it, or the broader rule if this one was meant" },
  [AAK_FINDING_DENIED] = { "denied", AAK_SEVERITY_WARNING,
                           "a deny rule forbids all that this rule allows",
                           "remove one of the two: deny always wins" },
  [AAK_FINDING_NOT_COMPARED] = { "not-compared", AAK_SEVERITY_NOTE,
                                 "the profile has so many rules that not all were compared with each other",
                                 "split the profile" },
  [AAK_FINDING_SECCOMP_ALLOWS] = { "seccomp-allows", AAK_SEVERITY_WARNING,
                                   "what is not named is allowed, also each call that a newer kernel will have",
                                   "begin with SCMP_ACT_ERRNO, and allow what the application needs: aa-learn seccomp" },
  [AAK_FINDING_SECCOMP_LOGS] = { "seccomp-logs", AAK_SEVERITY_WARNING,
                                 "a profile that logs guards nothing: it is for staging",
                                 "use the profile that was learned under it: aa-learn seccomp" },
  [AAK_FINDING_SECCOMP_SENSITIVE] = { "seccomp-sensitive", AAK_SEVERITY_WARNING,
                                      "hardly any application needs the call, and it reaches far into the kernel",
                                      "leave it out, unless the application is known to need it" },
  [AAK_FINDING_SECCOMP_NO_START] = { "seccomp-no-start", AAK_SEVERITY_ERROR,
                                     "no container starts: the runtime executes the application under the profile",
                                     "allow execve" },
  [AAK_FINDING_SECCOMP_START] = { "seccomp-start", AAK_SEVERITY_WARNING,
                                  "container runtimes make these calls under the profile, before the application starts: it may "
                                  "not start",
                                  "allow them, or start a container with each runtime that is in use" },
  [AAK_FINDING_SECCOMP_UNKNOWN] = { "seccomp-unknown", AAK_SEVERITY_WARNING,
                                    "runtimes pass over a name that libseccomp does not know: the rule does nothing",
                                    "correct the name, or use a newer libseccomp" },
  [AAK_FINDING_SECCOMP_ARCHITECTURES] = { "seccomp-architectures", AAK_SEVERITY_NOTE,
                                          "the filter is for the machine's own calls only: those of 32-bit programs are refused, "
                                          "or end them",
                                          "list the architectures that are meant: SCMP_ARCH_X86_64 and its like" },
  [AAK_FINDING_SILENCE_FORM] = { "silence-form", AAK_SEVERITY_WARNING,
                                 "a silence without an id or a reason silences nothing",
                                 "write: # aakit: allow ID REASON" },
  [AAK_FINDING_SILENCE_UNKNOWN] = { "silence-unknown", AAK_SEVERITY_WARNING,
                                    "a silence names a finding that there is not",
                                    "aa-compile check --list tells them" },
  [AAK_FINDING_SILENCE_UNUSED] = { "silence-unused", AAK_SEVERITY_WARNING,
                                   "a silence silences nothing",
                                   "remove it, or put it in front of the line that it is about" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == AAK_FINDING_N);

static const char *const severities[] = { "note", "warning", "error" };

const char *
aak_severity_name (AakSeverity severity)
{
  return severities[severity];
}

gboolean
aak_severity_parse (const char *name, AakSeverity *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (severities); i++)
    if (strcmp (name, severities[i]) == 0)
      {
        *out = (AakSeverity) i;
        return TRUE;
      }
  return FALSE;
}

const AakFindingKind *
aak_finding_kind (AakFindingId id)
{
  return &kinds[id];
}

gboolean
aak_finding_id (const char *name, AakFindingId *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (name, kinds[i].id) == 0)
      {
        *out = (AakFindingId) i;
        return TRUE;
      }
  return FALSE;
}

/* --- findings -------------------------------------------------------------------------------- */

static void
finding_free (gpointer data)
{
  AakFinding *finding = data;
  if (finding == NULL)
    return;
  g_free (finding->message);
  g_free (finding->hint);
  g_free (finding->silenced);
  g_free (finding);
}

GPtrArray *
aak_findings_new (void)
{
  return g_ptr_array_new_with_free_func (finding_free);
}

AakFinding *
aak_findings_add (GPtrArray *findings, AakFindingId id, AakPolicyPlace place, const char *format,
                  ...)
{
  AakFinding *finding = g_new0 (AakFinding, 1);
  va_list args;
  va_start (args, format);
  finding->id = id;
  finding->place = place;
  finding->sets = G_MAXUINT64;
  finding->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (findings, finding);
  return finding;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const AakFinding *one = *(const AakFinding *const *) a, *two = *(const AakFinding *const *) b;
  int order = strcmp (one->place.source->path, two->place.source->path);
  if (order == 0)
    order = one->place.at < two->place.at ? -1 : one->place.at > two->place.at;
  if (order == 0)
    order = (int) one->id - (int) two->id;
  return order != 0 ? order : strcmp (one->message, two->message);
}

void
aak_findings_sort (GPtrArray *findings)
{
  g_ptr_array_sort (findings, compare);
  guint kept = 0;
  for (guint i = 0; i < findings->len; i++)
    {
      AakFinding *finding = findings->pdata[i], *last = kept > 0 ? findings->pdata[kept - 1] : NULL;
      if (last == NULL || compare (&last, &finding) != 0)
        {
          findings->pdata[kept++] = finding;
          continue;
        }
      last->sets |= finding->sets;
      finding_free (finding);
    }
  for (guint i = kept; i < findings->len; i++)
    findings->pdata[i] = NULL;
  g_ptr_array_set_size (findings, (gint) kept);
}
