/* SPDX-License-Identifier: GPL-2.0-or-later
 * Programs by path, and the bits of their files. */
#include "config.h"

#include "learn/program-facts.h"

#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/path-walk.h"
#include "lib/table.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

struct AakProgramFacts
{
  GHashTable *gains; /* path -> AakGain bits */
};

static const struct
{
  AakGain gain;
  const char *word; /* in a state */
  const char *text; /* for people */
} gains_known[] = {
  { AAK_GAIN_SETUID, "setuid", "setuid" },
  { AAK_GAIN_SETGID, "setgid", "setgid" },
  { AAK_GAIN_CAPABILITIES, "capabilities", "file capabilities" },
};

AakProgramFacts *
aak_program_facts_new (void)
{
  AakProgramFacts *facts = g_new (AakProgramFacts, 1);
  facts->gains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return facts;
}

void
aak_program_facts_free (AakProgramFacts *facts)
{
  g_hash_table_unref (facts->gains);
  g_free (facts);
}

void
aak_program_facts_add (AakProgramFacts *facts, const char *path, guint gains)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (facts->gains, path));
  g_hash_table_insert (facts->gains, g_strdup (path), GUINT_TO_POINTER (known | gains));
}

void
aak_program_facts_merge (AakProgramFacts *facts, const AakProgramFacts *from)
{
  GHashTableIter iter;
  gpointer path, gains;
  g_hash_table_iter_init (&iter, from->gains);
  while (g_hash_table_iter_next (&iter, &path, &gains))
    aak_program_facts_add (facts, path, GPOINTER_TO_UINT (gains));
}

guint
aak_program_facts_count (const AakProgramFacts *facts)
{
  return g_hash_table_size (facts->gains);
}

gboolean
aak_program_facts_find (const AakProgramFacts *facts, const char *path, guint *out_gains)
{
  gpointer gains;
  if (!g_hash_table_lookup_extended (facts->gains, path, NULL, &gains))
    return FALSE;
  *out_gains = GPOINTER_TO_UINT (gains);
  return TRUE;
}

char *
aak_program_facts_words (guint gains)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (gains_known); i++)
    if (gains & gains_known[i].gain)
      g_ptr_array_add (words, (gpointer) gains_known[i].text);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" and ", (char **) words->pdata);
}

/* --- files ----------------------------------------------------------------------------------- */

gboolean
aak_program_facts_look (const char *dir, const char *path, guint *out_gains)
{
  g_auto (AakFd) root = open (dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
  struct stat st;
  while (*path == '/')
    path++;
  g_auto (AakFd) fd =
      root >= 0 ? aak_path_open_below (root, dir, path, AAK_PATH_ANYBODY, NULL) : -1;
  if (fd < 0 || fstat (fd, &st) < 0 || !S_ISREG (st.st_mode))
    return FALSE;
  *out_gains = (st.st_mode & S_ISUID) ? AAK_GAIN_SETUID : 0;
  /* Without execution for the group the bit means mandatory locking (execve(2), inode(7)). */
  if ((st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
    *out_gains |= AAK_GAIN_SETGID;
  if (fgetxattr (fd, "security.capability", NULL, 0) > 0)
    *out_gains |= AAK_GAIN_CAPABILITIES;
  return TRUE;
}

/* --- in a state ------------------------------------------------------------------------------ */

void
aak_program_facts_write (const AakProgramFacts *facts, AakYamlWriter *yaml)
{
  g_autoptr (GList) paths =
      g_list_sort (g_hash_table_get_keys (facts->gains), (GCompareFunc) strcmp);
  if (paths == NULL)
    return;
  aak_yaml_key (yaml, "programs");
  aak_yaml_begin_list (yaml);
  for (const GList *l = paths; l != NULL; l = l->next)
    {
      guint gains = GPOINTER_TO_UINT (g_hash_table_lookup (facts->gains, l->data));
      aak_yaml_begin_flow_map (yaml);
      aak_yaml_pair_escaped (yaml, "path", l->data);
      aak_yaml_key (yaml, "gains");
      aak_yaml_begin_flow_list (yaml);
      for (gsize i = 0; i < G_N_ELEMENTS (gains_known); i++)
        if (gains & gains_known[i].gain)
          aak_yaml_put_text (yaml, gains_known[i].word);
      aak_yaml_end_list (yaml);
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
}

static gboolean
read_gain (AakYamlNode node, guint *gains, GError **error)
{
  const char *word = aak_yaml_text (node, error);
  if (word == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (gains_known); i++)
    if (strcmp (word, gains_known[i].word) == 0)
      {
        if (*gains & gains_known[i].gain)
          return aak_yaml_error (node, error, "is there twice");
        *gains |= gains_known[i].gain;
        return TRUE;
      }
  return aak_yaml_error (node, error, "setuid, setgid or capabilities was expected");
}

static gboolean
read_fact (AakProgramFacts *facts, AakYamlNode node, GError **error)
{
  static const char *const keys[] = { "path", "gains", NULL };
  const char *path = aak_yaml_get_text (node, "path", error);
  AakYamlNode list;
  guint length = 0, gains = 0, unused;
  gsize len = 0;
  if (path == NULL || !aak_yaml_get (node, "gains", &list, error)
      || !aak_yaml_length (list, &length, error) || !aak_table_check_keys (node, keys, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!read_gain (aak_yaml_item (list, i), &gains, error))
      return FALSE;
  g_autofree char *bytes = aak_unescape (path, &len);
  if (bytes == NULL || strlen (bytes) != len || *bytes != '/')
    return aak_yaml_error (node, error, "path: no path of a file");
  if (aak_program_facts_find (facts, bytes, &unused))
    return aak_yaml_error (node, error, "is there twice");
  aak_program_facts_add (facts, bytes, gains);
  return TRUE;
}

gboolean
aak_program_facts_read (AakProgramFacts *facts, AakYamlNode node, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (node, "programs", &list))
    return TRUE;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_PROGRAM_FACTS_MAX)
    return aak_yaml_error (list, error, "more than %u programs", AAK_PROGRAM_FACTS_MAX);
  for (guint i = 0; i < length; i++)
    if (!read_fact (facts, aak_yaml_item (list, i), error))
      return FALSE;
  return TRUE;
}
