/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading /proc/PID/ns. */
#include "config.h"

#include "lib/namespaces.h"

#include <string.h>
#include <unistd.h>

/* "network:[4026531840]" and a little. */
#define MAX_LINK 64

static const struct
{
  const char *name; /* in a bundle */
  const char *file; /* in /proc/PID/ns, and before the number that its link holds */
} kinds[AAK_NAMESPACE_N] = {
  [AAK_NAMESPACE_CGROUP] = { "cgroup", "cgroup" }, [AAK_NAMESPACE_IPC] = { "ipc", "ipc" },
  [AAK_NAMESPACE_MOUNT] = { "mount", "mnt" },      [AAK_NAMESPACE_NETWORK] = { "network", "net" },
  [AAK_NAMESPACE_PID] = { "pid", "pid" },          [AAK_NAMESPACE_TIME] = { "time", "time" },
  [AAK_NAMESPACE_USER] = { "user", "user" },       [AAK_NAMESPACE_UTS] = { "uts", "uts" },
};

const char *
aak_namespace_name (AakNamespace kind)
{
  return kinds[kind].name;
}

gboolean
aak_namespace_parse (const char *name, AakNamespace *out_kind)
{
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    if (strcmp (kinds[i].name, name) == 0)
      {
        *out_kind = (AakNamespace) i;
        return TRUE;
      }
  return FALSE;
}

/* The number of @link, "net:[4026531840]", where it is of @file; else 0. */
static guint64
parse_link (const char *link, const char *file)
{
  gsize len = strlen (file);
  guint64 inode = 0;
  if (strncmp (link, file, len) != 0 || strncmp (link + len, ":[", 2) != 0
      || !g_str_has_suffix (link, "]"))
    return 0;
  g_autofree char *digits = g_strndup (link + len + 2, strlen (link) - len - 3);
  return g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT64, &inode, NULL) ? inode : 0;
}

AakNamespaces
aak_namespaces_read (int dir)
{
  AakNamespaces namespaces = { 0 };
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    {
      char link[MAX_LINK + 1];
      g_autofree char *path = g_strconcat ("ns/", kinds[i].file, NULL);
      gssize len = readlinkat (dir, path, link, MAX_LINK);
      link[MAX (len, 0)] = '\0';
      namespaces.inode[i] = parse_link (link, kinds[i].file);
    }
  return namespaces;
}

guint
aak_namespaces_shared (const AakNamespaces *one, const AakNamespaces *other)
{
  guint shared = 0;
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    if (one->inode[i] != 0 && one->inode[i] == other->inode[i])
      shared |= 1u << i;
  return shared;
}
