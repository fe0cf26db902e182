/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines, and JSON, of both ways to compare. */
#include "config.h"

#include "learn/diff-print.h"

#include "learn/security-diff.h"
#include "learn/show-part.h"
#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

/* --- both ------------------------------------------------------------------------------------ */

static void
begin_text (AakCli *cli, char *const *paths, gboolean differ)
{
  g_autofree char *a = aak_escape (paths[0], strlen (paths[0]));
  g_autofree char *b = aak_escape (paths[1], strlen (paths[1]));
  if (differ)
    aak_cli_out (cli, "--- %s\n+++ %s\n", a, b);
  else
    aak_cli_note (cli, "%s and %s allow the same", a, b);
}

/* The caller ends it with end_json(). */
static AakJson *
begin_json (char *const *paths)
{
  AakJson *json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/diff/1");
  aak_json_add_bytes (json, "a", paths[0]);
  aak_json_add_bytes (json, "b", paths[1]);
  return json;
}

/* Prints @json and frees it. */
static void
end_json (AakCli *cli, AakJson *json)
{
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
  aak_json_free (json);
}

/* --- rules ----------------------------------------------------------------------------------- */

static void
print_line (AakCli *cli, char sign, const AakRuleExcess *excess)
{
  AakRule rule = *excess->rule;
  rule.perms = excess->perms;
  g_autofree char *text = aak_show_rule (&rule);
  const char *reason = aak_show_reason (excess->rule);
  if (reason != NULL)
    aak_cli_out (cli, "%c %s  # %s: %s\n", sign, text, aak_show_standing (excess->rule), reason);
  else if (excess->rule->widened)
    aak_cli_out (cli, "%c %s  # %s\n", sign, text, excess->rule->pass);
  else
    aak_cli_out (cli, "%c %s\n", sign, text);
}

/* The lines of @excess that are of @class; the first of a class is headed by its name. */
static void
print_class (AakCli *cli, char sign, const GArray *excess, AakClass class, gboolean *begun)
{
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      if (one->rule->class != class)
        continue;
      if (!*begun)
        aak_cli_out (cli, "%s\n", aak_show_class (class));
      *begun = TRUE;
      print_line (cli, sign, one);
    }
}

gboolean
aak_diff_side_is_empty (const AakDiffSide *side)
{
  return side->rules->len == 0 && (side->security == NULL || side->security->len == 0);
}

/* Names of containers come from a state, and can be any. */
static void
print_security (AakCli *cli, char sign, const GPtrArray *items, gboolean *begun)
{
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const AakSecurityItem *item = items->pdata[i];
      g_autofree char *container = aak_escape (item->container, strlen (item->container));
      g_autofree char *capability = aak_escape (item->capability, strlen (item->capability));
      if (!*begun)
        aak_cli_out (cli, "container\n");
      *begun = TRUE;
      aak_cli_out (cli, "%c %s %s %s\n", sign, container, item->what, capability);
    }
}

void
aak_diff_print_rules_text (AakCli *cli, char *const *paths, const AakDiffSide *a,
                           const AakDiffSide *b)
{
  gboolean containers = FALSE;
  begin_text (cli, paths, !aak_diff_side_is_empty (a) || !aak_diff_side_is_empty (b));
  for (AakClass class = 0; class <= AAK_CLASS_OTHER; class ++)
    {
      gboolean begun = FALSE;
      print_class (cli, '-', a->rules, class, &begun);
      print_class (cli, '+', b->rules, class, &begun);
    }
  print_security (cli, '-', a->security, &containers);
  print_security (cli, '+', b->security, &containers);
}

static void
add_security_side (AakJson *json, const char *key, const GPtrArray *items)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_array (json);
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const AakSecurityItem *item = items->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "container", item->container);
      aak_json_add_text (json, "what", item->what);
      aak_json_add_bytes (json, "capability", item->capability);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_rules_side (AakJson *json, const char *key, const GArray *excess)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_array (json);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      AakRule rule = *one->rule;
      rule.perms = one->perms;
      g_autofree char *text = aak_show_rule (&rule);
      aak_json_begin_object (json);
      aak_json_add_text (json, "class", aak_show_class (one->rule->class));
      aak_json_add_text (json, "rule", text);
      aak_json_add_text (json, "standing", aak_show_standing (one->rule));
      aak_json_add_text (json, "reason", aak_show_reason (one->rule));
      aak_json_add_text (json, "pass", one->rule->pass);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

void
aak_diff_print_rules_json (AakCli *cli, char *const *paths, const AakDiffSide *a,
                           const AakDiffSide *b)
{
  AakJson *json = begin_json (paths);
  add_rules_side (json, "only_a", a->rules);
  add_rules_side (json, "only_b", b->rules);
  add_security_side (json, "containers_only_a", a->security);
  add_security_side (json, "containers_only_b", b->security);
  end_json (cli, json);
}

/* --- compiled policy ------------------------------------------------------------------------- */

static void
print_compiled_side (AakCli *cli, char sign, const GPtrArray *excess, const char *class)
{
  for (guint i = 0; i < excess->len; i++)
    {
      const AakExcess *one = excess->pdata[i];
      if (strcmp (one->class, class) != 0)
        continue;
      g_autofree char *text = aak_excess_text (one);
      aak_cli_out (cli, "%c %s\n", sign, text);
    }
}

/* Both are in the order of their classes, which are headed by their names. */
void
aak_diff_print_compiled_text (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                              const GPtrArray *only_b)
{
  begin_text (cli, paths, only_a->len + only_b->len > 0);
  for (guint i = 0, j = 0; i < only_a->len || j < only_b->len;)
    {
      const AakExcess *one = i < only_a->len ? only_a->pdata[i] : NULL,
                      *other = j < only_b->len ? only_b->pdata[j] : NULL;
      const char *class = other == NULL || (one != NULL && strcmp (one->class, other->class) <= 0)
                              ? one->class
                              : other->class;
      aak_cli_out (cli, "%s\n", class);
      print_compiled_side (cli, '-', only_a, class);
      print_compiled_side (cli, '+', only_b, class);
      while (i < only_a->len && strcmp (((AakExcess *) only_a->pdata[i])->class, class) == 0)
        i++;
      while (j < only_b->len && strcmp (((AakExcess *) only_b->pdata[j])->class, class) == 0)
        j++;
    }
}

static void
add_compiled_side (AakJson *json, const char *key, const GPtrArray *excess)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_array (json);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakExcess *one = excess->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "class", one->class);
      aak_json_add_text (json, "rule", one->rule);
      aak_json_add_text (json, "standing", one->unmediated ? "unmediated" : "active");
      aak_json_add_texts (json, "but", one->but);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

void
aak_diff_print_compiled_json (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                              const GPtrArray *only_b)
{
  AakJson *json = begin_json (paths);
  add_compiled_side (json, "only_a", only_a);
  add_compiled_side (json, "only_b", only_b);
  add_security_side (json, "containers_only_a", NULL);
  add_security_side (json, "containers_only_b", NULL);
  end_json (cli, json);
}
