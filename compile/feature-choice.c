/* SPDX-License-Identifier: GPL-2.0-or-later
 * From names to feature sets. */
#include "config.h"

#include "compile/feature-choice.h"

#include "lib/escape.h"
#include "lib/seccomp/name.h"

#include <string.h>

void
aak_feature_choice_free (AakFeatureChoice *choice)
{
  g_ptr_array_unref (choice->sets);
  g_ptr_array_unref (choice->names);
  g_free (choice);
}

static gboolean
is_known (const AakFeatureChoice *choice, const AakFeatures *set)
{
  for (guint i = 0; i < choice->sets->len; i++)
    if (strcmp (aak_features_id (choice->sets->pdata[i]), aak_features_id (set)) == 0)
      return TRUE;
  return FALSE;
}

/* Adds the set @name, or the running kernel's where it is NULL. */
static gboolean
add (AakFeatureChoice *choice, const char *name, const char *root, GError **error)
{
  g_autoptr (AakFeatures) set =
      name != NULL ? aak_features_named (name, error) : aak_features_kernel (root, error);
  if (set == NULL)
    {
      g_prefix_error (error, name != NULL
                                 ? "--features: "
                                 : "for which kernel? Name its feature set with --features; ");
      return FALSE;
    }
  if (is_known (choice, set))
    return TRUE;
  g_ptr_array_add (choice->names, name != NULL ? aak_escape (name, strlen (name))
                                               : g_strdup ("the running kernel"));
  g_ptr_array_add (choice->sets, g_steal_pointer (&set));
  return TRUE;
}

AakFeatureChoice *
aak_feature_choice_new (char **names, const char *root, GError **error)
{
  g_autoptr (AakFeatureChoice) choice = g_new0 (AakFeatureChoice, 1);
  choice->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_features_free);
  choice->names = g_ptr_array_new_with_free_func (g_free);
  if (names == NULL && !add (choice, NULL, root, error))
    return NULL;
  for (char **name = names; name != NULL && *name != NULL; name++)
    if (!add (choice, *name, root, error))
      return NULL;
  return g_steal_pointer (&choice);
}

AakFeatureChoice *
aak_feature_choice_for (char **names, const GPtrArray *paths, const char *root, GError **error)
{
  static char *none[] = { NULL };
  gboolean needed = names != NULL;
  for (guint i = 0; !needed && i < paths->len; i++)
    needed = !aak_seccomp_is_path (paths->pdata[i]);
  return aak_feature_choice_new (needed ? names : none, root, error);
}
