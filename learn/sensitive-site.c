/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding and reading the site's file. */
#include "config.h"

#include "learn/sensitive-site.h"

#include "learn/sensitive-table.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

/* Whoever changes the file changes what profiles allow. */
static gboolean
extend (GPtrArray *table, const char *path, gboolean must_exist, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *name = aak_escape (path, strlen (path));
  g_autoptr (GBytes) text = aak_fs_read_trusted (path, AAK_SENSITIVE_SITE_MAX, &local);
  if (text != NULL)
    return aak_sensitive_table_extend (table, name, text, error);
  if (!must_exist && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* What is silenced is granted without a word in the profile, so here is one. */
static void
note_silenced (AakCli *cli, const GPtrArray *table, const char *path)
{
  g_autofree char *name = aak_escape (path, strlen (path));
  for (guint i = 0; i < table->len; i++)
    {
      const AakSensitive *entry = table->pdata[i];
      if (entry->silenced != NULL)
        aak_cli_note (cli, "%s: %s is not held back for review: %s", name, entry->id,
                      entry->silenced);
    }
}

gboolean
aak_sensitive_site_load (AakCli *cli, GError **error)
{
  const char *named = g_getenv ("AAKIT_SENSITIVE");
  g_autofree char *path =
      named != NULL ? g_strdup (named)
                    : aak_fs_path (aak_cli_root (cli), AAK_SYSCONFDIR "/aakit/sensitive.yaml");
  g_autoptr (GPtrArray) table = aak_sensitive_table_shipped ();
  if (!extend (table, path, named != NULL, error))
    return FALSE;
  note_silenced (cli, table, path);
  aak_sensitive_table_use (g_steal_pointer (&table));
  return TRUE;
}
