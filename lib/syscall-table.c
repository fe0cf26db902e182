/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the table of what a seccomp profile needs beside what was seen. */
#include "config.h"

#include "lib/syscall-table.h"

#include "lib/syscalls.h"
#include "lib/table.h"

#include <string.h>

#define TABLE       "syscalls.yaml"
#define MAX_ENTRIES 1024

static void
group_free (gpointer data)
{
  AakSyscallGroup *group = data;
  g_free (group->id);
  g_free (group->why);
  g_strfreev (group->seen);
  g_strfreev (group->adds);
  g_free (group);
}

static void
instead_free (gpointer data)
{
  AakSyscallInstead *instead = data;
  g_free (instead->call);
  g_free (instead->why);
  g_strfreev (instead->by);
  g_free (instead->allow);
  g_free (instead);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSyscallGroup, group_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSyscallInstead, instead_free)

void
aak_syscall_table_free (AakSyscallTable *table)
{
  g_ptr_array_unref (table->start);
  g_ptr_array_unref (table->groups);
  g_ptr_array_unref (table->instead);
  g_ptr_array_unref (table->absent);
  g_free (table);
}

/* --- what the entries share ------------------------------------------------------------------ */

/* The calls under @key; at least one where they are @needed. */
static gboolean
read_calls (AakYamlNode entry, const char *key, gboolean needed, char ***out, GError **error)
{
  if (!aak_table_texts (entry, key, out, error))
    return FALSE;
  if (needed && **out == NULL)
    return aak_yaml_error (entry, error, "%s: a list of calls is needed", key);
  for (char **call = *out; *call != NULL; call++)
    if (!aak_syscall_is_name (*call) || **call == '#')
      return aak_yaml_error (entry, error, "%s: a name of a system call is needed", key);
  return TRUE;
}

/* why: and source:, of which the latter is for people only. */
static char *
read_why (AakYamlNode entry, GError **error)
{
  const char *why = aak_yaml_get_text (entry, "why", error);
  if (why == NULL || aak_yaml_get_text (entry, "source", error) == NULL)
    return NULL;
  if (aak_table_is_line (why))
    return g_strdup (why);
  aak_yaml_error (entry, error, "why: one line");
  return NULL;
}

typedef gboolean (*EntryReader) (AakYamlNode entry, GPtrArray *out, GError **error);

static gboolean
read_list (AakYamlNode root, const char *key, EntryReader read, GPtrArray *out, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (root, key, &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > MAX_ENTRIES)
    return aak_yaml_error (list, error, "%s: more than %d entries", key, MAX_ENTRIES);
  for (guint i = 0; i < length; i++)
    if (!read (aak_yaml_item (list, i), out, error))
      return FALSE;
  return TRUE;
}

/* --- the lists ------------------------------------------------------------------------------- */

static AakSyscallGroup *
read_named (AakYamlNode entry, GPtrArray *known, GError **error)
{
  g_autoptr (AakSyscallGroup) group = g_new0 (AakSyscallGroup, 1);
  group->id = g_strdup (aak_yaml_get_text (entry, "id", error));
  group->why = group->id != NULL ? read_why (entry, error) : NULL;
  if (group->why == NULL)
    return NULL;
  if (!aak_table_is_id (group->id))
    {
      aak_yaml_error (entry, error, "id: lower case letters, digits and \"-\"");
      return NULL;
    }
  for (guint i = 0; i < known->len; i++)
    if (strcmp (((const AakSyscallGroup *) known->pdata[i])->id, group->id) == 0)
      {
        aak_yaml_error (entry, error, "%s is there twice", group->id);
        return NULL;
      }
  return g_steal_pointer (&group);
}

static gboolean
read_start (AakYamlNode entry, GPtrArray *out, GError **error)
{
  static const char *const keys[] = { "id", "why", "source", "calls", NULL };
  g_autoptr (AakSyscallGroup) group = read_named (entry, out, error);
  if (group == NULL || !aak_table_check_keys (entry, keys, error)
      || !read_calls (entry, "calls", TRUE, &group->adds, error))
    return FALSE;
  g_ptr_array_add (out, g_steal_pointer (&group));
  return TRUE;
}

static gboolean
read_group (AakYamlNode entry, GPtrArray *out, GError **error)
{
  static const char *const keys[] = { "id", "why", "source", "calls", "seen", "adds", NULL };
  AakYamlNode unused;
  gboolean mutual = aak_yaml_find (entry, "calls", &unused);
  g_autoptr (AakSyscallGroup) group = read_named (entry, out, error);
  if (group == NULL || !aak_table_check_keys (entry, keys, error)
      || !read_calls (entry, mutual ? "calls" : "seen", TRUE, &group->seen, error)
      || !read_calls (entry, mutual ? "calls" : "adds", TRUE, &group->adds, error))
    return FALSE;
  if (mutual && (aak_yaml_find (entry, "seen", &unused) || aak_yaml_find (entry, "adds", &unused)))
    return aak_yaml_error (entry, error, "%s: calls, or seen and adds", group->id);
  g_ptr_array_add (out, g_steal_pointer (&group));
  return TRUE;
}

static gboolean
read_instead (AakYamlNode entry, GPtrArray *out, GError **error)
{
  static const char *const keys[] = { "call", "why", "source", "by", "allow", NULL };
  g_autoptr (AakSyscallInstead) instead = g_new0 (AakSyscallInstead, 1);
  instead->call = g_strdup (aak_yaml_get_text (entry, "call", error));
  instead->allow =
      instead->call != NULL ? g_strdup (aak_yaml_get_text (entry, "allow", error)) : NULL;
  instead->why = instead->allow != NULL ? read_why (entry, error) : NULL;
  if (instead->why == NULL || !aak_table_check_keys (entry, keys, error)
      || !read_calls (entry, "by", TRUE, &instead->by, error))
    return FALSE;
  if (!aak_syscall_is_name (instead->call) || *instead->call == '#'
      || !aak_table_is_id (instead->allow))
    return aak_yaml_error (entry, error, "call: a system call, and allow: an id are needed");
  g_ptr_array_add (out, g_steal_pointer (&instead));
  return TRUE;
}

static gboolean
read_absent (AakYamlNode entry, GPtrArray *out, GError **error)
{
  static const char *const keys[] = { "calls", "why", "source", NULL };
  g_auto (GStrv) calls = NULL;
  g_autofree char *why = read_why (entry, error);
  if (why == NULL || !aak_table_check_keys (entry, keys, error)
      || !read_calls (entry, "calls", TRUE, &calls, error))
    return FALSE;
  for (char **call = calls; *call != NULL; call++)
    g_ptr_array_add (out, g_strdup (*call));
  return TRUE;
}

/* --- the table ------------------------------------------------------------------------------- */

AakSyscallTable *
aak_syscall_table_read (const char *name, GBytes *text, GError **error)
{
  static const char *const keys[] = { "schema", "start", "groups", "instead", "absent", NULL };
  g_autoptr (AakSyscallTable) table = g_new0 (AakSyscallTable, 1);
  table->start = g_ptr_array_new_with_free_func (group_free);
  table->groups = g_ptr_array_new_with_free_func (group_free);
  table->instead = g_ptr_array_new_with_free_func (instead_free);
  table->absent = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "syscalls", 1, error)
      || !aak_table_check_keys (aak_yaml_root (yaml), keys, error)
      || !read_list (aak_yaml_root (yaml), "start", read_start, table->start, error)
      || !read_list (aak_yaml_root (yaml), "groups", read_group, table->groups, error)
      || !read_list (aak_yaml_root (yaml), "instead", read_instead, table->instead, error)
      || !read_list (aak_yaml_root (yaml), "absent", read_absent, table->absent, error))
    return NULL;
  return g_steal_pointer (&table);
}

const AakSyscallTable *
aak_syscall_table (void)
{
  static const AakSyscallTable *table;
  if (g_once_init_enter (&table))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text = aak_table_text (TABLE);
      const AakSyscallTable *read = aak_syscall_table_read (TABLE, text, &error);
      if (read == NULL)
        g_error ("the program is damaged: %s", error->message);
      g_once_init_leave (&table, read);
    }
  return table;
}
