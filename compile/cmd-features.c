/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile features: the feature set of the running kernel or of a file, those that ship, and
 * what one lacks of another. */
#include "config.h"

#include "compile/cmd.h"
#include "compile/feature-report.h"
#include "lib/error.h"
#include "lib/features.h"
#include "lib/fs.h"

#include <string.h>

static gboolean
parse (AakCli *cli, char **output, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, output, "Save it there, for aa-compile --features",
      "FILE" },
    { NULL },
  };
  if (!aak_cli_parse (
          cli, entries, "[FEATURES | list | FEATURES NODE]",
          "  aa-compile features                    # the running kernel's, its id on stderr\n"
          "  aa-compile features -o node-a.features # on the node, for a build elsewhere\n"
          "  aa-compile features list               # those that ship\n"
          "  aa-compile features debian-13-6.12 node-a.features # what the node lacks",
          argc, argv, error))
    return FALSE;
  if (*argc <= 2 || (*argc == 3 && *output == NULL))
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               *argc > 3 ? "name two feature sets at most" : "-o takes one feature set");
  return FALSE;
}

static int
compare (AakCli *cli, char **names, GError **error)
{
  g_autoptr (AakFeatures) first = aak_features_named (names[0], error);
  g_autoptr (AakFeatures) second = first != NULL ? aak_features_named (names[1], error) : NULL;
  if (second == NULL)
    return AAK_EXIT_FAILED;
  return aak_feature_report_compare (cli, first, second) ? AAK_EXIT_OK : AAK_EXIT_FINDING;
}

/* Prints @features, or saves them in @output. */
static int
show (AakCli *cli, const AakFeatures *features, const char *output, GError **error)
{
  const char *text = aak_features_text (features);
  if (output != NULL && !aak_fs_write (output, text, strlen (text), 0644, error))
    return AAK_EXIT_FAILED;
  if (aak_cli_json (cli))
    {
      g_autoptr (AakJson) json = aak_features_to_json (features);
      aak_cli_out_json (cli, json);
    }
  else if (output != NULL)
    aak_cli_out (cli, "%s\n", aak_features_id (features));
  else
    {
      aak_cli_out (cli, "%s", text);
      aak_cli_note (cli, "feature set %s", aak_features_id (features));
    }
  return AAK_EXIT_OK;
}

int
aak_cmd_features (AakCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *output = NULL;
  if (!parse (cli, &output, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (argc == 3)
    return compare (cli, argv + 1, error);
  if (argc == 2 && output == NULL && strcmp (argv[1], "list") == 0)
    {
      aak_feature_report_list (cli);
      return AAK_EXIT_OK;
    }
  g_autoptr (AakFeatures) features = argc == 2 ? aak_features_named (argv[1], error)
                                               : aak_features_kernel (aak_cli_root (cli), error);
  return features != NULL ? show (cli, features, output, error) : AAK_EXIT_FAILED;
}
