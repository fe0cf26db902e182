/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a state file: refused, or read, written and read again as the same; merged with
 * itself it stays what it is; made into a profile, it allows nothing beyond itself; and it is shown
 * as JSON that is UTF-8. The patch of its pod is YAML, whatever its containers are called. */
#include "learn/child-profile.h"
#include "learn/generalise.h"
#include "learn/merge.h"
#include "learn/pod-patch.h"
#include "learn/profile-writer.h"
#include "learn/rule-diff.h"
#include "learn/show.h"
#include "learn/state.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
show (const AakObservations *observations)
{
  g_autoptr (AakEvidence) evidence = aak_evidence_new (observations, FALSE, AAK_ABI_4_0);
  g_autoptr (GPtrArray) rules = aak_evidence_find (evidence, "/etc/hosts");
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_json_begin_array (json);
  aak_show_json (json, evidence);
  aak_show_why_json (json, evidence, rules);
  aak_json_end_array (json);
  g_assert (g_utf8_validate (aak_json_text (json), -1, NULL));
  const AakCompleteness *said = &evidence->completeness;
  g_assert (0 <= said->low && said->low <= said->chance && said->chance <= said->high
            && said->high <= 1);
}

static void
check_patch (const AakObservations *observations)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) needs = aak_security_needs (observations, NULL);
  g_autofree char *text = aak_pod_patch_text (needs, NULL, 30, &error);
  g_assert ((text == NULL) == (error != NULL));
  if (text == NULL || needs->len == 0)
    return;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (AakYaml) yaml = aak_yaml_parse ("patch", bytes, &error);
  AakYamlNode spec, list;
  guint length = 0;
  g_assert_no_error (error);
  g_assert (aak_yaml_get (aak_yaml_root (yaml), "spec", &spec, NULL)
            && aak_yaml_get (spec, "containers", &list, NULL)
            && aak_yaml_length (list, &length, NULL) && length == needs->len);
}

static void
check_merge (const AakObservations *observations, GBytes *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakMerge) merge = aak_merge_new (aak_observations_label (observations));
  for (int i = 0; i < 2; i++)
    {
      gboolean added = aak_merge_add (merge, "s", observations, NULL, &error);
      g_assert_no_error (error);
      g_assert (added);
    }
  g_autoptr (GBytes) merged = aak_state_to_yaml (aak_merge_result (merge));
  g_assert (g_bytes_equal (merged, text));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakObservations) observations = aak_state_from_yaml ("s", text, &error);
  g_assert ((observations == NULL) == (error != NULL));
  if (observations == NULL)
    return 0;
  g_autoptr (GBytes) once = aak_state_to_yaml (observations);
  g_autoptr (AakObservations) back = aak_state_from_yaml ("s", once, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) twice = aak_state_to_yaml (back);
  g_assert (g_bytes_equal (once, twice));
  check_patch (observations);
  check_merge (observations, once);
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  g_autofree char *profile_text = aak_profile_to_text (profile);
  g_assert (profile_text != NULL);
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) with_children = aak_generalise_children (observations, FALSE, &trace);
  g_autofree char *children_text = aak_profile_to_text (with_children);
  g_assert (children_text != NULL);
  show (observations);
  g_autoptr (GArray) excess = aak_rule_diff (profile, profile);
  g_assert (excess->len == 0);
  return 0;
}
