/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines of rules. */
#include "config.h"

#include "learn/rule-line.h"

#include "learn/access-fields.h"
#include "learn/profile-writer.h"
#include "learn/rule-text.h"

static char *
active_line (const AakRule *rule, AakEvidence evidence)
{
  g_autofree char *why = aak_profile_rule_evidence (rule);
  GString *line = g_string_new (NULL);
  g_autofree char *text = aak_rule_text (rule);
  g_string_append (line, text);
  const char *before = "  # ";
  if (rule->widened || evidence == AAK_EVIDENCE_ALWAYS)
    {
      g_string_append_printf (line, "%s%s%s%s", before, rule->widened ? rule->pass : "",
                              rule->widened ? ": " : "", why);
      before = "; ";
    }
  if (rule->widened && rule->others > 0)
    g_string_append_printf (line, "; %" G_GUINT64_FORMAT " more in the image", rule->others);
  if (rule->allowed != NULL)
    g_string_append_printf (line, "%s--allow %s", before, rule->allowed);
  return g_string_free (line, FALSE);
}

char *
aak_rule_line (const AakRule *rule, AakEvidence evidence)
{
  if (rule->unwritable != NULL)
    {
      g_autofree char *access =
          aak_access_text (rule->name, rule->class, rule->detail, rule->perms);
      return g_strdup_printf ("# %s: %s %s (%s)",
                              rule->unmediated ? "needs no rule" : "no rule can say",
                              aak_access_class_word (rule->class), access, rule->unwritable);
    }
  if (rule->review == NULL)
    return active_line (rule, evidence);
  g_autofree char *text = aak_rule_text (rule);
  g_autofree char *why = aak_profile_rule_evidence (rule);
  return g_strdup_printf ("#%s  # %s [%s]; %s", text, rule->review, rule->review_id, why);
}
