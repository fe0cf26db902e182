/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn show: what a state holds, what its rules rest on, and how complete it is. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/sensitive-site.h"
#include "learn/show.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/json.h"

#include <string.h>

typedef struct
{
  char *why;
  char *abi_word;
  AakAbi abi;
  gboolean exact;
  gboolean several; /* states */
  gboolean found;   /* a rule that --why means */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->why);
  g_free (options->abi_word);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] = "  aa-learn show k8s-web.learned.yaml               all of it\n"
                               "  aa-learn show --why /etc/hosts k8s-web.learned.yaml\n"
                               "  aa-learn show --json out/*.learned.yaml\n";

static void
explain (AakCli *cli, Options *options, const AakEvidence *evidence, AakJson *json)
{
  g_autoptr (GPtrArray) rules = aak_evidence_find (evidence, options->why);
  const char *label = evidence->profile->label;
  g_autofree char *shown = aak_escape (label, strlen (label));
  if (rules->len == 0)
    return;
  options->found = TRUE;
  if (json == NULL && options->several)
    aak_cli_out (cli, "%s:\n", shown);
  if (json != NULL)
    aak_show_why_json (json, evidence, rules);
  else
    aak_show_why_text (cli, evidence, rules);
}

static gboolean
check_found (const Options *options, GError **error)
{
  if (options->why == NULL || options->found)
    return TRUE;
  g_autofree char *why = aak_escape (options->why, strlen (options->why));
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
               "no rule is '%s', and no file rule matches that as a path", why);
  return FALSE;
}

/* One of the states; @json is NULL where text is wanted. */
static gboolean
show (AakCli *cli, Options *options, const char *path, AakJson *json, GError **error)
{
  g_autofree char *name = aak_escape (path, strlen (path));
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  g_autoptr (AakObservations) observations =
      text != NULL ? aak_state_from_yaml (name, text, error) : NULL;
  if (observations == NULL)
    return FALSE;
  g_autoptr (AakEvidence) evidence = aak_evidence_new (observations, options->exact, options->abi);
  if (options->why != NULL)
    explain (cli, options, evidence, json);
  else if (json != NULL)
    aak_show_json (json, evidence);
  else
    aak_show_text (cli, evidence);
  return TRUE;
}

static gboolean
show_as_text (AakCli *cli, Options *options, char **paths, GError **error)
{
  for (char **path = paths; *path != NULL; path++)
    {
      if (path != paths && options->why == NULL)
        aak_cli_out (cli, "\n");
      if (!show (cli, options, *path, NULL, error))
        return FALSE;
    }
  return check_found (options, error);
}

static gboolean
show_as_json (AakCli *cli, Options *options, char **paths, GError **error)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", options->why != NULL ? "aakit/why/1" : "aakit/show/1");
  aak_json_set_member_name (json, "states");
  aak_json_begin_array (json);
  for (char **path = paths; *path != NULL; path++)
    if (!show (cli, options, *path, json, error))
      return FALSE;
  if (!check_found (options, error))
    return FALSE;
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
  return TRUE;
}

int
aak_cmd_show (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "why", 0, 0, G_OPTION_ARG_STRING, &options.why,
      "What one rule rests on: its text, or a path that it matches", "RULE" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &options.exact, "Rules for exactly what was seen", NULL },
    { "abi", 0, 0, G_OPTION_ARG_STRING, &options.abi_word,
      "The abi that the profile is for: 3.0 (default), 4.0 or 4.0-ip", "ABI" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "STATE...", examples, &argc, &argv, error)
      || !aak_sensitive_site_load (cli, error))
    return AAK_EXIT_USAGE;
  if (argc < 2)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "show takes at least one state file");
      return AAK_EXIT_USAGE;
    }
  if (options.abi_word != NULL && !aak_abi_from_word (options.abi_word, &options.abi, error))
    return AAK_EXIT_USAGE;
  options.several = argc > 2;
  gboolean ok = aak_cli_json (cli) ? show_as_json (cli, &options, argv + 1, error)
                                   : show_as_text (cli, &options, argv + 1, error);
  return ok ? AAK_EXIT_OK : AAK_EXIT_FAILED;
}
