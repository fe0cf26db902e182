/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Capabilities by name. */
#include "config.h"

#include "lib/capability-set.h"

#include "lib/policy/names.h"

#include <string.h>

#define N_BITS 64
#define PREFIX "cap_"

gboolean
aak_capability_sets_equal (const AakCapabilitySets *one, const AakCapabilitySets *other)
{
  return one->effective == other->effective && one->permitted == other->permitted
         && one->inheritable == other->inheritable && one->bounding == other->bounding
         && one->ambient == other->ambient;
}

AakCapabilitySet
aak_capability_sets_reach (const AakCapabilitySets *sets)
{
  return sets->effective | sets->permitted | sets->inheritable | sets->bounding | sets->ambient;
}

void
aak_capability_sets_add (AakCapabilitySets *into, const AakCapabilitySets *from)
{
  into->effective |= from->effective;
  into->permitted |= from->permitted;
  into->inheritable |= from->inheritable;
  into->bounding |= from->bounding;
  into->ambient |= from->ambient;
}

gboolean
aak_capability_set_parse (const char *hex, AakCapabilitySet *out)
{
  gsize len = strlen (hex);
  if (len == 0 || len > 16 || strspn (hex, "0123456789abcdefABCDEF") != len)
    return FALSE;
  *out = g_ascii_strtoull (hex, NULL, 16);
  return TRUE;
}

gboolean
aak_capability_number (const char *name, guint *out_number)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *word = g_str_has_prefix (lower, PREFIX) ? lower + strlen (PREFIX) : lower;
  guint64 number = 0;
  if (aak_policy_capability_number (word, out_number))
    return TRUE;
  if (!g_ascii_string_to_unsigned (word, 10, 0, N_BITS - 1, &number, NULL))
    return FALSE;
  *out_number = (guint) number;
  return TRUE;
}

char *
aak_capability_name (guint number)
{
  const char *name = aak_policy_capability_name (number);
  return name != NULL ? g_strdup (name) : g_strdup_printf ("%u", number);
}

guint
aak_capability_set_size (AakCapabilitySet set)
{
  return (guint) __builtin_popcountll (set);
}

GPtrArray *
aak_capability_set_names (AakCapabilitySet set)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < N_BITS; i++)
    if ((set >> i & 1) != 0)
      g_ptr_array_add (names, aak_capability_name (i));
  return names;
}

char *
aak_capability_set_text (AakCapabilitySet set)
{
  g_autoptr (GPtrArray) names = aak_capability_set_names (set);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}
