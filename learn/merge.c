/* SPDX-License-Identifier: GPL-2.0-or-later
 * Union by runs. */
#include "config.h"

#include "learn/merge.h"

#include "learn/run-join.h"
#include "lib/error.h"
#include "lib/escape.h"

AakRun *
aak_run_copy (const AakRun *run)
{
  AakRun *copy = aak_run_new ();
  GPtrArray *pods = copy->pods;
  *copy = *run;
  copy->pods = pods;
  copy->id = g_strdup (run->id);
  copy->node = g_strdup (run->node);
  copy->boot = g_strdup (run->boot);
  copy->source = g_strdup (run->source);
  copy->position = run->position != NULL ? aak_position_copy (run->position) : NULL;
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = g_ptr_array_index (run->pods, i);
      aak_run_add_pod (copy, pod->namespace, pod->pod, pod->container, pod->image);
    }
  return copy;
}

AakObservation *
aak_observation_renumber (const AakObservation *observation, const guint *index_of_run)
{
  AakObservation *renumbered = aak_observation_new_like (observation);
  renumbered->perms = observation->perms;
  renumbered->shared_perms = observation->shared_perms;
  for (guint i = 0; i < observation->sightings->len; i++)
    {
      AakSighting seen = g_array_index (observation->sightings, AakSighting, i);
      if (index_of_run[seen.run] == AAK_RUN_LEFT_OUT)
        continue;
      seen.run = index_of_run[seen.run];
      g_array_append_val (renumbered->sightings, seen);
    }
  return renumbered;
}

/* --- the union ------------------------------------------------------------------------------- */

/* What is known of a run of the union, beside what the observations say. */
typedef struct
{
  const char *name; /* of the state that brought it */
  guint accesses;   /* that it saw */
} Known;

struct AakMerge
{
  AakObservations *sum;
  GHashTable *index_of_id; /* id of a run -> its index */
  GArray *known;           /* Known, by that index */
  GStringChunk *names;
};

/* What a state that is added says of one of its runs. */
typedef struct
{
  guint index;    /* of the run in the union */
  gboolean again; /* it was there before: */
  AakJoin join;   /* and the two compare like this */
  guint accesses; /* that this state saw */
} Part;

AakMerge *
aak_merge_new (const char *label)
{
  AakMerge *merge = g_new0 (AakMerge, 1);
  merge->sum = aak_observations_new (label);
  merge->index_of_id = g_hash_table_new (g_str_hash, g_str_equal);
  merge->known = g_array_new (FALSE, FALSE, sizeof (Known));
  merge->names = g_string_chunk_new (256);
  return merge;
}

void
aak_merge_free (AakMerge *merge)
{
  g_clear_pointer (&merge->sum, aak_observations_free);
  g_hash_table_unref (merge->index_of_id);
  g_array_unref (merge->known);
  g_string_chunk_free (merge->names);
  g_free (merge);
}

/* --- runs ------------------------------------------------------------------------------------ */

static gboolean
refuse_run (const AakMerge *merge, const char *name, const AakRun *run, const Part *part,
            GError **error)
{
  const Known *known = &g_array_index (merge->known, Known, part->index);
  g_autofree char *id = aak_escape (run->id, strlen (run->id));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: its run %s is another one than in %s, and at least one of them says that it is "
               "the whole run: a state is damaged, or two versions of aa-learn read one log; leave "
               "one of the two out",
               name, id, known->name);
  return FALSE;
}

/* --- accesses -------------------------------------------------------------------------------- */

static void
join_sighting (AakMerge *merge, AakObservation *into, const AakSighting *from, Part *part)
{
  AakSighting *seen = part->again ? aak_observation_sighting (into, part->index) : NULL;
  part->accesses++;
  if (seen == NULL)
    {
      AakSighting added = *from;
      added.run = part->index;
      aak_observation_insert (into, &added);
      g_array_index (merge->known, Known, part->index).accesses++;
      part->join.adds = TRUE;
      return;
    }
  aak_join_count (&seen->count, from->count, &part->join);
  part->join.adds |= from->first < seen->first || from->last > seen->last;
  part->join.lacks |= from->first > seen->first || from->last < seen->last;
  seen->first = MIN (seen->first, from->first);
  seen->last = MAX (seen->last, from->last);
}

/* Gives the union what it has not seen yet; FALSE where it has, or has no room. */
static gboolean
move_access (AakMerge *merge, AakObservation *access, Part *parts)
{
  if (aak_observations_find (merge->sum, access) != NULL
      || !aak_observations_take (merge->sum, access))
    return FALSE;
  for (guint i = 0; i < access->sightings->len; i++)
    {
      AakSighting *seen = &g_array_index (access->sightings, AakSighting, i);
      Part *part = &parts[seen->run];
      part->accesses++;
      part->join.adds = TRUE;
      g_array_index (merge->known, Known, part->index).accesses++;
      seen->run = part->index;
    }
  if (access->sightings->len > 1)
    g_array_sort (access->sightings, aak_sighting_compare);
  return TRUE;
}

/* Counts what is beyond the bounds; FALSE where it may not be. */
static gboolean
leave_out (AakMerge *merge, const AakObservation *from, const Part *parts, guint64 *out_over_limit,
           GError **error)
{
  if (out_over_limit == NULL)
    {
      g_set_error (
          error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
          "%s: the states have more than %d accesses in all, or more than %u MiB of names; "
          "nothing is merged, since something would be left out",
          aak_observations_label (merge->sum), AAK_OBSERVATIONS_MAX,
          AAK_OBSERVATIONS_MAX_BYTES >> 20);
      return FALSE;
    }
  for (guint i = 0; i < from->sightings->len; i++)
    {
      const AakSighting *seen = &g_array_index (from->sightings, AakSighting, i);
      aak_observations_get_run (merge->sum, parts[seen->run].index)->over_limit += seen->count;
      *out_over_limit += seen->count;
    }
  return TRUE;
}

static gboolean
copy_access (AakMerge *merge, const AakObservation *access, Part *parts, guint64 *out_over_limit,
             GError **error)
{
  AakObservation *into = aak_observations_get (merge->sum, access);
  if (into == NULL)
    return leave_out (merge, access, parts, out_over_limit, error);
  into->perms |= access->perms;
  into->shared_perms |= access->shared_perms;
  for (guint i = 0; i < access->sightings->len; i++)
    {
      const AakSighting *seen = &g_array_index (access->sightings, AakSighting, i);
      join_sighting (merge, into, seen, &parts[seen->run]);
    }
  return TRUE;
}

/* @take: those that are new to the union are moved into it. */
static gboolean
add_accesses (AakMerge *merge, GPtrArray *accesses, gboolean take, Part *parts,
              guint64 *out_over_limit, GError **error)
{
  for (guint i = 0; i < accesses->len; i++)
    {
      AakObservation *access = g_ptr_array_index (accesses, i);
      if (take && move_access (merge, access, parts))
        accesses->pdata[i] = NULL;
      else if (!copy_access (merge, access, parts, out_over_limit, error))
        return FALSE;
    }
  return TRUE;
}

/* --- a state --------------------------------------------------------------------------------- */

static Part
add_run (AakMerge *merge, const char *name, const AakRun *run)
{
  Part part = { 0 };
  gpointer index;
  if (g_hash_table_lookup_extended (merge->index_of_id, run->id, NULL, &index))
    {
      part.index = GPOINTER_TO_UINT (index);
      part.again = TRUE;
      return part;
    }
  AakRun *copy = aak_run_copy (run);
  Known known = { name, 0 };
  part.index = aak_observations_add_run (merge->sum, copy);
  g_hash_table_insert (merge->index_of_id, copy->id, GUINT_TO_POINTER (part.index));
  g_array_append_val (merge->known, known);
  return part;
}

/* To be called when the accesses are in, which say the rest of what a run has. */
static gboolean
join_runs (AakMerge *merge, const char *name, const AakObservations *from, Part *parts,
           GError **error)
{
  for (guint i = 0; i < aak_observations_n_runs (from); i++)
    {
      const AakRun *run = aak_observations_get_run (from, i);
      Part *part = &parts[i];
      AakRun *into = aak_observations_get_run (merge->sum, part->index);
      if (!part->again)
        continue;
      part->join.lacks |=
          part->accesses < g_array_index (merge->known, Known, part->index).accesses;
      gboolean had_ended = into->position == NULL;
      aak_run_join (into, run, &part->join);
      if (into->start != run->start || (had_ended && part->join.adds)
          || (run->position == NULL && part->join.lacks))
        return refuse_run (merge, name, run, part, error);
    }
  return TRUE;
}

/* Adds what is known beside accesses, within the bounds of what a state may have. */
static gboolean
add_known (AakMerge *merge, const AakObservations *from, GError **error)
{
  const AakObservations *sum = merge->sum;
  aak_observations_merge_known (merge->sum, from);
  const struct
  {
    const char *what;
    guint count, max;
  } bounds[] = {
    { "kinds of accesses that are allowed",
      aak_allow_list_ids (aak_observations_allow_list (sum))->len, AAK_ALLOW_MAX },
    { "volumes", aak_volumes_list (aak_observations_volumes (sum))->len, AAK_VOLUMES_MAX },
    { "patterns that were weighed", aak_image_facts_count (aak_observations_image (sum)),
      AAK_IMAGE_FACTS_MAX },
    { "ways in which containers were started",
      aak_container_facts_list (aak_observations_containers (sum))->len, AAK_CONTAINER_FACTS_MAX },
    { "programs that were looked at", aak_program_facts_count (aak_observations_programs (sum)),
      AAK_PROGRAM_FACTS_MAX },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++)
    if (bounds[i].count > bounds[i].max)
      {
        g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: the states have more than %u %s",
                     aak_observations_label (sum), bounds[i].max, bounds[i].what);
        return FALSE;
      }
  return TRUE;
}

static gboolean
add_state (AakMerge *merge, const char *name, const AakObservations *from, GPtrArray *accesses,
           gboolean take, guint64 *out_over_limit, GError **error)
{
  guint count = aak_observations_n_runs (from);
  const char *kept_name = g_string_chunk_insert_const (merge->names, name);
  g_autofree Part *parts = g_new0 (Part, count + 1);
  for (guint i = 0; i < count; i++)
    parts[i] = add_run (merge, kept_name, aak_observations_get_run (from, i));
  return add_known (merge, from, error)
         && add_accesses (merge, accesses, take, parts, out_over_limit, error)
         && join_runs (merge, name, from, parts, error);
}

gboolean
aak_merge_add (AakMerge *merge, const char *name, const AakObservations *from,
               guint64 *out_over_limit, GError **error)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (from);
  return add_state (merge, name, from, accesses, FALSE, out_over_limit, error);
}

gboolean
aak_merge_take (AakMerge *merge, const char *name, AakObservations *from, GError **error)
{
  g_autoptr (GPtrArray) accesses = aak_observations_steal (from);
  return add_state (merge, name, from, accesses, TRUE, NULL, error);
}

const AakObservations *
aak_merge_result (const AakMerge *merge)
{
  return merge->sum;
}

AakObservations *
aak_merge_end (AakMerge *merge)
{
  return g_steal_pointer (&merge->sum);
}
