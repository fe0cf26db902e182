/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register doctor: whether this node can be registered on, and will be at its next boot. */
#include "config.h"

#include "lib/doctor-checks.h"
#include "lib/error.h"
#include "lib/store.h"
#include "lib/trust.h"
#include "register/cmd.h"
#include "register/seccomp-files.h"
#include "register/service.h"

#include <sys/stat.h>

#define UNIT "aa-register.service"

/* A run that changes policy has the lock for a moment only. */
#define LOCK_TRIES    20
#define LOCK_PAUSE_US (100 * 1000)

static void
check_store (AakDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakStore) store = aak_store_read (aak_doctor_root (doctor), &error);
  if (store != NULL)
    aak_doctor_ok (doctor, "store", "%u registered", aak_store_entries (store)->len);
  else if (g_error_matches (error, AAK_ERROR, AAK_ERROR_PRIVILEGE))
    aak_doctor_warning (doctor, "store", NULL, "%s", error->message);
  else
    aak_doctor_failed (doctor, "store",
                       "mv /var/lib/aakit/registered.yaml /var/lib/aakit/registered.damaged && "
                       "aa-register --force BUNDLE",
                       "%s", error->message);
}

static void
check_lock (AakDoctor *doctor)
{
  gboolean held = aak_store_is_locked (aak_doctor_root (doctor));
  for (guint i = 0; held && i < LOCK_TRIES; i++)
    {
      g_usleep (LOCK_PAUSE_US);
      held = aak_store_is_locked (aak_doctor_root (doctor));
    }
  if (held)
    aak_doctor_failed (doctor, "lock", "fuser -v /run/aakit/register.lock",
                       "an aakit program has been changing policy for seconds, and holds the "
                       "lock");
  else
    aak_doctor_ok (doctor, "lock", "no aakit program holds the lock");
}

static void
check_unit (AakDoctor *doctor)
{
  const char *root = aak_doctor_root (doctor);
  if (!aak_service_is_installed (root, UNIT))
    aak_doctor_warning (doctor, "service", NULL,
                        UNIT " is not installed: nothing guards the profiles");
  else if (!aak_service_is_enabled (root, UNIT))
    aak_doctor_warning (doctor, "service", "systemctl enable --now aa-register",
                        UNIT " is not enabled: at boot only apparmor.service loads the texts, and "
                             "nothing guards the profiles");
  else if (!aak_service_systemd_runs (root))
    aak_doctor_warning (doctor, "service", NULL, UNIT " is enabled; systemd does not run here");
  else if (!aak_service_is_running (root, UNIT))
    aak_doctor_failed (doctor, "service", "systemctl restart aa-register",
                       UNIT " is enabled, but does not run (systemctl status aa-register)");
  else
    aak_doctor_ok (doctor, "service", UNIT " is enabled, and runs");
}

/* Whoever starts pods has to wait for the profiles. */
static void
check_order (AakDoctor *doctor)
{
  const char *root = aak_doctor_root (doctor);
  if (!aak_service_is_enabled (root, UNIT))
    return;
  for (guint i = 0; i < AAK_SERVICE_N_RUNTIMES; i++)
    {
      const char *runtime = aak_service_runtimes[i].unit;
      if (!aak_service_is_installed (root, runtime))
        continue;
      if (aak_service_names (root, UNIT, "Before", runtime)
          || aak_service_names (root, runtime, "After", UNIT))
        {
          aak_doctor_ok (doctor, "order", "%s starts after the profiles are loaded", runtime);
          continue;
        }
      g_autofree char *remedy = g_strdup_printf ("mkdir -p /etc/systemd/system/" UNIT
                                                 ".d && printf '[Unit]\\nBefore=%s\\n' > "
                                                 "/etc/systemd/system/" UNIT
                                                 ".d/order-%s.conf && systemctl daemon-reload",
                                                 runtime, runtime);
      aak_doctor_failed (doctor, "order", remedy, "%s does not wait for the profiles at boot",
                         runtime);
    }
}

/* The kubelet reads seccomp profiles below it as root, and whoever can write there chooses them. */
static void
check_seccomp_dir (AakDoctor *doctor)
{
  struct stat st;
  g_autofree char *path = aak_doctor_path (doctor, AAK_SECCOMP_DEFAULT_DIR);
  if (lstat (path, &st) < 0)
    {
      if (aak_doctor_has (doctor, "/var/lib/kubelet"))
        aak_doctor_ok (doctor, "seccomp",
                       AAK_SECCOMP_DEFAULT_DIR
                       " is not there yet: it is made with the first seccomp profile of a bundle");
      return;
    }
  if (!S_ISDIR (st.st_mode))
    aak_doctor_failed (doctor, "seccomp",
                       "rm " AAK_SECCOMP_DEFAULT_DIR " && mkdir -m 755 " AAK_SECCOMP_DEFAULT_DIR,
                       AAK_SECCOMP_DEFAULT_DIR
                       " is no directory: seccomp profiles of a bundle are refused");
  else if (!aak_trust_is_own (&st) || !aak_trust_is_closed (&st))
    aak_doctor_failed (doctor, "seccomp",
                       "chown root:root " AAK_SECCOMP_DEFAULT_DIR
                       " && chmod go-w " AAK_SECCOMP_DEFAULT_DIR,
                       "others can write to " AAK_SECCOMP_DEFAULT_DIR
                       ", and choose what calls pods may make: seccomp profiles of a bundle are "
                       "refused");
  else
    aak_doctor_ok (doctor, "seccomp", AAK_SECCOMP_DEFAULT_DIR " can be written by its owner alone");
}

static const AakDoctorCheck checks[] = {
  aak_doctor_apparmor,
  aak_doctor_order,
  aak_doctor_parameters,
  aak_doctor_userns,
  aak_doctor_privileges,
  aak_doctor_runtime_parser,
  aak_doctor_runtime_stale,
  aak_doctor_compiler,
  check_store,
  check_lock,
  check_unit,
  check_order,
  check_seccomp_dir,
  aak_doctor_cgroups,
  aak_doctor_others,
  NULL,
};

int
aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error)
{
  return aak_doctor_run (cli, checks, argc, argv, error);
}
