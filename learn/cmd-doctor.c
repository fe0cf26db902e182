/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn doctor: whether what AppArmor says on this node can be heard, all of it. */
#include "config.h"

#include "learn/audit-control.h"
#include "learn/cmd.h"
#include "learn/source.h"
#include "lib/container-index.h"
#include "lib/doctor-checks.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

#define AUDIT_LOG  "/var/log/audit/audit.log"
#define RULES      "/etc/audit/audit.rules"
#define RATE_LIMIT "/proc/sys/kernel/printk_ratelimit"

static void
check_source (AakDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  if (!aak_doctor_on_host (doctor))
    {
      if (aak_doctor_has (doctor, AUDIT_LOG))
        aak_doctor_ok (doctor, "source", "a log of auditd is there: " AUDIT_LOG);
      else
        aak_doctor_note (doctor, "source", NULL, "no log of auditd is there");
      return;
    }
  g_autoptr (AakSource) source = aak_source_netlink_open (FALSE, NULL, &error);
  if (source == NULL)
    {
      aak_doctor_problem (doctor, "source", "sudo aa-learn doctor", "%s", error->message);
      return;
    }
  aak_doctor_ok (doctor, "source", "the kernel's audit records can be read");
}

/* audit=0 gives nothing at all, whatever reads. */
static void
check_switch (AakDoctor *doctor)
{
  g_autofree char *line = aak_doctor_read (doctor, "/proc/cmdline");
  g_auto (GStrv) words = g_strsplit_set (line != NULL ? line : "", " ", -1);
  if (g_strv_contains ((const char *const *) words, "audit=0")
      || g_strv_contains ((const char *const *) words, "audit=off"))
    aak_doctor_problem (
        doctor, "audit",
        "sed -i 's/ *\\<audit=\\(0\\|off\\)\\>//' /etc/default/grub && update-grub && reboot",
        "the kernel was booted without audit: AppArmor's records go nowhere");
  else if (line != NULL)
    aak_doctor_ok (doctor, "audit", "the kernel was not booted without audit");
}

/* A filter of this kind applies to the kernel, not to auditd alone. */
static gboolean
excludes_records (const char *line)
{
  return *line != '#' && strstr (line, "exclude") != NULL
         && (strstr (line, "msgtype=AVC") != NULL || strstr (line, "msgtype=1400") != NULL
             || strstr (line, "msgtype=APPARMOR") != NULL);
}

static void
check_rules (AakDoctor *doctor)
{
  g_autofree char *text = aak_doctor_read (doctor, RULES);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (!excludes_records (g_strstrip (lines[i])))
        continue;
      g_autofree char *shown = aak_escape (lines[i], strlen (lines[i]));
      aak_doctor_problem (doctor, "rules",
                          "sed -i '/exclude.*msgtype=\\(AVC\\|1400\\|APPARMOR\\)/d' " RULES
                          " /etc/audit/rules.d/*.rules && auditctl -R " RULES,
                          RULES ":%u drops AppArmor's records: %s", i + 1, shown);
      return;
    }
}

static void
check_losses (AakDoctor *doctor)
{
  if (!aak_doctor_on_host (doctor))
    return;
  AakAuditControl *control = aak_audit_control_open (FALSE);
  if (control == NULL)
    {
      aak_doctor_note (doctor, "backlog", "sudo aa-learn doctor",
                       "the kernel does not tell how many records its backlog drops, nor can it be "
                       "enlarged (CAP_AUDIT_CONTROL)");
      return;
    }
  if (aak_audit_control_daemon (control) != 0)
    aak_doctor_ok (doctor, "backlog",
                   "dropped records are counted, and a recording enlarges the backlog; process %u "
                   "(auditd) takes records as well",
                   aak_audit_control_daemon (control));
  else
    aak_doctor_ok (doctor, "backlog",
                   "dropped records are counted, and a recording enlarges the backlog");
  aak_audit_control_close (control);
}

/* Only matters to who cannot read the audit records. */
static void
check_rate_limit (AakDoctor *doctor)
{
  g_autofree char *limit = aak_doctor_read (doctor, RATE_LIMIT);
  if (limit == NULL)
    return;
  if (strcmp (limit, "0") == 0)
    aak_doctor_ok (doctor, "kernel-log", "the kernel's log has no limit of records");
  else
    aak_doctor_note (doctor, "kernel-log", "sysctl -w kernel.printk_ratelimit=0",
                     "the kernel's log limits records: --source kmsg and --source journald would "
                     "miss most of them where auditd does not run");
}

static void
check_containers (AakDoctor *doctor)
{
  g_autoptr (AakContainerIndex) index = aak_container_index_new (aak_doctor_root (doctor));
  aak_container_index_refresh (index);
  const GPtrArray *problems = aak_container_index_problems (index);
  guint count = aak_container_index_list (index)->len;
  if (problems->len > 0)
    {
      const char *first = problems->pdata[0];
      g_autofree char *shown = aak_escape (first, strlen (first));
      aak_doctor_problem (doctor, "containers", "sudo aa-learn doctor",
                          "%u of the containers cannot be read: %s", problems->len, shown);
    }
  else if (count == 0)
    aak_doctor_note (doctor, "containers", NULL,
                     "no pod's container is seen here: --pod waits for one, --profile needs none");
  else
    aak_doctor_ok (doctor, "containers", "%u of pods are seen", count);
}

static const AakDoctorCheck checks[] = {
  aak_doctor_apparmor,
  aak_doctor_parameters,
  check_source,
  check_switch,
  check_rules,
  check_losses,
  check_rate_limit,
  aak_doctor_privileges,
  aak_doctor_compiler,
  check_containers,
  NULL,
};

int
aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error)
{
  return aak_doctor_run (cli, checks, argc, argv, error);
}
