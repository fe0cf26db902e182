/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Groups of bytes. */
#include "config.h"

#include "lib/policy/groups.h"

/* The last byte that is a flag of a mount (lib/policy/query-mount.c). */
#define LAST_FLAG 32

/* The lower, the better a byte reads in a name. */
static guint
readability (guint8 c)
{
  return g_ascii_islower (c)   ? 0
         : g_ascii_isdigit (c) ? 1
         : g_ascii_isupper (c) ? 2
         : g_ascii_isgraph (c) ? 3
                               : 4;
}

static gboolean
is_alone (guint8 c, gboolean flags)
{
  return c == '\0' || c == '/' || (flags && c <= LAST_FLAG);
}

/* The group that @c joins, or that it begins. */
static guint
group_of (AakPolicyGroups *groups, guint8 c, guint16 key, const guint16 *keys, gboolean flags)
{
  for (guint i = 0; i < groups->n && !is_alone (c, flags); i++)
    if (keys[i] == key && !is_alone (groups->byte[i], flags))
      return i;
  return groups->n++;
}

void
aak_policy_groups_init (AakPolicyGroups *groups, const AakPolicyDb *a, const AakPolicyDb *b,
                        gboolean flags)
{
  guint16 keys[256];
  *groups = (AakPolicyGroups){ .n = 0 };
  for (guint i = 0; i < 256; i++)
    {
      guint8 c = (guint8) i;
      guint16 key = (guint16) ((a != NULL ? aak_policy_db_byte_class (a, c) : 0) << 8
                               | (b != NULL ? aak_policy_db_byte_class (b, c) : 0));
      guint group = group_of (groups, c, key, keys, flags);
      keys[group] = key;
      groups->of[c] = (guint8) group;
      if (groups->sizes[group]++ == 0 || readability (c) < readability (groups->byte[group]))
        groups->byte[group] = c;
    }
  groups->nul = groups->of['\0'];
  groups->slash = groups->of['/'];
  groups->common = groups->of[G_MAXUINT8];
  for (guint i = 0; i < groups->n; i++)
    if (groups->sizes[i] > groups->sizes[groups->common])
      groups->common = i;
}

gboolean
aak_policy_group_set_has (const AakPolicyGroupSet *set, guint group)
{
  return (set->bits[group / 64] >> group % 64 & 1) != 0;
}

void
aak_policy_group_set_add (AakPolicyGroupSet *set, guint group)
{
  set->bits[group / 64] |= G_GUINT64_CONSTANT (1) << group % 64;
}

gboolean
aak_policy_group_set_includes (const AakPolicyGroupSet *set, const AakPolicyGroupSet *other)
{
  for (guint i = 0; i < G_N_ELEMENTS (set->bits); i++)
    if ((other->bits[i] & ~set->bits[i]) != 0)
      return FALSE;
  return TRUE;
}

gboolean
aak_policy_group_set_equal (const AakPolicyGroupSet *a, const AakPolicyGroupSet *b)
{
  return aak_policy_group_set_includes (a, b) && aak_policy_group_set_includes (b, a);
}

guint
aak_policy_group_set_size (const AakPolicyGroupSet *set)
{
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (set->bits); i++)
    n += (guint) __builtin_popcountll (set->bits[i]);
  return n;
}

guint
aak_policy_group_set_first (const AakPolicyGroupSet *set)
{
  guint i = 0;
  while (set->bits[i] == 0)
    i++;
  return i * 64 + (guint) __builtin_ctzll (set->bits[i]);
}

guint
aak_policy_group_set_last (const AakPolicyGroupSet *set)
{
  guint i = G_N_ELEMENTS (set->bits) - 1;
  while (set->bits[i] == 0)
    i--;
  return i * 64 + 63 - (guint) __builtin_clzll (set->bits[i]);
}

AakPolicyGroupSet
aak_policy_groups_any (const AakPolicyGroups *groups)
{
  AakPolicyGroupSet set = { { 0 } };
  for (guint i = 0; i < groups->n; i++)
    if (i != groups->nul)
      aak_policy_group_set_add (&set, i);
  return set;
}

AakPolicyGroupSet
aak_policy_groups_no_slash (const AakPolicyGroups *groups)
{
  AakPolicyGroupSet set = { { 0 } };
  for (guint i = 0; i < groups->n; i++)
    if (i != groups->nul && i != groups->slash)
      aak_policy_group_set_add (&set, i);
  return set;
}

guint
aak_policy_groups_bytes (const AakPolicyGroups *groups, const AakPolicyGroupSet *set)
{
  guint n = 0;
  for (guint i = 0; i < groups->n; i++)
    if (aak_policy_group_set_has (set, i))
      n += groups->sizes[i];
  return n;
}
