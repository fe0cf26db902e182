/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Where one policy goes beyond another, as a list of patterns that together say it all. */
#pragma once

#include "lib/policy/pattern.h"
#include "lib/policy/product.h"

#include <glib.h>

/* So many exceptions are told of a pattern. */
#define AAK_POLICY_FIND_BUT 3

/* So much work is done for one find, and for all: then there may be more. */
#define AAK_POLICY_FIND_WORK     G_GUINT64_CONSTANT (30000000)
#define AAK_POLICY_FIND_ALL_WORK G_GUINT64_CONSTANT (500000000)

/* Whose files. */
typedef enum
{
  AAK_FIND_ALL,
  AAK_FIND_OWNER, /* the task's own */
  AAK_FIND_OTHER, /* all others */
} AakPolicyFindWho;

/* What is claimed of names: in @perms, all of them, the one policy goes beyond the other. */
typedef struct
{
  AakExcessKind kind;
  AakPolicyFindWho who;
  guint32 perms;
  guint32 how;      /* as in AakPolicyNode, where @perms has exec or link */
  gboolean negated; /* not in all of them */
} AakPolicyClaim;

typedef struct
{
  AakPolicyClaim claim;
  GByteArray *name; /* the groups of one that it was found by */
  GArray *pattern;  /* the names that it is claimed of */
  GPtrArray *but; /* GArray, more patterns: names of the first that it does not hold for; empty: it
                     holds for each that can be asked about */
  gboolean more;  /* there are, or may be, others that it does not hold for */
  guint64 work;   /* what was done for it, in steps from one byte to the next */
} AakPolicyFind;

/* The permissions that @claim is about. */
AakOwnedPerms aak_policy_claim_perms (const AakPolicyClaim *claim);

/* Those of them that it is true of at @node. */
AakOwnedPerms aak_policy_claim_true (const AakPolicyNode *node, const AakPolicyClaim *claim);

/* All of them where it is true of all, so that a find with @claim tells of @node; else none. */
AakOwnedPerms aak_policy_claim_tells (const AakPolicyNode *node, const AakPolicyClaim *claim);

/* TRUE where @claim holds at @node, or no question has that form. */
gboolean aak_policy_claim_holds (const AakPolicyProduct *product, const AakPolicyNode *node,
                                 const AakPolicyClaim *claim);

/* All excess of @kind: each permission of each name that is one is in a find (AakPolicyFind; the
 * caller owns the array). At most @most of them; *@out_more where there are others, or the work got
 * out of hand. */
GPtrArray *aak_policy_find_all (const AakPolicyProduct *product, AakExcessKind kind, guint most,
                                gboolean *out_more);
