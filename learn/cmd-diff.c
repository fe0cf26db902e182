/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn diff: what one state or profile allows that another one does not. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "learn/rule-diff.h"
#include "learn/sensitive-site.h"
#include "learn/show-part.h"
#include "learn/state-reader.h"
#include "learn/state.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

/* --- the two sides --------------------------------------------------------------------------- */

/* TRUE where the file is a profile's text and no state: a line of it opens a profile. */
static gboolean
is_profile_text (GBytes *text)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  g_autofree char *copy = g_strndup (len > 0 ? data : "", len);
  return g_str_has_prefix (copy, "profile ") || strstr (copy, "\nprofile ") != NULL
         || strstr (copy, "\nabi <") != NULL || g_str_has_prefix (copy, "abi <");
}

/* The rules of the profile text @path, by the state beside it: only where that leads to just this
 * text is it known what it says. */
static AakProfile *
profile_of_text (const char *path, GBytes *text, gboolean exact, GError **error)
{
  g_autofree char *beside = g_strconcat (path, AAK_STATE_SUFFIX, NULL);
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GError) local = NULL;
  g_autoptr (AakObservations) state = aak_state_read (beside, &local);
  g_autoptr (AakProfile) profile = state != NULL ? aak_generalise (state, exact) : NULL;
  g_autofree char *made = profile != NULL ? aak_profile_to_text (profile) : NULL;
  g_autoptr (GBytes) bytes = made != NULL ? g_bytes_new_static (made, strlen (made)) : NULL;
  if (bytes != NULL && g_bytes_equal (bytes, text))
    return g_steal_pointer (&profile);
  const char *why = state == NULL ? local->message
                    : exact       ? "the state beside it leads to another text with --exact"
                                  : "the state beside it leads to another text: it was edited, or "
                                    "written with --exact or by another version";
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: is a profile text, which is compared by the state that it was made from (%s); "
               "compare states",
               shown, why);
  return NULL;
}

/* The rules of the state or profile text @path. */
static AakProfile *
read_side (const char *path, gboolean exact, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  if (text == NULL)
    return NULL;
  if (is_profile_text (text))
    return profile_of_text (path, text, exact, error);
  g_autoptr (AakObservations) state = aak_state_from_yaml (shown, text, error);
  return state != NULL ? aak_generalise (state, exact) : NULL;
}

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
                      "  aa-learn diff staging.learned.yaml production.learned.yaml\n", &argc,
                      &argv, error)
      || !aak_sensitive_site_load (cli, error))
    return AAK_EXIT_USAGE;
  if (argc != 3)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
                   "diff takes two states, or profile texts that lie beside their states");
      return AAK_EXIT_USAGE;
    }
  g_autoptr (AakProfile) a = read_side (argv[1], exact, error);
  g_autoptr (AakProfile) b = a != NULL ? read_side (argv[2], exact, error) : NULL;
  if (b == NULL)
    return AAK_EXIT_FAILED;
  g_autoptr (GArray) only_a = aak_rule_diff (a, b);
  g_autoptr (GArray) only_b = aak_rule_diff (b, a);
  note_labels (cli, a, b);
  if (aak_cli_json (cli))
    print_json (cli, argv + 1, only_a, only_b);
  else
    print_text (cli, argv + 1, only_a, only_b);
  return only_a->len + only_b->len > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
