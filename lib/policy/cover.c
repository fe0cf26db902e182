/* SPDX-License-Identifier: LGPL-2.1-or-later
 * An automaton of sets of places, made as it is walked. */
#include "config.h"

#include "lib/policy/cover.h"

#include "lib/int64-hash.h"

#include <string.h>

/* A place: the number of a find, and of the piece that comes next. */
typedef struct
{
  guint32 find;
  guint32 piece;
} Item;

struct AakPolicyCover
{
  const GPtrArray *finds;
  GPtrArray *sets;   /* of GBytes: items, sorted; the first is empty */
  GHashTable *ids;   /* the same -> its number */
  GHashTable *steps; /* number and group -> number */
  guint64 work;
};

void
aak_policy_cover_free (AakPolicyCover *cover)
{
  g_hash_table_unref (cover->steps);
  g_hash_table_unref (cover->ids);
  g_ptr_array_unref (cover->sets);
  g_free (cover);
}

/* Takes @items. */
static guint32
intern (AakPolicyCover *cover, GArray *items)
{
  gsize size = items->len * sizeof (Item);
  GBytes *set = g_bytes_new_take (g_array_free (items, FALSE), size);
  gpointer found = NULL;
  if (g_hash_table_lookup_extended (cover->ids, set, NULL, &found))
    {
      g_bytes_unref (set);
      return GPOINTER_TO_UINT (found);
    }
  guint32 number = cover->sets->len;
  g_ptr_array_add (cover->sets, set);
  g_hash_table_insert (cover->ids, set, GUINT_TO_POINTER (number));
  return number;
}

static const GArray *
pattern_of (const AakPolicyCover *cover, guint32 find)
{
  return ((const AakPolicyFind *) cover->finds->pdata[find])->pattern;
}

/* Adds the place, and those behind it that need no byte. Places of a find come in their order, so
 * that one that is there already is among the last. */
static void
add (const AakPolicyCover *cover, GArray *items, Item item)
{
  const GArray *pattern = pattern_of (cover, item.find);
  for (;; item.piece++)
    {
      const Item *last = items->len > 0 ? &g_array_index (items, Item, items->len - 1) : NULL;
      if (last == NULL || last->find != item.find || last->piece < item.piece)
        g_array_append_val (items, item);
      if (item.piece == pattern->len
          || aak_policy_pattern_at (pattern, item.piece)->kind == AAK_PIECE_ONE)
        return;
    }
}

AakPolicyCover *
aak_policy_cover_new (const GPtrArray *finds)
{
  AakPolicyCover *cover = g_new0 (AakPolicyCover, 1);
  cover->finds = finds;
  cover->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  cover->ids = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  cover->steps = g_hash_table_new_full (aak_int64_hash, g_int64_equal, g_free, NULL);
  intern (cover, g_array_new (FALSE, FALSE, sizeof (Item)));
  return cover;
}

guint32
aak_policy_cover_begin (AakPolicyCover *cover)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));
  for (guint32 i = 0; i < cover->finds->len; i++)
    add (cover, items, (Item){ i, 0 });
  return intern (cover, items);
}

static guint32
make_step (AakPolicyCover *cover, guint32 places, guint group)
{
  gsize size = 0;
  const Item *from = g_bytes_get_data (cover->sets->pdata[places], &size);
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));
  cover->work += size;
  for (gsize i = 0; i < size / sizeof (Item); i++)
    {
      const GArray *pattern = pattern_of (cover, from[i].find);
      if (from[i].piece == pattern->len)
        continue;
      const AakPolicyPiece *piece = aak_policy_pattern_at (pattern, from[i].piece);
      guint32 next = from[i].piece + (piece->kind == AAK_PIECE_MANY ? 0 : 1);
      if (aak_policy_group_set_has (&piece->set, group))
        add (cover, items, (Item){ from[i].find, next });
    }
  return intern (cover, items);
}

guint32
aak_policy_cover_step (AakPolicyCover *cover, guint32 places, guint group)
{
  if (places == AAK_POLICY_COVER_NOTHING)
    return places;
  gint64 key = (gint64) ((guint64) places << 8 | group);
  gpointer found = NULL;
  if (g_hash_table_lookup_extended (cover->steps, &key, NULL, &found))
    return GPOINTER_TO_UINT (found);
  guint32 to = make_step (cover, places, group);
  g_hash_table_insert (cover->steps, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (to));
  return to;
}

guint64
aak_policy_cover_work (const AakPolicyCover *cover)
{
  return cover->work;
}

AakOwnedPerms
aak_policy_cover_said (const AakPolicyCover *cover, guint32 places, const AakPolicyNode *node)
{
  gsize size = 0;
  const Item *items = g_bytes_get_data (cover->sets->pdata[places], &size);
  AakOwnedPerms said = 0;
  for (gsize i = 0; i < size / sizeof (Item); i++)
    {
      const AakPolicyFind *find = cover->finds->pdata[items[i].find];
      if (items[i].piece == find->pattern->len)
        said |= aak_policy_claim_tells (node, &find->claim);
    }
  return said;
}
