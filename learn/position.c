/* SPDX-License-Identifier: GPL-2.0-or-later
 * Positions, and their form in a state. */
#include "config.h"

#include "learn/position.h"

#include "lib/escape.h"

#include <string.h>

static void
file_free (gpointer data)
{
  AakPositionFile *file = data;
  g_free (file->digest);
  g_free (file);
}

AakPosition *
aak_position_new (void)
{
  AakPosition *position = g_new0 (AakPosition, 1);
  position->files = g_ptr_array_new_with_free_func (file_free);
  position->members = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_position_free);
  position->ahead = g_array_new (FALSE, FALSE, sizeof (guint64));
  return position;
}

void
aak_position_free (AakPosition *position)
{
  g_free (position->path);
  g_free (position->cursor);
  g_ptr_array_unref (position->files);
  g_ptr_array_unref (position->members);
  g_array_unref (position->ahead);
  g_free (position);
}

void
aak_position_add_file (AakPosition *position, guint64 device, guint64 inode, guint64 offset,
                       const char *digest)
{
  AakPositionFile *file = g_new (AakPositionFile, 1);
  *file = (AakPositionFile){ device, inode, offset, g_strdup (digest) };
  g_ptr_array_add (position->files, file);
}

AakPosition *
aak_position_copy (const AakPosition *position)
{
  AakPosition *copy = aak_position_new ();
  GPtrArray *files = copy->files, *members = copy->members;
  g_array_unref (copy->ahead);
  *copy = *position;
  copy->files = files;
  copy->members = members;
  copy->ahead = g_array_copy (position->ahead);
  copy->path = g_strdup (position->path);
  copy->cursor = g_strdup (position->cursor);
  for (guint i = 0; i < position->files->len; i++)
    {
      const AakPositionFile *file = g_ptr_array_index (position->files, i);
      aak_position_add_file (copy, file->device, file->inode, file->offset, file->digest);
    }
  for (guint i = 0; i < position->members->len; i++)
    g_ptr_array_add (members, aak_position_copy (g_ptr_array_index (position->members, i)));
  return copy;
}

/* --- writing --------------------------------------------------------------------------------- */

static void
write_text (AakYamlWriter *yaml, const char *key, const char *bytes)
{
  if (bytes != NULL)
    aak_yaml_pair_escaped (yaml, key, bytes);
}

static void
write_files (const AakPosition *position, AakYamlWriter *yaml)
{
  aak_yaml_key (yaml, "files");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < position->files->len; i++)
    {
      const AakPositionFile *file = g_ptr_array_index (position->files, i);
      aak_yaml_begin_flow_map (yaml);
      aak_yaml_pair_uint (yaml, "device", file->device);
      aak_yaml_pair_uint (yaml, "inode", file->inode);
      aak_yaml_pair_uint (yaml, "offset", file->offset);
      aak_yaml_pair_text (yaml, "digest", file->digest);
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
}

static void
write_ahead (const AakPosition *position, AakYamlWriter *yaml)
{
  aak_yaml_key (yaml, "ahead");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < position->ahead->len; i++)
    aak_yaml_put_uint (yaml, g_array_index (position->ahead, guint64, i));
  aak_yaml_end_list (yaml);
}

static void
write_members (const AakPosition *position, AakYamlWriter *yaml)
{
  aak_yaml_pair_uint (yaml, "seed", position->seed);
  aak_yaml_key (yaml, "members");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < position->members->len; i++)
    aak_position_write (g_ptr_array_index (position->members, i), yaml);
  aak_yaml_end_list (yaml);
}

void
aak_position_write (const AakPosition *position, AakYamlWriter *yaml)
{
  aak_yaml_begin_flow_map (yaml);
  write_text (yaml, "path", position->path);
  write_text (yaml, "cursor", position->cursor);
  if (position->has_line)
    aak_yaml_pair_uint (yaml, "line", position->line);
  if (position->has_stamp)
    {
      aak_yaml_pair_uint (yaml, "time", position->time);
      aak_yaml_pair_uint (yaml, "serial", position->serial);
    }
  if (position->has_lost)
    aak_yaml_pair_uint (yaml, "lost", position->lost);
  write_files (position, yaml);
  if (position->ahead->len > 0)
    write_ahead (position, yaml);
  if (position->members->len > 0)
    write_members (position, yaml);
  aak_yaml_end_map (yaml);
}

/* --- reading --------------------------------------------------------------------------------- */

/* A number that may be missing. */
static gboolean
read_number (AakYamlNode map, const char *key, gboolean *out_has, guint64 *out, GError **error)
{
  AakYamlNode unused;
  *out_has = aak_yaml_find (map, key, &unused);
  return !*out_has || aak_yaml_get_uint (map, key, out, error);
}

/* A text that may be missing; *@out stays NULL then. */
static gboolean
read_text (AakYamlNode map, const char *key, char **out, GError **error)
{
  AakYamlNode node;
  if (!aak_yaml_find (map, key, &node))
    return TRUE;
  const char *text = aak_yaml_text (node, error);
  if (text == NULL)
    return FALSE;
  gsize len = 0;
  g_autofree char *bytes = aak_unescape (text, &len);
  if (bytes == NULL || strlen (bytes) != len || len > AAK_POSITION_MAX_TEXT)
    return aak_yaml_error (node, error, "not an escaped text of at most %d bytes",
                           AAK_POSITION_MAX_TEXT);
  *out = g_steal_pointer (&bytes);
  return TRUE;
}

static gboolean
read_file (AakYamlNode node, AakPosition *position, GError **error)
{
  guint64 device, inode, offset;
  const char *digest;
  if (!aak_yaml_get_uint (node, "device", &device, error)
      || !aak_yaml_get_uint (node, "inode", &inode, error)
      || !aak_yaml_get_uint (node, "offset", &offset, error)
      || (digest = aak_yaml_get_text (node, "digest", error)) == NULL)
    return FALSE;
  if (offset > G_MAXINT64 || strlen (digest) > 64
      || strspn (digest, "0123456789abcdef") != strlen (digest))
    return aak_yaml_error (node, error, "no place in a file");
  aak_position_add_file (position, device, inode, offset, digest);
  return TRUE;
}

static gboolean
read_files (AakYamlNode map, AakPosition *position, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_get (map, "files", &list, error) || !aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_POSITION_MAX_FILES)
    return aak_yaml_error (list, error, "more than %d files", AAK_POSITION_MAX_FILES);
  for (guint i = 0; i < length; i++)
    if (!read_file (aak_yaml_item (list, i), position, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_stamp (AakYamlNode map, AakPosition *position, GError **error)
{
  gboolean has_time;
  if (!read_number (map, "time", &has_time, &position->time, error)
      || !read_number (map, "serial", &position->has_stamp, &position->serial, error))
    return FALSE;
  if (has_time != position->has_stamp || position->serial > G_MAXUINT32)
    return aak_yaml_error (map, error, "no stamp of a record: time and serial (32 bits)");
  return TRUE;
}

static gboolean
read_list (AakYamlNode map, const char *key, guint max, AakYamlNode *out, guint *out_length,
           GError **error)
{
  if (!aak_yaml_get (map, key, out, error) || !aak_yaml_length (*out, out_length, error))
    return FALSE;
  return *out_length <= max || aak_yaml_error (*out, error, "more than %u items", max);
}

static gboolean
read_ahead (AakYamlNode map, AakPosition *position, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (map, "ahead", &list))
    return TRUE;
  if (!read_list (map, "ahead", AAK_POSITION_MAX_AHEAD, &list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      const char *text = aak_yaml_text (item, error);
      guint64 key;
      if (text == NULL)
        return FALSE;
      if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, &key, NULL))
        return aak_yaml_error (item, error, "a number was expected");
      g_array_append_val (position->ahead, key);
    }
  return TRUE;
}

/* The members have none of their own. */
static gboolean
read_members (AakYamlNode map, AakPosition *position, GError **error)
{
  AakYamlNode list, inner;
  guint length = 0;
  if (!aak_yaml_find (map, "members", &list))
    return TRUE;
  if (!read_list (map, "members", AAK_POSITION_MAX_MEMBERS, &list, &length, error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      AakYamlNode item = aak_yaml_item (list, i);
      if (aak_yaml_find (item, "members", &inner))
        return aak_yaml_error (inner, error, "a member of several sources is one source");
      AakPosition *member = aak_position_read (item, error);
      if (member == NULL)
        return FALSE;
      g_ptr_array_add (position->members, member);
    }
  return aak_yaml_get_uint (map, "seed", &position->seed, error);
}

static gboolean
check_keys (AakYamlNode node, GError **error)
{
  static const char *const keys[] = { "path",  "cursor", "line",    "time",  "serial", "lost",
                                      "files", "seed",   "members", "ahead", NULL };
  AakYamlNode unknown;
  return aak_yaml_find_other (node, keys, &unknown) == NULL
         || aak_yaml_error (unknown, error, "the key is not known here");
}

AakPosition *
aak_position_read (AakYamlNode node, GError **error)
{
  g_autoptr (AakPosition) position = aak_position_new ();
  if (!check_keys (node, error) || !read_files (node, position, error)
      || !read_text (node, "path", &position->path, error)
      || !read_text (node, "cursor", &position->cursor, error)
      || !read_number (node, "line", &position->has_line, &position->line, error)
      || !read_stamp (node, position, error)
      || !read_number (node, "lost", &position->has_lost, &position->lost, error)
      || !read_ahead (node, position, error) || !read_members (node, position, error))
    return NULL;
  return g_steal_pointer (&position);
}
