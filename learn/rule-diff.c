/* SPDX-License-Identifier: GPL-2.0-or-later
 * Comparing rules. */
#include "config.h"

#include "learn/rule-diff.h"

#include "learn/path-match.h"
#include "learn/path-pattern.h"
#include "learn/pattern-include.h"
#include "learn/rule-cover.h"
#include "learn/rule-text.h"

#include <string.h>

/* The rules of a profile as they are looked for. */
typedef struct
{
  GHashTable *by_key; /* AakRule* -> GPtrArray of AakRule*: those with its class, name and detail */
  GPtrArray *globs;   /* AakRule*: file rules that may match several paths */
} Index;

/* --- one rule -------------------------------------------------------------------------------- */

static guint
key_hash (gconstpointer key)
{
  const AakRule *rule = key;
  return g_str_hash (rule->name) * 33 + g_str_hash (rule->detail) + (guint) rule->class;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const AakRule *x = a, *y = b;
  return x->class == y->class && strcmp (x->name, y->name) == 0
         && strcmp (x->detail, y->detail) == 0;
}

/* How far it is from being allowed. */
static int
standing (const AakRule *rule)
{
  if (rule->unwritable != NULL)
    return 0;
  return rule->review != NULL ? 1 : 2;
}

static gboolean
is_glob (const AakRule *rule)
{
  g_autofree char *name = aak_path_pattern_literal (rule->name);
  g_autofree char *detail = aak_path_pattern_literal (rule->detail);
  return name == NULL || detail == NULL;
}

/* TRUE where nothing but permissions and owner tells them apart; they have the same key. */
static gboolean
is_alike (const AakRule *a, const AakRule *b)
{
  if (a->unwritable != NULL || b->unwritable != NULL)
    return a->unwritable != NULL && b->unwritable != NULL;
  AakRule like_b = *a;
  like_b.perms = b->perms;
  like_b.owner = b->owner;
  g_autofree char *text_a = aak_rule_text (&like_b), *text_b = aak_rule_text (b);
  return strcmp (text_a, text_b) == 0;
}

/* --- the rules of the other profile ---------------------------------------------------------- */

static void
index_clear (Index *index)
{
  g_hash_table_unref (index->by_key);
  g_ptr_array_unref (index->globs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Index, index_clear)

static void
index_init (Index *index, const AakProfile *profile)
{
  index->by_key =
      g_hash_table_new_full (key_hash, key_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  index->globs = g_ptr_array_new ();
  for (guint i = 0; i < profile->rules->len; i++)
    {
      AakRule *rule = g_ptr_array_index (profile->rules, i);
      GPtrArray *same = g_hash_table_lookup (index->by_key, rule);
      if (same == NULL)
        {
          same = g_ptr_array_new ();
          g_hash_table_insert (index->by_key, rule, same);
        }
      g_ptr_array_add (same, rule);
      if (rule->class == AAK_CLASS_FILE && rule->unwritable == NULL && is_glob (rule))
        g_ptr_array_add (index->globs, rule);
    }
}

/* What @by, which means no less names than @rule, gives of it. */
static guint
given_by (const AakRule *by, const AakRule *rule)
{
  return standing (by) < standing (rule) || (by->owner && !rule->owner) ? 0
                                                                        : aak_rule_permissions (by);
}

/* TRUE where @glob matches all that @pattern does, which means @literal where that is not NULL. */
static gboolean
covers (const char *glob, const char *pattern, const char *literal)
{
  return literal != NULL ? aak_path_match (glob, literal) : aak_pattern_includes (glob, pattern);
}

/* Those of the permissions in @missing that patterns do not give to @rule either. */
static guint
left_by_globs (const Index *index, const AakRule *rule, guint missing)
{
  if (rule->class != AAK_CLASS_FILE || rule->unwritable != NULL)
    return missing;
  g_autofree char *path = aak_path_pattern_literal (rule->name);
  g_autofree char *target = aak_path_pattern_literal (rule->detail);
  for (guint i = 0; missing != 0 && i < index->globs->len; i++)
    {
      const AakRule *glob = g_ptr_array_index (index->globs, i);
      if ((given_by (glob, rule) & missing) != 0
          && (*glob->detail == '\0') == (*rule->detail == '\0')
          && covers (glob->name, rule->name, path)
          && (*rule->detail == '\0' || covers (glob->detail, rule->detail, target)))
        missing &= ~given_by (glob, rule);
    }
  return missing;
}

/* TRUE where the other profile does not give all of @rule; *@out_missing are the permissions. */
static gboolean
is_excess (const Index *index, const AakRule *rule, guint *out_missing)
{
  const GPtrArray *same = g_hash_table_lookup (index->by_key, rule);
  guint missing = aak_rule_permissions (rule);
  gboolean named = FALSE;
  for (guint i = 0; same != NULL && i < same->len; i++)
    {
      const AakRule *other = g_ptr_array_index (same, i);
      if (standing (other) < standing (rule) || !is_alike (rule, other))
        continue;
      named = TRUE;
      missing &= ~given_by (other, rule);
    }
  *out_missing = left_by_globs (index, rule, missing);
  return aak_rule_permissions (rule) != 0 ? *out_missing != 0 : !named;
}

GArray *
aak_rule_diff (const AakProfile *profile, const AakProfile *other)
{
  GArray *excess = g_array_new (FALSE, FALSE, sizeof (AakRuleExcess));
  g_auto (Index) index = { 0 };
  index_init (&index, other);
  for (guint i = 0; i < profile->rules->len; i++)
    {
      AakRuleExcess one = { g_ptr_array_index (profile->rules, i), 0 };
      if (!one.rule->implied && is_excess (&index, one.rule, &one.perms))
        g_array_append_val (excess, one);
    }
  return excess;
}
