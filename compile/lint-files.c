/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the compiled policy allows with files that hardly any program needs. It is asked about names
 * that nobody would write a rule for. */
#include "config.h"

#include "compile/lint-rules.h"
#include "compile/lint.h"
#include "lib/escape.h"
#include "lib/policy/query.h"

#include <string.h>

/* A name that only a pattern matches. */
#define NONCE "aakit-7c1e5d"

typedef struct
{
  AakFindingId id;
  guint32 request;
  const char *paths[4]; /* all of them must be allowed */
  const char *what;     /* behind "may" */
} Probe;

#define READ  AAK_MAY_READ
#define WRITE AAK_MAY_WRITE
#define EXEC  AAK_MAY_EXEC

/* Of each kind only the first that is allowed is told. */
static const Probe probes[] = {
  { AAK_FINDING_READ_ANYWHERE,
    READ,
    { "/" NONCE, "/etc/" NONCE, "/root/" NONCE },
    "read any file" },
  { AAK_FINDING_READ_SECRETS, READ, { "/etc/shadow" }, "read /etc/shadow" },
  { AAK_FINDING_READ_SECRETS, READ, { "/etc/gshadow" }, "read /etc/gshadow" },
  { AAK_FINDING_READ_SECRETS, READ, { "/root/.ssh/id_" NONCE }, "read private keys in /root/.ssh" },
  { AAK_FINDING_READ_SECRETS,
    READ,
    { "/etc/kubernetes/pki/" NONCE ".key" },
    "read the keys of Kubernetes in /etc/kubernetes/pki" },
  { AAK_FINDING_WRITE_ANYWHERE,
    WRITE,
    { "/" NONCE, "/etc/" NONCE, "/usr/bin/" NONCE },
    "write any file" },
  { AAK_FINDING_WRITE_PROGRAMS, WRITE, { "/usr/bin/" NONCE }, "write any program in /usr/bin" },
  { AAK_FINDING_WRITE_PROGRAMS, WRITE, { "/usr/sbin/" NONCE }, "write any program in /usr/sbin" },
  { AAK_FINDING_WRITE_PROGRAMS, WRITE, { "/bin/" NONCE }, "write any program in /bin" },
  { AAK_FINDING_WRITE_PROGRAMS, WRITE, { "/sbin/" NONCE }, "write any program in /sbin" },
  { AAK_FINDING_WRITE_PROGRAMS,
    WRITE,
    { "/usr/local/bin/" NONCE },
    "write any program in /usr/local/bin" },
  { AAK_FINDING_WRITE_PROGRAMS,
    WRITE,
    { "/usr/lib/" NONCE ".so" },
    "write any library in /usr/lib" },
  { AAK_FINDING_WRITE_PROGRAMS, WRITE, { "/lib/" NONCE ".so" }, "write any library in /lib" },
  { AAK_FINDING_WRITE_CONFIGURATION, WRITE, { "/etc/" NONCE }, "write any file in /etc" },
  { AAK_FINDING_WRITE_CONFIGURATION, WRITE, { "/etc/passwd" }, "write /etc/passwd" },
  { AAK_FINDING_WRITE_CONFIGURATION, WRITE, { "/etc/shadow" }, "write /etc/shadow" },
  { AAK_FINDING_WRITE_CONFIGURATION, WRITE, { "/etc/ld.so.preload" }, "write /etc/ld.so.preload" },
  { AAK_FINDING_KERNEL_CONTROL, WRITE, { "/proc/sysrq-trigger" }, "write /proc/sysrq-trigger" },
  { AAK_FINDING_KERNEL_CONTROL,
    WRITE,
    { "/proc/sys/kernel/core_pattern" },
    "write /proc/sys/kernel/core_pattern" },
  { AAK_FINDING_KERNEL_CONTROL,
    WRITE,
    { "/proc/sys/kernel/modprobe" },
    "write /proc/sys/kernel/modprobe" },
  { AAK_FINDING_KERNEL_CONTROL,
    WRITE,
    { "/sys/kernel/uevent_helper" },
    "write /sys/kernel/uevent_helper" },
  { AAK_FINDING_KERNEL_CONTROL,
    WRITE,
    { "/sys/kernel/security/apparmor/.replace" },
    "write /sys/kernel/security/apparmor/.replace" },
  { AAK_FINDING_KERNEL_CONTROL, READ, { "/proc/kcore" }, "read /proc/kcore" },
  { AAK_FINDING_KERNEL_CONTROL, READ, { "/dev/mem" }, "read /dev/mem" },
  { AAK_FINDING_RUNTIME_SOCKET,
    WRITE,
    { "/run/containerd/containerd.sock" },
    "write /run/containerd/containerd.sock" },
  { AAK_FINDING_RUNTIME_SOCKET, WRITE, { "/run/crio/crio.sock" }, "write /run/crio/crio.sock" },
  { AAK_FINDING_RUNTIME_SOCKET, WRITE, { "/run/docker.sock" }, "write /run/docker.sock" },
  { AAK_FINDING_RUNTIME_SOCKET, WRITE, { "/var/run/docker.sock" }, "write /var/run/docker.sock" },
  { AAK_FINDING_RUN_ANYTHING,
    EXEC,
    { "/" NONCE, "/srv/" NONCE, "/usr/bin/" NONCE },
    "run any file" },
  { AAK_FINDING_WRITE_AND_RUN, WRITE | EXEC, { "/tmp/" NONCE }, "write and run any file in /tmp" },
  { AAK_FINDING_WRITE_AND_RUN,
    WRITE | EXEC,
    { "/var/tmp/" NONCE },
    "write and run any file in /var/tmp" },
  { AAK_FINDING_WRITE_AND_RUN,
    WRITE | EXEC,
    { "/dev/shm/" NONCE },
    "write and run any file in /dev/shm" },
  { AAK_FINDING_WRITE_AND_RUN,
    WRITE | EXEC,
    { "/home/" NONCE "/" NONCE },
    "write and run any file in /home" },
};

/* TRUE where a finding that was made says more than @probe would. */
static gboolean
is_told (const Probe *probe, const gboolean *told)
{
  gboolean read = told[AAK_FINDING_READ_ANYWHERE] && probe->request == READ;
  gboolean write = told[AAK_FINDING_WRITE_ANYWHERE] && probe->request == WRITE;
  gboolean both = told[AAK_FINDING_WRITE_ANYWHERE] && told[AAK_FINDING_RUN_ANYTHING]
                  && probe->id == AAK_FINDING_WRITE_AND_RUN;
  return told[probe->id] || read || write || both;
}

static gboolean
is_allowed (const AakPolicyProfile *compiled, const Probe *probe)
{
  for (gsize i = 0; i < G_N_ELEMENTS (probe->paths) && probe->paths[i] != NULL; i++)
    if (!aak_policy_query_file (compiled, aak_name (probe->paths[i]), probe->request, FALSE)
             .allowed)
      return FALSE;
  return TRUE;
}

/* At the rule that brings it, where one does by itself; else at the profile. */
static void
tell (const AakLint *lint, const AakPolicyTextProfile *profile, const Probe *probe,
      const GPtrArray *rules)
{
  const AakLintRule *rule = aak_lint_rules_file (rules, probe->paths[0], probe->request);
  g_autofree char *name = aak_escape (profile->name, strlen (profile->name));
  AakFinding *finding =
      aak_findings_add (lint->findings, probe->id, rule != NULL ? rule->text->own : profile->place,
                        "profile %s may %s", name, probe->what);
  if (rule != NULL && rule->text->included)
    finding->other = rule->text->place;
}

static void
look (const AakLint *lint, const AakPolicyTextProfile *profile, const AakPolicyProfile *compiled)
{
  gboolean told[AAK_FINDING_N] = { FALSE };
  g_autoptr (GPtrArray) rules = NULL;
  if (compiled->mode == AAK_MODE_UNCONFINED)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      if (is_told (&probes[i], told) || !is_allowed (compiled, &probes[i]))
        continue;
      told[probes[i].id] = TRUE;
      if (rules == NULL)
        rules = aak_lint_rules_new (lint->text, profile);
      tell (lint, profile, &probes[i], rules);
    }
}

void
aak_lint_files (const AakLint *lint)
{
  aak_lint_each (lint, look);
}
