/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What else there is on a node: other security modules, control groups, the container runtime, and
 * others who bring profiles. */
#include "config.h"

#include "lib/doctor-checks.h"
#include "lib/lsm.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- other security modules ------------------------------------------------------------------ */

/* Those that want /proc/PID/attr/current for themselves (security/security.c, getprocattr). */
static const char *const rivals[] = { "selinux", "smack", "tomoyo", NULL };

void
aak_doctor_order (AakDoctor *doctor)
{
  g_autofree char *list = aak_doctor_read (doctor, "/sys/kernel/security/lsm");
  if (list == NULL)
    return;
  g_auto (GStrv) modules = g_strsplit (list, ",", -1);
  const char *rival = NULL;
  for (char **module = modules; *module != NULL && strcmp (*module, "apparmor") != 0; module++)
    if (g_strv_contains (rivals, *module))
      rival = *module;
  if (!g_strv_contains ((const char *const *) modules, "apparmor"))
    aak_doctor_failed (doctor, "lsm",
                       "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&apparmor=1 security=apparmor /' "
                       "/etc/default/grub && update-grub && reboot",
                       "AppArmor is not among the security modules that run: no profile holds "
                       "anything");
  else if (rival != NULL)
    aak_doctor_warning (doctor, "lsm",
                        "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&security=apparmor /' "
                        "/etc/default/grub && update-grub && reboot",
                        "%s comes before AppArmor: labels in /proc/PID/attr/current are its own, "
                        "and programs that look only there see no profile",
                        rival);
  else
    aak_doctor_ok (doctor, "lsm", "no other module comes before AppArmor");
}

/* --- control groups -------------------------------------------------------------------------- */

void
aak_doctor_cgroups (AakDoctor *doctor)
{
  if (!aak_doctor_has (doctor, "/sys/fs/cgroup"))
    return; /* a recording without them */
  gboolean unified = aak_doctor_has (doctor, "/sys/fs/cgroup/cgroup.controllers");
  gboolean systemd = aak_doctor_has (doctor, "/sys/fs/cgroup/systemd");
  if (unified)
    aak_doctor_ok (doctor, "cgroups", "version 2: the tasks of a container can be told");
  else if (systemd && aak_doctor_has (doctor, "/sys/fs/cgroup/unified/cgroup.controllers"))
    aak_doctor_ok (doctor, "cgroups", "version 1 and 2: the tasks of a container can be told");
  else if (systemd || aak_doctor_has (doctor, "/sys/fs/cgroup/pids"))
    aak_doctor_ok (doctor, "cgroups", "version 1: the tasks of a container can be told");
  else
    aak_doctor_failed (doctor, "cgroups", "mount -t cgroup2 cgroup2 /sys/fs/cgroup",
                       "no control groups are mounted: which task belongs to which container "
                       "cannot be told");
}

/* --- the container runtime ------------------------------------------------------------------- */

#define PARSER        "/sbin/apparmor_parser"
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
  g_autoptr (AakLsm) lsm = aak_lsm_open (aak_doctor_root (doctor), NULL);
  g_autoptr (GPtrArray) list = lsm != NULL ? aak_lsm_list (lsm, NULL) : NULL;
  return list == NULL || aak_lsm_find (list, DEFAULT_LABEL) != NULL;
}

void
aak_doctor_runtime_stale (AakDoctor *doctor)
{
  struct stat st;
  g_autofree char *path = aak_doctor_path (doctor, PARSER);
  guint64 pid = containerd_pid (doctor);
  gint64 started = pid != 0 ? started_at (doctor, pid) : 0;
  if (started == 0 || stat (path, &st) < 0)
    return;
  if (st.st_ctime <= started || default_is_loaded (doctor))
    aak_doctor_ok (doctor, "containerd", "it was started when " PARSER " was there");
  else
    aak_doctor_warning (doctor, "containerd", "systemctl restart containerd",
                        "it was started before this " PARSER " was there, and has loaded no "
                        "default profile: if none was there then, it takes AppArmor for absent "
                        "until it is restarted");
}

/* --- others who bring profiles --------------------------------------------------------------- */

typedef struct
{
  const char *prefix; /* of profile names */
  const char *who;
  gboolean is_rival; /* brings profiles for pods as well */
} Owner;

static const Owner owners[] = {
  { "varmor-", "vArmor", TRUE },
  { "kubearmor-", "KubeArmor", TRUE },
  { "cri-containerd.apparmor.d", "containerd", FALSE },
  { "crio-default", "CRI-O", FALSE },
  { "docker-default", "Docker", FALSE },
  { "containers-default-", "Podman", FALSE },
  { "snap.", "snapd", FALSE },
  { "snap-update-ns.", "snapd", FALSE },
  { "libvirt-", "libvirt", FALSE },
  { "lxd-", "LXD", FALSE },
  { "lxc-", "LXC", FALSE },
};

static const Owner *
owner_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    if (g_str_has_prefix (name, owners[i].prefix))
      return &owners[i];
  return NULL;
}

/* Adds @who to the list @names, once. */
static void
add_name (GString *names, const char *who)
{
  if (strstr (names->str, who) != NULL)
    return;
  g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", who);
}

void
aak_doctor_others (AakDoctor *doctor)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (aak_doctor_root (doctor), NULL);
  g_autoptr (GPtrArray) list = lsm != NULL ? aak_lsm_list (lsm, NULL) : NULL;
  if (list == NULL)
    return;
  g_autoptr (GString) harmless = g_string_new (NULL);
  g_autoptr (GString) others = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const Owner *owner = owner_of (((const AakLoaded *) list->pdata[i])->name);
      if (owner != NULL)
        add_name (owner->is_rival ? others : harmless, owner->who);
    }
  if (others->len > 0)
    aak_doctor_warning (doctor, "others", NULL,
                        "profiles of %s are loaded: a pod has one profile, theirs or one of "
                        "aakit's, and whoever edits the pod last decides",
                        others->str);
  else if (harmless->len > 0)
    aak_doctor_ok (doctor, "others", "profiles of %s are loaded as well, and are left alone",
                   harmless->str);
  else
    aak_doctor_ok (doctor, "others", "nobody else is known to bring profiles here");
}
