/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The product of two automatons. */
#include "config.h"

#include "lib/policy-inclusion.h"

#include "lib/error.h"
#include "lib/escape.h"

#define SHOWN_MAX 200

/* Two states that the same bytes lead to. */
typedef struct
{
  guint32 before;
  guint32 after;
  guint32 parent; /* index of the pair that @byte leads from; its own for the first */
  guint8 byte;
  guint8 pair; /* behind the NUL between the two names of a link */
} Pair;

typedef struct
{
  const AakPolicyDb *before;
  const AakPolicyDb *after;
  gboolean files;   /* names of files, and pairs of them */
  GArray *pairs;    /* Pair, as they were found */
  GHashTable *seen; /* set of those numbers */
} Walk;

static void
walk_clear (Walk *walk)
{
  g_array_unref (walk->pairs);
  g_hash_table_unref (walk->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* --- one pair -------------------------------------------------------------------------------- */

static gboolean
same_exec (const Walk *walk, guint32 before, guint32 after)
{
  if ((before & ~AAK_X_INDEX) != (after & ~AAK_X_INDEX))
    return FALSE;
  if ((before & AAK_X_TYPE) != AAK_X_TABLE)
    return TRUE;
  return g_str_equal (aak_policy_db_transition (walk->before, before),
                      aak_policy_db_transition (walk->after, after));
}

/* What @pair allowed for @owner before, and does no more. */
static guint32
lost_perms (const Walk *walk, const Pair *pair, gboolean owner)
{
  AakPerms before = aak_policy_db_perms (walk->before, pair->before, owner);
  AakPerms after = aak_policy_db_perms (walk->after, pair->after, owner);
  guint32 was = before.allow & ~before.deny, is = after.allow & ~after.deny;
  guint32 lost = was & ~is;
  if (!walk->files)
    return lost;
  if (pair->pair)
    {
      /* Here the bit is a condition, not a permission. */
      lost &= ~AAK_MAY_LINK_SUBSET;
      gboolean stricter = (was & AAK_MAY_LINK) != 0 && (is & ~was & AAK_MAY_LINK_SUBSET) != 0;
      return stricter ? lost | AAK_MAY_LINK : lost;
    }
  if ((was & is & AAK_MAY_EXEC) != 0 && !same_exec (walk, before.xindex, after.xindex))
    lost |= AAK_MAY_EXEC;
  return lost;
}

/* The bytes that lead to the pair at @index. */
static char *
name_of (const Walk *walk, guint index)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const Pair *pair = &g_array_index (walk->pairs, Pair, index);
  for (; pair->parent != index; pair = &g_array_index (walk->pairs, Pair, index))
    {
      g_byte_array_prepend (bytes, &pair->byte, 1);
      index = pair->parent;
    }
  return aak_escape ((const char *) bytes->data, MIN (bytes->len, SHOWN_MAX));
}

/* --- the walk -------------------------------------------------------------------------------- */

static gboolean
add (Walk *walk, Pair pair, GError **error)
{
  gint64 key = (gint64) ((guint64) pair.before << 32 | (guint64) pair.after << 1 | pair.pair);
  gint64 *stored = g_memdup2 (&key, sizeof key);
  if (!g_hash_table_add (walk->seen, stored))
    return TRUE;
  if (walk->pairs->len == AAK_POLICY_INCLUSION_MAX)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                   "the policies differ in more than %d states: too much to compare",
                   AAK_POLICY_INCLUSION_MAX);
      return FALSE;
    }
  g_array_append_val (walk->pairs, pair);
  return TRUE;
}

static gboolean
check (const Walk *walk, guint index, guint8 class, GError **error)
{
  const Pair *pair = &g_array_index (walk->pairs, Pair, index);
  guint32 lost = lost_perms (walk, pair, TRUE) | lost_perms (walk, pair, FALSE);
  if (lost == 0)
    return TRUE;
  g_autofree char *name = name_of (walk, index);
  g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY,
               "what was allowed is no more: class %u, name \"%s\", permissions 0x%x", class, name,
               lost);
  return FALSE;
}

static gboolean
follow (Walk *walk, guint index, GError **error)
{
  for (guint c = 0; c < 256; c++)
    {
      Pair from = g_array_index (walk->pairs, Pair, index);
      guint8 byte = (guint8) c;
      Pair to = { aak_policy_db_match (walk->before, from.before, &byte, 1),
                  aak_policy_db_match (walk->after, from.after, &byte, 1), index, byte,
                  from.pair || (walk->files && c == 0) };
      /* Nothing is allowed from there on. */
      if (to.before != AAK_POLICY_DFA_NOMATCH && !add (walk, to, error))
        return FALSE;
    }
  return TRUE;
}

/* From the states @before and @after on, which the names of @class are matched from. */
static gboolean
include_class (const AakPolicyDb *const db[2], const guint32 start[2], guint8 class, GError **error)
{
  g_auto (Walk) walk = { db[0], db[1], class == AAK_POLICY_CLASS_FILE,
                         g_array_new (FALSE, FALSE, sizeof (Pair)),
                         g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL) };
  if (!add (&walk, (Pair){ start[0], start[1], 0, 0, 0 }, error))
    return FALSE;
  for (guint i = 0; i < walk.pairs->len; i++)
    if (!check (&walk, i, class, error) || !follow (&walk, i, error))
      return FALSE;
  return TRUE;
}

/* --- profiles -------------------------------------------------------------------------------- */

/* What another class decides whether it is mediated: files always are, and the rules of ptrace and
 * its like for labels are looked up behind a byte of their own. */
static gboolean
is_always_mediated (guint class)
{
  return class == AAK_POLICY_CLASS_FILE || class == AAK_POLICY_CLASS_LABEL;
}

static gboolean
include_rules (const AakPolicyDb *before, const AakPolicyDb *after, GError **error)
{
  const AakPolicyDb *const db[] = { before, after };
  for (guint class = 0; class < 256; class ++)
    {
      const guint32 start[] = { aak_policy_db_class (before, (guint8) class),
                                aak_policy_db_class (after, (guint8) class) };
      gboolean always = is_always_mediated (class);
      if (start[always ? 0 : 1] == AAK_POLICY_DFA_NOMATCH)
        continue; /* nothing was allowed, or all is */
      if (start[0] == AAK_POLICY_DFA_NOMATCH)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY,
                       "class %u is mediated, which it was not before", class);
          return FALSE;
        }
      if (!include_class (db, start, (guint8) class, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
include_files (const AakPolicyDb *before, const AakPolicyDb *after, GError **error)
{
  const AakPolicyDb *const db[] = { before, after };
  const guint32 start[] = { aak_policy_db_start (before), aak_policy_db_start (after) };
  return start[0] == AAK_POLICY_DFA_NOMATCH
         || include_class (db, start, AAK_POLICY_CLASS_FILE, error);
}

/* A limit that is not set is not mediated. */
static gboolean
include_limits (const AakPolicyLimits *before, const AakPolicyLimits *after, GError **error)
{
  for (guint i = 0; i < AAK_POLICY_N_LIMITS; i++)
    {
      guint32 bit = 1u << i;
      if ((after->set & bit) == 0
          || ((before->set & bit) != 0 && after->most[i] >= before->most[i]))
        continue;
      g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "resource limit %u is lower than it was", i);
      return FALSE;
    }
  return TRUE;
}

gboolean
aak_policy_includes (const AakPolicyProfile *after, const AakPolicyProfile *before, GError **error)
{
  gboolean alike = before->mode == after->mode && before->is_hat == after->is_hat
                   && before->audit_all == after->audit_all;
  guint64 capabilities = before->capabilities.allow & ~after->capabilities.allow;
  if (!alike || capabilities != 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY,
                   alike ? "capabilities that were allowed are no more (0x%" G_GINT64_MODIFIER "x)"
                         : "the profiles differ in mode or flags (0x%" G_GINT64_MODIFIER "x)",
                   capabilities);
      return FALSE;
    }
  return include_limits (&before->limits, &after->limits, error)
         && include_rules (before->rules, after->rules, error)
         && include_files (before->files, after->files, error);
}
