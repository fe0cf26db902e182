/* SPDX-License-Identifier: GPL-2.0-or-later
 * Joining what two states say of one run. */
#include "config.h"

#include "learn/run-join.h"

#include "lib/yaml.h"

#include <string.h>

void
aak_join_count (guint64 *into, guint64 from, AakJoin *join)
{
  join->adds |= from > *into;
  join->lacks |= from < *into;
  *into = MAX (*into, from);
}

/* What went wrong in any of the two did. */
static void
join_account (AakAccount *into, const AakAccount *from)
{
  into->records = MAX (into->records, from->records);
  into->malformed = MAX (into->malformed, from->malformed);
  into->backlog = MAX (into->backlog, from->backlog);
  into->overrun = MAX (into->overrun, from->overrun);
  into->unsized = MAX (into->unsized, from->unsized);
  into->unproven = MAX (into->unproven, from->unproven);
  into->blind |= from->blind;
  into->late |= from->late;
}

/* A log that was read on two machines is one run, and the machines have two names; it keeps the
 * first of them. */
static void
join_origin (AakRun *into, const AakRun *from)
{
  int order = strcmp (from->node, into->node);
  if (order == 0)
    order = strcmp (from->boot, into->boot);
  if (order == 0)
    order = strcmp (from->source, into->source);
  if (order >= 0)
    return;
  g_free (into->node);
  g_free (into->boot);
  g_free (into->source);
  into->node = g_strdup (from->node);
  into->boot = g_strdup (from->boot);
  into->source = g_strdup (from->source);
}

static GBytes *
position_text (const AakPosition *position)
{
  g_autoptr (AakYamlWriter) yaml = aak_yaml_writer_new ();
  aak_position_write (position, yaml);
  return aak_yaml_writer_end (yaml);
}

/* TRUE where @from is the later checkpoint: the one with more events or, so that the order of the
 * states decides nothing, with the greater text. */
static gboolean
is_later (const AakRun *from, const AakRun *into)
{
  if (from->events != into->events)
    return from->events > into->events;
  g_autoptr (GBytes) a = position_text (from->position), b = position_text (into->position);
  return g_bytes_compare (a, b) > 0;
}

static void
join_position (AakRun *into, const AakRun *from)
{
  if (into->position == NULL || (from->position != NULL && !is_later (from, into)))
    return;
  aak_position_free (into->position);
  into->position = from->position != NULL ? aak_position_copy (from->position) : NULL;
}

void
aak_run_join (AakRun *into, const AakRun *from, AakJoin *join)
{
  join_account (&into->account, &from->account);
  join_origin (into, from);
  join_position (into, from);
  aak_join_count (&into->events, from->events, join);
  aak_join_count (&into->unlearned, from->unlearned, join);
  aak_join_count (&into->denied, from->denied, join);
  aak_join_count (&into->syscalls, from->syscalls, join);
  aak_join_count (&into->over_limit, from->over_limit, join);
  for (guint i = 0; i < from->pods->len; i++)
    {
      const AakRunPod *pod = g_ptr_array_index (from->pods, i);
      aak_run_add_pod (into, pod->namespace, pod->pod, pod->container, pod->image);
    }
}
