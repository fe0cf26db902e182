/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn diff: what one state or profile allows that another one does not. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/diff-compiled.h"
#include "learn/diff-print.h"
#include "learn/rule-diff.h"
#include "learn/sensitive-site.h"
#include "learn/show-part.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

/* --- printing -------------------------------------------------------------------------------- */

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
print_class (AakCli *cli, char sign, GArray *excess, AakClass class, gboolean *begun)
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

static void
print_text (AakCli *cli, char **paths, GArray *only_a, GArray *only_b)
{
  g_autofree char *a = aak_escape (paths[0], strlen (paths[0]));
  g_autofree char *b = aak_escape (paths[1], strlen (paths[1]));
  if (only_a->len + only_b->len == 0)
    {
      aak_cli_note (cli, "%s and %s allow the same", a, b);
      return;
    }
  aak_cli_out (cli, "--- %s\n+++ %s\n", a, b);
  for (AakClass class = 0; class <= AAK_CLASS_OTHER; class ++)
    {
      gboolean begun = FALSE;
      print_class (cli, '-', only_a, class, &begun);
      print_class (cli, '+', only_b, class, &begun);
    }
}

static void
add_side (JsonBuilder *json, const char *key, GArray *excess)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_array (json);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      AakRule rule = *one->rule;
      rule.perms = one->perms;
      g_autofree char *text = aak_show_rule (&rule);
      json_builder_begin_object (json);
      aak_show_add_text (json, "class", aak_show_class (one->rule->class));
      aak_show_add_text (json, "rule", text);
      aak_show_add_text (json, "standing", aak_show_standing (one->rule));
      aak_show_add_text (json, "reason", aak_show_reason (one->rule));
      aak_show_add_text (json, "pass", one->rule->pass);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
print_json (AakCli *cli, char **paths, GArray *only_a, GArray *only_b)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_show_add_text (json, "schema", "aakit/diff/1");
  aak_show_add_bytes (json, "a", paths[0]);
  aak_show_add_bytes (json, "b", paths[1]);
  add_side (json, "only_a", only_a);
  add_side (json, "only_b", only_b);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}

/* --- the verb -------------------------------------------------------------------------------- */

static void
note_labels (AakCli *cli, const AakProfile *a, const AakProfile *b)
{
  if (strcmp (a->label, b->label) == 0)
    return;
  g_autofree char *of_a = aak_escape (a->label, strlen (a->label));
  g_autofree char *of_b = aak_escape (b->label, strlen (b->label));
  aak_cli_note (cli, "they are of two labels, %s and %s", of_a, of_b);
}

/* Rule by rule, and then what several rules of the other side allow together is taken out. */
static int
compare_rules (AakCli *cli, char **paths, const AakDiffInput *a, const AakDiffInput *b,
               GError **error)
{
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  g_autoptr (GArray) only_a = aak_rule_diff (a->profile, b->profile);
  g_autoptr (GArray) only_b = aak_rule_diff (b->profile, a->profile);
  note_labels (cli, a->profile, b->profile);
  if (only_a->len + only_b->len > 0
      && (!aak_diff_compiled_make (a, b, &compiled, error)
          || !aak_diff_compiled_filter (&compiled, only_a, 1, error)
          || !aak_diff_compiled_filter (&compiled, only_b, 0, error)))
    return AAK_EXIT_FAILED;
  if (compiled.unmade != NULL)
    aak_cli_note (cli,
                  "a rule may be listed that several of the other side allow together, which only "
                  "the compiled policy tells: %s",
                  compiled.unmade);
  if (aak_cli_json (cli))
    print_json (cli, paths, only_a, only_b);
  else
    print_text (cli, paths, only_a, only_b);
  return only_a->len + only_b->len > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

/* What a text by another hand says, only the compiler knows. */
static int
compare_compiled (AakCli *cli, char **paths, const AakDiffInput *a, const AakDiffInput *b,
                  GError **error)
{
  gboolean more[2] = { FALSE };
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  if (!aak_diff_compiled_make (a, b, &compiled, error))
    return AAK_EXIT_FAILED;
  if (compiled.unmade != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                   "a profile text without the state that it was made from is compared as "
                   "compiled: %s",
                   compiled.unmade);
      return AAK_EXIT_FAILED;
    }
  g_autoptr (GPtrArray) only_a = aak_diff_compiled_excess (&compiled, 0, &more[0], error);
  g_autoptr (GPtrArray) only_b =
      only_a != NULL ? aak_diff_compiled_excess (&compiled, 1, &more[1], error) : NULL;
  if (only_b == NULL)
    return AAK_EXIT_FAILED;
  if (compiled.profiles[0]->mode != compiled.profiles[1]->mode)
    aak_cli_note (cli, "they are of two modes, %s and %s",
                  aak_mode_name (compiled.profiles[0]->mode),
                  aak_mode_name (compiled.profiles[1]->mode));
  if (aak_cli_json (cli))
    aak_diff_print_compiled_json (cli, paths, only_a, only_b);
  else
    aak_diff_print_compiled_text (cli, paths, only_a, only_b);
  if (more[0] || more[1])
    aak_cli_warn (cli, "there are further differences, which were not looked for");
  return only_a->len + only_b->len > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

int
aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error)
{
  gboolean exact = FALSE;
  const GOptionEntry entries[] = {
    { "exact", 0, 0, G_OPTION_ARG_NONE, &exact, "Compare exactly what was seen, not the rules",
      NULL },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "A B",
                      "  aa-learn diff staging.learned.yaml production.learned.yaml\n"
                      "  aa-learn diff k8s-web.learned.yaml /etc/apparmor.d/k8s-web\n",
                      &argc, &argv, error)
      || !aak_sensitive_site_load (cli, error))
    return AAK_EXIT_USAGE;
  if (argc != 3)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "diff takes two states or profile texts");
      return AAK_EXIT_USAGE;
    }
  g_auto (AakDiffInput) a = { .path = NULL };
  g_auto (AakDiffInput) b = { .path = NULL };
  if (!aak_diff_input_read (argv[1], exact, &a, error)
      || !aak_diff_input_read (argv[2], exact, &b, error))
    return AAK_EXIT_FAILED;
  return a.profile != NULL && b.profile != NULL ? compare_rules (cli, argv + 1, &a, &b, error)
                                                : compare_compiled (cli, argv + 1, &a, &b, error);
}
