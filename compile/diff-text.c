/* SPDX-License-Identifier: GPL-2.0-or-later
 * Differences as lines. */
#include "config.h"

#include "compile/diff-report.h"

#include "lib/escape.h"
#include "lib/policy/names.h"

#include <string.h>

/* A list of differences on one side. */
typedef struct
{
  AakCli *cli;
  const AakDiffReport *report;
  const AakProfileDiff *diff;
  const GPtrArray *excess;
  gboolean gained;
} Side;

/* --- one line -------------------------------------------------------------------------------- */

/* "    k8s-web:12", with @how before it. */
static void
print_place (AakCli *cli, const char *how, AakPolicyPlace place)
{
  if (place.source == NULL)
    return;
  g_autofree char *path = aak_escape (place.source->path, strlen (place.source->path));
  aak_cli_out (cli, "    %s %s:%u\n", how, path, aak_policy_place_position (place).line);
}

static void
print_line (const Side *side, const AakExcess *excess)
{
  AakPolicyPlace allowed, denied;
  g_autofree char *text = aak_excess_text (excess);
  aak_cli_out (side->cli, "%c %s\n", side->gained ? '+' : '-', text);
  aak_diff_report_places (side->report, side->diff, excess, side->gained, &allowed, &denied);
  print_place (side->cli, "allowed at", allowed);
  print_place (side->cli, "denied at", denied);
}

/* --- classes --------------------------------------------------------------------------------- */

/* The lines of @side that are of @class and about records or not, no more than wanted. */
static void
print_class (const Side *side, const char *class, gboolean records)
{
  guint n = 0, most = side->report->most;
  for (guint i = 0; i < side->excess->len; i++)
    {
      const AakExcess *one = side->excess->pdata[i];
      if (strcmp (one->class, class) != 0 || (one->kind != AAK_EXCESS_ALLOWED) != records)
        continue;
      if (n++ < most)
        print_line (side, one);
    }
  if (n > most)
    aak_cli_out (side->cli, "%c ... and %u more\n", side->gained ? '+' : '-', n - most);
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The classes that there are lines of, each once, sorted. */
static GPtrArray *
classes_of (const AakProfileDiff *diff, gboolean records)
{
  const GPtrArray *sides[] = { diff->lost, diff->gained };
  GPtrArray *classes = g_ptr_array_new ();
  for (guint side = 0; side < G_N_ELEMENTS (sides); side++)
    for (guint i = 0; i < sides[side]->len; i++)
      {
        const AakExcess *one = sides[side]->pdata[i];
        if ((one->kind != AAK_EXCESS_ALLOWED) == records
            && !g_ptr_array_find_with_equal_func (classes, one->class, g_str_equal, NULL))
          g_ptr_array_add (classes, (char *) one->class);
      }
  g_ptr_array_sort (classes, by_text);
  return classes;
}

static void
print_rules (AakCli *cli, const AakDiffReport *report, const AakProfileDiff *diff, gboolean records)
{
  g_autoptr (GPtrArray) classes = classes_of (diff, records);
  for (guint i = 0; i < classes->len; i++)
    {
      const char *class = classes->pdata[i];
      aak_cli_out (cli, "%s%s\n", class, records ? " (records only)" : "");
      print_class (&(Side){ cli, report, diff, diff->lost, FALSE }, class, records);
      print_class (&(Side){ cli, report, diff, diff->gained, TRUE }, class, records);
    }
}

/* --- profiles -------------------------------------------------------------------------------- */

static void
print_file (AakCli *cli, char sign, const AakFileChange *file, guint32 perms)
{
  if (perms == 0)
    return;
  g_autofree char *path = aak_escape (file->path, strlen (file->path));
  g_autofree char *mask = aak_policy_perms_text (AAK_PERM_WORDS_FILE, perms);
  aak_cli_out (cli, "%c %s %s\n", sign, path, mask);
}

static void
print_files (AakCli *cli, const char *tree, const AakProfileDiff *diff)
{
  if (diff->files == NULL)
    return;
  g_autofree char *shown = aak_escape (tree, strlen (tree));
  aak_cli_out (cli, "files of %s\n", shown);
  if (diff->files->len == 0)
    aak_cli_out (cli, "  none is read, written or run by one of them only\n");
  for (guint i = 0; i < diff->files->len; i++)
    {
      const AakFileChange *file = diff->files->pdata[i];
      print_file (cli, '-', file, file->lost);
      print_file (cli, '+', file, file->gained);
    }
}

static void
print_profile (AakCli *cli, const AakDiffReport *report, const AakProfileDiff *diff)
{
  g_autofree char *name = aak_escape (diff->name, strlen (diff->name));
  if (diff->before == NULL || diff->after == NULL)
    {
      aak_cli_out (cli, "profile %s\n%c the profile\n", name, diff->before != NULL ? '-' : '+');
      return;
    }
  aak_cli_out (cli, "profile %s\n", name);
  for (guint i = 0; i < diff->changes->len; i++)
    {
      const AakProfileChange *change = diff->changes->pdata[i];
      aak_cli_out (cli, "%s%s\n- %s\n+ %s\n", change->what,
                   change->records_only ? " (records only)" : "",
                   *change->before != '\0' ? change->before : "none",
                   *change->after != '\0' ? change->after : "none");
    }
  print_rules (cli, report, diff, FALSE);
  print_rules (cli, report, diff, TRUE);
  print_files (cli, report->tree, diff);
  if (diff->more)
    aak_cli_out (cli, "... and further differences, which were not looked for\n");
}

void
aak_diff_print_text (AakCli *cli, const AakDiffReport *report)
{
  g_autofree char *before = aak_escape (report->before, strlen (report->before));
  g_autofree char *after = aak_escape (report->after, strlen (report->after));
  if (report->diffs->len == 0)
    {
      aak_cli_note (cli, "%s and %s allow the same", before, after);
      return;
    }
  aak_cli_out (cli, "--- %s\n+++ %s\n", before, after);
  for (guint i = 0; i < report->diffs->len; i++)
    print_profile (cli, report, report->diffs->pdata[i]);
}
