/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile report: profiles as a page on which somebody decides whether they are right. */
#include "config.h"

#include "compile/cmd.h"

#include "compile/policy-options.h"
#include "compile/report-parts.h"
#include "lib/error.h"
#include "lib/fs.h"
#include "lib/report/page.h"

#include <string.h>

typedef struct
{
  AakPolicyOptions policy;
  char *out;
  char *profile;
  char *against;
  char *rootfs;
} Options;

static void
options_clear (Options *options)
{
  aak_policy_options_clear (&options->policy);
  g_free (options->out);
  g_free (options->profile);
  g_free (options->against);
  g_free (options->rootfs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] =
    "  aa-compile report profiles/k8s-web -o report.html\n"
    "  aa-compile report bundle/ --profile k8s-web --rootfs rootfs/ -o report.html\n"
    "  aa-compile report bundle-2/ --against bundle-1/ -o report.html\n";

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->out,
      "Write the page to this file, - for standard output", "FILE" },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options->profile, "Tell of this profile only",
      "LABEL" },
    { "against", 0, 0, G_OPTION_ARG_FILENAME, &options->against,
      "Tell what got wider and what got narrower since this policy", "PATH" },
    { "rootfs", 0, 0, G_OPTION_ARG_FILENAME, &options->rootfs,
      "The container's root filesystem: show what is allowed with each of its files", "DIR" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &options->policy.features,
      "Compile texts for this kernel feature set, or read what a bundle has for it: a file, a "
      "directory, or the name of an installed one (default: all of a bundle's, or the running "
      "kernel's)",
      "FEATURES" },
    AAK_POLICY_OPTIONS_BASE (&options->policy),
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "PROFILE|BLOB|BUNDLE|DIR -o FILE", examples, argc, argv, error))
    return FALSE;
  const char *why = NULL;
  if (aak_cli_json (cli))
    why =
        "a page is no JSON: 'aa-compile score --json' and 'query --json' tell what a policy allows";
  else if (*argc != 2)
    why = "name one policy: a text or a learned state, a directory of them, a compiled file or a "
          "bundle";
  else if (options->out == NULL)
    why = "where does the page go? -o FILE, or -o - for standard output";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

int
aak_cmd_report (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  const AakPolicyOpen where = aak_policy_options_open (&options.policy, cli);
  const AakReportPartsOptions asked = { &where, options.profile, options.rootfs, options.against };
  g_autoptr (GPtrArray) parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_report_part_free);
  if (!aak_report_parts_add (parts, argv[1], &asked, error))
    return AAK_EXIT_FAILED;
  const AakReportPart *first = parts->pdata[0];
  g_autofree char *title = parts->len == 1 ? g_strdup_printf ("Profile %s", first->label)
                                           : g_strdup_printf ("%u profiles", parts->len);
  const AakReport report = { title, "aa-compile", parts };
  return aak_report_write (cli, &report, options.out, error) ? AAK_EXIT_OK : AAK_EXIT_FAILED;
}
