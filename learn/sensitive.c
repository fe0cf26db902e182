/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of sensitive accesses. */
#include "config.h"

#include "learn/sensitive.h"

#include "learn/access-fields.h"

#include <fnmatch.h>
#include <string.h>

#define ANY   (~0u)
#define WRITE (AAK_PERM_W | AAK_PERM_A | AAK_PERM_C | AAK_PERM_D | AAK_PERM_L)

/* Patterns are fnmatch() without FNM_PATHNAME: a star crosses slashes. */
static const struct
{
  const char *pattern;
  guint perms;
  const char *reason;
} paths[] = {
  { "/etc/shadow*", ANY, "password hashes" },
  { "/etc/gshadow*", ANY, "password hashes" },
  { "*/containerd.sock*", ANY, "the container runtime's socket is root on the node" },
  { "*/docker.sock", ANY, "the container runtime's socket is root on the node" },
  { "*/crio.sock", ANY, "the container runtime's socket is root on the node" },
  { "/proc/sysrq-trigger", ANY, "can crash the node" },
  { "/proc/kcore", ANY, "the kernel's memory" },
  { "/proc/kmem", ANY, "the kernel's memory" },
  { "/dev/mem", ANY, "physical memory" },
  { "/dev/kmem", ANY, "the kernel's memory" },
  { "/dev/port", ANY, "hardware ports" },
  { "/dev/sd[a-z]*", ANY, "a raw disk" },
  { "/dev/vd[a-z]*", ANY, "a raw disk" },
  { "/dev/nvme*", ANY, "a raw disk" },
  { "/proc/[0-9]*/mem", ANY, "another process's memory" },
  { "/proc/[0-9]*/root/*", ANY, "a way out of the container's file tree" },
  { "/proc/sys/*", WRITE, "changes the node's kernel" },
  { "/sys/*", WRITE, "changes the node's kernel" },
  { "/root/.ssh/*", ANY, "ssh keys" },
  { "/home/*/.ssh/*", ANY, "ssh keys" },
  { "/etc/passwd", WRITE, "user accounts" },
  { "/etc/group", WRITE, "user accounts" },
  { "/etc/ld.so.preload", WRITE, "code in every process" },
};

static const struct
{
  const char *name;
  const char *reason;
} capabilities[] = {
  { "sys_admin", "nearly root on the node" },
  { "sys_module", "loads kernel modules" },
  { "sys_rawio", "hardware ports and raw memory" },
  { "sys_ptrace", "reads and changes every process" },
  { "sys_boot", "reboots the node" },
  { "mac_admin", "changes AppArmor policy" },
  { "mac_override", "overrides AppArmor" },
  { "bpf", "loads kernel programs" },
  { "perfmon", "watches the kernel" },
  { "syslog", "reads kernel addresses" },
  { "audit_control", "turns auditing off" },
  { "dac_read_search", "opens files past every permission" },
  { "linux_immutable", "changes immutable files" },
  { "sys_time", "changes the node's clock" },
};

/* Abstract sockets of containerd's shims, older and newer. */
static const char *const runtime_sockets[] = { "@/containerd-shim/", "@/run/containerd/" };

/* What fnmatch() says, which is asked only where the first literal part of the pattern is there. */
static gboolean
matches (const char *pattern, const char *path)
{
  gboolean anywhere = *pattern == '*';
  const char *literal = pattern + anywhere;
  gsize len = strcspn (literal, "*?[");
  gboolean there = anywhere ? memmem (path, strlen (path), literal, len) != NULL
                            : strncmp (path, literal, len) == 0;
  return there && fnmatch (pattern, path, 0) == 0;
}

static const char *
reason_for_path (const char *path, guint perms)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if ((perms & paths[i].perms) != 0 && matches (paths[i].pattern, path))
      return paths[i].reason;
  return NULL;
}

static const char *
reason_for_unix (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (rule->class, rule->detail);
  for (gsize i = 0; i < G_N_ELEMENTS (runtime_sockets); i++)
    if (g_str_has_prefix (details[1], runtime_sockets[i]))
      return "the container runtime's socket is root on the node";
  return NULL;
}

static const char *
reason_for_dbus (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (rule->class, rule->detail);
  if (rule->perms & AAK_PERM_EAVESDROP)
    return "reads the messages of others";
  return strcmp (rule->name, "system") == 0 && (rule->perms & AAK_PERM_SEND)
                 && g_str_has_prefix (details[3], "org.freedesktop.systemd1")
             ? "starts and stops programs on the node"
             : NULL;
}

const char *
aak_sensitive_reason (const AakRule *rule, const char *path)
{
  switch (rule->class)
    {
    case AAK_CLASS_FILE:
      return reason_for_path (path, rule->perms);
    case AAK_CLASS_CAPABILITY:
      for (gsize i = 0; i < G_N_ELEMENTS (capabilities); i++)
        if (strcmp (capabilities[i].name, rule->name) == 0)
          return capabilities[i].reason;
      return NULL;
    case AAK_CLASS_PTRACE:
      return rule->perms & (AAK_PERM_TRACE | AAK_PERM_TRACEDBY)
                 ? "reads and changes another process"
                 : NULL;
    case AAK_CLASS_NETWORK:
      return strcmp (rule->name, "packet") == 0 ? "sees all traffic of the network namespace"
                                                : NULL;
    case AAK_CLASS_UNIX:
      return reason_for_unix (rule);
    case AAK_CLASS_MOUNT:
      return "changes the file tree that all file rules are about";
    case AAK_CLASS_USERNS:
      return "all capabilities in a namespace of its own, and with them more of the kernel";
    case AAK_CLASS_CHANGE_PROFILE:
      return "leaves this profile";
    case AAK_CLASS_IO_URING:
      return strcmp (rule->name, "override_creds") == 0 ? "acts with another's credentials" : NULL;
    case AAK_CLASS_DBUS:
      return reason_for_dbus (rule);
    case AAK_CLASS_SIGNAL:
    case AAK_CLASS_RLIMIT:
    case AAK_CLASS_MQUEUE:
    case AAK_CLASS_POLICY:
    case AAK_CLASS_OTHER:
      return NULL;
    }
  return NULL;
}

gboolean
aak_sensitive_is_secret (const char *path)
{
  static const char *const endings[] = {
    ".key", ".pem", ".p12", ".pfx", ".env", "/token", ".kdbx"
  };
  static const char *const parts[] = { "secret", "id_rsa", "shadow", "password", "credential" };
  g_autofree char *lower = g_ascii_strdown (path, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (lower, parts[i]) != NULL)
      return TRUE;
  return FALSE;
}
