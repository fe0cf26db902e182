/* SPDX-License-Identifier: GPL-2.0-or-later
 * The report of aa-learn merge. */
#include "config.h"

#include "learn/merge-report.h"

#include "learn/show-part.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

void
aak_merge_outcome_clear (gpointer data)
{
  AakMergeOutcome *outcome = data;
  g_free (outcome->path);
  g_clear_pointer (&outcome->yaml, g_bytes_unref);
}

static const GPtrArray *
allowed_ids (const AakMergeOutcome *outcome)
{
  return aak_allow_list_ids (aak_observations_allow_list (outcome->sum));
}

/* The ids of what any of the states allows by hand, or NULL. */
static char *
allowed_text (const AakMergeOutcome *outcome)
{
  const GPtrArray *ids = allowed_ids (outcome);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) ids->pdata[i]);
  return ids->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
print_text (AakCli *cli, const AakMergeOutcome *outcome)
{
  const char *label = aak_observations_label (outcome->sum);
  g_autofree char *shown = aak_escape (label, strlen (label));
  g_autofree char *states = aak_count (outcome->states, "state");
  g_autofree char *runs = aak_count (aak_observations_n_runs (outcome->sum), "run");
  g_autofree char *accesses = aak_count (aak_observations_count (outcome->sum), "access");
  g_autofree char *path =
      outcome->path != NULL ? aak_escape (outcome->path, strlen (outcome->path)) : NULL;
  if (path != NULL)
    aak_cli_out (cli, "%s: %s, %s, %s\n  state    %s\n", shown, states, runs, accesses, path);
  else
    aak_cli_note (cli, "%s: %s, %s, %s", shown, states, runs, accesses);
  g_autofree char *allowed = allowed_text (outcome);
  if (allowed != NULL && path != NULL)
    aak_cli_out (cli, "  allowed  %s\n", allowed);
  else if (allowed != NULL)
    aak_cli_note (cli, "%s: allowed by hand: %s", shown, allowed);
}

static void
print_json (AakCli *cli, GArray *outcomes)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/merge/1");
  aak_json_set_member_name (json, "labels");
  aak_json_begin_array (json);
  for (guint i = 0; i < outcomes->len; i++)
    {
      const AakMergeOutcome *outcome = &g_array_index (outcomes, AakMergeOutcome, i);
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "label", aak_observations_label (outcome->sum));
      aak_json_add_uint (json, "states", outcome->states);
      aak_json_add_uint (json, "runs", aak_observations_n_runs (outcome->sum));
      aak_json_add_uint (json, "incomplete", outcome->incomplete);
      aak_json_add_uint (json, "over_limit", outcome->left_out);
      aak_json_add_uint (json, "accesses", aak_observations_count (outcome->sum));
      aak_json_add_texts (json, "allow", allowed_ids (outcome));
      aak_json_add_bytes (json, "state", outcome->path);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

void
aak_merge_tell (AakCli *cli, GArray *outcomes)
{
  if (aak_cli_json (cli))
    print_json (cli, outcomes);
  for (guint i = 0; i < outcomes->len; i++)
    {
      const AakMergeOutcome *outcome = &g_array_index (outcomes, AakMergeOutcome, i);
      const char *label = aak_observations_label (outcome->sum);
      g_autofree char *shown = aak_escape (label, strlen (label));
      if (!aak_cli_json (cli))
        print_text (cli, outcome);
      if (outcome->incomplete > 0)
        aak_cli_warn (cli, "%s: %u of its %u runs lost events, or do not know", shown,
                      outcome->incomplete, aak_observations_n_runs (outcome->sum));
      if (outcome->left_out > 0)
        aak_cli_warn (cli, "%s: %u of its %u runs saw more accesses than they could keep", shown,
                      outcome->left_out, aak_observations_n_runs (outcome->sum));
    }
}
