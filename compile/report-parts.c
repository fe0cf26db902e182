/* SPDX-License-Identifier: GPL-2.0-or-later
 * From policy to the parts of a page. */
#include "config.h"

#include "compile/report-parts.h"

#include "compile/learned-state.h"
#include "compile/profile-diff.h"
#include "compile/report-rules.h"
#include "lib/bundle.h"
#include "lib/compiler.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/policy.h"
#include "lib/report/policy-facts.h"

#include <string.h>

#define NOTHING "abi <abi/3.0>,\n" AAK_POLICY_FACTS_NOTHING

typedef struct
{
  const AakReportPartsOptions *options;
  GPtrArray *parts;            /* AakReportPart */
  AakPolicyIncludes *includes; /* outlives the texts */
  guint found;
} Adding;

/* --- texts ----------------------------------------------------------------------------------- */

/* The text that the profile @name of @path was compiled from, and the file that it is in, which is
 * for the page to name; NULL where there is none. The caller owns both. */
static GBytes *
read_text (const char *path, const char *name, char **out_file)
{
  g_autofree char *file =
      aak_bundle_is (path) ? aak_bundle_text_path (path, name) : g_strdup (path);
  GBytes *text = file != NULL ? aak_learned_state_or_text (file, NULL) : NULL;
  *out_file = g_steal_pointer (&file);
  return text;
}

/* FALSE without an error where no text tells the rules. */
static gboolean
add_text_rules (Adding *adding, AakReportPart *part, const char *file, GBytes *bytes,
                const AakPolicySet *set, const AakPolicyProfile *profile)
{
  g_autoptr (AakPolicyText) text = aak_policy_text_new (file, bytes, adding->includes);
  const AakPolicyTextProfile *found = aak_policy_text_find (text, profile->name);
  if (found == NULL)
    return FALSE;
  aak_report_rules_add_text (part, found, set, profile);
  return TRUE;
}

/* Where there is no compiler, the rules stay unknown, and the page says so. */
static gboolean
add_compiled_rules (const Adding *adding, AakReportPart *part, const AakPolicySet *set,
                    const AakPolicyProfile *profile, GError **error)
{
  g_autoptr (GBytes) text = g_bytes_new_static (NOTHING, strlen (NOTHING));
  AakPolicyOpen where = *adding->options->where;
  if (where.features == NULL)
    where.features = "debian-12-6.1";
  g_autoptr (GBytes) blob = aak_policy_compile ("a profile without rules", text, &where, NULL);
  g_autoptr (AakPolicySet) nothing =
      blob != NULL ? aak_policy_set_new ("a profile without rules", blob, NULL) : NULL;
  const AakPolicyProfile *empty = nothing != NULL ? aak_policy_set_find (nothing, "nothing") : NULL;
  if (empty == NULL)
    return TRUE;
  if (!aak_policy_facts_add_rules (part->rules, profile, empty, &part->rules_known, error))
    return FALSE;
  aak_policy_facts_add_programs (part, set, profile);
  return TRUE;
}

static gboolean
add_rules (Adding *adding, AakReportPart *part, const char *path, const AakPolicySet *set,
           const AakPolicyProfile *profile, GError **error)
{
  g_autofree char *file = NULL;
  g_autoptr (GBytes) text = read_text (path, profile->name, &file);
  if (text != NULL && add_text_rules (adding, part, file, text, set, profile))
    {
      gboolean learned = aak_learned_state_is (file);
      g_autofree char *shown = aak_escape (file, strlen (file));
      aak_report_add_file (part, learned ? "Profile text of the learned state" : "Profile text",
                           shown, text);
      return TRUE;
    }
  return add_compiled_rules (adding, part, set, profile, error);
}

/* --- one profile ----------------------------------------------------------------------------- */

static gboolean
add_tree (const Adding *adding, AakReportPart *part, const AakPolicyProfile *profile,
          GError **error)
{
  guint64 skipped = 0;
  if (adding->options->rootfs == NULL)
    return TRUE;
  if (!aak_policy_facts_add_tree (part, profile, adding->options->rootfs, &skipped, error))
    return FALSE;
  g_autofree char *unread = aak_count (skipped, "place");
  part->tree_source =
      skipped == 0 ? g_strdup ("The files of the image:")
                   : g_strdup_printf ("The files of the image (%s could not be read):", unread);
  return TRUE;
}

/* A compiled file is what the page is about where there is no text. */
static void
add_blob (AakReportPart *part, const char *path)
{
  g_autoptr (GBytes) bytes = aak_bundle_is (path) ? NULL : aak_fs_read (path, AAK_POLICY_MAX, NULL);
  g_autofree char *shown = aak_escape (path, strlen (path));
  if (bytes != NULL)
    aak_report_add_file (part, "Compiled policy", shown, bytes);
}

static gboolean
add_profile (Adding *adding, const AakPolicyPiece *piece, const AakPolicyProfile *profile,
             GError **error)
{
  g_autofree char *label = aak_escape (profile->name, strlen (profile->name));
  g_autoptr (AakReportPart) part = aak_report_part_new (label);
  const AakScoreKernel kernel = aak_score_kernel (piece->features);
  part->asked =
      piece->features != NULL
          ? g_strdup_printf ("Asked as compiled for the kernel feature set %s.",
                             aak_features_id (piece->features))
          : g_strdup ("Asked as compiled; for which kernel is not known: what it does not mediate "
                      "counts as allowed.");
  if (!aak_policy_facts_add (part, piece->set, profile, &kernel, error)
      || !add_rules (adding, part, piece->path, piece->set, profile, error)
      || !add_tree (adding, part, profile, error))
    return FALSE;
  if (part->files->len == 0)
    add_blob (part, piece->path);
  g_ptr_array_add (adding->parts, g_steal_pointer (&part));
  adding->found++;
  return TRUE;
}

static gboolean
add_piece (const AakPolicyPiece *piece, gpointer user_data, GError **error)
{
  Adding *adding = user_data;
  const char *only = adding->options->only;
  GPtrArray *profiles = aak_policy_set_profiles (piece->set);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *profile = profiles->pdata[i];
      if ((only == NULL || strcmp (only, profile->name) == 0)
          && !add_profile (adding, piece, profile, error))
        return FALSE;
    }
  return TRUE;
}

/* --- what changed ---------------------------------------------------------------------------- */

static void
add_lines (GPtrArray *lines, const GPtrArray *excess)
{
  for (guint i = 0; i < excess->len; i++)
    if (((const AakExcess *) excess->pdata[i])->kind == AAK_EXCESS_ALLOWED)
      g_ptr_array_add (lines, aak_excess_text (excess->pdata[i]));
}

static void
add_remarks (AakReportChange *change, const AakProfileDiff *diff)
{
  for (guint i = 0; i < diff->changes->len; i++)
    {
      const AakProfileChange *one = diff->changes->pdata[i];
      g_autofree char *before = aak_escape (one->before, strlen (one->before));
      g_autofree char *after = aak_escape (one->after, strlen (one->after));
      g_ptr_array_add (change->remarks,
                       g_strdup_printf ("%s: %s before, %s now", one->what, before, after));
    }
  if (diff->before == NULL)
    g_ptr_array_add (change->remarks, g_strdup ("There was no profile of this name before."));
  if (diff->more)
    g_ptr_array_add (change->remarks,
                     g_strdup ("There are further differences, which were not looked for."));
}

/* What @part, of the profile @name, changed by @diff, or that nothing did where it is NULL. */
static void
add_change (AakReportPart *part, const AakProfileDiff *diff, const char *against)
{
  AakReportChange *change = aak_report_add_change_since (part, against);
  if (diff == NULL)
    return;
  add_lines (change->wider, diff->gained);
  add_lines (change->narrower, diff->lost);
  add_remarks (change, diff);
}

static const AakProfileDiff *
find_diff (const GPtrArray *diffs, const char *label, gboolean only_one)
{
  for (guint i = 0; i < diffs->len; i++)
    {
      const AakProfileDiff *diff = diffs->pdata[i];
      g_autofree char *name = aak_escape (diff->name, strlen (diff->name));
      if (strcmp (name, label) == 0 || only_one)
        return diff;
    }
  return NULL;
}

/* Profiles of the older side that are no longer there. */
static void
add_gone (AakReportPart *first, const GPtrArray *diffs)
{
  for (guint i = 0; i < diffs->len; i++)
    {
      const AakProfileDiff *diff = diffs->pdata[i];
      const AakReportChange *change = first->changes->pdata[0];
      g_autofree char *name = aak_escape (diff->name, strlen (diff->name));
      if (diff->after == NULL)
        g_ptr_array_add (change->remarks, g_strdup_printf ("The profile %s is gone.", name));
    }
}

static gboolean
add_changes (GPtrArray *parts, guint first, const char *path, const AakReportPartsOptions *options,
             GError **error)
{
  const AakDiffTree tree = { NULL, FALSE };
  g_autoptr (AakDiffSide) before = aak_diff_side_open (options->against, options->where, error);
  g_autoptr (AakDiffSide) after =
      before != NULL ? aak_diff_side_open (path, options->where, error) : NULL;
  g_autoptr (GPtrArray) diffs =
      after != NULL ? aak_profile_diff (before, after, &tree, error) : NULL;
  if (diffs == NULL)
    return FALSE;
  gboolean only_one = parts->len - first == 1 && diffs->len == 1;
  for (guint i = first; i < parts->len; i++)
    {
      AakReportPart *part = parts->pdata[i];
      add_change (part, find_diff (diffs, part->label, only_one), options->against);
    }
  add_gone (parts->pdata[first], diffs);
  return TRUE;
}

gboolean
aak_report_parts_add (GPtrArray *parts, const char *path, const AakReportPartsOptions *options,
                      GError **error)
{
  g_autofree char *base = aak_compiler_choose_base (options->where->base);
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new (base);
  Adding adding = { options, parts, includes, 0 };
  guint first = parts->len;
  if (!aak_policy_open_each (path, options->where, add_piece, &adding, error))
    return FALSE;
  if (adding.found == 0)
    {
      const char *only = options->only != NULL ? options->only : "";
      g_autofree char *shown = aak_escape (only, strlen (only));
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no profile \"%s\" in this policy",
                   shown);
      return FALSE;
    }
  return options->against == NULL || add_changes (parts, first, path, options, error);
}
