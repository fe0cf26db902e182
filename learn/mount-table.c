/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading mountinfo. */
#include "config.h"

#include "learn/mount-table.h"

#include "lib/fs.h"

#include <string.h>

/* The kernel takes 100,000 mounts (fs.mount-max), most of them short. */
#define MAX_MOUNTINFO (32u << 20)

/* The fields of a line: ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS */
#define POINT     4
#define OPTIONS   5
#define SEPARATOR "-"
#define SUPER     3 /* from the separator on */

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
add_line (AakMountTable *table, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);
  guint count = g_strv_length (fields), separator = OPTIONS + 1;
  while (separator < count && strcmp (fields[separator], SEPARATOR) != 0)
    separator++;
  /* The last two: not the kernel's. */
  if (separator + SUPER >= count || *fields[POINT] != '/' || g_str_has_suffix (fields[POINT], "\\"))
    return;
  gboolean writable = !is_readonly (fields[OPTIONS]) && !is_readonly (fields[separator + SUPER]);
  /* Blanks, tabs, newlines and backslashes are written as octal numbers. */
  g_hash_table_insert (table->writable, g_strcompress (fields[POINT]), GINT_TO_POINTER (writable));
}

AakMountTable *
aak_mount_table_parse (const char *text)
{
  AakMountTable *table = g_new0 (AakMountTable, 1);
  table->writable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    add_line (table, *line);
  return table;
}

AakMountTable *
aak_mount_table_read (const char *root, guint pid)
{
  g_autofree char *below = g_strdup_printf ("/proc/%u/mountinfo", pid);
  g_autofree char *path = aak_fs_path (root, below);
  g_autofree char *text = aak_fs_read_text (path, MAX_MOUNTINFO, NULL);
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
