/* SPDX-License-Identifier: GPL-2.0-or-later
 * The union of states: random recordings of which random checkpoints meet in any order and
 * grouping, against what the recordings really saw; and contradictions, which are refused. */
#include "learn/merge.h"
#include "learn/state.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <string.h>

#define LABEL    "k8s-t"
#define N_RUNS   4
#define N_EVENTS 40 /* a run */
#define N_STATES 6

/* --- making states --------------------------------------------------------------------------- */

static AakObservations *
new_state (const char *id, guint64 start, gboolean ended, guint64 offset)
{
  AakObservations *state = aak_observations_new (LABEL);
  AakRun *run = aak_run_new ();
  run->id = g_strdup (id);
  run->node = g_strdup ("n");
  run->boot = g_strdup ("b");
  run->source = g_strdup ("netlink");
  run->start = start;
  run->account.records = offset;
  if (!ended)
    {
      run->position = aak_position_new ();
      aak_position_add_file (run->position, 1, 2, offset, "00");
    }
  aak_run_add_pod (run, "default", id, "c", "i");
  const AakContainerFact started = { .container = (char *) id,
                                     .uid = (guint32) start,
                                     .holds = start };
  aak_container_facts_add (aak_observations_containers (state), &started);
  aak_observations_add_run (state, run);
  aak_observations_follow_children (state);
  return state;
}

/* By @label, which may be a child of the state's; where @target is not NULL, an exec into that. */
static void
see_of (AakObservations *state, const char *label, const char *target, const char *path,
        guint perms, guint64 time)
{
  gboolean news;
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .kind = target != NULL ? "exec" : "file",
                     .label = (char *) label,
                     .target = (char *) target,
                     .name = (char *) path,
                     .perms = perms,
                     .owner = time % 2 == 0,
                     .time = time };
  aak_observations_add (state, 0, &event, &news);
}

static void
see (AakObservations *state, const char *path, guint perms, guint64 time)
{
  see_of (state, LABEL, NULL, path, perms, time);
}

/* What run @number is always seen to do, up to its event @count. */
static AakObservations *
checkpoint (guint number, guint count, gboolean ended)
{
  char id[] = { 'r', (char) ('0' + number), '\0' };
  AakObservations *state = new_state (id, 100 - number, ended, count);
  g_autoptr (GRand) rand = g_rand_new_with_seed (number);
  for (guint i = 0; i < count; i++)
    {
      char path[] = "/?\xff";
      path[1] = (char) ('a' + g_rand_int_range (rand, 0, 12));
      static const char *const labels[] = { LABEL, LABEL "///bin/a", LABEL "//hat", NULL };
      const char *label = labels[g_rand_int_range (rand, 0, 3)];
      const char *target = labels[g_rand_int_range (rand, 0, 4)];
      see_of (state, label, target, path, 1u << g_rand_int_range (rand, 0, 9),
              (guint64) g_rand_int_range (rand, 1000, 2000));
    }
  return state;
}

static GBytes *
text_of (const AakObservations *state)
{
  return aak_state_to_yaml (state);
}

/* Adds a copy of @state, which is lost to the union. */
static gboolean
take_copy (AakMerge *merge, const char *name, const AakObservations *state, GError **error)
{
  g_autoptr (GBytes) text = text_of (state);
  g_autoptr (AakObservations) copy = aak_state_from_yaml (name, text, error);
  cr_assert_not_null (copy);
  return aak_merge_take (merge, name, copy, error);
}

static AakObservations *
merge_by (gboolean take, AakObservations *const *states, guint count, GError **error)
{
  g_autoptr (AakMerge) merge = aak_merge_new (LABEL);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *name = g_strdup_printf ("state-%u", i);
      if (take ? !take_copy (merge, name, states[i], error)
               : !aak_merge_add (merge, name, states[i], NULL, error))
        return NULL;
    }
  return aak_merge_end (merge);
}

/* The union of @states in their order; NULL with an error. It is the same whether they are copied
 * into it or taken. */
static AakObservations *
merge_all (AakObservations *const *states, guint count, GError **error)
{
  g_autoptr (GError) other = NULL;
  g_autoptr (AakObservations) taken = merge_by (TRUE, states, count, &other);
  AakObservations *copied = merge_by (FALSE, states, count, error);
  cr_assert_eq (taken != NULL, copied != NULL);
  if (taken != NULL)
    {
      g_autoptr (GBytes) x = text_of (taken), y = text_of (copied);
      cr_assert (g_bytes_equal (x, y));
    }
  else if (error != NULL)
    cr_assert_str_eq (other->message, (*error)->message);
  return copied;
}

static AakObservations *
merge_two (AakObservations *a, AakObservations *b)
{
  AakObservations *both[] = { a, b };
  AakObservations *sum = merge_all (both, 2, NULL);
  cr_assert_not_null (sum);
  return sum;
}

/* --- the union is a set's -------------------------------------------------------------------- */

/* Some of the runs, each at some moment; notes in @best how far each was seen. */
static AakObservations *
random_state (GRand *rand, guint best[N_RUNS])
{
  AakObservations *state = aak_observations_new (LABEL);
  for (guint r = 0; r < N_RUNS; r++)
    {
      if (g_rand_boolean (rand))
        continue;
      guint count = g_rand_boolean (rand) ? N_EVENTS : (guint) g_rand_int_range (rand, 0, N_EVENTS);
      g_autoptr (AakObservations) part = checkpoint (r, count, count == N_EVENTS);
      g_autoptr (AakObservations) before = state;
      state = merge_two (before, part);
      best[r] = MAX (best[r], count + 1);
    }
  return state;
}

/* Merges neighbours of @states until one is left, in any grouping and order; it is the caller's. */
static AakObservations *
merge_somehow (GRand *rand, AakObservations *const *states)
{
  g_autoptr (GPtrArray) left =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_observations_free);
  for (guint i = 0; i < N_STATES; i++)
    g_ptr_array_add (left, merge_two (states[i], states[i]));
  while (left->len > 1)
    {
      AakObservations *a =
          g_ptr_array_steal_index_fast (left, (guint) g_rand_int_range (rand, 0, (int) left->len));
      AakObservations *b =
          g_ptr_array_steal_index_fast (left, (guint) g_rand_int_range (rand, 0, (int) left->len));
      g_ptr_array_add (left, merge_two (a, b));
      aak_observations_free (a);
      aak_observations_free (b);
    }
  return g_ptr_array_steal_index (left, 0);
}

/* What the runs saw up to where any of the states had them. */
static AakObservations *
truth (const guint best[N_RUNS])
{
  AakObservations *whole = aak_observations_new (LABEL);
  for (guint r = 0; r < N_RUNS; r++)
    {
      if (best[r] == 0)
        continue;
      g_autoptr (AakObservations) part = checkpoint (r, best[r] - 1, best[r] - 1 == N_EVENTS);
      g_autoptr (AakObservations) before = whole;
      whole = merge_two (before, part);
    }
  return whole;
}

static void
expect_same (const AakObservations *a, const AakObservations *b)
{
  g_autoptr (GBytes) x = text_of (a), y = text_of (b);
  cr_assert (g_bytes_equal (x, y), "%.*s\n%.*s", (int) g_bytes_get_size (x),
             (const char *) g_bytes_get_data (x, NULL), (int) g_bytes_get_size (y),
             (const char *) g_bytes_get_data (y, NULL));
}

Test (merge, any_order_and_grouping_gives_what_was_seen)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (int round = 0; round < 150; round++)
    {
      AakObservations *states[N_STATES];
      guint best[N_RUNS] = { 0 };
      for (guint i = 0; i < N_STATES; i++)
        states[i] = random_state (rand, best);
      g_autoptr (AakObservations) whole = truth (best), once = merge_somehow (rand, states),
                                  again = merge_somehow (rand, states),
                                  twice = merge_two (once, states[0]);
      expect_same (once, whole);
      expect_same (again, whole);
      expect_same (twice, whole);
      for (guint i = 0; i < N_STATES; i++)
        aak_observations_free (states[i]);
    }
}

Test (merge, a_state_that_is_read_again_is_the_same_one)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  for (int round = 0; round < 50; round++)
    {
      guint best[N_RUNS] = { 0 };
      g_autoptr (AakObservations) state = random_state (rand, best);
      g_autoptr (GBytes) text = text_of (state);
      g_autoptr (GError) error = NULL;
      g_autoptr (AakObservations) back = aak_state_from_yaml ("s", text, &error);
      cr_assert_not_null (back, "%s", error ? error->message : "");
      g_autoptr (AakObservations) sum = merge_two (state, back);
      expect_same (sum, state);
    }
}

/* --- origins, positions, losses -------------------------------------------------------------- */

Test (merge, one_log_that_two_machines_read_is_one_run)
{
  g_autoptr (AakObservations) a = checkpoint (1, N_EVENTS, TRUE),
                              b = checkpoint (1, N_EVENTS, TRUE);
  AakRun *other = aak_observations_get_run (b, 0);
  g_free (other->node);
  other->node = g_strdup ("a-node");
  other->account.backlog = 7;
  other->account.late = TRUE;
  g_autoptr (AakObservations) ab = merge_two (a, b), ba = merge_two (b, a);
  expect_same (ab, ba);
  const AakRun *run = aak_observations_get_run (ab, 0);
  cr_expect_eq (aak_observations_n_runs (ab), 1);
  cr_expect_str_eq (run->node, "a-node");
  cr_expect_eq (run->account.backlog, 7);
  cr_expect (run->account.late);
}

Test (merge, the_later_checkpoint_says_where_to_go_on)
{
  g_autoptr (AakObservations) early = checkpoint (1, 5, FALSE), late = checkpoint (1, 9, FALSE);
  g_autoptr (AakObservations) sum = merge_two (late, early), other = merge_two (early, late);
  expect_same (sum, late);
  expect_same (other, late);
}

/* --- contradictions -------------------------------------------------------------------------- */

static void
forge_count (AakObservations *state)
{
  see (state, "/a\xff", AAK_PERM_R, 1500);
}

static void
forge_access (AakObservations *state)
{
  see (state, "/forged", AAK_PERM_R, 1500);
  aak_observations_get_run (state, 0)->events--;
}

static void
forge_start (AakObservations *state)
{
  aak_observations_get_run (state, 0)->start++;
}

static void
forge_denied (AakObservations *state)
{
  aak_observations_get_run (state, 0)->denied++;
}

static void
forge_times (AakObservations *state)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (state);
  const AakObservation *first = g_ptr_array_index (sorted, 0);
  g_array_index (first->sightings, AakSighting, 0).first = 1;
}

static void (*const forgeries[]) (AakObservations *) = { forge_count, forge_access, forge_start,
                                                         forge_denied, forge_times };

static void
expect_refused (AakObservations *a, AakObservations *b)
{
  AakObservations *states[] = { a, b };
  g_autoptr (GError) error = NULL;
  cr_expect_null (merge_all (states, 2, &error));
  cr_assert_not_null (error);
  cr_expect_eq (error->code, AAK_ERROR_INVALID);
  cr_expect (strstr (error->message, "state-1: its run r1") != NULL
                 && strstr (error->message, "state-0") != NULL,
             "%s", error->message);
}

Test (merge, an_ended_run_that_differs_is_refused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forgeries); i++)
    for (guint ended = 0; ended < 2; ended++)
      {
        /* A checkpoint may have less than the ended run, and not more. */
        g_autoptr (AakObservations) honest = checkpoint (1, N_EVENTS, TRUE),
                                    forged = checkpoint (1, N_EVENTS, ended != 0);
        forgeries[i](forged);
        expect_refused (honest, forged);
        expect_refused (forged, honest);
      }
}

Test (merge, an_ended_run_that_has_less_is_refused)
{
  g_autoptr (AakObservations) whole = checkpoint (1, N_EVENTS, TRUE),
                              part = checkpoint (1, N_EVENTS - 1, TRUE),
                              early = checkpoint (1, N_EVENTS - 1, FALSE);
  expect_refused (whole, part);
  expect_refused (part, whole);
  g_autoptr (AakObservations) sum = merge_two (early, whole);
  expect_same (sum, whole);
}

/* --- bounds ---------------------------------------------------------------------------------- */

static AakObservations *
many_accesses (const char *id, guint first, guint count)
{
  AakObservations *state = new_state (id, 1, TRUE, 0);
  for (guint i = first; i < first + count; i++)
    {
      char path[16];
      g_snprintf (path, sizeof path, "/%u", i);
      see (state, path, AAK_PERM_R, 5);
    }
  return state;
}

#define HALF (AAK_OBSERVATIONS_MAX / 2)

/* 5 accesses more than there is room for. */
Test (merge, beyond_the_bounds_is_refused_in_any_order)
{
  g_autoptr (AakObservations) a = many_accesses ("a", 0, HALF),
                              b = many_accesses ("b", HALF - 10, HALF),
                              c = many_accesses ("c", 2 * HALF - 11, 16);
  AakObservations *orders[][3] = { { a, b, c }, { c, b, a }, { b, a, c } };
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_expect_null (merge_all (orders[i], 3, &error));
      cr_assert_not_null (error);
      cr_expect_eq (error->code, AAK_ERROR_TOO_LARGE);
    }
  g_autoptr (AakObservations) ab = merge_two (a, b);
  cr_expect_eq (aak_observations_count (ab), 2 * HALF - 10);
}

Test (merge, a_recording_counts_what_is_beyond_the_bounds)
{
  g_autoptr (AakObservations) older = many_accesses ("a", 0, 2 * HALF - 3),
                              seen = many_accesses ("b", 2 * HALF - 10, 15);
  guint64 over_limit = 0;
  g_autoptr (AakMerge) merge = aak_merge_new (LABEL);
  cr_assert (aak_merge_add (merge, "older", older, NULL, NULL));
  cr_assert (aak_merge_add (merge, "seen", seen, &over_limit, NULL));
  cr_expect_eq (over_limit, 5);
  cr_expect_eq (aak_observations_get_run (aak_merge_result (merge), 1)->over_limit, 5);
  cr_expect_eq (aak_observations_count (aak_merge_result (merge)), AAK_OBSERVATIONS_MAX);
}

static AakObservations *
allowing (const char *prefix, guint count)
{
  AakObservations *state = new_state (prefix, 1, TRUE, 0);
  for (guint i = 0; i < count; i++)
    {
      char id[16];
      g_snprintf (id, sizeof id, "%s-%u", prefix, i);
      aak_allow_list_add (aak_observations_allow_list (state), id);
    }
  return state;
}

Test (merge, what_is_allowed_by_hand_is_joined_and_bounded)
{
  g_autoptr (AakObservations) a = allowing ("a", AAK_ALLOW_MAX / 2),
                              b = allowing ("b", AAK_ALLOW_MAX / 2), c = allowing ("c", 1),
                              ab = merge_two (a, b), ba = merge_two (b, a);
  expect_same (ab, ba);
  cr_expect (aak_allow_list_has (aak_observations_allow_list (ab), "b-1"));
  AakObservations *three[] = { a, b, c };
  g_autoptr (GError) error = NULL;
  cr_expect_null (merge_all (three, 3, &error));
  cr_assert_not_null (error);
  cr_expect_eq (error->code, AAK_ERROR_TOO_LARGE);
}

/* --- damage that only a state can have ------------------------------------------------------- */

static const struct
{
  const char *from;
  const char *to;
  const char *message;
} damages[] = {
  { "seen: [[0, 1, 5, 5]]", "seen: [[0, 0, 5, 5]]", "once at least" },
  { "seen: [[0, 1, 5, 5]]", "seen: [[0, 1, 6, 5]]", "once at least" },
  { "seen: [[0, 1, 5, 5]]", "seen: []", "no run saw it" },
  { "seen: [[0, 1, 5, 5]]", "seen: [[0, 1, 5, 5], [0, 2, 5, 5]]", "a run is there twice" },
  { "seen: [[0, 1, 5, 5]]", "seen: [[0, 9007199254740992, 5, 5]]", "a number up to" },
  { "seen: [[0, 1, 5, 5]]", "seen: [[-1, 1, 5, 5]]", "a number up to" },
  { "mask: \"r\"", "mask: \"r\", mode: \"w\"", "the key 'mode' is not known" },
  { "not_owner: \"r\"", "not_owner: \"w\"", "no part of mask" },
  { "capability: []", "capability: []\nmounts: []\n", "the key 'mounts' is not known" },
  { "\nruns:\n", "\nrun: []\nruns:\n", "the key 'run' is not known" },
  { "start: 1", "start: 1\n  stop: 2", "the key 'stop' is not known" },
  { "records: 0", "records: 0, lost: 1", "the key 'lost' is not known" },
  { "image: \"i\"", "image: \"i\", uid: 3", "the key 'uid' is not known" },
  { "- {path: \"/0\"", "- {path: \"/1\", mask: \"r\", seen: [[0, 1, 5, 5]]}\n- {path: \"/0\"",
    "the same access is there twice" },
};

static char *
replace_first (const char *text, const char *from, const char *to)
{
  const char *at = strstr (text, from);
  cr_assert_not_null (at, "%s", from);
  g_autofree char *head = g_strndup (text, (gsize) (at - text));
  return g_strconcat (head, to, at + strlen (from), NULL);
}

Test (merge, damaged_states_are_refused_with_a_position)
{
  g_autoptr (AakObservations) state = many_accesses ("a", 0, 2);
  g_autoptr (GBytes) bytes = text_of (state);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *damaged = replace_first (text, damages[i].from, damages[i].to);
      g_autoptr (GBytes) input = g_bytes_new (damaged, strlen (damaged));
      g_autoptr (GError) error = NULL;
      g_autoptr (AakObservations) read = aak_state_from_yaml ("s.yaml", input, &error);
      cr_expect_null (read, "%s", damages[i].to);
      cr_assert_not_null (error);
      cr_expect (g_regex_match_simple ("^s\\.yaml:[0-9]+:[0-9]+: ", error->message, 0, 0), "%s",
                 error->message);
      cr_expect_not_null (strstr (error->message, damages[i].message), "%s", error->message);
    }
}

Test (merge, names_beyond_the_bound_are_refused)
{
  g_autoptr (AakObservations) state = many_accesses ("a", 0, 2);
  g_autoptr (GBytes) bytes = text_of (state);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GString) name = g_string_new ("path: \"/");
  g_string_set_size (name, AAK_OBSERVATIONS_MAX_BYTES + 8);
  memset (name->str + 8, 'a', name->len - 8);
  g_string_append (name, "\"");
  g_autofree char *large = replace_first (text, "path: \"/1\"", name->str);
  g_autoptr (GBytes) input = g_bytes_new_static (large, strlen (large));
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_state_from_yaml ("s.yaml", input, &error));
  cr_assert_not_null (error);
  cr_expect_not_null (strstr (error->message, "MiB of names"), "%s", error->message);
}

#define RUN(id, start)                                                                        \
  "- id: " id "\n  node: n\n  boot: b\n  source: s\n  start: " start "\n"                     \
  "  account: {records: 1, events: 9, denied: 0, unlearned: 0, over_limit: 0, malformed: 0, " \
  "backlog: 0, overrun: 0, unsized: 0, unproven: 0, blind: 0}\n  pods: []\n"

#define STATE(runs, seen)                                                                      \
  "schema: aakit/learned/1\nlabel: x\nruns:\n" runs "file:\n- {path: /a, mask: r, seen: " seen \
  "}\ncapability: []\nnetwork: []\nsignal: []\nptrace: []\n"

/* What was written out of order is read, and comes out in order. */
Test (merge, runs_out_of_order_are_put_in_order)
{
  static const char *const texts[] = {
    STATE (RUN ("a", "5") RUN ("b", "6"), "[[0, 1, 7, 7], [1, 2, 8, 9]]"),
    STATE (RUN ("b", "6") RUN ("a", "5"), "[[0, 2, 8, 9], [1, 1, 7, 7]]"),
    STATE (RUN ("b", "6") RUN ("a", "5"), "[[1, 1, 7, 7], [0, 2, 8, 9]]"),
  };
  g_autoptr (AakObservations) first = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) input = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (AakObservations) state = aak_state_from_yaml ("s.yaml", input, &error);
      cr_assert_not_null (state, "%s", error ? error->message : "");
      if (first == NULL)
        first = g_steal_pointer (&state);
      else
        expect_same (state, first);
    }
}
