/* SPDX-License-Identifier: GPL-2.0-or-later
 * Noting what the kernel holds, and bringing it back. */
#include "config.h"

#include "register/undo.h"

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

struct AakUndo
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
aak_undo_free (AakUndo *undo)
{
  g_ptr_array_unref (undo->all);
  g_free (undo);
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

AakUndo *
aak_undo_new (AakLsm *lsm, GPtrArray *steps, GError **error)
{
  g_autoptr (AakUndo) undo = g_new0 (AakUndo, 1);
  undo->lsm = lsm;
  undo->all = g_ptr_array_new_with_free_func ((GDestroyNotify) before_free);
  if (aak_plan_changes (steps) == 0)
    return g_steal_pointer (&undo);
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  g_autoptr (AakLsmRaw) raw = aak_lsm_raw_new ();
  if (actual == NULL)
    return NULL;
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (aak_plan_loads (step))
        remember_parts (undo->all, raw, actual, step->policy);
      else if (step->action == AAK_ACTION_PRUNE)
        remember_family (undo->all, raw, actual, step->name);
    }
  sort_once (undo->all);
  return g_steal_pointer (&undo);
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
tell_differences (AakUndo *undo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) actual = aak_lsm_list (undo->lsm, &error);
  if (actual == NULL)
    return g_strdup_printf ("it cannot be read (%s)", error->message);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < undo->all->len; i++)
    {
      g_autofree char *difference = tell_difference (actual, undo->all->pdata[i]);
      if (difference != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", difference);
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* Loads all that was there, whole or not at all. */
static gboolean
put_back (AakUndo *undo, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  for (guint i = 0; i < undo->all->len; i++)
    {
      GBytes *raw = ((const Before *) undo->all->pdata[i])->raw;
      if (raw != NULL)
        g_byte_array_append (bytes, g_bytes_get_data (raw, NULL), (guint) g_bytes_get_size (raw));
    }
  g_autoptr (GBytes) blob = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return g_bytes_get_size (blob) == 0 || aak_lsm_replace (undo->lsm, blob, error);
}

/* Takes a profile that was not there before out again, unless a task wears it by now, or may: it
 * would become unconfined. */
static gboolean
take_out (AakLsm *lsm, const AakWorn *worn, const char *name, GError **error)
{
  GError *local = NULL;
  if (!aak_worn_check (worn, name, error))
    return FALSE;
  if (aak_lsm_remove (lsm, name, &local) || g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    {
      g_clear_error (&local); /* somebody else took it out */
      return TRUE;
    }
  g_propagate_error (error, local);
  return FALSE;
}

/* Takes out all that was not there, children before their parents. */
static gboolean
take_all_out (AakUndo *undo, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (undo->lsm, error);
  g_autoptr (AakWorn) worn = actual != NULL ? aak_worn_look (undo->lsm, error) : NULL;
  gboolean ok = worn != NULL;
  for (guint i = undo->all->len; worn != NULL && i > 0; i--)
    {
      const Before *before = undo->all->pdata[i - 1];
      if (!before->was_loaded && aak_lsm_find (actual, before->name) != NULL)
        ok = take_out (undo->lsm, worn, before->name, ok ? error : NULL) && ok;
    }
  return ok;
}

/* The first error of the way back; what differs then is told in any case. */
static void
restore (AakUndo *undo, GError **error)
{
  gboolean ok = put_back (undo, error);
  take_all_out (undo, ok ? error : NULL);
}

void
aak_undo_run (AakUndo *undo, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *differ = tell_differences (undo);
  if (differ != NULL)
    {
      restore (undo, &why);
      g_free (differ);
      differ = tell_differences (undo);
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
