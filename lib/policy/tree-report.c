/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Walks a tree of files with a profile in hand. */
#include "config.h"

#include "lib/policy/tree-report.h"

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

/* Asks about @entry, a regular file. What its path begins with is the root's name, which the
 * application does not see. */
static void
ask (const AakPolicyProfile *profile, const char *path, gboolean owner,
     const AakTreeVisitor *visitor, AakTreeTotals *totals)
{
  const guint32 asked = AAK_MAY_READ | AAK_MAY_WRITE | AAK_MAY_EXEC;
  guint32 denied = aak_policy_query_file (profile, aak_name (path), asked, owner).denied;
  count (totals, asked & ~denied);
  if (denied != asked || visitor->all)
    visitor->allowed (path, asked & ~denied, visitor->user_data);
}

/* What of @entry is in the way of reading it; NULL where nothing is, or it is not there any more.
 */
static const char *
obstacle (const FTSENT *entry)
{
  if (entry->fts_info == FTS_DC)
    return "a directory that is above itself";
  gboolean unread =
      entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS;
  return unread && entry->fts_errno != ENOENT ? g_strerror (entry->fts_errno) : NULL;
}

/* Whether @root can be read is asked first: in the walk it would be one obstacle of many. */
static gboolean
check_root (const char *root, GError **error)
{
  g_autofree char *shown = aak_escape (root, strlen (root));
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  return dir != NULL || aak_error_set_errno (error, errno, "cannot read %s", shown);
}

gboolean
aak_tree_report (const AakPolicyProfile *profile, const char *root, gboolean owner,
                 const AakTreeVisitor *visitor, AakTreeTotals *out_totals, GError **error)
{
  g_autofree char *copy = g_strdup (root);
  gsize skip = strlen (copy);
  while (skip > 0 && copy[skip - 1] == '/')
    copy[--skip] = '\0';
  char *roots[] = { skip > 0 ? copy : (char[]){ "/" }, NULL };
  if (!check_root (roots[0], error))
    return FALSE;
  g_autoptr (FTS) walk = fts_open (roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, compare);
  if (walk == NULL)
    return aak_error_set_errno (error, errno, "cannot read the tree");
  *out_totals = (AakTreeTotals){ 0 };
  for (;;)
    {
      errno = 0;
      const FTSENT *entry = fts_read (walk);
      if (entry == NULL)
        return errno == 0 || aak_error_set_errno (error, errno, "cannot read the tree");
      const char *why = obstacle (entry);
      out_totals->skipped += why != NULL ? 1 : 0;
      if (why != NULL)
        visitor->skipped (entry->fts_path, why, visitor->user_data);
      else if (entry->fts_info == FTS_F)
        ask (profile, entry->fts_path + skip, owner, visitor, out_totals);
    }
}
