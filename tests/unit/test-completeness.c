/* SPDX-License-Identifier: GPL-2.0-or-later
 * The estimate against workloads whose tail is known, and what is said of times. */
#include "learn/completeness.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <math.h>

#define TRIALS 100
#define START  1700000000000u

/* --- workloads ------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  guint kinds;     /* accesses that there are */
  double exponent; /* of Zipf's law; 0: all alike */
  double rare;     /* share of the events that goes to rare accesses, of which there are as many
                      again */
  guint longest;   /* bursts have 1 to so many events */
  guint bursts;
  double bias; /* how far the mean estimate may be from the mean chance, as a share of it */
} Workload;

static const Workload workloads[] = {
  { "all alike, half seen", 1000, 0, 0, 1, 700, 0.1 },
  { "all alike, nearly all seen", 300, 0, 0, 1, 1500, 0.3 },
  { "Zipf 1.0", 5000, 1.0, 0, 1, 2000, 0.1 },
  { "Zipf 1.3", 20000, 1.3, 0, 1, 5000, 0.1 },
  { "Zipf 2.0", 5000, 2.0, 0, 1, 3000, 0.2 },
  { "a few, and seldom one of many", 50, 0, 0.02, 1, 3000, 0.2 },
  { "Zipf 1.0 in bursts of 1 to 19", 5000, 1.0, 0, 19, 2000, 0.1 },
  { "all alike in bursts of 1 to 5", 1000, 0, 0, 5, 1500, 0.1 },
  { "seldom one of many, in bursts of 1 to 49", 200, 1.0, 0.05, 49, 1000, 0.2 },
};

/* The weight of each access; they sum to 1. */
static double *
weights_of (const Workload *workload, guint *out_count)
{
  guint rare = workload->rare > 0 ? 10 * workload->kinds : 0;
  double *weights = g_new0 (double, workload->kinds + rare), sum = 0;
  for (guint i = 0; i < workload->kinds; i++)
    sum += weights[i] = pow (i + 1, -workload->exponent);
  for (guint i = 0; i < workload->kinds; i++)
    weights[i] *= (1 - workload->rare) / sum;
  for (guint i = 0; i < rare; i++)
    weights[workload->kinds + i] = workload->rare / rare;
  *out_count = workload->kinds + rare;
  return weights;
}

static void
see (AakObservations *observations, guint run, const char *path, guint64 time)
{
  gboolean news;
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .name = (char *) path,
                     .perms = AAK_PERM_R,
                     .time = time };
  aak_observations_add (observations, run, &event, &news);
}

static guint
draw (GRand *rand, const double *cumulative, guint count)
{
  double at = g_rand_double (rand);
  guint low = 0, high = count - 1;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (cumulative[middle] < at)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* One recording of @workload. @out_truth: the chance that the next event is new, which is known
 * here: one that begins a burst, of an access that was not met. */
static AakObservations *
record (const Workload *workload, GRand *rand, double *out_truth)
{
  guint count;
  g_autofree double *weights = weights_of (workload, &count);
  g_autofree double *cumulative = g_new (double, count);
  g_autofree gboolean *met = g_new0 (gboolean, count);
  for (guint i = 0; i < count; i++)
    cumulative[i] = weights[i] + (i > 0 ? cumulative[i - 1] : 0);
  AakObservations *observations = aak_observations_new ("k8s-t");
  aak_observations_add_run (observations, learned_run ("r", 0));
  for (guint b = 0; b < workload->bursts; b++)
    {
      guint kind = draw (rand, cumulative, count);
      guint length = (guint) g_rand_int_range (rand, 1, (gint32) workload->longest + 1);
      g_autofree char *path = g_strdup_printf ("/f/%u", kind);
      met[kind] = TRUE;
      for (guint i = 0; i < length; i++)
        see (observations, 0, path, START + b * 5000 + i * 10);
    }
  *out_truth = 1;
  for (guint i = 0; i < count; i++)
    *out_truth -= met[i] ? weights[i] : 0;
  *out_truth /= (1 + workload->longest) / 2.0;
  return observations;
}

Test (completeness, the_chance_of_workloads_whose_tail_is_known)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1953);
  for (gsize w = 0; w < G_N_ELEMENTS (workloads); w++)
    {
      double truths = 0, chances = 0;
      guint within = 0;
      for (int trial = 0; trial < TRIALS; trial++)
        {
          double truth;
          AakCompleteness said;
          g_autoptr (AakObservations) observations = record (&workloads[w], rand, &truth);
          aak_completeness_estimate (observations, &said);
          cr_assert (said.low <= said.chance && said.chance <= said.high);
          within += said.low <= truth && truth <= said.high;
          truths += truth / TRIALS;
          chances += said.chance / TRIALS;
        }
      cr_expect_geq (within, TRIALS * 9 / 10, "%s: %u of %d within", workloads[w].name, within,
                     TRIALS);
      cr_expect_leq (fabs (chances - truths), workloads[w].bias * truths, "%s: %g, not %g",
                     workloads[w].name, chances, truths);
    }
}

/* --- what it rests on ------------------------------------------------------------------------ */

/* A program that reads a hundred files once and then serves ten over and over. */
static void
start_and_serve (AakObservations *observations, guint run, guint64 from)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *path =
          i < 100 ? g_strdup_printf ("/start/%u", i) : g_strdup_printf ("/serve/%u", i % 10);
      see (observations, run, path, from + i * 100);
    }
}

Test (completeness, a_start_makes_the_estimate_too_high_until_it_is_recorded_again)
{
  AakCompleteness once, again;
  g_autoptr (AakObservations) observations = aak_observations_new ("k8s-t");
  aak_observations_add_run (observations, learned_run ("a", 0));
  start_and_serve (observations, 0, START);
  aak_completeness_estimate (observations, &once);
  cr_expect_eq (once.brief, 100);
  cr_expect_eq (once.at_start, 100);
  cr_expect_eq (once.one_run, 110);
  cr_expect_float_eq (once.chance, 0.05, 1e-9);
  aak_observations_add_run (observations, learned_run ("b", 0));
  start_and_serve (observations, 1, START + G_TIME_SPAN_DAY / 1000);
  aak_completeness_estimate (observations, &again);
  cr_expect_eq (again.brief, 0);
  cr_expect_eq (again.runs, 2);
  cr_expect_eq (again.one_run, 0);
  cr_expect_eq (again.chance, 0);
  cr_expect_lt (again.high, 0.01, "%g", again.high);
}

Test (completeness, without_events_anything_is_new)
{
  AakCompleteness said;
  g_autoptr (AakObservations) observations = aak_observations_new ("k8s-t");
  aak_completeness_estimate (observations, &said);
  cr_expect (said.events == 0 && said.accesses == 0 && said.runs == 0 && said.recorded == 0);
  cr_expect (said.chance == 1 && said.low == 0 && said.high == 1);
  aak_observations_add_run (observations, learned_run ("a", 0));
  see (observations, 0, "/a", START);
  aak_completeness_estimate (observations, &said);
  cr_expect (said.events == 1 && said.once == 1 && said.chance == 1 && said.high == 1);
  cr_expect_eq (said.last_new, START);
}

/* --- times ----------------------------------------------------------------------------------- */

/* Two runs of ten seconds that overlap by five, and one a day later; /steady each 100 ms. */
static AakObservations *
three_runs (void)
{
  AakObservations *observations = aak_observations_new ("k8s-t");
  const guint64 begins[] = { START, START + 5000, START + 86400000 };
  for (guint run = 0; run < 3; run++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", run);
      aak_observations_add_run (observations, learned_run (id, 0));
      for (guint i = 0; i <= 100; i++)
        see (observations, run, "/steady", begins[run] + i * 100);
    }
  see (observations, 1, "/late", START + 12000);
  return observations;
}

Test (completeness, only_recorded_time_counts_and_overlaps_once)
{
  AakCompleteness said;
  AakSince since;
  g_autoptr (AakObservations) observations = three_runs ();
  aak_completeness_estimate (observations, &said);
  cr_expect_eq (said.recorded, 25000);
  cr_expect_eq (said.last_new, START + 12000);
  cr_expect_eq (said.events, 304);
  aak_completeness_since (observations, said.last_new, &since);
  cr_expect_eq (since.time, 13000);
  cr_expect_eq (since.runs, 1);
  /* Truly 30 of the second run and 101 of the third. */
  cr_expect_eq (since.events_low, 102);
  cr_expect_eq (since.events_high, 201);
  cr_expect_eq (since.events, 131);
}

Test (completeness, the_curve_holds_every_access_once)
{
  g_autoptr (AakObservations) observations = three_runs ();
  guint curve[25];
  aak_completeness_curve (observations, curve, G_N_ELEMENTS (curve));
  for (guint i = 0; i < G_N_ELEMENTS (curve); i++)
    cr_expect_eq (curve[i], i == 0 || i == 12, "%u: %u", i, curve[i]);
  see (observations, 2, "/last", START + 86410000);
  aak_completeness_curve (observations, curve, G_N_ELEMENTS (curve));
  cr_expect_eq (curve[24], 1);
  guint one;
  aak_completeness_curve (observations, &one, 1);
  cr_expect_eq (one, 3);
}

/* A state may say anything. */
Test (completeness, any_numbers)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  const guint64 odd[] = { 0, 1, 2, START, G_MAXUINT64 - 1, G_MAXUINT64 };
  for (int round = 0; round < 2000; round++)
    {
      g_autoptr (AakObservations) observations = aak_observations_new ("k8s-t");
      aak_observations_add_run (observations, learned_run ("a", 0));
      aak_observations_add_run (observations, learned_run ("b", 0));
      for (int i = 0; i < 4; i++)
        {
          g_autofree char *path = g_strdup_printf ("/%d", i);
          g_autoptr (AakObservation) access = aak_observation_new (AAK_CLASS_FILE, path, "");
          for (guint run = 0; run < (guint) g_rand_int_range (rand, 0, 3); run++)
            {
              AakSighting seen = { run, odd[g_rand_int_range (rand, 0, 6)],
                                   odd[g_rand_int_range (rand, 0, 6)],
                                   odd[g_rand_int_range (rand, 0, 6)] };
              g_array_append_val (access->sightings, seen);
            }
          cr_assert (aak_observations_merge (observations, access));
        }
      AakCompleteness said;
      AakSince since;
      guint curve[7], sum = 0;
      aak_completeness_estimate (observations, &said);
      aak_completeness_since (observations, odd[g_rand_int_range (rand, 0, 6)], &since);
      aak_completeness_curve (observations, curve, G_N_ELEMENTS (curve));
      for (gsize i = 0; i < G_N_ELEMENTS (curve); i++)
        sum += curve[i];
      cr_expect_eq (sum, 4);
      cr_expect (0 <= said.low && said.low <= said.chance && said.chance <= said.high
                 && said.high <= 1);
      cr_expect (since.events_low <= since.events && since.events <= since.events_high);
    }
}
