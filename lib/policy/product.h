/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Two automatons side by side: every pair of states that one name leads to, and what the one policy
 * says there that the other does not. */
#pragma once

#include "lib/policy/groups.h"
#include "lib/policy/shape.h"

#include <glib.h>

/* The most pairs, and the most steps between them: memory is 64 and 8 bytes each. */
#define AAK_POLICY_PRODUCT_NODES 1000000
#define AAK_POLICY_PRODUCT_EDGES 8000000

/* No node. */
#define AAK_POLICY_PRODUCT_NONE G_MAXUINT32

/* In what the one goes beyond the other. */
typedef enum
{
  AAK_EXCESS_ALLOWED, /* what it allows, an exec with its transition, and the other does not */
  AAK_EXCESS_AUDITED, /* what both allow, and it records */
  AAK_EXCESS_QUIET,   /* what both deny, and it does not record */
  AAK_EXCESS_KINDS
} AakExcessKind;

/* Permissions for the owner of a file (the lower half) and for others. */
typedef guint64 AakOwnedPerms;
#define AAK_OWNED(owner, other) ((AakOwnedPerms) (other) << 32 | (owner))

/* A part of one policy: its database and the state that names begin at. */
typedef struct
{
  const AakPolicyDb *db; /* NULL: not mediated, so that all is allowed */
  guint32 start;
} AakPolicySide;

/* No file has a name with two slashes in a row; labels may. */
enum
{
  AAK_SLASHES_NONE,
  AAK_SLASHES_LAST,   /* the last byte is one */
  AAK_SLASHES_DOUBLE, /* two followed each other */
  AAK_SLASHES_BEFORE, /* in the name before, so that nothing is asked */
};

/* Some names, and what they have in common. */
typedef struct
{
  AakOwnedPerms excess[AAK_EXCESS_KINDS];
  guint32 how[2]; /* for the owner and others: the exec's transition, or whether a link needs a
                     subset */
  guint32 states[2];
  guint32 parent; /* the node before it, by @group; its own number for the first */
  guint32 edges;  /* where the steps from it begin */
  guint8 group;
  guint8 part;
  guint8 inside;   /* behind a byte of the part */
  guint8 slashes;  /* of a file's name: AAK_SLASHES_* */
  guint8 carry[2]; /* of each policy: what parts before say about this one */
} AakPolicyNode;

typedef struct
{
  guint32 to;
  guint8 group;
} AakPolicyEdge;

/* To be read only. Nodes are in the order of the length of the shortest name; what can get no
 * excess any more is left out. */
typedef struct
{
  const AakPolicyShape *shape;
  AakPolicySide sides[2]; /* the one, and the other */
  AakPolicyGroups groups;
  GArray *nodes;
  GArray *edges; /* of each node in the order of groups; the next node's follow */
} AakPolicyProduct;

/* Walks both. TOO_LARGE beyond the limits above. Free with aak_policy_product_free(). */
AakPolicyProduct *aak_policy_product_new (const AakPolicyShape *shape, AakPolicySide one,
                                          AakPolicySide other,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_policy_product_free (AakPolicyProduct *product);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyProduct, aak_policy_product_free)

const AakPolicyNode *aak_policy_product_node (const AakPolicyProduct *product, guint32 node);

/* What is asked for in the part @part of names of @shape, see AakPolicyShape. */
guint32 aak_policy_product_asked (const AakPolicyShape *shape, guint part, gboolean inside,
                                  guint slashes);

/* AAK_SLASHES_* behind a byte of @group, @before being those of what is before it. */
guint aak_policy_product_slashes (const AakPolicyProduct *product, guint before, guint group);

/* The steps from @node, and how many. */
const AakPolicyEdge *aak_policy_product_edges (const AakPolicyProduct *product, guint32 node,
                                               guint *out_n);

/* Where the group leads to from @node, or AAK_POLICY_PRODUCT_NONE. */
guint32 aak_policy_product_step (const AakPolicyProduct *product, guint32 node, guint group);
