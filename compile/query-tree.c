/* SPDX-License-Identifier: GPL-2.0-or-later
 * Files go out one by one, so that a tree of millions needs no memory. */
#include "config.h"

#include "compile/query-tree.h"

#include "lib/policy/tree-report.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "lib/policy/names.h"

#include <string.h>

#define WARNINGS_MAX 10

typedef struct
{
  AakCli *cli;
  guint64 files; /* that were written */
  guint64 warnings;
} Listing;

/* --- files ----------------------------------------------------------------------------------- */

/* What comes before a file behind @files others: the first begins the document. */
static const char *
before_file (guint64 files)
{
  return files > 0 ? "," : "{\n  \"schema\" : \"aakit/tree/1\",\n  \"allowed\" : [";
}

static void
print_json_file (Listing *listing, const char *path, const char *mask)
{
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "path", path);
  aak_json_add_text (json, "mask", mask);
  aak_json_end_object (json);
  aak_cli_out (listing->cli, "%s\n    %s", before_file (listing->files), aak_json_text (json));
}

static void
print_file (const char *path, guint32 allowed, gpointer user_data)
{
  Listing *listing = user_data;
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autofree char *mask = aak_policy_perms_text (AAK_PERM_WORDS_FILE, allowed);
  if (aak_cli_json (listing->cli))
    print_json_file (listing, shown, mask);
  else
    aak_cli_out (listing->cli, "%-3s %s\n", mask, shown);
  listing->files++;
}

static void
warn_of (const char *path, const char *why, gpointer user_data)
{
  Listing *listing = user_data;
  g_autofree char *shown = aak_escape (path, strlen (path));
  if (listing->warnings++ < WARNINGS_MAX)
    aak_cli_warn (listing->cli, "%s: %s: not in these totals", shown, why);
}

/* --- totals ---------------------------------------------------------------------------------- */

static void
print_json_totals (const Listing *listing, const AakTreeTotals *totals)
{
  AakCli *cli = listing->cli;
  const struct
  {
    const char *key;
    guint64 value;
  } rows[] = {
    { "files", totals->files },       { "readable", totals->readable },
    { "writable", totals->writable }, { "executable", totals->executable },
    { "skipped", totals->skipped },
  };
  aak_cli_out (cli, "%s\n  ]", listing->files > 0 ? "" : before_file (0));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    aak_cli_out (cli, ",\n  \"%s\" : %" G_GUINT64_FORMAT, rows[i].key, rows[i].value);
  aak_cli_out (cli, "\n}\n");
}

static void
print_totals (AakCli *cli, const AakTreeTotals *totals)
{
  aak_cli_out (cli,
               "%" G_GUINT64_FORMAT " files: %" G_GUINT64_FORMAT " readable, %" G_GUINT64_FORMAT
               " writable, %" G_GUINT64_FORMAT " executable\n",
               totals->files, totals->readable, totals->writable, totals->executable);
}

int
aak_query_tree (AakCli *cli, const AakPolicyProfile *profile, const char *root, gboolean owner,
                GError **error)
{
  AakTreeTotals totals = { 0 };
  Listing listing = { .cli = cli };
  const AakTreeVisitor visitor = { print_file, warn_of, &listing, FALSE };
  if (!aak_tree_report (profile, root, owner, &visitor, &totals, error))
    return AAK_EXIT_FAILED;
  if (aak_cli_json (cli))
    print_json_totals (&listing, &totals);
  else
    print_totals (cli, &totals);
  if (totals.skipped > WARNINGS_MAX)
    aak_cli_warn (cli, "%" G_GUINT64_FORMAT " more of them", totals.skipped - WARNINGS_MAX);
  return totals.skipped > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
