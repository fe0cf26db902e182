/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn inspect: the AppArmor, seccomp and capabilities that containers of this node run under,
 * side by side, and how far that is from the Pod Security Standards. */
#include "config.h"

#include "learn/cmd.h"
#include "learn/inspect-print.h"
#include "learn/label.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

typedef struct
{
  char **pods;
  char *namespace;
  char **containers;
  int pid; /* 0: none */
  gboolean all;
  char *level_word;
  AakLevel level;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->pods);
  g_free (options->namespace);
  g_strfreev (options->containers);
  g_free (options->level_word);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* --- options --------------------------------------------------------------------------------- */

static gboolean
check_names (char **names, const char *option, GError **error)
{
  for (char **name = names; name != NULL && *name != NULL; name++)
    if (!aak_label_is_pod_name (*name))
      {
        g_autofree char *shown = aak_escape (*name, strlen (*name));
        g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                     "%s %s: not a name that there can be (RFC "
                     "1123)",
                     option, shown);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_options (Options *options, GError **error)
{
  guint kinds = (options->pods != NULL) + (options->pid != 0) + options->all;
  options->level = AAK_LEVEL_RESTRICTED;
  if (kinds != 1)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "inspect what? one of --pod NAME, --pid PID and --all");
      return FALSE;
    }
  if (options->pid < 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--pid %d: no process has that number",
                   options->pid);
      return FALSE;
    }
  if (options->pid != 0 && (options->namespace != NULL || options->containers != NULL))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "--pid stands by itself: --namespace and --container say nothing of it");
      return FALSE;
    }
  if (options->level_word != NULL && !aak_level_parse (options->level_word, &options->level))
    {
      g_autofree char *shown = aak_escape (options->level_word, strlen (options->level_word));
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--level %s: baseline or restricted", shown);
      return FALSE;
    }
  return check_names (options->pods, "--pod", error)
         && check_names (options->containers, "--container", error);
}

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "pod", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->pods,
      "The pod, or its workload (again for more)", "NAME" },
    { "namespace", 'n', 0, G_OPTION_ARG_STRING, &options->namespace, "Only pods of this namespace",
      "NAMESPACE" },
    { "container", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &options->containers,
      "Only this container (again for more)", "NAME" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options->all, "All containers of the node", NULL },
    { "pid", 0, 0, G_OPTION_ARG_INT, &options->pid, "One process, of a pod or not", "PID" },
    { "level", 0, 0, G_OPTION_ARG_STRING, &options->level_word,
      "Judge up to baseline or restricted; exit 3 where a container fails it", "LEVEL" },
    { NULL },
  };
  return aak_cli_parse (cli, entries, "--pod NAME | --all | --pid PID",
                        "  aa-learn inspect --pod web --pod db\n"
                        "  aa-learn inspect --all --level baseline\n"
                        "  aa-learn inspect --pid 4711 --json",
                        argc, argv, error)
         && aak_cli_no_words (*argc, *argv, error) && check_options (options, error);
}

/* --- whom to look at ------------------------------------------------------------------------- */

static gboolean
is_one_of (const AakContainer *container, char **pods)
{
  for (char **pod = pods; *pod != NULL; pod++)
    if (aak_container_is_of (container, *pod))
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted (const AakContainer *container, gconstpointer data)
{
  const Options *options = data;
  return (options->all || is_one_of (container, options->pods))
         && (options->namespace == NULL || strcmp (container->namespace, options->namespace) == 0)
         && (options->containers == NULL
             || g_strv_contains ((const char *const *) options->containers, container->container));
}

/* Every pod that is named has to be there. */
static gboolean
check_found (const Options *options, const AakInspection *inspection, GError **error)
{
  for (char **pod = options->pods; pod != NULL && *pod != NULL; pod++)
    {
      char *one[] = { *pod, NULL };
      gboolean found = FALSE;
      for (guint i = 0; i < inspection->list->len && !found; i++)
        found = is_one_of (((const AakInspected *) inspection->list->pdata[i])->container, one);
      if (found)
        continue;
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "no such container of a pod '%s' is on this node", *pod);
      return FALSE;
    }
  return TRUE;
}

static AakInspection *
look (AakCli *cli, const Options *options, GError **error)
{
  const char *root = aak_cli_root (cli);
  if (options->pid != 0)
    return aak_inspection_new_of_process (root, (guint) options->pid, error);
  g_autoptr (AakInspection) inspection = aak_inspection_new (root, is_wanted, options);
  return check_found (options, inspection, error) ? g_steal_pointer (&inspection) : NULL;
}

/* --- what came of it ------------------------------------------------------------------------- */

/* TRUE where the kernel told all that was asked of it. */
static gboolean
warn (AakCli *cli, const AakInspection *inspection)
{
  gboolean hidden = FALSE;
  for (guint i = 0; i < inspection->problems->len; i++)
    aak_cli_warn (cli, "%s", (const char *) inspection->problems->pdata[i]);
  for (guint i = 0; i < inspection->list->len; i++)
    {
      const AakInspected *inspected = inspection->list->pdata[i];
      for (guint k = 0; k < inspected->groups->len; k++)
        {
          const AakTaskGroup *group = inspected->groups->pdata[k];
          hidden |= group->task->namespaces.inode[AAK_NAMESPACE_PID] == 0;
        }
    }
  hidden |=
      inspection->list->len > 0
      && (inspection->init == NULL || inspection->init->namespaces.inode[AAK_NAMESPACE_PID] == 0);
  if (hidden && aak_fs_is_host (aak_cli_root (cli)))
    {
      aak_cli_warn (cli,
                    "the namespaces of some tasks could not be read (CAP_SYS_PTRACE shows them)");
      return FALSE;
    }
  return inspection->problems->len == 0;
}

/* TRUE where no container lost its profile, and where, with --level, none fails that. */
static gboolean
judge (AakCli *cli, const Options *options, const AakInspection *inspection)
{
  gboolean good = TRUE;
  for (guint i = 0; i < inspection->list->len; i++)
    {
      const AakInspected *inspected = inspection->list->pdata[i];
      AakSecurityView view = aak_security_view (inspected);
      if (view.lost)
        {
          g_autofree char *who = aak_container_describe (inspected->container);
          aak_cli_warn (cli,
                        "%s: a task runs unconfined, although the container asks for a profile: it "
                        "was unloaded, or the task is just starting",
                        who);
          good = FALSE;
        }
      if (options->level_word == NULL || inspected->container == NULL)
        continue;
      g_autoptr (GPtrArray) findings = aak_pod_security_judge (&view, options->level);
      good &= aak_pod_security_sum (findings, options->level) != AAK_VERDICT_FAILS;
    }
  return good;
}

int
aak_cmd_inspect (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakInspection) inspection = look (cli, &options, error);
  if (inspection == NULL)
    return AAK_EXIT_FAILED;
  gboolean complete = warn (cli, inspection);
  if (aak_cli_json (cli))
    aak_inspect_print_json (cli, inspection, options.level);
  else if (inspection->list->len > 0)
    aak_inspect_print_text (cli, inspection, options.level);
  else
    aak_cli_note (cli, options.namespace != NULL || options.containers != NULL
                           ? "no such container of a pod is on this node"
                           : "no container of a pod is on this node");
  return judge (cli, &options, inspection) && complete ? AAK_EXIT_OK : AAK_EXIT_FINDING;
}
