/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looks auditd up by its pid file; a file that a dead one left does not count. */
#include "config.h"

#include "learn/source-auditd.h"

#include "lib/fs.h"

#include <string.h>

#define TEXT_MAX 64

gboolean
aak_source_auditd_runs (const char *root)
{
  g_autofree char *pid_path = aak_fs_path (root, "/run/auditd.pid");
  g_autofree char *pid = aak_fs_read_text (pid_path, TEXT_MAX, NULL);
  guint64 number;
  if (pid == NULL || !g_ascii_string_to_unsigned (g_strstrip (pid), 10, 1, G_MAXINT, &number, NULL))
    return FALSE;
  g_autofree char *comm = g_strdup_printf ("/proc/%" G_GUINT64_FORMAT "/comm", number);
  g_autofree char *comm_path = aak_fs_path (root, comm);
  g_autofree char *name = aak_fs_read_text (comm_path, TEXT_MAX, NULL);
  return g_strcmp0 (name, "auditd") == 0;
}
