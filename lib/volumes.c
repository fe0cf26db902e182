/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A sorted set of volumes, and how they are recognised. */
#include "config.h"

#include "lib/volumes.h"

#include "lib/escape.h"
#include "lib/table.h"

#include <string.h>

#define UUID_LENGTH 36

struct AakVolumes
{
  GPtrArray *list; /* AakVolume*, sorted */
};

/* By AakVolumeType. */
static const char *const words[] = {
  "configmap", "secret", "projected", "downward-api", "empty-dir", "persistent", "host-path",
};

const char *
aak_volume_type_word (AakVolumeType type)
{
  return words[type];
}

static void
volume_free (gpointer data)
{
  g_free (((AakVolume *) data)->path);
  g_free (data);
}

AakVolumes *
aak_volumes_new (void)
{
  AakVolumes *volumes = g_new (AakVolumes, 1);
  volumes->list = g_ptr_array_new_with_free_func (volume_free);
  return volumes;
}

void
aak_volumes_free (AakVolumes *volumes)
{
  g_ptr_array_unref (volumes->list);
  g_free (volumes);
}

const GPtrArray *
aak_volumes_list (const AakVolumes *volumes)
{
  return volumes->list;
}

static int
compare (const AakVolume *volume, const char *path, AakVolumeType type)
{
  int order = strcmp (volume->path, path);
  return order != 0 ? order : (int) volume->type - (int) type;
}

void
aak_volumes_add (AakVolumes *volumes, const char *path, AakVolumeType type)
{
  gsize len = strlen (path);
  while (len > 1 && path[len - 1] == '/')
    len--;
  if (*path != '/' || len < 2)
    return;
  g_autofree char *dir = g_strndup (path, len);
  guint at = 0;
  while (at < volumes->list->len && compare (volumes->list->pdata[at], dir, type) < 0)
    at++;
  if (at < volumes->list->len && compare (volumes->list->pdata[at], dir, type) == 0)
    return;
  AakVolume *volume = g_new (AakVolume, 1);
  *volume = (AakVolume){ g_steal_pointer (&dir), type };
  g_ptr_array_insert (volumes->list, (int) at, volume);
}

void
aak_volumes_merge (AakVolumes *volumes, const AakVolumes *from)
{
  for (guint i = 0; i < from->list->len; i++)
    {
      const AakVolume *volume = from->list->pdata[i];
      aak_volumes_add (volumes, volume->path, volume->type);
    }
}

gboolean
aak_volumes_hold (const AakVolumes *volumes, const char *path, guint types)
{
  gsize innermost = 0;
  gboolean holds = FALSE;
  for (guint i = 0; i < volumes->list->len; i++)
    {
      const AakVolume *volume = volumes->list->pdata[i];
      gsize len = strlen (volume->path);
      if (len < innermost || strncmp (path, volume->path, len) != 0 || path[len] != '/'
          || path[len + 1] == '\0')
        continue;
      holds = (holds && len == innermost) || (types >> volume->type) & 1;
      innermost = len;
    }
  return holds;
}

gboolean
aak_volumes_touch (const AakVolumes *volumes, const char *dir)
{
  for (guint i = 0; i < volumes->list->len; i++)
    {
      const AakVolume *volume = volumes->list->pdata[i];
      g_autofree char *mounted = g_strconcat (volume->path, "/", NULL);
      if (g_str_has_prefix (mounted, dir) || g_str_has_prefix (dir, mounted))
        return TRUE;
    }
  return FALSE;
}

/* --- recognising ----------------------------------------------------------------------------- */

/* The kubelet's names of those that it fills itself (kubernetes.io~NAME); every other plugin's are
 * persistent. */
static AakVolumeType
type_of_plugin (const char *plugin)
{
  static const struct
  {
    const char *plugin;
    AakVolumeType type;
  } plugins[] = {
    { "kubernetes.io~configmap/", AAK_VOLUME_CONFIGMAP },
    { "kubernetes.io~secret/", AAK_VOLUME_SECRET },
    { "kubernetes.io~projected/", AAK_VOLUME_PROJECTED },
    { "kubernetes.io~downward-api/", AAK_VOLUME_DOWNWARD_API },
    { "kubernetes.io~empty-dir/", AAK_VOLUME_EMPTY_DIR },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (plugins); i++)
    if (g_str_has_prefix (plugin, plugins[i].plugin))
      return plugins[i].type;
  return AAK_VOLUME_PERSISTENT;
}

/* What follows "/pods/UID/" in @source, or NULL. */
static const char *
below_pod (const char *source)
{
  const char *pods = strstr (source, "/pods/");
  const char *rest = pods != NULL ? strchr (pods + strlen ("/pods/"), '/') : NULL;
  return rest != NULL ? rest + 1 : NULL;
}

/* TRUE where the last name of @source is that of a claim's volume, as provisioners that make them
 * of the node's directories call them: "pvc-", the claim's UUID, and what they append. */
static gboolean
is_claim (const char *source)
{
  static const char prefix[] = "pvc-";
  const char *name = strrchr (source, '/') + 1;
  if (!g_str_has_prefix (name, prefix) || strlen (name) < strlen (prefix) + UUID_LENGTH)
    return FALSE;
  g_autofree char *uuid = g_strndup (name + strlen (prefix), UUID_LENGTH);
  return g_uuid_string_is_valid (uuid);
}

gboolean
aak_volume_type_of (const char *source, const char *path, AakVolumeType *out)
{
  static const char *const of_runtime[] = { "/etc/hosts",           "/etc/hostname",
                                            "/etc/resolv.conf",     "/dev/shm",
                                            "/dev/termination-log", NULL };
  static const char volumes[] = "volumes/";
  const char *pod = below_pod (source);
  if (*source != '/' || g_strv_contains (of_runtime, path))
    return FALSE;
  if (pod != NULL && !g_str_has_prefix (pod, volumes))
    return FALSE;
  if (pod != NULL)
    *out = type_of_plugin (pod + strlen (volumes));
  else
    *out = is_claim (source) ? AAK_VOLUME_PERSISTENT : AAK_VOLUME_HOST_PATH;
  return TRUE;
}

/* --- in a state ------------------------------------------------------------------------------ */

void
aak_volumes_write (const AakVolumes *volumes, AakYamlWriter *yaml)
{
  if (volumes->list->len == 0)
    return;
  aak_yaml_key (yaml, "volumes");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < volumes->list->len; i++)
    {
      const AakVolume *volume = volumes->list->pdata[i];
      aak_yaml_begin_flow_map (yaml);
      aak_yaml_pair_escaped (yaml, "path", volume->path);
      aak_yaml_pair_text (yaml, "type", words[volume->type]);
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
}

static gboolean
read_volume (AakVolumes *volumes, AakYamlNode node, GError **error)
{
  static const char *const keys[] = { "path", "type", NULL };
  const char *path = aak_yaml_get_text (node, "path", error);
  const char *word = path != NULL ? aak_yaml_get_text (node, "type", error) : NULL;
  gsize len = 0, type = 0;
  if (word == NULL || !aak_table_check_keys (node, keys, error))
    return FALSE;
  g_autofree char *bytes = aak_unescape (path, &len);
  if (bytes == NULL || strlen (bytes) != len || len < 2 || bytes[0] != '/' || bytes[len - 1] == '/')
    return aak_yaml_error (node, error, "path: no mount point");
  while (type < G_N_ELEMENTS (words) && strcmp (words[type], word) != 0)
    type++;
  if (type == G_N_ELEMENTS (words))
    return aak_yaml_error (node, error, "type: there is no such type of volumes");
  guint before = volumes->list->len;
  aak_volumes_add (volumes, bytes, (AakVolumeType) type);
  return volumes->list->len > before || aak_yaml_error (node, error, "is there twice");
}

gboolean
aak_volumes_read (AakVolumes *volumes, AakYamlNode node, GError **error)
{
  AakYamlNode list;
  guint length = 0;
  if (!aak_yaml_find (node, "volumes", &list))
    return TRUE;
  if (!aak_yaml_length (list, &length, error))
    return FALSE;
  if (length > AAK_VOLUMES_MAX)
    return aak_yaml_error (list, error, "more than %u volumes", AAK_VOLUMES_MAX);
  for (guint i = 0; i < length; i++)
    if (!read_volume (volumes, aak_yaml_item (list, i), error))
      return FALSE;
  return TRUE;
}
