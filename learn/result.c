/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing states and profiles. */
#include "config.h"

#include "learn/result.h"

#include "learn/base-option.h"
#include "learn/child-note.h"
#include "learn/exec-option.h"
#include "learn/label.h"
#include "learn/merge.h"
#include "learn/patch-file.h"
#include "learn/profile-writer.h"
#include "learn/refine.h"
#include "learn/self-check.h"
#include "learn/resume.h"
#include "learn/syscall-result.h"
#include "learn/state.h"
#include "learn/summary.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/file-set.h"
#include "lib/fs.h"

#include <glib/gstdio.h>
#include <string.h>

struct AakResult
{
  AakCli *cli;
  AakResultOptions options;
  GPtrArray *killed;     /* states (AakObservations*) of recordings that were killed, or NULL */
  gboolean checkpointed; /* there are states of labels without an event */
  gboolean made_dir;     /* the directory was not there before */
  GHashTable *older;     /* label -> AakObservations that were in the directory, or NULL */
};

void
aak_result_free (AakResult *result)
{
  if (result->made_dir)
    g_rmdir (result->options.dir); /* refused, and rightly, where something was written */
  g_hash_table_unref (result->older);
  g_clear_pointer (&result->killed, g_ptr_array_unref);
  g_free (result);
}

static void
free_observations (gpointer data)
{
  if (data != NULL)
    aak_observations_free (data);
}

static char *
state_path (const AakResult *result, const char *label)
{
  g_autofree char *file = aak_label_file_name (label);
  g_autofree char *name = g_strconcat (file, AAK_STATE_SUFFIX, NULL);
  return g_build_filename (result->options.dir, name, NULL);
}

static char *
profile_path (const AakResult *result, const char *label)
{
  g_autofree char *file = aak_label_file_name (label);
  return g_build_filename (result->options.dir, file, NULL);
}

/* Reads the state of @label that is in the directory; none is no error. */
static gboolean
read_older (AakResult *result, const char *label, GError **error)
{
  if (g_hash_table_contains (result->older, label))
    return TRUE;
  g_autofree char *path = state_path (result, label);
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, &local);
  g_autoptr (AakObservations) older =
      text != NULL ? aak_state_from_yaml (shown, text, &local) : NULL;
  if (older == NULL && !(text == NULL && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND)))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (older != NULL && strcmp (aak_observations_label (older), label) != 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: is the state of another label, '%s'",
                   shown, aak_observations_label (older));
      return FALSE;
    }
  g_hash_table_insert (result->older, g_strdup (label), g_steal_pointer (&older));
  return TRUE;
}

AakResult *
aak_result_new (AakCli *cli, const AakResultOptions *options, GPtrArray *labels, GError **error)
{
  g_autoptr (AakResult) result = g_new0 (AakResult, 1);
  result->cli = cli;
  result->options = *options;
  result->older = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_observations);
  result->made_dir = !g_file_test (options->dir, G_FILE_TEST_EXISTS);
  if (!aak_fs_check_writable (options->dir, error) || !aak_file_set_recover (options->dir, error))
    return NULL;
  for (guint i = 0; i < labels->len; i++)
    if (!read_older (result, g_ptr_array_index (labels, i), error))
      return NULL;
  return g_steal_pointer (&result);
}

const AakObservations *
aak_result_older (const AakResult *result, const char *label)
{
  return g_hash_table_lookup (result->older, label);
}

/* What a label comes to: what was known before and what this recording saw, as one. */
typedef struct
{
  AakObservations *seen;
  AakObservations *whole; /* @seen where that is all, or @sum */
  AakObservations *sum;
  guint64 over_limit;  /* events that were seen, and for which the sum had no room */
  AakProfile *profile; /* NULL until generalise_all(), as is the trace */
  GArray *trace;
} Outcome;

static void
outcome_clear (gpointer data)
{
  Outcome *outcome = data;
  g_clear_pointer (&outcome->sum, aak_observations_free);
  g_clear_pointer (&outcome->trace, g_array_unref);
  g_clear_pointer (&outcome->profile, aak_profile_free);
}

static gboolean
combine (AakResult *result, Outcome *outcome, GError **error)
{
  const char *label = aak_observations_label (outcome->seen);
  if (!read_older (result, label, error))
    return FALSE;
  const AakObservations *older = g_hash_table_lookup (result->older, label);
  outcome->whole = outcome->seen;
  if (older == NULL)
    return TRUE;
  g_autofree char *path = state_path (result, label);
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (AakMerge) merge = aak_merge_new (label);
  if (!aak_merge_add (merge, shown, older, NULL, error)
      || !aak_merge_add (merge, "this recording", outcome->seen, &outcome->over_limit, error))
    return FALSE;
  outcome->whole = outcome->sum = aak_merge_end (merge);
  return TRUE;
}

static gboolean
has_events (const AakObservations *observations)
{
  return aak_observations_get_run (observations, 0)->events > 0;
}

/* The outcomes (Outcome) of the labels that had events, or, @all, of all labels; NULL with an
 * error.
 */
static GArray *
collect (AakResult *result, GPtrArray *subjects, gboolean all, GError **error)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
  g_array_set_clear_func (outcomes, outcome_clear);
  for (guint i = 0; i < subjects->len; i++)
    {
      Outcome outcome = { .seen = g_ptr_array_index (subjects, i) };
      if (!all && !has_events (outcome.seen))
        continue;
      if (!combine (result, &outcome, error))
        return NULL;
      g_array_append_val (outcomes, outcome);
    }
  return g_steal_pointer (&outcomes);
}

static gboolean
write_states (AakResult *result, GArray *outcomes, GError **error)
{
  g_autoptr (AakFileSet) set = aak_file_set_new ();
  for (guint i = 0; i < outcomes->len; i++)
    {
      const AakObservations *whole = g_array_index (outcomes, Outcome, i).whole;
      g_autofree char *path = state_path (result, aak_observations_label (whole));
      g_autofree char *name = g_path_get_basename (path);
      g_autoptr (GBytes) yaml = aak_state_to_yaml (whole);
      aak_file_set_add (set, name, yaml);
    }
  return aak_file_set_write (set, result->options.dir, error);
}

gboolean
aak_result_checkpoint (AakResult *result, AakRecorder *recorder, GError **error)
{
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (recorder->attribution);
  g_autoptr (GArray) outcomes = collect (result, subjects, TRUE, error);
  result->checkpointed = TRUE;
  return outcomes != NULL && write_states (result, outcomes, error);
}

/* Puts back what was there before of the labels that a checkpoint was written for, and that had no
 * event. */
static gboolean
undo_empty (AakResult *result, GPtrArray *subjects, GError **error)
{
  for (guint i = 0; result->checkpointed && i < subjects->len; i++)
    {
      const AakObservations *seen = g_ptr_array_index (subjects, i);
      if (has_events (seen))
        continue;
      g_autofree char *path = state_path (result, aak_observations_label (seen));
      const AakObservations *older =
          g_hash_table_lookup (result->older, aak_observations_label (seen));
      if (older == NULL || aak_observations_n_runs (older) == 0)
        {
          g_unlink (path);
          continue;
        }
      g_autoptr (GBytes) yaml = aak_state_to_yaml (older);
      gsize len = 0;
      const void *data = g_bytes_get_data (yaml, &len);
      if (!aak_fs_write (path, data, len, 0644, error))
        return FALSE;
    }
  return TRUE;
}

/* --- a recording that was killed ------------------------------------------------------------- */

static gboolean
is_wanted (const AakResult *result, const AakObservations *state, const AakRun *run,
           const AakPodWatch *pods)
{
  if (g_hash_table_contains (result->older, aak_observations_label (state)))
    return TRUE;
  for (guint i = 0; pods != NULL && i < run->pods->len; i++)
    if (aak_pod_watch_wants (pods, g_ptr_array_index (run->pods, i)))
      return TRUE;
  return FALSE;
}

const AakRun *
aak_result_unfinished (AakResult *result, const AakRunStamp *stamp, const AakPodWatch *pods)
{
  const AakRun *newest = NULL;
  g_clear_pointer (&result->killed, g_ptr_array_unref);
  result->killed = aak_resume_scan (result->options.dir);
  for (guint i = 0; i < result->killed->len; i++)
    {
      const AakObservations *state = g_ptr_array_index (result->killed, i);
      const AakRun *run = aak_resume_find (state, stamp);
      if (run != NULL && is_wanted (result, state, run, pods)
          && (newest == NULL || run->start > newest->start))
        newest = run;
    }
  return newest;
}

gboolean
aak_result_go_on (AakResult *result, AakAttribution *attribution, const AakRun *run, GError **error)
{
  for (guint i = 0; i < result->killed->len; i++)
    {
      const AakObservations *state = g_ptr_array_index (result->killed, i);
      const char *label = aak_observations_label (state);
      if (!aak_resume_has (state, run))
        continue;
      if (!aak_attribution_follow (attribution, label, error))
        return FALSE;
      AakObservations *rest =
          aak_resume_move (state, run, aak_attribution_get (attribution, label));
      g_hash_table_insert (result->older, g_strdup (label), rest);
    }
  return TRUE;
}

void
aak_result_close_unfinished (AakResult *result, const char *node)
{
  GHashTableIter iter;
  gpointer state;
  g_hash_table_iter_init (&iter, result->older);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    for (guint i = 0; state != NULL && i < aak_observations_n_runs (state); i++)
      {
        AakRun *run = aak_observations_get_run (state, i);
        if (strcmp (run->node, node) == 0)
          g_clear_pointer (&run->position, aak_position_free);
      }
}

/* --- profiles -------------------------------------------------------------------------------- */

/* What an enforced profile denies is no whole picture of an application, and what seccomp tells
 * none of its accesses. */
static gboolean
is_denials_only (const AakObservations *whole)
{
  for (guint i = 0; i < aak_observations_n_runs (whole); i++)
    {
      const AakRun *run = aak_observations_get_run (whole, i);
      if (run->events > run->denied + run->syscalls)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_syscalls_only (const AakObservations *whole)
{
  for (guint i = 0; i < aak_observations_n_runs (whole); i++)
    {
      const AakRun *run = aak_observations_get_run (whole, i);
      if (run->events > run->syscalls)
        return FALSE;
    }
  return TRUE;
}

/* The base that the rules for @label join, or NULL. */
static const AakBase *
base_of (const AakResult *result, const char *label)
{
  const AakBase *base = result->options.base;
  return base != NULL && strcmp (aak_base_label (base), label) == 0 ? base : NULL;
}

static gboolean
is_base (const AakBase *base, const char *text)
{
  gsize len = 0;
  const char *own = base != NULL ? g_bytes_get_data (aak_base_text (base)->text, &len) : NULL;
  return own != NULL && strlen (text) == len && memcmp (text, own, len) == 0;
}

/* TRUE where @text is what comes of @older in one of the ways to write it. */
static gboolean
is_text_of (const AakObservations *older, gboolean exact, gboolean children, const char *text)
{
  g_autoptr (GArray) unused = NULL;
  g_autoptr (AakProfile) profile = aak_exec_option_generalise (older, exact, children, &unused);
  for (AakAbi abi = AAK_ABI_3_0; abi <= AAK_ABI_4_0_IP; abi++)
    {
      aak_writable_set_abi (profile, abi);
      g_autofree char *made = aak_profile_to_text (profile);
      if (strcmp (made, text) == 0)
        return TRUE;
    }
  return FALSE;
}

/* TRUE where the profile at @path is there and is neither the base that was named, nor what we made
 * of the older state: somebody's own words. */
static gboolean
is_edited (const AakResult *result, const char *label, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  if (!g_file_get_contents (path, &found, NULL, &error))
    return !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  if (is_base (base_of (result, label), found))
    return FALSE;
  const AakObservations *older = g_hash_table_lookup (result->older, label);
  int ways = older == NULL ? 0 : aak_observations_has_children (older) ? 4 : 2;
  for (int way = 0; way < ways; way++)
    if (is_text_of (older, (way & 1) != 0, (way & 2) != 0, found))
      return FALSE;
  return TRUE;
}

/* Of the file @path, or that of a new one. */
static guint
mode_of (const char *path)
{
  GStatBuf found;
  gboolean there = g_lstat (path, &found) == 0 && S_ISREG (found.st_mode);
  return there ? found.st_mode & 0777 : 0644;
}

/* Writes @text, of @len bytes, as the profile of @label, and gives the path that it went to, or
 * NULL with an error. */
static char *
write_text (AakResult *result, const char *label, const char *text, gsize len, GError **error)
{
  g_autofree char *path = profile_path (result, label);
  if (is_edited (result, label, path))
    {
      g_autofree char *shown = aak_escape (path, strlen (path));
      aak_cli_warn (
          result->cli,
          "%s was not written by aa-learn, or edited since: it stays, and the new profile goes to "
          "%s.new",
          shown, shown);
      g_autofree char *other = g_strconcat (path, ".new", NULL);
      g_free (path);
      path = g_steal_pointer (&other);
    }
  return aak_fs_write (path, text, len, mode_of (path), error) ? g_steal_pointer (&path) : NULL;
}

/* The same for a profile of its own, once it is proved. */
static char *
write_profile (AakResult *result, const Outcome *outcome, AakSelfCheck *out_check, GError **error)
{
  g_autofree char *text = aak_profile_to_text (outcome->profile);
  if (!result->options.no_check
      && !aak_self_check_make (outcome->profile, outcome->trace, text, out_check, error))
    return NULL;
  return write_text (result, outcome->profile->label, text, strlen (text), error);
}

/* The same for the base with what it lacks, which becomes the profile of @outcome. */
static char *
write_refined (AakResult *result, Outcome *outcome, AakSelfCheck *out_check, GError **error)
{
  const AakBase *base = result->options.base;
  gboolean exact = result->options.exact;
  g_autoptr (AakRefined) refined =
      result->options.children ? aak_refine_with_children (base, outcome->whole, exact, error)
                               : aak_refine (base, outcome->whole, exact, error);
  if (refined == NULL)
    return NULL;
  aak_base_option_report (result->cli, base, refined);
  g_clear_pointer (&outcome->trace, g_array_unref);
  g_clear_pointer (&outcome->profile, aak_profile_free);
  outcome->profile = g_steal_pointer (&refined->added);
  *out_check = (AakSelfCheck){ refined->accesses, refined->denied, refined->not_asked, NULL };
  gsize len = 0;
  const char *text = g_bytes_get_data (refined->text, &len);
  return write_text (result, aak_base_label (base), text, len, error);
}

static void
explain_denials (AakResult *result, const char *label)
{
  g_autofree char *base = aak_base_option_suggest (aak_cli_root (result->cli), label);
  aak_cli_warn (
      result->cli,
      "%s: all of its events are denials of an enforced profile: they are in the state, and "
      "no profile is written from denials alone; --base %s adds what they need to the text "
      "of that profile",
      label, base != NULL ? base : "PROFILE");
}

/* Why there is no profile of @whole. */
static void
explain_partial (AakResult *result, const AakObservations *whole)
{
  const char *label = aak_observations_label (whole);
  if (is_syscalls_only (whole))
    aak_cli_note (result->cli,
                  "%s: all of its events are system calls: they make no AppArmor profile", label);
  else
    explain_denials (result, label);
}

static gboolean
finish_label (AakResult *result, Outcome *outcome, AakSummary *summary, gboolean *out_finding,
              GError **error)
{
  const char *label = aak_observations_label (outcome->whole);
  const AakBase *base = base_of (result, label);
  g_autofree char *state = state_path (result, label);
  g_autofree char *path = NULL;
  g_auto (AakSelfCheck) check = { 0 };
  g_autofree char *seccomp = NULL;
  gboolean partial = base == NULL && is_denials_only (outcome->whole);
  if (!result->options.state_only && partial)
    explain_partial (result, outcome->whole);
  else if (!result->options.state_only)
    {
      path = base != NULL ? write_refined (result, outcome, &check, error)
                          : write_profile (result, outcome, &check, error);
      if (path == NULL)
        return FALSE;
    }
  if (!result->options.state_only
      && !aak_syscall_result_write (result->cli, result->options.dir, outcome->whole,
                                    aak_result_older (result, label), result->options.exact,
                                    &seccomp, out_finding, error))
    return FALSE;
  if (result->options.children)
    aak_child_note (result->cli, outcome->whole);
  AakRun run = *aak_observations_get_run (outcome->seen, 0);
  run.over_limit += outcome->over_limit;
  g_autofree char *patch = NULL;
  const AakPatchFile where = { result->options.dir, aak_result_older (result, label),
                               result->options.kubernetes };
  if (path != NULL && !aak_patch_file_write (result->cli, &where, outcome->whole, &patch, error))
    return FALSE;
  gboolean checked = path != NULL && !result->options.no_check;
  aak_summary_add (summary, &run, outcome->whole, outcome->profile, checked ? &check : NULL, state,
                   path);
  aak_summary_set_seccomp (summary, seccomp);
  aak_summary_add_patch (summary, patch);
  return TRUE;
}

/* --- all labels ------------------------------------------------------------------------------ */

typedef struct
{
  GArray *outcomes;
  const AakResultOptions *options;
} Generalising;

static gpointer
generalise_all (gpointer data)
{
  const Generalising *work = data;
  for (guint i = 0; i < work->outcomes->len; i++)
    {
      Outcome *outcome = &g_array_index (work->outcomes, Outcome, i);
      outcome->profile = aak_exec_option_generalise (outcome->whole, work->options->exact,
                                                     work->options->children, &outcome->trace);
      aak_writable_set_abi (outcome->profile, work->options->abi);
    }
  return NULL;
}

static void
weigh (AakResult *result, GArray *outcomes)
{
  for (guint i = 0; result->options.images != NULL && i < outcomes->len; i++)
    aak_images_weigh (result->options.images, g_array_index (outcomes, Outcome, i).whole);
}

/* Makes the profiles, where they are wanted, while the states are written: neither changes what was
 * seen. */
static gboolean
write_states_and_generalise (AakResult *result, GArray *outcomes, GError **error)
{
  Generalising work = { outcomes, &result->options };
  if (result->options.state_only)
    return write_states (result, outcomes, error);
  GThread *thread = g_thread_try_new ("generalise", generalise_all, &work, NULL);
  gboolean written = write_states (result, outcomes, error);
  if (thread != NULL)
    g_thread_join (thread);
  else
    generalise_all (&work);
  return written;
}

gboolean
aak_result_finish (AakResult *result, AakRecorder *recorder, AakSource *source,
                   gboolean *out_finding, GError **error)
{
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (recorder->attribution);
  g_autoptr (AakSummary) summary = aak_summary_new (result->cli, recorder, source);
  g_autoptr (GArray) outcomes = collect (result, subjects, FALSE, error);
  gboolean omitted = FALSE;
  if (outcomes != NULL)
    weigh (result, outcomes);
  if (outcomes == NULL || !write_states_and_generalise (result, outcomes, error)
      || !undo_empty (result, subjects, error))
    return FALSE;
  for (guint i = 0; i < outcomes->len; i++)
    if (!finish_label (result, &g_array_index (outcomes, Outcome, i), summary, &omitted, error))
      return FALSE;
  if (aak_summary_is_empty (summary))
    return aak_summary_explain_empty (summary, error);
  *out_finding = aak_summary_print (summary) || omitted;
  return TRUE;
}
