/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the compiled policy allows, beside files, that hardly any program needs. */
#include "config.h"

#include "compile/lint-rules.h"
#include "compile/lint.h"
#include "lib/escape.h"
#include "lib/policy/names.h"
#include "lib/policy/query.h"

#include <string.h>
#include <sys/socket.h>

/* A label and paths that nobody would write a rule for. */
#define NONCE "aakit-7c1e5d"

/* A profile that is looked at. */
typedef struct
{
  const AakLint *lint;
  const AakPolicyTextProfile *profile;
  const AakPolicyProfile *compiled;
  GPtrArray *rules; /* AakLintRule */
  char *name;       /* escaped */
} Look;

static void
look_clear (Look *look)
{
  g_ptr_array_unref (look->rules);
  g_free (look->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

/* "profile NAME may WHAT", at the rule of @class that has the word @word, else at the profile. */
static void
tell (const Look *look, AakFindingId id, AakPolicyRuleClass class, const char *word,
      const char *what)
{
  const AakLintRule *rule = aak_lint_rules_word (look->rules, class, word, NONCE);
  AakFinding *finding = aak_findings_add (look->lint->findings, id,
                                          rule != NULL ? rule->text->own : look->profile->place,
                                          "profile %s may %s", look->name, what);
  if (rule != NULL && rule->text->included)
    finding->other = rule->text->place;
}

/* --- capabilities ---------------------------------------------------------------------------- */

static const struct
{
  const char *word;
  const char *why;
} strong[] = {
  { "sys_admin", "mount, and much else that leads out of a container" },
  { "sys_module", "load modules into the node's kernel" },
  { "sys_rawio", "access the node's memory and devices directly" },
  { "sys_boot", "reboot the node" },
  { "sys_ptrace", "trace and change every process that it sees" },
  { "dac_read_search", "open files of the node by their handle" },
  { "mac_admin", "change the AppArmor policy of the node" },
  { "mac_override", "get around mandatory access control" },
  { "bpf", "load programs into the node's kernel" },
  { "sys_time", "set the node's clock" },
};

static void
look_at_capabilities (const Look *look)
{
  guint allowed = 0, last = 0;
  aak_policy_capability_number ("checkpoint_restore", &last);
  for (guint number = 0; number <= last; number++)
    allowed += aak_policy_query_capability (look->compiled, number).allowed;
  if (allowed == last + 1)
    {
      tell (look, AAK_FINDING_ANY_CAPABILITY, AAK_POLICY_RULE_CAPABILITY, NULL,
            "use every capability");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (strong); i++)
    {
      guint number = 0;
      if (!aak_policy_capability_number (strong[i].word, &number)
          || !aak_policy_query_capability (look->compiled, number).allowed)
        continue;
      g_autofree char *what =
          g_strdup_printf ("use the capability %s: %s", strong[i].word, strong[i].why);
      tell (look, AAK_FINDING_STRONG_CAPABILITY, AAK_POLICY_RULE_CAPABILITY, strong[i].word, what);
    }
}

/* --- network --------------------------------------------------------------------------------- */

/* TRUE where sockets of the family and type are mediated, and allowed. */
static gboolean
may_use (const Look *look, int family, int type)
{
  AakAnswer answer = aak_policy_query_network (look->compiled, (guint16) family, (guint16) type,
                                               AAK_MAY_NET_CREATE);
  return answer.mediated && answer.allowed;
}

static void
look_at_network (const Look *look)
{
  if (may_use (look, AF_INET, SOCK_RAW) && may_use (look, AF_PACKET, SOCK_RAW)
      && may_use (look, AF_X25, SOCK_SEQPACKET) && may_use (look, AF_BLUETOOTH, SOCK_STREAM))
    tell (look, AAK_FINDING_ANY_NETWORK, AAK_POLICY_RULE_NETWORK, NULL,
          "use sockets of every family and type");
  else if (may_use (look, AF_PACKET, SOCK_RAW) || may_use (look, AF_PACKET, SOCK_DGRAM))
    tell (look, AAK_FINDING_RAW_NETWORK, AAK_POLICY_RULE_NETWORK, "packet", "use packet sockets");
  else if (may_use (look, AF_INET, SOCK_RAW))
    tell (look, AAK_FINDING_RAW_NETWORK, AAK_POLICY_RULE_NETWORK, "inet", "use raw sockets");
  else if (may_use (look, AF_INET6, SOCK_RAW))
    tell (look, AAK_FINDING_RAW_NETWORK, AAK_POLICY_RULE_NETWORK, "inet6", "use raw sockets");
}

/* --- other tasks ----------------------------------------------------------------------------- */

/* A name that nobody knows stands for every label. */
static gboolean
may_trace (const Look *look, guint32 request)
{
  AakAnswer answer = aak_policy_query_ptrace (look->compiled, NONCE, request);
  return answer.mediated && answer.allowed
         && aak_policy_query_ptrace (look->compiled, "unconfined", request).allowed;
}

static gboolean
may_kill (const Look *look)
{
  guint kill = 0;
  aak_policy_signal_number ("kill", &kill);
  AakAnswer answer = aak_policy_query_signal (look->compiled, kill, NONCE, AAK_MAY_SIGNAL_SEND);
  return answer.mediated && answer.allowed
         && aak_policy_query_signal (look->compiled, kill, "unconfined", AAK_MAY_SIGNAL_SEND)
                .allowed;
}

static void
look_at_tasks (const Look *look)
{
  if (may_trace (look, AAK_MAY_PTRACE_TRACE))
    tell (look, AAK_FINDING_ANY_PTRACE, AAK_POLICY_RULE_PTRACE, "trace",
          "trace tasks of every label");
  else if (may_trace (look, AAK_MAY_PTRACE_READ))
    tell (look, AAK_FINDING_ANY_PTRACE, AAK_POLICY_RULE_PTRACE, "read",
          "read the state of tasks of every label");
  if (may_kill (look))
    tell (look, AAK_FINDING_ANY_SIGNAL, AAK_POLICY_RULE_SIGNAL, "send",
          "send signals to tasks of every label");
}

/* --- ways out -------------------------------------------------------------------------------- */

static void
look_at_mounts (const Look *look)
{
  const AakMount mount = { .target = aak_name ("/" NONCE "/"),
                           .source = aak_name ("/dev/" NONCE),
                           .type = aak_name ("ext4") };
  AakAnswer answer = aak_policy_query_mount (look->compiled, &mount);
  if (answer.mediated && answer.allowed)
    tell (look, AAK_FINDING_ANY_MOUNT, AAK_POLICY_RULE_MOUNT, "mount", "mount anything anywhere");
}

static void
look_at_changes (const Look *look)
{
  if (aak_policy_query_change_profile (look->compiled, NULL, "unconfined").allowed)
    tell (look, AAK_FINDING_CHANGE_TO_UNCONFINED, AAK_POLICY_RULE_CHANGE_PROFILE, NULL,
          "change to unconfined by itself");
}

/* TRUE where the exec transition of an allow rule is, or falls back to, no confinement. */
static gboolean
leaves (const AakPolicyRule *rule)
{
  return rule->class == AAK_POLICY_RULE_FILE && !rule->deny && !rule->odd && rule->exec != NULL
         && (strpbrk (rule->exec, "uU") != NULL || g_strcmp0 (rule->target, "unconfined") == 0);
}

static void
look_at_execs (const Look *look)
{
  AakPolicyPlace last = { 0 };
  for (guint i = 0; i < look->rules->len; i++)
    {
      const AakLintRule *rule = look->rules->pdata[i];
      /* One finding is enough for all that an include brings. */
      if (!leaves (rule->rule)
          || (rule->text->own.source == last.source && rule->text->own.at == last.at))
        continue;
      g_autofree char *path = aak_escape (rule->rule->path, strlen (rule->rule->path));
      last = rule->text->own;
      AakFinding *finding =
          aak_findings_add (look->lint->findings, AAK_FINDING_RUN_UNCONFINED, rule->text->own,
                            "profile %s may run %s without confinement (%s)", look->name, path,
                            rule->rule->exec);
      if (rule->text->included)
        finding->other = rule->text->place;
    }
}

static void
look_at (const AakLint *lint, const AakPolicyTextProfile *profile, const AakPolicyProfile *compiled)
{
  if (compiled->mode == AAK_MODE_UNCONFINED)
    return;
  g_auto (Look) look = { lint, profile, compiled, aak_lint_rules_new (lint->text, profile),
                         aak_escape (profile->name, strlen (profile->name)) };
  look_at_capabilities (&look);
  look_at_network (&look);
  look_at_tasks (&look);
  look_at_mounts (&look);
  look_at_changes (&look);
  look_at_execs (&look);
}

void
aak_lint_breadth (const AakLint *lint)
{
  aak_lint_each (lint, look_at);
}
