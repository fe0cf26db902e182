/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What else there is on a node: control groups, and others who bring profiles. */
#include "config.h"

#include "lib/doctor-checks.h"

#include <string.h>

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
  GPtrArray *list = aak_doctor_loaded (doctor);
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
