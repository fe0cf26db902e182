/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register status: is what was registered still what the kernel holds, who wears it, and who
 * wants what is not there. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/report/page.h"
#include "register/cmd.h"
#include "register/export.h"
#include "register/ready.h"
#include "register/report.h"
#include "register/status-html.h"
#include "register/status-print.h"

#include <string.h>

typedef struct
{
  gboolean all;
  char *html;
  AakExportOptions export;
  char *ready; /* what watch --ready keeps there; NULL: it does not matter */
} Options;

static void
options_clear (Options *options)
{
  aak_export_options_clear (&options->export);
  g_clear_pointer (&options->ready, g_free);
  g_free (options->html);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The page takes standard output for itself. */
static gboolean
is_page_on_stdout (const Options *options)
{
  return g_strcmp0 (options->html, "-") == 0;
}

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  GOptionEntry entries[2 + AAK_EXPORT_N_ENTRIES + AAK_READY_N_ENTRIES + 1] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options->all, "List profiles of others too", NULL },
    { "html", 0, 0, G_OPTION_ARG_FILENAME, &options->html,
      "Write it as a page, too; with -, instead, to standard output", "FILE" },
  };
  aak_export_options_entries (&options->export, entries + 2);
  aak_ready_entries (&options->ready,
                     "Object where FILE, which 'watch --ready' keeps, is not there",
                     entries + 2 + AAK_EXPORT_N_ENTRIES);
  if (!aak_cli_parse (cli, entries, "[NAME...]",
                      "  aa-register status\n"
                      "  aa-register status k8s-web --json\n"
                      "  aa-register status --html status.html",
                      argc, argv, error)
      || !aak_export_options_check (&options->export, error))
    return FALSE;
  gboolean both = aak_cli_json (cli) && is_page_on_stdout (options);
  if (both)
    g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                 "--json and --html - would both be on standard output: name a file for the page");
  return !both;
}

/* What is to be shown: those that are named, else all but profiles of others that nobody lacks. */
static GPtrArray *
choose (AakStatus *status, char **names, gboolean all)
{
  GPtrArray *rows = g_ptr_array_new ();
  for (char **name = names; *name != NULL; name++)
    {
      AakStatusRow *row = aak_status_get (status, *name);
      if (!g_ptr_array_find (rows, row, NULL))
        g_ptr_array_add (rows, row);
    }
  for (guint i = 0; *names == NULL && i < status->rows->len; i++)
    {
      AakStatusRow *row = status->rows->pdata[i];
      if (all || row->state != AAK_STATUS_FOREIGN || aak_status_row_differs (row))
        g_ptr_array_add (rows, row);
    }
  return rows;
}

/* TRUE where a watch has brought in all that it shall, or nobody asks. */
static gboolean
is_ready (AakCli *cli, const char *path)
{
  if (aak_ready_is (path))
    return TRUE;
  g_autofree char *shown = aak_escape (path, strlen (path));
  aak_cli_warn (cli,
                "%s is not there: the watch that keeps it has not loaded all that its paths hold",
                shown);
  return FALSE;
}

/* What could not be seen is said before what was. */
static void
warn (AakCli *cli, const AakStatus *status, const AakPods *pods)
{
  const GPtrArray *problems = aak_pods_problems (pods);
  for (guint i = 0; i < problems->len; i++)
    aak_cli_warn (cli, "%s: this container is left out", (const char *) problems->pdata[i]);
  if (status->hidden > 0)
    aak_cli_warn (cli, "the labels of %u processes could not be read: who wears what may be more",
                  status->hidden);
  if (status->blind_spot != NULL)
    aak_cli_warn (cli, "%s", status->blind_spot);
  if (status->log_problem != NULL)
    aak_cli_detail (cli, "%s", status->log_problem);
}

static gboolean
write_page (AakCli *cli, const Options *options, const AakStatus *status, const GPtrArray *rows,
            GError **error)
{
  if (options->html == NULL)
    return TRUE;
  g_autoptr (GBytes) page = aak_status_html (status, rows);
  return aak_report_write_page (cli, page, options->html, error);
}

int
aak_cmd_status (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakLsm) lsm = aak_report_open_lsm (cli, error);
  g_autoptr (AakPods) pods = lsm != NULL ? aak_pods_new (aak_cli_root (cli)) : NULL;
  g_autoptr (AakStatus) status = pods != NULL ? aak_status_read (lsm, pods, error) : NULL;
  if (status == NULL || !aak_export_write (&options.export, lsm, status, NULL, error))
    return AAK_EXIT_FAILED;

  g_autoptr (GPtrArray) rows = choose (status, argv + 1, options.all);
  if (!write_page (cli, &options, status, rows, error))
    return AAK_EXIT_FAILED;
  warn (cli, status, pods);
  if (aak_cli_json (cli))
    aak_status_print_json (cli, status, rows);
  else if (!is_page_on_stdout (&options))
    aak_status_print_text (cli, status, rows);
  gboolean objects = !is_ready (cli, options.ready);
  for (guint i = 0; i < rows->len; i++)
    objects = objects || aak_status_row_differs (rows->pdata[i]);
  return objects ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
