/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the table of exposures. */
#include "config.h"

#include "lib/policy/exposure-table.h"

#include "lib/policy/question-words.h"
#include "lib/policy/question.h"
#include "lib/policy/score-number.h"
#include "lib/table.h"

#include <string.h>

#define TABLE "exposure.yaml"

static void
exposure_free (gpointer data)
{
  AakExposure *exposure = data;
  g_free (exposure->id);
  g_free (exposure->what);
  g_free (exposure->why);
  g_clear_pointer (&exposure->questions, g_ptr_array_unref);
  g_free (exposure);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakExposure, exposure_free)

static const char *const class_words[] = {
  [AAK_EXPOSURE_FILE] = "file",       [AAK_EXPOSURE_CAPABILITY] = "capability",
  [AAK_EXPOSURE_NETWORK] = "network", [AAK_EXPOSURE_MOUNT] = "mount",
  [AAK_EXPOSURE_USERNS] = "userns",   [AAK_EXPOSURE_PTRACE] = "ptrace",
  [AAK_EXPOSURE_SIGNAL] = "signal",   [AAK_EXPOSURE_IO_URING] = "io_uring",
  [AAK_EXPOSURE_MQUEUE] = "mqueue",   [AAK_EXPOSURE_DBUS] = "dbus",
};

const char *
aak_exposure_class_word (AakExposureClass class)
{
  return class_words[class];
}

/* --- one entry ------------------------------------------------------------------------------- */

static gboolean
read_class (AakYamlNode entry, AakExposureClass *out, GError **error)
{
  const char *word = aak_yaml_get_text (entry, "class", error);
  if (word == NULL)
    return FALSE;
  for (guint class = 0; class < G_N_ELEMENTS (class_words); class ++)
    if (strcmp (word, class_words[class]) == 0)
      {
        *out = (AakExposureClass) class;
        return TRUE;
      }
  return aak_yaml_error (entry, error, "class: there is no class %s", word);
}

/* The least score, which most entries do not have. */
static gboolean
read_least (AakYamlNode entry, AakExposure *out, GError **error)
{
  AakYamlNode node;
  if (!aak_yaml_find (entry, "least", &node))
    return TRUE;
  const char *text = aak_yaml_text (node, error);
  if (text == NULL)
    return FALSE;
  return aak_score_parse (text, &out->least)
         || aak_yaml_error (node, error, "least: 0 to 10, with one decimal at most");
}

static gboolean
read_numbers (AakYamlNode entry, AakExposure *out, GError **error)
{
  guint64 weight = 0;
  if (!aak_yaml_get_uint (entry, "weight", &weight, error))
    return FALSE;
  if (weight < 1 || weight > AAK_EXPOSURE_WEIGHT_MAX)
    return aak_yaml_error (entry, error, "weight: 1 to %d", AAK_EXPOSURE_WEIGHT_MAX);
  const char *containerd = aak_yaml_get_text (entry, "containerd", error);
  if (containerd == NULL)
    return FALSE;
  out->weight = (guint) weight;
  out->containerd = strcmp (containerd, "allows") == 0;
  return out->containerd || strcmp (containerd, "refuses") == 0
         || aak_yaml_error (entry, error, "containerd: neither allows nor refuses");
}

/* The words with @last behind them, if it is not NULL, as a list of their own. */
static char **
copy_words (const GPtrArray *words, const char *last)
{
  g_autoptr (GStrvBuilder) copy = g_strv_builder_new ();
  for (guint i = 0; i < words->len; i++)
    g_strv_builder_add (copy, words->pdata[i]);
  if (last != NULL)
    g_strv_builder_add (copy, last);
  return g_strv_builder_end (copy);
}

/* A question about a file that does not say whose it is stands for two. */
static void
add_question (GPtrArray *questions, const GPtrArray *words)
{
  const char *last = words->pdata[words->len - 1];
  if (!aak_question_has_owner (words->pdata[0]) || strcmp (last, "owner") == 0
      || strcmp (last, "other") == 0)
    {
      g_ptr_array_add (questions, copy_words (words, NULL));
      return;
    }
  g_ptr_array_add (questions, copy_words (words, "owner"));
  g_ptr_array_add (questions, copy_words (words, "other"));
}

static gboolean
read_questions (AakYamlNode entry, AakExposure *out, GError **error)
{
  g_auto (GStrv) lines = NULL;
  if (!aak_table_texts (entry, "questions", &lines, error))
    return FALSE;
  guint n = g_strv_length (lines);
  if (n == 0 || n > AAK_EXPOSURE_QUESTIONS_MAX)
    return aak_yaml_error (entry, error, "questions: 1 to %d", AAK_EXPOSURE_QUESTIONS_MAX);
  out->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (GError) why = NULL;
      if (!aak_question_words_split (*line, words, &why)
          || !aak_question_check ((const char *const *) words->pdata, words->len, &why))
        return aak_yaml_error (entry, error, "questions: %s", why->message);
      add_question (out->questions, words);
    }
  return TRUE;
}

static AakExposure *
read_entry (AakYamlNode entry, GError **error)
{
  static const char *const keys[] = { "id",  "class",  "weight",     "least",     "what",
                                      "why", "source", "containerd", "questions", NULL };
  g_autoptr (AakExposure) read = g_new0 (AakExposure, 1);
  if (!aak_table_check_keys (entry, keys, error))
    return NULL;
  read->id = g_strdup (aak_yaml_get_text (entry, "id", error));
  read->what = read->id != NULL ? g_strdup (aak_yaml_get_text (entry, "what", error)) : NULL;
  read->why = read->what != NULL ? g_strdup (aak_yaml_get_text (entry, "why", error)) : NULL;
  if (read->why == NULL || aak_yaml_get_text (entry, "source", error) == NULL
      || !read_class (entry, &read->class, error) || !read_numbers (entry, read, error)
      || !read_least (entry, read, error) || !read_questions (entry, read, error))
    return NULL;
  if (!aak_table_is_id (read->id))
    aak_yaml_error (entry, error, "id: lower case letters, digits and \"-\"");
  else if (!aak_table_is_line (read->what) || !aak_table_is_line (read->why))
    aak_yaml_error (entry, error, "what, why: one line each");
  else
    return g_steal_pointer (&read);
  return NULL;
}

/* --- the table ------------------------------------------------------------------------------- */

static gboolean
has_id (const GPtrArray *table, const char *id)
{
  for (guint i = 0; i < table->len; i++)
    if (strcmp (((const AakExposure *) table->pdata[i])->id, id) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_entries (AakYamlNode list, GPtrArray *table, GError **error)
{
  guint length = 0;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length == 0 || length > AAK_EXPOSURE_MAX)
    return aak_yaml_error (list, error, "1 to %d entries", AAK_EXPOSURE_MAX);
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      g_autoptr (AakExposure) exposure = read_entry (item, error);
      if (exposure == NULL)
        return FALSE;
      if (has_id (table, exposure->id))
        return aak_yaml_error (item, error, "%s is there twice", exposure->id);
      g_ptr_array_add (table, g_steal_pointer (&exposure));
    }
  return TRUE;
}

GPtrArray *
aak_exposure_table_read (const char *name, GBytes *text, GError **error)
{
  static const char *const keys[] = { "schema", "exposure", NULL };
  g_autoptr (GPtrArray) table = g_ptr_array_new_with_free_func (exposure_free);
  g_autoptr (AakYaml) yaml = aak_yaml_parse (name, text, error);
  AakYamlNode list;
  if (yaml == NULL || !aak_yaml_check_schema (yaml, "exposure", 1, error)
      || !aak_table_check_keys (aak_yaml_root (yaml), keys, error)
      || !aak_yaml_get (aak_yaml_root (yaml), "exposure", &list, error)
      || !read_entries (list, table, error))
    return NULL;
  return g_steal_pointer (&table);
}

const GPtrArray *
aak_exposure_table (void)
{
  static const GPtrArray *table;
  if (g_once_init_enter (&table))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text = aak_table_text (TABLE);
      GPtrArray *read = aak_exposure_table_read (TABLE, text, &error);
      if (read == NULL)
        g_error ("the program is damaged: %s", error->message);
      g_once_init_leave (&table, read);
    }
  return table;
}
