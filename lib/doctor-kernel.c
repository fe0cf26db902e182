/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's side of a node. */
#include "config.h"

#include "lib/doctor-checks.h"
#include "lib/features-shipped.h"
#include "lib/privileges.h"

#include <string.h>

#define PARAMETERS "/sys/module/apparmor/parameters/"
#define APPARMOR   "/sys/kernel/security/apparmor"

/* Beyond any kernel: 6.1 and 6.12 have version 9. */
#define MAX_VERSION 32

/* For Debian and its descendants, where GRUB's menu is made of this file. */
#define BOOT_WITH(words)                                                 \
  "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&" words " /' /etc/default/grub && " \
  "update-grub && reboot"
#define TURN_ON BOOT_WITH ("apparmor=1 security=apparmor")

/* --- the module ------------------------------------------------------------------------------ */

/* The highest version of compiled policy that the kernel takes; 0 where it names none. */
static guint
policy_version (const AakFeatures *features)
{
  for (guint version = MAX_VERSION; version > 0; version--)
    {
      g_autofree char *path = g_strdup_printf ("policy/versions/v%u", version);
      if (aak_features_has (features, path))
        return version;
    }
  return 0;
}

/* What rules can be about, by the part of a feature set that tells whether the kernel mediates it.
 */
typedef struct
{
  const char *part[2]; /* any of them */
  const char *what;
  gboolean is_basic; /* each kernel that Kubernetes runs on is expected to */
} Mediation;

static const Mediation mediations[] = {
  { { "file", NULL }, "files", TRUE },
  { { "caps", NULL }, "capabilities", TRUE },
  { { "network_v8", "network" }, "network", TRUE },
  { { "signal", NULL }, "signals", TRUE },
  { { "ptrace", NULL }, "ptrace", TRUE },
  { { "mount", NULL }, "mounts", TRUE },
  { { "domain/stack", NULL }, "stacked profiles", TRUE },
  { { "unix", "network/af_unix" }, "addresses of unix sockets", FALSE },
  { { "dbus", NULL }, "D-Bus", FALSE },
  { { "ipc/posix_mqueue", NULL }, "message queues", FALSE },
  { { "namespaces/mask/userns_create", "namespaces/userns_create" }, "user namespaces", FALSE },
  { { "io_uring", NULL }, "io_uring", FALSE },
};

static gboolean
mediates (const AakFeatures *features, const Mediation *mediation)
{
  for (guint i = 0; i < G_N_ELEMENTS (mediation->part); i++)
    if (mediation->part[i] != NULL && aak_features_has (features, mediation->part[i]))
      return TRUE;
  return FALSE;
}

static void
tell_mediation (AakDoctor *doctor, const AakFeatures *features)
{
  g_autoptr (GString) basic = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (mediations); i++)
    {
      GString *lacking = mediations[i].is_basic ? basic : other;
      if (!mediates (features, &mediations[i]))
        g_string_append_printf (lacking, "%s%s", lacking->len > 0 ? ", " : "", mediations[i].what);
    }
  if (basic->len > 0)
    aak_doctor_warning (doctor, "mediation", NULL,
                        "this kernel does not mediate %s: rules about that hold nothing here",
                        basic->str);
  else if (other->len > 0)
    aak_doctor_ok (doctor, "mediation",
                   "files, capabilities, network, signals, ptrace and mounts; not %s: rules about "
                   "that hold nothing here",
                   other->str);
  else
    aak_doctor_ok (doctor, "mediation", "this kernel mediates all that a rule can be about");
}

static void
tell_features (AakDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = aak_features_kernel (aak_doctor_root (doctor), &error);
  if (features == NULL)
    {
      aak_doctor_failed (doctor, "features", NULL, "%s", error->message);
      return;
    }
  const char *name = NULL;
  const GPtrArray *shipped = aak_features_shipped ();
  for (guint i = 0; i < shipped->len && name == NULL; i++)
    {
      const AakShippedFeatures *one = shipped->pdata[i];
      if (strcmp (aak_features_id (one->features), aak_features_id (features)) == 0)
        name = one->name;
    }
  aak_doctor_ok (doctor, "features", "the feature set is %s (%s), for policy up to version %u",
                 aak_features_id (features), name != NULL ? name : "none that ships with aakit",
                 policy_version (features));
  tell_mediation (doctor, features);
}

void
aak_doctor_apparmor (AakDoctor *doctor)
{
  g_autofree char *enabled = aak_doctor_read (doctor, PARAMETERS "enabled");
  gboolean mounted = aak_doctor_has (doctor, APPARMOR "/policy");
  if (enabled == NULL && !mounted)
    aak_doctor_failed (doctor, "apparmor", TURN_ON,
                       "this kernel has no AppArmor, or was not told to use it");
  else if (enabled != NULL && *enabled != 'Y')
    aak_doctor_failed (doctor, "apparmor", TURN_ON, "AppArmor is switched off in this kernel");
  else
    aak_doctor_ok (doctor, "apparmor", "AppArmor is on");
  if (enabled == NULL || *enabled != 'Y')
    return;
  if (!mounted)
    {
      aak_doctor_failed (doctor, "securityfs",
                         "mount -t securityfs securityfs /sys/kernel/security",
                         "AppArmor's files are missing");
      return;
    }
  aak_doctor_ok (doctor, "securityfs", "AppArmor's files are there");
  tell_features (doctor);
}

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
    aak_doctor_failed (doctor, "lsm", TURN_ON,
                       "AppArmor is not among the security modules that run: no profile holds "
                       "anything");
  else if (rival != NULL)
    aak_doctor_warning (doctor, "lsm", BOOT_WITH ("security=apparmor"),
                        "%s comes before AppArmor: labels in /proc/PID/attr/current are its own, "
                        "and programs that look only there see no profile",
                        rival);
  else
    aak_doctor_ok (doctor, "lsm", "no other module comes before AppArmor");
}

/* --- its parameters -------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *bad; /* the value that is a problem */
  const char *means;
  const char *remedy;
} Parameter;

static const Parameter parameters[] = {
  { "audit", "quiet", "the kernel tells of no denial", "echo normal > " PARAMETERS "audit" },
  { "mode", "complain", "every profile only complains, whatever its mode is",
    "echo enforce > " PARAMETERS "mode" },
  { "lock_policy", "Y", "the kernel takes no policy until the next boot", "reboot" },
  { "hash_policy", "N", "the kernel tells no hash of a profile, by which loading is proved",
    "echo Y > " PARAMETERS "hash_policy" },
  { "export_binary", "N", "the kernel keeps no copy of policy: what failed cannot be undone",
    "echo Y > " PARAMETERS "export_binary" },
};

void
aak_doctor_parameters (AakDoctor *doctor)
{
  if (!aak_doctor_has (doctor, PARAMETERS))
    return;
  guint read = 0, bad = 0;
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const Parameter *parameter = &parameters[i];
      g_autofree char *path = g_strconcat (PARAMETERS, parameter->name, NULL);
      g_autofree char *value = aak_doctor_read (doctor, path);
      read += value != NULL;
      if (value == NULL || strcmp (value, parameter->bad) != 0)
        continue;
      bad++;
      aak_doctor_failed (doctor, parameter->name, parameter->remedy, "%s", parameter->means);
    }
  if (read == 0)
    aak_doctor_warning (doctor, "parameters", NULL,
                        "the module's parameters cannot be read (only root may)");
  else if (bad == 0)
    aak_doctor_ok (doctor, "parameters", "nothing silences, softens or locks AppArmor");
}

void
aak_doctor_userns (AakDoctor *doctor)
{
  g_autofree char *value =
      aak_doctor_read (doctor, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  if (g_strcmp0 (value, "1") == 0)
    aak_doctor_warning (doctor, "userns", NULL,
                        "unprivileged user namespaces are for programs with a profile that allows "
                        "them (apparmor_restrict_unprivileged_userns)");
}

/* --- this process ---------------------------------------------------------------------------- */

void
aak_doctor_privileges (AakDoctor *doctor)
{
  if (!aak_doctor_on_host (doctor))
    return;
  g_autofree char *lacking = aak_privileges_lacking ();
  if (lacking == NULL)
    {
      aak_doctor_ok (doctor, "privileges", "this process may load policy");
      return;
    }
  g_autofree char *again = g_strdup_printf ("sudo %s", g_get_prgname ());
  aak_doctor_failed (doctor, "privileges", again, "%s", lacking);
}
