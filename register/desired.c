/* SPDX-License-Identifier: GPL-2.0-or-later
 * Bundles and texts into policies for one kernel. */
#include "config.h"

#include "register/desired.h"

#include "lib/bundle.h"
#include "lib/compiler.h"
#include "lib/error.h"

#include <string.h>

static gboolean
add_policy (GPtrArray *desired, AakPolicy *policy, const char *source, GError **error)
{
  for (guint i = 0; i < desired->len; i++)
    if (strcmp (((AakPolicy *) desired->pdata[i])->name, policy->name) == 0)
      {
        g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: profile \"%s\" is named twice",
                     source, policy->name);
        return FALSE;
      }
  g_ptr_array_add (desired, aak_policy_ref (policy));
  return TRUE;
}

static gboolean
check_features (const AakBundle *bundle, const char *path, const AakFeatures *kernel,
                GError **error)
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
      path, list->len > 0 ? list->str : "none", aak_features_id (kernel));
  return FALSE;
}

static gboolean
read_bundle (const char *path, const AakFeatures *kernel, GPtrArray *desired, GError **error)
{
  g_autoptr (AakBundle) bundle = aak_bundle_read (path, error);
  if (bundle == NULL || !check_features (bundle, path, kernel, error))
    return FALSE;
  GPtrArray *profiles = aak_bundle_profiles (bundle);
  for (guint i = 0; i < profiles->len; i++)
    {
      g_autoptr (AakPolicy) policy =
          aak_bundle_load (bundle, profiles->pdata[i], aak_features_id (kernel), error);
      if (policy == NULL || !add_policy (desired, policy, path, error))
        return FALSE;
    }
  return TRUE;
}

static void
warn_lines (AakCli *cli, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    aak_cli_warn (cli, "%s", *line);
}

static gboolean
compile_text (AakCli *cli, const AakCompiler *compiler, const AakFeatures *kernel, const char *path,
              GPtrArray *desired, GError **error)
{
  g_autofree char *warnings = NULL;
  g_autoptr (GBytes) text = aak_policy_read_text (path, error);
  g_autoptr (GBytes) blob =
      text != NULL ? aak_compiler_compile (compiler, kernel, path, text, &warnings, error) : NULL;
  g_autoptr (GPtrArray) policies = blob != NULL ? aak_policy_split (path, blob, text, error) : NULL;
  warn_lines (cli, warnings);
  for (guint i = 0; policies != NULL && i < policies->len; i++)
    if (!add_policy (desired, policies->pdata[i], path, error))
      return FALSE;
  return policies != NULL;
}

static gboolean
compile_texts (AakCli *cli, GPtrArray *texts, const AakFeatures *kernel, int stop_fd,
               GPtrArray *desired, GError **error)
{
  if (texts->len == 1) /* the terminating NULL only */
    return TRUE;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, error);
  if (compiler != NULL)
    aak_compiler_set_stop (compiler, stop_fd);
  g_autoptr (GPtrArray) paths =
      compiler != NULL ? aak_policy_collect ((const char *const *) texts->pdata, error) : NULL;
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    if (!compile_text (cli, compiler, kernel, paths->pdata[i], desired, error))
      return FALSE;
  return paths != NULL;
}

GPtrArray *
aak_desired_read (AakCli *cli, const char *const *paths, int stop_fd, GError **error)
{
  g_autoptr (AakFeatures) kernel = aak_features_kernel (aak_cli_root (cli), error);
  if (kernel == NULL)
    return NULL;
  g_autoptr (GPtrArray) desired =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_policy_unref);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  for (; *paths != NULL; paths++)
    {
      if (!aak_bundle_is (*paths))
        g_ptr_array_add (texts, (gpointer) *paths);
      else if (!read_bundle (*paths, kernel, desired, error))
        return NULL;
    }
  g_ptr_array_add (texts, NULL);
  if (!compile_texts (cli, texts, kernel, stop_fd, desired, error))
    return NULL;
  return g_steal_pointer (&desired);
}
