/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The product of two automatons. */
#include "config.h"

#include "lib/policy/product.h"

#include "lib/error.h"
#include "lib/int64-hash.h"
#include "lib/policy/exec.h"

/* What a node carries from the parts before. A link's name and a program have a say in whether the
 * second name of a pair is looked at; mount(2)'s flags, in whether its data is. */
enum
{
  CARRY_OWNER_LINK = 1,
  CARRY_OTHER_LINK = 2,
  CARRY_ONEXEC = 4,
  CARRY_MOUNT = 1,
  CARRY_DATA = 2,
};
#define MOUNT_FLAGS_PART 3

typedef struct
{
  AakPolicyProduct *product;
  GHashTable *seen; /* set of keys */
} Walk;

static void
walk_clear (Walk *walk)
{
  g_clear_pointer (&walk->seen, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

void
aak_policy_product_free (AakPolicyProduct *product)
{
  g_clear_pointer (&product->nodes, g_array_unref);
  g_clear_pointer (&product->edges, g_array_unref);
  g_free (product);
}

/* --- what a node says ------------------------------------------------------------------------ */

static AakPerms
perms_at (const AakPolicySide *side, guint32 state, gboolean owner)
{
  if (side->db == NULL)
    return (AakPerms){ .allow = G_MAXUINT32 };
  return state != AAK_POLICY_DFA_NOMATCH ? aak_policy_db_perms (side->db, state, owner)
                                         : (AakPerms){ 0 };
}

static guint32
carried_file (guint8 carry, gboolean owner, guint32 allow)
{
  guint32 link = (carry & (owner ? CARRY_OWNER_LINK : CARRY_OTHER_LINK)) != 0 ? AAK_MAY_LINK : 0;
  guint32 onexec = owner && (carry & CARRY_ONEXEC) != 0 ? AAK_MAY_ONEXEC : 0;
  return allow & (link | onexec);
}

static guint32
carried_mount (guint8 carry, guint32 allow)
{
  if ((carry & CARRY_MOUNT) != 0)
    return AAK_MAY_MOUNT;
  return (carry & CARRY_DATA) != 0 ? allow : 0;
}

/* What of @asked @side allows at @node by @perms. */
static guint32
allowed (const AakPolicyProduct *product, const AakPolicyNode *node, guint side, gboolean owner,
         AakPerms perms, guint32 asked)
{
  const AakPolicyDb *db = product->sides[side].db;
  guint32 allow = perms.allow & ~perms.deny & asked;
  if (db == NULL)
    return allow;
  if (product->shape->class == AAK_POLICY_CLASS_MOUNT && node->part > MOUNT_FLAGS_PART)
    return carried_mount (node->carry[side], allow);
  if (product->shape->class != AAK_POLICY_CLASS_FILE)
    return allow;
  if (node->part > 0)
    return carried_file (node->carry[side], owner, allow);
  if (!owner)
    allow &= ~AAK_MAY_CHANGE_PROFILE; /* there is no owner to ask for */
  if ((allow & AAK_MAY_EXEC) != 0
      && aak_policy_exec_of (db, perms.xindex).target == AAK_EXEC_NOWHERE)
    allow &= ~AAK_MAY_EXEC;
  return allow;
}

/* Bits of @both, allowed by both, where the one still allows more. */
static guint32
more_by_how (const AakPolicyProduct *product, const AakPerms perms[2], guint32 both, guint part)
{
  guint32 more = 0;
  if (product->shape->class != AAK_POLICY_CLASS_FILE)
    return 0;
  if (part > 0)
    return (perms[1].allow & ~perms[0].allow & AAK_MAY_LINK_SUBSET) != 0 ? both & AAK_MAY_LINK : 0;
  if ((both & AAK_MAY_EXEC) != 0)
    {
      AakExec one = aak_policy_exec_of (product->sides[0].db, perms[0].xindex),
              other = aak_policy_exec_of (product->sides[1].db, perms[1].xindex);
      more = aak_policy_exec_equal (&one, &other) ? 0 : AAK_MAY_EXEC;
    }
  return more;
}

/* What is asked for at @node. Nothing more where the one policy has allowed a mount without looking
 * at its data. */
static guint32
asked_at (const AakPolicyProduct *product, const AakPolicyNode *node)
{
  gboolean done = product->shape->class == AAK_POLICY_CLASS_MOUNT && node->part > MOUNT_FLAGS_PART
                  && (node->carry[0] & CARRY_MOUNT) != 0;
  return done ? 0
              : aak_policy_product_asked (product->shape, node->part, node->inside, node->slashes);
}

static void
look_for (const AakPolicyProduct *product, AakPolicyNode *node, gboolean owner)
{
  guint32 asked = asked_at (product, node), allow[2];
  AakPerms perms[2];
  for (guint side = 0; side < 2; side++)
    {
      perms[side] = perms_at (&product->sides[side], node->states[side], owner);
      allow[side] = allowed (product, node, side, owner, perms[side], asked);
    }
  guint32 both = allow[0] & allow[1], none = asked & ~allow[0] & ~allow[1];
  const guint32 excess[] = {
    [AAK_EXCESS_ALLOWED] = (allow[0] & ~allow[1]) | more_by_how (product, perms, both, node->part),
    [AAK_EXCESS_AUDITED] = both & perms[0].audit & ~perms[1].audit,
    [AAK_EXCESS_QUIET] = none & perms[0].quiet & ~perms[1].quiet,
  };
  for (guint kind = 0; kind < AAK_EXCESS_KINDS; kind++)
    node->excess[kind] |= owner ? AAK_OWNED (excess[kind], 0) : AAK_OWNED (0, excess[kind]);
  node->how[owner ? 0 : 1] =
      node->part == 0 ? perms[0].xindex : perms[0].allow & AAK_MAY_LINK_SUBSET;
}

static void
look (const AakPolicyProduct *product, AakPolicyNode *node)
{
  look_for (product, node, TRUE);
  look_for (product, node, FALSE);
  /* Parsers ask for a subset for the owner only; rules have one word for both. */
  if (node->part > 0)
    node->how[0] = node->how[1] = node->how[0] | node->how[1];
}

/* What @side carries on from @node into the next part. */
static guint8
carry_on (const AakPolicyProduct *product, const AakPolicyNode *node, guint side)
{
  const AakPolicySide *of = &product->sides[side];
  AakPerms owner = perms_at (of, node->states[side], TRUE);
  guint32 allow = owner.allow & ~owner.deny;
  if (product->shape->class == AAK_POLICY_CLASS_MOUNT && node->part == MOUNT_FLAGS_PART)
    return (guint8) (((allow & AAK_MAY_MOUNT) != 0 ? CARRY_MOUNT : 0)
                     | ((allow & AAK_MAY_MOUNT_DATA) != 0 ? CARRY_DATA : 0));
  if (product->shape->class != AAK_POLICY_CLASS_FILE)
    return 0;
  AakPerms other = perms_at (of, node->states[side], FALSE);
  return (guint8) (((allow & AAK_MAY_LINK) != 0 ? CARRY_OWNER_LINK : 0)
                   | ((other.allow & ~other.deny & AAK_MAY_LINK) != 0 ? CARRY_OTHER_LINK : 0)
                   | ((allow & AAK_MAY_ONEXEC) != 0 ? CARRY_ONEXEC : 0));
}

/* --- the walk -------------------------------------------------------------------------------- */

/* The number of @node, which is added where it is new; NONE beyond the limit. */
static guint32
intern (Walk *walk, AakPolicyNode *node)
{
  /* A blob of AAK_POLICY_MAX bytes has less than 2^24 states. */
  guint64 key = (guint64) node->states[0] << 40 | (guint64) node->states[1] << 16
                | (guint64) node->slashes << 13 | (guint64) node->part << 9
                | (guint64) node->inside << 8 | (guint64) node->carry[0] << 4 | node->carry[1];
  gpointer found = NULL;
  if (g_hash_table_lookup_extended (walk->seen, &key, NULL, &found))
    return GPOINTER_TO_UINT (found);
  guint32 number = walk->product->nodes->len;
  if (number == AAK_POLICY_PRODUCT_NODES)
    return AAK_POLICY_PRODUCT_NONE;
  g_hash_table_insert (walk->seen, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (number));
  look (walk->product, node);
  g_array_append_val (walk->product->nodes, *node);
  return number;
}

/* The node that @group leads to from @from; FALSE where nothing is there. */
static gboolean
next_node (const AakPolicyProduct *product, guint32 number, guint group, AakPolicyNode *out)
{
  const AakPolicyNode *from = aak_policy_product_node (product, number);
  guint8 byte = product->groups.byte[group];
  const AakShapePlace place =
      aak_policy_shape_next (product->shape, (AakShapePlace){ from->part, from->inside }, byte);
  *out = (AakPolicyNode){ .parent = number,
                          .group = (guint8) group,
                          .part = (guint8) place.part,
                          .inside = place.inside != 0 };
  out->slashes = (guint8) aak_policy_product_slashes (product, from->slashes, group);
  for (guint side = 0; side < 2; side++)
    {
      const AakPolicyDb *db = product->sides[side].db;
      out->carry[side] = from->carry[side];
      out->states[side] =
          db != NULL ? aak_policy_db_match (db, from->states[side], &byte, 1) : from->states[side];
    }
  for (guint side = 0; side < 2 && out->part != from->part; side++)
    out->carry[side] = carry_on (product, from, side);
  return out->part < product->shape->parts && out->states[0] != AAK_POLICY_DFA_NOMATCH;
}

static gboolean
too_large (GError **error)
{
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                       "the policies differ in too many states to be compared");
  return FALSE;
}

static gboolean
follow (Walk *walk, guint32 number, GError **error)
{
  AakPolicyProduct *product = walk->product;
  g_array_index (product->nodes, AakPolicyNode, number).edges = product->edges->len;
  for (guint group = 0; group < product->groups.n; group++)
    {
      AakPolicyNode next;
      if (!next_node (product, number, group, &next))
        continue;
      AakPolicyEdge edge = { intern (walk, &next), (guint8) group };
      if (edge.to == AAK_POLICY_PRODUCT_NONE || product->edges->len == AAK_POLICY_PRODUCT_EDGES)
        return too_large (error);
      g_array_append_val (product->edges, edge);
    }
  return TRUE;
}

AakPolicyProduct *
aak_policy_product_new (const AakPolicyShape *shape, AakPolicySide one, AakPolicySide other,
                        GError **error)
{
  g_autoptr (AakPolicyProduct) product = g_new0 (AakPolicyProduct, 1);
  product->shape = shape;
  product->sides[0] = one;
  product->sides[1] = other;
  product->nodes = g_array_new (FALSE, FALSE, sizeof (AakPolicyNode));
  product->edges = g_array_new (FALSE, FALSE, sizeof (AakPolicyEdge));
  aak_policy_groups_init (&product->groups, one.db, other.db, shape->flags);
  g_auto (Walk)
      walk = { product, g_hash_table_new_full (aak_int64_hash, g_int64_equal, g_free, NULL) };
  AakPolicyNode first = { .states = { one.start, other.start } };
  intern (&walk, &first);
  for (guint32 i = 0; i < product->nodes->len; i++)
    if (!follow (&walk, i, error))
      return NULL;
  return g_steal_pointer (&product);
}

/* --- using ----------------------------------------------------------------------------------- */

guint32
aak_policy_product_asked (const AakPolicyShape *shape, guint part, gboolean inside, guint slashes)
{
  guint32 asked = shape->asked (part, inside);
  if (slashes == AAK_SLASHES_BEFORE)
    return 0;
  return slashes == AAK_SLASHES_DOUBLE ? asked & (AAK_MAY_CHANGE_PROFILE | AAK_MAY_ONEXEC) : asked;
}

guint
aak_policy_product_slashes (const AakPolicyProduct *product, guint before, guint group)
{
  if (product->shape->class != AAK_POLICY_CLASS_FILE)
    return AAK_SLASHES_NONE;
  if (group == product->groups.nul)
    return before >= AAK_SLASHES_DOUBLE ? AAK_SLASHES_BEFORE : AAK_SLASHES_NONE;
  if (before >= AAK_SLASHES_DOUBLE)
    return before;
  if (group != product->groups.slash)
    return AAK_SLASHES_NONE;
  return before == AAK_SLASHES_LAST ? AAK_SLASHES_DOUBLE : AAK_SLASHES_LAST;
}

const AakPolicyNode *
aak_policy_product_node (const AakPolicyProduct *product, guint32 node)
{
  return &g_array_index (product->nodes, AakPolicyNode, node);
}

const AakPolicyEdge *
aak_policy_product_edges (const AakPolicyProduct *product, guint32 node, guint *out_n)
{
  guint32 from = aak_policy_product_node (product, node)->edges;
  guint32 end = node + 1 < product->nodes->len ? aak_policy_product_node (product, node + 1)->edges
                                               : product->edges->len;
  *out_n = end - from;
  return &g_array_index (product->edges, AakPolicyEdge, from);
}

guint32
aak_policy_product_step (const AakPolicyProduct *product, guint32 node, guint group)
{
  guint n = 0;
  const AakPolicyEdge *edges = aak_policy_product_edges (product, node, &n);
  guint low = 0;
  while (n > 0)
    {
      guint half = n / 2;
      if (edges[low + half].group == group)
        return edges[low + half].to;
      if (edges[low + half].group < group)
        {
          low += half + 1;
          n -= half + 1;
        }
      else
        n = half;
    }
  return AAK_POLICY_PRODUCT_NONE;
}
