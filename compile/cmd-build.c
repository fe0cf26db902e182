/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile build: profile texts -> compiled -> bundle. */
#include "config.h"

#include "compile/build.h"
#include "compile/cmd.h"
#include "lib/error.h"
#include "lib/policy.h"

#include <string.h>

typedef struct
{
  char *output;
  char *base;
  char **features;
  gint jobs;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->output);
  g_free (options->base);
  g_strfreev (options->features);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "The bundle to write", "BUNDLE" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->features,
      "Compile for this kernel feature set: a file, a directory, or the name of an installed one; "
      "any number of times (default: the running kernel's)",
      "FEATURES" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs,
      "Compile that many at once (default: all processors)", "N" },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options->base,
      "Where abi/, abstractions/ and tunables/ are (default: /etc/apparmor.d)", "DIR" },
    { NULL },
  };
  if (!aak_cli_parse (
          cli, entries, "PATH... -o BUNDLE",
          "  aa-compile profiles/ -o bundle/\n"
          "  aa-compile k8s-web -o bundle/ --features node-a.features --features node-b.features",
          argc, argv, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2)
    why = "name at least one profile text, or a directory of them";
  else if (options->output == NULL)
    why = "name the bundle to write with -o BUNDLE";
  else if (options->jobs < 0 || options->jobs > 1024)
    why = "-j takes a number from 1 to 1024";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* The feature sets to compile for, each once. */
static GPtrArray *
choose_features (AakCli *cli, char **names, GError **error)
{
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_features_free);
  if (names == NULL)
    {
      AakFeatures *kernel = aak_features_kernel (aak_cli_root (cli), error);
      if (kernel == NULL)
        {
          g_prefix_error (error, "for which kernel? Name its feature set with --features; ");
          return NULL;
        }
      g_ptr_array_add (sets, kernel);
    }
  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      AakFeatures *set = aak_features_named (*name, error);
      if (set == NULL)
        {
          g_prefix_error (error, "--features: ");
          return NULL;
        }
      gboolean known = FALSE;
      for (guint i = 0; i < sets->len; i++)
        known = known || strcmp (aak_features_id (sets->pdata[i]), aak_features_id (set)) == 0;
      if (known)
        aak_features_free (set);
      else
        g_ptr_array_add (sets, set);
    }
  return g_steal_pointer (&sets);
}

static gboolean
fill_writer (AakBundleWriter *writer, GPtrArray *jobs, GPtrArray *features, GError **error)
{
  for (guint i = 0; i < features->len; i++)
    aak_bundle_writer_add_features (writer, features->pdata[i]);
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      for (guint j = 0; j < job->policies->len; j++)
        if (!aak_bundle_writer_add (writer, job->policies->pdata[j],
                                    aak_features_id (job->features), job->inputs, job->path, error))
          return FALSE;
    }
  return TRUE;
}

/* --- results --------------------------------------------------------------------------------- */

static void
warn_all (AakCli *cli, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      g_auto (GStrv) lines = g_strsplit (job->warnings != NULL ? job->warnings : "", "\n", -1);
      for (char **line = lines; *line != NULL; line++)
        aak_cli_warn (cli, "%s", *line);
    }
}

static void
print_text (AakCli *cli, GPtrArray *jobs, const char *output, gboolean changed)
{
  guint compiled = 0, profiles = 0;
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      for (guint j = 0; j < job->policies->len; j++)
        {
          const AakPolicy *policy = job->policies->pdata[j];
          aak_cli_out (cli, "%-9s  %s  %s  %s  %" G_GSIZE_FORMAT " bytes\n",
                       job->reused ? "unchanged" : "compiled", policy->name,
                       aak_mode_name (policy->mode), aak_features_id (job->features),
                       g_bytes_get_size (policy->blob));
          compiled += job->reused ? 0 : 1;
          profiles++;
        }
    }
  if (changed)
    aak_cli_out (cli, "%s: %u compiled, %u unchanged\n", output, compiled, profiles - compiled);
  else
    aak_cli_out (cli, "%s: nothing to change: %u compiled as wanted\n", output, profiles);
}

static void
add_job (JsonBuilder *json, const AakBuildJob *job)
{
  for (guint i = 0; i < job->policies->len; i++)
    {
      const AakPolicy *policy = job->policies->pdata[i];
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "name");
      json_builder_add_string_value (json, policy->name);
      json_builder_set_member_name (json, "mode");
      json_builder_add_string_value (json, aak_mode_name (policy->mode));
      json_builder_set_member_name (json, "features");
      json_builder_add_string_value (json, aak_features_id (job->features));
      json_builder_set_member_name (json, "size");
      json_builder_add_int_value (json, (gint64) g_bytes_get_size (policy->blob));
      json_builder_set_member_name (json, "compiled");
      json_builder_add_boolean_value (json, !job->reused);
      json_builder_end_object (json);
    }
}

static void
print_json (AakCli *cli, GPtrArray *jobs, gboolean changed)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "schema");
  json_builder_add_string_value (json, "aakit/build/1");
  json_builder_set_member_name (json, "changed");
  json_builder_add_boolean_value (json, changed);
  json_builder_set_member_name (json, "profiles");
  json_builder_begin_array (json);
  for (guint i = 0; i < jobs->len; i++)
    add_job (json, jobs->pdata[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}

/* --- the verb -------------------------------------------------------------------------------- */

int
aak_cmd_build (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (GPtrArray) features = choose_features (cli, options.features, error);
  g_autoptr (GPtrArray) paths =
      features != NULL ? aak_policy_collect ((const char *const *) argv + 1, error) : NULL;
  g_autoptr (AakCompiler) compiler = paths != NULL ? aak_compiler_new (options.base, error) : NULL;
  g_autoptr (GPtrArray) jobs =
      compiler != NULL ? aak_build_plan (compiler, paths, features, error) : NULL;
  if (jobs == NULL)
    return AAK_EXIT_FAILED;

  guint workers = options.jobs > 0 ? (guint) options.jobs : g_get_num_processors ();
  aak_build_reuse (jobs, compiler, options.output);
  gboolean built = aak_build_run (jobs, compiler, workers, error);
  warn_all (cli, jobs);
  g_autoptr (AakBundleWriter) writer = aak_bundle_writer_new (aak_compiler_version (compiler));
  gboolean changed = FALSE;
  if (!built || !fill_writer (writer, jobs, features, error)
      || !aak_bundle_writer_write (writer, options.output, &changed, error))
    return AAK_EXIT_FAILED;

  if (aak_cli_json (cli))
    print_json (cli, jobs, changed);
  else
    print_text (cli, jobs, options.output, changed);
  return AAK_EXIT_OK;
}
