/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Profiles and variables of a policy text. */
#include "config.h"

#include "lib/policy/text-parts.h"

#include "lib/policy/word.h"

#include <string.h>

#define MAX_VALUES 4096 /* of a variable */

static void
text_rule_free (gpointer data)
{
  AakPolicyTextRule *rule = data;
  aak_policy_rule_free (rule->rule);
  g_free (rule);
}

static void
profile_free (gpointer data)
{
  AakPolicyTextProfile *profile = data;
  g_free (profile->name);
  g_ptr_array_unref (profile->flags);
  g_ptr_array_unref (profile->rules);
  g_free (profile);
}

static void
variable_free (gpointer data)
{
  AakPolicyTextVariable *variable = data;
  g_free (variable->name);
  g_clear_pointer (&variable->values, g_ptr_array_unref);
  g_free (variable);
}

static void
use_free (gpointer data)
{
  AakPolicyTextUse *use = data;
  g_free (use->name);
  g_free (use);
}

static void
values_free (gpointer values)
{
  if (values != NULL)
    g_ptr_array_unref (values);
}

AakPolicyText *
aak_policy_text_empty (AakPolicySource *source)
{
  AakPolicyText *text = g_new0 (AakPolicyText, 1);
  text->source = source;
  text->profiles = g_ptr_array_new_with_free_func (profile_free);
  text->variables = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, variable_free);
  text->uses = g_ptr_array_new_with_free_func (use_free);
  text->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  text->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, values_free);
  text->comments = g_array_new (FALSE, FALSE, sizeof (AakPolicyPlace));
  text->whole = TRUE;
  return text;
}

void
aak_policy_text_free (AakPolicyText *text)
{
  g_ptr_array_unref (text->profiles);
  g_hash_table_unref (text->variables);
  g_ptr_array_unref (text->uses);
  g_hash_table_unref (text->noted);
  g_hash_table_unref (text->expanded);
  g_array_unref (text->comments);
  g_free (text->stopped);
  aak_policy_source_free (text->source);
  g_free (text);
}

void
aak_policy_text_drop_rules (AakPolicyText *text)
{
  for (guint i = 0; i < text->profiles->len; i++)
    g_ptr_array_set_size (((AakPolicyTextProfile *) text->profiles->pdata[i])->rules, 0);
}

const AakPolicyTextProfile *
aak_policy_text_find (const AakPolicyText *text, const char *name)
{
  for (guint i = 0; i < text->profiles->len; i++)
    {
      const AakPolicyTextProfile *profile = text->profiles->pdata[i];
      if (g_strcmp0 (profile->name, name) == 0)
        return profile;
    }
  return NULL;
}

/* --- profiles -------------------------------------------------------------------------------- */

/* flags=(a, b), or the older (a, b). */
static void
read_flags (AakPolicyTextProfile *profile, const char *header)
{
  const char *open = strchr (header, '(');
  const char *close = open != NULL ? strrchr (open, ')') : NULL;
  if (close == NULL)
    return;
  g_autofree char *list = g_strndup (open + 1, (gsize) (close - open - 1));
  g_auto (GStrv) words = g_strsplit_set (list, " \t\r\n,", -1);
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_ptr_array_add (profile->flags, g_strdup (*word));
}

/* What stands behind the name: an attachment, flags, both or neither. */
static void
read_header (AakPolicyTextProfile *profile, const AakPolicyLexer *lexer, const AakStatement *header)
{
  gsize at = header->name_at + header->name_size;
  at += at < header->end && lexer->text[at] == '"';
  g_autofree char *rest = g_strndup (lexer->text + at, header->end - at);
  const char *word = rest + strspn (rest, " \t\r\n");
  profile->attaches = *word == '/' || *word == '"' || *word == '@';
  const char *flags = strstr (word, "flags");
  /* Conditions of an attachment are in parentheses, too: xattrs=(...). */
  if (strstr (word, "xattrs") == NULL || flags != NULL)
    read_flags (profile, flags != NULL && strstr (word, "xattrs") != NULL ? flags : word);
}

AakPolicyTextProfile *
aak_policy_text_profile_new (const AakPolicyLexer *lexer, const AakStatement *header,
                             const AakPolicyTextProfile *parent)
{
  AakPolicyTextProfile *profile = g_new0 (AakPolicyTextProfile, 1);
  profile->flags = g_ptr_array_new_with_free_func (g_free);
  profile->rules = g_ptr_array_new_with_free_func (text_rule_free);
  profile->whole = TRUE;
  profile->nested = parent != NULL;
  g_autofree char *own = aak_policy_rule_value (lexer->text + header->name_at, header->name_size);
  if (own != NULL && strstr (own, "@{") == NULL && (parent == NULL || parent->name != NULL))
    profile->name = parent != NULL ? g_strconcat (parent->name, "//", own, NULL) : g_strdup (own);
  read_header (profile, lexer, header);
  profile->attaches = profile->attaches || own == NULL || *own == '/' || *own == '@';
  return profile;
}

/* --- variables ------------------------------------------------------------------------------- */

/* The name of the variable at @at ("@{X}" or "@X"), up to @end. */
static char *
variable_name (const char *bytes, gsize at, gsize end)
{
  at += 1;
  at += at < end && bytes[at] == '{';
  gsize start = at;
  while (at < end && (g_ascii_isalnum (bytes[at]) || bytes[at] == '_'))
    at++;
  return g_strndup (bytes + start, at - start);
}

/* Adds the values from @at to @end. FALSE where they cannot be told. */
static gboolean
read_values (GPtrArray *values, const AakPolicyLexer *lexer, gsize at, gsize end)
{
  for (;;)
    {
      at = aak_policy_word_skip (lexer, at, " \t\r\n\\");
      if (at >= end)
        return TRUE;
      gsize word = at;
      if (values->len == MAX_VALUES || !aak_policy_word_value (lexer, at, &at, NULL))
        return FALSE;
      char *value = aak_policy_rule_value (lexer->text + word, at - word);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (values, value);
    }
}

void
aak_policy_text_assign (AakPolicyText *text, const AakPolicyLexer *lexer, AakPolicyPlace place,
                        gsize values, gboolean included)
{
  if (lexer->text[place.at] != '@')
    return;
  g_autofree char *name = variable_name (lexer->text, place.at, values);
  AakPolicyTextVariable *variable = g_hash_table_lookup (text->variables, name);
  if (variable == NULL)
    {
      variable = g_new0 (AakPolicyTextVariable, 1);
      variable->name = g_steal_pointer (&name);
      variable->values = g_ptr_array_new_with_free_func (g_free);
      variable->place = (AakPolicyPlace){ place.source, place.at, values - 1 - place.at };
      variable->included = included;
      g_hash_table_insert (text->variables, variable->name, variable);
    }
  /* "?=" gives a value only where there is none. */
  gboolean told = values >= 2 && lexer->text[values - 2] != '?' && lexer->text[values - 2] != ':';
  if (variable->values != NULL
      && (!told || !read_values (variable->values, lexer, values, place.at + place.size)))
    g_clear_pointer (&variable->values, g_ptr_array_unref);
}

void
aak_policy_text_note_uses (AakPolicyText *text, AakPolicyPlace place, AakPolicyPlace own)
{
  const char *bytes = g_bytes_get_data (place.source->text, NULL);
  gboolean included = place.source != text->source;
  gsize end = place.at + place.size;
  for (gsize at = place.at; at + 2 < end; at++)
    {
      if (bytes[at] != '@' || bytes[at + 1] != '{' || (at > place.at && bytes[at - 1] == '\\'))
        continue;
      g_autofree char *name = variable_name (bytes, at, end);
      gsize size = strlen (name) + 3;
      /* One use of each name in the text itself, and one in what it includes, is enough. */
      g_autofree char *key = g_strconcat (included ? "i" : "o", name, NULL);
      if (at + size > end || bytes[at + size - 1] != '}'
          || !g_hash_table_add (text->noted, g_steal_pointer (&key)))
        continue;
      AakPolicyTextUse *use = g_new0 (AakPolicyTextUse, 1);
      use->place = (AakPolicyPlace){ place.source, at, size };
      use->own = included ? own : use->place;
      use->name = g_steal_pointer (&name);
      g_ptr_array_add (text->uses, use);
    }
}
