/* SPDX-License-Identifier: GPL-2.0-or-later
 * Words and numbers of aa-learn show. */
#include "config.h"

#include "learn/show-part.h"

#include "learn/access-fields.h"
#include "learn/profile-writer.h"
#include "learn/rule-text.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

/* --- words ----------------------------------------------------------------------------------- */

/* What a rule consists of, for those that have no text. */
static char *
join_parts (AakClass class, const char *name, const char *detail, guint perms)
{
  g_autofree char *text = aak_access_text (name, class, detail, perms);
  return g_strdup_printf ("%s%s%s", class != AAK_CLASS_FILE ? aak_show_class (class) : "",
                          class != AAK_CLASS_FILE ? " " : "", text);
}

char *
aak_show_access (const AakObservation *access)
{
  return join_parts (access->class, access->name, access->detail, access->perms);
}

/* The text of a rule has escapes of its own, which stay: it is ASCII, unless a state was made up.
 */
char *
aak_show_rule (const AakRule *rule)
{
  if (rule->unwritable != NULL)
    return join_parts (rule->class, rule->name, rule->detail, rule->perms);
  g_autofree char *text = aak_rule_text (rule);
  return aak_escape_rule (text);
}

char *
aak_show_verdict (const AakRun *run)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 lost = aak_account_lost (&run->account);
  if (lost > 0)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " lost", lost);
  else
    g_string_append (text, run->account.blind ? "losses are not known" : "nothing lost");
  if (run->account.unproven > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " from a text that others can write",
                            run->account.unproven);
  if (run->account.late)
    g_string_append (text, ", earlier capabilities may be missing");
  if (run->over_limit > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " beyond the limit of accesses",
                            run->over_limit);
  if (run->unlearned > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " of classes without rules",
                            run->unlearned);
  if (run->position != NULL)
    g_string_append (text, ", cut short");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
aak_show_standing (const AakRule *rule)
{
  if (rule->unwritable != NULL)
    return rule->unmediated ? "unmediated" : "unwritable";
  if (rule->review != NULL)
    return "review";
  return rule->implied ? "implied" : "active";
}

const char *
aak_show_reason (const AakRule *rule)
{
  return rule->unwritable != NULL ? rule->unwritable : rule->review;
}

const char *
aak_show_class (AakClass class)
{
  const char *word = aak_access_class_word (class);
  return word != NULL ? word : class == AAK_CLASS_POLICY ? "policy" : "other";
}

char *
aak_show_rests_on (const AakRuleEvidence *rule)
{
  const AakRule *what = rule->rule;
  gboolean files = what->class == AAK_CLASS_FILE;
  g_autofree char *accesses = aak_count (rule->accesses->len, files ? "file" : "access");
  g_autofree char *events = aak_count (rule->events, "event");
  g_autofree char *runs = aak_count (rule->runs, "run");
  const char *reason = aak_show_reason (what);
  GString *text = g_string_new (NULL);
  if (what->pass != NULL)
    g_string_append_printf (text, "%s: ", what->pass);
  if (reason != NULL)
    g_string_append (text, reason);
  if (reason != NULL && reason == what->review)
    g_string_append_printf (text, " [%s]", what->review_id);
  g_string_append_printf (text, "%s%s, %s, %s", reason != NULL ? "; " : "", accesses, events, runs);
  return g_string_free (text, FALSE);
}

/* --- numbers --------------------------------------------------------------------------------- */

void
aak_show_count_class (const AakEvidence *evidence, AakClass class, guint *out_accesses,
                      guint *out_rules)
{
  *out_accesses = evidence->accesses_of_class[class];
  *out_rules = 0;
  for (guint i = 0; i < evidence->rules->len; i++)
    {
      const AakRuleEvidence *rule = aak_evidence_rule (evidence, i);
      *out_rules += rule->rule->class == class && aak_rule_is_active (rule->rule);
    }
}

/* --- JSON ------------------------------------------------------------------------------------ */

void
aak_show_add_rule (AakJson *json, const AakRuleEvidence *rule)
{
  g_autofree char *text = aak_show_rule (rule->rule);
  aak_json_add_text (json, "class", aak_show_class (rule->rule->class));
  aak_json_add_text (json, "rule", text);
  aak_json_add_text (json, "standing", aak_show_standing (rule->rule));
  aak_json_add_text (json, "reason", aak_show_reason (rule->rule));
  aak_json_add_text (json, "allow", rule->rule->review_id);
  aak_json_add_text (json, "pass", rule->rule->pass);
  aak_json_add_uint (json, "accesses", rule->accesses->len);
  aak_json_add_uint (json, "events", rule->events);
  aak_json_add_uint (json, "runs", rule->runs);
  aak_json_add_uint (json, "first", rule->first);
  aak_json_add_uint (json, "last", rule->last);
}
