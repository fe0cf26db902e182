/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile build: profile texts -> compiled -> bundle. */
#include "config.h"

#include "compile/build-report.h"
#include "compile/build.h"
#include "compile/cmd.h"
#include "compile/feature-choice.h"
#include "lib/bundle-dir.h"
#include "lib/bundle-sign.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/policy/policy.h"
#include "lib/seccomp/name.h"
#include "lib/sha256.h"
#include "lib/sign-key.h"

#include <string.h>

typedef struct
{
  char *output;
  char *base;
  char **features;
  char **sign;
  gint64 serial;
  gint jobs;
  gboolean keep_going;
  gboolean rebuild;
  gboolean versioned;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->output);
  g_free (options->base);
  g_strfreev (options->features);
  g_strfreev (options->sign);
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
    { "keep-going", 'k', 0, G_OPTION_ARG_NONE, &options->keep_going,
      "Write the bundle without the profiles that do not compile", NULL },
    { "rebuild", 0, 0, G_OPTION_ARG_NONE, &options->rebuild,
      "Compile everything again, whatever the bundle has", NULL },
    { "versioned", 0, 0, G_OPTION_ARG_NONE, &options->versioned,
      "Put a digest of its text at the end of each profile's name", NULL },
    { "base", 0, 0, G_OPTION_ARG_FILENAME, &options->base,
      "Where abi/, abstractions/ and tunables/ are (default: /etc/apparmor.d)", "DIR" },
    { "sign", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->sign,
      "Sign the bundle with this private ed25519 key; any number of times", "KEYFILE" },
    { "serial", 0, 0, G_OPTION_ARG_INT64, &options->serial,
      "Number the bundle: where it is signed, aa-register takes none of a lower number later",
      "N" },
    { NULL },
  };
  if (!aak_cli_parse (
          cli, entries, "PATH... -o BUNDLE",
          "  aa-compile profiles/ -o bundle/\n"
          "  aa-compile k8s-web.learned.yaml k8s-web.seccomp.json -o bundle/\n"
          "  aa-compile k8s-web -o bundle/ --features node-a.features --features node-b.features",
          argc, argv, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2)
    why =
        "name at least one profile text, learned state or seccomp profile, or a directory of them";
  else if (options->output == NULL)
    why = "name the bundle to write with -o BUNDLE";
  else if (options->jobs < 0 || options->jobs > 1024)
    why = "-j takes a number from 1 to 1024";
  else if (options->serial < 0 || options->serial > AAK_BUNDLE_MAX_SERIAL)
    why = "--serial takes a number from 1 to 9007199254740991";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* The keys to sign with; NULL without an error where there are none. */
static GPtrArray *
read_keys (char **paths, GError **error)
{
  if (paths == NULL)
    return NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_sign_key_free);
  for (; *paths != NULL; paths++)
    {
      AakSignKey *key = aak_sign_key_read (*paths, error);
      if (key == NULL)
        {
          g_prefix_error (error, "--sign: ");
          return NULL;
        }
      g_ptr_array_add (keys, key);
    }
  return g_steal_pointer (&keys);
}

/* Puts the results of @job into @writer; what is there already from another text fails it. */
static void
add_job (AakBundleWriter *writer, AakBuildJob *job)
{
  GError *error = NULL;
  for (guint i = 0; job->policies != NULL && i < job->policies->len; i++)
    if (!aak_bundle_writer_add (writer, job->policies->pdata[i], aak_features_id (job->features),
                                job->inputs, job->path, &error))
      {
        aak_build_job_fail (job, error);
        return;
      }
  if (job->seccomp != NULL
      && !aak_bundle_writer_add_seccomp (writer, job->seccomp, job->path, &error))
    aak_build_job_fail (job, error);
}

/* --- the stages ------------------------------------------------------------------------------ */

/* What a build works on. */
typedef struct
{
  Options options;
  GPtrArray *keys; /* of AakSignKey, or NULL */
  AakFeatureChoice *features;
  AakBundleSeal *seal; /* of the bundle that is there, or NULL */
  AakBuildReuse *reuse;
  AakCompiler *compiler;
  GPtrArray *jobs; /* of AakBuildJob */
} Build;

static void
build_clear (Build *build)
{
  g_clear_pointer (&build->jobs, g_ptr_array_unref);
  g_clear_pointer (&build->compiler, aak_compiler_free);
  g_clear_pointer (&build->reuse, aak_build_reuse_free);
  g_clear_pointer (&build->seal, aak_bundle_seal_free);
  g_clear_pointer (&build->features, aak_feature_choice_free);
  g_clear_pointer (&build->keys, g_ptr_array_unref);
  options_clear (&build->options);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Build, build_clear)

static gboolean
prepare (AakCli *cli, Build *build, const char *const *words, GError **error)
{
  const Options *options = &build->options;
  build->keys = read_keys (options->sign, error);
  if (options->sign != NULL && build->keys == NULL)
    return FALSE;
  g_autoptr (GPtrArray) paths =
      aak_policy_collect (words, AAK_POLICY_STATES | AAK_POLICY_SECCOMP, error);
  if (paths != NULL)
    build->features = aak_feature_choice_for (options->features, paths, aak_cli_root (cli), error);
  if (build->features == NULL)
    return FALSE;
  build->seal = options->rebuild ? NULL : aak_bundle_seal_read (options->output);
  build->compiler =
      aak_compiler_new_known (options->base, build->seal != NULL ? build->seal->parser_id : NULL,
                              build->seal != NULL ? build->seal->parser : NULL, error);
  if (build->compiler == NULL)
    return FALSE;
  build->jobs =
      aak_build_plan (build->compiler, paths, build->features->sets, options->versioned, error);
  return build->jobs != NULL;
}

/* The digest of all that the manifest's bytes depend on; NULL where that is not known. */
static char *
digest_inputs (const Build *build)
{
  g_autofree char *texts = aak_build_digest (build->jobs);
  if (texts == NULL || build->options.serial == 0)
    return g_steal_pointer (&texts);
  g_autofree char *all = g_strdup_printf ("%s %" G_GINT64_FORMAT, texts, build->options.serial);
  g_autoptr (GBytes) bytes = g_bytes_new_static (all, strlen (all));
  return aak_sha256_of (bytes);
}

static AakBundleWriter *
make_writer (const Build *build)
{
  const AakCompiler *compiler = build->compiler;
  AakBundleWriter *writer = aak_bundle_writer_new (aak_compiler_version (compiler));
  for (guint i = 0; i < build->features->sets->len; i++)
    aak_bundle_writer_add_features (writer, build->features->sets->pdata[i]);
  for (guint i = 0; i < build->jobs->len; i++)
    add_job (writer, build->jobs->pdata[i]);
  if (build->keys != NULL)
    aak_bundle_writer_set_keys (writer, build->keys);
  aak_bundle_writer_set_serial (writer, (guint64) build->options.serial);
  aak_bundle_writer_set_old (writer, aak_build_reuse_bundle (build->reuse));
  g_autofree char *digest = digest_inputs (build);
  if (digest == NULL || aak_compiler_id (compiler) == NULL)
    return writer;
  g_autoptr (AakBundleSeal) seal =
      aak_bundle_seal_new (digest, aak_compiler_version (compiler), aak_compiler_id (compiler));
  aak_bundle_writer_set_seal (writer, seal);
  return writer;
}

/* TRUE where the seal says that the bundle is what would be made, without a look into it. */
static gboolean
is_up_to_date (const Build *build)
{
  g_autofree char *digest = build->seal != NULL ? digest_inputs (build) : NULL;
  return digest != NULL && strcmp (digest, build->seal->inputs) == 0
         && aak_bundle_seal_is_whole (build->seal, build->options.output)
         && aak_bundle_sign_is_current (build->options.output, build->keys);
}

static void
compile_all (AakCli *cli, Build *build)
{
  const Options *options = &build->options;
  guint workers = options->jobs > 0 ? (guint) options->jobs : g_get_num_processors ();
  build->reuse = aak_build_reuse_new (options->rebuild ? NULL : options->output, build->seal);
  aak_build_run (cli, build->jobs, build->compiler, build->reuse, workers);
}

/* Says what a written bundle is signed by, or that it is no more. */
static void
tell_signature (AakCli *cli, const Build *build, gboolean was_signed)
{
  for (guint i = 0; build->keys != NULL && i < build->keys->len; i++)
    aak_cli_note (cli, "signed by key %s", aak_sign_key_public (build->keys->pdata[i])->id);
  if (was_signed && !aak_bundle_sign_is_there (build->options.output))
    aak_cli_warn (cli,
                  "the bundle has changed and is not signed any more: --sign KEYFILE signs it");
}

/* Writes the bundle, unless profiles failed and none is to be written then. */
static gboolean
write_bundle (AakCli *cli, Build *build, AakBuildReport *report, GError **error)
{
  g_autoptr (AakBundleWriter) writer = make_writer (build);
  guint failed = aak_build_count_failed (build->jobs);
  if (failed > 0 && (!build->options.keep_going || failed == build->jobs->len))
    return TRUE;
  gboolean was_signed = aak_bundle_sign_is_there (build->options.output);
  report->written =
      aak_bundle_writer_write (writer, build->options.output, &report->changed, error);
  if (report->written)
    tell_signature (cli, build, was_signed);
  return report->written;
}

static void
print (AakCli *cli, const AakBuildReport *report)
{
  aak_build_report_warnings (cli, report->jobs);
  if (aak_cli_json (cli))
    aak_build_report_json (cli, report);
  else if (report->written)
    aak_build_report_text (cli, report);
}

/* Says how many texts are not in the bundle, for one feature set or more. */
static void
tell_left_out (AakCli *cli, GPtrArray *jobs)
{
  guint count = 0;
  const char *last = NULL;
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      if (job->error == NULL || g_strcmp0 (job->path, last) == 0)
        continue;
      last = job->path;
      count++;
    }
  g_autofree char *texts = aak_count (count, "text");
  aak_cli_warn (cli, "%s left out of the bundle", texts);
}

int
aak_cmd_build (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Build) build = { 0 };
  if (!parse (cli, &build.options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (!prepare (cli, &build, (const char *const *) argv + 1, error))
    return AAK_EXIT_FAILED;
  if (!aak_cli_json (cli) && is_up_to_date (&build))
    {
      g_autofree char *output = g_canonicalize_filename (build.options.output, NULL);
      aak_bundle_dir_sweep (output);
      aak_build_report_current (cli, build.options.output, build.seal->compiled);
      return AAK_EXIT_OK;
    }
  AakBuildReport report = { .jobs = build.jobs, .output = build.options.output };
  compile_all (cli, &build);
  if (!write_bundle (cli, &build, &report, error))
    return AAK_EXIT_FAILED;
  print (cli, &report);
  if (aak_build_count_failed (build.jobs) == 0)
    return AAK_EXIT_OK;
  if (report.written)
    tell_left_out (cli, build.jobs);
  aak_build_set_error (build.jobs, error);
  return AAK_EXIT_INVALID;
}
