/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Tables of a deterministic automaton, compressed by overlaying the rows (base, next and check) and
 * by storing rows as their difference to another (default). */
#include "config.h"

#include "lib/policy/dfa.h"

#include "lib/error.h"

#include <string.h>

/* security/apparmor/include/match.h */
#define MAGIC         0x1b5e783d
#define HEADER_MIN    14
#define HAS_DIFF      1 /* header flags */
#define HAS_OOB       2
#define KNOWN_FLAGS   (HAS_DIFF | HAS_OOB)
#define TABLE_HEADER  12
#define STATE_DIFF    0x80000000 /* in a state's base: what is not here is in the default state */
#define STATE_OOB     0x20000000 /* in a state's base: it has a transition that is no byte's */
#define STATE_UNKNOWN 0x5f000000
#define BASE_INDEX    0x00ffffff
#define MAX_PADDING   7
/* A longer chain of differences is no parser's work: it would make a match slow, step by step. */
#define MAX_CHAIN 4096
/* So many states back a repetition is looked for. */
#define HISTORY 32

/* Table ids as they are in the stream, and the widths that each may have. */
enum
{
  TABLE_ACCEPT = 1,
  TABLE_BASE = 2,
  TABLE_CHECK = 3,
  TABLE_DEFAULT = 4,
  TABLE_CLASSES = 5, /* byte -> equivalence class */
  TABLE_ACCEPT2 = 7,
  TABLE_NEXT = 8,
  N_TABLES
};

static const struct
{
  gboolean narrow; /* 16 bits a value */
  gboolean wide;   /* 32 */
} widths[N_TABLES] = {
  [TABLE_ACCEPT] = { FALSE, TRUE }, [TABLE_BASE] = { FALSE, TRUE },
  [TABLE_CHECK] = { TRUE, TRUE },   [TABLE_DEFAULT] = { TRUE, TRUE },
  [TABLE_NEXT] = { TRUE, TRUE },    [TABLE_ACCEPT2] = { FALSE, TRUE },
};

struct AakPolicyDfa
{
  guint16 flags;
  guint32 *tables[N_TABLES]; /* by id, NULL where it is not there */
  guint32 lengths[N_TABLES];
  guint8 classes[256];
};

void
aak_policy_dfa_free (AakPolicyDfa *dfa)
{
  for (guint i = 0; i < N_TABLES; i++)
    g_free (dfa->tables[i]);
  g_free (dfa);
}

static gboolean
bad (GError **error, const char *why)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "damaged automaton: %s", why);
  return FALSE;
}

static guint16
be16 (const guint8 *p)
{
  return (guint16) (p[0] << 8 | p[1]);
}

static guint32
be32 (const guint8 *p)
{
  return (guint32) be16 (p) << 16 | be16 (p + 2);
}

/* --- reading --------------------------------------------------------------------------------- */

/* Skips the padding and takes the header: magic, its own size, size of all, flags, texts. */
static gboolean
read_header (AakPolicyDfa *dfa, AakPolicySlice *rest, GError **error)
{
  gsize pad = 0;
  while (pad <= MAX_PADDING && pad + HEADER_MIN <= rest->len && be32 (rest->data + pad) != MAGIC)
    pad++;
  if (pad > MAX_PADDING || pad + HEADER_MIN > rest->len)
    return bad (error, "no header");
  const guint8 *header = rest->data + pad;
  guint32 size = be32 (header + 4);
  if (size < HEADER_MIN || size > rest->len - pad)
    return bad (error, "truncated header");
  dfa->flags = be16 (header + 12);
  if ((dfa->flags & ~KNOWN_FLAGS) != 0)
    return bad (error, "flags that no kernel known here takes");
  *rest = (AakPolicySlice){ header + size, rest->len - pad - size };
  return TRUE;
}

/* The values behind a table's header, as numbers of this machine. */
static gboolean
read_values (AakPolicyDfa *dfa, guint16 id, guint16 width, const guint8 *data)
{
  guint32 n = dfa->lengths[id];
  if (id == TABLE_CLASSES)
    {
      if (width != 1 || n != sizeof dfa->classes)
        return FALSE;
      memcpy (dfa->classes, data, sizeof dfa->classes);
      return TRUE;
    }
  if (!(width == 2 && widths[id].narrow) && !(width == 4 && widths[id].wide))
    return FALSE;
  dfa->tables[id] = g_new (guint32, n);
  for (guint32 i = 0; i < n; i++)
    dfa->tables[id][i] = width == 2 ? be16 (data + 2 * (gsize) i) : be32 (data + 4 * (gsize) i);
  return TRUE;
}

static gboolean
read_table (AakPolicyDfa *dfa, AakPolicySlice *rest, GError **error)
{
  if (rest->len < TABLE_HEADER)
    return bad (error, "truncated table");
  guint16 id = be16 (rest->data), width = be16 (rest->data + 2);
  guint32 n = be32 (rest->data + 8);
  if (id == 0 || id >= N_TABLES || n == 0 || dfa->lengths[id] != 0)
    return bad (error, "a table that is unknown, empty, or there twice");
  if (width > 4 || n > (rest->len - TABLE_HEADER) / MAX (width, 1))
    return bad (error, "truncated table");
  dfa->lengths[id] = n;
  if (!read_values (dfa, id, width, rest->data + TABLE_HEADER))
    return bad (error, "a table with values of an odd width");
  gsize size = (TABLE_HEADER + (gsize) n * width + 7) & ~(gsize) 7;
  if (size > rest->len)
    return bad (error, "truncated table");
  *rest = (AakPolicySlice){ rest->data + size, rest->len - size };
  return TRUE;
}

/* --- checking -------------------------------------------------------------------------------- */

static gboolean
check_lengths (const AakPolicyDfa *dfa, gboolean with_accept2, GError **error)
{
  const guint32 *n = dfa->lengths;
  if (n[TABLE_BASE] < 2 || n[TABLE_DEFAULT] != n[TABLE_BASE] || n[TABLE_ACCEPT] != n[TABLE_BASE]
      || n[TABLE_NEXT] == 0 || n[TABLE_CHECK] != n[TABLE_NEXT])
    return bad (error, "tables that are missing, or not of one length");
  if ((with_accept2 || n[TABLE_ACCEPT2] != 0) && n[TABLE_ACCEPT2] != n[TABLE_BASE])
    return bad (error, "no second table of permissions for every state");
  return TRUE;
}

static gboolean
check_states (const AakPolicyDfa *dfa, GError **error)
{
  guint32 states = dfa->lengths[TABLE_BASE], cells = dfa->lengths[TABLE_NEXT];
  for (guint32 i = 0; i < states; i++)
    {
      guint32 base = dfa->tables[TABLE_BASE][i];
      if ((base & STATE_UNKNOWN) != 0 || ((base & STATE_DIFF) != 0 && (dfa->flags & HAS_DIFF) == 0)
          || ((base & STATE_OOB) != 0 && (dfa->flags & HAS_OOB) == 0))
        return bad (error, "a state with unknown flags");
      /* Every byte's cell must be there, and the one before the row for what is no byte. */
      if ((gsize) (base & BASE_INDEX) + 255 >= cells
          || ((base & STATE_OOB) != 0 && (base & BASE_INDEX) == 0))
        return bad (error, "a state whose transitions are outside of the table");
      if (dfa->tables[TABLE_DEFAULT][i] >= states)
        return bad (error, "a default state that is none");
    }
  for (guint32 i = 0; i < cells; i++)
    if (dfa->tables[TABLE_NEXT][i] >= states || dfa->tables[TABLE_CHECK][i] >= states)
      return bad (error, "a transition to a state that is none");
  return TRUE;
}

static gboolean
is_diff (const AakPolicyDfa *dfa, guint32 state)
{
  return (dfa->tables[TABLE_BASE][state] & STATE_DIFF) != 0;
}

/* Follows the differences from each state to the first that is known: @chains then holds how many
 * steps a state is from one that is whole. Each state is passed twice at most. */
static gboolean
check_chains (const AakPolicyDfa *dfa, GError **error)
{
  guint32 states = dfa->lengths[TABLE_BASE];
  const guint32 *next = dfa->tables[TABLE_DEFAULT];
  g_autofree guint16 *chains = g_new0 (guint16, states);
  for (guint32 i = 0; i < states; i++)
    {
      guint length = 0;
      guint32 end = i;
      while (is_diff (dfa, end) && chains[end] == 0 && length <= MAX_CHAIN)
        {
          end = next[end];
          length++;
        }
      length += chains[end];
      if (length > MAX_CHAIN)
        return bad (error, "differences between states that lead in a circle, or without end");
      for (guint32 at = i; length > 0 && chains[at] == 0; at = next[at])
        chains[at] = (guint16) length--;
    }
  return TRUE;
}

AakPolicyDfa *
aak_policy_dfa_new (AakPolicySlice tables, gboolean with_accept2, GError **error)
{
  g_autoptr (AakPolicyDfa) dfa = g_new0 (AakPolicyDfa, 1);
  if (!read_header (dfa, &tables, error))
    return NULL;
  while (tables.len > 0)
    if (!read_table (dfa, &tables, error))
      return NULL;
  if (!check_lengths (dfa, with_accept2, error) || !check_states (dfa, error)
      || !check_chains (dfa, error))
    return NULL;
  if (dfa->lengths[TABLE_CLASSES] == 0)
    for (guint i = 0; i < sizeof dfa->classes; i++)
      dfa->classes[i] = (guint8) i;
  return g_steal_pointer (&dfa);
}

/* --- using ----------------------------------------------------------------------------------- */

guint32
aak_policy_dfa_states (const AakPolicyDfa *dfa)
{
  return dfa->lengths[TABLE_BASE];
}

guint32
aak_policy_dfa_accept (const AakPolicyDfa *dfa, guint32 state)
{
  return dfa->tables[TABLE_ACCEPT][state];
}

gboolean
aak_policy_dfa_has_accept2 (const AakPolicyDfa *dfa)
{
  return dfa->lengths[TABLE_ACCEPT2] != 0;
}

guint32
aak_policy_dfa_accept2 (const AakPolicyDfa *dfa, guint32 state)
{
  return aak_policy_dfa_has_accept2 (dfa) ? dfa->tables[TABLE_ACCEPT2][state] : 0;
}

guint8
aak_policy_dfa_byte_class (const AakPolicyDfa *dfa, guint8 c)
{
  return dfa->classes[c];
}

guint32
aak_policy_dfa_next (const AakPolicyDfa *dfa, guint32 state, guint8 c)
{
  const guint32 *base = dfa->tables[TABLE_BASE];
  guint8 class = dfa->classes[c];
  for (;;)
    {
      guint32 cell = (base[state] & BASE_INDEX) + class;
      if (dfa->tables[TABLE_CHECK][cell] == state)
        return dfa->tables[TABLE_NEXT][cell];
      gboolean diff = (base[state] & STATE_DIFF) != 0;
      state = dfa->tables[TABLE_DEFAULT][state];
      if (!diff)
        return state;
    }
}

guint32
aak_policy_dfa_match (const AakPolicyDfa *dfa, guint32 state, const void *bytes, gsize len)
{
  const guint8 *p = bytes;
  if (state == AAK_POLICY_DFA_NOMATCH)
    return AAK_POLICY_DFA_NOMATCH;
  for (gsize i = 0; i < len; i++)
    state = aak_policy_dfa_next (dfa, state, p[i]);
  return state;
}

/* TRUE where @state was passed within the last steps: @n of them before the one from @step;
 * @out_back: how many steps ago. Parsers number states by their distance from the first. */
static gboolean
repeats (const guint32 *history, guint step, guint n, guint32 state, guint *out_back)
{
  if (history[step % HISTORY] < state)
    return FALSE;
  for (guint back = 0; back < n; back++)
    if (history[(step - back) % HISTORY] == state)
      {
        *out_back = back;
        return TRUE;
      }
  return FALSE;
}

guint32
aak_policy_dfa_match_left (const AakPolicyDfa *dfa, guint32 state, const void *bytes, gsize len,
                           guint *out_left)
{
  const guint8 *p = bytes;
  guint32 history[HISTORY] = { 0 };
  guint left = 0;
  for (gsize i = 0; i < len && state != AAK_POLICY_DFA_NOMATCH; i++)
    {
      guint back = 0;
      history[left % HISTORY] = state;
      state = aak_policy_dfa_next (dfa, state, p[i]);
      if (repeats (history, left, MIN (left, HISTORY), state, &back))
        {
          left -= back;
          state = aak_policy_dfa_match (dfa, state, p + i + 1, len - i - 1);
          break;
        }
      left++;
    }
  *out_left = state != AAK_POLICY_DFA_NOMATCH ? left : 0;
  return state;
}
