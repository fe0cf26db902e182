/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of followed labels. */
#include "config.h"

#include "learn/attribution.h"

#include "learn/label.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/sort.h"

#include <fnmatch.h>
#include <string.h>

struct AakAttribution
{
  GHashTable *subjects; /* label -> AakObservations */
  GPtrArray *globs;
  GHashTable *others; /* set of labels */
  gboolean children;
  gboolean addresses;
  gboolean full; /* a label was not followed, as there were too many */
};

AakAttribution *
aak_attribution_new (void)
{
  AakAttribution *attribution = g_new0 (AakAttribution, 1);
  attribution->subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                 (GDestroyNotify) aak_observations_free);
  attribution->globs = g_ptr_array_new_with_free_func (g_free);
  attribution->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return attribution;
}

void
aak_attribution_free (AakAttribution *attribution)
{
  g_hash_table_unref (attribution->subjects);
  g_ptr_array_unref (attribution->globs);
  g_hash_table_unref (attribution->others);
  g_free (attribution);
}

static void
add_subject (AakAttribution *attribution, const char *label)
{
  AakObservations *observations = aak_observations_new (label);
  aak_observations_add_run (observations, aak_run_new ());
  if (attribution->children)
    aak_observations_follow_children (observations);
  if (attribution->addresses)
    aak_observations_keep_addresses (observations);
  g_hash_table_insert (attribution->subjects, g_strdup (label), observations);
}

AakAttribution *
aak_attribution_new_like (const AakAttribution *attribution)
{
  AakAttribution *copy = aak_attribution_new ();
  GHashTableIter iter;
  gpointer label;
  copy->children = attribution->children;
  copy->addresses = attribution->addresses;
  g_hash_table_iter_init (&iter, attribution->subjects);
  while (g_hash_table_iter_next (&iter, &label, NULL))
    add_subject (copy, label);
  for (guint i = 0; i < attribution->globs->len; i++)
    aak_attribution_follow_glob (copy, g_ptr_array_index (attribution->globs, i));
  return copy;
}

gboolean
aak_attribution_follow (AakAttribution *attribution, const char *label, GError **error)
{
  g_autofree char *file = aak_label_file_name (label);
  g_autofree char *shown = aak_escape (label, strlen (label));
  if (file == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "'%s' cannot be the name of a profile",
                   shown);
      return FALSE;
    }
  if (g_hash_table_contains (attribution->subjects, label))
    return TRUE;
  if (g_hash_table_size (attribution->subjects) >= AAK_ATTRIBUTION_MAX_LABELS)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "more than %d labels: narrow --profile",
                   AAK_ATTRIBUTION_MAX_LABELS);
      return FALSE;
    }
  add_subject (attribution, label);
  return TRUE;
}

void
aak_attribution_follow_glob (AakAttribution *attribution, const char *glob)
{
  g_ptr_array_add (attribution->globs, g_strdup (glob));
}

void
aak_attribution_follow_children (AakAttribution *attribution)
{
  GHashTableIter iter;
  gpointer observations;
  attribution->children = TRUE;
  g_hash_table_iter_init (&iter, attribution->subjects);
  while (g_hash_table_iter_next (&iter, NULL, &observations))
    aak_observations_follow_children (observations);
}

gboolean
aak_attribution_follows_children (const AakAttribution *attribution)
{
  return attribution->children;
}

void
aak_attribution_keep_addresses (AakAttribution *attribution)
{
  GHashTableIter iter;
  gpointer observations;
  attribution->addresses = TRUE;
  g_hash_table_iter_init (&iter, attribution->subjects);
  while (g_hash_table_iter_next (&iter, NULL, &observations))
    aak_observations_keep_addresses (observations);
}

guint
aak_attribution_generation (const AakAttribution *attribution)
{
  return g_hash_table_size (attribution->subjects);
}

AakObservations *
aak_attribution_get (AakAttribution *attribution, const char *label)
{
  return g_hash_table_lookup (attribution->subjects, label);
}

/* An access that the application tried, whatever became of it. */
static gboolean
is_access (const AakEvent *event)
{
  switch (event->verdict)
    {
    case AAK_VERDICT_ALLOWED:
    case AAK_VERDICT_DENIED:
    case AAK_VERDICT_AUDIT:
    case AAK_VERDICT_KILLED:
      return event->class != AAK_CLASS_POLICY;
    case AAK_VERDICT_STATUS:
    case AAK_VERDICT_NOTICE:
      return FALSE;
    }
  return FALSE;
}

static gboolean
matches_glob (const AakAttribution *attribution, const char *label)
{
  for (guint i = 0; i < attribution->globs->len; i++)
    if (fnmatch (g_ptr_array_index (attribution->globs, i), label, 0) == 0)
      return TRUE;
  return FALSE;
}

/* Notes the label of somebody else. Which of too many are kept does not depend on their order. */
static void
note_other (AakAttribution *attribution, const char *label)
{
  if (!g_hash_table_add (attribution->others, g_strdup (label))
      || g_hash_table_size (attribution->others) <= AAK_ATTRIBUTION_MAX_OTHERS)
    return;
  g_autoptr (GPtrArray) sorted = aak_attribution_others (attribution);
  g_hash_table_remove (attribution->others, sorted->pdata[sorted->len - 1]);
}

AakObservations *
aak_attribution_find (AakAttribution *attribution, const AakEvent *event)
{
  if (!is_access (event))
    return NULL;
  g_autofree char *label = aak_label_fold (event->label);
  if (aak_label_is_own (label))
    return NULL;
  AakObservations *found = g_hash_table_lookup (attribution->subjects, label);
  if (found != NULL)
    return found;
  if (matches_glob (attribution, label))
    {
      if (aak_attribution_follow (attribution, label, NULL))
        return g_hash_table_lookup (attribution->subjects, label);
      attribution->full = TRUE;
    }
  note_other (attribution, label);
  return NULL;
}

static int
compare_subjects (gconstpointer a, gconstpointer b)
{
  return strcmp (aak_observations_label (*(AakObservations *const *) a),
                 aak_observations_label (*(AakObservations *const *) b));
}

GPtrArray *
aak_attribution_subjects (AakAttribution *attribution)
{
  GPtrArray *all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer observations;
  g_hash_table_iter_init (&iter, attribution->subjects);
  while (g_hash_table_iter_next (&iter, NULL, &observations))
    g_ptr_array_add (all, observations);
  g_ptr_array_sort (all, compare_subjects);
  return all;
}

GPtrArray *
aak_attribution_others (AakAttribution *attribution)
{
  GPtrArray *all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer label;
  g_hash_table_iter_init (&iter, attribution->others);
  while (g_hash_table_iter_next (&iter, &label, NULL))
    g_ptr_array_add (all, label);
  g_ptr_array_sort (all, aak_compare_texts);
  return all;
}

gboolean
aak_attribution_absorb (AakAttribution *attribution, AakAttribution *from)
{
  gboolean whole = !attribution->full && !from->full;
  GHashTableIter iter;
  gpointer label, observations;
  g_hash_table_iter_init (&iter, from->others);
  while (g_hash_table_iter_next (&iter, &label, NULL))
    note_other (attribution, label);
  g_hash_table_iter_init (&iter, from->subjects);
  while (whole && g_hash_table_iter_next (&iter, &label, &observations))
    whole = aak_attribution_follow (attribution, label, NULL)
            && aak_observations_absorb (aak_attribution_get (attribution, label), observations);
  g_hash_table_remove_all (from->subjects);
  return whole;
}
