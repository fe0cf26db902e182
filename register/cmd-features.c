/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register features: which feature set this node's kernel has. */
#include "config.h"

#include "lib/error.h"
#include "lib/features.h"
#include "register/cmd.h"

int
aak_cmd_features (AakCli *cli, int argc, char **argv, GError **error)
{
  if (!aak_cli_parse (cli, NULL, "", "  aa-register features", &argc, &argv, error)
      || !aak_cli_no_words (argc, argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakFeatures) features = aak_features_kernel (aak_cli_root (cli), error);
  if (features == NULL)
    return AAK_EXIT_FAILED;
  if (!aak_cli_json (cli))
    {
      aak_cli_out (cli, "%s\n", aak_features_id (features));
      return AAK_EXIT_OK;
    }
  g_autoptr (AakJson) json = aak_features_to_json (features);
  aak_cli_out_json (cli, json);
  return AAK_EXIT_OK;
}
