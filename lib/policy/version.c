/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Names of profiles in a text, and what follows them. */
#include "config.h"

#include "lib/policy/version.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/lexer.h"
#include "lib/policy/word.h"
#include "lib/sha256.h"

#include <string.h>

#define DIGITS     "0123456789abcdef"
#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
#define SUFFIX     (AAK_POLICY_VERSION_LENGTH + 1)

/* A text while its names are looked for. */
typedef struct
{
  AakPolicyLexer lexer;
  GHashTable *names; /* of its profiles, without those of children */
  GPtrArray *rules;  /* of AakStatement */
  GArray *ends;      /* gsize: where a name ends, in the order of the text */
} Text;

static void
text_clear (Text *text)
{
  g_clear_pointer (&text->names, g_hash_table_unref);
  g_clear_pointer (&text->rules, g_ptr_array_unref);
  g_clear_pointer (&text->ends, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Text, text_clear)

/* --- finding --------------------------------------------------------------------------------- */

/* How long the name at @at is, up to what parts a child from it. */
static gsize
name_length (const Text *text, gsize at, gsize end)
{
  gsize size = 0;
  while (at + size < end && strchr (NAME_BYTES, text->lexer.text[at + size]) != NULL
         && text->lexer.text[at + size] != '\0')
    size++;
  return size;
}

static gboolean
take_header (Text *text, const AakStatement *header, GError **error)
{
  gsize size = name_length (text, header->name_at, header->name_at + header->name_size);
  const char *name = text->lexer.text + header->name_at;
  gboolean child = header->name_size > size + 2 && strncmp (name + size, "//", 2) == 0;
  if (size == 0 || (size < header->name_size && !child))
    return aak_policy_lexer_fail (
        &text->lexer, header->name_at, error,
        "a version goes with a name of letters, digits, '-', '_' and '.', as pods name profiles");
  gsize end = header->name_at + size;
  g_hash_table_add (text->names, g_strndup (name, size));
  g_array_append_val (text->ends, end);
  return TRUE;
}

/* Headers at the top have the names of profiles; those within them are of children. */
static gboolean
read_statements (Text *text, GError **error)
{
  guint depth = 0;
  for (;;)
    {
      AakStatement statement;
      if (!aak_policy_lexer_next (&text->lexer, &statement, error))
        return FALSE;
      switch (statement.kind)
        {
        case AAK_STATEMENT_END:
          return g_hash_table_size (text->names) > 0
                 || aak_policy_lexer_fail (&text->lexer, 0, error, "no profile is in it");
        case AAK_STATEMENT_PROFILE:
          if (depth == 0 && !take_header (text, &statement, error))
            return FALSE;
          depth++;
          break;
        case AAK_STATEMENT_HAT:
        case AAK_STATEMENT_GROUP:
          depth++;
          break;
        case AAK_STATEMENT_CLOSE:
          depth -= depth > 0;
          break;
        case AAK_STATEMENT_RULE:
          g_ptr_array_add (text->rules, g_memdup2 (&statement, sizeof statement));
          break;
        case AAK_STATEMENT_COMMENT:
          break;
        }
    }
}

/* TRUE where a label is what the word with "=" behind it at @equals is given. */
static gboolean
gives_label (const char *start, const char *equals)
{
  static const char *const keys[] = { "peer", "label" };
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gsize len = strlen (keys[i]);
      if ((gsize) (equals - start) >= len && strncmp (equals - len, keys[i], len) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Notes where names end that the rule has as peers and targets. Alternatives ("{a,b}") and stacks
 * ("a//&b") count as well. */
static void
take_rule (Text *text, const AakStatement *rule)
{
  const char *start = text->lexer.text + rule->start;
  gboolean label = FALSE;
  if (aak_policy_word_include (&text->lexer, rule->start) != 0 || *start == '@' || *start == '$')
    return;
  for (gsize at = rule->start; at < rule->end;)
    {
      const char *here = text->lexer.text + at;
      gsize size = name_length (text, at, rule->end);
      if (size == 0)
        {
          if (*here == '=')
            label = gives_label (start, here);
          else if (at > rule->start && here[-1] == '-' && *here == '>')
            label = TRUE;
          at++;
          continue;
        }
      gsize end = at + size;
      char before = at > rule->start ? here[-1] : ' ',
           after = end < rule->end ? text->lexer.text[end] : ' ';
      g_autofree char *name = g_strndup (here, size);
      if (label && strchr ("= \t\n\"&{,:(", before) != NULL
          && (strchr (" \t\n\",})", after) != NULL
              || (end + 1 < rule->end && strncmp (text->lexer.text + end, "//", 2) == 0))
          && g_hash_table_contains (text->names, name))
        g_array_append_val (text->ends, end);
      at = end;
    }
}

static int
compare_offsets (gconstpointer a, gconstpointer b)
{
  gsize left = *(const gsize *) a, right = *(const gsize *) b;
  return left < right ? -1 : left > right;
}

static gboolean
read_text (Text *text, const char *what, GBytes *bytes, GError **error)
{
  text->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  text->rules = g_ptr_array_new_with_free_func (g_free);
  text->ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  text->lexer.what = what;
  text->lexer.text = g_bytes_get_data (bytes, &text->lexer.len);
  if (!read_statements (text, error))
    return FALSE;
  for (guint i = 0; i < text->rules->len; i++)
    take_rule (text, text->rules->pdata[i]);
  g_array_sort (text->ends, compare_offsets);
  return TRUE;
}

/* --- versions -------------------------------------------------------------------------------- */

/* The "-1a2b3c4d" that the names have in common, or NULL. */
static const char *
common_suffix (const Text *text)
{
  GHashTableIter iter;
  gpointer name;
  const char *suffix = NULL;
  g_hash_table_iter_init (&iter, text->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      gsize len = strlen (name);
      const char *end = len > SUFFIX ? (const char *) name + len - SUFFIX : NULL;
      if (end == NULL || *end != '-' || strspn (end + 1, DIGITS) != AAK_POLICY_VERSION_LENGTH
          || (suffix != NULL && strcmp (suffix, end) != 0))
        return NULL;
      suffix = end;
    }
  return suffix;
}

/* The text with @cut bytes before the end of each name left out, and @suffix in their place. */
static GBytes *
rewrite (const Text *text, gsize cut, const char *suffix)
{
  GByteArray *out = g_byte_array_sized_new ((guint) text->lexer.len + 256);
  const guint8 *data = (const guint8 *) text->lexer.text;
  gsize from = 0;
  for (guint i = 0; i < text->ends->len; i++)
    {
      gsize end = g_array_index (text->ends, gsize, i);
      g_byte_array_append (out, data + from, (guint) (end - cut - from));
      g_byte_array_append (out, (const guint8 *) suffix, (guint) strlen (suffix));
      from = end;
    }
  g_byte_array_append (out, data + from, (guint) (text->lexer.len - from));
  return g_byte_array_free_to_bytes (out);
}

/* "-" and the beginning of the digest of @bytes. */
static char *
suffix_of (GBytes *bytes)
{
  g_autofree char *digest = aak_sha256_of (bytes);
  return g_strdup_printf ("-%.*s", AAK_POLICY_VERSION_LENGTH, digest);
}

/* TRUE where the names of @text have the version of what the text is without it. */
static gboolean
is_versioned (const Text *text)
{
  const char *suffix = common_suffix (text);
  if (suffix == NULL)
    return FALSE;
  g_autoptr (GBytes) without = rewrite (text, SUFFIX, "");
  g_autofree char *own = suffix_of (without);
  return strcmp (suffix, own) == 0;
}

GBytes *
aak_policy_version (const char *what, GBytes *bytes, GError **error)
{
  g_auto (Text) text = { 0 };
  if (!read_text (&text, what, bytes, error))
    return NULL;
  if (is_versioned (&text))
    return g_bytes_ref (bytes);
  g_autofree char *suffix = suffix_of (bytes);
  return rewrite (&text, 0, suffix);
}

char *
aak_policy_version_name (const char *what, GBytes *bytes, const char *name, GError **error)
{
  g_auto (Text) text = { 0 };
  if (!read_text (&text, what, bytes, error))
    return NULL;
  gboolean versioned = is_versioned (&text);
  g_autofree char *suffix = versioned ? g_strdup (common_suffix (&text)) : suffix_of (bytes),
                  *with = g_strconcat (name, suffix, NULL);
  if (g_hash_table_contains (text.names, versioned ? with : name))
    return g_steal_pointer (&with);
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "%s has no profile '%s'", what, shown);
  return NULL;
}
