/* SPDX-License-Identifier: GPL-2.0-or-later
 * One write, proof, removals, and the way back. */
#include "config.h"

#include "register/transaction.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/lsm-raw.h"
#include "register/plan.h"
#include "register/worn.h"

#include <string.h>

/* What was under a name that the plan changes: a profile or a child. */
typedef struct
{
  char *name;
  gboolean was_loaded;
  AakMode mode; /* where it was loaded, like the following */
  char *hash;   /* that the kernel showed, NULL where it shows none */
  GBytes *raw;  /* what brings it back, NULL where the kernel keeps none */
} Before;

struct AakTransaction
{
  AakLsm *lsm;
  GPtrArray *all; /* of Before, sorted by name: parents before their children */
};

static void
before_free (Before *before)
{
  g_free (before->name);
  g_free (before->hash);
  g_clear_pointer (&before->raw, g_bytes_unref);
  g_free (before);
}

void
aak_transaction_free (AakTransaction *transaction)
{
  g_ptr_array_unref (transaction->all);
  g_free (transaction);
}

static gboolean
is_load (const AakStep *step)
{
  return step->action == AAK_ACTION_ADD || step->action == AAK_ACTION_REPLACE;
}

/* --- what was there -------------------------------------------------------------------------- */

static Before *
before_new (AakLsmRaw *raw, const char *name, const AakLoaded *loaded)
{
  Before *before = g_new0 (Before, 1);
  before->name = g_strdup (name);
  before->was_loaded = loaded != NULL;
  if (loaded == NULL)
    return before;
  before->mode = loaded->mode;
  before->hash = g_strdup (loaded->hash);
  before->raw = aak_lsm_raw_get (raw, loaded);
  return before;
}

/* A profile goes with its children; a child comes back behind its parent. */
static void
remember_family (GPtrArray *all, AakLsmRaw *raw, GPtrArray *actual, const char *name)
{
  const char *child = strstr (name, "//");
  gsize len = child != NULL ? (gsize) (child - name) : strlen (name);
  for (guint i = 0; i < actual->len; i++)
    {
      const AakLoaded *loaded = actual->pdata[i];
      if (strncmp (loaded->name, name, len) == 0
          && (loaded->name[len] == '\0' || g_str_has_prefix (loaded->name + len, "//")))
        g_ptr_array_add (all, before_new (raw, loaded->name, loaded));
    }
}

static void
remember_parts (GPtrArray *all, AakLsmRaw *raw, GPtrArray *actual, const AakPolicy *policy)
{
  for (guint i = 0; i < policy->parts->len; i++)
    {
      const char *name = ((const AakBlobProfile *) policy->parts->pdata[i])->name;
      g_ptr_array_add (all, before_new (raw, name, aak_lsm_find (actual, name)));
    }
}

static int
compare_before (gconstpointer a, gconstpointer b)
{
  const Before *const *left = a, *const *right = b;
  return strcmp ((*left)->name, (*right)->name);
}

static void
sort_once (GPtrArray *all)
{
  g_ptr_array_sort (all, compare_before);
  for (guint i = all->len; i > 1; i--)
    if (compare_before (&all->pdata[i - 1], &all->pdata[i - 2]) == 0)
      g_ptr_array_remove_index (all, i - 1);
}

/* Notes what is loaded under the names that @steps change. */
static gboolean
remember (AakTransaction *transaction, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (transaction->lsm, error);
  g_autoptr (AakLsmRaw) raw = aak_lsm_raw_new ();
  for (guint i = 0; actual != NULL && i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (is_load (step))
        remember_parts (transaction->all, raw, actual, step->policy);
      else if (step->action == AAK_ACTION_PRUNE)
        remember_family (transaction->all, raw, actual, step->name);
    }
  sort_once (transaction->all);
  return actual != NULL;
}

/* --- the way back ---------------------------------------------------------------------------- */

static char *
tell_state (gboolean loaded, AakMode mode, const char *hash)
{
  if (!loaded)
    return g_strdup ("not loaded");
  return g_strdup_printf ("%s, %s", aak_mode_name (mode), hash != NULL ? hash : "no hash");
}

/* How the profile differs from what was there, or NULL. */
static char *
tell_difference (GPtrArray *actual, const Before *before)
{
  const AakLoaded *loaded = aak_lsm_find (actual, before->name);
  if (loaded == NULL && !before->was_loaded)
    return NULL;
  if (loaded != NULL && before->was_loaded && loaded->mode == before->mode
      && g_strcmp0 (loaded->hash, before->hash) == 0)
    return NULL;
  g_autofree char *shown = aak_escape (before->name, strlen (before->name));
  g_autofree char *was = tell_state (before->was_loaded, before->mode, before->hash);
  g_autofree char *now =
      tell_state (loaded != NULL, loaded != NULL ? loaded->mode : AAK_MODE_ENFORCE,
                  loaded != NULL ? loaded->hash : NULL);
  return g_strdup_printf ("\"%s\" (was %s; is %s)", shown, was, now);
}

/* The profiles that are not as they were, or NULL where all are. */
static char *
tell_differences (AakTransaction *transaction)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) actual = aak_lsm_list (transaction->lsm, &error);
  if (actual == NULL)
    return g_strdup_printf ("it cannot be read (%s)", error->message);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < transaction->all->len; i++)
    {
      g_autofree char *difference = tell_difference (actual, transaction->all->pdata[i]);
      if (difference != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", difference);
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* Loads all that was there, whole or not at all. */
static gboolean
put_back (AakTransaction *transaction, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  for (guint i = 0; i < transaction->all->len; i++)
    {
      GBytes *raw = ((const Before *) transaction->all->pdata[i])->raw;
      if (raw != NULL)
        g_byte_array_append (bytes, g_bytes_get_data (raw, NULL), (guint) g_bytes_get_size (raw));
    }
  g_autoptr (GBytes) blob = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return g_bytes_get_size (blob) == 0 || aak_lsm_replace (transaction->lsm, blob, error);
}

/* Takes a profile that was not there before out again, unless a task wears it by now: it would
 * become unconfined. */
static gboolean
take_out (AakLsm *lsm, const char *name, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL || aak_lsm_find (actual, name) == NULL)
    return actual != NULL;
  g_autoptr (GPtrArray) wearers = aak_lsm_wearers (lsm, name, error);
  return wearers != NULL && (wearers->len > 0 || aak_lsm_remove (lsm, name, error));
}

/* The first error of the way back; what differs then is told in any case. */
static void
restore (AakTransaction *transaction, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean ok = put_back (transaction, &local);
  for (guint i = transaction->all->len; i > 0; i--)
    {
      const Before *before = transaction->all->pdata[i - 1];
      if (!before->was_loaded)
        ok = take_out (transaction->lsm, before->name, ok ? &local : NULL) && ok;
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
}

void
aak_transaction_undo (AakTransaction *transaction, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *differ = tell_differences (transaction);
  if (differ != NULL)
    {
      restore (transaction, &why);
      g_free (differ);
      differ = tell_differences (transaction);
    }
  g_autofree char *message =
      differ == NULL
          ? g_strdup_printf ("%s; the kernel holds what it held before", (*error)->message)
          : g_strdup_printf ("%s; the kernel does NOT hold what it held before: %s%s%s",
                             (*error)->message, differ, why != NULL ? "; " : "",
                             why != NULL ? why->message : "");
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

/* --- loading --------------------------------------------------------------------------------- */

static gboolean
prove_step (GPtrArray *actual, AakStep *step, GError **error)
{
  g_autofree char *differs = NULL;
  if (aak_plan_holds (actual, step->policy, &step->hash, &differs))
    return TRUE;
  const AakLoaded *loaded = aak_lsm_find (actual, differs);
  g_autofree char *shown = aak_escape (differs, strlen (differs));
  g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
               "profile \"%s\" was accepted by the kernel, but is not what it holds now (%s, %s)",
               shown, loaded != NULL ? aak_mode_name (loaded->mode) : "not loaded",
               loaded != NULL && loaded->hash != NULL ? loaded->hash : "no hash");
  return FALSE;
}

static gboolean
prove_loads (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AakStep *step = steps->pdata[i];
      if (is_load (step) && !prove_step (actual, step, error))
        return FALSE;
    }
  return TRUE;
}

/* "profile "a"", or "3 profiles ("a" ...)". */
static char *
tell_loads (guint count, const AakStep *first)
{
  g_autofree char *shown = aak_escape (first->name, strlen (first->name));
  if (count == 1)
    return g_strdup_printf ("profile \"%s\"", shown);
  return g_strdup_printf ("%u profiles (\"%s\" ...)", count, shown);
}

static gboolean
load (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const AakStep *first = NULL;
  guint count = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (!is_load (step))
        continue;
      GBytes *blob = step->policy->blob;
      g_byte_array_append (bytes, g_bytes_get_data (blob, NULL), (guint) g_bytes_get_size (blob));
      first = first != NULL ? first : step;
      count++;
    }
  if (count == 0)
    return TRUE;
  g_autoptr (GBytes) all = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  if (aak_lsm_replace (lsm, all, error))
    return prove_loads (lsm, steps, error);
  g_autofree char *what = tell_loads (count, first);
  g_prefix_error (error, "cannot load %s: ", what);
  return FALSE;
}

/* --- unloading ------------------------------------------------------------------------------- */

/* A task may have come to wear it since the plan was made. */
static gboolean
check_unworn (const AakWorn *worn, const AakStep *step, GError **error)
{
  g_autoptr (GPtrArray) wearers = aak_worn_by (worn, step->name);
  if (step->force || wearers->len == 0)
    return TRUE;
  const AakWearer *first = wearers->pdata[0];
  g_autofree char *shown = aak_escape (step->name, strlen (step->name));
  g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
               "profile \"%s\" shall go, but pid %u (%s) has come to wear it", shown, first->pid,
               first->comm);
  return FALSE;
}

static gboolean
prove_removals (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_PRUNE || aak_lsm_find (actual, step->name) == NULL)
        continue;
      g_autofree char *shown = aak_escape (step->name, strlen (step->name));
      g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
                   "profile \"%s\" was removed, but the kernel still holds it", shown);
      return FALSE;
    }
  return TRUE;
}

/* Children before their parents, with which they would go. */
static gboolean
unload (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  if (aak_plan_count (steps, AAK_ACTION_PRUNE) == 0)
    return TRUE;
  g_autoptr (AakWorn) worn = aak_worn_look (lsm, error);
  if (worn == NULL)
    return FALSE;
  for (guint i = steps->len; i > 0; i--)
    {
      const AakStep *step = steps->pdata[i - 1];
      if (step->action == AAK_ACTION_PRUNE && step->was_loaded
          && (!check_unworn (worn, step, error) || !aak_lsm_remove (lsm, step->name, error)))
        return FALSE;
    }
  return prove_removals (lsm, steps, error);
}

AakTransaction *
aak_transaction_run (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (AakTransaction) transaction = g_new0 (AakTransaction, 1);
  transaction->lsm = lsm;
  transaction->all = g_ptr_array_new_with_free_func ((GDestroyNotify) before_free);
  if (aak_plan_changes (steps) == 0)
    return g_steal_pointer (&transaction);
  if (!remember (transaction, steps, error))
    return NULL;
  GError *local = NULL;
  if (load (lsm, steps, &local) && unload (lsm, steps, &local))
    return g_steal_pointer (&transaction);
  aak_transaction_undo (transaction, &local);
  g_propagate_error (error, local);
  return NULL;
}
