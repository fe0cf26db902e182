/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From the text of a pattern to its automaton. */
#include "config.h"

#include "lib/policy/glob.h"

#include "lib/policy/glob-program.h"

#include <string.h>

/* As apparmor_parser has it (parser_regex.c). */
#define MAX_DEPTH 49

enum
{
  SET_ANY,       /* of ** */
  SET_COMPONENT, /* of * and ? */
};

/* An open { and its alternatives. */
typedef struct
{
  guint split;   /* the step in front of the current alternative */
  GArray *jumps; /* steps at the ends of the former ones: guint */
} Group;

typedef struct
{
  AakPolicyGlob *glob;
  Group groups[MAX_DEPTH];
  guint depth;
  GString *sample;
  guint skipped;   /* groups around that are behind their first alternative */
  gboolean varies; /* it is not the name of one file only */
} Reader;

static void
reader_clear (Reader *r)
{
  for (guint i = 0; i < r->depth; i++)
    g_array_unref (r->groups[i].jumps);
  g_string_free (r->sample, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

void
aak_policy_glob_free (AakPolicyGlob *glob)
{
  g_array_unref (glob->steps);
  g_array_unref (glob->sets);
  g_free (glob->prefix);
  g_free (glob->sample);
  g_free (glob);
}

/* --- steps ----------------------------------------------------------------------------------- */

static guint
emit (Reader *r, AakGlobOp op, guint a, guint b)
{
  AakGlobStep step = { (guint8) op, (guint16) a, (guint16) b };
  g_array_append_val (r->glob->steps, step);
  return r->glob->steps->len - 1;
}

static AakGlobStep *
step_at (const Reader *r, guint index)
{
  return &g_array_index (r->glob->steps, AakGlobStep, index);
}

static void
put_byte (Reader *r, char byte)
{
  emit (r, AAK_GLOB_BYTE, (guint8) byte, 0);
  if (r->skipped == 0)
    g_string_append_c (r->sample, byte);
}

static void
put_set (Reader *r, guint set, char sample)
{
  emit (r, AAK_GLOB_SET, set, 0);
  r->varies = TRUE;
  if (r->skipped == 0)
    g_string_append_c (r->sample, sample);
}

/* * and **; a component that one stands for alone is never empty. Returns what follows. */
static const char *
read_star (Reader *r, const char *at, gboolean after_slash)
{
  guint set = at[1] == '*' ? SET_ANY : SET_COMPONENT;
  const char *rest = at + strspn (at, "*");
  if (after_slash && (*rest == '/' || *rest == '\0'))
    put_set (r, SET_COMPONENT, 'z');
  guint loop = emit (r, AAK_GLOB_SPLIT, r->glob->steps->len + 1, r->glob->steps->len + 3);
  emit (r, AAK_GLOB_SET, set, 0);
  emit (r, AAK_GLOB_JUMP, loop, 0);
  r->varies = TRUE;
  return at + (at[1] == '*' ? 2 : 1);
}

/* --- alternatives ---------------------------------------------------------------------------- */

static gboolean
open_group (Reader *r)
{
  if (r->depth == MAX_DEPTH)
    return FALSE;
  guint split = emit (r, AAK_GLOB_SPLIT, r->glob->steps->len + 1, 0);
  r->groups[r->depth++] = (Group){ split, g_array_new (FALSE, FALSE, sizeof (guint)) };
  r->skipped += r->skipped > 0;
  r->varies = TRUE;
  return TRUE;
}

static void
next_alternative (Reader *r)
{
  Group *group = &r->groups[r->depth - 1];
  guint jump = emit (r, AAK_GLOB_JUMP, 0, 0);
  g_array_append_val (group->jumps, jump);
  step_at (r, group->split)->b = (guint16) r->glob->steps->len;
  group->split = emit (r, AAK_GLOB_SPLIT, r->glob->steps->len + 1, 0);
  r->skipped += r->skipped == 0;
}

static gboolean
close_group (Reader *r)
{
  Group *group = &r->groups[r->depth - 1];
  if (group->jumps->len == 0)
    return FALSE;
  step_at (r, group->split)->b = step_at (r, group->split)->a;
  for (guint i = 0; i < group->jumps->len; i++)
    step_at (r, g_array_index (group->jumps, guint, i))->a = (guint16) r->glob->steps->len;
  g_clear_pointer (&group->jumps, g_array_unref);
  r->depth--;
  r->skipped -= r->skipped > 0;
  return TRUE;
}

/* --- classes --------------------------------------------------------------------------------- */

static void
set_add (AakGlobSet *set, guint from, guint to)
{
  for (guint byte = from; byte <= to; byte++)
    set->bits[byte >> 6] |= G_GUINT64_CONSTANT (1) << (byte & 63);
}

/* "[a-z]" and "[^a]", of plain characters. Returns what follows, or NULL. */
static const char *
read_class (Reader *r, const char *at)
{
  AakGlobSet set = { { 0 } };
  gboolean not = *at == '^';
  at += not ;
  gsize len = strcspn (at, "]");
  if (len == 0 || at[len] == '\0' || strcspn (at, "[\\^") < len || at[0] == '-'
      || at[len - 1] == '-')
    return NULL;
  for (gsize i = 0; i < len; i++)
    {
      gboolean range = at[i + 1] == '-' && i + 2 < len;
      guint8 from = (guint8) at[i], to = (guint8) at[range ? i + 2 : i];
      if (from > to)
        return NULL;
      set_add (&set, from, to);
      i += range ? 2 : 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (set.bits); i++)
    set.bits[i] = not ? ~set.bits[i] : set.bits[i];
  set.bits[0] &= ~G_GUINT64_CONSTANT (1);
  guint sample = 'z';
  for (guint byte = 255; byte > 0 && !aak_glob_set_has (&set, (guint8) sample); byte--)
    sample = byte;
  if (!aak_glob_set_has (&set, (guint8) sample))
    return NULL;
  g_array_append_val (r->glob->sets, set);
  put_set (r, r->glob->sets->len - 1, (char) sample);
  return at + len + 1;
}

/* --- the whole ------------------------------------------------------------------------------- */

/* "\*" and "\052". What else stands behind a backslash means something only sometimes. Returns what
 * follows, or NULL. */
static const char *
read_escaped (Reader *r, const char *at)
{
  if (g_ascii_ispunct (*at))
    {
      put_byte (r, *at);
      return at + 1;
    }
  if (strspn (at, "01234567") < 3 || *at > '3')
    return NULL;
  char byte = (char) ((at[0] - '0') << 6 | (at[1] - '0') << 3 | (at[2] - '0'));
  if (byte == '\0')
    return NULL;
  put_byte (r, byte);
  return at + 3;
}

/* Reads what begins at @at; returns what follows, or NULL. */
static const char *
read_part (Reader *r, const char *at, gboolean after_slash)
{
  switch (*at)
    {
    case '\\':
      return read_escaped (r, at + 1);
    case '*':
      return read_star (r, at, after_slash);
    case '?':
      put_set (r, SET_COMPONENT, 'z');
      return at + 1;
    case '[':
      return read_class (r, at + 1);
    case ']':
      return NULL;
    case '{':
      return open_group (r) ? at + 1 : NULL;
    case '}':
      return r->depth > 0 && close_group (r) ? at + 1 : NULL;
    case ',':
      if (r->depth > 0)
        next_alternative (r);
      else
        put_byte (r, ',');
      return at + 1;
    default:
      put_byte (r, *at);
      return at + 1;
    }
}

static gboolean
read_pattern (Reader *r, const char *pattern)
{
  const char *at = pattern;
  while (at != NULL && *at != '\0' && r->glob->steps->len < AAK_POLICY_GLOB_MAX)
    at = read_part (r, at, at > pattern && at[-1] == '/');
  return at != NULL && *at == '\0' && r->depth == 0;
}

AakPolicyGlob *
aak_policy_glob_new (const char *pattern)
{
  g_autoptr (AakPolicyGlob) glob = g_new0 (AakPolicyGlob, 1);
  glob->steps = g_array_new (FALSE, FALSE, sizeof (AakGlobStep));
  glob->sets = g_array_new (FALSE, FALSE, sizeof (AakGlobSet));
  AakGlobSet any = { { 0 } };
  set_add (&any, 1, 255);
  g_array_append_val (glob->sets, any);
  any.bits['/' >> 6] &= ~(G_GUINT64_CONSTANT (1) << ('/' & 63));
  g_array_append_val (glob->sets, any);
  g_auto (Reader) r = { .glob = glob, .sample = g_string_new (NULL) };
  if (!read_pattern (&r, pattern))
    return NULL;
  emit (&r, AAK_GLOB_ACCEPT, 0, 0);
  glob->exact = !r.varies;
  glob->sample = g_strdup (r.sample->str);
  glob->prefix = aak_glob_common_prefix (glob);
  return g_steal_pointer (&glob);
}

/* --- several --------------------------------------------------------------------------------- */

/* Appends the steps of @glob but the last, which accepts: there a jump is left open. */
static void
append_glob (AakPolicyGlob *all, const AakPolicyGlob *glob)
{
  guint begin = all->steps->len, sets = all->sets->len;
  g_array_append_vals (all->sets, glob->sets->data, glob->sets->len);
  for (guint i = 0; i < glob->steps->len; i++)
    {
      AakGlobStep step = g_array_index (glob->steps, AakGlobStep, i);
      if (step.op == AAK_GLOB_SPLIT || step.op == AAK_GLOB_JUMP)
        step.a = (guint16) (step.a + begin);
      if (step.op == AAK_GLOB_SPLIT)
        step.b = (guint16) (step.b + begin);
      if (step.op == AAK_GLOB_SET)
        step.a = (guint16) (step.a + sets);
      g_array_append_val (all->steps, step);
    }
}

/* How many steps the union has: each pattern's, a choice in front of each, and the end. */
static gsize
union_size (const GPtrArray *globs)
{
  gsize size = 1;
  for (guint i = 0; i < globs->len; i++)
    size += ((const AakPolicyGlob *) globs->pdata[i])->steps->len + 1;
  return size;
}

AakPolicyGlob *
aak_policy_glob_union (const GPtrArray *globs)
{
  gsize size = union_size (globs);
  if (size > AAK_POLICY_GLOB_MAX)
    return NULL;
  AakPolicyGlob *all = g_new0 (AakPolicyGlob, 1);
  all->steps = g_array_new (FALSE, FALSE, sizeof (AakGlobStep));
  all->sets = g_array_new (FALSE, FALSE, sizeof (AakGlobSet));
  for (guint i = 0; i < globs->len; i++)
    {
      const AakPolicyGlob *glob = globs->pdata[i];
      guint next = all->steps->len + 1 + glob->steps->len;
      gboolean last = i + 1 == globs->len;
      AakGlobStep choice = { AAK_GLOB_SPLIT, (guint16) (all->steps->len + 1),
                             (guint16) (last ? all->steps->len + 1 : next) };
      g_array_append_val (all->steps, choice);
      append_glob (all, glob);
      g_array_index (all->steps, AakGlobStep, all->steps->len - 1) =
          (AakGlobStep){ AAK_GLOB_JUMP, (guint16) (size - 1), 0 };
    }
  AakGlobStep end = { AAK_GLOB_ACCEPT, 0, 0 };
  g_array_append_val (all->steps, end);
  all->exact = FALSE;
  all->sample = g_strdup (((const AakPolicyGlob *) globs->pdata[0])->sample);
  all->prefix = aak_glob_common_prefix (all);
  return all;
}

/* --- what is known of it --------------------------------------------------------------------- */

gboolean
aak_policy_glob_is_exact (const AakPolicyGlob *glob)
{
  return glob->exact;
}

const char *
aak_policy_glob_prefix (const AakPolicyGlob *glob)
{
  return glob->prefix;
}

const char *
aak_policy_glob_sample (const AakPolicyGlob *glob)
{
  return glob->sample;
}
