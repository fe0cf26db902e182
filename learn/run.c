/* SPDX-License-Identifier: GPL-2.0-or-later
 * Recordings and their containers. */
#include "config.h"

#include "learn/run.h"

#include <string.h>

static void
run_pod_free (gpointer data)
{
  AakRunPod *pod = data;
  g_free (pod->namespace);
  g_free (pod->pod);
  g_free (pod->container);
  g_free (pod->image);
  g_free (pod);
}

AakRun *
aak_run_new (void)
{
  AakRun *run = g_new0 (AakRun, 1);
  run->pods = g_ptr_array_new_with_free_func (run_pod_free);
  return run;
}

void
aak_run_free (AakRun *run)
{
  g_free (run->id);
  g_free (run->node);
  g_free (run->boot);
  g_free (run->source);
  g_clear_pointer (&run->position, aak_position_free);
  g_ptr_array_unref (run->pods);
  g_free (run);
}

static int
run_pod_compare (gconstpointer a, gconstpointer b)
{
  const AakRunPod *x = *(AakRunPod *const *) a, *y = *(AakRunPod *const *) b;
  int order = strcmp (x->namespace, y->namespace);
  if (order == 0)
    order = strcmp (x->pod, y->pod);
  if (order == 0)
    order = strcmp (x->container, y->container);
  return order != 0 ? order : strcmp (x->image, y->image);
}

void
aak_run_add_pod (AakRun *run, const char *namespace, const char *pod, const char *container,
                 const char *image)
{
  AakRunPod *added = g_new0 (AakRunPod, 1);
  added->namespace = g_strdup (namespace);
  added->pod = g_strdup (pod);
  added->container = g_strdup (container);
  added->image = g_strdup (image);
  for (guint i = 0; i < run->pods->len; i++)
    if (run_pod_compare (&run->pods->pdata[i], &added) == 0)
      {
        run_pod_free (added);
        return;
      }
  g_ptr_array_add (run->pods, added);
  g_ptr_array_sort (run->pods, run_pod_compare);
}
