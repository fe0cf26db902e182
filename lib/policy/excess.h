/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What one compiled profile allows beyond another: decided for every question there can be, by
 * walking their automatons side by side, and told as rules would tell it. */
#pragma once

#include "lib/policy/product.h"
#include "lib/policy/profile.h"

#include <glib.h>

typedef struct
{
  AakExcessKind kind;
  const char *class; /* the word that rules of it begin with: "file", "capability"; static */
  guint32 perms;     /* AAK_MAY_* that it is about; 0 for what has no names (lib/policy/shape.h) */
  char *rule;        /* without its end; the names are escaped as in a rule */
  char *example;     /* a name that it is about, or the first part of one; NULL where it has none */
  gboolean unmediated; /* the class is not mediated by the one profile at all */
  GPtrArray *but;      /* char *: names, or patterns of them, within the rule that are no excess */
  gboolean more;       /* there are, or may be, more of those */
} AakExcess;

void aak_excess_free (AakExcess *excess);

/* One line: the rule, and behind it what it does not hold for ("/a* r  # but not: /ab r"). The
 * caller frees it. */
char *aak_excess_text (const AakExcess *excess);

/* The excess of @profile over @other, ordered by class and rule (AakExcess; the caller owns the
 * array): nothing where all questions of lib/policy/query.h have the same answer as with @other, or
 * are denied. Each permission of each name that is in excess is told of; of every class, kind and
 * group of signals or unix sockets at most @most times, and *@out_more is TRUE where that does not
 * do. What is only recorded, or refused without a record, is told where both profiles allow it, or
 * both deny it.
 *
 * Not in it: the modes and flags of the profiles (an unconfined profile has no rules, and nothing
 * is told of it); which addresses of internet sockets, and which keys of message queues of System
 * V, differ (that they do is); and, of a link that may have no more permissions than its target,
 * whether it has: that follows from the permissions of both names, which are told of.
 *
 * TOO_LARGE where the policies are too large to be compared. */
GPtrArray *aak_policy_excess (const AakPolicyProfile *profile, const AakPolicyProfile *other,
                              guint most, gboolean *out_more,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
