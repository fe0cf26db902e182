/* SPDX-License-Identifier: GPL-2.0-or-later
 * Good-Turing over bursts, and the time in which something was recorded. */
#include "config.h"

#include "learn/completeness.h"

#include <math.h>

#define Z 1.96 /* two-sided, 95 % */

/* A state can say anything: sums stay at the end of their type. */
static guint64
add (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

static const AakSighting *
sighting (const AakObservation *observation, guint index)
{
  return &g_array_index (observation->sightings, AakSighting, index);
}

/* --- when something was recorded ------------------------------------------------------------- */

/* From the first to the last event of a run, or of runs that overlap. */
typedef struct
{
  guint64 from, to;
  guint64 before; /* recorded time before it */
} Span;

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const Span *x = a, *y = b;
  return x->from < y->from ? -1 : x->from > y->from;
}

/* The span of each run (by its index); .from is after .to where it saw nothing. */
static GArray *
run_spans (const AakObservations *observations, GPtrArray *accesses)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (Span));
  const Span nothing = { G_MAXUINT64, 0, 0 };
  for (guint i = 0; i < aak_observations_n_runs (observations); i++)
    g_array_append_val (spans, nothing);
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      for (guint k = 0; k < access->sightings->len; k++)
        {
          const AakSighting *seen = sighting (access, k);
          Span *span = &g_array_index (spans, Span, seen->run);
          span->from = MIN (span->from, seen->first);
          span->to = MAX (span->to, MAX (seen->first, seen->last));
        }
    }
  return spans;
}

/* The union of @spans, in order. */
static GArray *
join_spans (GArray *spans)
{
  g_autoptr (GArray) sorted = g_array_copy (spans);
  GArray *joined = g_array_new (FALSE, FALSE, sizeof (Span));
  g_array_sort (sorted, compare_spans);
  for (guint i = 0; i < sorted->len; i++)
    {
      Span span = g_array_index (sorted, Span, i);
      Span *last = joined->len > 0 ? &g_array_index (joined, Span, joined->len - 1) : NULL;
      if (span.from > span.to)
        continue;
      if (last != NULL && span.from <= last->to)
        {
          last->to = MAX (last->to, span.to);
          continue;
        }
      span.before = last != NULL ? add (last->before, last->to - last->from) : 0;
      g_array_append_val (joined, span);
    }
  return joined;
}

/* The recorded time up to @time. */
static guint64
recorded_until (GArray *joined, guint64 time)
{
  guint64 recorded = 0;
  for (guint low = 0, high = joined->len; low < high;)
    {
      guint middle = low + (high - low) / 2;
      const Span *span = &g_array_index (joined, Span, middle);
      if (span->from > time)
        {
          high = middle;
          continue;
        }
      recorded = add (span->before, MIN (time, span->to) - span->from);
      low = middle + 1;
    }
  return recorded;
}

/* --- the chance ------------------------------------------------------------------------------ */

guint64
aak_completeness_first_seen (const AakObservation *observation)
{
  guint64 first = G_MAXUINT64;
  for (guint i = 0; i < observation->sightings->len; i++)
    first = MIN (first, sighting (observation, i)->first);
  return first != G_MAXUINT64 ? first : 0;
}

static gboolean
is_brief (const AakObservation *access)
{
  const AakSighting *seen = access->sightings->len == 1 ? sighting (access, 0) : NULL;
  return seen != NULL
         && (seen->last < seen->first || seen->last - seen->first <= AAK_COMPLETENESS_BURST_MS);
}

static gboolean
is_at_start (const AakObservation *access, GArray *spans)
{
  const AakSighting *seen = sighting (access, 0);
  const Span *span = &g_array_index (spans, Span, seen->run);
  return seen->first - span->from <= (span->to - span->from) / 10;
}

/* How many accesses were met in two bursts, as far as their number of events tells. */
static guint
count_met_twice (GPtrArray *accesses, double burst)
{
  guint twice = 0;
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      guint64 events = is_brief (access) ? 0 : aak_observation_events (access);
      twice += events > 0 && (double) events < 2.5 * burst;
    }
  return twice;
}

/* The score interval of a count of @once with the variance @once + 2 @twice, over @events. */
static void
set_interval (AakCompleteness *out, double once, double twice)
{
  double n = (double) out->events, half = Z * Z / 2;
  double wide = Z * sqrt (once + 2 * twice + Z * Z / 4);
  out->chance = MIN (once / n, 1);
  out->low = CLAMP ((once + half - wide) / n, 0, out->chance);
  out->high = CLAMP ((once + half + wide) / n, out->chance, 1);
}

static void
estimate_chance (AakCompleteness *out, GPtrArray *accesses, GArray *spans)
{
  guint64 brief_events = 0;
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      guint64 events = aak_observation_events (access);
      out->events = add (out->events, events);
      out->once += events == 1;
      out->one_run += access->sightings->len == 1;
      out->last_new = MAX (out->last_new, aak_completeness_first_seen (access));
      if (!is_brief (access))
        continue;
      out->brief++;
      out->at_start += is_at_start (access, spans);
      brief_events = add (brief_events, events);
    }
  out->chance = out->high = 1;
  if (out->events == 0)
    return;
  double burst = out->brief > 0 ? (double) brief_events / out->brief : 1;
  set_interval (out, out->brief, count_met_twice (accesses, burst));
}

void
aak_completeness_estimate (const AakObservations *observations, AakCompleteness *out)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  g_autoptr (GArray) spans = run_spans (observations, accesses);
  g_autoptr (GArray) joined = join_spans (spans);
  *out = (AakCompleteness){ .accesses = accesses->len };
  for (guint i = 0; i < spans->len; i++)
    out->runs += g_array_index (spans, Span, i).from <= g_array_index (spans, Span, i).to;
  out->recorded = recorded_until (joined, G_MAXUINT64);
  estimate_chance (out, accesses, spans);
}

/* --- since then ------------------------------------------------------------------------------ */

/* Adds what of @seen came after @time. */
static void
add_later (AakSince *out, const AakSighting *seen, guint64 time)
{
  if (seen->first > time)
    {
      out->events = add (out->events, seen->count);
      out->events_low = add (out->events_low, seen->count);
      out->events_high = add (out->events_high, seen->count);
      return;
    }
  if (seen->last <= time || seen->count == 0)
    return;
  /* The first event was not later than @time, and the last was. */
  guint64 most = CLAMP (seen->count - 1, 1, (guint64) G_MAXINT64 / 2);
  double share = (double) (seen->last - time) / (double) (seen->last - seen->first);
  guint64 about = (guint64) (share * (double) most);
  out->events = add (out->events, CLAMP (about, 1, most));
  out->events_low = add (out->events_low, 1);
  out->events_high = add (out->events_high, most);
}

void
aak_completeness_since (const AakObservations *observations, guint64 time, AakSince *out)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  g_autoptr (GArray) spans = run_spans (observations, accesses);
  g_autoptr (GArray) joined = join_spans (spans);
  *out = (AakSince){ 0 };
  out->time = recorded_until (joined, G_MAXUINT64) - recorded_until (joined, time);
  for (guint i = 0; i < spans->len; i++)
    {
      const Span *span = &g_array_index (spans, Span, i);
      out->runs += span->from <= span->to && span->from > time;
    }
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      for (guint k = 0; k < access->sightings->len; k++)
        add_later (out, sighting (access, k), time);
    }
}

void
aak_completeness_curve (const AakObservations *observations, guint *out_new, guint bins)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  g_autoptr (GArray) spans = run_spans (observations, accesses);
  g_autoptr (GArray) joined = join_spans (spans);
  double whole = (double) recorded_until (joined, G_MAXUINT64);
  for (guint i = 0; i < bins; i++)
    out_new[i] = 0;
  for (guint i = 0; i < accesses->len; i++)
    {
      guint64 first = aak_completeness_first_seen (accesses->pdata[i]);
      double part = whole > 0 ? (double) recorded_until (joined, first) / whole : 0;
      out_new[MIN ((guint) (part * bins), bins - 1)]++;
    }
}
