/* SPDX-License-Identifier: GPL-2.0-or-later
 * Counting names by stem, length and extension. */
#include "config.h"

#include "learn/name-siblings.h"

#include "learn/path-pattern.h"
#include "lib/tally.h"

#include <string.h>

#define SEPARATORS "-_."

struct AakNameSiblings
{
  GHashTable *counts; /* directory, stem, length and extension -> how many paths */
};

/* A name in its parts: stem, what may be random, extension or the slash of a directory. */
typedef struct
{
  const char *dir; /* the whole path; the directory is its first @dir_len bytes */
  gsize dir_len;
  const char *stem;
  gsize stem_len; /* to the first separator, with it */
  gsize random_len;
  const char *kind;
} Parts;

AakNameSiblings *
aak_name_siblings_new (void)
{
  AakNameSiblings *siblings = g_new (AakNameSiblings, 1);
  siblings->counts = aak_tally_new ();
  return siblings;
}

void
aak_name_siblings_free (AakNameSiblings *siblings)
{
  g_hash_table_unref (siblings->counts);
  g_free (siblings);
}

/* An extension of small letters, or the slash of a directory, at the end of @name, which is @len
 * bytes long; else its end. */
static const char *
kind_of (const char *name, gsize len)
{
  gsize at = len;
  if (len > 0 && name[len - 1] == '/')
    return name + len - 1;
  while (at > 0 && g_ascii_islower (name[at - 1]))
    at--;
  return at > 1 && at < len && name[at - 1] == '.' ? name + at - 1 : name + len;
}

/* Letters, digits and "_", a letter among them: digits alone are a counter. */
static gboolean
may_be_random (const char *text, gsize len)
{
  gboolean letter = FALSE;
  for (gsize i = 0; i < len; i++)
    {
      if (!g_ascii_isalnum (text[i]) && text[i] != '_')
        return FALSE;
      letter |= g_ascii_isalpha (text[i]);
    }
  return letter && len >= AAK_NAME_SIBLINGS_LENGTH;
}

/* Takes the last name of @path apart; FALSE where it has no stem, or one with digits, which are
 * others each time themselves. */
static gboolean
take_apart (const char *path, Parts *out)
{
  gsize len = strlen (path), end = len > 1 && path[len - 1] == '/' ? len - 1 : len;
  while (end > 0 && path[end - 1] != '/')
    end--;
  const char *name = path + end;
  gsize stem = *name != '\0' ? 1 + strcspn (name + 1, SEPARATORS) : 0;
  out->dir = path;
  out->dir_len = end;
  out->stem = name;
  out->stem_len = stem + 1;
  out->kind = kind_of (name, len - end);
  if (end == 0 || stem == 0 || name[stem] == '\0' || strcspn (name, "0123456789") < stem
      || out->kind < name + out->stem_len)
    return FALSE;
  out->random_len = (gsize) (out->kind - name) - out->stem_len;
  return may_be_random (name + out->stem_len, out->random_len);
}

static char *
key_of (const Parts *parts)
{
  return g_strdup_printf ("%.*s%.*s\n%zu%s", (int) parts->dir_len, parts->dir,
                          (int) parts->stem_len, parts->stem, parts->random_len, parts->kind);
}

void
aak_name_siblings_count (AakNameSiblings *siblings, const char *path)
{
  Parts parts;
  if (!take_apart (path, &parts))
    return;
  aak_tally_add (siblings->counts, key_of (&parts), 1);
}

char *
aak_name_siblings_pattern (const AakNameSiblings *siblings, const char *path)
{
  Parts parts;
  if (g_hash_table_size (siblings->counts) == 0 || !take_apart (path, &parts))
    return NULL;
  g_autofree char *key = key_of (&parts);
  if (aak_tally_get (siblings->counts, key) < AAK_NAME_SIBLINGS_MIN)
    return NULL;
  GString *out = g_string_new (NULL);
  aak_path_pattern_append_literal (out, parts.stem, parts.stem_len);
  g_string_append_c (out, '*');
  aak_path_pattern_append_literal (out, parts.kind, strcspn (parts.kind, "/"));
  return g_string_free (out, FALSE);
}
