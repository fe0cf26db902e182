/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Walking the automatons of patterns. */
#include "config.h"

#include "lib/policy/glob-program.h"

#include <string.h>

/* How much of what names begin with is looked for. */
#define MAX_PREFIX 64

/* Of beginning to compare two patterns, in the unit of budgets. */
#define FIXED_COST 300

/* --- sets of steps --------------------------------------------------------------------------- */

/* Sets of steps of one pattern are @words words of bits. */
typedef struct
{
  const AakPolicyGlob *glob;
  guint words;
  guint16 *stack; /* room for two of each step */
} Walker;

static void
walker_init (Walker *walker, const AakPolicyGlob *glob)
{
  guint n = glob->steps->len;
  *walker = (Walker){ glob, (n + 63) / 64, g_new (guint16, 2 * (gsize) n + 1) };
}

static void
walker_clear (Walker *walker)
{
  g_free (walker->stack);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walker, walker_clear)

static const AakGlobStep *
step_at (const AakPolicyGlob *glob, guint index)
{
  return &g_array_index (glob->steps, AakGlobStep, index);
}

static gboolean
has_step (const guint64 *set, guint index)
{
  return (set[index / 64] >> (index % 64) & 1) != 0;
}

/* Adds the step @index, and all that go on from it without a byte, to @set. */
static void
add_step (const Walker *walker, guint64 *set, guint index)
{
  guint n = 0;
  walker->stack[n++] = (guint16) index;
  while (n > 0)
    {
      guint at = walker->stack[--n];
      if (has_step (set, at))
        continue;
      set[at / 64] |= G_GUINT64_CONSTANT (1) << (at % 64);
      const AakGlobStep *step = step_at (walker->glob, at);
      if (step->op == AAK_GLOB_SPLIT || step->op == AAK_GLOB_JUMP)
        walker->stack[n++] = step->a;
      if (step->op == AAK_GLOB_SPLIT)
        walker->stack[n++] = step->b;
    }
}

/* TRUE where the step takes @byte. */
static gboolean
takes (const AakPolicyGlob *glob, const AakGlobStep *step, guint8 byte)
{
  if (step->op == AAK_GLOB_BYTE)
    return step->a == byte;
  return step->op == AAK_GLOB_SET
         && aak_glob_set_has (&g_array_index (glob->sets, AakGlobSet, step->a), byte);
}

/* Sets @to to where @byte leads from @from. FALSE where that is nowhere. */
static gboolean
advance (const Walker *walker, const guint64 *from, guint8 byte, guint64 *to)
{
  gboolean any = FALSE;
  memset (to, 0, walker->words * sizeof *to);
  for (guint word = 0; word < walker->words; word++)
    for (guint64 rest = from[word]; rest != 0; rest &= rest - 1)
      {
        guint index = word * 64 + (guint) __builtin_ctzll (rest);
        if (!takes (walker->glob, step_at (walker->glob, index), byte))
          continue;
        add_step (walker, to, index + 1);
        any = TRUE;
      }
  return any;
}

/* The last step is the one that accepts. */
static gboolean
accepts (const Walker *walker, const guint64 *set)
{
  return has_step (set, walker->glob->steps->len - 1);
}

/* --- one name -------------------------------------------------------------------------------- */

gboolean
aak_policy_glob_match (const AakPolicyGlob *glob, const char *name, gsize len)
{
  g_auto (Walker) walker = { 0 };
  walker_init (&walker, glob);
  g_autofree guint64 *sets = g_new0 (guint64, 2 * (gsize) walker.words);
  guint64 *now = sets, *next = sets + walker.words;
  add_step (&walker, now, 0);
  for (gsize i = 0; i < len; i++)
    {
      if (!advance (&walker, now, (guint8) name[i], next))
        return FALSE;
      guint64 *swap = now;
      now = next;
      next = swap;
    }
  return accepts (&walker, now);
}

/* The byte that every step of @set takes, or -1 where they are not agreed, or one accepts. */
static int
only_byte (const Walker *walker, const guint64 *set)
{
  int byte = -1;
  for (guint index = 0; index < walker->glob->steps->len; index++)
    {
      const AakGlobStep *step = step_at (walker->glob, index);
      if (!has_step (set, index) || step->op == AAK_GLOB_SPLIT || step->op == AAK_GLOB_JUMP)
        continue;
      if (step->op != AAK_GLOB_BYTE || (byte != -1 && byte != step->a))
        return -1;
      byte = step->a;
    }
  return byte;
}

char *
aak_glob_common_prefix (const AakPolicyGlob *glob)
{
  GString *prefix = g_string_new (NULL);
  g_auto (Walker) walker = { 0 };
  walker_init (&walker, glob);
  g_autofree guint64 *sets = g_new0 (guint64, 2 * (gsize) walker.words);
  guint64 *now = sets, *next = sets + walker.words;
  add_step (&walker, now, 0);
  for (int byte = only_byte (&walker, now); byte != -1 && prefix->len < MAX_PREFIX;
       byte = only_byte (&walker, now))
    {
      g_string_append_c (prefix, (char) byte);
      advance (&walker, now, (guint8) byte, next);
      guint64 *swap = now;
      now = next;
      next = swap;
    }
  return g_string_free (prefix, FALSE);
}

/* --- all names ------------------------------------------------------------------------------- */

/* A step of the inner pattern that takes a byte or accepts, and the set of the outer one that the
 * same bytes lead to. */
typedef struct
{
  guint inner;
  guint outer; /* number of the set */
} Pair;

typedef struct
{
  Walker inner, outer;
  guint64 *budget;
  guint64 *next;      /* scratch: a set of the inner pattern */
  GPtrArray *sets;    /* of the outer pattern, by their number: guint64* */
  GHashTable *number; /* the same, back: GBytes -> number */
  GArray *pairs;      /* Pair, as they were found */
  GHashTable *seen;   /* set of them */
} Product;

static void
product_clear (Product *product)
{
  walker_clear (&product->inner);
  walker_clear (&product->outer);
  g_free (product->next);
  g_ptr_array_unref (product->sets);
  g_hash_table_unref (product->number);
  g_array_unref (product->pairs);
  g_hash_table_unref (product->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Product, product_clear)

/* The number of the outer pattern's @set. */
static guint
number_of (Product *product, const guint64 *set)
{
  gsize size = product->outer.words * sizeof *set;
  g_autoptr (GBytes) key = g_bytes_new_static (set, size);
  gpointer known = NULL;
  if (g_hash_table_lookup_extended (product->number, key, NULL, &known))
    return GPOINTER_TO_UINT (known);
  guint number = product->sets->len;
  guint64 *copy = g_memdup2 (set, size);
  g_ptr_array_add (product->sets, copy);
  g_hash_table_insert (product->number, g_bytes_new_static (copy, size), GUINT_TO_POINTER (number));
  return number;
}

/* Adds the steps of the inner pattern in @inner beside the set @outer. FALSE where a name of the
 * inner pattern ends there and none of the outer one does, or it is too much. */
static gboolean
add_pairs (Product *product, const guint64 *inner, guint outer)
{
  if (accepts (&product->inner, inner) && !accepts (&product->outer, product->sets->pdata[outer]))
    return FALSE;
  for (guint word = 0; word < product->inner.words; word++)
    for (guint64 rest = inner[word]; rest != 0; rest &= rest - 1)
      {
        Pair pair = { word * 64 + (guint) __builtin_ctzll (rest), outer };
        guint8 op = step_at (product->inner.glob, pair.inner)->op;
        if (op != AAK_GLOB_BYTE && op != AAK_GLOB_SET)
          continue;
        gint64 key = (gint64) ((guint64) pair.inner << 32 | outer);
        if (g_hash_table_contains (product->seen, &key))
          continue;
        g_hash_table_add (product->seen, g_memdup2 (&key, sizeof key));
        g_array_append_val (product->pairs, pair);
      }
  return TRUE;
}

/* Takes what looking at @pair costs off the budget. FALSE where there is too little. */
static gboolean
afford (const Product *product, const AakGlobStep *step)
{
  guint64 cost = product->outer.glob->steps->len * (step->op == AAK_GLOB_BYTE ? 1 : 255);
  gboolean enough = *product->budget >= cost;
  *product->budget -= enough ? cost : *product->budget;
  return enough;
}

/* Goes on from @pair with every byte that the inner step takes. */
static gboolean
follow (Product *product, Pair pair)
{
  const AakGlobStep *step = step_at (product->inner.glob, pair.inner);
  if (!afford (product, step))
    return FALSE;
  const guint64 *from = product->sets->pdata[pair.outer];
  g_autofree guint64 *to = g_new (guint64, product->outer.words);
  memset (product->next, 0, product->inner.words * sizeof *product->next);
  add_step (&product->inner, product->next, pair.inner + 1);
  guint last = G_MAXUINT;
  for (guint byte = 1; byte < 256; byte++)
    {
      if (!takes (product->inner.glob, step, (guint8) byte))
        continue;
      if (!advance (&product->outer, from, (guint8) byte, to))
        return FALSE; /* every step can reach the end */
      guint number = number_of (product, to);
      if (number != last && !add_pairs (product, product->next, number))
        return FALSE;
      last = number;
    }
  return TRUE;
}

gboolean
aak_policy_glob_includes (const AakPolicyGlob *glob, const AakPolicyGlob *inner, guint64 *budget)
{
  gsize cost = FIXED_COST + strlen (inner->sample) * glob->steps->len / 4;
  *budget -= MIN (*budget, cost);
  if (!aak_policy_glob_match (glob, inner->sample, strlen (inner->sample)))
    return FALSE;
  if (inner->exact)
    return TRUE;
  g_auto (Product) product = {
    .budget = budget,
    .sets = g_ptr_array_new_with_free_func (g_free),
    .number =
        g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL),
    .pairs = g_array_new (FALSE, FALSE, sizeof (Pair)),
    .seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };
  walker_init (&product.inner, inner);
  walker_init (&product.outer, glob);
  product.next = g_new0 (guint64, product.inner.words);
  g_autofree guint64 *first = g_new0 (guint64, product.outer.words);
  add_step (&product.inner, product.next, 0);
  add_step (&product.outer, first, 0);
  gboolean ok = add_pairs (&product, product.next, number_of (&product, first));
  for (guint i = 0; ok && i < product.pairs->len; i++)
    ok = follow (&product, g_array_index (product.pairs, Pair, i));
  return ok;
}
