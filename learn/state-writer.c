/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing the state file: in parts, by as many threads as there are processors. A part is a
 * document of its own, and the parts' text, one after the other, is the whole. */
#include "config.h"

#include "learn/state.h"

#include "learn/access-fields.h"
#include "lib/processors.h"
#include "lib/yaml.h"

#include <string.h>

#define PART_ACCESSES 512 /* at most, in one part */
#define MAX_THREADS   8

/* Accesses of one class that follow each other. */
typedef struct
{
  AakClass class;
  guint first, count; /* in the sorted accesses */
  gboolean begins;    /* the first ones of the class: its key comes before them */
  GBytes *text;       /* NULL until it is written */
} Part;

typedef struct
{
  GPtrArray *sorted;
  guint *position_of_run; /* as the file lists them */
  GArray *parts;          /* of Part */
  gint next;              /* the part that nobody writes yet */
} Writing;

/* --- runs ------------------------------------------------------------------------------------ */

static void
write_account (AakYamlWriter *yaml, const AakRun *run)
{
  const AakAccount *account = &run->account;
  aak_yaml_key (yaml, "account");
  aak_yaml_begin_flow_map (yaml);
  aak_yaml_pair_uint (yaml, "records", account->records);
  aak_yaml_pair_uint (yaml, "events", run->events);
  aak_yaml_pair_uint (yaml, "denied", run->denied);
  if (run->syscalls > 0)
    aak_yaml_pair_uint (yaml, "syscalls", run->syscalls);
  aak_yaml_pair_uint (yaml, "unlearned", run->unlearned);
  aak_yaml_pair_uint (yaml, "over_limit", run->over_limit);
  aak_yaml_pair_uint (yaml, "malformed", account->malformed);
  aak_yaml_pair_uint (yaml, "backlog", account->backlog);
  aak_yaml_pair_uint (yaml, "overrun", account->overrun);
  aak_yaml_pair_uint (yaml, "unsized", account->unsized);
  aak_yaml_pair_uint (yaml, "unproven", account->unproven);
  aak_yaml_pair_uint (yaml, "blind", account->blind ? 1 : 0);
  if (account->late)
    aak_yaml_pair_uint (yaml, "late", 1);
  aak_yaml_end_map (yaml);
}

static void
write_run (AakYamlWriter *yaml, const AakRun *run)
{
  aak_yaml_begin_map (yaml);
  aak_yaml_pair_escaped (yaml, "id", run->id);
  aak_yaml_pair_escaped (yaml, "node", run->node);
  aak_yaml_pair_escaped (yaml, "boot", run->boot);
  aak_yaml_pair_escaped (yaml, "source", run->source);
  aak_yaml_pair_uint (yaml, "start", run->start);
  write_account (yaml, run);
  if (run->position != NULL)
    {
      aak_yaml_key (yaml, "position");
      aak_position_write (run->position, yaml);
    }
  aak_yaml_key (yaml, "pods");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = g_ptr_array_index (run->pods, i);
      aak_yaml_begin_flow_map (yaml);
      aak_yaml_pair_escaped (yaml, "namespace", pod->namespace);
      aak_yaml_pair_escaped (yaml, "pod", pod->pod);
      aak_yaml_pair_escaped (yaml, "container", pod->container);
      aak_yaml_pair_escaped (yaml, "image", pod->image);
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
  aak_yaml_end_map (yaml);
}

static int
compare_runs (gconstpointer a, gconstpointer b, gpointer data)
{
  const AakObservations *observations = data;
  const AakRun *x = aak_observations_get_run (observations, *(const guint *) a),
               *y = aak_observations_get_run (observations, *(const guint *) b);
  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  return strcmp (x->id, y->id);
}

/* The indices of the runs in the order in which the file lists them: by start, then id. */
static GArray *
order_runs (const AakObservations *observations)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < aak_observations_n_runs (observations); i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_runs, (gpointer) observations);
  return order;
}

/* --- accesses -------------------------------------------------------------------------------- */

/* seen: [[run, count, first, last], ...], the runs numbered as the file lists them. */
static void
write_sightings (AakYamlWriter *yaml, const AakObservation *observation,
                 const guint *position_of_run)
{
  g_autoptr (GArray) seen = g_array_copy (observation->sightings);
  for (guint i = 0; i < seen->len; i++)
    {
      AakSighting *s = &g_array_index (seen, AakSighting, i);
      s->run = position_of_run[s->run];
    }
  g_array_sort (seen, aak_sighting_compare);
  aak_yaml_key (yaml, "seen");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < seen->len; i++)
    {
      const AakSighting *s = &g_array_index (seen, AakSighting, i);
      aak_yaml_begin_flow_list (yaml);
      aak_yaml_put_uint (yaml, s->run);
      aak_yaml_put_uint (yaml, s->count);
      aak_yaml_put_uint (yaml, s->first);
      aak_yaml_put_uint (yaml, s->last);
      aak_yaml_end_list (yaml);
    }
  aak_yaml_end_list (yaml);
}

static void
write_details (AakYamlWriter *yaml, const AakObservation *observation)
{
  const char *const *words = aak_access_detail_words (observation->class);
  if (words[0] == NULL || *observation->detail == '\0')
    return;
  g_auto (GStrv) values = aak_access_unpack (observation->class, observation->detail);
  for (guint i = 0; words[i] != NULL; i++)
    if (*values[i] != '\0')
      aak_yaml_pair_escaped (yaml, words[i], values[i]);
}

static void
write_observation (AakYamlWriter *yaml, const AakObservation *observation,
                   const guint *position_of_run)
{
  aak_yaml_begin_flow_map (yaml);
  if (*observation->child != '\0')
    aak_yaml_pair_escaped (yaml, "child", observation->child);
  aak_yaml_pair_escaped (yaml, aak_access_name_word (observation->class), observation->name);
  write_details (yaml, observation);
  if (observation->perms != 0)
    {
      g_autofree char *perms = aak_perms_to_text (observation->perms);
      aak_yaml_pair_text (yaml, "mask", perms);
    }
  if (observation->class == AAK_CLASS_FILE && observation->shared_perms != 0)
    {
      g_autofree char *shared = aak_perms_to_text (observation->shared_perms);
      aak_yaml_pair_text (yaml, "not_owner", shared);
    }
  write_sightings (yaml, observation, position_of_run);
  aak_yaml_end_map (yaml);
}

/* --- parts ----------------------------------------------------------------------------------- */

static GBytes *
write_part (const Writing *writing, const Part *part)
{
  g_autoptr (AakYamlWriter) yaml = aak_yaml_writer_new ();
  if (part->begins)
    {
      aak_yaml_begin_map (yaml);
      aak_yaml_key (yaml, aak_access_class_word (part->class));
    }
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < part->count; i++)
    write_observation (yaml, g_ptr_array_index (writing->sorted, part->first + i),
                       writing->position_of_run);
  aak_yaml_end_list (yaml);
  if (part->begins)
    aak_yaml_end_map (yaml);
  return aak_yaml_writer_end (yaml);
}

/* The parts of @class, whose accesses begin at @first; returns where the next class begins. */
static guint
divide_class (Writing *writing, AakClass class, guint first)
{
  Part part = { .class = class, .first = first, .begins = TRUE };
  for (guint i = first; i < writing->sorted->len; i++)
    {
      const AakObservation *observation = g_ptr_array_index (writing->sorted, i);
      if (observation->class != class)
        break;
      if (part.count == PART_ACCESSES)
        {
          g_array_append_val (writing->parts, part);
          part = (Part){ .class = class, .first = i };
        }
      part.count++;
    }
  if (part.count > 0 || class <= AAK_STATE_LAST_CONSTANT_CLASS)
    g_array_append_val (writing->parts, part);
  return part.first + part.count;
}

static gpointer
write_parts (gpointer data)
{
  Writing *writing = data;
  guint i;
  while ((i = (guint) g_atomic_int_add (&writing->next, 1)) < writing->parts->len)
    {
      Part *part = &g_array_index (writing->parts, Part, i);
      part->text = write_part (writing, part);
    }
  return NULL;
}

/* Where the system gives no thread, those that are there do it all. */
static void
write_all_parts (Writing *writing)
{
  GThread *threads[MAX_THREADS];
  guint wanted = MIN (MIN (aak_processors (), MAX_THREADS), writing->parts->len);
  guint count = 0;
  while (writing->sorted->len > PART_ACCESSES && count + 1 < wanted
         && (threads[count] = g_thread_try_new ("state", write_parts, writing, NULL)) != NULL)
    count++;
  write_parts (writing);
  for (guint i = 0; i < count; i++)
    g_thread_join (threads[i]);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* What stands before the accesses. */
static GBytes *
write_head (const AakObservations *observations, const GArray *order)
{
  g_autoptr (AakYamlWriter) yaml = aak_yaml_writer_new ();
  aak_yaml_begin_map (yaml);
  aak_yaml_pair_text (yaml, "schema", "aakit/learned/1");
  aak_yaml_pair_escaped (yaml, "label", aak_observations_label (observations));
  aak_allow_list_write (aak_observations_allow_list (observations), yaml);
  aak_volumes_write (aak_observations_volumes (observations), yaml);
  aak_image_facts_write (aak_observations_image (observations), yaml);
  aak_container_facts_write (aak_observations_containers (observations), yaml);
  aak_program_facts_write (aak_observations_programs (observations), yaml);
  aak_yaml_key (yaml, "runs");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < order->len; i++)
    write_run (yaml, aak_observations_get_run (observations, g_array_index (order, guint, i)));
  aak_yaml_end_list (yaml);
  aak_yaml_end_map (yaml);
  return aak_yaml_writer_end (yaml);
}

static void
part_clear (gpointer data)
{
  Part *part = data;
  g_clear_pointer (&part->text, g_bytes_unref);
}

static void
append (GByteArray *whole, GBytes *text)
{
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (text, &len);
  g_byte_array_append (whole, data, (guint) len);
}

/* Frees each part when it is in. */
static GBytes *
join_parts (GBytes *head, GArray *parts)
{
  gsize size = g_bytes_get_size (head);
  for (guint i = 0; i < parts->len; i++)
    size += g_bytes_get_size (g_array_index (parts, Part, i).text);
  GByteArray *whole = g_byte_array_sized_new ((guint) size);
  append (whole, head);
  for (guint i = 0; i < parts->len; i++)
    {
      Part *part = &g_array_index (parts, Part, i);
      append (whole, part->text);
      part_clear (part);
    }
  return g_byte_array_free_to_bytes (whole);
}

GBytes *
aak_state_to_yaml (const AakObservations *observations)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (GArray) order = order_runs (observations);
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autofree guint *position_of_run = g_new0 (guint, order->len + 1);
  Writing writing = { sorted, position_of_run, parts, 0 };
  g_array_set_clear_func (parts, part_clear);
  for (guint i = 0; i < order->len; i++)
    position_of_run[g_array_index (order, guint, i)] = i;
  guint first = 0;
  for (AakClass class = 0; aak_access_class_word (class) != NULL; class ++)
    first = divide_class (&writing, class, first);
  write_all_parts (&writing);
  g_autoptr (GBytes) head = write_head (observations, order);
  return join_parts (head, parts);
}
