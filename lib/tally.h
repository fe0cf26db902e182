/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How often each text was counted: a hash table that owns its keys and has numbers as its values.
 */
#pragma once

#include <glib.h>

static inline GHashTable *
aak_tally_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* How often @key was counted. */
static inline guint
aak_tally_get (GHashTable *tally, const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (tally, key));
}

/* Counts @key, which it takes, @count times more. Returns how often that is in all. */
static inline guint
aak_tally_add (GHashTable *tally, char *key, guint count)
{
  guint sum = aak_tally_get (tally, key) + count;
  g_hash_table_replace (tally, key, GUINT_TO_POINTER (sum));
  return sum;
}
