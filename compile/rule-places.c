/* SPDX-License-Identifier: GPL-2.0-or-later
 * Texts are read once, and their rules compiled to patterns when they are first asked for. */
#include "config.h"

#include "compile/rule-places.h"

#include "compile/lint-rules.h"
#include "lib/bundle.h"
#include "lib/compiler.h"
#include "lib/policy/policy.h"

#include <string.h>

struct AakRulePlaces
{
  AakPolicyIncludes *includes;
  GHashTable *texts; /* path of a file -> AakPolicyText, or NULL */
  GHashTable *rules; /* AakPolicyTextProfile -> GPtrArray of AakLintRule */
};

static void
text_free (gpointer text)
{
  if (text != NULL)
    aak_policy_text_free (text);
}

AakRulePlaces *
aak_rule_places_new (const char *base)
{
  g_autofree char *folder = aak_compiler_choose_base (base);
  AakRulePlaces *places = g_new0 (AakRulePlaces, 1);
  places->includes = aak_policy_includes_new (folder);
  places->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, text_free);
  places->rules = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  return places;
}

void
aak_rule_places_free (AakRulePlaces *places)
{
  g_hash_table_unref (places->rules);
  g_hash_table_unref (places->texts);
  aak_policy_includes_free (places->includes);
  g_free (places);
}

/* --- texts ----------------------------------------------------------------------------------- */

/* The file that has the text of the profile @name of @path; NULL where there is none. A state has
 * no lines of rules. */
static char *
file_of (const char *path, const char *name)
{
  if (g_str_has_suffix (path, AAK_POLICY_STATE_SUFFIX))
    return NULL;
  if (!aak_bundle_is (path))
    return g_strdup (path);
  return aak_bundle_text_path (path, name);
}

/* Whatever cannot be read was told of when it was compiled, or is no text. */
static const AakPolicyText *
text_of (AakRulePlaces *places, const char *path, const char *name)
{
  g_autofree char *file = file_of (path, name);
  gpointer known = NULL;
  if (file == NULL || g_hash_table_lookup_extended (places->texts, file, NULL, &known))
    return known;
  g_autoptr (GBytes) bytes = aak_policy_read_text (file, NULL);
  AakPolicyText *text = bytes != NULL ? aak_policy_text_new (file, bytes, places->includes) : NULL;
  g_hash_table_insert (places->texts, g_steal_pointer (&file), text);
  return text;
}

static const GPtrArray *
rules_of (AakRulePlaces *places, const char *path, const char *name)
{
  const AakPolicyText *text = text_of (places, path, name);
  const AakPolicyTextProfile *profile = text != NULL ? aak_policy_text_find (text, name) : NULL;
  if (profile == NULL || text->has_alias)
    return NULL;
  GPtrArray *rules = g_hash_table_lookup (places->rules, profile);
  if (rules == NULL)
    {
      rules = aak_lint_rules_new (text, profile);
      g_hash_table_insert (places->rules, (gpointer) profile, rules);
    }
  return rules;
}

/* --- rules ----------------------------------------------------------------------------------- */

/* The classes whose rules are looked into. */
static const struct
{
  const char *word;
  AakPolicyRuleClass class;
} classes[] = {
  { "file", AAK_POLICY_RULE_FILE },       { "capability", AAK_POLICY_RULE_CAPABILITY },
  { "network", AAK_POLICY_RULE_NETWORK }, { "signal", AAK_POLICY_RULE_SIGNAL },
  { "ptrace", AAK_POLICY_RULE_PTRACE },
};

/* The word that stands behind the class in the line of a capability or of the network. */
static char *
word_of (const AakExcess *excess)
{
  g_auto (GStrv) words = g_strsplit_set (excess->rule, " ,", 3);
  gboolean plain = words[0] != NULL && words[1] != NULL && *words[1] != '(';
  return plain
                 && (strcmp (excess->class, "capability") == 0
                     || strcmp (excess->class, "network") == 0)
             ? g_strdup (words[1])
             : NULL;
}

/* TRUE where the rule says something of the names of @excess, and of its permissions. */
static gboolean
concerns (const AakLintRule *rule, const AakExcess *excess, const char *word)
{
  const AakPolicyRule *read = rule->rule;
  if (read->class == AAK_POLICY_RULE_FILE && (read->perms & excess->perms) == 0)
    return FALSE;
  if (read->class != AAK_POLICY_RULE_FILE && !aak_lint_rule_is_about (read, word))
    return FALSE;
  return rule->glob == NULL
         || (excess->example != NULL
             && aak_policy_glob_match (rule->glob, excess->example, strlen (excess->example)));
}

gboolean
aak_rule_places_find (AakRulePlaces *places, const char *path, const char *name,
                      const AakExcess *excess, gboolean deny, AakPolicyPlace *out)
{
  const AakLintRule *found = NULL;
  const GPtrArray *rules = rules_of (places, path, name);
  guint class = 0;
  while (class < G_N_ELEMENTS (classes) && strcmp (classes[class].word, excess->class) != 0)
    class ++;
  if (rules == NULL || class == G_N_ELEMENTS (classes))
    return FALSE;
  g_autofree char *word = word_of (excess);
  for (guint i = 0; i < rules->len; i++)
    {
      const AakLintRule *rule = rules->pdata[i];
      if (rule->told && rule->rule->class == classes[class].class && rule->rule->deny == deny
          && concerns (rule, excess, word)
          && (found == NULL || (found->text->included && !rule->text->included)))
        found = rule;
    }
  if (found != NULL)
    *out = found->text->place;
  return found != NULL;
}
