/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register watch: keeps the kernel at what paths hold. */
#include "config.h"

#include "lib/error.h"
#include "register/cmd.h"
#include "register/ready.h"
#include "register/watch.h"

#define DEFAULT_SETTLE_MS 200
#define MAX_SETTLE_MS     60000

typedef AakWatchOptions Options;

static void
options_clear (Options *options)
{
  aak_apply_options_clear (&options->apply);
  aak_desired_options_clear (&options->desired);
  aak_export_options_clear (&options->export);
  g_clear_pointer (&options->ready, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  gint settle = DEFAULT_SETTLE_MS;
  enum
  {
    DESIRED = 1 + AAK_APPLY_N_ENTRIES,
    EXPORT = DESIRED + AAK_DESIRED_N_ENTRIES,
    READY = EXPORT + AAK_EXPORT_N_ENTRIES
  };
  GOptionEntry entries[READY + AAK_READY_N_ENTRIES + 1] = {
    { "settle", 0, 0, G_OPTION_ARG_INT, &settle,
      "Take a change in after so long without another one (default: 200)", "MS" },
  };
  aak_apply_options_entries (&options->apply, entries + 1);
  aak_desired_options_entries (&options->desired, entries + DESIRED);
  aak_export_options_entries (&options->export, entries + EXPORT);
  aak_ready_entries (&options->ready, "Keep FILE there while all that the PATHs hold is loaded",
                     entries + READY);
  if (!aak_cli_parse (cli, entries, "PATH...",
                      "  aa-register watch /etc/aakit/bundle\n"
                      "  aa-register watch --json /profiles",
                      argc, argv, error)
      || !aak_export_options_check (&options->export, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2)
    why = "name a bundle, a profile text, compiled policy, or a directory of them";
  else if (settle < 1 || settle > MAX_SETTLE_MS)
    why = "--settle takes milliseconds from 1 to 60000";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  options->settle_ms = (guint) settle;
  return why == NULL;
}

int
aak_cmd_watch (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  options.desired.paths = (const char *const *) argv + 1;
  return aak_watch_run (cli, &options, error) ? AAK_EXIT_OK : AAK_EXIT_FAILED;
}
