/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn doctor: whether what AppArmor says on this node can be heard, all of it. */
#include "config.h"

#include "learn/cmd.h"
#include "learn/doctor-audit.h"
#include "learn/source.h"
#include "lib/container-index.h"
#include "lib/doctor-checks.h"
#include "lib/escape.h"

#include <string.h>

#define AUDIT_LOG  "/var/log/audit/audit.log"
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
        aak_doctor_warning (doctor, "source", NULL, "no log of auditd is there");
      return;
    }
  g_autoptr (AakSource) source = aak_source_netlink_open (FALSE, NULL, &error);
  if (source == NULL)
    {
      aak_doctor_failed (doctor, "source", "sudo aa-learn doctor", "%s", error->message);
      return;
    }
  aak_doctor_ok (doctor, "source", "the kernel's audit records can be read");
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
    aak_doctor_warning (
        doctor, "kernel-log", "sysctl -w kernel.printk_ratelimit=0",
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
      aak_doctor_failed (doctor, "containers", "sudo aa-learn doctor",
                         "%u of the containers cannot be read: %s", problems->len, shown);
    }
  else if (count == 0 && !aak_container_index_has_runtime (aak_doctor_root (doctor)))
    aak_doctor_warning (doctor, "containers", NULL,
                        "neither containerd's directories are here, nor those of k3s or CRI-O: no "
                        "pod will be seen, and --profile needs none");
  else if (count == 0)
    aak_doctor_warning (
        doctor, "containers", NULL,
        "no pod's container is seen here: --pod waits for one, --profile needs none");
  else
    aak_doctor_ok (doctor, "containers", "%u of pods are seen", count);
}

static const AakDoctorCheck checks[] = {
  aak_doctor_apparmor,     aak_doctor_order,       aak_doctor_parameters,   check_source,
  aak_doctor_audit_switch, aak_doctor_audit_rules, aak_doctor_audit_status, aak_doctor_auditd,
  aak_doctor_journald,     check_rate_limit,       aak_doctor_privileges,   aak_doctor_compiler,
  aak_doctor_cgroups,      check_containers,       aak_doctor_others,       NULL,
};

int
aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error)
{
  return aak_doctor_run (cli, checks, argc, argv, error);
}
