/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register rm: unloads profiles, and forgets their texts and ownership. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/json.h"
#include "lib/store.h"
#include "register/cmd.h"
#include "register/commit.h"
#include "register/plan.h"
#include "register/report.h"
#include "register/seccomp-files.h"
#include "register/worn.h"

#include <string.h>

#define LOCK_SECONDS 10

static gboolean
check_known (const AakStore *store, GPtrArray *actual, char **names, GError **error)
{
  for (; *names != NULL; names++)
    {
      if (aak_lsm_find (actual, *names) != NULL || aak_store_owns (store, *names)
          || aak_store_find_seccomp (store, *names) != NULL)
        continue;
      g_autofree char *shown = aak_escape (*names, strlen (*names));
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "no profile \"%s\" is loaded or registered", shown);
      return FALSE;
    }
  return TRUE;
}

static GPtrArray *
make_plan (AakLsm *lsm, AakStore *store, char **names, gboolean force, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL || !check_known (store, actual, names, error))
    return NULL;
  g_autoptr (AakWorn) worn = aak_worn_look (lsm, error);
  if (worn == NULL)
    return NULL;
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  for (char **name = names; *name != NULL; name++)
    if (aak_store_find_seccomp (store, *name) == NULL)
      g_ptr_array_add (others, *name);
  g_ptr_array_add (others, NULL);
  AakPlanInput input = { .actual = actual, .store = store, .worn = worn, .rules.force = force };
  GPtrArray *steps = aak_plan_remove (&input, (const char *const *) others->pdata);
  aak_seccomp_files_plan_remove (store, (const char *const *) names, force, steps);
  aak_worn_explain (worn, steps);
  return steps;
}

/* The steps that were carried out, all or none. */
static GPtrArray *
remove_all (AakCli *cli, char **names, gboolean force, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_report_open_lsm (cli, error);
  if (lsm == NULL || !aak_lsm_check_privileges (lsm, error))
    return NULL;
  g_auto (AakFd) lock = aak_store_lock (aak_cli_root (cli), LOCK_SECONDS, error);
  g_autoptr (AakStore) store = lock >= 0 ? aak_store_read (aak_cli_root (cli), error) : NULL;
  g_autoptr (GPtrArray) steps = store != NULL ? make_plan (lsm, store, names, force, error) : NULL;
  if (steps == NULL || !aak_commit_run (cli, lsm, steps, store, error))
    return NULL;
  return g_steal_pointer (&steps);
}

static void
report_text (AakCli *cli, GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      g_autofree char *shown = aak_escape (step->name, strlen (step->name));
      aak_cli_out (cli, "removed  %s%s%s\n", shown, step->reason != NULL ? "  " : "",
                   step->reason != NULL ? step->reason : "");
    }
}

static void
report (AakCli *cli, GPtrArray *steps)
{
  if (!aak_cli_json (cli))
    {
      report_text (cli, steps);
      return;
    }
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/rm/1");
  aak_json_set_member_name (json, "removed");
  aak_json_begin_array (json);
  for (guint i = 0; i < steps->len; i++)
    aak_json_add_string_value (json, ((const AakStep *) steps->pdata[i])->name);
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

int
aak_cmd_rm (AakCli *cli, int argc, char **argv, GError **error)
{
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &force,
      "Remove it although tasks wear it (they become unconfined), it is not aakit's own, or it is a "
      "seccomp profile, whose users cannot be seen",
      NULL },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "NAME...", "  aa-register rm k8s-web", &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (argc < 2)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "name the profiles to remove");
      return AAK_EXIT_USAGE;
    }
  g_autoptr (GPtrArray) steps = remove_all (cli, argv + 1, force, error);
  if (steps == NULL)
    return AAK_EXIT_FAILED;
  report (cli, steps);
  return AAK_EXIT_OK;
}
