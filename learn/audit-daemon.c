/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads /proc/1/net/netlink, the table of the network namespace that the kernel's audit belongs to,
 * and /proc/PID/stat. */
#include "config.h"

#include "learn/audit-daemon.h"

#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

/* Whether the audit socket that @pid bound has bytes to be read: "sk Eth Pid Groups Rmem ...". */
static gboolean
has_unread (const char *table, guint pid)
{
  for (const char *line = table; line != NULL && *line != '\0'; line = strchr (line, '\n'))
    {
      int protocol = 0;
      guint port = 0;
      guint unread = 0;
      line += *line == '\n';
      if (sscanf (line, "%*s %d %u %*s %u", &protocol, &port, &unread) == 3
          && protocol == NETLINK_AUDIT && port == pid && unread > 0)
        return TRUE;
    }
  return FALSE;
}

/* The state follows the name, which may hold anything but ends at the last parenthesis. */
static gboolean
is_asleep (const char *stat)
{
  const char *end = strrchr (stat, ')');
  return end != NULL && g_str_has_prefix (end, ") S");
}

gboolean
aak_audit_daemon_is_idle (const char *proc, guint pid)
{
  g_autofree char *table_path = g_build_filename (proc, "1/net/netlink", NULL);
  g_autofree char *stat_path = g_strdup_printf ("%s/%u/stat", proc, pid);
  g_autofree char *table = NULL;
  g_autofree char *stat = NULL;
  if (pid == 0 || !g_file_get_contents (table_path, &table, NULL, NULL)
      || !g_file_get_contents (stat_path, &stat, NULL, NULL))
    return TRUE;
  return !has_unread (table, pid) && is_asleep (stat);
}
