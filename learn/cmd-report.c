/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn report: states as a page on which somebody decides whether their profiles are right. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/images.h"
#include "learn/report-evidence.h"
#include "learn/report-policy.h"
#include "learn/sensitive-site.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/report/page.h"

#include <string.h>

typedef struct
{
  char *out;
  char *profile;
  char *against;
  char *rootfs;
  char *abi_word;
  AakAbi abi;
  gboolean exact;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->out);
  g_free (options->profile);
  g_free (options->against);
  g_free (options->rootfs);
  g_free (options->abi_word);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] =
    "  aa-learn report out/k8s-web.learned.yaml -o report.html\n"
    "  aa-learn report new.learned.yaml --against old.learned.yaml -o report.html\n"
    "  aa-learn report k8s-web.learned.yaml --profile k8s-web --rootfs rootfs/ -o report.html\n";

static const char *
objection (const AakCli *cli, const Options *options, int argc)
{
  if (aak_cli_json (cli))
    return "a page is no JSON: 'aa-learn show --json' tells what a state has";
  if (argc < 2)
    return "report takes at least one state file";
  if (options->out == NULL)
    return "where does the page go? -o FILE, or -o - for standard output";
  if (argc > 2 && (options->profile != NULL || options->against != NULL || options->rootfs != NULL))
    return "--profile, --against and --rootfs go with a single state";
  return NULL;
}

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->out,
      "Write the page to this file, - for standard output", "FILE" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &options->profile,
      "Judge this profile text by the state, in the place of the learned profile", "FILE" },
    { "against", 0, 0, G_OPTION_ARG_FILENAME, &options->against,
      "Tell what got wider and what got narrower since this state or profile text",
      "STATE|PROFILE" },
    { "rootfs", 0, 0, G_OPTION_ARG_FILENAME, &options->rootfs,
      "The container's root filesystem: all of its files are shown, and what is widened is weighed "
      "against them",
      "DIR" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &options->exact, "Rules for exactly what was seen", NULL },
    { "abi", 0, 0, G_OPTION_ARG_STRING, &options->abi_word,
      "The abi that the profile is for: 3.0 (default), 4.0 or 4.0-ip", "ABI" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "STATE... -o FILE", examples, argc, argv, error)
      || !aak_sensitive_site_load (cli, error))
    return FALSE;
  const char *why = objection (cli, options, *argc);
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL
         && (options->abi_word == NULL
             || aak_abi_from_word (options->abi_word, &options->abi, error));
}

/* What the page tells of the state @path. */
static AakReportPart *
read_part (const Options *options, AakImages *images, const char *path, GError **error)
{
  g_autofree char *name = aak_escape (path, strlen (path));
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  g_autoptr (AakObservations) observations =
      text != NULL ? aak_state_from_yaml (name, text, error) : NULL;
  if (observations == NULL)
    return NULL;
  aak_images_weigh (images, observations);
  const char *label = aak_observations_label (observations);
  g_autofree char *shown = aak_escape (label, strlen (label));
  g_autoptr (AakEvidence) evidence = aak_evidence_new (observations, options->exact, options->abi);
  g_autoptr (AakReportPart) part = aak_report_part_new (shown);
  const AakReportPolicyOptions policy = {
    path, options->profile, options->against, options->rootfs, options->exact, options->abi
  };
  aak_report_add_file (part, "Learned state", name, text);
  aak_report_evidence_add (part, evidence, path);
  if (!aak_report_policy_add (part, evidence, &policy, error))
    return NULL;
  return g_steal_pointer (&part);
}

/* TRUE where somebody has to look: what is held back, was lost, or is denied though it was seen. */
static gboolean
is_finding (const AakReportPart *part)
{
  gboolean lost = FALSE;
  for (guint i = 0; i < part->runs->len; i++)
    lost |= !((const AakReportRun *) part->runs->pdata[i])->complete;
  return lost || part->unmade != NULL || (part->denied != NULL && part->denied->len > 0);
}

int
aak_cmd_report (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakImages) images = aak_images_new (cli);
  if (options.rootfs != NULL && !aak_images_add_given (images, options.rootfs, error))
    return AAK_EXIT_FAILED;
  g_autoptr (GPtrArray) parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_report_part_free);
  gboolean finding = FALSE;
  for (int i = 1; i < argc; i++)
    {
      AakReportPart *part = read_part (&options, images, argv[i], error);
      if (part == NULL)
        return AAK_EXIT_FAILED;
      g_ptr_array_add (parts, part);
      finding |= is_finding (part);
    }
  const AakReportPart *first = parts->pdata[0];
  g_autofree char *title = parts->len == 1 ? g_strdup_printf ("Profile %s", first->label)
                                           : g_strdup_printf ("%u profiles", parts->len);
  const AakReport report = { title, "aa-learn", parts };
  if (!aak_report_write (cli, &report, options.out, error))
    return AAK_EXIT_FAILED;
  return finding ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
