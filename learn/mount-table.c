/* SPDX-License-Identifier: GPL-2.0-or-later
 * What of a mount table can be written to. */
#include "config.h"

#include "learn/mount-table.h"

#include "learn/mountinfo.h"
#include "lib/fs.h"

#include <string.h>

struct AakMountTable
{
  GHashTable *writable; /* mount point -> gboolean, of the last line that has it */
};

/* "ro" or "rw" is the first of @options. */
static gboolean
is_readonly (const char *options)
{
  return strcmp (options, "ro") == 0 || g_str_has_prefix (options, "ro,");
}

static void
add_mount (const AakMount *mount, gpointer data)
{
  AakMountTable *table = data;
  gboolean writable = !is_readonly (mount->options) && !is_readonly (mount->super);
  g_hash_table_insert (table->writable, g_strdup (mount->point), GINT_TO_POINTER (writable));
}

AakMountTable *
aak_mount_table_parse (const char *text)
{
  AakMountTable *table = g_new0 (AakMountTable, 1);
  table->writable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  aak_mountinfo_each (text, add_mount, table);
  return table;
}

AakMountTable *
aak_mount_table_read (const char *root, guint pid, GError **error)
{
  g_autofree char *below = g_strdup_printf ("/proc/%u/mountinfo", pid);
  g_autofree char *path = aak_fs_path (root, below);
  g_autofree char *text = aak_fs_read_text (path, AAK_MOUNTINFO_MAX, error);
  return text != NULL ? aak_mount_table_parse (text) : NULL;
}

void
aak_mount_table_free (AakMountTable *table)
{
  g_hash_table_unref (table->writable);
  g_free (table);
}

gboolean
aak_mount_table_is_writable (const AakMountTable *table, const char *path, gboolean *out_writable)
{
  g_autofree char *point = g_strdup (path);
  gpointer writable = NULL;
  for (gsize len = strlen (point); len > 1 && point[len - 1] == '/'; len--)
    point[len - 1] = '\0';
  if (!g_hash_table_lookup_extended (table->writable, point, NULL, &writable))
    return FALSE;
  *out_writable = GPOINTER_TO_INT (writable);
  return TRUE;
}
