/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn patch: what the containers of a pod need of their security context. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/kubernetes-version.h"
#include "learn/pod-patch.h"
#include "learn/security-json.h"
#include "learn/sensitive-site.h"
#include "learn/union-set.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/json.h"
#include "lib/policy/policy.h"
#include "lib/policy/version.h"

#include <string.h>

typedef struct
{
  char *kubernetes;
  char *container;
  char **init;
  char *output;
  char **versioned; /* texts of the profiles */
  guint minor;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->kubernetes);
  g_free (options->container);
  g_strfreev (options->init);
  g_free (options->output);
  g_strfreev (options->versioned);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char examples[] =
    "  aa-learn patch k8s-web.learned.yaml > web.pod.yaml\n"
    "  kubectl patch --local -f pod.yaml --patch-file web.pod.yaml -o yaml\n"
    "  aa-learn patch --kubernetes 1.29 out/*.learned.yaml   all containers of a pod, by annotation\n";

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "kubernetes", 0, 0, G_OPTION_ARG_STRING, &options->kubernetes, AAK_KUBERNETES_OPTION,
      "VERSION" },
    { "container", 'c', 0, G_OPTION_ARG_STRING, &options->container,
      "For this container; needed where the states know none", "NAME" },
    { "init-container", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->init,
      "This one is an init container of the pod (again for more)", "NAME" },
    { "versioned", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->versioned,
      "Name the version of the profile in this text; one for each label", "PROFILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Write to FILE, not to standard output", "FILE" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "STATE...", examples, argc, argv, error)
      || !aak_sensitive_site_load (cli, error)
      || !aak_kubernetes_version_parse (options->kubernetes, &options->minor, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2)
    why = "patch takes at least one state file";
  else if (options->output != NULL && aak_cli_json (cli))
    why = "-o writes the patch, and --json prints another document: one of the two";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* --- whom it is for -------------------------------------------------------------------------- */

static gboolean
refuse_unknown (const char *label, GError **error)
{
  g_autofree char *shown = aak_escape (label, strlen (label));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "which container wears %s is not known (it was learned by --profile): name it with "
               "--container",
               shown);
  return FALSE;
}

/* TRUE where a container of that name wore the label. */
static gboolean
has_container (const GPtrArray *all, const char *container)
{
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((const AakSecurityNeeds *) all->pdata[i])->container, container) == 0)
      return TRUE;
  return FALSE;
}

/* What the pod is to name for the label, which one of the texts has to hold; NULL without texts, or
 * with an error. */
static char *
find_version (const char *label, char **texts, GError **error)
{
  for (; texts != NULL && *texts != NULL; texts++)
    {
      GError *why = NULL;
      g_autofree char *shown = aak_escape (*texts, strlen (*texts));
      g_autoptr (GBytes) text = aak_policy_read_text (*texts, &why);
      char *name = text != NULL ? aak_policy_version_name (shown, text, label, &why) : NULL;
      if (name != NULL)
        return name;
      gboolean others = text != NULL && g_error_matches (why, AAK_ERROR, AAK_ERROR_NOT_FOUND);
      if (!others || texts[1] == NULL)
        {
          g_propagate_prefixed_error (error, why, "--versioned: ");
          return NULL;
        }
      g_error_free (why);
    }
  return NULL;
}

/* Says which version of its profile each of @needs is to wear. */
static gboolean
set_versions (GPtrArray *needs, char **texts, GError **error)
{
  for (guint i = 0; texts != NULL && i < needs->len; i++)
    {
      AakSecurityNeeds *one = needs->pdata[i];
      one->profile = find_version (aak_observations_label (one->observations), texts, error);
      if (one->profile == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Adds what the containers of one label need. */
static gboolean
add_label (const AakObservations *observations, const Options *options, GPtrArray *needs,
           GError **error)
{
  g_autoptr (GPtrArray) all = aak_security_needs (observations, NULL);
  if (options->container == NULL)
    {
      if (all->len == 0)
        return refuse_unknown (aak_observations_label (observations), error);
      g_ptr_array_extend_and_steal (needs, g_steal_pointer (&all));
      return TRUE;
    }
  if (all->len > 0 && !has_container (all, options->container))
    return TRUE;
  g_ptr_array_extend_and_steal (needs, aak_security_needs (observations, options->container));
  return TRUE;
}

static gboolean
collect (const AakUnionSet *set, const Options *options, GPtrArray *needs, GError **error)
{
  g_autoptr (GList) labels = aak_union_set_labels (set);
  for (GList *l = labels; l != NULL; l = l->next)
    if (!add_label (aak_merge_result (aak_union_set_get (set, l->data)->merge), options, needs,
                    error))
      return FALSE;
  if (needs->len > 0)
    return TRUE;
  g_autofree char *shown = aak_escape (options->container, strlen (options->container));
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no container '%s' is in these states",
               shown);
  return FALSE;
}

/* Every name is one of @needs: a name that is misspelt would make a patch for the wrong list. */
static gboolean
check_init (const Options *options, const GPtrArray *needs, GError **error)
{
  for (char **name = options->init; name != NULL && *name != NULL; name++)
    if (!has_container (needs, *name))
      {
        g_autofree char *shown = aak_escape (*name, strlen (*name));
        g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                     "--init-container %s: no such container is in these states", shown);
        return FALSE;
      }
  return TRUE;
}

/* --- output ---------------------------------------------------------------------------------- */

static void
print_json (AakCli *cli, const GPtrArray *needs, guint minor, const char *text)
{
  g_autoptr (AakJson) json = aak_json_new ();
  g_autofree char *version = g_strdup_printf ("1.%u", minor);
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/patch/1");
  aak_json_add_text (json, "kubernetes", version);
  aak_json_set_member_name (json, "containers");
  aak_json_begin_array (json);
  for (guint i = 0; i < needs->len; i++)
    aak_security_needs_json (json, needs->pdata[i]);
  aak_json_end_array (json);
  aak_json_add_text (json, "patch", text);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

int
aak_cmd_patch (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  for (int i = 1; i < argc; i++)
    g_ptr_array_add (paths, argv[i]);
  g_autoptr (AakUnionSet) set = aak_union_set_read (cli, paths, error);
  g_autoptr (GPtrArray) needs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_security_needs_free);
  if (set == NULL || !collect (set, &options, needs, error) || !check_init (&options, needs, error)
      || !set_versions (needs, options.versioned, error))
    return AAK_EXIT_FAILED;
  g_autofree char *text =
      aak_pod_patch_text (needs, (const char *const *) options.init, options.minor, error);
  if (text == NULL)
    return AAK_EXIT_FAILED;
  if (options.output != NULL)
    return aak_fs_write (options.output, text, strlen (text), 0644, error) ? AAK_EXIT_OK
                                                                           : AAK_EXIT_FAILED;
  if (aak_cli_json (cli))
    print_json (cli, needs, options.minor, text);
  else
    aak_cli_out (cli, "%s", text);
  return AAK_EXIT_OK;
}
