/* SPDX-License-Identifier: GPL-2.0-or-later
 * From policy to scores, profile by profile. */
#include "config.h"

#include "compile/score-sheet.h"

#include "lib/bundle.h"
#include "lib/error.h"
#include "lib/policy/policy.h"

#include <string.h>

static void
scored_free (gpointer data)
{
  AakScored *scored = data;
  g_free (scored->path);
  g_free (scored->name);
  g_free (scored->features);
  g_clear_pointer (&scored->score, aak_score_free);
  g_free (scored);
}

AakScoreSheet *
aak_score_sheet_new (const char *only)
{
  AakScoreSheet *sheet = g_new0 (AakScoreSheet, 1);
  sheet->profiles = g_ptr_array_new_with_free_func (scored_free);
  sheet->failures = aak_failures_new ();
  sheet->only = only;
  return sheet;
}

void
aak_score_sheet_free (AakScoreSheet *sheet)
{
  g_ptr_array_unref (sheet->profiles);
  aak_failures_free (sheet->failures);
  g_free (sheet);
}

static gboolean
add_profile (AakScoreSheet *sheet, const AakPolicyPiece *piece, const AakPolicyProfile *profile,
             const AakScoreKernel *kernel, GError **error)
{
  AakScore *score = aak_score_new (aak_exposure_table (), piece->set, profile, kernel, error);
  if (score == NULL)
    return FALSE;
  AakScored *scored = g_new0 (AakScored, 1);
  *scored = (AakScored){
    .path = g_strdup (piece->path),
    .name = g_strdup (profile->name),
    .mode = profile->mode,
    .features = piece->features != NULL ? g_strdup (aak_features_id (piece->features)) : NULL,
    .score = score,
  };
  g_ptr_array_add (sheet->profiles, scored);
  return TRUE;
}

static gboolean
add_piece (const AakPolicyPiece *piece, gpointer user_data, GError **error)
{
  AakScoreSheet *sheet = user_data;
  AakScoreKernel kernel = aak_score_kernel (piece->features);
  GPtrArray *profiles = aak_policy_set_profiles (piece->set);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *profile = profiles->pdata[i];
      gboolean wanted = sheet->only == NULL || strcmp (sheet->only, profile->name) == 0;
      if (wanted && !add_profile (sheet, piece, profile, &kernel, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
aak_score_sheet_add (AakScoreSheet *sheet, const char *path, const AakPolicyOpen *where,
                     GError **error)
{
  if (aak_bundle_is (path))
    return aak_policy_open_each (path, where, add_piece, sheet, error);
  const char *const paths[] = { path, NULL };
  g_autoptr (GPtrArray) files = aak_policy_collect (paths, AAK_POLICY_STATES, error);
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      g_autoptr (GError) why = NULL;
      if (aak_policy_open_each (files->pdata[i], where, add_piece, sheet, &why))
        continue;
      if (g_error_matches (why, AAK_ERROR, AAK_ERROR_APPARMOR_OFF))
        {
          g_propagate_error (error, g_steal_pointer (&why));
          return FALSE;
        }
      aak_failures_add (sheet->failures, why);
    }
  return files != NULL;
}

const AakScored *
aak_score_sheet_highest (const AakScoreSheet *sheet)
{
  const AakScored *highest = NULL;
  for (guint i = 0; i < sheet->profiles->len; i++)
    {
      const AakScored *scored = sheet->profiles->pdata[i];
      if (highest == NULL || scored->score->score > highest->score->score)
        highest = scored;
    }
  return highest;
}

guint
aak_score_sheet_mean (const AakScoreSheet *sheet)
{
  guint64 sum = 0, n = sheet->profiles->len;
  for (guint i = 0; i < n; i++)
    sum += ((const AakScored *) sheet->profiles->pdata[i])->score->score;
  return n > 0 ? (guint) ((sum + n - 1) / n) : 0;
}
