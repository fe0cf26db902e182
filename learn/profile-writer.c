/* SPDX-License-Identifier: GPL-2.0-or-later
 * The pretty-printer: one small function a rule class. */
#include "config.h"

#include "learn/profile-writer.h"

#include "learn/label.h"
#include "learn/path-pattern.h"
#include "learn/rule-line.h"
#include "learn/rule-text.h"
#include "learn/writable.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/runtime-table.h"

#include <string.h>

#define FLAGS "flags=(attach_disconnected, mediate_deleted)"

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
write_runtime_block (GString *out, const AakProfile *profile)
{
  const GPtrArray *table = aak_runtime_table ();
  gboolean is_child = profile->family != NULL && strcmp (profile->family, profile->label) != 0;
  g_string_append (out, is_child && !profile->joins
                            ? "  # As above.\n"
                            : "  # Needed by every pod, and told by no event.\n");
  for (guint i = 0; i < table->len; i++)
    {
      const AakRuntimeRule *rule = table->pdata[i];
      g_string_append_printf (out, "  %s%s%s\n", rule->rule, is_child ? "" : "  # ",
                              is_child ? "" : rule->why);
    }
  if (profile->family == NULL)
    return;
  g_autofree char *family = aak_rule_family_token (profile->family);
  g_string_append_printf (out, "  signal (send, receive) peer=%s,%s\n", family,
                          is_child ? "" : "  # the same of its children");
  g_string_append_printf (out, "  ptrace (read, readby) peer=%s,\n", family);
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

/* TRUE where a rule of @profile, or of its children, names @variable. */
static gboolean
uses_variable (const AakProfile *profile, const char *variable)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (rule->class == AAK_CLASS_FILE
          && (strstr (rule->name, variable) != NULL || strstr (rule->detail, variable) != NULL))
        return TRUE;
    }
  for (guint i = 0; i < profile->children->len; i++)
    if (uses_variable (((const AakChild *) g_ptr_array_index (profile->children, i))->profile,
                       variable))
      return TRUE;
  return FALSE;
}

static void
write_variables (GString *out, const AakProfile *profile)
{
  for (gsize v = 0; v < G_N_ELEMENTS (variables); v++)
    if (uses_variable (profile, variables[v].name))
      g_string_append_printf (out, "%s=%s\n\n", variables[v].name, variables[v].value);
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

/* --- children -------------------------------------------------------------------------------- */

char *
aak_profile_program_rule (const AakChild *child, const char *program)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  aak_path_pattern_append_literal (pattern, program, strlen (program));
  g_autofree char *token = aak_path_pattern_quote (pattern->str);
  return g_strdup_printf ("%s cx -> \"%s\",", token, child->name);
}

/* The programs whose exec enters a child, which is named: kernel 6.1 does not find every child by
 * what attaches it (measured: "profile transition not found" for some paths of a few bytes). */
static void
write_programs (GString *out, const AakProfile *profile)
{
  const char *before = "\n  # These run in a profile of their own.\n";
  for (guint i = 0; i < profile->children->len; i++)
    {
      const AakChild *child = g_ptr_array_index (profile->children, i);
      for (guint k = 0; k < child->programs->len; k++)
        {
          g_autofree char *rule =
              aak_profile_program_rule (child, g_ptr_array_index (child->programs, k));
          g_string_append_printf (out, "%s  %s\n", before, rule);
          before = "";
        }
    }
}

static void
write_child_head (GString *out, const AakChild *child)
{
  if (child->programs->len == 0)
    g_string_append_printf (out, "^%s " FLAGS " {\n", child->name);
  else
    g_string_append_printf (out, "profile \"%s\" " FLAGS " {\n", child->name);
}

/* Appends @text with every line two blanks to the right. */
static void
append_indented (GString *out, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (line[1] != NULL)
      g_string_append_printf (out, "%s%s\n", **line != '\0' ? "  " : "", *line);
}

static void
write_body (GString *out, const AakProfile *profile)
{
  write_runtime_block (out, profile);
  write_active (out, profile);
  write_programs (out, profile);
  write_review (out, profile);
  write_unwritable (out, profile);
  for (guint i = 0; i < profile->children->len; i++)
    {
      g_autofree char *text = aak_profile_child_text (profile->children->pdata[i]);
      g_string_append (out, text);
    }
}

char *
aak_profile_child_text (const AakChild *child)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GString *out = g_string_new ("\n");
  write_child_head (text, child);
  write_body (text, child->profile);
  g_string_append (text, "}\n");
  append_indented (out, text->str);
  return g_string_free (out, FALSE);
}

/* --- the text -------------------------------------------------------------------------------- */

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
  g_string_append_printf (out, "profile %s " FLAGS " {\n", profile->label);
  write_body (out, profile);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
