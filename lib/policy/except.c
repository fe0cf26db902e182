/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Walks a pattern, its known exceptions and a product side by side. */
#include "config.h"

#include "lib/policy/except.h"

#include "lib/policy/widen.h"

#include <string.h>

/* Where nothing is in excess any more: the part of the name, AAK_SLASHES_*, and whether there is a
 * byte of the part. */
#define DEAD         0xffffff00u
#define DEAD_INSIDE  1u
#define DEAD_SLASHES 1
#define DEAD_PART    3

/* What a name has led to: a node, or a dead end, with places in the pattern and each exception. */
typedef struct
{
  guint32 node;
  guint32 parent; /* its own number for the first */
  GBytes *key;    /* places, then the node; owned by the set of those seen */
  guint8 group;
} Match;

typedef struct
{
  const AakPolicyProduct *product;
  AakPolicyFind *find;
  GPtrArray *patterns; /* the find's, then the exceptions'; none is owned */
  gsize size;          /* of all their places */
  GArray *matches;     /* Match */
  GHashTable *seen;    /* set of keys */
} Walk;

static void
walk_clear (Walk *walk)
{
  g_ptr_array_unref (walk->patterns);
  g_array_unref (walk->matches);
  g_hash_table_unref (walk->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* --- places ---------------------------------------------------------------------------------- */

static guint8 *
begin (Walk *walk)
{
  guint8 *all = NULL;
  for (guint i = 0; i < walk->patterns->len; i++)
    {
      const GArray *pattern = walk->patterns->pdata[i];
      g_autofree guint8 *places = aak_policy_pattern_begin (pattern);
      all = g_realloc (all, walk->size + pattern->len + 1);
      memcpy (all + walk->size, places, pattern->len + 1);
      walk->size += pattern->len + 1;
    }
  return all;
}

/* FALSE where the pattern ends; that exceptions do is no matter. */
static gboolean
step (const Walk *walk, guint8 *places, guint group)
{
  gboolean on = FALSE;
  for (guint i = 0; i < walk->patterns->len; i++)
    {
      const GArray *pattern = walk->patterns->pdata[i];
      gboolean any = aak_policy_pattern_step (pattern, places, group);
      on = i == 0 ? any : on;
      places += pattern->len + 1;
    }
  return on;
}

/* TRUE where the name is one of the pattern, and none of the exceptions. */
static gboolean
ends_here (const Walk *walk, const guint8 *places)
{
  for (guint i = 0; i < walk->patterns->len; i++)
    {
      const GArray *pattern = walk->patterns->pdata[i];
      if ((places[pattern->len] != 0) != (i == 0))
        return FALSE;
      places += pattern->len + 1;
    }
  return TRUE;
}

/* --- the walk -------------------------------------------------------------------------------- */

static guint
dead_slashes (guint32 node)
{
  return node >> DEAD_SLASHES & 3;
}

/* The node, or dead end, that @group leads to. */
static guint32
next_node (const AakPolicyProduct *product, guint32 node, guint group)
{
  AakShapePlace place = { (node & ~DEAD) >> DEAD_PART, (node & DEAD_INSIDE) != 0 };
  guint slashes = dead_slashes (node);
  if (node < DEAD)
    {
      guint32 next = aak_policy_product_step (product, node, group);
      if (next != AAK_POLICY_PRODUCT_NONE)
        return next;
      const AakPolicyNode *from = aak_policy_product_node (product, node);
      place = (AakShapePlace){ from->part, from->inside };
      slashes = from->slashes;
    }
  place = aak_policy_shape_next (product->shape, place, product->groups.byte[group]);
  slashes = aak_policy_product_slashes (product, slashes, group);
  return DEAD | place.part << DEAD_PART | slashes << DEAD_SLASHES
         | (place.inside ? DEAD_INSIDE : 0);
}

/* TRUE where it can be asked for what is claimed, and it is not so. */
static gboolean
is_exception (const Walk *walk, guint32 node)
{
  const AakPolicyProduct *product = walk->product;
  const AakPolicyClaim *claim = &walk->find->claim;
  if (node < DEAD)
    return !aak_policy_claim_holds (product, aak_policy_product_node (product, node), claim);
  guint part = (node & ~DEAD) >> DEAD_PART;
  return !claim->negated && part < product->shape->parts
         && (aak_policy_product_asked (product->shape, part, (node & DEAD_INSIDE) != 0,
                                       dead_slashes (node))
             & claim->perms)
                != 0;
}

/* Takes @places. */
static void
add (Walk *walk, Match match, guint8 *places)
{
  g_autoptr (GByteArray) key = g_byte_array_new_take (places, walk->size);
  g_byte_array_append (key, (const guint8 *) &match.node, sizeof match.node);
  match.key = g_byte_array_free_to_bytes (g_steal_pointer (&key));
  if (g_hash_table_contains (walk->seen, match.key))
    {
      g_bytes_unref (match.key);
      return;
    }
  g_hash_table_add (walk->seen, match.key);
  g_array_append_val (walk->matches, match);
}

static void
follow (Walk *walk, guint32 number)
{
  const Match from = g_array_index (walk->matches, Match, number);
  const guint8 *places = g_bytes_get_data (from.key, NULL);
  for (guint group = 0; group < walk->product->groups.n; group++)
    {
      g_autofree guint8 *next = g_memdup2 (places, walk->size);
      walk->find->work += walk->size;
      if (step (walk, next, group))
        add (walk,
             (Match){ next_node (walk->product, from.node, group), number, NULL, (guint8) group },
             g_steal_pointer (&next));
    }
}

/* The groups that lead to @matches[@i]. */
static GByteArray *
name_of (const Walk *walk, guint32 i)
{
  GByteArray *name = g_byte_array_new ();
  for (const Match *at = &g_array_index (walk->matches, Match, i); at->parent != i;
       at = &g_array_index (walk->matches, Match, i))
    {
      g_byte_array_prepend (name, &at->group, 1);
      i = at->parent;
    }
  return name;
}

/* The shortest exception that is not known; NULL where there is none, or *@out_given_up. */
static GByteArray *
find_exception (const AakPolicyProduct *product, AakPolicyFind *find, gboolean *out_given_up)
{
  g_auto (Walk) walk = { product,
                         find,
                         g_ptr_array_new (),
                         0,
                         g_array_new (FALSE, FALSE, sizeof (Match)),
                         g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                (GDestroyNotify) g_bytes_unref, NULL) };
  g_ptr_array_add (walk.patterns, find->pattern);
  for (guint i = 0; i < find->but->len; i++)
    g_ptr_array_add (walk.patterns, find->but->pdata[i]);
  guint8 *places = begin (&walk);
  add (&walk, (Match){ .node = 0 }, places);
  for (guint32 i = 0; i < walk.matches->len; i++)
    {
      const Match *match = &g_array_index (walk.matches, Match, i);
      if (ends_here (&walk, g_bytes_get_data (match->key, NULL))
          && is_exception (&walk, match->node))
        return name_of (&walk, i);
      follow (&walk, i);
      if (find->work > AAK_POLICY_FIND_WORK)
        {
          *out_given_up = TRUE;
          return NULL;
        }
    }
  return NULL;
}

/* A pattern of names like @name that @find does not hold for, with no other in it. */
static GArray *
exception_of (const AakPolicyProduct *product, AakPolicyFind *find, const GByteArray *name)
{
  AakPolicyFind opposite = { .claim = find->claim };
  opposite.claim.negated = TRUE;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GArray) wide =
      aak_policy_widen (product, &opposite.claim, find->pattern, name, &find->work);
  opposite.work = find->work;
  opposite.pattern = wide;
  opposite.but = none;
  gboolean given_up = FALSE;
  g_autoptr (GByteArray) wrong = find_exception (product, &opposite, &given_up);
  find->work = opposite.work;
  return wrong == NULL && !given_up ? g_steal_pointer (&wide)
                                    : aak_policy_pattern_new (name->data, name->len);
}

void
aak_policy_except (const AakPolicyProduct *product, AakPolicyFind *find)
{
  while (!find->more)
    {
      g_autoptr (GByteArray) name = find_exception (product, find, &find->more);
      if (name == NULL)
        return;
      if (find->but->len == AAK_POLICY_FIND_BUT)
        find->more = TRUE;
      else
        g_ptr_array_add (find->but, exception_of (product, find, name));
    }
}
