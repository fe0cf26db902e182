/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn profile: a state's profile, printed. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/allow-option.h"
#include "learn/generalise.h"
#include "learn/images.h"
#include "learn/label.h"
#include "learn/profile-writer.h"
#include "learn/self-check.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

/* Prints @profile, once it is proved by @trace (NULL: unproved). */
static int
print (AakCli *cli, const AakProfile *profile, const GArray *trace, GError **error)
{
  g_autofree char *text = aak_profile_to_text (profile);
  g_auto (AakSelfCheck) check = { 0 };
  if (trace != NULL && !aak_self_check_make (profile, trace, text, &check, error))
    return AAK_EXIT_FAILED;
  aak_cli_out (cli, "%s", text);
  if (check.unmade == NULL)
    return AAK_EXIT_OK;
  g_autofree char *why = aak_self_check_text (&check);
  aak_cli_warn (cli, "%s: %s", profile->label, why);
  return AAK_EXIT_FINDING;
}

int
aak_cmd_profile (AakCli *cli, int argc, char **argv, GError **error)
{
  gboolean exact = FALSE, no_check = FALSE;
  g_autofree char *abi_word = NULL;
  AakAbi abi = AAK_ABI_3_0;
  g_auto (GStrv) allow = NULL;
  g_autofree char *rootfs = NULL;
  const GOptionEntry entries[] = {
    { "exact", 0, 0, G_OPTION_ARG_NONE, &exact, "Widen nothing: rules for exactly what was seen",
      NULL },
    { "abi", 0, 0, G_OPTION_ARG_STRING, &abi_word,
      "The abi that the profile is for: 3.0 (default) or 4.0", "ABI" },
    { "rootfs", 0, 0, G_OPTION_ARG_FILENAME, &rootfs, AAK_IMAGES_OPTION, "DIR" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &allow, AAK_ALLOW_OPTION, "ID" },
    { "no-check", 0, 0, G_OPTION_ARG_NONE, &no_check,
      "Do not compile the profile and ask it for what was seen", NULL },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "STATE", "  aa-learn profile k8s-web.learned.yaml > k8s-web\n",
                      &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (argc != 2)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "profile takes one state file");
      return AAK_EXIT_USAGE;
    }
  if ((abi_word != NULL && !aak_abi_from_word (abi_word, &abi, error))
      || !aak_allow_option_check (allow, error))
    return AAK_EXIT_USAGE;
  g_autofree char *name = aak_escape (argv[1], strlen (argv[1]));
  g_autoptr (GBytes) text = aak_fs_read (argv[1], AAK_STATE_MAX_BYTES, error);
  g_autoptr (AakObservations) observations =
      text != NULL ? aak_state_from_yaml (name, text, error) : NULL;
  if (observations == NULL)
    return AAK_EXIT_FAILED;
  const char *label = aak_observations_label (observations);
  g_autofree char *file = aak_label_file_name (label), *shown = aak_escape (label, strlen (label));
  if (file == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: '%s' cannot be the name of a profile",
                   name, shown);
      return AAK_EXIT_FAILED;
    }
  g_autoptr (AakImages) images = aak_images_new (cli);
  if (rootfs != NULL && !aak_images_add_given (images, rootfs, error))
    return AAK_EXIT_FAILED;
  aak_images_weigh (images, observations);
  aak_allow_option_apply (allow, observations);
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_generalise_traced (observations, exact, &trace);
  aak_writable_set_abi (profile, abi);
  return print (cli, profile, no_check ? NULL : trace, error);
}
