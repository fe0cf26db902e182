/* SPDX-License-Identifier: GPL-2.0-or-later
 * Was enough seen? What the observations themselves say about what is still to come: pure, from
 * the counts and times of a state. */
#pragma once

#include "learn/observations.h"

/* Events of one access within this time of one run are one burst: a loop over a file is no evidence
 * that the file was met again. */
#define AAK_COMPLETENESS_BURST_MS 1000
/* With fewer events than this an estimate says nothing. */
#define AAK_COMPLETENESS_MIN_EVENTS 100

/* The chance that the next event is an access that was never seen (Good 1953): of N events, n1 were
 * of accesses that were met once, and so the share n1/N of what is to come is new. Events come in
 * bursts: with bursts of L events the next event begins one with the chance 1/L, and of N/L bursts
 * b1 were of accesses that were met in one burst only, so that the share is b1/N, with b1 in the
 * place of n1.
 *
 * The interval is a score interval of 95 % with Esty's variance (1983), (n1 + 2 n2)/N²; n2, met
 * twice, is told from the mean length of a burst. It holds where bursts are drawn independently and
 * what they are drawn from stays the same. A program that starts once and then does something else
 * makes the estimate too high; what a pod was never asked to do makes it too low, and no number of
 * the past can tell. */
typedef struct
{
  guint64 events; /* N: of the accesses that are kept */
  guint accesses;
  guint runs;     /* that saw one of them */
  guint once;     /* accesses that were seen one single time */
  guint brief;    /* b1: that were met in one burst only */
  guint at_start; /* of them: in the first tenth of its run, as when a program starts */
  guint one_run;  /* accesses that one run only saw */
  double chance;  /* 0 to 1; 1 where there is no event */
  double low;
  double high;
  guint64 last_new; /* when the last access was seen for the first time, ms since the epoch */
  guint64 recorded; /* ms in which something was recorded; runs at the same time count once */
} AakCompleteness;

void aak_completeness_estimate (const AakObservations *observations, AakCompleteness *out);

/* What came after a point in time. Between its first and its last event in a run the times of an
 * access are not kept, so that the number of events lies between two bounds. */
typedef struct
{
  guint64 time; /* ms, recorded time only */
  guint64 events;
  guint64 events_low;
  guint64 events_high;
  guint runs; /* that began afterwards */
} AakSince;

/* @time: ms since the epoch. */
void aak_completeness_since (const AakObservations *observations, guint64 time, AakSince *out);

/* Divides the recorded time into @bins parts of equal length, and puts into @out_new how many of
 * the accesses were seen for the first time in each. */
void aak_completeness_curve (const AakObservations *observations, guint *out_new, guint bins);

/* When @observation was seen for the first time, ms since the epoch; 0 where no run saw it. */
guint64 aak_completeness_first_seen (const AakObservation *observation);
