/* SPDX-License-Identifier: GPL-2.0-or-later
 * The pretty-printer: one small function a rule class. */
#include "config.h"

#include "learn/profile-writer.h"

#include "learn/label.h"
#include "learn/rule-line.h"
#include "learn/rule-text.h"
#include "learn/runtime-table.h"
#include "learn/writable.h"
#include "lib/count.h"
#include "lib/escape.h"

#include <string.h>

/* --- pieces ---------------------------------------------------------------------------------- */

char *
aak_profile_rule_evidence (const AakRule *rule)
{
  g_autofree char *accesses =
      aak_count (rule->accesses, rule->class == AAK_CLASS_FILE ? "file" : "access");
  g_autofree char *events = aak_count (rule->events, "event"),
                  *runs = aak_count (rule->runs, "run");
  return g_strdup_printf ("%s, %s, %s", accesses, events, runs);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void
write_runtime_block (GString *out)
{
  const GPtrArray *table = aak_runtime_table ();
  g_string_append (out, "  # Needed by every pod, and told by no event.\n");
  for (guint i = 0; i < table->len; i++)
    {
      const AakRuntimeRule *rule = table->pdata[i];
      g_string_append_printf (out, "  %s  # %s\n", rule->rule, rule->why);
    }
}

/* What patterns of paths may name; a profile defines those that it uses. */
static const struct
{
  const char *name;
  const char *value;
} variables[] = {
  { "@{pid}", "{[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9],[1-9][0-9][0-9][0-9][0-9],"
              "[1-9][0-9][0-9][0-9][0-9][0-9],[1-4][0-9][0-9][0-9][0-9][0-9][0-9]}" },
  { "@{tid}", "{[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9],[1-9][0-9][0-9][0-9][0-9],"
              "[1-9][0-9][0-9][0-9][0-9][0-9],[1-4][0-9][0-9][0-9][0-9][0-9][0-9]}" },
  { "@{uuid}", "[0-9a-fA-F]*-[0-9a-fA-F]*-[0-9a-fA-F]*-[0-9a-fA-F]*-[0-9a-fA-F]*" },
};

const char *
aak_profile_variable (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    if (strcmp (variables[i].name, name) == 0)
      return variables[i].value;
  return NULL;
}

static void
write_variables (GString *out, const AakProfile *profile)
{
  for (gsize v = 0; v < G_N_ELEMENTS (variables); v++)
    for (guint i = 0; i < profile->rules->len; i++)
      {
        const AakRule *rule = g_ptr_array_index (profile->rules, i);
        if (rule->class != AAK_CLASS_FILE
            || (strstr (rule->name, variables[v].name) == NULL
                && strstr (rule->detail, variables[v].name) == NULL))
          continue;
        g_string_append_printf (out, "%s=%s\n\n", variables[v].name, variables[v].value);
        break;
      }
}

static void
write_active (GString *out, const AakProfile *profile)
{
  AakClass last = AAK_CLASS_OTHER;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (!aak_rule_is_active (rule))
        continue;
      if (rule->class != last)
        g_string_append_c (out, '\n');
      last = rule->class;
      g_autofree char *line = aak_rule_line (rule, AAK_EVIDENCE_OF_WIDENED);
      g_string_append_printf (out, "  %s\n", line);
    }
}

static void
write_review (GString *out, const AakProfile *profile)
{
  if (aak_profile_count_review (profile) == 0)
    return;
  g_string_append (
      out,
      "\n  # review: seen, and not allowed, since no ordinary workload needs it. --allow ID allows those\n"
      "  # that are marked [ID].\n");
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (rule->review == NULL || rule->unwritable != NULL)
        continue;
      g_autofree char *line = aak_rule_line (rule, AAK_EVIDENCE_OF_WIDENED);
      g_string_append_printf (out, "  %s\n", line);
    }
}

static void
write_unwritable (GString *out, const AakProfile *profile)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (rule->unwritable == NULL)
        continue;
      g_autofree char *line = aak_rule_line (rule, AAK_EVIDENCE_OF_WIDENED);
      g_string_append_printf (out, "  %s\n", line);
    }
}

static void
write_head (GString *out, const AakProfile *profile)
{
  g_autofree char *file = aak_label_file_name (profile->label);
  g_autofree char *events = aak_count (profile->events, "event");
  g_autofree char *runs = aak_count (profile->runs, "run");
  g_string_append_printf (out, "# Learned by aakit from %s in %s; its state is %s.learned.yaml.\n",
                          events, runs, file != NULL ? file : "NAME");
  g_string_append_printf (out, "abi <abi/%s>,\n\n", aak_abi_word (profile->abi));
}

char *
aak_profile_to_text (const AakProfile *profile)
{
  GString *out = g_string_new (NULL);
  write_head (out, profile);
  write_variables (out, profile);
  g_string_append_printf (out, "profile %s flags=(attach_disconnected, mediate_deleted) {\n",
                          profile->label);
  write_runtime_block (out);
  write_active (out, profile);
  write_review (out, profile);
  write_unwritable (out, profile);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
