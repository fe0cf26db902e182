/* SPDX-License-Identifier: GPL-2.0-or-later
 * Bundles, compiled policy and texts into policies for one kernel. */
#include "config.h"

#include "register/desired.h"

#include "lib/bundle.h"
#include "lib/compiler.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/progress.h"
#include "lib/verify-key.h"
#include "register/compiled.h"
#include "register/include-tree.h"
#include "register/input-file.h"
#include "register/inputs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_PROFILES 100000
#define MAX_POLICY   ((gsize) 512 << 20)

typedef struct
{
  AakCli *cli;
  AakFeatures *kernel;
  AakBundleTrust trust;
  int stop_fd;
  GPtrArray *policies; /* of AakPolicy: what was found */
  GPtrArray *seccomp;  /* of AakSeccompFile: the same */
  GHashTable *names;   /* theirs */
  gsize size;          /* of all of them */
  GPtrArray *texts;    /* of AakInputFile: what is to be compiled */
  AakInputs inputs;
} Reading;

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->kernel, aak_features_free);
  g_clear_pointer (&reading->trust.keys, g_ptr_array_unref);
  g_clear_pointer (&reading->names, g_hash_table_unref);
  g_clear_pointer (&reading->policies, g_ptr_array_unref);
  g_clear_pointer (&reading->seccomp, g_ptr_array_unref);
  g_clear_pointer (&reading->texts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* --- options --------------------------------------------------------------------------------- */

void
aak_desired_options_clear (AakDesiredOptions *options)
{
  g_clear_pointer (&options->verify_keys, g_strfreev);
}

void
aak_desired_options_entries (AakDesiredOptions *options, GOptionEntry *entries)
{
  const GOptionEntry all[AAK_DESIRED_N_ENTRIES] = {
    { "verify-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->verify_keys,
      "Take nothing but bundles that this public key has signed, or another one that is given",
      "FILE" },
    { "insecure-paths", 0, 0, G_OPTION_ARG_NONE, &options->insecure_paths,
      "Take policy from paths that others than root and the caller can change", NULL },
  };
  memcpy (entries, all, sizeof all);
}

static gboolean
read_keys (const AakDesiredOptions *options, AakBundleTrust *trust, GError **error)
{
  trust->owners = options->insecure_paths ? AAK_PATH_ANYBODY : AAK_PATH_OWNERS;
  if (options->verify_keys == NULL)
    return TRUE;
  trust->keys = g_ptr_array_new_with_free_func (g_free);
  for (char **path = options->verify_keys; *path != NULL; path++)
    {
      AakVerifyKey *key = aak_verify_key_read (*path, trust->owners, error);
      if (key == NULL)
        {
          g_prefix_error (error, "--verify-key: ");
          return FALSE;
        }
      g_ptr_array_add (trust->keys, key);
    }
  return TRUE;
}

/* --- what was found -------------------------------------------------------------------------- */

static gboolean
add_policy (Reading *reading, AakPolicy *policy, const char *source, GError **error)
{
  reading->size += g_bytes_get_size (policy->blob);
  if (reading->size > MAX_POLICY || reading->policies->len == MAX_PROFILES)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                   "%s: with it, there are more than %d profiles or %d MiB of policy", source,
                   MAX_PROFILES, (int) (MAX_POLICY >> 20));
      return FALSE;
    }
  if (!g_hash_table_add (reading->names, policy->name))
    {
      g_autofree char *shown = aak_escape (policy->name, strlen (policy->name));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: profile \"%s\" is named twice", source,
                   shown);
      return FALSE;
    }
  g_ptr_array_add (reading->policies, aak_policy_ref (policy));
  return TRUE;
}

static gboolean
add_policies (Reading *reading, GPtrArray *policies, const char *source, GError **error)
{
  for (guint i = 0; policies != NULL && i < policies->len; i++)
    if (!add_policy (reading, policies->pdata[i], source, error))
      return FALSE;
  return policies != NULL;
}

static gboolean
add_seccomp (Reading *reading, AakSeccompFile *file, const char *source, GError **error)
{
  if (reading->seccomp->len == MAX_PROFILES)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: more than %d seccomp profiles",
                   source, MAX_PROFILES);
      return FALSE;
    }
  /* The names of AppArmor profiles and of seccomp profiles are one set: 'rm NAME' is about one. */
  if (!g_hash_table_add (reading->names, file->name))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: profile \"%s\" is named twice", source,
                   file->name);
      return FALSE;
    }
  g_ptr_array_add (reading->seccomp, aak_seccomp_file_ref (file));
  return TRUE;
}

/* --- bundles --------------------------------------------------------------------------------- */

static gboolean
check_features (const AakBundle *bundle, const AakFeatures *kernel, GError **error)
{
  GPtrArray *ids = aak_bundle_features (bundle);
  if (g_ptr_array_find_with_equal_func (ids, aak_features_id (kernel), g_str_equal, NULL))
    return TRUE;
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) ids->pdata[i]);
  g_set_error (
      error, AAK_ERROR, AAK_ERROR_INVALID,
      "%s is compiled for other kernels (feature set %s) than this one (%s): save this one's with "
      "'aa-compile features -o FILE' and build with --features FILE",
      aak_bundle_path (bundle), list->len > 0 ? list->str : "none", aak_features_id (kernel));
  return FALSE;
}

static gboolean
read_bundle (Reading *reading, int top, const char *path, GError **error)
{
  g_autoptr (AakBundle) bundle = aak_bundle_read_open (top, path, &reading->trust, error);
  GPtrArray *profiles = bundle != NULL ? aak_bundle_profiles (bundle) : NULL;
  if (bundle == NULL || (profiles->len > 0 && !check_features (bundle, reading->kernel, error)))
    return FALSE;
  if (aak_bundle_seccomp (bundle)->len == 0)
    aak_inputs_add_bundle (&reading->inputs, path, aak_bundle_manifest_digest (bundle));
  aak_bundle_make_room (bundle, aak_features_id (reading->kernel), MAX_POLICY - reading->size);
  for (guint i = 0; i < profiles->len; i++)
    {
      g_autoptr (AakPolicy) policy =
          aak_bundle_load (bundle, profiles->pdata[i], aak_features_id (reading->kernel), error);
      if (policy == NULL || !add_policy (reading, policy, aak_bundle_path (bundle), error))
        return FALSE;
    }
  GPtrArray *seccomp = aak_bundle_seccomp (bundle);
  for (guint i = 0; i < seccomp->len; i++)
    {
      g_autoptr (AakSeccompFile) file = aak_bundle_load_seccomp (bundle, seccomp->pdata[i], error);
      if (file == NULL || !add_seccomp (reading, file, aak_bundle_path (bundle), error))
        return FALSE;
    }
  return TRUE;
}

/* --- files ----------------------------------------------------------------------------------- */

/* Only a bundle carries a signature. */
static gboolean
check_unsigned (const Reading *reading, const char *path, GError **error)
{
  if (reading->trust.keys == NULL)
    return TRUE;
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: no bundle, so that it carries no signature: with --verify-key only signed "
               "bundles are taken",
               shown);
  return FALSE;
}

/* Takes compiled policy in, and keeps a text for later. */
static gboolean
read_file (Reading *reading, AakInputFile *file, GError **error)
{
  if (!file->compiled)
    {
      g_ptr_array_add (reading->texts, aak_input_file_ref (file));
      return TRUE;
    }
  if (file->features == NULL)
    aak_cli_note (reading->cli, "%s: whether it is compiled for this kernel cannot be told: %s",
                  file->path, "no .features lies beside it");
  g_autoptr (GPtrArray) policies = aak_compiled_read (file, reading->kernel, error);
  return add_policies (reading, policies, file->path, error);
}

static gboolean
read_directory (Reading *reading, int dir, const char *path, GError **error)
{
  g_autoptr (GPtrArray) files = aak_input_file_read_all (dir, path, reading->trust.owners, error);
  for (guint i = 0; files != NULL && i < files->len; i++)
    if (!read_file (reading, files->pdata[i], error))
      return FALSE;
  return files != NULL;
}

static gboolean
read_path (Reading *reading, const char *path, GError **error)
{
  struct stat st;
  g_auto (AakFd) fd = aak_path_open (path, reading->trust.owners, error);
  if (fd < 0)
    return FALSE;
  if (fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot read a path");
  if (S_ISDIR (st.st_mode) && !aak_input_file_enter (&fd, path, reading->trust.owners, error))
    return FALSE;
  if (S_ISDIR (st.st_mode) && aak_bundle_is_open (fd))
    return read_bundle (reading, fd, path, error);
  if (!check_unsigned (reading, path, error))
    return FALSE;
  if (S_ISDIR (st.st_mode))
    return read_directory (reading, fd, path, error);
  g_autoptr (AakInputFile) file = aak_input_file_read (fd, path, reading->trust.owners, error);
  return file != NULL && read_file (reading, file, error);
}

/* --- texts ----------------------------------------------------------------------------------- */

static void
warn_lines (AakCli *cli, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    aak_cli_warn (cli, "%s", *line);
}

static gboolean
compile_text (Reading *reading, const AakCompiler *compiler, const AakInputFile *file,
              GError **error)
{
  g_autofree char *warnings = NULL;
  g_autoptr (GBytes) blob =
      aak_compiler_compile (compiler, reading->kernel, file->path, file->content, &warnings, error);
  g_autoptr (GPtrArray) policies =
      blob != NULL ? aak_policy_split (file->path, blob, file->content, error) : NULL;
  warn_lines (reading->cli, warnings);
  return add_policies (reading, policies, file->path, error);
}

/* The compiler, whose includes are read as policy as well. */
static AakCompiler *
open_compiler (const Reading *reading, GError **error)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, error);
  if (compiler == NULL)
    {
      g_prefix_error (error, "profile texts are compiled on the node; a bundle, which 'aa-compile "
                             "PATH -o BUNDLE' makes elsewhere, needs no compiler here: ");
      return NULL;
    }
  aak_compiler_set_stop (compiler, reading->stop_fd);
  if (reading->trust.owners == AAK_PATH_OWNERS
      && !aak_include_tree_check (aak_compiler_base (compiler), error))
    return NULL;
  return g_steal_pointer (&compiler);
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  const AakInputFile *const *left = a, *const *right = b;
  return strcmp ((*left)->path, (*right)->path);
}

static gboolean
compile_texts (Reading *reading, GError **error)
{
  if (reading->texts->len == 0)
    return TRUE;
  g_autoptr (AakCompiler) compiler = open_compiler (reading, error);
  if (compiler == NULL)
    return FALSE;
  g_ptr_array_sort (reading->texts, compare_files);
  g_autoptr (AakProgress) progress =
      aak_progress_new (reading->cli, "compiled", reading->texts->len);
  for (guint i = 0; i < reading->texts->len; i++)
    {
      const AakInputFile *file = reading->texts->pdata[i];
      if (!compile_text (reading, compiler, file, error))
        return FALSE;
      aak_progress_step (progress, file->path);
    }
  return TRUE;
}

AakDesired *
aak_desired_ref (AakDesired *desired)
{
  return g_rc_box_acquire (desired);
}

static void
desired_clear (gpointer data)
{
  AakDesired *desired = data;
  g_ptr_array_unref (desired->policies);
  g_ptr_array_unref (desired->seccomp);
}

void
aak_desired_unref (AakDesired *desired)
{
  g_rc_box_release_full (desired, desired_clear);
}

AakDesired *
aak_desired_read (AakCli *cli, const AakDesiredOptions *options, char **out_inputs, GError **error)
{
  g_auto (Reading) reading = { .cli = cli, .stop_fd = options->stop_fd };
  reading.kernel = aak_features_kernel (aak_cli_root (cli), error);
  if (reading.kernel == NULL || !read_keys (options, &reading.trust, error))
    return NULL;
  reading.names = g_hash_table_new (g_str_hash, g_str_equal);
  reading.policies = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_unref);
  reading.seccomp = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_seccomp_file_unref);
  reading.texts = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_input_file_unref);
  aak_inputs_begin (&reading.inputs);
  for (const char *const *path = options->paths; *path != NULL; path++)
    if (!read_path (&reading, *path, error))
      return NULL;
  if (!compile_texts (&reading, error))
    return NULL;
  if (out_inputs != NULL)
    *out_inputs = aak_inputs_end (&reading.inputs, options);
  AakDesired *desired = g_rc_box_new0 (AakDesired);
  desired->policies = g_steal_pointer (&reading.policies);
  desired->seccomp = g_steal_pointer (&reading.seccomp);
  return desired;
}
