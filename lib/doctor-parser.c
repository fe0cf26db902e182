/* SPDX-License-Identifier: LGPL-2.1-or-later
 * apparmor_parser on a node: for the runtimes, which only look whether it is there, and for
 * compiling. */
#include "config.h"

#include "lib/compiler.h"
#include "lib/doctor-checks.h"
#include "lib/features.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INSTALL "apt install apparmor"

/* containerd takes AppArmor for absent where this file is missing, for compiled policy too, and
 * remembers that until it is restarted (pkg/apparmor); CRI-O's and Docker's libraries do as well.
 */
#define RUNTIME_PARSER "/sbin/apparmor_parser"

void
aak_doctor_runtime_parser (AakDoctor *doctor)
{
  static const char *const places[] = { "/usr/sbin/apparmor_parser", "/usr/bin/apparmor_parser",
                                        "/usr/local/sbin/apparmor_parser" };
  if (!aak_doctor_has (doctor, "/sbin"))
    return; /* a recording without programs */
  if (aak_doctor_has (doctor, RUNTIME_PARSER))
    {
      aak_doctor_ok (doctor, "runtimes",
                     RUNTIME_PARSER
                     " is there, without which containerd takes AppArmor for absent");
      return;
    }
  g_autofree char *remedy = g_strdup (INSTALL " && systemctl restart containerd");
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (aak_doctor_has (doctor, places[i]))
      {
        g_free (remedy);
        remedy = g_strdup_printf ("ln -s %s " RUNTIME_PARSER " && systemctl restart containerd",
                                  places[i]);
        break;
      }
  aak_doctor_failed (doctor, "runtimes", remedy,
                     RUNTIME_PARSER " is missing: containerd takes AppArmor for absent, and "
                                    "refuses pods that name a profile");
}

/* --- the container runtime ------------------------------------------------------------------- */

#define PROCESSES     "/system.slice/containerd.service/cgroup.procs"
#define DEFAULT_LABEL "cri-containerd.apparmor.d"
#define START_TIME    20 /* fields of /proc/PID/stat behind the name: starttime is the 22nd */

/* When the process @pid was started, in seconds since the epoch; 0 where it cannot be told.
 * Format: proc(5). */
static gint64
started_at (const AakDoctor *doctor, guint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GUINT64_FORMAT "/stat", pid);
  g_autofree char *line = aak_doctor_read (doctor, path);
  g_autofree char *all = aak_doctor_read (doctor, "/proc/stat");
  const char *behind = line != NULL ? strrchr (line, ')') : NULL;
  const char *boot = all != NULL ? strstr (all, "\nbtime ") : NULL;
  if (behind == NULL || boot == NULL)
    return 0;
  g_auto (GStrv) fields = g_strsplit (behind, " ", -1);
  if (g_strv_length (fields) <= START_TIME)
    return 0;
  gint64 ticks = g_ascii_strtoll (fields[START_TIME], NULL, 10);
  return g_ascii_strtoll (boot + strlen ("\nbtime "), NULL, 10) + ticks / sysconf (_SC_CLK_TCK);
}

/* The oldest process of containerd's service, which is containerd itself; 0 where there is none. */
static guint64
containerd_pid (const AakDoctor *doctor)
{
  static const char *const tops[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/systemd",
                                      "/sys/fs/cgroup/unified" };
  for (guint i = 0; i < G_N_ELEMENTS (tops); i++)
    {
      g_autofree char *path = g_strconcat (tops[i], PROCESSES, NULL);
      g_autofree char *pids = aak_doctor_read (doctor, path);
      if (pids != NULL && *pids != '\0')
        return g_ascii_strtoull (pids, NULL, 10);
    }
  return 0;
}

/* TRUE where containerd has loaded the profile that it gives pods that name none, which it does
 * with the first of them, and only where it takes AppArmor for present. */
static gboolean
default_is_loaded (AakDoctor *doctor)
{
  GPtrArray *loaded = aak_doctor_loaded (doctor);
  return loaded == NULL || aak_lsm_find (loaded, DEFAULT_LABEL) != NULL;
}

void
aak_doctor_runtime_stale (AakDoctor *doctor)
{
  struct stat st;
  g_autofree char *path = aak_doctor_path (doctor, RUNTIME_PARSER);
  guint64 pid = containerd_pid (doctor);
  gint64 started = pid != 0 ? started_at (doctor, pid) : 0;
  if (started == 0 || stat (path, &st) < 0)
    return;
  if (st.st_ctime <= started || default_is_loaded (doctor))
    aak_doctor_ok (doctor, "containerd", "it was started when " RUNTIME_PARSER " was there");
  else
    aak_doctor_warning (doctor, "containerd", "systemctl restart containerd",
                        "it was started before this " RUNTIME_PARSER
                        " was there, and has loaded no "
                        "default profile: if none was there then, it takes AppArmor for absent "
                        "until it is restarted");
}

/* --- compiling -------------------------------------------------------------------------------- */

/* Rules of AppArmor 4 are for kernels that mediate more than version 3 of the parser knows. */
static gboolean
kernel_is_newer (const AakDoctor *doctor, const AakCompiler *compiler)
{
  static const char *const parts[] = { "namespaces/mask/userns_create", "namespaces/userns_create",
                                       "io_uring", "ipc/posix_mqueue" };
  g_autoptr (AakFeatures) features = aak_features_kernel (aak_doctor_root (doctor), NULL);
  gboolean newer = FALSE;
  for (guint i = 0; features != NULL && i < G_N_ELEMENTS (parts); i++)
    newer |= aak_features_has (features, parts[i]);
  return newer && g_ascii_strtoull (aak_compiler_version (compiler), NULL, 10) < 4;
}

void
aak_doctor_compiler (AakDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    {
      aak_doctor_failed (doctor, "compiler", INSTALL, "%s", error->message);
      return;
    }
  g_autofree char *abi = g_build_filename (aak_compiler_base (compiler), "abi/3.0", NULL);
  if (g_file_test (abi, G_FILE_TEST_EXISTS))
    aak_doctor_ok (doctor, "compiler", "apparmor_parser %s, with its includes in %s",
                   aak_compiler_version (compiler), aak_compiler_base (compiler));
  else
    aak_doctor_failed (doctor, "compiler", "apt install --reinstall apparmor",
                       "apparmor_parser %s has no %s, which profiles include",
                       aak_compiler_version (compiler), abi);
  if (kernel_is_newer (doctor, compiler))
    aak_doctor_warning (doctor, "generation", NULL,
                        "this kernel mediates user namespaces, io_uring or message queues, which "
                        "apparmor_parser %s has no rules for: install version 4 to write them, or "
                        "compile elsewhere",
                        aak_compiler_version (compiler));
}
