/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Numbers for names. */
#include "config.h"

#include "lib/name-mask.h"

#include <string.h>

typedef struct
{
  char *name;
  char *mask;
} Masked;

struct AakNameMask
{
  GHashTable *known;  /* "kind\nname" -> Masked */
  GHashTable *counts; /* kind -> how many there are */
  GPtrArray *longest; /* of Masked, the longest names first */
};

static void
masked_free (Masked *masked)
{
  g_free (masked->name);
  g_free (masked->mask);
  g_free (masked);
}

AakNameMask *
aak_name_mask_new (void)
{
  AakNameMask *mask = g_new0 (AakNameMask, 1);
  mask->known =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) masked_free);
  mask->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  mask->longest = g_ptr_array_new ();
  return mask;
}

void
aak_name_mask_free (AakNameMask *mask)
{
  g_ptr_array_unref (mask->longest);
  g_hash_table_unref (mask->counts);
  g_hash_table_unref (mask->known);
  g_free (mask);
}

static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  const Masked *const *left = a, *const *right = b;
  gsize first = strlen ((*left)->name), second = strlen ((*right)->name);
  return first != second ? (first < second) - (first > second)
                         : strcmp ((*left)->name, (*right)->name);
}

const char *
aak_name_mask_of (AakNameMask *mask, const char *kind, const char *name)
{
  g_autofree char *key = g_strconcat (kind, "\n", name, NULL);
  Masked *masked = g_hash_table_lookup (mask->known, key);
  if (masked != NULL)
    return masked->mask;
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (mask->counts, kind)) + 1;
  g_hash_table_replace (mask->counts, g_strdup (kind), GUINT_TO_POINTER (number));
  masked = g_new0 (Masked, 1);
  *masked = (Masked){ g_strdup (name), g_strdup_printf ("%s-%u", kind, number) };
  g_hash_table_insert (mask->known, g_steal_pointer (&key), masked);
  g_ptr_array_add (mask->longest, masked);
  g_ptr_array_sort (mask->longest, compare_lengths);
  return masked->mask;
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* The longest known name that stands at @at as a word of its own; NULL where there is none.
 * @before: the character before it. */
static const Masked *
name_at (const AakNameMask *mask, const char *at, char before)
{
  for (guint i = 0; !is_word (before) && i < mask->longest->len; i++)
    {
      const Masked *masked = mask->longest->pdata[i];
      gsize len = strlen (masked->name);
      if (len > 0 && strncmp (at, masked->name, len) == 0 && !is_word (at[len]))
        return masked;
    }
  return NULL;
}

char *
aak_name_mask_text (const AakNameMask *mask, const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *at = text; *at != '\0';)
    {
      const Masked *masked = name_at (mask, at, at > text ? at[-1] : ' ');
      g_string_append_len (out, masked != NULL ? masked->mask : at,
                           masked != NULL ? (gssize) strlen (masked->mask) : 1);
      at += masked != NULL ? strlen (masked->name) : 1;
    }
  return g_string_free (out, FALSE);
}
