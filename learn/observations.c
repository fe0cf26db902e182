/* SPDX-License-Identifier: GPL-2.0-or-later
 * The set of distinct accesses of one label. */
#include "config.h"

#include "learn/observations.h"

#include "learn/label.h"
#include "learn/observation-key.h"
#include "lib/sort.h"

#include <string.h>

struct AakObservations
{
  char *label;
  GPtrArray *runs;
  GPtrArray *accesses; /* AakObservation, in the order in which they came */
  GHashTable *table;   /* the same, by their keys */
  gsize bytes;         /* of the keys */
  gboolean children;   /* are told from the label itself */
  gboolean addresses;  /* of internet sockets are kept */
  AakAllowList *allow;
  AakVolumes *volumes;
  AakImageFacts *image;
  AakContainerFacts *containers;
  AakProgramFacts *programs;
};

/* --- one access ------------------------------------------------------------------------------ */

AakObservation *
aak_observation_new_like (const AakObservation *key)
{
  gsize child_size = strlen (key->child) + 1, name_size = strlen (key->name) + 1,
        detail_size = strlen (key->detail) + 1;
  AakObservation *observation =
      g_malloc0 (sizeof *observation + child_size + name_size + detail_size);
  observation->class = key->class;
  observation->child = memcpy (observation + 1, key->child, child_size);
  observation->name = memcpy (observation->child + child_size, key->name, name_size);
  observation->detail = memcpy (observation->name + name_size, key->detail, detail_size);
  observation->sightings = g_array_new (FALSE, FALSE, sizeof (AakSighting));
  return observation;
}

AakObservation *
aak_observation_new (AakClass class, const char *name, const char *detail)
{
  const AakObservation key = { .class = class,
                               .child = (char *) "",
                               .name = (char *) name,
                               .detail = (char *) detail };
  return aak_observation_new_like (&key);
}

void
aak_observation_free (AakObservation *observation)
{
  if (observation == NULL)
    return;
  g_array_unref (observation->sightings);
  g_free (observation);
}

static guint
observation_hash (gconstpointer key)
{
  const AakObservation *o = key;
  return (g_str_hash (o->name) * 33 + g_str_hash (o->detail)) * 33 + g_str_hash (o->child)
         + (guint) o->class;
}

static gboolean
observation_equal (gconstpointer a, gconstpointer b)
{
  const AakObservation *x = a, *y = b;
  return x->class == y->class && strcmp (x->name, y->name) == 0
         && strcmp (x->detail, y->detail) == 0 && strcmp (x->child, y->child) == 0;
}

static int
observation_compare (gconstpointer a, gconstpointer b)
{
  const AakObservation *x = *(AakObservation *const *) a, *y = *(AakObservation *const *) b;
  if (x->class != y->class)
    return x->class < y->class ? -1 : 1;
  int order = strcmp (x->name, y->name);
  if (order == 0)
    order = strcmp (x->detail, y->detail);
  return order != 0 ? order : strcmp (x->child, y->child);
}

int
aak_sighting_compare (gconstpointer a, gconstpointer b)
{
  guint x = ((const AakSighting *) a)->run, y = ((const AakSighting *) b)->run;
  return x < y ? -1 : x > y;
}

/* Nearly always it is the last run, or one that comes after it. */
const char *
aak_observation_program (const AakObservation *observation)
{
  if (observation->class == AAK_CLASS_EXEC && *observation->detail == '/')
    return observation->detail;
  gboolean executed =
      observation->class == AAK_CLASS_FILE && (observation->perms & AAK_PERM_X) != 0;
  return executed && *observation->name == '/' ? observation->name : NULL;
}

guint64
aak_observation_events (const AakObservation *observation)
{
  guint64 events = 0;
  for (guint i = 0; i < observation->sightings->len; i++)
    {
      guint64 count = g_array_index (observation->sightings, AakSighting, i).count;
      events = events > G_MAXUINT64 - count ? G_MAXUINT64 : events + count;
    }
  return events;
}

AakSighting *
aak_observation_sighting (const AakObservation *observation, guint run)
{
  GArray *seen = observation->sightings;
  AakSighting wanted = { .run = run }, *last = NULL;
  guint at = 0;
  if (seen->len > 0)
    last = &g_array_index (seen, AakSighting, seen->len - 1);
  if (last == NULL || last->run <= run)
    return last != NULL && last->run == run ? last : NULL;
  return g_array_binary_search (seen, &wanted, aak_sighting_compare, &at)
             ? &g_array_index (seen, AakSighting, at)
             : NULL;
}

void
aak_observation_insert (AakObservation *observation, const AakSighting *seen)
{
  guint at = observation->sightings->len;
  while (at > 0 && g_array_index (observation->sightings, AakSighting, at - 1).run > seen->run)
    at--;
  g_array_insert_val (observation->sightings, at, *seen);
}

static void
add_sighting (AakObservation *observation, const AakSighting *seen)
{
  AakSighting *s = aak_observation_sighting (observation, seen->run);
  if (s == NULL)
    {
      aak_observation_insert (observation, seen);
      return;
    }
  s->count += seen->count;
  s->first = MIN (s->first, seen->first);
  s->last = MAX (s->last, seen->last);
}

/* --- the set --------------------------------------------------------------------------------- */

AakObservations *
aak_observations_new (const char *label)
{
  AakObservations *observations = g_new0 (AakObservations, 1);
  observations->label = g_strdup (label);
  observations->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_run_free);
  observations->accesses = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_observation_free);
  observations->table = g_hash_table_new (observation_hash, observation_equal);
  observations->allow = aak_allow_list_new ();
  observations->volumes = aak_volumes_new ();
  observations->image = aak_image_facts_new ();
  observations->containers = aak_container_facts_new ();
  observations->programs = aak_program_facts_new ();
  return observations;
}

void
aak_observations_free (AakObservations *observations)
{
  g_free (observations->label);
  g_ptr_array_unref (observations->runs);
  g_hash_table_unref (observations->table);
  g_ptr_array_unref (observations->accesses);
  aak_allow_list_free (observations->allow);
  aak_volumes_free (observations->volumes);
  aak_image_facts_free (observations->image);
  aak_container_facts_free (observations->containers);
  aak_program_facts_free (observations->programs);
  g_free (observations);
}

AakAllowList *
aak_observations_allow_list (const AakObservations *observations)
{
  return observations->allow;
}

AakVolumes *
aak_observations_volumes (const AakObservations *observations)
{
  return observations->volumes;
}

AakImageFacts *
aak_observations_image (const AakObservations *observations)
{
  return observations->image;
}

AakContainerFacts *
aak_observations_containers (const AakObservations *observations)
{
  return observations->containers;
}

AakProgramFacts *
aak_observations_programs (const AakObservations *observations)
{
  return observations->programs;
}

void
aak_observations_merge_known (AakObservations *observations, const AakObservations *from)
{
  aak_allow_list_merge (observations->allow, from->allow);
  aak_volumes_merge (observations->volumes, from->volumes);
  aak_image_facts_merge (observations->image, from->image);
  aak_container_facts_merge (observations->containers, from->containers);
  aak_program_facts_merge (observations->programs, from->programs);
}

const char *
aak_observations_label (const AakObservations *observations)
{
  return observations->label;
}

void
aak_observations_follow_children (AakObservations *observations)
{
  observations->children = TRUE;
}

void
aak_observations_keep_addresses (AakObservations *observations)
{
  observations->addresses = TRUE;
}

guint
aak_observations_add_run (AakObservations *observations, AakRun *run)
{
  g_ptr_array_add (observations->runs, run);
  return observations->runs->len - 1;
}

guint
aak_observations_n_runs (const AakObservations *observations)
{
  return observations->runs->len;
}

AakRun *
aak_observations_get_run (const AakObservations *observations, guint index)
{
  return g_ptr_array_index (observations->runs, index);
}

/* What a key holds that is in no event as it stands. */
typedef struct
{
  char *child;
  char *peer;
  char *entered;
} KeyParts;

static void
key_parts_clear (KeyParts *parts)
{
  g_free (parts->child);
  g_free (parts->peer);
  g_free (parts->entered);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KeyParts, key_parts_clear)

/* The child of the same label, and another one than @from, that an exec of @event leads to; NULL
 * where it leads to none. */
static char *
entered_child (const AakObservations *observations, const AakEvent *event, const char *from)
{
  if (event->target == NULL || strcmp (event->kind, "exec") != 0)
    return NULL;
  g_autofree char *label = aak_label_fold (event->target);
  g_autofree char *child = aak_label_child (event->target);
  return *child != '\0' && strcmp (label, observations->label) == 0 && strcmp (child, from) != 0
             ? g_steal_pointer (&child)
             : NULL;
}

/* Sets what @key says of children; FALSE where there is nothing to keep. */
static gboolean
set_children (const AakObservations *observations, const AakEvent *event, AakObservation *key,
              KeyParts *parts)
{
  key->child = parts->child = aak_label_child (event->label);
  parts->entered = entered_child (observations, event, parts->child);
  if (event->class == AAK_CLASS_EXEC)
    {
      key->class = AAK_CLASS_EXEC;
      key->name = parts->entered;
      key->detail = (char *) "";
    }
  else if (event->class == AAK_CLASS_FILE && parts->entered != NULL)
    {
      key->class = AAK_CLASS_EXEC;
      key->name = parts->entered;
      key->detail = event->name;
    }
  return key->name != NULL;
}

static gsize
key_bytes (const AakObservation *key)
{
  return strlen (key->name) + strlen (key->detail) + strlen (key->child);
}

static gboolean
has_room (const AakObservations *observations, const AakObservation *key)
{
  return observations->accesses->len < AAK_OBSERVATIONS_MAX
         && observations->bytes + key_bytes (key) <= AAK_OBSERVATIONS_MAX_BYTES;
}

/* Takes @added. */
static void
add_key (AakObservations *observations, AakObservation *added)
{
  g_hash_table_add (observations->table, added);
  g_ptr_array_add (observations->accesses, added);
  observations->bytes += key_bytes (added);
}

AakObservation *
aak_observations_get (AakObservations *observations, const AakObservation *key)
{
  AakObservation *found = g_hash_table_lookup (observations->table, key);
  if (found != NULL || !has_room (observations, key))
    return found;
  AakObservation *added = aak_observation_new_like (key);
  add_key (observations, added);
  return added;
}

AakObservation *
aak_observations_find (const AakObservations *observations, const AakObservation *key)
{
  return g_hash_table_lookup (observations->table, key);
}

gboolean
aak_observations_take (AakObservations *observations, AakObservation *added)
{
  if (!has_room (observations, added))
    return FALSE;
  add_key (observations, added);
  return TRUE;
}

/* What seccomp refuses is no denial of AppArmor's. */
static void
count_events (AakRun *run, AakClass class, gboolean refused, guint64 count)
{
  run->events += count;
  if (class == AAK_CLASS_SYSCALL)
    run->syscalls += count;
  else if (refused)
    run->denied += count;
}

AakObservation *
aak_observations_add (AakObservations *observations, guint run_index, const AakEvent *event,
                      gboolean *out_news)
{
  AakRun *run = aak_observations_get_run (observations, run_index);
  AakObservation key = { 0 };
  g_auto (KeyParts) parts = { 0 };
  *out_news = FALSE;
  count_events (run, event->class, aak_event_is_refusal (event), 1);
  gboolean keep = aak_observation_key_of_event (event, &key);
  if (observations->children && event->class != AAK_CLASS_SYSCALL
      && (keep || event->class == AAK_CLASS_EXEC))
    keep = set_children (observations, event, &key, &parts);
  if (!keep)
    {
      run->unlearned += event->class == AAK_CLASS_OTHER;
      return NULL;
    }
  if (observations->addresses && event->class == AAK_CLASS_NETWORK && event->access != NULL)
    {
      key.class = AAK_CLASS_INET;
      key.detail = event->access;
    }
  if (event->class == AAK_CLASS_SIGNAL || event->class == AAK_CLASS_PTRACE)
    key.name = parts.peer = aak_label_fold_peer (event->peer, observations->label);

  AakObservation *observation = aak_observations_get (observations, &key);
  if (observation == NULL)
    {
      run->over_limit++;
      return NULL;
    }
  *out_news = observation->sightings->len == 0 || (event->perms & ~observation->perms) != 0;
  AakSighting seen = { run_index, 1, event->time, event->time };
  observation->perms |= event->perms;
  observation->shared_perms |= event->owner ? 0 : event->perms;
  add_sighting (observation, &seen);
  return observation;
}

void
aak_observations_add_again (AakObservations *observations, AakObservation *observation,
                            const AakSighting *seen, gboolean denied)
{
  AakRun *run = aak_observations_get_run (observations, seen->run);
  count_events (run, observation->class, denied, seen->count);
  add_sighting (observation, seen);
}

static void
merge_into (AakObservation *into, const AakObservation *from)
{
  into->perms |= from->perms;
  into->shared_perms |= from->shared_perms;
  for (guint i = 0; i < from->sightings->len; i++)
    add_sighting (into, &g_array_index (from->sightings, AakSighting, i));
}

gboolean
aak_observations_merge (AakObservations *observations, const AakObservation *from)
{
  AakObservation *into = aak_observations_get (observations, from);
  if (into == NULL)
    return FALSE;
  merge_into (into, from);
  return TRUE;
}

static void
exchange_accesses (AakObservations *a, AakObservations *b)
{
  GPtrArray *accesses = a->accesses;
  GHashTable *table = a->table;
  gsize bytes = a->bytes;
  a->accesses = b->accesses;
  a->table = b->table;
  a->bytes = b->bytes;
  b->accesses = accesses;
  b->table = table;
  b->bytes = bytes;
}

static void
forget_accesses (AakObservations *observations)
{
  g_hash_table_remove_all (observations->table);
  g_ptr_array_set_size (observations->accesses, 0);
  observations->bytes = 0;
}

gboolean
aak_observations_absorb (AakObservations *observations, AakObservations *from)
{
  AakRun *run = aak_observations_get_run (observations, 0);
  const AakRun *part = aak_observations_get_run (from, 0);
  gboolean whole = TRUE;
  run->events += part->events;
  run->unlearned += part->unlearned;
  run->denied += part->denied;
  run->syscalls += part->syscalls;
  run->over_limit += part->over_limit;
  if (observations->accesses->len < from->accesses->len)
    exchange_accesses (observations, from);
  for (guint i = 0; whole && i < from->accesses->len; i++)
    {
      AakObservation *access = from->accesses->pdata[i];
      AakObservation *into = aak_observations_find (observations, access);
      if (into != NULL)
        merge_into (into, access);
      else if ((whole = aak_observations_take (observations, access)))
        from->accesses->pdata[i] = NULL;
    }
  forget_accesses (from);
  return whole && run->over_limit == 0;
}

GPtrArray *
aak_observations_sorted (const AakObservations *observations)
{
  GPtrArray *sorted = g_ptr_array_sized_new (observations->accesses->len);
  g_ptr_array_extend (sorted, observations->accesses, NULL, NULL);
  aak_sort (sorted, observation_compare);
  return sorted;
}

GPtrArray *
aak_observations_steal (AakObservations *observations)
{
  GPtrArray *stolen = g_steal_pointer (&observations->accesses);
  observations->accesses = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_observation_free);
  forget_accesses (observations);
  aak_sort (stolen, observation_compare);
  return stolen;
}

gboolean
aak_observations_has_children (const AakObservations *observations)
{
  for (guint i = 0; i < observations->accesses->len; i++)
    if (*((const AakObservation *) observations->accesses->pdata[i])->child != '\0')
      return TRUE;
  return FALSE;
}

guint
aak_observations_count (const AakObservations *observations)
{
  return observations->accesses->len;
}
