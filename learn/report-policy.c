/* SPDX-License-Identifier: GPL-2.0-or-later
 * From compiled policy, and the accesses that it is asked about, to the data of a page. */
#include "config.h"

#include "learn/report-policy.h"

#include "learn/abi-compile.h"
#include "learn/coverage.h"
#include "learn/diff-compiled.h"
#include "learn/profile-writer.h"
#include "learn/rule-diff.h"
#include "learn/show-part.h"
#include "learn/writable.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/excess.h"
#include "lib/report/policy-facts.h"

#include <string.h>
#include <sys/stat.h>

/* --- files ----------------------------------------------------------------------------------- */

/* TRUE where @path is a file that the tree below @rootfs does not have: a volume's, or one that was
 * made. No link of the image is followed. */
static gboolean
is_beside (const char *rootfs, const char *path)
{
  g_autofree char *full = rootfs != NULL ? g_build_filename (rootfs, path, NULL) : NULL;
  struct stat found;
  return full == NULL || lstat (full, &found) != 0 || !S_ISREG (found.st_mode);
}

static void
add_seen_files (AakReportPart *part, const AakEvidence *evidence, const AakPolicyProfile *profile,
                const char *rootfs)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (evidence->observations);
  const char *last = "";
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      gboolean file = access->class == AAK_CLASS_FILE && access->name[0] == '/'
                      && !g_str_has_suffix (access->name, "/");
      if (file && strcmp (access->name, last) != 0 && is_beside (rootfs, access->name))
        aak_policy_facts_add_path (part, profile, access->name);
      last = file ? access->name : last;
    }
}

static void
mark_volumes (AakReportPart *part, const AakObservations *observations)
{
  const GPtrArray *volumes =
      aak_volumes_list (aak_observations_volumes ((AakObservations *) observations));
  for (guint i = 0; i < volumes->len; i++)
    {
      const AakVolume *volume = volumes->pdata[i];
      g_autofree char *what = g_strdup_printf ("volume: %s", aak_volume_type_word (volume->type));
      aak_tree_map_mark (part->tree, volume->path, what);
    }
}

static gboolean
add_files (AakReportPart *part, const AakEvidence *evidence, const AakPolicyProfile *profile,
           const char *rootfs, GError **error)
{
  guint64 skipped = 0;
  if (rootfs != NULL && !aak_policy_facts_add_tree (part, profile, rootfs, &skipped, error))
    return FALSE;
  add_seen_files (part, evidence, profile, rootfs);
  if (part->tree == NULL)
    return TRUE;
  mark_volumes (part, evidence->observations);
  g_autofree char *unread = aak_count (skipped, "place");
  part->tree_source =
      rootfs == NULL
          ? g_strdup ("The files that were seen; without --rootfs nobody knows the others of the "
                      "image:")
          : g_strdup_printf ("The files of the image, and those that were seen in volumes%s%s%s:",
                             skipped > 0 ? " (" : "", skipped > 0 ? unread : "",
                             skipped > 0 ? " could not be read)" : "");
  return TRUE;
}

/* --- programs -------------------------------------------------------------------------------- */

/* The profile that was worn by who did @access: the child's where the policy has it. */
static const AakPolicyProfile *
wearer (const AakPolicySet *set, const AakPolicyProfile *profile, const AakObservation *access)
{
  if (*access->child == '\0')
    return profile;
  g_autofree char *name = g_strconcat (profile->name, "//", access->child, NULL);
  const AakPolicyProfile *child = aak_policy_set_find (set, name);
  return child != NULL ? child : profile;
}

static void
add_programs (AakReportPart *part, const AakEvidence *evidence, const AakPolicySet *set,
              const AakPolicyProfile *profile)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (evidence->observations);
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      gboolean file = access->class == AAK_CLASS_FILE && (access->perms & AAK_PERM_X) != 0
                      && access->name[0] == '/';
      gboolean exec = access->class == AAK_CLASS_EXEC && access->detail[0] == '/';
      if (file || exec)
        aak_policy_facts_add_exec (part, set, wearer (set, profile, access),
                                   file ? access->name : access->detail,
                                   aak_observation_events (access));
    }
}

/* --- what another profile denies ------------------------------------------------------------- */

static void
add_denied (AakReportPart *part, const AakEvidence *evidence, const AakPolicySet *set,
            const AakPolicyProfile *profile)
{
  g_autoptr (GArray) coverage = aak_coverage_ask_all (set, profile, evidence->observations);
  part->denied = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < coverage->len; i++)
    {
      const AakCoverage *one = &g_array_index (coverage, AakCoverage, i);
      if (one->verdict != AAK_COVERAGE_DENIED)
        continue;
      AakObservation access = *one->access;
      access.perms = aak_coverage_denied (one);
      g_ptr_array_add (part->denied, aak_show_access (&access));
    }
}

/* --- what changed ---------------------------------------------------------------------------- */

static void
add_rules (GPtrArray *lines, const GArray *excess)
{
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      AakRule rule = *one->rule;
      rule.perms = one->perms;
      g_autofree char *text = aak_show_rule (&rule);
      g_ptr_array_add (lines,
                       aak_rule_is_active (one->rule)
                           ? g_steal_pointer (&text)
                           : g_strdup_printf ("%s  # %s", text, aak_show_standing (one->rule)));
    }
}

/* Rule by rule, where both sides have rules. */
static gboolean
compare_rules (AakReportChange *change, const AakDiffInput *old, const AakDiffInput *new,
               const AakDiffCompiled *compiled, GError **error)
{
  g_autoptr (GArray) lost = aak_rule_diff (old->profile, new->profile);
  g_autoptr (GArray) gained = aak_rule_diff (new->profile, old->profile);
  if (!aak_diff_compiled_filter (compiled, lost, 1, error)
      || !aak_diff_compiled_filter (compiled, gained, 0, error))
    return FALSE;
  add_rules (change->narrower, lost);
  add_rules (change->wider, gained);
  return TRUE;
}

static gboolean
add_excess (AakReportChange *change, GPtrArray *lines, const AakDiffCompiled *compiled, guint one,
            GError **error)
{
  gboolean more = FALSE;
  g_autoptr (GPtrArray) excess = aak_diff_compiled_excess (compiled, one, &more, error);
  if (excess == NULL)
    return FALSE;
  for (guint i = 0; i < excess->len; i++)
    g_ptr_array_add (lines, aak_excess_text (excess->pdata[i]));
  if (more)
    g_ptr_array_add (change->remarks,
                     g_strdup ("There are further differences, which were not looked for."));
  return TRUE;
}

/* Fills @change with what tells @new from @old. */
static gboolean
compare (AakReportChange *change, const AakDiffInput *old, const AakDiffInput *new, GError **error)
{
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  if (!aak_diff_compiled_make (old, new, &compiled, error))
    return FALSE;
  if (compiled.unmade != NULL)
    g_ptr_array_add (change->remarks,
                     g_strdup_printf ("Not compiled: %s. A rule may be listed that several of the "
                                      "other side allow together.",
                                      compiled.unmade));
  if (old->profile != NULL && new->profile != NULL)
    return compare_rules (change, old, new, &compiled, error);
  if (compiled.unmade == NULL)
    return add_excess (change, change->narrower, &compiled, 0, error)
           && add_excess (change, change->wider, &compiled, 1, error);
  g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER, "profile texts are compared as compiled: %s",
               compiled.unmade);
  return FALSE;
}

static gboolean
add_against (AakReportPart *part, const AakReportPolicyOptions *options, const AakDiffInput *new,
             GError **error)
{
  g_auto (AakDiffInput) old = { .path = NULL };
  if (!aak_diff_input_read (options->against, options->exact, &old, error))
    return FALSE;
  AakReportChange *change = aak_report_add_change_since (part, options->against);
  return compare (change, &old, new, error);
}

/* --- which profile --------------------------------------------------------------------------- */

static gboolean
ask (AakReportPart *part, const AakEvidence *evidence, const AakReportPolicyOptions *options,
     const AakPolicySet *set, const AakPolicyProfile *profile, GError **error)
{
  const AakScoreKernel kernel = aak_score_kernel (NULL);
  part->asked = g_strdup_printf ("Asked as compiled for abi %s, on a kernel that mediates "
                                 "all classes: what the abi leaves out counts as allowed.",
                                 aak_abi_word (options->abi));
  if (!aak_policy_facts_add (part, set, profile, &kernel, error)
      || !add_files (part, evidence, profile, options->rootfs, error))
    return FALSE;
  add_programs (part, evidence, set, profile);
  if (options->profile != NULL)
    add_denied (part, evidence, set, profile);
  return TRUE;
}

/* Adds the rules of the compiled @profile, which are not those that were learned. */
static gboolean
read_back (AakReportPart *part, AakAbi abi, const AakPolicyProfile *profile, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("abi <abi/%s>,\n" AAK_POLICY_FACTS_NOTHING, aak_abi_word (abi));
  g_autofree char *unmade = NULL;
  GError *local = NULL;
  g_autoptr (AakPolicySet) set =
      aak_abi_compile (abi, "a profile without rules", text, &unmade, &local);
  const AakPolicyProfile *nothing = set != NULL ? aak_policy_set_find (set, "nothing") : NULL;
  if (nothing == NULL)
    {
      g_clear_error (&local);
      g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER, "cannot compile a profile without rules");
      return FALSE;
    }
  part->judged = aak_report_rules_new ();
  return aak_policy_facts_add_rules (part->judged, profile, nothing, &part->rules_known, error);
}

/* The profile that was named is judged, beside the learned one. */
static gboolean
judge (AakReportPart *part, const AakEvidence *evidence, const AakReportPolicyOptions *options,
       const AakDiffInput *learned, const AakDiffInput *given, GError **error)
{
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  if (!aak_diff_compiled_make (learned, given, &compiled, error))
    return FALSE;
  if (compiled.unmade != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER, "a profile text is judged as compiled: %s",
                   compiled.unmade);
      return FALSE;
    }
  AakReportChange *change = aak_report_add_change (part, "Beside what was learned");
  change->wider_means = g_strdup ("The profile allows, and nothing that was seen asks for");
  change->narrower_means = g_strdup ("The learned rules allow, and the profile does not");
  AakReportPolicyOptions asked = *options;
  asked.abi = compiled.abi;
  return add_excess (change, change->narrower, &compiled, 0, error)
         && add_excess (change, change->wider, &compiled, 1, error)
         && read_back (part, compiled.abi, compiled.profiles[1], error)
         && ask (part, evidence, &asked, compiled.sets[1], compiled.profiles[1], error);
}

/* The profile that the state leads to is judged. */
static gboolean
judge_learned (AakReportPart *part, const AakEvidence *evidence,
               const AakReportPolicyOptions *options, const AakDiffInput *learned, GError **error)
{
  g_autofree char *unmade = NULL;
  g_autofree char *shown = aak_escape (options->state, strlen (options->state));
  GError *local = NULL;
  g_autoptr (AakPolicySet) set =
      aak_abi_compile (options->abi, shown, learned->text, &unmade, &local);
  /* What does not compile is for the reviewer to hear of, beside all that is known without that. */
  g_autoptr (GError) why = local;
  if (set == NULL)
    {
      part->unmade = g_strdup_printf ("not asked for exposures, files and programs: %s",
                                      why != NULL ? why->message : unmade);
      g_strdelimit (part->unmade, "\n", ' ');
      return TRUE;
    }
  const AakPolicyProfile *profile = aak_policy_set_find (set, evidence->profile->label);
  if (profile == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: its label cannot be a profile's name",
                   shown);
      return FALSE;
    }
  return ask (part, evidence, options, set, profile, error);
}

gboolean
aak_report_policy_add (AakReportPart *part, const AakEvidence *evidence,
                       const AakReportPolicyOptions *options, GError **error)
{
  g_autofree char *text = aak_profile_to_text (evidence->profile);
  const AakDiffInput learned = { options->state, evidence->profile, text, NULL };
  g_auto (AakDiffInput) given = { .path = NULL };
  g_autoptr (GBytes) learned_bytes = g_bytes_new_static (text, strlen (text));
  if (options->profile == NULL)
    {
      aak_report_add_file (part, "Profile", "as aa-learn profile prints it of this state",
                           learned_bytes);
      return judge_learned (part, evidence, options, &learned, error)
             && (options->against == NULL || add_against (part, options, &learned, error));
    }
  if (!aak_diff_input_read (options->profile, options->exact, &given, error))
    return FALSE;
  g_autoptr (GBytes) given_bytes = g_bytes_new_static (given.text, strlen (given.text));
  g_autofree char *shown = aak_escape (options->profile, strlen (options->profile));
  aak_report_add_file (part, "Profile", shown, given_bytes);
  return judge (part, evidence, options, &learned, &given, error)
         && (options->against == NULL || add_against (part, options, &given, error));
}
