/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Looks for names that nothing is said of yet, says something that is true of as many others as
 * possible, and looks again. */
#include "config.h"

#include "lib/policy/find.h"

#include "lib/int64-hash.h"
#include "lib/policy/cover.h"
#include "lib/policy/except.h"
#include "lib/policy/widen.h"

/* What a step of a pass takes, in steps from one byte of a name to the next: it looks up two tables
 * that do not fit the processor's caches. */
#define FOLLOW_WORK 20

/* How often a pass looks at a place where the one before it found something. Automatons share the
 * ends of many names: with one name for each place, there were a pass for each of these names. */
#define VISITS 4

/* A node together with what is said of names that lead there. */
typedef struct
{
  guint32 node;
  guint32 said;   /* places of the cover */
  guint32 parent; /* its own number for the first */
  guint8 group;
} Place;

typedef struct
{
  const AakPolicyProduct *product;
  AakExcessKind kind;
  guint most;
  guint64 work;
  guint visits;  /* a pass comes to a place so many times, by other names */
  guint8 *alive; /* of each node: excess can be reached from it */
  GPtrArray *finds;
  gboolean more;
} Finder;

static void
finder_clear (Finder *finder)
{
  g_free (finder->alive);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Finder, finder_clear)

static void
find_free (gpointer data)
{
  AakPolicyFind *find = data;
  g_byte_array_unref (find->name);
  g_array_unref (find->pattern);
  g_ptr_array_unref (find->but);
  g_free (find);
}

/* --- where there is something to be found ----------------------------------------------------- */

/* Of each node, the nodes before it: @out_first[i] to @out_first[i + 1] of the result. */
static guint32 *
turn_edges (const AakPolicyProduct *product, guint32 **out_first)
{
  guint32 n = product->nodes->len;
  guint32 *first = g_new0 (guint32, n + 2), *before = g_new (guint32, product->edges->len + 1);
  for (guint i = 0; i < product->edges->len; i++)
    first[g_array_index (product->edges, AakPolicyEdge, i).to + 2]++;
  for (guint32 i = 2; i < n + 2; i++)
    first[i] += first[i - 1];
  for (guint32 i = 0; i < n; i++)
    {
      guint count = 0;
      const AakPolicyEdge *edges = aak_policy_product_edges (product, i, &count);
      for (guint j = 0; j < count; j++)
        before[first[edges[j].to + 1]++] = i;
    }
  *out_first = first;
  return before;
}

/* NULL where there is no excess at all. */
static guint8 *
find_alive (const AakPolicyProduct *product, AakExcessKind kind)
{
  g_autofree guint32 *first = NULL;
  g_autofree guint32 *before = turn_edges (product, &first);
  g_autofree guint8 *alive = g_malloc0 (product->nodes->len);
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < product->nodes->len; i++)
    if (aak_policy_product_node (product, i)->excess[kind] != 0)
      {
        alive[i] = TRUE;
        g_array_append_val (queue, i);
      }
  for (guint at = 0; at < queue->len; at++)
    {
      guint32 node = g_array_index (queue, guint32, at);
      for (guint32 i = first[node]; i < first[node + 1]; i++)
        if (!alive[before[i]])
          {
            alive[before[i]] = TRUE;
            g_array_append_val (queue, before[i]);
          }
    }
  return queue->len > 0 ? g_steal_pointer (&alive) : NULL;
}

/* --- one find -------------------------------------------------------------------------------- */

/* Of @open, what one claim can say. */
static AakPolicyClaim
claim_of (const AakPolicyNode *node, AakExcessKind kind, AakOwnedPerms open)
{
  guint32 owner = (guint32) open, other = (guint32) (open >> 32), both = owner & other;
  if (node->how[0] != node->how[1])
    both &= ~(AAK_MAY_EXEC | AAK_MAY_LINK);
  if (both != 0)
    return (AakPolicyClaim){ kind, AAK_FIND_ALL, both, node->how[0], FALSE };
  return owner != 0 ? (AakPolicyClaim){ kind, AAK_FIND_OWNER, owner, node->how[0], FALSE }
                    : (AakPolicyClaim){ kind, AAK_FIND_OTHER, other, node->how[1], FALSE };
}

static GByteArray *
name_of (const GArray *places, guint32 i)
{
  GByteArray *name = g_byte_array_new ();
  for (const Place *at = &g_array_index (places, Place, i); at->parent != i;
       at = &g_array_index (places, Place, i))
    {
      g_byte_array_prepend (name, &at->group, 1);
      i = at->parent;
    }
  return name;
}

static const AakPolicyFind *
add_find (Finder *finder, AakPolicyClaim claim, GByteArray *name)
{
  AakPolicyFind *find = g_new0 (AakPolicyFind, 1);
  find->claim = claim;
  find->name = g_byte_array_ref (name);
  find->pattern = aak_policy_widen (finder->product, &claim, NULL, name, &find->work);
  find->but = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  aak_policy_except (finder->product, find);
  finder->work += find->work;
  g_ptr_array_add (finder->finds, find);
  return find;
}

/* Says what is @open of the name at @places[@i]; what was said since the cover was made, from
 * number @since on, is looked at one by one. FALSE: enough is said. */
static gboolean
say (Finder *finder, const GArray *places, guint32 i, AakOwnedPerms open, guint since)
{
  const AakPolicyNode *node =
      aak_policy_product_node (finder->product, g_array_index (places, Place, i).node);
  g_autoptr (GByteArray) name = name_of (places, i);
  for (; since < finder->finds->len; since++)
    {
      const AakPolicyFind *find = finder->finds->pdata[since];
      if (aak_policy_pattern_match (find->pattern, name->data, name->len))
        open &= ~aak_policy_claim_tells (node, &find->claim);
    }
  while (open != 0 && finder->finds->len < finder->most)
    open &=
        ~aak_policy_claim_tells (node, &add_find (finder, claim_of (node, finder->kind, open), name)
                                            ->claim);
  finder->more |= open != 0;
  return open == 0;
}

/* --- a pass ---------------------------------------------------------------------------------- */

/* Adds the place unless it was added @most times already. */
static void
add (GArray *places, GHashTable *seen, Place place, guint most)
{
  gint64 key = (gint64) ((guint64) place.node << 32 | place.said);
  guint times = GPOINTER_TO_UINT (g_hash_table_lookup (seen, &key));
  if (times == most)
    return;
  g_hash_table_insert (seen, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (times + 1));
  g_array_append_val (places, place);
}

static void
follow (Finder *finder, AakPolicyCover *cover, GArray *places, GHashTable *seen, guint32 number)
{
  const Place from = g_array_index (places, Place, number);
  guint n = 0;
  const AakPolicyEdge *edges = aak_policy_product_edges (finder->product, from.node, &n);
  finder->work += n * FOLLOW_WORK;
  for (guint i = 0; i < n; i++)
    if (finder->alive[edges[i].to])
      add (places, seen,
           (Place){ edges[i].to, aak_policy_cover_step (cover, from.said, edges[i].group), number,
                    edges[i].group },
           finder->visits);
}

/* Walks everything once with what is said so far; FALSE where nothing was left to be said, or
 * enough is. */
static gboolean
pass (Finder *finder)
{
  guint before = finder->finds->len;
  g_autoptr (AakPolicyCover) cover = aak_policy_cover_new (finder->finds);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (aak_int64_hash, g_int64_equal, g_free, NULL);
  /* The cover walks the finds as they are now. */
  guint32 begin = aak_policy_cover_begin (cover);
  add (places, seen, (Place){ 0, begin, 0, 0 }, finder->visits);
  for (guint32 i = 0; i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      const AakPolicyNode *node = aak_policy_product_node (finder->product, place->node);
      AakOwnedPerms open =
          node->excess[finder->kind] & ~aak_policy_cover_said (cover, place->said, node);
      if (open != 0 && !say (finder, places, i, open, before))
        return FALSE;
      follow (finder, cover, places, seen, i);
      if (finder->work + aak_policy_cover_work (cover) > AAK_POLICY_FIND_ALL_WORK)
        {
          finder->more = TRUE;
          return FALSE;
        }
    }
  finder->work += aak_policy_cover_work (cover);
  finder->visits = VISITS;
  return finder->finds->len > before;
}

GPtrArray *
aak_policy_find_all (const AakPolicyProduct *product, AakExcessKind kind, guint most,
                     gboolean *out_more)
{
  g_auto (Finder) finder = { product,
                             kind,
                             most,
                             0,
                             1,
                             find_alive (product, kind),
                             g_ptr_array_new_with_free_func (find_free),
                             FALSE };
  while (finder.alive != NULL && pass (&finder))
    ;
  *out_more = finder.more;
  return finder.finds;
}
