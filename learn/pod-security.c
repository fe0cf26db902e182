/* SPDX-License-Identifier: GPL-2.0-or-later
 * The controls of the standard, a function each. */
#include "config.h"

#include "learn/pod-security.h"

#include "lib/escape.h"

#include <linux/capability.h>
#include <string.h>

#define BIT(number) (G_GUINT64_CONSTANT (1) << (number))

/* What may be added at baseline. */
#define BASELINE_SET                                                                   \
  (BIT (CAP_AUDIT_WRITE) | BIT (CAP_CHOWN) | BIT (CAP_DAC_OVERRIDE) | BIT (CAP_FOWNER) \
   | BIT (CAP_FSETID) | BIT (CAP_KILL) | BIT (CAP_MKNOD) | BIT (CAP_NET_BIND_SERVICE)  \
   | BIT (CAP_SETFCAP) | BIT (CAP_SETGID) | BIT (CAP_SETPCAP) | BIT (CAP_SETUID)       \
   | BIT (CAP_SYS_CHROOT))
/* And at restricted. */
#define RESTRICTED_SET BIT (CAP_NET_BIND_SERVICE)

static const char *const safe_sysctls[] = {
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
  NULL,
};

static const char *const selinux_types[] = {
  "container_t", "container_init_t", "container_kvm_t", "container_engine_t", NULL,
};

/* Says in *@why (escaped, newly allocated; or NULL) what the verdict rests on. */
typedef AakVerdict (*Judge) (const AakSecurityView *view, char **why);

/* --- baseline -------------------------------------------------------------------------------- */

static AakVerdict
judge_host_namespaces (const AakSecurityView *view, char **why)
{
  static const struct
  {
    AakNamespace kind;
    const char *field;
  } kinds[] = {
    { AAK_NAMESPACE_NETWORK, "hostNetwork" },
    { AAK_NAMESPACE_PID, "hostPID" },
    { AAK_NAMESPACE_IPC, "hostIPC" },
  };
  g_autoptr (GString) fields = g_string_new (NULL);
  AakVerdict verdict = AAK_VERDICT_HOLDS;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if ((view->host_namespaces >> kinds[i].kind & 1) != 0)
        g_string_append_printf (fields, "%s%s", fields->len > 0 ? ", " : "", kinds[i].field);
      else if ((view->namespaces_known >> kinds[i].kind & 1) == 0)
        verdict = AAK_VERDICT_UNKNOWN;
    }
  if (fields->len == 0)
    return verdict;
  *why = g_strdup (fields->str);
  return AAK_VERDICT_FAILS;
}

static AakVerdict
judge_privileged (const AakSecurityView *view, char **why)
{
  if (view->privileged != AAK_GUARD_ON)
    return view->privileged == AAK_GUARD_OFF ? AAK_VERDICT_HOLDS : AAK_VERDICT_UNKNOWN;
  *why = g_strdup ("nothing of /proc is hidden or read-only, and /sys can be written to");
  return AAK_VERDICT_FAILS;
}

/* FAILS with the names of what is held beyond @allowed. */
static AakVerdict
judge_set (const AakSecurityView *view, AakCapabilitySet allowed, char **why)
{
  AakCapabilitySet beyond = aak_security_view_reach (view) & ~allowed;
  if (!view->running && view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (beyond == 0)
    return AAK_VERDICT_HOLDS;
  g_autofree char *names = aak_capability_set_text (beyond);
  *why = g_strconcat ("holds ", names, NULL);
  return AAK_VERDICT_FAILS;
}

/* The standard is about what is added. Runtimes give net_raw without that, which baseline would not
 * allow to be added: the node cannot tell one from the other. */
static AakVerdict
judge_baseline_capabilities (const AakSecurityView *view, char **why)
{
  AakVerdict verdict = judge_set (view, BASELINE_SET | AAK_CAPABILITY_SET_DEFAULT, why);
  if (verdict == AAK_VERDICT_HOLDS && (view->sets.bounding & BIT (CAP_NET_RAW)) != 0)
    *why =
        g_strdup ("holds net_raw, which the runtime's default has, and which must not be stated");
  return verdict;
}

static AakVerdict
judge_host_path (const AakSecurityView *view, char **why)
{
  const GArray *mounts = view->of->mounts;
  if (view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (mounts->len == 0)
    return AAK_VERDICT_HOLDS;
  const AakHostMount *first = g_array_index (mounts, AakInspectedMount, 0).asked;
  g_autofree char *source = aak_escape (first->source, strlen (first->source));
  *why = mounts->len == 1 ? g_strdup (source)
                          : g_strdup_printf ("%s and %u more", source, mounts->len - 1);
  return AAK_VERDICT_FAILS;
}

static AakVerdict
judge_apparmor (const AakSecurityView *view, char **why)
{
  if (view->apparmor == AAK_GUARD_ON)
    {
      if (view->lenient)
        *why = g_strdup ("in complain mode: next to nothing is denied");
      return AAK_VERDICT_HOLDS;
    }
  if (view->apparmor == AAK_GUARD_UNKNOWN)
    {
      *why = g_strdup ("the kernel tells no label");
      return AAK_VERDICT_UNKNOWN;
    }
  *why = g_strdup (view->lost ? "runs unconfined: its profile was unloaded, or it is just starting"
                              : "unconfined");
  return AAK_VERDICT_FAILS;
}

static AakVerdict
judge_selinux (const AakSecurityView *view, char **why)
{
  if (view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  const char *label = view->of->asked->selinux_label;
  if (label == NULL)
    return AAK_VERDICT_HOLDS;
  /* USER:ROLE:TYPE:LEVEL; what a runtime chooses by itself is system_u and system_r. */
  g_auto (GStrv) parts = g_strsplit (label, ":", 4);
  if (g_strv_length (parts) >= 3 && strcmp (parts[0], "system_u") == 0
      && strcmp (parts[1], "system_r") == 0 && g_strv_contains (selinux_types, parts[2]))
    return AAK_VERDICT_HOLDS;
  *why = aak_escape (label, strlen (label));
  return AAK_VERDICT_FAILS;
}

static AakVerdict
judge_proc_mount (const AakSecurityView *view, char **why)
{
  if (view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (view->of->asked->masks_paths)
    return AAK_VERDICT_HOLDS;
  *why = g_strdup ("nothing of /proc is hidden");
  return AAK_VERDICT_FAILS;
}

/* TRUE where the filter is the pod's, not one that its program made by itself. */
static gboolean
has_seccomp (const AakSecurityView *view)
{
  return view->seccomp != AAK_SECCOMP_OFF
         && (view->of->asked == NULL || view->of->asked->seccomp_action != NULL);
}

static AakVerdict
judge_baseline_seccomp (const AakSecurityView *view, char **why)
{
  if (!view->running && view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (has_seccomp (view))
    return AAK_VERDICT_HOLDS;
  *why = g_strdup ("off: nothing is stated, or Unconfined, which must not be");
  return AAK_VERDICT_UNKNOWN;
}

static AakVerdict
judge_sysctls (const AakSecurityView *view, char **why)
{
  const AakContainerSecurity *sandbox = view->of->sandbox;
  g_autoptr (GString) names = g_string_new (NULL);
  if (sandbox == NULL)
    return AAK_VERDICT_UNKNOWN;
  for (guint i = 0; i < sandbox->sysctls->len; i++)
    {
      const char *name = sandbox->sysctls->pdata[i];
      g_autofree char *shown = aak_escape (name, strlen (name));
      if (!g_strv_contains (safe_sysctls, name))
        g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", shown);
    }
  if (names->len == 0)
    return AAK_VERDICT_HOLDS;
  *why = g_strdup (names->str);
  return AAK_VERDICT_FAILS;
}

/* --- restricted ------------------------------------------------------------------------------ */

static AakVerdict
judge_volume_types (const AakSecurityView *view, char **why)
{
  if (view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (view->of->mounts->len > 0)
    return AAK_VERDICT_FAILS;
  const GPtrArray *volumes = aak_volumes_list (view->of->container->volumes);
  for (guint i = 0; i < volumes->len; i++)
    if (((const AakVolume *) volumes->pdata[i])->type == AAK_VOLUME_PERSISTENT)
      {
        *why = g_strdup ("whether a volume is one of a claim or named in the pod cannot be seen");
        return AAK_VERDICT_UNKNOWN;
      }
  return AAK_VERDICT_HOLDS;
}

static AakVerdict
judge_privilege_escalation (const AakSecurityView *view, char **why)
{
  const AakContainerSecurity *asked = view->of->asked;
  if (asked == NULL)
    return view->no_new_privs ? AAK_VERDICT_UNKNOWN : AAK_VERDICT_FAILS;
  if (asked->no_new_privs && view->no_new_privs)
    return AAK_VERDICT_HOLDS;
  *why = g_strdup (view->no_new_privs ? "no_new_privs is of the program's own making"
                                      : "no_new_privs is not set");
  return AAK_VERDICT_FAILS;
}

static AakVerdict
judge_non_root (const AakSecurityView *view, char **why)
{
  if (!view->running && view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (view->root)
    *why = g_strdup (view->node_ids ? "runs as user 0"
                                    : "runs as user 0 of a user namespace of its own");
  else
    *why = g_strdup ("runs as another user; whether the pod states it cannot be seen");
  return view->root ? AAK_VERDICT_FAILS : AAK_VERDICT_HOLDS;
}

static AakVerdict
judge_restricted_seccomp (const AakSecurityView *view, char **why)
{
  if (!view->running && view->of->asked == NULL)
    return AAK_VERDICT_UNKNOWN;
  if (has_seccomp (view))
    return AAK_VERDICT_HOLDS;
  *why = g_strdup (view->seccomp == AAK_SECCOMP_OFF ? "off"
                                                    : "the filter is of the program's own making");
  return AAK_VERDICT_FAILS;
}

static AakVerdict
judge_restricted_capabilities (const AakSecurityView *view, char **why)
{
  return judge_set (view, RESTRICTED_SET, why);
}

/* --- the standard ---------------------------------------------------------------------------- */

static const struct
{
  AakControl control;
  Judge judge;
} controls[] = {
  { { AAK_LEVEL_BASELINE, "host-namespaces",
      "spec.hostNetwork, spec.hostPID, spec.hostIPC: false" },
    judge_host_namespaces },
  { { AAK_LEVEL_BASELINE, "privileged", "securityContext.privileged: false" }, judge_privileged },
  { { AAK_LEVEL_BASELINE, "capabilities",
      "securityContext.capabilities.add: none beyond the baseline" },
    judge_baseline_capabilities },
  { { AAK_LEVEL_BASELINE, "host-path", "spec.volumes: no hostPath" }, judge_host_path },
  { { AAK_LEVEL_BASELINE, "apparmor",
      "securityContext.appArmorProfile.type: RuntimeDefault or Localhost" },
    judge_apparmor },
  { { AAK_LEVEL_BASELINE, "selinux",
      "securityContext.seLinuxOptions: no user or role, type container_t" },
    judge_selinux },
  { { AAK_LEVEL_BASELINE, "proc-mount", "securityContext.procMount: Default" }, judge_proc_mount },
  { { AAK_LEVEL_BASELINE, "seccomp",
      "securityContext.seccompProfile.type: RuntimeDefault or Localhost" },
    judge_baseline_seccomp },
  { { AAK_LEVEL_BASELINE, "sysctls", "spec.securityContext.sysctls: safe ones only" },
    judge_sysctls },
  { { AAK_LEVEL_RESTRICTED, "volume-types",
      "spec.volumes: configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, "
      "projected, secret" },
    judge_volume_types },
  { { AAK_LEVEL_RESTRICTED, "privilege-escalation",
      "securityContext.allowPrivilegeEscalation: false" },
    judge_privilege_escalation },
  { { AAK_LEVEL_RESTRICTED, "run-as-non-root",
      "securityContext.runAsNonRoot: true, runAsUser: not 0" },
    judge_non_root },
  { { AAK_LEVEL_RESTRICTED, "seccomp",
      "securityContext.seccompProfile.type: RuntimeDefault or Localhost" },
    judge_restricted_seccomp },
  { { AAK_LEVEL_RESTRICTED, "capabilities",
      "securityContext.capabilities.drop: [ALL], add: NET_BIND_SERVICE at most" },
    judge_restricted_capabilities },
};

static const AakControl unseen[] = {
  { AAK_LEVEL_BASELINE, "host-ports", "spec.containers[*].ports[*].hostPort" },
  { AAK_LEVEL_BASELINE, "host-probes",
    "spec.containers[*]: host of probes and lifecycle handlers" },
  { 0 },
};

static void
finding_free (gpointer data)
{
  AakFinding *finding = data;
  g_free (finding->why);
  g_free (finding);
}

GPtrArray *
aak_pod_security_judge (const AakSecurityView *view, AakLevel level)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func (finding_free);
  for (gsize i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      if (controls[i].control.level > level)
        continue;
      AakFinding *finding = g_new0 (AakFinding, 1);
      finding->control = &controls[i].control;
      finding->verdict = controls[i].judge (view, &finding->why);
      g_ptr_array_add (findings, finding);
    }
  return findings;
}

AakVerdict
aak_pod_security_sum (const GPtrArray *findings, AakLevel level)
{
  AakVerdict sum = AAK_VERDICT_HOLDS;
  for (guint i = 0; i < findings->len; i++)
    {
      const AakFinding *finding = findings->pdata[i];
      if (finding->control->level <= level)
        sum = MAX (sum, finding->verdict);
    }
  return sum;
}

const AakControl *
aak_pod_security_unseen (void)
{
  return unseen;
}

static const char *const level_names[AAK_LEVEL_N] = { "baseline", "restricted" };

const char *
aak_level_name (AakLevel level)
{
  return level_names[level];
}

gboolean
aak_level_parse (const char *word, AakLevel *out_level)
{
  for (guint i = 0; i < AAK_LEVEL_N; i++)
    if (strcmp (level_names[i], word) == 0)
      {
        *out_level = (AakLevel) i;
        return TRUE;
      }
  return FALSE;
}

const char *
aak_verdict_name (AakVerdict verdict)
{
  static const char *const names[] = { "holds", "unknown", "fails" };
  return names[verdict];
}
