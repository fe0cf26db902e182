/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile configmap: a bundle as a Kubernetes ConfigMap, whose volume aa-register reads. */
#include "config.h"

#include "compile/cmd.h"
#include "compile/config-map.h"
#include "lib/error.h"
#include "lib/fs.h"

#include <string.h>

typedef struct
{
  AakConfigMapOptions map;
  char **features; /* for these kernels only; NULL: for all */
  char *output;    /* NULL: standard output */
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->map.name, g_free);
  g_clear_pointer (&options->map.namespace, g_free);
  g_clear_pointer (&options->map.features, g_ptr_array_unref);
  g_clear_pointer (&options->features, g_strfreev);
  g_clear_pointer (&options->output, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->map.name,
      "Call it NAME (default: " AAK_CONFIG_MAP_NAME ")", "NAME" },
    { "namespace", 'n', 0, G_OPTION_ARG_STRING, &options->map.namespace,
      "Put it into this namespace", "NAMESPACE" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->features,
      "Only what is compiled for this feature set, or another one that is given", "FEATURES" },
    { "immutable", 0, 0, G_OPTION_ARG_NONE, &options->map.immutable,
      "Nobody may change it: another bundle is another ConfigMap", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Write it there", "FILE" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "BUNDLE",
                      "  aa-compile configmap -n aakit bundle | kubectl apply -f -\n"
                      "  aa-compile configmap --features debian-13-6.12 bundle -o map.yaml",
                      argc, argv, error))
    return FALSE;
  if (*argc == 2)
    return TRUE;
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, "name one bundle");
  return FALSE;
}

/* The ids of the feature sets that are named on the command line. */
static gboolean
choose (Options *options, const AakBundle *bundle, GError **error)
{
  if (options->features == NULL)
    return TRUE;
  options->map.features = g_ptr_array_new_with_free_func (g_free);
  for (char **name = options->features; *name != NULL; name++)
    {
      const char *id = *name;
      g_autoptr (AakFeatures) features = NULL;
      if (!g_ptr_array_find_with_equal_func (aak_bundle_features (bundle), id, g_str_equal, NULL))
        {
          features = aak_features_named (id, error);
          if (features == NULL)
            return FALSE;
          id = aak_features_id (features);
        }
      g_ptr_array_add (options->map.features, g_strdup (id));
    }
  return TRUE;
}

int
aak_cmd_configmap (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakBundle) bundle = aak_bundle_read (argv[1], error);
  gsize size = 0;
  g_autofree char *text = bundle != NULL && choose (&options, bundle, error)
                              ? aak_config_map_text (bundle, &options.map, &size, error)
                              : NULL;
  if (text == NULL)
    return AAK_EXIT_FAILED;
  if (options.output == NULL)
    aak_cli_out (cli, "%s", text);
  else if (!aak_fs_write (options.output, text, strlen (text), 0644, error))
    return AAK_EXIT_FAILED;
  aak_cli_note (cli, "%" G_GSIZE_FORMAT " bytes of the %d that a ConfigMap may hold", size,
                AAK_CONFIG_MAP_MAX);
  return AAK_EXIT_OK;
}
