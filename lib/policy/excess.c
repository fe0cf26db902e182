/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compares class by class. */
#include "config.h"

#include "lib/policy/excess.h"

#include "lib/policy/answer.h"
#include "lib/policy/excess-class.h"
#include "lib/policy/excess-plain.h"
#include "lib/policy/excess-text.h"
#include "lib/policy/find.h"

#include <string.h>

void
aak_excess_free (AakExcess *excess)
{
  g_free (excess->rule);
  g_free (excess->example);
  g_ptr_array_unref (excess->but);
  g_free (excess);
}

char *
aak_excess_text (const AakExcess *excess)
{
  /* What rules that are about records begin with. */
  static const char *const qualifiers[] = {
    [AAK_EXCESS_ALLOWED] = "",
    [AAK_EXCESS_AUDITED] = "audit ",
    [AAK_EXCESS_QUIET] = "deny ",
  };
  g_autoptr (GString) text = g_string_new (qualifiers[excess->kind]);
  g_string_append (text, excess->rule);
  if (excess->unmediated)
    g_string_append (text, "  # all of it: not mediated");
  for (guint i = 0; i < excess->but->len; i++)
    g_string_append_printf (text, "%s%s",
                            i > 0 ? "; " : "  # but not: ", (const char *) excess->but->pdata[i]);
  if (excess->more)
    g_string_append (text, excess->but->len > 0 ? "; and others" : "  # there may be exceptions");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- finds ----------------------------------------------------------------------------------- */

/* The first part of the name that led to @find. */
static char *
example_of (const AakPolicyProduct *product, const AakPolicyFind *find)
{
  g_autoptr (GString) example = g_string_new (NULL);
  for (guint i = 0; i < find->name->len && find->name->data[i] != product->groups.nul; i++)
    g_string_append_c (example, (char) product->groups.byte[find->name->data[i]]);
  return g_string_free (g_steal_pointer (&example), FALSE);
}

static void
add_find (AakExcessComparison *c, const AakPolicyProduct *product, const AakPolicyFind *find,
          const char *set)
{
  AakExcess *one = aak_excess_add (c->excess, find->claim.kind, product->shape->word,
                                   aak_policy_find_text (product, find, find->pattern, set));
  one->perms = find->claim.perms;
  one->example = example_of (product, find);
  one->more = find->more;
  for (guint i = 0; i < find->but->len; i++)
    g_ptr_array_add (one->but, aak_policy_find_text (product, find, find->but->pdata[i], set));
}

gboolean
aak_excess_any (const AakPolicyProduct *product, guint32 known)
{
  for (guint i = 0; i < product->nodes->len; i++)
    if ((aak_policy_product_node (product, i)->excess[AAK_EXCESS_ALLOWED]
         & ~AAK_OWNED (known, known))
        != 0)
      return TRUE;
  return FALSE;
}

gboolean
aak_excess_compare (AakExcessComparison *c, const AakPolicyShape *shape, AakPolicySide one,
                    AakPolicySide other, const char *set, GError **error)
{
  if (one.db != NULL && one.start == AAK_POLICY_DFA_NOMATCH)
    return TRUE;
  g_autoptr (AakPolicyProduct) product = aak_policy_product_new (shape, one, other, error);
  if (product == NULL)
    return FALSE;
  if (one.db == NULL)
    {
      if (aak_excess_any (product, 0))
        aak_excess_add (c->excess, AAK_EXCESS_ALLOWED, shape->word, g_strdup (shape->word))
            ->unmediated = TRUE;
      return TRUE;
    }
  for (AakExcessKind kind = 0; kind < AAK_EXCESS_KINDS; kind++)
    {
      gboolean more = FALSE;
      g_autoptr (GPtrArray) finds = aak_policy_find_all (product, kind, c->most, &more);
      c->more |= more;
      for (guint i = 0; i < finds->len; i++)
        add_find (c, product, finds->pdata[i], set);
    }
  return TRUE;
}

/* --- classes --------------------------------------------------------------------------------- */

AakPolicySide
aak_excess_side (const AakPolicyProfile *profile, AakPolicyClass class)
{
  AakPolicySide side = { profile->rules, aak_policy_db_class (profile->rules, (guint8) class) };
  if (side.start == AAK_POLICY_DFA_NOMATCH)
    return (AakPolicySide){ NULL, AAK_POLICY_DFA_START }; /* any state that is not a dead end */
  const guint8 byte = (guint8) class;
  if (class == AAK_POLICY_CLASS_PTRACE)
    {
      /* Its labels are looked up behind a byte of their own (lib/policy/query.c). */
      side.start = aak_policy_db_class (side.db, AAK_POLICY_CLASS_LABEL);
      side.start = aak_policy_db_match (side.db, side.start, &byte, 1);
    }
  return side;
}

static gboolean
compare_class (AakExcessComparison *c, AakPolicyClass class, GError **error)
{
  AakPolicySide one = aak_excess_side (c->profile, class),
                other = aak_excess_side (c->other, class);
  /* What the other does not mediate, it allows. */
  return other.db == NULL
         || aak_excess_compare (c, aak_policy_shape (class), one, other, NULL, error);
}

static gboolean
compare_files (AakExcessComparison *c, GError **error)
{
  AakPolicySide one, other;
  one.db = aak_policy_answer_files (c->profile, &one.start);
  other.db = aak_policy_answer_files (c->other, &other.start);
  return aak_excess_compare (c, aak_policy_shape (AAK_POLICY_CLASS_FILE), one, other, NULL, error);
}

static gboolean
compare_attachment (AakExcessComparison *c, GError **error)
{
  AakPolicySide one = { c->profile->attachment, aak_policy_db_start (c->profile->attachment) },
                other = { c->other->attachment, aak_policy_db_start (c->other->attachment) };
  return aak_excess_compare (c, aak_policy_shape_attachment (), one, other, NULL, error);
}

/* --- all of it ------------------------------------------------------------------------------- */

static int
by_class_and_rule (gconstpointer a, gconstpointer b)
{
  const AakExcess *x = *(AakExcess *const *) a, *y = *(AakExcess *const *) b;
  int class = strcmp (x->class, y->class);
  if (class != 0)
    return class;
  return x->kind != y->kind ? (int) x->kind - (int) y->kind : strcmp (x->rule, y->rule);
}

/* One rule for change_profile is there for any program and for none: its text is the same. */
static void
drop_twins (GPtrArray *excess)
{
  for (guint i = excess->len; i > 1; i--)
    {
      const AakExcess *one = excess->pdata[i - 1], *before = excess->pdata[i - 2];
      if (one->kind == before->kind && strcmp (one->rule, before->rule) == 0 && one->but->len == 0
          && before->but->len == 0)
        g_ptr_array_remove_index (excess, i - 1);
    }
}

static gboolean
compare_all (AakExcessComparison *c, GError **error)
{
  static const AakPolicyClass classes[] = {
    AAK_POLICY_CLASS_MOUNT,     AAK_POLICY_CLASS_PTRACE,   AAK_POLICY_CLASS_POSIX_MQUEUE,
    AAK_POLICY_CLASS_NAMESPACE, AAK_POLICY_CLASS_IO_URING, AAK_POLICY_CLASS_DBUS,
  };
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (!compare_class (c, classes[i], error))
      return FALSE;
  aak_excess_capabilities (c->excess, c->profile, c->other);
  aak_excess_limits (c->excess, c->profile, c->other);
  return compare_files (c, error) && compare_attachment (c, error) && aak_excess_signals (c, error)
         && aak_excess_sysv (c, error) && aak_excess_sockets (c, error);
}

/* Where the flag audit tells the profiles apart, everything is recorded by one of them. */
static void
drop_records (GPtrArray *excess)
{
  for (guint i = excess->len; i > 0; i--)
    if (((const AakExcess *) excess->pdata[i - 1])->kind != AAK_EXCESS_ALLOWED)
      g_ptr_array_remove_index (excess, i - 1);
}

GPtrArray *
aak_policy_excess (const AakPolicyProfile *profile, const AakPolicyProfile *other, guint most,
                   gboolean *out_more, GError **error)
{
  g_autoptr (GPtrArray) excess = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_excess_free);
  AakExcessComparison c = { profile, other, most, excess, FALSE };
  gboolean unconfined = profile->mode == AAK_MODE_UNCONFINED || other->mode == AAK_MODE_UNCONFINED;
  if (!unconfined && !compare_all (&c, error))
    return NULL;
  if (profile->audit_all || other->audit_all)
    drop_records (excess);
  g_ptr_array_sort (excess, by_class_and_rule);
  drop_twins (excess);
  *out_more = c.more;
  return g_steal_pointer (&excess);
}
