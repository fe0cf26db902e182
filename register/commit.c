/* SPDX-License-Identifier: GPL-2.0-or-later
 * The order of a plan's writes, and their undoing. */
#include "config.h"

#include "register/commit.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "register/plan.h"
#include "register/seal.h"
#include "register/seccomp-files.h"
#include "register/texts.h"
#include "register/transaction.h"

#include <string.h>

/* One refusal refuses all: a bundle is applied whole or not at all. */
static gboolean
check_refusals (GPtrArray *steps, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_REFUSE)
        continue;
      g_autofree char *shown = aak_escape (step->name, strlen (step->name));
      g_string_append_printf (text, "%sprofile \"%s\": %s", text->len > 0 ? "\n" : "", shown,
                              step->reason);
    }
  if (text->len == 0)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY, "%s\nnothing was changed", text->str);
  return FALSE;
}

/* --- what is registered, and the texts ------------------------------------------------------- */

static gboolean
is_registering (const AakStep *step)
{
  return step->policy != NULL && step->owned;
}

/* What is registered once @steps are carried out. Until then what goes is registered too: a run
 * that is killed in between finds it to be its own. */
static AakStore *
register_steps (const AakStore *store, GPtrArray *steps)
{
  AakStore *next = aak_store_copy (store);
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (is_registering (step))
        aak_store_put (next, step->policy);
      if (step->file != NULL && step->owned)
        aak_store_put_seccomp (next, step->file, step->dir);
    }
  return next;
}

static void
forget_steps (AakStore *store, GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_PRUNE)
        continue;
      if (step->kind == AAK_KIND_SECCOMP)
        aak_store_drop_seccomp (store, step->name);
      else
        aak_store_drop (store, step->name);
    }
}

/* Removes the texts that @store has and @last, what is registered at the end, has no more. */
static gboolean
remove_texts (AakCli *cli, AakTexts *texts, AakStore *store, AakStore *last, GError **error)
{
  g_autoptr (GHashTable) wanted = aak_texts_names (last);
  GPtrArray *entries = aak_store_entries (store);
  for (guint i = 0; i < entries->len; i++)
    {
      const AakStoreEntry *entry = entries->pdata[i];
      gboolean kept = FALSE;
      if (g_hash_table_contains (wanted, entry->text_name))
        continue;
      if (!aak_texts_remove (texts, entry, &kept, error))
        return FALSE;
      if (kept)
        aak_cli_warn (cli, "/etc/apparmor.d/%s was changed by somebody else and stays",
                      entry->text_name);
    }
  return TRUE;
}

static gboolean
install_texts (AakCli *cli, AakTexts *texts, GPtrArray *steps, const AakStore *store,
               GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      gboolean changed = FALSE;
      if (!is_registering (step) || step->text == AAK_ACTION_KEEP)
        continue;
      if (!aak_texts_install (texts, step->policy, aak_store_find (store, step->name), &changed,
                              error))
        return FALSE;
      if (changed)
        aak_cli_warn (cli,
                      "/etc/apparmor.d/%s was changed or removed by somebody, and is written anew: "
                      "it is a copy of what is registered",
                      step->policy->text_name);
    }
  return aak_texts_finish (texts, error);
}

/* --- the order ------------------------------------------------------------------------------- */

typedef struct
{
  AakCli *cli;
  AakLsm *lsm;
  GPtrArray *steps;
  GPtrArray *kernel; /* those of them that are about the kernel */
  AakStore *store;   /* what was registered before */
  AakTexts *texts;
  AakFileChanges *seccomp;
  gboolean began; /* the kernel may have been changed */
  AakUndo *undo;  /* NULL: it is not */
} Commit;

static void
commit_clear (Commit *commit)
{
  g_clear_pointer (&commit->kernel, g_ptr_array_unref);
  g_clear_pointer (&commit->texts, aak_texts_free);
  g_clear_pointer (&commit->seccomp, aak_file_changes_free);
  g_clear_pointer (&commit->undo, aak_undo_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Commit, commit_clear)

/* Removes what killed runs left behind. */
static void
sweep (const Commit *commit, AakStore *next)
{
  g_autoptr (GHashTable) names = aak_texts_names (next);
  aak_store_sweep (commit->store);
  aak_texts_sweep (commit->texts, names);
  aak_seccomp_files_sweep (aak_cli_root (commit->cli), next);
}

/* Places seccomp profiles, and removes those that go. */
static gboolean
run_seccomp (const Commit *commit, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  if (!aak_seccomp_files_run (aak_cli_root (commit->cli), commit->steps, commit->store,
                              commit->seccomp, kept, error))
    return FALSE;
  for (guint i = 0; i < kept->len; i++)
    {
      const char *path = kept->pdata[i];
      g_autofree char *shown = aak_escape (path, strlen (path));
      aak_cli_warn (commit->cli, "%s was changed by somebody else and stays", shown);
    }
  return TRUE;
}

/* Who may not write texts, another user than root or one with a read-only /etc, registers all the
 * same, and is told what that means: TRUE, and @error is cleared. */
static gboolean
go_without_texts (const Commit *commit, GError **error)
{
  if (!aak_texts_are_refused (aak_cli_root (commit->cli)))
    return FALSE;
  g_clear_error (error);
  aak_plan_leave_texts (commit->steps);
  if (aak_plan_changes (commit->steps) > 0)
    aak_cli_warn (commit->cli,
                  "no texts are kept in /etc/apparmor.d, which this user may not write: "
                  "aa-remove-unknown would unload the profiles");
  return TRUE;
}

/* While the kernel takes policy in, nothing else can be told. */
static void
draw_load (const Commit *commit)
{
  guint number = 0;
  gsize size = 0;
  if (!aak_cli_live (commit->cli))
    return;
  for (guint i = 0; i < commit->kernel->len; i++)
    {
      const AakStep *step = commit->kernel->pdata[i];
      number += aak_plan_loads (step);
      size += aak_plan_loads (step) ? g_bytes_get_size (step->policy->blob) : 0;
    }
  g_autofree char *line =
      g_strdup_printf ("loading %u profiles, %" G_GSIZE_FORMAT " KiB, in one write", number,
                       (size + 1023) / 1024);
  aak_cli_progress (commit->cli, number > 1 ? line : "");
}

/* Ownership goes to the disk before, and is given up after, the kernel changes; the texts and the
 * seccomp profiles, which a full disk may refuse, change before it does. */
static gboolean
go_forward (Commit *commit, GError **error)
{
  g_autoptr (AakStore) next = register_steps (commit->store, commit->steps);
  g_autoptr (AakStore) last = aak_store_copy (next);
  forget_steps (last, commit->steps);
  sweep (commit, next);
  if (!remove_texts (commit->cli, commit->texts, commit->store, last, error)
      && !go_without_texts (commit, error))
    return FALSE;
  if (!aak_store_write (next, error))
    return FALSE;
  if (!install_texts (commit->cli, commit->texts, commit->steps, commit->store, error)
      && !go_without_texts (commit, error))
    return FALSE;
  if (!run_seccomp (commit, error))
    return FALSE;
  commit->began = TRUE;
  draw_load (commit);
  commit->undo = aak_transaction_run (commit->lsm, commit->kernel, error);
  return commit->undo != NULL && aak_store_write (last, error);
}

static void
add_to_message (GError **error, const char *text)
{
  char *message = g_strdup_printf ("%s; %s", (*error)->message, text);
  g_free ((*error)->message);
  (*error)->message = message;
}

/* Tells what could not be put back. */
static void
tell_left (GError **error, const char *what, const GError *why)
{
  g_autofree char *text = g_strdup_printf (
      "%s could NOT be put back as it was (%s): the next run that succeeds puts it "
      "right",
      what, why->message);
  add_to_message (error, text);
}

static void
go_back (Commit *commit, GError **error)
{
  g_autoptr (GError) texts = NULL, store = NULL, seccomp = NULL;
  if (!commit->began)
    add_to_message (error, "the kernel was not touched");
  else if (commit->undo != NULL)
    aak_undo_run (commit->undo, error);
  if (!aak_texts_undo (commit->texts, &texts))
    tell_left (error, "a text in /etc/apparmor.d", texts);
  if (!aak_file_changes_undo (commit->seccomp, &seccomp))
    tell_left (error, "a seccomp profile", seccomp);
  if (!aak_store_restore (commit->store, &store))
    tell_left (error, "what is registered", store);
}

gboolean
aak_commit_run (AakCli *cli, AakLsm *lsm, GPtrArray *steps, AakStore *store, GError **error)
{
  if (!check_refusals (steps, error) || !aak_seal_break (aak_cli_root (cli), error))
    return FALSE;
  g_auto (Commit) commit = { .cli = cli, .lsm = lsm, .steps = steps, .store = store };
  commit.kernel = aak_plan_of_kind (steps, AAK_KIND_APPARMOR);
  commit.texts = aak_texts_new (aak_cli_root (cli));
  commit.seccomp = aak_file_changes_new ();
  GError *local = NULL;
  if (go_forward (&commit, &local))
    return TRUE;
  go_back (&commit, &local);
  g_propagate_error (error, local);
  return FALSE;
}
