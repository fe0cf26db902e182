/* SPDX-License-Identifier: GPL-2.0-or-later
 * Text and JSON of a plan and its outcome. */
#include "config.h"

#include "register/report.h"

#include "lib/escape.h"
#include "lib/json.h"
#include "lib/lsm.h"
#include "lib/pods.h"
#include "register/plan-texts.h"
#include "register/plan.h"
#include "register/pod-json.h"

#include <string.h>

/* A hash is shown by its beginning; --json has all of it. */
#define SHOWN_HEX 16

struct AakLsm *
aak_report_open_lsm (AakCli *cli, GError **error)
{
  AakLsm *lsm = aak_lsm_open (aak_cli_root (cli), error);
  if (lsm != NULL && aak_lsm_note (lsm) != NULL)
    aak_cli_note (cli, "%s", aak_lsm_note (lsm));
  return lsm;
}

/* What of a profile that is loaded as wanted is not so, or was not. */
static char *
tell_text (const AakStep *step, gboolean done)
{
  const char *what = step->text == AAK_ACTION_ADD ? "missing" : "not as it should be";
  g_autofree char *file = aak_escape (step->policy->text_name, strlen (step->policy->text_name));
  return g_strdup_printf ("  its text /etc/apparmor.d/%s %s %s", file, done ? "was" : "is", what);
}

static void
print_step (AakCli *cli, const AakStep *step, gboolean done)
{
  const char *mode = aak_plan_what (step);
  g_autofree char *modes = NULL, *proof = NULL;
  if (step->kind == AAK_KIND_SECCOMP)
    modes = g_strdup (mode);
  else if (step->policy == NULL && !step->was_loaded)
    modes = g_strdup ("not loaded");
  else if (step->was_loaded && step->old_mode != aak_plan_mode (step))
    modes = g_strdup_printf ("%s -> %s", aak_mode_name (step->old_mode), mode);
  if (step->reason != NULL)
    proof = g_strconcat ("  ", step->reason, NULL);
  else if (aak_plan_mends_text (step))
    proof = tell_text (step, done);
  else if (done && step->hash != NULL)
    proof = g_strdup_printf ("  proved %.*s…", (int) strcspn (step->hash, ":") + 1 + SHOWN_HEX,
                             step->hash);
  g_autofree char *name = aak_escape (step->name, strlen (step->name));
  aak_cli_out (cli, "%-7s  %s  %s%s\n", aak_action_name (step->action), name,
               modes != NULL ? modes : mode, proof != NULL ? proof : "");
}

/* ", 2 pruned, 1 worn, 1 texts written", where there are any. */
static char *
tell_rest (GPtrArray *steps, gboolean done)
{
  guint pruned = aak_plan_count (steps, AAK_ACTION_PRUNE),
        worn = aak_plan_count (steps, AAK_ACTION_WORN), texts = aak_plan_mended_texts (steps);
  g_autoptr (GString) text = g_string_new (NULL);
  if (pruned > 0 || worn > 0)
    g_string_append_printf (text, done ? ", %u pruned, %u worn" : ", %u to prune, %u worn", pruned,
                            worn);
  if (texts > 0)
    g_string_append_printf (text, done ? ", %u texts written" : ", %u texts to write", texts);
  return g_strdup (text->str);
}

void
aak_report_kept (AakCli *cli, guint profiles)
{
  aak_cli_out (cli, "nothing to change: %u %s loaded as wanted\n", profiles,
               profiles == 1 ? "profile is" : "profiles are");
}

static void
print_text (AakCli *cli, GPtrArray *steps, gboolean done)
{
  guint kept = aak_plan_count (steps, AAK_ACTION_KEEP);
  if (kept == steps->len && aak_plan_mended_texts (steps) == 0)
    {
      aak_report_kept (cli, kept);
      return;
    }
  for (guint i = 0; i < steps->len; i++)
    print_step (cli, steps->pdata[i], done);
  guint added = aak_plan_count (steps, AAK_ACTION_ADD),
        replaced = aak_plan_count (steps, AAK_ACTION_REPLACE);
  guint refused = aak_plan_count (steps, AAK_ACTION_REFUSE);
  g_autofree char *rest = tell_rest (steps, done);
  if (done)
    aak_cli_out (cli, "%u replaced, %u added, %u unchanged%s\n", replaced, added, kept, rest);
  else
    aak_cli_out (cli, "to do: %u to replace, %u to add, %u refused, %u unchanged%s\n", replaced,
                 added, refused, kept, rest);
}

static void
add_wearers (AakJson *json, const AakPods *pods, const GPtrArray *wearers)
{
  aak_json_set_member_name (json, "wearers");
  aak_json_begin_array (json);
  for (guint i = 0; i < wearers->len; i++)
    {
      const AakWearer *wearer = wearers->pdata[i];
      const AakContainer *container = aak_pods_find (pods, wearer->pid);
      aak_json_begin_object (json);
      aak_json_add_uint (json, "pid", wearer->pid);
      aak_json_add_text (json, "comm", wearer->comm);
      aak_json_add_bytes (json, "label", wearer->label);
      if (container != NULL)
        aak_pod_json_add (json, container);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

/* @pods: who wears what; NULL where no task wears what shall go. */
static void
add_step (AakJson *json, const AakPods *pods, const AakPlanTexts *texts, const AakStep *step)
{
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "name", step->name);
  aak_json_add_text (json, "action", aak_action_name (step->action));
  aak_json_add_text (json, "text", aak_action_name (step->text));
  if (step->policy != NULL || step->was_loaded)
    aak_json_add_text (json, "mode", aak_mode_name (aak_plan_mode (step)));
  if (step->was_loaded)
    aak_json_add_text (json, "old-mode", aak_mode_name (step->old_mode));
  if (step->hash != NULL)
    aak_json_add_text (json, "hash", step->hash);
  if (step->reason != NULL)
    aak_json_add_text (json, "reason", step->reason);
  if (step->wearers != NULL)
    add_wearers (json, pods, step->wearers);
  if (texts != NULL)
    aak_plan_texts_add (texts, step, json);
  aak_json_add_flag (json, "proved", step->hash != NULL);
  aak_json_end_object (json);
}

static void
add_seccomp_step (AakJson *json, const AakPlanTexts *texts, const AakStep *step)
{
  aak_json_begin_object (json);
  aak_json_add_text (json, "name", step->name);
  aak_json_add_text (json, "action", aak_action_name (step->action));
  aak_json_add_bytes (json, "dir", step->dir);
  if (step->hash != NULL)
    aak_json_add_text (json, "hash", step->hash);
  if (step->reason != NULL)
    aak_json_add_text (json, "reason", step->reason);
  if (texts != NULL)
    aak_plan_texts_add (texts, step, json);
  aak_json_add_flag (json, "proved", step->hash != NULL);
  aak_json_end_object (json);
}

static gboolean
any_worn (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->wearers != NULL && step->wearers->len > 0)
        return TRUE;
    }
  return FALSE;
}

static void
print_json (AakCli *cli, GPtrArray *steps, const AakPlanTexts *texts, gboolean done)
{
  g_autoptr (AakJson) json = aak_json_new ();
  g_autoptr (AakPods) pods = any_worn (steps) ? aak_pods_new (aak_cli_root (cli)) : NULL;
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/apply/1");
  aak_json_add_flag (json, "changed", done && aak_plan_changes (steps) > 0);
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  g_autoptr (GPtrArray) kernel = aak_plan_of_kind (steps, AAK_KIND_APPARMOR);
  g_autoptr (GPtrArray) seccomp = aak_plan_of_kind (steps, AAK_KIND_SECCOMP);
  for (guint i = 0; i < kernel->len; i++)
    add_step (json, pods, texts, kernel->pdata[i]);
  aak_json_end_array (json);
  aak_json_set_member_name (json, "seccomp");
  aak_json_begin_array (json);
  for (guint i = 0; i < seccomp->len; i++)
    add_seccomp_step (json, texts, seccomp->pdata[i]);
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

void
aak_report_steps (AakCli *cli, GPtrArray *steps, gboolean done)
{
  if (aak_cli_json (cli))
    print_json (cli, steps, NULL, done);
  else
    print_text (cli, steps, done);
}

gboolean
aak_report_plan_texts (AakCli *cli, GPtrArray *steps, GError **error)
{
  const char *root = aak_cli_root (cli);
  g_autoptr (AakStore) store = aak_store_read (root, error);
  g_autoptr (AakPlanTexts) texts =
      store != NULL ? aak_plan_texts_read (root, steps, store, error) : NULL;
  if (texts == NULL)
    return FALSE;
  print_json (cli, steps, texts, FALSE);
  return TRUE;
}
