/* SPDX-License-Identifier: GPL-2.0-or-later
 * Each item is worked on once, whatever the number of workers. */
#include "lib/parallel.h"

#include <criterion/criterion.h>
#include <sys/resource.h>

#define NUMBER 1000

typedef struct
{
  gint done[NUMBER];
  GThread *other; /* one that is not the caller's, or NULL */
  GThread *caller;
} Work;

static void
work_on (guint index, gpointer data)
{
  Work *work = data;
  g_atomic_int_inc (&work->done[index]);
  if (g_thread_self () != work->caller)
    g_atomic_pointer_set (&work->other, g_thread_self ());
}

static void
check (guint number, guint workers, gboolean alone)
{
  Work work = { .caller = g_thread_self () };
  aak_parallel (number, workers, work_on, &work);
  for (guint i = 0; i < NUMBER; i++)
    cr_assert_eq (work.done[i], i < number ? 1 : 0, "%u of %u by %u", i, number, workers);
  cr_assert (!alone || work.other == NULL, "%u by %u", number, workers);
}

Test (parallel, every_item_is_worked_on_once)
{
  static const guint numbers[] = { 0, 1, 2, 3, 999, NUMBER };
  static const guint workers[] = { 0, 1, 2, 3, 64 };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (workers); j++)
      check (numbers[i], workers[j], workers[j] <= 1 || numbers[i] <= 1);
}

/* Where no thread can be started, the caller does it all: root is held by no such limit. */
Test (parallel, without_threads_the_caller_does_it_all)
{
  struct rlimit none = { 0, 0 };
  cr_assert (setrlimit (RLIMIT_NPROC, &none) == 0);
  check (NUMBER, 8, FALSE);
}
