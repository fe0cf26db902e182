/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile features: the feature set of the running kernel, or of a file. */
#include "config.h"

#include "compile/cmd.h"
#include "lib/error.h"
#include "lib/features.h"
#include "lib/fs.h"

#include <string.h>

int
aak_cmd_features (AakCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Save it there, for aa-compile --features",
      "FILE" },
    { NULL },
  };
  if (!aak_cli_parse (
          cli, entries, "[FEATURES]",
          "  aa-compile features                    # the running kernel's, its id on stderr\n"
          "  aa-compile features -o node-a.features # on the node, for a build elsewhere",
          &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (argc > 2)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "name one feature set at most");
      return AAK_EXIT_USAGE;
    }
  g_autoptr (AakFeatures) features = argc == 2 ? aak_features_named (argv[1], error)
                                               : aak_features_kernel (aak_cli_root (cli), error);
  if (features == NULL)
    return AAK_EXIT_FAILED;
  const char *text = aak_features_text (features);
  if (output != NULL && !aak_fs_write (output, text, strlen (text), 0644, error))
    return AAK_EXIT_FAILED;

  if (aak_cli_json (cli))
    aak_cli_out_json (cli, aak_features_to_json (features));
  else if (output != NULL)
    aak_cli_out (cli, "%s\n", aak_features_id (features));
  else
    {
      aak_cli_out (cli, "%s", text);
      aak_cli_note (cli, "feature set %s", aak_features_id (features));
    }
  return AAK_EXIT_OK;
}
