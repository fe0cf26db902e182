/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading rules. */
#include "config.h"

#include "lib/policy/rule.h"

#include "lib/policy/perms.h"
#include "lib/policy/word.h"

#include <string.h>

#define MAX_WORDS 256

/* The words of a rule, and how far they are read. */
typedef struct
{
  const AakPolicyLexer *lexer;
  GPtrArray *words; /* char*, as they are written */
  guint at;
} Words;

static void
word_free (gpointer data)
{
  AakPolicyRuleWord *word = data;
  g_free (word->key);
  g_free (word->value);
  g_free (word);
}

void
aak_policy_rule_free (AakPolicyRule *rule)
{
  g_free (rule->path);
  g_free (rule->exec);
  g_free (rule->target);
  g_free (rule->text);
  g_ptr_array_unref (rule->words);
  g_free (rule);
}

/* --- splitting ------------------------------------------------------------------------------- */

static gboolean
split (Words *words, const AakStatement *statement, GError **error)
{
  const AakPolicyLexer *lexer = words->lexer;
  gboolean arrow = FALSE;
  gsize at = statement->start, comma = statement->end - 1;
  for (;;)
    {
      at = aak_policy_word_skip (lexer, at, " \t\r\n");
      if (at >= comma)
        return TRUE;
      if (lexer->text[at] == '#')
        {
          const char *newline = memchr (lexer->text + at, '\n', comma - at);
          at = newline != NULL ? (gsize) (newline - lexer->text) : comma;
          continue;
        }
      gsize end = at;
      gboolean value = arrow || lexer->text[at] == '{';
      if (!(value ? aak_policy_word_value (lexer, at, &end, error)
                  : aak_policy_word_next (lexer, at, &end, error)))
        return FALSE;
      g_ptr_array_add (words->words, g_strndup (lexer->text + at, end - at));
      arrow = end - at == 2 && memcmp (lexer->text + at, "->", 2) == 0;
      at = end;
    }
}

/* The words from the next one on. */
static char *
text_of (const Words *words)
{
  GString *text = g_string_new (NULL);
  for (guint i = words->at; i < words->words->len; i++)
    {
      g_string_append (text, i > words->at ? " " : "");
      g_string_append (text, words->words->pdata[i]);
    }
  return g_string_free (text, FALSE);
}

/* The next word, or "" behind the last. */
static const char *
peek (const Words *words)
{
  return words->at < words->words->len ? words->words->pdata[words->at] : "";
}

static gboolean
take (Words *words, const char *word)
{
  gboolean there = strcmp (peek (words), word) == 0;
  words->at += there;
  return there;
}

/* --- values ---------------------------------------------------------------------------------- */

/* An octal escape of the scanner's, which means a byte. */
static gboolean
is_octal (const char *at)
{
  return *at >= '0' && *at <= '3' && strspn (at, "01234567") >= 3;
}

/* Escapes of what means something in a pattern stay, others mean their character (parser_misc.c,
 * processquoted(), processunquoted()). What those of letters mean depends on the parser. */
static char *
unescape (const char *text)
{
  static const char special[] = "*?[]{}^,\\";
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    {
      gboolean escaped = *p == '\\' && p[1] != '\0';
      if (!escaped || strchr (special, p[1]) != NULL || is_octal (p + 1))
        {
          g_string_append_c (out, *p);
          if (escaped)
            g_string_append_c (out, *++p);
          continue;
        }
      if (g_ascii_isalnum (p[1]))
        {
          g_string_free (out, TRUE);
          return NULL;
        }
    }
  return g_string_free (out, FALSE);
}

char *
aak_policy_rule_value (const char *text, gsize len)
{
  gboolean quoted = len >= 2 && text[0] == '"' && text[len - 1] == '"';
  g_autofree char *inner = g_strndup (text + quoted, len - 2 * (gsize) quoted);
  return strchr (inner, '\\') != NULL ? unescape (inner) : g_steal_pointer (&inner);
}

/* The same, of a word; one that cannot be told makes the rule odd. */
static char *
value_of (AakPolicyRule *rule, const char *word)
{
  char *value = aak_policy_rule_value (word, strlen (word));
  rule->odd = rule->odd || value == NULL;
  return value;
}

/* --- words of other rules than those for files ----------------------------------------------- */

static void
add_word (AakPolicyRule *rule, const char *key, const char *value)
{
  if (rule->words->len == MAX_WORDS)
    {
      rule->odd = TRUE;
      return;
    }
  AakPolicyRuleWord *word = g_new0 (AakPolicyRuleWord, 1);
  word->key = g_strdup (key);
  word->value = value_of (rule, value);
  if (word->value == NULL)
    word->value = g_strdup (value);
  g_ptr_array_add (rule->words, word);
}

/* "a", or each of "(a, b)". Quotes within a list make the rule odd: they may hold anything. */
static void
add_value (AakPolicyRule *rule, const char *key, const char *text)
{
  gsize len = strlen (text);
  if (*text != '(')
    {
      add_word (rule, key, text);
      return;
    }
  rule->odd = rule->odd || strpbrk (text, "\"\\#") != NULL;
  g_autofree char *list = g_strndup (text + 1, len > 1 ? len - 2 : 0);
  g_auto (GStrv) values = g_strsplit_set (list, " \t\r\n,", -1);
  for (char **value = values; *value != NULL; value++)
    if (**value != '\0')
      add_word (rule, key, *value);
}

static void
read_others (AakPolicyRule *rule, Words *words)
{
  for (; words->at < words->words->len; words->at++)
    {
      const char *word = peek (words);
      gsize name = strspn (word, "abcdefghijklmnopqrstuvwxyz_");
      const char *equals = word + name + strspn (word + name, " \t");
      if (strcmp (word, "->") == 0 && words->at + 1 < words->words->len && rule->target == NULL)
        {
          words->at++;
          rule->target = value_of (rule, peek (words));
        }
      else if (name > 0 && *equals == '=')
        {
          g_autofree char *key = g_strndup (word, name);
          const char *value = equals + 1;
          add_value (rule, key, value + strspn (value, " \t"));
        }
      else
        add_value (rule, NULL, word);
    }
}

/* --- files ----------------------------------------------------------------------------------- */

static gboolean
is_path (const char *word)
{
  return *word == '/' || *word == '"' || g_str_has_prefix (word, "@{");
}

/* "rw", "mrPx": sets perms and exec. FALSE where the word is none. */
static gboolean
read_perms (AakPolicyRule *rule, const char *word)
{
  static const struct
  {
    char letter;
    guint32 perms;
  } letters[] = {
    { 'r', AAK_MAY_READ },   { 'w', AAK_MAY_WRITE | AAK_MAY_APPEND },
    { 'a', AAK_MAY_APPEND }, { 'k', AAK_MAY_LOCK },
    { 'l', AAK_MAY_LINK },   { 'm', AAK_MAY_MMAP },
    { 'x', AAK_MAY_EXEC },
  };
  g_autoptr (GString) exec = g_string_new (NULL);
  guint32 perms = 0;
  for (const char *p = word; *p != '\0'; p++)
    {
      gboolean known = strchr ("pPcCuUiI", *p) != NULL;
      if (known || *p == 'x')
        g_string_append_c (exec, *p);
      for (gsize i = 0; i < G_N_ELEMENTS (letters); i++)
        if (*p == letters[i].letter)
          {
            perms |= letters[i].perms;
            known = TRUE;
          }
      if (!known)
        return FALSE;
    }
  if (perms == 0)
    return FALSE;
  rule->perms |= perms;
  g_free (rule->exec);
  rule->exec = exec->len > 0 ? g_strdup (exec->str) : NULL;
  return TRUE;
}

/* What the bare rule `file,` stands for (parser_yacc.y). */
static void
set_all_files (AakPolicyRule *rule)
{
  rule->path = g_strdup ("/{**,}");
  read_perms (rule, "rwlkmix");
}

/* [file] [safe | unsafe] PATH PERMS | PERMS PATH [-> TARGET] */
static void
read_file (AakPolicyRule *rule, Words *words)
{
  gboolean unsafe = take (words, "unsafe");
  take (words, "safe");
  gboolean first = !is_path (peek (words)) && read_perms (rule, peek (words));
  words->at += first;
  if (is_path (peek (words)))
    rule->path = value_of (rule, words->words->pdata[words->at++]);
  else
    rule->odd = TRUE;
  if (!first && read_perms (rule, peek (words)))
    words->at++;
  if (take (words, "->"))
    rule->target =
        value_of (rule, words->at < words->words->len ? words->words->pdata[words->at++] : "");
  rule->odd = rule->odd || unsafe || rule->perms == 0 || words->at < words->words->len;
}

/* link [subset] NAME -> TARGET */
static void
read_link (AakPolicyRule *rule, Words *words)
{
  if (take (words, "subset"))
    add_word (rule, NULL, "subset");
  if (is_path (peek (words)))
    rule->path = value_of (rule, words->words->pdata[words->at++]);
  if (take (words, "->"))
    rule->target =
        value_of (rule, words->at < words->words->len ? words->words->pdata[words->at++] : "");
  rule->odd =
      rule->odd || rule->path == NULL || rule->target == NULL || words->at < words->words->len;
}

/* --- rules ----------------------------------------------------------------------------------- */

static const struct
{
  const char *word;
  AakPolicyRuleClass class;
  gboolean keep; /* the word is one of the rule's words */
} classes[] = {
  { "capability", AAK_POLICY_RULE_CAPABILITY, FALSE },
  { "network", AAK_POLICY_RULE_NETWORK, FALSE },
  { "signal", AAK_POLICY_RULE_SIGNAL, FALSE },
  { "ptrace", AAK_POLICY_RULE_PTRACE, FALSE },
  { "mount", AAK_POLICY_RULE_MOUNT, TRUE },
  { "remount", AAK_POLICY_RULE_MOUNT, TRUE },
  { "umount", AAK_POLICY_RULE_MOUNT, TRUE },
  { "pivot_root", AAK_POLICY_RULE_MOUNT, TRUE },
  { "change_profile", AAK_POLICY_RULE_CHANGE_PROFILE, FALSE },
  { "abi", AAK_POLICY_RULE_ABI, FALSE },
  { "alias", AAK_POLICY_RULE_ALIAS, FALSE },
  { "unix", AAK_POLICY_RULE_OTHER, TRUE },
  { "dbus", AAK_POLICY_RULE_OTHER, TRUE },
  { "mqueue", AAK_POLICY_RULE_OTHER, TRUE },
  { "io_uring", AAK_POLICY_RULE_OTHER, TRUE },
  { "userns", AAK_POLICY_RULE_OTHER, TRUE },
  { "set", AAK_POLICY_RULE_OTHER, TRUE },
  { "all", AAK_POLICY_RULE_OTHER, TRUE },
};

static void
read_rule (AakPolicyRule *rule, Words *words)
{
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strcmp (peek (words), classes[i].word) == 0)
      {
        rule->class = classes[i].class;
        words->at += !classes[i].keep;
        read_others (rule, words);
        return;
      }
  if (take (words, "link"))
    {
      rule->class = AAK_POLICY_RULE_LINK;
      read_link (rule, words);
      return;
    }
  rule->class = AAK_POLICY_RULE_FILE;
  if (take (words, "file") && words->at == words->words->len)
    set_all_files (rule);
  else
    read_file (rule, words);
}

/* Takes qualifiers in front of a rule; one whose meaning is not known here makes it odd. */
static gboolean
take_qualifier (AakPolicyRule *rule, Words *words)
{
  const char *word = peek (words);
  static const char *const odd[] = { "other", "quiet", "prompt", "access", NULL };
  if (strcmp (word, "audit") == 0)
    rule->audit = TRUE;
  else if (strcmp (word, "deny") == 0)
    rule->deny = TRUE;
  else if (strcmp (word, "owner") == 0)
    rule->owner = TRUE;
  else if (g_strv_contains (odd, word) || g_str_has_prefix (word, "priority"))
    rule->odd = TRUE;
  else if (strcmp (word, "allow") != 0)
    return FALSE;
  words->at++;
  return TRUE;
}

AakPolicyRule *
aak_policy_rule_new (const AakPolicyLexer *lexer, const AakStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  Words words = { lexer, list, 0 };
  if (!split (&words, statement, error))
    return NULL;
  AakPolicyRule *rule = g_new0 (AakPolicyRule, 1);
  rule->words = g_ptr_array_new_with_free_func (word_free);
  while (take_qualifier (rule, &words))
    continue;
  rule->text = text_of (&words);
  read_rule (rule, &words);
  return rule;
}

void
aak_policy_rule_qualify (AakPolicyRule *rule, const char *words, gsize len)
{
  g_autofree char *text = g_strndup (words, len);
  g_auto (GStrv) split_words = g_strsplit_set (text, " \t\r\n{", -1);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  for (char **word = split_words; *word != NULL; word++)
    if (**word != '\0')
      g_ptr_array_add (list, *word);
  Words qualifiers = { NULL, list, 0 };
  while (take_qualifier (rule, &qualifiers))
    continue;
  rule->odd = rule->odd || qualifiers.at < list->len;
}

/* --- comparing ------------------------------------------------------------------------------- */

gboolean
aak_policy_rule_has (const AakPolicyRule *rule, const char *key, const char *value)
{
  for (guint i = 0; i < rule->words->len; i++)
    {
      const AakPolicyRuleWord *word = rule->words->pdata[i];
      if (g_strcmp0 (word->key, key) == 0 && strcmp (word->value, value) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
aak_policy_rule_equal (const AakPolicyRule *a, const AakPolicyRule *b)
{
  return a->class == b->class && a->audit == b->audit && a->deny == b->deny && a->owner == b->owner
         && strcmp (a->text, b->text) == 0;
}
