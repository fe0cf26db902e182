/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn merge: the union of states over replicas, nodes and runs. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/label.h"
#include "learn/merge-report.h"
#include "learn/state-names.h"
#include "learn/state-reader.h"
#include "learn/state.h"
#include "learn/union-set.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/file-set.h"
#include "lib/fs.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *output;
  char *list;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->output);
  g_free (options->list);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Where the union goes: a file or - for one label, a directory (that exists, or ends with /) "
      "for any number",
      "FILE|DIR" },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &options->list,
      "Also the states and directories that FILE names, one a line; - is standard input", "FILE" },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "STATE|DIR... -o FILE|DIR",
                      "  aa-learn merge node-a/ node-b/ -o all/\n"
                      "  find nodes -name 'k8s-web.learned.yaml' | "
                      "aa-learn merge --from - -o k8s-web.learned.yaml\n",
                      argc, argv, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2 && options->list == NULL)
    why = "name at least one state, or a directory of them";
  else if (options->output == NULL || *options->output == '\0')
    why = "say with -o FILE or -o DIR where the union goes";
  else if (strcmp (options->output, "-") == 0 && aak_cli_json (cli))
    why = "-o - prints the state, and --json would print something else";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* --- where it goes --------------------------------------------------------------------------- */

static gboolean
is_directory (const char *output)
{
  return g_str_has_suffix (output, "/") || g_file_test (output, G_FILE_TEST_IS_DIR);
}

static gboolean
refuse_labels (GList *labels, const char *output, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  for (GList *l = labels; l != NULL; l = l->next)
    {
      g_autofree char *label = aak_escape (l->data, strlen (l->data));
      g_string_append_printf (all, "%s%s", l == labels ? "" : ", ", label);
    }
  g_autofree char *shown = aak_escape (output, strlen (output));
  g_set_error (
      error, AAK_ERROR, AAK_ERROR_USAGE,
      "the states are of several labels (%s), and %s holds one: name a directory (-o DIR/)",
      all->str, shown);
  return FALSE;
}

static char *
path_in (const char *dir, const char *label, GError **error)
{
  g_autofree char *file = aak_label_file_name (label);
  if (file == NULL)
    {
      g_autofree char *shown = aak_escape (label, strlen (label));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "the label '%s' cannot name a file", shown);
      return NULL;
    }
  g_autofree char *name = g_strconcat (file, AAK_STATE_SUFFIX, NULL);
  return g_build_filename (dir, name, NULL);
}

/* A file that somebody made to be written to. */
static gboolean
is_empty (const char *path)
{
  GStatBuf st;
  return g_stat (path, &st) == 0 && S_ISREG (st.st_mode) && st.st_size == 0;
}

/* TRUE where all that was allowed by hand in @old is so in @sum. */
static gboolean
keeps_allowed (const AakObservations *old, const AakObservations *sum)
{
  const GPtrArray *ids = aak_allow_list_ids (aak_observations_allow_list (old));
  for (guint i = 0; i < ids->len; i++)
    if (!aak_allow_list_has (aak_observations_allow_list (sum), ids->pdata[i]))
      return FALSE;
  return TRUE;
}

/* Every run that the state at @path has must be in the union, and what it allows: what is
 * overwritten is not to be lost. */
static gboolean
check_overwritten (const char *path, const AakObservations *sum, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (AakObservations) old = aak_state_read (path, &local);
  if (old == NULL && (g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND) || is_empty (path)))
    return TRUE;
  if (old == NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "is not overwritten: ");
      return FALSE;
    }
  g_autoptr (GHashTable) runs = g_hash_table_new (g_str_hash, g_str_equal);
  guint missing = 0;
  for (guint i = 0; i < aak_observations_n_runs (sum); i++)
    g_hash_table_add (runs, aak_observations_get_run (sum, i)->id);
  for (guint i = 0; i < aak_observations_n_runs (old); i++)
    missing += !g_hash_table_contains (runs, aak_observations_get_run (old, i)->id);
  if (missing == 0 && strcmp (aak_observations_label (old), aak_observations_label (sum)) == 0
      && keeps_allowed (old, sum))
    return TRUE;
  g_set_error (
      error, AAK_ERROR, AAK_ERROR_INVALID,
      "%s is not overwritten: %u of its %u runs, its label, or what it allows by hand is not "
      "in the union; name it among the states, or remove it",
      shown, missing, aak_observations_n_runs (old));
  return FALSE;
}

/* --- the union ------------------------------------------------------------------------------- */

static gboolean
make_outcome (const AakUnion *one, const char *label, const Options *options, AakMergeOutcome *out,
              GError **error)
{
  out->sum = aak_merge_result (one->merge);
  out->states = one->states;
  for (guint i = 0; i < aak_observations_n_runs (out->sum); i++)
    {
      const AakRun *run = aak_observations_get_run (out->sum, i);
      out->incomplete += !aak_account_is_complete (&run->account);
      out->left_out += run->over_limit > 0;
    }
  if (is_directory (options->output))
    out->path = path_in (options->output, label, error);
  else if (strcmp (options->output, "-") != 0)
    out->path = g_strdup (options->output);
  if (out->path == NULL && strcmp (options->output, "-") != 0)
    return FALSE;
  if (out->path != NULL && !check_overwritten (out->path, out->sum, error))
    return FALSE;
  out->yaml = aak_state_to_yaml (out->sum);
  if (g_bytes_get_size (out->yaml) <= AAK_STATE_MAX_BYTES)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
               "%s: the union would take more than %u MiB, which is what a state may have", label,
               AAK_STATE_MAX_BYTES >> 20);
  return FALSE;
}

static GArray *
make_outcomes (const AakUnionSet *set, const Options *options, GError **error)
{
  g_autoptr (GList) labels = aak_union_set_labels (set);
  g_autoptr (GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (AakMergeOutcome));
  g_array_set_clear_func (outcomes, aak_merge_outcome_clear);
  if (labels->next != NULL && !is_directory (options->output))
    {
      refuse_labels (labels, options->output, error);
      return NULL;
    }
  for (GList *l = labels; l != NULL; l = l->next)
    {
      AakMergeOutcome outcome = { 0 };
      gboolean made =
          make_outcome (aak_union_set_get (set, l->data), l->data, options, &outcome, error);
      g_array_append_val (outcomes, outcome);
      if (!made)
        return NULL;
    }
  return g_steal_pointer (&outcomes);
}

/* --- writing --------------------------------------------------------------------------------- */

static gboolean
write_directory (const char *dir, GArray *outcomes, GError **error)
{
  g_autoptr (AakFileSet) set = aak_file_set_new ();
  for (guint i = 0; i < outcomes->len; i++)
    {
      const AakMergeOutcome *outcome = &g_array_index (outcomes, AakMergeOutcome, i);
      g_autofree char *name = g_path_get_basename (outcome->path);
      aak_file_set_add (set, name, outcome->yaml);
    }
  return aak_file_set_write (set, dir, error);
}

static gboolean
write_outcomes (AakCli *cli, const char *output, GArray *outcomes, GError **error)
{
  if (is_directory (output))
    return aak_fs_make_dir (output, error) && write_directory (output, outcomes, error);
  gsize len = 0;
  const AakMergeOutcome *outcome = &g_array_index (outcomes, AakMergeOutcome, 0);
  const char *data = g_bytes_get_data (outcome->yaml, &len);
  if (outcome->path != NULL)
    return aak_fs_write (output, data, len, 0644, error);
  aak_cli_out (cli, "%.*s", (int) len, data);
  return TRUE;
}

/* --- the verb -------------------------------------------------------------------------------- */

int
aak_cmd_merge (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (GPtrArray) paths = aak_state_names (argv + 1, options.list, error);
  if (paths == NULL)
    return AAK_EXIT_FAILED;
  g_autoptr (AakUnionSet) set = aak_union_set_read (cli, paths, error);
  if (set == NULL)
    return AAK_EXIT_FAILED;
  if (is_directory (options.output)
      && (!aak_fs_make_dir (options.output, error)
          || !aak_file_set_recover (options.output, error)))
    return AAK_EXIT_FAILED;
  g_autoptr (GArray) outcomes = make_outcomes (set, &options, error);
  if (outcomes == NULL || !write_outcomes (cli, options.output, outcomes, error))
    return AAK_EXIT_FAILED;
  aak_merge_tell (cli, outcomes);
  return AAK_EXIT_OK;
}
