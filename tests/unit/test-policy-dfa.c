/* SPDX-License-Identifier: GPL-2.0-or-later
 * An automaton made by hand is walked as its tables say, and each kind of damage to it is refused.
 */
#include "lib/error.h"
#include "lib/policy/dfa.h"

#include <criterion/criterion.h>
#include <string.h>

#define STATES 5
#define CELLS  (3 + 256) /* three rows, overlaid at 1, 2 and 3, and the cell before them */
#define DIFF   0x80000000u

/* "ab" leads from 1 over 2 to 3, whose accept word is 7; 4 is as 1 but for "c", which leads to 3.
 */
typedef struct
{
  guint32 magic;
  guint32 header_size;
  guint32 flags;
  guint32 accept[STATES];
  guint32 base[STATES];
  guint32 def[STATES];
  guint32 next[CELLS];
  guint32 check[CELLS];
  guint32 states; /* lengths that the tables claim */
  guint32 accept_states;
  guint32 cells;
  guint32 width;   /* of the values of next */
  guint32 without; /* the id of a table that is left out */
  guint32 again;   /* the id of one that is there twice */
  guint32 cut;     /* bytes that are missing at the end */
} Tables;

static Tables
good (void)
{
  Tables t = {
    .magic = 0x1b5e783d,
    .header_size = 24,
    .flags = 1,
    .states = STATES,
    .accept_states = STATES,
    .cells = CELLS,
    .width = 2,
    .accept = { 0, 0, 0, 7, 0 },
    .base = { 0, 1, 2, 0, 3 | DIFF },
    .def = { 0, 0, 0, 0, 1 },
  };
  t.next[1 + 'a'] = 2;
  t.check[1 + 'a'] = 1;
  t.next[2 + 'b'] = 3;
  t.check[2 + 'b'] = 2;
  t.next[3 + 'c'] = 3;
  t.check[3 + 'c'] = 4;
  return t;
}

static void
put (GByteArray *out, guint32 value, guint width)
{
  for (guint i = width; i > 0; i--)
    {
      guint8 byte = (guint8) (value >> (8 * (i - 1)));
      g_byte_array_append (out, &byte, 1);
    }
}

static void
pad (GByteArray *out)
{
  while (out->len % 8 != 0)
    put (out, 0, 1);
}

static void
put_table (GByteArray *out, const Tables *t, guint32 id, const guint32 *values, guint32 n,
           guint32 width, guint32 claimed)
{
  for (int times = t->without == id ? 0 : t->again == id ? 2 : 1; times > 0; times--)
    {
      put (out, id, 2);
      put (out, width, 2);
      put (out, 0, 4);
      put (out, claimed, 4);
      for (guint32 i = 0; i < n; i++)
        put (out, values[i], width);
      pad (out);
    }
}

static AakPolicyDfa *
build (const Tables *t, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  put (out, t->magic, 4);
  put (out, t->header_size, 4);
  put (out, 0, 4);
  put (out, t->flags, 2);
  g_byte_array_append (out, (const guint8 *) "\0notflex\0", 10);
  put_table (out, t, 1, t->accept, STATES, 4, t->accept_states);
  put_table (out, t, 2, t->base, STATES, 4, t->states);
  put_table (out, t, 4, t->def, STATES, 2, STATES);
  put_table (out, t, 8, t->next, CELLS, t->width, t->cells);
  put_table (out, t, 3, t->check, CELLS, 2, CELLS);
  gsize len = out->len - t->cut;
  /* Its own allocation, so that a sanitizer sees one byte too far. */
  g_autofree guint8 *copy = g_memdup2 (out->data, len);
  return aak_policy_dfa_new ((AakPolicySlice){ copy, len }, FALSE, error);
}

Test (policy_dfa, walks_as_its_tables_say)
{
  Tables t = good ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPolicyDfa) dfa = build (&t, &error);
  cr_assert_not_null (dfa, "%s", error != NULL ? error->message : "");
  cr_expect_eq (aak_policy_dfa_states (dfa), STATES);
  cr_expect_eq (aak_policy_dfa_match (dfa, 1, "ab", 2), 3);
  cr_expect_eq (aak_policy_dfa_match (dfa, 1, "a", 1), 2);
  cr_expect_eq (aak_policy_dfa_match (dfa, 1, "abb", 3), 0);
  cr_expect_eq (aak_policy_dfa_match (dfa, 1, "b", 1), 0);
  cr_expect_eq (aak_policy_dfa_match (dfa, 0, "ab", 2), 0);
  cr_expect_eq (aak_policy_dfa_match (dfa, 4, "c", 1), 3, "its own transition");
  cr_expect_eq (aak_policy_dfa_match (dfa, 4, "ab", 2), 3, "one of the state that it differs from");
  cr_expect_eq (aak_policy_dfa_match (dfa, 4, "b", 1), 0);
  cr_expect_eq (aak_policy_dfa_accept (dfa, 3), 7);
  cr_expect_not (aak_policy_dfa_has_accept2 (dfa));
  guint left = 0;
  cr_expect_eq (aak_policy_dfa_match_left (dfa, 1, "ab", 2, &left), 3);
  cr_expect_eq (left, 2);
  cr_expect_eq (aak_policy_dfa_match_left (dfa, 1, "ax", 2, &left), 0);
  cr_expect_eq (left, 0);
}

#define FIELD(name) offsetof (Tables, name)

Test (policy_dfa, damage_is_refused)
{
  static const struct
  {
    const char *what;
    gsize field; /* a guint32 of Tables */
    guint32 value;
  } rows[] = {
    { "another magic number", FIELD (magic), 1 },
    { "a header that is too small", FIELD (header_size), 8 },
    { "a header without end", FIELD (header_size), G_MAXUINT32 },
    { "unknown flags", FIELD (flags), 4 },
    { "differences without the flag", FIELD (flags), 0 },
    { "no accept", FIELD (without), 1 },
    { "no base", FIELD (without), 2 },
    { "no check", FIELD (without), 3 },
    { "no default", FIELD (without), 4 },
    { "no next", FIELD (without), 8 },
    { "base twice", FIELD (again), 2 },
    { "next twice", FIELD (again), 8 },
    { "no states", FIELD (states), 0 },
    { "fewer states", FIELD (states), STATES - 1 },
    { "states without end", FIELD (states), G_MAXUINT32 },
    { "fewer accept words", FIELD (accept_states), 2 },
    { "a table without end", FIELD (cells), 0x80000000u },
    { "an odd width", FIELD (width), 3 },
    { "no width", FIELD (width), 0 },
    { "truncated", FIELD (cut), 9 },
    { "a row outside", FIELD (base[2]), CELLS - 255 },
    { "unknown flags of a state", FIELD (base[2]), 0x40000002u },
    { "a default outside", FIELD (def[1]), STATES },
    { "a transition outside", FIELD (next[0]), STATES },
    { "a check outside", FIELD (check[CELLS - 1]), STATES },
    { "differs from itself", FIELD (def[4]), 4 },
    { "no byte's transition without the flag", FIELD (base[0]), 0x20000000u },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Tables t = good ();
      g_autoptr (GError) error = NULL;
      memcpy ((guint8 *) &t + rows[i].field, &rows[i].value, sizeof rows[i].value);
      g_autoptr (AakPolicyDfa) dfa = build (&t, &error);
      cr_expect_null (dfa, "%s", rows[i].what);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID), "%s", rows[i].what);
    }
}

Test (policy_dfa, differences_in_a_circle_are_refused)
{
  Tables t = good ();
  t.base[1] |= DIFF;
  t.base[2] |= DIFF;
  t.def[1] = 2;
  t.def[2] = 4;
  g_autoptr (GError) error = NULL;
  cr_expect_null (build (&t, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}

Test (policy_dfa, long_chains_of_differences)
{
  const guint32 n = 6000;
  static const struct
  {
    guint32 chain;
    gboolean taken;
  } rows[] = { { 100, TRUE }, { 4096, TRUE }, { 4097, FALSE }, { 5998, FALSE } };
  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autofree guint32 *accept = g_new0 (guint32, n);
      g_autofree guint32 *base = g_new0 (guint32, n);
      g_autofree guint32 *def = g_new0 (guint32, n);
      guint32 cells[256] = { 0 };
      const Tables plain = { 0 };
      for (guint32 i = 2; i < 2 + rows[r].chain; i++)
        {
          base[i] = DIFF;
          def[i] = i - 1;
        }
      put (out, 0x1b5e783d, 4);
      put (out, 16, 4);
      put (out, 0, 4);
      put (out, 1, 2);
      put (out, 0, 2);
      put_table (out, &plain, 1, accept, n, 4, n);
      put_table (out, &plain, 2, base, n, 4, n);
      put_table (out, &plain, 4, def, n, 2, n);
      put_table (out, &plain, 8, cells, 256, 2, 256);
      put_table (out, &plain, 3, cells, 256, 2, 256);
      g_autoptr (AakPolicyDfa) dfa =
          aak_policy_dfa_new ((AakPolicySlice){ out->data, out->len }, FALSE, NULL);
      cr_expect_eq (dfa != NULL, rows[r].taken, "a chain of %u", rows[r].chain);
    }
}
