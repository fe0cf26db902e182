/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading the table of sensitive accesses. */
#include "config.h"

#include "learn/sensitive-table.h"

#include "learn/access-fields.h"
#include "learn/event.h"
#include "lib/escape.h"
#include "lib/table.h"
#include "lib/yaml.h"

#include <string.h>

static void
sensitive_free (gpointer data)
{
  AakSensitive *sensitive = data;
  g_free (sensitive->id);
  g_free (sensitive->why);
  g_free (sensitive->silenced);
  g_strfreev (sensitive->paths);
  g_strfreev (sensitive->written);
  g_strfreev (sensitive->capabilities);
  g_strfreev (sensitive->families);
  g_strfreev (sensitive->sockets);
  g_strfreev (sensitive->io_uring);
  g_strfreev (sensitive->destinations);
  g_strfreev (sensitive->classes);
  g_strfreev (sensitive->syscalls);
  g_free (sensitive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSensitive, sensitive_free)

static gboolean
is_class (const char *text)
{
  for (guint class = 0; class <= AAK_CLASS_OTHER; class ++)
    if (g_strcmp0 (aak_access_class_word ((AakClass) class), text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_words (AakYamlNode entry, AakSensitive *out, GError **error)
{
  g_auto (GStrv) ptrace = NULL;
  g_auto (GStrv) dbus = NULL;
  if (!aak_table_texts (entry, "ptrace", &ptrace, error)
      || !aak_table_texts (entry, "dbus", &dbus, error))
    return FALSE;
  for (char **word = ptrace; *word != NULL; word++)
    if (strcmp (*word, "trace") == 0)
      out->ptrace |= AAK_PERM_TRACE;
    else if (strcmp (*word, "tracedby") == 0)
      out->ptrace |= AAK_PERM_TRACEDBY;
    else
      return aak_yaml_error (entry, error, "ptrace: %s is neither trace nor tracedby", *word);
  for (char **word = out->classes; *word != NULL; word++)
    if (!is_class (*word))
      return aak_yaml_error (entry, error, "classes: there is no class %s", *word);
  for (char **word = dbus; *word != NULL; word++)
    if (strcmp (*word, "eavesdrop") != 0)
      return aak_yaml_error (entry, error, "dbus: %s is not eavesdrop", *word);
  out->eavesdrop = *dbus != NULL;
  return TRUE;
}

static gboolean
matches_anything (const AakSensitive *entry)
{
  char *const *const lists[] = { entry->paths,    entry->written,      entry->capabilities,
                                 entry->families, entry->sockets,      entry->io_uring,
                                 entry->classes,  entry->destinations, entry->syscalls };
  gboolean any = entry->ptrace != 0 || entry->eavesdrop;
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    any |= *lists[i] != NULL;
  return any;
}

/* The text under @key, which stands in the comments of profiles; NULL with an error. */
static char *
read_line (AakYamlNode entry, const char *key, GError **error)
{
  const char *text = aak_yaml_get_text (entry, key, error);
  if (text == NULL)
    return NULL;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      {
        aak_yaml_error (entry, error, "%s: one line of text is needed", key);
        return NULL;
      }
  return g_strdup (text);
}

static AakSensitive *
read_entry (AakYamlNode entry, GError **error)
{
  static const char *const keys[] = {
    "id",           "why",      "source",  "paths",    "written",
    "capabilities", "families", "sockets", "io_uring", "destinations",
    "classes",      "dbus",     "ptrace",  "syscalls", NULL,
  };
  g_autoptr (AakSensitive) sensitive = g_new0 (AakSensitive, 1);
  sensitive->id = g_strdup (aak_yaml_get_text (entry, "id", error));
  sensitive->why = sensitive->id != NULL ? read_line (entry, "why", error) : NULL;
  if (sensitive->why == NULL || aak_yaml_get_text (entry, "source", error) == NULL
      || !aak_table_check_keys (entry, keys, error)
      || !aak_table_texts (entry, "paths", &sensitive->paths, error)
      || !aak_table_texts (entry, "written", &sensitive->written, error)
      || !aak_table_texts (entry, "capabilities", &sensitive->capabilities, error)
      || !aak_table_texts (entry, "families", &sensitive->families, error)
      || !aak_table_texts (entry, "sockets", &sensitive->sockets, error)
      || !aak_table_texts (entry, "io_uring", &sensitive->io_uring, error)
      || !aak_table_texts (entry, "destinations", &sensitive->destinations, error)
      || !aak_table_texts (entry, "classes", &sensitive->classes, error)
      || !aak_table_texts (entry, "syscalls", &sensitive->syscalls, error)
      || !read_words (entry, sensitive, error))
    return NULL;
  if (!aak_table_is_id (sensitive->id))
    aak_yaml_error (entry, error, "id: lower case letters, digits and \"-\"");
  else if (!matches_anything (sensitive))
    aak_yaml_error (entry, error, "%s matches no access", sensitive->id);
  else
    return g_steal_pointer (&sensitive);
  return NULL;
}

const AakSensitive *
aak_sensitive_table_find (const GPtrArray *table, const char *id)
{
  for (guint i = 0; i < table->len; i++)
    {
      const AakSensitive *sensitive = table->pdata[i];
      if (strcmp (sensitive->id, id) == 0)
        return sensitive;
    }
  return NULL;
}

static gboolean
read_entries (AakYamlNode list, GPtrArray *table, GError **error)
{
  guint length = 0;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_SENSITIVE_MAX)
    return aak_yaml_error (list, error, "more than %u entries", AAK_SENSITIVE_MAX);
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      g_autoptr (AakSensitive) sensitive = read_entry (item, error);
      if (sensitive == NULL)
        return FALSE;
      if (aak_sensitive_table_find (table, sensitive->id) != NULL)
        return aak_yaml_error (item, error, "%s is there twice", sensitive->id);
      g_ptr_array_add (table, g_steal_pointer (&sensitive));
    }
  return TRUE;
}

/* --- what a site says ------------------------------------------------------------------------ */

/* Index in @table, or its length. */
static guint
index_of (const GPtrArray *table, const char *id)
{
  guint i = 0;
  while (i < table->len && strcmp (((const AakSensitive *) table->pdata[i])->id, id) != 0)
    i++;
  return i;
}

/* @own are the site's entries: what stands there says what is meant, and is not silenced. */
static gboolean
read_silenced_one (AakYamlNode entry, const GPtrArray *table, const GPtrArray *own, GHashTable *out,
                   GError **error)
{
  static const char *const keys[] = { "id", "reason", NULL };
  const char *id = aak_yaml_get_text (entry, "id", error);
  g_autofree char *reason = id != NULL ? read_line (entry, "reason", error) : NULL;
  if (reason == NULL || !aak_table_check_keys (entry, keys, error))
    return FALSE;
  g_autofree char *shown = aak_escape (id, strlen (id));
  if (*reason == '\0')
    return aak_yaml_error (entry, error, "%s: a reason is needed", shown);
  if (aak_sensitive_table_find (own, id) != NULL)
    return aak_yaml_error (entry, error, "%s is both said and silenced", shown);
  if (aak_sensitive_table_find (table, id) == NULL)
    return aak_yaml_error (entry, error, "there is no entry %s", shown);
  return g_hash_table_insert (out, g_strdup (id), g_steal_pointer (&reason))
         || aak_yaml_error (entry, error, "%s is there twice", shown);
}

static gboolean
read_silenced (AakYamlNode list, const GPtrArray *table, const GPtrArray *own, GHashTable *out,
               GError **error)
{
  guint length = 0;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_silenced_one (aak_yaml_item (list, i), table, own, out, error))
      return FALSE;
  return TRUE;
}

/* Moves the entries of @own to their places in @table. */
static void
take_entries (GPtrArray *table, GPtrArray *own)
{
  while (own->len > 0)
    {
      AakSensitive *entry = g_ptr_array_steal_index (own, 0);
      guint at = index_of (table, entry->id);
      if (at < table->len)
        g_ptr_array_remove_index (table, at);
      g_ptr_array_insert (table, (gint) at, entry);
    }
}

gboolean
aak_sensitive_table_extend (GPtrArray *table, const char *name, GBytes *text, GError **error)
{
  static const char *const keys[] = { "schema", "sensitive", "silenced", NULL };
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func (sensitive_free);
  g_autoptr (GHashTable) silenced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  AakYamlNode list;
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "sensitive", 1, error)
      || !aak_table_check_keys (aak_yaml_root (yaml), keys, error)
      || (aak_yaml_find (aak_yaml_root (yaml), "sensitive", &list)
          && !read_entries (list, own, error))
      || (aak_yaml_find (aak_yaml_root (yaml), "silenced", &list)
          && !read_silenced (list, table, own, silenced, error)))
    return FALSE;
  for (guint i = 0; i < table->len; i++)
    {
      AakSensitive *entry = table->pdata[i];
      g_free (entry->silenced);
      entry->silenced = g_strdup (g_hash_table_lookup (silenced, entry->id));
    }
  take_entries (table, own);
  return TRUE;
}

/* --- the whole ------------------------------------------------------------------------------- */

GPtrArray *
aak_sensitive_table_read (const char *name, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new_with_free_func (sensitive_free);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  AakYamlNode list;
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "sensitive", 1, error)
      || !aak_yaml_get (aak_yaml_root (yaml), "sensitive", &list, error)
      || !read_entries (list, table, error))
    return NULL;
  return g_steal_pointer (&table);
}

GPtrArray *
aak_sensitive_table_shipped (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = aak_table_text ("sensitive.yaml");
  GPtrArray *table = aak_sensitive_table_read ("sensitive.yaml", text, &error);
  if (table == NULL)
    g_error ("the program is damaged: %s", error->message);
  return table;
}

/* The one that is used. */
static const GPtrArray *used;

void
aak_sensitive_table_use (GPtrArray *table)
{
  if (g_once_init_enter (&used))
    g_once_init_leave (&used, table);
  else
    g_error ("the table of sensitive accesses was asked for before it was chosen");
}

const GPtrArray *
aak_sensitive_table (void)
{
  if (g_once_init_enter (&used))
    g_once_init_leave (&used, aak_sensitive_table_shipped ());
  return used;
}
