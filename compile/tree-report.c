/* SPDX-License-Identifier: GPL-2.0-or-later
 * Walks a tree of files with a profile in hand. */
#include "config.h"

#include "compile/tree-report.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <errno.h>
#include <fts.h>
#include <string.h>

static int
compare (const FTSENT **a, const FTSENT **b)
{
  return strcmp ((*a)->fts_name, (*b)->fts_name);
}

static void
close_fts (FTS *walk)
{
  fts_close (walk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FTS, close_fts)

static void
count (AakTreeTotals *totals, guint32 allowed)
{
  totals->files++;
  totals->readable += (allowed & AAK_MAY_READ) != 0 ? 1 : 0;
  totals->writable += (allowed & AAK_MAY_WRITE) != 0 ? 1 : 0;
  totals->executable += (allowed & AAK_MAY_EXEC) != 0 ? 1 : 0;
}

static gboolean
cannot_read (const FTSENT *entry, GError **error)
{
  g_autofree char *shown = aak_escape (entry->fts_path, entry->fts_pathlen);
  return aak_error_set_errno (error, entry->fts_errno, "cannot read %s", shown);
}

gboolean
aak_tree_report (const AakPolicyProfile *profile, const char *root, gboolean owner,
                 AakTreeFunc each, gpointer user_data, AakTreeTotals *out_totals, GError **error)
{
  const guint32 asked = AAK_MAY_READ | AAK_MAY_WRITE | AAK_MAY_EXEC;
  g_autofree char *copy = g_strdup (root);
  gsize skip = strlen (copy);
  while (skip > 0 && copy[skip - 1] == '/')
    copy[--skip] = '\0';
  char *roots[] = { skip > 0 ? copy : (char[]){ "/" }, NULL };
  g_autoptr (FTS) walk = fts_open (roots, FTS_PHYSICAL | FTS_NOCHDIR, compare);
  if (walk == NULL)
    return aak_error_set_errno (error, errno, "cannot read the tree");
  *out_totals = (AakTreeTotals){ 0 };
  for (;;)
    {
      errno = 0;
      const FTSENT *entry = fts_read (walk);
      if (entry == NULL)
        return errno == 0 || aak_error_set_errno (error, errno, "cannot read the tree");
      if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS)
        return cannot_read (entry, error);
      if (entry->fts_info != FTS_F)
        continue;
      /* What the path begins with is the root's name, which the application does not see. */
      const char *path = entry->fts_path + skip;
      guint32 allowed =
          asked & ~aak_policy_query_file (profile, aak_name (path), asked, owner).denied;
      count (out_totals, allowed);
      if (allowed != 0)
        each (path, allowed, user_data);
    }
}
