/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading the state file. */
#include "config.h"

#include "learn/state.h"

#include "learn/access-fields.h"
#include "lib/escape.h"
#include "lib/syscalls.h"
#include "lib/yaml.h"

#include <string.h>

#define SCHEMA_VERSION 1

static gboolean
read_number (AakYamlNode node, guint64 *out, GError **error)
{
  const char *text = aak_yaml_text (node, error);
  if (text == NULL)
    return FALSE;
  return g_ascii_string_to_unsigned (text, 10, 0, AAK_STATE_MAX_NUMBER, out, NULL)
         || aak_yaml_error (node, error, "a number up to %" G_GUINT64_FORMAT " was expected",
                            AAK_STATE_MAX_NUMBER);
}

/* What a key that is not known says would be lost where the state is written again. */
static gboolean
check_keys (AakYamlNode map, const char *const *keys, GError **error)
{
  AakYamlNode unknown;
  const char *word = aak_yaml_find_other (map, keys, &unknown);
  if (word == NULL)
    return TRUE;
  g_autofree char *shown = aak_escape (word, strlen (word));
  return aak_yaml_error (unknown, error, "the key '%s' is not known here", shown);
}

/* A count or a time, at most AAK_STATE_MAX_NUMBER. */
static gboolean
get_number (AakYamlNode map, const char *key, guint64 *out, GError **error)
{
  AakYamlNode node;
  return aak_yaml_get (map, key, &node, error) && read_number (node, out, error);
}

/* The bytes under @key; NULL with an error where it is missing or not escaped as this
 * file escapes. */
static char *
get_bytes (AakYamlNode map, const char *key, GError **error)
{
  AakYamlNode node;
  const char *text;
  if (!aak_yaml_get (map, key, &node, error) || (text = aak_yaml_text (node, error)) == NULL)
    return NULL;
  gsize len = 0;
  g_autofree char *bytes = aak_unescape (text, &len);
  if (bytes != NULL && strlen (bytes) == len)
    return g_steal_pointer (&bytes);
  aak_yaml_error (node, error, "not an escaped text (\\xNN, and no \\x00)");
  return NULL;
}

static gboolean
read_account (AakYamlNode node, AakRun *run, GError **error)
{
  static const char *const keys[] = { "records",    "events",    "denied",  "syscalls", "unlearned",
                                      "over_limit", "malformed", "backlog", "overrun",  "unsized",
                                      "unproven",   "blind",     "late",    NULL };
  AakAccount *account = &run->account;
  AakYamlNode unused;
  guint64 blind = 0, late = 0;
  if (!check_keys (node, keys, error) || !get_number (node, "records", &account->records, error)
      || !get_number (node, "events", &run->events, error)
      || !get_number (node, "denied", &run->denied, error)
      || !get_number (node, "unlearned", &run->unlearned, error)
      || !get_number (node, "over_limit", &run->over_limit, error)
      || !get_number (node, "malformed", &account->malformed, error)
      || !get_number (node, "backlog", &account->backlog, error)
      || !get_number (node, "overrun", &account->overrun, error)
      || !get_number (node, "unsized", &account->unsized, error)
      || !get_number (node, "unproven", &account->unproven, error)
      || !get_number (node, "blind", &blind, error)
      || (aak_yaml_find (node, "late", &unused) && !get_number (node, "late", &late, error))
      || (aak_yaml_find (node, "syscalls", &unused)
          && !get_number (node, "syscalls", &run->syscalls, error)))
    return FALSE;
  if (run->denied > run->events || run->syscalls > run->events)
    return aak_yaml_error (node, error, "more of them denied, or system calls, than events");
  account->blind = blind != 0;
  account->late = late != 0;
  return TRUE;
}

static gboolean
read_pods (AakYamlNode list, AakRun *run, GError **error)
{
  static const char *const keys[] = { "namespace", "pod", "container", "image", NULL };
  guint length = 0;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      if (!check_keys (item, keys, error))
        return FALSE;
      g_autofree char *namespace = get_bytes (item, "namespace", error);
      g_autofree char *pod = namespace != NULL ? get_bytes (item, "pod", error) : NULL;
      g_autofree char *container = pod != NULL ? get_bytes (item, "container", error) : NULL;
      g_autofree char *image = container != NULL ? get_bytes (item, "image", error) : NULL;
      if (image == NULL)
        return FALSE;
      aak_run_add_pod (run, namespace, pod, container, image);
    }
  return TRUE;
}

static AakRun *
read_run (AakYamlNode node, GError **error)
{
  static const char *const keys[] = { "id",      "node",     "boot", "source", "start",
                                      "account", "position", "pods", NULL };
  g_autoptr (AakRun) run = aak_run_new ();
  AakYamlNode account, pods, position;
  if (!check_keys (node, keys, error) || (run->id = get_bytes (node, "id", error)) == NULL
      || (run->node = get_bytes (node, "node", error)) == NULL
      || (run->boot = get_bytes (node, "boot", error)) == NULL
      || (run->source = get_bytes (node, "source", error)) == NULL
      || !get_number (node, "start", &run->start, error)
      || !aak_yaml_get (node, "account", &account, error) || !read_account (account, run, error)
      || !aak_yaml_get (node, "pods", &pods, error) || !read_pods (pods, run, error))
    return NULL;
  if (aak_yaml_find (node, "position", &position)
      && (run->position = aak_position_read (position, error)) == NULL)
    return NULL;
  return g_steal_pointer (&run);
}

static gboolean
read_runs (AakYamlNode root, AakObservations *observations, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (root, "runs", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      AakRun *run = read_run (item, error);
      if (run == NULL)
        return FALSE;
      aak_observations_add_run (observations, run);
      if (!g_hash_table_add (ids, run->id))
        return aak_yaml_error (item, error, "two runs have the same id");
    }
  return TRUE;
}

static gboolean
read_sighting (AakYamlNode node, guint n_runs, AakSighting *out, GError **error)
{
  guint64 numbers[4];
  guint length = 0;
  if (!aak_yaml_length (node, &length, error))
    return FALSE;
  if (length != G_N_ELEMENTS (numbers))
    return aak_yaml_error (node, error, "[run, count, first, last] was expected");
  for (guint i = 0; i < length; i++)
    if (!read_number (aak_yaml_item (node, i), &numbers[i], error))
      return FALSE;
  if (numbers[0] >= n_runs)
    return aak_yaml_error (node, error, "there is no run %" G_GUINT64_FORMAT, numbers[0]);
  if (numbers[1] == 0 || numbers[2] > numbers[3])
    return aak_yaml_error (node, error, "a run saw it once at least, and last not before first");
  *out = (AakSighting){ (guint) numbers[0], numbers[1], numbers[2], numbers[3] };
  return TRUE;
}

static gboolean
read_sightings (AakYamlNode map, guint n_runs, AakObservation *into, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (map, "seen", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakSighting seen;
      if (!read_sighting (aak_yaml_item (list, i), n_runs, &seen, error))
        return FALSE;
      g_array_append_val (into->sightings, seen);
    }
  g_array_sort (into->sightings, aak_sighting_compare);
  for (guint i = 1; i < length; i++)
    if (aak_sighting_compare (&g_array_index (into->sightings, AakSighting, i - 1),
                              &g_array_index (into->sightings, AakSighting, i))
        == 0)
      return aak_yaml_error (list, error, "a run is there twice");
  return length > 0 || aak_yaml_error (list, error, "no run saw it");
}

static gboolean
read_perms (AakYamlNode map, const char *key, guint *out, GError **error)
{
  AakYamlNode node;
  if (!aak_yaml_find (map, key, &node))
    return TRUE;
  const char *text = aak_yaml_text (node, error);
  if (text == NULL)
    return FALSE;
  return aak_perms_from_text (text, out) || aak_yaml_error (node, error, "an unknown permission");
}

/* The details of an access as one text; NULL with an error. */
static char *
read_details (AakYamlNode node, AakClass class, GError **error)
{
  const char *const *words = aak_access_detail_words (class);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  AakYamlNode unused;
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *value = NULL;
      if (aak_yaml_find (node, words[i], &unused)
          && (value = get_bytes (node, words[i], error)) == NULL)
        return NULL;
      g_ptr_array_add (values, value);
    }
  return aak_access_pack (class, (const char *const *) values->pdata);
}

static gboolean
check_access (AakYamlNode node, AakClass class, GError **error)
{
  const char *keys[AAK_ACCESS_MAX_DETAILS + 6] = { "mask", "not_owner", "seen", "child",
                                                   aak_access_name_word (class) };
  const char *const *details = aak_access_detail_words (class);
  for (guint i = 0; details[i] != NULL; i++)
    keys[5 + i] = details[i];
  return check_keys (node, keys, error);
}

/* The child of the label that did it, "" for the label itself; NULL with an error. */
static char *
read_child (AakYamlNode node, GError **error)
{
  AakYamlNode unused;
  return aak_yaml_find (node, "child", &unused) ? get_bytes (node, "child", error) : g_strdup ("");
}

/* A name of a system call becomes a word of a profile, without quotes or escapes of its own. */
static gboolean
check_syscall (AakYamlNode node, const AakObservation *key, GError **error)
{
  if (key->class != AAK_CLASS_SYSCALL
      || (*key->child == '\0' && *key->name != '#' && aak_syscall_is_name (key->name)
          && aak_syscall_is_name (key->detail)))
    return TRUE;
  return aak_yaml_error (node, error, "no architecture and system call, or with a child");
}

static gboolean
read_observation (AakYamlNode node, AakClass class, AakObservations *observations, GError **error)
{
  g_autofree char *name = get_bytes (node, aak_access_name_word (class), error);
  g_autofree char *detail = name != NULL ? read_details (node, class, error) : NULL;
  g_autofree char *child = detail != NULL ? read_child (node, error) : NULL;
  if (child == NULL || !check_access (node, class, error))
    return FALSE;
  const AakObservation key = { .class = class, .child = child, .name = name, .detail = detail };
  if (!check_syscall (node, &key, error))
    return FALSE;
  g_autoptr (AakObservation) observation = aak_observation_new_like (&key);
  if (!read_perms (node, "mask", &observation->perms, error)
      || !read_perms (node, "not_owner", &observation->shared_perms, error)
      || !read_sightings (node, aak_observations_n_runs (observations), observation, error))
    return FALSE;
  if (class == AAK_CLASS_SYSCALL && observation->perms != 0)
    return aak_yaml_error (node, error, "a system call has no mask");
  if (observation->shared_perms & ~observation->perms)
    return aak_yaml_error (node, error, "not_owner is no part of mask");
  if (aak_observations_find (observations, observation) != NULL)
    return aak_yaml_error (node, error, "the same access is there twice");
  if (!aak_observations_take (observations, observation))
    return aak_yaml_error (node, error, "more than %d accesses, or more than %u MiB of names",
                           AAK_OBSERVATIONS_MAX, AAK_OBSERVATIONS_MAX_BYTES >> 20);
  observation = NULL;
  return TRUE;
}

static gboolean
read_class (AakYamlNode root, AakClass class, AakObservations *observations, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (class > AAK_STATE_LAST_CONSTANT_CLASS
      && !aak_yaml_find (root, aak_access_class_word (class), &list))
    return TRUE;
  if (!aak_yaml_get (root, aak_access_class_word (class), &list, error)
      || !aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_observation (aak_yaml_item (list, i), class, observations, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_root (AakYamlNode root, GError **error)
{
  const char *keys[AAK_CLASS_OTHER + 9] = { "schema", "label",      "allow",    "volumes",
                                            "image",  "containers", "programs", "runs" };
  for (AakClass class = 0; aak_access_class_word (class) != NULL; class ++)
    keys[8 + class] = aak_access_class_word (class);
  return check_keys (root, keys, error);
}

AakObservations *
aak_state_from_yaml (const char *name, GBytes *text, GError **error)
{
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "learned", SCHEMA_VERSION, error))
    return NULL;
  AakYamlNode root = aak_yaml_root (yaml);
  g_autofree char *label = get_bytes (root, "label", error);
  if (label == NULL || !check_root (root, error))
    return NULL;
  g_autoptr (AakObservations) observations = aak_observations_new (label);
  if (!aak_allow_list_read (aak_observations_allow_list (observations), root, error)
      || !aak_volumes_read (aak_observations_volumes (observations), root, error)
      || !aak_image_facts_read (aak_observations_image (observations), root, error)
      || !aak_container_facts_read (aak_observations_containers (observations), root, error)
      || !aak_program_facts_read (aak_observations_programs (observations), root, error)
      || !read_runs (root, observations, error))
    return NULL;
  for (AakClass class = 0; aak_access_class_word (class) != NULL; class ++)
    if (!read_class (root, class, observations, error))
      return NULL;
  return g_steal_pointer (&observations);
}
