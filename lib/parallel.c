/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A counter that threads take their next item from. */
#include "config.h"

#include "lib/parallel.h"

typedef struct
{
  guint number;
  guint next; /* atomic */
  AakParallelFunc func;
  gpointer data;
} Work;

static gpointer
work_on (gpointer data)
{
  Work *work = data;
  for (guint i = g_atomic_int_add (&work->next, 1); i < work->number;
       i = g_atomic_int_add (&work->next, 1))
    work->func (i, work->data);
  return NULL;
}

void
aak_parallel (guint number, guint workers, AakParallelFunc func, gpointer data)
{
  Work work = { .number = number, .func = func, .data = data };
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  while (threads->len + 1 < MIN (workers, number))
    {
      GThread *thread = g_thread_try_new ("worker", work_on, &work, NULL);
      if (thread == NULL)
        break;
      g_ptr_array_add (threads, thread);
    }
  work_on (&work);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
}
