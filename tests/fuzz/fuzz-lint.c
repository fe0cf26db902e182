/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a policy text that is looked at: every finding has a place in the text. */
#include "compile/lint.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
check_text (const AakPolicyText *text, gsize size)
{
  g_assert (text->stopped == NULL || !text->whole);
  g_assert (text->stopped == NULL || text->stop.source == text->source);
  for (guint i = 0; i < text->profiles->len; i++)
    {
      const AakPolicyTextProfile *profile = text->profiles->pdata[i];
      g_assert (profile->place.at + profile->place.size <= size);
      for (guint k = 0; k < profile->rules->len; k++)
        {
          const AakPolicyTextRule *rule = profile->rules->pdata[k];
          g_assert (rule->place.at + rule->place.size <= size && rule->place.size > 0);
        }
    }
}

static void
check_finding (const AakPolicyText *text, const AakFinding *finding, gsize size)
{
  AakPolicyPosition position = aak_policy_place_position (finding->place);
  g_assert (finding->place.source == text->source && finding->place.at <= size);
  g_assert (position.line >= 1 && position.line <= text->source->lines->len);
  g_assert (position.column >= 1 && position.end_column >= position.column);
  g_assert (g_utf8_validate (finding->message, -1, NULL));
  g_assert (finding->silenced == NULL || g_utf8_validate (finding->silenced, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (AakPolicyText) text = aak_policy_text_new ("t", bytes, includes);
  g_autoptr (GPtrArray) findings = aak_findings_new ();
  g_autoptr (GPtrArray) lints = g_ptr_array_new ();
  AakLint lint = { .text = text, .findings = findings };
  g_ptr_array_add (lints, &lint);
  check_text (text, size);
  aak_lint_text (&lint);
  aak_lint_policy (&lint);
  aak_lint_duplicates (lints);
  aak_findings_sort (findings);
  aak_lint_silences (&lint);
  for (guint i = 0; i < findings->len; i++)
    check_finding (text, findings->pdata[i], size);
  return 0;
}
