/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn profile: a state's profile, printed. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/allow-option.h"
#include "learn/base-option.h"
#include "learn/exec-option.h"
#include "learn/images.h"
#include "learn/label.h"
#include "learn/profile-writer.h"
#include "learn/self-check.h"
#include "learn/sensitive-site.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/version.h"

#include <string.h>

typedef struct
{
  gboolean exact;
  gboolean no_check;
  gboolean children;
  gboolean versioned;
  char *abi_word;
  char *exec_word;
  AakAbi abi;
  char **allow;
  AakBaseOption base;
  char *rootfs;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->abi_word);
  g_free (options->exec_word);
  g_strfreev (options->allow);
  aak_base_option_clear (&options->base);
  g_free (options->rootfs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Prints @text, with a version where that is asked for. */
static gboolean
print_text (AakCli *cli, const Options *options, GBytes *text, GError **error)
{
  gsize len = 0;
  g_autoptr (GBytes) printed =
      options->versioned ? aak_policy_version ("the profile", text, error) : g_bytes_ref (text);
  if (printed == NULL)
    return FALSE;
  const char *bytes = g_bytes_get_data (printed, &len);
  aak_cli_out (cli, "%.*s", (int) len, bytes);
  return TRUE;
}

/* Prints @profile, once it is proved by @trace (NULL: unproved). */
static int
print (AakCli *cli, const Options *options, const AakProfile *profile, const GArray *trace,
       GError **error)
{
  g_autofree char *text = aak_profile_to_text (profile);
  g_auto (AakSelfCheck) check = { 0 };
  if (trace != NULL && !aak_self_check_make (profile, trace, text, &check, error))
    return AAK_EXIT_FAILED;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  if (!print_text (cli, options, bytes, error))
    return AAK_EXIT_FAILED;
  if (check.unmade == NULL)
    return AAK_EXIT_OK;
  g_autofree char *why = aak_self_check_text (&check);
  aak_cli_warn (cli, "%s: %s", profile->label, why);
  return AAK_EXIT_FINDING;
}

/* The base with what it lacks of @observations. */
static int
print_refined (AakCli *cli, const Options *options, const AakObservations *observations,
               GError **error)
{
  g_autoptr (AakBase) base =
      aak_base_option_open (cli, &options->base, aak_observations_label (observations), error);
  g_autoptr (AakRefined) refined =
      base == NULL        ? NULL
      : options->children ? aak_refine_with_children (base, observations, options->exact, error)
                          : aak_refine (base, observations, options->exact, error);
  if (refined == NULL || !print_text (cli, options, refined->text, error))
    return AAK_EXIT_FAILED;
  g_autofree char *rules = aak_count (aak_profile_count_active (refined->added), "new rule");
  aak_cli_note (cli, "%s, %u for review", rules, aak_profile_count_review (refined->added));
  aak_base_option_report (cli, base, refined);
  return AAK_EXIT_OK;
}

static gboolean
parse_options (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "exact", 0, 0, G_OPTION_ARG_NONE, &options->exact,
      "Widen nothing: rules for exactly what was seen", NULL },
    { "abi", 0, 0, G_OPTION_ARG_STRING, &options->abi_word,
      "The abi that the profile is for: 3.0 (default), 4.0 or 4.0-ip", "ABI" },
    { "exec", 0, 0, G_OPTION_ARG_STRING, &options->exec_word, AAK_EXEC_OPTION, "MODE" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->allow, AAK_ALLOW_OPTION, "ID" },
    { "rootfs", 0, 0, G_OPTION_ARG_FILENAME, &options->rootfs, AAK_IMAGES_OPTION, "DIR" },
    { "versioned", 0, 0, G_OPTION_ARG_NONE, &options->versioned,
      "Put a digest of the text at the end of the profile's name", NULL },
    { "no-check", 0, 0, G_OPTION_ARG_NONE, &options->no_check,
      "Do not compile the profile and ask it for what was seen", NULL },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options->base.path, AAK_BASE_OPTION, "PROFILE" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &options->base.features, AAK_FEATURES_OPTION,
      "FEATURES" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "STATE",
                      "  aa-learn profile k8s-web.learned.yaml > k8s-web\n"
                      "  aa-learn profile k8s-web.learned.yaml --base k8s-web > k8s-web.new\n",
                      argc, argv, error)
      || !aak_sensitive_site_load (cli, error))
    return FALSE;
  if (*argc != 2)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "profile takes one state file");
      return FALSE;
    }
  const char *other = options->abi_word != NULL ? "--abi" : options->no_check ? "--no-check" : NULL;
  return (options->abi_word == NULL || aak_abi_from_word (options->abi_word, &options->abi, error))
         && aak_exec_option_parse (options->exec_word, &options->children, error)
         && aak_allow_option_check (options->allow, error)
         && aak_base_option_check (&options->base, other, error);
}

/* The state @path, of a label that can be a profile's name. */
static AakObservations *
read_state (const char *path, GError **error)
{
  g_autofree char *name = aak_escape (path, strlen (path));
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  g_autoptr (AakObservations) observations =
      text != NULL ? aak_state_from_yaml (name, text, error) : NULL;
  if (observations == NULL)
    return NULL;
  const char *label = aak_observations_label (observations);
  g_autofree char *file = aak_label_file_name (label), *shown = aak_escape (label, strlen (label));
  if (file != NULL)
    return g_steal_pointer (&observations);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: '%s' cannot be the name of a profile",
               name, shown);
  return NULL;
}

int
aak_cmd_profile (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse_options (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakObservations) observations = read_state (argv[1], error);
  if (observations == NULL)
    return AAK_EXIT_FAILED;
  g_autoptr (AakImages) images = aak_images_new (cli);
  if (options.rootfs != NULL && !aak_images_add_given (images, options.rootfs, error))
    return AAK_EXIT_FAILED;
  aak_images_weigh (images, observations);
  aak_allow_option_apply (options.allow, observations);
  if (options.base.path != NULL)
    return print_refined (cli, &options, observations, error);
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile =
      aak_exec_option_generalise (observations, options.exact, options.children, &trace);
  aak_writable_set_abi (profile, options.abi);
  return print (cli, &options, profile, options.no_check ? NULL : trace, error);
}
